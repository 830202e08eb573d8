"""Sections of the page that are told with figures over the months: power, fleet, network, money."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from baseload.figures import (
    Distribution,
    Layer,
    Line,
    Mark,
    fan_figure,
    histogram_figure,
    stack_figure,
)
from baseload.figures.numbers import percent, quantity
from baseload.report.blocks import Picture, Section, Table, joined, yearly_table
from baseload.report.reported import (
    QUANTILES,
    ReportedStudy,
    Series,
    figure_of,
    mean_without_best,
    metric,
    read_series,
)

# Above this ratio of the largest to the smallest value a linear axis hides the small ones.
_LOG_FROM_RATIO = 30.0
_SHARES_THAT_MATTER = ((0.1, "10\u00a0%"), (1 / 3, "1/3"), (0.5, "1/2"))
_QUANTILE_NAMES = ("p05", "p25", "median", "p75", "p95")


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
        for name, column in zip(_QUANTILE_NAMES, QUANTILES, strict=True)
    ]
    if other is not None:
        columns.append((other_label, other.p50))
    return Picture(svg, caption, yearly_table(title, series.dates, columns, series.unit))


def power_section(study: ReportedStudy, series: Mapping[str, Series]) -> Section:
    """Where the plant's power goes, month by month."""
    parts = [
        (name, label, series[name])
        for name, label in (
            ("firm_served_by_plant_mw", "firm demand served by the plant"),
            ("mine_mw", "mine"),
            ("export_mw", "export"),
            ("curtailed_mw", "curtailed"),
        )
        if name in series
    ]
    title = "Availability and dispatch"
    if not parts:
        return Section("power", title, "", missing=("The study holds no monthly dispatch.",))
    dates, unit = parts[0][2].dates, parts[0][2].unit
    available = series.get("available_mw")
    over = [Line("available", available.mean, dashed=True)] if available else []

    shares = []
    generation = figure_of(study, "generation_mwh", "mean")
    for name, label in (
        ("firm_served_by_plant_mwh", "firm demand took"),
        ("mine_mwh", "the mine took"),
        ("export_mwh", "export took"),
        ("curtailed_mwh", "not used was"),
    ):
        mean = figure_of(study, name, "mean")
        if mean is not None and generation:
            shares.append(f"{label} {quantity(mean, 'MWh')} ({percent(mean / generation)})")
    caption = f"Mean of {study.paths:,} paths in each month; means add up, medians would not."
    if shares and generation:
        caption += (
            f" Over {study.years} years the plant could give {quantity(generation, 'MWh')} "
            f"on average: {joined(shares)}."
        )
    svg = stack_figure(
        "Where the plant's power goes",
        caption,
        dates,
        [Layer(label, each.mean) for _, label, each in parts],
        unit,
        over=over,
    )
    columns = [(label, each.mean) for _, label, each in parts]
    columns += [("available", available.mean)] if available else []
    pictures = [Picture(svg, caption, yearly_table("Mean power", dates, columns, unit))]
    missing = []
    if "unserved_firm_mw" in series:
        unserved = series["unserved_firm_mw"]
        worst = figure_of(study, "unserved_firm_mwh", "p95")
        remark = (
            f"Over all years one path in twenty leaves more than {quantity(worst, 'MWh')} unserved."
            if worst is not None
            else ""
        )
        pictures.append(
            fan_picture("Firm demand left unserved", unserved, "unserved demand", remark=remark)
        )
    else:
        missing.append("The study holds no series of unserved demand.")
    if "units_at_power" in series:
        pictures.append(
            fan_picture("Units at power", series["units_at_power"], "the number of units at power")
        )
    lead = "First the people who need the power, then the best use of what is left."
    return Section("power", title, lead, tuple(pictures), tuple(missing))


def fleet_section(study: ReportedStudy, series: Mapping[str, Series]) -> Section:
    """The mine's hash rate, its share of the network, and what it does to the network."""
    pictures, missing = [], []
    marks = tuple(Mark(value, label) for value, label in _SHARES_THAT_MATTER)
    peaks = metric(study, "network_share_peak")
    peaks = peaks[np.isfinite(peaks)]
    reached = [
        f"{label} in {percent(float(np.mean(peaks >= value)))} of the paths"
        for value, label in _SHARES_THAT_MATTER
        if peaks.size
    ]
    remark = f"The highest hour reaches {joined(reached)}." if reached else ""
    without = "without the mine"
    plan: tuple[tuple[str, str, str, str, tuple[Mark, ...], str], ...] = (
        ("mine_hash_rate_eh_per_s", "Hash rate of the mine", "the mine's hash rate", "", (), ""),
        ("network_share", "The mine's share of the network, mean", "the share", "", marks, remark),
        (
            "network_hash_rate_eh_per_s",
            "Hash rate of the whole network",
            "the network's hash rate",
            "network_hash_rate_without_eh_per_s",
            (),
            _displacement(study),
        ),
        ("difficulty", "Difficulty", "difficulty", "difficulty_without", (), ""),
        (
            "hashprice_usd_per_ph_per_day",
            "Hashprice: revenue per hash rate and day",
            "hashprice",
            "hashprice_without_usd_per_ph_per_day",
            (),
            "",
        ),
        ("bitcoin_price_usd", "Price of a bitcoin", "the price", "", (), ""),
    )
    for name, title, what, other, lines, note in plan:
        if name not in series:
            missing.append(f"The study holds no series {name}.")
            continue
        found = series.get(other) if other else None
        pictures.append(
            fan_picture(
                title,
                series[name],
                what,
                other=found,
                other_label=without,
                marks=lines,
                remark=note,
            )
        )
    lead = "What the mine is in the Bitcoin network, and what the network becomes with it."
    return Section("fleet", "Fleet and network", lead, tuple(pictures), tuple(missing))


def _displacement(study: ReportedStudy) -> str:
    displaced = figure_of(study, "displacement")
    if displaced is None:
        return ""
    return (
        f"For each hash of the mine the rest of the network does {displaced:.2f} fewer in the last "
        f"year that it ran (median of the paths)."
    )


def money_section(study: ReportedStudy, series: Mapping[str, Series]) -> Section:
    """Cash by month and net present values against both counterfactuals."""
    pictures, missing = [], []
    if "net_cash_usd" in series:
        pictures.append(
            fan_picture(
                "Net cash by month",
                series["net_cash_usd"],
                "net cash in a month",
                other=series.get("net_cash_grid_only_usd"),
                other_label="grid only, median",
                log=False,
            )
        )
    else:
        missing.append("The study holds no series net_cash_usd.")
    if "cumulative_cash_usd" in series:
        pictures.append(
            fan_picture(
                "Cash since the start",
                series["cumulative_cash_usd"],
                "cumulative cash",
                log=False,
                remark=_payback(study),
            )
        )
    else:
        missing.append("The study holds no series cumulative_cash_usd.")
    for build in (_npv_picture, _gain_picture):
        picture = build(study)
        if picture is None:
            missing.append("The study holds no net present values by path.")
        else:
            pictures.append(picture)
    lead = (
        "Real money; present values at the scenario's rate. The same draws with and without mining."
    )
    return Section("money", "Money", lead, tuple(pictures), tuple(dict.fromkeys(missing)))


def _payback(study: ReportedStudy) -> str:
    share = study.summary.get("payback_years", {}).get("share_defined")
    if share is None:
        return ""
    sentence = f"{percent(share)} of the paths pay back within the horizon"
    median = figure_of(study, "payback_years")
    return (
        f"{sentence}, the median after {quantity(median, 'years')}." if median else sentence + "."
    )


def _distribution_table(study: ReportedStudy, caption: str, names: list[tuple[str, str]]) -> Table:
    columns = ("mean", *QUANTILES)
    rows = tuple(
        (label, *(quantity(figure_of(study, name, column), "USD") for column in columns))
        for name, label in names
    )
    return Table(caption, ("", "mean", *_QUANTILE_NAMES), rows)


def _histogram(
    study: ReportedStudy,
    title: str,
    names: list[tuple[str, str]],
    caption: str,
    marks: tuple[Mark, ...],
) -> Picture | None:
    held = [(name, label) for name, label in names if np.isfinite(metric(study, name)).any()]
    if not held:
        return None
    distributions = [Distribution(label, metric(study, name)) for name, label in held]
    svg = histogram_figure(title, caption, distributions, "USD", marks=marks)
    return Picture(svg, caption, _distribution_table(study, title, held))


def _npv_picture(study: ReportedStudy) -> Picture | None:
    names = [
        ("npv_usd", "with the mine"),
        ("npv_grid_only_usd", "grid only"),
        ("npv_idle_usd", "left idle"),
    ]
    medians = [
        f"{quantity(figure_of(study, name), 'USD')} {label}"
        for name, label in names
        if figure_of(study, name) is not None
    ]
    caption = f"Net present value of each path. The medians are {joined(medians)}."
    mark = figure_of(study, "npv_usd")
    marks = () if mark is None else (Mark(mark, "median with the mine"),)
    return _histogram(study, "Net present value", names, caption, marks)


def _gain_picture(study: ReportedStudy) -> Picture | None:
    names = [
        ("npv_gain_over_grid_only_usd", "value of mining (over grid only)"),
        ("npv_gain_over_idle_usd", "all of it (over idle)"),
    ]
    chance = study.probability_of_gain
    gains = metric(study, names[0][0])
    sentences = [
        "Differences on the same draws, path by path: right of the line is a gain.",
        f"Mining gains in {percent(chance.get('mining'))} of the paths; mining and restarting "
        f"together in {percent(chance.get('over_idle'))}.",
    ]
    mean, rest = figure_of(study, names[0][0], "mean"), mean_without_best(gains)
    if mean is not None and rest is not None:
        sentences.append(
            f"The mean gain of mining is {quantity(mean, 'USD')}; without the best 5\u00a0% of the "
            f"paths it would be {quantity(rest, 'USD')}."
        )
    marks = (Mark(0.0, "no gain"),)
    return _histogram(study, "Gain over doing without", names, " ".join(sentences), marks)


def picture_sections(study: ReportedStudy) -> tuple[Section, Section, Section]:
    """The sections on power, fleet and money."""
    series = read_series(study)
    return (
        power_section(study, series),
        fleet_section(study, series),
        money_section(study, series),
    )
