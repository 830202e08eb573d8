"""The smallest change at one gate, and at two, with which a probability reaches a target."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeVar

import numpy.typing as npt

from baseload.gates.levers import LEVERS, Lever, Levers, setting
from baseload.gates.opinion import refuse
from baseload.gates.outcomes import Estimate, first_mining_by
from baseload.gates.passage import Passage
from baseload.gates.search import TOLERANCE, moved, smallest_pair, smallest_single

Group = TypeVar("Group", tuple[int], tuple[int, int])


@dataclass(frozen=True)
class Lift:
    """What changes at one gate.

    Attributes
    ----------
    gate : str
        Its name.
    probability, probability_to : float
        Before and after.
    months_factor : float
        What its months are multiplied by; 1: unchanged.
    """

    gate: str
    probability: float
    probability_to: float
    months_factor: float


@dataclass(frozen=True)
class Change:
    """A change at one gate or at two.

    Attributes
    ----------
    lever : {"probability", "months", "both"}
        What moves.
    lifts : tuple of Lift
        One or two.
    size : float
        Natural logarithms of the factors on odds and on months, added up.
    reaches : float
        The probability with it.
    """

    lever: Lever
    lifts: tuple[Lift, ...]
    size: float
    reaches: float


@dataclass(frozen=True)
class Reach:
    """How far it goes where gates are certain, and granted the moment their parents are."""

    gates: tuple[str, ...]
    probability: float


@dataclass(frozen=True)
class SmallestChanges:
    """What it takes to reach a target.

    Attributes
    ----------
    target : float
        The probability to reach.
    now : Estimate
        The probability as it is.
    single, pair : Change or None
        The smallest over all levers; None where no single gate, no two, do it. None too where
        nothing is needed. A pair is named only where it is smaller than the single change.
    singles, pairs : dict of lever to Change or None
        The smallest by each lever alone.
    best_single, best_pair : Reach or None
        The gate, and the two, with which it would go farthest; None where there are none.
    """

    target: float
    now: Estimate
    single: Change | None
    pair: Change | None
    singles: dict[Lever, Change | None]
    pairs: dict[Lever, Change | None]
    best_single: Reach | None
    best_pair: Reach | None

    @property
    def needed(self) -> bool:
        """Whether the target is not reached as it is."""
        return self.now.value < self.target


def smallest_changes(
    passage: Passage,
    by: date | float,
    months_to_first_mining: npt.ArrayLike = (0.0,),
    *,
    target: float = 0.5,
) -> SmallestChanges:
    """The smallest single change, and the smallest pair, that bring first mining by a day to a target.

    A change multiplies the odds of a gate by exp(x), divides its months by exp(x), or does both; its
    size is x, or 2 x for both. In a pair both gates move by the same lever, each by its own x, and
    the sum is made as small as it can be. All on the same draws: the probability never falls as x
    grows, so that sizes are found by bisection, pairs by bounding (no pair on a stretch of the
    frontier is smaller than the sum of its lower corner), single ones to a tenth of a percent of
    odds or months, the sum of a pair to a percent.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    by : date or float
        The day, or months after the as-of date.
    months_to_first_mining : array_like (P,)
        As in `first_mining_by`.
    target : float
        Above 0 and below 1.

    Returns
    -------
    SmallestChanges
        With None where no change does it.

    Raises
    ------
    InputError
        For a target out of range; as `first_mining_by`.
    """
    if isinstance(target, bool) or not 0.0 < target < 1.0:
        refuse("target", repr(target), "a probability above 0 and below 1")
    now = first_mining_by(passage, by, months_to_first_mining)
    levers = Levers(passage, by, months_to_first_mining)
    gates = range(len(passage.tree.gates))
    alone = {(i,): _at_best(levers, (i,)) for i in gates}
    two = {(i, j): _at_best(levers, (i, j)) for i, j in combinations(gates, 2)}
    # Who would not reach it even if certain and at once needs no search.
    able = [i for (i,), chance in alone.items() if chance >= target]
    able_pairs = [pair for pair, chance in two.items() if chance >= target]
    singles: dict[Lever, Change | None] = dict.fromkeys(LEVERS)
    pairs: dict[Lever, Change | None] = dict.fromkeys(LEVERS)
    for lever in LEVERS if now.value < target else ():
        least = smallest_single(levers, lever, target, able)
        below = None if least is None else sum(least.values())
        least_pair = smallest_pair(levers, lever, target, below, able_pairs)
        singles[lever] = None if least is None else _change(levers, lever, least)
        pairs[lever] = None if least_pair is None else _change(levers, lever, least_pair)
    single, pair = _smaller(singles), _smaller(pairs)
    if single is not None and pair is not None and pair.size >= single.size - TOLERANCE:
        pair = None
    return SmallestChanges(
        target=target,
        now=now,
        single=single,
        pair=pair,
        singles=singles,
        pairs=pairs,
        best_single=_farthest(levers, alone),
        best_pair=_farthest(levers, two),
    )


def _smaller(changes: dict[Lever, Change | None]) -> Change | None:
    found = [change for change in changes.values() if change is not None]
    return min(found, key=lambda change: change.size, default=None)


def _at_best(levers: Levers, gates: tuple[int] | tuple[int, int]) -> float:
    return moved(levers, "both", dict.fromkeys(gates, math.inf))


def _farthest(levers: Levers, reached: Mapping[Group, float]) -> Reach | None:
    if not reached:
        return None
    gates = max(reached, key=lambda one: reached[one])
    return Reach(tuple(levers.tree.names[i] for i in gates), reached[gates])


def _change(levers: Levers, lever: Lever, sizes: dict[int, float]) -> Change:
    lifts = []
    for i, size in sizes.items():
        before = levers.tree.probabilities[i]
        after = setting(before, lever, size)
        lifts.append(Lift(levers.tree.names[i], before, after.probability, after.months_factor))
    total = math.fsum(sizes.values()) * (2.0 if lever == "both" else 1.0)
    return Change(lever, tuple(lifts), total, moved(levers, lever, sizes))
