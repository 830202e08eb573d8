"""TOML that reads back equal, and bytes that depend on the meaning only."""

import datetime as dt
import hashlib
import math
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseload.scenario.write import canonical_json, sha256_of, shown, to_toml, toml_value

SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(fold=0))  # TOML has no word for it
    | st.times().map(lambda moment: moment.replace(fold=0))
)
KEYS = st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5)


@given(DOCUMENTS)
def test_toml_reads_back_equal(document: dict[str, Any]) -> None:
    read = tomllib.loads(to_toml(document))
    assert read == document
    # Python holds True, 1 and 1.0 for equal; their texts differ.
    assert repr(read) == repr(_in_order_of(read, document))


def _in_order_of(read: Any, document: Any) -> Any:
    """The document with its tables in the order of what was read."""
    if isinstance(read, dict):
        return {key: _in_order_of(read[key], document[key]) for key in read}
    if isinstance(read, list):
        return [_in_order_of(*pair) for pair in zip(read, document, strict=True)]
    return document


def test_layout_is_that_of_a_scenario_written_by_hand() -> None:
    document = {
        "title": 'A "plant"\n',
        "start": dt.date(2027, 1, 1),
        "plant": {
            "units": [
                {
                    "name": "ZNPP-1",
                    "restart": {"months": {"pert": [12, 18.5, 36]}},
                    "licences": [{"regulator": "SNRIU " + "x" * 100, "from": 1}, {}],
                }
            ],
            "site_limit_mw": 5700,
        },
        "fleet": [],
        "sources": {"plant.units.net_mw": "PRIS"},
        "empty": {},
    }
    assert to_toml(document) == (
        'title = "A \\"plant\\"\\n"\n'
        "start = 2027-01-01\n"
        "fleet = []\n"
        "\n[plant]\n"
        "site_limit_mw = 5700\n"
        "\n[[plant.units]]\n"
        'name = "ZNPP-1"\n'
        "restart = { months = { pert = [12, 18.5, 36] } }\n"
        "\n[[plant.units.licences]]\n"
        f'regulator = "SNRIU {"x" * 100}"\n'
        "from = 1\n"
        "\n[[plant.units.licences]]\n"
        "\n[sources]\n"
        '"plant.units.net_mw" = "PRIS"\n'
        "\n[empty]\n"
    )
    assert tomllib.loads(to_toml(document)) == document


def test_not_a_number_and_infinity_are_written() -> None:
    read = tomllib.loads(to_toml({"a": math.nan, "b": -math.inf}))
    assert math.isnan(read["a"])
    assert read["b"] == -math.inf


def test_what_toml_cannot_say_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        toml_value(None)


def test_shown_values_are_short_whatever_they_are() -> None:
    assert shown(-1500) == "-1500"
    assert shown({"uniform": [1, 2.0]}) == "{ uniform = [1, 2.0] }"
    assert shown(None) == "None"
    for huge in ("x" * 10**6, list(range(10**6)), {"a": {"b": ["y" * 10**6] * 3}}):
        assert len(shown(huge)) == 80
        assert shown(huge).endswith("…")


def test_canonical_bytes_forget_order_and_spelling_of_numbers() -> None:
    one = {"b": 500, "a": {"x": 0.1, "when": dt.date(2027, 1, 1)}, "c": [True, -0.0, 1e16]}
    other = {"a": {"when": dt.date(2027, 1, 1), "x": 0.1}, "c": [True, 0, 10**16], "b": 500.0}
    text = b'{"a":{"when":"2027-01-01","x":0.1},"b":500,"c":[true,0,1e+16]}'
    assert canonical_json(one) == canonical_json(other) == text
    assert sha256_of(one) == hashlib.sha256(text).hexdigest()


@given(st.integers() | st.floats(allow_nan=False), st.integers() | st.floats(allow_nan=False))
def test_numbers_have_equal_bytes_exactly_when_they_are_equal(
    one: int | float, other: int | float
) -> None:
    assert (canonical_json({"a": one}) == canonical_json({"a": other})) == (one == other)


@given(st.integers(-(2**70), 2**70))
def test_whole_numbers_and_floats_of_equal_value_have_equal_bytes(number: int) -> None:
    as_float = float(number)
    same = canonical_json({"a": number}) == canonical_json({"a": as_float})
    assert same == (as_float == number)


def test_canonical_bytes_tell_truth_from_one_and_text_from_number() -> None:
    different: list[Any] = [True, 1, "1", "true", [1], {"a": 1}, None, 1.5]
    assert len({canonical_json({"k": value}) for value in different}) == len(different)


def test_canonical_form_refuses_what_has_none() -> None:
    with pytest.raises(TypeError, match="object"):
        canonical_json({"a": object()})
