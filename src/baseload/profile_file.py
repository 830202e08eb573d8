"""A user's hourly profile from a CSV file, checked row by row and laid over a horizon.

The file holds the columns `time,value`, or `value` alone, one row an hour in UTC: either the whole
horizon, or one year from 1 January, which then repeats by calendar.
"""

from __future__ import annotations

import csv
import math
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from baseload.clock import DAYS_PER_COMMON_YEAR, HOURS_PER_DAY, Horizon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HOURS_PER_COMMON_YEAR = DAYS_PER_COMMON_YEAR * HOURS_PER_DAY
HOURS_PER_LEAP_YEAR = HOURS_PER_COMMON_YEAR + HOURS_PER_DAY
_HEADERS = (["time", "value"], ["value"])
# 29 February counts from 0 in a leap year.
_LEAP_DAY = (date(2028, 2, 29) - date(2028, 1, 1)).days
_HOUR = timedelta(hours=1)


def _fault(place: str, found: str, allowed: str) -> ValueError:
    # A place that ends in a column's name already has its colon.
    gap = " " if place.endswith(":") else "  "
    return ValueError(f"{place}{gap}found {found}, allowed {allowed}")


def _rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows with their line numbers."""
    if path.suffix.lower() != ".csv":
        raise _fault(str(path), f"a file '{path.suffix}'", "a CSV file, as profile.csv")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _fault(str(path), "no such file", "a CSV file with the columns time,value") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise _fault(str(path), f"a file that cannot be read ({fault})", "UTF-8 text") from None
    reader = csv.reader(StringIO(text))
    rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    while rows and not any(rows[-1][1]):
        rows.pop()
    header = rows[0][1] if rows else []
    if header not in _HEADERS:
        found = f"the header '{','.join(header)}'" if header else "an empty file"
        raise _fault(f"{path.name}:1", found, "the header 'time,value' or 'value'")
    return header, rows[1:]


def _bounds_text(low: float, high: float | None) -> str:
    if math.isinf(low):
        return "a number" if high is None else f"a number, {high:g} at most"
    return f"a number, {low:g} or more" if high is None else f"a number from {low:g} to {high:g}"


def _value(text: str, place: str, low: float, high: float | None) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    # NaN fails every comparison, so that it is refused with whatever is out of bounds.
    top = math.inf if high is None else high
    if not (low <= value <= top and math.isfinite(value)):
        raise _fault(f"{place}  value:", repr(text), _bounds_text(low, high))
    return value


def _time(text: str, place: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise _fault(
            f"{place}  time:", repr(text), "an hour in UTC, as 2027-01-01T00:00Z"
        ) from None
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    if instant.utcoffset() != timedelta(0):
        raise _fault(f"{place}  time:", repr(text), "UTC, with no other offset")
    return instant.astimezone(UTC)


def _first_hour(times: list[tuple[str, str]]) -> datetime:
    """First hour of the rows, once each is known to come one hour after the row before."""
    first = _time(times[0][1], times[0][0])
    for index, (place, text) in enumerate(times):
        expected = first + index * _HOUR
        if _time(text, place) != expected:
            raise _fault(
                f"{place}  time:", repr(text), f"{expected:%Y-%m-%dT%H:%MZ}, one row for each hour"
            )
    return first


def repeat_year(year: NDArray[np.float64], horizon: Horizon) -> NDArray[np.float64]:
    """One year's hours laid over a horizon by calendar.

    Where the year has 365 days, 29 February takes the values of 28 February; where it has 366, the
    29th is left out of common years.

    Parameters
    ----------
    year : ndarray of float64, shape (8760,) or (8784,)
        Values from 1 January 00:00 UTC.
    horizon : Horizon
        Start and length.

    Returns
    -------
    ndarray of float64, shape (H,)
        Values by hour of the horizon.
    """
    import numpy as np

    by_day = year.reshape(-1, HOURS_PER_DAY)
    if len(by_day) == DAYS_PER_COMMON_YEAR:
        by_day = np.insert(by_day, _LEAP_DAY, by_day[_LEAP_DAY - 1], axis=0)
    days = np.datetime64(horizon.start, "D") + np.arange(horizon.days)
    years = days.astype("datetime64[Y]")
    day_of_year = (days - years).astype(np.int64)
    # Day 59 of a common year is 1 March, which in a leap year is day 60.
    calendar_year = years.astype(np.int64) + 1970
    is_leap = (calendar_year % 4 == 0) & ((calendar_year % 100 != 0) | (calendar_year % 400 == 0))
    day_of_year += (~is_leap) & (day_of_year >= _LEAP_DAY)
    laid: NDArray[np.float64] = by_day[day_of_year].reshape(-1)
    return laid


def read_profile(
    path: Path | str, horizon: Horizon, low: float = 0.0, high: float | None = None
) -> NDArray[np.float64]:
    """A profile of a file, by hour of the horizon.

    Parameters
    ----------
    path : Path or str
        A CSV file with the header `time,value` (times in UTC, as 2027-01-01T00:00Z, without gap or
        repetition) or `value`. It has as many rows as the horizon has hours and begins with it, or
        the 8,760 or 8,784 rows of one year from 1 January, which repeat by calendar: 29 February
        takes the values of 28 February where the file has none.
    horizon : Horizon
        Start and length.
    low : float
        Smallest value allowed.
    high : float or None
        Largest value allowed; None for no limit.

    Returns
    -------
    ndarray of float64, shape (H,)
        Values by hour.

    Raises
    ------
    ValueError
        For the first fault of the file: the text says file and line, what was found and what is
        allowed.
    """
    import numpy as np

    path = Path(path)
    header, rows = _rows(path)
    values = np.empty(len(rows))
    times: list[tuple[str, str]] = []
    for index, (line, row) in enumerate(rows):
        place = f"{path.name}:{line}"
        if len(row) != len(header):
            raise _fault(place, f"{len(row)} cells", f"{len(header)}: {','.join(header)}")
        values[index] = _value(row[-1], place, low, high)
        times.append((place, row[0]))
    # Times first: a gap is better named by its line than by a count of rows.
    first = _first_hour(times) if len(header) > 1 and times else None
    counts = {horizon.hours, HOURS_PER_COMMON_YEAR, HOURS_PER_LEAP_YEAR}
    if len(rows) not in counts:
        allowed = " or ".join(f"{count:,}" for count in sorted(counts))
        raise _fault(f"{path.name}:{len(rows) + 1}", f"{len(rows):,} rows", f"{allowed} rows")
    if first is not None:
        begins_at = datetime.combine(horizon.start, time(), UTC)
        if first == begins_at and len(rows) == horizon.hours:
            return values
        return _one_year(values, first, horizon, f"{times[0][0]}  time:")
    if len(rows) == horizon.hours:
        if horizon.years == 1 and horizon.start.month != 1:
            # The rows could begin with the horizon or with January: a guess would move the seasons.
            raise _fault(
                f"{path.name}:1", "'value' alone", "'time,value' for a year that begins in between"
            )
        return values
    return repeat_year(values, horizon)


def _one_year(
    values: NDArray[np.float64], first: datetime, horizon: Horizon, place: str
) -> NDArray[np.float64]:
    """Values of a dated calendar year over the horizon, or a fault where they are none."""
    ends = first.replace(year=first.year + 1) if (first.month, first.day) == (1, 1) else first
    if first.hour or first.minute or (ends - first) // _HOUR != len(values):
        raise _fault(
            place,
            f"{first:%Y-%m-%dT%H:%MZ} before {len(values):,} rows",
            f"{horizon.start.isoformat()}T00:00Z and the whole horizon of {horizon.hours:,} rows,"
            " or the whole of one year from 1 January",
        )
    return repeat_year(values, horizon)
