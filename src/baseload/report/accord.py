"""The section on who has to agree: gains, red lines, law, gates, what holds, and the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from baseload.figures import Dot, Line, Mark, dots_figure, line_figure
from baseload.figures.numbers import percent, quantity
from baseload.report.accord_tables import (
    coalitions_table,
    gains_table,
    gates_table,
    law_table,
    parties_table,
    red_lines_table,
    rules_table,
    solutions_table,
    verification_table,
)
from baseload.report.blocks import Picture, Section, Table, Verdict
from baseload.report.reported import ReportedStudy
from baseload.summary import NOISE_ERRORS, NOISE_WORDS
from baseload.units import chance_words
from baseload.verdict.arrangements import (
    RECOGNITION,
    as_of_sentence,
    simulated_sentence,
    verdicts,
)
from baseload.verdict.words import joined, proposed

_PRESSED_FLAT = 0.02
_MOST_GATES: Final = 12


def accord_section(study: ReportedStudy) -> Section | None:
    """Who gains by which arrangement, what bars it and how likely it is; None without parties."""
    found: Mapping[str, Any] | None = getattr(study, "accord", None)
    if not found:
        return None
    lead = (
        f"{RECOGNITION} {as_of_sentence(found)} {simulated_sentence(found)} If nothing is agreed: "
        f"{found['disagreement']}."
    )
    likely = [one for one in found["arrangements"] if one["chances"]]
    pictures = [_gains_picture(found)]
    if likely:
        pictures += [_mining_picture(likely), _gates_picture(likely)]
    # That which the study runs under, if it does not hold; else the first that does not.
    ordered = sorted(found["arrangements"], key=lambda one: one["name"] != found["arrangement"])
    pictures += [picture for one in ordered if (picture := _leaving_picture(study, one))][:1]
    tables = [
        gains_table(found),
        parties_table(found),
        red_lines_table(found),
        law_table(found),
        rules_table(found),
        coalitions_table(found),
        solutions_table(found),
        verification_table(found),
    ]
    told = tuple(
        Verdict(one.name, one.headline, tuple(text for _, text in one.sentences))
        for one in verdicts(found)
    )
    return Section(
        "accord", "Who has to agree", lead, tuple(pictures), (), tuple(tables), verdicts=told
    )


def _gains_picture(found: Mapping[str, Any]) -> Picture:
    dots, rows = [], []
    for one in proposed(found):
        for name, gain in one["gains"].items():
            if gain["says"] == "nothing changes":
                continue
            error = NOISE_ERRORS * gain["standard_error_usd"]
            dots.append(
                Dot(
                    name,
                    gain["mean_usd"],
                    gain["mean_usd"] - error,
                    gain["mean_usd"] + error,
                    group=one["name"],
                    kind=name,
                    hint=f"{name}, {one['name']}: {quantity(gain['mean_usd'], 'USD')}; {gain['says']}",
                )
            )
            rows.append((one["name"], name, quantity(gain["mean_usd"], "USD"), gain["says"]))
    best = max(proposed(found), key=lambda one: one["standing"]["free"]["surplus_usd"])
    caption = (
        f"What each party gains over {found['disagreement']} at its own discount rate; mean and "
        f"{NOISE_WORDS} of {found['paths']:,} paths. Together they gain most, or lose least, by "
        f"{best['name']}: {quantity(best['standing']['free']['surplus_usd'], 'USD')}."
    )
    svg = dots_figure("Gains by arrangement and party", caption, dots, "USD", label="gain")
    table = Table("Mean gains", ("arrangement", "party", "gain", "verdict"), tuple(rows))
    return Picture(svg, caption, table)


def _mining_picture(likely: Sequence[Mapping[str, Any]]) -> Picture:
    mining = [one for one in likely if one["chances"]["mines"]] or list(likely)
    key = "mining" if mining[0]["chances"]["mines"] else "start"
    days = np.array(
        [each["on"] for each in mining[0]["chances"]["first_mining_by"]], "datetime64[D]"
    )
    values = [
        np.array([each[key]["value"] for each in one["chances"]["first_mining_by"]])
        for one in mining
    ]
    highest = max(float(value.max()) for value in values)
    # One arrangement far likelier than the others would press these flat on the axis.
    log = any(0.0 < value.max() < _PRESSED_FLAT * highest for value in values)
    drawn = [np.where(value > 0.0, value, np.nan) if log else value for value in values]
    curves = [Line(one["name"], value) for one, value in zip(mining, drawn, strict=True)]
    by = date.fromisoformat(mining[0]["chances"]["by"])
    told = [
        f"{chance_words(one['chances']['probability']['value'])} under {one['name']}"
        for one in mining
    ]
    caption = (
        f"Probability that {'mining has begun' if key == 'mining' else 'it has begun'} by the end of "
        f"each year, from the opinions on the gates ({mining[0]['chances']['method']} pool). By "
        f"{by.isoformat()}: {joined(told)}."
    )
    svg = line_figure(
        "When mining would begin",
        caption,
        days,
        curves,
        "share",
        label="probability",
        marks=(Mark(0.5, "1/2"),) if highest > 0.1 else (),
        log=log,
    )
    header = ("by the end of", *(one["name"] for one in mining))
    rows = tuple(
        (str(day)[:4], *(chance_words(float(value[i])) for value in values))
        for i, day in enumerate(days)
    )
    return Picture(svg, caption, Table("Probability of first mining", header, rows))


def _gates_picture(likely: Sequence[Mapping[str, Any]]) -> Picture:
    one = _most_likely(likely)
    gates = one["chances"]["gates"][:_MOST_GATES]
    dots = [
        Dot(
            gate["gate"],
            gate["granted"],
            kind="granted from today",
            hint=f"{gate['gate']}: {percent(gate['granted'])}",
        )
        for gate in gates
    ]
    first = gates[0]
    caption = (
        f"Gates of {one['name']}, the likeliest arrangement: probability that each is granted within "
        f"the horizon, whatever else happens, in the order in which its certainty would help. Were "
        f"{first['gate']} certain, the probability by {one['chances']['by']} would be "
        f"{chance_words(first['if_certain'])} instead of "
        f"{chance_words(one['chances']['probability']['value'])}."
    )
    svg = dots_figure("What each gate lets through", caption, dots, "share", label="probability")
    return Picture(svg, caption, gates_table(one))


def _leaving_picture(study: ReportedStudy, one: Mapping[str, Any]) -> Picture | None:
    leaving = one["leaving"]
    if leaving is None or not leaving["first_to_leave"]:
        return None
    name = leaving["first_to_leave"][0]
    party = leaving["parties"][name]
    first = study.start.year
    days = np.array(
        [f"{first + i}-01-01" for i in range(len(party["staying_usd"]))], "datetime64[D]"
    )
    bond = party["bond_usd"]
    bound = (
        f"A bond of {quantity(bond, 'USD')} would keep it in."
        if party["bondable"]
        else f"To keep it in would take a bond of {quantity(bond, 'USD')}, more than all it has from it."
    )
    out = "stopping" if len(leaving["parties"]) == 1 else "leaving"
    better = [
        gone > stay for stay, gone in zip(party["staying_usd"], party["leaving_usd"], strict=True)
    ]
    caption = (
        f"What going on and {out} are worth to {name} from the start of each year on under {one['name']}, "
        f"at its own rate; {out} is worth more "
        f"{_years_told(first, better)}. {bound} Where it takes nothing along, {out} is worth nothing."
    )
    svg = line_figure(
        "Staying or leaving",
        caption,
        days,
        [
            Line("staying", np.array(party["staying_usd"])),
            Line("leaving", np.array(party["leaving_usd"])),
        ],
        "USD",
        x_label="year",
    )
    rows = tuple(
        (str(day)[:4], quantity(stay, "USD"), quantity(leave, "USD"))
        for day, stay, leave in zip(days, party["staying_usd"], party["leaving_usd"], strict=True)
    )
    return Picture(svg, caption, Table("Present values", ("year", "staying", "leaving"), rows))


def _years_told(first: int, chosen: Sequence[bool]) -> str:
    """The years that are chosen, as spans.

    Examples
    --------
    >>> _years_told(2027, [True, True, False, True])
    'from 2027 to 2028 and in 2030'
    """
    spans: list[list[int]] = []
    for place, one in enumerate(chosen):
        if one and spans and spans[-1][1] == first + place - 1:
            spans[-1][1] = first + place
        elif one:
            spans.append([first + place, first + place])
    told = [f"in {a}" if a == b else f"from {a} to {b}" for a, b in spans]
    return joined(told) or "in no year"


def _most_likely(likely: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return max(likely, key=lambda one: one["chances"]["probability"]["value"])
