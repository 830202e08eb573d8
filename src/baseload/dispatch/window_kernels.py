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


@small_kernel
def set_row(row, value):
    """The same number in every hour of a row."""
    number = np.int32(value)
    for h in range(row.size):
        row[h] = number


@small_kernel
def smaller(one, other, out):
    """The smaller of two rows into a third."""
    for h in range(out.size):
        out[h] = min(one[h], other[h])


@small_kernel
def add_where_at_least(row, bound, amount, out):
    """Add a number where a row is at least so much."""
    least, more = np.int32(bound), np.int32(amount)
    for h in range(out.size):
        out[h] = np.int32(out[h] + (more if row[h] >= least else np.int32(0)))


@small_kernel
def add_where_above(row, other, bound, amount, out):
    """Add a number where one row is above another by more than so much."""
    least, more = np.int32(bound), np.int32(amount)
    for h in range(out.size):
        above = row[h] > np.int32(other[h] + least)
        out[h] = np.int32(out[h] + (more if above else np.int32(0)))


@small_kernel
def within(row, ahead, size):
    """Sum of min(max(row - ahead, 0), size)."""
    before, most, none = np.int32(ahead), np.int32(size), np.int32(0)
    total = 0
    for h in range(row.size):
        total += int(min(max(np.int32(row[h] - before), none), most))
    return total


@small_kernel
def rest_within(left, ahead, limit, better, size, out):
    """min(max(left - better - min(ahead, limit), 0), size) of each hour."""
    before, most, none = np.int32(better), np.int32(size), np.int32(0)
    for h in range(out.size):
        rest = np.int32(np.int32(left[h] - before) - min(ahead[h], limit[h]))
        out[h] = min(max(rest, none), most)


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
def largest_gap(row, other):
    """Smallest and largest difference of two rows."""
    least = most = row[0] - other[0]
    for h in range(row.size):
        gap = row[h] - other[h]
        least = min(least, gap)
        most = max(most, gap)
    return least, most


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
    smaller(surplus, limit, sell)
    most = highest(sell)
    if most == 0:
        return 0, 0, 0
    least_net = lowest(net)
    if least_net < falls[min((most - 1) // tranche_kw, falls.size - 1)]:
        # Every tranche whose fall the price of the hour covers.
        sure = falls_below(falls, least_net + 1)
        set_row(room, sure * tranche_kw)
        for j in range(sure, min(falls.size, (most - 1) // tranche_kw + 1)):
            add_where_at_least(net, falls[j], tranche_kw, room)
        smaller(limit, room, limit)
        smaller(surplus, limit, sell)
        most = highest(sell)
    total = row_sum(sell)
    value = product_sum(sell, net)
    # One more MWh is worth the price where it would be sold, less the fall of the last tranche.
    more = 0
    free = 0
    for h in range(count):
        is_free = sell[h] > 0 and sell[h] == surplus[h]
        more += net[h] if is_free else 0
        free += 1 if is_free else 0
    more -= free * falls[0]
    top = (most - 1) // tranche_kw if most > 0 else -1
    for j in range(top + 1):
        ahead = j * tranche_kw
        value -= falls[j] * within(sell, ahead, tranche_kw)
        if j > 0 and free > 0:
            above = 0
            for h in range(count):
                above += 1 if sell[h] > ahead and sell[h] == surplus[h] else 0
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
    sell, worth = hours[SELL, first:last], hours[WORTH_ROW, first:last]
    taken, part = hours[PART_A, first:last], hours[PART_B, first:last]
    for i in range(begin, begin + days):
        for k in range(mined.shape[1]):
            mined[i, k] = 0
    bound = 0.0
    for place in range(running):
        k = slots[ORDER, place]
        bound += slots[CAP, k] * th_per_kw[k]
    want_peak = bound > peak_of
    if want_peak:
        for h in range(last - first):
            hashes[h] = 0.0
    most_free = highest(free)
    most_tranches = (highest(limit) + tranche_kw - 1) // tranche_kw
    set_row(taken, 0)
    better = 0
    any_mined = 0
    place = 0
    while place < running and better < most_free:
        k = slots[ORDER, place]
        cap = slots[CAP, k]
        place += 1
        # Slots worth the same on every day are one use; what it gets is shared in their order below.
        for i in range(begin, begin + days):
            value = np.int32(min(values[i, k], HIGHEST_MILLI))
            for h in range(HOURS * i - first, HOURS * i - first + HOURS):
                worth[h] = value
        least_excess, most_excess = largest_gap(net, worth)
        sure = min(falls_below(falls, least_excess), most_tranches)
        maybe = min(falls_below(falls, most_excess), most_tranches)
        set_row(part, min(sure * tranche_kw, HIGHEST_MILLI))
        for j in range(sure, maybe):
            add_where_above(net, worth, falls[j], tranche_kw, part)
        rest_within(free, part, limit, better, cap, part)
        better += cap
        for i in range(begin, begin + days):
            kwh = 0
            day = part[HOURS * i - first : HOURS * i - first + HOURS]
            for h in range(day.size):
                kwh += day[h]
            mined[i, k] = kwh
            any_mined += kwh
        add_row(part, taken)
        if want_peak:
            th = th_per_kw[k]
            for h in range(part.size):
                hashes[h] += part[h] * th
    if any_mined == 0:
        return 0.0
    # Export takes what is left, up to what the line carries and is worth: never more than without the mine.
    what_is_left(surplus, taken, limit, part)
    sold_less = row_sum(part) - row_sum(sell)
    value = product_sum(part, net) - product_sum(sell, net)
    for j in range((highest(sell) - 1) // tranche_kw + 1 if highest(sell) > 0 else 0):
        ahead = j * tranche_kw
        value -= falls[j] * (within(part, ahead, tranche_kw) - within(sell, ahead, tranche_kw))
    totals[MINE] += any_mined
    totals[EXPORT] += sold_less
    totals[EXPORT_REVENUE] += value + sold_less * avoidable
    totals[CURTAILED] -= sold_less + any_mined
    peak = 0.0
    if want_peak:
        for h in range(part.size):
            peak = max(peak, hashes[h])
    return peak
