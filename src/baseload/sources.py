"""Where a figure comes from (source, day read, note), and a reader of tables that demands it.

Every table that ships carries the columns `source` and `read_on`. A figure of our own says
`assumed: why` as its source.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from types import MappingProxyType

ASSUMED = "assumed:"
DEMANDED_COLUMNS = ("source", "read_on")

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FEWEST_WORDS = 3


class SourceError(ValueError):
    """A row of a table without what every row must carry; the text names file and line."""


@dataclass(frozen=True)
class Sourced:
    """One row of a table, with its source.

    Attributes
    ----------
    cells : mapping of str to str
        The columns of the row but `source`, `read_on` and `note`, stripped of blanks around.
    source : str
        Publication, address or file; or `assumed: why`.
    read_on : date
        The day the source was read or the assumption made.
    note : str
        What a reader must know to use the figure; may be empty.
    place : str
        File and line, for messages.
    """

    cells: Mapping[str, str]
    source: str
    read_on: date
    note: str
    place: str

    @property
    def is_assumed(self) -> bool:
        """Whether the row is an assumption of ours and not a figure of others."""
        return self.source.startswith(ASSUMED)

    def text(self, column: str) -> str:
        """The cell of a column, which must not be empty."""
        found = self.cells[column]
        if not found:
            raise SourceError(f"{self.place}  {column}: found an empty cell, allowed a value")
        return found

    def number(self, column: str) -> float:
        """The cell of a column as a finite number."""
        found = self.cells[column]
        try:
            value = float(found)
        except ValueError:
            value = float("nan")
        # A comparison that NaN fails too; infinities are no figures either.
        if not abs(value) < float("inf"):
            raise SourceError(f"{self.place}  {column}: found {found!r}, allowed a number")
        return value

    def number_or_none(self, column: str) -> float | None:
        """The cell of a column as a finite number, None where it is empty."""
        return self.number(column) if self.cells[column] else None


def says_where_from(text: str) -> bool:
    """Whether a text of a scenario is a source: it names a year, or is `assumed:` and why.

    A reason takes three words or more.

    Examples
    --------
    >>> says_where_from("Operator's yearbook, 2025"), says_where_from("the operator")
    (True, False)
    >>> says_where_from("assumed: as others do"), says_where_from("assumed: 2025")
    (True, False)
    """
    if text.startswith(ASSUMED):
        return len(text.removeprefix(ASSUMED).split()) >= _FEWEST_WORDS
    return _YEAR.search(text) is not None


def _read_on(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SourceError(
            f"{place}  read_on: found {text!r}, allowed the day the source was read, as 2026-01-31"
        ) from None


def _source(text: str, place: str) -> str:
    if not text:
        raise SourceError(
            f"{place}  source: found an empty cell, allowed where the figure comes from,"
            f" or '{ASSUMED} why'"
        )
    if text.startswith(ASSUMED) and not text.removeprefix(ASSUMED).strip():
        raise SourceError(f"{place}  source: found {text!r}, allowed '{ASSUMED} why'")
    return text


def read_sourced(table: Traversable, columns: Iterable[str] = ()) -> tuple[Sourced, ...]:
    """Rows of a CSV table, each with its source and the day it was read.

    Parameters
    ----------
    table : Traversable
        A path or a file of a package, in UTF-8, with one header line.
    columns : iterable of str
        Columns that the table must have besides `source` and `read_on`.

    Returns
    -------
    tuple of Sourced
        In the order of the file.

    Raises
    ------
    SourceError
        For a missing column, a row with too many or too few cells, or a row without source or
        date; the text names file and line.
    """
    rows: list[Sourced] = []
    reader = csv.DictReader(StringIO(table.read_text(encoding="utf-8")))
    header = reader.fieldnames or []
    for column in (*columns, *DEMANDED_COLUMNS):
        if column not in header:
            raise SourceError(f"{table.name}:1  found no column '{column}', allowed: required")
    for row in reader:
        place = f"{table.name}:{reader.line_num}"
        # DictReader keeps cells beyond the header under None, and gives None for missing ones.
        if None in row or None in row.values():
            raise SourceError(f"{place}  found a row that has not {len(header)} cells")
        cells = {name: cell.strip() for name, cell in row.items()}
        source = _source(cells.pop("source"), place)
        read_on = _read_on(cells.pop("read_on"), place)
        note = cells.pop("note", "")
        rows.append(Sourced(MappingProxyType(cells), source, read_on, note, place))
    return tuple(rows)


def read_packaged(package: str, name: str, columns: Iterable[str] = ()) -> tuple[Sourced, ...]:
    """Rows of a table that ships with a package, as `read_sourced` gives them.

    Parameters
    ----------
    package : str
        Dotted name of the package that holds the table.
    name : str
        Name of the file.
    columns : iterable of str
        Columns that the table must have besides `source` and `read_on`.

    Returns
    -------
    tuple of Sourced
        In the order of the file.
    """
    return read_sourced(files(package).joinpath(name), columns)
