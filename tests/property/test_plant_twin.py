"""The plant's kernels equal their plain twin on whatever small scenario is thought up.

The default is 25 scenarios; `BASELOAD_PLANT_CASES=2000` makes a night of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.naive import case, document
from tests.unit.plant.compared import assert_same

CASES = int(os.environ.get("BASELOAD_PLANT_CASES", "25"))
PROJECTS = ("p", "q", "r")
PHASES = ("war", "ceasefire", "peace")
SEASON = [0.3, 0.25, 0.4, 0.7, 1.0, 1.0, 0.95, 0.8, 0.613, 0.5, 0.4, 0.0]

Table = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

# Days around the horizon of two years, so that things begin before, within and after it.
days = st.integers(-400, 900).map(lambda day: str(date(2027, 1, 1) + timedelta(days=day)))


def between(low: float, high: float) -> st.SearchStrategy[float | Table]:
    """A number from low to high, or a uniform distribution within."""

    def number(steps: tuple[int, int]) -> float | Table:
        ends = [low + (high - low) * step / 64 for step in (steps[0], min(64, sum(steps)))]
        return ends[0] if ends[0] == ends[1] else {"uniform": ends}

    return st.tuples(st.integers(0, 64), st.sampled_from([0, 0, 16, 64])).map(number)


def sometimes(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), value)


def without_none(table: Table) -> Table:
    return {key: value for key, value in table.items() if value is not None}


rates = st.one_of(
    between(0.0, 12.0),
    st.fixed_dictionaries({phase: between(0.0, 12.0) for phase in PHASES}),
)
licences = st.fixed_dictionaries(
    {
        "regulator": st.sampled_from(["R", "S"]),
        "allows": st.sampled_from(["operation", "operation", "cold shutdown"]),
        "from": days,
        "until": sometimes(days),
    }
).map(without_none)


@st.composite
def unit_tables(draw: Draw, name: str, order: int) -> Table:
    running = draw(st.booleans())
    needs = st.lists(st.sampled_from(PROJECTS), unique=True, max_size=2)
    restart = {
        "order": order,
        "months": draw(between(0.25, 9.0)),
        "cost_usd_million": draw(between(0.0, 100.0)),
        "needs": draw(needs),
        "work_needs": draw(needs),
        "earliest": draw(sometimes(days)),
        "returns": draw(st.sampled_from([1.0, 1.0, 0.5])),
    }
    refuelling = {
        "every_months": draw(between(1.0, 14.0)),
        "days": draw(between(1.0, 60.0)),
        "put_off_days": draw(between(0.0, 40.0)),
    }
    forced = {
        "mean_hours_between": draw(between(100.0, 3000.0)),
        "repair_hours": draw(between(0.0, 500.0)),
    }
    return without_none(
        {
            "name": name,
            "enabled": draw(st.sampled_from([True, True, True, False])),
            "gross_mw": 110.0,
            "net_mw": draw(between(50.0, 110.0)),
            "derate": draw(between(0.0, 0.3)),
            "thermal_mw": draw(st.sampled_from([0.0, 330.0])),
            "house_load_shut_down_mw": draw(between(0.0, 9.0)),
            "state": "running" if running else "cold shutdown",
            "shut_down_on": None if running else "2022-09-11",
            "end_of_life_on": draw(st.one_of(st.none(), st.none(), days)),
            "licences": draw(st.lists(licences, max_size=2)),
            "restart": None if running else without_none(restart),
            "refuelling": draw(st.sampled_from([None, refuelling, refuelling])),
            "forced": draw(st.sampled_from([None, forced, forced])),
            "availability": draw(st.sampled_from([None, None, SEASON])),
            "min_stable_mw": draw(st.sampled_from([None, 30.0, {"uniform": [5.0, 35.0]}])),
            "ramp_mw_per_hour": draw(sometimes(between(0.5, 60.0))),
            "start_cost_usd": draw(sometimes(between(0.0, 1e6))),
            "min_run_hours": draw(st.integers(0, 168)),
            "min_down_hours": draw(st.integers(0, 168)),
        }
    )


@st.composite
def plant_tables(draw: Draw) -> Table:
    units = draw(st.integers(1, 3))
    orders = draw(st.permutations(range(1, units + 1)))
    project = st.fixed_dictionaries(
        {
            "starts": days,
            "months": between(0.0, 12.0),
            "cost_usd_million": between(0.0, 200.0),
            "allows": st.sampled_from([{}, {}, {}, {"units": 1}, {"units": 3}]),
        }
    )
    limit = st.fixed_dictionaries(
        {"from": days, "units": sometimes(st.integers(0, 4)), "mw": sometimes(between(0.0, 300.0))}
    ).map(without_none)
    event = st.fixed_dictionaries(
        {
            "per_year": rates,
            "hours": between(0.0, 800.0),
            "trips_units": st.booleans(),
            "stops_mine": st.booleans(),
        }
    )
    off_site = st.fixed_dictionaries(
        {
            "losses_per_year": rates,
            "outage_hours": between(0.0, 400.0),
            "restart_hours": between(0.0, 200.0),
            "trips_units": st.booleans(),
            "repeat_probability": between(0.0, 0.8),
            "repeat_within_days": between(0.0, 14.0),
        }
    )
    limits: list[Table] = draw(st.lists(limit, max_size=2))
    events: list[Table] = draw(st.lists(event, max_size=2))
    return without_none(
        {
            "units": [draw(unit_tables(f"U{place}", orders[place])) for place in range(units)],
            "projects": [{"name": name, **draw(project)} for name in PROJECTS],
            "crews": draw(st.integers(1, 3)),
            "common_time_factor": draw(between(0.5, 1.5)),
            "common_cost_factor": draw(between(0.5, 1.5)),
            "common_house_load_mw": draw(between(0.0, 9.0)),
            "governing_licence": draw(st.sampled_from([None, None, "R"])),
            "site_limit_mw": draw(sometimes(between(0.0, 400.0))),
            "limits": limits,
            "off_site_power": draw(off_site),
            "events": [{"name": f"e{place}", **table} for place, table in enumerate(events)],
            "diesels": {
                "fuel_hours": draw(between(1.0, 300.0)),
                "fails_to_start": draw(between(0.0, 1.0)),
                "resupplied": draw(between(0.0, 1.0)),
            },
        }
    )


@st.composite
def scenario_sections(draw: Draw) -> Table:
    effect = st.fixed_dictionaries(
        {key: st.booleans() for key in ("stops_units", "stops_works", "stops_mine")}
    )
    ends = st.permutations(PHASES).map(lambda order: {"from": order[0], "to": order[1]})
    when = st.one_of(
        between(0.0, 9.0).map(lambda rate: {"per_year": rate}), days.map(lambda day: {"on": day})
    )
    transitions: list[tuple[Table, Table]] = draw(st.lists(st.tuples(ends, when), max_size=4))
    return {
        "plant": draw(plant_tables()),
        "start": draw(st.sampled_from(["2027-01-01", "2027-12-01"])),
        "years": draw(st.sampled_from([1, 1, 2])),
        "phase": draw(st.sampled_from(PHASES)),
        "phases": {draw(st.sampled_from(PHASES)): draw(effect)},
        "transitions": [{**one, **other} for one, other in transitions],
    }


@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(scenario_sections(), st.integers(0, 10_000))
def test_plant_equals_its_twin_on_any_scenario(sections: Table, path: int) -> None:
    assert_same(case(document(**sections), path=path))
