"""The reference of a scenario's keys: written from the schema, and nothing of it left out."""

from __future__ import annotations

import importlib.util
import re
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from baseload.cli.schema import Key, keys_of

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "scenario-reference.md"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("maker", DOCS / "make_scenario_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def key(**changes: object) -> Key:
    given: dict[str, object] = {
        "key": "plant.units[].repair_hours",
        "unit": "hours",
        "type": "number",
        "uncertain": True,
        "per_event": False,
        "required": False,
        "default": 4.0,
        "allowed": "a number of at least 0 [hours], or a distribution",
        "description": "",
    }
    return Key(**{**given, **changes})  # type: ignore[arg-type]


def test_the_page_is_what_the_schema_gives_now(maker: ModuleType) -> None:
    assert PAGE.read_text(encoding="utf-8") == maker.reference(), (
        "run: python docs/make_scenario_reference.py"
    )


def test_every_key_of_the_schema_has_a_row_under_its_table_or_one_like_it(
    maker: ModuleType,
) -> None:
    parts = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    bodies = {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}
    assert len(bodies) == len(parts)
    for one in keys_of(""):
        body = bodies[maker.heading(maker.parent_of(one.key))]
        alike = re.findall(r"^The keys are those of \[(.+?)\]\(#", body, re.MULTILINE)
        body = bodies[alike[0]] if alike else body
        assert f"\n| `{maker.name_of(one.key)}` | " in body, one.key


def test_a_row_has_the_unit_the_bounds_and_the_default(maker: ModuleType) -> None:
    assert maker.row(key(), {}) == (
        "| `repair_hours` | hours | a number of at least 0, or a distribution | `4` |  |"
    )
    assert "| **needed** |" in maker.row(key(required=True, default=None), {})
    assert "| – |" in maker.row(key(default=None), {})
    assert "drawn at each event" in maker.row(key(per_event=True), {})


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(0), "`0`"), (Fraction(1, 3), '`"1/3"`'), (0.5, "`0.5`"), (False, "`false`")],
)
def test_a_default_is_shown_as_one_would_type_it(
    maker: ModuleType, value: object, shown: str
) -> None:
    assert maker.default_of(key(default=value)) == shown


def test_signs_of_markdown_in_a_description_stand_for_themselves(maker: ModuleType) -> None:
    assert maker.row(key(description="a | b < c * d"), {}).endswith(r"| a \| b \< c \* d |")


def test_keys_that_are_not_built_are_named_with_their_table(maker: ModuleType) -> None:
    assert "debt" in maker.not_yet("finance")
    assert "modes" in maker.not_yet("fleet[]")
    assert maker.not_yet("gates[]") == {}
    page = PAGE.read_text(encoding="utf-8")
    assert "`debt` (debt)" in page.partition("## `[finance]`")[2].partition("\n## ")[0]
