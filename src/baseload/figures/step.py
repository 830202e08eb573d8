"""Stairs: what holds until it changes, such as the probability that something has come about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.figures.frame import (
    Frame,
    LegendEntry,
    Mark,
    horizontal_marks,
    make_frame,
    no_data,
)
from baseload.figures.line import Times, value_axis_of
from baseload.figures.numbers import quantity
from baseload.figures.scale import Axis, days_since_epoch, finite_range, time_axis, value_axis
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import FloatArray, curve, element, hinted

_MOST_COLUMNS: Final = 60


@dataclass(frozen=True)
class Stair:
    """A line that holds each value from its place on.

    Attributes
    ----------
    label : str
        Its name.
    at : array of dates, of times or of numbers
        Where the values begin, ascending.
    values : array
        From each place on until the next; NaN leaves a gap. [unit]
    before : float
        Before the first place; NaN begins the line there. [unit]
    dashed : bool
        How it is drawn.
    """

    label: str
    at: Times | npt.NDArray[Any]
    values: npt.ArrayLike
    before: float = 0.0
    dashed: bool = False


def cumulative(label: str, at: Times | npt.NDArray[Any], dashed: bool = False) -> Stair:
    """How probable it is by each day that something has come about, from one day a path.

    Parameters
    ----------
    label : str
        Name of the line.
    at : array of dates, shape (P,)
        Day of each path; NaT where it never comes, which counts in the share of paths.

    Examples
    --------
    >>> days = np.array(["2030-01-01", "NaT", "2029-01-01", "2030-01-01"], "datetime64[D]")
    >>> cumulative("first unit", days).values
    array([0.25, 0.75])
    """
    moments = np.asarray(at, dtype="datetime64[s]")
    places, counts = np.unique(moments[~np.isnat(moments)], return_counts=True)
    return Stair(label, places, np.cumsum(counts) / max(1, moments.size), 0.0, dashed)


def step_figure(
    title: str,
    description: str,
    stairs: Sequence[Stair],
    unit: str,
    *,
    begin: date | float | None = None,
    end: date | float | None = None,
    label: str = "",
    x_label: str = "",
    x_unit: str = "",
    include_zero: bool = True,
    highest: float | None = None,
    marks: Sequence[Mark] = (),
    notes: Sequence[str] = (),
) -> str:
    """Draw stairs over one axis of dates, times or numbers.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    stairs : sequence of Stair
        The lines; all over dates or all over numbers.
    unit : str
        Unit of the values.
    begin, end : date or float, optional
        Ends of the horizontal axis, where it is to reach beyond the changes.
    label, x_label, x_unit : str
        What the axes measure.
    include_zero : bool
        Whether the vertical axis reaches zero.
    highest : float, optional
        A value that the vertical axis reaches in any case, such as 1 for a probability. [unit]
    marks : sequence of Mark
        Values across the figure, such as thresholds; those outside of its range are left out.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    places = [_positions(stair.at) for stair in stairs]
    values = [np.asarray(stair.values, dtype=np.float64) for stair in stairs]
    known = [np.isfinite(at) for at in places]
    places = [at[k] for at, k in zip(places, known, strict=True)]
    values = [value[k] for value, k in zip(values, known, strict=True)]
    bounds = [_position(one) for one in (begin, end) if one is not None]
    found = finite_range(*places, np.asarray(bounds, dtype=np.float64))
    befores = [np.asarray(stair.before) for stair in stairs]
    tops = [] if highest is None else [np.asarray(highest)]
    y_axis = value_axis_of([*values, *befores, *tops], unit, label, False, include_zero)
    if found is None or y_axis is None or not stairs:
        return no_data(title, description, "no value is defined")
    x_axis = _axis(found, stairs[0].at, x_unit, x_label)
    legend = [
        LegendEntry(stair.label, f"line {series_class(row)}{' dashed' if stair.dashed else ''}")
        for row, stair in enumerate(stairs)
    ]
    frame = make_frame(title, description, x_axis, y_axis, legend if len(stairs) > 1 else (), notes)
    drawn = []
    for entry, stair, at, value in zip(legend, stairs, places, values, strict=True):
        x, y = _treads(at, value, stair.before, x_axis)
        if d := curve(frame.x.place(x), frame.y.place(y)):
            drawn.append(element("path", d=d, class_=entry.classes))
    drawn.append(horizontal_marks(frame, marks))
    drawn.append(_hints(frame, stairs, places, values, unit, x_unit))
    return frame.svg("".join(drawn))


def _is_time(at: Times | npt.NDArray[Any]) -> bool:
    return np.asarray(at).dtype.kind in "MO"


def _positions(at: Times | npt.NDArray[Any]) -> FloatArray:
    return days_since_epoch(at) if _is_time(at) else np.asarray(at, dtype=np.float64)


def _position(one: date | float) -> float:
    return float(days_since_epoch([one])[0]) if isinstance(one, date) else float(one)


def _axis(found: tuple[float, float], at: Times | npt.NDArray[Any], unit: str, label: str) -> Axis:
    if _is_time(at):
        return time_axis(*found, label)
    return value_axis(*found, unit, label, round_ends=False)


def _treads(
    at: FloatArray, values: FloatArray, before: float, axis: Axis
) -> tuple[FloatArray, FloatArray]:
    """Corners of a line from the axis' begin to its end."""
    edges = np.concatenate(([axis.low], at, [axis.high]))
    levels = np.concatenate(([before], values))
    return np.repeat(edges, 2)[1:-1], np.repeat(levels, 2)


def _hints(
    frame: Frame,
    stairs: Sequence[Stair],
    places: Sequence[FloatArray],
    values: Sequence[FloatArray],
    unit: str,
    x_unit: str,
) -> str:
    """Unseen columns over the figure that tell all values where the pointer is."""
    edges = np.unique(np.concatenate([[frame.x.low], *places]))
    edges = edges[(edges >= frame.x.low) & (edges < frame.x.high)]
    if edges.size > _MOST_COLUMNS:
        edges = edges[np.linspace(0, edges.size - 1, _MOST_COLUMNS).astype(int)]
    starts = frame.x.place(edges)
    widths = np.diff(np.append(starts, frame.right))
    drawn = []
    for edge, start, width in zip(edges.tolist(), starts.tolist(), widths.tolist(), strict=True):
        told = []
        for stair, at, value in zip(stairs, places, values, strict=True):
            place = int(np.searchsorted(at, edge, "right")) - 1
            level = stair.before if place < 0 else float(value[place])
            told.append(f"{stair.label} {quantity(level, unit)}")
        when = _moment(edge) if _is_time(stairs[0].at) else quantity(edge, x_unit)
        box = element(
            "rect",
            x=start,
            y=frame.top,
            width=max(0.1, width),
            height=frame.bottom - frame.top,
            class_="hit",
        )
        drawn.append(hinted(box, f"from {when}: {'; '.join(told)}"))
    return "".join(drawn)


def _moment(day: float) -> str:
    return str(date(1970, 1, 1) + timedelta(days=day))
