"""Values under the pointer: what a figure tells the script of its page, and the script.

Numbers stand once in the page. The script reads them back from the paths of the figure; what it needs
besides are the scales and the places that have a value, which a figure carries as attributes. Words are
apart by a space, the unit by a bar:

``data-x``  kind of place, .5 if a value holds until the next, decimals, first, step, how many; left and
            right edge of the data [px], what lies there
``data-y``  bottom and top edge [px], what lies there, 1 if logarithmic, digits to show (decimals, or of a
            logarithmic scale digits that matter), how far off a value that is read may be
``data-n``  on a path, the name of its series
``data-c``  of a heat map: rows, darkest and brightest value, decimals, what follows the number of a row

Kinds of place are ``m`` months (first as 2027-1, or 2027-12-31 where it is not the first day), ``d`` days
and ``h`` hours (days since 1970), ``n`` numbers and ``b`` bins.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.figures.numbers import SPACE, decimal
from baseload.figures.scale import Axis, Scale, days_since_epoch
from baseload.figures.svg import UNSEEN_PX, FloatArray, coordinate

_ABOUT_SIGNS: Final = r" (=>|[=!<>]=|&&|\|\||\*\*|>>|[-+*/=?:<>&]) "
_LEAST_APART_PX: Final = 0.3
"""Nearer places cannot be told apart in coordinates of a tenth of a pixel. [px]"""
_EVEN: Final = 1e-6


@lru_cache
def pointer_script() -> str:
    """The script that shows values under the pointer; a page without it loses nothing else.

    Comments, indents and spaces about signs are left out; what stands between quotes has none such.
    """
    lines = (line.strip() for line in _own_file("pointer.js").splitlines())
    script = "\n".join(line for line in lines if line and not line.startswith("//"))
    script = re.sub(_ABOUT_SIGNS, r"\1", script)
    script = re.sub(r"(?<=\w): (?=[\w{'-])", ":", script)
    return re.sub(r"(?<![`'])([,;{]) (?!\$)", r"\1", script)


@lru_cache
def pointer_stylesheet() -> str:
    """The rules of the line and of the box that the script draws; nothing of them is printed.

    They use the page's colours: ``--ink``, ``--panel``, ``--edge`` and ``--link``.
    """
    return _own_file("pointer.css").replace("\n", "")


def _own_file(name: str) -> str:
    return resources.files("baseload.figures").joinpath(name).read_text(encoding="utf-8").strip()


def readable_x(x: Any, axis: Axis, scale: Scale, hold: bool = False) -> str | None:
    """The attribute ``data-x`` of places at even steps or on the first of months; None for others.

    Parameters
    ----------
    x : array of dates, of times or of numbers
        The places, ascending.
    axis : Axis
        Range of the places.
    scale : Scale
        Where they lie in the figure.
    hold : bool
        Whether each value holds until the next place.
    """
    given = np.asarray(x)
    if given.size == 0:
        return None
    step: float
    if given.dtype.kind in "MO":
        days = days_since_epoch(given)
        months = _months(given)
        if months is not None:
            first, step = months
            kind = "m"
        else:
            step = _even_step(days)
            kind = "d" if step % 1 == 0 and (days % 1 == 0).all() else "h"
            first = _short(float(days[0]))
        places = days
    else:
        places = np.asarray(given, dtype=np.float64)
        step, kind = _even_step(places), "n"
        step, first = step / axis.factor, _short(float(places[0]) / axis.factor)
    px = scale.place(places)
    if not step or (given.size > 1 and np.diff(px).min() < _LEAST_APART_PX):
        return None
    return _places(kind, hold, first, step, given.size, axis, scale)


def readable_bins(low: float, high: float, bins: int, axis: Axis, scale: Scale) -> str:
    """The attribute ``data-x`` of bins of one width. [the axis' unit]"""
    step = (high - low) / bins / axis.factor
    return _places("b", True, _short(low / axis.factor), step, bins, axis, scale)


def readable_y(axis: Axis, scale: Scale, parts: int = 1) -> str:
    """The attribute ``data-y`` of an axis, in the multiple of the unit that it is labelled with.

    A line is drawn to within `UNSEEN_PX` of its values. What is read back has no more digits than that
    leaves it, and comes with how far off it may be.

    Parameters
    ----------
    axis, scale : Axis, Scale
        The vertical ones.
    parts : int
        How many lines a value is read off: two for the thickness of a layer.
    """
    off_px = UNSEEN_PX * parts / abs(scale.end_px - scale.start_px)
    if axis.log:
        share = (axis.high / axis.low) ** off_px - 1.0
        digits = max(1, 1 + math.ceil(-math.log10(2.0 * share)))
        off = f"{math.ceil(100.0 * (share + 0.5 * 10.0 ** (1 - digits)))}{SPACE}%"
    else:
        finest, most = _off(off_px * (axis.high - axis.low) / axis.factor)
        digits = -finest
        off = f"{most} {_unit(axis.unit)}".strip().replace(" ", SPACE)
    return _words(*_ends(axis, scale, axis.factor), int(axis.log), digits, off, unit=axis.unit)


def readable_cells(rows: int, axis: Axis, after_row: str) -> str:
    """The attribute ``data-c`` of a heat map whose colours stand for the values of an axis."""
    low, high = axis.low / axis.factor, axis.high / axis.factor
    digits = max(0, 1 - math.floor(math.log10((high - low) / 3)))
    return _words(rows, _short(low), _short(high), digits, after_row, unit=axis.unit)


def edges_px(scale: Scale) -> str:
    """The edges alone, as of a ``data-y`` without values."""
    return f"{coordinate(scale.start_px)} {coordinate(scale.end_px)}"


def _places(
    kind: str, hold: bool, first: str, step: float, count: int, axis: Axis, scale: Scale
) -> str:
    shown = [_short(step), first] if kind in "nb" else []
    whole = all(float(number).is_integer() for number in shown)
    digits = 0 if whole else max(1, math.ceil(1 - math.log10(step)))
    ends = _ends(axis, scale, axis.factor)
    return _words(
        kind, ".5" if hold else 0, digits, first, _short(step), count, *ends, unit=axis.unit
    )


def _words(*words: str | int, unit: str) -> str:
    said = " ".join(str(word) for word in words)
    return f"{said}|{_unit(unit)}" if unit else said


def _off(error: float) -> tuple[int, str]:
    """Power of ten to round to, and the most that a value then is off, in one digit."""
    finest = math.floor(math.log10(2.0 * error))
    most = error + 0.5 * 10.0**finest
    power = math.floor(math.log10(most))
    digit = math.ceil(most / 10.0**power - 1e-9)
    return finest, decimal(digit * 10.0**power, max(0, -power))


def _ends(axis: Axis, scale: Scale, factor: float) -> list[str]:
    edges = [coordinate(scale.start_px), coordinate(scale.end_px)]
    return [*edges, _short(axis.low / factor), _short(axis.high / factor)]


def _months(given: npt.NDArray[Any]) -> tuple[str, int] | None:
    """First place and months between places, all on one day of the month; None for other places."""
    moments = given.astype("datetime64[s]")
    days = moments.astype("datetime64[D]")
    if np.isnat(moments).any() or (days != moments).any():
        return None
    months = days.astype("datetime64[M]")
    day = (days - months).astype(np.int64) + 1
    steps = np.diff(months.astype(np.int64))
    if (day != day[0]).any() or (steps.size and (steps[0] <= 0 or (steps != steps[0]).any())):
        return None
    year, month = str(months[0]).split("-")
    first = f"{year}-{int(month)}" + (f"-{day[0]}" if day[0] > 1 else "")
    return first, int(steps[0]) if steps.size else 1


def _even_step(places: FloatArray) -> float:
    """Distance between places; 0 where they are not even."""
    if not np.isfinite(places).all():
        return 0.0
    if places.size < 2:
        return 1.0
    steps = np.diff(places)
    step = float((places[-1] - places[0]) / (places.size - 1))
    return step if step > 0 and np.abs(steps - step).max() <= _EVEN * step else 0.0


def _short(value: float) -> str:
    """A number with ten digits, which is finer than any figure is drawn."""
    return f"{value:.10g}" if math.isfinite(value) else "0"


def _unit(unit: str) -> str:
    return unit.replace("\u00a0", " ")
