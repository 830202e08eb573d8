"""Differences of a metric between two studies on the same draws, and how sure they are.

The two share the draws of each path, so that the difference of a path is due to the change and not
to luck. Its spread is that of the differences, which is far below that of two runs on draws of
their own (common random numbers: Law, *Simulation Modeling and Analysis*, sections 10.2.1, 11.2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.summary import exact_mean, quantile_of_sorted

Floats = npt.NDArray[np.float64]

CONFIDENCE: Final = 0.95
"""Share of the intervals that hold the true difference of means."""

LARGEST_FACTOR: Final = 9_999
"""A larger factor of variances is told as above this: it says that next to nothing differs."""

_NORMAL: Final = 1.959963984540054  # quantile of the standard normal at (1 + CONFIDENCE) / 2
# Quantiles of Student's t at the same place for 1 to 9 degrees of freedom, below which the series
# of `student_t` is not good to six digits (Abramowitz and Stegun, table 26.10, with more digits).
_STUDENT: Final = (
    12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836,
    2.446911851, 2.364624252, 2.306004135, 2.262157163,
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """What a metric of one study is above that of the first, over the paths that have both.

    Attributes
    ----------
    share_paired : float
        Share of the paths on which the metric is defined in both.
    paired_mean_of_first, paired_mean : float or None
        Means over these paths.
    difference_mean, difference_se : float or None
        Mean of the differences and its standard error.
    difference_low, difference_high : float or None
        Ends of the 95 % confidence interval of the mean, by Student's t.
    difference_p05, difference_p50, difference_p95 : float or None
        Quantiles of the differences over these paths.
    share_higher : float or None
        Share of these paths on which it is higher than in the first.
    variance_factor : float or None
        Variance that the difference would have if the two had draws of their own, over the variance
        that it has; None where it has none.
    """

    share_paired: float
    paired_mean_of_first: float | None = None
    paired_mean: float | None = None
    difference_mean: float | None = None
    difference_se: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    difference_p05: float | None = None
    difference_p50: float | None = None
    difference_p95: float | None = None
    share_higher: float | None = None
    variance_factor: float | None = None


def difference_of(first: Floats, other: Floats) -> Difference:
    """Paired differences of one metric; NaN where it is not defined.

    Parameters
    ----------
    first, other : array
        One value a path, shape (P,), in the same order of paths.

    Examples
    --------
    >>> found = difference_of(np.array([1.0, 2.0, 6.0]), np.array([2.0, 4.0, 7.0]))
    >>> found.difference_mean, found.share_higher
    (1.3333333333333333, 1.0)
    >>> round(found.variance_factor, 6)  # (7 + 19/3) / (1/3)
    40.0
    """
    both = ~(np.isnan(first) | np.isnan(other))
    share = float(np.count_nonzero(both)) / first.size
    before, after = first[both], other[both]
    pairs = before.size
    if not pairs:
        return Difference(share)
    differences = after - before
    mean = exact_mean(differences)
    error = low = high = factor = None
    if pairs > 1:
        spread = _variance(differences)
        error = math.sqrt(spread / pairs)
        low, high = mean - student_t(pairs - 1) * error, mean + student_t(pairs - 1) * error
        factor = (_variance(before) + _variance(after)) / spread if spread > 0.0 else None
    ordered = np.sort(differences)
    return Difference(
        share_paired=share,
        paired_mean_of_first=exact_mean(before),
        paired_mean=exact_mean(after),
        difference_mean=mean,
        difference_se=error,
        difference_low=low,
        difference_high=high,
        difference_p05=quantile_of_sorted(ordered, 0.05),
        difference_p50=quantile_of_sorted(ordered, 0.5),
        difference_p95=quantile_of_sorted(ordered, 0.95),
        share_higher=float(np.count_nonzero(differences > 0.0)) / pairs,
        variance_factor=factor,
    )


def _variance(values: Floats) -> float:
    """Sample variance by exact sums, of at least two values."""
    mean = exact_mean(values)
    return math.fsum(((values - mean) ** 2).tolist()) / (values.size - 1)


def student_t(degrees: int) -> float:
    """Quantile of Student's t at 97.5 %, by its series in the inverse of the degrees of freedom.

    Parameters
    ----------
    degrees : int
        Degrees of freedom, at least 1.

    Returns
    -------
    float
        Good to five millionths of itself.

    References
    ----------
    .. [1] Abramowitz and Stegun, *Handbook of Mathematical Functions*, formula 26.7.5.

    Examples
    --------
    >>> round(student_t(299), 6)
    1.96793
    """
    if degrees <= len(_STUDENT):
        return _STUDENT[degrees - 1]
    x = _NORMAL
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92_160,
    )
    return x + math.fsum(
        term / float(degrees) ** power for power, term in enumerate(terms, start=1)
    )
