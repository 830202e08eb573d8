"""The Python interface: load, change, run, and what a study says of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import baseload
from baseload.engine.outputs import METRICS, Metric
from baseload.errors import InputError
from baseload.summary import summarise

PROMISED_METRICS = """
generation_mwh import_mwh firm_demand_mwh firm_served_mwh firm_served_by_plant_mwh
unserved_firm_mwh unserved_firm_mwh_grid_only mine_mwh export_mwh curtailed_mwh produced_mwh
machines_peak hash_rate_peak_eh_per_s network_share_peak network_share_mean displacement
bitcoin_mined cost_per_bitcoin_usd cash_cost_per_bitcoin_usd npv_usd npv_idle_usd
npv_grid_only_usd npv_gain_over_idle_usd npv_gain_over_grid_only_usd treasury_gain_usd irr
payback_years safety_fund_usd years_of_safety_funded reactor_years_at_power
offsite_power_losses_at_power offsite_power_losses_in_shutdown decay_heat_peak_mw_at_loss
station_blackout_probability diesel_hours mine_irr mine_payback_years
"""
PROMISED_KEYS = """
scenario conditional_on scenario_sha256 seed paths years engine_seconds compile_seconds
total_seconds threads version metrics
"""
NAMES = PROMISED_METRICS.split()
TOP = PROMISED_KEYS.split()
STATISTICS = ("unit", "mean", "mean_se", "std", "p05", "p25", "p50", "p75", "p95", "share_defined")


def test_importing_the_package_compiles_nothing() -> None:
    snippet = (
        "import sys, baseload\n"
        "assert {'load', 'run', 'open_study', 'Scenario', 'Study'} <= set(baseload.__all__)\n"
        "print(sorted({'numba', 'polars', 'pydantic'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("name", ["zaporizhzhia", "susquehanna", "el-salvador-volcano"])
def test_a_scenario_of_the_gallery_loads_by_name(name: str) -> None:
    scenario = baseload.load(name)
    assert scenario.name == name
    assert scenario.model.fleet
    assert len(scenario.sha256) == 64


def test_a_scenario_loads_by_path_and_by_text_of_path(scenario_folder: Path) -> None:
    path = scenario_folder / "small.toml"
    assert baseload.load(path).document == baseload.load(str(path)).document
    assert baseload.load(path).name == "small"


def test_with_changes_by_index_and_by_name(small_scenario: baseload.Scenario) -> None:
    changed = small_scenario.with_(
        {
            "fleet.0.mine_mw": 33,
            "fleet[second hall].mine_mw": 4,
            "plant.units[B].enabled": False,
            "plant.units.0.net_mw": {"uniform": [80, 90]},
            "finance.treasury.sell": 1,
        }
    )
    assert [batch.mine_mw.numbers for batch in changed.model.fleet] == [(33.0,), (4.0,)]
    assert changed.model.plant.units[1].enabled is False
    assert changed.model.plant.units[0].net_mw.support() == (80.0, 90.0)
    assert small_scenario.document["plant"]["units"][0]["net_mw"] == {"uniform": [96, 100]}
    assert changed.sha256 != small_scenario.sha256
    assert baseload.load(small_scenario.file).with_({}).sha256 == small_scenario.sha256


def test_the_hash_is_of_what_is_meant_and_not_of_how_it_is_written(
    small_scenario: baseload.Scenario, tmp_path: Path
) -> None:
    text = "# a remark\n" + small_scenario.text.replace("peak_mw            = 40", "peak_mw = 40.0")
    (tmp_path / "other.toml").write_text(text, encoding="utf-8")
    assert baseload.load(tmp_path / "other.toml").sha256 == small_scenario.sha256


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fleet.0.mine_mv": 1}, ["mine_mv", "nearest", "mine_mw"]),
        ({"fleet.7.mine_mw": 1}, ["index 7", "0 to 1"]),
        ({"fleet[third hall].mine_mw": 1}, ["third hall", "first hall"]),
        ({"fleet.0.mine_mw": -1}, ["-1", "at least 0", "MW"]),
        ({"fleet.0.mine_mw": "much"}, ["much"]),
        ({"fleet.0.mine_mw": float("nan")}, ["mine_mw", "nan"]),
        ({"fleet.0.mine_mw": None}, ["mine_mw"]),
        ({"years": 2.5}, ["years", "2.5"]),
        ({"start": "soon"}, ["start", "soon"]),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(
    small_scenario: baseload.Scenario, changes: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(InputError) as told:
        small_scenario.with_(changes)
    for word in words:
        assert word in str(told.value)


@pytest.mark.parametrize(
    "counts",
    [
        {"paths": 0},
        {"paths": -1},
        {"paths": 1.5},
        {"paths": True},
        {"seed": -1},
        {"seed": 2**63},
        {"threads": 0},
        {"threads": -2},
        {"threads": "two"},
        {"chunk_paths": 0},
        {"chunk_paths": 2.0},
        {"chunk_paths": True},
        {"chunk_paths": 5000},
        {"trace": -1},
    ],
)
def test_counts_that_cannot_be_are_refused(
    small_scenario: baseload.Scenario, counts: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match=next(iter(counts))):
        baseload.run(small_scenario, **counts)


def test_metrics_have_a_row_for_each_path_and_a_column_for_each_name(
    small_study: baseload.Study,
) -> None:
    assert small_study.metrics["path"].to_list() == list(range(24))
    assert set(NAMES) <= set(small_study.metrics.columns)
    assert small_study.metrics.columns == ["path", *(metric.name for metric in METRICS)]


def test_the_object_for_programs_is_plain_and_whole(small_study: baseload.Study) -> None:
    found = json.loads(json.dumps(small_study.to_json(), allow_nan=False))
    assert set(TOP) <= set(found)
    assert set(NAMES) <= set(found["metrics"])
    for name, row in found["metrics"].items():
        assert set(STATISTICS) <= set(row), name
        assert 0.0 <= row["share_defined"] <= 1.0
        ordered = [row[key] for key in STATISTICS[4:9] if row[key] is not None]
        assert ordered == sorted(ordered), name
    assert found["conditional_on"] == (
        "agreed and begun on 2027-01-01; nothing here says how likely that is"
    )
    assert (found["seed"], found["paths"], found["years"], found["threads"]) == (5, 24, 2, 1)


def test_the_summary_is_that_of_the_metrics(small_study: baseload.Study) -> None:
    for name in ("npv_usd", "generation_mwh", "bitcoin_mined"):
        values = small_study.metrics[name].to_numpy()
        row = small_study.summary[name]
        # Two ways to add 24 doubles: their sums differ in the last digits.
        assert row["mean"] == pytest.approx(values.mean(), rel=1e-12)
        assert row["std"] == pytest.approx(values.std(ddof=1), rel=1e-12)
        assert row["mean_se"] == pytest.approx(values.std(ddof=1) / np.sqrt(24), rel=1e-12)
        assert row["p25"] == pytest.approx(np.quantile(values, 0.25), rel=1e-12)


def test_undefined_paths_sort_to_the_bad_end() -> None:
    values = np.array([4.0, np.nan, 1.0, 3.0, np.nan, 2.0])
    time = summarise(values, Metric("payback_years", "years", "", "high"))
    rate = summarise(values, Metric("irr", "share", "", "low"))
    # Order 1 2 3 4 - -: the median lies between 3 and 4; the upper quarter is undefined.
    assert (time["p25"], time["p50"], time["p75"], time["p95"]) == (2.25, 3.5, None, None)
    # Order - - 1 2 3 4: the same from the other side.
    assert (rate["p05"], rate["p25"], rate["p50"], rate["p75"]) == (None, None, 1.5, 2.75)
    for row in (time, rate):
        assert row["share_defined"] == pytest.approx(4 / 6)
        assert row["mean"] == 2.5


def test_a_metric_that_no_path_defines_is_null_throughout() -> None:
    row = summarise(np.full(5, np.nan), Metric("irr", "share", "", "low"))
    assert {row[key] for key in STATISTICS[1:9]} == {None}
    assert row["share_defined"] == 0.0


def test_one_path_has_no_spread() -> None:
    row = summarise(np.array([7.0]), Metric("npv_usd", "USD", ""))
    assert (row["mean"], row["p05"], row["p95"], row["std"], row["mean_se"]) == (
        7,
        7,
        7,
        None,
        None,
    )


def test_the_path_shown_is_nearest_the_median_npv(small_study: baseload.Study) -> None:
    npv = small_study.metrics["npv_usd"].to_numpy()
    gaps = np.abs(npv - np.median(npv))
    assert gaps[small_study.representative_path] == gaps.min()


def test_progress_is_told_from_nothing_to_all(small_scenario: baseload.Scenario) -> None:
    told: list[tuple[int, int, str]] = []
    baseload.run(small_scenario, paths=20, threads=1, progress=lambda *seen: told.append(seen))
    assert told[0] == (0, 20, "reading and compiling")
    simulating = [done for done, paths, words in told if words == "simulating"]
    assert simulating == sorted(simulating)
    assert simulating[-1] == 20


def test_ctrl_c_in_the_middle_of_a_run_comes_through(small_scenario: baseload.Scenario) -> None:
    def interrupt(done: int, paths: int, words: str) -> None:
        if words == "simulating":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        baseload.run(small_scenario, paths=100, threads=2, progress=interrupt)


def test_series_have_every_month_of_every_name(small_study: baseload.Study) -> None:
    for (name,), part in small_study.series.group_by("name"):
        assert part["month"].to_list() == list(range(24)), name
        # Quantiles of the same draws cannot cross.
        assert (part["p05"] <= part["p50"]).all()
        assert (part["p50"] <= part["p95"]).all()
        assert part["mean"].is_finite().all()


def test_a_share_and_a_probability_lie_between_nothing_and_all(
    small_study: baseload.Study,
) -> None:
    for name in (
        "network_share_peak",
        "network_share_mean",
        "station_blackout_probability",
        "station_blackout_probability_idle",
    ):
        assert small_study.metrics[name].is_between(0.0, 1.0).all()
    assert all(0.0 <= share <= 1.0 for share in small_study.probability_of_gain.values())
