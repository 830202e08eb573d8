"""Trips of the whole mine, hour by hour."""

from __future__ import annotations

from dataclasses import dataclass

from tests.naive import Case
from tests.naive.phases import event_hour, rates_by_hour
from tests.naive.plant import whole_hours


@dataclass(frozen=True)
class Trip:
    """The mine stands still from one hour to another, and may have taken a unit along."""

    hour: int
    until: int
    luck: float
    unit_hours: int


def trips(case: Case, phases: list[str]) -> list[Trip]:
    """All trips of a path, one after the other."""
    mine = case.scenario.mine
    rates = rates_by_hour(case, phases, "mine.trips_per_year", mine.trips_per_year)
    found: list[Trip] = []
    after = 0
    while True:
        number = len(found)
        hour = event_hour(rates, after, case.exponential("mine time", number))
        if hour is None:
            return found
        after = hour + whole_hours(case.drawn(mine.trip_hours, "mine length", number))
        back = whole_hours(case.drawn(mine.unit_restart_hours, "mine unit restart", number))
        found.append(Trip(hour, after, case.uniform("mine takes unit", number), back))
