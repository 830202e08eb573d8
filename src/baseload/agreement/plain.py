"""Results of the packages below as plain values, whose keys carry units, for the manifest and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baseload.accord import ArrangementStanding, Bargain, Payment, Settlement
    from baseload.agreement.coalition_values import CoalitionWorth
    from baseload.agreement.payoffs import Payoff
    from baseload.gates.binding import Binding
    from baseload.gates.changes import Change
    from baseload.gates.outcomes import Estimate
    from baseload.law.check import Finding


def rounded(value: Any) -> Any:
    """Plain values with nine digits of every float.

    Powers and solvers of libraries differ in the last of sixteen digits from processor to processor;
    results are the same bytes everywhere.
    """
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def of_payments(payments: Iterable[Payment[str]]) -> list[dict[str, Any]]:
    """Who pays whom how much, in the order given."""
    return [{"payer": one.payer, "payee": one.payee, "usd": one.amount} for one in payments]


def of_payoff(payoff: Payoff) -> dict[str, Any]:
    """What an arrangement is worth to a party."""
    return {
        "mean_usd": payoff.mean_usd,
        "standard_error_usd": payoff.standard_error_usd,
        "p05_usd": payoff.p05_usd,
        "median_usd": payoff.median_usd,
        "p95_usd": payoff.p95_usd,
        "certainty_equivalent_usd": payoff.certainty_equivalent_usd,
        "share_of_best_5_percent": payoff.share_of_best,
    }


def of_standing(standing: ArrangementStanding[str]) -> dict[str, Any]:
    """Whether all would take an arrangement, and the least payment that makes them."""
    return {
        "acceptable": standing.acceptable,
        "surplus_usd": standing.surplus,
        "side_payment_usd": standing.side_payment,
        "payments": of_payments(standing.payments),
        "outside_money_usd": standing.outside_money,
        "needed_values_usd": dict(standing.needed_values),
    }


def of_bargain(bargain: Bargain, parties: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """What a bargain gives each party, and with which probability it is which arrangement."""
    return {
        "payoff_usd": dict(zip(parties, map(float, bargain.payoff), strict=True)),
        "lottery": {
            name: float(share)
            for name, share in zip(names, bargain.lottery, strict=True)
            if share > 0.0
        },
    }


def of_worth(one: CoalitionWorth) -> dict[str, Any]:
    """What a coalition is worth, and by which run."""
    return {
        "coalition": list(one.coalition),
        "runs": one.runs,
        "given": one.given,
        "mean_usd": one.mean_usd,
        "standard_error_usd": one.standard_error_usd,
        "median_usd": one.median_usd,
        "certainty_equivalent_usd": one.certainty_equivalent_usd,
        "share_of_best_5_percent": one.share_of_best,
    }


def of_settlement(settlement: Settlement[str]) -> dict[str, Any]:
    """The payments that lead to a payoff, and how far they fall short of it."""
    return {
        "reached": settlement.reached,
        "payments": of_payments(settlement.payments),
        "payoff_usd": dict(settlement.payoff),
        "short_usd": dict(settlement.short),
        "blocked": sorted(settlement.blocked),
    }


def of_finding(one: Finding) -> dict[str, Any]:
    """What the law says of an activity, with the rules that block it."""
    return {
        "activity": str(one.activity),
        "status": one.status,
        "blocked_by": [
            {
                "rule": ground.rule.name,
                "jurisdiction": ground.rule.jurisdiction,
                "status": ground.rule.status,
                "cited": ground.cited,
                "relief": ground.rule.relief or ground.rule.lifted_by or "not stated",
            }
            for ground in one.blocking
        ],
        "silent": list(one.silent),
    }


def of_estimate(one: Estimate) -> dict[str, float]:
    """A probability or value from draws, with its noise."""
    return {"value": one.value, "standard_error": one.standard_error}


def of_binding(one: Binding) -> dict[str, Any]:
    """What a gate does to the probability."""
    return {
        "gate": one.gate,
        "state": one.state,
        "probability": one.probability,
        "granted": one.granted.value,
        "last": one.last,
        "months_on_path": one.months_on_path,
        "if_certain": one.if_certain,
        "if_odds_doubled": one.if_odds_doubled,
        "if_months_halved": one.if_months_halved,
        "shift_if_known": one.shift_if_known,
        "shift_if_date_known": one.shift_if_date_known,
    }


def of_change(change: Change | None) -> dict[str, Any] | None:
    """A change at one gate or two; None where none does it."""
    if change is None:
        return None
    return {
        "lever": change.lever,
        "size": change.size,
        "reaches": change.reaches,
        "lifts": [
            {
                "gate": lift.gate,
                "probability": lift.probability,
                "probability_to": lift.probability_to,
                "months_factor": lift.months_factor,
            }
            for lift in change.lifts
        ],
    }
