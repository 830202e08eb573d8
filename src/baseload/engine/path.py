"""A path from first day to last: the stages by their natural clocks, in one compiled call.

Events are drawn for the whole path, dispatch goes by the hour, the network by the day, money by
the month. The same kernel traces a path hour by hour when it is given memory for it.

What is called every day takes scalars and few arrays: passing a stage's whole setup costs more
than the work of a day.
"""

from __future__ import annotations

import math

from baseload.compiled import inner_kernel, kernel
from baseload.dispatch.kernels import mine_day, rank_slots
from baseload.dispatch.window_kernels import mine_window
from baseload.dispatch.work import (
    CAP,
    CURTAILED,
    D_BY_HOUR,
    D_NO_MINE,
    EXPORT,
    FIRM_DEMAND,
    FIRM_SERVED,
    GENERATION,
    HOUR_PRICE,
    IMPORT,
    MAY_IMPORT,
    MINE,
    MINED,
    OTHER,
    TARIFF_MILLI,
    UNSERVED,
    VALUE,
    WORTH,
)
from baseload.engine.day_kernels import pass_projected_days, pass_replayed_days
from baseload.engine.lifetime_kernels import (
    charge_month,
    close_month,
    lifetime_metrics,
    series_of_month,
)
from baseload.engine.linked_kernels import begin_links, linked_day
from baseload.engine.milestone_kernels import write_milestones
from baseload.engine.month_kernels import unit_costs, whole_milli
from baseload.engine.slot_kernels import mined_today, rank_day, rank_days, set_slots, value_slots
from baseload.engine.span_kernels import serve_day_by_hour, serve_month
from baseload.engine.sums import (
    L_FIRST_UNIT,
    L_LAST_PRICE,
    L_MACHINES,
    S_FEES,
    S_FRONTIER,
    S_MACHINES,
    S_MACHINES_USD,
    S_OPEX,
    S_PEAK_EH,
    S_PEAK_SHARE,
    S_PRICE,
    S_RESALE_USD,
    S_SITE_USD,
)
from baseload.fleet.kernels import begin_path as begin_fleet
from baseload.fleet.kernels import day_fleet, next_change
from baseload.fleet.trip_kernels import draw_mine_trips
from baseload.fleet.work import (
    BOUGHT_MACHINES,
    BOUGHT_SITE,
    DELIVERED_EH,
    MACHINES_NOW,
    OPEX_NOW,
    RESOLD,
)
from baseload.grid.kernels import begin_path as begin_grid
from baseload.grid.kernels import fixed_limits, month_factors, month_level, month_prices
from baseload.network.chain_kernels import hashprice_of
from baseload.network.kernels import (
    STEP,
    WEEK_DAYS,
    day_frontier,
    hashprice_usd_per_th_day,
    remember,
    rest_of_week,
    split_from_shadow,
    trailing_mean,
)
from baseload.network.kernels import begin_path as begin_network
from baseload.network.process_kernels import month_processes
from baseload.network.setup import AUTO, OWN_POOL
from baseload.network.warm_up_kernels import warm_up
from baseload.network.work import (
    TRAILING_DAYS,
    TRAILING_MONTHS,
    WEEK_DELIVERED,
    WEEK_HASHPRICE,
    WEEK_SHADOW,
)
from baseload.plant.kernels import begin_path as begin_plant
from baseload.plant.kernels import hour_with_units
from baseload.references import by_reference

OWN_POOL_ABOVE = 0.05
HOURS_LINKED = True


def simulate_paths(setups, works, rows, first_path, out):
    """Simulate the paths whose inputs are `rows` (n, C), the first of which is `first_path`, into `out`."""
    simulate_chunk(
        setups, works, rows, first_path, out, HOURS_LINKED if setups.link.linked else None
    )


@kernel
def simulate_chunk(setups, works, rows, first_path, out, linked):
    """`simulate_paths`, compiled for what the scenario has.

    `linked` is None where no hour is linked with the next: the compiler then leaves out all that plans
    linked days, which is half of the engine.
    """
    all_setups, all_works = by_reference(setups), by_reference(works)
    unit_hours, sums = all_works.unit_hours, all_works.sums
    life, balance = all_works.life, all_works.balance
    for n in range(rows.shape[0]):
        path = first_path + n
        row = rows[n]
        error = begin_plant(
            all_setups.plant,
            all_setups.phases,
            all_setups.events,
            row,
            path,
            all_setups.month_first_hour,
            all_works.plant,
        )
        if error == 0:
            error = begin_grid(
                all_setups.grid,
                all_setups.events,
                row,
                path,
                all_works.plant.project_done,
                all_works.plant.phase_hour,
                all_works.plant.phase,
                all_works.plant.counts[2],
                all_works.grid,
            )
        if error == 0 and not draw_mine_trips(
            all_setups.site,
            all_setups.events,
            row,
            path,
            all_works.plant.phase_hour,
            all_works.plant.phase,
            all_works.plant.counts[2],
            all_works.site,
        ):
            error = 4
        out.error[n] = error
        if error != 0:
            continue
        begin_fleet(
            all_setups.fleet,
            row,
            all_works.plant.project_done,
            all_works.plant.counts[0],
            all_works.plant.hour,
            all_works.plant.at_power,
            all_works.fleet,
        )
        draw = by_reference(begin_network(all_setups.network, row, all_works.network))
        run_path(
            all_setups,
            all_works,
            row,
            path,
            draw,
            unit_hours,
            sums,
            life,
            balance,
            out.series[n],
            linked,
        )
        lifetime_metrics(
            all_setups,
            all_works,
            row,
            life,
            all_works.energies,
            balance,
            out.metrics[n],
            out.series[n],
        )
        write_milestones(all_setups, all_works.plant, all_works.fleet.batch, out.milestones[n])
        for i in range(balance.size):
            out.balance[n, i] = balance[i]


@inner_kernel
def run_path(setups, works, row, path, draw, unit_hours, sums, life, balance, series, linked):
    """All days of one path; fills ledger, monthly memory and series. `linked` as in `simulate_chunk`."""
    # Arrays that every day needs, taken out of their stages once.
    grid = setups.grid
    hours_table, demand = works.dispatch.hours, works.dispatch.demand
    slots, th_per_kw, totals = works.dispatch.slots, works.dispatch.th_per_kw, works.dispatch.totals
    by_day, day_table, hashes = works.dispatch.by_day, works.dispatch.days, works.dispatch.hashes
    slot, batch, today = works.fleet.slot, works.fleet.batch, works.fleet.day
    chain, progress, classes = works.network.chain, works.network.progress, works.network.classes
    rest_of, process, trailing = works.network.rest, works.network.process, works.network.trailing
    week, slot_terms = works.network.week, works.dispatch.slot_terms
    slot_order, slot_mined = works.dispatch.slot_order, works.dispatch.slot_mined
    own_days = works.dispatch.own_eh
    coin_price, coin_fees = works.network.price, works.network.fees
    past_difficulty, past_network = (
        setups.network.replay.difficulty,
        setups.network.replay.network_eh_per_s,
    )
    past_height = setups.network.replay.height
    found, reward, trace = works.found, works.reward, works.trace
    trace_slots = works.trace_slots
    rest_key, block_key = setups.network.keys[5], setups.network.keys[6]
    given_classes = setups.network.class_efficiency.size
    start_day, chain_day = setups.network.start_day, setups.network.chain.absolute_day
    replayed_days = past_difficulty.size
    pay = (block_key, draw.pool_fee, row[setups.money.sell])
    months = setups.month_first_hour.size - 1
    life[:] = 0.0
    balance[:] = 0
    works.energies[:] = 0
    counter = warm_up(setups.network, draw, path, works.network, found, reward)
    week[WEEK_SHADOW] = week[WEEK_HASHPRICE]
    frontier = day_frontier(draw, (start_day - chain_day) * STEP)
    started = False
    own_pool = draw.payout == OWN_POOL
    tracing = trace.shape[0] > 0
    fleet_changes = active = 0
    share = 0.0
    valued_at = 1.0
    for column in range(today.size):
        today[column] = 0.0
    idle_house_kw = int(math.floor(row[setups.plant.common_house] * 1000.0 + 0.5))
    for u in range(setups.plant.units):
        idle_house_kw += int(math.floor(row[setups.plant.house[u]] * 1000.0 + 0.5))
    for d in range(setups.demand.demands):
        demand[d, OTHER] = int(math.floor(row[setups.demand.other_supply[d]] * 1000.0 + 0.5))
        demand[d, TARIFF_MILLI] = whole_milli(row[setups.demand.tariff[d]])
        demand[d, MAY_IMPORT] = 1 if setups.demand.may_import[d] else 0
    export_fee = whole_milli(row[grid.export_fee])
    import_fee = whole_milli(row[grid.import_fee])
    tranche_kw, may_import = grid.tranche_kw, grid.mine_may_import
    alone_value = works.dispatch.alone_value
    kept = 1.0 - row[grid.loss]
    falls = works.grid.tranche_fall[: grid.tranches]
    first_unit = hour_with_units(works.plant.counts[0], works.plant.hour, works.plant.at_power, 1)
    life[L_FIRST_UNIT] = first_unit
    export_limit, import_limit = fixed_limits(grid, row)
    limits = (grid.line_export.size, export_limit, import_limit)
    # The trace tells hours; power that follows a profile, and demand that follows power, change by the hour.
    by_hour = trace.shape[0] > 0 or may_import or setups.plant.profiles.shape[0] > 0
    if linked is not None:
        by_hour = True
        begin_links(setups.plant, works.plant, works.link)
    for d in range(setups.demand.demands):
        by_hour = by_hour or setups.demand.output_share[d] >= 0
    cursor = 0
    for m in range(months):
        first_hour = setups.month_first_hour[m]
        first_day = setups.month_first_day[m]
        hours = setups.month_first_hour[m + 1] - first_hour
        days = setups.month_first_day[m + 1] - first_day
        month_processes(setups.network, draw, path, first_day, days, works.network)
        month_factors(
            grid,
            setups.events,
            row,
            path,
            first_day,
            days,
            works.network.power_normal,
            works.grid,
            works.dispatch.factor,
        )
        level = month_level(grid, row, path, m, works.grid)
        month_prices(grid, first_hour, days, level, works.dispatch.factor, by_day[HOUR_PRICE])
        prices = unit_costs(setups.costs, row, m)
        avoidable = prices[0] + prices[1] + prices[2]
        totals[:] = 0
        sums[:] = 0.0
        unit_hours[:] = 0.0
        terms = (avoidable, export_fee, import_fee, kept, idle_house_kw)
        cursor, surplus, more = serve_month(
            works.plant,
            setups.demand,
            row,
            works.grid,
            limits,
            hours_table,
            by_day,
            day_table,
            works.dispatch.kinds,
            works.dispatch.here,
            works.dispatch.demand_kw,
            works.dispatch.sizes_kw,
            demand,
            totals,
            falls,
            (first_day, days, m // 12, cursor, first_unit, tranche_kw, by_hour),
            terms,
            unit_hours,
        )
        for i in range(days if linked is None else 0):
            if day_table[i, D_BY_HOUR]:
                day_surplus, day_more = serve_day_by_hour(
                    setups.plant,
                    setups.demand,
                    grid,
                    row,
                    works.plant,
                    works.grid,
                    works.dispatch,
                    i,
                    first_day,
                    m // 12,
                    first_unit,
                    falls,
                    terms,
                    unit_hours,
                    trace,
                )
                surplus += day_surplus
                more += day_more
        window_end = 0
        window_peak = 0.0
        frontier_sum = machines_sum = opex_sum = 0.0
        i = 0
        # Days go on together as long as what the mine does on them, and the rest of the network, are known.
        while i < days:
            day = first_day + i
            first = 24 * i
            replayed = day < replayed_days
            since = start_day + day - chain_day
            if since % WEEK_DAYS == 0 or day == 0:
                if draw.payout == AUTO:
                    # A mine that was large the day before has its own pool this week.
                    own_pool = share > OWN_POOL_ABOVE
                frontier = day_frontier(draw, since * STEP)
                if since > 0 and since % WEEK_DAYS == 0:
                    rest_of_week(
                        draw,
                        frontier,
                        rest_key,
                        path,
                        since // WEEK_DAYS,
                        since * STEP,
                        given_classes,
                        started,
                        rest_of,
                        classes,
                        process,
                        week,
                    )
            if replayed:
                hashprice = hashprice_usd_per_th_day(
                    coin_price[i], past_height[day], coin_fees[i], past_difficulty[day]
                )
            else:
                hashprice = hashprice_of(progress, 0, coin_fees[i], coin_price[i])
            paid_share = 1.0 if own_pool else 1.0 - draw.pool_fee
            # Machines are switched on, and orders decided, once a week.
            if day >= fleet_changes and (since % WEEK_DAYS == 0 or day == 0):
                hashprice_90 = trailing_mean(trailing[0], counter, TRAILING_DAYS)
                if counter == 0:
                    # Nothing lies behind the first day: its own hashprice stands for the days before.
                    hashprice_90 = hashprice * paid_share
                day_fleet(
                    day,
                    frontier,
                    hashprice_90,
                    # Of the months behind; in the first month its own, as for hashprice.
                    trailing_mean(trailing[1], m, TRAILING_MONTHS)
                    if m > 0
                    else more / (1000.0 * hours),
                    slot,
                    batch,
                    today,
                )
                fleet_changes = next_change(day, slot, batch)
                active = set_slots(paid_share, slot, batch, slots, th_per_kw, slot_terms)
                valued_at = paid_share
                if not replayed:
                    week[WEEK_DELIVERED] += today[DELIVERED_EH]
                sums[S_MACHINES_USD] += today[BOUGHT_MACHINES]
                sums[S_SITE_USD] += today[BOUGHT_SITE]
                sums[S_RESALE_USD] += today[RESOLD]
                life[L_MACHINES] = max(life[L_MACHINES], today[MACHINES_NOW])
            elif paid_share != valued_at:
                active = set_slots(paid_share, slot, batch, slots, th_per_kw, slot_terms)
                valued_at = paid_share
            end = min(days, i + WEEK_DAYS - since % WEEK_DAYS)
            if replayed:
                end = min(end, i + replayed_days - day)
            peak_th = 0.0
            if linked is not None:
                running = 0
                if active > 0:
                    value_slots(hashprice, 0, slots, slot_terms)
                    running = rank_slots(slots)
                peak_th, day_more = linked_day(
                    setups.plant,
                    setups.demand,
                    grid,
                    setups.site,
                    setups.link,
                    row,
                    works.plant,
                    works.grid,
                    works.site,
                    works.dispatch,
                    works.link,
                    i,
                    first_day,
                    days,
                    m // 12,
                    first_unit,
                    falls,
                    terms,
                    running,
                    unit_hours,
                    trace,
                )
                more += day_more
                own_days[i], _, opex = mined_today(slots[MINED], th_per_kw, batch)
                sums[S_OPEX] += opex
                end = i + 1
            else:
                if active > 0 and day_table[i, D_BY_HOUR]:
                    value_slots(hashprice, avoidable, slots, slot_terms)
                    running = rank_slots(slots)
                    peak_th = mine_day(
                        hours_table,
                        slots,
                        th_per_kw,
                        totals,
                        alone_value,
                        falls,
                        tranche_kw,
                        first,
                        avoidable,
                        import_fee,
                        may_import,
                        running,
                        trace,
                        first_hour + first,
                    )
                    own_days[i], _, opex = mined_today(slots[MINED], th_per_kw, batch)
                    sums[S_OPEX] += opex
                    end = i + 1
                elif active > 0 and not day_table[i, D_NO_MINE]:
                    if i >= window_end:
                        if replayed:
                            # The past's network changes from day to day: each has a peak share of its own.
                            window_end = i + 1
                            rank_day(i, hashprice, avoidable, slots, slot_terms, slot_order)
                        else:
                            window_end = rank_days(
                                i,
                                end,
                                progress,
                                rest_of[0],
                                coin_price,
                                coin_fees,
                                day_table,
                                avoidable,
                                slots,
                                th_per_kw,
                                slot_terms,
                                slot_order,
                            )
                        window_peak = mine_window(
                            i,
                            window_end,
                            hours_table,
                            by_day,
                            slots,
                            slot_order,
                            th_per_kw,
                            falls,
                            tranche_kw,
                            avoidable,
                            totals,
                            slot_mined,
                            hashes,
                            # Above this an hour's hash rate may be the month's largest, alone or as a share.
                            0.0
                            if replayed
                            else 1.0e6
                            * min(
                                sums[S_PEAK_EH],
                                rest_of[0] * sums[S_PEAK_SHARE] / (1.0 - sums[S_PEAK_SHARE]),
                            ),
                        )
                        for j in range(i, window_end):
                            own_days[j], _, opex = mined_today(slot_mined[j], th_per_kw, batch)
                            sums[S_OPEX] += opex
                    peak_th = window_peak
                    end = window_end
                else:
                    last = end
                    end = i
                    while end < last and (
                        active == 0 or (day_table[end, D_NO_MINE] and not day_table[end, D_BY_HOUR])
                    ):
                        own_days[end] = 0.0
                        end += 1
            if tracing:
                for j in range(i, end):
                    for k in range(slots.shape[1]):
                        trace_slots[first_day + j, 0, k] = slots[VALUE, k]
                        trace_slots[first_day + j, 1, k] = slots[CAP, k]
                        trace_slots[first_day + j, 2, k] = slots[WORTH, k]
            if replayed:
                share = pass_replayed_days(
                    i,
                    end,
                    first_day,
                    path,
                    start_day + day,
                    counter,
                    own_pool,
                    pay,
                    peak_th / 1.0e6,
                    own_days,
                    coin_price,
                    coin_fees,
                    past_difficulty,
                    past_network,
                    past_height,
                    trailing[0],
                    found,
                    reward,
                    sums,
                )
            else:
                if own_days[i] > 0.0 and not started:
                    split_from_shadow(chain, progress, classes, rest_of)
                    started = True
                end, share = pass_projected_days(
                    i,
                    end,
                    path,
                    start_day + day,
                    counter,
                    started,
                    own_pool,
                    pay,
                    rest_of[0],
                    rest_of[1],
                    peak_th / 1.0e6,
                    own_days,
                    coin_price,
                    coin_fees,
                    chain,
                    progress,
                    trailing[0],
                    week,
                    found,
                    reward,
                    sums,
                )
            for _ in range(i, end):
                frontier_sum += frontier.efficiency_j_per_th
                machines_sum += today[MACHINES_NOW]
                opex_sum += today[OPEX_NOW]
            counter += end - i
            i = end
        remember(trailing[1], m, more / (1000.0 * hours))
        sums[S_FRONTIER] = frontier_sum
        sums[S_MACHINES] = machines_sum
        sums[S_OPEX] += opex_sum
        for i in range(days):
            sums[S_PRICE] += coin_price[i]
            sums[S_FEES] += coin_fees[i]
        life[L_LAST_PRICE] = coin_price[days - 1]
        balance[0] += (
            totals[GENERATION]
            + totals[IMPORT]
            - totals[FIRM_SERVED]
            - totals[MINE]
            - totals[EXPORT]
            - totals[CURTAILED]
        )
        balance[1] += totals[FIRM_DEMAND] - totals[FIRM_SERVED] - totals[UNSERVED]
        if linked is not None:
            charge_month(row[grid.demand_charge], works.link, works.charges, life)
        close_month(setups, works, row, m, hours, unit_hours, prices, sums, life, works.energies)
        series_of_month(works, m, hours, days, unit_hours, sums, series)
