"""Firm demand, import, the idle plant and export without a mine: whole months, row by row."""

from __future__ import annotations

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
    IDLE_LOST,
    IMPORT,
    IMPORT_COST,
    IMPORT_COST_GRID_ONLY,
    IMPORT_COST_IDLE,
    IMPORT_GRID_ONLY,
    IMPORT_IDLE,
    IMPORT_LEFT,
    IMPORT_LIMIT,
    LAST,
    LOST,
    LOST_LOAD_HOURS,
    LOST_LOAD_HOURS_GRID_ONLY,
    LOST_LOAD_HOURS_IDLE,
    MAY_IMPORT,
    NET_PRICE,
    OTHER,
    PART_A,
    PART_B,
    PRICE,
    SHORTFALL,
    SURPLUS,
    TARIFF_MILLI,
    TARIFF_REVENUE,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
)


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
            out[h] = np.int32(price[h] - off)
    else:
        less = np.int32(off)
        for h in range(out.size):
            out[h] = np.int32(np.int32(np.floor(price[h] * kept)) - less)


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

    Writes the rows SURPLUS, IMPORT_LEFT, LOST, NET_PRICE and ALONE of `hours`, `alone_value`, and adds to
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
    lost, idle_lost = hours[LOST, first:end], hours[IDLE_LOST, first:end]
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
    lost[:] = 0
    idle_lost[:] = 0
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
        add_to(lost, rest)
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
            take_off(rest, part)
        add_to(idle_lost, rest)
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
    n_lost = count_above_zero(lost)
    totals[LOST_LOAD_HOURS] += n_lost
    totals[LOST_LOAD_HOURS_GRID_ONLY] += n_lost
    totals[LOST_LOAD_HOURS_IDLE] += count_above_zero(idle_lost)
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
