"""Fans: how a quantity spreads over the paths as time goes by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from baseload.figures.frame import LegendEntry, Mark, horizontal_marks, make_frame, no_data
from baseload.figures.line import Times, axis_of, value_axis_of
from baseload.figures.pointer import readable_x, readable_y
from baseload.figures.svg import area, curve, element


def fan_figure(
    title: str,
    description: str,
    x: Times,
    p05: npt.ArrayLike,
    p25: npt.ArrayLike,
    p50: npt.ArrayLike,
    p75: npt.ArrayLike,
    p95: npt.ArrayLike,
    unit: str,
    *,
    other_median: npt.ArrayLike | None = None,
    median_label: str = "median",
    other_label: str = "median without",
    label: str = "",
    x_label: str = "",
    log: bool = False,
    include_zero: bool = True,
    marks: Sequence[Mark] = (),
    notes: Sequence[str] = (),
) -> str:
    """Draw quantiles of paths over time: two bands and the median.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    x : array of dates, of times or of numbers
        Where the quantiles lie, ascending.
    p05, p25, p50, p75, p95 : array
        Quantiles of the paths. [unit]
    unit : str
        Unit of the values.
    other_median : array, optional
        A second median, dashed, to compare with. [unit]
    median_label, other_label : str
        Names of the two medians.
    label, x_label : str
        What the axes measure.
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
        The figure, an ``svg`` element.
    """
    quantiles = [np.asarray(q, dtype=np.float64) for q in (p05, p25, p50, p75, p95)]
    other = None if other_median is None else np.asarray(other_median, dtype=np.float64)
    arrays = [*quantiles, *([] if other is None else [other])]
    placed = axis_of(x, x_label, "")
    y_axis = value_axis_of(arrays, unit, label, log, include_zero)
    if placed is None or y_axis is None:
        return no_data(title, description, "no value is defined")
    positions, x_axis = placed
    legend = [
        LegendEntry(median_label, "line s1"),
        LegendEntry("half of paths", "area narrow-band s1"),
        LegendEntry("nine in ten", "area wide-band s1"),
    ]
    if other is not None:
        legend.insert(1, LegendEntry(other_label, "line s2 dashed"))
    frame = make_frame(title, description, x_axis, y_axis, legend, notes)
    x_px = frame.x.place(positions)
    low, quarter, median, three_quarters, high = (frame.y.place(q) for q in quantiles)
    drawn = []
    for lower, upper, classes, name in (
        (low, high, "area wide-band s1", "nine in ten"),
        (quarter, three_quarters, "area narrow-band s1", "half of paths"),
    ):
        if d := area(x_px, lower, upper):
            drawn.append(element("path", d=d, class_=classes, data_n=name))
    if d := curve(x_px, median):
        drawn.append(element("path", d=d, class_="line s1", data_n=median_label))
    if other is not None and (d := curve(x_px, frame.y.place(other))):
        drawn.append(element("path", d=d, class_="line s2 dashed", data_n=other_label))
    return frame.svg(
        "".join(drawn) + horizontal_marks(frame, marks),
        data_x=readable_x(x, x_axis, frame.x),
        data_y=readable_y(y_axis, frame.y),
    )
