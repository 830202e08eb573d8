"""Functions of expressions that read the monthly series of a study, and dates on its horizon.

The series are kept as means and quantiles over the paths, so that what they give is one number and
not one a path, and carries no interval for the noise of finitely many paths.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.clock import DAYS_PER_YEAR, Horizon
from baseload.engine.outputs import SERIES
from baseload.expression.faults import ArgumentFault
from baseload.expression.kinds import Function
from baseload.expression.values import Numbers, numbers

Floats = npt.NDArray[np.float64]

SERIES_UNITS: Final = dict(SERIES)
FLOWS: Final = ("bitcoin_mined", "net_cash_usd", "net_cash_grid_only_usd", "net_cash_idle_usd")
"""Series of what came in during each month, which can be added up."""

_COLUMNS: Final = {"mean": "mean", "p05": "5 % quantile", "p50": "median", "p95": "95 % quantile"}


@dataclass(frozen=True)
class MonthlySeries:
    """Statistics over the paths of every series, month by month.

    Attributes
    ----------
    horizon : Horizon
    columns : dict of str to dict of str to ndarray (M,)
        By "mean", "p05", "p50", "p95", and the series' name.
    """

    horizon: Horizon
    columns: dict[str, dict[str, Floats]]

    def in_year(self, column: str, name: str, year: int) -> float:
        """Mean over a calendar year, or the part of it in the horizon, each day counted once."""
        start = self.horizon.start
        months = [m for m in range(self.horizon.months) if _month(start, m)[0] == year]
        if not months:
            last = self.horizon.end.year - (self.horizon.end.month == 1)
            raise ArgumentFault(f"the year {year}", f"a year from {start.year} to {last}")
        days = np.array([_days(*_month(start, m)) for m in months], np.float64)
        return float(np.average(self.columns[column][name][months], weights=days))

    def in_month(self, column: str, name: str, day: date) -> float:
        """Value of the month that a day lies in."""
        return float(self.columns[column][name][self._index(day)])

    def until(self, column: str, name: str, day: date) -> float:
        """Sum from the start to the end of a day, the last month in proportion to its days."""
        last = self._index(day)
        values = self.columns[column][name]
        part = day.day / _days(day.year, day.month)
        return float(values[:last].sum() + part * values[last])

    def first_month_above_zero(self, column: str, name: str) -> float:
        """Years from the start to the first month with a value above zero; NaN if there is none."""
        above = np.flatnonzero(self.columns[column][name] > 0.0)
        return float(above[0]) / 12.0 if above.size else float("nan")

    def _index(self, day: date) -> int:
        start = self.horizon.start
        if not start <= day < self.horizon.end:
            allowed = f"a day from {start.isoformat()} on, before {self.horizon.end.isoformat()}"
            raise ArgumentFault(day.isoformat(), allowed)
        return 12 * (day.year - start.year) + day.month - start.month


def series_functions(series: MonthlySeries | None) -> dict[str, Function]:
    """The functions of series and dates by name.

    Parameters
    ----------
    series : MonthlySeries or None
        None: their signatures alone, to check expressions before anything has run.

    Examples
    --------
    >>> sorted(series_functions(None))[:3]
    ['mean_in_month', 'mean_in_year', 'p05_in_month']
    """
    names, flows = {0: tuple(SERIES_UNITS)}, {0: FLOWS}
    found: dict[str, Function] = {}
    for column, words in _COLUMNS.items():
        in_year, in_month, until = (None, None, None) if series is None else _of(series, column)
        found[f"{column}_in_year"] = Function(
            ("text", "number"),
            "number",
            in_year,
            f"{words} over the paths of a series, averaged over a calendar year",
            one_of=names,
            unit="same",
        )
        found[f"{column}_in_month"] = Function(
            ("text", "date"),
            "number",
            in_month,
            f"{words} over the paths of a series in the month of a day",
            one_of=names,
            unit="same",
        )
        of = "" if column == "mean" else f"{column}_"
        also = "" if column == "mean" else ", as if all months were so together"
        found[f"{of}sum_until"] = Function(
            ("text", "date"),
            "number",
            until,
            f"{words} over the paths of a flow, from the start to the end of a day{also}",
            one_of=flows,
            unit="same",
        )
    found["years_until"] = Function(
        ("date",),
        "number",
        None if series is None else _years_until(series.horizon.start),
        "years from the start to a day, of 365.25 days",
        unit="years",
    )
    return found


def _of(series: MonthlySeries, column: str) -> tuple[Callable[..., Numbers], ...]:
    def in_year(name: str, year: Numbers) -> Numbers:
        return numbers(series.in_year(column, _named(name), _whole(year)))

    def in_month(name: str, day: date) -> Numbers:
        return numbers(series.in_month(column, _named(name), day))

    def until(name: str, day: date) -> Numbers:
        if name not in FLOWS:
            raise ArgumentFault(f'"{name}"', "one of " + ", ".join(FLOWS))
        return numbers(series.until(column, name, day))

    return in_year, in_month, until


def _years_until(start: date) -> Callable[[date], Numbers]:
    def years_until(day: date) -> Numbers:
        return numbers((day - start).days / DAYS_PER_YEAR)

    return years_until


def _named(name: str) -> str:
    """The name of a series; a text that a name stands for was not checked before."""
    if name not in SERIES_UNITS:
        raise ArgumentFault(f'"{name}"', "the name of a series")
    return name


def _whole(year: Numbers) -> int:
    if year.low.ndim or not year.is_exact or not float(year.low).is_integer():
        raise ArgumentFault("a year that is no whole number", "a calendar year, as 2035")
    return int(year.low)


def _month(start: date, month: int) -> tuple[int, int]:
    place = start.month - 1 + month
    return start.year + place // 12, place % 12 + 1


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
