"""The eight distributions that any scalar of a scenario may have, and how a scenario writes them.

This file reads and describes them one at a time, in plain Python: a scenario is loaded without the
compiler. `draws` packs many of them for the compiled loop.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

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
LARGEST = 1e100
"""Numbers beyond this are refused, so that no square or width overflows."""

_FARTHEST_TRUNCATION_SD = 8.0
_PANELS = 4000
_DIGITS = Context(prec=40)
_FORMS = "a number or one of { " + " = ... }, { ".join(KINDS) + " = ... }"


class DistributionError(ValueError):
    """A value that is no distribution: what was found, what is allowed, the nearest spelling."""

    def __init__(self, found: str, allowed: str, nearest: str | None = None) -> None:
        self.found = found
        self.allowed = allowed
        self.nearest = nearest
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"found {found}, allowed is {allowed}{hint}")


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

    References
    ----------
    .. [1] Malcolm, D. G. et al. (1959), Application of a technique for research and development
       program evaluation, Operations Research 7(5), https://doi.org/10.1287/opre.7.5.646
    .. [2] Vose, D. (2008), Risk Analysis: a quantitative guide, 3rd ed., Wiley.
    """
    low, mode, high = distribution.numbers
    alpha = 1.0 + 4.0 * ((mode - low) / (high - low))
    return alpha, 6.0 - alpha


def _beta_area(x: float, a: float, b: float) -> float:
    """Integral of t^(a-1) (1-t)^(b-1) from 0 to x: DLMF 8.17.22's hypergeometric series."""
    from baseload.numerics import exp, log

    term = exp(a * log(x) + b * log(1.0 - x)) / a
    total = term
    n = 0
    while term > 1e-17 * total:
        term *= x * (a + b + n) / (a + 1.0 + n)
        total += term
        n += 1
    return total


@lru_cache(maxsize=4096)
def beta_function(a: float, b: float) -> float:
    """Complete beta function, as the two areas on either side of one half."""
    return _beta_area(0.5, a, b) + _beta_area(0.5, b, a)


def beta_quantile(u: float, a: float, b: float) -> float:
    """Quantile of the beta distribution for a, b >= 1, relative error about 1e-13.

    Newton's rule on log(area) over log(x): that curve is concave, so that it climbs to the root
    from the leading term x = (u a B)^(1/a), which lies below.

    Parameters
    ----------
    u : float
        Probability from 0 to 1.
    a, b : float
        Exponents, 1 or more.

    Returns
    -------
    float
        From 0 to 1.
    """
    from baseload.numerics import exp, log

    if u > 0.5:
        return 1.0 - beta_quantile(1.0 - u, b, a)
    if u == 0.0:
        return 0.0
    whole = beta_function(a, b)
    x = exp(log(u * a * whole) / a)
    for _ in range(60):
        area = whole - _beta_area(1.0 - x, b, a) if x > 0.7 else _beta_area(x, a, b)
        slope = exp(a * log(x) + (b - 1.0) * log(1.0 - x)) / area
        change = log(u * whole / area) / slope
        x *= exp(change)
        if abs(change) < 1e-14:
            break
    return x


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


# --- reading -------------------------------------------------------------------------------------


def parse_distribution(value: object) -> Distribution:
    """Distribution that a scenario's number or table stands for.

    Parameters
    ----------
    value : object
        A number; ``{ fixed = x }``, ``{ uniform = [low, high] }``,
        ``{ triangular = [low, mode, high] }``, ``{ pert = [low, mode, high] }``,
        ``{ normal = { mean, sd, low, high } }``, ``{ lognormal = { median, p95, low, high } }`` or
        ``{ lognormal = { mean, sd } }``, ``{ discrete = { values, probabilities } }``,
        ``{ empirical = [x, ...] }``; low and high are optional.

    Returns
    -------
    Distribution
        With its numbers in canonical order.

    Raises
    ------
    DistributionError
        With what was found, what is allowed and, for a misspelt word, the nearest one.

    Examples
    --------
    >>> parse_distribution({"triangular": [0.2, 0.6, 1.5]}).describe()
    'triangular 0.2, 0.6, 1.5'
    """
    if isinstance(value, Distribution):
        return value
    if not isinstance(value, dict):
        return Distribution("fixed", (_number(value, _FORMS),))
    unknown = [key for key in value if key not in KINDS]
    if unknown:
        raise DistributionError(f"{unknown[0]!r}", _FORMS, _nearest(unknown[0], KINDS))
    if len(value) != 1:
        found = " and ".join(value) if value else "an empty table"
        raise DistributionError(found, _FORMS.replace("one of", "exactly one of"))
    kind, body = next(iter(value.items()))
    return _READERS[kind](kind, body)


def _nearest(word: object, words: tuple[str, ...]) -> str | None:
    close = difflib.get_close_matches(str(word).lower(), words, n=1)
    return close[0] if close else None


def _number(value: object, allowed: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
        raise DistributionError(shown, allowed)
    if not -LARGEST <= value <= LARGEST:
        shown = "a number beyond 1e100" if abs(value) > LARGEST else repr(value)
        raise DistributionError(shown, f"{allowed}, with numbers from -1e100 to 1e100")
    return float(value) + 0.0  # -0.0 becomes 0.0


def _list(kind: str, value: object, allowed: str) -> tuple[float, ...]:
    if not isinstance(value, list | tuple):
        raise DistributionError(f"{kind} = {value!r}", allowed)
    return tuple(_number(item, allowed) for item in value)


def _table(kind: str, body: object, words: tuple[str, ...], allowed: str) -> dict[str, float]:
    if not isinstance(body, dict):
        raise DistributionError(f"{kind} = {body!r}", allowed)
    for key in body:
        if key not in words:
            raise DistributionError(f"{key!r} in {kind}", allowed, _nearest(key, words))
    return {key: _number(item, allowed) for key, item in body.items()}


def _read_fixed(kind: str, body: object) -> Distribution:
    return Distribution(kind, (_number(body, "{ fixed = a number }"),))


def _read_ascending(kind: str, body: object) -> Distribution:
    words = "[low, high]" if kind == "uniform" else "[low, mode, high]"
    allowed = f"{{ {kind} = {words} }} in ascending order"
    numbers = _list(kind, body, allowed)
    if len(numbers) != words.count(",") + 1 or list(numbers) != sorted(numbers):
        raise DistributionError(f"{kind} = {list(numbers)}", allowed)
    return Distribution(kind, numbers)


def _truncated(kind: str, numbers: tuple[float, float], body: dict[str, float]) -> Distribution:
    low, high = body.get("low"), body.get("high")
    if low is not None and high is not None and not low < high:
        raise DistributionError(f"low = {low}, high = {high}", f"a low below the high in {kind}")
    distribution = Distribution(kind, numbers, low, high)
    if kind == "lognormal" and high is not None and high <= 0.0:
        raise DistributionError(f"high = {high}", "a high above 0 in lognormal")

    def deviations(end: float) -> float:
        if kind == "normal":
            return (end - numbers[0]) / numbers[1]
        spread = math.log(numbers[1] / numbers[0]) / NORMAL_SCORE_OF_P95
        return math.log(end / numbers[0]) / spread

    for name, end, sign in (("low", low, 1.0), ("high", high, -1.0)):
        if end is None or (kind == "lognormal" and end <= 0.0):
            continue
        if sign * deviations(end) > _FARTHEST_TRUNCATION_SD:
            raise DistributionError(
                f"{name} = {end}, which leaves nothing of the {kind}",
                f"a {name} less than 8 standard deviations beyond the middle",
            )
    return distribution


def _read_normal(kind: str, body: object) -> Distribution:
    allowed = "{ normal = { mean, sd, low, high } } with sd above 0; low and high may be left out"
    table = _table(kind, body, ("mean", "sd", "low", "high"), allowed)
    if "mean" not in table or "sd" not in table or not table["sd"] > 0.0:
        raise DistributionError(f"normal = {body}", allowed)
    return _truncated(kind, (table["mean"], table["sd"]), table)


def _read_lognormal(kind: str, body: object) -> Distribution:
    allowed = (
        "{ lognormal = { median, p95, low, high } } or { lognormal = { mean, sd, low, high } }, "
        "both first ones above 0 and p95 above the median; low and high may be left out"
    )
    table = _table(kind, body, ("median", "p95", "mean", "sd", "low", "high"), allowed)
    given = set(table) - {"low", "high"}
    if given == {"mean", "sd"} and table["mean"] > 0.0 and table["sd"] > 0.0:
        numbers = _median_and_p95(table["mean"], table["sd"])
    elif given == {"median", "p95"} and table["median"] > 0.0:
        numbers = table["median"], table["p95"]
    else:
        raise DistributionError(f"lognormal = {body}", allowed)
    if not numbers[0] < numbers[1] <= 1e6 * numbers[0]:
        raise DistributionError(
            f"lognormal = {body}", f"{allowed}, and the p95 at most 1,000,000 times the median"
        )
    return _truncated(kind, numbers, table)


def _median_and_p95(mean: float, sd: float) -> tuple[float, float]:
    """Median and 95th percentile of a lognormal of this mean and standard deviation.

    sigma^2 = log(1 + sd^2 / mean^2), median = mean exp(-sigma^2 / 2); in decimal arithmetic, which
    gives every processor the same digits.
    """
    ratio = _DIGITS.divide(Decimal(sd), Decimal(mean))
    variance = _DIGITS.ln(_DIGITS.fma(ratio, ratio, Decimal(1)))
    sigma = _DIGITS.sqrt(variance)
    median = _DIGITS.multiply(Decimal(mean), _DIGITS.exp(-variance / 2))
    spread = _DIGITS.exp(_DIGITS.multiply(sigma, Decimal(NORMAL_SCORE_OF_P95)))
    return float(median), float(_DIGITS.multiply(median, spread))


def _read_discrete(kind: str, body: object) -> Distribution:
    allowed = (
        "{ discrete = { values = [...], probabilities = [...] } }: as many of one as of the other, "
        "values that differ, probabilities of 0 or more that add to 1"
    )
    words = ("values", "probabilities")
    if not isinstance(body, dict):
        raise DistributionError(f"discrete = {body!r}", allowed)
    for key in body:
        if key not in words:
            raise DistributionError(f"{key!r} in discrete", allowed, _nearest(key, words))
    values = _list("values", body.get("values"), allowed)
    probabilities = _list("probabilities", body.get("probabilities"), allowed)
    total = math.fsum(probabilities)
    if len(values) != len(probabilities) or len(set(values)) != len(values):
        raise DistributionError(f"discrete = {body}", allowed)
    if min(probabilities, default=0.0) < 0.0 or not abs(total - 1.0) <= 1e-9:
        raise DistributionError(f"probabilities that add to {total:.12g}", allowed)
    # A value that cannot occur would widen the support.
    pairs = sorted(pair for pair in zip(values, probabilities, strict=True) if pair[1] > 0.0)
    return Distribution(kind, tuple(v for v, _ in pairs) + tuple(p for _, p in pairs))


def _read_empirical(kind: str, body: object) -> Distribution:
    allowed = "{ empirical = [...] } with at least one number"
    values = _list(kind, body, allowed)
    if not values:
        raise DistributionError("empirical = []", allowed)
    return Distribution(kind, tuple(sorted(values)))


_READERS: dict[str, Callable[[str, object], Distribution]] = {
    "fixed": _read_fixed,
    "uniform": _read_ascending,
    "triangular": _read_ascending,
    "pert": _read_ascending,
    "normal": _read_normal,
    "lognormal": _read_lognormal,
    "discrete": _read_discrete,
    "empirical": _read_empirical,
}
