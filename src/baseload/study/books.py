"""The books of a traced path, made a second time from its hours.

The engine adds up a month's money as it goes, by spans and closed forms where it can. Here what the
trace says of every hour is priced again, hour by hour in plain arrays, and each line of the ledger
that hangs on hours is held to it to the cent: sales, purchases and fuel of the run, of grid only and
of the idle plant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.clock import MONTHS_PER_YEAR
from baseload.dispatch.work import TRACE
from baseload.engine.month_kernels import whole_milli
from baseload.engine.plan import Plan
from baseload.engine.pool import EngineFault
from baseload.engine.state import Works
from baseload.export.plant_year import PlantYear, Tranche
from baseload.export.traced_year import by_hour, import_limit_kw, plant_year
from baseload.grid.kernels import whole_kw
from baseload.money.kernels import MICRO_PER_CENT
from baseload.money.ledger import (
    EXPORT,
    FUEL,
    GRID_ONLY,
    IDLE,
    IMPORT_COST,
    LEVIES,
    LINES,
    RUN,
    TARIFF,
    VARIABLE_OM,
    VARIANTS,
)
from baseload.numerics import power
from baseload.scenario.schema import ScenarioDocument

Ints = npt.NDArray[np.int64]

HOURS_ARE_LINKED = (
    "hours are linked: what one leaves to the next is no part of the second reckoning"
)


@dataclass(frozen=True)
class Accounts:
    """What came of making the books again.

    Attributes
    ----------
    path : int
    entries : int
        Entries of the ledger that were held to the hours, to the cent.
    reason : str or None
        Why none was.
    """

    path: int
    entries: int
    reason: str | None = None

    def facts(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        return {"path": self.path, "entries": self.entries, "reason": self.reason}


def hold_accounts(document: ScenarioDocument, made: Plan, traced: Works, path: int) -> Accounts:
    """Hold the ledger of a path to its hours.

    Parameters
    ----------
    document : ScenarioDocument
    made : Plan
    traced : Works
        From `baseload.engine.pool.trace_path` of the same plan and path.
    path : int

    Raises
    ------
    EngineFault
        Where an entry differs by a cent: a fault of ours.
    """
    if made.setups.link.linked:
        return Accounts(path, 0, HOURS_ARE_LINKED)
    row = made.draw(path, 1)[0]
    entries = 0
    idle_kw = _idle_import_kw(made, traced, row)
    for year in range(made.horizon.years):
        found = plant_year(document, made, traced, path, year)
        first = int(made.setups.month_first_hour[MONTHS_PER_YEAR * year])
        hours = slice(first, first + found.hours)
        column = {name: traced.trace[hours, i] for i, name in enumerate(TRACE)}
        for month in range(MONTHS_PER_YEAR * year, MONTHS_PER_YEAR * (year + 1)):
            begin = int(made.setups.month_first_hour[month]) - first
            end = int(made.setups.month_first_hour[month + 1]) - first
            entries += _hold_month(
                made,
                traced.ledger[:, month],
                row,
                month,
                found,
                column,
                idle_kw[hours],
                slice(begin, end),
            )
    return Accounts(path, entries)


def _idle_import_kw(made: Plan, traced: Works, row: npt.NDArray[np.float64]) -> Ints:
    """What the plant would draw from the grid in each hour with no unit running."""
    setup = made.setups.plant
    house_kw = whole_kw(row[setup.common_house]) + sum(whole_kw(row[u]) for u in setup.house)
    dark = by_hour(traced, traced.plant.dark) != 0
    return np.where(dark, 0, np.minimum(house_kw, import_limit_kw(made, traced, row)))


def _hold_month(
    made: Plan,
    ledger: Ints,
    row: npt.NDArray[np.float64],
    month: int,
    year: PlantYear,
    column: dict[str, Ints],
    idle_kw: Ints,
    hours: slice,
) -> int:
    """Hold one month, `ledger` (3, L) in cents; returns how many entries were."""
    setups = made.setups
    buying = column["price_milli_usd_per_mwh"][hours] + whole_milli(row[setups.grid.import_fee])
    tariffs = [whole_milli(row[column_]) for column_ in setups.demand.tariff]
    house, *demands = year.firm
    bought = house.import_kw[hours] + sum(one.import_kw[hours] for one in demands)
    tariff = sum(
        int((one.by_plant_kw + one.import_kw)[hours].sum()) * milli
        for one, milli in zip(demands, tariffs, strict=True)
    )
    sold_alone = column["export_grid_only_kw"][hours]
    by_plant = int(year.firm_by_plant_kw[hours].sum())
    produced = {
        RUN: int(year.produced_kw[hours].sum()),
        GRID_ONLY: by_plant + int(sold_alone.sum()),
    }
    cost = float(row[setups.costs.growth])
    growth = power(1.0 + cost, month / 12.0) if cost != 0.0 else 1.0
    levy = row[setups.costs.decommissioning] + row[setups.costs.waste]
    wanted = {
        (RUN, TARIFF): tariff,
        (GRID_ONLY, TARIFF): tariff,
        (RUN, EXPORT): sum(_value(one.sold_kw[hours], one.price[hours]) for one in year.export),
        (GRID_ONLY, EXPORT): _sold_alone(year.export, sold_alone, hours, setups.grid.tranche_kw),
        (RUN, IMPORT_COST): -_value(bought + year.mine_import_kw[hours], buying),
        (GRID_ONLY, IMPORT_COST): -_value(bought, buying),
        (IDLE, IMPORT_COST): -_value(idle_kw[hours], buying),
    }
    for variant, kwh in produced.items():
        wanted[variant, FUEL] = -kwh * whole_milli(row[setups.costs.fuel] * growth)
        wanted[variant, VARIABLE_OM] = -kwh * whole_milli(row[setups.costs.variable_om] * growth)
        wanted[variant, LEVIES] = -kwh * whole_milli(levy * growth)
    for (variant, line), micro in wanted.items():
        if _cents(micro) != int(ledger[variant, line]):
            raise EngineFault(
                f"path {year.path}, month {month}: {LINES[line]} of {VARIANTS[variant]} is "
                f"{int(ledger[variant, line])} cents in the ledger, {_cents(micro)} by its hours"
            )
    return len(wanted)


def _sold_alone(export: tuple[Tranche, ...], sold_kw: Ints, hours: slice, tranche_kw: int) -> int:
    """What export without a mine brings, the dearest tranche first. [micro-USD]"""
    total = 0
    for place, tranche in enumerate(export):
        part = np.clip(sold_kw - place * tranche_kw, 0, tranche.limit_kw[hours])
        total += _value(part, tranche.price[hours])
    return total


def _value(kwh: Ints, milli_usd_per_mwh: Ints) -> int:
    """Energy of hours at their price, exact. [micro-USD]"""
    return int((kwh * milli_usd_per_mwh).sum())


def _cents(micro: int) -> int:
    """Whole cents, halves away from zero; Python's own whole numbers, so that nothing overflows."""
    sign = 1 if micro >= 0 else -1
    return sign * ((abs(micro) + MICRO_PER_CENT // 2) // MICRO_PER_CENT)
