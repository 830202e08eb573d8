"""Days of works, restarts and deliveries, drawn again from inputs: held against the kernels themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.figures.test_figures_layout import check_layout, text_boxes

import baseload
from baseload.engine.plan import Plan, plan
from baseload.phases.kernels import phase_timeline
from baseload.plant.schedule import draw_schedule
from baseload.plant.work import plant_work
from baseload.randomness import stream_key, uniform
from baseload.report.blocks import Picture
from baseload.report.pictures import power_section
from baseload.report.programme import NEVER, NotDrawnAgain, programme, uniforms
from baseload.report.reported import read_series
from baseload.report.timeline import TITLE, timeline_picture
from baseload.scenario.scenario import Scenario

PATHS, SEED = 60, 5
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
def made(case: str) -> tuple[Scenario, Plan, np.ndarray]:
    name, overrides = CASES[case]
    scenario = baseload.load(name, overrides)
    planned = plan(scenario.model, scenario.folder, SEED)
    return scenario, planned, planned.draw(0, PATHS)


@cache
def by_kernels(case: str) -> tuple[np.ndarray, np.ndarray, list[list[tuple[int, int]]]]:
    """Hours of projects (J, P) and of units (U, P), infinite for never; phases of each path."""
    _, planned, rows = made(case)
    setups, hours = planned.setups, planned.horizon.hours
    work = plant_work(setups.plant, setups.month_first_hour.size - 1, 256)
    done, back, phases = [], [], []
    for path in range(PATHS):
        count = phase_timeline(  # type: ignore[no-untyped-call]
            setups.phases, rows[path], path, work.phase_hour, work.phase
        )
        draw_schedule(  # type: ignore[no-untyped-call]
            setups.plant, setups.phases, rows[path], path, setups.month_first_hour, work, count
        )
        done.append(work.project_done.astype(float))
        back.append(np.where(work.synchronised < 0, NEVER, work.synchronised.astype(float)))
        phases.append(
            list(zip(work.phase_hour[:count].tolist(), work.phase[:count].tolist(), strict=True))
        )
    within = [np.array(one).T for one in (done, back)]
    return *(np.where(one < hours, one, NEVER) for one in within), phases  # type: ignore[return-value]


def study_of(case: str, study: Any, first_unit: bool = True) -> Any:
    scenario, planned, rows = made(case)
    columns = {
        address: rows[:, column]
        for column, address in enumerate(planned.addresses)
        if planned.uncertain[column]
    }
    metrics = study.metrics.head(PATHS)
    if first_unit:
        first = by_kernels(case)[1].min(axis=0) / 8766.0
        metrics = metrics.with_columns(
            pl.Series("first_unit_years", np.where(np.isfinite(first), first, np.nan)).fill_nan(
                None
            )
        )
    return replace(
        study,
        scenario_text=scenario.text,
        start=scenario.model.start,
        years=scenario.model.years,
        seed=SEED,
        paths=PATHS,
        metrics=metrics,
        inputs=pl.DataFrame({"path": np.arange(PATHS), **columns}),
    )


@pytest.mark.parametrize("case", CASES)
def test_days_drawn_again_are_those_of_the_engine_s_own_kernels(case: str, study: Any) -> None:
    model = made(case)[0].model
    done, back, phases = by_kernels(case)
    found = {(one.kind, one.name): one.hour for one in programme(study_of(case, study), model)}
    for place, project in enumerate(model.plant.projects):
        np.testing.assert_array_equal(found["works done", project.name], done[place])
    restarted = 0
    for place, unit in enumerate(model.plant.units):
        if unit.restart is not None:
            np.testing.assert_array_equal(found["unit back", unit.name], back[place])
            restarted += 1
    assert restarted >= 1 and np.isfinite(back).any()
    first_war = [min((h for h, p in one if p == 0), default=NEVER) for one in phases]
    np.testing.assert_array_equal(found["phase", "war begins"], first_war)


def test_uniform_numbers_are_those_of_the_compiled_streams() -> None:
    key = stream_key(SEED, "plant.units[A] return")
    for index in (0, 3):
        wanted = [uniform(key, path, index) for path in range(50)]
        assert uniforms(key, 50, index).tolist() == wanted


def test_machines_come_after_their_lead_and_after_so_many_units(study: Any) -> None:
    scenario, planned, rows = made("flagship")
    _, back, _ = by_kernels("flagship")
    found = {one.name: one for one in programme(study_of("flagship", study), scenario.model)}
    ordered = np.sort(back, axis=0)
    for place, name in enumerate(("first hall", "second hall", "third hall")):
        batch = scenario.model.fleet[place]
        lead = rows[:, planned.addresses.index(f"fleet[{name}].lead_months")]
        days = (batch.order - scenario.model.start).days + lead * 30.4375
        wanted = np.maximum(days * 24, ordered[place])
        wanted = np.where(wanted < planned.horizon.hours, wanted, NEVER)
        np.testing.assert_allclose(found[name].hour, wanted)
        assert found[name].at_least


def test_the_picture_tells_quantiles_among_the_paths_on_which_it_comes(study: Any) -> None:
    here = study_of("flagship", study)
    picture = timeline_picture(here)
    assert isinstance(picture, Picture) and picture.table is not None
    check_layout(picture.svg)
    rows = {row[0]: row for row in picture.table.rows}
    hours = by_kernels("flagship")[1][0]
    known = hours[np.isfinite(hours)]
    days = [
        date(2027, 1, 1) + timedelta(hours=float(q)) for q in np.quantile(known, (0.1, 0.5, 0.9))
    ]
    share = f"{100 * known.size / PATHS:.0f}\u00a0%"
    assert rows["ZNPP-1"] == ("ZNPP-1", "unit back", share, *(f"{day:%B %Y}" for day in days))
    assert share in [box[4] for box in text_boxes(picture.svg)]
    assert "The first of 6 units is back in" in picture.caption
    assert "First hall, second hall and third hall wait for units" in picture.caption
    assert f"ZNPP-1: unit back on {share} of the paths; median" in picture.svg


def test_the_section_on_the_plant_holds_it_second(study: Any) -> None:
    here = study_of("flagship", study)
    section = power_section(here, read_series(here))
    assert f">{TITLE}</title>" in section.pictures[1].svg
    assert section.missing == ()


def test_days_that_contradict_the_study_are_not_shown(study: Any) -> None:
    here = study_of("flagship", study)
    for years in (0.01, 19.9):
        wrong = replace(here, metrics=here.metrics.with_columns(first_unit_years=pl.lit(years)))
        told = timeline_picture(wrong)
        assert isinstance(told, str) and "are not those of the study's first unit" in told
    assert isinstance(timeline_picture(study_of("flagship", study, False)), Picture)


def test_a_study_that_lacks_an_input_says_which(study: Any) -> None:
    here = study_of("flagship", study)
    lacking = replace(here, inputs=here.inputs.drop("plant.common_time_factor"))
    told = timeline_picture(lacking)
    assert isinstance(told, str) and "the study holds no input plant.common_time_factor" in told
    with pytest.raises(NotDrawnAgain, match="no inputs"):
        programme(replace(here, inputs=here.inputs.head(3)), made("flagship")[0].model)
    assert "cannot be read again" in str(timeline_picture(replace(here, scenario_text="plant = 3")))


def test_where_nothing_is_awaited_there_is_no_time_line(study: Any) -> None:
    model = made("one unit runs")[0].model
    running = [unit for unit in model.plant.units if unit.state == "running"]
    plant = model.plant.model_copy(update={"units": running, "projects": []})
    here = study_of("one unit runs", study)
    assert programme(here, model.model_copy(update={"plant": plant, "fleet": []})) == ()
    assert {one.kind for one in programme(here, model)} > {"works done", "unit back"}
