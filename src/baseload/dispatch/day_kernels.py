"""A day of export and of the mine in closed form, where nothing but capacity and price binds.

Each use takes min(max(surplus - ahead, 0), size) of an hour, where `ahead` is what better uses take.
For a batch that is the better batches and the tranches of export that are worth more in that hour;
where their count is the same all day, so is `ahead`, and often the sum is known without a look at
the hours. `dispatch.kernels.mine_day` does the same hour by hour.
"""

from __future__ import annotations

from baseload.compiled import kernel, small_kernel
from baseload.dispatch.work import (
    CAP,
    CURTAILED,
    D_ALONE,
    D_LEFT_MAX,
    D_LEFT_MIN,
    D_LIMIT_MAX,
    D_LIMIT_MIN,
    D_NET_MAX,
    D_NET_MIN,
    D_NET_SUM,
    D_VALUE,
    EXPORT,
    EXPORT_LIMIT,
    EXPORT_REVENUE,
    MINE,
    MINED,
    NET_PRICE,
    ORDER,
    PART_A,
    PART_B,
    SELL,
    SURPLUS,
    VALUE,
)

HOURS = 24


@small_kernel
def tranches_above(falls, excess):
    """Tranches whose fall is below a price's excess over a value: those that go ahead of it."""
    count = 0
    for j in range(falls.size):
        count += 1 if falls[j] < excess else 0
    return count


@small_kernel
def value_of_sales(i, row, falls, tranche_kw, by_day):
    """What a day's export of `row` earns where every tranche that it reaches is worth it.

    Returns its sum [kWh], net value [micro-USD], sum over the hours of the fall of the last tranche
    reached [milli-USD/MWh], smallest and largest hour [kW].
    """
    most = 0
    total = 0
    value = 0
    least = by_day[row, i, 0]
    for h in range(HOURS):
        sold = by_day[row, i, h]
        total += sold
        most = max(most, sold)
        least = min(least, sold)
    if most == 0:
        return 0, 0, 0, 0, 0
    for h in range(HOURS):
        value += by_day[row, i, h] * by_day[NET_PRICE, i, h]
    top = (most - 1) // tranche_kw
    fallen = HOURS * falls[0]
    for j in range(top + 1):
        ahead = j * tranche_kw
        above = HOURS
        if least >= ahead + tranche_kw:
            part = HOURS * tranche_kw
        elif j == top and least > ahead:
            part = total - HOURS * ahead
        else:
            part = above = 0
            for h in range(HOURS):
                sold = by_day[row, i, h]
                part += min(max(sold - ahead, 0), tranche_kw)
                above += 1 if sold > ahead else 0
        value -= part * falls[j]
        if j > 0:
            fallen += above * (falls[j] - falls[j - 1])
    return total, value, fallen, least, most


@small_kernel
def room_for_sales(i, falls, tranche_kw, by_day, day):
    """Cut the row EXPORT_LIMIT of a day down to the tranches that are worth their cost in each hour.

    Then the row SELL, and D_LIMIT_MIN and D_LIMIT_MAX of `day`. Returns in how many hours there is less
    room than surplus.
    """
    for h in range(HOURS):
        by_day[PART_B, i, h] = 0
    for j in range(falls.size):
        fall = falls[j]
        for h in range(HOURS):
            by_day[PART_B, i, h] += tranche_kw if by_day[NET_PRICE, i, h] >= fall else 0
    for h in range(HOURS):
        by_day[EXPORT_LIMIT, i, h] = min(by_day[EXPORT_LIMIT, i, h], by_day[PART_B, i, h])
    for h in range(HOURS):
        by_day[SELL, i, h] = min(by_day[SURPLUS, i, h], by_day[EXPORT_LIMIT, i, h])
    least = most = by_day[EXPORT_LIMIT, i, 0]
    limited = 0
    for h in range(HOURS):
        room = by_day[EXPORT_LIMIT, i, h]
        least = min(least, room)
        most = max(most, room)
        limited += 1 if by_day[SURPLUS, i, h] > room else 0
    day[i, D_LIMIT_MIN] = least
    day[i, D_LIMIT_MAX] = most
    return limited


@kernel
def sell_day(i, limited, most, by_day, falls, tranche_kw, avoidable, day):
    """Export of day `i` without a mine: D_ALONE and D_VALUE of `day`, and the row SELL.

    Parameters
    ----------
    i : int
    limited : int
        Hours in which the line carries less than the surplus.
    most : int
        Most that the line carries of any hour's surplus. [kW]
    by_day, day : ndarrays
        Of `DispatchWork`.
    falls : ndarray (J,)
    tranche_kw, avoidable : int

    Returns
    -------
    int
        Sum over the hours of the value of one more MWh. [milli-USD/MWh]
    """
    of_day = HOURS * avoidable
    if most <= 0:
        day[i, D_ALONE] = 0
        day[i, D_VALUE] = 0
        return of_day
    if day[i, D_NET_MIN] < falls[min((most - 1) // tranche_kw, falls.size - 1)]:
        limited = room_for_sales(i, falls, tranche_kw, by_day, day)
    total, value, fallen, least, highest = value_of_sales(i, SELL, falls, tranche_kw, by_day)
    day[i, D_ALONE] = total
    day[i, D_VALUE] = value
    if highest == 0 or limited == HOURS:
        return of_day
    if limited == 0 and least > 0:
        return of_day + day[i, D_NET_SUM] - fallen
    # One more MWh is worth the price where it would be sold, less the fall of the last tranche.
    free = 0
    for h in range(HOURS):
        sold = by_day[SELL, i, h]
        is_free = sold > 0 and sold == by_day[SURPLUS, i, h]
        free += 1 if is_free else 0
        of_day += by_day[NET_PRICE, i, h] if is_free else 0
    of_day -= free * falls[0]
    for j in range(1, (highest - 1) // tranche_kw + 1):
        above = 0
        for h in range(HOURS):
            sold = by_day[SELL, i, h]
            above += 1 if sold > j * tranche_kw and sold == by_day[SURPLUS, i, h] else 0
        of_day -= above * (falls[j] - falls[j - 1])
    return of_day


@kernel
def mine_day_at_once(
    i, by_day, day, slots, th_per_kw, totals, falls, tranche_kw, avoidable, running, hashes, peak_of
):
    """Give the surplus of day `i` to the best of mine and export; equals `mine_day` on such a day.

    For a day on which `day[i, D_BY_HOUR]` is 0, on which the row EXPORT_LIMIT holds what the line
    carries and is worth its cost. Changes `totals` and sets `slots[MINED]`.

    Parameters
    ----------
    i : int
    by_day, day, slots, th_per_kw, totals : ndarrays
        Of `DispatchWork`; slots in `slots[ORDER]` come by falling value.
    falls : ndarray (J,)
    tranche_kw, avoidable, running : int
        `running` slots are worth running.
    hashes : ndarray (24,)
        Scratch.
    peak_of : float
        The largest hash rate of an hour is worked out where it may be above this. [TH/s]

    Returns
    -------
    float
        Largest hash rate of an hour, 0 where it cannot be above `peak_of`. [TH/s]
    """
    for k in range(slots.shape[1]):
        slots[MINED, k] = 0
    left_min, left_max = day[i, D_LEFT_MIN], day[i, D_LEFT_MAX]
    limit_min, limit_max = day[i, D_LIMIT_MIN], day[i, D_LIMIT_MAX]
    net_min, net_max = day[i, D_NET_MIN], day[i, D_NET_MAX]
    bound = 0.0
    for place in range(running):
        k = slots[ORDER, place]
        bound += slots[CAP, k] * th_per_kw[k]
    want_peak = bound > peak_of
    if want_peak:
        hashes[:] = 0.0
    # What mines all day long, and whether there is more in the row PART_A.
    constant = 0
    rows = False
    better = 0
    mined = 0
    for place in range(running):
        k = slots[ORDER, place]
        cap = slots[CAP, k]
        value = slots[VALUE, k]
        low = tranches_above(falls, net_min - value)
        high = tranches_above(falls, net_max - value)
        same = low == high and (limit_min == limit_max or low * tranche_kw <= limit_min)
        ahead = better + min(low * tranche_kw, limit_min)
        better += cap
        if same and left_max <= ahead:
            continue
        if same and left_min >= ahead + cap:
            constant += cap
            slots[MINED, k] = HOURS * cap
            if want_peak:
                for h in range(HOURS):
                    hashes[h] += cap * th_per_kw[k]
            continue
        if not rows:
            for h in range(HOURS):
                by_day[PART_A, i, h] = 0
            rows = True
        if same:
            for h in range(HOURS):
                by_day[PART_B, i, h] = min(max(by_day[SURPLUS, i, h] - ahead, 0), cap)
        else:
            before = better - cap
            for h in range(HOURS):
                by_day[PART_B, i, h] = 0
            for j in range(falls.size):
                above = value + falls[j]
                for h in range(HOURS):
                    by_day[PART_B, i, h] += tranche_kw if by_day[NET_PRICE, i, h] > above else 0
            for h in range(HOURS):
                ahead_kw = before + min(by_day[PART_B, i, h], by_day[EXPORT_LIMIT, i, h])
                by_day[PART_B, i, h] = min(max(by_day[SURPLUS, i, h] - ahead_kw, 0), cap)
        total = 0
        for h in range(HOURS):
            total += by_day[PART_B, i, h]
        for h in range(HOURS):
            by_day[PART_A, i, h] += by_day[PART_B, i, h]
        slots[MINED, k] = total
        mined += total
        if want_peak:
            for h in range(HOURS):
                hashes[h] += by_day[PART_B, i, h] * th_per_kw[k]
    mined += HOURS * constant
    if mined == 0:
        return 0.0
    # Export takes what is left, up to the line's limit: less than without the mine, so all of it pays.
    if rows:
        for h in range(HOURS):
            rest = by_day[SURPLUS, i, h] - by_day[PART_A, i, h] - constant
            by_day[PART_B, i, h] = min(rest, by_day[EXPORT_LIMIT, i, h])
    else:
        for h in range(HOURS):
            by_day[PART_B, i, h] = min(
                by_day[SURPLUS, i, h] - constant, by_day[EXPORT_LIMIT, i, h]
            )
    sold, value, _, _, _ = value_of_sales(i, PART_B, falls, tranche_kw, by_day)
    sold_less = sold - day[i, D_ALONE]
    totals[MINE] += mined
    totals[EXPORT] += sold_less
    totals[EXPORT_REVENUE] += value - day[i, D_VALUE] + sold_less * avoidable
    totals[CURTAILED] -= sold_less + mined
    peak = 0.0
    if want_peak:
        for h in range(HOURS):
            peak = max(peak, hashes[h])
    return peak
