"""Lines over time or over a value, also as steps, over a band, or with tens of thousands of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.figures.frame import (
    PLOT_HEIGHT_PX,
    LegendEntry,
    Mark,
    horizontal_marks,
    make_frame,
    no_data,
)
from baseload.figures.pointer import readable_x, readable_y
from baseload.figures.scale import (
    Axis,
    days_since_epoch,
    finite_range,
    log_axis,
    time_axis,
    value_axis,
)
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import FloatArray, area, curve, element


@dataclass(frozen=True)
class Line:
    """One line: its name, its values (length of the axis), and how it is drawn."""

    label: str
    values: npt.ArrayLike
    dashed: bool = False
    step: bool = False


Times = Sequence[date] | npt.NDArray[Any]


def axis_of(
    x: Times | npt.NDArray[Any], label: str, unit: str, hold: bool = False
) -> tuple[FloatArray, Axis] | None:
    """Positions and axis of dates, of times or of plain numbers; None where none is finite.

    With ``hold`` the axis goes on for as long as the last value holds.
    """
    given = np.asarray(x)
    if given.dtype.kind in "MO":
        positions = days_since_epoch(given)
        found = finite_range(positions)
        return (positions, time_axis(*_held(positions, found, hold), label)) if found else None
    positions = np.asarray(given, dtype=np.float64)
    found = finite_range(positions)
    if found is None:
        return None
    return positions, value_axis(*_held(positions, found, hold), unit, label, round_ends=False)


def _held(x: FloatArray, found: tuple[float, float], hold: bool) -> tuple[float, float]:
    last = x[-1] - x[-2] if hold and x.size > 1 and np.isfinite(x[-2:]).all() else 0.0
    return found[0], found[1] + max(0.0, float(last))


def value_axis_of(
    arrays: Sequence[npt.ArrayLike], unit: str, label: str, log: bool, include_zero: bool
) -> Axis | None:
    """Vertical axis of some arrays, None where no value can be drawn on it."""
    found = finite_range(*arrays, above=0.0 if log else -np.inf)
    if found is None:
        return None
    low, high = found
    if log:
        return log_axis(low, high, unit, label)
    if include_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    return value_axis(low, high, unit, label)


def decimate(x_px: FloatArray, y_px: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The lowest and the highest point of each column of pixels, in their order.

    What is drawn stays what all the points would have drawn, to within a pixel. Lines with no more
    than four points a column come back as they are.

    Parameters
    ----------
    x_px, y_px : array
        Points in order of x. [px]
    """
    finite = np.isfinite(x_px) & np.isfinite(y_px)
    if finite.sum() < 2:
        return x_px, y_px
    column = np.floor(np.where(finite, x_px, 0.0)).astype(np.int64)
    columns = int(np.ptp(column[finite])) + 1
    if x_px.size <= 4 * columns:
        return x_px, y_px
    # Gaps stay gaps: a point that is not finite ends its column's run and is kept once.
    group = np.cumsum(np.concatenate(([0], (np.diff(column) != 0) | (np.diff(finite) != 0))))
    order = np.lexsort((y_px, group))
    starts = np.flatnonzero(np.concatenate(([True], np.diff(group[order]) != 0)))
    ends = np.concatenate((starts[1:], [order.size])) - 1
    kept = np.unique(np.concatenate((order[starts], order[ends])))
    return x_px[kept], y_px[kept]


def stepped(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points of a line that holds each value until the next; the last as long as the one before."""
    if x.size == 0:
        return x, y
    last = x[-1] + (x[-1] - x[-2] if x.size > 1 else 0.0)
    edges = np.append(x, last)
    return np.repeat(edges, 2)[1:-1], np.repeat(y, 2)


@dataclass(frozen=True)
class Band:
    """What lies between two lines.

    Attributes
    ----------
    label : str
        What it is.
    low, high : array
        Its ends, each with as many values as the lines have places. [unit]
    """

    label: str
    low: npt.ArrayLike
    high: npt.ArrayLike


def line_figure(
    title: str,
    description: str,
    x: Times | npt.NDArray[Any],
    lines: Sequence[Line],
    unit: str,
    *,
    label: str = "",
    x_label: str = "",
    x_unit: str = "",
    log: bool = False,
    include_zero: bool = True,
    marks: Sequence[Mark] = (),
    notes: Sequence[str] = (),
    plot_height_px: float = PLOT_HEIGHT_PX,
    band: Band | None = None,
) -> str:
    """Draw lines over one axis.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    x : array of dates, of times or of numbers
        Where the values lie, ascending.
    lines : sequence of Line
        The lines, each with as many values as ``x``; NaN leaves a gap.
    unit : str
        Unit of the values.
    label, x_label, x_unit : str
        What the vertical and the horizontal axis measure.
    log : bool
        Whether the vertical axis is logarithmic; values that are not above 0 leave a gap then.
    include_zero : bool
        Whether the vertical axis reaches zero.
    marks : sequence of Mark
        Values across the figure; those outside the data's range are left out.
    notes : sequence of str
        Remarks under the figure.
    plot_height_px : float
        Height of the data's box. [px]
    band : Band, optional
        Behind the lines, in the colour of the first.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    placed = axis_of(x, x_label, x_unit, any(line.step for line in lines))
    ends = [] if band is None else [band.low, band.high]
    y_axis = value_axis_of(
        [*(line.values for line in lines), *ends], unit, label, log, include_zero
    )
    if placed is None or y_axis is None:
        return no_data(title, description, "no value is defined")
    positions, x_axis = placed
    legend = [
        LegendEntry(line.label, f"line {series_class(index)}{' dashed' if line.dashed else ''}")
        for index, line in enumerate(lines)
    ]
    banded = [] if band is None else [LegendEntry(band.label, f"area wide-band {series_class(0)}")]
    frame = make_frame(
        title,
        description,
        x_axis,
        y_axis,
        [*legend, *banded] if len(lines) + len(banded) > 1 else (),
        notes,
        plot_height_px=plot_height_px,
    )
    drawn = []
    if band is not None:
        edges = (frame.y.place(np.asarray(end, dtype=np.float64)) for end in ends)
        if d := area(frame.x.place(positions), *edges):
            drawn.append(element("path", d=d, class_=banded[0].classes, data_n=band.label))
    for entry, each in zip(legend, lines, strict=True):
        y = np.asarray(each.values, dtype=np.float64)
        line_x, line_y = stepped(positions, y) if each.step else (positions, y)
        points = decimate(frame.x.place(line_x), frame.y.place(line_y))
        thin = " thin" if points[0].size > 600 else ""
        if d := curve(*points):
            drawn.append(element("path", d=d, class_=entry.classes + thin, data_n=each.label))
    hold = bool(lines) and all(line.step for line in lines)
    return frame.svg(
        "".join(drawn) + horizontal_marks(frame, marks),
        data_x=readable_x(x, x_axis, frame.x, hold),
        data_y=readable_y(y_axis, frame.y),
    )
