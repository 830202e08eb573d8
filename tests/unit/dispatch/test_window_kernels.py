"""Export and the mine in closed form against the same hours one by one, on random whole numbers."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from baseload.dispatch import work as places
from baseload.dispatch.kernels import mine_day, rank_slots
from baseload.dispatch.serve_kernels import serve_hours
from baseload.dispatch.window_kernels import mine_window, sell_month
from baseload.dispatch.work import TRACE, DispatchWork, dispatch_work
from baseload.engine.slot_kernels import ALWAYS_FIRST

Ints = npt.NDArray[np.int64]

DAYS = 31
HOURS = 24 * DAYS
NO_TRACE = np.zeros((0, len(TRACE)), np.int64)
# What mine and export change.
CHANGED = ("MINE", "EXPORT", "EXPORT_REVENUE", "CURTAILED")
ALONE = ("EXPORT_GRID_ONLY", "EXPORT_REVENUE_GRID_ONLY", "CURTAILED_GRID_ONLY")


@dataclass
class Month:
    """A month of surplus, limits and prices, and the uses of it."""

    surplus: Ints
    limit: Ints
    price: Ints
    stopped: Ints
    falls: Ints
    tranche_kw: int
    avoidable: int
    fee: int
    kept: float = 1.0
    cap: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    values: Ints = field(default_factory=lambda: np.zeros((DAYS, 0), np.int64))
    th_per_kw: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


def begun(month: Month) -> DispatchWork:
    """Memory with the month's rows in it and nothing but a surplus: no demand, no import."""
    work = dispatch_work(0, month.cap.size)
    work.hours[places.AVAILABLE] = month.surplus
    work.hours[places.EXPORT_LIMIT] = month.limit
    work.hours[places.HOUR_PRICE] = month.price
    work.hours[places.STOPS_MINE] = month.stopped
    work.slots[places.CAP] = month.cap
    work.th_per_kw[:] = month.th_per_kw
    return work


def rank(month: Month, work: DispatchWork, day: int) -> int:
    work.slots[places.VALUE] = month.values[day]
    return int(rank_slots(work.slots))


def hour_by_hour(month: Month, first_day: int, days: int) -> tuple[DispatchWork, int, Ints, float]:
    """Memory, sum of the value of one more MWh, energy of slots by day, and the largest hash rate."""
    work = begun(month)
    terms = (month.avoidable, month.fee, 0, month.kept, 0)
    serve_hours(
        work.hours, work.demand_kw, work.demand, work.totals, work.alone_value, work.marginal,
        month.falls, month.tranche_kw, 0, HOURS, terms, NO_TRACE, 0,
    )  # fmt: skip
    more = int(work.marginal.sum())
    mined = np.zeros((DAYS, month.cap.size), np.int64)
    peak = 0.0
    for day in range(first_day, first_day + days):
        if month.cap.size == 0:
            break
        running = rank(month, work, day)
        most = mine_day(
            work.hours, work.slots, work.th_per_kw, work.totals, work.alone_value, month.falls,
            month.tranche_kw, 24 * day, month.avoidable, 0, False, running, NO_TRACE, 0,
        )  # fmt: skip
        mined[day] = work.slots[places.MINED]
        peak = max(peak, float(most))
    return work, more, mined, peak


def closed_form(
    month: Month, first_day: int, days: int, peak_of: float = 0.0
) -> tuple[DispatchWork, int, Ints, float]:
    """The same by `sell_month` and `mine_window`, as the engine joins them."""
    work = begun(month)
    hours, totals = work.hours, work.totals
    off = month.fee + month.avoidable
    hours[places.SURPLUS] = month.surplus
    hours[places.FREE] = np.where(month.stopped > 0, 0, month.surplus)
    hours[places.NET_PRICE] = np.floor(month.price * month.kept).astype(np.int64) - off
    # Scratch rows may hold anything.
    hours[places.PART_A : places.SELL + 1] = -12_345
    work.slot_mined[:] = -1
    work.hashes[:] = 9e9
    totals[places.CURTAILED] = totals[places.CURTAILED_GRID_ONLY] = month.surplus.sum()
    alone, value, more = sell_month(hours, HOURS, month.falls, month.tranche_kw, totals)
    revenue = value + alone * month.avoidable
    for place, amount in (
        (places.EXPORT, alone), (places.EXPORT_GRID_ONLY, alone),
        (places.CURTAILED, -alone), (places.CURTAILED_GRID_ONLY, -alone),
        (places.EXPORT_REVENUE, revenue), (places.EXPORT_REVENUE_GRID_ONLY, revenue),
    ):  # fmt: skip
        totals[place] += amount
    peak = 0.0
    if month.cap.size > 0:
        for day in range(first_day, first_day + days):
            running = rank(month, work, day)
            best = work.slots[places.ORDER, :running]
            work.slot_order[day, 0] = running
            work.slot_order[day, 1 : 2 * running : 2] = best
            work.slot_order[day, 2 : 2 * running + 1 : 2] = month.values[day, best]
        peak = mine_window(
            first_day, first_day + days, hours, work.by_day, work.slots, work.slot_order,
            work.th_per_kw, month.falls, month.tranche_kw, month.avoidable, totals, work.slot_mined, work.hashes,
            peak_of,
        )  # fmt: skip
    return work, more + HOURS * month.avoidable, work.slot_mined, float(peak)


def totals_of(work: DispatchWork, names: tuple[str, ...]) -> dict[str, int]:
    return {name: int(work.totals[getattr(places, name)]) for name in names}


def assert_same(month: Month, first_day: int = 0, days: int = DAYS) -> dict[str, int]:
    """Hold the closed form to the hours; returns the totals that mine and export change."""
    one, more, mined, peak = closed_form(month, first_day, days)
    other, by_hour_more, by_hour_mined, by_hour_peak = hour_by_hour(month, first_day, days)
    assert totals_of(one, ALONE) == totals_of(other, ALONE)
    assert more == by_hour_more
    assert totals_of(one, CHANGED) == totals_of(other, CHANGED)
    within = slice(first_day, first_day + days)
    assert mined[within].tolist() == by_hour_mined[within].tolist()
    assert peak == by_hour_peak
    return totals_of(one, (*CHANGED, *ALONE))


# Few distinct figures, so that ties, zeros and limits that just bind are common.
def some(chosen: np.random.Generator, few: list[int], low: int, high: int, size: int) -> Ints:
    return np.where(
        chosen.random(size) < 0.5, chosen.choice(few, size), chosen.integers(low, high, size)
    ).astype(np.int64)


def random_month(chosen: np.random.Generator, batches: int) -> Month:
    surplus = some(chosen, [0, 500, 1000, 1500, 3000], 0, 8000, HOURS)
    if chosen.random() < 0.4:
        # A plant whose power is the same all month, as most are.
        surplus[:] = surplus[-1]
    limit = some(chosen, [0, 1000, 4000, 1 << 30], 0, 8000, HOURS)
    if chosen.random() < 0.4:
        limit[:] = limit[-1]
    price = some(chosen, [0, 10_000, 12_345, 40_000, 60_000], -40_000, 150_000, HOURS)
    if chosen.random() < 0.4:
        price = np.abs(price) + 40_000
    falls = chosen.choice(
        np.array([[0] * 8, [500 * (2 * j + 1) for j in range(8)], [0, 0, 5, 5, 5, 9, 9000, 20_000]])
    )
    # All tranches together hold what may ever be exported, as the grid's setup has it.
    narrowest = max(1, -(-int(np.minimum(surplus, limit).max()) // 8))
    tranche_kw = int(chosen.choice([narrowest, narrowest + 7, 1000]))
    if chosen.random() < 0.3:
        falls, tranche_kw = np.zeros(1, np.int64), 1 << 30
    base = some(chosen, [0, 10_000, 40_000, 50_000], 0, 90_000, batches)
    # From day to day all slots move alike, or each by itself, so that their order changes, or not at all.
    moves = chosen.integers(0, 20_000, (DAYS, chosen.choice([1, batches]))) if batches else 0
    values = (
        base[None, :] + moves * int(chosen.random() < 0.8) + np.zeros((DAYS, batches), np.int64)
    )
    below = chosen.random(batches) < 0.2
    values[:, below] = -1 - base[below]
    values[:, chosen.random(batches) < 0.15] = ALWAYS_FIRST
    return Month(
        surplus=surplus,
        limit=limit,
        price=price,
        stopped=(chosen.random(HOURS) < chosen.choice([0.0, 0.2, 1.0], p=[0.6, 0.35, 0.05])).astype(
            np.int64
        ),
        falls=falls.astype(np.int64),
        tranche_kw=tranche_kw,
        avoidable=int(chosen.choice([0, 10_000, 12_345])),
        fee=int(chosen.choice([0, 3_000])),
        kept=float(chosen.choice([1.0, 0.97])),
        cap=some(chosen, [0, 500, 1000, 9000], 0, 4000, batches),
        values=values.astype(np.int64),
        th_per_kw=chosen.choice([33.3, 57.1, 100.0], batches),
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_month_of_export_equals_its_hours(seed: int) -> None:
    chosen = np.random.default_rng(seed)
    for _ in range(8):
        assert_same(random_month(chosen, 0))


@pytest.mark.parametrize("seed", range(60))
def test_a_window_of_the_mine_equals_its_days_hour_by_hour(seed: int) -> None:
    chosen = np.random.default_rng(1000 + seed)
    for _ in range(8):
        month = random_month(chosen, int(chosen.integers(1, 6)))
        first = int(chosen.integers(0, DAYS))
        assert_same(month, first, int(chosen.integers(1, min(8, DAYS - first + 1))))


def test_the_random_months_have_all_uses_in_them() -> None:
    seen = dict.fromkeys(CHANGED, 0)
    displaced = partly = 0
    for seed in range(60):
        chosen = np.random.default_rng(1000 + seed)
        found = assert_same(random_month(chosen, int(chosen.integers(1, 6))))
        for name in seen:
            seen[name] += found[name] > 0
        displaced += found["EXPORT"] < found["EXPORT_GRID_ONLY"]
        partly += 0 < found["EXPORT"] < found["EXPORT_GRID_ONLY"]
    assert min(*seen.values(), displaced, partly) > 15


def plain(**changes: object) -> Month:
    """1,000 kW in every hour at 50 USD/MWh, a line that carries all, one hall of 600 kW."""
    month = Month(
        surplus=np.full(HOURS, 1000),
        limit=np.full(HOURS, 5000),
        price=np.full(HOURS, 50_000),
        stopped=np.zeros(HOURS, np.int64),
        falls=np.zeros(1, np.int64),
        tranche_kw=1 << 30,
        avoidable=0,
        fee=0,
        cap=np.array([600]),
        values=np.full((DAYS, 1), 50_000),
        th_per_kw=np.array([50.0]),
    )
    for name, value in changes.items():
        setattr(month, name, value)
    return month


def test_the_mine_comes_before_export_that_is_worth_the_same() -> None:
    found = assert_same(plain())
    assert (found["MINE"], found["EXPORT"]) == (600 * HOURS, 400 * HOURS)
    found = assert_same(plain(price=np.full(HOURS, 50_001)))
    assert (found["MINE"], found["EXPORT"]) == (0, 1000 * HOURS)


def test_slots_worth_the_same_are_filled_in_their_order() -> None:
    month = plain(
        cap=np.array([300, 300, 900]),
        values=np.full((DAYS, 3), 60_000),
        th_per_kw=np.array([1.0, 2.0, 4.0]),
    )
    assert_same(month)
    _, _, mined, peak = closed_form(month, 0, DAYS)
    assert mined.tolist() == [[7_200, 7_200, 9_600]] * DAYS
    assert peak == 300 + 600 + 1600


def test_a_slot_that_always_runs_comes_before_the_dearest_hour() -> None:
    dearest = np.full(HOURS, 1_000_000_000)
    found = assert_same(plain(price=dearest, values=np.full((DAYS, 1), ALWAYS_FIRST)))
    assert found["MINE"] == 600 * HOURS


def test_a_value_at_its_highest_and_prices_at_both_ends_stay_within_32_bits() -> None:
    price = np.where(np.arange(HOURS) % 2 == 0, 1_000_000_000, -1_000_000_000)
    for value in (0, 1_050_000_000, 1_999_000_000):
        for fall in (0, 40_000_000):
            month = plain(
                price=price,
                values=np.full((DAYS, 1), value),
                avoidable=1_000_000,
                fee=500_000,
                falls=np.array([fall * (2 * j + 1) for j in range(8)]),
                tranche_kw=125,
            )
            assert_same(month)


def test_largest_powers_stay_within_32_bits() -> None:
    # 60 GW over a line that carries whatever there is.
    month = plain(
        surplus=np.full(HOURS, 60_000_000),
        limit=np.full(HOURS, 1 << 30),
        cap=np.array([50_000_000, 60_000_000]),
        values=np.full((DAYS, 2), 55_000),
        th_per_kw=np.array([50.0, 60.0]),
    )
    found = assert_same(month)
    assert found["MINE"] == 60_000_000 * HOURS


@pytest.mark.parametrize(
    "changes",
    [
        {"surplus": np.zeros(HOURS, np.int64)},
        {"limit": np.zeros(HOURS, np.int64)},
        {"cap": np.zeros(1, np.int64)},
        {"values": np.full((DAYS, 1), -1)},
        {"stopped": np.ones(HOURS, np.int64)},
        {"price": np.full(HOURS, -1)},
    ],
    ids=["no surplus", "no line", "no machines", "not worth it", "stopped", "price below zero"],
)
def test_what_is_missing_changes_nothing_else(changes: dict[str, Ints]) -> None:
    assert_same(plain(**changes))


def test_hours_that_are_left_out_of_the_month_sell_nothing() -> None:
    # A day that goes hour by hour has neither surplus nor line here.
    month = plain()
    month.surplus[24:48] = month.limit[24:48] = 0
    found = assert_same(month)
    assert found["EXPORT_GRID_ONLY"] == 1000 * (HOURS - 24)


def test_a_line_is_cut_down_to_the_tranches_that_pay() -> None:
    # 50 USD/MWh less 9 of avoidable cost: tranches that fall by 5, 15, 25 and 35 pay, one of 45 does not.
    month = plain(
        falls=np.array([5_000 * (2 * j + 1) for j in range(8)]),
        tranche_kw=100,
        avoidable=9_000,
        cap=np.zeros(0, np.int64),
        values=np.zeros((DAYS, 0), np.int64),
        th_per_kw=np.zeros(0),
    )
    found = assert_same(month)
    assert found["EXPORT"] == 400 * HOURS
    assert found["EXPORT_REVENUE"] == 100 * (45 + 35 + 25 + 15) * 1000 * HOURS
    work, more, _, _ = closed_form(month, 0, DAYS)
    assert (work.hours[places.EXPORT_LIMIT] == 400).all()
    # One more MWh would not be sold: it saves its avoidable cost.
    assert more == 9_000 * HOURS


def test_the_peak_is_worked_out_only_where_it_may_be_the_largest() -> None:
    month = plain(price=np.zeros(HOURS, np.int64))
    assert closed_form(month, 0, 7, peak_of=29_999.0)[3] == 30_000.0
    assert closed_form(month, 0, 7, peak_of=30_000.0)[3] == 0.0
