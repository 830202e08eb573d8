"""One input: its ranks, its ends, the share of variance it explains, and what chance would show of it.

The input is cut into bins; the share is what lies between their means, less what an input that does
nothing would put there.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MOST_BINS: Final = 50
LEAST_BINS: Final = 5
SIDE: Final = 0.2
"""Share of the paths at each end of an input."""


def about_mean(values: Floats) -> Floats:
    """Deviations from the mean; taken twice, since the first mean is rounded."""
    centred = values - values.mean()
    return np.asarray(centred - centred.mean())


def ranked(values: Floats) -> tuple[Integers, Floats]:
    """Paths in order of a value, and for each place of that order the rank about the mean rank.

    Equals share the middle of their places.
    """
    order: Integers = np.argsort(values).astype(np.int64, copy=False)
    ordered = values[order]
    differ = ordered[1:] != ordered[:-1]
    count = values.size
    if differ.all():
        return order, np.arange(count, dtype=np.float64) - (count - 1) / 2.0
    # Only a stable order of equals is the same on every processor; it takes thrice the time.
    order = np.argsort(values, kind="stable").astype(np.int64, copy=False)
    begins = np.flatnonzero(np.concatenate(([True], differ)))
    sizes = np.diff(np.append(begins, count))
    return order, np.repeat(begins + (sizes - 1) / 2.0 - (count - 1) / 2.0, sizes)


def placed(order: Integers, values: Floats) -> Floats:
    """Values of sorted paths, back in the order of the paths."""
    found = np.empty(order.size)
    found[order] = values
    return found


def sides(ordered: Floats) -> tuple[int, int]:
    """Where the low end stops and where the high end starts among sorted values.

    Each end is a fifth, and equals of its last value come with it. Where one value fills the middle
    so far that both ends would hold it, they are what lies below it and what lies above it.
    """
    paths = ordered.size
    count = max(1, round(SIDE * paths))
    lower, upper = ordered[count - 1], ordered[paths - count]
    if lower < upper:
        return (
            int(np.searchsorted(ordered, lower, "right")),
            int(np.searchsorted(ordered, upper, "left")),
        )
    below = int(np.searchsorted(ordered, lower, "left"))
    above = int(np.searchsorted(ordered, lower, "right"))
    # Where nothing lies on one side, the value itself is that end.
    return below or above, above if above < paths else below


def corrected_share(ordered: Floats, spread: float, begins: Integers) -> float:
    """Share of a spread that lies between bins, less what chance puts there.

    The plain share of an idle input is ``(bins - 1) / (paths - 1)`` on average over all orders of
    the paths; Kelley's correction [1]_ makes that 0.

    Parameters
    ----------
    ordered : array, shape (P,)
        Deviations of the outcome from its mean, in the order of the input.
    spread : float
        Sum of their squares, above 0.
    begins : array of int
        Places at which bins begin, the first of them 0; fewer bins than paths.

    References
    ----------
    .. [1] Kelley 1935, "An unbiased correlation ratio measure", doi:10.1073/pnas.21.9.554.

    Examples
    --------
    >>> deviations = np.array([-3.0, -1.0, 1.0, 3.0])
    >>> round(corrected_share(deviations, 20.0, np.array([0, 2])), 6)  # 1 - (4 / 20) 3 / 2
    0.7
    """
    sums = np.add.reduceat(ordered, begins)
    sizes = np.diff(np.append(begins, ordered.size))
    plain = float((sums * sums / sizes).sum()) / spread
    return 1.0 - (1.0 - min(1.0, plain)) * (ordered.size - 1) / (ordered.size - begins.size)


def bins_for(paths: int) -> int:
    """Bins into which an input is cut: half the root of the paths, from 5 to 50.

    Fewer bins miss what happens within them, more of them are noisier.

    Examples
    --------
    >>> bins_for(200), bins_for(1000), bins_for(10_000)
    (7, 15, 50)
    """
    return min(MOST_BINS, max(LEAST_BINS, math.isqrt(paths) // 2))


@lru_cache
def noise_correlation(paths: int, chance: float) -> float:
    """Rank correlation of an idle input that is exceeded on either side with some probability.

    Over all orders of the paths it has mean 0 and variance ``1 / (paths - 1)``, ties or not [1]_,
    and is nearly normal.

    Parameters
    ----------
    paths : int
        At least 2.
    chance : float
        Probability, above 0 and below 1.

    References
    ----------
    .. [1] Hotelling and Pabst 1936, doi:10.1214/aoms/1177732543.

    Examples
    --------
    >>> round(noise_correlation(401, 0.05), 3)
    0.098
    """
    return -NormalDist().inv_cdf(chance / 2.0) / math.sqrt(paths - 1.0)


@lru_cache
def noise_share(paths: int, bins: int, chance: float) -> float:
    """Corrected share of variance of an idle input that is exceeded with some probability.

    The ratio of variances between and within bins follows Fisher's F; its quantile is that of
    Paulson's cube-root approximation [1]_.

    Parameters
    ----------
    paths, bins : int
        More paths than bins, and at least 2 bins.
    chance : float
        Probability, above 0 and below 1.

    References
    ----------
    .. [1] Abramowitz and Stegun, *Handbook of Mathematical Functions*, formula 26.6.15.

    Examples
    --------
    >>> round(noise_share(1000, 15, 0.05), 4)  # tables give F(14, 985) = 1.70
    0.0097
    """
    first, second = bins - 1.0, float(paths - bins)
    score = -NormalDist().inv_cdf(chance)
    a, b = 2.0 / (9.0 * first), 2.0 / (9.0 * second)
    # Solved for x, the cube root of F: ((1 - b) x - (1 - a))^2 = score^2 (a + b x^2).
    square = (1.0 - b) ** 2 - b * score**2
    half = (1.0 - a) * (1.0 - b)
    rest = (1.0 - a) ** 2 - a * score**2
    if square <= 0.0:  # so few paths that no share is beyond chance
        return 1.0
    root = (half + math.copysign(math.sqrt(half**2 - square * rest), score)) / square
    f = max(0.0, root) ** 3
    # The corrected share is (F - 1) / (F + (paths - bins) / (bins - 1)).
    return (f - 1.0) / (f + second / first)
