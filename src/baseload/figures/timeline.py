"""Time lines: what lasts from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from baseload.figures.frame import LegendEntry, make_frame, no_data
from baseload.figures.scale import Axis, Tick, days_since_epoch, finite_range, time_axis
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import FONT_SIZE_PX, element, shorten, text, text_width_px

_ROW_PX: Final = 22.0
_MOST_OF_WIDTH_FOR_NAMES_PX: Final = 160.0


@dataclass(frozen=True)
class Bar:
    """Something that lasts: its row, its kind (one colour each), its dates and a note in it."""

    row: str
    kind: str
    start: date
    end: date
    note: str = ""


def timeline_figure(
    title: str,
    description: str,
    bars: Sequence[Bar],
    *,
    x_label: str = "",
    notes: Sequence[str] = (),
) -> str:
    """Draw bars on dates, a row for each name in the order of the first mention.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    bars : sequence of Bar
        What to draw; an end before its start is drawn as a moment.
    x_label : str
        What the axis of time says.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    found = finite_range(days_since_epoch([day for bar in bars for day in (bar.start, bar.end)]))
    if found is None:
        return no_data(title, description, "nothing is dated")
    names = list(dict.fromkeys(bar.row for bar in bars))
    kinds = list(dict.fromkeys(bar.kind for bar in bars))
    size = FONT_SIZE_PX["label"]
    count = len(names)
    ticks = tuple(
        Tick(count - 0.5 - index, shorten(name, size, _MOST_OF_WIDTH_FOR_NAMES_PX))
        for index, name in enumerate(names)
    )
    y_axis = Axis(0.0, float(count), "", (ticks,))
    legend = [
        LegendEntry(kind, f"area solid {series_class(index)}")
        for index, kind in enumerate(kinds)
        if kind
    ]
    frame = make_frame(
        title,
        description,
        time_axis(*found, x_label),
        y_axis,
        legend,
        notes,
        plot_height_px=_ROW_PX * count,
        y_labels_between=True,
    )
    drawn = []
    for bar in bars:
        start, end = frame.x.place(days_since_epoch([bar.start, bar.end])).tolist()
        width = max(2.0, end - start)
        left = min(start, frame.right - 2.0)
        middle = frame.y.at(count - 0.5 - names.index(bar.row))
        colour = series_class(kinds.index(bar.kind))
        drawn.append(
            element(
                "rect",
                x=left,
                y=middle - 7,
                width=width,
                height=14,
                class_=f"area solid {colour}",
            )
        )
        # A note that does not fit its bar is told by the description or the table, not squeezed.
        if bar.note and text_width_px(bar.note, FONT_SIZE_PX["note"]) + 6 < width:
            drawn.append(text(left + 3, middle + 4, bar.note, "note halo"))
    return frame.svg("".join(drawn))
