"""The section on the network's security: how large the mine gets, and what that share can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np

from baseload.figures import Line, Mark, line_figure
from baseload.figures.numbers import SPACE, decimal, percent, power_of_ten, significant
from baseload.report.blocks import Picture, Section, Table
from baseload.report.fans import fan_picture
from baseload.report.reported import ReportedStudy, Series, read_series
from baseload.security import double_spend_probability
from baseload.security.over_time import THRESHOLD_SHARES
from baseload.verdict.words import joined

MOST_CONFIRMATIONS: Final = 30
SHARES_THAT_MATTER: Final = tuple(zip(THRESHOLD_SHARES, (f"10{SPACE}%", "1/3", "1/2"), strict=True))
"""Shares of the network that figures mark, and how they are written there."""

_LEAST_DRAWN = 1e-6
_FAMILY = "AntPool & friends"
_NONE = "–"


def security_section(study: ReportedStudy) -> Section:
    """The mine's largest share of each month against the thresholds, and what it can do."""
    title = "Security of the network"
    found: Mapping[str, Any] | None = getattr(study, "security", None)
    if not found:
        # Without a mine, and in studies of earlier versions.
        return Section("security", title, "", missing=("The study holds no mine in a network.",))
    series = read_series(study)
    pictures, missing = [], []
    if "network_share_peak" in series:
        pictures.append(_share_picture(found, series["network_share_peak"]))
    else:
        missing.append("The study holds no series network_share_peak.")
    pictures.append(_double_spend_picture(found))
    lead = (
        "What a mine of this size could do to Bitcoin, from its largest hours and after the rest of "
        f"the network has answered. Block templates are {found['templates']}; who builds them can "
        "leave payments out, fork and vote. That it could is no sign that it would. Payments are undone "
        f"with {found['cases'][0]['confirmations']} confirmations; blocks are withheld by Eyal and "
        f"Sirer's strategy, where {percent(_middle(found['cases'][0])['gamma'])} of the rest follow it in "
        "a tie. Out of scope: sabotage of pools, partition of the network, fee sniping."
    )
    if any(_FAMILY in case["name"] for case in found["cases"]):
        lead += (
            f" '{_FAMILY}' are pools that were seen to hand out the same templates, with the share that "
            "they had of the blocks of April 2026."
        )
    return Section(
        "security", title, lead, tuple(pictures), tuple(missing), (_table(found), _crossings(found))
    )


def _share_picture(found: Mapping[str, Any], series: Series) -> Picture:
    told = [
        f"above {one['threshold']} in {percent(one['probability'])} of the paths"
        + (f", first in {_month(one['median'])} (median of those)" if one["median"] else "")
        for one in found["thresholds"]
    ]
    return fan_picture(
        "The mine's share of the network, largest hour of the month",
        series,
        "the largest hourly share",
        marks=tuple(Mark(value, label) for value, label in SHARES_THAT_MATTER),
        remark=f"An hour lies {'; '.join(told)}. A large share in late years is more often a small "
        "network than a large mine: where the coin's price does not make up for halvings, the rest "
        "shrinks.",
    )


def _double_spend_picture(found: Mapping[str, Any]) -> Picture:
    confirmations = np.arange(MOST_CONFIRMATIONS + 1)
    cases = [case for case in found["cases"] if "returned" not in case["name"]]
    curves = [double_spend_probability(case["share"], confirmations) for case in cases]
    at = next(case["confirmations"] for case in cases)
    told = [f"{_part(case['double_spend'])} for {_case(case)}" for case in cases]
    caption = (
        f"Probability that a payment with so many confirmations is undone by an attacker who never "
        f"gives up (Rosenfeld 2014; he needs to draw level). At {at}: {joined(told)}."
    )
    svg = line_figure(
        "A payment undone, by its confirmations",
        caption,
        confirmations,
        [
            Line(case["name"], np.where(curve >= _LEAST_DRAWN, curve, np.nan))
            for case, curve in zip(cases, curves, strict=True)
        ],
        "probability",
        x_label="confirmations",
        log=True,
    )
    rows = tuple(
        (str(z), *(significant(float(curve[z])) for curve in curves))
        for z in (0, 1, 2, 3, 6, 12, 24)
    )
    header = ("confirmations", *(case["name"] for case in cases))
    return Picture(svg, caption, Table("Probability that a payment is undone", header, rows))


def _case(case: Mapping[str, Any]) -> str:
    return f"{case['name']} ({_part(case['share'])})"


def _table(found: Mapping[str, Any]) -> Table:
    rows = []
    for case in found["cases"]:
        middle = _middle(case)
        needed = [one["confirmations"] for one in case["confirmations_for_risk"]]
        rows.append(
            (
                case["name"],
                _part(case["share"]),
                _part(case["double_spend"]),
                " / ".join(f"{one:,}" if one is not None else _NONE for one in needed),
                f"{_part(middle['revenue'])} (pays from {_part(middle['threshold'])})",
                _number(case["censorship_wait_minutes"], "min"),
                _chance(case["veto_log10_activation"]),
                f"{_number(case['loss_block_minutes'], 'min')}, "
                f"{_number(case['loss_days_to_retarget'], 'days')}",
            )
        )
    return Table(
        "What a share can do",
        (
            "who",
            "share",
            "undoes a payment",
            f"confirmations for a risk below 1{SPACE}% / 0.1{SPACE}%",
            "blocks by withholding",
            "payment that it ignores waits",
            "chance that a soft fork activates without it in a period (1,815 of 2,016 blocks)",
            "if it vanishes: a block every, next retarget",
        ),
        tuple(rows),
    )


def _crossings(found: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            one["threshold"],
            percent(one["probability"]),
            *(_month(one[column]) for column in ("earliest", "median", "latest")),
        )
        for one in found["thresholds"]
    )
    return Table(
        "When an hour is first above a threshold, among the paths on which one is",
        ("threshold", "paths", "5 % earliest", "median", "5 % latest"),
        rows,
    )


def _middle(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Selfish mining at the middle one of its gammas."""
    found: Mapping[str, Any] = case["selfish_mining"][len(case["selfish_mining"]) // 2]
    return found


def _month(day: str | None) -> str:
    return _NONE if day is None else f"{date.fromisoformat(day):%B %Y}"


def _part(share: float) -> str:
    """A computed share or probability, as percent to three digits."""
    if share in (0.0, 1.0):
        return f"{decimal(100 * share, 0)}{SPACE}%"
    return f"{significant(100 * share)}{SPACE}%"


def _number(value: float | None, unit: str) -> str:
    return "for ever" if value is None else f"{significant(value)}{SPACE}{unit}"


def _chance(log10: float | None) -> str:
    if log10 is None:
        return "never"
    return _part(10.0**log10) if log10 > -6.0 else power_of_ten(round(log10))
