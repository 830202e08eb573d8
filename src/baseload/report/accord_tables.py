"""The tables of the section on who has to agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from baseload.figures.numbers import SPACE, percent, quantity, significant
from baseload.report.blocks import Table
from baseload.units import chance_words
from baseload.verdict.words import (
    SOLUTIONS,
    joined,
    party_names,
    payments_told,
    proposed,
    with_doubt,
)

_NONE: Final = "–"


def _usd(value: float) -> str:
    return quantity(value, "USD")


def gains_table(found: Mapping[str, Any]) -> Table:
    """Arrangement by party: payoff, gain, and what the parties would have to pay."""
    rows = []
    for one in found["arrangements"]:
        standing = one["standing"]
        together, free, lawful = standing["together"], standing["free"], standing["allowed"]
        rows.append(
            (
                one["name"],
                *(_payoff(one, name) for name in party_names(found)),
                with_doubt(_usd(together["mean_usd"]), together),
                _side_payment(free),
                _side_payment(lawful),
                "; ".join(
                    f"{name} {_usd(value)}"
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
            *party_names(found),
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
    gained = with_doubt(_usd(gain["mean_usd"]), gain)
    return f"{_usd(one['payoffs'][name]['mean_usd'])} ({gained})"


def _side_payment(standing: Mapping[str, Any]) -> str:
    if standing["acceptable"]:
        return "none needed"
    if standing["side_payment_usd"] is None:
        return f"none does; {_usd(standing['outside_money_usd'])} from outside"
    return "; ".join(payments_told(standing["payments"], _usd, "to"))


def parties_table(found: Mapping[str, Any]) -> Table:
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


def red_lines_table(found: Mapping[str, Any]) -> Table:
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


def law_table(found: Mapping[str, Any]) -> Table:
    """What is prohibited, by names of rules; `rules_table` cites each once."""
    rows = [
        (
            one["name"],
            activity["activity"],
            activity["status"],
            ", ".join(dict.fromkeys(rule["rule"] for rule in activity["blocked_by"])) or _NONE,
        )
        for one in proposed(found)
        for activity in one["law"]["activities"]
    ]
    return Table(
        f"What the law says at the start, rules as of {found['law_as_of']}; not legal advice",
        ("arrangement", "activity", "status", "blocked by"),
        tuple(rows),
        "words",
    )


def rules_table(found: Mapping[str, Any]) -> Table:
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


def gates_table(one: Mapping[str, Any]) -> Table:
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


def coalitions_table(found: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            joined(one["coalition"]),
            one["runs"] or "given",
            _usd(one["mean_usd"]),
            quantity(one["standard_error_usd"], "USD", digits=2),
            _usd(one["median_usd"]),
            _usd(one["certainty_equivalent_usd"]),
        )
        for one in found["solutions"]["coalitions"]
    )
    rate = percent(found["discount_rate"])
    return Table(
        f"What coalitions are worth, at one rate of {rate}",
        ("coalition", "best runs", "mean", "error", "median", "certainty equivalent"),
        rows,
    )


def solutions_table(found: Mapping[str, Any]) -> Table:
    solutions = found["solutions"]
    rows = []
    for key, label in SOLUTIONS.items():
        solution = solutions[key]
        if "none" in solution:
            rows.append((label, *(_NONE for _ in party_names(found)), solution["none"], _NONE))
            continue
        rows.append(
            (
                label,
                *(_usd(solution["payoff_usd"][name]) for name in party_names(found)),
                _paid(solution["free"]),
                _paid(solution["allowed"]),
            )
        )
    core = solutions["core"]
    empty = percent(core["probability_empty"])
    return Table(
        f"How what all are worth together would be shared; the core is empty with probability {empty}",
        ("solution", *party_names(found), "who pays whom, free", "as the law allows"),
        tuple(rows),
        "words",
    )


def _paid(settlement: Mapping[str, Any]) -> str:
    paid = "; ".join(payments_told(settlement["payments"], _usd, "to"))
    return (paid or "nobody") + ("" if settlement["reached"] else "; does not reach it")


def verification_table(found: Mapping[str, Any]) -> Table:
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
