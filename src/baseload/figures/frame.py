"""What stands around the data: title, legend, axes, notes, and words for those who cannot see."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from baseload.figures.scale import Axis, Scale, Tick, label_centre_px, ticks_that_fit
from baseload.figures.svg import (
    FONT_SIZE_PX,
    coordinate,
    element,
    escape,
    line,
    shorten,
    text,
    text_width_px,
    wrap,
)

WIDTH_PX: Final = 460.0
"""Width of a figure: readable on a phone at 80 % and beside another on a desk. [px]"""
PLOT_HEIGHT_PX: Final = 190.0
"""Height of the part with the data; title and legend add to it. [px]"""

_EDGE_PX: Final = 2.0
_ROW_PX: Final = 16.0
_TITLE_ROW_PX: Final = 19.0
_SWATCH_PX: Final = 18.0
_LABEL_PX: Final = FONT_SIZE_PX["label"]
_NOTE_PX: Final = FONT_SIZE_PX["note"]


@dataclass(frozen=True)
class LegendEntry:
    """A name in the legend and the classes of its swatch: an ``area`` or a ``line``."""

    label: str
    classes: str


@dataclass(frozen=True)
class Mark:
    """A value worth a line across the figure, and its name."""

    value: float
    label: str


@dataclass(frozen=True)
class Frame:
    """A laid-out figure that waits for its data.

    ``left``..``bottom`` is the box of the data, ``x`` and ``y`` place values in it; ``before`` and
    ``after`` are drawn under and over the data.
    """

    title: str
    description: str
    width_px: float
    height_px: float
    left: float
    top: float
    right: float
    bottom: float
    x: Scale
    y: Scale
    before: str
    after: str

    def svg(self, body: str, **readable: str | None) -> str:
        """The whole figure around the drawn data, with the attributes that `pointer` speaks of."""
        return _svg(
            self.title,
            self.description,
            self.width_px,
            self.height_px,
            self.before + body + self.after,
            **readable,
        )


def _svg(
    title: str,
    description: str,
    width_px: float,
    height_px: float,
    body: str,
    **readable: str | None,
) -> str:
    # Names in a page must differ between figures and stay between runs: they come from the content.
    content = f"{title}\0{description}\0{body}".encode("utf-8", "replace")
    key = hashlib.sha256(content).hexdigest()[:10]
    words = element("title", escape(title) or " ", id=f"t{key}") + element(
        "desc", escape(description) or " ", id=f"d{key}"
    )
    return element(
        "svg",
        words + body,
        class_="chart",
        role="img",
        viewBox=f"0 0 {coordinate(width_px)} {coordinate(height_px)}",
        aria_labelledby=f"t{key}",
        aria_describedby=f"d{key}",
        **readable,
    )


def _title(title: str, width_px: float) -> tuple[str, float]:
    """Drawn title and the height it took. [px]"""
    rows = wrap(title, FONT_SIZE_PX["title"], width_px - 2 * _EDGE_PX, 2, bold=True)
    drawn = "".join(
        text(_EDGE_PX, 16 + row * _TITLE_ROW_PX, words, "title") for row, words in enumerate(rows)
    )
    return drawn, 6 + len(rows) * _TITLE_ROW_PX


def _legend(entries: Sequence[LegendEntry], top: float, width_px: float) -> tuple[str, float]:
    """Drawn legend, flowing over as many rows as it needs, and its height. [px]"""
    if not entries:
        return "", 0.0
    drawn = []
    x, y = _EDGE_PX, top + 11
    room = width_px - 2 * _EDGE_PX
    for entry in entries:
        label = shorten(entry.label, _LABEL_PX, room - _SWATCH_PX)
        width = _SWATCH_PX + text_width_px(label, _LABEL_PX)
        if x > _EDGE_PX and x + width > width_px - _EDGE_PX:
            x, y = _EDGE_PX, y + _ROW_PX
        if "area" in entry.classes.split():
            drawn.append(element("rect", x=x, y=y - 9, width=13, height=10, class_=entry.classes))
        else:
            drawn.append(line(x, y - 4, x + 13, y - 4, entry.classes))
        drawn.append(text(x + _SWATCH_PX, y, label, "label"))
        x += width + 12
    return "".join(drawn), y - top + 7


def horizontal_extent(y_axis: Axis) -> tuple[float, float]:
    """Left edge of the data from the widest label, and the room to keep on the right. [px]"""
    widest = max((text_width_px(tick.label, _LABEL_PX) for tick in y_axis.choices[0]), default=0.0)
    return max(30.0, widest + 10), 12.0


def make_frame(
    title: str,
    description: str,
    x_axis: Axis,
    y_axis: Axis,
    legend: Sequence[LegendEntry] = (),
    notes: Sequence[str] = (),
    rows_above: int = 0,
    width_px: float = WIDTH_PX,
    plot_height_px: float = PLOT_HEIGHT_PX,
    y_labels_between: bool = False,
    left_px: float | None = None,
    right_room_px: float | None = None,
) -> Frame:
    """Lay out a figure.

    Parameters
    ----------
    title : str
        What the figure is called; at most two lines of it are drawn, all of it is kept for readers.
    description : str
        What it shows, for those who cannot see it.
    x_axis, y_axis : Axis
        Ranges and ticks.
    legend : sequence of LegendEntry
        Names of the series.
    notes : sequence of str
        Remarks under the figure.
    rows_above : int
        Rows of text to leave free between the axis title and the data.
    width_px, plot_height_px : float
        Width of the figure and height of the data's box. [px]
    y_labels_between : bool
        Draw no line across at the ticks of the vertical axis (for rows of bars or cells).
    left_px : float, optional
        Left edge of the data, by default after the labels of the vertical axis. [px]
    right_room_px : float, optional
        Room to keep at the right of the data, for figures behind rows. [px]
    """
    drawn_title, reached = _title(title, width_px)
    drawn_legend, legend_height = _legend(legend, reached, width_px)
    reached += legend_height
    drawn = [drawn_title, drawn_legend]
    if y_axis.label:
        unit = shorten(y_axis.label, _NOTE_PX, width_px - 2 * _EDGE_PX)
        drawn.append(text(_EDGE_PX, reached + 11, unit, "note"))
        reached += _ROW_PX
    # The edges in whole tenths, as they are written: values are read back by them.
    top = round(reached + rows_above * _ROW_PX + 7, 1)
    bottom = round(top + plot_height_px, 1)
    left, right_room = horizontal_extent(y_axis)
    left = round(left if left_px is None else left_px, 1)
    right = round(width_px - (right_room if right_room_px is None else right_room_px), 1)
    x, y = x_axis.scale(left, right), y_axis.scale(bottom, top)

    ticks = [(y.at(tick.value), tick.label) for tick in _vertical_ticks(y_axis, y)]
    if not y_labels_between:
        across = "".join(
            f"M{coordinate(left)} {coordinate(at)}H{coordinate(right)}" for at, _ in ticks
        )
        drawn.append(element("path", d=across, class_="grid"))
    drawn.append(labels([(left - 5, at + 4, label) for at, label in ticks], "end"))
    over = []
    if y_axis.low < 0 < y_axis.high and not y_labels_between:
        over.append(line(left, y.at(0), right, y.at(0), "axis"))
    ticks = [
        (x.at(tick.value), tick.label) for tick in ticks_that_fit(x_axis, x, 1.0, width_px - 1.0)
    ]
    foot = f"M{coordinate(left)} {coordinate(bottom)}H{coordinate(right)}"
    foot += "".join(f"M{coordinate(at)} {coordinate(bottom)}v4" for at, _ in ticks)
    over.append(element("path", d=foot, class_="axis"))
    centres = [label_centre_px(at, label, 1.0, width_px - 1.0) for at, label in ticks]
    below = [(at, bottom + 17, label) for at, (_, label) in zip(centres, ticks, strict=True)]
    over.append(labels(below, "middle"))
    reached = bottom + 22
    if x_axis.label:
        label = shorten(x_axis.label, _NOTE_PX, width_px - 2 * _EDGE_PX)
        over.append(text(width_px - _EDGE_PX, reached + 11, label, "note", "end"))
        reached += _ROW_PX
    for note in notes:
        for words in wrap(note, _NOTE_PX, width_px - 2 * _EDGE_PX, 3):
            over.append(text(_EDGE_PX, reached + 11, words, "note"))
            reached += _ROW_PX - 2
    return Frame(
        title,
        description,
        width_px,
        reached + 4,
        left,
        top,
        right,
        bottom,
        x,
        y,
        "".join(drawn),
        "".join(over),
    )


def labels(places: Sequence[tuple[float, float, str]], anchor: str, kind: str = "label") -> str:
    """Texts of one kind, such as an axis' labels, with what they have in common said once."""
    drawn = "".join(element("text", escape(words), x=x, y=y) for x, y, words in places)
    return element("g", drawn, class_=kind, text_anchor=anchor) if drawn else ""


def _vertical_ticks(axis: Axis, scale: Scale) -> tuple[Tick, ...]:
    """The finest ticks that leave a row for each label."""
    for ticks in axis.choices:
        places = sorted(scale.at(tick.value) for tick in ticks)
        if all(b - a >= _LABEL_PX + 2 for a, b in pairwise(places)):
            return ticks
    return axis.choices[-1][:1]


def vertical_grid(
    frame: Frame, x_axis: Axis, bands: Sequence[tuple[float, float]] | None = None
) -> str:
    """Lines upright at the ticks of the horizontal axis, for rows of bars; darker at zero.

    Parameters
    ----------
    frame, x_axis : Frame, Axis
        What the lines are of.
    bands : sequence of (float, float), optional
        Top and bottom of the parts to draw them in, to leave rows of text free. [px]
    """
    ticks = ticks_that_fit(x_axis, frame.x, 1.0, frame.width_px - 1.0)
    drawn = _uprights(frame, [tick.value for tick in ticks if tick.value], "grid", bands)
    if x_axis.low <= 0 <= x_axis.high:
        drawn += upright(frame, 0.0, "axis", bands)
    return drawn


def upright(
    frame: Frame, value: float, classes: str, bands: Sequence[tuple[float, float]] | None = None
) -> str:
    """A line upright at a value of the horizontal axis, through all of the data or through bands."""
    return _uprights(frame, [value], classes, bands)


def _uprights(
    frame: Frame,
    values: Sequence[float],
    classes: str,
    bands: Sequence[tuple[float, float]] | None,
) -> str:
    parts = bands if bands is not None else [(frame.top, frame.bottom)]
    drawn = "".join(
        f"M{coordinate(frame.x.at(value))} {coordinate(top)}V{coordinate(bottom)}"
        for value in values
        for top, bottom in parts
    )
    return element("path", d=drawn, class_=classes) if drawn else ""


def horizontal_marks(frame: Frame, marks: Sequence[Mark]) -> str:
    """Lines across the figure at values inside its range, each named where there is room."""
    drawn = []
    taken: list[float] = []
    for mark in sorted(marks, key=lambda mark: mark.value):
        if not frame.y.low <= mark.value <= frame.y.high or not mark.label:
            continue
        at = frame.y.at(mark.value)
        drawn.append(line(frame.left, at, frame.right, at, "mark"))
        base = at - 3 if at - 3 - _NOTE_PX > frame.top else at + _NOTE_PX + 1
        if all(abs(base - other) > _NOTE_PX + 2 for other in taken):
            label = shorten(mark.label, _NOTE_PX, frame.right - frame.left - 8)
            drawn.append(text(frame.right - 3, base, label, "note halo", "end"))
            taken.append(base)
    return "".join(drawn)


def no_data(title: str, description: str, reason: str = "", width_px: float = WIDTH_PX) -> str:
    """A figure that says plainly that there is nothing to draw, and why.

    Parameters
    ----------
    title, description : str
        As of the figure that would have been drawn.
    reason : str
        Why there is nothing.
    width_px : float
        Width of the figure. [px]
    """
    drawn, top = _title(title, width_px)
    height = 90.0
    box = element(
        "rect", x=_EDGE_PX, y=top + 4, width=width_px - 2 * _EDGE_PX, height=height, class_="panel"
    )
    middle = top + height / 2
    words = text(width_px / 2, middle, "no data", "label", "middle")
    for row, part in enumerate(wrap(reason, _NOTE_PX, width_px - 40, 2)):
        words += text(width_px / 2, middle + 17 + 14 * row, part, "note", "middle")
    return _svg(
        title,
        f"{description} There is no data to draw.",
        width_px,
        top + height + 10,
        drawn + box + words,
    )
