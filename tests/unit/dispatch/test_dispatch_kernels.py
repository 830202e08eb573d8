"""Ranking and worth of the mine's slots, and what a day's dispatch hands back, by hand."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from baseload.dispatch import work as places
from baseload.dispatch.kernels import dispatch_day, rank_slots
from baseload.dispatch.work import TRACE, DispatchWork, dispatch_work
from baseload.engine.slot_kernels import mined_today, set_slots, value_slots
from baseload.fleet.work import (
    ALWAYS_RUNS,
    BATCH_COLUMNS,
    CAP_KW,
    J_PER_TH,
    OPEX_MWH,
    SLOT_COLUMNS,
)
from baseload.network.protocol import hashprice_usd_per_ph_per_day

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def slots_of(*pairs: tuple[int, int]) -> Ints:
    """Slots with these values and powers."""
    slots = np.zeros((places.SLOT_ROWS, len(pairs)), np.int64)
    for k, (value, cap) in enumerate(pairs):
        slots[places.VALUE, k], slots[places.CAP, k] = value, cap
    return slots


@pytest.mark.parametrize(
    ("pairs", "order"),
    [
        ([(10, 5), (30, 5), (20, 5)], [1, 2, 0]),
        ([(10, 5), (10, 5), (10, 5)], [0, 1, 2]),
        ([(10, 5), (20, 5), (10, 5), (20, 5)], [1, 3, 0, 2]),
        ([(0, 5), (-1, 5), (7, 0)], [0]),
        ([(-1, 5)], []),
    ],
)
def test_slots_are_ranked_by_value_then_by_index(
    pairs: list[tuple[int, int]], order: list[int]
) -> None:
    slots = slots_of(*pairs)
    assert rank_slots(slots) == len(order)
    assert slots[places.ORDER, : len(order)].tolist() == order


def fleet_of(
    cap_kw: float, j_per_th: float, opex: float = 0.0, always: bool = False
) -> tuple[Floats, Floats]:
    slot = np.zeros((2, SLOT_COLUMNS))
    batch = np.zeros((1, BATCH_COLUMNS))
    slot[0, CAP_KW], slot[0, J_PER_TH] = cap_kw, j_per_th
    batch[0, OPEX_MWH], batch[0, ALWAYS_RUNS] = opex, always
    return slot, batch


def valued(
    work: DispatchWork, hashprice: float, kept: float, avoidable: int, slot: Floats, batch: Floats
) -> int:
    """Sets the slots after a change of the fleet, then their worth on a day; slots with power."""
    active = set_slots(kept, slot, batch, work.slots, work.th_per_kw, work.slot_terms)
    value_slots(hashprice, avoidable, work.slots, work.slot_terms)
    return int(active)


def test_a_megawatt_hour_is_worth_its_hashes() -> None:
    # 20 J/TH: a MWh makes 1.8e8 TH, a PH/s for 180,000 s, so 2.0833 days of the hashprice of a PH/s.
    per_ph = hashprice_usd_per_ph_per_day(125e12, 65_000.0, 3.145)
    slot, batch = fleet_of(1000.7, 20.0, opex=2.5)
    work = dispatch_work(0, 2)
    assert valued(work, per_ph / 1000.0, 0.99, 11_000, slot, batch) == 1
    worth = per_ph * 0.99 * 3.6e9 / 20.0 / 1e3 / 86_400.0
    assert work.slots[places.WORTH, 0] == pytest.approx((worth - 2.5) * 1000.0, abs=1.0)
    assert work.slots[places.VALUE, 0] == work.slots[places.WORTH, 0] - 11_000
    assert work.slots[places.CAP].tolist() == [1000, 0]
    assert work.th_per_kw.tolist() == [50.0, 0.0]
    # A slot without power is worth nothing, and is not in the ranking.
    assert work.slots[places.VALUE, 1] < 0
    assert rank_slots(work.slots) == 1


def test_a_slot_that_lost_its_machines_keeps_nothing_of_its_worth() -> None:
    slot, batch = fleet_of(1000.0, 20.0)
    work = dispatch_work(0, 2)
    assert valued(work, 0.05, 1.0, 0, slot, batch) == 1
    work.slots[places.MINED, 0] = 5
    slot[0, CAP_KW] = 0.0
    assert valued(work, 0.05, 1.0, 0, slot, batch) == 0
    assert work.slots[:, 0].tolist() == slots_of((-1, 0))[:, 0].tolist()
    assert work.th_per_kw[0] == 0.0


def test_no_hashprice_makes_a_value_that_runs_over() -> None:
    slot, batch = fleet_of(1000.0, 20.0)
    work = dispatch_work(0, 2)
    valued(work, 1e9, 1.0, 0, slot, batch)
    # 2 million USD per MWh; times all kWh of a month in 64 bits.
    assert work.slots[places.WORTH, 0] == 2_000_000_000


def test_a_batch_that_always_runs_comes_first_but_is_worth_what_it_earns() -> None:
    slot, batch = fleet_of(1000.0, 20.0, always=True)
    work = dispatch_work(0, 2)
    valued(work, 0.01, 1.0, 50_000, slot, batch)
    assert work.slots[places.WORTH, 0] == 20_833
    assert work.slots[places.VALUE, 0] > 10**12
    assert rank_slots(work.slots) == 1


def test_hash_rate_of_a_day_is_its_mean() -> None:
    mined = np.array([24_000, 6_000])
    batch = np.zeros((1, BATCH_COLUMNS))
    batch[0, OPEX_MWH] = 3.0
    eh, kwh, opex = mined_today(mined, np.array([50.0, 100.0]), batch)
    # 1,000 kW for 24 h at 50 TH/s a kW, and 6 MWh at 100: 50,000 + 25,000 TH/s on average.
    assert eh == pytest.approx(0.075, rel=1e-14)
    assert kwh == 30_000
    assert opex == pytest.approx(90.0, rel=1e-14)


def day(work: DispatchWork, falls: list[int], tranche_kw: int, trace: Ints) -> tuple[float, int]:
    peak, marginal = dispatch_day(
        work.hours,
        work.demand_kw,
        work.demand,
        work.slots,
        work.th_per_kw,
        work.totals,
        np.array(falls, np.int64),
        tranche_kw,
        0,
        9_000,
        (1_000, 2_000),
        1.0,
        0,
        False,
        rank_slots(work.slots),
        trace,
        0,
    )
    return float(peak), int(marginal)


def test_one_more_megawatt_hour_is_worth_the_last_tranche_or_only_what_it_saves() -> None:
    work = dispatch_work(0, 0)
    work.hours[places.AVAILABLE, :24] = 1500
    work.hours[places.EXPORT_LIMIT, :24] = 5000
    work.hours[places.HOUR_PRICE, :24] = 40_000
    no_trace = np.zeros((0, len(TRACE)), np.int64)
    # 500 kW of the second tranche are sold: 40 - 1 - 3 USD/MWh.
    assert day(work, [1_000, 3_000], 1000, no_trace)[1] == 24 * 36_000
    # The line is full: one more is not produced, and saves fuel.
    work.hours[places.EXPORT_LIMIT, :24] = 1200
    assert day(work, [1_000, 3_000], 1000, no_trace)[1] == 24 * 9_000


def test_the_trace_of_a_day_is_what_was_added_to_the_totals() -> None:
    work = dispatch_work(1, 1)
    chosen = np.random.default_rng(3)
    work.hours[places.AVAILABLE, :24] = chosen.integers(0, 9000, 24)
    work.hours[places.HOUSE, :24] = 100
    work.hours[places.EXPORT_LIMIT, :24] = chosen.integers(0, 3000, 24)
    work.hours[places.IMPORT_LIMIT, :24] = 700
    work.hours[places.HOUR_PRICE, :24] = chosen.integers(-20_000, 90_000, 24)
    work.hours[places.AT_POWER, :24] = 3
    work.demand_kw[0, :24] = 2500
    work.demand[0] = (200, 30_000, 1)
    work.slots[places.CAP, 0], work.slots[places.VALUE, 0] = 2000, 31_000
    work.slots[places.WORTH, 0] = 40_000
    trace = np.zeros((24, len(TRACE)), np.int64)
    day(work, [0], 1 << 30, trace)
    sums = dict(zip(TRACE, trace.sum(axis=0).tolist(), strict=True))
    for name, place in (
        ("available_kw", places.GENERATION),
        ("firm_demand_kw", places.FIRM_DEMAND),
        ("firm_served_kw", places.FIRM_SERVED),
        ("firm_served_by_plant_kw", places.FIRM_BY_PLANT),
        ("mine_kw", places.MINE),
        ("export_kw", places.EXPORT),
        ("curtailed_kw", places.CURTAILED),
        ("import_kw", places.IMPORT),
        ("unserved_kw", places.UNSERVED),
        ("price_milli_usd_per_mwh", places.PRICE),
        ("house_load_kw", places.HOUSE_LOAD),
        ("diesel_kw", places.DIESEL),
        ("export_grid_only_kw", places.EXPORT_GRID_ONLY),
    ):
        assert sums[name] == work.totals[place], name
    assert sums["mine_value_milli_usd_per_mwh"] == 24 * 40_000
    assert sums["units_at_power"] == 72
    assert trace[:, TRACE.index("export_limit_kw")].tolist() == (
        work.hours[places.EXPORT_LIMIT, :24].tolist()
    )
