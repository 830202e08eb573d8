"""Slow and obvious twins of the strategies: one state, one block, one action at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
import scipy.sparse.linalg

from baseload.security.policy import ACTIVE, ADOPT, MATCH, OVERRIDE, WAIT, MiningPolicy

State = tuple[int, int, int]
Step = tuple[float, State, int, int]
Values = npt.NDArray[np.float64]
Chances = tuple[tuple[float, Any], ...]


def steps(policy: MiningPolicy, state: State, share: float, gamma: float) -> list[Step]:
    """Chance, next state, blocks paid and blocks added for what may happen next."""
    a, h, fork = state
    action = int(policy.actions[state])
    other = 1.0 - share
    if action == ADOPT:
        return [(share, (1, 0, 0), 0, h), (other, (0, 1, 0), 0, h)]
    if action == OVERRIDE:
        return [(share, (a - h, 0, 0), h + 1, h + 1), (other, (a - h - 1, 1, 1), h + 1, h + 1)]
    if action == MATCH or (action == WAIT and fork == ACTIVE):
        return [
            (share, (a + 1, h, 2), 0, 0),
            (other * gamma, (a - h, 1, 1), h, h),
            (other * (1.0 - gamma), (a, h + 1, 1), 0, 0),
        ]
    return [(share, (a + 1, h, 0), 0, 0), (other, (a, h + 1, 1), 0, 0)]


def table_revenue(policy: MiningPolicy, share: float, gamma: float) -> float:
    """Revenue of a table: what a cycle from its first state pays and adds, by one linear system.

    All states that give up are the first one; a cycle ends where one of them is met again.
    """
    numbers: dict[State, int] = {}
    todo: list[State] = [(0, 0, 0)]
    paid: list[float] = []
    added: list[float] = []
    while todo:
        state = todo.pop()
        if state in numbers:
            continue
        numbers[state] = len(numbers)
        moves = [step for step in steps(policy, state, share, gamma) if step[0] > 0.0]
        paid.append(sum(chance * his for chance, _, his, _ in moves))
        added.append(0.0)
        for chance, following, _, all_blocks in moves:
            added[-1] += chance * all_blocks
            if policy.actions[following] == ADOPT:
                added[-1] += chance * following[1]
            else:
                todo.append(following)
    rows, columns, chances = [], [], []
    for state, row in numbers.items():
        for chance, following, _, _ in steps(policy, state, share, gamma):
            if following in numbers and policy.actions[following] != ADOPT:
                rows.append(row)
                columns.append(numbers[following])
                chances.append(chance)
    count = len(numbers)
    matrix = scipy.sparse.csc_matrix((chances, (rows, columns)), (count, count))
    system = scipy.sparse.identity(count, format="csc") - matrix
    both = scipy.sparse.linalg.splu(system).solve(np.column_stack([paid, added]))
    return float(both[0, 0] / both[0, 1])


def square_revenue(share: float, gamma: float, longest: int, uniform: bool = False) -> float:
    """Best revenue of a miner who gives up where a branch has `longest` blocks.

    Passes over all states by falling a + h, with what is paid and added carried along, until the
    ratio of the two from a fresh start stays as it is.
    """
    other = 1.0 - share
    paid, added = (np.zeros((longest + 2, longest + 2, 3)) for _ in range(2))
    rate = share
    for _ in range(3_000):
        for s in range(2 * longest, 0, -1):
            h = np.arange(max(0, s - longest), min(s, longest) + 1)
            a = s - h
            inside = (a < longest) & (h < longest)
            up, out = np.minimum(a + 1, longest), np.minimum(h + 1, longest)
            lead = np.maximum(a - h, 0)
            less = np.maximum(lead - 1, 0)

            def mixed(v: Values, chances: Chances, prize: int, stake: Values) -> Values:
                """The mean of what may follow, and the prize where it is paid."""
                (own, own_at), (public, public_at), (settled, settled_at) = chances
                mean = own * v[own_at] + public * v[public_at]
                return mean + settled * (stake + v[settled_at]) + prize * (stake + 1.0)

            own_next, public_next = (up, h, 0), (a, out, 1)
            nothing = (0.0, (lead, 1, 1))
            override = ((share, (lead, 0, 0)), (other, (less, 1, 1)), nothing)
            wait = ((share, own_next), (other, public_next), nothing)
            race = (
                (share, (up, h, 2)),
                (other * (1.0 - gamma), public_next),
                (other * gamma, (lead, 1, 1)),
            )
            stake = h.astype(float)
            options = [
                (inside & (a > h), override, 1),
                (inside, wait, 0),
                (inside & (a >= h) & (h >= 1), race, 0),
            ]
            for fork in range(3):
                best_paid, best_added = np.zeros(h.size), stake.copy()
                for number, (allowed, chances, prize) in enumerate(options):
                    if (number == 1 and fork == 2) or (number == 2 and fork == 0 and not uniform):
                        continue
                    x = mixed(paid, chances, prize, stake)
                    y = mixed(added, chances, prize, stake)
                    better = allowed & (x - rate * y > best_paid - rate * best_added + 1e-14)
                    best_paid, best_added = (
                        np.where(better, x, best_paid),
                        np.where(better, y, best_added),
                    )
                paid[a, h, fork], added[a, h, fork] = best_paid, best_added
        before = rate
        rate = (share * paid[1, 0, 0] + other * paid[0, 1, 0]) / (
            share * added[1, 0, 0] + other * added[0, 1, 0]
        )
        if abs(rate - before) < 1e-8:
            break
    return float(rate)
