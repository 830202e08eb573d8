"""One distribution: its words, support, quantiles and moments, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from baseload.distributions.beta import beta_quantile

KINDS = (
    "fixed",
    "uniform",
    "triangular",
    "pert",
    "normal",
    "lognormal",
    "discrete",
    "empirical",
)
NORMAL_SCORE_OF_P95 = 1.6448536269514722

_PANELS = 4000


@dataclass(frozen=True)
class Distribution:
    """One distribution.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    numbers : tuple of float
        fixed: value. uniform: low, high. triangular and pert: low, mode, high. normal: mean and
        standard deviation, lognormal: median and 95th percentile, both before truncation.
        discrete: ascending values, then their probabilities. empirical: ascending values.
    low, high : float or None
        Truncation of normal and lognormal.
    """

    kind: str
    numbers: tuple[float, ...]
    low: float | None = None
    high: float | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether only one value is possible."""
        low, high = self.support()
        return low == high

    @property
    def values(self) -> tuple[float, ...]:
        """Possible values of discrete and empirical, ascending."""
        return self.numbers[: len(self.numbers) // 2] if self.kind == "discrete" else self.numbers

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Probabilities of `values`."""
        if self.kind == "discrete":
            return self.numbers[len(self.numbers) // 2 :]
        return (1.0 / len(self.numbers),) * len(self.numbers)

    def support(self) -> tuple[float, float]:
        """Lowest and highest possible value; infinite where a tail is open."""
        if self.kind == "normal":
            return (
                -math.inf if self.low is None else self.low,
                math.inf if self.high is None else self.high,
            )
        if self.kind == "lognormal":
            return (
                0.0 if self.low is None else max(self.low, 0.0),
                math.inf if self.high is None else self.high,
            )
        return self.values[0], self.values[-1]

    def mean(self) -> float:
        """Expected value."""
        return _moments(self)[0]

    def std(self) -> float:
        """Standard deviation."""
        return _moments(self)[1]

    def quantile(self, u: float) -> float:
        """Smallest value whose distribution function is at least `u`.

        Parameters
        ----------
        u : float
            Probability from 0 to 1.

        Returns
        -------
        float
            The value, in the unit of the scalar.
        """
        if not 0.0 <= u <= 1.0:
            raise ValueError(f"a probability lies between 0 and 1, not at {u}")
        return _QUANTILES[self.kind](self, u)

    def describe(self) -> str:
        """Few words for tables and axes, such as ``triangular 0.2, 0.6, 1.5``."""
        if self.kind == "fixed":
            return _short(self.numbers[0])
        if self.kind in ("discrete", "empirical"):
            ends = f"{_short(self.values[0])} to {_short(self.values[-1])}"
            return f"{self.kind}, {len(self.values)} values from {ends}"
        if self.kind not in ("normal", "lognormal"):
            return f"{self.kind} " + ", ".join(_short(number) for number in self.numbers)
        names = ("mean", "sd") if self.kind == "normal" else ("median", "p95")
        words = [f"{name} {_short(x)}" for name, x in zip(names, self.numbers, strict=True)]
        if self.low is not None:
            words.append(f"from {_short(self.low)}")
        if self.high is not None:
            words.append(f"up to {_short(self.high)}")
        return f"{self.kind} " + ", ".join(words)

    def to_toml(self) -> object:
        """Number or table that `parse_distribution` turns into this distribution again."""
        if self.kind == "fixed":
            return self.numbers[0]
        if self.kind == "discrete":
            return {
                "discrete": {
                    "values": list(self.values),
                    "probabilities": list(self.probabilities),
                }
            }
        if self.kind not in ("normal", "lognormal"):
            return {self.kind: list(self.numbers)}
        names = ("mean", "sd") if self.kind == "normal" else ("median", "p95")
        body = dict(zip(names, self.numbers, strict=True))
        if self.low is not None:
            body["low"] = self.low
        if self.high is not None:
            body["high"] = self.high
        return {self.kind: body}


def _short(number: float) -> str:
    return f"{number:.6g}"


# --- quantiles -----------------------------------------------------------------------------------


def _ends(distribution: Distribution) -> tuple[float, float]:
    return distribution.numbers[0], distribution.numbers[-1]


def _uniform_quantile(distribution: Distribution, u: float) -> float:
    low, high = _ends(distribution)
    return min(low + u * (high - low), high)


def _triangular_quantile(distribution: Distribution, u: float) -> float:
    low, mode, high = distribution.numbers
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


def pert_shape(distribution: Distribution) -> tuple[float, float]:
    """Both exponents of the beta distribution behind a PERT one; they add to 6.

    alpha = 1 + 4 (mode - low) / (high - low) gives the mean (low + 4 mode + high) / 6 of [1]_; the
    shape of 4 is the usual one [2]_.

    Parameters
    ----------
    distribution : Distribution
        Of the kind `pert`, its low below its high.

    Returns
    -------
    tuple of float
        Alpha and beta, each from 1 to 5.

    References
    ----------
    .. [1] Malcolm, D. G. et al. (1959), Application of a technique for research and development
       program evaluation, Operations Research 7(5), https://doi.org/10.1287/opre.7.5.646
    .. [2] Vose, D. (2008), Risk Analysis: a quantitative guide, 3rd ed., Wiley.
    """
    low, mode, high = distribution.numbers
    alpha = 1.0 + 4.0 * ((mode - low) / (high - low))
    return alpha, 6.0 - alpha


def _pert_quantile(distribution: Distribution, u: float) -> float:
    low, high = _ends(distribution)
    return min(low + (high - low) * beta_quantile(u, *pert_shape(distribution)), high)


@lru_cache(maxsize=4096)
def normal_terms(distribution: Distribution) -> tuple[float, float, float, float, float]:
    """Location, scale, sign, base and mass of a normal or lognormal distribution.

    The normal score of `u` is sign * inverse_normal(base + mass * u), with 1 - u in place of `u`
    where the sign is -1: a truncation to the upper half is mirrored, so that small probabilities
    keep their digits. For a lognormal, location and scale are of the logarithm.
    """
    from baseload.numerics import log, normal_cdf

    first, second = distribution.numbers
    low, high = distribution.low, distribution.high
    if distribution.kind == "normal":
        location, scale = first, second
        z_low = -math.inf if low is None else (low - location) / scale
        z_high = math.inf if high is None else (high - location) / scale
    else:
        location = log(first)
        scale = (log(second) - location) / NORMAL_SCORE_OF_P95
        z_low = -math.inf if low is None or low <= 0.0 else (log(low) - location) / scale
        z_high = math.inf if high is None else (log(high) - location) / scale
    if z_low > 0.0:
        base = normal_cdf(-z_high)
        return location, scale, -1.0, base, normal_cdf(-z_low) - base
    base = normal_cdf(z_low)
    return location, scale, 1.0, base, normal_cdf(z_high) - base


def _normal_quantile(distribution: Distribution, u: float) -> float:
    from baseload.numerics import exp, inverse_normal

    location, scale, sign, base, mass = normal_terms(distribution)
    share = u if sign > 0.0 else 1.0 - u
    value = location + scale * (sign * inverse_normal(base + mass * share))
    if distribution.kind == "lognormal":
        value = exp(value)
    low, high = distribution.support()
    return min(max(value, low), high)


def _discrete_quantile(distribution: Distribution, u: float) -> float:
    reached = 0.0
    for value, probability in zip(distribution.values, distribution.probabilities, strict=True):
        reached += probability
        if u <= reached:
            return value
    return distribution.values[-1]


def _empirical_quantile(distribution: Distribution, u: float) -> float:
    values = distribution.values
    return values[min(max(math.ceil(u * len(values)) - 1, 0), len(values) - 1)]


_QUANTILES: dict[str, Callable[[Distribution, float], float]] = {
    "fixed": lambda distribution, u: distribution.numbers[0],
    "uniform": _uniform_quantile,
    "triangular": _triangular_quantile,
    "pert": lambda distribution, u: (
        distribution.numbers[0] if distribution.is_fixed else _pert_quantile(distribution, u)
    ),
    "normal": _normal_quantile,
    "lognormal": _normal_quantile,
    "discrete": _discrete_quantile,
    "empirical": _empirical_quantile,
}


# --- moments -------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _moments(distribution: Distribution) -> tuple[float, float]:
    """Mean and standard deviation."""
    numbers = distribution.numbers
    if distribution.kind == "fixed":
        return numbers[0], 0.0
    if distribution.kind in ("discrete", "empirical"):
        weights, values = distribution.probabilities, distribution.values
        total = math.fsum(weights)
        mean = math.fsum(w * v for w, v in zip(weights, values, strict=True)) / total
        square = math.fsum(w * (v - mean) ** 2 for w, v in zip(weights, values, strict=True))
        return mean, math.sqrt(square / total)
    if distribution.kind in ("normal", "lognormal"):
        return _normal_moments(distribution)
    low, high = _ends(distribution)
    if distribution.kind == "uniform":
        return low + (high - low) / 2.0, (high - low) / math.sqrt(12.0)
    left, right = numbers[1] - low, high - numbers[1]
    if distribution.kind == "triangular":
        square = (left * left + left * right + right * right) / 18.0
        return low + ((high - low) + left) / 3.0, math.sqrt(square)
    mean = low + ((high - low) + 4.0 * left) / 6.0
    return mean, math.sqrt(max((mean - low) * (high - mean), 0.0) / 7.0)


def _normal_moments(distribution: Distribution) -> tuple[float, float]:
    """Mean and standard deviation of a normal or lognormal; Simpson's rule when truncated.

    The closed forms of truncated ones lose all digits for narrow truncations; the rule over the
    normal score does not, and its error is below 1e-9 of the standard deviation.
    """
    from baseload.numerics import exp, log

    location, scale, _, _, _ = normal_terms(distribution)
    is_normal = distribution.kind == "normal"
    low, high = distribution.low, distribution.high
    if low is None and high is None:
        if is_normal:
            return location, scale
        mean = exp(location + 0.5 * scale * scale)
        return mean, mean * math.sqrt(exp(scale * scale) - 1.0)

    def score(end: float) -> float:
        return ((end if is_normal else log(end)) - location) / scale

    # The second moment of a lognormal has its bulk around z = 2 scale.
    z_low = -10.0 if low is None or (not is_normal and low <= 0.0) else max(score(low), -10.0)
    z_high = 10.0 if is_normal else 10.0 + 2.0 * scale
    if high is not None:
        z_high = min(score(high), z_high)
    step = (z_high - z_low) / _PANELS
    scores = [z_low + step * i for i in range(_PANELS + 1)]
    # Weights relative to the likeliest score, so that a far truncation does not underflow.
    nearest = min(max(0.0, z_low), z_high)
    weights = [
        (1.0 if i in (0, _PANELS) else 4.0 if i % 2 else 2.0)
        * exp(0.5 * (nearest - z) * (nearest + z))
        for i, z in enumerate(scores)
    ]
    raw = [location + scale * z for z in scores]
    values = raw if is_normal else [exp(x) for x in raw]
    total = math.fsum(weights)
    mean = math.fsum(w * v for w, v in zip(weights, values, strict=True)) / total
    square = math.fsum(w * (v - mean) ** 2 for w, v in zip(weights, values, strict=True)) / total
    return mean, math.sqrt(square)
