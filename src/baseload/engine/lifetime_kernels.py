"""Closing a month, and what a lifetime comes to."""

from __future__ import annotations

import numpy as np

from baseload.compiled import allocating_kernel, kernel, small_kernel
from baseload.dispatch.work import (
    CURTAILED,
    DIESEL_HOURS,
    DIESEL_HOURS_IDLE,
    EXPORT,
    EXPORT_GRID_ONLY,
    FIRM_BY_PLANT,
    FIRM_DEMAND,
    FIRM_SERVED,
    GENERATION,
    IMPORT,
    MINE,
    PRICE,
    SHORTFALL,
    UNSERVED,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
)
from baseload.engine.month_kernels import (
    HOURS_PER_YEAR,
    energy_of_mine,
    fill_ledger,
    share_of_plant_cost,
)
from baseload.engine.sums import (
    L_DAYS_MINED,
    L_FIRST_UNIT,
    L_FUND_CENTS,
    L_FUND_GRID_CENTS,
    L_HELD_SAT,
    L_LAST_PRICE,
    L_MACHINES,
    L_PEAK_EH,
    L_PEAK_SHARE,
    L_SAFETY_CENTS,
    L_SAT,
    L_SHARE_MINED,
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
    discount_factors,
    internal_rate,
    mining_capital,
    net_cash,
    pay_fund,
    payback_years,
    present_value,
    tax_of_year,
)
from baseload.money.ledger import GRID_ONLY, IDLE, MINE_OPEX, MINING_REVENUE, RUN, SAFETY
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
# Totals that are kept over a path's life: kWh, and hours at the end.
ENERGIES = (
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
)


@small_kernel
def close_month(setups, works, row, m, hours, unit_hours, prices, sums, life, fund_state, energies):
    """Post the month and, at a year's end, its tax; pay the fund; keep the month's bitcoin and energy."""
    ledger, totals = works.ledger, works.dispatch.totals
    avoidable = prices[0] + prices[1] + prices[2]
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
    )
    for i in range(len(ENERGIES)):
        energies[i] += totals[ENERGIES[i]]
    works.monthly[M_SAT, m] = sums[S_SAT]
    works.monthly[M_ENERGY, m] = energy_of_mine(ledger, m, totals, avoidable)
    works.monthly[M_CASH_ENERGY, m] = share_of_plant_cost(ledger, m, totals)
    works.monthly[M_OWN_PROJECTED, m] = sums[S_OWN_PROJECTED]
    works.monthly[M_DISPLACED, m] = sums[S_DISPLACED]
    life[L_SAT] += sums[S_SAT]
    life[L_HELD_SAT] += sums[S_HELD]
    life[L_DAYS_MINED] += sums[S_DAYS_MINED]
    life[L_SHARE_MINED] += sums[S_SHARE_MINED]
    if sums[S_SAT] > 0.0:
        works.monthly[M_HELD_VALUE, m] = ledger[RUN, m, MINING_REVENUE] * (
            sums[S_HELD] / sums[S_SAT]
        )
    if m % 12 == 11:
        rate = row[setups.money.tax_rate]
        for v in range(3):
            works.carried[v] = tax_of_year(
                ledger[v],
                m - 11,
                12,
                rate,
                setups.money.depreciation_years,
                works.assets[v],
                works.carried[v],
            )
    mining = restarting = 0
    for line in range(ledger.shape[2]):
        mining += ledger[RUN, m, line] - ledger[GRID_ONLY, m, line]
        restarting += ledger[GRID_ONLY, m, line] - ledger[IDLE, m, line]
    share = row[setups.money.fund_share]
    paid = pay_fund(mining, share, fund_state[0])
    life[L_FUND_CENTS] += paid
    life[L_FUND_GRID_CENTS] += pay_fund(restarting, share, fund_state[1])
    life[L_SAFETY_CENTS] -= ledger[RUN, m, SAFETY]
    return paid


@small_kernel
def series_of_month(works, m, hours, days, unit_hours, sums, paid, series):
    """Means and sums of a month into `series` (S, M), in the order of `outputs.SERIES`; cash comes later."""
    totals = works.dispatch.totals
    mw = 1.0 / (1000.0 * hours)
    series[0, m] = totals[GENERATION] * mw
    series[1, m] = totals[FIRM_BY_PLANT] * mw
    series[2, m] = totals[MINE] * mw
    series[3, m] = totals[EXPORT] * mw
    series[4, m] = totals[EXPORT_GRID_ONLY] * mw
    series[5, m] = totals[CURTAILED] * mw
    series[6, m] = totals[IMPORT] * mw
    series[7, m] = totals[UNSERVED] * mw
    series[8, m] = totals[UNSERVED_IDLE] * mw
    series[9, m] = unit_hours[2] / hours
    series[10, m] = sums[S_MACHINES] / days
    series[11, m] = sums[S_OWN] / days
    series[12, m] = sums[S_SHARE] / days
    series[13, m] = sums[S_NETWORK] / days
    series[14, m] = sums[S_SHADOW] / days
    series[15, m] = sums[S_DIFFICULTY] / days
    series[16, m] = sums[S_HASHPRICE] / days * 1000.0
    series[17, m] = sums[S_SHADOW_HASHPRICE] / days * 1000.0
    series[18, m] = sums[S_PRICE] / days
    series[19, m] = sums[S_FEES] / days
    series[20, m] = totals[PRICE] / (1000.0 * hours)
    series[21, m] = sums[S_SAT] / SATS
    series[26, m] = paid / 100.0
    series[27, m] = sums[S_FRONTIER] / days


@kernel
def displacement(monthly):
    """(Rest without - rest with) / own over the last 12 months in which the mine ran, the past left out;
    nan without a mine."""
    own = 0.0
    gone = 0.0
    seen = 0
    for m in range(monthly.shape[1] - 1, -1, -1):
        if monthly[M_OWN_PROJECTED, m] > 0.0 and seen < 12:
            own += monthly[M_OWN_PROJECTED, m]
            gone += monthly[M_DISPLACED, m]
            seen += 1
    return gone / own if own > 0.0 else np.nan


@allocating_kernel
def lifetime_metrics(setups, works, row, life, energies, balance, metrics, series):
    """Fill `metrics` in the order of `outputs.METRICS`, the cash series, and the check of the money."""
    months = works.cash.shape[1]
    factor = works.factor
    discount_factors(row[setups.money.discount_rate], factor)
    npv = np.zeros(3)
    total = 0
    for v in range(3):
        net_cash(works.ledger[v], works.cash[v])
        npv[v] = present_value(works.cash[v], factor) / 100.0
    running = 0
    for m in range(months):
        running += works.cash[RUN, m]
        series[22, m] = works.cash[RUN, m] / 100.0
        series[23, m] = running / 100.0
        series[24, m] = works.cash[GRID_ONLY, m] / 100.0
        series[25, m] = works.cash[IDLE, m] / 100.0
        if m > 0:
            series[26, m] += series[26, m - 1]
    for line in range(works.ledger.shape[2]):
        for m in range(months):
            total += works.ledger[RUN, m, line]
    balance[2] = total - running
    mwh = 0.001
    produced = energies[0] - energies[12]
    bitcoin = life[L_SAT] / SATS
    pv_bitcoin = 0.0
    pv_mine = 0.0
    pv_energy = 0.0
    pv_cash_energy = 0.0
    pv_revenue = 0.0
    pv_held = 0.0
    for m in range(months):
        f = factor[m]
        pv_bitcoin += works.monthly[M_SAT, m] / SATS * f
        pv_mine -= (
            (mining_capital(works.ledger[RUN], m) + works.ledger[RUN, m, MINE_OPEX]) / 100.0 * f
        )
        pv_energy += works.monthly[M_ENERGY, m] / 100.0 * f
        pv_cash_energy += works.monthly[M_CASH_ENERGY, m] / 100.0 * f
        pv_revenue += works.ledger[RUN, m, MINING_REVENUE] / 100.0 * f
        pv_held += works.monthly[M_HELD_VALUE, m] / 100.0 * f
    mined = pv_bitcoin > 0.0
    held_at_end = cents(life[L_HELD_SAT] / SATS * life[L_LAST_PRICE]) / 100.0
    safety_per_year = life[L_SAFETY_CENTS] / 100.0 / (months / 12.0)
    exposure = works.plant.exposure
    metrics[0] = energies[0] * mwh
    metrics[1] = energies[1] * mwh
    metrics[2] = energies[2] * mwh
    metrics[3] = energies[3] * mwh
    metrics[4] = energies[4] * mwh
    metrics[5] = energies[5] * mwh
    metrics[6] = energies[6] * mwh
    metrics[7] = energies[7] * mwh
    metrics[8] = energies[8] * mwh
    metrics[9] = energies[9] * mwh
    metrics[10] = energies[10] * mwh
    metrics[11] = energies[11] * mwh
    metrics[12] = energies[12] * mwh
    metrics[13] = produced * mwh
    metrics[14] = life[L_MACHINES]
    metrics[15] = life[L_PEAK_EH]
    metrics[16] = life[L_PEAK_SHARE]
    metrics[17] = life[L_SHARE_MINED] / life[L_DAYS_MINED] if life[L_DAYS_MINED] > 0.0 else 0.0
    metrics[18] = displacement(works.monthly)
    metrics[19] = bitcoin
    metrics[20] = (pv_mine + pv_energy) / pv_bitcoin if mined else np.nan
    metrics[21] = (pv_mine + pv_cash_energy) / pv_bitcoin if mined else np.nan
    metrics[22] = pv_revenue / pv_bitcoin if mined else np.nan
    metrics[23] = npv[RUN]
    metrics[24] = npv[IDLE]
    metrics[25] = npv[GRID_ONLY]
    metrics[26] = npv[RUN] - npv[IDLE]
    metrics[27] = npv[RUN] - npv[GRID_ONLY]
    metrics[28] = npv[GRID_ONLY] - npv[IDLE]
    metrics[29] = held_at_end * factor[months - 1] - pv_held
    metrics[30] = internal_rate(works.cash[RUN])
    metrics[31] = payback_years(works.cash[RUN])
    metrics[32] = life[L_FUND_CENTS] / 100.0
    metrics[33] = metrics[32] / safety_per_year if safety_per_year > 0.0 else np.nan
    metrics[34] = (
        life[L_FUND_GRID_CENTS] / 100.0 / safety_per_year if safety_per_year > 0.0 else np.nan
    )
    metrics[35] = exposure[REACTOR_HOURS] / HOURS_PER_YEAR
    metrics[36] = exposure[LOSSES_AT_POWER]
    metrics[37] = exposure[LOSSES_SHUT]
    metrics[38] = exposure[HEAT_PEAK_MW]
    metrics[39] = exposure[HEAT_IDLE_MW]
    metrics[40] = 1.0 if exposure[BLACKOUTS] > 0.0 else 0.0
    metrics[41] = 1.0 if exposure[IDLE_BLACKOUTS] > 0.0 else 0.0
    metrics[42] = energies[13]
    metrics[44] = energies[14]
    first = life[L_FIRST_UNIT]
    metrics[43] = first / HOURS_PER_YEAR if first < setups.plant.hours else np.nan
