"""Weights from performance: Cooke's classical model, on questions whose answers are known.

Each source gave the 5, 50 and 95 % points of every seed question. Its *calibration* is the
probability that a source whose points are right would do as badly as this one or worse; its
*information* is how much narrower it is than a flat distribution. The weight is their product, and
nothing where the calibration lies below a cut-off.

References
----------
.. [1] R. M. Cooke, Experts in Uncertainty, Oxford University Press, 1991, chapter 12.
.. [2] R. M. Cooke, L. H. J. Goossens, TU Delft expert judgment data base, Reliability Engineering &
   System Safety 93(5), 2008, https://doi.org/10.1016/j.ress.2007.03.005
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from baseload.gates.opinion import OVERSHOOT, SHARES, Curve, checked_points, mixture, refuse
from baseload.gates.schema import GatesPool

Answer = tuple[float, float, float]
Answers = Mapping[str, Sequence[Answer]]

EXPECTED: Final = (0.05, 0.45, 0.45, 0.05)
"""How often the truth should fall below, between and above the points."""


@dataclass(frozen=True)
class Performance:
    """How a source did on the seed questions.

    Attributes
    ----------
    calibration : float
        From 0 to 1; below 0.05 the points are unlikely to be right.
    information : float
        Mean over the questions, natural units; 0 for a flat distribution.
    weight : float
        As a part of all; 0 below the cut-off.
    """

    calibration: float
    information: float
    weight: float


def calibration_score(answers: Sequence[Answer], realised: Sequence[float]) -> float:
    """Probability of doing as badly or worse, were the points right.

    1 - F(2 n I(s, p)), where s counts how often the truth fell below, between and above the points,
    p = (0.05, 0.45, 0.45, 0.05), I is the relative information sum s ln(s / p), and F the chi-square
    distribution function with three degrees of freedom [2]_ (module).

    Parameters
    ----------
    answers : sequence of (low, best, high)
        One a question.
    realised : sequence of float
        What came to be.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError
        For no question, not one answer a question, points out of order.

    Examples
    --------
    >>> round(calibration_score([(20, 23, 34), (8, 10, 11)], [24, 11]), 4)
    0.3627
    """
    from baseload.numerics import log

    _checked(answers, realised)
    counts = [0, 0, 0, 0]
    for (low, best, high), truth in zip(answers, realised, strict=True):
        # A truth on a point counts as below it.
        counts[(truth > low) + (truth > best) + (truth > high)] += 1
    total = len(realised)
    information = math.fsum(
        count / total * (log(count / total) - log(expected))
        for count, expected in zip(counts, EXPECTED, strict=True)
        if count
    )
    return _upper_chi_square_3(2.0 * total * max(information, 0.0))


def _upper_chi_square_3(x: float) -> float:
    """Probability above x of a chi-square with three degrees of freedom, in closed form.

    By parts from its density: 2 Phi(-sqrt x) + sqrt(2 x / pi) exp(-x / 2).
    """
    from baseload.numerics import exp, normal_cdf

    return min(2.0 * normal_cdf(-math.sqrt(x)) + math.sqrt(2.0 * x / math.pi) * exp(-0.5 * x), 1.0)


def information_score(answer: Answer, lowest: float, highest: float) -> float:
    """Relative information of one answer against a flat distribution on the intrinsic range.

    ln(highest - lowest) + sum p ln(p / width) over the four intervals between lowest, the three
    points and highest.

    Parameters
    ----------
    answer : (low, best, high)
        Apart from each other.
    lowest, highest : float
        The intrinsic range, which holds the points inside it (`intrinsic_range`).

    Returns
    -------
    float
        At least 0. [natural units]

    Raises
    ------
    InputError
        For points that coincide or lie outside the range.

    Examples
    --------
    >>> round(information_score((5.0, 50.0, 95.0), 0.0, 100.0), 12)
    0.0
    """
    from baseload.numerics import log

    edges = [lowest, *answer, highest]
    if not all(a < b for a, b in itertools.pairwise(edges)):
        refuse("answers", repr(answer), f"low < best < high within {lowest:g} and {highest:g}")
    widths = [b - a for a, b in itertools.pairwise(edges)]
    score = log(highest - lowest) + math.fsum(
        p * (log(p) - log(width)) for p, width in zip(EXPECTED, widths, strict=True)
    )
    return max(score, 0.0)


def intrinsic_range(answers: Sequence[Answer], realised: float) -> tuple[float, float]:
    """From a tenth below the least of all points and the truth to a tenth above the largest.

    Examples
    --------
    >>> low, high = intrinsic_range([(2, 5, 7), (20, 23, 34)], 24)
    >>> round(low, 9), round(high, 9)
    (-1.2, 37.2)
    """
    low = min(realised, *(answer[0] for answer in answers))
    high = max(realised, *(answer[2] for answer in answers))
    reach = OVERSHOOT * (high - low)
    return low - reach, high + reach


def decision_maker(
    answers: Sequence[Answer], weights: Sequence[float], lowest: float, highest: float
) -> Curve:
    """The weighted pool of all sources' distributions of one question, on its intrinsic range.

    Parameters
    ----------
    answers : sequence of (low, best, high)
        One a source.
    weights : sequence of float
        One a source, one above 0.
    lowest, highest : float
        The intrinsic range.

    Returns
    -------
    Curve
        Its 5, 50 and 95 % points are the decision maker's answer.
    """
    curves = [
        Curve(np.array(SHARES), np.array([lowest, *answer, highest], float)) for answer in answers
    ]
    return mixture(curves, weights)


def cooke_weights(
    answers: Answers, realised: Sequence[float], cut_off: float | str = 0.0
) -> dict[str, Performance]:
    """Performance and weight of each source.

    With 'optimised' the cut-off is the one of the sources' own calibrations at which the decision
    maker, scored like a source, would get the largest weight (ties: the lowest).

    Parameters
    ----------
    answers : mapping of str to sequence of (low, best, high)
        Each source's answers, in the order of the questions.
    realised : sequence of float
        What came to be.
    cut_off : float or 'optimised'
        Least calibration that counts, from 0 to below 1.

    Returns
    -------
    dict of str to Performance
        In the order of the sources. The weights add up to 1.

    Raises
    ------
    InputError
        For answers that are missing or out of order, and a cut-off above which no source lies.

    Examples
    --------
    >>> scores = cooke_weights(
    ...     {"wide": [(10, 20, 40), (1, 5, 9)], "narrow": [(18, 20, 22), (7, 8, 9)]}, [25, 6]
    ... )
    >>> {name: round(one.weight, 3) for name, one in scores.items()}
    {'wide': 0.301, 'narrow': 0.699}
    """
    if not isinstance(answers, Mapping) or not answers:
        refuse("answers", repr(answers), "a mapping from sources to answers, one at least")
    for name, given in answers.items():
        _checked(given, realised, field=f"answers[{name}]", apart=True)
    calibration = {name: calibration_score(given, realised) for name, given in answers.items()}
    ranges = [
        intrinsic_range([given[i] for given in answers.values()], truth)
        for i, truth in enumerate(realised)
    ]
    information = {name: _mean_information(given, ranges) for name, given in answers.items()}
    least = _cut_off(cut_off, answers, realised, calibration, information, ranges)
    raw = _raw(calibration, information, least)
    total = math.fsum(raw.values())
    if total == 0.0:
        refuse(
            "cut_off",
            f"{least:g}, with calibrations of at most {max(calibration.values()):.3g}",
            "a cut-off that one source reaches, with more information than a flat distribution",
        )
    return {
        name: Performance(calibration[name], information[name], raw[name] / total)
        for name in answers
    }


def _raw(
    calibration: Mapping[str, float], information: Mapping[str, float], least: float
) -> dict[str, float]:
    return {
        name: score * information[name] if score >= least else 0.0
        for name, score in calibration.items()
    }


def _mean_information(given: Sequence[Answer], ranges: Sequence[tuple[float, float]]) -> float:
    scores = [information_score(a, *ends) for a, ends in zip(given, ranges, strict=True)]
    return math.fsum(scores) / len(scores)


def _cut_off(
    stated: float | str,
    answers: Answers,
    realised: Sequence[float],
    calibration: Mapping[str, float],
    information: Mapping[str, float],
    ranges: Sequence[tuple[float, float]],
) -> float:
    if not isinstance(stated, str):
        if isinstance(stated, bool) or not 0.0 <= stated < 1.0:
            refuse("cut_off", repr(stated), "from 0 to below 1, or 'optimised'")
        return float(stated)
    if stated != "optimised":
        refuse("cut_off", repr(stated), "from 0 to below 1, or 'optimised'")
    best, found = -1.0, 0.0
    for least in sorted(set(calibration.values())):
        raw = _raw(calibration, information, least)
        if not any(raw.values()):
            continue
        score = own_weight(answers, list(raw.values()), realised, ranges)
        if score > best:
            best, found = score, least
    return found


def own_weight(
    answers: Answers,
    weights: Sequence[float],
    realised: Sequence[float],
    ranges: Sequence[tuple[float, float]] | None = None,
) -> float:
    """Calibration times information of the decision maker that the weights make."""
    if ranges is None:
        ranges = [
            intrinsic_range([given[i] for given in answers.values()], truth)
            for i, truth in enumerate(realised)
        ]
    pooled: list[Answer] = []
    for i, ends in enumerate(ranges):
        curve = decision_maker([given[i] for given in answers.values()], weights, *ends)
        low, best, high = curve.at([0.05, 0.5, 0.95]).tolist()
        pooled.append((low, best, high))
    return calibration_score(pooled, realised) * _mean_information(pooled, ranges)


def _checked(
    answers: Sequence[Answer],
    realised: Sequence[float],
    *,
    field: str = "answers",
    apart: bool = False,
) -> None:
    if not len(realised):
        refuse("realised", "no question", "one seed question at least")
    for truth in realised:
        if isinstance(truth, bool) or not abs(truth) < math.inf:
            refuse("realised", repr(truth), "a finite number")
    if len(answers) != len(realised):
        refuse(field, f"{len(answers)} answers to {len(realised)} questions", "one a question")
    for answer in answers:
        low, best, high = checked_points(answer, -math.inf, math.inf, field=field)
        if apart and not low < best < high:
            refuse(field, f"low {low:g}, best {best:g}, high {high:g}", "low < best < high")


def weights_of_seeds(pool: GatesPool) -> dict[str, float]:
    """Weights by source from the seed questions of a scenario, for those who answered all.

    Raises
    ------
    InputError
        As `cooke_weights`.
    """
    return {name: one.weight for name, one in performance_of_seeds(pool).items()}


def performance_of_seeds(pool: GatesPool) -> dict[str, Performance]:
    """Performance by source on the seed questions of a scenario, for those who answered all."""
    if not pool.seeds:
        refuse("gates_pool.seeds", "no seed question", "one at least, answered by every source")
    names = [name for name in pool.seeds[0].answers if all(name in s.answers for s in pool.seeds)]
    answers = {name: [seed.answers[name].three for seed in pool.seeds] for name in names}
    return cooke_weights(answers, [seed.realised for seed in pool.seeds], pool.cut_off)
