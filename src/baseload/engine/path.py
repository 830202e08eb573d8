"""A path from first day to last: the stages by their natural clocks, in one compiled call.

Events are drawn for the whole path, dispatch goes by the hour, the network by the day, money by
the month. The same kernel traces a path hour by hour when it is given memory for it.

What is called every day takes scalars and few arrays: passing a stage's whole setup costs more
than the work of a day.
"""

from __future__ import annotations

import math

import numpy as np

from baseload.compiled import allocating_kernel, kernel, small_kernel
from baseload.dispatch.day_kernels import mine_day_at_once
from baseload.dispatch.kernels import mine_day, rank_slots
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
from baseload.engine.lifetime_kernels import close_month, lifetime_metrics, series_of_month
from baseload.engine.month_kernels import unit_costs, whole_milli
from baseload.engine.span_kernels import serve_month
from baseload.engine.sums import (
    L_FIRST_UNIT,
    L_LAST_PRICE,
    L_MACHINES,
    L_PEAK_EH,
    L_PEAK_SHARE,
    LIFE,
    S_DAYS_MINED,
    S_DIFFICULTY,
    S_DISPLACED,
    S_FEES,
    S_FRONTIER,
    S_HASHPRICE,
    S_HELD,
    S_MACHINES,
    S_MACHINES_USD,
    S_NETWORK,
    S_OPEX,
    S_OWN,
    S_OWN_PROJECTED,
    S_PRICE,
    S_RESALE_USD,
    S_REVENUE,
    S_SAT,
    S_SHADOW,
    S_SHADOW_HASHPRICE,
    S_SHARE,
    S_SHARE_MINED,
    S_SITE_USD,
    SUMS,
)
from baseload.fleet.kernels import begin_path as begin_fleet
from baseload.fleet.kernels import day_fleet
from baseload.fleet.work import (
    ALWAYS_RUNS,
    BOUGHT_MACHINES,
    BOUGHT_SITE,
    CAP_KW,
    DELIVERED_EH,
    J_PER_TH,
    MACHINES_NOW,
    OPEX_MWH,
    OPEX_NOW,
    RESOLD,
)
from baseload.grid.kernels import begin_path as begin_grid
from baseload.grid.kernels import month_factors, month_level, month_prices
from baseload.network.chain_kernels import (
    HASHES_PER_DIFFICULTY,
    SATS_PER_BITCOIN,
    day_blocks,
    subsidy,
)
from baseload.network.kernels import (
    MWH_PER_DAY_PER_J_PER_TH,
    STEP,
    day_frontier,
    grown_rest,
    hashprice_usd_per_th_day,
    remember,
    respond,
    split_from_shadow,
    trailing_mean,
)
from baseload.network.kernels import begin_path as begin_network
from baseload.network.process_kernels import month_processes
from baseload.network.setup import AUTO, EXOGENOUS, OWN_POOL
from baseload.network.work import FEES, LOG_PRICE
from baseload.numerics import exp
from baseload.plant.kernels import begin_path as begin_plant
from baseload.plant.kernels import hour_with_units
from baseload.randomness import poisson

OWN_POOL_ABOVE = 0.05
WARM_CHUNK_DAYS = 28
HIGHEST_USD_PER_MWH = 2.0e6
ALWAYS_FIRST = 1 << 60


@allocating_kernel
def simulate_paths(setups, works, rows, first_path, out):
    """Simulate the paths whose inputs are `rows` (n, C), the first of which is `first_path`, into `out`."""
    unit_hours = np.zeros(4)
    sums = np.zeros(SUMS)
    life = np.zeros(LIFE)
    balance = np.zeros(3, np.int64)
    for n in range(rows.shape[0]):
        path = first_path + n
        row = rows[n]
        error = begin_plant(
            setups.plant,
            setups.phases,
            setups.events,
            row,
            path,
            setups.month_first_hour,
            works.plant,
        )
        if error == 0:
            error = begin_grid(
                setups.grid,
                setups.events,
                row,
                path,
                works.plant.project_done,
                works.plant.phase_hour,
                works.plant.phase,
                works.plant.counts[2],
                works.grid,
            )
        out.error[n] = error
        if error != 0:
            continue
        begin_fleet(
            setups.fleet,
            row,
            works.plant.project_done,
            works.plant.counts[0],
            works.plant.hour,
            works.plant.at_power,
            works.fleet,
        )
        draw = begin_network(setups.network, row, works.network)
        run_path(
            setups,
            works,
            row,
            path,
            draw,
            unit_hours,
            sums,
            life,
            balance,
            out.series[n],
        )
        lifetime_metrics(
            setups, works, row, life, works.energies, balance, out.metrics[n], out.series[n]
        )
        out.balance[n] = balance


@small_kernel
def pay_day(key, path, absolute_day, parts, found, reward, own_pool, pool_fee):
    """Satoshis earned on a day: the expected value less the pool's fee, or the blocks that were found."""
    if own_pool:
        sat = 0
        for i in range(parts):
            sat += poisson(key, path, absolute_day * 8 + i, found[i]) * int(math.floor(reward[i]))
        return sat
    expected = 0.0
    for i in range(parts):
        expected += found[i] * reward[i]
    return int(math.floor(expected * (1.0 - pool_fee)))


@small_kernel
def value_slots(hashprice, kept, avoidable, slot, batch, slots, th_per_kw):
    """Worth of a MWh in each slot, net of the mine's own cost and the plant's avoidable cost."""
    for k in range(slot.shape[0]):
        slots[CAP, k] = int(slot[k, CAP_KW])
        slots[VALUE, k] = -1
        th_per_kw[k] = 0.0
        if slots[CAP, k] > 0:
            per_mwh = hashprice * kept / (slot[k, J_PER_TH] * MWH_PER_DAY_PER_J_PER_TH)
            worth = int(math.floor(min(per_mwh, HIGHEST_USD_PER_MWH) * 1000.0))
            slots[WORTH, k] = worth - whole_milli(batch[k // 2, OPEX_MWH])
            # A mine that runs whatever the hour is worth goes before every other use.
            slots[VALUE, k] = (
                ALWAYS_FIRST if batch[k // 2, ALWAYS_RUNS] > 0.0 else slots[WORTH, k] - avoidable
            )
            th_per_kw[k] = 1000.0 / slot[k, J_PER_TH]


@small_kernel
def mined_today(slots, th_per_kw, batch):
    """Hash rate as a mean of the day [EH/s], energy [kWh] and running cost [USD] of the mine."""
    th = 0.0
    kwh = 0
    opex = 0.0
    for k in range(slots.shape[1]):
        th += slots[MINED, k] * th_per_kw[k]
        kwh += slots[MINED, k]
        opex += slots[MINED, k] / 1000.0 * batch[k // 2, OPEX_MWH]
    return th / 24.0e6, kwh, opex


@allocating_kernel
def warm_up(setup, draw, path, work):
    """From the day after the snapshot to the first of the horizon the network goes on by itself.

    Returns the hashprice of the last day and the count of days.
    """
    price = work.price[0]
    hashprice = hashprice_usd_per_th_day(
        exp(work.process[LOG_PRICE]), setup.chain.height, work.process[FEES], work.progress[0, 2]
    )
    found = np.zeros(8)
    reward = np.zeros(8)
    counter = 0
    day = -setup.warm_days
    while day < 0:
        chunk = min(WARM_CHUNK_DAYS, -day)
        month_processes(setup, draw, path, day, chunk, work)
        for i in range(chunk):
            years = (setup.start_day + day + i - setup.chain.absolute_day) * STEP
            price = work.price[i]
            if draw.rest_kind == EXOGENOUS:
                work.rest[0] = grown_rest(
                    draw, setup.keys[5], path, setup.start_day + day + i, years, work.process
                )
            else:
                frontier = day_frontier(draw, years)
                work.rest[0] = respond(
                    draw,
                    frontier,
                    0,
                    hashprice,
                    years,
                    0.0,
                    setup.class_efficiency.size,
                    work.classes,
                )
            height = work.chain[0, 0] + int(work.progress[0, 0])
            hashprice = hashprice_usd_per_th_day(price, height, work.fees[i], work.progress[0, 2])
            day_blocks(work.chain, work.progress, 0, work.rest[0], 0.0, work.fees[i], found, reward)
            remember(work.trailing[0], counter, hashprice * (1.0 - draw.pool_fee))
            counter += 1
        day += chunk
    return hashprice, counter


@kernel
def run_path(setups, works, row, path, draw, unit_hours, sums, life, balance, series):
    """All days of one path; fills ledger, monthly memory and series."""
    # Arrays that every day needs, taken out of their stages once.
    grid = setups.grid
    hours_table, demand = works.dispatch.hours, works.dispatch.demand
    slots, th_per_kw, totals = works.dispatch.slots, works.dispatch.th_per_kw, works.dispatch.totals
    by_day, day_table, hashes = works.dispatch.by_day, works.dispatch.days, works.dispatch.hashes
    slot, batch, today = works.fleet.slot, works.fleet.batch, works.fleet.day
    chain, progress, classes = works.network.chain, works.network.progress, works.network.classes
    rest_of, process, trailing = works.network.rest, works.network.process, works.network.trailing
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
    sell = row[setups.money.sell]
    months = setups.month_first_hour.size - 1
    life[:] = 0.0
    balance[:] = 0
    works.energies[:] = 0
    hashprice, counter = warm_up(setups.network, draw, path, works.network)
    shadow_hashprice = hashprice
    started = False
    own_pool = draw.payout == OWN_POOL
    own_delivered_eh = 0.0
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
    alone_value, marginal = works.dispatch.alone_value, works.dispatch.marginal
    kept = 1.0 - row[grid.loss]
    falls = works.grid.tranche_fall[: grid.tranches]
    first_unit = hour_with_units(works.plant.counts[0], works.plant.hour, works.plant.at_power, 1)
    life[L_FIRST_UNIT] = first_unit
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
        cursor, surplus = serve_month(
            setups.plant,
            setups.demand,
            grid,
            row,
            works.plant,
            works.grid,
            works.dispatch,
            first_day,
            days,
            m // 12,
            cursor,
            first_unit,
            falls,
            (avoidable, export_fee, import_fee, kept, idle_house_kw),
            trace.shape[0] > 0 or may_import,
            unit_hours,
            trace,
        )
        for i in range(days):
            day = first_day + i
            first = 24 * i
            replayed = day < replayed_days
            years = (start_day + day - chain_day) * STEP
            price = coin_price[i]
            fee_btc = coin_fees[i]
            frontier = day_frontier(draw, years)
            if replayed:
                height = past_height[day]
                difficulty = past_difficulty[day]
            else:
                if draw.rest_kind == EXOGENOUS:
                    rest_of[0] = grown_rest(draw, rest_key, path, start_day + day, years, process)
                    rest_of[1] = rest_of[0]
                else:
                    rest_of[0] = respond(
                        draw,
                        frontier,
                        0,
                        hashprice,
                        years,
                        own_delivered_eh,
                        given_classes,
                        classes,
                    )
                    if started:
                        rest_of[1] = respond(
                            draw, frontier, 1, shadow_hashprice, years, 0.0, given_classes, classes
                        )
                height = chain[0, 0] + int(progress[0, 0])
                difficulty = progress[0, 2]
            hashprice = hashprice_usd_per_th_day(price, height, fee_btc, difficulty)
            shadow_hashprice = hashprice
            if started:
                shadow_height = chain[1, 0] + int(progress[1, 0])
                shadow_hashprice = hashprice_usd_per_th_day(
                    price, shadow_height, fee_btc, progress[1, 2]
                )
            paid_share = 1.0 if own_pool else 1.0 - draw.pool_fee
            hashprice_90, energy_90 = trailing_mean(trailing[0]), trailing_mean(trailing[1])
            if counter == 0:
                # Nothing lies behind the first day: its own hashprice stands for the days before.
                hashprice_90 = hashprice * paid_share
            day_fleet(day, frontier, hashprice_90, energy_90, slot, batch, today)
            own_delivered_eh = today[DELIVERED_EH]
            value_slots(hashprice, paid_share, avoidable, slot, batch, slots, th_per_kw)
            running = rank_slots(slots)
            peak_th = 0.0
            if day_table[i, D_NO_MINE]:
                slots[MINED] = 0
            elif not day_table[i, D_BY_HOUR]:
                peak_th = mine_day_at_once(
                    i,
                    by_day,
                    day_table,
                    slots,
                    th_per_kw,
                    totals,
                    falls,
                    tranche_kw,
                    avoidable,
                    running,
                    hashes,
                    # Above this an hour's hash rate may be the path's largest, alone or as a share.
                    0.0
                    if replayed
                    else 1.0e6
                    * min(
                        life[L_PEAK_EH],
                        rest_of[0] * life[L_PEAK_SHARE] / (1.0 - life[L_PEAK_SHARE]),
                    ),
                )
            elif surplus > 0 or may_import:
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
            else:
                slots[MINED] = 0
            if trace.shape[0] > 0:
                for k in range(slots.shape[1]):
                    trace_slots[day, 0, k] = slots[VALUE, k]
                    trace_slots[day, 1, k] = slots[CAP, k]
                    trace_slots[day, 2, k] = slots[WORTH, k]
            own_eh, mined, opex = mined_today(slots, th_per_kw, batch)
            if own_eh > 0.0 and not started and not replayed:
                split_from_shadow(chain, progress, classes, rest_of)
                started = True
            if replayed:
                network = past_network[day]
                rest = max(network - own_eh, 1e-3)
                found[0] = own_eh * 86400.0e18 / (difficulty * HASHES_PER_DIFFICULTY)
                reward[0] = subsidy(height) + fee_btc * SATS_PER_BITCOIN
                parts = 1
                shadow = network
            else:
                rest = rest_of[0]
                parts = day_blocks(
                    chain, progress, 0, rest + own_eh, own_eh, fee_btc, found, reward
                )
                shadow = rest
            share = own_eh / (own_eh + rest)
            if draw.payout == AUTO:
                own_pool = share > OWN_POOL_ABOVE
            sat = 0
            if own_eh > 0.0:
                sat = pay_day(
                    block_key, path, start_day + day, parts, found, reward, own_pool, draw.pool_fee
                )
            if started:
                shadow = rest_of[1]
                day_blocks(chain, progress, 1, shadow, 0.0, fee_btc, found, reward)
            sums[S_REVENUE] += math.floor(sat * price * 0.01)
            remember(trailing[0], counter, hashprice * paid_share)
            remember(trailing[1], day, marginal[i] / 24000.0)
            counter += 1
            sums[S_SAT] += sat
            sums[S_HELD] += math.floor(sat * (1.0 - sell))
            sums[S_HASHPRICE] += hashprice
            sums[S_SHADOW_HASHPRICE] += shadow_hashprice
            sums[S_PRICE] += price
            sums[S_FEES] += fee_btc
            sums[S_DIFFICULTY] += difficulty
            sums[S_NETWORK] += rest + own_eh
            sums[S_SHADOW] += shadow
            sums[S_OWN] += own_eh
            sums[S_SHARE] += share
            sums[S_MACHINES] += today[MACHINES_NOW]
            sums[S_OPEX] += opex + today[OPEX_NOW]
            sums[S_MACHINES_USD] += today[BOUGHT_MACHINES]
            sums[S_SITE_USD] += today[BOUGHT_SITE]
            sums[S_RESALE_USD] += today[RESOLD]
            sums[S_FRONTIER] += frontier.efficiency_j_per_th
            if mined > 0:
                if not replayed:
                    # The past cannot be told without the mine that was in it.
                    sums[S_DISPLACED] += shadow - rest
                    sums[S_OWN_PROJECTED] += own_eh
                sums[S_DAYS_MINED] += 1.0
                sums[S_SHARE_MINED] += share
                peak_eh = peak_th / 1.0e6
                life[L_PEAK_EH] = max(life[L_PEAK_EH], peak_eh)
                life[L_PEAK_SHARE] = max(life[L_PEAK_SHARE], peak_eh / (peak_eh + rest))
            life[L_MACHINES] = max(life[L_MACHINES], today[MACHINES_NOW])
            life[L_LAST_PRICE] = price
        balance[0] += (
            totals[GENERATION]
            + totals[IMPORT]
            - totals[FIRM_SERVED]
            - totals[MINE]
            - totals[EXPORT]
            - totals[CURTAILED]
        )
        balance[1] += totals[FIRM_DEMAND] - totals[FIRM_SERVED] - totals[UNSERVED]
        close_month(setups, works, row, m, hours, unit_hours, prices, sums, life, works.energies)
        series_of_month(works, m, hours, days, unit_hours, sums, series)
