"""Whatever a file holds, reading it gives a scenario or an `InputError`, never another error.

The default is a few hundred texts; `BASELOAD_FUZZ_CASES=20000` makes a night of it.
"""

import contextlib
import datetime as dt
import os
import tomllib
from typing import Annotated, Any, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from baseload.errors import InputError
from baseload.scenario.address import parse_override, render_address, set_value, target
from baseload.scenario.locate import KeyPath, locate
from baseload.scenario.read import parse_toml, validate

CASES = int(os.environ.get("BASELOAD_FUZZ_CASES", "300"))
fuzz = settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Uniform(Table):
    uniform: tuple[float, float]


class Lognormal(Table):
    lognormal: dict[str, float]


Number = Annotated[float, Field(gt=0, allow_inf_nan=False)] | Uniform | Lognormal


class Unit(Table):
    name: str
    net_mw: Number
    state: Literal["running", "cold shutdown"] = "running"
    from_on: dt.date | None = Field(None, alias="from")
    needs: list[str] = []


class Plant(Table):
    units: list[Unit]
    site_limit_mw: int = Field(gt=0)


class Toy(Table):
    title: str
    start: dt.date
    plant: Plant
    demand: list[dict[str, float | str]] = []


TEXT = """\
title = "Запоріжжя" # a comment
start = 2027-01-01
[plant]
site_limit_mw = 5_700
[[plant.units]]
name = "ZNPP-1"
net_mw = { lognormal = { median = 60, p95 = 4e2 } }
from = 2025-12-23
needs = ["fuel", 'water']
[[plant.units]]
name = "Unit 2"
net_mw = 950.5
state = "cold shutdown"
[[demand]]
name = "town"
peak_mw = 45
"""
LINES = TEXT.splitlines(keepends=True)
PIECES = st.text(max_size=4) | st.sampled_from(
    [
        *"[]{}=\"',.#\n\r\\\0 _-+:",
        *("[[", "]]", '"""', "\ufeff", "☢", "1e999", "nan", "-inf", "true", "{}", "[]", "\t"),
        *("9" * 30, "0x" + "f" * 40, "2027-02-30", "plant.units", "[" * 60, "\\u0000"),
        *("name = 'ZNPP-1'\n", "net_mw = { unifrom = [1, 2] }\n", "[accord]\n", "a.b.c = 1\n"),
    ]
)


@st.composite
def mutated_texts(draw: st.DrawFn) -> str:
    """The text with up to six slips: pieces put in, characters and lines dropped or repeated."""
    text = TEXT
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["insert", "drop", "replace", "repeat", "line", "value"]))
        first = draw(st.integers(0, len(text)))
        last = min(len(text), first + draw(st.integers(0, 12)))
        if kind == "insert":
            text = text[:first] + draw(PIECES) + text[first:]
        elif kind == "drop":
            text = text[:first] + text[last:]
        elif kind == "replace":
            text = text[:first] + draw(PIECES) + text[last:]
        elif kind == "repeat":
            text = text[:last] + text[first:last] + text[last:]
        elif kind == "line":
            text = text.replace(draw(st.sampled_from(LINES)), draw(st.sampled_from(["", *LINES])))
        else:
            _, equals, value = draw(st.sampled_from(LINES)).partition(" = ")
            if equals:
                text = text.replace(value, draw(PIECES) + "\n", 1)
    return text


def read(text: str) -> None:
    validate(Toy, parse_toml(text, "toy.toml"), locate(text), "toy.toml")


def test_the_text_is_right_before_it_is_spoiled() -> None:
    read(TEXT)


@fuzz
@given(mutated_texts())
def test_a_spoiled_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        read(text)
    except InputError as error:
        assert str(error).startswith("toy.toml")
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        places = [(fault.line, fault.field) for fault in error.faults]
        assert len(set(places)) == len(places)
        for fault in error.faults:
            assert fault.found
            assert fault.line is None or 1 <= fault.line <= len(lines)
            if fault.line is not None and fault.column is not None:
                assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1


def keys_and_items(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    paths = [path] if path else []
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            paths += keys_and_items(inner, (*path, key))
    return paths


@fuzz
@given(mutated_texts())
def test_whatever_reads_as_toml_has_places_near_at_hand(text: str) -> None:
    try:
        document = parse_toml(text)
    except InputError:
        return
    places = locate(text)
    for path in keys_and_items(document):
        assert places.of(path).line <= text.count("\n") + 1
        assert target(document, render_address(path, document)) == path


@fuzz
@given(st.text(max_size=30) | st.builds("plant.units[{}].net_mw={}".format, PIECES, PIECES))
def test_any_override_is_applied_or_refused_in_words(text: str) -> None:
    document = tomllib.loads(TEXT)
    try:
        address, value = parse_override(text)
        changed = set_value(document, address, value)
    except InputError as error:
        assert str(error)
        return
    assert document == tomllib.loads(TEXT)
    with contextlib.suppress(InputError):
        validate(Toy, changed, overridden=[address])
