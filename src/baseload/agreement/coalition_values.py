"""What each coalition is worth: the best of what its rights let it run, with the noise of the paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baseload.agreement.configurations import can_run, coalitions_of
from baseload.agreement.simulated import Simulated, present_values
from baseload.numerics import exp, log
from baseload.parties.schema import IDLE, Accord
from baseload.randomness import bits, stream_key
from baseload.summary import exact_mean, mean_and_error, quantile_of_sorted

Floats = npt.NDArray[np.float64]

DRAWS = 200
"""Draws with replacement from the paths, for the noise of the values."""

BEST_SHARE = 0.05
MILLION = 1e6


@dataclass(frozen=True)
class CoalitionWorth:
    """What a coalition is worth.

    Attributes
    ----------
    coalition : tuple of str
    runs : str
        Configuration that is best for it, or `idle`.
    mean_usd, standard_error_usd : float
        v(S) and its Monte Carlo noise; the error is 0 where a user gave the value.
    median_usd : float
    certainty_equivalent_usd : float
        At the sum of its members' risk tolerances, exponential utility.
    share_of_best : float or None
        Share of the mean that the best 5 % of the paths carry; None where the mean is not above 0.
    given : bool
        Whether a user put the value there.
    paths : ndarray (P,)
        Value on each path. [USD]
    """

    coalition: tuple[str, ...]
    runs: str
    mean_usd: float
    standard_error_usd: float
    median_usd: float
    certainty_equivalent_usd: float
    share_of_best: float | None
    given: bool
    paths: Floats


def worths(
    accord: Accord, runs: Mapping[str, Simulated], idle: Floats, rate: float
) -> dict[frozenset[str], CoalitionWorth]:
    """What every coalition is worth, the small ones first.

    A coalition runs, of what its rights let it, what gives its members the most in the mean, or
    nothing; it is chosen once, not path by path, which would be foresight. To its members go the
    project's cash after tax, the tax where one of them levies it, and what they bear of an idle
    plant's cost where nobody runs it. Outsiders act alone: one whose own rights suffice runs the
    plant if that is better for it than leaving it idle, and nobody bears an idle plant's cost then.

    Parameters
    ----------
    accord : Accord
    runs : mapping of str to Simulated
        Every configuration of `to_simulate`.
    idle : ndarray (P,)
        Value of the idle plant, below zero. [USD]
    rate : float
        The scenario's own, per year: one rate for all coalitions.
    """
    own = {name: _to_all(run, rate) for name, run in runs.items()}
    found: dict[frozenset[str], CoalitionWorth] = {}
    alone = {name: _best(accord, (name,), own, idle, False) for name in accord.party_names}
    given = {frozenset(one.coalition): one.usd_million * MILLION for one in accord.values}
    for coalition in coalitions_of(accord.party_names):
        members = frozenset(coalition)
        outsider_runs = any(
            runs_what != IDLE for name, (runs_what, _) in alone.items() if name not in members
        )
        what, value = _best(accord, coalition, own, idle, outsider_runs)
        worth = _worth(accord, coalition, what, value)
        if members in given:
            constant = given[members]
            worth = CoalitionWorth(
                coalition, "", constant, 0.0, constant, constant, None, True,
                np.full(idle.size, constant),
            )  # fmt: skip
        elif accord.members_may_abstain:
            best = max(
                (found[part] for part in found if part < members),
                key=lambda one: one.mean_usd,
                default=worth,
            )
            if best.mean_usd > worth.mean_usd:
                worth = _worth(accord, coalition, best.runs, best.paths)
        found[members] = worth
    return found


def mean_values(found: Mapping[frozenset[str], CoalitionWorth]) -> dict[frozenset[str], float]:
    """v(S) of every coalition. [USD]"""
    return {members: one.mean_usd for members, one in found.items()}


def redrawn_values(
    found: Mapping[frozenset[str], CoalitionWorth], seed: int, draws: int = DRAWS
) -> dict[frozenset[str], Floats]:
    """Means of every coalition over paths drawn again with replacement, the same ones for all.

    Parameters
    ----------
    found : mapping of frozenset to CoalitionWorth
    seed : int
    draws : int

    Returns
    -------
    dict
        Of frozenset to ndarray (draws,). [USD] The bootstrap of Efron (1979),
        https://doi.org/10.1214/aos/1176344552, by which the noise of the paths reaches what is
        concluded from the values.
    """
    paths = next(iter(found.values())).paths.size
    key = stream_key(seed, "agreement.redrawn")
    counts = np.zeros((draws, paths))
    for draw in range(draws):
        picked = [int(bits(key, draw, index)) % paths for index in range(paths)]
        counts[draw] = np.bincount(picked, minlength=paths)
    redrawn: dict[frozenset[str], Floats] = {}
    for members, one in found.items():
        total = np.zeros(draws)
        for path in range(paths):
            total += counts[:, path] * one.paths[path]
        redrawn[members] = total / paths
    return redrawn


def certainty_equivalent(values: Floats, tolerance_usd: float) -> float:
    """The sure amount that is worth as much as the paths to who has an exponential utility.

    Parameters
    ----------
    values : ndarray (P,)
        In USD.
    tolerance_usd : float
        Risk tolerance T, above 0: ``-T log(mean(exp(-x / T)))`` (J. W. Pratt, Risk Aversion in the
        Small and in the Large, Econometrica 32, 1964, https://doi.org/10.2307/1913738).

    Examples
    --------
    >>> round(certainty_equivalent(np.array([0.0, 100.0]), 1e9), 3)
    50.0
    >>> certainty_equivalent(np.array([0.0, 100.0]), 1.0) < 1.0
    True
    """
    lowest = float(values.min())
    # The worst path is taken out first: of the others only what is left of 1 counts.
    weights = np.array([exp(-min((value - lowest) / tolerance_usd, 700.0)) for value in values])
    return lowest - tolerance_usd * log(exact_mean(weights))


def share_of_best(values: Floats) -> float | None:
    """Share of the mean that the best 5 % of the paths carry; None where the mean is not above 0."""
    total = exact_mean(values) * values.size
    if total <= 0.0:
        return None
    count = max(1, round(values.size * BEST_SHARE))
    return exact_mean(np.sort(values)[-count:]) * count / total


def _to_all(run: Simulated, rate: float) -> tuple[Floats, Floats]:
    """Cash after tax and the tax itself, both as present values by path."""
    return present_values(run.cash, rate), present_values(run.tax, rate)


def _best(
    accord: Accord,
    coalition: tuple[str, ...],
    own: Mapping[str, tuple[Floats, Floats]],
    idle: Floats,
    outsider_runs: bool,
) -> tuple[str, Floats]:
    """What is best for a coalition to run, and its value by path."""
    borne = 0.0 if outsider_runs else sum(accord.idle_cost.get(name, 0.0) for name in coalition)
    best, value, highest = IDLE, borne * idle, exact_mean(borne * idle)
    for one in can_run(accord, coalition):
        cash, tax = own[one.name]
        here = cash + tax if one.taxed_by in coalition else cash
        mean = exact_mean(here)
        if mean > highest:
            best, value, highest = one.name, here, mean
    return best, value


def _worth(accord: Accord, coalition: tuple[str, ...], what: str, value: Floats) -> CoalitionWorth:
    mean, error = mean_and_error(value)
    tolerance = sum(accord.party(name).risk_tolerance_usd_million for name in coalition)
    return CoalitionWorth(
        coalition=coalition,
        runs=what,
        mean_usd=mean,
        standard_error_usd=error,
        median_usd=quantile_of_sorted(np.sort(value), 0.5),
        certainty_equivalent_usd=certainty_equivalent(value, tolerance * MILLION),
        share_of_best=share_of_best(value),
        given=False,
        paths=value,
    )
