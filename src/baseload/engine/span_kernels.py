"""A month of firm demand, and of export without a mine, by spans in which nothing changes.

On most days the plant either gives more than people need or stands still, and then the sums follow
from a few comparisons. A day on which something binds goes hour by hour through
`dispatch.serve_kernels`, which these shortcuts equal to the last kilowatt-hour and micro-dollar.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.compiled import inner_kernel, small_kernel
from baseload.demand.kernels import month_demand
from baseload.demand.setup import FROM_FIRST_UNIT
from baseload.dispatch.row_kernels import highest, lowest, row_sum
from baseload.dispatch.serve_kernels import net_prices, serve_hours
from baseload.dispatch.window_kernels import add_row, sell_month
from baseload.dispatch.work import (
    AVAILABLE,
    CURTAILED,
    CURTAILED_GRID_ONLY,
    D_BY_HOUR,
    D_LINES,
    D_NO_MINE,
    D_PRICE_SUM,
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
from baseload.grid.kernels import carried, month_limits, next_line_change
from baseload.grid.setup import FAR_KW

HOURS = 24

Ints = npt.NDArray[np.int64]


@small_kernel
def net_prices_of_month(days, kept, off, hours, by_day, day):
    """Net price of export of each hour, less losses and less `off`, and the sum of each day's prices."""
    net_prices(hours[HOUR_PRICE, : HOURS * days], kept, off, hours[NET_PRICE, : HOURS * days])
    for i in range(days):
        day[i, D_PRICE_SUM] = row_sum(by_day[HOUR_PRICE, i])


@small_kernel
def fill(row, value):
    """The same number in every hour of a row."""
    number = np.int32(value)
    for h in range(row.size):
        row[h] = number


@small_kernel
def copy(row, out):
    """A row into another."""
    for h in range(out.size):
        out[h] = row[h]


@small_kernel
def less_than(value, row, out):
    """A number less each hour of a row."""
    number = np.int32(value)
    for h in range(out.size):
        out[h] = np.int32(number - row[h])


@small_kernel
def demand_of_hours(demand_kw, demand, i, begin, end, by_day, kind):
    """What firm demand of hours `begin` to `end` of day `i` comes to, into `kind` (8,).

    Writes the rows TOTAL and ELSEWHERE of those hours.
    """
    total, elsewhere = by_day[TOTAL, i, begin:end], by_day[ELSEWHERE, i, begin:end]
    fill(total, 0)
    fill(elsewhere, 0)
    for column in range(kind.size):
        kind[column] = 0
    first = HOURS * i + begin
    for d in range(demand_kw.shape[0]):
        need = demand_kw[d, first : first + end - begin]
        other = np.int32(min(demand[d, OTHER], FAR_KW))
        needed = row_sum(need)
        rest = 0
        for h in range(need.size):
            rest += int(max(np.int32(need[h] - other), np.int32(0)))
        add_row(need, total)
        kind[K_NEED] += needed
        kind[K_OTHER] += needed - rest
        kind[K_TARIFF] += needed * demand[d, TARIFF_MILLI]
        if demand[d, MAY_IMPORT]:
            kind[K_ELSEWHERE] += rest
            kind[K_TARIFF_ELSEWHERE] += rest * demand[d, TARIFF_MILLI]
            if rest > 0:
                for h in range(need.size):
                    more = max(np.int32(need[h] - other), np.int32(0))
                    elsewhere[h] = np.int32(elsewhere[h] + more)
        else:
            kind[K_SHED] += rest
    kind[K_NEED_MOST] = highest(total)
    kind[K_NEED_LEAST] = lowest(total)
    most = highest(elsewhere)
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


class Spans(NamedTuple):
    """The plant's segments as a month needs them: fields of `PlantWork`."""

    hour: Ints
    constant_kw: Ints
    cap_kw: Ints
    house_kw: Ints
    lost_power: Ints
    dark: Ints
    stops_mine: Ints
    operating: Ints
    restarting: Ints
    at_power: Ints
    operating_kw: Ints


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
    spans : Spans
    demand_setup : DemandSetup
    row : ndarray (C,)
        The path's inputs.
    grid : GridWork
    limits : tuple of int
        Lines, and the limits on export and import that stand whatever the lines do. [kW]
    hours_table, by_day, day, kinds, here, demand_kw, demand, totals : ndarrays
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
    net_prices_of_month(days, kept, export_fee + avoidable, hours_table, by_day, day)
    fast_hours = 0
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
            hours_table,
            by_day,
            demand_kw,
            kinds,
        )
    s = cursor
    for i in range(days):
        begin = first_hour + HOURS * i
        kind = demand_setup.like_day[first_day + i] - first_day
        slow = every_hour
        day[i, D_SEGMENT] = s
        for column in range(3):
            day[i, D_LINES + column] = now[column]
        generation = imported = need = by_plant = served = shed = short = 0
        idle_shed = idle_import = house_sum = diesel_sum = diesel_hours = idle_diesel = 0
        tariff = cost = idle_cost = surplus_sum = 0
        operated = restarted = powered = operated_kw = 0
        no_mine = 0
        h = 0
        while h < HOURS:
            at = begin + h
            while spans.hour[s + 1] <= at:
                s += 1
            until = min(begin + HOURS, next_line_change(grid, at))
            end = min(until, spans.hour[s + 1]) - begin
            length = end - h
            if slow:
                h = end
                continue
            out_kw, in_kw = carried(now, lines, export_limit, import_limit, spans.lost_power[s])
            if length < HOURS:
                demand_of_hours(demand_kw, demand, kind, h, end, by_day, here)
                price_sum = 0
                for hour in range(h, end):
                    price_sum += by_day[HOUR_PRICE, i, hour]
            else:
                for column in range(here.size):
                    here[column] = kinds[kind, column]
                price_sum = day[i, D_PRICE_SUM]
            available = min(spans.constant_kw[s], spans.cap_kw[s])
            house = spans.house_kw[s]
            idle_served = min(idle_house_kw, in_kw)
            runs = available >= house + here[K_NEED_MOST]
            bought_house = 0 if runs else min(house, in_kw)
            free = in_kw - max(bought_house, idle_served)
            if spans.dark[s] != 0 or free < here[K_ELSEWHERE_MOST] or not (runs or available == 0):
                slow = True
                h = end
                continue
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
                less_than(left, by_day[TOTAL, kind, h:end], by_day[SURPLUS, i, h:end])
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
                fill(by_day[SURPLUS, i, h:end], 0)
            fill(by_day[EXPORT_LIMIT, i, h:end], out_kw)
            if spans.stops_mine[s]:
                fill(by_day[FREE, i, h:end], 0)
            else:
                copy(by_day[SURPLUS, i, h:end], by_day[FREE, i, h:end])
            no_mine += length if spans.stops_mine[s] else 0
            operated += spans.operating[s] * length
            restarted += spans.restarting[s] * length
            powered += spans.at_power[s] * length
            operated_kw += spans.operating_kw[s] * length
            h = end
        day[i, D_BY_HOUR] = 1 if slow else 0
        day[i, D_NO_MINE] = 1 if no_mine == HOURS or (not slow and surplus_sum == 0) else 0
        if slow:
            for row_number in (SURPLUS, EXPORT_LIMIT, FREE):
                fill(by_day[row_number, i], 0)
            continue
        fast_hours += HOURS
        unit_hours[0] += operated
        unit_hours[1] += restarted
        unit_hours[2] += powered
        unit_hours[3] += operated_kw
        month_surplus += surplus_sum
        totals[GENERATION] += generation
        totals[IMPORT] += imported
        totals[IMPORT_GRID_ONLY] += imported
        totals[FIRM_DEMAND] += need
        totals[FIRM_SERVED] += served
        totals[FIRM_BY_PLANT] += by_plant
        totals[UNSERVED] += shed
        totals[UNSERVED_GRID_ONLY] += shed
        totals[SHORTFALL] += short
        totals[CURTAILED] += surplus_sum
        totals[CURTAILED_GRID_ONLY] += surplus_sum
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
        totals[PRICE] += day[i, D_PRICE_SUM]
    alone, value, more = sell_month(hours_table, HOURS * days, falls, tranche_kw, totals)
    revenue = value + alone * avoidable
    totals[EXPORT] += alone
    totals[EXPORT_GRID_ONLY] += alone
    totals[CURTAILED] -= alone
    totals[CURTAILED_GRID_ONLY] -= alone
    totals[EXPORT_REVENUE] += revenue
    totals[EXPORT_REVENUE_GRID_ONLY] += revenue
    return s, month_surplus, more + fast_hours * avoidable


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
