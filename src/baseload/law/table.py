"""The rule table: the one that ships, and a user's CSV file in its place."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any, Final

from baseload.errors import Fault, InputError, nearest, raise_all
from baseload.law.precedence import contradictions
from baseload.law.rule import Rule, rule_faults
from baseload.sources import ASSUMED

AS_OF: Final = date(2026, 11, 24)
"""The day as of which the shipped rules were looked for."""

REQUIRED: Final = (
    "name",
    "jurisdiction",
    "activity",
    "party",
    "counterparty",
    "territory",
    "status",
    "instrument",
    "from_on",
    "source",
    "read_on",
)
OPTIONAL: Final = ("regime", "rank", "reaches_owned", "until_on", "relief", "lifted_by", "note")
COLUMNS: Final = (*REQUIRED, *OPTIONAL)

_DATES: Final = ("from_on", "until_on", "read_on")
_YES_NO: Final = {"yes": True, "no": False, "": False}
_LARGEST_BYTES: Final = 10_000_000
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules that ship, as of `AS_OF`: what was found on the Zaporizhzhia case, and the limits of
    El Salvador's programme with the IMF. Not legal advice.

    Returns
    -------
    tuple of Rule
        In the order of the table, each with its source.

    Examples
    --------
    >>> {rule.name: rule.status for rule in shipped_rules()}["us-eo-14065"]
    'allowed'
    """
    text = files("baseload.law").joinpath("rules.csv").read_text(encoding="utf-8")
    return _read(text, "rules.csv")


def read_rules(path: str | os.PathLike[str]) -> tuple[Rule, ...]:
    """The rules of a CSV file, which take the place of the shipped ones.

    Parameters
    ----------
    path : path
        CSV in UTF-8 with a header line: the columns of `REQUIRED`, and any of `OPTIONAL`. Days are
        written as 2026-01-31, `reaches_owned` as yes or no, `rank` as a whole number.

    Returns
    -------
    tuple of Rule
        In the order of the file.

    Raises
    ------
    InputError
        With every fault of the file, each with its line: missing and unknown columns, cells that say
        nothing or something else than they may, names that stand twice, rules that contradict
        one another.
    """
    file = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(Fault(file, None, None, "rules", why, "a CSV file of rules")) from None
    if len(data) > _LARGEST_BYTES:
        found = f"{len(data):,} bytes"
        raise InputError(
            Fault(file, None, None, "rules", found, f"at most {_LARGEST_BYTES:,} bytes")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = "text that is not UTF-8"
        raise InputError(Fault(file, line, None, "rules", found, "a CSV file in UTF-8")) from None
    return _read(text, file)


def _read(text: str, file: str) -> tuple[Rule, ...]:
    rows, faults = _rows(text, file)
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    faults += _header_faults(header, file)
    raise_all(faults)
    rules: list[Rule] = []
    lines: list[int] = []
    first_line: dict[str, int] = {}
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            found = f"a row of {len(cells)} cells"
            faults.append(Fault(file, line, None, "rules", found, f"{len(header)} cells"))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        name = row["name"]
        values, wrong = _values(row)
        field = name or "rules"
        faults += [Fault(file, line, None, f"{field}.{one[0]}", *one[1:]) for one in wrong]
        if name and name in first_line:
            found = f"'{name}' a second time, after line {first_line[name]}"
            faults.append(Fault(file, line, None, f"{name}.name", found, "a name of its own"))
        elif not wrong:
            rules.append(Rule(**values))
            lines.append(line)
        first_line.setdefault(name, line)
    faults += contradictions(rules, lines, file)
    raise_all(faults)
    return tuple(rules)


def _rows(text: str, file: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Rows that are not blank, with the line each begins on."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        return [], [Fault(file, line, None, "rules", f"no CSV: {error}", "a CSV file of rules")]
    if not rows:
        return [], [Fault(file, 1, None, "rules", "an empty file", "a header line and rules")]
    return rows, []


def _header_faults(header: Sequence[str], file: str) -> list[Fault]:
    if not header:
        return []
    faults = []
    for column in dict.fromkeys(header):
        if column not in COLUMNS:
            missing = [one for one in COLUMNS if one not in header]
            near = nearest(column, missing) or nearest(column, COLUMNS)
            faults.append(
                Fault(file, 1, None, "rules", f"a column {column!r}", f"{', '.join(COLUMNS)}", near)
            )
        elif header.count(column) > 1:
            faults.append(
                Fault(file, 1, None, "rules", f"the column {column!r} twice", "each column once")
            )
    for column in REQUIRED:
        if column not in header:
            faults.append(Fault(file, 1, None, "rules", f"no column {column!r}", "required"))
    return faults


def _values(row: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """The cells as what a rule takes, and what is wrong with them."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, ...]] = []
    for column, cell in row.items():
        if column in _DATES:
            if column == "until_on" and not cell:
                values[column] = None
                continue
            try:
                values[column] = _day(cell)
            except ValueError:
                found = repr(cell) if cell else "an empty cell"
                faults.append((column, found, "a day, as 2026-01-31"))
        elif column == "rank":
            if not cell or (cell.isascii() and cell.isdigit() and len(cell) < 10):
                values[column] = int(cell or 0)
            else:
                faults.append((column, repr(cell), "a whole number of at least 0"))
        elif column == "reaches_owned":
            if cell in _YES_NO:
                values[column] = _YES_NO[cell]
            else:
                faults.append((column, repr(cell), "yes or no", nearest(cell, ("yes", "no"))))
        else:
            values[column] = cell
    source = row["source"]
    if source.startswith(ASSUMED) and not source.removeprefix(ASSUMED).strip():
        faults.append(("source", repr(source), f"'{ASSUMED} why'"))
    return values, faults + [tuple(one) for one in rule_faults(values)]


def _day(text: str) -> date:
    # The other forms that Python reads, as 20260131 or 2026-W05-6, are more likely a slip.
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
