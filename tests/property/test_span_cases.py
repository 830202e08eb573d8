"""Each shortcut of a month by spans, and each reason to go hour by hour, in a scenario of its own.

`days_by_hour` are the days of the last December that are not served by spans: none, some or all.
"""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.naive import document
from tests.property.test_spans import assert_same_by_hour

from baseload.dispatch.work import D_BY_HOUR
from baseload.engine.outputs import METRIC_NAMES
from baseload.engine.path import simulate_paths
from baseload.engine.plan import Plan, plan
from baseload.engine.state import outputs, works

Table = dict[str, Any]

UNIT: Table = {
    "name": "one",
    "gross_mw": 105.0,
    "net_mw": 100.0,
    "state": "running",
    "house_load_shut_down_mw": 3.0,
}
SHUT: Table = {**UNIT, "state": "cold shutdown"}
DEMAND: Table = {
    "name": "town",
    "constant_mw": 40.0,
    "tariff_usd_per_mwh": 50.0,
    "owed_from": "start",
}
GRID: Table = {
    "export_limit_mw": 100.0,
    "import_limit_mw": 60.0,
    "import_fee_usd_per_mwh": 2.0,
    "price": {"level_usd_per_mwh": 60.0, "daily_volatility": 0.3},
}
HALL: Table = {
    "model": "antminer-s21",
    "mine_mw": 30.0,
    "order": "2026-06-01",
    "lead_months": 0.0,
    "price_usd_per_th": 10.0,
}
PLANT: Table = {
    "units": [UNIT],
    "common_house_load_mw": 2.0,
    "costs": {"fuel_usd_per_mwh": 6.0, "fixed_om_usd_per_kw_year": 30.0},
}
DAILY_EVENT: Table = {
    "name": "strike",
    "per_year": 100.0,
    "hours": {"uniform": [1.0, 30.0]},
    "trips_units": False,
    "stops_mine": True,
}


@dataclass(frozen=True)
class Case:
    """A scenario's sections, how many days of December go hour by hour, and what must be above zero."""

    days_by_hour: str
    plant: Table = field(default_factory=dict)
    demand: list[Table] = field(default_factory=lambda: [DEMAND])
    grid: Table = field(default_factory=dict)
    fleet: list[Table] = field(default_factory=lambda: [HALL])
    rest: Table = field(default_factory=dict)
    above_zero: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()


def demand(**changes: Any) -> list[Table]:
    return [{key: value for key, value in {**DEMAND, **changes}.items() if value is not None}]


ALL_USES = ("mine_mwh", "export_mwh", "firm_served_by_plant_mwh")
CASES: dict[str, Case] = {
    "one unit above demand": Case("none", above_zero=ALL_USES, zero=("unserved_firm_mwh",)),
    "no demand": Case("none", demand=[], above_zero=("export_mwh", "mine_mwh")),
    "no mine": Case("none", fleet=[], above_zero=("export_mwh",), zero=("mine_mwh",)),
    "demand above the unit": Case("all", demand=demand(constant_mw=120.0)),
    "demand above the unit at times": Case(
        "some",
        demand=demand(constant_mw=None, profile="industry-two-shift", peak_mw=110.0),
        grid={"import_limit_mw": 200.0},
    ),
    "a profile below the unit": Case(
        "none",
        demand=demand(constant_mw=None, profile="household", peak_mw=70.0),
        grid={"import_limit_mw": 200.0},
    ),
    "demand that an idle plant could not import": Case("all", demand=demand(constant_mw=56.0)),
    "a line that binds": Case(
        "none", grid={"export_limit_mw": 20.0}, above_zero=(*ALL_USES, "curtailed_mwh")
    ),
    "no line": Case("none", grid={"export_limit_mw": 0.0}, zero=("export_mwh",)),
    "only some tranches of export pay": Case(
        "none",
        grid={
            "price_fall_usd_per_mwh_per_gw": 400.0,
            "price": {"level_usd_per_mwh": 30.0, "daily_volatility": 0.4},
        },
        above_zero=(*ALL_USES, "curtailed_mwh"),
    ),
    "prices below the avoidable cost": Case(
        "none",
        grid={"price": {"level_usd_per_mwh": 7.0, "daily_volatility": 0.4}},
        above_zero=(*ALL_USES, "curtailed_mwh"),
    ),
    "prices below zero": Case(
        "none",
        grid={"price": {"caps": [{"from": "2027-01-01", "usd_per_mwh": -3.0}]}},
        zero=("export_mwh",),
    ),
    "losses of transmission and a fee": Case(
        "none", grid={"transmission_loss": 0.04, "export_fee_usd_per_mwh": 2.0}
    ),
    "an event stops the mine for part of a day": Case(
        "none", plant={"events": [DAILY_EVENT]}, above_zero=ALL_USES
    ),
    "war stops the mine from a day on": Case(
        "none",
        rest={
            "phase": "ceasefire",
            "phases": {"war": {"stops_mine": True}},
            "transitions": [{"from": "ceasefire", "to": "war", "on": "2027-12-10"}],
        },
        above_zero=ALL_USES,
    ),
    "a mine that always runs": Case(
        "none", fleet=[{**HALL, "runs": "always"}, {**HALL, "mine_mw": 90.0}]
    ),
    "halls worth the same": Case(
        "none", fleet=[{**HALL, "mine_mw": 25.0}, {**HALL, "mine_mw": 25.0}, HALL]
    ),
    "a shut plant, demand imported": Case(
        "none", plant={"units": [SHUT]}, zero=("unserved_firm_mwh", "generation_mwh")
    ),
    "a shut plant, demand served by others in part": Case(
        "none",
        plant={"units": [SHUT]},
        demand=demand(may_import=False, other_supply_mw=30.0),
        above_zero=("unserved_firm_mwh", "firm_served_mwh"),
    ),
    "a shut plant, demand above the line": Case(
        "all", plant={"units": [SHUT]}, demand=demand(constant_mw=80.0)
    ),
    "a shut plant whose house load is above the line": Case(
        "none",
        plant={"units": [SHUT], "diesels": {"fuel_usd_per_hour": 900.0}},
        demand=[],
        grid={"import_limit_mw": 1.0},
        above_zero=("diesel_hours", "diesel_hours_idle"),
    ),
    "two demands, one imported": Case(
        "none",
        plant={"units": [{**UNIT, "forced": {"mean_hours_between": 200.0, "repair_hours": 50.0}}]},
        demand=[*demand(may_import=False, other_supply_mw=5.0), {**DEMAND, "name": "works"}],
        above_zero=("unserved_firm_mwh", "plant_shortfall_mwh"),
    ),
    "units fail and return within days": Case(
        "some",
        plant={
            "units": [
                {**UNIT, "name": name, "forced": {"mean_hours_between": 90.0, "repair_hours": 30.0}}
                for name in ("one", "two")
            ]
        },
        demand=demand(constant_mw=110.0),
        grid={"import_limit_mw": 200.0},
    ),
    "growth that outgrows the unit": Case(
        "all", demand=demand(constant_mw=90.0, growth_per_year=0.3), rest={"years": 2}
    ),
    "growth below the unit": Case(
        "none", demand=demand(growth_per_year=0.3), rest={"years": 2}, above_zero=ALL_USES
    ),
    "demand owed from a day within the month": Case(
        "all", demand=demand(owed_from=date(2027, 12, 10))
    ),
    "demand owed from the first of a month": Case(
        "none", demand=demand(owed_from=date(2027, 12, 1))
    ),
    "demand owed from a first unit within the month": Case(
        "all",
        plant={"units": [{**SHUT, "restart": {"order": 1, "months": 11.4}}]},
        demand=demand(owed_from=None),
        above_zero=("generation_mwh",),
    ),
    "off-site power is lost and the site is dark": Case(
        "some",
        plant={
            "off_site_power": {"losses_per_year": 60.0, "outage_hours": 7.0, "restart_hours": 5.0},
            "diesels": {"fails_to_start": 0.7, "fuel_usd_per_hour": 900.0},
        },
        above_zero=("diesel_hours", "offsite_power_losses_at_power"),
    ),
    "units go on in island operation": Case(
        "some",
        plant={
            "off_site_power": {"losses_per_year": 60.0, "outage_hours": 7.0, "trips_units": False}
        },
        above_zero=("curtailed_mwh",),
    ),
    "lines fail within days": Case(
        "none",
        demand=demand(may_import=False),
        grid={
            "export_limit_mw": None,
            "import_limit_mw": None,
            "lines": [
                {
                    "name": name,
                    "export_mw": 25.0,
                    "import_mw": 0.0,
                    "outages_per_year": 90.0,
                    "outage_hours": {"uniform": [1.0, 60.0]},
                }
                for name in ("north", "south")
            ],
        },
        above_zero=(*ALL_USES, "curtailed_mwh"),
    ),
    "power that follows a profile": Case(
        "all", plant={"units": [{**UNIT, "availability": [0.5] * 6 + [1.0] * 6}]}
    ),
    "demand that follows power": Case("all", demand=demand(constant_mw=None, share_of_output=0.3)),
    "a mine that may buy": Case("all", grid={"mine_may_import": True}),
    "the past is replayed": Case(
        "none", rest={"start": "2025-01-01"}, fleet=[{**HALL, "order": "2025-02-01"}]
    ),
    "a replayed network that changes within a week": Case(
        # The largest hash rate of some days meets a smaller network on the next ones.
        "none",
        rest={"start": "2020-06-01"},
        demand=demand(constant_mw=None, profile="industry-two-shift", peak_mw=90.0),
        grid={"import_limit_mw": 200.0, "export_limit_mw": 0.0},
        fleet=[{**HALL, "order": "2019-01-01", "mine_mw": 120.0}],
    ),
    "a large mine in its own pool": Case(
        "none",
        rest={
            "network": {
                "price_usd": {"geometric-brownian": {"drift_per_year": 0.1}},
                "rest_of_network": "exogenous",
                "exogenous": {"growth_per_year": -0.9, "volatility_per_year": 1.0},
            }
        },
        above_zero=("mine_mwh",),
    ),
}


def planned(case: Case) -> Plan:
    grid = {**GRID, **case.grid}
    sections = {
        "demand": case.demand,
        "grid": {key: value for key, value in grid.items() if value is not None},
        "fleet": case.fleet,
        "network": {
            "price_usd": {
                "geometric-brownian": {"drift_per_year": 0.1, "volatility_per_year": 0.9}
            },
            "fees_volatility": 0.6,
        },
        **case.rest,
    }
    scenario = document({**PLANT, **case.plant}, **deepcopy(sections))
    return plan(scenario, Path(), 3)


EXPECTED: dict[str, Callable[[int], bool]] = {
    "none": lambda count: count == 0,
    "some": lambda count: 0 < count < 31,
    "all": lambda count: count == 31,
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_equals_itself_hour_by_hour(name: str) -> None:
    case = CASES[name]
    made = planned(case)
    assert_same_by_hour(made, 3)
    work, result = works(made.setups, trace=False), outputs(3, made.setups)
    simulate_paths(made.setups, work, made.draw(0, 3), 0, result)
    assert EXPECTED[case.days_by_hour](int(np.sum(work.dispatch.days[:31, D_BY_HOUR])))
    total = dict(zip(METRIC_NAMES, result.metrics.sum(axis=0).tolist(), strict=True))
    assert {metric for metric in case.above_zero if not total[metric] > 0.0} == set()
    assert {metric for metric in case.zero if total[metric] != 0.0} == set()
