"""Figures that lay studies over one another or beside one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.figures import (
    Band,
    Layer,
    Line,
    Mark,
    Sample,
    histogram_figure,
    line_figure,
    stack_figure,
)
from baseload.figures.numbers import SPACE, percent, quantity
from baseload.report.blocks import Picture, Section, Table, yearly_table
from baseload.report.comparison_dots import differences_section
from baseload.report.comparison_tables import Compared, is_same
from baseload.report.reported import (
    QUANTILES,
    FloatArray,
    Series,
    metric,
    read_series,
)
from baseload.report.sections import words
from baseload.summary import probability_above_zero
from baseload.verdict.words import joined

_MINING: Final = "npv_gain_over_grid_only_usd"
_VALUES: Final = (
    (_MINING, "Value of mining", "no gain"),
    ("value_of_restarting_usd", "Value of restarting", "no gain"),
    ("npv_usd", "Net present value", "zero"),
)
_LOWEST: Final = "cumulative_cash_usd"
"""The series whose lowest month says more than its highest."""
_LINES: Final = (
    (_LOWEST, "Cash since the start", "p50", ()),
    (
        "network_share",
        "The mine's share of the network",
        "p50",
        (Mark(0.1, f"10{SPACE}%"), Mark(1 / 3, "1/3"), Mark(0.5, "1/2")),
    ),
    ("unserved_firm_mw", "Firm demand left unserved", "mean", ()),
)
_USES: Final = (
    ("firm_served_by_plant", "firm demand served by the plant"),
    ("mine", "mine"),
    ("export", "export"),
    ("curtailed", "curtailed"),
)
Months = npt.NDArray[np.datetime64]


def picture_sections(compared: Compared) -> tuple[Section, ...]:
    """The sections with figures, in their order on the page."""
    series = [read_series(study) for study in compared.comparison.studies]
    return (
        differences_section(compared),
        _spread(compared),
        _over_time(compared, series),
        _power(compared, series),
    )


def _names(compared: Compared) -> list[str]:
    return [compared.name(place) for place in compared.places]


def _spread(compared: Compared) -> Section:
    """How the result of each study spreads over the paths."""
    pictures, missing = [], []
    for name, title, zero in _VALUES:
        values = [metric(study, name) for study in compared.comparison.studies]
        held = [
            (place, one)
            for place, one in zip(compared.places, values, strict=True)
            if np.isfinite(one).any()
        ]
        if not held:
            missing.append(f"No study holds {words(name)}.")
            continue
        pictures.append(_distributions(compared, name, title, zero, held))
    if (picture := _by_path(compared)) is not None:
        pictures.append(picture)
    lead = "Each path's result, as a share of the study's paths."
    return Section("spread", "Where the results lie", lead, tuple(pictures), tuple(missing))


def _distributions(
    compared: Compared, name: str, title: str, zero: str, held: list[tuple[int, FloatArray]]
) -> Picture:
    chances = [
        f"{quantity(_quantile(compared, place, name), 'USD')} in {place}, above zero on "
        f"{percent(probability_above_zero(values))} of the paths"
        for place, values in held
    ]
    caption = f"{title} of each path. The median is {joined(chances)}."
    same = [str(place) for place in compared.places[1:] if _all_same(compared, name, place)]
    if same:
        caption += f" In {joined(same)} it is the same as in 1 on every path, so that one covers"
        caption += " the other."
    svg = histogram_figure(
        title,
        caption,
        [Sample(compared.name(place), values) for place, values in held],
        "USD",
        marks=(Mark(0.0, zero),),
    )
    columns = ("mean", *QUANTILES)
    rows = tuple(
        (
            compared.name(place),
            *(quantity(_quantile(compared, place, name, column), "USD") for column in columns),
        )
        for place, _ in held
    )
    return Picture(
        svg, caption, Table(title, ("", "mean", "p05", "p25", "median", "p75", "p95"), rows)
    )


def _by_path(compared: Compared) -> Picture | None:
    """How the value of mining of each path differs from that of the same path of the first."""
    values = [metric(study, _MINING) for study in compared.comparison.studies]
    rows = compared.rows.get(_MINING, ())
    differing = [
        place
        for place in compared.places[1:]
        if rows and rows[place - 1]["difference_mean"] is not None and not is_same(rows[place - 1])
    ]
    if not differing:
        return None
    keys = ("difference_mean", "difference_p05", "difference_p50", "difference_p95")
    told = [
        f"in {place} it is higher than in 1 on {percent(rows[place - 1]['share_higher'])} of the "
        f"paths, and the median of the differences is "
        f"{quantity(rows[place - 1]['difference_p50'], 'USD')}"
        for place in differing
    ]
    title = "Value of mining, less that of 1 on the same path"
    caption = f"What the change alone does to each path: {'; '.join(told)}."
    svg = histogram_figure(
        title,
        caption,
        [Sample(compared.name(place), values[place - 1] - values[0]) for place in differing],
        "USD",
        marks=(Mark(0.0, "no difference"),),
    )
    table = Table(
        title,
        ("", "mean", "p05", "median", "p95"),
        tuple(
            (compared.name(place), *(quantity(rows[place - 1][key], "USD") for key in keys))
            for place in differing
        ),
    )
    return Picture(svg, caption, table)


def _quantile(compared: Compared, place: int, name: str, column: str = "p50") -> float | None:
    """A figure of a study's own summary."""
    value = compared.comparison.studies[place - 1].summary.get(name, {}).get(column)
    return None if value is None else float(value)


def _all_same(compared: Compared, name: str, place: int) -> bool:
    return name in compared.rows and is_same(compared.rows[name][place - 1])


def _over_time(compared: Compared, series: Sequence[Mapping[str, Series]]) -> Section:
    """Medians of all studies month by month over the band of the first."""
    pictures, missing = [], []
    for name, title, column, marks in _LINES:
        held = [
            (place, own[name])
            for place, own in zip(compared.places, series, strict=True)
            if name in own
        ]
        if held:
            pictures.append(_overlay(compared, title, column, marks, held, name == _LOWEST))
        else:
            missing.append(f"No study holds the series {name}.")
    lead = (
        "A line for each study; in nine paths in ten the first lies within its band. The same "
        "month of a path has the same luck in all of them."
    )
    return Section("time", "Month by month", lead, tuple(pictures), tuple(missing))


def _overlay(
    compared: Compared,
    title: str,
    column: str,
    marks: tuple[Mark, ...],
    held: list[tuple[int, Series]],
    lowest: bool,
) -> Picture:
    unit = held[0][1].unit
    months = np.unique(np.concatenate([_months(one.dates) for _, one in held]))
    lines = [(place, _spread_over(months, one, column)) for place, one in held]
    what = "median" if column == "p50" else "mean of the paths"
    told = []
    for place, values in lines:
        known = np.flatnonzero(np.isfinite(values))
        if known.size:
            peak = known[(np.argmin if lowest else np.argmax)(values[known])]
            told.append(
                f"in {place} it is {'lowest' if lowest else 'highest'} in {_month(months[peak])}, "
                f"{quantity(float(values[peak]), unit)}, and ends at "
                f"{quantity(float(values[known[-1]]), unit)}"
            )
    caption = f"{title}, {what}: {'; '.join(told)}." if told else f"{title} is never defined."
    same = [
        str(place)
        for place, values in lines[1:]
        if held[0][0] == 1 and np.array_equal(values, lines[0][1], equal_nan=True)
    ]
    if same:
        caption += f" The line of {joined(same)} lies on that of 1."
    first_place, first = held[0]
    svg = line_figure(
        f"{title}, {'mean' if column == 'mean' else 'median'}",
        caption,
        months,
        [
            Line(compared.name(place), values, dashed=index % 2 == 1)
            for index, (place, values) in enumerate(lines)
        ],
        unit,
        band=Band(
            f"nine in ten of {first_place}",
            _spread_over(months, first, "p05"),
            _spread_over(months, first, "p95"),
        ),
        marks=marks,
    )
    columns = [(compared.name(place), values) for place, values in lines]
    return Picture(svg, caption, yearly_table(f"{title}, {what}", months, columns, unit))


def _months(dates: Months) -> Months:
    """Months of a series, which differ between studies that begin on other days of a month."""
    return dates.astype("datetime64[M]")


def _month(month: np.datetime64) -> str:
    return f"{month.astype('datetime64[s]').item():%B %Y}"


def _spread_over(months: Months, series: Series, column: str) -> FloatArray:
    """Values of a series at these months, NaN where it has none."""
    values = np.full(months.size, np.nan)
    values[np.searchsorted(months, _months(series.dates))] = getattr(series, column)
    return values


def _power(compared: Compared, series: Sequence[Mapping[str, Series]]) -> Section:
    """Where the power goes in each study, one figure beside the other."""
    pictures, missing = [], []
    for place, own in zip(compared.places, series, strict=True):
        layers = [(label, own[f"{use}_mw"]) for use, label in _USES if f"{use}_mw" in own]
        if not layers:
            missing.append(f"{compared.name(place)} holds no monthly dispatch.")
            continue
        unit, dates = layers[0][1].unit, layers[0][1].dates
        title = f"Where the power goes in {compared.name(place)}"
        caption = f"Mean of the paths in each month. {_shares(compared, place)}"
        drawn = [Layer(label, one.mean) for label, one in layers]
        svg = stack_figure(title, caption, dates, drawn, unit)
        columns = [(label, one.mean) for label, one in layers]
        pictures.append(Picture(svg, caption, yearly_table("Mean power", dates, columns, unit)))
    lead = "Each study has its own axis."
    return Section(
        "power",
        "Where the power goes",
        lead,
        tuple(pictures),
        tuple(missing),
        (_energies(compared),),
    )


def _shares(compared: Compared, place: int) -> str:
    means = {use: _quantile(compared, place, f"{use}_mwh", "mean") for use, _ in _USES}
    known = [(label, means[use]) for use, label in _USES if means[use] is not None]
    total = sum(mean for _, mean in known if mean is not None)
    parts = [f"{label} {quantity(mean, 'MWh')} ({percent(mean / total)})" for label, mean in known
             if mean is not None and total]  # fmt: skip
    years = compared.comparison.studies[place - 1].years
    return f"Over {years} years: {joined(parts)}." if parts else ""


def _energies(compared: Compared) -> Table:
    """Energy by use and study."""
    uses = (*_USES, ("unserved_firm", "firm demand left unserved"))
    rows = tuple(
        (
            label,
            *(quantity(_quantile(compared, place, f"{use}_mwh", "mean"), "MWh")
              for place in compared.places),
        )
        for use, label in uses
    )  # fmt: skip
    return Table("Energy over each horizon, mean of the paths", ("", *_names(compared)), rows)
