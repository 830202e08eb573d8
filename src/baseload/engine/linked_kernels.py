"""A day of a plant whose hours are linked, and of a mine that may trip: with the mine, and without it.

Production is planned first, from what is foreseen (`dispatch.produce_day_kernels`); what is produced
is then given away hour by hour like any other day's power, its fuel being spent. The plant with the
mine and the plant without it run apart: they meet the same hours with another past.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.compiled import inner_kernel, small_kernel
from baseload.demand.kernels import month_demand
from baseload.dispatch.kernels import mine_day
from baseload.dispatch.link_work import (
    LEVEL_PLACES,
    LIMIT_ROWS,
    MIN_DOWN,
    MIN_KW,
    MIN_RUN,
    PRODUCED,
    RAMP_KW,
    START_COST,
    STATE_ROWS,
    LinkWork,
    link_work,
)
from baseload.dispatch.plan_kernels import hour_pieces
from baseload.dispatch.produce_day_kernels import produce_day
from baseload.dispatch.serve_kernels import net_prices, serve_hours
from baseload.dispatch.work import (
    ALONE,
    AVAILABLE,
    BOUGHT,
    CAP,
    CURTAILED,
    CURTAILED_GRID_ONLY,
    D_LINES,
    D_SEGMENT,
    DARK,
    DARK_ALWAYS,
    DIESEL_HOURS,
    DIESEL_HOURS_LESS,
    DUMPED,
    DUMPED_GRID_ONLY,
    EXPORT_GRID_ONLY,
    EXPORT_LIMIT,
    EXPORT_REVENUE_GRID_ONLY,
    FIRM_BY_PLANT,
    FIRM_SERVED,
    GENERATION,
    HOUR_PRICE,
    HOUSE,
    IDLE_LEFT,
    IMPORT_COST_GRID_ONLY,
    IMPORT_GRID_ONLY,
    IMPORT_LEFT,
    IMPORT_LIMIT,
    LAST,
    LOST,
    LOST_LOAD_HOURS,
    LOST_LOAD_HOURS_GRID_ONLY,
    LOST_POWER,
    MINE,
    MINE_BUYS,
    MINE_KW,
    NET_PRICE,
    ORDER,
    SOLD_KW,
    STOPS_MINE,
    SURPLUS,
    T_AVAILABLE,
    T_AVOIDABLE,
    T_CURTAILED,
    T_DUMPED,
    T_EXPORT_GRID_ONLY,
    T_FIRM_BY_PLANT,
    T_FIRM_SERVED,
    T_MINE,
    T_UNSERVED,
    TARIFF_LESS,
    TARIFF_REVENUE,
    TOTALS,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    VALUE,
    WORTH,
)
from baseload.engine.month_kernels import lay_out
from baseload.grid.kernels import month_limits

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

HOURS = 24
RUN, ALONE_TOO = 0, 1
# Places of `last`: power of the mine and export in the hour before, bits of a unit that a trip of the
# mine took along, and the hour until which.
LAST_MINE, LAST_SOLD, TAKEN, TAKEN_UNTIL, NEXT_TRIP, LAST_PLACES = range(6)
# Rows of `peak`: the month's highest import [kW] of run, grid-only and idle.
PEAKS = 3


class LinkSetup(NamedTuple):
    """The rule of dispatch."""

    linked: bool  # days go through `linked_day`
    foresight_hours: int
    dump: bool
    largest_kw: int  # no plant gives more


class LinkState(NamedTuple):
    """One path's linked hours: with the mine in row 0, without it in row 1."""

    window: LinkWork
    limits: Ints  # (LIMIT_ROWS, U)
    unit_kw: Ints  # (U, W)
    mask: Ints  # (W,) units at power
    run_mask: Ints  # (W,) less a unit that the mine took along
    trips: Ints  # (W,)
    run_trips: Ints  # (W,)
    cap_kw: Ints  # (W,)
    level: Ints  # (2, LEVEL_PLACES)
    unit_state: Ints  # (2, STATE_ROWS, U)
    kept_level: Ints  # (LEVEL_PLACES,) of the day's start
    kept_state: Ints  # (STATE_ROWS, U)
    starts: Ints  # (2, U) of the month
    day_starts: Ints  # (U,)
    produced: Ints  # (24,)
    running: Ints  # (24,)
    available: Ints  # (24,)
    sold_alone: Ints  # (24,)
    values: Ints  # (K,)
    caps: Ints  # (K,)
    totals: Ints  # (2, TOTALS) of a day
    last: Ints  # (LAST_PLACES,)
    peak: Ints  # (3,)
    scratch: Floats  # (4,)
    no_trace: Ints  # (0, columns)


def link_state(setup: LinkSetup, units: int, slots: int, tranches: int, columns: int) -> LinkState:
    """Fresh memory for one thread; next to none where nothing is linked."""
    hours = setup.foresight_hours if setup.linked else HOURS

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    return LinkState(
        window=link_work(hours, slots, tranches),
        limits=ints(LIMIT_ROWS, units),
        unit_kw=ints(units, hours),
        mask=ints(hours),
        run_mask=ints(hours),
        trips=ints(hours),
        run_trips=ints(hours),
        cap_kw=ints(hours),
        level=ints(2, LEVEL_PLACES),
        unit_state=ints(2, STATE_ROWS, units),
        kept_level=ints(LEVEL_PLACES),
        kept_state=ints(STATE_ROWS, units),
        starts=ints(2, units),
        day_starts=ints(units),
        produced=ints(HOURS),
        running=ints(HOURS),
        available=ints(HOURS),
        sold_alone=ints(HOURS),
        values=ints(slots),
        caps=ints(slots),
        totals=ints(2, TOTALS),
        last=ints(LAST_PLACES),
        peak=ints(PEAKS),
        scratch=np.zeros(4),
        no_trace=np.zeros((0, columns), np.int64),
    )


@inner_kernel
def begin_links(setup, plant, state):
    """Put the linked hours of a path on its first day."""
    for v in range(2):
        for place in range(state.level.shape[1]):
            state.level[v, place] = 0
        for u in range(setup.units):
            state.starts[v, u] = 0
    for place in range(state.last.size):
        state.last[place] = 0
    for u in range(setup.units):
        state.limits[MIN_KW, u] = plant.min_kw[u]
        state.limits[RAMP_KW, u] = plant.ramp_kw[u]
        state.limits[MIN_RUN, u] = setup.min_run_hours[u]
        state.limits[MIN_DOWN, u] = setup.min_down_hours[u]
        state.limits[START_COST, u] = plant.start_cost_micro_usd[u]


@small_kernel
def lay_out_units(setup, plant, segment, first_hour, hours, largest_kw, state):
    """Units at power, trips and what each unit gives, by hour of the window."""
    s = segment
    for t in range(hours):
        state.trips[t] = 0
        while plant.hour[s + 1] <= first_hour + t:
            s += 1
        state.mask[t] = plant.running[s]
        if plant.hour[s] == first_hour + t:
            state.trips[t] = plant.trips[s]
        state.cap_kw[t] = min(plant.cap_kw[s], largest_kw)
        for u in range(setup.units):
            kw = plant.net_kw[u]
            if setup.profile[u] >= 0:
                kw = int(kw * setup.profiles[setup.profile[u], first_hour + t] + 0.5)
            state.unit_kw[u, t] = kw


@small_kernel
def take_unit(state, first_hour, hours):
    """The units at power of the run: those of the plant less one that a trip of the mine took along."""
    last = state.last
    for t in range(hours):
        gone = last[TAKEN] if first_hour + t < last[TAKEN_UNTIL] else 0
        state.run_mask[t] = state.mask[t] & ~gone
        state.run_trips[t] = state.trips[t]


@small_kernel
def write_pieces(column, hours, table, demand_kw, falls, tranche_kw, avoidable, dump, count, state):
    """Uses of production in each hour of the window; `count` slots of the mine, 0 without it."""
    window = state.window
    for t in range(hours):
        h = column + t
        firm = 0 if table[DARK, h] == DARK_ALWAYS else table[HOUSE, h]
        for d in range(demand_kw.shape[0]):
            firm += demand_kw[d, h]
        window.counts[t] = hour_pieces(
            firm,
            state.values,
            state.caps,
            0 if table[STOPS_MINE, h] else count,
            table[NET_PRICE, h],
            falls,
            tranche_kw,
            table[EXPORT_LIMIT, h],
            avoidable,
            dump,
            window.slopes[t],
            window.widths[t],
        )


@small_kernel
def limit_purchases(column, days_left, charge_milli, import_fee, slots, table, state):
    """Hold the mine's import below the month's highest so far, unless a new high pays for its charge.

    A new high pays where what the best machine gains on a kW today, on every day that is left of the
    month, is the charge at least.
    """
    worth = 0
    for k in range(slots.shape[1]):
        if slots[CAP, k] > 0:
            worth = max(worth, slots[WORTH, k])
    gain = 0
    for h in range(column, column + HOURS):
        if not table[STOPS_MINE, h]:
            gain += max(0, worth - (table[HOUR_PRICE, h] + import_fee))
    # milli-USD per MWh and hour are micro-USD per kW.
    if gain * days_left >= charge_milli * 1000:
        return
    for h in range(column, column + HOURS):
        room = max(0, state.peak[RUN] - table[BOUGHT, h])
        table[IMPORT_LEFT, h] = min(table[IMPORT_LEFT, h], room)


@inner_kernel
def run_day(
    column,
    hours,
    begin,
    days_left,
    table,
    demand_kw,
    demand,
    slots,
    th_per_kw,
    alone_value,
    marginal,
    falls,
    terms,
    mine,
    state,
    trace,
):
    """The day with the mine: plan, produce, serve and mine; returns its hash rate's largest hour [TH/s].

    `terms` are those of `linked_day`; `mine` holds slots that are worth running, whether the mine may
    import, and the demand charge [milli-USD per kW and month].
    """
    avoidable, export_fee, import_fee, kept, idle_house_kw, tranche_kw, dump = terms
    running, may_import, charge_milli = mine
    totals = state.totals[RUN]
    write_pieces(
        column, hours, table, demand_kw, falls, tranche_kw, avoidable, dump, running, state
    )
    window = state.window
    produce_day(
        window.slopes[:hours],
        window.widths[:hours],
        window.counts[:hours],
        state.unit_kw[:, :hours],
        state.cap_kw[:hours],
        state.limits,
        state.run_mask[:hours],
        state.run_trips[:hours],
        dump,
        state.level[RUN],
        state.unit_state[RUN],
        state.produced,
        state.running,
        state.day_starts,
        window.window,
        window.stacks,
    )
    for i in range(totals.size):
        totals[i] = 0
    for h in range(HOURS):
        table[AVAILABLE, column + h] = state.produced[h]
    serve_hours(
        table,
        demand_kw,
        demand,
        totals,
        alone_value,
        marginal,
        falls,
        tranche_kw,
        column,
        HOURS,
        (0, export_fee, import_fee, kept, idle_house_kw),
        trace,
        begin,
    )
    for h in range(column, column + HOURS):
        table[MINE_KW, h] = 0
        table[MINE_BUYS, h] = 0
        table[SOLD_KW, h] = table[ALONE, h]
    if may_import and charge_milli > 0:
        limit_purchases(column, days_left, charge_milli, import_fee, slots, table, state)
    return mine_day(
        table,
        slots,
        th_per_kw,
        totals,
        alone_value,
        falls,
        tranche_kw,
        column,
        0,
        import_fee,
        may_import,
        running,
        trace,
        begin,
    )


@small_kernel
def unit_lost_with(column, begin, row, setup, site, table, state):
    """Hour of the day in which a trip of the mine takes a unit along, or -1; takes the first such trip."""
    found = -1
    n = state.last[NEXT_TRIP]
    while n < site.counts[0] and site.hour[n] < begin + HOURS:
        h = site.hour[n] - begin
        if h >= 0 and found < 0 and begin + h >= state.last[TAKEN_UNTIL]:
            rejected = state.last[LAST_MINE] if h == 0 else table[MINE_KW, column + h - 1]
            enough = rejected > 0 and rejected >= row[setup.takes_unit_above] * 1000.0
            if enough and site.luck[n] < row[setup.takes_unit] and state.run_mask[h] != 0:
                found = h
                largest = -1
                for u in range(state.unit_kw.shape[0]):
                    if (state.run_mask[h] >> u) & 1 and (
                        largest < 0 or state.unit_kw[u, h] > state.unit_kw[largest, h]
                    ):
                        largest = u
                state.last[TAKEN] = 1 << largest
                state.last[TAKEN_UNTIL] = site.hour[n] + site.unit_hours[n]
        n += 1
    return found


@small_kernel
def shed_at_trips(column, seconds, row_mine, row_sold, before_kw, table, state):
    """Firm load without power in the seconds that the mine needs to shed after a unit has tripped: kWh, and
    hours on which nothing else is shed.

    What the lines cannot make up at once, by less export and more import, is missing until the mine,
    which may stand for as much as it drew, is off.
    """
    missing = hours = 0
    for h in range(HOURS):
        mine = row_mine if h == 0 else table[MINE_KW, column + h - 1]
        sold = row_sold if h == 0 else table[SOLD_KW, column + h - 1]
        before = before_kw if h == 0 else state.produced[h - 1]
        if state.run_trips[h] == 0 or mine == 0:
            continue
        ran = lost = 0
        for u in range(state.unit_kw.shape[0]):
            tripped = (state.run_trips[h] >> u) & 1
            if tripped or (state.run_mask[h] >> u) & 1:
                ran += state.unit_kw[u, h]
                lost += state.unit_kw[u, h] * tripped
        if ran == 0:
            continue
        spare = 0 if table[LOST_POWER, column + h] else table[IMPORT_LEFT, column + h] + sold
        short = min(max(before * lost // ran - spare, 0), mine)
        kwh = int(short * seconds / 3600.0)
        missing += kwh
        hours += 1 if kwh > 0 and table[LOST, column + h] == 0 else 0
    return missing, hours


@inner_kernel
def linked_day(
    plant_setup,
    demand_setup,
    grid_setup,
    site_setup,
    link,
    row,
    plant,
    grid,
    site,
    work,
    state,
    i,
    first_day,
    days,
    year,
    first_unit,
    falls,
    terms,
    running,
    unit_hours,
    trace,
):
    """Dispatch day `i` of a month with the mine and without it, and add it to the month's totals.

    Slots of the mine are valued gross of the plant's avoidable cost: what is produced has spent it.

    Parameters
    ----------
    plant_setup, demand_setup, grid_setup, site_setup, link
        What is the same on all paths.
    row : ndarray (C,)
        The path's inputs.
    plant, grid, site, work, state
        The path's plant, lines, trips of the mine, month of dispatch and linked hours.
    i, first_day, days, year, first_unit : int
        Day of the month, the month's first day and days, year, first hour with a unit on line.
    falls : ndarray (J,)
    terms : tuple
        As `serve_hours` takes them.
    running : int
        Slots that are worth running, the first ones of ORDER.
    unit_hours : ndarray (4,)
    trace : ndarray

    Returns
    -------
    tuple
        Largest hash rate of an hour [TH/s], and the sum over the hours of the value of one more MWh
        [milli-USD/MWh].
    """
    avoidable, export_fee, import_fee, kept, idle_house_kw = terms
    table, day, totals = work.hours, work.days, work.totals
    demand_kw, slots = work.demand_kw, work.slots
    column = HOURS * i
    begin = HOURS * (first_day + i)
    hours = min(link.foresight_hours, HOURS * (days - i))
    segment = day[i, D_SEGMENT]
    later_0, later_1, later_2 = grid.now[0], grid.now[1], grid.now[2]
    for c in range(3):
        grid.now[c] = day[i, D_LINES + c]
    lay_out(plant_setup, plant, table, column, begin, HOURS, segment, unit_hours)
    lay_out(plant_setup, plant, table, column, begin, hours, segment, state.scratch)
    month_limits(
        grid_setup,
        row,
        begin,
        hours,
        table[LOST_POWER, column : column + hours],
        grid,
        table[EXPORT_LIMIT, column : column + hours],
        table[IMPORT_LIMIT, column : column + hours],
    )
    grid.now[0], grid.now[1], grid.now[2] = later_0, later_1, later_2
    month_demand(
        demand_setup, row, year, begin, column, hours, first_unit, table[AVAILABLE], demand_kw
    )
    net_prices(
        table[HOUR_PRICE, column : column + hours],
        kept,
        export_fee,
        table[NET_PRICE, column : column + hours],
    )
    lay_out_units(plant_setup, plant, segment, begin, hours, link.largest_kw, state)
    # A trip of the mine stops it; which trips are still to come is kept from day to day.
    n = state.last[NEXT_TRIP]
    while n < site.counts[0] and site.until[n] <= begin:
        n += 1
    state.last[NEXT_TRIP] = n
    while n < site.counts[0] and site.hour[n] < begin + HOURS:
        for h in range(max(site.hour[n] - begin, 0), min(site.until[n] - begin, HOURS)):
            table[STOPS_MINE, column + h] = 1
        n += 1
    potential = 0
    for h in range(HOURS):
        state.available[h] = table[AVAILABLE, column + h]
        potential += state.available[h]
    # Without the mine.
    dump = link.dump
    tranche_kw = grid_setup.tranche_kw
    window = state.window
    write_pieces(column, hours, table, demand_kw, falls, tranche_kw, avoidable, dump, 0, state)
    produce_day(
        window.slopes[:hours],
        window.widths[:hours],
        window.counts[:hours],
        state.unit_kw[:, :hours],
        state.cap_kw[:hours],
        state.limits,
        state.mask[:hours],
        state.trips[:hours],
        dump,
        state.level[ALONE_TOO],
        state.unit_state[ALONE_TOO],
        state.produced,
        state.running,
        state.starts[ALONE_TOO],
        window.window,
        window.stacks,
    )
    alone = state.totals[ALONE_TOO]
    for c in range(alone.size):
        alone[c] = 0
    produced_alone = 0
    for h in range(HOURS):
        table[AVAILABLE, column + h] = state.produced[h]
        produced_alone += state.produced[h]
    serve_hours(
        table,
        demand_kw,
        work.demand,
        alone,
        work.alone_value,
        work.marginal,
        falls,
        tranche_kw,
        column,
        HOURS,
        (0, export_fee, import_fee, kept, idle_house_kw),
        state.no_trace,
        begin,
    )
    more = 0
    for h in range(HOURS):
        sold = table[ALONE, column + h]
        state.sold_alone[h] = sold
        # One more MWh is worth what the last one sold for, or its fuel where not all is produced or sold.
        all_sold = sold > 0 and sold == table[SURPLUS, column + h]
        if all_sold and state.produced[h] == state.available[h]:
            more += table[LAST, column + h]
        else:
            more += avoidable
        state.peak[ALONE_TOO] = max(state.peak[ALONE_TOO], table[BOUGHT, column + h])
    # With the mine.
    for place in range(running):
        k = slots[ORDER, place]
        state.values[place] = slots[VALUE, k]
        state.caps[place] = slots[CAP, k]
    take_unit(state, begin, hours)
    for place in range(state.kept_level.size):
        state.kept_level[place] = state.level[RUN, place]
    for which in range(state.kept_state.shape[0]):
        for u in range(state.kept_state.shape[1]):
            state.kept_state[which, u] = state.unit_state[RUN, which, u]
    charge_milli = int(row[grid_setup.demand_charge] * 1000.0 + 0.5)
    run_terms = (avoidable, export_fee, import_fee, kept, idle_house_kw, tranche_kw, dump)
    mine = (running, grid_setup.mine_may_import, charge_milli)
    peak_th = 0.0
    for attempt in range(2):
        for u in range(state.day_starts.size):
            state.day_starts[u] = 0
        peak_th = run_day(
            column,
            hours,
            begin,
            days - i,
            table,
            demand_kw,
            work.demand,
            slots,
            work.th_per_kw,
            work.alone_value,
            work.marginal,
            falls,
            run_terms,
            mine,
            state,
            trace,
        )
        if attempt == 1:
            break
        # Which load a trip of the mine rejects is known only now; with a unit lost the day runs again.
        lost_at = unit_lost_with(column, begin, row, site_setup, site, table, state)
        if lost_at < 0:
            break
        for t in range(lost_at, hours):
            if begin + t < state.last[TAKEN_UNTIL]:
                state.run_mask[t] &= ~state.last[TAKEN]
        state.run_trips[lost_at] |= state.last[TAKEN]
        for place in range(state.kept_level.size):
            state.level[RUN, place] = state.kept_level[place]
        for which in range(state.kept_state.shape[0]):
            for u in range(state.kept_state.shape[1]):
                state.unit_state[RUN, which, u] = state.kept_state[which, u]
    with_mine = state.totals[RUN]
    missing, lost_hours = shed_at_trips(
        column,
        row[site_setup.shed_seconds],
        state.last[LAST_MINE],
        state.last[LAST_SOLD],
        state.kept_level[PRODUCED],
        table,
        state,
    )
    missing = min(missing, with_mine[FIRM_BY_PLANT])
    produced = 0
    for h in range(HOURS):
        produced += state.produced[h]
        bought = table[BOUGHT, column + h] + table[MINE_BUYS, column + h]
        state.peak[RUN] = max(state.peak[RUN], bought)
        idle = table[IMPORT_LIMIT, column + h] - table[IDLE_LEFT, column + h]
        state.peak[2] = max(state.peak[2], idle)
    for u in range(state.day_starts.size):
        state.starts[RUN, u] += state.day_starts[u]
    state.last[LAST_MINE] = table[MINE_KW, column + HOURS - 1]
    state.last[LAST_SOLD] = table[SOLD_KW, column + HOURS - 1]
    # What was not produced is curtailed, and so is what was produced for nobody.
    with_mine[DUMPED] = with_mine[CURTAILED]
    with_mine[DUMPED_GRID_ONLY] = alone[CURTAILED_GRID_ONLY]
    with_mine[CURTAILED] += potential - produced
    with_mine[CURTAILED_GRID_ONLY] = alone[CURTAILED_GRID_ONLY] + potential - produced_alone
    with_mine[GENERATION] = potential
    with_mine[EXPORT_GRID_ONLY] = alone[EXPORT_GRID_ONLY]
    with_mine[EXPORT_REVENUE_GRID_ONLY] = alone[EXPORT_REVENUE_GRID_ONLY]
    with_mine[UNSERVED_GRID_ONLY] = alone[UNSERVED_GRID_ONLY]
    with_mine[LOST_LOAD_HOURS_GRID_ONLY] = alone[LOST_LOAD_HOURS_GRID_ONLY]
    with_mine[IMPORT_GRID_ONLY] = alone[IMPORT_GRID_ONLY]
    with_mine[IMPORT_COST_GRID_ONLY] = alone[IMPORT_COST_GRID_ONLY]
    with_mine[TARIFF_LESS] = with_mine[TARIFF_REVENUE] - alone[TARIFF_REVENUE]
    with_mine[DIESEL_HOURS_LESS] = with_mine[DIESEL_HOURS] - alone[DIESEL_HOURS]
    with_mine[FIRM_SERVED] -= missing
    with_mine[FIRM_BY_PLANT] -= missing
    with_mine[UNSERVED] += missing
    with_mine[LOST_LOAD_HOURS] += lost_hours if missing > 0 else 0
    with_mine[MINE] += missing
    for c in range(totals.size):
        totals[c] += with_mine[c]
    if trace.shape[0] > 0:
        for h in range(HOURS):
            line = trace[begin + h]
            line[T_AVAILABLE] = state.available[h]
            line[T_DUMPED] = line[T_CURTAILED]
            line[T_CURTAILED] += state.available[h] - state.produced[h]
            line[T_EXPORT_GRID_ONLY] = state.sold_alone[h]
            line[T_AVOIDABLE] = avoidable
        if missing > 0:
            # Seconds of a day cannot be told by the hour: they stand in the first hour that can bear them.
            left = missing
            for h in range(HOURS):
                line = trace[begin + h]
                part = min(left, line[T_FIRM_BY_PLANT])
                line[T_FIRM_BY_PLANT] -= part
                line[T_FIRM_SERVED] -= part
                line[T_UNSERVED] += part
                line[T_MINE] += part
                left -= part
    return peak_th, more
