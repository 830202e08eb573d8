"""Phases against their twin, and waiting times by hand."""

# Kernels have no types: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.naive import Case, case, document
from tests.naive.phases import event_hour, hour_after_work, phase_by_hour

from baseload.fields import PHASES
from baseload.phases.kernels import (
    MOST_PHASES,
    after_working_hours,
    next_event,
    phase_timeline,
)

PLANT = {"units": [{"name": "A", "gross_mw": 10.0, "net_mw": 9.0, "state": "running"}]}


def phases_case(path: int = 0, **sections: Any) -> Case:
    return case(document(PLANT, **sections), path=path)


def timeline(one: Case) -> list[tuple[int, str]]:
    """Hours at which phases begin, and their names, from the kernel."""
    hour, phase = np.zeros(MOST_PHASES + 1, np.int64), np.zeros(MOST_PHASES + 1, np.int64)
    row = one.planned.draw(one.path, 1)[0]
    count = phase_timeline(one.planned.setups.phases, row, one.path, hour, phase)
    return [(int(hour[i]), PHASES[phase[i]]) for i in range(count)]


RATED = [
    {"from": "war", "to": "ceasefire", "per_year": {"uniform": [1.0, 5.0]}},
    {"from": "war", "to": "peace", "per_year": 1.0},
    {"from": "ceasefire", "to": "war", "per_year": 3.0},
    {"from": "ceasefire", "to": "peace", "on": "2028-07-01"},
    {"from": "peace", "to": "war", "per_year": 0.8},
    {"from": "peace", "to": "ceasefire", "per_year": 0.0},
]


@pytest.mark.parametrize("start", PHASES)
@pytest.mark.parametrize("path", range(6))
def test_phases_equal_their_twin(start: str, path: int) -> None:
    one = phases_case(path, years=3, phase=start, transitions=RATED)
    by_hour = phase_by_hour(one)
    changes = [(0, by_hour[0])] + [
        (hour, by_hour[hour]) for hour in range(1, one.hours) if by_hour[hour] != by_hour[hour - 1]
    ]
    assert timeline(one) == changes


def test_a_date_counts_only_in_its_own_phase() -> None:
    transitions = [
        {"from": "war", "to": "peace", "on": "2027-02-01"},
        {"from": "peace", "to": "ceasefire", "on": "2027-03-01"},
        {"from": "peace", "to": "war", "on": "2027-04-01"},
        {"from": "ceasefire", "to": "peace", "on": "2026-12-31"},
    ]
    assert timeline(phases_case(transitions=transitions)) == [(0, "peace"), (59 * 24, "ceasefire")]


def test_a_change_on_the_first_day_replaces_the_phase_of_the_start() -> None:
    transitions = [
        {"from": "war", "to": "peace", "on": "2027-01-01"},
        {"from": "peace", "to": "ceasefire", "on": "2027-01-01"},
    ]
    one = phases_case(phase="war", transitions=transitions)
    assert timeline(one) == [(0, "peace")]
    assert set(phase_by_hour(one)) == {"peace"}


def test_a_rate_counts_from_the_hour_on_which_its_phase_began() -> None:
    rated = {"from": "war", "to": "peace", "per_year": 6.0}
    dated = {"from": "ceasefire", "to": "war", "on": "2027-01-01"}
    for path in range(5):
        plain = timeline(phases_case(path, phase="war", transitions=[rated]))
        moved = timeline(phases_case(path, phase="ceasefire", transitions=[dated, rated]))
        assert moved == plain


# A war of the hours 4 to 10 between two times of peace; 20 hours.
HOUR, PHASE = np.array([0, 4, 10, 0], np.int64), np.array([2, 0, 2, 0], np.int64)


def test_an_event_waits_through_a_phase_without_a_rate() -> None:
    # One an hour in peace, none in war: 2 hours from hour 2 to 4, then 1.5 from hour 10 on.
    row, columns = np.array([0.0, 8766.0]), np.array([0, 0, 1], np.int64)
    found = next_event(2, 3.5, columns, row, HOUR, PHASE, 3, 20)
    # 8766 / 8766 is 1 exactly, and so are sums of halves.
    assert found == 11.5
    assert event_hour([1.0] * 4 + [0.0] * 6 + [1.0] * 10, 2, 3.5) == 11
    assert next_event(2, 12.5, columns, row, HOUR, PHASE, 3, 20) == math.inf
    assert event_hour([1.0] * 4 + [0.0] * 6 + [1.0] * 10, 2, 12.5) is None


STOPS = np.array([True, False, False])


@pytest.mark.parametrize(
    ("start", "work_hours", "done"),
    [
        (0, 0, 0),
        (0, 4, 4),
        (0, 5, 11),
        (4, 0, 10),
        (6, 3, 13),
        (12, 8, 20),
        (0, 14, 20),
        (12, 9, 21),
        (0, 20, 26),
    ],
)
def test_work_stands_still_in_a_war(start: int, work_hours: int, done: int) -> None:
    assert after_working_hours(start, work_hours, STOPS, HOUR, PHASE, 3, 20) == done


@pytest.mark.parametrize("start", [0, 700, 3000])
@pytest.mark.parametrize("work_hours", [0, 1, 2000, 7000, 30000])
@pytest.mark.parametrize("path", range(4))
def test_work_equals_its_twin(start: int, work_hours: int, path: int) -> None:
    effects = {"war": {"stops_works": True}}
    one = phases_case(path, phase="war", transitions=RATED, phases=effects)
    begun = timeline(one)
    hour = np.array([at for at, _ in begun], np.int64)
    phase = np.array([PHASES.index(name) for _, name in begun], np.int64)
    stops = one.planned.setups.phases.stops_works
    kernel = after_working_hours(start, work_hours, stops, hour, phase, len(begun), one.hours)
    assert kernel == hour_after_work(one, phase_by_hour(one), start, work_hours)
