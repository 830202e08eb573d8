"""Fans of the months, with captions that say where the median goes."""

from __future__ import annotations

import numpy as np

from baseload.figures import Mark, fan_figure
from baseload.figures.numbers import quantity
from baseload.report.blocks import Picture, yearly_table
from baseload.report.reported import QUANTILES, Series

# Above this ratio of the largest to the smallest value a linear axis hides the small ones.
_LOG_FROM_RATIO = 30.0
QUANTILE_NAMES = ("p05", "p25", "median", "p75", "p95")


def month_name(date: np.datetime64) -> str:
    """Month and year of a date, as in "March 2031"."""
    return f"{date.astype('datetime64[s]').item():%B %Y}"


def _wants_log(series: Series) -> bool:
    values = np.concatenate([series.p05, series.p95])
    values = values[np.isfinite(values)]
    return bool(values.size and values.min() > 0 and values.max() > _LOG_FROM_RATIO * values.min())


def fan_picture(
    title: str,
    series: Series,
    what: str,
    *,
    other: Series | None = None,
    other_label: str = "",
    marks: tuple[Mark, ...] = (),
    log: bool | None = None,
    include_zero: bool = True,
    remark: str = "",
) -> Picture:
    """A fan of one series with a caption that says where the median goes.

    Parameters
    ----------
    title : str
        Title of the figure.
    series : Series
        Quantiles by month.
    what : str
        Name of the quantity within a sentence.
    other, other_label : Series, str
        A series whose median is drawn dashed, and its name.
    marks : tuple of Mark
        Values across the figure.
    log : bool, optional
        Whether the axis is logarithmic; if not given, where the values ask for it.
    include_zero : bool
        Whether a linear axis reaches zero.
    remark : str
        Sentences to end the caption.
    """
    defined = np.flatnonzero(np.isfinite(series.p50))
    sentences = []
    if defined.size:
        first, last = defined[0], defined[-1]
        peak = defined[np.argmax(series.p50[defined])]
        unit = series.unit
        sentences.append(
            f"The median of {what} is {quantity(series.p50[first], unit)} in "
            f"{month_name(series.dates[first])} and {quantity(series.p50[last], unit)} in "
            f"{month_name(series.dates[last])}, where nine paths in ten lie between "
            f"{quantity(series.p05[last], unit)} and {quantity(series.p95[last], unit)}."
        )
        if peak not in (first, last):
            sentences.append(
                f"It is highest, {quantity(series.p50[peak], unit)}, in "
                f"{month_name(series.dates[peak])}."
            )
        if other is not None and np.isfinite(other.p50[last : last + 1]).all():
            sentences.append(
                f"The dashed median ({other_label}) ends at {quantity(other.p50[last], unit)}."
            )
    else:
        sentences.append(f"The median of {what} is defined in no month.")
    if remark:
        sentences.append(remark)
    caption = " ".join(sentences)
    svg = fan_figure(
        title,
        caption,
        series.dates,
        series.p05,
        series.p25,
        series.p50,
        series.p75,
        series.p95,
        series.unit,
        other_median=None if other is None else other.p50,
        other_label=other_label,
        log=_wants_log(series) if log is None else log,
        include_zero=include_zero,
        marks=marks,
    )
    columns = [
        (name, getattr(series, column))
        for name, column in zip(QUANTILE_NAMES, QUANTILES, strict=True)
    ]
    if other is not None:
        columns.append((other_label, other.p50))
    return Picture(svg, caption, yearly_table(title, series.dates, columns, series.unit))
