"""Histograms of several distributions over the same bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.figures.frame import (
    WIDTH_PX,
    LegendEntry,
    Mark,
    horizontal_extent,
    make_frame,
    no_data,
)
from baseload.figures.numbers import SPACE, decimal
from baseload.figures.pointer import readable_bins, readable_y
from baseload.figures.scale import value_axis
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import (
    FONT_SIZE_PX,
    area,
    curve,
    element,
    line,
    shorten,
    text,
    text_width_px,
)

# A path's value can be a hundred times the usual one: without this cut one path would fix the axis.
_DRAWN_QUANTILES: Final = (0.005, 0.995)
_MARGIN_OF_TAIL: Final = 0.5
_ROW_PX: Final = 16.0


@dataclass(frozen=True)
class Sample:
    """Values of one quantity, one a path, and its name."""

    label: str
    values: npt.ArrayLike


def drawn_range(values: npt.ArrayLike) -> tuple[float, float] | None:
    """The part of the values that is drawn, None without a finite one.

    All of it, unless the farthest half per cent on a side would stretch the axis by more than
    half: then that side ends at the quantile of 0.5 % or 99.5 %.

    Parameters
    ----------
    values : array
        Finite values of all distributions.
    """
    given = np.asarray(values, dtype=np.float64)
    given = given[np.isfinite(given)]
    if given.size == 0:
        return None
    low, high = (float(q) for q in np.quantile(given, _DRAWN_QUANTILES))
    tail = _MARGIN_OF_TAIL * (high - low)
    least, most = float(given.min()), float(given.max())
    return (least if least >= low - tail else low), (most if most <= high + tail else high)


def _rows_of_labels(
    places: Sequence[tuple[float, str]], low_px: float, high_px: float
) -> list[tuple[float, int, str]]:
    """Left edge, row and text of each label, so that no two in a row touch."""
    reached: list[float] = []
    laid = []
    for at, label in places:
        label = shorten(label, FONT_SIZE_PX["note"], high_px - low_px)
        width = text_width_px(label, FONT_SIZE_PX["note"])
        left = min(max(at - width / 2, low_px), high_px - width)
        row = next((r for r, end in enumerate(reached) if left > end + 6), len(reached))
        if row == len(reached):
            reached.append(0.0)
        reached[row] = left + width
        laid.append((left, row, label))
    return laid


def histogram_figure(
    title: str,
    description: str,
    distributions: Sequence[Sample],
    unit: str,
    *,
    label: str = "",
    marks: Sequence[Mark] = (),
    bins: int = 40,
    notes: Sequence[str] = (),
) -> str:
    """Draw distributions over shared bins, as shares of each one's paths.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    distributions : sequence of Sample
        What to draw; values that are not finite are left out of bins but not of the shares.
    unit : str
        Unit of the values.
    label : str
        What the horizontal axis measures.
    marks : sequence of Mark
        Values with a line upright and a name above the data; those outside of what is drawn are
        left out.
    bins : int
        How many bins.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element. A note in it says how much lies outside of what is drawn.
    """
    arrays = [np.asarray(d.values, dtype=np.float64).ravel() for d in distributions]
    pooled = np.concatenate(arrays) if arrays else np.empty(0)
    found = drawn_range(pooled)
    if found is None:
        return no_data(title, description, "no value is defined")
    x_axis = value_axis(*found, unit, label, count=7, round_ends=False)
    low, high = x_axis.low, x_axis.high
    edges = np.linspace(low, high, bins + 1)
    # A constant sits in the middle of a widened axis; linspace and histogram agree on the edges.
    counts = [np.histogram(a[np.isfinite(a)], edges)[0] / max(1, a.size) for a in arrays]
    tallest = max(float(c.max()) for c in counts)
    y_axis = value_axis(0.0, tallest, "share", "paths in each bin", count=4)
    legend = [
        LegendEntry(d.label, f"area light {series_class(index)}")
        for index, d in enumerate(distributions)
    ]
    remarks = list(notes)
    finite = pooled[np.isfinite(pooled)]
    outside = int(np.count_nonzero((finite < low) | (finite > high)))
    if outside:
        remarks.append(
            f"Far tails end at the 0.5{SPACE}% or 99.5{SPACE}% quantile: {decimal(outside, 0)} of "
            f"{decimal(finite.size, 0)} values lie beyond what is drawn."
        )
    undefined = pooled.size - finite.size
    if undefined:
        remarks.append(
            f"{decimal(undefined, 0)} of {decimal(pooled.size, 0)} values are not defined."
        )

    shown = sorted((m for m in marks if low <= m.value <= high), key=lambda m: m.value)
    left, right_room = horizontal_extent(y_axis)
    scale = x_axis.scale(left, WIDTH_PX - right_room)
    labels = _rows_of_labels([(scale.at(m.value), m.label) for m in shown], 2.0, WIDTH_PX - 2.0)
    rows = max((row for _, row, _ in labels), default=-1) + 1
    frame = make_frame(title, description, x_axis, y_axis, legend, remarks, rows_above=rows)

    drawn = []
    x_px = np.repeat(frame.x.place(edges), 2)
    floor = np.full(x_px.size, frame.bottom)
    for index, count in enumerate(counts):
        tops = frame.y.place(np.concatenate(([0.0], np.repeat(count, 2), [0.0])))
        colour = series_class(index)
        drawn.append(element("path", d=area(x_px, floor, tops), class_=f"area light {colour}"))
        name = distributions[index].label
        drawn.append(element("path", d=curve(x_px, tops), class_=f"line {colour}", data_n=name))
    for mark, (label_left, row, words) in zip(shown, labels, strict=True):
        at = frame.x.at(mark.value)
        base = frame.top - 8 - (rows - 1 - row) * _ROW_PX
        drawn.append(line(at, base + 4, at, frame.bottom, "mark"))
        drawn.append(text(label_left, base, words, "note halo"))
    return frame.svg(
        "".join(drawn),
        data_x=readable_bins(low, high, bins, x_axis, frame.x),
        data_y=readable_y(y_axis, frame.y),
    )
