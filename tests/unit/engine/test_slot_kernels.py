"""Ranking the mine's slots for days at once equals ranking them day by day."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import numpy as np
import pytest

from baseload.compiled import kernel
from baseload.dispatch import work as places
from baseload.dispatch.kernels import rank_slots
from baseload.dispatch.work import DispatchWork, dispatch_work
from baseload.engine.slot_kernels import rank_day, rank_days, value_slots
from baseload.network.chain_kernels import hashprice_of
from baseload.network.work import BLOCKS, PACE, STOP, SUBSIDY

SLOTS = 6


@kernel
def _value(hashprice, avoidable, slots, terms):
    value_slots(hashprice, avoidable, slots, terms)


@kernel
def _rank_day(i, hashprice, avoidable, slots, terms, order):
    rank_day(i, hashprice, avoidable, slots, terms, order)


@kernel
def _hashprice(progress, fees, price):
    return hashprice_of(progress, 0, fees, price)


def drawn(chosen: np.random.Generator) -> DispatchWork:
    work = dispatch_work(0, SLOTS)
    work.slots[places.CAP] = chosen.choice([0, 1, 400_000], SLOTS)
    work.slot_terms[0] = chosen.choice([1_000.0, 1_500.0, 2_000.0], SLOTS)
    work.slot_terms[1] = chosen.choice([0, 5_000, 60_000], SLOTS)
    work.slot_terms[2] = chosen.random(SLOTS) < 0.15
    work.th_per_kw[:] = chosen.uniform(30.0, 90.0, SLOTS)
    return work


def ranked_alone(work: DispatchWork, hashprice: float, avoidable: int) -> list[int]:
    """Indices and values of the slots worth running, as the days that go hour by hour rank them."""
    _value(hashprice, avoidable, work.slots, work.slot_terms)
    best = work.slots[places.ORDER, : rank_slots(work.slots)]
    return [int(x) for k in best for x in (k, work.slots[places.VALUE, k])]


def written(work: DispatchWork, day: int) -> list[int]:
    return [int(x) for x in work.slot_order[day, 1 : 1 + 2 * work.slot_order[day, 0]]]


@pytest.mark.parametrize("seed", range(40))
def test_a_day_is_ranked_as_its_hours_are(seed: int) -> None:
    chosen = np.random.default_rng(seed)
    work = drawn(chosen)
    for day in range(31):
        hashprice = float(chosen.choice([0.0, 0.02, 0.05, 1e9]))
        avoidable = int(chosen.choice([0, 12_000]))
        _rank_day(day, hashprice, avoidable, work.slots, work.slot_terms, work.slot_order)
        assert written(work, day) == ranked_alone(work, hashprice, avoidable)


def progress_of(blocks: float, stop: float) -> np.ndarray:
    progress = np.zeros((2, 8))
    progress[:, BLOCKS], progress[:, STOP] = blocks, stop
    # 144 blocks a day at 1,000 EH/s.
    progress[:, PACE], progress[:, SUBSIDY] = 0.144, 3.125e8
    return progress


@pytest.mark.parametrize(
    ("stop", "by_hour", "standing", "days"),
    [
        (2016.0, None, None, 7),  # the end that was asked for
        (1000.0 + 3.5 * 144.0, None, None, 4),  # the fourth day may hold the retarget, no later one
        (1000.0 + 0.5 * 144.0, None, None, 1),  # the first day goes on its own in any case
        (2016.0, 3, None, 3),
        (2016.0, None, 2, 2),
    ],
)
def test_days_go_together_until_something_is_not_known(
    stop: float, by_hour: int | None, standing: int | None, days: int
) -> None:
    work = drawn(np.random.default_rng(8))
    work.slots[places.CAP] = 0
    work.slots[places.CAP, 1] = 1
    work.th_per_kw[:] = 1e-9
    if by_hour is not None:
        work.days[10 + by_hour, places.D_BY_HOUR] = 1
    if standing is not None:
        work.days[10 + standing, places.D_NO_MINE] = 1
    price, fees = np.linspace(5e4, 9e4, 31), np.linspace(0.01, 0.2, 31)
    progress = progress_of(1000.0, stop)
    end = rank_days(
        10, 17, progress, 1000.0, price, fees, work.days, 5_000, work.slots, work.th_per_kw,
        work.slot_terms, work.slot_order,
    )  # fmt: skip
    assert end == 10 + days
    for day in range(10, end):
        hashprice = _hashprice(progress, fees[day], price[day])
        assert written(work, day) == ranked_alone(work, hashprice, 5_000)


def test_the_mine_s_own_blocks_bring_the_retarget_nearer() -> None:
    work = drawn(np.random.default_rng(8))
    work.slots[places.CAP] = 0
    work.slots[places.CAP, 1] = 10_000_000
    work.th_per_kw[:] = 100.0  # 1,000 EH/s of its own: twice the blocks
    price, fees = np.full(31, 6e4), np.full(31, 0.02)
    end = rank_days(
        0, 7, progress_of(1000.0, 1000.0 + 4.5 * 144.0), 1000.0, price, fees, work.days, 0,
        work.slots, work.th_per_kw, work.slot_terms, work.slot_order,
    )  # fmt: skip
    assert end == 3
