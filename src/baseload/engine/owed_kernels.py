"""What firm demand of some hours, of a day and of a month comes to, before anything serves it."""

from __future__ import annotations

import numpy as np

from baseload.compiled import inner_kernel, kernel, small_kernel
from baseload.demand.kernels import day_demand, size_of
from baseload.demand.setup import FROM_FIRST_UNIT
from baseload.dispatch.row_kernels import (
    above,
    count_above_zero,
    fill,
    highest,
    plus,
    plus_above,
    row_sum,
)
from baseload.dispatch.work import (
    D_LIKE,
    ELSEWHERE,
    K_ELSEWHERE,
    K_ELSEWHERE_MOST,
    K_NEED,
    K_NEED_MOST,
    K_OTHER,
    K_SHED,
    K_SHED_HOURS,
    K_TARIFF,
    K_TARIFF_ELSEWHERE,
    LOST,
    MAY_IMPORT,
    OTHER,
    TARIFF_MILLI,
    TOTAL,
)
from baseload.grid.setup import FAR_KW

HOURS = 24


@kernel
def demand_of_hours(demand_kw, demand, at, length, hours, kind):
    """What firm demand of `length` hours from column `at` on comes to, into `kind` (9,).

    Writes the rows TOTAL, ELSEWHERE and, where something is shed, LOST of those hours.
    """
    total, elsewhere = hours[TOTAL, at : at + length], hours[ELSEWHERE, at : at + length]
    lost = hours[LOST, at : at + length]
    fill(total, 0)
    fill(elsewhere, 0)
    for column in range(kind.size):
        kind[column] = 0
    for d in range(demand_kw.shape[0]):
        need = demand_kw[d, at : at + length]
        other = min(demand[d, OTHER], FAR_KW)
        needed = row_sum(need)
        if needed == 0:
            continue
        rest = above(need, other)
        plus(need, total)
        kind[K_NEED] += needed
        kind[K_OTHER] += needed - rest
        kind[K_TARIFF] += needed * demand[d, TARIFF_MILLI]
        if demand[d, MAY_IMPORT]:
            kind[K_ELSEWHERE] += rest
            kind[K_TARIFF_ELSEWHERE] += rest * demand[d, TARIFF_MILLI]
            if rest > 0:
                plus_above(need, other, elsewhere)
        elif rest > 0:
            if kind[K_SHED] == 0:
                fill(lost, 0)
            plus_above(need, other, lost)
            kind[K_SHED] += rest
    if kind[K_SHED] > 0:
        kind[K_SHED_HOURS] = count_above_zero(lost)
    kind[K_NEED_MOST] = highest(total)
    kind[K_ELSEWHERE_MOST] = highest(elsewhere) if kind[K_ELSEWHERE] > 0 else 0


@kernel
def demand_of_day(demand_kw, demand, i, by_day, kind):
    """`demand_of_hours` for the whole day `i` of a month, whose hours the compiler takes several at once."""
    total, elsewhere, lost = by_day[TOTAL, i], by_day[ELSEWHERE, i], by_day[LOST, i]
    none = np.int32(0)
    for h in range(HOURS):
        total[h] = none
    for h in range(HOURS):
        elsewhere[h] = none
    for column in range(kind.size):
        kind[column] = 0
    for d in range(demand_kw.shape[0]):
        need = demand_kw[d, HOURS * i : HOURS * i + HOURS]
        other = np.int32(min(demand[d, OTHER], FAR_KW))
        needed = rest = 0
        for h in range(HOURS):
            needed += need[h]
            rest += max(np.int32(need[h] - other), none)
        if needed == 0:
            continue
        for h in range(HOURS):
            total[h] = np.int32(total[h] + need[h])
        kind[K_NEED] += needed
        kind[K_OTHER] += needed - rest
        kind[K_TARIFF] += needed * demand[d, TARIFF_MILLI]
        if demand[d, MAY_IMPORT]:
            kind[K_ELSEWHERE] += rest
            kind[K_TARIFF_ELSEWHERE] += rest * demand[d, TARIFF_MILLI]
            if rest > 0:
                for h in range(HOURS):
                    elsewhere[h] = np.int32(elsewhere[h] + max(np.int32(need[h] - other), none))
        elif rest > 0:
            if kind[K_SHED] == 0:
                fill(lost, 0)
            plus_above(need, other, lost)
            kind[K_SHED] += rest
    if kind[K_SHED] > 0:
        kind[K_SHED_HOURS] = count_above_zero(lost)
    most = most_elsewhere = none
    for h in range(HOURS):
        most = max(most, total[h])
        most_elsewhere = max(most_elsewhere, elsewhere[h])
    kind[K_NEED_MOST] = most
    kind[K_ELSEWHERE_MOST] = most_elsewhere


@inner_kernel
def demand_of_month(
    setup, row, year, first_day, days, first_unit, demand, by_day, demand_kw, sizes_kw, kinds, day
):
    """Firm demand of the first day of each shape in a month, and what it comes to, into `kinds` (31, 9).

    The column D_LIKE of `day` gets the day of the month whose demand each day has.
    """
    # Before anything is owed, all days are alike.
    owed = False
    for d in range(setup.demands):
        start = setup.owed_hour[d]
        if start == FROM_FIRST_UNIT:
            start = first_unit
        owed = owed or start < HOURS * (first_day + days)
        sizes_kw[d] = size_of(setup, row, d, year)
    for i in range(days):
        day[i, D_LIKE] = setup.like_day[first_day + i] - first_day if owed else 0
        if day[i, D_LIKE] == i:
            day_demand(setup, sizes_kw, HOURS * (first_day + i), HOURS * i, first_unit, demand_kw)
            demand_of_day(demand_kw, demand, i, by_day, kinds[i])


@small_kernel
def owed_within(setup, first_hour, hours, first_unit):
    """Whether a demand begins to be owed within a month and not at its first hour."""
    found = False
    for d in range(setup.demands):
        owed = setup.owed_hour[d]
        if owed == FROM_FIRST_UNIT:
            owed = first_unit
        found = found or first_hour < owed < first_hour + hours
    return found
