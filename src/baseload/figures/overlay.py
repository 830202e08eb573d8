"""Lines of several cases over the band of the first."""

from __future__ import annotations

from collections.abc import Sequence
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
from baseload.figures.line import Line, Times, axis_of, value_axis_of
from baseload.figures.numbers import quantity
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import FloatArray, area, curve, element, hinted

_MOST_COLUMNS: Final = 60


def overlay_figure(
    title: str,
    description: str,
    x: Times | npt.NDArray[Any],
    lines: Sequence[Line],
    unit: str,
    *,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
    band_label: str = "",
    label: str = "",
    log: bool = False,
    include_zero: bool = True,
    marks: Sequence[Mark] = (),
    notes: Sequence[str] = (),
) -> str:
    """Draw lines over one axis, and behind them a band in the colour of the first.

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
    low, high : array, optional
        Ends of the band. [unit]
    band_label : str
        What the band is.
    label : str
        What the vertical axis measures.
    log : bool
        Whether the vertical axis is logarithmic.
    include_zero : bool
        Whether the vertical axis reaches zero.
    marks : sequence of Mark
        Values across the figure; those outside the data's range are left out.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element. A pointer over it shows all values at that place.
    """
    rows = [np.asarray(line.values, dtype=np.float64) for line in lines]
    band = [np.asarray(end, dtype=np.float64) for end in (low, high) if end is not None]
    placed = axis_of(x, "", "")
    y_axis = value_axis_of([*rows, *band], unit, label, log, include_zero)
    if placed is None or y_axis is None:
        return no_data(title, description, "no value is defined")
    positions, x_axis = placed
    legend = [
        LegendEntry(line.label, f"line {series_class(row)}{' dashed' if line.dashed else ''}")
        for row, line in enumerate(lines)
    ]
    banded = [LegendEntry(band_label, f"area wide-band {series_class(0)}")] if len(band) > 1 else []
    frame = make_frame(title, description, x_axis, y_axis, [*legend, *banded], notes)
    x_px = frame.x.place(positions)
    drawn = []
    if banded:
        d = area(x_px, *(frame.y.place(end) for end in band))
        drawn.append(element("path", d=d, class_=banded[0].classes) if d else "")
    for entry, row in zip(legend, rows, strict=True):
        if d := curve(x_px, frame.y.place(row)):
            drawn.append(element("path", d=d, class_=entry.classes))
    drawn.append(horizontal_marks(frame, marks))
    drawn.append(_hints(frame, x, x_px, lines, rows, unit))
    return frame.svg("".join(drawn))


def _hints(
    frame: Frame,
    x: Times | npt.NDArray[Any],
    x_px: FloatArray,
    lines: Sequence[Line],
    rows: Sequence[FloatArray],
    unit: str,
) -> str:
    """Unseen columns that tell the values of all lines where the pointer is."""
    count = min(x_px.size, _MOST_COLUMNS)
    edges = np.linspace(frame.left, frame.right, count + 1)
    drawn = []
    for left, right in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        at = int(np.argmin(np.abs(x_px - (left + right) / 2)))
        told = [
            f"{line.label} {quantity(float(row[at]), unit)}"
            for line, row in zip(lines, rows, strict=True)
            if np.isfinite(row[at])
        ]
        box = element(
            "rect",
            x=left,
            y=frame.top,
            width=right - left,
            height=frame.bottom - frame.top,
            class_="hit",
        )
        drawn.append(hinted(box, f"{_place(x, at)}: {'; '.join(told)}" if told else ""))
    return "".join(drawn)


def _place(x: Times | npt.NDArray[Any], at: int) -> str:
    given = np.asarray(x)
    if given.dtype.kind in "MO":
        return str(given[at].astype("datetime64[D]") if given.dtype.kind == "M" else given[at])
    return quantity(float(given[at]), "")
