"""What drives a result: how far each uncertain number moves an outcome, from the paths themselves.

No path is run again. Three answers are given for each input, because each is blind to something:

- the *rank correlation* says how steadily the outcome rises or falls with the input, whatever the
  size of single paths, and sees nothing where it rises and then falls;
- the *mean of the outcome* where the input is in its lowest and in its highest fifth says how far,
  in the outcome's own unit;
- the *share of variance* says how much of the spread would go away if the input were known: the
  first-order index of Sobol', estimated from given data by cutting the input into bins [1]_.

The binned index of an input that does nothing is not 0 but ``(bins - 1) / (paths - 1)``. Kelley's
correction [2]_ takes that off, so that it is 0 on average over all orders of the paths.

With many inputs some seem to matter by chance. An input *stands out* only where its rank
correlation, or the same share computed from the outcome's ranks (a test of Kruskal and Wallis
[3]_), lies beyond what the largest of as many idle inputs would reach in one study of twenty.

What an input explains includes what it shares with inputs that are correlated with it; then the
shares add up to more than they explain together. Correlated partners are named for that reason.
What no single input explains is due to inputs acting together and to events within a path.

References
----------
.. [1] Plischke, Borgonovo and Smith 2013, "Global sensitivity measures from given data",
   doi:10.1016/j.ejor.2012.11.047.
.. [2] Kelley 1935, "An unbiased correlation ratio measure", doi:10.1073/pnas.21.9.554.
.. [3] Kruskal and Wallis 1952, "Use of ranks in one-criterion variance analysis",
   doi:10.1080/01621459.1952.10483441.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError
from baseload.first_order import (
    Floats,
    about_mean,
    bins_for,
    corrected_share,
    noise_correlation,
    noise_share,
    placed,
    ranked,
    sides,
)

LEAST_PATHS: Final = 20
"""With fewer paths no input can be told from chance, and none is judged."""

FALSE_ALARMS: Final = 0.05
"""Share of studies without any driver in which one would stand out all the same."""

_LEAST_PARTNER: Final = 0.2
_MOST_PAIRED: Final = 10_000


@dataclass(frozen=True)
class Side:
    """The paths at one end of an input.

    Attributes
    ----------
    paths : int
        How many.
    value : float
        Median of the input there. [unit of the input]
    mean : float
        Mean of the outcome there. [unit of the outcome]
    standard_error : float or None
        Of that mean; None for a single path.
    """

    paths: int
    value: float
    mean: float
    standard_error: float | None


@dataclass(frozen=True)
class Driver:
    """How one input moves the outcome.

    Attributes
    ----------
    name : str
        Address of the input.
    paths : int
        Paths on which both it and the outcome are defined.
    rank_correlation : float
        Spearman's, from -1 to 1.
    share_of_variance : float
        First-order index, corrected for bias: 0 on average for an input that does nothing, so that
        it may lie a little below 0; at most 1.
    share_of_rank_variance : float
        The same of the outcome's ranks, which single large paths cannot carry.
    noise_correlation, noise_share : float
        What the largest of all inputs' values would exceed, were all idle, in one study of forty.
    low, high : Side
        The lowest and the highest fifth of the input, or the lowest and the highest values where
        ties let no fifth be cut.
    partners : tuple of (str, float)
        Inputs whose rank correlation with this one is beyond chance and at least 0.2, largest
        first, by the first 10,000 paths; they are not looked for where it does not stand out.
    """

    name: str
    paths: int
    rank_correlation: float
    share_of_variance: float
    share_of_rank_variance: float
    noise_correlation: float
    noise_share: float
    low: Side
    high: Side
    partners: tuple[tuple[str, float], ...] = ()

    @property
    def swing(self) -> float:
        """Mean outcome at the high end less that at the low end. [unit of the outcome]"""
        return self.high.mean - self.low.mean

    @property
    def swing_standard_error(self) -> float | None:
        """Of the swing, whose two sides share no path. [unit of the outcome]"""
        if self.low.standard_error is None or self.high.standard_error is None:
            return None
        return math.hypot(self.low.standard_error, self.high.standard_error)

    @property
    def stands_out(self) -> bool:
        """Whether chance alone would hardly let it seem to matter so much."""
        return (
            abs(self.rank_correlation) > self.noise_correlation
            or self.share_of_rank_variance > self.noise_share
        )


@dataclass(frozen=True)
class Drivers:
    """What drives an outcome.

    Attributes
    ----------
    paths : int
        Paths on which the outcome is defined.
    undefined : int
        The others, which are left out.
    mean : float or None
        Mean of the outcome; None without a path. [unit of the outcome]
    drivers : tuple of Driver
        Those that stand out first; within both groups the widest swing first.
    unmoved : tuple of str
        Inputs that have one value on all these paths.
    why_none : str
        Why nothing can be said; "" where something is.
    """

    paths: int
    undefined: int
    mean: float | None
    drivers: tuple[Driver, ...]
    unmoved: tuple[str, ...]
    why_none: str = ""

    @property
    def standing_out(self) -> tuple[Driver, ...]:
        """Those that chance alone hardly explains."""
        return tuple(driver for driver in self.drivers if driver.stands_out)

    @property
    def share_explained(self) -> float | None:
        """Sum of the shares of those that stand out; None where some of them are correlated.

        Inputs that are drawn apart explain what the sum of their shares says; the rest is left to
        inputs acting together and to events within a path. Above 1 it is 1: an estimate.
        """
        found = self.standing_out
        names = {driver.name for driver in found}
        if any(partner in names for driver in found for partner, _ in driver.partners):
            return None
        return min(1.0, math.fsum(max(0.0, driver.share_of_variance) for driver in found))


def what_drives(names: Sequence[str], inputs: npt.ArrayLike, outcome: npt.ArrayLike) -> Drivers:
    """How far each input moves an outcome.

    Parameters
    ----------
    names : sequence of str
        Addresses of the inputs, C of them, no two alike.
    inputs : array, shape (P, C)
        The value of each input on each path; a value that is not finite is none.
    outcome : array, shape (P,)
        What came of each path; a value that is not finite is none.

    Returns
    -------
    Drivers

    Raises
    ------
    InputError
        Where the shapes do not belong together, or two names are alike.

    Examples
    --------
    >>> import numpy as np
    >>> place = np.arange(1000)
    >>> one, other = place % 25 / 25, place // 25 / 40
    >>> found = what_drives(["one", "other"], np.stack([one, other], axis=1), 3 * one + other)
    >>> [(driver.name, round(driver.share_of_variance, 2)) for driver in found.drivers]
    [('one', 0.89), ('other', 0.09)]
    """
    values, results = _checked(names, inputs, outcome)
    defined = np.isfinite(results)
    undefined = int(np.count_nonzero(~defined))
    if undefined:
        values, results = values[defined], results[defined]
    paths = results.size
    mean = _mean(results) if paths else None
    if paths < LEAST_PATHS:
        reason = f"{paths} paths have the result; at least {LEAST_PATHS} are needed"
        return Drivers(paths, undefined, mean, (), (), reason)
    if results.min() == results.max():
        return Drivers(paths, undefined, mean, (), (), "the result is the same on all paths")

    whole = _Outcome(results)
    judged: list[tuple[int, Driver, Floats]] = []
    unmoved: list[str] = []
    moving: list[int] = []
    for column, name in enumerate(names):
        value = values[:, column]
        finite = np.isfinite(value)
        part = whole if finite.all() else None
        known = value if part else value[finite]
        # An outcome that does not vary where the input is known says nothing about it.
        if (
            known.size < LEAST_PATHS
            or known.min() == known.max()
            or (part is None and np.ptp(results[finite]) == 0.0)
        ):
            unmoved.append(name)
        else:
            moving.append(column)
    # Two tests for each input, and the largest of them all is to be held against chance.
    chance = FALSE_ALARMS / (2 * max(1, len(moving)))
    for column in moving:
        value = np.ascontiguousarray(values[:, column])
        finite = np.isfinite(value)
        complete = bool(finite.all())
        driver, ranks = _driver(
            names[column],
            value if complete else value[finite],
            whole if complete else _Outcome(results[finite]),
            chance,
        )
        placed = np.full(paths, np.nan)
        placed[finite] = ranks
        judged.append((column, driver, _paired(placed[:_MOST_PAIRED])))
    judged.sort(key=lambda one: (not one[1].stands_out, -abs(one[1].swing), one[0]))
    return Drivers(paths, undefined, mean, _with_partners(judged), tuple(unmoved))


def _checked(
    names: Sequence[str], inputs: npt.ArrayLike, outcome: npt.ArrayLike
) -> tuple[Floats, Floats]:
    try:
        values = np.asarray(inputs, dtype=np.float64)
        results = np.asarray(outcome, dtype=np.float64)
    except (TypeError, ValueError):
        raise _fault("inputs", "something that is no array of numbers", "numbers") from None
    if results.ndim != 1:
        raise _fault("outcome", f"an array of shape {results.shape}", "one value a path, (P,)")
    if values.ndim != 2 or values.shape[0] != results.size:
        allowed = f"a row for each of the {results.size} paths of the outcome, (P, C)"
        raise _fault("inputs", f"an array of shape {values.shape}", allowed)
    if len(names) != values.shape[1]:
        found = f"{len(names)} names for {values.shape[1]} inputs"
        raise _fault("names", found, "a name for each input")
    if len(set(names)) != len(names):
        twice = next(name for name in names if list(names).count(name) > 1)
        raise _fault("names", f"{twice!r} twice", "each name once")
    return values, results


def _fault(field: str, found: str, allowed: str) -> InputError:
    return InputError(Fault(None, None, None, field, found, allowed))


class _Outcome:
    """The outcome's deviations and its ranks, about their means."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self.deviations = about_mean(values / max(1e-300, float(np.abs(values).max())))
        self.spread = float(np.square(self.deviations).sum())
        order, middle = ranked(values)
        self.ranks = placed(order, middle)
        self.rank_spread = float(np.square(middle).sum())


def _driver(name: str, value: Floats, outcome: _Outcome, chance: float) -> tuple[Driver, Floats]:
    paths = value.size
    order, ranks = ranked(value)
    ordered, results = value[order], outcome.values[order]
    ranks_of_results = outcome.ranks[order]
    own = float(np.square(ranks).sum())
    correlation = float((ranks * ranks_of_results).sum()) / math.sqrt(own * outcome.rank_spread)

    # By the middle of equals, which keeps them in one bin, and any two values make two bins or more.
    number = (2.0 * ranks + paths - 1.0).astype(np.int64) * bins_for(paths) // (2 * paths)
    begins = np.flatnonzero(np.concatenate(([True], number[1:] != number[:-1])))
    low, high = sides(ordered)
    driver = Driver(
        name=name,
        paths=paths,
        rank_correlation=min(1.0, max(-1.0, correlation)),
        share_of_variance=corrected_share(outcome.deviations[order], outcome.spread, begins),
        share_of_rank_variance=corrected_share(ranks_of_results, outcome.rank_spread, begins),
        noise_correlation=noise_correlation(paths, chance),
        noise_share=noise_share(paths, begins.size, chance),
        low=_side(ordered[:low], results[:low]),
        high=_side(ordered[high:], results[high:]),
    )
    return driver, placed(order, ranks)


def _mean(values: Floats) -> float:
    """Exactly summed, and of the largest numbers too."""
    scale = max(1e-300, float(np.abs(values).max()))
    return scale * (math.fsum((values / scale).tolist()) / values.size)


def _side(value: Floats, results: Floats) -> Side:
    size = results.size
    scale = max(1e-300, float(np.abs(results).max()))
    shown = results / scale
    mean = float(shown.mean())
    error = None
    if size > 1:
        variance = float(np.square(shown - mean).sum()) / (size - 1)
        error = scale * math.sqrt(variance / size)
    middle = (float(value[(size - 1) // 2]) + float(value[size // 2])) / 2.0
    return Side(size, middle, scale * mean, error)


def _with_partners(judged: Sequence[tuple[int, Driver, Floats]]) -> tuple[Driver, ...]:
    """The drivers, those that stand out with the inputs that move along with them."""
    count = len(judged)
    pairs = max(1, count * (count - 1) // 2)
    found = []
    for place, (_, driver, ranks) in enumerate(judged):
        if not driver.stands_out:
            found.append(driver)
            continue
        partners = []
        for other_place, (_, other, other_ranks) in enumerate(judged):
            if other_place == place:
                continue
            correlation, both = _correlation(ranks, other_ranks)
            level = noise_correlation(both, FALSE_ALARMS / pairs)
            if abs(correlation) >= max(_LEAST_PARTNER, level):
                partners.append((other.name, correlation))
        partners.sort(key=lambda one: -abs(one[1]))
        found.append(replace(driver, partners=tuple(partners)))
    return tuple(found)


def _paired(ranks: Floats) -> Floats:
    """A copy about its own mean, NaN where there is none."""
    known = ~np.isnan(ranks)
    found = np.full(ranks.size, np.nan)
    if known.any():
        found[known] = about_mean(ranks[known])
    return found


def _correlation(one: Floats, other: Floats) -> tuple[float, int]:
    """Correlation of ranks over the paths that have both, and how many these are."""
    products = one * other
    both = ~np.isnan(products)
    if not both.all():
        if both.sum() < LEAST_PATHS:
            return 0.0, LEAST_PATHS
        one, other = about_mean(one[both]), about_mean(other[both])
        products = one * other
    spread = float(np.square(one).sum()) * float(np.square(other).sum())
    return (float(products.sum()) / math.sqrt(spread) if spread > 0.0 else 0.0), products.size
