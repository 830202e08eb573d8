"""The merit order of what firm demand leaves, hour by hour, in whole kilowatts and milli-USD per MWh.

Each hour the surplus goes to the best use: batches of the mine, tranches of export with falling
marginal revenue, curtailment. Values are net of the avoidable cost of a MWh, so zero is the
threshold; ties go to batches, then to the lower index. Without limits that link hours this order is
optimal.
"""

from __future__ import annotations

import numpy as np

from baseload.compiled import allocating_kernel, kernel, small_kernel
from baseload.dispatch.serve_kernels import serve_hours
from baseload.dispatch.work import (
    ALONE,
    CAP,
    CURTAILED,
    EXPORT,
    EXPORT_LIMIT,
    EXPORT_REVENUE,
    HOUR_PRICE,
    IMPORT,
    IMPORT_COST,
    IMPORT_LEFT,
    MINE,
    MINE_BUYS,
    MINE_IMPORT,
    MINE_KW,
    MINED,
    NET_PRICE,
    ORDER,
    SOLD_KW,
    STOPS_MINE,
    SURPLUS,
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

    Changes the totals that `serve_hours` left for a plant without a mine, and sets `slots[MINED]` and,
    in hours in which the mine might run, the rows MINE_KW, MINE_BUYS and SOLD_KW.
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
            hours[MINE_KW, h] = left
            hours[SOLD_KW, h] = 0
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
        hours[MINE_KW, h] = mined
        hours[MINE_BUYS, h] = mine_import
        hours[SOLD_KW, h] = sold
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


@allocating_kernel
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
