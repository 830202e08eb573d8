"""What the solutions say of a game of coalitions: shares, payments, whether anybody would break away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from baseload.accord import (
    NoImputation,
    core_certificate,
    core_is_empty_by_draw,
    least_core,
    nucleolus,
    prenucleolus,
    reachable_nucleolus,
    shapley_shubik_index,
    shapley_value,
    who_pays_whom,
)
from baseload.agreement import plain
from baseload.agreement.coalition_values import CoalitionWorth, mean_values, redrawn_values
from baseload.errors import InputError
from baseload.parties.schema import Accord
from baseload.summary import mean_and_error

Pairs = Mapping[str, list[str]]

UNSURE: Final = (0.05, 0.95)
"""Between these probabilities of an empty core the noise of the paths does not settle it."""


def solutions(
    accord: Accord,
    found: Mapping[frozenset[str], CoalitionWorth],
    receipts: Mapping[str, float],
    allowed: Pairs,
    seed: int,
) -> dict[str, Any]:
    """Core, Shapley value, nucleolus and power of the parties, as plain values.

    Parameters
    ----------
    accord : Accord
    found : mapping of frozenset to CoalitionWorth
        From `worths`.
    receipts : mapping of str to float
        What each party receives of what all are worth, before any payment. [USD]
    allowed : mapping of str to list of str
        Whom each party may pay on the day, as the rules of law say.
    seed : int
        Of the draws with which the noise of the values is carried on.

    Returns
    -------
    dict
        `coalitions`, `core`, `shapley`, `nucleolus`, `prenucleolus`, `least_core`, `reachable`,
        `power`; each solution with `payoff_usd` and payments `free` and `allowed`.
    """
    values = mean_values(found)
    together = frozenset(accord.party_names)
    result: dict[str, Any] = {
        "coalitions": [plain.of_worth(one) for one in found.values()],
        "receipts_usd": dict(receipts),
        "core": _core(found, values, seed),
        "power": _power(accord, found),
    }
    shapley = shapley_value(values)
    result["shapley"] = {
        **_paid(shapley, receipts, allowed),
        "standard_errors_usd": _shapley_errors(found),
    }
    try:
        result["nucleolus"] = _paid(nucleolus(values), receipts, allowed)
    except NoImputation as none:
        result["nucleolus"] = {"none": _first(none)}
    result["prenucleolus"] = _paid(prenucleolus(values), receipts, allowed)
    least = least_core(values)
    result["least_core"] = {"epsilon_usd": least.epsilon, "payoff_usd": least.payoff}
    payoff = reachable_nucleolus(values, _summing_to(receipts, values[together]), allowed)
    result["reachable"] = _paid(payoff, receipts, allowed)
    return result


def _core(
    found: Mapping[frozenset[str], CoalitionWorth],
    values: Mapping[frozenset[str], float],
    seed: int,
) -> dict[str, Any]:
    proof = core_certificate(values)
    empty = core_is_empty_by_draw(redrawn_values(found, seed))
    probability = float(empty.sum()) / empty.size
    result: dict[str, Any] = {
        "is_empty": proof.is_empty,
        "probability_empty": probability,
        "settled": not UNSURE[0] < probability < UNSURE[1],
        "payoff_usd": proof.payoff,
        "collection": None,
    }
    if proof.collection is not None and proof.collection_worth is not None:
        result["collection"] = [
            {"coalition": sorted(members), "weight": str(weight)}
            for members, weight in sorted(proof.collection.items(), key=lambda one: sorted(one[0]))
        ]
        result["collection_worth_usd"] = float(proof.collection_worth)
        result["together_worth_usd"] = float(proof.together_worth)
    return result


def _power(
    accord: Accord, found: Mapping[frozenset[str], CoalitionWorth]
) -> dict[str, float] | None:
    """Power under the consent rule; of what can be run at all, where there is none."""
    names = accord.party_names
    if accord.consent:
        needed = set(accord.consent)
        weights = {name: 1 if name in needed else 0 for name in names}
        return shapley_shubik_index(weights, len(needed))
    able = {members for members, one in found.items() if one.runs not in ("", "idle")}
    if not able:
        return None
    try:
        return shapley_shubik_index(
            dict.fromkeys(names, 1), rule=lambda members: frozenset(members) in able
        )
    except InputError:  # a partner with whom nothing can be had: joining may lose what was won
        return None


def _paid(
    payoff: Mapping[str, float], receipts: Mapping[str, float], allowed: Pairs
) -> dict[str, Any]:
    """A payoff with the payments that lead to it, free and as the law allows."""
    before = _summing_to(receipts, sum(payoff.values()))
    return {
        "payoff_usd": dict(payoff),
        "free": plain.of_settlement(who_pays_whom(payoff, before)),
        "allowed": plain.of_settlement(who_pays_whom(payoff, before, allowed)),
    }


def _summing_to(receipts: Mapping[str, float], total: float) -> dict[str, float]:
    """Receipts with the rounding of their sum put where most is received."""
    found = dict(receipts)
    largest = max(found, key=lambda name: abs(found[name]))
    found[largest] += total - sum(found.values())
    return found


def _shapley_errors(found: Mapping[frozenset[str], CoalitionWorth]) -> dict[str, float]:
    """Noise of each party's Shapley value, which is linear in the values: a sum over coalitions by path."""
    names = sorted({name for members in found for name in members})
    by_path = {name: np.zeros(next(iter(found.values())).paths.size) for name in names}
    for members, one in found.items():
        unit = {other: float(other == members) for other in found}
        for name, weight in shapley_value(unit).items():
            by_path[name] += weight * one.paths
    return {name: mean_and_error(values)[1] for name, values in by_path.items()}


def _first(error: InputError) -> str:
    fault = error.faults[0]
    return " ".join(part for part in (fault.found, fault.allowed, fault.note) if part)
