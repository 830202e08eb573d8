"""Closing a month, and what a lifetime comes to."""

from __future__ import annotations

import numpy as np

from baseload.clock import HOURS_PER_YEAR
from baseload.compiled import inner_kernel, kernel, small_kernel
from baseload.dispatch.link_work import START_COST
from baseload.dispatch.work import (
    CURTAILED,
    DIESEL_HOURS,
    DIESEL_HOURS_IDLE,
    DUMPED,
    EXPORT,
    EXPORT_GRID_ONLY,
    FIRM_BY_PLANT,
    FIRM_DEMAND,
    FIRM_SERVED,
    GENERATION,
    IMPORT,
    LOST_LOAD_HOURS,
    LOST_LOAD_HOURS_GRID_ONLY,
    LOST_LOAD_HOURS_IDLE,
    MINE,
    PRICE,
    SHORTFALL,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
)
from baseload.engine.month_kernels import (
    energy_of_mine,
    fill_ledger,
    share_of_plant_cost,
)
from baseload.engine.sums import (
    L_DAYS_MINED,
    L_FIRST_UNIT,
    L_HELD_SAT,
    L_LAST_PRICE,
    L_MACHINES,
    L_PEAK_EH,
    L_PEAK_SHARE,
    L_SAT,
    L_SHARE_MINED,
    L_STARTS,
    M_CASH_ENERGY,
    M_DISPLACED,
    M_ENERGY,
    M_HELD_VALUE,
    M_OWN_PROJECTED,
    M_SAT,
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
    S_PEAK_EH,
    S_PEAK_SHARE,
    S_PRICE,
    S_RESALE_USD,
    S_REVENUE,
    S_SAT,
    S_SHADOW,
    S_SHADOW_HASHPRICE,
    S_SHARE,
    S_SHARE_MINED,
    S_SITE_USD,
)
from baseload.money.kernels import (
    cents,
    cents_of_large_micro,
    cents_of_micro,
    close_books,
    discount_factors,
    internal_rate,
    pay_fund,
    payback_years,
    present_value,
)
from baseload.money.ledger import EXPORT as EXPORT_REVENUE
from baseload.money.ledger import (
    GRID_ONLY,
    IDLE,
    LINES,
    MACHINES,
    MINE_OPEX,
    MINING_REVENUE,
    RESALE,
    RUN,
    SAFETY,
    SITE,
    TARIFF,
    TAX,
    VARIANTS,
    WORKS,
)
from baseload.plant.work import (
    BLACKOUTS,
    HEAT_IDLE_MW,
    HEAT_PEAK_MW,
    IDLE_BLACKOUTS,
    LOSSES_AT_POWER,
    LOSSES_SHUT,
    REACTOR_HOURS,
)

SATS = 1.0e8
MWH = 0.001
# Totals that are kept over a path's life: kWh, and hours at the end.
ENERGIES = np.array(
    [
        GENERATION,
        IMPORT,
        FIRM_DEMAND,
        FIRM_SERVED,
        FIRM_BY_PLANT,
        UNSERVED,
        UNSERVED_GRID_ONLY,
        UNSERVED_IDLE,
        SHORTFALL,
        MINE,
        EXPORT,
        EXPORT_GRID_ONLY,
        CURTAILED,
        DIESEL_HOURS,
        DIESEL_HOURS_IDLE,
        DUMPED,
        LOST_LOAD_HOURS,
        LOST_LOAD_HOURS_GRID_ONLY,
        LOST_LOAD_HOURS_IDLE,
    ]
)


@inner_kernel
def charge_month(charge_usd_per_kw, link, charges, life):
    """Cents of the month for starts of units and for the highest import, by variant; begins both anew."""
    for v in range(2):
        micro = 0
        for u in range(link.starts.shape[1]):
            micro += link.starts[v, u] * link.limits[START_COST, u]
            if v == 0:
                life[L_STARTS] += link.starts[v, u]
            link.starts[v, u] = 0
        charges[v, 0] = cents_of_micro(micro)
    for v in range(3):
        charges[v, 1] = cents(link.peak[v] * charge_usd_per_kw)
        link.peak[v] = 0


@small_kernel
def close_month(setups, works, row, m, hours, unit_hours, prices, sums, life, energies):
    """Post the month, and keep its bitcoin and energy."""
    ledger, totals, monthly = works.ledger, works.dispatch.totals, works.monthly
    mine = (
        cents_of_large_micro(sums[S_REVENUE]),
        sums[S_OPEX],
        sums[S_MACHINES_USD],
        sums[S_SITE_USD],
        sums[S_RESALE_USD],
    )
    fill_ledger(
        ledger,
        m,
        row,
        setups.costs,
        setups.grid.connection,
        setups.plant.units,
        unit_hours,
        hours,
        totals,
        prices,
        mine,
        works.plant.capex_micro_usd[m],
        works.charges,
    )
    for i in range(ENERGIES.size):
        energies[i] += totals[ENERGIES[i]]
    sat = sums[S_SAT]
    monthly[M_SAT, m] = sat
    monthly[M_ENERGY, m] = energy_of_mine(ledger, m, totals, prices[0] + prices[1] + prices[2])
    monthly[M_CASH_ENERGY, m] = share_of_plant_cost(ledger, m, totals)
    monthly[M_OWN_PROJECTED, m] = sums[S_OWN_PROJECTED]
    monthly[M_DISPLACED, m] = sums[S_DISPLACED]
    held = ledger[RUN, m, MINING_REVENUE] * (sums[S_HELD] / sat) if sat > 0.0 else 0.0
    monthly[M_HELD_VALUE, m] = held
    life[L_SAT] += sat
    life[L_HELD_SAT] += sums[S_HELD]
    life[L_DAYS_MINED] += sums[S_DAYS_MINED]
    life[L_SHARE_MINED] += sums[S_SHARE_MINED]
    life[L_PEAK_EH] = max(life[L_PEAK_EH], sums[S_PEAK_EH])
    life[L_PEAK_SHARE] = max(life[L_PEAK_SHARE], sums[S_PEAK_SHARE])


@small_kernel
def series_of_month(works, m, hours, days, unit_hours, sums, series):
    """Means and sums of a month into `series` (S, M), in the order of `outputs.SERIES`; money comes later."""
    totals = works.dispatch.totals
    per_hour = 1.0 / hours
    mw = 0.001 * per_hour
    per_day = 1.0 / days
    series[0, m] = totals[GENERATION] * mw
    series[1, m] = totals[FIRM_BY_PLANT] * mw
    series[2, m] = totals[MINE] * mw
    series[3, m] = totals[EXPORT] * mw
    series[4, m] = totals[EXPORT_GRID_ONLY] * mw
    series[5, m] = totals[CURTAILED] * mw
    series[6, m] = totals[IMPORT] * mw
    series[7, m] = totals[UNSERVED] * mw
    series[8, m] = totals[UNSERVED_IDLE] * mw
    series[9, m] = unit_hours[2] * per_hour
    series[10, m] = sums[S_MACHINES] * per_day
    series[11, m] = sums[S_OWN] * per_day
    series[12, m] = sums[S_SHARE] * per_day
    series[13, m] = sums[S_NETWORK] * per_day
    series[14, m] = sums[S_SHADOW] * per_day
    series[15, m] = sums[S_DIFFICULTY] * per_day
    series[16, m] = sums[S_HASHPRICE] * (1000.0 * per_day)
    series[17, m] = sums[S_SHADOW_HASHPRICE] * (1000.0 * per_day)
    series[18, m] = sums[S_PRICE] * per_day
    series[19, m] = sums[S_FEES] * per_day
    series[20, m] = totals[PRICE] * mw
    series[21, m] = sums[S_SAT] * (1.0 / SATS)
    series[27, m] = sums[S_FRONTIER] * per_day
    series[28, m] = sums[S_PEAK_SHARE]


@kernel
def displacement(monthly):
    """(Rest without - rest with) / own over the last 12 months in which the mine ran, the past left out;
    nan without a mine."""
    own = 0.0
    gone = 0.0
    seen = 0
    for m in range(monthly.shape[1] - 1, -1, -1):
        if monthly[M_OWN_PROJECTED, m] > 0.0:
            own += monthly[M_OWN_PROJECTED, m]
            gone += monthly[M_DISPLACED, m]
            seen += 1
            if seen == 12:
                break
    return gone / own if own > 0.0 else np.nan


@kernel
def money_series(ledger, cash, share, series):
    """Fill the series of cash, its parts and the fund; returns payments into the fund by mining, and by
    selling to the grid."""
    running = 0
    mining = mining_high = 0
    restarting = restarting_high = 0
    paid = paid_grid = 0
    for m in range(cash.shape[1]):
        run, alone, idle = cash[RUN, m], cash[GRID_ONLY, m], cash[IDLE, m]
        running += run
        mining += run - alone
        paid += pay_fund(mining, mining_high, share)
        mining_high = max(mining, mining_high)
        restarting += alone - idle
        paid_grid += pay_fund(restarting, restarting_high, share)
        restarting_high = max(restarting, restarting_high)
        series[22, m] = run * 0.01
        series[23, m] = running * 0.01
        series[24, m] = alone * 0.01
        series[25, m] = idle * 0.01
        series[26, m] = paid * 0.01
        line = ledger[RUN, m]
        series[29, m] = (line[MINING_REVENUE] + line[TARIFF] + line[EXPORT_REVENUE]) * 0.01
        series[30, m] = -line[WORKS] * 0.01
        series[31, m] = -(line[MACHINES] + line[SITE]) * 0.01
        series[32, m] = -line[TAX] * 0.01
        series[33, m] = -line[SAFETY] * 0.01
    return paid, paid_grid


@kernel
def money_metrics(ledger, cash, mine_cash, monthly, factor, share, life, metrics, series):
    """Fill the metrics of money, and its series, from closed books; returns what cash and ledger differ by."""
    months = factor.size
    paid, paid_grid = money_series(ledger, cash, share, series)
    difference = 0
    for v in range(len(VARIANTS)):
        total = 0
        for m in range(months):
            total += cash[v, m]
            for line in range(len(LINES)):
                total -= ledger[v, m, line]
        difference += abs(total)
    bitcoin = energy = cash_energy = held = 0.0
    mine = revenue = 0.0
    safety = 0
    for m in range(months):
        f = factor[m]
        bitcoin += monthly[M_SAT, m] * f
        energy += monthly[M_ENERGY, m] * f
        cash_energy += monthly[M_CASH_ENERGY, m] * f
        held += monthly[M_HELD_VALUE, m] * f
        mine -= f * (
            ledger[RUN, m, MACHINES]
            + ledger[RUN, m, SITE]
            + ledger[RUN, m, RESALE]
            + ledger[RUN, m, MINE_OPEX]
        )
        revenue += f * ledger[RUN, m, MINING_REVENUE]
        safety -= ledger[RUN, m, SAFETY]
    # Cents per satoshi.
    usd = SATS / 100.0 / bitcoin if bitcoin > 0.0 else np.nan
    held_at_end = cents(life[L_HELD_SAT] / SATS * life[L_LAST_PRICE])
    run = present_value(cash[RUN], factor) / 100.0
    alone = present_value(cash[GRID_ONLY], factor) / 100.0
    idle = present_value(cash[IDLE], factor) / 100.0
    safety_per_year = safety / 100.0 / (months / 12.0)
    metrics[20] = (mine + energy) * usd
    metrics[21] = (mine + cash_energy) * usd
    metrics[22] = revenue * usd
    metrics[23] = run
    metrics[24] = idle
    metrics[25] = alone
    metrics[26] = run - idle
    metrics[27] = run - alone
    metrics[28] = alone - idle
    metrics[29] = (held_at_end * factor[months - 1] - held) / 100.0
    metrics[30] = internal_rate(cash[RUN])
    metrics[31] = payback_years(cash[RUN])
    metrics[32] = paid / 100.0
    metrics[33] = metrics[32] / safety_per_year if safety_per_year > 0.0 else np.nan
    metrics[34] = paid_grid / 100.0 / safety_per_year if safety_per_year > 0.0 else np.nan
    for m in range(months):
        mine_cash[m] = cash[RUN, m] - cash[GRID_ONLY, m]
    metrics[47] = internal_rate(mine_cash)
    metrics[48] = payback_years(mine_cash)
    return difference


@kernel
def energy_metrics(energies, monthly, life, exposure, horizon_hours, metrics):
    """Fill the metrics of energy, machines, bitcoin and reactors."""
    for i in range(13):
        metrics[i] = energies[i] * MWH
    metrics[13] = (energies[0] - energies[12]) * MWH
    metrics[14] = life[L_MACHINES]
    metrics[15] = life[L_PEAK_EH]
    metrics[16] = life[L_PEAK_SHARE]
    metrics[17] = life[L_SHARE_MINED] / life[L_DAYS_MINED] if life[L_DAYS_MINED] > 0.0 else 0.0
    metrics[18] = displacement(monthly)
    metrics[19] = life[L_SAT] / SATS
    metrics[35] = exposure[REACTOR_HOURS] / HOURS_PER_YEAR
    metrics[36] = exposure[LOSSES_AT_POWER]
    metrics[37] = exposure[LOSSES_SHUT]
    metrics[38] = exposure[HEAT_PEAK_MW]
    metrics[39] = exposure[HEAT_IDLE_MW]
    metrics[40] = 1.0 if exposure[BLACKOUTS] > 0.0 else 0.0
    metrics[41] = 1.0 if exposure[IDLE_BLACKOUTS] > 0.0 else 0.0
    metrics[42] = energies[13]
    first = life[L_FIRST_UNIT]
    metrics[43] = first / HOURS_PER_YEAR if first < horizon_hours else np.nan
    metrics[44] = energies[14]
    metrics[45] = energies[15] * MWH
    metrics[46] = life[L_STARTS]
    for i in range(3):
        metrics[49 + i] = energies[16 + i]


@small_kernel
def lifetime_metrics(setups, works, row, life, energies, balance, metrics, series):
    """Fill `metrics` in the order of `outputs.METRICS`, the money series, and the check of the money.

    Written out where it is called: a kernel that took all setups and works would take seconds to
    compile for that alone.
    """
    money = setups.money
    for v in range(len(VARIANTS)):
        close_books(
            works.ledger[v],
            row[money.tax_rate],
            money.depreciation_years,
            works.written_off,
            works.cash[v],
        )
    discount_factors(row[money.discount_rate], works.factor)
    balance[2] = money_metrics(
        works.ledger,
        works.cash,
        works.mine_cash,
        works.monthly,
        works.factor,
        row[money.fund_share],
        life,
        metrics,
        series,
    )
    energy_metrics(energies, works.monthly, life, works.plant.exposure, setups.plant.hours, metrics)
