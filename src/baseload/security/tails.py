"""Logarithms of tail probabilities that float64 cannot hold, and of the first passage of a walk.

scipy's incomplete beta and gamma functions underflow to zero below 1e-308. There the leading factor
is taken as a logarithm and multiplied by a continued fraction or series, which converges fast that
far out in a tail.

References
----------
.. [1] NIST Digital Library of Mathematical Functions, 8.17 (incomplete beta functions, continued
   fraction 8.17.22), 8.7.1 and 8.9.2 (incomplete gamma functions), https://dlmf.nist.gov
.. [2] W. Feller, An Introduction to Probability Theory and Its Applications, volume 1, 3rd edition,
   1968, chapter III (reflection) and chapter XIV (ruin).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.security.arguments import Floats, Wholes

SURE_OF_SCIPY = 1e-280
_TINY = 1e-300
_PRECISE = 1e-15
_MOST_STEPS = 100_000


def _special() -> Any:
    """scipy's functions. Importing them takes a third of a second, which who asks for no tail is spared."""
    from scipy import special

    return special


def log_beta_tail(a: Floats, b: Floats, x: Floats) -> Floats:
    """Natural log of the regularised incomplete beta function I_x(a, b) [1]_; a, b > 0, 0 < x < 1."""
    return _log_where_tiny(_special().betainc(a, b, x), _log_beta_far_out, a, b, x)


def log_gamma_lower(a: Floats, x: Floats) -> Floats:
    """Natural log of the regularised lower incomplete gamma function P(a, x) [1]_; a > 0, x >= 0."""
    return _log_where_tiny(_special().gammainc(a, x), _log_gamma_lower_far_out, a, x)


def log_gamma_upper(a: Floats, x: Floats) -> Floats:
    """Natural log of the regularised upper incomplete gamma function Q(a, x) [1]_; a > 0, x >= 0."""
    return _log_where_tiny(_special().gammaincc(a, x), _log_gamma_upper_far_out, a, x)


def log_binomial_at_least(successes: Wholes, trials: Wholes, chance: Floats) -> Floats:
    """Natural log of the probability of at least so many successes in so many trials."""
    successes, trials, chance = np.broadcast_arrays(successes, trials, chance)
    log = np.zeros(successes.shape)
    log[(successes > trials) | ((successes > 0) & (chance == 0.0))] = -np.inf
    inner = (successes > 0) & (successes <= trials) & (chance > 0.0) & (chance < 1.0)
    k, n = successes[inner].astype(float), trials[inner].astype(float)
    log[inner] = log_beta_tail(k, n - k + 1.0, chance[inner])
    return log


def log_first_passage(share: Floats, deficit: Wholes, within_blocks: Wholes | None) -> Floats:
    """Natural log of the chance that a walk makes up a deficit within so many steps.

    Each step is one up with probability q (`share`), one down with p = 1 - q. By reflection [2]_

        P(T <= n) = P(S_n >= d) + (q / p)^d P(S_n < -d)

    and P = min(1, (q / p)^d) without end. Both terms are positive: nothing cancels.

    Parameters
    ----------
    share : ndarray
        q, from 0 to 1.
    deficit : ndarray
        d, of at least 0.
    within_blocks : ndarray or None
        n, of at least 0; None for no end.

    Returns
    -------
    ndarray
        At most 0; minus infinity where it cannot happen.
    """
    if within_blocks is None:
        q, d = np.broadcast_arrays(share, deficit)
        log = np.zeros(q.shape)
        behind = (d > 0) & (q < 0.5)
        log[behind] = d[behind] * log_odds(q[behind])
        return log
    q, d, n = np.broadcast_arrays(share, deficit, within_blocks)
    log = np.where(d == 0, 0.0, -np.inf)
    sure = (d > 0) & (q == 1.0) & (n >= d)
    log[sure] = 0.0
    open_ = (d > 0) & (q > 0.0) & (q < 1.0) & (n >= d)
    q, d, n = q[open_], d[open_], n[open_]
    ended_above = log_binomial_at_least((n + d + 1) // 2, n, q)
    # So many steps down at least end strictly below minus the deficit.
    ended_below = log_binomial_at_least((n + d) // 2 + 1, n, 1.0 - q)
    log[open_] = np.minimum(np.logaddexp(ended_above, d * log_odds(q) + ended_below), 0.0)
    return log


def log_odds(share: Floats) -> Floats:
    """Natural log of q / p; minus infinity at a share of 0, infinity at 1."""
    with np.errstate(divide="ignore"):
        return np.log(share) - np.log1p(-share)


def _log_where_tiny(
    value: npt.ArrayLike, far_out: Callable[..., Floats], *arguments: Floats
) -> Floats:
    found = np.asarray(value, dtype=np.float64)
    tiny = found < SURE_OF_SCIPY
    log = np.array(np.log(np.where(tiny, 1.0, found)))  # an array also without dimensions
    if tiny.any():
        every = np.broadcast_arrays(*arguments)
        log[tiny] = far_out(*(np.asarray(one, dtype=np.float64)[tiny] for one in every))
    return log


def _log_beta_far_out(a: Floats, b: Floats, x: Floats) -> Floats:
    def numerator(step: int) -> Floats:
        m = step // 2
        if step % 2 == 0:
            return m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))

    leading = a * np.log(x) + b * np.log1p(-x) - np.log(a) - _special().betaln(a, b)
    return np.asarray(leading - np.log(_continued_fraction(np.ones_like(a), numerator)))


def _log_gamma_upper_far_out(a: Floats, x: Floats) -> Floats:
    # Q(a, x) = x^a e^-x / Gamma(a) / (x + (1 - a) / (1 + 1 / (x + (2 - a) / (1 + ...
    # in its even part, 8.9.2 contracted: x + 1 - a - 1 (1 - a) / (x + 3 - a - ...
    def numerator(step: int) -> Floats:
        return -step * (step - a)

    fraction = _continued_fraction(x + 1.0 - a, numerator, each_adds=2.0)
    return np.asarray(a * np.log(x) - x - _special().gammaln(a) - np.log(fraction))


def _log_gamma_lower_far_out(a: Floats, x: Floats) -> Floats:
    total = np.ones_like(a)
    term = np.ones_like(a)
    for step in range(1, _MOST_STEPS):
        term = term * x / (a + step)
        total += term
        if np.all(term <= _PRECISE * total):
            break
    with np.errstate(divide="ignore"):
        log = np.log(x)
    return np.asarray(a * log - x - _special().gammaln(a + 1.0) + np.log(total))


def _continued_fraction(
    first: Floats, numerator: Callable[[int], Floats], each_adds: float = 0.0
) -> Floats:
    """b0 + a1 / (b1 + a2 / (b2 + ...)) by Lentz's method; b_i is `first` plus i times `each_adds`."""
    value = np.where(first == 0.0, _TINY, first)
    c, d = value.copy(), np.zeros_like(value)
    for step in range(1, _MOST_STEPS):
        over, under = numerator(step), first + step * each_adds
        d = under + over * d
        d = 1.0 / np.where(d == 0.0, _TINY, d)
        c = under + over / c
        c = np.where(c == 0.0, _TINY, c)
        value = value * c * d
        if np.all(np.abs(c * d - 1.0) <= _PRECISE):
            break
    return value
