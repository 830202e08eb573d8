"""Median and mean of an uncertain number, without the compiler that the model's own need.

What a person reads does not have to be the same to the last digit on every processor.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from baseload.distributions import (
    NORMAL_SCORE_OF_P95,
    Distribution,
    pert_shape,
)

_MOST_BEYOND = 40.0


def median(distribution: Distribution) -> float:
    """Value that half of the draws lie below.

    Examples
    --------
    >>> from baseload.distributions import parse_distribution
    >>> median(parse_distribution({"lognormal": {"median": 10, "p95": 200}}))
    10.0
    """
    if distribution.is_fixed:
        return distribution.support()[0]
    if distribution.kind == "pert":
        from scipy.special import betaincinv

        low, high = distribution.support()
        return low + (high - low) * float(betaincinv(*pert_shape(distribution), 0.5))
    if distribution.kind not in ("normal", "lognormal"):
        return distribution.quantile(0.5)
    if distribution.low is None and distribution.high is None:
        return distribution.numbers[0]
    return _truncated(distribution)


def mean(distribution: Distribution) -> float:
    """Mean of the draws.

    Examples
    --------
    >>> from baseload.distributions import parse_distribution
    >>> round(mean(parse_distribution({"lognormal": {"median": 10, "p95": 20}})), 2)
    10.93
    """
    if distribution.is_fixed or distribution.kind not in ("normal", "lognormal"):
        return distribution.mean()
    location, scale, below, above = _scores(distribution)
    mass = _between(below, above)
    if mass <= 0.0:
        return median(distribution)
    if distribution.kind == "normal":
        standard = NormalDist()
        return location + scale * (standard.pdf(below) - standard.pdf(above)) / mass
    share = _between(below - scale, above - scale) / mass
    return math.exp(location + 0.5 * scale * scale) * share


def _between(below: float, above: float) -> float:
    """Probability of a normal score between two, mirrored where small ones would lose their digits."""
    if below > 0.0:
        below, above = -above, -below
    standard = NormalDist()
    return standard.cdf(above) - standard.cdf(below)


def _scores(distribution: Distribution) -> tuple[float, float, float, float]:
    """Location and scale of a normal or of a lognormal's logarithm, and the normal scores of its ends."""
    first, second = distribution.numbers
    is_normal = distribution.kind == "normal"
    location = first if is_normal else math.log(first)
    scale = second if is_normal else (math.log(second) - location) / NORMAL_SCORE_OF_P95

    def score(end: float) -> float:
        value = end if is_normal else (math.log(end) if end > 0.0 else -math.inf)
        return max(min((value - location) / scale, _MOST_BEYOND), -_MOST_BEYOND)

    low, high = distribution.support()
    return location, scale, score(low), score(high)


def _truncated(distribution: Distribution) -> float:
    is_normal = distribution.kind == "normal"
    location, scale, below, above = _scores(distribution)
    low, high = distribution.support()
    # Mirrored where the upper half is cut out: small probabilities keep their digits.
    sign = -1.0 if below > 0.0 else 1.0
    if sign < 0.0:
        below, above = -above, -below
    standard = NormalDist()
    share = 0.5 * (standard.cdf(below) + standard.cdf(above))
    value = location + scale * sign * standard.inv_cdf(share)
    return min(max(value if is_normal else math.exp(value), low), high)
