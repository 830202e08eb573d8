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
from baseload.dispatch.work import (
    ALONE,
    AT_POWER,
    AVAILABLE,
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
    IMPORT,
    IMPORT_COST,
    IMPORT_COST_GRID_ONLY,
    IMPORT_COST_IDLE,
    IMPORT_GRID_ONLY,
    IMPORT_IDLE,
    IMPORT_LEFT,
    IMPORT_LIMIT,
    MAY_IMPORT,
    MINE,
    MINE_IMPORT,
    MINED,
    NET_PRICE,
    ORDER,
    OTHER,
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
    demands = demand_kw.shape[0]
    tranches = falls.size
    tracing = trace.shape[0] > 0
    # Sums stay in registers; memory is written once.
    s_generation = s_import = s_firm = s_served = s_by_plant = s_unserved = s_short = 0
    s_idle_unserved = s_idle_import = s_house = s_diesel = n_diesel = n_idle_diesel = 0
    c_tariff = c_import = c_idle = s_price = 0
    for h in range(first, first + count):
        left = hours[AVAILABLE, h]
        s_generation += left
        import_limit = hours[IMPORT_LIMIT, h]
        import_left = import_limit
        price = hours[HOUR_PRICE, h]
        buy = price + import_fee
        dark = hours[DARK, h]
        # Safety house load: own units, then import, then diesels, whose energy counts as import.
        house = 0 if dark == DARK_ALWAYS else hours[HOUSE, h]
        by_plant = min(house, left)
        left -= by_plant
        bought = min(house - by_plant, import_left)
        import_left -= bought
        diesel = house - by_plant - bought
        imported = bought + diesel
        served = house
        firm = house
        unserved = 0
        # Idle: the same hours without a unit.
        idle_house = 0 if dark else idle_house_kw
        idle_import = min(idle_house, import_limit)
        idle_left = import_limit - idle_import
        for d in range(demands):
            need = demand_kw[d, h]
            from_plant = min(need, left)
            left -= from_plant
            rest = need - from_plant
            s_short += rest
            other = min(rest, demand[d, OTHER])
            rest -= other
            own_import = min(rest, import_left) * demand[d, MAY_IMPORT]
            import_left -= own_import
            rest -= own_import
            firm += need
            by_plant += from_plant
            bought += own_import
            imported += own_import + other
            served += need - rest
            unserved += rest
            c_tariff += (from_plant + own_import) * demand[d, TARIFF_MILLI]
            idle_rest = need - min(need, demand[d, OTHER])
            through = min(idle_rest, idle_left) * demand[d, MAY_IMPORT]
            idle_left -= through
            s_idle_unserved += idle_rest - through
        hours[SURPLUS, h] = left
        hours[IMPORT_LEFT, h] = import_left
        hours[NET_PRICE, h] = (
            (price if kept == 1.0 else int(math.floor(price * kept))) - export_fee - avoidable
        )
        s_import += imported
        s_firm += firm
        s_served += served
        s_by_plant += by_plant
        s_unserved += unserved
        s_idle_import += idle_import
        s_house += house
        s_diesel += diesel
        n_diesel += 1 if diesel > 0 else 0
        n_idle_diesel += 1 if idle_import < idle_house else 0
        c_import += bought * buy
        c_idle += idle_import * buy
        s_price += price
        if tracing:
            line = trace[trace_row + h - first]
            line[0] = hours[AVAILABLE, h]
            line[1] = firm
            line[2] = served
            line[3] = by_plant
            line[4] = 0
            line[7] = imported
            line[8] = unserved
            line[9] = price
            line[10] = 0
            line[11] = hours[AT_POWER, h]
            line[12] = house
            line[13] = diesel
            line[15] = hours[EXPORT_LIMIT, h]
            line[16] = avoidable
    # Without a mine: tranches of export until one is not worth its avoidable cost.
    s_surplus = s_alone = c_alone = 0
    for day in range(first // 24, (first + count) // 24):
        of_day = 24 * avoidable
        for h in range(24 * day, 24 * day + 24):
            surplus = hours[SURPLUS, h]
            sell = min(surplus, hours[EXPORT_LIMIT, h])
            full = sell == surplus
            net = hours[NET_PRICE, h]
            sold = 0
            value = 0
            last = 0
            for j in range(tranches):
                worth = net - falls[j]
                if sell <= 0 or worth < 0:
                    break
                part = min(sell, tranche_kw)
                sold += part
                value += part * worth
                last = worth
                sell -= part
            if full and sell == 0:
                of_day += last
            hours[ALONE, h] = sold
            alone_value[h] = value
            s_surplus += surplus
            s_alone += sold
            c_alone += value
            if tracing:
                line = trace[trace_row + h - first]
                line[5] = sold
                line[6] = surplus - sold
                line[14] = sold
        marginal[day] = of_day
    c_alone += s_alone * avoidable
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
    totals[IMPORT_IDLE] += s_idle_import
    totals[HOUSE_LOAD] += s_house
    totals[DIESEL] += s_diesel
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
