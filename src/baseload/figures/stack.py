"""Stacked areas: what parts a whole is made of, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.figures.frame import PLOT_HEIGHT_PX, LegendEntry, make_frame, no_data
from baseload.figures.line import Line, Times, axis_of, decimate, stepped, value_axis_of
from baseload.figures.pointer import readable_x, readable_y
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import FloatArray, area, curve, element

_MOST_POINTS: Final = 800


@dataclass(frozen=True)
class Layer:
    """One part of the whole: its name and its values, NaN counted as nothing."""

    label: str
    values: npt.ArrayLike


def _averaged(x: FloatArray, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Neighbouring points averaged until the rest can be seen; sums of layers stay sums."""
    per_point = -(-x.size // _MOST_POINTS)
    if per_point <= 1:
        return x, rows
    starts = np.arange(0, x.size, per_point)
    sizes = np.diff(np.append(starts, x.size))
    return x[starts], np.add.reduceat(rows, starts, axis=1) / sizes


def stack_figure(
    title: str,
    description: str,
    x: Times,
    layers: Sequence[Layer],
    unit: str,
    *,
    over: Sequence[Line] = (),
    label: str = "",
    x_label: str = "",
    step: bool = False,
    notes: Sequence[str] = (),
    plot_height_px: float = PLOT_HEIGHT_PX,
) -> str:
    """Draw layers upon each other, negative ones below zero, with lines over them.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    x : array of dates, of times or of numbers
        Where the values lie, ascending.
    layers : sequence of Layer
        Parts from the bottom to the top, each with as many values as ``x``. [unit]
    unit : str
        Unit of the values.
    over : sequence of Line
        Lines over the areas, drawn dashed in the ink of the text. [unit]
    label, x_label : str
        What the axes measure.
    step : bool
        Whether each value holds until the next.
    notes : sequence of str
        Remarks under the figure.
    plot_height_px : float
        Height of the data's box. [px]

    Returns
    -------
    str
        The figure, an ``svg`` element. Beyond 800 points neighbours are averaged.
    """
    placed = axis_of(x, x_label, "", step)
    rows = np.array([np.asarray(layer.values, dtype=np.float64) for layer in layers])
    if placed is None or not np.isfinite(rows).any():
        return no_data(title, description, "no value is defined")
    positions, x_axis = placed
    positions, rows = _averaged(positions, np.where(np.isfinite(rows), rows, 0.0))
    above = np.cumsum(np.maximum(rows, 0.0), axis=0)
    below = np.cumsum(np.minimum(rows, 0.0), axis=0)
    line_values = [np.asarray(each.values, dtype=np.float64) for each in over]
    y_axis = value_axis_of([above, below, *line_values], unit, label, False, True)
    assert y_axis is not None  # there is a finite value
    legend = [
        LegendEntry(layer.label, f"area solid {series_class(index)}")
        for index, layer in enumerate(layers)
    ] + [LegendEntry(each.label, "line mark") for each in over]
    frame = make_frame(
        title, description, x_axis, y_axis, legend, notes, plot_height_px=plot_height_px
    )
    drawn = []
    zero = np.zeros(positions.size)
    for index, row in enumerate(rows):
        upper = np.where(row >= 0, above[index], below[index])
        lower = upper - row
        lower_x, lower_y = stepped(positions, lower) if step else (positions, lower)
        _, upper_y = stepped(positions, upper) if step else (positions, upper)
        if (row == zero).all():
            continue
        d = area(frame.x.place(lower_x), frame.y.place(lower_y), frame.y.place(upper_y))
        name = layers[index].label
        drawn.append(element("path", d=d, class_=f"area solid {series_class(index)}", data_n=name))
    full_x = axis_of(x, "", "")
    assert full_x is not None
    for each, values in zip(over, line_values, strict=True):
        line_x, line_y = stepped(full_x[0], values) if step else (full_x[0], values)
        if d := curve(*decimate(frame.x.place(line_x), frame.y.place(line_y))):
            drawn.append(element("path", d=d, class_="line mark", data_n=each.label))
    averaged = positions.size < full_x[0].size
    return frame.svg(
        "".join(drawn),
        data_x=None if averaged else readable_x(x, x_axis, frame.x, step),
        data_y=readable_y(y_axis, frame.y, 2),
    )
