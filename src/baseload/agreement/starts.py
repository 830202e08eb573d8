"""The same plan, begun later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from baseload.clock import years_later
from baseload.scenario.scenario import Scenario

DELAYS_YEARS: Final = (0, 2, 5, 10)
"""Starts at which arrangements are valued; between them values are interpolated."""


def begun_later(scenario: Scenario, years: int) -> Scenario:
    """The scenario with its start and its plans moved by whole years, and nothing else.

    What somebody decides moves: the start, projects, works on units, orders of machines, demands
    owed from a date, and a licence of the governing regulator that begins with the arrangement.
    What the calendar decides stays: ends of life, licences given before and all their ends, price
    caps, limits, transitions on a date, the snapshot of the network.

    Parameters
    ----------
    scenario : Scenario
    years : int
        At least 0.

    Raises
    ------
    InputError
        Where no study can start on that day.
    """
    if years == 0:
        return scenario
    changes = {address: years_later(day, years) for address, day in plan_dates(scenario)}
    return scenario.with_(changes)


def plan_dates(scenario: Scenario) -> Iterator[tuple[str, date]]:
    """Addresses and days of what moves with the start."""
    model, document = scenario.model, scenario.document
    yield "start", model.start
    for p, project in enumerate(model.plant.projects):
        yield f"plant.projects.{p}.starts", project.starts
    for u, unit in enumerate(model.plant.units):
        if unit.restart is not None and unit.restart.earliest is not None:
            yield f"plant.units.{u}.restart.earliest", unit.restart.earliest
        for number, licence in enumerate(unit.licences):
            ours = licence.regulator == model.plant.governing_licence
            if ours and licence.from_on >= model.start:
                yield f"plant.units.{u}.licences.{number}.from", licence.from_on
    for b, batch in enumerate(model.fleet):
        yield f"fleet.{b}.order", batch.order
    demands: list[dict[str, Any]] = document.get("demand", [])
    for d, demand in enumerate(model.demand):
        if isinstance(demand.owed_from, date) and "owed_from" in demands[d]:
            yield f"demand.{d}.owed_from", demand.owed_from
