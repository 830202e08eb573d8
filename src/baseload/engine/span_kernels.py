"""A month of firm demand, and of export without a mine, by spans in which nothing changes.

On most days the plant either gives more than people need or stands still, and then the sums follow
from a few comparisons. A day on which something binds goes hour by hour through
`dispatch.serve_kernels`, which these shortcuts equal to the last kilowatt-hour and micro-dollar.
"""

from __future__ import annotations

from baseload.compiled import inner_kernel, small_kernel
from baseload.demand.kernels import month_demand
from baseload.dispatch.row_kernels import copy, dearness, fill, less_than, row_sum
from baseload.dispatch.serve_kernels import net_prices, serve_hours
from baseload.dispatch.window_kernels import sell_month
from baseload.dispatch.work import (
    AVAILABLE,
    CURTAILED,
    CURTAILED_GRID_ONLY,
    D_BY_HOUR,
    D_LIKE,
    D_LINES,
    D_NO_MINE,
    D_SEGMENT,
    DIESEL,
    DIESEL_HOURS,
    DIESEL_HOURS_IDLE,
    ELSEWHERE,
    EXPORT,
    EXPORT_GRID_ONLY,
    EXPORT_LIMIT,
    EXPORT_REVENUE,
    EXPORT_REVENUE_GRID_ONLY,
    FIRM_BY_PLANT,
    FIRM_DEMAND,
    FIRM_SERVED,
    FREE,
    GENERATION,
    HOUR_PRICE,
    HOUSE_LOAD,
    IMPORT,
    IMPORT_COST,
    IMPORT_COST_GRID_ONLY,
    IMPORT_COST_IDLE,
    IMPORT_GRID_ONLY,
    IMPORT_IDLE,
    IMPORT_LIMIT,
    K_ELSEWHERE,
    K_ELSEWHERE_MOST,
    K_NEED,
    K_NEED_MOST,
    K_OTHER,
    K_SHED,
    K_SHED_HOURS,
    K_TARIFF,
    K_TARIFF_ELSEWHERE,
    LOST_LOAD_HOURS,
    LOST_LOAD_HOURS_GRID_ONLY,
    LOST_LOAD_HOURS_IDLE,
    LOST_POWER,
    NET_PRICE,
    PRICE,
    SHORTFALL,
    SURPLUS,
    TARIFF_REVENUE,
    TOTAL,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
)
from baseload.engine.month_kernels import lay_out
from baseload.engine.owed_kernels import demand_of_hours, demand_of_month, owed_within
from baseload.grid.kernels import carried, month_limits, next_line_change

HOURS = 24


@small_kernel
def start_day(day, i, segment, now):
    """Keep the plant's segment and the lines' state at the first hour of a day."""
    day[i, D_SEGMENT] = segment
    for column in range(3):
        day[i, D_LINES + column] = now[column]


@inner_kernel
def serve_parts_of_day(
    spans,
    grid,
    limits,
    hours_table,
    here,
    demand_kw,
    demand,
    totals,
    at,
    kind,
    begin,
    segment,
    import_fee,
    idle_house_kw,
    unit_hours,
):
    """A day on which plant or lines change: as `serve_month` serves the others, part by part.

    `at` is the day's first hour in the month, `kind` that of the day with its demand, `begin` that of the
    path. Returns the segment that goes on, whether something binds, so that the day must go hour by hour
    and is left out of the totals, its surplus, and whether a mine must stand still for all of it.
    """
    lines, export_limit, import_limit = limits
    generation = imported = need = by_plant = served = shed = short = 0
    idle_shed = idle_import = house_sum = diesel_sum = diesel_hours = idle_diesel = 0
    lost_hours = idle_lost_hours = 0
    tariff = cost = idle_cost = surplus = price_all = 0
    operated = restarted = powered = operated_kw = stopped = 0
    slow = False
    s = segment
    h = 0
    while h < HOURS:
        while spans.hour[s + 1] <= begin + h:
            s += 1
        change = min(next_line_change(grid, begin + h), spans.hour[s + 1])
        length = min(change - begin, HOURS) - h
        if slow:
            h += length
            continue
        first, end = at + h, at + h + length
        out_kw, in_kw = carried(grid.now, lines, export_limit, import_limit, spans.lost_power[s])
        demand_of_hours(demand_kw, demand, kind + h, length, hours_table, here)
        price_sum = row_sum(hours_table[HOUR_PRICE, first:end])
        available = min(spans.constant_kw[s], spans.cap_kw[s])
        house = spans.house_kw[s]
        idle_served = min(idle_house_kw, in_kw)
        runs = available >= house + here[K_NEED_MOST]
        bought_house = 0 if runs else min(house, in_kw)
        free = in_kw - max(bought_house, idle_served)
        slow = spans.dark[s] != 0 or free < here[K_ELSEWHERE_MOST] or not (runs or available == 0)
        price_all += price_sum
        generation += available * length
        need += here[K_NEED] + house * length
        house_sum += house * length
        idle_import += idle_served * length
        idle_cost += idle_served * (price_sum + import_fee * length)
        idle_diesel += length if idle_served < idle_house_kw else 0
        idle_shed += here[K_SHED]
        idle_lost_hours += here[K_SHED_HOURS]
        if runs:
            by_plant += here[K_NEED] + house * length
            served += here[K_NEED] + house * length
            tariff += here[K_TARIFF]
            surplus += (available - house) * length - here[K_NEED]
            less_than(
                available - house,
                hours_table[TOTAL, kind + h : kind + h + length],
                hours_table[SURPLUS, first:end],
            )
        else:
            diesel = house - bought_house
            diesel_sum += diesel * length
            diesel_hours += length if diesel > 0 else 0
            elsewhere = here[K_ELSEWHERE]
            imported += house * length + here[K_OTHER] + elsewhere
            served += house * length + here[K_OTHER] + elsewhere
            shed += here[K_SHED]
            lost_hours += here[K_SHED_HOURS]
            short += here[K_NEED]
            tariff += here[K_TARIFF_ELSEWHERE]
            cost += bought_house * (price_sum + import_fee * length) + import_fee * elsewhere
            if elsewhere > 0:
                cost += dearness(
                    hours_table[ELSEWHERE, kind + h : kind + h + length],
                    hours_table[HOUR_PRICE, first:end],
                )
            fill(hours_table[SURPLUS, first:end], 0)
        fill(hours_table[EXPORT_LIMIT, first:end], out_kw)
        if spans.stops_mine[s]:
            fill(hours_table[FREE, first:end], 0)
            stopped += length
        else:
            copy(hours_table[SURPLUS, first:end], hours_table[FREE, first:end])
        operated += spans.operating[s] * length
        restarted += spans.restarting[s] * length
        powered += spans.at_power[s] * length
        operated_kw += spans.operating_kw[s] * length
        h += length
    if slow:
        return s, True, 0, False
    unit_hours[0] += operated
    unit_hours[1] += restarted
    unit_hours[2] += powered
    unit_hours[3] += operated_kw
    totals[GENERATION] += generation
    totals[IMPORT] += imported
    totals[FIRM_DEMAND] += need
    totals[FIRM_SERVED] += served
    totals[FIRM_BY_PLANT] += by_plant
    totals[UNSERVED] += shed
    totals[SHORTFALL] += short
    totals[UNSERVED_IDLE] += idle_shed
    totals[LOST_LOAD_HOURS] += lost_hours
    totals[LOST_LOAD_HOURS_IDLE] += idle_lost_hours
    totals[IMPORT_IDLE] += idle_import
    totals[HOUSE_LOAD] += house_sum
    totals[DIESEL] += diesel_sum
    totals[DIESEL_HOURS] += diesel_hours
    totals[DIESEL_HOURS_IDLE] += idle_diesel
    totals[TARIFF_REVENUE] += tariff
    totals[IMPORT_COST] += cost
    totals[IMPORT_COST_IDLE] += idle_cost
    totals[PRICE] += price_all
    return s, False, surplus, stopped == HOURS or surplus == 0


@inner_kernel
def serve_month(
    spans,
    demand_setup,
    row,
    grid,
    limits,
    hours_table,
    by_day,
    day,
    kinds,
    here,
    demand_kw,
    sizes_kw,
    demand,
    totals,
    falls,
    month,
    terms,
    unit_hours,
):
    """Firm demand, import, the idle plant and export without a mine of a month, into the month's totals.

    A day on which something binds is marked by D_BY_HOUR of `day` and left out of the totals;
    `serve_day_by_hour` serves it.

    Parameters
    ----------
    spans : PlantWork
        Of which the segments are read.
    demand_setup : DemandSetup
    row : ndarray (C,)
        The path's inputs.
    grid : GridWork
    limits : tuple of int
        Lines, and the limits on export and import that stand whatever the lines do. [kW]
    hours_table, by_day, day, kinds, here, demand_kw, sizes_kw, demand, totals : ndarrays
        Of `DispatchWork`.
    falls : ndarray (J,)
        Fall of the marginal revenue of export in each tranche. [milli-USD/MWh]
    month : tuple
        First day, days, year, segment at the first hour, first hour with a unit on line, width of a
        tranche [kW], and whether every day goes hour by hour.
    terms : tuple
        As `serve_hours` takes them.
    unit_hours : ndarray (4,)
        Is added to, as `lay_out` does.

    Returns
    -------
    tuple of int
        Segment that goes on, surplus of the month [kWh], and the sum over its hours of the value of one
        more MWh [milli-USD/MWh].
    """
    first_day, days, year, cursor, first_unit, tranche_kw, by_hour = month
    avoidable, export_fee, import_fee, kept, idle_house_kw = terms
    lines, export_limit, import_limit = limits
    now = grid.now
    first_hour = HOURS * first_day
    month_surplus = 0
    fast_days = 0
    every_hour = by_hour or owed_within(demand_setup, first_hour, HOURS * days, first_unit)
    if not every_hour:
        demand_of_month(
            demand_setup,
            row,
            year,
            first_day,
            days,
            first_unit,
            demand,
            by_day,
            demand_kw,
            sizes_kw,
            kinds,
            day,
        )
    # Days through which plant and lines stay as they are go together: what follows from their state
    # is worked out when it ends, from the first such day `opened` to the last.
    s = cursor
    until = 0
    opened = fast = running = 0
    need = need_running = other = elsewhere = shed = shed_running = tariff = cost = slow_price = 0
    lost_hours = lost_hours_running = 0
    available = house = in_kw = out_kw = idle_served = bought_house = free = 0
    for i in range(days + 1):
        begin = first_hour + HOURS * i
        if i == days or begin + HOURS > until:
            if fast > 0:
                first, end = HOURS * opened, HOURS * i
                length, standing = HOURS * fast, HOURS * (fast - running)
                price = row_sum(hours_table[HOUR_PRICE, first:end]) - slow_price
                diesel = house - bought_house
                by_plant = need_running + house * (length - standing)
                imported = house * standing + other + elsewhere
                surplus = available * (length - standing) - by_plant
                idle_cost = idle_served * (price + import_fee * length)
                # A plant that runs buys nothing, and one that stands has nothing to sell.
                cost += bought_house * (price + import_fee * length) + import_fee * elsewhere
                month_surplus += surplus
                fast_days += fast
                fill(hours_table[EXPORT_LIMIT, first:end], out_kw)
                if available == 0:
                    fill(hours_table[SURPLUS, first:end], 0)
                if spans.stops_mine[s] != 0 or available == 0:
                    fill(hours_table[FREE, first:end], 0)
                else:
                    copy(hours_table[SURPLUS, first:end], hours_table[FREE, first:end])
                unit_hours[0] += spans.operating[s] * length
                unit_hours[1] += spans.restarting[s] * length
                unit_hours[2] += spans.at_power[s] * length
                unit_hours[3] += spans.operating_kw[s] * length
                totals[GENERATION] += available * length
                totals[IMPORT] += imported
                totals[FIRM_DEMAND] += need + house * length
                totals[FIRM_SERVED] += by_plant + imported
                totals[FIRM_BY_PLANT] += by_plant
                totals[UNSERVED] += shed - shed_running
                totals[SHORTFALL] += need - need_running
                totals[UNSERVED_IDLE] += shed
                totals[LOST_LOAD_HOURS] += lost_hours - lost_hours_running
                totals[LOST_LOAD_HOURS_IDLE] += lost_hours
                totals[IMPORT_IDLE] += idle_served * length
                totals[HOUSE_LOAD] += house * length
                totals[DIESEL] += diesel * standing
                totals[DIESEL_HOURS] += standing if diesel > 0 else 0
                totals[DIESEL_HOURS_IDLE] += length if idle_served < idle_house_kw else 0
                totals[TARIFF_REVENUE] += tariff
                totals[IMPORT_COST] += cost
                totals[IMPORT_COST_IDLE] += idle_cost
                totals[PRICE] += price
            if i == days:
                break
            while spans.hour[s + 1] <= begin:
                s += 1
            until = min(next_line_change(grid, begin), spans.hour[s + 1])
            opened = i
            fast = running = 0
            need = need_running = other = elsewhere = shed = shed_running = 0
            tariff = cost = slow_price = lost_hours = lost_hours_running = 0
            if until < begin + HOURS and not every_hour:
                start_day(day, i, s, now)
                s, slow, surplus, no_mine = serve_parts_of_day(
                    spans,
                    grid,
                    limits,
                    hours_table,
                    here,
                    demand_kw,
                    demand,
                    totals,
                    HOURS * i,
                    HOURS * day[i, D_LIKE],
                    begin,
                    s,
                    import_fee,
                    idle_house_kw,
                    unit_hours,
                )
                day[i, D_BY_HOUR] = 1 if slow else 0
                day[i, D_NO_MINE] = 1 if no_mine else 0
                month_surplus += surplus
                fast_days += 0 if slow else 1
                opened = i + 1
                continue
            out_kw, in_kw = carried(now, lines, export_limit, import_limit, spans.lost_power[s])
            available = min(spans.constant_kw[s], spans.cap_kw[s])
            house = spans.house_kw[s]
            idle_served = min(idle_house_kw, in_kw)
            bought_house = 0 if available > 0 else min(house, in_kw)
            free = in_kw - max(bought_house, idle_served)
        start_day(day, i, s, now)
        k = day[i, D_LIKE]
        runs = available >= house + kinds[k, K_NEED_MOST]
        day[i, D_NO_MINE] = 0
        if (
            every_hour
            or spans.dark[s] != 0
            or free < kinds[k, K_ELSEWHERE_MOST]
            or not (runs or available == 0)
        ):
            day[i, D_BY_HOUR] = 1
            slow_price += row_sum(by_day[HOUR_PRICE, i])
            continue
        day[i, D_BY_HOUR] = 0
        fast += 1
        needed = kinds[k, K_NEED]
        need += needed
        shed += kinds[k, K_SHED]
        lost_hours += kinds[k, K_SHED_HOURS]
        if runs:
            running += 1
            need_running += needed
            shed_running += kinds[k, K_SHED]
            lost_hours_running += kinds[k, K_SHED_HOURS]
            tariff += kinds[k, K_TARIFF]
            if available > 0:
                less_than(available - house, by_day[TOTAL, k], by_day[SURPLUS, i])
            if spans.stops_mine[s] != 0 or (available - house) * HOURS == needed:
                day[i, D_NO_MINE] = 1
        else:
            other += kinds[k, K_OTHER]
            tariff += kinds[k, K_TARIFF_ELSEWHERE]
            day[i, D_NO_MINE] = 1
            if kinds[k, K_ELSEWHERE] > 0:
                elsewhere += kinds[k, K_ELSEWHERE]
                cost += dearness(by_day[ELSEWHERE, k], by_day[HOUR_PRICE, i])
    totals[UNSERVED_GRID_ONLY] += totals[UNSERVED]
    totals[LOST_LOAD_HOURS_GRID_ONLY] += totals[LOST_LOAD_HOURS]
    totals[IMPORT_GRID_ONLY] += totals[IMPORT]
    totals[IMPORT_COST_GRID_ONLY] += totals[IMPORT_COST]
    more = 0
    if month_surplus > 0:
        for i in range(days):
            if day[i, D_BY_HOUR]:
                for row_number in (SURPLUS, EXPORT_LIMIT, FREE):
                    fill(by_day[row_number, i], 0)
        net_prices(
            hours_table[HOUR_PRICE, : HOURS * days],
            kept,
            export_fee + avoidable,
            hours_table[NET_PRICE, : HOURS * days],
        )
        alone, value, more = sell_month(hours_table, HOURS * days, falls, tranche_kw, totals)
        revenue = value + alone * avoidable
        totals[EXPORT] += alone
        totals[EXPORT_GRID_ONLY] += alone
        totals[CURTAILED] += month_surplus - alone
        totals[CURTAILED_GRID_ONLY] += month_surplus - alone
        totals[EXPORT_REVENUE] += revenue
        totals[EXPORT_REVENUE_GRID_ONLY] += revenue
    return s, month_surplus, more + HOURS * fast_days * avoidable


@inner_kernel
def serve_day_by_hour(
    plant_setup,
    demand_setup,
    grid_setup,
    row,
    plant,
    grid,
    work,
    i,
    first_day,
    year,
    first_unit,
    falls,
    terms,
    unit_hours,
    trace,
):
    """Serve day `i` of a month hour by hour, where `serve_month` has marked it.

    Returns its surplus [kWh] and the sum over its hours of the value of one more MWh [milli-USD/MWh].
    """
    begin = HOURS * (first_day + i)
    hours_table, day = work.hours, work.days
    later = (grid.now[0], grid.now[1], grid.now[2])
    for column in range(3):
        grid.now[column] = day[i, D_LINES + column]
    lay_out(plant_setup, plant, hours_table, HOURS * i, begin, HOURS, day[i, D_SEGMENT], unit_hours)
    month_limits(
        grid_setup,
        row,
        begin,
        HOURS,
        hours_table[LOST_POWER, HOURS * i : HOURS * i + HOURS],
        grid,
        hours_table[EXPORT_LIMIT, HOURS * i : HOURS * i + HOURS],
        hours_table[IMPORT_LIMIT, HOURS * i : HOURS * i + HOURS],
    )
    for column in range(3):
        grid.now[column] = later[column]
    month_demand(
        demand_setup,
        row,
        year,
        begin,
        HOURS * i,
        HOURS,
        first_unit,
        hours_table[AVAILABLE],
        work.demand_kw,
    )
    surplus = serve_hours(
        hours_table,
        work.demand_kw,
        work.demand,
        work.totals,
        work.alone_value,
        work.marginal,
        falls,
        grid_setup.tranche_kw,
        HOURS * i,
        HOURS,
        terms,
        trace,
        begin,
    )
    return surplus, work.marginal[i]
