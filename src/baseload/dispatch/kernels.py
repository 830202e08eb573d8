"""Merit-order dispatch, hour by hour, in whole kilowatts and milli-USD per MWh.

Each hour the safety house load is served first, then firm demand in order; what is left goes to the
best use: batches of the mine, tranches of export with falling marginal revenue, curtailment. Values
are net of the avoidable cost of a MWh, so zero is the threshold; ties go to batches, then to the
lower index. Without limits that link hours this order is optimal.
"""

from __future__ import annotations

import math

import numpy as np

from baseload.compiled import kernel, small_kernel
from baseload.dispatch.row_kernels import (
    add_to,
    at_most,
    cost_of,
    count_above_zero,
    difference,
    highest,
    row_sum,
    smaller_of,
    take_off,
)
from baseload.dispatch.work import (
    ALONE,
    AT_POWER,
    AVAILABLE,
    BOUGHT,
    CAP,
    CURTAILED,
    CURTAILED_GRID_ONLY,
    DARK,
    DARK_ALWAYS,
    DIESEL,
    DIESEL_HOURS,
    DIESEL_HOURS_IDLE,
    EXPORT,
    EXPORT_GRID_ONLY,
    EXPORT_LIMIT,
    EXPORT_REVENUE,
    EXPORT_REVENUE_GRID_ONLY,
    FIRM_BY_PLANT,
    FIRM_DEMAND,
    FIRM_SERVED,
    GENERATION,
    HOUR_PRICE,
    HOUSE,
    HOUSE_LOAD,
    IDLE_LEFT,
    IMPORT,
    IMPORT_COST,
    IMPORT_COST_GRID_ONLY,
    IMPORT_COST_IDLE,
    IMPORT_GRID_ONLY,
    IMPORT_IDLE,
    IMPORT_LEFT,
    IMPORT_LIMIT,
    LAST,
    MAY_IMPORT,
    MINE,
    MINE_IMPORT,
    MINED,
    NET_PRICE,
    ORDER,
    OTHER,
    PART_A,
    PART_B,
    PRICE,
    SHORTFALL,
    STOPS_MINE,
    SURPLUS,
    TARIFF_MILLI,
    TARIFF_REVENUE,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
    VALUE,
    WORTH,
)


@small_kernel
def rank_slots(slots):
    """Order slots by falling value, equal ones by index; returns how many are worth running."""
    n = 0
    running = 0
    for k in range(slots.shape[1]):
        value = slots[VALUE, k]
        if slots[CAP, k] <= 0:
            continue
        if value >= 0:
            running += 1
        i = n
        while i > 0 and slots[VALUE, slots[ORDER, i - 1]] < value:
            slots[ORDER, i] = slots[ORDER, i - 1]
            i -= 1
        slots[ORDER, i] = k
        n += 1
    return running


@small_kernel
def house_load(house_kw, dark, out):
    """Safety house load into `out`, nothing in hours in which nothing feeds it; returns the sum."""
    total = 0
    for h in range(out.size):
        load = 0 if dark[h] == DARK_ALWAYS else house_kw[h]
        out[h] = load
        total += load
    return total


@small_kernel
def idle_load(idle_house_kw, dark, limit, out):
    """Import of an idle plant into `out`; returns its sum and the hours in which diesels must help."""
    total = 0
    short = 0
    for h in range(out.size):
        load = 0 if dark[h] != 0 else idle_house_kw
        served = min(load, limit[h])
        out[h] = served
        total += served
        short += 1 if served < load else 0
    return total, short


@small_kernel
def net_prices(price, kept, off, out):
    """Price of export less losses, and less `off`. [milli-USD/MWh]"""
    if kept == 1.0:
        for h in range(out.size):
            out[h] = price[h] - off
    else:
        for h in range(out.size):
            out[h] = int(math.floor(price[h] * kept)) - off


@small_kernel
def tranche_sold(sell, net, fall, ahead, width, out):
    """What one tranche takes of the export of each hour, if it is worth its avoidable cost. [kW]"""
    for h in range(out.size):
        room = min(max(sell[h] - ahead, 0), width)
        out[h] = room if net[h] - fall >= 0 else 0


@small_kernel
def tranche_value(sold, net, fall, value):
    """Add the net value of a tranche. [micro-USD]"""
    for h in range(value.size):
        value[h] += sold[h] * (net[h] - fall)


@small_kernel
def tranche_last(sold, net, fall, last):
    """Net price of the last kW, where this tranche sold any. [milli-USD/MWh]"""
    for h in range(last.size):
        last[h] = net[h] - fall if sold[h] > 0 else last[h]


@small_kernel
def trace_house(house_kw, dark, by_plant, bought, diesel, trace, row):
    """Begin the lines of the trace with the safety house load."""
    for h in range(dark.size):
        house = 0 if dark[h] == DARK_ALWAYS else house_kw[h]
        line = trace[row + h]
        line[:] = 0
        line[1] = house
        line[2] = house
        line[3] = by_plant[h]
        line[7] = bought[h] + diesel[h]
        line[12] = house
        line[13] = diesel[h]


@small_kernel
def trace_served(need, from_plant, trace, row):
    """Add a demand and what the plant serves of it."""
    for h in range(need.size):
        trace[row + h, 1] += need[h]
        trace[row + h, 2] += from_plant[h]
        trace[row + h, 3] += from_plant[h]


@small_kernel
def trace_imported(imported, trace, row):
    """Add what is served from elsewhere."""
    for h in range(imported.size):
        trace[row + h, 2] += imported[h]
        trace[row + h, 7] += imported[h]


@small_kernel
def trace_unserved(unserved, trace, row):
    """Add what is shed."""
    for h in range(unserved.size):
        trace[row + h, 8] += unserved[h]


@kernel
def serve_hours(
    hours,
    demand_kw,
    demand,
    totals,
    alone_value,
    marginal,
    falls,
    tranche_kw,
    first,
    count,
    terms,
    trace,
    trace_row,
):
    """Serve house load and firm demand of `count` hours from `first`, and export what is left without a mine.

    Writes the rows SURPLUS, IMPORT_LEFT, NET_PRICE and ALONE of `hours`, `alone_value`, and adds to
    `totals` as if there were no mine; `mine_day` then changes what the mine changes. `marginal` gets
    for each day the sum over its hours of the value of one more MWh.

    Parameters
    ----------
    hours, demand_kw, demand, totals, alone_value, marginal : ndarrays
        Of `DispatchWork`.
    falls : ndarray (J,)
        Fall of the marginal revenue of export in each tranche. [milli-USD/MWh]
    tranche_kw : int
    first, count : int
        Whole days.
    terms : tuple
        Avoidable cost, fee on export, fee on import [milli-USD/MWh], share of export that is paid
        for, safety house load with no unit running [kW].
    trace : ndarray (H, columns) or (0, columns)
    trace_row : int
        Row of the first hour.
    """
    avoidable, export_fee, import_fee, kept, idle_house_kw = terms
    end = first + count
    tracing = trace.shape[0] > 0
    available, limit = hours[AVAILABLE, first:end], hours[IMPORT_LIMIT, first:end]
    price, dark = hours[HOUR_PRICE, first:end], hours[DARK, first:end]
    left, import_left = hours[SURPLUS, first:end], hours[IMPORT_LEFT, first:end]
    bought, idle_left = hours[BOUGHT, first:end], hours[IDLE_LEFT, first:end]
    part, rest = hours[PART_A, first:end], hours[PART_B, first:end]
    s_price = row_sum(price)
    s_generation = row_sum(available)
    # Safety house load: own units, then import, then diesels, whose energy counts as import.
    house = house_load(hours[HOUSE, first:end], dark, rest)
    s_by_plant = smaller_of(rest, available, part)
    difference(available, part, left)
    take_off(rest, part)
    s_import = smaller_of(rest, limit, bought)
    difference(limit, bought, import_left)
    take_off(rest, bought)
    diesel = row_sum(rest)
    n_diesel = count_above_zero(rest)
    s_import += diesel
    if tracing:
        trace_house(hours[HOUSE, first:end], dark, part, bought, rest, trace, trace_row)
    # Idle: the same hours without a unit.
    idle_import, n_idle_diesel = idle_load(idle_house_kw, dark, limit, part)
    c_idle = cost_of(part, price, import_fee)
    difference(limit, part, idle_left)
    s_firm = house
    s_served = house
    s_unserved = s_short = s_idle_unserved = c_tariff = 0
    for d in range(demand_kw.shape[0]):
        need = demand_kw[d, first:end]
        other_kw = demand[d, OTHER]
        needed = row_sum(need)
        from_plant = smaller_of(need, left, part)
        take_off(left, part)
        difference(need, part, rest)
        if tracing:
            trace_served(need, part, trace, trace_row)
        other = at_most(rest, other_kw, part)
        take_off(rest, part)
        if tracing:
            trace_imported(part, trace, trace_row)
        own_import = 0
        if demand[d, MAY_IMPORT]:
            own_import = smaller_of(rest, import_left, part)
            take_off(import_left, part)
            take_off(rest, part)
            add_to(bought, part)
            if tracing:
                trace_imported(part, trace, trace_row)
        unserved = row_sum(rest)
        if tracing:
            trace_unserved(rest, trace, trace_row)
        s_firm += needed
        s_by_plant += from_plant
        s_short += needed - from_plant
        s_import += other + own_import
        s_served += from_plant + other + own_import
        s_unserved += unserved
        c_tariff += (from_plant + own_import) * demand[d, TARIFF_MILLI]
        at_most(need, other_kw, part)
        difference(need, part, rest)
        s_idle_unserved += row_sum(rest)
        if demand[d, MAY_IMPORT]:
            s_idle_unserved -= smaller_of(rest, idle_left, part)
            take_off(idle_left, part)
    c_import = cost_of(bought, price, import_fee)
    # Without a mine: tranches of export until one is not worth its avoidable cost.
    net, alone, last = hours[NET_PRICE, first:end], hours[ALONE, first:end], hours[LAST, first:end]
    value = alone_value[first:end]
    net_prices(price, kept, export_fee + avoidable, net)
    smaller_of(left, hours[EXPORT_LIMIT, first:end], part)
    alone[:] = 0
    last[:] = 0
    value[:] = 0
    most = highest(part)
    for j in range(falls.size):
        if j * tranche_kw >= most:
            break
        tranche_sold(part, net, falls[j], j * tranche_kw, tranche_kw, rest)
        add_to(alone, rest)
        tranche_value(rest, net, falls[j], value)
        tranche_last(rest, net, falls[j], last)
    s_surplus = row_sum(left)
    s_alone = row_sum(alone)
    c_alone = s_alone * avoidable
    for day in range(count // 24):
        of_day = 24 * avoidable
        for h in range(24 * day, 24 * day + 24):
            c_alone += value[h]
            of_day += last[h] if alone[h] == left[h] else 0
        marginal[first // 24 + day] = of_day
    if tracing:
        for h in range(count):
            line = trace[trace_row + h]
            line[0] = available[h]
            line[5] = alone[h]
            line[6] = left[h] - alone[h]
            line[9] = price[h]
            line[11] = hours[AT_POWER, first + h]
            line[14] = alone[h]
            line[15] = hours[EXPORT_LIMIT, first + h]
            line[16] = avoidable
    totals[GENERATION] += s_generation
    totals[IMPORT] += s_import
    totals[IMPORT_GRID_ONLY] += s_import
    totals[FIRM_DEMAND] += s_firm
    totals[FIRM_SERVED] += s_served
    totals[FIRM_BY_PLANT] += s_by_plant
    totals[UNSERVED] += s_unserved
    # Firm demand comes before mine and export alike, so that without a mine the same is shed.
    totals[UNSERVED_GRID_ONLY] += s_unserved
    totals[SHORTFALL] += s_short
    totals[EXPORT] += s_alone
    totals[EXPORT_GRID_ONLY] += s_alone
    totals[CURTAILED] += s_surplus - s_alone
    totals[CURTAILED_GRID_ONLY] += s_surplus - s_alone
    totals[UNSERVED_IDLE] += s_idle_unserved
    totals[IMPORT_IDLE] += idle_import
    totals[HOUSE_LOAD] += house
    totals[DIESEL] += diesel
    totals[DIESEL_HOURS] += n_diesel
    totals[DIESEL_HOURS_IDLE] += n_idle_diesel
    totals[TARIFF_REVENUE] += c_tariff
    totals[IMPORT_COST] += c_import
    totals[IMPORT_COST_GRID_ONLY] += c_import
    totals[IMPORT_COST_IDLE] += c_idle
    totals[EXPORT_REVENUE] += c_alone
    totals[EXPORT_REVENUE_GRID_ONLY] += c_alone
    totals[PRICE] += s_price
    return s_surplus


@small_kernel
def mine_day(
    hours,
    slots,
    th_per_kw,
    totals,
    alone_value,
    falls,
    tranche_kw,
    first,
    avoidable,
    import_fee,
    mine_may_import,
    running,
    trace,
    trace_row,
):
    """Give the surplus of the 24 hours from `first` to the best of mine and export.

    Changes the totals that `serve_hours` left for a plant without a mine, and sets `slots[MINED]`.
    Slots in `slots[ORDER]` come by falling value; `running` of them are worth running. Returns the
    largest hash rate of an hour. [TH/s]
    """
    tranches = falls.size
    tracing = trace.shape[0] > 0
    peak = 0.0
    s_mine = s_mine_import = s_sold = c_value = c_import = 0
    ranked = 0
    for k in range(slots.shape[1]):
        slots[MINED, k] = 0
        if mine_may_import and slots[CAP, k] > 0:
            ranked += 1
    ranked = max(ranked, running)
    if ranked == 0:
        return peak
    best = slots[ORDER, 0]
    best_value = slots[VALUE, best]
    best_cap = slots[CAP, best]
    best_worth = slots[WORTH, best] if running > 0 else 0
    best_th = th_per_kw[best]
    s_best = 0
    for h in range(first, first + 24):
        if tracing:
            trace[trace_row + h - first, 10] = best_worth
        left = hours[SURPLUS, h]
        if hours[STOPS_MINE, h] or (left == 0 and not mine_may_import):
            continue
        net = hours[NET_PRICE, h]
        if (
            not mine_may_import
            and left <= best_cap
            and best_value >= net - falls[0]
            and running > 0
        ):
            # The best machines take all of it: nothing is worth more, and there is room.
            s_best += left
            s_mine += left
            s_sold -= hours[ALONE, h]
            c_value -= alone_value[h]
            peak = max(peak, left * best_th)
            if tracing:
                line = trace[trace_row + h - first]
                line[4] = left
                line[5] = 0
                line[6] = 0
            continue
        surplus = left
        limit = hours[EXPORT_LIMIT, h]
        mined = 0
        mine_import = 0
        sold = 0
        value = 0
        hashes = 0.0
        j = 0
        tranche_left = tranche_kw
        export_left = limit
        i = 0
        k = best
        slot_left = best_cap
        while left > 0:
            worth = net - falls[j] if (j < tranches and export_left > 0) else -1
            if i < running and slots[VALUE, k] >= worth:
                part = min(left, slot_left)
                slots[MINED, k] += part
                hashes += part * th_per_kw[k]
                mined += part
                left -= part
                slot_left -= part
                if slot_left == 0:
                    i += 1
                    if i < running:
                        k = slots[ORDER, i]
                        slot_left = slots[CAP, k]
            elif worth >= 0:
                part = min(left, min(tranche_left, export_left))
                sold += part
                value += part * worth
                left -= part
                export_left -= part
                tranche_left -= part
                if tranche_left == 0:
                    j += 1
                    tranche_left = tranche_kw
            else:
                break
        if mine_may_import:
            buy = hours[HOUR_PRICE, h] + import_fee
            import_left = hours[IMPORT_LEFT, h]
            # Machines that stand first; then own power that costs more to make than to buy; last
            # machines that are worth the price of power but not their own fuel.
            for turn in range(i, ranked + 1):
                if turn == max(i, running) and buy < avoidable:
                    instead = min(import_left, mined - mine_import)
                    mine_import += instead
                    import_left -= instead
                if turn == ranked or import_left <= 0:
                    break
                k = slots[ORDER, turn]
                if slots[WORTH, k] <= buy:
                    continue
                free = slot_left if turn == i and i < running else slots[CAP, k]
                part = min(import_left, free)
                slots[MINED, k] += part
                hashes += part * th_per_kw[k]
                mined += part
                mine_import += part
                import_left -= part
            s_mine_import += mine_import
            c_import += mine_import * buy
        peak = max(peak, hashes)
        s_mine += mined
        s_sold += sold - hours[ALONE, h]
        c_value += value - alone_value[h]
        if tracing:
            line = trace[trace_row + h - first]
            line[4] = mined
            line[5] = sold
            line[6] = surplus - sold - (mined - mine_import)
            line[7] += mine_import
    slots[MINED, best] += s_best
    totals[MINE] += s_mine
    totals[MINE_IMPORT] += s_mine_import
    totals[IMPORT] += s_mine_import
    totals[IMPORT_COST] += c_import
    totals[EXPORT] += s_sold
    totals[EXPORT_REVENUE] += c_value + s_sold * avoidable
    totals[CURTAILED] -= s_sold + s_mine - s_mine_import
    return peak


@kernel
def dispatch_day(
    hours,
    demand_kw,
    demand,
    slots,
    th_per_kw,
    totals,
    falls,
    tranche_kw,
    first,
    avoidable,
    fees,
    kept,
    idle_house_kw,
    mine_may_import,
    running,
    trace,
    trace_row,
):
    """Dispatch the 24 hours from `first` of a month, with a mine, and add to the month's totals.

    What the engine does for a month and then for each of its days, for one day: `serve_hours`, then
    `mine_day` (parameters there; `fees` are those on export and on import).

    Returns
    -------
    tuple
        Largest hash rate of an hour [TH/s], sum over the hours of the value of one more MWh
        without a mine [milli-USD/MWh].
    """
    alone_value = np.zeros(hours.shape[1], np.int64)
    marginal = np.zeros(hours.shape[1] // 24, np.int64)
    terms = (avoidable, fees[0], fees[1], kept, idle_house_kw)
    serve_hours(
        hours,
        demand_kw,
        demand,
        totals,
        alone_value,
        marginal,
        falls,
        tranche_kw,
        first,
        24,
        terms,
        trace,
        trace_row,
    )
    peak = mine_day(
        hours,
        slots,
        th_per_kw,
        totals,
        alone_value,
        falls,
        tranche_kw,
        first,
        avoidable,
        fees[1],
        mine_may_import,
        running,
        trace,
        trace_row,
    )
    return peak, marginal[first // 24]
