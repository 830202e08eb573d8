"""What bargaining would come to: gains over disagreement, arrangement by arrangement and together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.accord import (
    NoAgreement,
    kalai_smorodinsky,
    nash_bargaining,
    pareto_frontier,
    zone_of_agreement,
)
from baseload.agreement import plain
from baseload.agreement.coalition_values import MILLION, certainty_equivalent
from baseload.agreement.payoffs import Payoff
from baseload.agreement.solutions import Pairs
from baseload.parties.schema import Accord
from baseload.summary import NOISE_ERRORS, mean_and_error, quantile_of_sorted

Floats = npt.NDArray[np.float64]


def gain_of(payoff: Payoff, outside: Payoff, risk_tolerance_usd_million: float) -> dict[str, Any]:
    """What a party gains over disagreement, and whether mean, median and certainty equivalent agree.

    Returns
    -------
    dict
        `mean_usd`, `standard_error_usd`, `median_usd`, `certainty_equivalent_usd`,
        `probability_of_gain`, and `says`: "gains", "loses", "nothing changes" or "cannot tell".
    """
    gain = payoff.paths - outside.paths
    sure = certainty_equivalent(gain, risk_tolerance_usd_million * MILLION)
    return {**_of_paths(gain, sure), "certainty_equivalent_usd": sure}


def gain_together(payoffs: Mapping[str, Payoff], outside: Mapping[str, Payoff]) -> dict[str, Any]:
    """What all parties gain over disagreement, each at its own discount rate, path by path.

    Returns
    -------
    dict
        As `gain_of`, without a certainty equivalent: they share no attitude to risk.
    """
    gains = [one.paths - outside[party].paths for party, one in payoffs.items()]
    return _of_paths(np.sum(gains, axis=0))


def _of_paths(gain: Floats, *others: float) -> dict[str, Any]:
    mean, error = mean_and_error(gain)
    median = quantile_of_sorted(np.sort(gain), 0.5)
    return {
        "mean_usd": mean,
        "standard_error_usd": error,
        "median_usd": median,
        "probability_of_gain": float((gain > 0.0).sum()) / gain.size,
        "says": _says(mean, error, median, *others),
    }


def _says(mean: float, error: float, *others: float) -> str:
    if mean == 0.0 and error == 0.0:
        return "nothing changes"
    if abs(mean) < NOISE_ERRORS * error:
        return "cannot tell"
    signs = {one > 0.0 for one in (mean, *others)}
    if len(signs) > 1:
        return "cannot tell"
    return "gains" if mean > 0.0 else "loses"


def standings(
    accord: Accord,
    payoffs: Mapping[str, Mapping[str, Payoff]],
    disagreement: str,
    allowed: Pairs,
) -> dict[str, dict[str, Any]]:
    """For each arrangement whether all would take it, and the least payment that makes them.

    Payments are made at signing, so that each party's discount rate is in its payoff already.

    Returns
    -------
    dict
        By arrangement: `together`, what all gain, and `free` and `allowed`, each with `acceptable`, `surplus_usd`,
        `side_payment_usd` (None where no payment does it), `payments`, `outside_money_usd` and
        `needed_values_usd`, what each party that refuses would have to value beside money.
    """
    means = {
        name: {party: one.mean_usd for party, one in by_party.items()}
        for name, by_party in payoffs.items()
    }
    outside = means[disagreement]
    free = zone_of_agreement(means, outside)
    lawful = zone_of_agreement(means, outside, allowed=allowed)
    return {
        name: {
            "together": gain_together(payoffs[name], payoffs[disagreement]),
            "free": plain.of_standing(free[name]),
            "allowed": plain.of_standing(lawful[name]),
        }
        for name in means
    }


def bargains(
    accord: Accord,
    payoffs: Mapping[str, Mapping[str, Payoff]],
    disagreement: str,
    barred: Mapping[str, str],
) -> dict[str, Any]:
    """Nash's and Kalai and Smorodinsky's agreements, over all arrangements and over those left.

    Parameters
    ----------
    accord : Accord
    payoffs : mapping
        By arrangement and party.
    disagreement : str
    barred : mapping of str to str
        Arrangements that a red line or the law bars, and why.

    Returns
    -------
    dict
        `all` and `not_barred`, each with `arrangements`, `pareto`, `nash`, `kalai_smorodinsky`;
        a bargain is `payoff_usd` by party and `lottery` by arrangement, or `none` with the reason.
    """
    everything = [one.name for one in accord.arrangements if one.name != disagreement]
    left = [name for name in everything if name not in barred]
    return {
        "all": _over(accord, payoffs, disagreement, everything),
        "not_barred": _over(accord, payoffs, disagreement, left),
    }


def _over(
    accord: Accord,
    payoffs: Mapping[str, Mapping[str, Payoff]],
    disagreement: str,
    names: Sequence[str],
) -> dict[str, Any]:
    parties = accord.party_names
    if not names:
        reason = "no arrangement is left"
        return {
            "arrangements": [],
            "pareto": [],
            "nash": {"none": reason},
            "kalai_smorodinsky": {"none": reason},
        }
    points = [[payoffs[name][party].mean_usd for party in parties] for name in names]
    floor = [payoffs[disagreement][party].mean_usd for party in parties]
    found: dict[str, Any] = {
        "arrangements": list(names),
        "pareto": [
            names[index] for index in pareto_frontier([*points, floor]) if index < len(names)
        ],
    }
    for key, rule in (("nash", nash_bargaining), ("kalai_smorodinsky", kalai_smorodinsky)):
        try:
            # What holds without an agreement is a point too: nobody is worse off by a lottery with it.
            bargain = rule([*points, floor], floor)
        except NoAgreement as none:
            fault = none.faults[0]
            found[key] = {"none": " ".join(part for part in (fault.found, fault.note) if part)}
        else:
            found[key] = plain.of_bargain(bargain, parties, [*names, disagreement])
    return found
