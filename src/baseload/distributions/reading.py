"""What a scenario writes for a number, read as a distribution."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from decimal import Context, Decimal

from baseload.distributions.distribution import KINDS, NORMAL_SCORE_OF_P95, Distribution

LARGEST = 1e100
"""Numbers beyond this are refused, so that no square or width overflows."""

_FARTHEST_TRUNCATION_SD = 8.0
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
