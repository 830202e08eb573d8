"""The table of adequacy: means a year, intervals, and what the mine changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from baseload.figures.numbers import SPACE
from baseload.report.adequacy import adequacy_table
from baseload.report.pictures import power_section
from baseload.report.reported import read_series


def study_of(study: Any, **columns: np.ndarray) -> Any:
    metrics = study.metrics.with_columns(**{name: pl.Series(v) for name, v in columns.items()})
    return replace(study, metrics=metrics)


@pytest.fixture
def counted(study: Any) -> Any:
    paths = study.metrics.height
    shed = np.zeros(paths)
    shed[: paths // 2] = 8766.0 * 2
    return study_of(
        study,
        unserved_firm_mwh=shed * 10.0,
        unserved_firm_mwh_grid_only=np.zeros(paths),
        unserved_firm_mwh_idle=np.full(paths, 4.0e5),
        loss_of_load_hours=shed,
        loss_of_load_hours_grid_only=np.zeros(paths),
        loss_of_load_hours_idle=np.full(paths, 8766.0 * 20),
    )


def test_indices_are_means_a_year_with_their_intervals(counted: Any) -> None:
    table = adequacy_table(counted)
    assert table is not None
    # Half of 500 paths shed on 2 of 20 years: sd = 876.6 h x 0.5 x sqrt(500 / 499), over sqrt(500), x 1.9647.
    assert table.rows == (
        (
            "EENS [GWh a year]",
            "4.38 ± 0.39",
            "0",
            "20.0",
            "4.38 ± 0.39",
        ),
        ("LOLE [hours a year]", "438 ± 39", "0", "8,766", "438 ± 39"),
        ("LOLP [%]", "5.00 ± 0.44", "0", "100", "5.00 ± 0.44"),
        ("paths on which any is shed", f"50{SPACE}%", f"0{SPACE}%", f"100{SPACE}%", f"50{SPACE}%"),
    )
    assert {len(row) for row in table.rows} == {len(table.header)}


def test_the_change_by_the_mine_is_taken_path_by_path(counted: Any) -> None:
    rng = np.random.default_rng(1)
    alone = 100.0 * rng.random(counted.metrics.height)
    here = study_of(
        counted,
        loss_of_load_hours=alone + 20.0,
        loss_of_load_hours_grid_only=alone,
    )
    table = adequacy_table(here)
    assert table is not None
    # The same on every path: no interval, however the paths differ.
    assert table.rows[1][4] == "1.00"
    assert "±" in table.rows[1][1]


def test_it_stands_in_the_section_on_the_plant(counted: Any) -> None:
    section = power_section(counted, read_series(counted))
    assert section.tables == (adequacy_table(counted),)


def test_a_study_without_these_metrics_has_no_table(study: Any) -> None:
    lacking = replace(study, metrics=study.metrics.drop("unserved_firm_mwh_idle"))
    assert adequacy_table(lacking) is None
