"""Waterfalls: how one figure becomes another, part by part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from baseload.figures.frame import Frame, LegendEntry, no_data, vertical_grid
from baseload.figures.numbers import decimal, quantity, scaled_unit
from baseload.figures.rows import middle_of_row, row_frame
from baseload.figures.scale import Axis, finite_range, value_axis
from baseload.figures.svg import (
    FONT_SIZE_PX,
    element,
    hinted,
    line,
    text,
    text_width_px,
)

_ROW_PX: Final = 24.0
_BAR_PX: Final = 14.0
_TOTAL, _MORE, _LESS = "s1", "s3", "s2"


@dataclass(frozen=True)
class Step:
    """A part of the way, or where it stands.

    Attributes
    ----------
    name : str
        What stands at its left.
    value : float
        What the part adds, negative if it takes away; of a total where it stands. [unit]
    total : bool
        Whether the bar begins at zero.
    median : float or None
        Another figure of the same part, marked beside the bar's end. [unit]
    hint : str
        What a pointer shows; the name and the value if empty.
    """

    name: str
    value: float
    total: bool = False
    median: float | None = None
    hint: str = ""


def waterfall_figure(
    title: str,
    description: str,
    steps: Sequence[Step],
    unit: str,
    *,
    label: str = "",
    more_label: str = "adds",
    less_label: str = "takes away",
    total_label: str = "in all",
    median_label: str = "median",
    notes: Sequence[str] = (),
) -> str:
    """Draw parts one under another, each begun where the one before ended.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    steps : sequence of Step
        From top to bottom; parts whose value is not finite are left out.
    unit : str
        Unit of the values.
    label : str
        What the horizontal axis measures.
    more_label, less_label, total_label, median_label : str
        What the colours and the mark mean; only those in use are named.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    shown = [step for step in steps if math.isfinite(step.value)]
    ends = _ends(shown)
    medians = [_median_at(step, begin) for step, (begin, _) in zip(shown, ends, strict=True)]
    found = finite_range(
        [end for pair in ends for end in pair], [m for m in medians if m is not None]
    )
    if found is None:
        return no_data(title, description, "no value is defined")
    x_axis = value_axis(min(0.0, found[0]), max(0.0, found[1]), unit, label)
    legend = [
        LegendEntry(words, f"area solid {colour}")
        for words, colour in ((total_label, _TOTAL), (more_label, _MORE), (less_label, _LESS))
        if any(_colour(step) == colour for step in shown)
    ]
    if any(median is not None for median in medians):
        legend.append(LegendEntry(median_label, "line s8"))
    told = _figures(shown, x_axis, unit)
    widest = max(text_width_px(words, FONT_SIZE_PX["label"]) for words in told)
    names = [step.name for step in shown]
    frame = row_frame(
        title, description, x_axis, names, _ROW_PX, legend, notes, max(12.0, widest + 10)
    )
    drawn = [vertical_grid(frame, x_axis)]
    for row, (step, (begin, end), median) in enumerate(zip(shown, ends, medians, strict=True)):
        middle = middle_of_row(frame, row)
        if row + 1 < len(shown):
            at = frame.x.at(end)
            drawn.append(line(at, middle, at, middle + _ROW_PX, "axis"))
        bar = _bar(frame, step, begin, end, middle, median)
        bar += text(frame.width_px - 2, middle + 4, told[row], "label", "end")
        words = step.hint or f"{step.name}: {quantity(step.value, unit)}"
        drawn.append(hinted(bar, words))
    return frame.svg("".join(drawn))


def _ends(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each bar begins and ends. [unit]"""
    level, found = 0.0, []
    for step in steps:
        begin = 0.0 if step.total else level
        level = begin + step.value
        found.append((begin, level))
    return found


def _median_at(step: Step, begin: float) -> float | None:
    return None if step.median is None or not math.isfinite(step.median) else begin + step.median


def _colour(step: Step) -> str:
    return _TOTAL if step.total else _MORE if step.value >= 0 else _LESS


def _bar(
    frame: Frame, step: Step, begin: float, end: float, middle: float, median: float | None
) -> str:
    left, right = sorted((frame.x.at(begin), frame.x.at(end)))
    width = max(1.5, right - left)
    drawn = element(
        "rect",
        x=min(left, frame.right - width),
        y=middle - _BAR_PX / 2,
        width=width,
        height=_BAR_PX,
        class_=f"area solid {_colour(step)}",
    )
    if median is not None:
        at = frame.x.at(median)
        drawn += line(at, middle - _BAR_PX / 2 - 2, at, middle + _BAR_PX / 2 + 2, "line s8")
    return drawn


def _figures(steps: Sequence[Step], axis: Axis, unit: str) -> list[str]:
    """The values in the axis' multiple of the unit, with decimals as three digits of the largest."""
    largest = max(abs(step.value) for step in steps)
    factor = scaled_unit(max(abs(axis.low), abs(axis.high)), unit, words_from=1e4).factor
    places = 2 - math.floor(math.log10(largest / factor)) if largest else 0
    found = []
    for step in steps:
        words = decimal(step.value / factor, min(3, max(0, places)))
        found.append("+" + words if step.value > 0 and not step.total else words)
    return found
