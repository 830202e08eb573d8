"""The least sizes of a lever at one gate, and at two, with which a probability reaches a target.

The probability never falls as sizes grow, up to the noise of draws that are made anew where the
probability of a correlated gate changes. So one size is found by bisection. Two sizes with the least
sum are found by bounding: on a stretch of the frontier between (a, g(a)) and (b, g(b)) no sum is
below a + g(b), and stretches that cannot better the best sum so far are dropped.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final

from baseload.gates.levers import Lever, Levers, setting

LARGEST: Final = 20.0
"""Larger changes, odds times 500 million, are called impossible."""
TOLERANCE: Final = 1e-3
"""How exactly a size is found: a tenth of a percent of odds or months."""
GAP: Final = 0.01
"""How far the sum of a pair may lie above the least of that pair."""
COARSE_GAP: Final = 0.05
"""By what part of its sum another pair may be smaller than the one that is named."""

Sizes = dict[int, float]


def moved(levers: Levers, lever: Lever, sizes: Sizes) -> float:
    """The probability with gates, by position, moved by sizes."""
    probabilities = levers.tree.probabilities
    return levers.chance({i: setting(probabilities[i], lever, size) for i, size in sizes.items()})


def _least(
    reaches: Callable[[float], bool], low: float, high: float, tolerance: float = TOLERANCE
) -> float:
    """The least number from low to high that reaches, given that high does and low does not."""
    while high - low > tolerance:
        middle = low + (high - low) / 2.0
        if reaches(middle):
            high = middle
        else:
            low = middle
    return high


def smallest_single(
    levers: Levers, lever: Lever, target: float, among: Sequence[int] | None = None
) -> Sizes | None:
    """The gate that reaches the target with the least size, and that size; None where none does.

    Ties, within the tolerance, go to the first in the order of the tree.
    """
    best, found = LARGEST, None
    for i in range(len(levers.tree.gates)) if among is None else among:

        def reaches(size: float, i: int = i) -> bool:
            return moved(levers, lever, {i: size}) >= target

        # What does not reach it at a size a little below the best so far is not smaller.
        ceiling = best if found is None else best - TOLERANCE
        if ceiling > 0.0 and reaches(ceiling):
            best = _least(reaches, 0.0, ceiling)
            found = {i: best}
    return found


def smallest_pair(
    levers: Levers,
    lever: Lever,
    target: float,
    below: float | None = None,
    among: Sequence[tuple[int, int]] | None = None,
) -> Sizes | None:
    """The two gates that reach the target with the least sum of sizes; None where no two do.

    Parameters
    ----------
    levers : Levers
        The probability to move.
    lever : {"probability", "months", "both"}
        What moves, at both gates.
    target : float
        To reach.
    below : float, optional
        Only pairs with a smaller sum count: the size of the smallest single change.
    among : sequence of (int, int), optional
        Pairs to look at; by default all.

    Returns
    -------
    dict of int to float or None
        Sizes by position, both above 0, in sum within `GAP` of the least.
    """
    best = 2.0 * LARGEST if below is None else below
    found: Sizes | None = None
    able = []
    if among is None:
        among = list(combinations(range(len(levers.tree.gates)), 2))
    block = levers.passage.block
    correlated = () if block is None else block.positions
    # A correlated gate is drawn anew at each size: it comes first, so that it takes fewer.
    among = [(j, i) if j in correlated else (i, j) for i, j in among]
    for i, j in among:
        top = min(best, LARGEST)
        if moved(levers, lever, {i: top, j: top}) < target:
            continue
        able.append((i, j))

        def alike(size: float, i: int = i, j: int = j) -> bool:
            return moved(levers, lever, {i: size, j: size}) >= target

        # Equal sizes give a first sum, which rules out most of what comes after.
        half = best / 2.0 - TOLERANCE
        if half > 0.0 and alike(half):
            size = _least(alike, 0.0, half)
            best, found = 2.0 * size, {i: size, j: size}
    for i, j in able:
        sizes = _least_sum(levers, lever, target, i, j, best, max(GAP, COARSE_GAP * best))
        if sizes is not None:
            best, found = sum(sizes), {i: sizes[0], j: sizes[1]}
    if found is not None:
        i, j = found
        sizes = _least_sum(levers, lever, target, i, j, best, GAP)
        if sizes is not None:
            found = {i: sizes[0], j: sizes[1]}
    return found


def _least_sum(
    levers: Levers, lever: Lever, target: float, i: int, j: int, best: float, gap: float
) -> tuple[float, float] | None:
    """Sizes at two gates with a sum below `best`, within `gap` of their least; None without."""
    tolerance = min(TOLERANCE, gap / 10.0) if gap <= GAP else gap / 10.0

    def reaches(one: float, other: float) -> bool:
        return moved(levers, lever, {i: one, j: other}) >= target

    def other_for(one: float, low: float, high: float) -> float:
        """Least size at the second gate that does with `one` at the first; `high` does."""
        if reaches(one, low):
            return low
        return _least(lambda other: reaches(one, other), low, high, tolerance)

    top = min(best, LARGEST)
    if not reaches(top, top):
        return None
    first = 0.0
    if not reaches(0.0, top):
        first = _least(lambda one: reaches(one, top), 0.0, top, tolerance)
    last_other = other_for(top, 0.0, top)
    found: tuple[float, float] | None = None

    def offer(one: float, other: float) -> None:
        nonlocal best, found
        if one > 0.0 and other > 0.0 and one + other < best:
            best, found = one + other, (one, other)

    stretches: list[tuple[float, float, float, float, float]] = []

    def keep(a: float, at_a: float, b: float, at_b: float) -> None:
        """A stretch from (a, g(a)) to (b, g(b)) is kept where it may hold a smaller sum."""
        if a + at_b < best - gap and b - a > tolerance:
            heapq.heappush(stretches, (a + at_b, a, at_a, b, at_b))

    # At the first size alone the second may need anything up to the top.
    offer(first, top)
    offer(top, last_other)
    keep(first, top, top, last_other)
    while stretches:
        bound, a, at_a, b, at_b = heapq.heappop(stretches)
        if bound >= best - gap:
            break
        middle = a + (b - a) / 2.0
        at_middle = other_for(middle, at_b, at_a)
        offer(middle, at_middle)
        keep(a, at_a, middle, at_middle)
        keep(middle, at_middle, b, at_b)
    return found
