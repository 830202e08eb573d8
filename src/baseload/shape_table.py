"""Tables of shapes: one value for each month, kind of day and local hour.

A table has one row per shape, month and kind of day, with 24 columns `h00` to `h23`; `all` stands
for every month or every kind of day. Each row carries its source. Hours are local standard time,
the same clock as `clock.local_slot`, so that a shape by the hour is `shape.reshape(-1)[slots]`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from baseload.clock import DAY_KINDS, HOURS_PER_DAY, MONTHS_PER_YEAR
from baseload.sources import Sourced, SourceError, read_packaged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EVERY = "all"
HOUR_COLUMNS = tuple(f"h{hour:02d}" for hour in range(HOURS_PER_DAY))
COLUMNS = ("shape", "month", "day_kind", *HOUR_COLUMNS, "unit")
_MONTHS = tuple(str(month + 1) for month in range(MONTHS_PER_YEAR))


@cache
def _rows(package: str, name: str) -> tuple[Sourced, ...]:
    return read_packaged(package, name, COLUMNS)


def _places(row: Sourced, column: str, names: tuple[str, ...]) -> Iterable[int]:
    found = row.text(column)
    if found == EVERY:
        return range(len(names))
    if found not in names:
        raise SourceError(
            f"{row.place}  {column}: found {found!r}, allowed {', '.join(names)} or {EVERY}"
        )
    return (names.index(found),)


def shape_names(package: str, name: str) -> tuple[str, ...]:
    """Names of the shapes in a table.

    Parameters
    ----------
    package : str
        Dotted name of the package that holds the table.
    name : str
        Name of the file.

    Returns
    -------
    tuple of str
        In the order of the table, each once.
    """
    return tuple(dict.fromkeys(row.text("shape") for row in _rows(package, name)))


def read_shape(package: str, name: str, shape: str) -> NDArray[np.float64]:
    """A shape as an array.

    Parameters
    ----------
    package : str
        Dotted name of the package that holds the table.
    name : str
        Name of the file.
    shape : str
        Name of the shape.

    Returns
    -------
    ndarray of float64, shape (12, 3, 24)
        By month (0 January), kind of day (0 workday, 1 Saturday, 2 Sunday) and local hour; a
        fresh copy.

    Raises
    ------
    ValueError
        For a name that the table does not have, with the nearest one; and for a table that leaves
        a slot of the year out or gives it twice.
    """
    import numpy as np

    names = shape_names(package, name)
    if shape not in names:
        near = difflib.get_close_matches(shape.lower(), names, n=1, cutoff=0.4)
        nearest = f", nearest {near[0]}" if near else ""
        raise ValueError(f"found '{shape}', allowed {', '.join(names)}{nearest}")
    values = np.full((MONTHS_PER_YEAR, len(DAY_KINDS), HOURS_PER_DAY), np.nan)
    for row in _rows(package, name):
        if row.text("shape") != shape:
            continue
        hours = [row.number(column) for column in HOUR_COLUMNS]
        for month in _places(row, "month", _MONTHS):
            for day_kind in _places(row, "day_kind", DAY_KINDS):
                if not np.isnan(values[month, day_kind, 0]):
                    raise SourceError(f"{row.place}  found a month and day kind given before")
                values[month, day_kind] = hours
    if np.isnan(values).any():
        raise SourceError(f"{name}  shape '{shape}' leaves out a month or kind of day")
    return values
