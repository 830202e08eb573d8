"""The page of a comparison: complete, true to the comparison's own table, whatever is compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.unit.report.page_read import (
    check_figures_have_captions_and_tables,
    check_names_and_links,
    check_policy_allows_own_style_and_script_alone,
    check_written_whole_or_not_at_all,
    read,
    sections_of,
    words_of,
)

import baseload
from baseload.engine.outputs import METRICS
from baseload.figures.numbers import quantity
from baseload.report import render_comparison, write_comparison
from baseload.report.comparison_tables import Compared, metrics_tables, warnings_of

MINING = "npv_gain_over_grid_only_usd"

Make = Callable[..., baseload.Study]


@pytest.fixture(scope="module")
def made(study: Any) -> Make:
    """Makes studies out of the made-up one, some of whose metrics are other ones."""

    def make(change: dict[str, Any] | None = None, text: str = "", **facts: Any) -> baseload.Study:
        metrics = study.metrics.with_columns(
            **{m.name: pl.lit(0.0) for m in METRICS if m.name not in study.metrics.columns}
        ).with_columns(**(change or {}))
        own = {
            "scenario": "made-up",
            "title": study.title,
            "summary": "",
            "conditional_on": "agreed and begun on 2027-01-01",
            "money": "USD 2026, real",
            "start": "2027-01-01",
            "years": study.years,
            "seed": 7,
            "paths": study.paths,
            "version": "1",
            "scenario_sha256": "00ff",
            "warnings": ["One <odd> thing."],
        }
        return baseload.Study(
            scenario_text=text or study.scenario_text,
            facts={**own, **facts},
            metrics=metrics,
            inputs=study.inputs,
            milestones=pl.DataFrame(),
            series=study.series,
            dispatch=study.dispatch,
            ledger=study.ledger,
            payouts=pl.DataFrame(),
            summary=study.summary,
            timings={},
        )

    return make


@pytest.fixture(scope="module")
def comparison(made: Make, study: Any) -> baseload.Comparison:
    other = made(
        {MINING: pl.col(MINING) - 5e8 + 0.02 * pl.col("npv_idle_usd")},
        text=study.scenario_text.replace("years = 20", "years = 15"),
        conditional_on="agreed <b>later</b>",
        warnings=["One <odd> thing.", "Another."],
    )
    return baseload.compare(made(), other)


@pytest.fixture(scope="module")
def page(comparison: baseload.Comparison) -> str:
    return render_comparison(comparison, ("base", "less & <less>"))


def test_the_page_is_complete_and_always_the_same(
    page: str, comparison: baseload.Comparison
) -> None:
    assert page == render_comparison(comparison, ("base", "less & <less>"))
    assert sections_of(page) == [
        "studies", "settings", "difference", "side", "metrics", "differences", "spread", "time",
        "power", "warnings", "made",
    ]  # fmt: skip
    tags = [tag for tag, _ in read(page).elements]
    assert tags.count("svg") == tags.count("figcaption") == 13
    assert len(page.encode()) < 400_000


def test_names_are_unique_and_every_link_leads_into_the_page(page: str) -> None:
    check_names_and_links(page)
    targets = [str(own["href"]) for _, own in read(page).elements if "href" in own]
    assert all(target.startswith("#") for target in targets)
    without_script = re.sub(r"<script>.*?</script>", "", page, count=1, flags=re.DOTALL)
    assert "src=" not in page and "<script" not in without_script
    assert "http:" not in without_script


def test_the_page_allows_its_own_style_and_script_and_nothing_else(page: str) -> None:
    check_policy_allows_own_style_and_script_alone(page)


def test_every_figure_has_a_caption_with_a_figure_in_it_and_a_table(page: str) -> None:
    check_figures_have_captions_and_tables(page)


def test_what_users_write_is_shown_and_not_obeyed(page: str) -> None:
    words = words_of(page)
    assert "2 less & <less>" in words and "One <odd> thing." in words
    assert "<odd>" not in page and "<b>later" not in page and "<less>" not in page


def test_the_difference_and_its_interval_are_those_of_the_comparison(
    page: str, comparison: baseload.Comparison
) -> None:
    row = comparison.table.row(
        by_predicate=(pl.col("metric") == MINING) & (pl.col("place") == 2), named=True
    )
    words = words_of(page)
    assert row["difference_high"] < 0.0 and "mining is worth less" in words
    low, high = (quantity(row[f"difference_{end}"], "USD") for end in ("low", "high"))
    assert f"95 % interval from {low} to {high}".replace("\u00a0", " ") in words
    ((table, _),) = metrics_tables(Compared(comparison, ("a", "b")))
    cells = {cells[1]: cells for cells in table.rows}
    assert list(cells) == [metric.name for metric in METRICS]
    assert cells["generation_mwh"][5:8] == ("same", "–", "–")
    unit, first, other, difference = cells[MINING][2:6]
    assert unit == "billion USD"
    shown = [float(cell.replace("−", "-")) for cell in (first, other, difference)]
    assert shown[1] - shown[0] == pytest.approx(shown[2], abs=0.01)  # each rounds to three digits
    assert shown[2] == pytest.approx(row["difference_mean"] / 1e9, rel=0.005)


def test_settings_conditions_and_warnings_are_told_with_the_study_that_has_them(page: str) -> None:
    words = words_of(page)
    assert "2 less & <less> against 1 base: one setting differs." in words
    assert "years 20 15" in words
    assert "Conditional on: for each study something else" in words
    assert "1 and 2: One <odd> thing." in words and "2: Another." in words


def test_a_study_beside_itself_differs_in_nothing(made: Make) -> None:
    words = words_of(render_comparison(baseload.compare(made(), made()), ("a", "b")))
    assert "no setting differs" in words and "mining is worth the same" in words
    assert "All conditional on: agreed and begun on 2027-01-01" in words
    assert "In 2 it is the same as in 1 on every path" in words
    assert "less that of 1 on the same path" not in words


def test_without_a_clear_difference_the_page_says_that_the_paths_do_not_tell(made: Make) -> None:
    noisy = {MINING: pl.col(MINING) + 1e6 * (pl.int_range(pl.len()) % 2 * 2 - 1)}
    words = words_of(render_comparison(baseload.compare(made(), made(noisy)), ("a", "b")))
    assert "the paths do not tell in which of them mining is worth more" in words
    assert "the paths do not tell which is higher" in words


def test_three_studies_are_each_set_against_the_first(made: Make) -> None:
    studies = [made({MINING: pl.col(MINING) + more}) for more in (0.0, 1e9, -1e9)]
    words = words_of(render_comparison(baseload.compare(*studies), ("a", "b", "c")))
    assert "2 b against 1 a: mining is worth more" in words
    assert "3 c against 1 a: mining is worth less" in words
    assert "value of mining in 2" in words and "value of mining in 3" in words
    assert words.startswith("a, beside b and c: a baseload comparison")


def test_other_months_share_one_axis(made: Make, study: Any) -> None:
    later = study.series.with_columns(pl.col("date").dt.offset_by("30mo14d"))
    other = replace(made(start="2029-07-15"), series=later)
    page = render_comparison(baseload.compare(made(), other), ("a", "b"))
    assert "different first days" in words_of(page)
    (cash,) = [one for one in page.split("<figure>") if ">Cash since the start, median<" in one]
    assert "2049" in cash  # the last year of the second, in its table
    assert cash.count('class="line s') >= 2


def test_studies_that_hold_little_still_have_a_page(made: Make, study: Any) -> None:
    bare = replace(made(), series=study.series.clear(), scenario_text="no = [toml", summary={})
    words = words_of(render_comparison(baseload.compare(bare, bare), ("a", "b")))
    assert "not compared, a scenario cannot be read" in words
    assert "No study holds the series network_share." in words
    assert "1 a holds no monthly dispatch." in words


def test_a_metric_that_no_path_has_is_left_without_a_figure(made: Make) -> None:
    empty = {MINING: pl.lit(None, dtype=pl.Float64)}
    found = baseload.compare(made(empty), made(empty))
    words = words_of(render_comparison(found, ("a", "b")))
    assert "the value of mining cannot be compared" in words
    assert "on no path defined in both" in words


def test_one_path_has_no_interval(made: Make) -> None:
    def alone(one: baseload.Study) -> baseload.Study:
        return replace(one, metrics=one.metrics.head(1), facts={**one.facts, "paths": 1})

    found = baseload.compare(alone(made()), alone(made({MINING: pl.col(MINING) + 1e9})))
    assert "one path has no interval" in words_of(render_comparison(found, ("a", "b")))


def test_a_caveat_of_the_comparison_comes_before_those_of_the_studies(made: Make) -> None:
    found = baseload.compare(made(), made(money="EUR"))
    first, *_ = warnings_of(Compared(found, ("a", "b")))
    assert first.startswith("different kinds of money")


def test_the_page_is_written_whole_or_not_at_all(
    comparison: baseload.Comparison, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_written_whole_or_not_at_all(
        lambda target: write_comparison(comparison, target, ("base", "less & <less>")),
        lambda target: write_comparison(comparison, target),
        tmp_path / "порівняння 1.html",
        page,
        monkeypatch,
    )
