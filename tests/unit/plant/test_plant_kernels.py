"""The plant's kernels equal their twin on scenarios that each bring one thing to the fore."""

from __future__ import annotations

from typing import Any

import pytest
from tests.naive import Case, case, document
from tests.unit.plant.compared import assert_same


def unit(name: str, **changes: Any) -> dict[str, Any]:
    """A running unit of 100 MW net with a core."""
    return {
        "name": name,
        "gross_mw": 105.0,
        "net_mw": 100.0,
        "thermal_mw": 320.0,
        "state": "running",
        "house_load_shut_down_mw": 5.5,
        **changes,
    }


def shut(name: str, order: int, months: Any = 3.0, **restart: Any) -> dict[str, Any]:
    """A unit in cold shutdown with a restart."""
    return unit(
        name,
        state="cold shutdown",
        shut_down_on="2022-09-11",
        restart={"order": order, "months": months, "cost_usd_million": 40.0, **restart},
    )


REFUELLING = {
    "every_months": {"uniform": [6.0, 9.0]},
    "days": {"triangular": [20.0, 30.0, 60.0]},
    "put_off_days": 25.0,
}
FORCED = {
    "mean_hours_between": {"uniform": [400.0, 900.0]},
    "repair_hours": {"lognormal": {"median": 60.0, "p95": 300.0}},
}
LOSSES = {
    "losses_per_year": {"war": 14.0, "ceasefire": 5.0, "peace": 2.0},
    "outage_hours": {"lognormal": {"median": 20.0, "p95": 400.0}},
    "restart_hours": {"uniform": [24.0, 120.0]},
    "repeat_probability": 0.4,
    "repeat_within_days": 9.0,
}
TRANSITIONS = [
    {"from": "war", "to": "ceasefire", "per_year": 2.5},
    {"from": "ceasefire", "to": "war", "per_year": {"uniform": [0.5, 4.0]}},
    {"from": "ceasefire", "to": "peace", "per_year": 1.0},
    {"from": "peace", "to": "war", "on": "2028-06-15"},
]

SCENARIOS: dict[str, dict[str, Any]] = {
    "refuelling that is put off while another refuels": {
        "years": 3,
        "plant": {"units": [unit(n, refuelling=REFUELLING) for n in ("A", "B", "C")]},
    },
    "refuelling and forced outages": {
        "years": 3,
        "plant": {"units": [unit(n, refuelling=REFUELLING, forced=FORCED) for n in ("A", "B")]},
    },
    "two crews, conditions, a unit that may never return": {
        "years": 3,
        "plant": {
            "crews": 2,
            "common_time_factor": {"uniform": [0.8, 1.4]},
            "common_cost_factor": {"uniform": [0.9, 1.6]},
            "projects": [
                {"name": "lines", "starts": "2027-03-01", "months": {"uniform": [3.0, 8.0]}},
                {
                    "name": "water",
                    "starts": "2027-02-01",
                    "months": {"uniform": [4.0, 14.0]},
                    "cost_usd_million": 120.0,
                },
            ],
            "units": [
                shut("A", 2, {"uniform": [4.0, 10.0]}, needs=["water"], returns=0.5),
                shut("B", 1, {"uniform": [4.0, 10.0]}, returns=0.5, work_needs=["lines"]),
                shut("C", 3, {"uniform": [4.0, 10.0]}, returns=0.5, earliest="2028-02-10"),
                shut("D", 4, {"uniform": [4.0, 10.0]}, needs=["lines", "water"], returns=0.5),
            ],
        },
    },
    "works that run past the end of the horizon": {
        "years": 1,
        "plant": {
            "projects": [
                {
                    "name": "water",
                    "starts": "2027-07-01",
                    "months": 30.0,
                    "cost_usd_million": 300.0,
                }
            ],
            "units": [shut("A", 1, 36.0), shut("B", 2, 5.0)],
        },
    },
    "projects that began or ended before the start": {
        "years": 1,
        "plant": {
            "projects": [
                {
                    "name": "half done",
                    "starts": "2026-07-01",
                    "months": 12.0,
                    "cost_usd_million": 120.0,
                },
                {
                    "name": "long done",
                    "starts": "2025-01-01",
                    "months": 6.0,
                    "cost_usd_million": 70.0,
                },
                {"name": "at once", "starts": "2027-05-10", "months": 0.0, "cost_usd_million": 3.0},
            ],
            "units": [shut("A", 1, 2.0, needs=["half done"], work_needs=["long done"])],
        },
    },
    "licences that begin, end, and are another regulator's": {
        "years": 2,
        "plant": {
            "governing_licence": "R1",
            "units": [
                unit(
                    "A",
                    licences=[
                        {
                            "regulator": "R1",
                            "allows": "operation",
                            "from": "2020-01-01",
                            "until": "2027-06-30",
                        },
                        {"regulator": "R1", "allows": "operation", "from": "2027-09-15"},
                    ],
                    refuelling=REFUELLING,
                ),
                unit(
                    "B",
                    licences=[
                        {"regulator": "R2", "allows": "operation", "from": "2020-01-01"},
                        {"regulator": "R1", "allows": "cold shutdown", "from": "2020-01-01"},
                    ],
                ),
                shut("C", 1, 2.0)
                | {
                    "licences": [{"regulator": "R1", "allows": "operation", "from": "2028-04-01"}],
                    "refuelling": {"every_months": 8.0, "days": 30.0},
                },
            ],
        },
    },
    "end of life, of a running unit, one at work and one in outage": {
        "years": 2,
        "plant": {
            "units": [
                unit("A", end_of_life_on="2028-03-31", forced=FORCED),
                shut("B", 1, 8.0) | {"end_of_life_on": "2027-05-01"},
                unit("C", end_of_life_on="2027-08-08", refuelling=REFUELLING),
                unit("D", end_of_life_on="2026-01-01"),
            ]
        },
    },
    "limits by date in units and MW": {
        "years": 2,
        "plant": {
            "site_limit_mw": 350.0,
            "limits": [
                {"from": "2028-02-01", "units": 4},
                {"from": "2027-02-01", "units": 2, "mw": 180.0},
                {"from": "2027-05-01", "mw": {"uniform": [90.0, 150.0]}},
                {"from": "2027-09-01", "units": 0},
                {"from": "2027-10-01", "units": 3, "mw": 1000.0},
                {"from": "2026-01-01", "units": 3},
            ],
            "units": [unit(n, forced=FORCED) for n in ("A", "B", "C", "D")],
        },
    },
    "how many may run follows from projects": {
        "years": 2,
        "plant": {
            "projects": [
                {"name": "p1", "starts": "2027-02-01", "months": 3.0, "allows": {"units": 1}},
                {"name": "p2", "starts": "2027-02-01", "months": 15.0, "allows": {"units": 3}},
                {"name": "p3", "starts": "2027-08-01", "months": 1.0, "allows": {"units": 2}},
                {"name": "p4", "starts": "2027-08-01", "months": 2.0},
            ],
            "units": [unit("A"), unit("B", refuelling=REFUELLING), shut("C", 1, 2.0)],
        },
    },
    "war stops units, works and mine": {
        "years": 3,
        "phase": "war",
        "transitions": TRANSITIONS,
        "phases": {
            "war": {"stops_units": True, "stops_works": True, "stops_mine": True},
            "ceasefire": {"stops_mine": True},
        },
        "plant": {
            "projects": [
                {"name": "p", "starts": "2027-03-01", "months": 9.0, "cost_usd_million": 90.0}
            ],
            "off_site_power": LOSSES,
            "units": [
                unit("A", forced=FORCED, refuelling=REFUELLING),
                shut("B", 1, 7.0, needs=["p"]),
                shut("C", 2, 5.0),
            ],
        },
    },
    "a change of phase on the first day, and one that comes too late": {
        "years": 2,
        "phase": "ceasefire",
        "transitions": [
            {"from": "war", "to": "peace", "on": "2027-05-01"},
            {"from": "ceasefire", "to": "war", "on": "2027-01-01"},
            {"from": "war", "to": "ceasefire", "per_year": 6.0},
            {"from": "peace", "to": "war", "per_year": 6.0},
        ],
        "phases": {"war": {"stops_units": True}},
        "plant": {"off_site_power": LOSSES, "units": [unit("A", forced=FORCED)]},
    },
    "losses of off-site power that trip": {
        "years": 3,
        "phase": "war",
        "plant": {
            "common_house_load_mw": {"uniform": [8.0, 12.0]},
            "off_site_power": LOSSES,
            "diesels": {"fuel_hours": 60.0, "fails_to_start": 0.2, "resupplied": 0.4},
            "units": [unit("A", forced=FORCED, refuelling=REFUELLING), unit("B"), shut("C", 1)],
        },
    },
    "losses that leave units in island operation": {
        "years": 3,
        "phase": "war",
        "plant": {
            "off_site_power": {**LOSSES, "trips_units": False},
            "diesels": {"fuel_hours": 30.0, "fails_to_start": 0.3},
            "units": [unit("A", forced=FORCED, refuelling=REFUELLING), shut("B", 1, 6.0)],
        },
    },
    "island operation of units without a core": {
        "years": 2,
        "plant": {
            "off_site_power": {**LOSSES, "losses_per_year": 9.0, "trips_units": False},
            "diesels": {"fuel_hours": 30.0, "fails_to_start": 0.3},
            "technology": "geothermal",
            "units": [unit("A", thermal_mw=0.0, forced=FORCED), unit("B", thermal_mw=0.0)],
        },
    },
    "events that trip units, stop the mine, or both": {
        "years": 2,
        "plant": {
            "events": [
                {
                    "name": "strike",
                    "per_year": 6.0,
                    "hours": 48.5,
                    "trips_units": False,
                    "stops_mine": True,
                },
                {"name": "flood", "per_year": 5.0, "hours": {"uniform": [10.0, 900.0]}},
                {
                    "name": "attack",
                    "per_year": {"war": 9.0, "peace": 4.0},
                    "hours": {"uniform": [1.0, 300.0]},
                    "stops_mine": True,
                },
            ],
            "off_site_power": LOSSES,
            "units": [unit("A", forced=FORCED, refuelling=REFUELLING), unit("B"), shut("C", 1)],
        },
    },
    "availability by month beside constant units": {
        "years": 1,
        "plant": {
            "technology": "hydro",
            "site_limit_mw": 240.0,
            "units": [
                unit(
                    "A",
                    thermal_mw=0.0,
                    availability=[
                        0.3,
                        0.25,
                        0.4,
                        0.7,
                        1.0,
                        1.0,
                        0.95,
                        0.8,
                        0.613,
                        0.5,
                        0.4,
                        0.35,
                    ],
                ),
                unit("B", thermal_mw=0.0, derate={"uniform": [0.0, 0.2]}, forced=FORCED),
                unit("C", thermal_mw=0.0, availability=[0.5] * 12, forced=FORCED),
            ],
        },
    },
    "units that cannot change their power at will": {
        "years": 1,
        "plant": {
            "off_site_power": LOSSES,
            "units": [
                unit("A", min_stable_mw={"uniform": [20.0, 60.0]}, forced=FORCED),
                unit("B", ramp_mw_per_hour={"lognormal": {"median": 30.0, "p95": 90.0}}),
                unit("C", ramp_mw_per_hour=0.0001, start_cost_usd={"uniform": [1e3, 9e4]}),
                unit("D", net_mw=70.0004, min_stable_mw=70.0004, min_run_hours=24),
            ],
        },
    },
    "a unit that is switched off and one without a restart": {
        "years": 1,
        "plant": {
            "units": [
                unit("A", enabled=False),
                unit("B", state="cold shutdown"),
                shut("C", 1, 1.5) | {"enabled": False},
                shut("D", 2, 1.5),
            ],
        },
    },
}


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    """First path of each scenario."""
    return {name: case(document(**sections)) for name, sections in SCENARIOS.items()}


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("path", [1, 7])
def test_plant_equals_its_twin(cases: dict[str, Case], name: str, path: int) -> None:
    first = cases[name]
    assert_same(case(first.scenario, seed=first.seed, path=path))
