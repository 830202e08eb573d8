"""Checks on the plain values of a scenario, so that they run beside the schema's: what names another
thing must name one that exists, and what must fit into another must fit.

They pass over whatever the schema will refuse, and so never speak twice of one fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import MAXYEAR, date, datetime
from typing import Any

from baseload.clock import nearest_month_start
from baseload.demand.profiles import load_shapes
from baseload.distributions import DistributionError, parse_distribution
from baseload.errors import nearest
from baseload.fleet.catalogue import machines
from baseload.grid.price_profiles import price_shapes
from baseload.scenario.locate import KeyPath

MOST_PROJECTS = 60
LARGEST_UNIT_MW = 1e6
FEW = 8

Finding = tuple[KeyPath, str, str, str]  # path, found, allowed, nearest


def reference_findings(document: dict[str, Any]) -> Iterator[Finding]:
    """Every name that leads nowhere, and every size that does not fit."""
    yield from _start(document)
    yield from _names(document)
    yield from _doubles(document)
    yield from _sizes(document)


def _table(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _items(value: Any, key: str) -> list[tuple[int, dict[str, Any]]]:
    """Tables in a list, with their places; nothing where the schema will complain."""
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, list):
        return []
    return [(index, item) for index, item in enumerate(found) if isinstance(item, dict)]


def _texts(value: Any, key: str) -> list[tuple[int, str]]:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, list):
        return []
    return [(index, item) for index, item in enumerate(found) if isinstance(item, str)]


def _highest(value: Any) -> float | None:
    """The most that a number or distribution can be; None where it is neither."""
    try:
        return parse_distribution(value).support()[1]
    except DistributionError:
        return None


def _lowest(value: Any) -> float | None:
    """The least that a number or distribution can be; None where it is neither."""
    try:
        return parse_distribution(value).support()[0]
    except DistributionError:
        return None


def _start(document: dict[str, Any]) -> Iterator[Finding]:
    start = document.get("start")
    if isinstance(start, date) and not isinstance(start, datetime) and start.day != 1:
        # After the last month that a calendar of four digits has, none begins.
        near = "" if (start.year, start.month) == (MAXYEAR, 12) else f"{nearest_month_start(start)}"
        yield ("start",), f"{start}", "the first day of a month", near


def _one_of(path: KeyPath, name: str, names: Collection[str], what: str) -> Iterator[Finding]:
    if name in names:
        return
    if not names:
        yield path, f"'{name}'", f"{what}, of which there is none", ""
        return
    listed = ", ".join(sorted(names)[:FEW]) + (", ..." if len(names) > FEW else "")
    yield path, f"'{name}'", f"{what}: {listed}", nearest(name, list(names))


def _names(document: dict[str, Any]) -> Iterator[Finding]:
    plant, grid = _table(document, "plant"), _table(document, "grid")
    projects = [str(item.get("name")) for _, item in _items(plant, "projects")]
    project = "a project of the plant"
    for index, unit in _items(plant, "units"):
        restart = _table(unit, "restart")
        for key in ("needs", "work_needs"):
            for place, name in _texts(restart, key):
                path = ("plant", "units", index, "restart", key, place)
                yield from _one_of(path, name, projects, project)
    for index, line in _items(grid, "lines"):
        for place, name in _texts(line, "needs"):
            yield from _one_of(("grid", "lines", index, "needs", place), name, projects, project)
    for index, batch in _items(document, "fleet"):
        model = batch.get("model")
        if isinstance(model, str):
            yield from _one_of(
                ("fleet", index, "model"), model, machines(), "a machine of the catalogue"
            )
        for place, name in _texts(batch, "needs"):
            yield from _one_of(("fleet", index, "needs", place), name, projects, project)
    profile = _table(grid, "price").get("profile")
    if isinstance(profile, str):
        yield from _one_of(
            ("grid", "price", "profile"), profile, price_shapes(), "a built-in profile"
        )
    for index, demand in _items(document, "demand"):
        shape = demand.get("profile")
        # A name with an ending or a folder is a file, looked for once the schema is content.
        if isinstance(shape, str) and not set("./\\") & set(shape):
            what = "a built-in shape, or the path of a CSV file"
            yield from _one_of(("demand", index, "profile"), shape, load_shapes(), what)
    governing = plant.get("governing_licence")
    if isinstance(governing, str):
        regulators = {
            licence["regulator"]
            for _, unit in _items(plant, "units")
            for _, licence in _items(unit, "licences")
            if isinstance(licence.get("regulator"), str)
        }
        what = "a regulator that gave a licence"
        yield from _one_of(("plant", "governing_licence"), governing, regulators, what)


def _doubles(document: dict[str, Any]) -> Iterator[Finding]:
    plant, grid = _table(document, "plant"), _table(document, "grid")
    for path, owner, key in (
        (("plant", "units"), plant, "units"),
        (("plant", "projects"), plant, "projects"),
        (("plant", "events"), plant, "events"),
        (("grid", "lines"), grid, "lines"),
        (("demand",), document, "demand"),
        (("fleet",), document, "fleet"),
    ):
        seen: set[str] = set()
        for index, item in _items(owner, key):
            name = item.get("name")
            if not isinstance(name, str) or not name:
                continue
            if name in seen:
                yield (*path, index, "name"), f"'{name}' a second time", "a name of its own", ""
            seen.add(name)


def _sizes(document: dict[str, Any]) -> Iterator[Finding]:
    plant = _table(document, "plant")
    units = _items(plant, "units")
    gross = [(index, _highest(unit.get("gross_mw"))) for index, unit in units]
    for (index, unit), (_, most) in zip(units, gross, strict=True):
        if most is not None and most > LARGEST_UNIT_MW:
            yield (
                ("plant", "units", index, "gross_mw"),
                f"up to {most:g}",
                "at most 1,000,000 [MW] on every draw",
                "",
            )
        net = _highest(unit.get("net_mw"))
        if net is not None and most is not None and net > most > 0.0:
            yield (
                ("plant", "units", index, "net_mw"),
                f"up to {net:g}",
                f"at most gross_mw ({most:g}) [MW]",
                "",
            )
        yield from _least_power(index, unit)
    halls = [
        (index, _highest(batch.get("mine_mw")) or 0.0)
        for index, batch in _items(document, "fleet")
        if batch.get("enabled") is not False
    ]
    mine = sum(most for _, most in halls)
    total = sum(most for _, most in gross if most is not None)
    if units and all(most is not None for _, most in gross) and mine > total:
        largest = max(halls, key=lambda hall: hall[1])[0]
        found = f"{mine:g} MW of mine together"
        yield (
            ("fleet", largest, "mine_mw"),
            found,
            f"at most the gross ratings of the units, {total:g} [MW]",
            "",
        )
    projects = _items(plant, "projects")
    if len(projects) > MOST_PROJECTS:
        yield ("plant", "projects"), f"{len(projects)} projects", f"at most {MOST_PROJECTS}", ""


def _least_power(index: int, unit: dict[str, Any]) -> Iterator[Finding]:
    """A minimum that the unit's own power may lie below, on some path or other."""
    least = _highest(unit.get("min_stable_mw", 0.0))
    net, most = _lowest(unit.get("net_mw")), _highest(unit.get("net_mw"))
    derate = _highest(unit.get("derate", 0.0))
    if least is None or net is None or most is None or derate is None:
        return
    if net < 0.0 or most <= 0.0 or not 0.0 <= derate <= 1.0:
        return
    power = net * (1.0 - derate)
    # A unit that runs at full power or not at all is allowed; the product may round down.
    if least > power * (1.0 + 1e-9):
        after = " after the derate" if derate > 0.0 else ""
        yield (
            ("plant", "units", index, "min_stable_mw"),
            f"up to {least:g}",
            f"at most the least net_mw{after} ({power:g}) [MW]",
            "",
        )
