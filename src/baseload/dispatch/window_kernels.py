"""Export and the mine in closed form over many hours at once, where nothing but capacity and price binds.

Each use takes min(max(surplus - ahead, 0), size) of an hour, where `ahead` is what better uses take. For a
batch of the mine that is the better batches and the tranches of export that are worth more in that hour.
So each use needs a few plain loops over rows of hours, which the compiler runs on many hours at once, and
no hour asks which use is next; `dispatch.kernels.mine_day` does the same hour by hour.
"""

from __future__ import annotations

import numpy as np

from baseload.compiled import kernel, small_kernel
from baseload.dispatch.row_kernels import highest, lowest, row_sum
from baseload.dispatch.work import (
    CAP,
    CURTAILED,
    EXPORT,
    EXPORT_LIMIT,
    EXPORT_REVENUE,
    FREE,
    MINE,
    NET_PRICE,
    ORDER,
    PART_A,
    PART_B,
    SELL,
    SURPLUS,
    WORTH_ROW,
)

HOURS = 24
# Above every price: a slot that always runs stands here.
HIGHEST_MILLI = 1_100_000_000


@kernel
def set_row(row, value):
    """The same number in every hour of a row."""
    number = np.int32(value)
    for h in range(row.size):
        row[h] = number


@kernel
def smaller(one, other, out):
    """The smaller of two rows into a third; returns the largest value, at least 0."""
    most = np.int32(0)
    for h in range(out.size):
        part = min(one[h], other[h])
        out[h] = part
        most = max(most, part)
    return int(most)


@kernel
def less_number(row, value, out):
    """A row less a number into another."""
    number = np.int32(value)
    for h in range(out.size):
        out[h] = np.int32(row[h] - number)


@kernel
def tranches_below(row, begin, end, falls, tranche_kw, out):
    """`begin` tranches, and of those up to `end` (above `begin`) each whose fall is below the row. [kW]"""
    width, sure = np.int32(tranche_kw), np.int32(begin * tranche_kw)
    least = np.int32(falls[begin])
    for h in range(out.size):
        out[h] = np.int32(sure + (width if row[h] > least else np.int32(0)))
    for j in range(begin + 1, end):
        fall = np.int32(falls[j])
        for h in range(out.size):
            out[h] = np.int32(out[h] + (width if row[h] > fall else np.int32(0)))


@kernel
def within(row, ahead, size):
    """Sum of min(max(row - ahead, 0), size)."""
    before, most, none = np.int32(ahead), np.int32(size), np.int32(0)
    total = 0
    if size * row.size < 1 << 31:
        # The sum has room in 32 bits, where the processor adds twice as many at once.
        short = np.int32(0)
        for h in range(row.size):
            short = np.int32(short + min(max(np.int32(row[h] - before), none), most))
        total = int(short)
    else:
        for h in range(row.size):
            total += min(max(np.int32(row[h] - before), none), most)
    return total


@small_kernel
def rest_within(left, ahead, limit, better, size, out):
    """min(max(left - better - min(ahead, limit), 0), size) of each hour."""
    before, most, none = np.int32(better), np.int32(size), np.int32(0)
    for h in range(out.size):
        rest = np.int32(np.int32(left[h] - before) - min(ahead[h], limit[h]))
        out[h] = min(max(rest, none), most)


@small_kernel
def all_within(left, better, size, out):
    """min(max(left - better, 0), size) of each hour."""
    before, most, none = np.int32(better), np.int32(size), np.int32(0)
    for h in range(out.size):
        out[h] = min(max(np.int32(left[h] - before), none), most)


@small_kernel
def add_row(row, out):
    """Add one row to another."""
    for h in range(out.size):
        out[h] = np.int32(out[h] + row[h])


@small_kernel
def what_is_left(surplus, taken, limit, out):
    """min(surplus - taken, limit) of each hour."""
    for h in range(out.size):
        out[h] = min(np.int32(surplus[h] - taken[h]), limit[h])


@small_kernel
def product_sum(row, price):
    """Sum of a row of kW times a row of milli-USD per MWh. [micro-USD]"""
    total = 0
    for h in range(row.size):
        total += row[h] * price[h]
    return total


@small_kernel
def gap_times(row, other, price):
    """Sum of the gap of two rows, and of the gap times a third."""
    total = 0
    value = 0
    for h in range(row.size):
        gap = np.int32(row[h] - other[h])
        total += gap
        value += gap * price[h]
    return total, value


@kernel
def count_where_all_sold(sell, surplus, ahead):
    """Hours in which all of the surplus is sold, and more than so much."""
    bound, one, none = np.int32(ahead), np.int32(1), np.int32(0)
    count = np.int32(0)
    for h in range(sell.size):
        count = np.int32(count + (one if sell[h] > bound and sell[h] == surplus[h] else none))
    return int(count)


@small_kernel
def sum_where_all_sold(sell, surplus, price):
    """Sum of a row over the hours in which all of the surplus, and some, is sold."""
    none = np.int32(0)
    total = 0
    for h in range(sell.size):
        total += price[h] if sell[h] > none and sell[h] == surplus[h] else none
    return total


@small_kernel
def falls_below(falls, excess):
    """Tranches that go ahead of a use: their fall is below the price's excess over its value."""
    count = 0
    for j in range(falls.size):
        count += 1 if falls[j] < excess else 0
    return count


@kernel
def sell_month(hours, count, falls, tranche_kw, totals):
    """Export without a mine of the first `count` hours of a month, beside what other days have put in.

    Cuts the row EXPORT_LIMIT down to the tranches that are worth their cost in the hour, and sets the row
    SELL; adds to `totals` of the run and of grid-only alike.

    Parameters
    ----------
    hours : ndarray (rows, 744)
        Of `DispatchWork`; SURPLUS, EXPORT_LIMIT and NET_PRICE are read.
    count : int
    falls : ndarray (J,)
        Fall of the marginal revenue of export in each tranche. [milli-USD/MWh]
    tranche_kw : int
    totals : ndarray

    Returns
    -------
    tuple of int
        Export [kWh], its net value [micro-USD], and the sum over the hours of the net value of one more
        MWh [milli-USD/MWh].
    """
    surplus, limit = hours[SURPLUS, :count], hours[EXPORT_LIMIT, :count]
    net, sell, room = hours[NET_PRICE, :count], hours[SELL, :count], hours[PART_A, :count]
    most = smaller(surplus, limit, sell)
    if most == 0:
        return 0, 0, 0
    least_net = lowest(net)
    top = (most - 1) // tranche_kw
    if least_net < falls[min(top, falls.size - 1)]:
        # Every tranche whose fall the price of the hour covers.
        sure = falls_below(falls, least_net + 1)
        less_number(net, -1, sell)
        tranches_below(sell, sure, min(falls.size, top + 1), falls, tranche_kw, room)
        smaller(limit, room, limit)
        most = smaller(surplus, limit, sell)
        if most == 0:
            return 0, 0, 0
        top = (most - 1) // tranche_kw
    total = row_sum(sell)
    value = product_sum(sell, net)
    # One more MWh is worth the price where it would be sold, less the fall of the last tranche.
    free = count_where_all_sold(sell, surplus, 0)
    more = sum_where_all_sold(sell, surplus, net) - free * falls[0] if free > 0 else 0
    rest = total
    for j in range(top + 1):
        # The last tranche sells what the others do not.
        sold = within(sell, j * tranche_kw, tranche_kw) if j < top else rest
        rest -= sold
        value -= falls[j] * sold
        if j > 0 and free > 0:
            above = count_where_all_sold(sell, surplus, j * tranche_kw)
            more -= above * (falls[j] - falls[j - 1])
    return total, value, more


@kernel
def mine_window(
    begin,
    days,
    hours,
    values,
    slots,
    th_per_kw,
    running,
    falls,
    tranche_kw,
    avoidable,
    totals,
    mined,
    hashes,
    peak_of,
):
    """Give the surplus of so many days from day `begin` of a month to the best of mine and export.

    All days must have the same slots worth running, in the same order, and none of them may go hour by hour.
    Changes the month's `totals` from those without a mine.

    Parameters
    ----------
    begin, days : int
    hours : ndarray (rows, 744)
        Of `DispatchWork`: SURPLUS, FREE (the part of it that a mine may take), EXPORT_LIMIT, NET_PRICE, SELL.
    values : ndarray (31, K)
        Net value of each slot by day, of at least 0 for those worth running. [milli-USD/MWh]
    slots : ndarray
        CAP and ORDER are read.
    th_per_kw : ndarray (K,)
    running : int
        Slots that are worth running: the first ones of ORDER.
    falls : ndarray (J,)
    tranche_kw, avoidable : int
    totals : ndarray
    mined : ndarray (31, K)
        Energy of each slot by day; written for the days of the window. [kWh]
    hashes : ndarray (744,)
        Scratch.
    peak_of : float
        The largest hash rate of an hour is worked out where it may be above this. [TH/s]

    Returns
    -------
    float
        Largest hash rate of an hour, 0 where it cannot be above `peak_of`. [TH/s]
    """
    first, last = HOURS * begin, HOURS * (begin + days)
    surplus, free = hours[SURPLUS, first:last], hours[FREE, first:last]
    limit, net = hours[EXPORT_LIMIT, first:last], hours[NET_PRICE, first:last]
    sell, excess = hours[SELL, first:last], hours[WORTH_ROW, first:last]
    taken, part = hours[PART_A, first:last], hours[PART_B, first:last]
    for i in range(begin, begin + days):
        for k in range(mined.shape[1]):
            mined[i, k] = 0
    bound = 0.0
    for place in range(running):
        k = slots[ORDER, place]
        bound += slots[CAP, k] * th_per_kw[k]
    want_peak = bound > peak_of
    most_free = highest(free)
    most_tranches = (highest(limit) + tranche_kw - 1) // tranche_kw
    better = 0
    any_mined = 0
    place = 0
    while place < running and better < most_free:
        k = slots[ORDER, place]
        cap = slots[CAP, k]
        for i in range(begin, begin + days):
            at = HOURS * i - first
            less_number(
                net[at : at + HOURS], min(values[i, k], HIGHEST_MILLI), excess[at : at + HOURS]
            )
        use = taken if place == 0 else part
        maybe = min(falls_below(falls, highest(excess)), most_tranches)
        if maybe == 0:
            all_within(free, better, cap, use)
        else:
            sure = min(falls_below(falls, lowest(excess)), most_tranches)
            if sure < maybe:
                tranches_below(excess, sure, maybe, falls, tranche_kw, use)
            else:
                set_row(use, min(sure * tranche_kw, HIGHEST_MILLI))
            rest_within(free, use, limit, better, cap, use)
        better += cap
        for i in range(begin, begin + days):
            kwh = row_sum(use[HOURS * i - first : HOURS * i - first + HOURS])
            mined[i, k] = kwh
            any_mined += kwh
        if want_peak:
            th = th_per_kw[k]
            if place == 0:
                for h in range(use.size):
                    hashes[h] = use[h] * th
            else:
                for h in range(use.size):
                    hashes[h] += use[h] * th
        if place > 0:
            add_row(part, taken)
        place += 1
    if any_mined == 0:
        return 0.0
    totals[MINE] += any_mined
    totals[CURTAILED] -= any_mined
    most = highest(sell)
    if most > 0:
        # Export takes what is left, up to what the line carries and is worth: never more than without the mine.
        what_is_left(surplus, taken, limit, part)
        sold_less, value = gap_times(part, sell, net)
        rest = sold_less
        top = (most - 1) // tranche_kw
        for j in range(top + 1):
            # The last tranche loses what the others do not.
            gone = rest
            if j < top:
                gone = within(part, j * tranche_kw, tranche_kw) - within(
                    sell, j * tranche_kw, tranche_kw
                )
            rest -= gone
            value -= falls[j] * gone
        totals[EXPORT] += sold_less
        totals[EXPORT_REVENUE] += value + sold_less * avoidable
        totals[CURTAILED] -= sold_less
    peak = 0.0
    if want_peak:
        for h in range(last - first):
            peak = max(peak, hashes[h])
    return peak
