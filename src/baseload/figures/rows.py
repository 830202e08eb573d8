"""The frame of figures with named rows: waterfalls, dots, tornados and time lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from baseload.figures.frame import Frame, LegendEntry, make_frame
from baseload.figures.scale import Axis, Tick
from baseload.figures.svg import FONT_SIZE_PX, element, shorten

MOST_OF_WIDTH_FOR_NAMES_PX: Final = 160.0


def row_frame(
    title: str,
    description: str,
    x_axis: Axis,
    names: Sequence[str | None],
    row_px: float,
    legend: Sequence[LegendEntry],
    notes: Sequence[str],
    right_room_px: float | None = None,
    left_px: float | None = None,
) -> Frame:
    """Lay out a figure of rows over one axis.

    Parameters
    ----------
    title, description : str
        As of `make_frame`.
    x_axis : Axis
        What the rows lie over.
    names : sequence of str or None
        What stands at the left of each row from top to bottom; None for nothing.
    row_px : float
        Height of a row. [px]
    legend, notes
        As of `make_frame`.
    right_room_px, left_px : float, optional
        Room at the right of the rows and left edge of them. [px]
    """
    count, size = len(names), FONT_SIZE_PX["label"]
    ticks = tuple(
        Tick(count - 0.5 - row, shorten(name, size, MOST_OF_WIDTH_FOR_NAMES_PX))
        for row, name in enumerate(names)
        if name is not None
    )
    return make_frame(
        title,
        description,
        x_axis,
        Axis(0.0, float(count), "", (ticks,)),
        legend,
        notes,
        plot_height_px=row_px * count,
        y_labels_between=True,
        left_px=left_px,
        right_room_px=right_room_px,
    )


def middle_of_row(frame: Frame, row: int) -> float:
    """Height of the middle of a row. [px]"""
    return frame.y.at(frame.y.high - 0.5 - row)


def sheet(frame: Frame, top: float, height: float) -> str:
    """An unseen sheet over a row, so that a pointer finds the row anywhere in it."""
    width = frame.right - frame.left
    return element("rect", x=frame.left, y=top, width=width, height=height, class_="hit")
