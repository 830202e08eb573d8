"""Tornados: how far a result lies apart between the low and the high end of each of its causes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from baseload.figures.frame import Frame, LegendEntry, no_data, upright, vertical_grid
from baseload.figures.numbers import quantity
from baseload.figures.rows import row_frame, sheet
from baseload.figures.scale import finite_range, value_axis
from baseload.figures.svg import (
    FONT_SIZE_PX,
    element,
    hinted,
    line,
    shorten,
    shorten_middle,
    text,
    text_width_px,
)

_ROW_PX: Final = 33.0
_BAR_PX: Final = 11.0
_NAME_PX: Final = 15.0
_LEFT_PX: Final = 10.0
_GAP_PX: Final = 10.0
_LOW, _HIGH = "s4", "s1"


@dataclass(frozen=True)
class Swing:
    """What a result is at both ends of one cause.

    Attributes
    ----------
    name : str
        Of the cause; its whole width is there for it.
    low, high : float
        The result where the cause is low and where it is high. [unit]
    low_error, high_error : float or None
        Half the length of a whisker about each. [unit]
    remark : str
        A few words at the right of the name.
    faint : bool
        Whether it is drawn pale.
    hint : str
        What a pointer shows; name and values if empty.
    """

    name: str
    low: float
    high: float
    low_error: float | None = None
    high_error: float | None = None
    remark: str = ""
    faint: bool = False
    hint: str = ""


def tornado_figure(
    title: str,
    description: str,
    swings: Sequence[Swing],
    middle: float,
    unit: str,
    *,
    label: str = "",
    low_label: str = "low",
    high_label: str = "high",
    faint_label: str = "pale: may be chance",
    middle_label: str = "mean",
    notes: Sequence[str] = (),
) -> str:
    """Draw bars from the low to the high end about the middle, in the order given.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    swings : sequence of Swing
        From top to bottom; those with an end that is not finite are left out.
    middle : float
        Where the bars begin. [unit]
    unit : str
        Unit of the values.
    label : str
        What the horizontal axis measures.
    low_label, high_label, faint_label, middle_label : str
        What colours, paleness and the line upright mean.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    shown = [s for s in swings if math.isfinite(s.low) and math.isfinite(s.high)]
    if not shown or not math.isfinite(middle):
        return no_data(title, description, "nothing moves the result")
    reached = [middle]
    for swing in shown:
        for value, error in ((swing.low, swing.low_error), (swing.high, swing.high_error)):
            reached += [value - _known(error), value + _known(error)]
    found = finite_range(reached)
    assert found is not None  # the middle is finite
    x_axis = value_axis(*found, unit, label)
    faint = any(swing.faint for swing in shown)
    legend = [
        LegendEntry(low_label, f"area solid {_LOW}"),
        LegendEntry(high_label, f"area solid {_HIGH}"),
        *([LegendEntry(faint_label, f"area light {_HIGH}")] if faint else []),
        LegendEntry(f"{middle_label} {quantity(middle, unit)}", "mark"),
    ]
    count = len(shown)
    names = [None] * count
    frame = row_frame(title, description, x_axis, names, _ROW_PX, legend, notes, left_px=_LEFT_PX)
    bands = [
        (frame.top + _ROW_PX * row + _NAME_PX, frame.top + _ROW_PX * (row + 1))
        for row in range(count)
    ]
    drawn = [vertical_grid(frame, x_axis, bands)]
    centre = frame.x.at(middle)
    for row, swing in enumerate(shown):
        top = frame.top + _ROW_PX * row
        words = swing.hint or (
            f"{swing.name}: {quantity(swing.low, unit)} where low, "
            f"{quantity(swing.high, unit)} where high"
        )
        drawn.append(
            hinted(
                _name(frame, swing, top) + _bars(frame, swing, centre, top + _NAME_PX + 2), words
            )
        )
    drawn.append(upright(frame, middle, "mark", bands))
    return frame.svg("".join(drawn))


def _known(error: float | None) -> float:
    return error if error is not None and math.isfinite(error) else 0.0


def _name(frame: Frame, swing: Swing, top: float) -> str:
    """The name and, flush right, the remark; a sheet under both for the pointer."""
    size = FONT_SIZE_PX["note"]
    room = frame.right - frame.left
    remark = shorten(swing.remark, size, room / 3)
    taken = text_width_px(remark, size) + _GAP_PX if remark else 0.0
    drawn = sheet(frame, top, _ROW_PX)
    drawn += text(frame.left, top + 12, shorten_middle(swing.name, size, room - taken), "note halo")
    return drawn + (text(frame.right, top + 12, remark, "note halo", "end") if remark else "")


def _bars(frame: Frame, swing: Swing, centre: float, top: float) -> str:
    """Both ends: side by side about the middle, or one under the other where they share a side."""
    low, high = frame.x.at(swing.low), frame.x.at(swing.high)
    strength = "light" if swing.faint else "solid"
    apart = (low - centre) * (high - centre) <= 0
    height = _BAR_PX if apart else _BAR_PX / 2
    drawn = ""
    # Side by side, one whisker lies above the other, since they may reach across the middle.
    for at, value, error, colour, y, whisker in (
        (low, swing.low, swing.low_error, _LOW, top, top + _BAR_PX / 4),
        (
            high,
            swing.high,
            swing.high_error,
            _HIGH,
            top if apart else top + height,
            top + _BAR_PX * 0.75,
        ),
    ):
        width = max(1.0, abs(at - centre))
        drawn += element(
            "rect",
            x=min(at, centre),
            y=y,
            width=width,
            height=height,
            class_=f"area {strength} {colour}",
        )
        if spread := _known(error):
            ends = frame.x.at(value - spread), frame.x.at(value + spread)
            drawn += line(ends[0], whisker, ends[1], whisker, "axis")
    return drawn
