"""Compiled loops: uniforms, broken lines, gates that all pass with the probability of it, discounting."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel
from baseload.numerics import exp, inverse_normal, log, normal_cdf
from baseload.randomness import uniform

Floats = npt.NDArray[np.float64]

# Below this a score follows from the others.
_NO_FREEDOM = 1e-9


@kernel
def uniforms(key: np.uint64, out: Floats) -> None:
    """Fill `out` with the first uniform of each path of a stream."""
    for d in range(out.size):
        out[d] = uniform(key, d, 0)


@kernel
def along(shares: Floats, values: Floats, wanted: Floats, out: Floats) -> None:
    """Fill `out` with the values of a broken line at the shares wanted, the later one at a jump."""
    last = shares.size - 1
    for d in range(wanted.size):
        share = wanted[d]
        # The last knot at or below the share, but not the end.
        low = 0
        high = last
        while high - low > 1:
            middle = (low + high) // 2
            if shares[middle] <= share:
                low = middle
            else:
                high = middle
        value = values[low]
        step = shares[low + 1] - shares[low]
        if step > 0.0:
            value += (share - shares[low]) * ((values[low + 1] - value) / step)
            # Rounding may end one unit in the last place beyond the knot.
            value = min(value, values[low + 1])
        out[d] = value


@kernel
def passing(
    draws: Floats,
    limits: Floats,
    factor: Floats,
    scores: Floats,
    fractions: Floats,
    weights: Floats,
) -> None:
    """Draw correlated gates on condition that all pass, and weigh each draw by its probability.

    The simulator of Geweke, Hajivassiliou and Keane, as in Genz (1992),
    https://doi.org/10.1080/10618600.1992.10477010, gate by gate, the normal score is drawn below the
    limit of that gate given the scores before it, and the weight is the product of the probabilities
    of lying there. The mean of the weights is the probability that all pass.

    Parameters
    ----------
    draws : float64 (N, K)
        Uniforms strictly between 0 and 1.
    limits : float64 (K,)
        Probability of each gate.
    factor : float64 (K, K)
        Lower Cholesky factor of the correlations.
    scores : float64 (K,)
        Room for the independent scores of one draw.
    fractions : float64 (N, K)
        Filled: how far below its limit each gate passes, as a part of its probability, 0 to 1.
    weights : float64 (N,)
        Filled: probability that all pass, given the scores drawn.
    """
    count = limits.size
    for d in range(draws.shape[0]):
        weight = 1.0
        for k in range(count):
            u = draws[d, k]
            lean = 0.0
            leans = False
            for j in range(k):
                if factor[k, j] != 0.0:
                    leans = True
                    lean += factor[k, j] * scores[j]
            free = factor[k, k]
            if not leans:
                # The first of a group keeps its own draw to the last digit, as if uncorrelated.
                weight *= limits[k]
                fractions[d, k] = u
                scores[k] = inverse_normal(u * limits[k]) if limits[k] > 0.0 else inverse_normal(u)
                continue
            limit = inverse_normal(limits[k])
            if free < _NO_FREEDOM:
                room = 1.0 if lean <= limit else 0.0
                scores[k] = 0.0
            else:
                room = normal_cdf((limit - lean) / free)
                scores[k] = inverse_normal(u * room) if u * room > 0.0 else inverse_normal(u)
            weight *= room
            if room > 0.0 and limits[k] > 0.0:
                below = normal_cdf(lean + free * scores[k])
                fractions[d, k] = min(below / limits[k], 1.0)
            else:
                fractions[d, k] = u
        weights[d] = weight


@kernel
def weight_in_time(
    paths: Floats, waits: Floats, factors: Floats, latest: Floats, weights: Floats
) -> float:
    """Summed weight of the draws in time, where the months of two gates are multiplied.

    The start is the longest of four paths: past both gates, through the first, through the second,
    through both.

    Parameters
    ----------
    paths : float64 (4, N)
        Months on each without the two gates' own; minus infinity for a path that there is not.
    waits : float64 (2, N)
        The gates' own months.
    factors : float64 (2,)
        On these.
    latest : float64 (N,)
        Latest start.
    weights : float64 (N,)
        Of each draw.

    Returns
    -------
    float
        The sum.
    """
    total = 0.0
    for d in range(latest.size):
        one = factors[0] * waits[0, d]
        other = factors[1] * waits[1, d]
        start = max(paths[0, d], paths[1, d] + one)
        start = max(start, paths[2, d] + other)
        start = max(start, paths[3, d] + one + other)
        if start <= latest[d]:
            total += weights[d]
    return float(total)


@kernel
def discount(months: Floats, rate_per_year: float, factors: Floats) -> None:
    """Fill `factors` with (1 + rate) ** (-months / 12); 0 for months without end."""
    force = log(1.0 + rate_per_year) / 12.0
    for i in range(months.size):
        if months[i] < np.inf:
            factors[i] = exp(-force * months[i])
        else:
            factors[i] = 0.0
