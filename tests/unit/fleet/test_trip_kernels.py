"""Trips of the mine against their twin, and a few by hand."""

# Kernels have no types: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.naive import Case, case, document
from tests.naive.phases import phase_by_hour
from tests.naive.site import Trip, trips

from baseload.draws import draw_inputs, pack
from baseload.fleet.site_setup import SiteSetup, site_setup
from baseload.fleet.site_work import MOST_TRIPS, SiteWork, site_work
from baseload.fleet.trip_kernels import draw_mine_trips
from baseload.inputs import Inputs
from baseload.phases.kernels import MOST_PHASES, phase_timeline
from baseload.randomness import stream_key

PLANT = {"units": [{"name": "A", "gross_mw": 10.0, "net_mw": 9.0, "state": "running"}]}
WAR: dict[str, Any] = {
    "phase": "war",
    "transitions": [
        {"from": "war", "to": "peace", "per_year": 2.0},
        {"from": "peace", "to": "war", "per_year": 2.0},
    ],
}
ONE_DAY = [
    {"from": "peace", "to": "war", "on": "2027-03-01"},
    {"from": "war", "to": "peace", "on": "2027-03-02"},
]
MARCH = (31 + 28) * 24
CERTAIN = 1.0e6  # a year: the first hour of the phase, but for a chance of e^-114


def drawn(mine: dict[str, Any], path: int = 0, **sections: Any) -> tuple[Case, bool, SiteWork]:
    """The kernel's trips on a path, whether they fitted, and the case with the mine's numbers."""
    one = case(document(PLANT, mine=mine, **sections), path=path)
    inputs = Inputs()
    setup = site_setup(one.scenario.mine, one.horizon, one.seed, inputs)
    keys = np.array([stream_key(one.seed, address) for address in inputs.addresses], np.uint64)
    row = draw_inputs(pack(inputs.distributions), keys, None, path, 1)[0]
    values = {**one.values, **dict(zip(inputs.addresses, row.tolist(), strict=True))}
    hour, phase = np.zeros(MOST_PHASES + 1, np.int64), np.zeros(MOST_PHASES + 1, np.int64)
    phases = one.planned.setups.phases
    count = phase_timeline(phases, one.planned.draw(path, 1)[0], path, hour, phase)
    work = site_work()
    events = pack(inputs.event_distributions)
    fitted = draw_mine_trips(setup, events, row, path, hour, phase, count, work)
    return replace(one, values=values), fitted, work


def listed(work: SiteWork) -> list[Trip]:
    """The kernel's trips as the twin writes them."""
    return [
        Trip(int(work.hour[k]), int(work.until[k]), float(work.luck[k]), int(work.unit_hours[k]))
        for k in range(int(work.counts[0]))
    ]


@pytest.mark.parametrize(
    "mine",
    [
        {"trips_per_year": 12.0},
        {"trips_per_year": {"uniform": [5.0, 90.0]}, "trip_hours": {"uniform": [0.0, 200.0]}},
        {
            "trips_per_year": {"war": 40.0, "ceasefire": 3.0, "peace": 5.0},
            "trip_hours": {"lognormal": {"median": 8.0, "p95": 90.0}},
            "unit_restart_hours": {"triangular": [10.0, 30.0, 90.0]},
        },
        {"trips_per_year": {"peace": 30.0}},
    ],
)
@pytest.mark.parametrize("path", [0, 1, 7])
def test_trips_equal_their_twin(mine: dict[str, Any], path: int) -> None:
    one, fitted, work = drawn(mine, path, years=2, **WAR)
    expected = trips(one, phase_by_hour(one))
    assert fitted
    assert expected
    assert listed(work) == expected


def test_without_a_rate_there_is_no_trip() -> None:
    _, fitted, work = drawn({"trip_hours": 9.0}, **WAR)
    assert (fitted, int(work.counts[0])) == (True, 0)


def test_trips_come_at_the_rate_of_their_phase_and_not_while_one_lasts() -> None:
    mine = {"trips_per_year": {"war": CERTAIN}, "trip_hours": 9.5, "unit_restart_hours": 30.2}
    _, _, work = drawn(mine, transitions=ONE_DAY)
    # Ten hours each: three begin within the day, the last of them ends after it.
    assert [(trip.hour - MARCH, trip.until - MARCH) for trip in listed(work)] == [
        (0, 10),
        (10, 20),
        (20, 30),
    ]
    assert [trip.unit_hours for trip in listed(work)] == [31, 31, 31]


def test_trips_are_as_many_as_their_rate_says() -> None:
    # 20 a year of running, each followed by 24 hours off: 8,760 / (8,766 / 20 + 24) = 18.9 a year.
    counts = [
        int(drawn({"trips_per_year": 20.0, "trip_hours": 24.0}, path)[2].counts[0])
        for path in range(200)
    ]
    # Four standard errors of a Poisson count over 200 years.
    assert abs(np.mean(counts) - 18.95) < 4.0 * np.sqrt(18.95 / 200)


def test_whether_a_unit_goes_along_is_evenly_drawn() -> None:
    _, _, work = drawn({"trips_per_year": 500.0, "trip_hours": 1.0}, years=4)
    luck = work.luck[: work.counts[0]]
    assert luck.size > 1000
    # Four standard errors of the mean of so many uniforms.
    assert abs(luck.mean() - 0.5) < 4.0 / np.sqrt(12 * luck.size)


def test_more_trips_than_memory_holds_are_told() -> None:
    _, fitted, work = drawn({"trips_per_year": CERTAIN, "trip_hours": 1.0}, years=2)
    assert not fitted
    assert work.counts[0] == MOST_TRIPS
    assert work.hour.tolist() == list(range(MOST_TRIPS))


def test_a_rate_by_phase_has_a_column_each_and_other_numbers_one() -> None:
    inputs = Inputs()
    one = case(document(PLANT, mine={"trips_per_year": {"war": 2.0}, "shed_seconds": 30.0}))
    setup: SiteSetup = site_setup(one.scenario.mine, one.horizon, 1, inputs)
    assert [inputs.addresses[column] for column in setup.trip_rate] == [
        "mine.trips_per_year.war",
        "mine.trips_per_year.ceasefire",
        "mine.trips_per_year.peace",
    ]
    assert inputs.distributions[setup.shed_seconds].numbers == (30.0,)
    assert inputs.addresses[setup.takes_unit] == "mine.takes_unit_probability"
    assert inputs.addresses[setup.takes_unit_above] == "mine.takes_unit_above_mw"
    assert inputs.event_addresses == ["mine.trip_hours", "mine.unit_restart_hours"]
    assert len(set(setup.trip_keys.tolist())) == 4
