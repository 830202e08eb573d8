"""Runs whose hours are linked: beside runs without links, and by what each link forbids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import baseload
from baseload.dispatch.work import TRACE
from baseload.engine.certificate import certify
from baseload.engine.outputs import METRIC_NAMES
from baseload.engine.plan import Plan, plan
from baseload.engine.pool import simulate, trace_path
from baseload.engine.state import Works
from baseload.money.ledger import LINES, VARIANTS

SMALL = Path(__file__).parents[2] / "scenarios" / "small.toml"
PATHS = 6
# What a mine needs to shed is of seconds; without it the two ways of dispatch are the same.
NO_SHEDDING = "mine.shed_seconds=0"


def made(*settings: str, of: str | Path = SMALL, seed: int = 3) -> Plan:
    scenario = baseload.load(of, settings)
    return plan(scenario.model, scenario.folder, seed)


def metrics(run: Plan, paths: int = PATHS) -> npt.NDArray[np.float64]:
    return simulate(run, paths, 1, None, "").metrics


def traced(run: Plan, path: int) -> tuple[Works, dict[str, npt.NDArray[np.int64]]]:
    works, _ = trace_path(run, path)
    return works, {name: works.trace[:, i] for i, name in enumerate(TRACE)}


def produced(column: dict[str, npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return column["available_kw"] - column["curtailed_kw"] + column["dumped_kw"]


def of_units(key: str, value: float) -> list[str]:
    return [f"plant.units.{unit}.{key}={value}" for unit in ("A", "B")]


def line(works: Works, variant: str, name: str) -> npt.NDArray[np.int64]:
    return works.ledger[VARIANTS.index(variant), :, LINES.index(name)]


def test_ramps_that_never_bind_change_nothing() -> None:
    loose = made(*of_units("ramp_mw_per_hour", 10_000), NO_SHEDDING)
    assert loose.setups.link.linked
    linked = metrics(loose)  # first: what no other file compiles
    free = metrics(made())
    counted = [METRIC_NAMES.index(name) for name in ("dumped_mwh", "unit_starts")]
    others = [i for i in range(len(METRIC_NAMES)) if i not in counted]
    np.testing.assert_array_equal(linked[:, others], free[:, others])
    assert not linked[:, counted[0]].any()


def test_production_keeps_to_its_ramps_but_at_trips_and_returns() -> None:
    run = made(*of_units("ramp_mw_per_hour", 4))
    for path in range(3):
        works, column = traced(run, path)
        made_kw = produced(column)
        change = np.diff(made_kw)
        at_power = column["units_at_power"]
        tripped = np.zeros(len(made_kw), bool)
        segments = int(works.plant.counts[0])
        tripped[works.plant.hour[:segments][works.plant.trips[:segments] != 0]] = True
        ramp = 4_000 * np.maximum(at_power[1:], at_power[:-1])
        assert (change <= ramp).all()
        assert (-change[~tripped[1:]] <= ramp[~tripped[1:]]).all()
        assert (made_kw <= column["available_kw"]).all()
        assert (column["dumped_kw"] >= 0).all()


def test_a_planned_outage_is_foreseen_and_a_trip_is_not() -> None:
    run = made(*of_units("ramp_mw_per_hour", 4))
    foreseen = unforeseen = 0
    for path in range(PATHS):
        works, column = traced(run, path)
        made_kw = produced(column)
        segments = int(works.plant.counts[0])
        hours = works.plant.hour[:segments]
        running = works.plant.running[:segments]
        for s in range(1, segments):
            h = int(hours[s])
            fell = running[s - 1] & ~running[s]
            if not fell or h < 48 or running[s] != 0:
                continue
            if works.plant.trips[s] & fell:
                # Nobody backs down before it.
                unforeseen += int(made_kw[h - 1] > 8_000)
            elif (running[s - 1] & (running[s - 1] - 1)) == 0:
                # One unit with 4 MW an hour is all but down when it leaves.
                foreseen += 1
                assert made_kw[h - 1] <= 4_000
    assert foreseen > 0 and unforeseen > 0


def test_surplus_may_be_dumped_below_minimum_stable_power_or_not() -> None:
    cheap = ("grid.price.level_usd_per_mwh={ uniform = [0.5, 1.0] }", "fleet=[]")
    least = made(*of_units("min_stable_mw", 60), *cheap)
    rows = metrics(least)
    assert (rows[:, METRIC_NAMES.index("dumped_mwh")] > 0.0).any()
    _, column = traced(least, 0)
    running = column["units_at_power"]
    assert (produced(column) >= np.minimum(60_000 * running, column["available_kw"])).all()
    not_dumped = metrics(made(*of_units("min_stable_mw", 60), *cheap, "dispatch.dump=false"))
    dumped = METRIC_NAMES.index("dumped_mwh")
    assert not_dumped[:, dumped].sum() < rows[:, dumped].sum()


def test_starts_are_counted_and_paid() -> None:
    run = made(*of_units("start_cost_usd", 20_000))
    result = simulate(run, PATHS, 1, None, "").metrics
    assert (result[:, METRIC_NAMES.index("unit_starts")] > 0).any()
    works, one = trace_path(run, 1)
    starts = one.metrics[0, METRIC_NAMES.index("unit_starts")]
    assert -line(works, "run", "start_cost").sum() == int(starts) * 20_000 * 100
    assert not line(works, "idle", "start_cost").any()


def test_a_demand_charge_is_on_the_highest_import_of_the_month() -> None:
    run = made("grid.demand_charge_usd_per_kw_month=7", NO_SHEDDING)
    works, column = traced(run, 0)
    charged = -line(works, "run", "demand_charge")
    assert charged.any() and -line(works, "idle", "demand_charge").sum() > 0
    firsts = run.setups.month_first_hour
    bought = column["import_kw"] - column["diesel_kw"]
    for month in range(len(charged)):
        most = bought[firsts[month] : firsts[month + 1]].max()
        # What others supply to a demand is import in the energy balance, and no import of the site's.
        assert charged[month] <= most * 700
    plain = metrics(made(NO_SHEDDING))
    with_charge = metrics(run)
    npv = METRIC_NAMES.index("npv_usd")
    assert (with_charge[:, npv] < plain[:, npv]).all()


def test_a_charge_holds_the_mines_purchases_back() -> None:
    buys = (
        "grid.mine_may_import=true",
        "grid.price.level_usd_per_mwh={ uniform = [20, 25] }",
        NO_SHEDDING,
    )
    mine = METRIC_NAMES.index("mine_mwh")
    free = metrics(made(*buys, "grid.demand_charge_usd_per_kw_month=0.0001"))
    dear = metrics(made(*buys, "grid.demand_charge_usd_per_kw_month=90"))
    assert dear[:, mine].sum() < free[:, mine].sum()


def test_the_mine_trips_and_may_take_a_unit_along() -> None:
    often = ("mine.trips_per_year=40", "mine.trip_hours=5", NO_SHEDDING)
    run = made(*often)
    works, column = traced(run, 0)
    count = int(works.site.counts[0])
    assert count > 20
    for begin, until in zip(works.site.hour[:count], works.site.until[:count], strict=True):
        assert not column["mine_kw"][begin:until].any()
    takes = made(*often, "mine.takes_unit_probability=1", "mine.unit_restart_hours=72")
    fell = METRIC_NAMES.index("produced_mwh")
    assert metrics(takes)[:, fell].sum() < metrics(run)[:, fell].sum()
    grid_only = METRIC_NAMES.index("npv_grid_only_usd")
    np.testing.assert_array_equal(metrics(takes)[:, grid_only], metrics(run)[:, grid_only])


def test_seconds_until_the_mine_has_shed_cost_firm_load() -> None:
    alone = (*of_units("ramp_mw_per_hour", 50), "grid.lines=[]", "grid.export_limit_mw=0")
    alone = (*alone, "grid.import_limit_mw=0")
    unserved = METRIC_NAMES.index("unserved_firm_mwh")
    quick = metrics(made(*alone, NO_SHEDDING))[:, unserved]
    slow = metrics(made(*alone, "mine.shed_seconds=600"))[:, unserved]
    assert (slow >= quick).all() and slow.sum() > quick.sum()
    hours = METRIC_NAMES.index("loss_of_load_hours")
    alone_hours = METRIC_NAMES.index("loss_of_load_hours_grid_only")
    with_mine = metrics(made(*alone, "mine.shed_seconds=600"))
    # Hours in which load is shed for seconds count as hours, and are the mine's doing.
    more = with_mine[:, hours] - metrics(made(*alone, NO_SHEDDING))[:, hours]
    assert (more >= 0).all() and more.sum() > 0
    assert (with_mine[:, alone_hours] <= with_mine[:, hours]).all()


def test_with_more_foresight_a_unit_comes_down_by_its_ramp_before_a_planned_outage() -> None:
    ramps = of_units("ramp_mw_per_hour", 3)
    drops = {}
    for foresight in (24, 168):
        run = made(*ramps, f"dispatch.foresight_hours={foresight}")
        most = 0
        for path in range(PATHS):
            works, column = traced(run, path)
            made_kw = produced(column)
            segments = int(works.plant.counts[0])
            for s in range(1, segments):
                h = int(works.plant.hour[s])
                planned = (
                    works.plant.running[s - 1] & ~works.plant.running[s] & ~works.plant.trips[s]
                )
                if planned and works.plant.running[s] == 0:
                    most = max(most, int(made_kw[h - 1] - made_kw[h]))
        drops[foresight] = most
    # A plan is made at midnight and ends with the month, so that even a week ahead some come late.
    assert drops[168] < drops[24]


@pytest.mark.parametrize("dump", ["true", "false"])
def test_no_week_is_worth_more_than_its_bound(dump: str) -> None:
    run = made(*of_units("ramp_mw_per_hour", 6), f"dispatch.dump={dump}")
    found = certify(run, 1, 20, 20)
    assert found is not None and found.reason is None
    facts = found.facts()
    assert facts["hours_are_linked"] and facts["weeks"] == 20
    assert 0.0 <= facts["mean_relative_gap"] <= facts["largest_relative_gap"]


def test_the_flagship_with_ramps_is_close_to_its_bound() -> None:
    """Ramps of 10 % of a unit an hour: at most 1 % on average and 3 % in the worst of twelve weeks."""
    ramps = [f"plant.units.ZNPP-{u}.ramp_mw_per_hour=95" for u in range(1, 7)]
    found = certify(made(*ramps, of="zaporizhzhia", seed=1), 1, 1000, 12)
    assert found is not None
    facts = found.facts()
    assert facts["weeks"] == 12 and facts["weeks_with_surplus"] >= 6
    assert facts["mean_relative_gap"] <= 0.01
    assert facts["largest_relative_gap"] <= 0.03
    assert facts["mean_gap_of_foreseen_trips"] <= facts["mean_relative_gap"] + 1e-9
