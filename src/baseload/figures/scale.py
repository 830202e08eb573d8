"""From values to pixels, and the round values that deserve a tick.

Ticks step by 1, 2 or 5 times a power of ten; ticks of time by hours, days, months or years.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.figures.numbers import decimal, power_of_ten, scaled_unit
from baseload.figures.svg import FONT_SIZE_PX, FloatArray, text_width_px

_EPOCH: Final = datetime(1970, 1, 1)
_SECONDS_PER_DAY: Final = 86_400
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_TICK_GAP_PX: Final = 8.0
# Below this share of its size a range is rounding noise and is drawn as a constant.
_SMALLEST_RELATIVE_RANGE: Final = 1e-7


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what is written there."""

    value: float
    label: str


@dataclass(frozen=True)
class Scale:
    """A linear or logarithmic map from ``low``..``high`` to pixels; outside it, the nearer end."""

    low: float
    high: float
    start_px: float
    end_px: float
    log: bool = False

    def place(self, values: npt.ArrayLike) -> FloatArray:
        """Pixels of the values; NaN where a value is not finite. [px]"""
        given = np.asarray(values, dtype=np.float64)
        given = np.where(np.isfinite(given), given, np.nan)
        low, high = self.low, self.high
        if self.log:
            given = np.log10(np.where(given > 0, given, np.nan))
            low, high = math.log10(low), math.log10(high)
        share = np.clip((given - low) / (high - low), 0.0, 1.0)
        return np.asarray(self.start_px + share * (self.end_px - self.start_px))

    def at(self, value: float) -> float:
        """Pixel of one value. [px]"""
        return float(self.place(value))


@dataclass(frozen=True)
class Axis:
    """A range of values with the ways to tick it, fewest ticks last.

    ``choices`` holds sets of ticks from the finest to the coarsest; a frame takes the first that
    fits. Labels show values divided by ``factor``, in ``unit``.
    """

    low: float
    high: float
    label: str
    choices: tuple[tuple[Tick, ...], ...]
    log: bool = False
    factor: float = 1.0
    unit: str = ""

    def scale(self, start_px: float, end_px: float) -> Scale:
        """The map of this axis onto the pixels."""
        return Scale(self.low, self.high, start_px, end_px, self.log)


def finite_range(*arrays: npt.ArrayLike, above: float = -math.inf) -> tuple[float, float] | None:
    """Smallest and largest finite value above a bound, None where there is none."""
    lows, highs = [], []
    for array in arrays:
        values = np.asarray(array, dtype=np.float64).ravel()
        values = values[np.isfinite(values) & (values > above)]
        if values.size:
            lows.append(float(values.min()))
            highs.append(float(values.max()))
    return (min(lows), max(highs)) if lows else None


def step_125(span: float, count: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that cuts a span into at most ``count`` parts.

    Examples
    --------
    >>> step_125(9.0, 5), step_125(1e-9, 4)
    (2.0, 5e-10)
    """
    raw = span / count
    exponent = math.floor(math.log10(raw))
    for factor in (1, 2, 5, 10):
        step = float(f"{factor}e{exponent}")
        if step >= raw * (1 - 1e-9):
            return step
    return float(f"1e{exponent + 2}")  # pragma: no cover - 10 is always enough


def _widened(low: float, high: float) -> tuple[float, float]:
    """A range with room in it, also when all the values are one."""
    size = max(abs(low), abs(high))
    if size < 1e-300:
        return 0.0, 1.0
    if high - low > size * _SMALLEST_RELATIVE_RANGE:
        return low, high
    return (0.0, high * 1.25) if low >= 0 else (low * 1.25, 0.0) if high <= 0 else (low, high)


def _decimals(step: float) -> int:
    """Decimals that tell neighbouring ticks apart."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def value_axis(
    low: float, high: float, unit: str, label: str = "", count: int = 5, round_ends: bool = True
) -> Axis:
    """A linear axis with short numbers as labels and the multiple of the unit in its title.

    Parameters
    ----------
    low, high : float
        Range of the data. [unit]
    unit : str
        Symbol of the unit; see `scaled_unit`.
    label : str
        What is measured, written before the unit.
    count : int
        Most parts between ticks.
    round_ends : bool
        Whether the axis begins and ends on a tick.
    """
    low, high = _widened(low, high)
    steps = [step_125(high - low, parts) for parts in range(count, 0, -1)]
    if round_ends:
        step = steps[0]
        low = math.floor(low / step + 1e-9) * step
        high = math.ceil(high / step - 1e-9) * step
    scaled = scaled_unit(max(abs(low), abs(high)), unit, words_from=1e4)
    choices = []
    for step in dict.fromkeys(steps):
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        decimals = _decimals(step / scaled.factor)
        ticks = tuple(
            Tick(index * step, decimal(index * step / scaled.factor, decimals))
            for index in range(first, last + 1)
        )
        if ticks:
            choices.append(ticks)
    title = f"{label} [{scaled.label}]" if label and scaled.label else label or scaled.label
    return Axis(low, high, title, tuple(choices), False, scaled.factor, scaled.label)


def log_axis(low: float, high: float, unit: str, label: str = "") -> Axis:
    """A logarithmic axis of positive values, ticked at powers of ten; when short, at 2 and 5."""
    if high < low * 1.5:
        low, high = low / 1.5, high * 1.5
    shares = unit in ("share", "probability")
    factor, name = (0.01, "%") if shares else (1.0, "" if unit == "1" else unit)
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    raised = high / factor >= 1e7 or low / factor < 1e-3
    choices = []
    for factors, every in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3), ((1,), 5)):
        ticks = []
        for exponent in exponents[::every]:
            for leading in factors:
                value = float(f"{leading}e{exponent}")
                if low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
                    ticks.append(Tick(value, _log_label(leading, value / factor, raised)))
        if 2 <= len(ticks) <= 8:
            choices.append(tuple(ticks))
    if not choices:
        choices.append((Tick(low, _short(low / factor)), Tick(high, _short(high / factor))))
    title = f"{label} [{name}]" if label and name else label or name
    return Axis(low, high, title, tuple(choices), True, factor, name)


def _log_label(leading: int, shown: float, raised: bool) -> str:
    if not raised:
        return decimal(shown, _decimals(shown))
    power = power_of_ten(math.floor(math.log10(shown) + 1e-9))
    return power if leading == 1 else f"{leading}×{power}"


def _short(shown: float) -> str:
    exponent = math.floor(math.log10(shown) + 1e-9)
    if -3 <= exponent < 7:
        return decimal(shown, max(0, 2 - exponent))
    return f"{decimal(shown / 10.0**exponent, 2)}×{power_of_ten(exponent)}"


def days_since_epoch(times: Sequence[date] | npt.NDArray[Any]) -> FloatArray:
    """Times as days since 1970, UTC. [d]"""
    moments = np.asarray(times, dtype="datetime64[s]")
    days = moments.astype(np.int64) / _SECONDS_PER_DAY
    return np.asarray(np.where(np.isnat(moments), np.nan, days))


def _hours(step: int) -> Callable[[datetime], datetime]:
    return lambda moment: moment + timedelta(hours=step)


def _months(step: int) -> Callable[[datetime], datetime]:
    def later(moment: datetime) -> datetime:
        count = moment.year * 12 + moment.month - 1 + step
        return moment.replace(year=count // 12, month=count % 12 + 1)

    return later


def _hour_label(moment: datetime, first: bool) -> str:
    return _day_label(moment, first) if moment.hour == 0 else f"{moment:%H:%M}"


def _day_label(moment: datetime, first: bool) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def _month_label(moment: datetime, first: bool) -> str:
    name = _MONTHS[moment.month - 1]
    return f"{name} {moment.year}" if first or moment.month == 1 else name


def _year_label(moment: datetime, first: bool) -> str:
    return f"{moment.year}"


def time_axis(low_day: float, high_day: float, label: str = "") -> Axis:
    """An axis of time between two days since 1970, ticked at whole hours, days, months or years."""
    if not high_day > low_day:
        low_day, high_day = low_day - 0.5, low_day + 0.5
    begin = _EPOCH + timedelta(days=low_day)
    end = _EPOCH + timedelta(days=high_day)
    span = high_day - low_day
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    month = midnight.replace(day=1)
    choices: list[tuple[Tick, ...]] = []

    def add(
        start: datetime,
        later: Callable[[datetime], datetime],
        days: float,
        label_of: Callable[[datetime, bool], str],
    ) -> None:
        if not 1 <= span / days <= 12:
            return
        ticks: list[Tick] = []
        moment = start
        while moment <= end:
            if moment >= begin:
                day = (moment - _EPOCH) / timedelta(days=1)
                ticks.append(Tick(day, label_of(moment, not ticks)))
            moment = later(moment)
        if ticks:
            choices.append(tuple(ticks))

    for step in (1, 2, 3, 6, 12):
        add(midnight, _hours(step), step / 24, _hour_label)
    for step in (1, 2, 7, 14):
        add(midnight, _hours(24 * step), step, _day_label)
    for step in (1, 3, 6):
        start = month.replace(month=(month.month - 1) // step * step + 1)
        add(start, _months(step), 30.4 * step, _month_label)
    for step in (1, 2, 5, 10, 20, 50, 100):
        year = max(1, begin.year // step * step)
        add(month.replace(year=year, month=1), _months(12 * step), 365.25 * step, _year_label)
    first, last = begin.date(), end.date()
    by_day = span < 400
    ends = (
        f"{d.day} {_MONTHS[d.month - 1]} {d.year}" if by_day else str(d.year) for d in (first, last)
    )
    choices.append(
        tuple(Tick(at, name) for at, name in zip((low_day, high_day), ends, strict=True))
    )
    choices.append(choices[-1][:1])
    return Axis(low_day, high_day, label, tuple(choices))


def label_centre_px(centre_px: float, label: str, low_px: float, high_px: float) -> float:
    """Where a centred label goes so that it stays between two edges. [px]"""
    half = text_width_px(label, FONT_SIZE_PX["label"]) / 2
    if high_px - low_px < 2 * half:
        return (low_px + high_px) / 2
    return min(max(centre_px, low_px + half), high_px - half)


def ticks_that_fit(axis: Axis, scale: Scale, low_px: float, high_px: float) -> tuple[Tick, ...]:
    """The finest ticks whose labels, side by side between two edges, do not touch."""
    for ticks in axis.choices:
        reached = -math.inf
        for tick in ticks:
            width = text_width_px(tick.label, FONT_SIZE_PX["label"])
            centre = label_centre_px(scale.at(tick.value), tick.label, low_px, high_px)
            if centre - width / 2 < reached + _TICK_GAP_PX:
                break
            reached = centre + width / 2
        else:
            return ticks
    return axis.choices[-1][:1]
