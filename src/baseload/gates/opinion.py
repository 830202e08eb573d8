"""What one source says as 5, 50 and 95 % points, as a distribution that has exactly these points.

The distribution is the one of Cooke's classical model [1]_: between its points the probability is
spread evenly, and beyond the outer ones evenly over a tenth of their distance (the overshoot). Among
all distributions with these points on that range it adds least to what was said. It exists for any
ordered triple, ties included, and needs only + - × and /, so that it gives the same bytes
everywhere; smooth families (a beta, a metalog) miss one of the three points or do not exist for
lopsided ones. Its price are short tails: nothing lies farther than the overshoot.

References
----------
.. [1] R. M. Cooke, Experts in Uncertainty, Oxford University Press, 1991, chapter 12; R. M. Cooke,
   L. H. J. Goossens, TU Delft expert judgment data base, Reliability Engineering & System Safety
   93(5), 2008, https://doi.org/10.1016/j.ress.2007.03.005
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError
from baseload.gates.kernels import along

Floats = npt.NDArray[np.float64]

OVERSHOOT: Final = 0.1
"""How far beyond the outer points a distribution goes, in parts of their distance."""

SHARES: Final = (0.0, 0.05, 0.5, 0.95, 1.0)
"""Probability below the lowest value, the three points and the highest value."""


def refuse(
    field: str, found: str, allowed: str = "", *, nearest: str = "", note: str = ""
) -> NoReturn:
    """Raise an `InputError` with one fault.

    Examples
    --------
    >>> refuse("draws", "0", "a whole number of 1 or more")
    Traceback (most recent call last):
    baseload.errors.InputError: draws
      found    0
      allowed  a whole number of 1 or more
    """
    raise InputError(Fault(None, None, None, field, found, allowed, nearest, note))


@dataclass(frozen=True, eq=False, repr=False)
class Curve:
    """A distribution as a rising broken line: values over the probability below them.

    Attributes
    ----------
    shares : float64 (K,)
        Probabilities from 0 to 1, never falling; two equal ones are a gap between values.
    values : float64 (K,)
        Values there, never falling; two equal ones carry a probability of their own.
    """

    shares: Floats
    values: Floats

    def at(self, shares: npt.ArrayLike) -> Floats:
        """Values below which the given probabilities lie.

        Parameters
        ----------
        shares : array_like
            Probabilities from 0 to 1.

        Returns
        -------
        float64
            In the unit of the values, in the shape of the shares.
        """
        wanted = np.asarray(shares, np.float64)
        found = np.empty(wanted.shape)
        along(self.shares, self.values, np.ascontiguousarray(wanted.ravel()), found.reshape(-1))
        return found

    def below(self, value: float, *, itself: bool = True) -> float:
        """Probability of at most a value, or of less where it does not count itself."""
        last = len(self.values) - 1
        if itself:
            cell = int(np.searchsorted(self.values, value, side="right")) - 1
            if cell < 0:
                return 0.0
            if cell == last:
                return 1.0
        else:
            cell = int(np.searchsorted(self.values, value, side="left")) - 1
            if cell < 0:
                return 0.0
            if cell == last:
                return 1.0
        left, right = self.values[cell], self.values[cell + 1]
        part = (value - left) / (right - left) if right > left else 1.0
        return float(self.shares[cell] + part * (self.shares[cell + 1] - self.shares[cell]))

    @property
    def mean(self) -> float:
        """Expected value."""
        middles = [a + (b - a) / 2.0 for a, b in _pairs(self.values)]
        widths = [b - a for a, b in _pairs(self.shares)]
        return math.fsum(w * m for w, m in zip(widths, middles, strict=True))


def _pairs(line: Floats) -> list[tuple[float, float]]:
    numbers = line.tolist()
    return list(itertools.pairwise(numbers))


def curve_of(
    points: Sequence[float],
    lowest: float = -math.inf,
    highest: float = math.inf,
    *,
    field: str = "points",
) -> Curve:
    """The distribution with three given points at 5, 50 and 95 %.

    Parameters
    ----------
    points : sequence of three float
        Low, best and high, never falling.
    lowest, highest : float
        No value lies beyond these, overshoot or not: 0 and 1 for a probability, 0 for a duration.
    field : str
        Name for the message.

    Returns
    -------
    Curve
        With five knots.

    Raises
    ------
    InputError
        For what are no three finite numbers in order within the bounds.

    Examples
    --------
    >>> curve = curve_of((0.1, 0.3, 0.5), 0.0, 1.0)
    >>> curve.at([0.05, 0.5, 0.95]).round(12).tolist()
    [0.1, 0.3, 0.5]
    >>> round(curve.mean, 12), curve.values[[0, -1]].round(12).tolist()
    (0.3, [0.06, 0.54])
    """
    low, best, high = checked_points(points, lowest, highest, field=field)
    reach = OVERSHOOT * (high - low)
    values = np.array([max(low - reach, lowest), low, best, high, min(high + reach, highest)])
    return Curve(np.array(SHARES), values)


def checked_points(
    points: Any, lowest: float, highest: float, *, field: str = "points"
) -> tuple[float, float, float]:
    """Low, best and high as numbers, in order and within bounds; InputError otherwise."""
    bounds = _bounds(lowest, highest)
    try:
        given = [*points]
    except TypeError:
        given = []
    if len(given) != 3:
        refuse(field, repr(points), f"three numbers {bounds}: low, best and high")
    for number in given:
        is_number = isinstance(number, int | float | np.integer | np.floating)
        # A comparison that NaN fails too; infinities are no points either.
        if not is_number or isinstance(number, bool) or not abs(number) < math.inf:
            refuse(field, repr(number), f"a finite number {bounds}".rstrip())
        if not lowest <= number <= highest:
            refuse(field, f"{float(number):g}", f"a number {bounds}")
    low, best, high = (float(number) for number in given)
    if not low <= best <= high:
        refuse(field, f"low {low:g}, best {best:g}, high {high:g}", "low <= best <= high")
    return low, best, high


def _bounds(lowest: float, highest: float) -> str:
    if lowest == -math.inf and highest == math.inf:
        return ""
    if highest == math.inf:
        return f"of at least {lowest:g}"
    if lowest == -math.inf:
        return f"of at most {highest:g}"
    return f"from {lowest:g} to {highest:g}"


def mixture(curves: Sequence[Curve], weights: Sequence[float]) -> Curve:
    """The linear opinion pool of distributions: their distribution functions, averaged [1]_.

    Parameters
    ----------
    curves : sequence of Curve
        One or more.
    weights : sequence of float
        At least 0, one above; only their proportions matter.

    Returns
    -------
    Curve
        Exact: a pool of broken lines is one, with the knots of all.

    Raises
    ------
    InputError
        For weights below 0 or all 0, or not one a curve.

    References
    ----------
    .. [1] M. Stone, The opinion pool, Annals of Mathematical Statistics 32(4), 1961,
       https://doi.org/10.1214/aoms/1177704873

    Examples
    --------
    >>> one, other = curve_of((0, 10, 20)), curve_of((40, 50, 60))
    >>> mixture([one, other], [1, 1]).at([0.25, 0.75]).tolist()
    [10.0, 50.0]
    """
    parts = normalised(weights, len(curves))
    kept = [(curve, part) for curve, part in zip(curves, parts, strict=True) if part > 0.0]
    if len(kept) == 1:
        return kept[0][0]
    shares: list[float] = []
    values: list[float] = []
    for value in sorted({float(one) for curve, _ in kept for one in curve.values}):
        before = math.fsum(part * curve.below(value, itself=False) for curve, part in kept)
        after = math.fsum(part * curve.below(value) for curve, part in kept)
        shares.append(before)
        values.append(value)
        if after > before:
            shares.append(after)
            values.append(value)
    # The ends are certain; in between rounding may not make the line fall.
    line = np.minimum(np.maximum.accumulate(np.array(shares)), 1.0)
    line[0], line[-1] = 0.0, 1.0
    return Curve(line, np.array(values))


def normalised(weights: Sequence[float], count: int, *, field: str = "weights") -> list[float]:
    """Weights in the same proportions that add up to 1; InputError for what are none."""
    if len(weights) != count or not count:
        refuse(field, f"{len(weights)} weights for {count} opinions", "one weight an opinion")
    for weight in weights:
        if isinstance(weight, bool) or not 0.0 <= weight < math.inf:
            refuse(field, repr(weight), "a finite number of at least 0")
    largest = max(weights)
    if largest == 0.0:
        refuse(field, "no weight above 0", "one weight above 0 at least")
    # Divided by the largest first, so that no sum overflows.
    scaled = [weight / largest for weight in weights]
    total = math.fsum(scaled)
    return [weight / total for weight in scaled]
