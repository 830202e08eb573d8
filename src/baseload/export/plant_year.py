"""One year of the plant on one path, hour by hour: what could be done, what was, and what it was worth.

This is the dispatch problem that the run solved, in the units in which it solved it: whole kilowatts
and milli-USD per MWh, so that a kilowatt-hour's money is whole micro-USD. Firm demand stands as it was
served, because its order is a rule and no price; what is left to choose is what the surplus does.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from baseload.clock import HOURS_PER_DAY

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FirmRank:
    """Safety house load or a firm demand, and who served it; ranks come in the order of service.

    All arrays (H,) in kW. `other_kw` is other supply of a demand, diesels of the house load.
    """

    name: str
    demand_kw: Ints
    by_plant_kw: Ints
    other_kw: Ints
    import_kw: Ints
    unserved_kw: Ints


@dataclass(frozen=True)
class Machines:
    """One generation of machines in the hall of a batch.

    Attributes
    ----------
    name : str
    always : bool
        They run before every other use of the surplus, whatever the hour is worth.
    capacity_kw : ndarray (H,)
        What the working machines draw; 0 while the mine is stopped.
    worth : ndarray (H,)
        Of a MWh, the mine's own running cost taken off. [milli-USD/MWh]
    mined_kw : ndarray (H,)
        What the run gave them.
    """

    name: str
    always: bool
    capacity_kw: Ints
    worth: Ints
    mined_kw: Ints


@dataclass(frozen=True)
class Tranche:
    """A part of export with a price of its own, because the price falls with what is sold.

    Attributes
    ----------
    limit_kw : ndarray (H,)
        What of the export limit lies in this tranche.
    price : ndarray (H,)
        Paid for a MWh sent; losses, fee and fall taken off. [milli-USD/MWh]
    sold_kw : ndarray (H,)
        What the run sold in it.
    """

    limit_kw: Ints
    price: Ints
    sold_kw: Ints


Part = TypeVar("Part", FirmRank, Machines, Tranche)


@dataclass(frozen=True)
class PlantYear:
    """A year of the plant on a path, or a part of it: H hours from `start`.

    Attributes
    ----------
    path, year : int
        Number of the path, and of the year of the horizon, both from 0.
    start : date
        First day.
    available_kw : ndarray (H,)
        What the units could give net.
    avoidable : ndarray (H,)
        Fuel, variable O&M and levies of a MWh. [milli-USD/MWh]
    firm : tuple of FirmRank
    machines : tuple of Machines
        Those that were there on some day of the year.
    export : tuple of Tranche
        In order of falling price; those within reach in some hour.
    may_import : bool
        Whether the mine may buy from the grid.
    import_limit_kw, import_price, mine_import_kw : ndarrays (H,)
        What firm demand left of the import limit, its price with the fee [milli-USD/MWh], and what
        the run bought of it for the mine.
    """

    path: int
    year: int
    start: date
    available_kw: Ints
    avoidable: Ints
    firm: tuple[FirmRank, ...]
    machines: tuple[Machines, ...]
    export: tuple[Tranche, ...]
    may_import: bool
    import_limit_kw: Ints
    import_price: Ints
    mine_import_kw: Ints

    @property
    def hours(self) -> int:
        """Count of hours H. [hours]"""
        return self.available_kw.size

    @property
    def firm_by_plant_kw(self) -> Ints:
        """Firm demand that the plant's own units served (H,)."""
        return sum_of([rank.by_plant_kw for rank in self.firm], self.hours)

    @property
    def mined_kw(self) -> Ints:
        """What the mine drew (H,)."""
        return sum_of([machines.mined_kw for machines in self.machines], self.hours)

    @property
    def sold_kw(self) -> Ints:
        """Export (H,)."""
        return sum_of([tranche.sold_kw for tranche in self.export], self.hours)

    @property
    def produced_kw(self) -> Ints:
        """What the units gave (H,): the rest of what was available is curtailed."""
        return self.firm_by_plant_kw + self.mined_kw - self.mine_import_kw + self.sold_kw

    @property
    def cost_of_firm(self) -> Ints:
        """Avoidable cost of firm demand that the plant served (H,). [micro-USD]"""
        return self.firm_by_plant_kw * self.avoidable

    @property
    def value(self) -> Ints:
        """What mining and export earned (H,), avoidable cost and import for the mine taken off. [micro-USD]

        This is what the run made as large as it can be: firm demand comes first and has no price here.
        """
        paid = [m.mined_kw * m.worth for m in self.machines]
        paid += [t.sold_kw * t.price for t in self.export]
        made = self.produced_kw - self.firm_by_plant_kw
        bought = self.mine_import_kw * self.import_price
        return sum_of([*paid, -made * self.avoidable, -bought], self.hours)

    def part(self, first: int, last: int) -> PlantYear:
        """Hours from `first` up to `last`, whole days."""
        if first % HOURS_PER_DAY or not 0 <= first < last <= self.hours:
            raise ValueError(f"hours {first} to {last} of {self.hours}")
        return replace(
            self,
            start=self.start + timedelta(hours=first),
            firm=tuple(_cut(rank, first, last) for rank in self.firm),
            machines=tuple(_cut(machines, first, last) for machines in self.machines),
            export=tuple(_cut(tranche, first, last) for tranche in self.export),
            **_arrays_cut(self, first, last),
        )


def usd(micro_usd: Ints) -> float:
    """Sum of hours in USD; exact until the last step, since a year's sum may pass 64 bits."""
    total: int = sum(micro_usd.tolist())
    return total / 1e6


def sum_of(parts: list[Ints], hours: int) -> Ints:
    """Sum of arrays (H,) hour by hour; zeros where there is none."""
    total = np.zeros(hours, np.int64)
    for part in parts:
        total += part
    return total


def _arrays_cut(whole: object, first: int, last: int) -> dict[str, Any]:
    arrays = {f.name: getattr(whole, f.name) for f in fields(whole)}  # type: ignore[arg-type]
    return {name: a[first:last] for name, a in arrays.items() if isinstance(a, np.ndarray)}


def _cut(whole: Part, first: int, last: int) -> Part:
    return replace(whole, **_arrays_cut(whole, first, last))
