"""The parts that a page is put together from: tables, pictures, cards and sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baseload.figures.numbers import SPACE, scaled_unit, significant
from baseload.report.reported import FloatArray, by_year
from baseload.verdict.words import joined as joined


@dataclass(frozen=True)
class Table:
    """A table: what it holds, its columns, and rows of text whose first cell names the row.

    Its kind chooses a style: "" for figures, "words" for sentences.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure with what it shows in this study, and its numbers for those who cannot see it."""

    svg: str
    caption: str
    table: Table | None = None


@dataclass(frozen=True)
class Card:
    """A key figure: its name, the figure, and the sentences that belong to it."""

    name: str
    figure: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What is concluded of one thing: its name, the conclusion, and the sentences behind it."""

    name: str
    conclusion: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A part of the page with its pictures, and sentences for what could not be drawn."""

    key: str
    title: str
    lead: str
    pictures: tuple[Picture, ...] = ()
    missing: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def yearly_table(
    caption: str,
    dates: npt.NDArray[np.datetime64],
    columns: Sequence[tuple[str, FloatArray]],
    unit: str,
) -> Table:
    """A table of the years, each cell the mean of that year's months, in one multiple of the unit.

    Parameters
    ----------
    caption : str
        What the table holds.
    dates : array
        Months of the values.
    columns : sequence of (str, array)
        Name and monthly values of each column. [unit]
    unit : str
        Unit of the values.
    """
    cells = [by_year(dates, values) for _, values in columns]
    sizes = [abs(value) for column in cells for _, value in column if np.isfinite(value)]
    scaled = scaled_unit(max(sizes, default=0.0), unit)
    rows = tuple(
        (str(year), *(short(column[index][1], scaled.factor) for column in cells))
        for index, (year, _) in enumerate(cells[0])
    )
    label = scaled.label.replace(" ", SPACE) or "a plain number"
    header = ("year", *(name for name, _ in columns))
    return Table(f"{caption}, mean of each year's months [{label}]", header, rows)


def short(value: float, factor: float) -> str:
    """A cell of a table whose header names the unit."""
    return significant(value / factor) if np.isfinite(value) else "–"
