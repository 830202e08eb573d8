"""A path by spans and closed forms is the path hour by hour, to the last byte.

A traced path goes hour by hour on every day; an untraced one takes shortcuts where nothing binds.
The default is 40 scenarios; `BASELOAD_SPAN_CASES=2000` makes a night of it.
"""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import SCENARIOS
from tests.naive import document
from tests.property.test_plant_twin import SEASON, between, days, without_none

import baseload
from baseload.engine.outputs import METRIC_NAMES, SERIES
from baseload.engine.path import simulate_paths
from baseload.engine.plan import Plan, plan
from baseload.engine.pool import simulate, trace_path
from baseload.engine.state import outputs, works

CASES = int(os.environ.get("BASELOAD_SPAN_CASES", "40"))
PATHS = 2

Table = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]


def assert_same_by_hour(planned: Plan, paths: int) -> None:
    """Hold metrics, series, ledger and cash of the first paths to those of the same paths hour by hour."""
    # One memory for all paths: what one leaves behind must not matter to the next.
    work = works(planned.setups, trace=False)
    for path in range(paths):
        result = outputs(1, planned.setups)
        simulate_paths(planned.setups, work, planned.draw(path, 1), path, result)
        traced, by_hour = trace_path(planned, path)
        for place, name in enumerate(METRIC_NAMES):
            assert_same_bytes(
                f"{name}, path {path}", result.metrics[0, place], by_hour.metrics[0, place]
            )
        for place, one in enumerate(SERIES):
            assert_same_bytes(
                f"{one}, path {path}", result.series[0, place], by_hour.series[0, place]
            )
        assert_same_bytes(f"milestones, path {path}", result.milestones, by_hour.milestones)
        assert_same_bytes(f"ledger, path {path}", work.ledger, traced.ledger)
        assert_same_bytes(f"monthly, path {path}", work.monthly, traced.monthly)
        assert not result.balance.any()


def assert_same_bytes(what: str, shortcut: Any, by_hour: Any) -> None:
    assert np.asarray(shortcut).tobytes() == np.asarray(by_hour).tobytes(), (
        f"{what}: {shortcut} by spans, {by_hour} hour by hour"
    )


@pytest.mark.parametrize("name", ["small", "zaporizhzhia", "susquehanna", "el-salvador-volcano"])
def test_a_traced_path_has_the_metrics_of_the_study(name: str) -> None:
    scenario = baseload.load(SCENARIOS / "small.toml" if name == "small" else name)
    planned = plan(scenario.model, scenario.folder, 5)
    result = simulate(planned, 6, 2, None, "", with_series=False)
    for path in range(6):
        _, by_hour = trace_path(planned, path)
        for place, metric in enumerate(METRIC_NAMES):
            assert_same_bytes(
                f"{metric}, path {path}", result.metrics[path, place], by_hour.metrics[0, place]
            )
    assert_same_by_hour(planned, 3)


seldom = st.sampled_from([0.0, 0.0, 1.0, 6.0])


@st.composite
def unit_tables(draw: Draw, name: str) -> Table:
    running = draw(st.sampled_from([True, True, True, False]))
    restart = {"order": 1, "months": draw(between(0.25, 6.0)), "cost_usd_million": 10.0}
    return without_none(
        {
            "name": name,
            "gross_mw": 110.0,
            "net_mw": draw(between(50.0, 110.0)),
            "thermal_mw": 330.0,
            "house_load_shut_down_mw": draw(between(0.0, 9.0)),
            "state": "running" if running else "cold shutdown",
            "shut_down_on": None if running else "2022-09-11",
            "end_of_life_on": draw(st.one_of(st.none(), st.none(), st.none(), days)),
            "restart": None if running else restart,
            "refuelling": draw(st.sampled_from([None, {"every_months": 7.0, "days": 20.0}])),
            "forced": draw(
                st.sampled_from([None, {"mean_hours_between": 1500.0, "repair_hours": 50.0}])
            ),
            "availability": draw(st.sampled_from([None] * 24 + [SEASON])),
        }
    )


@st.composite
def plant_tables(draw: Draw) -> Table:
    event = st.fixed_dictionaries(
        {
            "per_year": seldom,
            "hours": between(0.0, 200.0),
            "trips_units": st.booleans(),
            "stops_mine": st.booleans(),
        }
    )
    limit = st.fixed_dictionaries({"from": days, "mw": between(0.0, 300.0)})
    events: list[Table] = draw(st.lists(event, max_size=1))
    return {
        "units": [draw(unit_tables(f"U{place}")) for place in range(draw(st.integers(1, 3)))],
        "projects": [{"name": "p", "starts": "2027-02-01", "months": {"uniform": [0.5, 3.0]}}],
        "common_house_load_mw": draw(between(0.0, 9.0)),
        "limits": draw(st.lists(limit, max_size=1)),
        "off_site_power": {
            "losses_per_year": draw(seldom),
            "outage_hours": draw(between(0.0, 200.0)),
            "trips_units": draw(st.booleans()),
        },
        "events": [{"name": f"e{place}", **table} for place, table in enumerate(events)],
        "diesels": {
            "fuel_hours": draw(between(1.0, 100.0)),
            "fails_to_start": draw(st.sampled_from([0.0, 0.3])),
            "fuel_usd_per_hour": 900.0,
        },
        "costs": {
            "fuel_usd_per_mwh": draw(between(0.0, 30.0)),
            "fixed_om_usd_per_kw_year": 40.0,
            "insurance_usd_million_per_year": 1.0,
            "shut_down_om_usd_million_per_year": 1.0,
            "real_growth_per_year": draw(st.sampled_from([0.0, 0.02])),
        },
    }


@st.composite
def demand_tables(draw: Draw, name: str) -> Table:
    form: Table = draw(
        st.one_of(
            between(0.0, 60.0).map(lambda mw: {"constant_mw": mw}),
            st.tuples(
                st.sampled_from(["household", "industry-two-shift", "flat"]), between(0.0, 150.0)
            ).map(lambda shape: {"profile": shape[0], "peak_mw": shape[1]}),
        )
    )
    return without_none(
        {
            "name": name,
            **form,
            "growth_per_year": draw(between(-0.2, 0.3)),
            "tariff_usd_per_mwh": draw(between(0.0, 80.0)),
            "other_supply_mw": draw(st.one_of(st.just(0.0), between(0.0, 80.0))),
            "may_import": draw(st.booleans()),
            "owed_from": draw(st.one_of(st.just("start"), st.none(), days.map(date.fromisoformat))),
        }
    )


lines = st.fixed_dictionaries(
    {
        "export_mw": between(0.0, 150.0),
        "import_mw": between(0.0, 80.0),
        "needs": st.sampled_from([[], [], ["p"]]),
        "outages_per_year": seldom,
        "outage_hours": between(0.0, 300.0),
    }
)
bounds = st.fixed_dictionaries(
    {"from": days, "usd_per_mwh": st.sampled_from([-50.0, 0.0, 8.0, 12.345, 55.0, 70.0])}
)


@st.composite
def grid_tables(draw: Draw) -> Table:
    count = draw(st.integers(0, 2))
    price = {
        "profile": draw(st.sampled_from(["flat", "day-ahead"])),
        "level_usd_per_mwh": draw(between(1.0, 120.0)),
        "level_volatility": draw(st.sampled_from([0.0, 0.5])),
        "daily_volatility": draw(st.sampled_from([0.0, 0.4])),
        "spikes": draw(
            st.sampled_from([None, {"per_year": 40.0, "factor": {"uniform": [0.2, 5.0]}}])
        ),
        "caps": draw(st.lists(bounds, max_size=1)),
        "floors": draw(st.lists(bounds, max_size=2)),
    }
    limit = st.one_of(st.none(), between(100.0, 400.0), between(0.0, 100.0))
    export = draw(limit)
    return without_none(
        {
            "utc_offset_hours": draw(st.sampled_from([0, 2, -9])),
            "lines": [{"name": f"L{place}", **draw(lines)} for place in range(count)],
            "export_limit_mw": 100.0 if export is None and count == 0 else export,
            "import_limit_mw": draw(limit),
            "price": without_none(price),
            "price_fall_usd_per_mwh_per_gw": draw(st.sampled_from([0.0, 20.0, 150.0, 900.0])),
            "export_fee_usd_per_mwh": draw(st.sampled_from([0.0, 3.0])),
            "import_fee_usd_per_mwh": draw(st.sampled_from([0.0, 12.0])),
            "transmission_loss": draw(st.sampled_from([0.0, 0.03])),
            "mine_may_import": draw(st.sampled_from([False] * 11 + [True])),
        }
    )


@st.composite
def fleet_tables(draw: Draw, start: date) -> Table:
    return without_none(
        {
            "model": draw(
                st.sampled_from(["antminer-s21", "antminer-s19j-pro", "antminer-s23-hyd"])
            ),
            "mine_mw": draw(st.one_of(st.sampled_from([0.0, 1.0, 400.0]), between(1.0, 120.0))),
            "order": str(start + timedelta(days=draw(st.integers(-700, 200)))),
            "runs": draw(st.sampled_from(["when it pays", "when it pays", "always"])),
            "lead_months": draw(st.sampled_from([0.0, 1.5])),
            "machines_per_month": draw(st.sampled_from([1000.0, 10_000.0, 1e6])),
            "lifetime_years": draw(st.sampled_from([0.5, 1.0, 5.0])),
            "replace": draw(st.sampled_from(["never", "same-class", "always"])),
            "price_usd_per_th": draw(st.sampled_from([None, 5.0])),
            "opex_usd_per_mwh": draw(st.sampled_from([0.0, 1.0, 40.0])),
            "opex_usd_per_kw_year": 30.0,
            "site_usd_per_kw": 100.0,
            "resale_share": 0.1,
            "needs": draw(st.sampled_from([[], [], ["p"]])),
        }
    )


@st.composite
def network_tables(draw: Draw) -> Table:
    return {
        "price_usd": draw(
            st.sampled_from(
                [
                    {"fixed": 60_000.0},
                    {"fixed": 20_000.0},
                    {"geometric-brownian": {"drift_per_year": 0.1, "volatility_per_year": 0.8}},
                ]
            )
        ),
        "fees_volatility": draw(st.sampled_from([0.0, 0.6])),
        "rest_of_network": draw(st.sampled_from(["supply-curve", "exogenous"])),
        "payout": draw(st.sampled_from(["auto", "fpps", "own-pool"])),
        "exogenous": {"volatility_per_year": 0.5},
    }


@st.composite
def whole_scenarios(draw: Draw) -> Table:
    war = {"from": "ceasefire", "to": "war", "per_year": draw(st.sampled_from([0.0, 4.0]))}
    # A study may begin in the replayed past, or long after the snapshot.
    start = draw(
        st.sampled_from(
            [(2022, 2, 1), (2026, 3, 1), (2027, 1, 1), (2027, 1, 1), (2027, 12, 1)]
        ).map(lambda day: date(*day))
    )
    return {
        "start": str(start),
        "years": draw(st.sampled_from([1, 1, 2])),
        "phase": "ceasefire",
        "phases": {"war": {"stops_mine": draw(st.booleans()), "stops_units": draw(st.booleans())}},
        "transitions": [war, {"from": "war", "to": "ceasefire", "per_year": 50.0}],
        "plant": draw(plant_tables()),
        "demand": [draw(demand_tables(f"d{place}")) for place in range(draw(st.integers(0, 3)))],
        "grid": draw(grid_tables()),
        "fleet": [draw(fleet_tables(start)) for _ in range(draw(st.integers(0, 3)))],
        "network": draw(network_tables()),
    }


@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(whole_scenarios(), st.integers(0, 10_000))
def test_a_path_by_spans_equals_the_path_hour_by_hour(sections: Table, seed: int) -> None:
    assert_same_by_hour(plan(document(**sections), Path(), seed), PATHS)
