"""The catalogue of mining machines, with efficiency, cooling and the prices they were listed at.

Prices differ two to four times between lists of the same month, so that each is a band with its
date. Sources stand in `machines.csv`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from functools import cache

from baseload.sources import Sourced, SourceError, read_packaged

COOLINGS = ("air", "hydro", "immersion")
COLUMNS = (
    "id",
    "maker",
    "model",
    "hash_rate_th_per_s",
    "power_w",
    "efficiency_j_per_th",
    "cooling",
    "released_on",
    "price_usd_per_th_low",
    "price_usd_per_th_mode",
    "price_usd_per_th_high",
    "price_on",
)


@dataclass(frozen=True)
class Machine:
    """A model of mining machine as its maker rates it.

    Attributes
    ----------
    id : str
        What a scenario calls it.
    maker, model : str
        As sold.
    hash_rate_th_per_s : float
        Rated hash rate. [TH/s]
    power_w : float
        Rated power at the wall, without cooling of the hall. [W]
    efficiency_j_per_th : float
        Power over hash rate. [J/TH]
    cooling : str
        `air`, `hydro` or `immersion`.
    released_on : date
        First day of the month or year that the source states.
    price_usd_per_th_low, price_usd_per_th_mode, price_usd_per_th_high : float or None
        Band of listed prices; None where none was found. [USD/TH]
    price_on : date or None
        First day of the month or year of the prices.
    source : str
        Where the ratings come from.
    read_on : date
        The day the source was read.
    note : str
        How the band was made, and what is uncertain.
    """

    id: str
    maker: str
    model: str
    hash_rate_th_per_s: float
    power_w: float
    efficiency_j_per_th: float
    cooling: str
    released_on: date
    price_usd_per_th_low: float | None
    price_usd_per_th_mode: float | None
    price_usd_per_th_high: float | None
    price_on: date | None
    source: str
    read_on: date
    note: str


def _first_day(row: Sourced, column: str) -> date:
    """First day of a period written as year, year-month or day."""
    found = row.text(column)
    parts = found.split("-")
    try:
        year, month, day = (int(part) for part in (*parts, "1", "1")[:3])
        return date(year, month, day)
    except ValueError:
        raise SourceError(
            f"{row.place}  {column}: found {found!r}, allowed a year, a month as 2026-01 or a day"
        ) from None


def _machine(row: Sourced) -> Machine:
    cooling = row.text("cooling")
    if cooling not in COOLINGS:
        raise SourceError(f"{row.place}  cooling: found {cooling!r}, allowed {', '.join(COOLINGS)}")
    return Machine(
        id=row.text("id"),
        maker=row.text("maker"),
        model=row.text("model"),
        hash_rate_th_per_s=row.number("hash_rate_th_per_s"),
        power_w=row.number("power_w"),
        efficiency_j_per_th=row.number("efficiency_j_per_th"),
        cooling=cooling,
        released_on=_first_day(row, "released_on"),
        price_usd_per_th_low=row.number_or_none("price_usd_per_th_low"),
        price_usd_per_th_mode=row.number_or_none("price_usd_per_th_mode"),
        price_usd_per_th_high=row.number_or_none("price_usd_per_th_high"),
        price_on=_first_day(row, "price_on") if row.cells["price_on"] else None,
        source=row.source,
        read_on=row.read_on,
        note=row.note,
    )


@cache
def _catalogue() -> dict[str, Machine]:
    found: dict[str, Machine] = {}
    for row in read_packaged("baseload.fleet", "machines.csv", COLUMNS):
        machine = _machine(row)
        if machine.id in found:
            raise SourceError(f"{row.place}  id: found '{machine.id}' a second time")
        found[machine.id] = machine
    return found


def machines() -> dict[str, Machine]:
    """Every machine of the catalogue.

    Returns
    -------
    dict of str to Machine
        By id, in the order of the table; a fresh dictionary.

    Examples
    --------
    >>> machines()["antminer-s21-xp-hyd"].cooling
    'hydro'
    """
    return dict(_catalogue())


def best_efficiency_j_per_th(cooling: str | None = None) -> float:
    """Lowest J/TH of the catalogue, of one kind of cooling or of all. [J/TH]

    Machines for immersion are those for air without fans, and makers bring them out years later:
    what air-cooled ones reach stands for both.

    Examples
    --------
    >>> best_efficiency_j_per_th("air") > best_efficiency_j_per_th()
    True
    """
    kinds = {"immersion": ("air", "immersion")}.get(cooling or "", (cooling,))
    return min(
        m.efficiency_j_per_th
        for m in _catalogue().values()
        if cooling is None or m.cooling in kinds
    )


def machine(id: str) -> Machine:
    """One machine of the catalogue.

    Parameters
    ----------
    id : str
        As in `machines`.

    Returns
    -------
    Machine
        Its ratings and prices.

    Raises
    ------
    ValueError
        For an id that the catalogue does not have, with the nearest one.

    Examples
    --------
    >>> machine("antminer-s21").hash_rate_th_per_s
    200.0
    """
    known = _catalogue()
    if id in known:
        return known[id]
    spelled = id.strip().lower().replace(" ", "-").replace("_", "-")
    near = difflib.get_close_matches(spelled, known, n=1, cutoff=0.4)
    nearest = f", nearest {near[0]}" if near else ""
    raise ValueError(f"found '{id}', allowed a machine of the catalogue ({len(known)}){nearest}")
