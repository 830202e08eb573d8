"""The section on who has to agree: gains, red lines, law, gates, what holds, and the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from baseload.figures import Dot, Line, Mark, dots_figure, line_figure
from baseload.figures.numbers import SPACE, percent, quantity, significant
from baseload.report.blocks import Picture, Section, Table, Verdict, joined
from baseload.report.reported import ReportedStudy
from baseload.units import chance_words
from baseload.verdict.arrangements import (
    RECOGNITION,
    as_of_sentence,
    simulated_sentence,
    verdicts,
)

_NONE: Final = "–"
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
        _gains_table(found),
        _parties_table(found),
        _red_lines_table(found),
        _law_table(found),
        _rules_table(found),
        _coalitions_table(found),
        _solutions_table(found),
        _verification_table(found),
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
    for one in _others(found):
        for name, gain in one["gains"].items():
            if gain["says"] == "nothing changes":
                continue
            error = 2.0 * gain["standard_error_usd"]
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
    best = max(_others(found), key=lambda one: one["standing"]["free"]["surplus_usd"])
    caption = (
        f"What each party gains over {found['disagreement']} at its own discount rate; mean and two "
        f"standard errors of {found['paths']:,} paths. Together they gain most, or lose least, by "
        f"{best['name']}: {quantity(best['standing']['free']['surplus_usd'], 'USD')}."
    )
    svg = dots_figure("Gains by arrangement and party", caption, dots, "USD", label="gain")
    table = Table("Mean gains", ("arrangement", "party", "gain", "which says"), tuple(rows))
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
    curves = [Line(one["name"], value) for one, value in zip(mining, values, strict=True)]
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
        marks=(Mark(0.5, "1/2"),),
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
    return Picture(svg, caption, _gates_table(one))


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
    held = "would keep it in" if party["bondable"] else "is more than all it has from it"
    caption = (
        f"What going on and walking out are worth to {name} at the start of each year under "
        f"{one['name']}; it gains by leaving from {first + leaving['year']} on. A bond of "
        f"{quantity(bond, 'USD')} {held}. Leaving is worth nothing where it takes nothing along."
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


def _others(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in found["arrangements"] if one["name"] != found["disagreement"]]


def _most_likely(likely: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return max(likely, key=lambda one: one["chances"]["probability"]["value"])


def _gains_table(found: Mapping[str, Any]) -> Table:
    """Arrangement by party: payoff, gain, and what the parties would have to pay."""
    rows = []
    for one in found["arrangements"]:
        free, lawful = one["standing"]["free"], one["standing"]["allowed"]
        rows.append(
            (
                one["name"],
                *(_payoff(one, name) for name in _names(found)),
                quantity(free["surplus_usd"], "USD"),
                _side_payment(free),
                _side_payment(lawful),
                "; ".join(
                    f"{name} {quantity(value, 'USD')}"
                    for name, value in free["needed_values_usd"].items()
                    if value > 0
                )
                or _NONE,
            )
        )
    return Table(
        f"Payoff of each arrangement (gain over {found['disagreement']}), means",
        (
            "arrangement",
            *_names(found),
            "together, gain",
            "least payment, free",
            "least payment, as the law allows",
            "or worth beside money",
        ),
        tuple(rows),
        "words",
    )


def _payoff(one: Mapping[str, Any], name: str) -> str:
    gain = one["gains"][name]
    sure = " ?" if gain["says"] == "cannot tell" else ""
    return (
        f"{quantity(one['payoffs'][name]['mean_usd'], 'USD')} "
        f"({quantity(gain['mean_usd'], 'USD')}{sure})"
    )


def _side_payment(standing: Mapping[str, Any]) -> str:
    if standing["acceptable"]:
        return "none needed"
    if standing["side_payment_usd"] is None:
        return f"none does; {quantity(standing['outside_money_usd'], 'USD')} from outside"
    return "; ".join(
        f"{one['payer']} to {one['payee']} {quantity(one['usd'], 'USD')}"
        for one in standing["payments"]
    )


def _names(found: Mapping[str, Any]) -> list[str]:
    return [party["name"] for party in found["parties"]]


def _parties_table(found: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            party["name"],
            joined(party["rights"]),
            percent(party["discount_rate"]),
            party["position"] or _NONE,
            party["position_source"] or _NONE,
        )
        for party in found["parties"]
    )
    return Table(
        f"Parties as of {found['as_of']}",
        ("party", "rights", "discount rate", "stated position", "source"),
        rows,
        "words",
    )


def _red_lines_table(found: Mapping[str, Any]) -> Table:
    lines = found["arrangements"][0]["red_lines"]
    others = found["arrangements"]
    rows = tuple(
        (
            f"{line['party']}: {line['line']}",
            *(_kept(one["red_lines"][index]["holds"]) for one in others),
            line["source"],
        )
        for index, line in enumerate(lines)
    )
    return Table(
        "Red lines, which no payment moves",
        ("red line", *(one["name"] for one in others), "source"),
        rows,
        "words",
    )


def _kept(holds: bool | None) -> str:
    return "cannot tell" if holds is None else "kept" if holds else "crossed"


def _law_table(found: Mapping[str, Any]) -> Table:
    """What is prohibited, by names of rules; `_rules_table` cites each once."""
    rows = [
        (
            one["name"],
            activity["activity"],
            activity["status"],
            ", ".join(dict.fromkeys(rule["rule"] for rule in activity["blocked_by"])) or _NONE,
        )
        for one in _others(found)
        for activity in one["law"]["activities"]
    ]
    return Table(
        f"What the law says at the start, rules as of {found['law_as_of']}; not legal advice",
        ("arrangement", "activity", "status", "blocked by"),
        tuple(rows),
        "words",
    )


def _rules_table(found: Mapping[str, Any]) -> Table:
    """Each rule that blocks something: where it stands, and what would lift it."""
    rules = {
        rule["rule"]: rule
        for one in found["arrangements"]
        for activity in one["law"]["activities"]
        for rule in activity["blocked_by"]
    }
    rows = tuple(
        (name, rule["jurisdiction"], rule["status"], rule["cited"], rule["relief"])
        for name, rule in rules.items()
    )
    return Table(
        "The rules that block something, and what would lift them",
        ("rule", "jurisdiction", "status", "instrument and source", "relief"),
        rows,
        "words",
    )


def _gates_table(one: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            gate["gate"],
            percent(gate["probability"]),
            percent(gate["granted"]),
            _NONE if gate["last"] is None else percent(gate["last"]),
            chance_words(gate["if_certain"]),
            chance_words(gate["if_odds_doubled"]),
            f"{significant(100 * gate['shift_if_date_known'])}{SPACE}points",
        )
        for gate in one["chances"]["gates"]
    )
    return Table(
        f"Gates of {one['name']}: what each does to the probability of first mining by "
        f"{one['chances']['by']}",
        (
            "gate",
            "granted, once what it needs has been",
            "granted from today",
            "is the last to open",
            "were it certain and at once",
            "were its odds doubled",
            "moved on average by knowing it",
        ),
        rows,
    )


def _coalitions_table(found: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            joined(one["coalition"]),
            one["runs"] or "given",
            quantity(one["mean_usd"], "USD"),
            quantity(one["standard_error_usd"], "USD", digits=2),
            quantity(one["median_usd"], "USD"),
            quantity(one["certainty_equivalent_usd"], "USD"),
        )
        for one in found["solutions"]["coalitions"]
    )
    rate = percent(found["discount_rate"])
    return Table(
        f"What coalitions are worth, at one rate of {rate}",
        ("coalition", "best runs", "mean", "error", "median", "certainty equivalent"),
        rows,
    )


def _solutions_table(found: Mapping[str, Any]) -> Table:
    solutions = found["solutions"]
    rows = []
    for key, label in (
        ("shapley", "Shapley value"),
        ("nucleolus", "nucleolus"),
        ("reachable", "nucleolus within reach of lawful payments"),
    ):
        solution = solutions[key]
        if "none" in solution:
            rows.append((label, *(_NONE for _ in _names(found)), solution["none"], _NONE))
            continue
        rows.append(
            (
                label,
                *(quantity(solution["payoff_usd"][name], "USD") for name in _names(found)),
                _paid(solution["free"]),
                _paid(solution["allowed"]),
            )
        )
    core = solutions["core"]
    empty = percent(core["probability_empty"])
    return Table(
        f"How what all are worth together would be shared; the core is empty with probability {empty}",
        ("solution", *_names(found), "who pays whom, free", "as the law allows"),
        tuple(rows),
        "words",
    )


def _paid(settlement: Mapping[str, Any]) -> str:
    paid = "; ".join(
        f"{one['payer']} to {one['payee']} {quantity(one['usd'], 'USD')}"
        for one in settlement["payments"]
    )
    return (paid or "nobody") + ("" if settlement["reached"] else "; does not reach it")


def _verification_table(found: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            one["what"],
            "yes" if one["can_be_verified"] else "no",
            one["how"] or _NONE,
            one["by_whom"] or _NONE,
            one["why_not"] or _NONE,
        )
        for one in found["verification"]
    )
    return Table(
        "What can be verified, by whom, and what cannot",
        ("what", "can be", "how", "by whom", "why not"),
        rows,
        "words",
    )
