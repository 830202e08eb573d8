"""Each input held against an outcome, those that chance alone hardly explains first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.drivers.first_order import (
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
from baseload.drivers.results import Driver, Drivers, Side
from baseload.errors import Fault, InputError

LEAST_PATHS: Final = 20
"""With fewer paths no input can be told from chance, and none is judged."""

FALSE_ALARMS: Final = 0.05
"""Share of studies without any driver in which one would stand out all the same."""

_LEAST_PARTNER: Final = 0.2
_MOST_PAIRED: Final = 10_000


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
