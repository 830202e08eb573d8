"""Sections of the page that are told with figures over the months: power, fleet, network."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import numpy as np

from baseload.clock import HOURS_PER_YEAR
from baseload.figures import Layer, Line, Mark, stack_figure
from baseload.figures.numbers import percent, quantity
from baseload.network.protocol import HASHES_PER_DIFFICULTY, TARGET_SECONDS_PER_BLOCK
from baseload.report.adequacy import adequacy_table
from baseload.report.blocks import Picture, Section, yearly_table
from baseload.report.fans import fan_picture
from baseload.report.money import money_section
from baseload.report.reported import (
    QUANTILES,
    ReportedStudy,
    Series,
    figure_of,
    metric,
    read_series,
)
from baseload.report.security import SHARES_THAT_MATTER
from baseload.report.timeline import timeline_picture
from baseload.verdict.words import joined


def _capacity_factor(study: ReportedStudy) -> str:
    """Produced over net power of all units for all hours; empty where net power is uncertain or not told."""
    produced = figure_of(study, "produced_mwh", "mean")
    try:
        units = tomllib.loads(study.scenario_text)["plant"]["units"]
        net_mw = [unit["net_mw"] for unit in units]
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return ""
    if not produced or not all(isinstance(one, int | float) for one in net_mw) or not sum(net_mw):
        return ""
    factor = produced / (sum(net_mw) * study.years * HOURS_PER_YEAR)
    return (
        f" The capacity factor of all {len(net_mw)} units over the whole time, before they are back too, is "
        f"{percent(factor)}."
    )


def _mine_instead_of(study: ReportedStudy) -> str:
    """What the mine's energy would have been without it, and why any is left unused."""
    mine, export, alone, left = (
        figure_of(study, name, "mean")
        for name in ("mine_mwh", "export_mwh", "export_mwh_grid_only", "curtailed_mwh")
    )
    text = ""
    if mine and export is not None and alone is not None and alone > export:
        sold = alone - export
        text += (
            f" Of what the mine took, {quantity(sold, 'MWh')} would have been exported without it and "
            f"{quantity(max(0.0, mine - sold), 'MWh')} left unused."
        )
    if left:
        text += (
            " Power is left unused, too, where one more MWh sold would lower what all sales earn."
        )
    return text


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
        caption += _capacity_factor(study) + _mine_instead_of(study)
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
    awaited = timeline_picture(study)
    if isinstance(awaited, Picture):
        pictures.append(awaited)
    elif awaited is not None:
        missing.append(awaited)
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
    adequacy = adequacy_table(study)
    tables = () if adequacy is None else (adequacy,)
    return Section("power", title, lead, tuple(pictures), tuple(missing), tables)


def fleet_section(study: ReportedStudy, series: Mapping[str, Series]) -> Section:
    """The mine's hash rate, its share of the network, and what it does to the network."""
    pictures, missing = [], []
    marks = tuple(Mark(value, label) for value, label in SHARES_THAT_MATTER)
    peaks = metric(study, "network_share_peak")
    peaks = peaks[np.isfinite(peaks)]
    reached = [
        f"{label} in {percent(float(np.mean(peaks >= value)))} of the paths"
        for value, label in SHARES_THAT_MATTER
        if peaks.size
    ]
    remark = f"The highest hour reaches {joined(reached)}." if reached else ""
    without = "without the mine"
    series = dict(series)
    note = ""
    if "difficulty" in series and "network_hash_rate_without_eh_per_s" in series:
        series["difficulty_without"] = _difficulty_at(series["network_hash_rate_without_eh_per_s"])
        note = "Without the mine it is what that hash rate keeps at ten minutes a block."
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
        ("difficulty", "Difficulty", "difficulty", "difficulty_without", (), note),
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


def _difficulty_at(hash_rate: Series) -> Series:
    """The difficulty at which a hash rate finds blocks at the pace that the protocol aims at."""
    factor = 1e18 * TARGET_SECONDS_PER_BLOCK / HASHES_PER_DIFFICULTY
    values = {name: getattr(hash_rate, name) * factor for name in ("mean", *QUANTILES)}
    return Series("", hash_rate.dates, **values)


def _displacement(study: ReportedStudy) -> str:
    displaced = figure_of(study, "displacement")
    if displaced is None:
        return ""
    return (
        f"For each hash of the mine the rest of the network does {displaced:.2f} fewer in the last "
        f"year that it ran (median of the paths)."
    )


def picture_sections(study: ReportedStudy) -> tuple[Section, Section, Section]:
    """The sections on power, fleet and money."""
    series = read_series(study)
    return (
        power_section(study, series),
        fleet_section(study, series),
        money_section(study, series),
    )
