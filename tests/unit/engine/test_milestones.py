"""Milestones of a path, held against the kernels that draw them and the hours that follow from them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import baseload
from baseload.dispatch.work import TRACE
from baseload.engine.milestone_kernels import NEVER
from baseload.engine.outputs import METRIC_NAMES, SERIES
from baseload.engine.plan import Plan, plan
from baseload.engine.pool import simulate, trace_path
from baseload.fields import PHASES
from baseload.phases.kernels import phase_timeline
from baseload.plant.schedule import draw_schedule
from baseload.plant.work import plant_work
from baseload.study.frames import milestones_frame

PATHS, SEED = 40, 5
SMALL = str(Path(__file__).parents[2] / "scenarios" / "small.toml")
DATED = 'transitions=[{from="ceasefire", to="war", on=2028-03-01}, {from="war", to="ceasefire", per_year=2.0}]'
CASES = {
    "flagship": ("zaporizhzhia", ()),
    "two crews": ("zaporizhzhia", ("plant.crews=2",)),
    "a war on a date": ("zaporizhzhia", (DATED,)),
    "a war on the first day": ("zaporizhzhia", (DATED.replace("2028-03-01", "2027-01-01"),)),
    "works begun before": ("zaporizhzhia", ("start=2027-10-01",)),
    "one unit runs": (SMALL, ()),
}


@cache
def made(case: str) -> tuple[baseload.Scenario, Plan]:
    name, overrides = CASES[case]
    scenario = baseload.load(name, (*overrides, "years=9"))
    return scenario, plan(scenario.model, scenario.folder, SEED)


@cache
def found(case: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Milestones by address, and metrics, of the first paths."""
    planned = made(case)[1]
    result = simulate(planned, PATHS, 2, None, "")
    result.series.close()
    return dict(zip(planned.milestones, result.milestones.T, strict=True)), result.metrics


@pytest.mark.parametrize("case", CASES)
def test_phases_and_works_are_those_that_were_drawn(case: str) -> None:
    scenario, planned = made(case)
    setups, hours, rows = planned.setups, planned.horizon.hours, planned.draw(0, PATHS)
    work = plant_work(setups.plant, setups.month_first_hour.size - 1, 256)
    hour_of = found(case)[0]
    for path in range(PATHS):
        count = phase_timeline(  # type: ignore[no-untyped-call]
            setups.phases, rows[path], path, work.phase_hour, work.phase
        )
        draw_schedule(  # type: ignore[no-untyped-call]
            setups.plant, setups.phases, rows[path], path, setups.month_first_hour, work, count
        )
        first: dict[int, int] = {}
        for hour, phase in zip(work.phase_hour[:count], work.phase[:count], strict=True):
            first.setdefault(int(phase), int(hour))
        for number, name in enumerate(PHASES):
            assert hour_of[f"phases.{name}"][path] == first.get(number, NEVER)
        for place, project in enumerate(scenario.model.plant.projects):
            done = int(work.project_done[place])
            wanted = done if done < hours else NEVER
            assert hour_of[f"plant.projects[{project.name}]"][path] == wanted
        for place, unit in enumerate(scenario.model.plant.units):
            runs = hour_of[f"plant.units[{unit.name}]"][path]
            if unit.restart is None:
                assert runs == (0 if unit.state == "running" else NEVER)
            elif runs != NEVER:
                assert 0 <= work.synchronised[place] <= runs


@pytest.mark.parametrize("case", CASES)
def test_the_first_unit_is_the_earliest_of_all(case: str) -> None:
    hour_of, metrics = found(case)
    units = np.array([hour for address, hour in hour_of.items() if "units[" in address], float)
    first = np.where(units == NEVER, np.inf, units).min(axis=0) / 8766.0
    years = metrics[:, METRIC_NAMES.index("first_unit_years")]
    np.testing.assert_array_equal(np.where(np.isnan(years), np.inf, years), first)
    assert np.isfinite(first).any()


def test_hours_of_a_path_say_the_same() -> None:
    scenario, planned = made("flagship")
    hour_of, _ = found("flagship")
    several = 0
    for path in range(6):
        work, result = trace_path(planned, path)
        at_power = work.trace[:, TRACE.index("units_at_power")]
        units = [hour[path] for address, hour in hour_of.items() if "units[" in address]
        known = sorted(hour for hour in units if hour != NEVER)
        for count, hour in enumerate(known, start=1):
            # Never did more units run than had come back by then.
            assert at_power[:hour].max(initial=0) < count
            assert at_power[hour] >= 1
        several += len(known) > 1
        machines = result.series[0, [name for name, _ in SERIES].index("machines")]
        halls = [hour[path] for address, hour in hour_of.items() if address.startswith("fleet")]
        firsts = planned.setups.month_first_hour
        month = int(np.searchsorted(firsts, min(h for h in halls if h != NEVER), "right")) - 1
        assert not machines[:month].any() and machines[month] > 0
        for batch, hour in zip(scenario.model.fleet, halls, strict=True):
            if hour != NEVER:
                assert hour % 24 == 0
                assert hour >= sorted(known)[batch.after_units - 1]
                assert hour / 24 >= (batch.order - scenario.model.start).days
    assert several > 2


def test_as_a_table_they_are_days_and_never_is_null() -> None:
    _, planned = made("flagship")
    hours = np.array(
        [[0] * (len(planned.milestones) - 1) + [NEVER], [25] * len(planned.milestones)]
    )
    table = milestones_frame(planned, hours)
    assert table.columns == ["path", *planned.milestones]
    first, last = planned.milestones[0], planned.milestones[-1]
    assert table.schema[first] == pl.Datetime("ms", "UTC")
    said: list[Any] = [str(day) for day in table[first]]
    assert said == ["2027-01-01 00:00:00+00:00", "2027-01-02 01:00:00+00:00"]
    assert table[last].null_count() == 1
