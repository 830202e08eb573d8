"""The section on what drives the result, and the figures of the page by name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from baseload.figures.numbers import quantity
from baseload.inputs_in_words import input_words
from baseload.report.blocks import Picture
from baseload.report.catalogue import named_figures
from baseload.report.drivers import MOST_ROWS, ROWS_WITH_CHANCE, drivers_section
from baseload.report.names import NAMES, name_of
from baseload.report.page import report_sections
from baseload.report.survival import TITLE as OUTLASTED
from baseload.report.timeline import TITLE

PRICE = "grid.price.level_usd_per_mwh"
GROWTH = "network.price_usd.geometric-brownian.median_growth_per_year"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def pictures(study: Any) -> dict[str, Picture]:
    section = drivers_section(study)
    return {name: one.picture for name, one in named_figures([section]).items()}


def test_the_section_has_its_four_figures_with_tables(study: Any) -> None:
    section = drivers_section(study)
    assert section.missing == ()
    found = pictures(study)
    assert list(found) == ["waterfall", "drivers-mining", "drivers-restarting", "ledger"]
    for picture in found.values():
        assert picture.table is not None and picture.table.rows
        assert all(len(row) == len(picture.table.header) for row in picture.table.rows)


def test_the_causes_built_into_the_study_are_found_and_idle_inputs_are_not(study: Any) -> None:
    found = pictures(study)
    for name, address in (("drivers-mining", GROWTH), ("drivers-restarting", PRICE)):
        picture = found[name]
        assert picture.table is not None
        first, *rest = [row for row in picture.table.rows if not row[0].startswith("on the path")]
        assert first[0] == input_words(address)
        assert first[8] == "yes" and {row[8] for row in rest} == {"no"}
        assert (
            f"1 of 21 uncertain inputs stands out from chance, {input_words(address)}"
            in picture.caption
        )
        assert len(rest) + 1 == ROWS_WITH_CHANCE < MOST_ROWS
    # A constant column is no input that varies.
    assert "finance.discount_rate" not in found["drivers-mining"].svg


def test_values_of_inputs_have_their_units(study: Any) -> None:
    table = pictures(study)["drivers-restarting"].table
    assert table is not None
    row = next(row for row in table.rows if row[0] == input_words(PRICE))
    assert row[1].endswith("USD/MWh") and row[2].endswith("USD/MWh")
    growth = pictures(study)["drivers-mining"].table
    assert growth is not None
    assert plain(growth.rows[0][1]).endswith("per year")


def test_the_steps_tell_means_and_medians(study: Any) -> None:
    picture = pictures(study)["waterfall"]
    assert picture.table is not None
    labels = [row[0] for row in picture.table.rows]
    assert labels == ["left idle", "restarting", "grid only", "mining", "with the mine"]
    mean = study.summary["npv_idle_usd"]["mean"] / 1e9
    assert f"Left idle it is −{-mean:.3g}".rstrip("0") in picture.caption


def test_the_ledger_s_lines_come_to_the_path_s_net_present_value(study: Any) -> None:
    picture = pictures(study)["ledger"]
    assert picture.table is not None
    rows = {name: plain(value) for name, value in picture.table.rows}
    assert rows["export revenue"] == "6 billion USD"
    assert rows["variable O&M"] == "−1 million USD"
    npv = study.metrics["npv_usd"][study.representative_path]
    assert rows["net present value"] == plain(quantity(npv, "USD"))
    assert "tax" not in rows
    assert "discounted at 8 % a year" in plain(picture.caption)
    # Too small to be seen: in the table alone.
    assert "variable O" not in picture.svg.split("</desc>")[1]


@pytest.mark.parametrize("rate", ["0.08", "0.08000000"])
def test_a_rate_that_the_scenario_states_is_taken(study: Any, rate: str) -> None:
    stated = replace(
        study,
        scenario_text=f"[finance]\ndiscount_rate = {rate}\n",
        inputs=study.inputs.drop("finance.discount_rate"),
    )
    assert "ledger" in pictures(stated)


def test_a_ledger_that_does_not_add_up_is_left_out_and_said(study: Any) -> None:
    wrong = replace(study, scenario_text="[finance]\ndiscount_rate = 0.09\n")
    assert "ledger" not in pictures(wrong)
    assert any(
        "does not come to its net present value" in m for m in drivers_section(wrong).missing
    )
    by_default = replace(study, inputs=study.inputs.drop("finance.discount_rate"))
    assert "ledger" not in pictures(by_default)


@pytest.mark.parametrize("change", ["no inputs", "short inputs", "no ledger", "no metrics", "few"])
def test_what_a_study_lacks_is_said_in_a_sentence(study: Any, change: str) -> None:
    lacking = {
        "no inputs": {"inputs": None},
        "short inputs": {"inputs": study.inputs.head(3)},
        "no ledger": {"ledger": study.ledger.clear()},
        "no metrics": {"metrics": study.metrics.select([]), "summary": {}},
        "few": {"metrics": study.metrics.head(5), "inputs": study.inputs.head(5)},
    }[change]
    section = drivers_section(replace(study, **lacking))
    assert section.missing
    assert all(sentence.endswith(".") for sentence in section.missing)
    assert len(section.pictures) + len(section.missing) == 4


def test_a_study_whose_mine_changes_nothing_says_so(study: Any) -> None:
    still = study.metrics.with_columns(npv_gain_over_grid_only_usd=pl.lit(0.0))
    section = drivers_section(replace(study, metrics=still))
    assert any("the same on all paths" in sentence for sentence in section.missing)


def test_undefined_paths_are_counted(study: Any) -> None:
    holes = study.metrics.with_columns(
        npv_gain_over_grid_only_usd=pl.when(pl.int_range(pl.len()) % 5 == 0)
        .then(None)
        .otherwise(pl.col("npv_gain_over_grid_only_usd"))
    )
    caption = pictures(replace(study, metrics=holes))["drivers-mining"].caption
    assert "100 paths without a value are left out" in caption


def test_without_any_cause_the_caption_says_that_none_stands_out(study: Any) -> None:
    rng = np.random.default_rng(20)
    noise = study.metrics.with_columns(
        npv_gain_over_grid_only_usd=pl.Series(rng.normal(size=study.paths) * 1e9)
    )
    caption = pictures(replace(study, metrics=noise))["drivers-mining"].caption
    assert "None of 21 uncertain inputs stands out from chance" in caption


def test_every_figure_of_the_page_has_a_name_of_its_own(study: Any) -> None:
    figures = named_figures(report_sections(study))
    assert len(figures) == 23
    # The made-up scenario is none that could be read again.
    wanted = set(NAMES.values()) - {"timeline", "outlasted"}
    assert set(figures) == wanted, "a title has changed: see the catalogue"
    assert name_of(TITLE) == "timeline" and name_of(OUTLASTED) == "outlasted"
    for name, one in figures.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert one.picture.caption and one.title and one.section


def test_a_figure_without_a_short_name_is_called_by_its_title(study: Any) -> None:
    section = drivers_section(study)
    twice = named_figures([section, section])
    assert "waterfall" in twice and "waterfall-2" in twice
    assert name_of("Who gains, in 2031?") == "who-gains-in"
    assert name_of("2031") == "figure"
