"""Merit-order dispatch, hour by hour, in whole kilowatts and milli-USD per MWh.

Each hour the safety house load is served first, then firm demand in order; what is left goes to the
best use: batches of the mine, tranches of export with falling marginal revenue, curtailment. Values
are net of the avoidable cost of a MWh, so zero is the threshold; ties go to batches, then to the
lower index. Without limits that link hours this order is optimal.
"""

from __future__ import annotations

import math

from baseload.compiled import kernel
from baseload.dispatch.work import (
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
    IMPORT_LIMIT,
    MAY_IMPORT,
    MINE,
    MINE_IMPORT,
    MINED,
    ORDER,
    OTHER,
    PRICE,
    SHORTFALL,
    STOPS_MINE,
    TARIFF_MILLI,
    TARIFF_REVENUE,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
    VALUE,
    WORTH,
)


@kernel
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
    """Dispatch the 24 hours from `first` of a month and add to its totals.

    Parameters
    ----------
    hours, demand_kw, demand, slots, th_per_kw, totals : ndarrays
        Of `DispatchWork`; `slots[MINED]` and `totals` are written.
    falls : ndarray (J,)
        Fall of the marginal revenue of export in each tranche. [milli-USD/MWh]
    tranche_kw : int
    first : int
        Hour of the month at which the day begins.
    avoidable : int
        Fuel, variable O&M and levies saved by not producing. [milli-USD/MWh]
    fees : tuple of two ints
        On export and on import. [milli-USD/MWh]
    kept : float
        Share of export that arrives and is paid for.
    idle_house_kw : int
        Safety house load when no unit runs. [kW]
    mine_may_import : bool
    running : int
        Slots in `slots[ORDER]` that are worth running.
    trace : ndarray (H, columns) or (0, columns)
    trace_row : int
        Row of the first hour.

    Returns
    -------
    tuple
        Largest hash rate of an hour [TH/s], sum over the hours of the value of one more MWh
        without a mine [milli-USD/MWh].
    """
    export_fee, import_fee = fees
    demands = demand_kw.shape[0]
    tranches = falls.size
    tracing = trace.shape[0] > 0
    available_kw, house_kw, dark_at, stops = (
        hours[AVAILABLE],
        hours[HOUSE],
        hours[DARK],
        hours[STOPS_MINE],
    )
    export_kw, import_kw, price_of = hours[EXPORT_LIMIT], hours[IMPORT_LIMIT], hours[HOUR_PRICE]
    best_worth = slots[WORTH, slots[ORDER, 0]] if running > 0 else 0
    peak = 0.0
    # Sums stay in registers; memory is written once a day.
    s_generation = s_import = s_alone_import = s_firm = s_served = s_by_plant = 0
    s_unserved = s_short = s_mine = s_mine_import = s_export = s_curtailed = 0
    s_alone = s_alone_curtailed = s_idle_unserved = s_idle_import = s_house = s_diesel = 0
    n_diesel = n_idle_diesel = 0
    c_tariff = c_import = c_alone_import = c_idle = c_export = c_alone = s_marginal = s_price = 0
    ranked = 0
    for k in range(slots.shape[1]):
        slots[MINED, k] = 0
        if mine_may_import and slots[CAP, k] > 0:
            ranked += 1
    ranked = max(ranked, running)
    for h in range(first, first + 24):
        available = available_kw[h]
        left = available
        import_limit = import_kw[h]
        import_left = import_limit
        price = price_of[h]
        buy = price + import_fee
        dark = dark_at[h]
        # Safety house load: own units, then import, then diesels, whose energy counts as import.
        house = 0 if dark == DARK_ALWAYS else house_kw[h]
        by_plant = min(house, left)
        left -= by_plant
        bought = min(house - by_plant, import_left)
        import_left -= bought
        diesel = house - by_plant - bought
        imported = bought + diesel
        served = house
        firm = house
        tariff = 0
        unserved = 0
        short = 0
        # Idle: the same hours without a unit.
        idle_house = 0 if dark else idle_house_kw
        idle_import = min(idle_house, import_limit)
        idle_left = import_limit - idle_import
        unserved_idle = 0
        for d in range(demands):
            need = demand_kw[d, h]
            firm += need
            from_plant = min(need, left)
            left -= from_plant
            rest = need - from_plant
            short += rest
            other = min(rest, demand[d, OTHER])
            rest -= other
            own_import = min(rest, import_left) * demand[d, MAY_IMPORT]
            import_left -= own_import
            rest -= own_import
            by_plant += from_plant
            bought += own_import
            imported += own_import + other
            served += need - rest
            unserved += rest
            tariff += (from_plant + own_import) * demand[d, TARIFF_MILLI]
            idle_rest = need - min(need, demand[d, OTHER])
            through = min(idle_rest, idle_left) * demand[d, MAY_IMPORT]
            idle_left -= through
            unserved_idle += idle_rest - through
        surplus = left
        limit = export_kw[h]
        net_price = (
            (price if kept == 1.0 else int(math.floor(price * kept))) - export_fee - avoidable
        )
        # Without a mine: tranches of export until one is not worth its avoidable cost.
        sell = min(surplus, limit)
        sold_alone = 0
        value_alone = 0
        marginal = 0
        for j in range(tranches):
            worth = net_price - falls[j]
            if sell <= 0 or worth < 0:
                break
            part = min(sell, tranche_kw)
            sold_alone += part
            value_alone += part * worth
            marginal = worth
            sell -= part
        if sold_alone < surplus:
            marginal = 0
        mined = 0
        sold = sold_alone
        value = value_alone
        mine_import = 0
        if ranked > 0 and not stops[h]:
            sold = 0
            value = 0
            hashes = 0.0
            j = 0
            tranche_left = tranche_kw
            export_left = limit
            i = 0
            k = slots[ORDER, 0]
            slot_left = slots[CAP, k]
            while left > 0:
                worth = net_price - falls[j] if (j < tranches and export_left > 0) else -1
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
            peak = max(peak, hashes)
        curtailed = surplus - sold - (mined - mine_import)
        s_generation += available
        s_import += imported + mine_import
        s_alone_import += imported
        s_firm += firm
        s_served += served
        s_by_plant += by_plant
        s_unserved += unserved
        s_short += short
        s_mine += mined
        s_mine_import += mine_import
        s_export += sold
        s_curtailed += curtailed
        s_alone += sold_alone
        s_alone_curtailed += surplus - sold_alone
        s_idle_unserved += unserved_idle
        s_idle_import += idle_import
        s_house += house
        s_diesel += diesel
        n_diesel += 1 if diesel > 0 else 0
        n_idle_diesel += 1 if idle_import < idle_house else 0
        c_tariff += tariff
        c_import += (bought + mine_import) * buy
        c_alone_import += bought * buy
        c_idle += idle_import * buy
        c_export += value + sold * avoidable
        c_alone += value_alone + sold_alone * avoidable
        s_marginal += avoidable + marginal
        s_price += price
        if tracing:
            line = trace[trace_row + h - first]
            line[0] = available
            line[1] = firm
            line[2] = served
            line[3] = by_plant
            line[4] = mined
            line[5] = sold
            line[6] = curtailed
            line[7] = imported + mine_import
            line[8] = unserved
            line[9] = price
            line[10] = best_worth
            line[11] = hours[AT_POWER, h]
            line[12] = house
            line[13] = diesel
            line[14] = sold_alone
            line[15] = limit
    totals[GENERATION] += s_generation
    totals[IMPORT] += s_import
    totals[IMPORT_GRID_ONLY] += s_alone_import
    totals[FIRM_DEMAND] += s_firm
    totals[FIRM_SERVED] += s_served
    totals[FIRM_BY_PLANT] += s_by_plant
    totals[UNSERVED] += s_unserved
    # Firm demand comes before mine and export alike, so that without a mine the same is shed.
    totals[UNSERVED_GRID_ONLY] += s_unserved
    totals[SHORTFALL] += s_short
    totals[MINE] += s_mine
    totals[MINE_IMPORT] += s_mine_import
    totals[EXPORT] += s_export
    totals[CURTAILED] += s_curtailed
    totals[EXPORT_GRID_ONLY] += s_alone
    totals[CURTAILED_GRID_ONLY] += s_alone_curtailed
    totals[UNSERVED_IDLE] += s_idle_unserved
    totals[IMPORT_IDLE] += s_idle_import
    totals[HOUSE_LOAD] += s_house
    totals[DIESEL] += s_diesel
    totals[DIESEL_HOURS] += n_diesel
    totals[DIESEL_HOURS_IDLE] += n_idle_diesel
    totals[TARIFF_REVENUE] += c_tariff
    totals[IMPORT_COST] += c_import
    totals[IMPORT_COST_GRID_ONLY] += c_alone_import
    totals[IMPORT_COST_IDLE] += c_idle
    totals[EXPORT_REVENUE] += c_export
    totals[EXPORT_REVENUE_GRID_ONLY] += c_alone
    totals[PRICE] += s_price
    return peak, s_marginal
