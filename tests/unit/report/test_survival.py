"""How long the house load outlasts a loss of off-site power."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.figures.test_figures_layout import check_layout

import baseload
from baseload.distributions import parse_distribution
from baseload.report.survival import TITLE, lengths_of, longer_than, offsite_section, outlasted

PATHS = 400


def study_of(study: Any, *overrides: str, inputs: dict[str, np.ndarray] | None = None) -> Any:
    scenario = baseload.load("zaporizhzhia", overrides)
    frame = pl.DataFrame({"path": np.arange(PATHS)} | (inputs or {}))
    return replace(study, scenario_text=scenario.text, paths=PATHS, inputs=frame)


def test_diesels_last_while_fuel_does_and_then_by_what_is_brought() -> None:
    fuel = np.array([10.5, 20.0])
    found = outlasted(np.array([0, 10, 11, 20, 21]), fuel, np.array([0.0, 0.5]), np.array([0.2, 1.0]))  # fmt: skip
    # The stock counts in whole hours; each path weighs the same.
    assert found.tolist() == [0.75, 0.75, 0.35, 0.35, 0.35]


def test_lengths_are_whole_hours_and_at_least_one() -> None:
    lengths = lengths_of(parse_distribution({"uniform": [0.0, 4.0]}))
    hours = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 4.0])
    assert longer_than(hours, lengths).tolist() == [1.0, 1.0, 0.75, 0.5, 0.25, 0.0]


def test_the_share_of_losses_that_outlast_all_is_that_of_many_drawn_by_hand(study: Any) -> None:
    rng = np.random.default_rng(4)
    inputs = {
        "plant.diesels.fuel_hours": rng.uniform(100.0, 400.0, PATHS),
        "plant.diesels.fails_to_start": rng.uniform(0.0, 0.2, PATHS),
        "plant.diesels.resupplied": rng.uniform(0.5, 0.9, PATHS),
    }
    here = study_of(study, inputs=inputs)
    section = offsite_section(here)
    assert section is not None
    picture = section.pictures[0]
    check_layout(picture.svg)
    outage = baseload.load("zaporizhzhia").model.plant.off_site_power.outage_hours
    fuel, fails, brought = (column[:, None] for column in inputs.values())
    lengths = np.ceil([outage.quantile(u) for u in (np.arange(2000) + 0.5) / 2000])[None, :]
    dark = fails + (1 - fails) * (lengths > np.floor(fuel)) * (1 - brought)
    said = float(picture.caption.split("Of all losses ")[1].split("\u00a0%")[0])
    assert said == pytest.approx(100.0 * dark.mean(), rel=0.01)
    assert picture.table is not None
    day = next(row for row in picture.table.rows if row[0].startswith("24"))
    assert day[1] == f"{100 * (1 - fails.mean()):.0f}\u00a0%"


def test_where_no_off_site_power_is_lost_there_is_no_section(study: Any) -> None:
    quiet = study_of(study, "plant.off_site_power.losses_per_year=0")
    assert offsite_section(quiet) is None


def test_fixed_numbers_need_no_inputs_and_a_broken_scenario_is_said(study: Any) -> None:
    fixed = study_of(
        study,
        "plant.diesels.fuel_hours=48",
        "plant.diesels.fails_to_start=0",
        "plant.diesels.resupplied=0",
        "plant.off_site_power.outage_hours=30",
    )
    section = offsite_section(fixed)
    assert section is not None and f">{TITLE}</title>" in section.pictures[0].svg
    assert "Of all losses 0\u00a0% outlast" in section.pictures[0].caption
    some = study_of(
        study,
        "plant.diesels.fails_to_start=0.25",
        "plant.diesels.resupplied=1",
        inputs={"plant.diesels.fuel_hours": np.full(PATHS, 300.0)},
    )
    section = offsite_section(some)
    assert section is not None and section.pictures[0].table is not None
    assert section.pictures[0].table.rows[0][1] == "75\u00a0%"
    lacking = offsite_section(replace(some, inputs=some.inputs.select("path")))
    assert lacking is not None and not lacking.pictures
    assert lacking.missing == ("The study holds no inputs of its diesels.",)
    assert offsite_section(replace(fixed, scenario_text="plant = 3")) is None
