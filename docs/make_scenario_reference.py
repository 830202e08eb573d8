"""Write the reference of all keys of a scenario from the schema: `python docs/make_scenario_reference.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from baseload.cli.schema import Key, keys_of
from baseload.scenario.allowed import models_at
from baseload.scenario.schema import ScenarioDocument
from baseload.scenario.write import shown

DOCS = Path(__file__).parent
TARGET = DOCS / "scenario-reference.md"

# Where a part of a scenario is explained; a page that is not there is left out.
PAGES = {
    "": "scenario.md",
    "led_by": "government-mining.md",
    "transitions[]": "model/clocks-and-draws.md",
    "phases": "model/clocks-and-draws.md",
    "plant": "model/plant.md",
    "demand[]": "model/demand-and-grid.md",
    "grid": "model/demand-and-grid.md",
    "fleet[]": "model/fleet.md",
    "mine": "model/fleet.md",
    "network": "model/network.md",
    "dispatch": "model/linked-hours.md",
    "finance": "model/money.md",
    "law": "model/law.md",
    "accord": "model/parties.md",
    "accord.arrangements[].terms": "model/split.md",
    "accord.arrangements[].walk_outs[]": "model/walking-out.md",
    "gates[]": "model/gates.md",
    "gates_pool": "model/gates.md",
    "claims[]": "model/claims.md",
}

INTRODUCTION = """\
# Scenario reference

Every key that a scenario may have, as `baseload schema` lists it. This page is written from the schema by
`python docs/make_scenario_reference.py`; how the parts fit is told in [Scenarios](scenario.md).

- *Unit*: what a plain number counts; nothing where there is none.
- *May be*: "or a distribution" means that any of [the eight forms](scenario.md#a-number-or-a-distribution)
  may stand for the number, drawn once per path unless "at each event" is said.
- *Default*: what holds where the key is left out; **needed** where it may not be, – where leaving it out
  means that there is none.
- A heading in double brackets, such as `[[fleet]]`, is a list of tables; in single brackets, one table.
"""


def main() -> None:
    """Write the page beside the others."""
    TARGET.write_text(reference(), encoding="utf-8")
    print(TARGET)


def reference() -> str:
    """The page as Markdown."""
    tables: dict[str, list[Key]] = {}
    for key in keys_of(""):
        tables.setdefault(parent_of(key.key), []).append(key)
    parts = [INTRODUCTION]
    written: dict[tuple[tuple[Any, ...], ...], str] = {}
    for address, keys in tables.items():
        lines = [f"## {heading(address)}", ""]
        # Tables such as rates by phase come many times over.
        alike = tuple((name_of(key.key), key.unit, key.allowed, key.description) for key in keys)
        first = written.setdefault(alike, address)
        if first != address:
            lines.append(f"The keys are those of {link(first)}.")
        else:
            page = PAGES.get(address, "")
            if page and (DOCS / page).is_file():
                lines += [f"Explained in [{title_of(DOCS / page)}]({page}).", ""]
            lines += ["| key | unit | may be | default | what |", "|---|---|---|---|---|"]
            lines += [row(key, tables) for key in keys]
            later = not_yet(address)
            if later:
                words = ", ".join(f"`{name}` ({what})" for name, what in later.items())
                lines += ["", f"Not yet: {words}."]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def parent_of(address: str) -> str:
    """The table that a key stands in: `plant.units[]` for `plant.units[].name`."""
    return address.rpartition(".")[0]


def name_of(address: str) -> str:
    """The key within its table."""
    return address.rpartition(".")[2]


def heading(address: str) -> str:
    """How a file would begin the table."""
    if not address:
        return "The scenario itself"
    plain = address.replace("[]", "")
    return f"`[[{plain}]]`" if address.endswith("[]") else f"`[{plain}]`"


def link(address: str) -> str:
    """A link to the heading of a table."""
    words = heading(address)
    anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
    return f"[{words}](#{anchor})"


def title_of(page: Path) -> str:
    """Title of a page of the documentation."""
    return page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def row(key: Key, tables: Mapping[str, list[Key]]) -> str:
    """One key as a row."""
    unit = "" if key.type in ("date", "choice", "text", "table", "list") else key.unit
    cells = (f"`{name_of(key.key)}`", unit, may_be(key, tables), default_of(key), key.description)
    # Signs that would mean something in Markdown stand for themselves.
    return (
        "| " + " | ".join(re.sub(r"([|<]|(?<!\*)\*(?!\*))", r"\\\1", cell) for cell in cells) + " |"
    )


def may_be(key: Key, tables: Mapping[str, list[Key]]) -> str:
    """What the key allows, with a link in place of a list of keys."""
    words = key.allowed.replace(f" [{key.unit}]", "")
    for address in (key.key, f"{key.key}[]"):
        if address in tables:
            names = ", ".join(name_of(inner.key) for inner in tables[address])
            words = words.replace(f"a table with the keys {names}", f"a table {link(address)}")
    if key.per_event:
        words = words.replace("or a distribution", "or a distribution, drawn at each event")
    return words


def default_of(key: Key) -> str:
    """The default in words."""
    if key.required:
        return "**needed**"
    if key.default is None:
        return "–"
    if key.default == {}:
        return "an empty table"
    if key.default in ([], ""):
        return "empty"
    return f"`{shown(plain(key.default))}`"


def plain(value: Any) -> Any:
    """A number as one would type it."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def not_yet(address: str) -> dict[str, str]:
    """Keys that are refused by name, with what they will hold."""
    path = tuple(
        part
        for name in address.split(".")
        if name
        for part in ((name.removesuffix("[]"), 0) if name.endswith("[]") else (name,))
    )
    found: dict[str, str] = {}
    for model in models_at(ScenarioDocument, path):
        found.update(getattr(model, "not_yet", {}))
    return found


if __name__ == "__main__":
    main()
