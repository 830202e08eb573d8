"""The median of an uncertain number, without the compiler that the model's own quantiles need.

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


def _truncated(distribution: Distribution) -> float:
    first, second = distribution.numbers
    is_normal = distribution.kind == "normal"
    location = first if is_normal else math.log(first)
    scale = second if is_normal else (math.log(second) - location) / NORMAL_SCORE_OF_P95
    low, high = distribution.support()

    def score(end: float) -> float:
        value = end if is_normal else (math.log(end) if end > 0.0 else -math.inf)
        return max(min((value - location) / scale, _MOST_BEYOND), -_MOST_BEYOND)

    below, above = score(low), score(high)
    # Mirrored where the upper half is cut out: small probabilities keep their digits.
    sign = -1.0 if below > 0.0 else 1.0
    if sign < 0.0:
        below, above = -above, -below
    standard = NormalDist()
    share = 0.5 * (standard.cdf(below) + standard.cdf(above))
    value = location + scale * sign * standard.inv_cdf(share)
    return min(max(value if is_normal else math.exp(value), low), high)
