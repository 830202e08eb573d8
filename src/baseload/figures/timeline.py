"""Time lines: what lasts from when to when, or comes about within which days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from baseload.figures.frame import Frame, LegendEntry, labels, no_data, vertical_grid
from baseload.figures.rows import middle_of_row, row_frame
from baseload.figures.scale import days_since_epoch, finite_range, time_axis
from baseload.figures.stylesheet import series_class
from baseload.figures.svg import FONT_SIZE_PX, element, hinted, line, shorten, text, text_width_px

_ROW_PX: Final = 19.0
_BAR_PX: Final = 11.0
_MOST_OF_WIDTH_FOR_REMARKS_PX: Final = 90.0
_LEAST_PX: Final = 2.0


@dataclass(frozen=True)
class Bar:
    """Something that lasts, or the days between which it comes about.

    Attributes
    ----------
    row : str
        Its row; bars of one name share it.
    kind : str
        What it is, one colour each, named in the legend; "" for unnamed.
    start, end : date
        From when to when; an end before its start is drawn as a moment.
    note : str
        Words inside it, where there is room.
    middle : date or None
        A day to mark: the bar is drawn pale then.
    remark : str
        A few words at the right of the row.
    hint : str
        What a pointer shows; row, kind and days if empty.
    """

    row: str
    kind: str
    start: date
    end: date
    note: str = ""
    middle: date | None = None
    remark: str = ""
    hint: str = ""


def timeline_figure(
    title: str,
    description: str,
    bars: Sequence[Bar],
    *,
    begin: date | None = None,
    end: date | None = None,
    x_label: str = "",
    middle_label: str = "median",
    notes: Sequence[str] = (),
) -> str:
    """Draw bars on dates, a row for each name in the order of the first mention.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    bars : sequence of Bar
        What to draw.
    begin, end : date, optional
        Ends of the axis, where it is to reach beyond the bars.
    x_label : str
        What the axis of time says.
    middle_label : str
        What the marks mean.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    days = [day for bar in bars for day in (bar.start, bar.end, bar.middle) if day]
    found = finite_range(days_since_epoch([*days, *(day for day in (begin, end) if day)]))
    if found is None or not bars:
        return no_data(title, description, "nothing is dated")
    names = list(dict.fromkeys(bar.row for bar in bars))
    kinds = list(dict.fromkeys(bar.kind for bar in bars))
    marked = any(bar.middle for bar in bars)
    strength = "narrow-band" if marked else "solid"
    legend = [
        LegendEntry(kind, f"area {strength} {series_class(index)}")
        for index, kind in enumerate(kinds)
        if kind
    ]
    if marked:
        legend.append(LegendEntry(middle_label, "line s8"))
    size = FONT_SIZE_PX["note"]
    remarks = {
        bar.row: shorten(bar.remark, size, _MOST_OF_WIDTH_FOR_REMARKS_PX)
        for bar in bars
        if bar.remark
    }
    widest = max((text_width_px(words, size) for words in remarks.values()), default=0.0)
    x_axis = time_axis(*found, x_label)
    frame = row_frame(
        title, description, x_axis, names, _ROW_PX, legend, notes, max(12.0, widest + 10)
    )
    drawn = [vertical_grid(frame, x_axis)]
    for bar in bars:
        middle = middle_of_row(frame, names.index(bar.row))
        words = bar.hint or f"{bar.row}, {bar.kind}: {bar.start} to {bar.end}"
        drawn.append(hinted(_bar(frame, bar, middle, series_class(kinds.index(bar.kind))), words))
    places = [
        (frame.width_px - 2, middle_of_row(frame, names.index(name)) + 4, words)
        for name, words in remarks.items()
    ]
    drawn.append(labels(places, "end", "note"))
    return frame.svg("".join(drawn))


def _bar(frame: Frame, bar: Bar, middle: float, colour: str) -> str:
    start, end = frame.x.place(days_since_epoch([bar.start, bar.end])).tolist()
    width = max(_LEAST_PX, end - start)
    left = min(start, frame.right - _LEAST_PX)
    strength = "solid" if bar.middle is None else "narrow-band"
    drawn = element(
        "rect",
        x=left,
        y=middle - _BAR_PX / 2,
        width=width,
        height=_BAR_PX,
        class_=f"area {strength} {colour}",
    )
    # A note that does not fit its bar is told by the description or the table, not squeezed.
    if bar.note and text_width_px(bar.note, FONT_SIZE_PX["note"]) + 6 < width:
        drawn += text(left + 3, middle + 4, bar.note, "note halo")
    if bar.middle is not None:
        at = frame.x.at(float(days_since_epoch([bar.middle])[0]))
        drawn += line(at, middle - _BAR_PX / 2 - 2, at, middle + _BAR_PX / 2 + 2, "line s8")
    return drawn
