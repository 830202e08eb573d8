"""Comparison: paired differences by hand, undefined paths, settings by place, studies that do not fit."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
from scipy import stats
from tests.unit.comparison.made_up import made_up

import baseload
from baseload.cli.compare import SHOWN, comparison_text
from baseload.cli.text import digits
from baseload.comparison.paired import Difference, difference_of, student_t
from baseload.engine.outputs import METRIC_NAMES, METRICS
from baseload.errors import InputError

NAN = math.nan


def row(comparison: baseload.Comparison, metric: str, place: int) -> dict[str, Any]:
    return comparison.table.row(
        by_predicate=(polars.col("metric") == metric) & (polars.col("place") == place), named=True
    )


def test_a_difference_is_the_one_by_hand() -> None:
    # Differences 1, 1, 3, 3: mean 2, variance 4/3, standard error sqrt(1/3).
    found = difference_of(np.array([0.0, 10.0, 20.0, 30.0]), np.array([1.0, 11.0, 23.0, 33.0]))
    assert found.share_paired == 1.0
    assert (found.paired_mean_of_first, found.paired_mean) == (15.0, 17.0)
    assert found.difference_mean == 2.0
    assert found.difference_se == math.sqrt(4 / 3 / 4)
    half = 3.182446305 * math.sqrt(1 / 3)  # Student's t at 3 degrees of freedom, from the table
    assert found.difference_low == pytest.approx(2.0 - half, rel=1e-12)
    assert found.difference_high == pytest.approx(2.0 + half, rel=1e-12)
    assert (found.difference_p05, found.difference_p50, found.difference_p95) == (1.0, 2.0, 3.0)
    assert found.share_higher == 1.0
    # Variances 500/3 and (16² + 6² + 6² + 16²)/3 = 584/3, over that of the differences, 4/3.
    assert found.variance_factor == pytest.approx((500 + 584) / 4, rel=1e-12)


def test_a_path_counts_only_where_both_are_defined() -> None:
    first = np.array([1.0, NAN, 3.0, 4.0, NAN])
    other = np.array([2.0, 5.0, NAN, 7.0, NAN])
    found = difference_of(first, other)
    assert found.share_paired == 0.4
    assert (found.paired_mean_of_first, found.paired_mean) == (2.5, 4.5)
    assert found.difference_mean == 2.0


def test_no_pair_has_no_difference_and_one_pair_no_interval() -> None:
    assert difference_of(np.array([1.0, NAN]), np.array([NAN, 1.0])) == Difference(0.0)
    one = difference_of(np.array([1.0, NAN]), np.array([3.0, 1.0]))
    assert (one.share_paired, one.difference_mean) == (0.5, 2.0)
    assert (one.difference_se, one.difference_low, one.variance_factor) == (None, None, None)


def test_equal_values_differ_by_nothing_and_have_no_factor() -> None:
    found = difference_of(np.array([1.0, 5.0]), np.array([1.0, 5.0]))
    assert (found.difference_low, found.difference_high, found.difference_se) == (0.0, 0.0, 0.0)
    assert (found.share_higher, found.variance_factor) == (0.0, None)


def test_the_order_of_the_paths_changes_no_bit() -> None:
    generator = np.random.default_rng(5)
    first = generator.normal(1e9, 1e8, 400)
    other = first + generator.normal(1e3, 1e5, 400)
    order = generator.permutation(400)
    assert difference_of(first, other) == difference_of(first[order], other[order])


def test_draws_in_common_divide_the_variance_and_draws_apart_do_not() -> None:
    generator = np.random.default_rng(11)
    luck, own, apart = generator.normal(0.0, [[10.0], [1.0], [10.0]], (3, 20_000))
    # Variances 100 and 101 against 1; the variance of 20,000 normal draws is known to 1 %.
    assert difference_of(luck, luck + own).variance_factor == pytest.approx(201, rel=0.04)
    assert difference_of(luck, apart).variance_factor == pytest.approx(1.0, rel=0.04)


@pytest.mark.parametrize("degrees", [1, 2, 5, 9, 10, 11, 30, 299, 9_999, 10_000_000])
def test_students_quantile_is_scipys(degrees: int) -> None:
    # The first term left out is of the order of 1 / degrees^5: 4e-6 at ten.
    assert student_t(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=5e-6)


def test_the_package_has_the_function_whatever_was_imported_before() -> None:
    import baseload.cli.compare
    import baseload.comparison

    assert baseload.compare is baseload.comparison.compare
    assert {"compare", "Comparison"} <= set(baseload.__all__)


def test_three_studies_are_each_set_against_the_first() -> None:
    studies = [made_up(metrics={"npv_usd": [at * 1e6, 2.0, 3.0, 4.0]}) for at in (1, 2, 4)]
    found = baseload.compare(*studies)
    assert found.names == ("made-up", "made-up (2)", "made-up (3)")
    assert found.studies == tuple(studies)
    assert (found.paths, found.seed, found.warnings) == (4, 7, ())
    assert found.table.height == 3 * len(METRIC_NAMES)
    means = [row(found, "npv_usd", place)["difference_mean"] for place in (1, 2, 3)]
    assert means == [None, 0.25e6, 0.75e6]


def test_the_figures_of_one_study_are_those_of_its_own_summary() -> None:
    # Where a path has none: the mean is over the others, the median has it at the bad end.
    found = baseload.compare(
        made_up(metrics={"irr": [None, 0.1, 0.2, 0.3]}),
        made_up(metrics={"irr": [0.2, 0.2, None, None]}),
    )
    first, other = row(found, "irr", 1), row(found, "irr", 2)
    assert first["mean"] == pytest.approx(0.2)
    assert first["p50"] == pytest.approx(0.15)
    assert (first["share_defined"], other["share_defined"]) == (0.75, 0.5)
    assert (other["share_paired"], other["p50"]) == (0.25, None)
    assert other["difference_mean"] == 0.1


def test_the_object_for_programs_is_plain_and_whole() -> None:
    found = baseload.compare(
        made_up(metrics={"irr": [None] * 4}), made_up(metrics={"npv_usd": [0.1, 0.2, 0.3, 0.5]})
    ).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found["metrics"]) == list(METRIC_NAMES)
    first, other = found["metrics"]["npv_usd"]["studies"]
    assert first["difference"] is None
    assert other["difference"]["difference_mean"] == math.fsum([0.1, 0.2, 0.3, 0.5]) / 4
    assert found["metrics"]["irr"]["studies"][1]["difference"]["difference_mean"] is None
    assert [study["name"] for study in found["studies"]] == ["made-up", "made-up (2)"]


@pytest.mark.parametrize(
    ("facts", "asked", "words"),
    [
        ({"seed": 8}, {}, ["seed", "found    8", "7, as made-up has"]),
        ({"paths": 5}, {}, ["paths", "found    5", "4, as made-up has"]),
        ({}, {"seed": 9}, ["seed", "found    7", "9, as asked for"]),
        ({}, {"paths": 100}, ["paths", "found    4", "100, as asked for"]),
    ],
)
def test_studies_on_other_draws_are_refused(
    facts: dict[str, Any], asked: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(InputError) as told:
        baseload.compare(made_up(), made_up(**facts), **asked)
    for word in words:
        assert word in str(told.value)


def test_a_study_that_lacks_paths_is_refused() -> None:
    broken = made_up(paths=3, metrics=None)
    broken.facts["paths"] = 4
    with pytest.raises(InputError, match="metrics of 3 paths"):
        baseload.compare(made_up(), broken)


def test_what_cannot_be_set_side_by_side_is_a_warning() -> None:
    found = baseload.compare(made_up(), made_up(years=3), made_up(money="EUR", version="2"))
    years, money, version = found.warnings
    assert "different years (2 in 1 and 3; 3 in 2)" in years
    assert "USD in 1 and 2; EUR in 3" in money
    assert "versions" in version


def test_a_metric_that_one_lacks_is_left_out_and_named() -> None:
    older = made_up()
    lacking = baseload.Study(**{**vars(older), "metrics": older.metrics.drop("irr")})
    found = baseload.compare(made_up(), lacking)
    assert found.warnings == ("irr is left out: not in made-up (2)",)
    assert "irr" not in found.table["metric"].to_list()
    assert found.table.height == 2 * (len(METRIC_NAMES) - 1)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["4:fleet.0.mine_mw=1"], ["number 4", "from 1 to 3"]),
        (["0:fleet.0.mine_mw=1"], ["number 0", "from 1 to 3"]),
        (["1:fleet.0.mine_mw=1"], ["has been run already"]),
        (["2:fleet.0.mine_mv=1"], ["mine_mv", "nearest  mine_mw", "in small"]),
        (["fleet.0.mine_mw=-1"], ["found    -1", "in small"]),
        (["3:fleet.0.mine_mw"], ["KEY=VALUE"]),
        (["3:nothing.0=1", "9:years=1"], ["nothing", "number 9"]),
    ],
)
def test_a_setting_that_cannot_be_is_told_before_anything_runs(
    small_scenario: baseload.Scenario, overrides: list[str], words: list[str]
) -> None:
    with pytest.raises(InputError) as told:
        baseload.compare(made_up(), small_scenario, small_scenario.file, overrides=overrides)
    for word in words:
        assert word in str(told.value)


def test_settings_without_a_scenario_are_refused() -> None:
    with pytest.raises(InputError, match="has been run already"):
        baseload.compare(made_up(), made_up(), overrides=["years=3"])


@pytest.mark.parametrize("thing", ["no-such-scenario", "no/such.toml", "a\0b", 7])
def test_what_is_neither_scenario_nor_study_is_refused(thing: Any) -> None:
    with pytest.raises(InputError):
        baseload.compare(made_up(), thing)


def test_a_folder_that_is_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a folder without manifest\.json"):
        baseload.compare(made_up(), tmp_path)


def test_two_mines_on_the_same_draws_have_a_difference_that_is_surer(
    small_scenario: baseload.Scenario, small_study: baseload.Study
) -> None:
    found = baseload.compare(
        small_study, small_scenario, threads=1, overrides=["2:fleet.1.mine_mw=35"]
    )
    assert found.names == ("small", "small with fleet.1.mine_mw=35")
    assert (found.paths, found.seed) == (24, 5)  # those of the study
    assert found.studies[1].metrics["path"].to_list() == small_study.metrics["path"].to_list()
    for name in ("npv_usd", "npv_gain_over_grid_only_usd", "bitcoin_mined"):
        assert row(found, name, 2)["variance_factor"] > 1.0, name
    assert row(found, "machines_peak", 2)["share_higher"] == 1.0
    # The plant is the same on every path.
    assert row(found, "generation_mwh", 2)["difference_high"] == 0.0
    mean = np.mean(
        found.studies[1].metrics["npv_usd"].to_numpy() - small_study.metrics["npv_usd"].to_numpy()
    )
    # Two sums of 24 numbers of which each rounds to one part in 2^53.
    assert row(found, "npv_usd", 2)["difference_mean"] == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("part", [0.0, 1e-15, 1e-3, 0.99996, -0.09996])
def test_the_tables_fit_80_columns(part: float, everything: bool) -> None:
    # As large as they come: world's output of power, a trillion dollars, ten million a bitcoin.
    largest = {"USD": 1e12, "USD/BTC": 1e7, "MWh": 3e10, "share": 1.0}
    sizes = {metric.name: part * largest.get(metric.unit, 1e6) for metric in METRICS}
    values: dict[str, list[float | None]] = {
        name: [size * at for at in (0.1, 0.2, 0.3, 0.4)] for name, size in sizes.items()
    }
    others: dict[str, list[float | None]] = {
        name: [-size * at for at in (1.0, 0.7, 0.8, 0.9)] for name, size in sizes.items()
    }
    text = comparison_text(
        baseload.compare(made_up(metrics=values), made_up(metrics=others)), everything
    )
    assert max(map(len, text.splitlines())) <= 80, text


def test_the_short_table_begins_with_its_condition_and_has_people_before_money() -> None:
    values: list[float | None] = [1e9, 2e9, 3e9, 4e9]
    higher: list[float | None] = [1e9, 2e9, 3e9, 5e9]
    found = baseload.compare(
        made_up(metrics={"npv_usd": values, "cost_per_bitcoin_usd": [1.0, 2.0, None, 4.0]}),
        made_up(metrics={"npv_usd": higher, "cost_per_bitcoin_usd": [None, 2.0, None, 5.0]}),
    )
    lines = comparison_text(found).splitlines()
    assert lines[0] == "Conditional on: agreed and begun on 2027-01-01"
    labels = [line.split("  ")[0] for line in lines]
    assert labels.index("reactor-years at power, years") < labels.index("mine, MWh")
    assert labels.index("mine, MWh") < labels.index("net present value, billion USD")
    (money,) = [line for line in lines if line.startswith("net present value")]
    # Mean of 0, 0, 0 and 1: 0.25 with variance 0.25, so 3.182 * 0.25; (1.667 + 2.917) / 0.25.
    assert money.split()[-5:] == ["2.5", "2.75", "0.25", "0.796", "18.3"]
    (reactors,) = [line for line in lines if line.startswith("reactor-years")]
    assert reactors.split()[-1] == "same"
    assert any("share of the paths: a bitcoin costs 50" in line for line in lines)


def test_all_metrics_are_there_when_asked_for() -> None:
    lines = comparison_text(baseload.compare(made_up(), made_up()), everything=True).splitlines()
    assert set(METRIC_NAMES) <= set(lines)
    assert set(SHOWN) <= set(METRIC_NAMES)


@pytest.mark.parametrize(
    "value", [1e-300, 9.99e-4, 9.996e-4, 0.9996, 9.996, 999.6, -99.96, -999_999.0, -2e16]
)
def test_a_number_is_short_and_as_right_as_its_digits(value: float) -> None:
    written = digits(value)
    assert len(written) <= 8
    tolerance = 5e-3 if 1e-3 <= abs(value) < 1e6 else 0.1
    assert float(written.replace(",", "")) == pytest.approx(value, rel=tolerance)
