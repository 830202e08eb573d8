"""The functions that every expression may call: over a value's paths, and of several values."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Final

import numpy as np

from baseload.expression.faults import ArgumentFault
from baseload.expression.kinds import Function
from baseload.expression.values import Floats, Numbers, Truths, extreme, magnitude, numbers

NORMAL_95: Final = 1.959963984540054
"""Quantile of the standard normal at 0.975."""


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a probability of which so many of so many independent trials came true.

    (p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n), p the share and z = 1.96: unlike the
    plain one it does not shrink to a point where all or none came true [1]_.

    Parameters
    ----------
    successes, trials : int
        Of at least one trial.

    Returns
    -------
    tuple of float
        Low and high end, 0 to 1.

    References
    ----------
    .. [1] E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal
       of the American Statistical Association 22, 1927, doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> [round(end, 4) for end in wilson(9, 10)]
    [0.5958, 0.9821]
    >>> [round(end, 4) for end in wilson(0, 100)]
    [0.0, 0.037]
    """
    share, squared = successes / trials, NORMAL_95**2
    middle = share + squared / (2 * trials)
    half = NORMAL_95 * math.sqrt(share * (1 - share) / trials + squared / (4 * trials**2))
    low, high = (middle - half) / (1 + squared / trials), (middle + half) / (1 + squared / trials)
    # Rounding must not make certain what is not, nor leave the range.
    return (0.0 if successes == 0 else low, 1.0 if successes == trials else high)


def _probability(of: Truths) -> Numbers:
    """Share of the paths on which it is true, between undefined as false and undefined as true."""
    low, high = float(np.mean(of.true)), float(1.0 - np.mean(of.false))
    if not of.undefined.any():
        return numbers(low)
    return Numbers(np.asarray(low), np.asarray(high))


def _probability_interval(of: Truths) -> Numbers:
    if of.true.ndim == 0:
        return _probability(of)
    paths = of.true.size
    low, _ = wilson(int(np.count_nonzero(of.true)), paths)
    _, high = wilson(paths - int(np.count_nonzero(of.false)), paths)
    return Numbers(np.asarray(low), np.asarray(high))


def _sorted_ends(of: Numbers) -> tuple[Floats, Floats]:
    """All low ends and all high ends in order, what has no value at the far end of each."""
    ordered = np.sort(of.low, axis=None)  # what is NaN comes last
    gaps = int(np.count_nonzero(np.isnan(ordered)))
    if of.is_exact and not gaps:
        return ordered, ordered
    kept = ordered[: ordered.size - gaps]
    low = np.concatenate((np.full(gaps, -np.inf), kept))
    if of.is_exact:
        return low, np.concatenate((kept, np.full(gaps, np.inf)))
    return low, np.sort(np.where(np.isnan(of.high), np.inf, of.high), axis=None)


def _at_rank(ordered: Floats, rank: float) -> float:
    """Between order statistics, in proportion; infinite where one of the two used is."""
    below = math.floor(rank)
    part = rank - below
    one = float(ordered[below])
    if part == 0.0 or not math.isfinite(one):
        return one
    other = float(ordered[below + 1])
    return other if not math.isfinite(other) else one + (other - one) * part


def _between_ends(low: float, high: float) -> Numbers:
    if low == high or low == math.inf or high == -math.inf:
        return numbers(low)
    return Numbers(np.asarray(low), np.asarray(high))


def _share(of: Numbers, function: str) -> float:
    if of.low.ndim or not of.is_exact or not 0.0 <= float(of.low) <= 1.0:
        found = f"{float(of.low):g}" if not of.low.ndim else "a number for each path"
        raise ArgumentFault(found, f"a number from 0 to 1 as the second value of {function}")
    return float(of.low)


def _quantile(of: Numbers, at: Numbers) -> Numbers:
    low, high = _sorted_ends(of)
    rank = _share(at, "quantile") * (low.size - 1)
    return _between_ends(_at_rank(low, rank), _at_rank(high, rank))


def _quantile_interval(of: Numbers, at: Numbers) -> Numbers:
    """Ends by the ranks between which the quantile lies in 95 of 100 samples.

    n q ± z sqrt(n q (1 - q)): W. J. Conover, Practical Nonparametric Statistics, 3rd ed., 1999,
    section 3.2. Infinite where the sample does not reach so far.
    """
    if of.low.ndim == 0:
        return _quantile(of, at)
    low, high = _sorted_ends(of)
    share, paths = _share(at, "quantile"), low.size
    half = NORMAL_95 * math.sqrt(paths * share * (1.0 - share))
    first, last = math.floor(paths * share - half) - 1, math.ceil(paths * share + half) - 1
    return _between_ends(
        float(low[first]) if first >= 0 else -math.inf,
        float(high[last]) if last < paths else math.inf,
    )


def _median(of: Numbers) -> Numbers:
    return _quantile(of, numbers(0.5))


def _median_interval(of: Numbers) -> Numbers:
    return _quantile_interval(of, numbers(0.5))


def _mean(of: Numbers) -> Numbers:
    """No value where one path has none: it might be anything."""
    if of.is_exact:
        return numbers(np.mean(of.low))
    return Numbers(np.asarray(np.mean(of.low)), np.asarray(np.mean(of.high)))


def _mean_interval(of: Numbers) -> Numbers:
    if of.low.ndim == 0:
        return _mean(of)
    half = math.inf
    if of.low.size > 1:
        spread = max(float(np.std(of.low, ddof=1)), float(np.std(of.high, ddof=1)))
        half = NORMAL_95 * spread / math.sqrt(of.low.size)
    return Numbers(np.asarray(np.mean(of.low) - half), np.asarray(np.mean(of.high) + half))


def _defined_part(of: Numbers) -> Numbers:
    kept = np.isfinite(of.low)
    return numbers(of.low[kept]) if of.low.ndim and kept.any() else numbers(np.nan)


def _mean_where_defined(of: Numbers) -> Numbers:
    return _mean(_defined_part(of))


def _mean_where_defined_interval(of: Numbers) -> Numbers:
    return _mean_interval(_defined_part(of))


def _defined(of: Numbers) -> Truths:
    known = np.isfinite(of.low) & np.isfinite(of.high)
    return Truths(known, ~known)


def _lowest(*of: Numbers) -> Numbers:
    return extreme(of, highest=False)


def _highest(*of: Numbers) -> Numbers:
    return extreme(of, highest=True)


_SHARE_TRUE: Final = Function(
    ("truth",),
    "number",
    _probability,
    "share of the paths on which it is true",
    with_noise=_probability_interval,
    unit="share",
)

STANDARD: Final = MappingProxyType(
    {
        "abs": Function(
            ("number",), "number", magnitude, "the number without its sign", unit="same"
        ),
        "min": Function(
            ("number", "number"), "number", _lowest, "lowest, path by path", True, unit="same"
        ),
        "max": Function(
            ("number", "number"), "number", _highest, "highest, path by path", True, unit="same"
        ),
        "probability": _SHARE_TRUE,
        "share_of_paths": _SHARE_TRUE,
        "median": Function(
            ("number",),
            "number",
            _median,
            "value that half of the paths lie below",
            with_noise=_median_interval,
            unit="same",
        ),
        "quantile": Function(
            ("number", "number"),
            "number",
            _quantile,
            "value that this share of the paths lies below",
            with_noise=_quantile_interval,
            unit="same",
        ),
        "mean": Function(
            ("number",),
            "number",
            _mean,
            "mean over the paths, undefined where one path is",
            with_noise=_mean_interval,
            unit="same",
        ),
        "mean_where_defined": Function(
            ("number",),
            "number",
            _mean_where_defined,
            "mean over the paths that have a value",
            with_noise=_mean_where_defined_interval,
            unit="same",
        ),
        "defined": Function(("number",), "truth", _defined, "whether it has a value, path by path"),
    }
)
"""The functions that need no study."""
