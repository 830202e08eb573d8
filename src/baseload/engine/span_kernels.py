"""A month of firm demand, and of export without a mine, by spans in which nothing changes.

On most days the plant either gives more than people need or stands still, and then the sums follow
from a few comparisons. A day on which something binds goes hour by hour through
`dispatch.serve_kernels`, which these shortcuts equal to the last kilowatt-hour and micro-dollar.
"""

from __future__ import annotations

import math

from baseload.compiled import kernel, small_kernel
from baseload.demand.kernels import month_demand
from baseload.demand.setup import FROM_FIRST_UNIT
from baseload.dispatch.day_kernels import value_of_sales
from baseload.dispatch.serve_kernels import serve_hours
from baseload.dispatch.work import (
    AVAILABLE,
    CURTAILED,
    CURTAILED_GRID_ONLY,
    D_ALONE,
    D_BY_HOUR,
    D_LEFT_MAX,
    D_LEFT_MIN,
    D_LIMIT_MAX,
    D_LIMIT_MIN,
    D_NET_MAX,
    D_NET_MIN,
    D_NET_SUM,
    D_NO_MINE,
    D_PRICE_SUM,
    D_VALUE,
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
    K_NEED_LEAST,
    K_NEED_MOST,
    K_OTHER,
    K_SHED,
    K_TARIFF,
    K_TARIFF_ELSEWHERE,
    LOST_POWER,
    MAY_IMPORT,
    NET_PRICE,
    OTHER,
    PRICE,
    SELL,
    SHORTFALL,
    SURPLUS,
    TARIFF_MILLI,
    TARIFF_REVENUE,
    TOTAL,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
)
from baseload.engine.month_kernels import lay_out
from baseload.grid.kernels import carried, fixed_limits, month_limits, next_line_change
from baseload.grid.setup import FAR_KW

HOURS = 24


@kernel
def net_prices_of_days(days, kept, off, by_day, day):
    """Net price of export of each hour, and its sum, smallest and largest of each day.

    The price less losses and less `off`, in whole milli-USD per MWh; also the sum of the price.
    """
    for i in range(days):
        if kept == 1.0:
            for h in range(HOURS):
                by_day[NET_PRICE, i, h] = by_day[HOUR_PRICE, i, h] - off
        else:
            for h in range(HOURS):
                by_day[NET_PRICE, i, h] = (
                    int(math.floor(by_day[HOUR_PRICE, i, h] * kept)) - off
                )
        price = total = 0
        least = most = by_day[NET_PRICE, i, 0]
        for h in range(HOURS):
            net = by_day[NET_PRICE, i, h]
            price += by_day[HOUR_PRICE, i, h]
            total += net
            least = min(least, net)
            most = max(most, net)
        day[i, D_NET_SUM] = total
        day[i, D_NET_MIN] = least
        day[i, D_NET_MAX] = most
        day[i, D_PRICE_SUM] = price


@small_kernel
def demand_of_hours(demand_kw, demand, i, begin, end, by_day, kind):
    """What firm demand of hours `begin` to `end` of day `i` comes to, into `kind` (8,).

    Writes the rows TOTAL and ELSEWHERE of those hours.
    """
    for h in range(begin, end):
        by_day[TOTAL, i, h] = 0
        by_day[ELSEWHERE, i, h] = 0
    kind[:] = 0
    for d in range(demand_kw.shape[0]):
        other = demand[d, OTHER]
        needed = 0
        rest = 0
        first = HOURS * i
        for h in range(begin, end):
            need = demand_kw[d, first + h]
            needed += need
            rest += max(need - other, 0)
            by_day[TOTAL, i, h] += need
        kind[K_NEED] += needed
        kind[K_OTHER] += needed - rest
        kind[K_TARIFF] += needed * demand[d, TARIFF_MILLI]
        if demand[d, MAY_IMPORT]:
            kind[K_ELSEWHERE] += rest
            kind[K_TARIFF_ELSEWHERE] += rest * demand[d, TARIFF_MILLI]
            for h in range(begin, end):
                by_day[ELSEWHERE, i, h] += max(demand_kw[d, first + h] - other, 0)
        else:
            kind[K_SHED] += rest
    need_most = most = 0
    need_least = by_day[TOTAL, i, begin]
    for h in range(begin, end):
        need_least = min(need_least, by_day[TOTAL, i, h])
        need_most = max(need_most, by_day[TOTAL, i, h])
        most = max(most, by_day[ELSEWHERE, i, h])
    kind[K_NEED_MOST] = need_most
    kind[K_NEED_LEAST] = need_least
    kind[K_ELSEWHERE_MOST] = most


@small_kernel
def demand_of_month(
    setup, row, year, first_day, days, first_unit, demand, hours, by_day, demand_kw, kinds
):
    """Firm demand of the first day of each shape in a month, and what it comes to, into `kinds` (31, 8)."""
    like = setup.like_day
    for i in range(days):
        if like[first_day + i] != first_day + i:
            continue
        month_demand(
            setup,
            row,
            year,
            HOURS * (first_day + i),
            HOURS * i,
            HOURS,
            first_unit,
            hours[AVAILABLE],
            demand_kw,
        )
        demand_of_hours(demand_kw, demand, i, 0, HOURS, by_day, kinds[i])


@small_kernel
def owed_within(setup, first_hour, hours, first_unit):
    """Whether a demand begins to be owed within a month and not at its first hour."""
    found = False
    for d in range(setup.demands):
        owed = setup.owed_hour[d]
        if owed == FROM_FIRST_UNIT:
            owed = first_unit
        found = found or first_hour < owed < first_hour + hours
    return found


@small_kernel
def export_of_day(i, limited, by_day, falls, tranche_kw, avoidable, day):
    """Export of a day without a mine where all that the line carries is worth it.

    `limited` says in how many hours the line carries less than the surplus. Sets D_ALONE and D_VALUE
    of `day`. Returns whether the day is such a day, and the sum over its hours of the value of one
    more MWh. [milli-USD/MWh]
    """
    total, value, fallen, least, most = value_of_sales(i, SELL, falls, tranche_kw, by_day)
    day[i, D_ALONE] = total
    day[i, D_VALUE] = value
    of_day = HOURS * avoidable
    if most == 0:
        return True, of_day
    pays = day[i, D_NET_MIN] >= falls[min((most - 1) // tranche_kw, falls.size - 1)]
    if limited == 0:
        of_day += day[i, D_NET_SUM] - fallen
    return pays and least > 0 and (limited == 0 or limited == HOURS), of_day


@small_kernel
def serve_month(
    plant_setup,
    demand_setup,
    grid_setup,
    row,
    plant,
    grid,
    work,
    first_day,
    days,
    year,
    cursor,
    first_unit,
    falls,
    terms,
    by_hour,
    unit_hours,
    trace,
):
    """Firm demand, import, the idle plant and export without a mine of a month, into the month's totals.

    Parameters
    ----------
    plant_setup, demand_setup, grid_setup
    row : ndarray (C,)
        The path's inputs.
    plant, grid, work : PlantWork, GridWork, DispatchWork
    first_day, days, year : int
    cursor : int
        Segment of the plant at the first hour.
    first_unit : int
        First hour with a unit on line.
    falls : ndarray (J,)
        Fall of the marginal revenue of export in each tranche. [milli-USD/MWh]
    terms : tuple
        As `serve_hours` takes them.
    by_hour : bool
        Every day goes hour by hour: for the trace, and to test the shortcuts.
    unit_hours : ndarray (4,)
        Written, as `lay_out` does.
    trace : ndarray (H, columns) or (0, columns)

    Returns
    -------
    tuple of int
        Segment that goes on, and surplus of the month. [kWh]
    """
    avoidable, export_fee, import_fee, kept, idle_house_kw = terms
    hours_table, by_day, day, kinds = work.hours, work.by_day, work.days, work.kinds
    demand_kw, demand, totals = work.demand_kw, work.demand, work.totals
    here = work.here
    like = demand_setup.like_day
    lines = grid_setup.line_export.size
    export_limit, import_limit = fixed_limits(grid_setup, row)
    now = grid.now
    tranche_kw = grid_setup.tranche_kw
    first_hour = HOURS * first_day
    unit_hours[:] = 0.0
    month_surplus = 0
    net_prices_of_days(days, kept, export_fee + avoidable, by_day, day)
    shares = False
    for d in range(demand_setup.demands):
        shares = shares or demand_setup.output_share[d] >= 0
    every_hour = (
        by_hour
        or shares
        or plant_setup.profiles.shape[0] > 0
        or owed_within(demand_setup, first_hour, HOURS * days, first_unit)
    )
    if not every_hour:
        demand_of_month(
            demand_setup,
            row,
            year,
            first_day,
            days,
            first_unit,
            demand,
            hours_table,
            by_day,
            demand_kw,
            kinds,
        )
    for i in range(days):
        begin = first_hour + HOURS * i
        kind = like[first_day + i] - first_day
        s = cursor
        line_0, line_1, line_2 = now[0], now[1], now[2]
        slow = every_hour
        generation = imported = need = by_plant = served = shed = short = 0
        idle_shed = idle_import = house_sum = diesel_sum = diesel_hours = idle_diesel = 0
        tariff = cost = idle_cost = surplus_sum = 0
        operated = restarted = powered = operated_kw = 0.0
        limited = 0
        no_mine = 0
        left_min = limit_min = FAR_KW
        left_max = limit_max = 0
        h = 0
        while h < HOURS and not slow:
            at = begin + h
            while plant.hour[s + 1] <= at:
                s += 1
            until = min(begin + HOURS, next_line_change(grid, at))
            until = min(until, plant.hour[s + 1])
            end = int(until - begin)
            length = end - h
            lost = plant.lost_power[s]
            out_kw, in_kw = carried(now, lines, export_limit, import_limit, lost)
            if length < HOURS:
                demand_of_hours(demand_kw, demand, kind, h, end, by_day, here)
                price_sum = 0
                for hour in range(h, end):
                    price_sum += by_day[HOUR_PRICE, i, hour]
            else:
                here[:] = kinds[kind]
                price_sum = day[i, D_PRICE_SUM]
            available = min(plant.constant_kw[s], plant.cap_kw[s])
            house = plant.house_kw[s]
            idle_served = min(idle_house_kw, in_kw)
            runs = available >= house + here[K_NEED_MOST]
            bought_house = 0 if runs else min(house, in_kw)
            free = min(in_kw - bought_house, in_kw - idle_served)
            if (
                plant.dark[s] != 0
                or free < here[K_ELSEWHERE_MOST]
                or not (runs or available == 0)
            ):
                slow = True
                break
            generation += available * length
            need += here[K_NEED] + house * length
            house_sum += house * length
            idle_import += idle_served * length
            idle_cost += idle_served * (price_sum + import_fee * length)
            idle_diesel += length if idle_served < idle_house_kw else 0
            idle_shed += here[K_SHED]
            if runs:
                by_plant += here[K_NEED] + house * length
                served += here[K_NEED] + house * length
                tariff += here[K_TARIFF]
                left = available - house
                surplus_sum += left * length - here[K_NEED]
                left_min = min(left_min, left - here[K_NEED_MOST])
                left_max = max(left_max, left - here[K_NEED_LEAST])
                for hour in range(h, end):
                    rest = left - by_day[TOTAL, kind, hour]
                    by_day[SURPLUS, i, hour] = rest
                for hour in range(h, end):
                    by_day[SELL, i, hour] = min(left - by_day[TOTAL, kind, hour], out_kw)
                if left > out_kw:
                    for hour in range(h, end):
                        limited += 1 if by_day[SURPLUS, i, hour] > out_kw else 0
            else:
                diesel = house - bought_house
                diesel_sum += diesel * length
                diesel_hours += length if diesel > 0 else 0
                elsewhere = here[K_ELSEWHERE]
                imported += house * length + here[K_OTHER] + elsewhere
                served += house * length + here[K_OTHER] + elsewhere
                shed += here[K_SHED]
                short += here[K_NEED]
                tariff += here[K_TARIFF_ELSEWHERE]
                cost += bought_house * (price_sum + import_fee * length) + import_fee * elsewhere
                if elsewhere > 0:
                    for hour in range(h, end):
                        cost += by_day[ELSEWHERE, kind, hour] * by_day[HOUR_PRICE, i, hour]
                left_min = 0
                for hour in range(h, end):
                    by_day[SURPLUS, i, hour] = 0
                for hour in range(h, end):
                    by_day[SELL, i, hour] = 0
            for hour in range(h, end):
                by_day[EXPORT_LIMIT, i, hour] = out_kw
            limit_min = min(limit_min, out_kw)
            limit_max = max(limit_max, out_kw)
            no_mine += length if plant.stops_mine[s] else 0
            operated += plant.operating[s] * length
            restarted += plant.restarting[s] * length
            powered += plant.at_power[s] * length
            operated_kw += plant.operating_kw[s] * float(length)
            h = end
        if not slow and 0 < no_mine < HOURS:
            slow = True
        of_day = 0
        if not slow:
            if surplus_sum == 0:
                day[i, D_ALONE] = 0
                day[i, D_VALUE] = 0
                of_day = HOURS * avoidable
            else:
                worth, of_day = export_of_day(
                    i, limited, by_day, falls, tranche_kw, avoidable, day
                )
                slow = not worth
        day[i, D_BY_HOUR] = 1 if slow else 0
        if slow:
            now[0], now[1], now[2] = line_0, line_1, line_2
            s = lay_out(
                plant_setup, plant, hours_table, HOURS * i, begin, HOURS, cursor, unit_hours
            )
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
            if every_hour or kind != i:
                month_demand(
                    demand_setup,
                    row,
                    year,
                    begin,
                    HOURS * i,
                    HOURS,
                    first_unit,
                    hours_table[AVAILABLE],
                    demand_kw,
                )
            month_surplus += serve_hours(
                hours_table,
                demand_kw,
                demand,
                totals,
                work.alone_value,
                work.marginal,
                falls,
                tranche_kw,
                HOURS * i,
                HOURS,
                terms,
                trace,
                begin,
            )
            day[i, D_NO_MINE] = 0
        else:
            day[i, D_LEFT_MIN] = left_min
            day[i, D_LEFT_MAX] = left_max
            day[i, D_LIMIT_MIN] = limit_min
            day[i, D_LIMIT_MAX] = limit_max
            alone = day[i, D_ALONE]
            revenue = day[i, D_VALUE] + alone * avoidable
            unit_hours[0] += operated
            unit_hours[1] += restarted
            unit_hours[2] += powered
            unit_hours[3] += operated_kw
            month_surplus += surplus_sum
            day[i, D_NO_MINE] = 1 if no_mine > 0 or surplus_sum == 0 else 0
            work.marginal[i] = of_day
            totals[GENERATION] += generation
            totals[IMPORT] += imported
            totals[IMPORT_GRID_ONLY] += imported
            totals[FIRM_DEMAND] += need
            totals[FIRM_SERVED] += served
            totals[FIRM_BY_PLANT] += by_plant
            totals[UNSERVED] += shed
            totals[UNSERVED_GRID_ONLY] += shed
            totals[SHORTFALL] += short
            totals[EXPORT] += alone
            totals[EXPORT_GRID_ONLY] += alone
            totals[CURTAILED] += surplus_sum - alone
            totals[CURTAILED_GRID_ONLY] += surplus_sum - alone
            totals[UNSERVED_IDLE] += idle_shed
            totals[IMPORT_IDLE] += idle_import
            totals[HOUSE_LOAD] += house_sum
            totals[DIESEL] += diesel_sum
            totals[DIESEL_HOURS] += diesel_hours
            totals[DIESEL_HOURS_IDLE] += idle_diesel
            totals[TARIFF_REVENUE] += tariff
            totals[IMPORT_COST] += cost
            totals[IMPORT_COST_GRID_ONLY] += cost
            totals[IMPORT_COST_IDLE] += idle_cost
            totals[EXPORT_REVENUE] += revenue
            totals[EXPORT_REVENUE_GRID_ONLY] += revenue
            totals[PRICE] += day[i, D_PRICE_SUM]
        cursor = s
    return cursor, month_surplus
