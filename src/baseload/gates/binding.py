"""Which gate binds: what each costs in probability and in months, and what evidence on it would move."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.gates.levers import Levers, setting
from baseload.gates.opinion import Floats
from baseload.gates.outcomes import Estimate, estimate, in_time, months_to_mining
from baseload.gates.passage import Passage
from baseload.gates.timing import last_of

_DOUBLE: Final = math.log(2.0)
_CLASSES: Final = 3


@dataclass(frozen=True)
class Binding:
    """What one gate does to the probability P of first mining by a day.

    Attributes
    ----------
    gate : str
        Its name.
    state : str
        'open', 'granted', or the word for a gate that cannot be had.
    probability : float
        That it is granted at all, once its parents have been and all others are.
    granted : Estimate
        That it is granted within the horizon, from today, whatever else happens.
    last : float
        That it is the last to be granted, where the arrangement starts; None where it cannot.
    months_on_path : float
        Mean months of its own on the path of gates that held up the start, where it starts; over all
        gates they add up to the mean months until start. None where it cannot.
    if_certain : float
        P, were it certain and granted the moment its parents are.
    if_odds_doubled : float
        P, were its odds doubled (from 0: at odds of 1 to 499.5).
    if_months_halved : float
        P, were its months halved.
    shift_if_known : float
        How far P would move on average on learning whether it is granted: E|P(.|known) - P|.
    shift_if_date_known : float
        The same on learning whether, and in which third of its likely dates.
    """

    gate: str
    state: str
    probability: float
    granted: Estimate
    last: float | None
    months_on_path: float | None
    if_certain: float
    if_odds_doubled: float
    if_months_halved: float
    shift_if_known: float
    shift_if_date_known: float


def binding_gates(
    passage: Passage, by: date | float, months_to_first_mining: npt.ArrayLike = (0.0,)
) -> list[Binding]:
    """What each gate does to the probability of first mining by a day.

    Mining needs every gate, so that P(mining | gate granted) = P / P(granted) and P(mining | not) = 0:
    on learning whether, P moves by 2 P (1 - P(granted)) on average. With the date, the mean runs over
    never and three classes of dates, cut where a third of the draws with that gate granted lie below.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    by : date or float
        The day, or months after the as-of date.
    months_to_first_mining : array_like (P,)
        As in `first_mining_by`.

    Returns
    -------
    list of Binding
        The gate first whose certainty would add most; ties in the order of the tree.

    Raises
    ------
    InputError
        As `first_mining_by`.
    """
    months, _ = months_to_mining(passage, months_to_first_mining)
    levers = Levers(passage, by, months_to_first_mining)
    success = passage.weights * in_time(passage, by, months)
    starting = passage.weights * passage.starts
    total = float(starting.sum())
    critical = on_path(passage)
    last = _last(passage)
    found = []
    for i, gate in enumerate(passage.tree.gates):
        p = passage.tree.probabilities[i]
        is_granted = passage.plain[i] <= passage.horizon_months
        granted = estimate(is_granted.astype(np.float64))
        found.append(
            Binding(
                gate=gate.name,
                state=gate.state(p),
                probability=p,
                granted=granted,
                last=float((starting * (last == i)).sum()) / total if total else None,
                months_on_path=(
                    float((starting * critical[i] * passage.waits[i]).sum()) / total
                    if total
                    else None
                ),
                if_certain=levers.chance({i: setting(p, "both", math.inf)}),
                if_odds_doubled=levers.chance({i: setting(p, "probability", _DOUBLE)}),
                if_months_halved=levers.chance({i: setting(p, "months", _DOUBLE)}),
                shift_if_known=2.0 * float(success.mean()) * (1.0 - granted.value),
                shift_if_date_known=_shift(passage, i, success),
            )
        )
    return sorted(found, key=lambda one: -one.if_certain)


def on_path(passage: Passage) -> list[npt.NDArray[np.bool_]]:
    """Whether each gate lies on the path that held up the start (N,): the last, then its last parent.

    Ties go to the first in the order of the tree.
    """
    tree = passage.tree
    critical = [np.zeros(passage.draws, bool) for _ in tree.gates]
    last = _last(passage)
    for i in reversed(range(len(tree.gates))):
        critical[i] |= last == i
        free = critical[i].copy()
        latest = last_of([passage.passed[parent] for parent in tree.needs[i]], passage.draws)
        for parent in tree.needs[i]:
            taken = free & (passage.passed[parent] == latest)
            critical[parent] |= taken
            free &= ~taken
    return critical


def _last(passage: Passage) -> npt.NDArray[np.int64]:
    """Position of the gate granted last among those that no other waits for; -1 without gates."""
    waited_for = {parent for parents in passage.tree.needs for parent in parents}
    found = np.full(passage.draws, -1)
    for i, passed in enumerate(passage.passed):
        if i not in waited_for:
            found = np.where((found < 0) & (passed == passage.start), i, found)
    return found


def _shift(passage: Passage, i: int, success: Floats) -> float:
    """Mean absolute move of the probability on learning the class of one gate's date."""
    whole = float(success.mean())
    plain = passage.plain[i]
    known = np.sort(plain[plain <= passage.horizon_months])
    if not known.size:
        return 0.0
    edges = [float(known[known.size * k // _CLASSES]) for k in range(1, _CLASSES)]
    edges = [-math.inf, *edges, passage.horizon_months]
    moved = whole * (1.0 - known.size / passage.draws)
    for low, high in itertools.pairwise(edges):
        within = (passage.passed[i] > low) & (passage.passed[i] <= high)
        both = float((success * within).mean())
        share = float(((plain > low) & (plain <= high)).mean())
        moved += abs(both - whole * share)
    return moved
