"""Months and days, and which gate waits for which: the tree of one arrangement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from baseload.errors import nearest
from baseload.gates.opinion import Floats, refuse
from baseload.gates.pool import PooledGate

GREGORIAN_DAYS_PER_MONTH: Final = 365.2425 / 12.0
"""A twelfth of the Gregorian year: durations are elicited, not counted in calendars."""


def months_until(as_of: date, day: date) -> float:
    """Months from the end of one day to the end of another. [months]

    Examples
    --------
    >>> round(months_until(date(2026, 1, 1), date(2027, 1, 1)), 3)
    11.992
    """
    return (day - as_of).days / GREGORIAN_DAYS_PER_MONTH


def day_after(as_of: date, months: float) -> date | None:
    """The day on which so many months have passed; None beyond the calendar.

    Examples
    --------
    >>> day_after(date(2026, 1, 1), 12)
    datetime.date(2027, 1, 2)
    """
    # A day counts once it is over, as in `months_until`: rounded up, but for rounding.
    days = -int(-(months * GREGORIAN_DAYS_PER_MONTH - 1e-6) // 1) if months < 1e6 else None
    if days is None or days > (date.max - as_of).days:
        return None
    return as_of + timedelta(days=max(days, 0))


@dataclass(frozen=True, eq=False)
class Tree:
    """The gates of one arrangement, parents before children.

    Attributes
    ----------
    arrangement : str
        Its name.
    gates : tuple of PooledGate
        Those that it needs, in an order in which no gate stands before one that it hangs on; among
        those that may come next, in the order of the scenario.
    needs : tuple of tuple of int
        Positions of the gates that each waits for. A gate that the arrangement does not need holds
        nothing up: who needs it waits for what it would have waited for.
    given : tuple of int
        Position of the gate that changes the probability of each, -1 for none. One that the
        arrangement does not need counts as not passed.
    probabilities : tuple of float
        Of each where all others pass.
    """

    arrangement: str
    gates: tuple[PooledGate, ...]
    needs: tuple[tuple[int, ...], ...]
    given: tuple[int, ...]
    probabilities: tuple[float, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the gates."""
        return tuple(gate.name for gate in self.gates)

    def position(self, name: str) -> int:
        """Position of a gate; InputError for one that the arrangement does not have."""
        if name not in self.names:
            refuse(
                "gate",
                repr(name),
                f"a gate of the arrangement '{self.arrangement}'",
                nearest=nearest(str(name), self.names),
            )
        return self.names.index(name)


def tree_of(gates: Sequence[PooledGate], arrangement: str) -> Tree:
    """The gates that an arrangement needs, parents first.

    Parameters
    ----------
    gates : sequence of PooledGate
        All of the scenario.
    arrangement : str
        Name of the arrangement.

    Returns
    -------
    Tree
        Without gates, if it needs none.

    Raises
    ------
    InputError
        For a name twice, an unknown parent, a circle.
    """
    by_name = {gate.name: gate for gate in gates}
    if len(by_name) < len(gates):
        refuse("gates", "a name twice", "each name once")
    for gate in gates:
        for parent in (*gate.needs, *([gate.given] if gate.given is not None else [])):
            if parent not in by_name:
                refuse(
                    f"gates[{gate.name}]",
                    repr(parent),
                    "the name of a gate",
                    nearest=nearest(parent, by_name),
                )
    everything = _parents_first(gates)
    inside = {gate.name for gate in gates if gate.only_for is None or arrangement in gate.only_for}
    order = [gate for gate in everything if gate.name in inside]
    place = {gate.name: i for i, gate in enumerate(order)}
    effective: dict[str, set[str]] = {}
    for gate in everything:
        waits: set[str] = set()
        for parent in gate.needs:
            waits |= {parent} if parent in inside else effective[parent]
        effective[gate.name] = waits
    given = tuple(place.get(gate.given, -1) if gate.given else -1 for gate in order)
    return Tree(
        arrangement=arrangement,
        gates=tuple(order),
        needs=tuple(tuple(sorted(place[one] for one in effective[gate.name])) for gate in order),
        given=given,
        probabilities=tuple(
            gate.probability_if_given if parent >= 0 else gate.probability
            for gate, parent in zip(order, given, strict=True)
        ),
    )


def _parents_first(gates: Sequence[PooledGate]) -> list[PooledGate]:
    done: set[str] = set()
    order: list[PooledGate] = []
    waiting = list(gates)
    while waiting:
        ready = next(
            (
                gate
                for gate in waiting
                if all(parent in done for parent in gate.needs)
                and (gate.given is None or gate.given in done)
            ),
            None,
        )
        if ready is None:
            refuse(
                "gates",
                "a circle among " + ", ".join(f"'{gate.name}'" for gate in waiting),
                "gates of which none waits for itself",
            )
        done.add(ready.name)
        order.append(ready)
        waiting.remove(ready)
    return order


def pass_months(tree: Tree, waits: Sequence[Floats], draws: int) -> list[Floats]:
    """When each gate is granted: the last of its parents, and then its own months.

    Parameters
    ----------
    tree : Tree
        Gates of the arrangement.
    waits : sequence of float64 (N,)
        Months of each gate after the last of its parents; infinite where it never comes.
    draws : int
        N, for a tree without gates.

    Returns
    -------
    list of float64 (N,)
        Months after the as-of date.
    """
    passed: list[Floats] = []
    for parents, wait in zip(tree.needs, waits, strict=True):
        passed.append(wait + last_of([passed[parent] for parent in parents], draws))
    return passed


def last_of(columns: Sequence[Floats], draws: int) -> Floats:
    """The latest of some months, draw by draw; 0 of none."""
    if not columns:
        return np.zeros(draws)
    latest = columns[0]
    for column in columns[1:]:
        latest = np.maximum(latest, column)
    return latest


def start_of(tree: Tree, passed: Sequence[Floats], draws: int) -> Floats:
    """When the last gate is granted. Only gates that no other waits for can be the last."""
    waited_for = {parent for parents in tree.needs for parent in parents}
    return last_of([passed[i] for i in range(len(tree.gates)) if i not in waited_for], draws)
