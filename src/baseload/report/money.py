"""The section on money: cash by month, and net present values against both counterfactuals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from baseload.figures import Mark, Sample, histogram_figure
from baseload.figures.numbers import percent, quantity
from baseload.report.blocks import Picture, Section, Table
from baseload.report.fans import QUANTILE_NAMES, fan_picture
from baseload.report.reported import (
    QUANTILES,
    ReportedStudy,
    Series,
    figure_of,
    mean_without_best,
    metric,
)
from baseload.verdict.words import joined


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
    if "safety_fund_usd" in series:
        fund = series["safety_fund_usd"]
        pictures.append(
            fan_picture(
                "Paid into the safety fund",
                fund,
                "what was paid in so far",
                log=False,
                remark=_funded(study),
            )
        )
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


def _funded(study: ReportedStudy) -> str:
    paid = metric(study, "safety_fund_usd")
    if not paid.size:
        return ""
    share = percent(float(np.mean(np.nan_to_num(paid) > 0)))
    sentence = f"From mining; on {share} of the paths anything comes in"
    years = figure_of(study, "years_of_safety_funded", "mean")
    return (
        f"{sentence}, on average {quantity(years, 'years')} of the safety programme."
        if years is not None
        else f"{sentence}."
    )


def _distribution_table(study: ReportedStudy, caption: str, names: list[tuple[str, str]]) -> Table:
    columns = ("mean", *QUANTILES)
    rows = tuple(
        (label, *(quantity(figure_of(study, name, column), "USD") for column in columns))
        for name, label in names
    )
    return Table(caption, ("", "mean", *QUANTILE_NAMES), rows)


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
    distributions = [Sample(label, metric(study, name)) for name, label in held]
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
    return _histogram(study, "Gain over the alternatives", names, " ".join(sentences), marks)
