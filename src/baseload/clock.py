"""The hours, days, months and years of a horizon, all in UTC, with leap days.

numpy is imported when arrays are asked for, so that a scenario can be read without it.
House letters: H hours, D days, M months.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HOURS_PER_DAY = 24
HOURS_PER_WEEK = 7 * HOURS_PER_DAY
MONTHS_PER_YEAR = 12
DAYS_PER_COMMON_YEAR = 365
# What a length in years or months, or a rate per year, comes to in days and hours: the mean of four
# years, one of them a leap year. The hours of a horizon are counted, not taken from these.
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR
HOURS_PER_YEAR = DAYS_PER_YEAR * HOURS_PER_DAY
HOURS_PER_MONTH = DAYS_PER_MONTH * HOURS_PER_DAY
DAY_KINDS = ("workday", "saturday", "sunday")
LONGEST_HORIZON_YEARS = 60
SLOTS_PER_MONTH = len(DAY_KINDS) * HOURS_PER_DAY
UTC_OFFSET_LOW_HOURS, UTC_OFFSET_HIGH_HOURS = -12, 14


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // MONTHS_PER_YEAR, day.month % MONTHS_PER_YEAR + 1, 1)


def nearest_month_start(day: date) -> date:
    """First day of the month that lies nearest to `day`, the earlier of two equally near.

    Parameters
    ----------
    day : date
        Any day.

    Returns
    -------
    date
        The first of this month or of the next.

    Examples
    --------
    >>> nearest_month_start(date(2027, 12, 20))
    datetime.date(2028, 1, 1)
    """
    this, following = day.replace(day=1), _first_of_next_month(day)
    return this if day - this <= following - day else following


def years_later(day: date, years: int) -> date:
    """The same day of the calendar so many years on; for 29 February the 28th where there is none.

    Parameters
    ----------
    day : date
    years : int
        Below 0 for years before.

    Raises
    ------
    ValueError
        Beyond the years 1 to 9999 of the calendar.

    Examples
    --------
    >>> years_later(date(2028, 2, 29), 2), years_later(date(2027, 1, 31), 2)
    (datetime.date(2030, 2, 28), datetime.date(2029, 1, 31))
    """
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


@dataclass(frozen=True)
class Horizon:
    """The years that a study covers, from 00:00 UTC of `start`.

    Attributes
    ----------
    start : date
        The first day, which opens a month: money closes by whole months.
    years : int
        Length, from 1 to 60. [years]

    Examples
    --------
    >>> Horizon(date(2027, 1, 1), 2).days
    731
    """

    start: date
    years: int

    def __post_init__(self) -> None:
        """Refuse a start inside a month, and lengths that the model was not made for."""
        if isinstance(self.start, datetime):
            raise ValueError(f"start: found {self.start.isoformat()}, allowed a day without a time")
        if self.start.day != 1:
            raise ValueError(
                f"start: found {self.start.isoformat()}, allowed the first day of a month,"
                f" nearest {nearest_month_start(self.start).isoformat()}"
            )
        if isinstance(self.years, bool) or not isinstance(self.years, int):
            raise ValueError(f"years: found {self.years!r}, allowed a whole number [years]")
        if not 1 <= self.years <= LONGEST_HORIZON_YEARS:
            raise ValueError(
                f"years: found {self.years}, allowed from 1 to {LONGEST_HORIZON_YEARS} [years]"
            )

    @property
    def end(self) -> date:
        """The first day after the horizon."""
        return self.start.replace(year=self.start.year + self.years)

    @property
    def months(self) -> int:
        """Count of months M. [months]"""
        return self.years * MONTHS_PER_YEAR

    @property
    def days(self) -> int:
        """Count of days D, leap days included. [days]"""
        return (self.end - self.start).days

    @property
    def hours(self) -> int:
        """Count of hours H, those of leap days included. [hours]"""
        return self.days * HOURS_PER_DAY


class Calendar(NamedTuple):
    """The horizon as arrays, for kernels.

    Attributes
    ----------
    day_month : ndarray of int32, shape (D,)
        Index of the month of each day, 0 to M - 1.
    month_first_day : ndarray of int32, shape (M + 1,)
        Index of the first day of each month; the last entry is D.
    month_first_hour : ndarray of int32, shape (M + 1,)
        Index of the first hour of each month; the last entry is H.
    year_of_month : ndarray of int32, shape (M,)
        Year of the project that each month is in, from 0.
    month_of_year : ndarray of int8, shape (D,)
        Calendar month of each UTC day, 0 January to 11 December.
    day_kind : ndarray of int8, shape (D,)
        0 workday, 1 Saturday, 2 Sunday: of the local day at noon UTC.
    day_date : ndarray of datetime64[D], shape (D,)
        Date of each UTC day.
    """

    day_month: NDArray[np.int32]
    month_first_day: NDArray[np.int32]
    month_first_hour: NDArray[np.int32]
    year_of_month: NDArray[np.int32]
    month_of_year: NDArray[np.int8]
    day_kind: NDArray[np.int8]
    day_date: NDArray[np.datetime64]


def _require_utc_offset(utc_offset_hours: int) -> None:
    if not UTC_OFFSET_LOW_HOURS <= utc_offset_hours <= UTC_OFFSET_HIGH_HOURS:
        raise ValueError(
            f"utc_offset_hours: found {utc_offset_hours}, allowed from"
            f" {UTC_OFFSET_LOW_HOURS} to {UTC_OFFSET_HIGH_HOURS} [hours]"
        )


def _month_of_year(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    import numpy as np

    months: NDArray[np.int64] = days.astype("datetime64[M]").astype(np.int64) % MONTHS_PER_YEAR
    return months


def _day_kind(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    import numpy as np

    # Day 0 of datetime64, 1 January 1970, was a Thursday: weekday 3 counted from Monday.
    weekday = (days.astype(np.int64) + 3) % 7
    kinds: NDArray[np.int64] = np.maximum(weekday - 4, 0)
    return kinds


def calendar(horizon: Horizon, utc_offset_hours: int = 0) -> Calendar:
    """Arrays that say the month, year and kind of each day of a horizon.

    Days and months are those of UTC. Only `day_kind` looks at local time, at noon UTC; profiles
    that need local time by the hour take `local_slot`.

    Parameters
    ----------
    horizon : Horizon
        Start and length.
    utc_offset_hours : int
        Local time minus UTC, fixed over the year. [hours]

    Returns
    -------
    Calendar
        Fresh arrays that the caller may keep.

    Examples
    --------
    >>> calendar(Horizon(date(2028, 1, 1), 1)).month_first_day[:4].tolist()
    [0, 31, 60, 91]
    """
    import numpy as np

    _require_utc_offset(utc_offset_hours)
    first = np.datetime64(horizon.start, "D")
    day_date = first + np.arange(horizon.days)
    first_month = first.astype("datetime64[M]")
    month_starts = (first_month + np.arange(horizon.months + 1)).astype("datetime64[D]")
    month_first_day = (month_starts - first).astype(np.int32)
    months = np.arange(horizon.months, dtype=np.int32)
    days_ahead = (HOURS_PER_DAY // 2 + utc_offset_hours) // HOURS_PER_DAY
    return Calendar(
        day_month=np.repeat(months, np.diff(month_first_day)),
        month_first_day=month_first_day,
        month_first_hour=month_first_day * np.int32(HOURS_PER_DAY),
        year_of_month=(months // MONTHS_PER_YEAR).astype(np.int32),
        month_of_year=_month_of_year(day_date).astype(np.int8),
        day_kind=_day_kind(day_date + days_ahead).astype(np.int8),
        day_date=day_date,
    )


def local_slot(horizon: Horizon, utc_offset_hours: int = 0) -> NDArray[np.int16]:
    """For each UTC hour, where a profile by local month, day kind and hour has its value.

    A profile `shape[12, 3, 24]` by the hour is `shape.reshape(-1)[local_slot(horizon, offset)]`.

    Parameters
    ----------
    horizon : Horizon
        Start and length.
    utc_offset_hours : int
        Local time minus UTC, fixed over the year. [hours]

    Returns
    -------
    ndarray of int16, shape (H,)
        month x 72 + day kind x 24 + hour, each at the local time of the hour: 0 to 863.

    Examples
    --------
    >>> int(local_slot(Horizon(date(2027, 1, 1), 1), 2)[22])  # 2 January, a Saturday, 00:00
    24
    """
    import numpy as np

    _require_utc_offset(utc_offset_hours)
    local_hours = np.arange(horizon.hours, dtype=np.int64) + utc_offset_hours
    day_index, hour_of_day = np.divmod(local_hours, HOURS_PER_DAY)
    # One day more at either end, which an offset can reach.
    days = np.datetime64(horizon.start, "D") + np.arange(-1, horizon.days + 1)
    day_slot = _month_of_year(days) * SLOTS_PER_MONTH + _day_kind(days) * HOURS_PER_DAY
    slots: NDArray[np.int16] = (day_slot[day_index + 1] + hour_of_day).astype(np.int16)
    return slots


def hour_of(horizon: Horizon, when: date | datetime) -> int:
    """Index of the hour that holds an instant; below 0 before the start, H or more after the end.

    Parameters
    ----------
    horizon : Horizon
        Start and length.
    when : date or datetime
        A day stands for its 00:00 UTC; a datetime without a zone is taken as UTC.

    Returns
    -------
    int
        Hours since the start, rounded down. [hours]

    Examples
    --------
    >>> hour_of(Horizon(date(2027, 1, 1), 1), date(2026, 12, 31))
    -24
    """
    if not isinstance(when, datetime):
        return (when - horizon.start).days * HOURS_PER_DAY
    instant = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return (instant - datetime.combine(horizon.start, time(), UTC)) // timedelta(hours=1)


def month_dates(horizon: Horizon) -> tuple[date, ...]:
    """First day of each month of a horizon.

    Parameters
    ----------
    horizon : Horizon
        Start and length.

    Returns
    -------
    tuple of date
        M days.

    Examples
    --------
    >>> month_dates(Horizon(date(2027, 12, 1), 1))[1]
    datetime.date(2028, 1, 1)
    """
    dates = [horizon.start]
    while len(dates) < horizon.months:
        dates.append(_first_of_next_month(dates[-1]))
    return tuple(dates)
