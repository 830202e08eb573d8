"""A user's own history, day by day, from a CSV file that may hold nothing doubtful."""

import csv
import math
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import _csv

DEMANDED_COLUMNS = ("date", "price_usd", "fees_btc_per_block")
OPTIONAL_COLUMNS = ("hash_rate_eh_per_s", "difficulty")
# Of a long file full of faults the first ones tell enough.
_MOST_FAULTS_TOLD = 20


class DayFromFile(NamedTuple):
    """Figures of one day of a user's file.

    Attributes
    ----------
    price_usd : float
        [USD/BTC]
    fees_btc_per_block : float
        [BTC/block]
    hash_rate_eh_per_s : float or None
        None where the file has no such column. [EH/s]
    difficulty : float or None
        None where the file has no such column.
    """

    price_usd: float
    fees_btc_per_block: float
    hash_rate_eh_per_s: float | None
    difficulty: float | None


def read_history_file(
    path: Path, first_day: date | None = None, last_day: date | None = None
) -> dict[date, DayFromFile]:
    """Read a user's history and refuse it unless every row is sound and every day asked is there.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 with the columns `date` (YYYY-MM-DD), `price_usd`, `fees_btc_per_block` and,
        if wanted, `hash_rate_eh_per_s` and `difficulty`; rows are consecutive days.
    first_day, last_day : date, optional
        Days that it must cover, both counted; left out, it may cover any.

    Returns
    -------
    dict of date to DayFromFile
        Every day of the file.

    Raises
    ------
    ValueError
        With all faults found (twenty at most), each with line, column, found and allowed.
    """
    faults: list[str] = []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            _fault(path, 1, "file", f"byte {error.start} is no UTF-8", "UTF-8")
        ) from None
    reader = csv.reader(text.splitlines(), strict=True)
    days: dict[date, DayFromFile] = {}
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header, faults)
        _raise_if_any(faults)
        _read_rows(path, reader, header, days, faults)
    except csv.Error as error:
        faults.append(_fault(path, reader.line_num, "row", str(error), "cells between commas"))
    _raise_if_any(faults)
    if first_day is not None and last_day is not None:
        _check_covers(path, days, first_day, last_day)
    return days


def _read_rows(
    path: Path,
    reader: "_csv.Reader",
    header: list[str],
    days: dict[date, DayFromFile],
    faults: list[str],
) -> None:
    expected: date | None = None
    for cells in reader:
        line = reader.line_num
        if len(cells) != len(header):
            faults.append(_fault(path, line, "row", f"{len(cells)} cells", f"{len(header)} cells"))
            expected = None
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        day = _day(path, line, row["date"], expected, faults)
        expected = day + timedelta(days=1) if day and day < date.max else None
        price = _number(path, line, "price_usd", row, "USD/BTC", faults)
        fees = _number(
            path, line, "fees_btc_per_block", row, "BTC/block", faults, zero_allowed=True
        )
        hash_rate = _number(path, line, "hash_rate_eh_per_s", row, "EH/s", faults)
        difficulty = _number(path, line, "difficulty", row, "", faults)
        if day and price is not None and fees is not None:
            days[day] = DayFromFile(price, fees, hash_rate, difficulty)


def _check_header(path: Path, header: list[str], faults: list[str]) -> None:
    known = (*DEMANDED_COLUMNS, *OPTIONAL_COLUMNS)
    for name in DEMANDED_COLUMNS:
        if name not in header:
            faults.append(_fault(path, 1, name, "no such column", "required"))
    for position, name in enumerate(header):
        if name not in known:
            faults.append(_fault(path, 1, name or "(empty)", "a column unknown here", str(known)))
        elif name in header[:position]:
            faults.append(_fault(path, 1, name, "the column twice", "each column once"))


def _day(path: Path, line: int, text: str, expected: date | None, faults: list[str]) -> date | None:
    try:
        # fromisoformat takes 20260131 and 2026-W05-6 too; one way of writing is enough.
        day = date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else None
    except ValueError:
        day = None
    if day is None:
        faults.append(_fault(path, line, "date", repr(text), "a day as 2026-01-31"))
    elif expected is not None and day != expected:
        faults.append(
            _fault(path, line, "date", text, f"{expected}, the day after the row before: no gaps")
        )
    return day


def _number(
    path: Path,
    line: int,
    column: str,
    row: dict[str, str],
    unit: str,
    faults: list[str],
    zero_allowed: bool = False,
) -> float | None:
    if column not in row:
        return None
    text = row[column]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and (value > 0 or (zero_allowed and value == 0)):
        return value
    allowed = "a number of 0 or more" if zero_allowed else "a number above 0"
    faults.append(
        _fault(path, line, column, repr(text), f"{allowed} [{unit}]" if unit else allowed)
    )
    return None


def _check_covers(
    path: Path, days: dict[date, DayFromFile], first_day: date, last_day: date
) -> None:
    if not days:
        raise ValueError(_fault(path, 2, "date", "no rows", f"{first_day} to {last_day}"))
    if first_day not in days or last_day not in days:
        found = f"{min(days)} to {max(days)}"
        allowed = f"every day from {first_day} to {last_day}"
        raise ValueError(_fault(path, len(days) + 1, "date", found, allowed))


def _fault(path: Path, line: int, column: str, found: str, allowed: str) -> str:
    return f"{path.name}:{line}  {column}\n  found    {found}\n  allowed  {allowed}"


def _raise_if_any(faults: list[str]) -> None:
    if not faults:
        return
    told = faults[:_MOST_FAULTS_TOLD]
    if len(faults) > len(told):
        told.append(f"and {len(faults) - len(told)} faults more")
    raise ValueError("\n".join(told))
