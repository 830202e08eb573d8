"""Energy balances to the kilowatt-hour and money to the cent, whatever the scenario."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import baseload

PATHS = 3


@pytest.fixture(scope="module")
def base(small_scenario: baseload.Scenario, scenario_folder: Path) -> baseload.Scenario:
    """The small scenario, with a file of prices and one of availability beside it."""
    hour = np.arange(8760)
    price = 45 + 60 * np.sin(hour / 24 * 2 * math.pi) - 20 * (hour % 168 > 140)
    sun = np.maximum(0.0, np.sin((hour % 24 - 6) / 12 * math.pi))
    for name, values in (("prices.csv", price), ("sun.csv", sun)):
        text = "value\n" + "\n".join(f"{value:.4f}" for value in values) + "\n"
        (scenario_folder / name).write_text(text, encoding="utf-8")
    return small_scenario


def chance(changes: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """These changes or none, with equal chances."""
    return st.sampled_from([{}, changes])


ONE_BATCH = {"model": "antminer-s19j-pro", "order": "2027-02-01"}
CHANGES: list[st.SearchStrategy[dict[str, Any]]] = [
    st.sampled_from([{}, {"years": 1}]),
    st.sampled_from(
        [
            {},
            {"demand": []},
            {"demand.town.peak_mw": 0.0},
            {"demand.town.peak_mw": 230.0, "demand.works.other_supply_mw": 0.0},
            {"demand.works": {"name": "works", "share_of_output": 0.3, "tariff_usd_per_mwh": 20}},
        ]
    ),
    st.sampled_from(
        [
            {},
            {"fleet": []},
            {"fleet.0.mine_mw": 0.0, "fleet.1.mine_mw": 0.0},
            {"fleet.0.runs": "always", "fleet.0.opex_usd_per_mwh": 4000.0},
            {"fleet.0.mine_mw": 190.0},
        ]
    ),
    st.sampled_from(
        [
            {},
            {"grid.price.file": "prices.csv"},
            {"grid.price_fall_usd_per_mwh_per_gw": 0.0, "grid.price.floors": []},
            {"grid.lines": [], "grid.export_limit_mw": 30.0, "grid.import_limit_mw": 500.0},
            {"grid.lines": [], "grid.export_limit_mw": 0.0},
        ]
    ),
    chance({"grid.mine_may_import": True, "grid.price.level_usd_per_mwh": {"uniform": [4, 6]}}),
    chance({"plant.units.A.availability": "sun.csv"}),
    chance({"plant.units.B.enabled": False}),
    chance({"plant.off_site_power.trips_units": False}),
    chance({"plant.off_site_power.losses_per_year": 20.0, "plant.diesels.fails_to_start": 1.0}),
    chance({"finance.treasury.sell": 0.0, "finance.tax_rate": 0.0}),
    chance({"network.rest_of_network": "exogenous", "network.payout": "own-pool"}),
    st.sampled_from([{}, {"network.price_usd": {"fixed": 20_000.0}}]),
]


@st.composite
def many_changes(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in CHANGES:
        made |= draw(part)
    if "demand" in made:
        made = {key: value for key, value in made.items() if not key.startswith("demand.")}
    return made


def assert_metrics_balance(study: baseload.Study) -> None:
    # Metrics are whole kWh in MWh: two of them differ by rounding of doubles alone, 1e-6 MWh at most.
    for row in study.metrics.iter_rows(named=True):
        into = row["generation_mwh"] + row["import_mwh"]
        out = row["firm_served_mwh"] + row["mine_mwh"] + row["export_mwh"] + row["curtailed_mwh"]
        assert into == pytest.approx(out, rel=0, abs=1e-6)
        assert row["firm_demand_mwh"] == pytest.approx(
            row["firm_served_mwh"] + row["unserved_firm_mwh"], rel=0, abs=1e-6
        )
        assert row["produced_mwh"] == pytest.approx(
            row["generation_mwh"] - row["curtailed_mwh"], rel=0, abs=1e-6
        )
        assert 0 <= row["firm_served_by_plant_mwh"] <= row["firm_served_mwh"] + 1e-6
        for name, value in row.items():
            if name.endswith("_mwh"):
                assert value >= 0, name


def assert_money_adds_up(study: baseload.Study) -> None:
    # Differences of doubles of up to 1e10: a cent is 1e-2, their rounding 1e-6.
    for row in study.metrics.iter_rows(named=True):
        run, idle, alone = (row[f"npv_{n}usd"] for n in ("", "idle_", "grid_only_"))
        assert row["npv_gain_over_idle_usd"] == pytest.approx(run - idle, abs=1e-2)
        assert row["npv_gain_over_grid_only_usd"] == pytest.approx(run - alone, abs=1e-2)
        assert row["value_of_restarting_usd"] == pytest.approx(alone - idle, abs=1e-2)
        assert row["npv_gain_over_idle_usd"] == pytest.approx(
            row["npv_gain_over_grid_only_usd"] + row["value_of_restarting_usd"], abs=1e-2
        )


def assert_hours_balance(study: baseload.Study) -> None:
    hours = study.dispatch
    left = hours["available_kw"].cast(pl.Int64) + hours["import_kw"]
    right = (
        hours["firm_served_kw"].cast(pl.Int64)
        + hours["mine_kw"]
        + hours["export_kw"]
        + hours["curtailed_kw"]
    )
    assert left.equals(right)
    assert (hours["firm_demand_kw"] == hours["firm_served_kw"] + hours["unserved_kw"]).all()
    energies = [name for name in hours.columns if name.endswith("_kw")]
    assert (hours.select(pl.col(energies).min() >= 0)).row(0) == (True,) * len(energies)
    assert (hours["export_kw"] <= hours["export_limit_kw"]).all()
    assert (hours["house_load_kw"] <= hours["firm_served_kw"]).all()


def assert_hours_are_the_paths(study: baseload.Study, path: int) -> None:
    row = study.metrics.row(path, named=True)
    for column, metric in (
        ("available_kw", "generation_mwh"),
        ("import_kw", "import_mwh"),
        ("firm_demand_kw", "firm_demand_mwh"),
        ("firm_served_kw", "firm_served_mwh"),
        ("firm_served_by_plant_kw", "firm_served_by_plant_mwh"),
        ("unserved_kw", "unserved_firm_mwh"),
        ("mine_kw", "mine_mwh"),
        ("export_kw", "export_mwh"),
        ("export_grid_only_kw", "export_mwh_grid_only"),
        ("curtailed_kw", "curtailed_mwh"),
    ):
        total_kwh = int(study.dispatch[column].cast(pl.Int64).sum())
        assert total_kwh == round(row[metric] * 1000), metric


def assert_ledger_gives_the_npv(
    scenario: baseload.Scenario, study: baseload.Study, path: int
) -> None:
    row = study.metrics.row(path, named=True)
    rate = scenario.model.finance.discount_rate
    yearly = (
        rate.numbers[0]
        if rate.is_fixed
        else study.inputs.row(path, named=True)["finance.discount_rate"]
    )
    for variant, metric in (
        ("run", "npv_usd"),
        ("grid_only", "npv_grid_only_usd"),
        ("idle", "npv_idle_usd"),
    ):
        net = (
            study.ledger.filter(study.ledger["variant"] == variant)
            .group_by("month")
            .agg(pl.col("cents").sum())
            .sort("month")
        )
        assert net["cents"].dtype == pl.Int64
        value = math.fsum(
            cents / 100 * (1 + yearly) ** (-(month + 1) / 12) for month, cents in net.iter_rows()
        )
        assert round(value, 2) == pytest.approx(round(row[metric], 2), rel=0, abs=0.011), metric


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(changes=many_changes(), seed=st.integers(0, 2**40), path=st.integers(0, PATHS - 1))
def test_whatever_the_scenario_energy_and_money_balance(
    base: baseload.Scenario, changes: dict[str, Any], seed: int, path: int
) -> None:
    scenario = base.with_(changes)
    study = baseload.run(scenario, paths=PATHS, seed=seed, threads=1, trace=path)
    assert_metrics_balance(study)
    assert_money_adds_up(study)
    assert_hours_balance(study)
    assert_hours_are_the_paths(study, path)
    assert_ledger_gives_the_npv(scenario, study, path)


def test_the_small_study_balances_on_every_path(small_study: baseload.Study) -> None:
    assert_metrics_balance(small_study)
    assert_money_adds_up(small_study)


def test_the_checks_of_balance_can_fail(small_study: baseload.Study) -> None:
    spoiled = small_study.metrics.with_columns(pl.col("export_mwh") + 0.001)
    study = baseload.Study(**{**vars(small_study), "metrics": spoiled})
    with pytest.raises(AssertionError):
        assert_metrics_balance(study)


def test_without_a_mine_the_run_is_grid_only(base: baseload.Scenario) -> None:
    study = baseload.run(base.with_({"fleet": []}), paths=PATHS, seed=1, threads=1)
    row = study.metrics
    assert row["npv_gain_over_grid_only_usd"].to_list() == [0.0] * PATHS
    assert row["export_mwh"].to_list() == row["export_mwh_grid_only"].to_list()
    assert study.flip is None
    for name in ("mine_mwh", "machines_peak", "bitcoin_mined", "network_share_peak"):
        assert row[name].to_list() == [0.0] * PATHS
    for name in ("cost_per_bitcoin_usd", "revenue_per_bitcoin_usd", "displacement"):
        assert row[name].to_list() == [None] * PATHS


def test_a_mine_never_takes_from_firm_demand(base: baseload.Scenario) -> None:
    small = baseload.run(base, paths=PATHS, seed=2, threads=1).metrics
    greedy = {"fleet.0.mine_mw": 180.0, "fleet.0.runs": "always"}
    large = baseload.run(base.with_(greedy), paths=PATHS, seed=2, threads=1).metrics
    assert large["mine_mwh"].sum() > small["mine_mwh"].sum()
    for name in ("firm_served_mwh", "firm_served_by_plant_mwh", "unserved_firm_mwh"):
        assert large[name].to_list() == small[name].to_list()
