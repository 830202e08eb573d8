"""Export and the mine in closed form over many hours at once, where nothing but capacity and price binds.

Each use takes min(max(surplus - ahead, 0), size) of an hour, where `ahead` is what better uses take. For a
batch of the mine that is the better batches and the tranches of export that are worth more in that hour.
So each use needs a few plain loops over rows of hours, which the compiler runs on many hours at once, and
no hour asks which use is next; `dispatch.kernels.mine_day` does the same hour by hour. Tranches are taken
four at a time: a row that is loaded once is compared with four numbers at little more than the cost of one.
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
    PART_A,
    PART_B,
    SELL,
    SURPLUS,
)

HOURS = 24
LARGEST = np.int32(2**31 - 1)
# Above every price: a slot that always runs stands here.
HIGHEST_MILLI = 1_100_000_000


@kernel
def smaller(one, other, out):
    """The smaller of two rows into a third; returns the largest value, at least 0."""
    most = np.int32(0)
    for h in range(out.size):
        part = min(one[h], other[h])
        out[h] = part
        most = max(most, part)
    return int(most)


@small_kernel
def bound(number, excess):
    """A price above which an hour is, so much above a value, kept in 32 bits."""
    return np.int32(min(number + excess, 2147483647))


@small_kernel
def four_falls(falls, j, end, value):
    """The prices above which an hour sells into tranches j to j + 3; none is above those from `end` on."""
    return (
        bound(falls[j], value) if j < end else LARGEST,
        bound(falls[j + 1], value) if j + 1 < end else LARGEST,
        bound(falls[j + 2], value) if j + 2 < end else LARGEST,
        bound(falls[j + 3], value) if j + 3 < end else LARGEST,
    )


@small_kernel
def count_above(number, a, b, c, d):
    """How many of four numbers a fifth is above, in 32 bits at each step."""
    one = np.int32(np.int32(number > a) + np.int32(number > b))
    two = np.int32(np.int32(number > c) + np.int32(number > d))
    return np.int32(one + two)


@small_kernel
def tranches_below(row, value, begin, end, falls, tranche_kw, out):
    """`begin` tranches, and of those up to `end` each whose fall is below what the row is above a value. [kW]"""
    width = np.int32(tranche_kw)
    ahead = np.int32(begin * tranche_kw)
    j = begin
    a, b, c, d = four_falls(falls, j, end, value)
    for h in range(out.size):
        out[h] = np.int32(ahead + np.int32(width * count_above(row[h], a, b, c, d)))
    j += 4
    while j < end:
        a, b, c, d = four_falls(falls, j, end, value)
        for h in range(out.size):
            out[h] = np.int32(out[h] + np.int32(width * count_above(row[h], a, b, c, d)))
        j += 4


@kernel
def within(row, ahead, size):
    """Sum of min(max(row - ahead, 0), size)."""
    before, most, none = np.int32(ahead), np.int32(size), np.int32(0)
    total = 0
    for h in range(row.size):
        total += min(max(np.int32(row[h] - before), none), most)
    return total


@kernel
def four_within(row, ahead, size):
    """`within` for `ahead`, `ahead` + `size` and so on, four of them."""
    if size * row.size >= 1 << 31:
        return (
            within(row, ahead, size),
            within(row, ahead + size, size),
            within(row, ahead + 2 * size, size),
            within(row, ahead + 3 * size, size),
        )
    # Each sum has room in 32 bits, where the processor adds twice as many at once.
    most, none = np.int32(size), np.int32(0)
    a = b = c = d = np.int32(0)
    first = np.int32(ahead)
    for h in range(row.size):
        left = np.int32(row[h] - first)
        a = np.int32(a + min(max(left, none), most))
        left = np.int32(left - most)
        b = np.int32(b + min(max(left, none), most))
        left = np.int32(left - most)
        c = np.int32(c + min(max(left, none), most))
        left = np.int32(left - most)
        d = np.int32(d + min(max(left, none), most))
    return int(a), int(b), int(c), int(d)


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
def count_all_sold(sell, surplus, ahead, width):
    """Hours in which all of the surplus is sold and more than `ahead`, than `ahead` + `width` and so on."""
    none = np.int32(0)
    a = b = c = d = np.int32(0)
    first, second = bound(ahead, 0), bound(ahead, width)
    third, fourth = bound(ahead, 2 * width), bound(ahead, 3 * width)
    for h in range(sell.size):
        # Where some is left over, nothing counts.
        kept = sell[h] if sell[h] == surplus[h] else none
        a = np.int32(a + np.int32(kept > first))
        b = np.int32(b + np.int32(kept > second))
        c = np.int32(c + np.int32(kept > third))
        d = np.int32(d + np.int32(kept > fourth))
    return int(a), int(b), int(c), int(d)


@small_kernel
def sum_where_all_sold(sell, surplus, price):
    """Sum of a row over the hours in which all of the surplus, and some, is sold."""
    none = np.int32(0)
    total = 0
    for h in range(sell.size):
        total += price[h] if sell[h] > none and sell[h] == surplus[h] else none
    return total


@small_kernel
def falls_below(falls, excess, guess):
    """Tranches that go ahead of a use: their fall is below the price's excess over its value.

    Days are like their neighbours: the search begins at the neighbour's count.
    """
    count = guess
    while count < falls.size and falls[count] < excess:
        count += 1
    while count > 0 and falls[count - 1] >= excess:
        count -= 1
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
        sure = falls_below(falls, least_net + 1, 0)
        tranches_below(net, -1, sure, min(falls.size, top + 1), falls, tranche_kw, room)
        smaller(limit, room, limit)
        most = smaller(surplus, limit, sell)
        if most == 0:
            return 0, 0, 0
        top = (most - 1) // tranche_kw
    total = row_sum(sell)
    value = product_sum(sell, net)
    # One more MWh is worth the price where it would be sold, less the fall of the last tranche.
    more = sum_where_all_sold(sell, surplus, net)
    if top == 0:
        value -= falls[0] * total
        more -= falls[0] * count_all_sold(sell, surplus, 0, 0)[0]
        return total, value, more
    j = 0
    while j <= top:
        one, two, three, four = four_within(sell, j * tranche_kw, tranche_kw)
        value -= falls[j] * one
        value -= falls[j + 1] * two if j + 1 <= top else 0
        value -= falls[j + 2] * three if j + 2 <= top else 0
        value -= falls[j + 3] * four if j + 3 <= top else 0
        j += 4
    j = 0
    before = 0
    while j <= top:
        one, two, three, four = count_all_sold(sell, surplus, j * tranche_kw, tranche_kw)
        if one == 0:
            break
        more -= one * (falls[j] - before)
        more -= two * (falls[j + 1] - falls[j]) if j + 1 <= top else 0
        more -= three * (falls[j + 2] - falls[j + 1]) if j + 2 <= top else 0
        more -= four * (falls[j + 3] - falls[j + 2]) if j + 3 <= top else 0
        before = falls[min(j + 3, top)]
        j += 4
    return total, value, more


@small_kernel
def clamp_day(free, before, cap, out):
    """min(max(free - before, 0), cap) of a day's hours; returns the sum."""
    gone, most, none = np.int32(before), np.int32(cap), np.int32(0)
    total = 0
    for h in range(HOURS):
        part = min(max(np.int32(free[h] - gone), none), most)
        out[h] = part
        total += part
    return total


@small_kernel
def clamp_day_behind(free, before, limit, cap, out):
    """min(max(free - before - min(out, limit), 0), cap) of a day's hours, in place; returns the sum."""
    gone, most, none = np.int32(before), np.int32(cap), np.int32(0)
    total = 0
    for h in range(HOURS):
        rest = np.int32(np.int32(free[h] - gone) - min(out[h], limit[h]))
        part = min(max(rest, none), most)
        out[h] = part
        total += part
    return total


@kernel
def mine_window(
    begin,
    end,
    hours,
    by_day,
    slots,
    order,
    th_per_kw,
    falls,
    tranche_kw,
    avoidable,
    totals,
    mined,
    hashes,
    peak_of,
):
    """Give the surplus of a month's days from `begin` to before `end` to the best of mine and export.

    None of them may go hour by hour. Changes the month's `totals` from those without a mine.

    Parameters
    ----------
    begin, end : int
    hours : ndarray (rows, 744)
        Of `DispatchWork`: SURPLUS, FREE (the part of it that a mine may take), EXPORT_LIMIT, NET_PRICE, SELL.
    by_day : ndarray (rows, 31, 24)
        The same memory by day.
    slots : ndarray
        CAP is read.
    order : ndarray (31, 2 K + 1)
        Of each day: how many slots are worth running, and from the best on each one's index and net
        value of at least 0. [milli-USD/MWh]
    th_per_kw : ndarray (K,)
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
    peak = 0.0
    any_mined = 0
    sure = maybe = 0
    for i in range(begin, end):
        running = order[i, 0]
        largest_th = 0.0
        for place in range(running):
            k = order[i, 2 * place + 1]
            largest_th += slots[CAP, k] * th_per_kw[k]
        want_peak = largest_th > peak_of
        for k in range(mined.shape[1]):
            mined[i, k] = 0
        free, limit, net = by_day[FREE, i], by_day[EXPORT_LIMIT, i], by_day[NET_PRICE, i]
        taken, part, th = by_day[PART_A, i], by_day[PART_B, i], hashes[:HOURS]
        none = np.int32(0)
        cheapest = dearest = net[0]
        most_free = most_limit = none
        for h in range(HOURS):
            cheapest = min(cheapest, net[h])
            dearest = max(dearest, net[h])
        for h in range(HOURS):
            most_free = max(most_free, free[h])
            most_limit = max(most_limit, limit[h])
        better = 0
        place = 0
        while place < running and better < most_free:
            k = order[i, 2 * place + 1]
            cap = slots[CAP, k]
            value = min(order[i, 2 * place + 2], HIGHEST_MILLI)
            use = taken if place == 0 else part
            maybe = falls_below(falls, int(dearest) - value, maybe)
            ahead = maybe
            if maybe > 0 and (maybe - 1) * tranche_kw >= most_limit:
                # No more of them than the line carries; a division costs as much as a row of the day.
                ahead = (int(most_limit) + tranche_kw - 1) // tranche_kw
            if ahead == 0:
                kwh = clamp_day(free, better, cap, use)
            else:
                sure = falls_below(falls, int(cheapest) - value, sure)
                tranches_below(net, value, min(sure, ahead), ahead, falls, tranche_kw, use)
                kwh = clamp_day_behind(free, better, limit, cap, use)
            better += cap
            mined[i, k] = kwh
            any_mined += kwh
            if want_peak:
                each = th_per_kw[k]
                if place == 0:
                    for h in range(HOURS):
                        th[h] = use[h] * each
                else:
                    for h in range(HOURS):
                        th[h] += use[h] * each
            if place > 0:
                for h in range(HOURS):
                    taken[h] = np.int32(taken[h] + part[h])
            place += 1
        if place == 0:
            for h in range(HOURS):
                taken[h] = none
        elif want_peak:
            for h in range(HOURS):
                peak = max(peak, th[h])
    if any_mined == 0:
        return 0.0
    totals[MINE] += any_mined
    totals[CURTAILED] -= any_mined
    first, last = HOURS * begin, HOURS * end
    sell, left = hours[SELL, first:last], hours[PART_B, first:last]
    # Export takes what is left, up to what the line carries and is worth: never more than without the mine.
    what_is_left(
        hours[SURPLUS, first:last], hours[PART_A, first:last], hours[EXPORT_LIMIT, first:last], left
    )
    gone, value = gap_times(left, sell, hours[NET_PRICE, first:last])
    if gone < 0:
        top = (highest(sell) - 1) // tranche_kw
        if top == 0:
            value -= falls[0] * gone
        else:
            # Tranches that every hour still fills lose nothing.
            j = lowest(left) // tranche_kw
            while j <= top:
                a, b, c, d = four_within(left, j * tranche_kw, tranche_kw)
                e, f, g, h = four_within(sell, j * tranche_kw, tranche_kw)
                value -= falls[j] * (a - e)
                value -= falls[j + 1] * (b - f) if j + 1 <= top else 0
                value -= falls[j + 2] * (c - g) if j + 2 <= top else 0
                value -= falls[j + 3] * (d - h) if j + 3 <= top else 0
                j += 4
        totals[EXPORT] += gone
        totals[EXPORT_REVENUE] += value + gone * avoidable
        totals[CURTAILED] -= gone
    return peak
