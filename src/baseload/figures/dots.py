"""Dots with intervals in named rows: who gains and who loses, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from baseload.figures.frame import Frame, LegendEntry, no_data, vertical_grid
from baseload.figures.numbers import quantity
from baseload.figures.rows import middle_of_row, row_frame, sheet
from baseload.figures.scale import finite_range, value_axis
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import (
    FONT_SIZE_PX,
    coordinate,
    element,
    hinted,
    line,
    shorten,
    text,
)

_ROW_PX: Final = 20.0
_RADIUS_PX: Final = 4.5


@dataclass(frozen=True)
class Dot:
    """A value with its interval in a row of its own.

    Attributes
    ----------
    name : str
        Of the row.
    value : float
        Where the dot lies. [unit]
    low, high : float or None
        Ends of the interval; None for none. [unit]
    group : str
        Rows of one group stand together under its name; "" for none.
    kind : str
        What colour it has, named in the legend.
    hint : str
        What a pointer shows; name and values if empty.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    group: str = ""
    kind: str = ""
    hint: str = ""


def dots_figure(
    title: str,
    description: str,
    dots: Sequence[Dot],
    unit: str,
    *,
    kinds: Sequence[str] = (),
    label: str = "",
    include_zero: bool = True,
    notes: Sequence[str] = (),
) -> str:
    """Draw dots and their intervals, a row for each, with a line at zero.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    dots : sequence of Dot
        Groups stand in the order in which they first come; dots that are not finite are left out.
    unit : str
        Unit of the values.
    kinds : sequence of str
        Kinds in the order of the colours (blue, vermillion, green), before others in their order.
    label : str
        What the horizontal axis measures.
    include_zero : bool
        Whether the axis reaches zero.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    shown = [dot for dot in dots if math.isfinite(dot.value)]
    found = finite_range([end for dot in shown for end in (dot.value, *_interval(dot))])
    if found is None:
        return no_data(title, description, "no value is defined")
    if include_zero:
        found = min(0.0, found[0]), max(0.0, found[1])
    x_axis = value_axis(*found, unit, label)
    rows: list[str | Dot] = []
    for group in dict.fromkeys(dot.group for dot in shown):
        rows += [group] if group else []
        rows += [dot for dot in shown if dot.group == group]
    held = dict.fromkeys(dot.kind for dot in shown)
    order = list(dict.fromkeys([*kinds, *held]))
    legend = [
        LegendEntry(kind, f"area solid {series_class(place)}")
        for place, kind in enumerate(order)
        if kind and kind in held
    ]
    names = [one.name if isinstance(one, Dot) else None for one in rows]
    frame = row_frame(title, description, x_axis, names, _ROW_PX, legend, notes)
    drawn = [vertical_grid(frame, x_axis)]
    for row, one in enumerate(rows):
        middle = middle_of_row(frame, row)
        if isinstance(one, Dot):
            colour = series_class(order.index(one.kind))
            drawn.append(hinted(_dot(frame, one, middle, colour), one.hint or _words(one, unit)))
        else:
            room = (frame.right - 2.0) / 1.1  # it is bold
            drawn.append(
                text(
                    2.0, middle + 4, shorten(one, FONT_SIZE_PX["label"], room), "label halo strong"
                )
            )
    return frame.svg("".join(drawn))


def _interval(dot: Dot) -> tuple[float, ...]:
    return tuple(end for end in (dot.low, dot.high) if end is not None and math.isfinite(end))


def _words(dot: Dot, unit: str) -> str:
    ends = _interval(dot)
    between = f", from {quantity(min(ends), unit)} to {quantity(max(ends), unit)}" if ends else ""
    return f"{dot.name}: {quantity(dot.value, unit)}{between}"


def _dot(frame: Frame, dot: Dot, middle: float, colour: str) -> str:
    at = frame.x.at(dot.value)
    drawn = sheet(frame, middle - _ROW_PX / 2, _ROW_PX)
    ends = [frame.x.at(end) for end in _interval(dot)]
    if ends:
        drawn += line(min(*ends, at), middle, max(*ends, at), middle, f"line {colour}")
    circle = (
        f"M{coordinate(at - _RADIUS_PX)} {coordinate(middle)}"
        f"a{coordinate(_RADIUS_PX)} {coordinate(_RADIUS_PX)} 0 1 0 {coordinate(2 * _RADIUS_PX)} 0"
        f"a{coordinate(_RADIUS_PX)} {coordinate(_RADIUS_PX)} 0 1 0 {coordinate(-2 * _RADIUS_PX)} 0"
    )
    return drawn + element("path", d=circle, class_=f"area {colour}")
