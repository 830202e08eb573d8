"""Values over paths: numbers known within two ends, and truths that may be undefined.

A number that is not finite has no value. A comparison with it is neither true nor false, and logic
goes on with that (S. C. Kleene, Introduction to Metamathematics, 1952, section 64). A number that is
known within two ends only, such as a probability over paths some of which have no value, is carried
as both ends (R. E. Moore, Interval Analysis, 1966): a comparison is decided where both ends agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Numbers:
    """One number, or one a path.

    Attributes
    ----------
    low, high : ndarray, shape () or (P,)
        The ends within which it is known, the same array where it is known exactly; NaN where it
        has no value.
    """

    low: Floats
    high: Floats

    @property
    def is_exact(self) -> bool:
        """Whether the two ends are one."""
        return self.low is self.high


@dataclass(frozen=True)
class Truths:
    """One truth, or one a path; undefined where it is neither true nor false.

    Attributes
    ----------
    true, false : ndarray of bool, shape () or (P,)
    """

    true: Bools
    false: Bools

    @property
    def undefined(self) -> Bools:
        """Where it is neither."""
        found: Bools = ~(self.true | self.false)
        return found


Value: TypeAlias = (
    float | bool | date | str | frozenset[str] | Floats | Bools | Numbers | Truths | None
)
"""What a name may stand for and an expression come to; None: undefined."""


def numbers(values: npt.ArrayLike) -> Numbers:
    """Exact numbers; what is not finite has no value.

    Examples
    --------
    >>> numbers([1.0, float("inf")]).low.tolist()
    [1.0, nan]
    """
    found = np.asarray(values, dtype=np.float64)
    if not np.isfinite(found).all():
        found = np.where(np.isfinite(found), found, np.nan)
    return Numbers(found, found)


def truths(values: npt.ArrayLike) -> Truths:
    """Truths all of which are defined."""
    found = np.asarray(values, dtype=np.bool_)
    return Truths(found, ~found)


def both(left: Truths, right: Truths) -> Truths:
    """True where both are, false where one is."""
    return Truths(left.true & right.true, left.false | right.false)


def either(left: Truths, right: Truths) -> Truths:
    """True where one is, false where both are."""
    return Truths(left.true | right.true, left.false & right.false)


def opposite(of: Truths) -> Truths:
    """True where it is false."""
    return Truths(of.false, of.true)


def negative(of: Numbers) -> Numbers:
    """The number with its sign changed."""
    if of.is_exact:
        return numbers(-of.low)
    return Numbers(-of.high, -of.low)


def calculate(operator: str, left: Numbers, right: Numbers) -> Numbers:
    """The sum, difference, product or quotient.

    Parameters
    ----------
    operator : str
        One of + - * /.
    left, right : Numbers

    Returns
    -------
    Numbers
        Without a value where it is not finite: a division by zero, or too large.

    Examples
    --------
    >>> calculate("/", numbers(1.0), numbers([2.0, 0.0])).low.tolist()
    [0.5, nan]
    """
    with np.errstate(all="ignore"):
        if left.is_exact and right.is_exact:
            return numbers(_exact(operator, left.low, right.low))
        if operator == "+":
            return Numbers(left.low + right.low, left.high + right.high)
        if operator == "-":
            return Numbers(left.low - right.high, left.high - right.low)
        ends = [
            _exact(operator, a, b) for a in (left.low, left.high) for b in (right.low, right.high)
        ]
        low, high = np.minimum.reduce(ends), np.maximum.reduce(ends)
        if operator == "/":
            through_zero = (right.low <= 0.0) & (right.high >= 0.0)
            low, high = np.where(through_zero, np.nan, low), np.where(through_zero, np.nan, high)
        return Numbers(np.asarray(low), np.asarray(high))


def _exact(operator: str, left: Floats, right: Floats) -> Floats:
    found: Floats
    if operator == "+":
        found = left + right
    elif operator == "-":
        found = left - right
    elif operator == "*":
        found = left * right
    else:
        found = left / right
    return found


def magnitude(of: Numbers) -> Numbers:
    """The number without its sign."""
    if of.is_exact:
        return numbers(np.abs(of.low))
    low = np.where(
        (of.low <= 0.0) & (of.high >= 0.0), 0.0, np.minimum(np.abs(of.low), np.abs(of.high))
    )
    return Numbers(low, np.maximum(np.abs(of.low), np.abs(of.high)))


def extreme(of: tuple[Numbers, ...], highest: bool) -> Numbers:
    """The highest or lowest of several numbers, path by path; no value where one has none."""
    pick = np.maximum if highest else np.minimum
    low, exact = of[0].low, all(one.is_exact for one in of)
    for one in of[1:]:
        low = pick(low, one.low)
    if exact:
        return numbers(low)
    high = of[0].high
    for one in of[1:]:
        high = pick(high, one.high)
    return Numbers(low, high)


def compare(operator: str, left: Numbers, right: Numbers) -> Truths:
    """A comparison of numbers, undefined where one has no value or the ends do not agree.

    Parameters
    ----------
    operator : str
        One of = != < <= > >=.
    left, right : Numbers

    Examples
    --------
    >>> found = compare("<", numbers([1.0, 3.0, float("nan")]), numbers(2.0))
    >>> found.true.tolist(), found.false.tolist(), found.undefined.tolist()
    ([True, False, False], [False, True, False], [False, False, True])
    """
    if operator in (">", ">="):
        return compare(operator.replace(">", "<"), right, left)
    if operator == "<":
        return Truths(np.asarray(left.high < right.low), np.asarray(left.low >= right.high))
    if operator == "<=":
        return Truths(np.asarray(left.high <= right.low), np.asarray(left.low > right.high))
    # Equal for certain only if no end differs.
    same = (left.low == right.high) & (left.high == right.low)
    apart = (left.high < right.low) | (left.low > right.high)
    found = Truths(np.asarray(same), np.asarray(apart))
    return opposite(found) if operator == "!=" else found
