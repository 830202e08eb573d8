"""The programme at its medians: who waits for whom, drawn within 80 columns."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

import baseload
from baseload.cli.programme import DAYS_PER_MONTH, KEY, Bar, drawing, programme

FIXED = [
    *(f"plant.projects.{i}.months=12" for i in range(7)),
    *(f"plant.units.{i}.restart.months=6" for i in range(6)),
    "plant.common_time_factor=1",
]


@pytest.fixture(scope="module")
def bars() -> dict[str, Bar]:
    model = baseload.load("zaporizhzhia", FIXED).model
    return {bar.label: bar for bar in programme(model)}


def days(first: date, last: date) -> int:
    return (last - first).days


def test_units_wait_for_one_crew_and_work_as_long_as_stated(bars: dict[str, Bar]) -> None:
    queue = [bars[f"ZNPP-{number}"] for number in (1, 2, 6, 5, 4, 3)]
    for bar, after in pairwise(queue):
        assert days(bar.begins, bar.ends) == round(6 * DAYS_PER_MONTH)
        assert after.begins >= bar.ends
        assert bar.online is not None and bar.online >= bar.ends


def test_machines_come_when_the_units_they_wait_for_run(bars: dict[str, Bar]) -> None:
    online = sorted(
        bar.online for name, bar in bars.items() if name.startswith("ZNPP") if bar.online
    )
    for hall, units in (("first hall", 1), ("second hall", 2), ("third hall", 3)):
        there = bars[hall].online
        assert there is not None and there >= online[units - 1]
    late = baseload.load("zaporizhzhia", [*FIXED, "fleet.0.after_units=7"]).model
    assert "first hall" not in {bar.label for bar in programme(late)}


def test_the_drawing_fits_and_shows_every_bar(bars: dict[str, Bar]) -> None:
    lines = drawing(baseload.load("zaporizhzhia", FIXED).model)
    assert all(len(line) <= 80 for line in lines)
    assert len(lines) == len(bars) + 2 and lines[-1] == KEY
    first = next(line for line in lines if line.startswith("ZNPP-1"))
    assert "=" in first and first.endswith(">")


@pytest.mark.parametrize("years", [4, 10, 60])
def test_any_horizon_has_room(years: int) -> None:
    model = baseload.load(
        "zaporizhzhia", [*FIXED, f"years={years}", "network.price_usd={fixed=1e5}"]
    )
    assert all(len(line) <= 80 for line in drawing(model.model))


def test_a_plant_with_nothing_to_come_is_not_drawn() -> None:
    model = baseload.load("susquehanna", ["fleet.0.enabled=false", "fleet.1.enabled=false"]).model
    assert drawing(model) == []
