"""A month of one path: the plant's segments laid out by hour, and the month's ledger."""

from __future__ import annotations

import math

from baseload.clock import HOURS_PER_YEAR
from baseload.compiled import kernel, small_kernel
from baseload.dispatch.work import (
    AT_POWER,
    AVAILABLE,
    CURTAILED,
    CURTAILED_GRID_ONLY,
    DARK,
    DARK_ALWAYS,
    DARK_WHEN_IDLE,
    DIESEL_HOURS,
    DIESEL_HOURS_IDLE,
    DIESEL_HOURS_LESS,
    DUMPED,
    DUMPED_GRID_ONLY,
    EXPORT_REVENUE,
    EXPORT_REVENUE_GRID_ONLY,
    GENERATION,
    HOUSE,
    IMPORT_COST,
    IMPORT_COST_GRID_ONLY,
    IMPORT_COST_IDLE,
    LOST_POWER,
    MINE,
    MINE_IMPORT,
    STOPS_MINE,
    TARIFF_LESS,
    TARIFF_REVENUE,
)
from baseload.money.kernels import cents, cents_of_micro
from baseload.money.ledger import (
    CONNECTION,
    DEMAND_CHARGE,
    DIESEL_FUEL,
    EXPORT,
    FIXED_OM,
    FUEL,
    GRID_ONLY,
    IDLE,
    INSURANCE,
    LEVIES,
    MACHINES,
    MINE_OPEX,
    MINING_REVENUE,
    RESALE,
    RUN,
    SAFETY,
    SHUT_DOWN_OM,
    SITE,
    START_COST,
    TARIFF,
    VARIABLE_OM,
    WORKS,
)
from baseload.money.ledger import IMPORT_COST as IMPORT_LINE
from baseload.numerics import power


@small_kernel
def lay_out(setup, plant, table, at, first_hour, hours, cursor, unit_hours):
    """Fill hours of `table` from column `at` on from the plant's segments; returns the segment that goes on.

    `unit_hours` (4,) is added hours of units in operation, restarting, at power, and kW-hours in operation.
    """
    s = cursor
    h = 0
    while h < hours:
        while plant.hour[s + 1] <= first_hour + h:
            s += 1
        until = min(hours, plant.hour[s + 1] - first_hour)
        mask = plant.running[s]
        for i in range(h, until):
            table[HOUSE, at + i] = plant.house_kw[s]
            table[LOST_POWER, at + i] = plant.lost_power[s]
            # Diesels that fail matter only while no unit feeds the house load.
            dark = DARK_WHEN_IDLE if plant.at_power[s] > 0 else DARK_ALWAYS
            table[DARK, at + i] = dark if plant.dark[s] else 0
            table[STOPS_MINE, at + i] = plant.stops_mine[s]
            table[AT_POWER, at + i] = plant.at_power[s]
        if setup.profiles.shape[0] == 0:
            available = min(plant.constant_kw[s], plant.cap_kw[s])
            for i in range(h, until):
                table[AVAILABLE, at + i] = available
        else:
            for i in range(h, until):
                kw = plant.constant_kw[s]
                for u in range(setup.units):
                    if setup.profile[u] >= 0 and (mask >> u) & 1:
                        kw += int(
                            plant.net_kw[u] * setup.profiles[setup.profile[u], first_hour + i] + 0.5
                        )
                table[AVAILABLE, at + i] = min(kw, plant.cap_kw[s])
        length = until - h
        unit_hours[0] += plant.operating[s] * length
        unit_hours[1] += plant.restarting[s] * length
        unit_hours[2] += plant.at_power[s] * length
        unit_hours[3] += plant.operating_kw[s] * float(length)
        h = until
    return s


@kernel
def whole_milli(usd: float) -> int:
    """USD per MWh as whole milli-USD."""
    return int(math.floor(usd * 1000.0 + 0.5))


@small_kernel
def unit_costs(costs, row, month):
    """Fuel, variable O&M and levies of a month in milli-USD per MWh, and the growth of all costs."""
    rate = row[costs.growth]
    growth = power(1.0 + rate, month / 12.0) if rate != 0.0 else 1.0
    fuel = whole_milli(row[costs.fuel] * growth)
    variable = whole_milli(row[costs.variable_om] * growth)
    levies = whole_milli((row[costs.decommissioning] + row[costs.waste]) * growth)
    return fuel, variable, levies, growth


@small_kernel
def fill_ledger(
    ledger,
    m,
    row,
    costs,
    connection,
    units,
    unit_hours,
    hours,
    totals,
    prices,
    mine,
    works_micro,
    charges,
):
    """Post a month of all three variants, tax aside; lines that a variant never has stay zero.

    Parameters
    ----------
    ledger : ndarray (3, M, L)
        In cents.
    m : int
    row, costs
        Inputs of the path and the columns of the plant's costs.
    connection : int
        Column of the grid's connection charge.
    units : int
        Units of the plant.
    unit_hours : ndarray (4,)
        From `lay_out`.
    hours : int
    totals : ndarray
        Dispatch of the month.
    prices : tuple
        From `unit_costs`.
    mine : tuple of 5
        Revenue [cents], running cost, machines, halls, resale [USD].
    works_micro : int
        Restarts and projects. [micro-USD]
    charges : ndarray (3, 2)
        Starts of units and demand charges on import, by variant. [cents]
    """
    fuel, variable, levies, growth = prices
    revenue, opex, machines, halls, resale = mine
    year_part = growth / HOURS_PER_YEAR
    site = hours * year_part
    operating, restarting = unit_hours[0], unit_hours[1]
    safety_site = site * row[costs.safety_site]
    safety = (units * hours - operating - restarting) * year_part * row[costs.safety_cold]
    safety += restarting * year_part * row[costs.safety_restarting]
    safety += operating * year_part * row[costs.safety_at_power]
    fixed_om = cents(unit_hours[3] * year_part * row[costs.fixed_om_kw_year])
    shut_om = cents(1e6 * (units * hours - operating) * year_part * row[costs.shut_down_om])
    insurance = cents(1e6 * operating * year_part * row[costs.insurance])
    safety_cents = cents(1e6 * (safety + safety_site))
    connected = cents(1e6 * hours / HOURS_PER_YEAR * row[connection])
    diesel = row[costs.diesel_hour] * growth
    diesel_cents = cents(totals[DIESEL_HOURS] * diesel)
    diesel_alone = cents((totals[DIESEL_HOURS] - totals[DIESEL_HOURS_LESS]) * diesel)
    tariff = cents_of_micro(totals[TARIFF_REVENUE])
    tariff_alone = cents_of_micro(totals[TARIFF_REVENUE] - totals[TARIFF_LESS])
    works_cents = cents_of_micro(works_micro)
    for v in range(2):
        # Power that is made for nobody costs what all power costs.
        produced = (
            totals[GENERATION]
            - totals[CURTAILED if v == RUN else CURTAILED_GRID_ONLY]
            + totals[DUMPED if v == RUN else DUMPED_GRID_ONLY]
        )
        exported = totals[EXPORT_REVENUE if v == RUN else EXPORT_REVENUE_GRID_ONLY]
        bought = totals[IMPORT_COST if v == RUN else IMPORT_COST_GRID_ONLY]
        ledger[v, m, TARIFF] = tariff if v == RUN else tariff_alone
        ledger[v, m, EXPORT] = cents_of_micro(exported)
        ledger[v, m, IMPORT_LINE] = -cents_of_micro(bought)
        ledger[v, m, FUEL] = -cents_of_micro(produced * fuel)
        ledger[v, m, VARIABLE_OM] = -cents_of_micro(produced * variable)
        ledger[v, m, LEVIES] = -cents_of_micro(produced * levies)
        ledger[v, m, FIXED_OM] = -fixed_om
        ledger[v, m, SHUT_DOWN_OM] = -shut_om
        ledger[v, m, INSURANCE] = -insurance
        ledger[v, m, SAFETY] = -safety_cents
        ledger[v, m, DIESEL_FUEL] = -(diesel_cents if v == RUN else diesel_alone)
        ledger[v, m, WORKS] = -works_cents
    ledger[RUN, m, MINING_REVENUE] = revenue
    ledger[RUN, m, MINE_OPEX] = -cents(opex)
    ledger[RUN, m, MACHINES] = -cents(machines)
    ledger[RUN, m, SITE] = -cents(halls)
    ledger[RUN, m, RESALE] = cents(resale)
    ledger[IDLE, m, IMPORT_LINE] = -cents_of_micro(totals[IMPORT_COST_IDLE])
    ledger[IDLE, m, SHUT_DOWN_OM] = -cents(1e6 * units * site * row[costs.shut_down_om])
    ledger[IDLE, m, SAFETY] = -cents(1e6 * (units * site * row[costs.safety_cold] + safety_site))
    ledger[IDLE, m, DIESEL_FUEL] = -cents(totals[DIESEL_HOURS_IDLE] * diesel)
    for v in range(3):
        ledger[v, m, CONNECTION] = -connected
        ledger[v, m, START_COST] = -charges[v, 0]
        ledger[v, m, DEMAND_CHARGE] = -charges[v, 1]


@small_kernel
def plant_cash_cost(ledger, m):
    """What running the plant cost in a month, capital and import aside, in cents above zero."""
    return -(
        ledger[RUN, m, FUEL]
        + ledger[RUN, m, VARIABLE_OM]
        + ledger[RUN, m, LEVIES]
        + ledger[RUN, m, START_COST]
        + ledger[RUN, m, FIXED_OM]
        + ledger[RUN, m, SHUT_DOWN_OM]
        + ledger[RUN, m, INSURANCE]
        + ledger[RUN, m, SAFETY]
        + ledger[RUN, m, DIESEL_FUEL]
    )


@small_kernel
def forgone(ledger, m, line):
    """What a line of a month is higher in grid only than in the run, in cents."""
    return ledger[GRID_ONLY, m, line] - ledger[RUN, m, line]


@small_kernel
def energy_of_mine(ledger, m, totals, avoidable):
    """Energy of the mine in a month at its value in the best other use, in cents.

    Export forgone, energy bought with its demand charge, starts of units, and the avoidable cost of
    what would not have been produced.
    """
    produced_more = totals[CURTAILED_GRID_ONLY] - totals[CURTAILED]
    produced_more += totals[DUMPED] - totals[DUMPED_GRID_ONLY]
    return (
        forgone(ledger, m, EXPORT)
        + forgone(ledger, m, IMPORT_LINE)
        + forgone(ledger, m, DEMAND_CHARGE)
        + forgone(ledger, m, START_COST)
        + cents_of_micro(produced_more * avoidable)
    )


@small_kernel
def share_of_plant_cost(ledger, m, totals):
    """Energy of the mine in a month at cash cost, in cents: the plant's per MWh produced, and what was bought."""
    bought = float(forgone(ledger, m, IMPORT_LINE) + forgone(ledger, m, DEMAND_CHARGE))
    produced = totals[GENERATION] - totals[CURTAILED]
    if produced <= 0:
        return bought
    own = totals[MINE] - totals[MINE_IMPORT]
    return plant_cash_cost(ledger, m) * (own / produced) + bought
