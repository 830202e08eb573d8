"""Differences to the first study with their intervals, as figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from baseload.figures import Dot, dots_figure
from baseload.figures.numbers import SPACE, quantity
from baseload.report.blocks import Picture, Section, Table
from baseload.report.comparison_tables import NOTHING, SAME, Compared, Row, is_same
from baseload.verdict.words import joined

_MONEY: Final = {
    "value_of_restarting_usd": "value of restarting",
    "npv_gain_over_grid_only_usd": "value of mining",
    "npv_usd": "net present value",
}
_ENERGY: Final = {
    "firm_served_by_plant_mwh": "firm served by plant",
    "unserved_firm_mwh": "firm unserved",
    "mine_mwh": "mine",
    "export_mwh": "export",
    "curtailed_mwh": "curtailed",
}
_BITCOIN: Final = {
    "cost_per_bitcoin_usd": "cost",
    "cash_cost_per_bitcoin_usd": "cash cost",
    "revenue_per_bitcoin_usd": "revenue",
}
_PARTS: Final = {
    "reactor_years_at_power": "reactor-years",
    "offsite_power_losses_at_power": "off-site power lost",
    "station_blackout_probability": "outlasts diesels",
    "diesel_hours": "hours on diesels",
    "machines_peak": "most machines",
    "hash_rate_peak_eh_per_s": "highest hash rate",
    "network_share_peak": "highest share",
    "bitcoin_mined": "bitcoin mined",
}
"""Names short enough for the rows of a figure."""


def differences_section(compared: Compared) -> Section:
    """Differences to the first study with their intervals, by what they are measured in."""
    pictures, missing = [], []
    for title, names, unit in (
        ("Differences of money", _MONEY, "USD"),
        ("Differences of energy", _ENERGY, "MWh"),
        ("Differences of what a bitcoin costs and earns", _BITCOIN, "USD/BTC"),
        ("Other differences, as parts of the first's mean", _PARTS, "share"),
    ):
        picture = _dots(compared, title, names, unit)
        if picture is None:
            missing.append(f"{title}: none is defined in two studies.")
        else:
            pictures.append(picture)
    lead = (
        f"Mean of the paths' differences to {compared.name(1)} with its 95{SPACE}% interval on "
        "common draws. Where the interval holds zero the paths do not tell which is higher."
    )
    return Section(
        "differences", "How sure the differences are", lead, tuple(pictures), tuple(missing)
    )


def _dots(compared: Compared, title: str, names: Mapping[str, str], unit: str) -> Picture | None:
    several = len(compared.labels) > 2
    dots: list[Dot] = []
    rows: list[tuple[str, ...]] = []
    clear: list[str] = []
    unclear: list[str] = []
    same: list[str] = []
    for name, short in names.items():
        for place in compared.places[1:] if name in compared.rows else ():
            row = compared.rows[name][place - 1]
            found = _in_unit(row, unit)
            if found is None:
                continue
            value, low, high = found
            what = f"{short} in {place}" if several else short
            dots.append(
                Dot(
                    compared.name(place) if several else short,
                    value,
                    low,
                    high,
                    short if several else "",
                    compared.name(place) if several else "",
                    hint=f"{what}: {_told(value, low, high, unit)}",
                )
            )
            rows.append((what, *_cells(row, value, low, high, unit)))
            holds_zero = low is None or high is None or low <= 0.0 <= high
            (same if is_same(row) else unclear if holds_zero else clear).append(what)
    if not dots:
        return None
    sentences = [
        f"{len(clear)} of {len(dots)} differences are told from zero by the paths"
        f"{': ' + joined(clear) if clear else ''}."
    ]
    if unclear:
        sentences.append(f"Not told from zero: {joined(unclear)}.")
    if same:
        sentences.append(f"The same on every path: {joined(same)}.")
    caption = " ".join(sentences)
    kinds = [compared.name(place) for place in compared.places[1:]] if several else ()
    svg = dots_figure(title, caption, dots, unit, kinds=kinds, label="difference to 1")
    header = ("", "difference", "from", "to")
    return Picture(svg, caption, Table(title, header, tuple(rows)))


def _in_unit(row: Row, unit: str) -> tuple[float, float | None, float | None] | None:
    """Difference and ends of its interval; over the first's mean where parts are asked for."""
    mean = row["difference_mean"]
    factor = row["paired_mean_of_first"] if unit == "share" else 1.0
    if mean is None or not factor or factor < 0.0:
        return None
    low, high = row["difference_low"], row["difference_high"]
    return mean / factor, *(None if end is None else end / factor for end in (low, high))


def _told(value: float, low: float | None, high: float | None, unit: str) -> str:
    between = "" if low is None else f", from {quantity(low, unit)} to {quantity(high, unit)}"
    return quantity(value, unit) + between


def _cells(
    row: Row, value: float, low: float | None, high: float | None, unit: str
) -> tuple[str, ...]:
    if is_same(row):
        return SAME, NOTHING, NOTHING
    ends = (NOTHING if end is None else quantity(end, unit) for end in (low, high))
    return quantity(value, unit), *ends
