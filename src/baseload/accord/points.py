"""Reading a table of what each party gets from each arrangement."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.accord.exact import demand, refuse

Table = list[list[Fraction]]


def read_points(points: npt.ArrayLike, disagreement: npt.ArrayLike) -> tuple[Table, list[Fraction]]:
    """Table (A, N) and disagreement point (N,), exactly."""
    table = read_table(points)
    floor = read_row(disagreement, "disagreement", len(table[0]))
    return table, floor


def read_table(points: Any) -> Table:
    """Table (A, N), exactly; an `InputError` for anything else."""
    allowed = "a table (A, N): for each arrangement one number a party"
    rows = _items(points, "points", allowed)
    if not rows:
        refuse("points", "no arrangement", allowed)
    first = _items(rows[0], "points[0]", allowed)
    if not first:
        refuse("points[0]", "no party", allowed)
    return [read_row(row, f"points[{k}]", len(first)) for k, row in enumerate(rows)]


def read_row(row: Any, field: str, parties: int) -> list[Fraction]:
    """One number a party, exactly."""
    numbers = _items(row, field, f"{parties} numbers, one a party")
    if len(numbers) != parties:
        refuse(field, f"{len(numbers)} numbers", f"{parties} numbers, one a party")
    return [demand(number, f"{field}[{i}]") for i, number in enumerate(numbers)]


def read_weights(weights: Any, parties: int) -> list[Fraction]:
    """Weights that add up to one; equal ones where none are given."""
    if weights is None:
        return [Fraction(1, parties)] * parties
    row = read_row(weights, "weights", parties)
    for i, weight in enumerate(row):
        if weight <= 0:
            refuse(f"weights[{i}]", repr(weights[i]), "a number above 0")
    total = sum(row, Fraction(0))
    return [weight / total for weight in row]


def read_switches(**switches: object) -> None:
    """Refuse what is neither True nor False."""
    for field, value in switches.items():
        if not isinstance(value, bool | np.bool_):
            refuse(field, reprlib.repr(value), "True or False")


def _items(given: Any, field: str, allowed: str) -> list[Any]:
    if isinstance(given, str | bytes | Mapping | set | np.ma.MaskedArray):
        refuse(field, type(given).__name__, allowed)
    try:
        return list(given)
    except TypeError:
        refuse(field, reprlib.repr(given), allowed)
