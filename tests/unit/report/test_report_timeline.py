"""The time line of works, restarts and deliveries, of days that are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.figures.test_figures_layout import check_layout, text_boxes

import baseload
from baseload.engine.plan import milestone_addresses
from baseload.report.blocks import Picture
from baseload.report.pictures import power_section
from baseload.report.programme import NEVER, NoMilestones, programme
from baseload.report.reported import read_series
from baseload.report.timeline import TITLE, timeline_picture

PATHS = 60
SMALL = str(Path(__file__).parents[2] / "scenarios" / "small.toml")


def study_of(name: str, study: Any) -> Any:
    """A study of a scenario each milestone of which comes later than the one before, or never."""
    scenario = baseload.load(name)
    start = datetime.combine(scenario.model.start, datetime.min.time())
    rng = np.random.default_rng(3)
    columns: dict[str, Any] = {"path": np.arange(PATHS)}
    for place, address in enumerate(milestone_addresses(scenario.model)):
        hours = (place * 1000 + rng.integers(0, 9000, PATHS)).tolist()
        comes = rng.random(PATHS) < 0.8
        columns[address] = pl.Series(
            [start + timedelta(hours=h) if c else None for h, c in zip(hours, comes, strict=True)],
            dtype=pl.Datetime("ms", "UTC"),
        )
    return replace(
        study,
        scenario_text=scenario.text,
        start=scenario.model.start,
        years=scenario.model.years,
        paths=PATHS,
        milestones=pl.DataFrame(columns),
    )


def hours_of(study: Any, address: str) -> np.ndarray:
    start = datetime.combine(study.start, datetime.min.time())
    return np.array(
        [
            NEVER if day is None else (day.replace(tzinfo=None) - start) / timedelta(hours=1)
            for day in study.milestones[address]
        ]
    )


def test_what_is_awaited_comes_with_its_kind_and_its_hours(study: Any) -> None:
    here = study_of("zaporizhzhia", study)
    found = {
        (one.kind, one.name): one.hour
        for one in programme(here, baseload.load("zaporizhzhia").model)
    }
    for kind, name, address in (
        ("phase", "war begins", "phases.war"),
        ("phase", "peace begins", "phases.peace"),
        ("works done", "fresh fuel", "plant.projects[fresh fuel]"),
        ("unit back", "ZNPP-3", "plant.units[ZNPP-3]"),
        ("first machines", "second hall", "fleet[second hall]"),
    ):
        np.testing.assert_array_equal(found[kind, name], hours_of(here, address))
    assert ("phase", "ceasefire begins") not in found
    units = [name for kind, name in found if kind == "unit back"]
    assert units == ["ZNPP-1", "ZNPP-2", "ZNPP-6", "ZNPP-5", "ZNPP-4", "ZNPP-3"]


def test_units_that_run_and_machines_that_stand_there_are_not_awaited(study: Any) -> None:
    here = study_of(SMALL, study)
    model = baseload.load(SMALL).model
    running = {unit.name for unit in model.plant.units if unit.state == "running"}
    assert running
    names = {one.name for one in programme(here, model)}
    assert not names & running
    hall = "fleet.0" if model.fleet[0].name is None else f"fleet[{model.fleet[0].name}]"
    there = datetime.combine(here.start, datetime.min.time())
    column = pl.lit(there).dt.cast_time_unit("ms").dt.replace_time_zone("UTC").alias(hall)
    stand = replace(here, milestones=here.milestones.with_columns(column))
    kinds = [one.kind for one in programme(here, model)]
    assert [one.kind for one in programme(stand, model)] == kinds[:-1]
    assert kinds[-1] == "first machines"


def test_the_picture_tells_quantiles_among_the_paths_on_which_it_comes(study: Any) -> None:
    here = study_of("zaporizhzhia", study)
    picture = timeline_picture(here)
    assert isinstance(picture, Picture) and picture.table is not None
    check_layout(picture.svg)
    rows = {row[0]: row for row in picture.table.rows}
    hours = hours_of(here, "plant.units[ZNPP-1]")
    known = hours[np.isfinite(hours)]
    days = [
        date(2027, 1, 1) + timedelta(hours=float(q)) for q in np.quantile(known, (0.1, 0.5, 0.9))
    ]
    share = f"{100 * known.size / PATHS:.0f}\u00a0%"
    assert rows["ZNPP-1"] == ("ZNPP-1", "unit back", share, *(f"{day:%B %Y}" for day in days))
    assert share in [box[4] for box in text_boxes(picture.svg)]
    assert "The first of 6 units is back in" in picture.caption
    assert f"ZNPP-1: unit back on {share} of the paths; median" in picture.svg


def test_the_section_on_the_plant_holds_it_second(study: Any) -> None:
    here = study_of("zaporizhzhia", study)
    section = power_section(here, read_series(here))
    assert f">{TITLE}</title>" in section.pictures[1].svg
    assert section.missing == ()


def test_a_study_that_lacks_the_days_of_something_says_of_what(study: Any) -> None:
    here = study_of("zaporizhzhia", study)
    lacking = replace(here, milestones=here.milestones.drop("plant.units[ZNPP-5]"))
    told = timeline_picture(lacking)
    assert isinstance(told, str) and "holds no days of plant.units[ZNPP-5]" in told
    with pytest.raises(NoMilestones, match=r"phases\.war"):
        programme(replace(here, milestones=None), baseload.load("zaporizhzhia").model)
    assert "cannot be read again" in str(timeline_picture(replace(here, scenario_text="plant = 3")))


def test_where_nothing_is_awaited_there_is_no_time_line(study: Any) -> None:
    model = baseload.load(SMALL).model
    running = [unit for unit in model.plant.units if unit.state == "running"]
    plant = model.plant.model_copy(update={"units": running, "projects": []})
    here = study_of(SMALL, study)
    assert programme(here, model.model_copy(update={"plant": plant, "fleet": []})) == ()
    assert {one.kind for one in programme(here, model)} > {"works done", "unit back"}
