"""What the probability becomes when gates are made likelier or sooner, on the same draws.

A change at a gate multiplies its odds by exp(x), divides its months by exp(x), or does both; x is its
size, in natural logarithms, and 0.69 doubles the odds or halves the months. The days on which gates
would lapse stay as drawn: what comes sooner holds until the day it would have held anyway, so that
no change for the better can do harm.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from baseload.gates.kernels import weight_in_time
from baseload.gates.opinion import Floats
from baseload.gates.outcomes import latest_start, months_to_mining
from baseload.gates.passage import Passage, outside_block, waits_of
from baseload.gates.pool import log_odds, probability_of
from baseload.gates.timing import last_of, start_of

Lever = Literal["probability", "months", "both"]
LEVERS: Final[tuple[Lever, ...]] = ("probability", "months", "both")

BLOCKED_COUNTS_AS: Final = 0.001
"""A probability of 0 has no odds to multiply: from it, sizes are counted from one in a thousand."""

_KEPT = 32


@dataclass(frozen=True)
class Setting:
    """A gate's probability and the factor on its months, as changed."""

    probability: float
    months_factor: float


def setting(probability: float, lever: Lever, size: float) -> Setting:
    """A gate moved by a lever.

    Parameters
    ----------
    probability : float
        As it is, from 0 to 1.
    lever : {"probability", "months", "both"}
        What moves.
    size : float
        At least 0; infinite makes it certain, and at once when its parents are granted.

    Returns
    -------
    Setting
        A size of 0 changes nothing.

    Examples
    --------
    >>> moved = setting(0.2, "both", math.log(4))
    >>> round(moved.probability, 12), round(moved.months_factor, 12)
    (0.5, 0.25)
    """
    from baseload.numerics import exp

    moved, factor = probability, 1.0
    if lever != "months" and size > 0.0 and probability < 1.0:
        odds = log_odds(max(probability, BLOCKED_COUNTS_AS if probability == 0.0 else probability))
        moved = 1.0 if size == math.inf else probability_of(odds + size)
    if lever != "probability" and size > 0.0:
        factor = 0.0 if size == math.inf else exp(-size)
    return Setting(moved, factor)


@dataclass(frozen=True, eq=False, repr=False)
class _View:
    """What the months of two gates do: the weight in time anyhow, and the draws that hang on them."""

    always: float
    paths: Floats
    waits: Floats
    latest: Floats
    weights: Floats


class Levers:
    """The probability of first mining by a day under changes at some gates.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    by : date or float
        The day, or months after the as-of date.
    months_to_first_mining : array_like (P,)
        As in `first_mining_by`.
    """

    def __init__(
        self, passage: Passage, by: date | float, months_to_first_mining: npt.ArrayLike = (0.0,)
    ) -> None:
        self.passage = passage
        self.tree = passage.tree
        months, self.paths = months_to_mining(passage, months_to_first_mining)
        # Mining begins by the day and before the first lapse.
        self._latest = latest_start(passage, by, months)
        # By the probabilities of the correlated gates, which settle all but the months stated.
        self._shares: dict[tuple[float, ...], float] = {}
        self._asked: set[tuple[int, int]] = set()
        self._views: dict[tuple[int, int], _View] = {}
        self._blocks: OrderedDict[tuple[float, ...], tuple[list[Floats], Floats]] = OrderedDict()
        self._below = _descendants(self.tree.needs)
        self._ends = set(range(len(self.tree.gates))) - {
            parent for parents in self.tree.needs for parent in parents
        }

    def chance(self, changes: Mapping[int, Setting]) -> float:
        """Probability with gates, by position, set as given."""
        tree, passage = self.tree, self.passage
        probabilities = list(tree.probabilities)
        for i, changed in changes.items():
            probabilities[i] = changed.probability
        outside = outside_block(tree, passage.block, probabilities)
        if outside == 0.0:
            return 0.0
        inside = () if passage.block is None else passage.block.positions
        key = tuple(probabilities[i] for i in inside)
        sooner = any(changed.months_factor != 1.0 for changed in changes.values())
        if not sooner and key in self._shares:
            return outside * self._shares[key]
        waits: dict[int, Floats] = {}
        weights = passage.block_weights
        if key != tuple(tree.probabilities[i] for i in inside):
            made, weights = self._block(key, probabilities)
            waits = dict(zip(inside, made, strict=True))
        if not sooner:
            self._shares[key] = self._share(self._start(waits), weights)
            return outside * self._shares[key]
        for i, changed in changes.items():
            if changed.months_factor != 1.0:
                waits[i] = waits.get(i, passage.waits[i]) * changed.months_factor
        two = self._two(changes, waits)
        if two is not None:
            return outside * two
        return outside * self._share(self._start(waits), weights)

    def _share(self, start: Floats, weights: Floats) -> float:
        return float((weights * (start <= self._latest)).sum() / len(start))

    def _two(self, changes: Mapping[int, Setting], waits: Mapping[int, Floats]) -> float | None:
        """Weight in time by the paths past and through two gates, where only their months differ."""
        if len(changes) != 2 or set(waits) - set(changes):
            return None
        block = self.passage.block
        if block is not None and any(
            changes[i].probability != self.tree.probabilities[i]
            for i in block.positions
            if i in changes
        ):
            return None
        i, j = sorted(changes)
        if (i, j) not in self._asked:
            # Asked once, the tree is quicker.
            self._asked.add((i, j))
            return None
        if (i, j) not in self._views:
            self._views[i, j] = self._view(i, j)
        view = self._views[i, j]
        factors = np.array([changes[i].months_factor, changes[j].months_factor])
        more = weight_in_time(view.paths, view.waits, factors, view.latest, view.weights)
        return (view.always + float(more)) / self.passage.draws

    def _view(self, i: int, j: int) -> _View:
        """Two gates' part in the start, and the draws that are in time only where they are sooner."""
        weights = self.passage.block_weights
        own = np.stack([self.passage.waits[i], self.passage.waits[j]])
        paths = self._paths(i, j)
        soonest = paths.max(axis=0)
        now = self.passage.start <= self._latest
        open_ = ~now & (soonest <= self._latest)
        return _View(
            always=float((weights * now).sum()),
            paths=np.ascontiguousarray(paths[:, open_]),
            waits=np.ascontiguousarray(own[:, open_]),
            latest=self._latest[open_],
            weights=weights[open_],
        )

    def _paths(self, i: int, j: int) -> Floats:
        """Longest paths to the start past both gates, through i, through j and through both (4, N).

        Without the gates' own months; i stands before j in the tree.
        """
        draws, waits, needs = self.passage.draws, self.passage.waits, self.tree.needs
        nowhere = np.full(draws, -np.inf)
        free: list[Floats] = []
        heads: dict[int, Floats] = {}
        for k, parents in enumerate(needs):
            before = last_of([free[parent] for parent in parents], draws)
            if k in (i, j):
                heads[k] = before
            free.append(nowhere if k in (i, j) else before + waits[k])

        def onward(origin: int, head: Floats, but: int) -> tuple[Floats, Floats]:
            """Start by way of a gate that stands open at `head`, and when another could begin."""
            passed = {origin: head}
            other = nowhere
            for k in sorted(self._below[origin]):
                through = [passed[parent] for parent in needs[k] if parent in passed]
                if not through:
                    continue
                if k == but:
                    other = last_of(through, draws)
                else:
                    passed[k] = last_of(through, draws) + waits[k]
            ends = [passed[k] for k in passed if k in self._ends]
            return (last_of(ends, draws) if ends else nowhere), other

        by_one, other = onward(i, heads[i], j)
        by_other, _ = onward(j, heads[j], i)
        by_both, _ = onward(j, other, i)
        past = last_of([free[k] for k in sorted(self._ends)], draws)
        return np.stack([past, by_one, by_other, by_both])

    def _block(
        self, key: tuple[float, ...], probabilities: list[float]
    ) -> tuple[list[Floats], Floats]:
        """Months and weights of the correlated gates at other probabilities; the last few are kept."""
        block = self.passage.block
        assert block is not None
        if key in self._blocks:
            self._blocks.move_to_end(key)
        else:
            fractions, weights = block.passing(probabilities)
            waits = [
                waits_of(self.tree.gates[i], fractions[:, k]) for k, i in enumerate(block.positions)
            ]
            self._blocks[key] = waits, weights
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        return self._blocks[key]

    def _start(self, waits: Mapping[int, Floats]) -> Floats:
        """Start with other months of some gates; only what follows them is worked out anew."""
        passage, draws = self.passage, self.passage.draws
        if not waits:
            return passage.start
        anew = set(waits).union(*(self._below[i] for i in waits))
        passed = list(passage.passed)
        for i in sorted(anew):
            before = last_of([passed[parent] for parent in self.tree.needs[i]], draws)
            passed[i] = before + waits.get(i, passage.waits[i])
        return start_of(self.tree, passed, draws)


def _descendants(needs: tuple[tuple[int, ...], ...]) -> list[set[int]]:
    below: list[set[int]] = [set() for _ in needs]
    for i in reversed(range(len(needs))):
        for parent in needs[i]:
            below[parent] |= {i} | below[i]
    return below
