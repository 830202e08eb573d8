"""The section of a scenario: what it takes, what it refuses and where, and what it imports."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from baseload.errors import FieldFault, FieldFaults
from baseload.law import (
    AS_OF,
    PLANT,
    Activity,
    Relief,
    Stake,
    findings,
    shipped_rules,
)
from baseload.law.schema import Law

FSUE = "us-sdn-fsue-znpp"
LIFT = {"rule": FSUE, "from": date(2027, 1, 1), "source": "assumed: a test"}


def faults(document: dict[str, Any]) -> list[tuple[tuple[str | int, ...], FieldFault]]:
    """Places and faults of a section that is refused."""
    with pytest.raises(ValidationError) as caught:
        Law.model_validate(document)
    found: list[tuple[tuple[str | int, ...], FieldFault]] = []
    for one in caught.value.errors():
        raised = one["ctx"]["error"]
        own = raised.faults if isinstance(raised, FieldFaults) else (raised,)
        found += [((*one["loc"], *fault.at), fault) for fault in own]
    return found


def test_an_empty_section_stands_for_the_shipped_rules() -> None:
    law = Law()
    assert law.looked_for_on == AS_OF and law.rules is None
    assert law.stakes == () and law.reliefs == ()


def test_a_section_becomes_what_findings_take() -> None:
    law = Law.model_validate(
        {
            "as_of": date(2026, 11, 24),
            "territory": PLANT,
            "persons": {"mine": ["US persons"]},
            "owners": [{"entity": "venture", "owner": "FSUE Zaporizhzhia NPP", "share": 0.5}],
            "relief": [{**LIFT, "until": date(2027, 12, 31), "status": "allowed"}],
        }
    )
    assert law.stakes == (Stake("venture", "FSUE Zaporizhzhia NPP", 0.5),)
    assert law.reliefs == (
        Relief(FSUE, date(2027, 1, 1), date(2027, 12, 31), "allowed", "assumed: a test"),
    )
    told = {}
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2028, 1, 1)):
        (found,) = findings(
            [Activity("pay", "mine", "venture", law.territory)],
            shipped_rules(),
            day,
            persons=law.persons,
            owners=law.stakes,
            relief=law.reliefs,
        )
        told[day.year] = found.of("US").status
    # What is left is what Executive Order 14065 does not forbid.
    assert told == {2026: "prohibited", 2027: "allowed", 2028: "prohibited"}
    assert Law.model_validate(law.model_dump(by_alias=True)) == law


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        ({"rules": "mine.csv"}, ("rules",), "as_of"),
        ({"rules": " ", "as_of": AS_OF}, ("rules",), "path of a CSV"),
        ({"territory": "any"}, ("territory",), "not any"),
        ({"persons": {"any": []}}, ("persons", "any"), "not any"),
        ({"persons": {"A": ["B", "B"]}}, ("persons", "A", 1), "each class once"),
        ({"persons": {"A": [""]}}, ("persons", "A", 0), "a class"),
        (
            {"owners": [{"entity": "A", "owner": "X", "share": 0}]},
            ("owners", 0, "share"),
            "above 0",
        ),
        (
            {"owners": [{"entity": "A", "owner": "A", "share": 1}]},
            ("owners", 0, "owner"),
            "another",
        ),
        (
            {
                "owners": [
                    {"entity": "A", "owner": "X", "share": 0.6},
                    {"entity": "A", "owner": "Y", "share": 0.6},
                ]
            },
            ("owners", 1, "share"),
            "at most 1",
        ),
        (
            {
                "owners": [
                    {"entity": "A", "owner": "B", "share": 0.6},
                    {"entity": "B", "owner": "A", "share": 0.6},
                ]
            },
            ("owners", 0, "owner"),
            "chains that end",
        ),
        ({"relief": [{**LIFT, "rule": "us-sdn-fsue"}]}, ("relief", 0, "rule"), "one of"),
        ({"relief": [{**LIFT, "rule": "us-eo-14065"}]}, ("relief", 0, "status"), "stricter"),
        ({"relief": [{**LIFT, "until": date(2026, 1, 1)}]}, ("relief", 0, "until"), "or later"),
        (
            {"relief": [{**LIFT, "from": date(2020, 1, 1), "until": date(2021, 1, 1)}]},
            ("relief", 0, "from"),
            "within",
        ),
        (
            {"relief": [LIFT, {**LIFT, "status": "allowed"}]},
            ("relief", 1, "status"),
            "one status a day",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(
    document: dict[str, Any], place: tuple[str | int, ...], message: str
) -> None:
    ((at, fault),) = faults(document)
    assert at == place
    assert message in fault.allowed


def test_all_faults_of_a_section_come_at_once_with_the_nearest_names() -> None:
    found = faults(
        {
            "territory": "any",
            "relief": [{**LIFT, "rule": "us-sdn-fsue-zpp"}, {**LIFT, "rule": "int-recognize"}],
        }
    )
    assert [at[:2] for at, _ in found] == [("territory",), ("relief", 0), ("relief", 1)]
    assert [fault.nearest for _, fault in found[1:]] == [FSUE, "int-recognise"]


def test_relief_of_a_users_own_rules_is_left_to_the_reader_of_the_file() -> None:
    own = {"rules": "own.csv", "as_of": AS_OF, "relief": [{**LIFT, "rule": "own-rule"}]}
    assert Law.model_validate(own).reliefs[0].rule == "own-rule"


@pytest.mark.parametrize(
    "document",
    [
        {"rule": "x"},
        {"owners": [{"entity": "A", "owner": "X", "share": 1.2}]},
        {"owners": [{"entity": "A", "owner": "X", "share": float("nan")}]},
        {"relief": [{"rule": FSUE, "from": date(2027, 1, 1)}]},
        {"relief": [{**LIFT, "status": "unknown"}]},
        {"persons": {"A": "US persons"}},
        {"as_of": "soon"},
    ],
)
def test_keys_and_values_of_another_kind_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Law.model_validate(document)


def test_the_section_is_read_without_arrays_and_solvers() -> None:
    code = (
        "import sys, baseload.law.schema, baseload.law.payments, baseload.law.smallest\n"
        "print([name for name in ('numpy', 'scipy', 'numba', 'polars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    import baseload.law

    for name in baseload.law.__all__:
        assert getattr(baseload.law, name) is not None
    assert set(baseload.law.__all__) <= set(dir(baseload.law))
    with pytest.raises(AttributeError, match="no attribute"):
        _ = baseload.law.lawyer
