"""Solutions once more: slow, obvious, by other ways than the package's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
from scipy.optimize import linprog

Values = dict[frozenset[str], Any]


def names(count: int) -> list[str]:
    return [chr(ord("A") + i) for i in range(count)]


def coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    sizes = range(1, len(players) + 1)
    return [frozenset(one) for size in sizes for one in itertools.combinations(players, size)]


def game(players: Sequence[str], worth: Callable[[frozenset[str]], Any]) -> Values:
    return {coalition: worth(coalition) for coalition in coalitions(players)}


def everyone(values: Mapping[frozenset[str], Any]) -> frozenset[str]:
    return max(values, key=lambda one: len(one))


def short(**worths: Any) -> Values:
    """A game in which a word is a coalition and what is not named is worth nothing."""
    players = sorted(set("".join(worths)))
    return game(players, lambda coalition: worths.get("".join(sorted(coalition)), 0))


def bankruptcy(debts: Mapping[str, int], estate: int) -> Values:
    """What is left for a coalition after the others are paid in full."""
    total = sum(debts.values())
    return game(list(debts), lambda one: max(0, estate - total + sum(debts[name] for name in one)))


def airport(costs: Mapping[str, int]) -> Values:
    """A runway costs what the most demanding of a coalition needs."""
    return game(list(costs), lambda one: -max(costs[name] for name in one))


def shapley_by_orders(values: Values) -> dict[str, Fraction]:
    players = sorted(everyone(values))
    shares = dict.fromkeys(players, Fraction(0))
    for order in itertools.permutations(players):
        before: frozenset[str] = frozenset()
        for player in order:
            after = before | {player}
            added = Fraction(values[after]) - (Fraction(values[before]) if before else 0)
            shares[player] += added
            before = after
    return {player: share / factorial(len(players)) for player, share in shares.items()}


def nucleolus_by_programmes(values: Values, *, imputations: bool) -> dict[str, float]:
    """Each coalition is asked by its own programme whether it is tight at every optimum."""
    players = sorted(everyone(values))
    together = frozenset(players)
    still = [one for one in coalitions(players) if one != together]
    fixed = {together: float(values[together])}

    def row(coalition: frozenset[str]) -> list[float]:
        return [float(player in coalition) for player in players]

    bounds: list[tuple[float | None, None]] = [
        (float(values[frozenset([player])]) if imputations else None, None) for player in players
    ]
    while still:
        least = linprog(
            [0.0] * len(players) + [1.0],
            A_ub=[[-a for a in row(one)] + [-1.0] for one in still],
            b_ub=[-float(values[one]) for one in still],
            A_eq=[[*row(one), 0.0] for one in fixed],
            b_eq=list(fixed.values()),
            bounds=[*bounds, (None, None)],
        )
        assert least.status == 0
        tight = {}
        for one in still:
            most = linprog(
                [-a for a in row(one)],
                A_ub=[[-a for a in row(other)] for other in still],
                b_ub=[least.fun - float(values[other]) + 1e-9 for other in still],
                A_eq=[row(other) for other in fixed],
                b_eq=list(fixed.values()),
                bounds=bounds,
            )
            if most.status == 0 and -most.fun <= float(values[one]) - least.fun + 1e-7:
                tight[one] = float(values[one]) - least.fun
        assert tight
        fixed.update(tight)
        still = [one for one in still if one not in tight]
    rows = np.array([row(one) for one in fixed])
    payoff = np.linalg.lstsq(rows, np.array(list(fixed.values())), rcond=None)[0]
    return dict(zip(players, payoff.tolist(), strict=True))


def passes_kohlberg(payoff: Mapping[str, float], values: Values, *, imputations: bool) -> bool:
    """Whether at every level the coalitions with at least that excess are balanced."""
    players = sorted(payoff)
    proper = [one for one in coalitions(players) if len(one) < len(players)]
    excess = {one: float(values[one]) - sum(payoff[name] for name in one) for one in proper}
    floor = [
        frozenset([name])
        for name in players
        if imputations and payoff[name] - float(values[frozenset([name])]) < 1e-9
    ]
    levels = sorted({round(one, 7) for one in excess.values()}, reverse=True)
    for level in levels:
        worst = [one for one in proper if excess[one] >= level - 1e-6]
        # Weights at least t on those, t as large as it can be.
        columns = worst + floor
        members = [[float(name in one) for one in columns] + [0.0] for name in players]
        above = [[-float(i == k) for i in range(len(columns))] + [1.0] for k in range(len(worst))]
        found = linprog(
            [0.0] * len(columns) + [-1.0],
            A_ub=above,
            b_ub=[0.0] * len(worst),
            A_eq=members,
            b_eq=[1.0] * len(players),
            bounds=[(0.0, None)] * len(columns) + [(None, 1.0)],
        )
        if found.status != 0 or -found.fun < 1e-9:
            return False
    return True


def swings_by_listing(
    players: Sequence[Hashable], wins: Callable[[frozenset[Hashable]], bool]
) -> dict[Hashable, list[int]]:
    """For each player the losing coalitions of the others that it turns, by size."""
    found = {player: [0] * len(players) for player in players}
    for player in players:
        others = [one for one in players if one != player]
        for size in range(len(players)):
            for chosen in itertools.combinations(others, size):
                without = frozenset(chosen)
                found[player][size] += wins(without | {player}) and not wins(without)
    return found


def indices_by_listing(
    players: Sequence[Hashable], wins: Callable[[frozenset[Hashable]], bool]
) -> tuple[dict[Hashable, float], dict[Hashable, float], dict[Hashable, float]]:
    """Shapley-Shubik, normalised Banzhaf, and Banzhaf as a probability."""
    swings = swings_by_listing(players, wins)
    count = len(players)
    orders = [factorial(size) * factorial(count - 1 - size) for size in range(count)]
    total = sum(map(sum, swings.values()))
    shapley = {
        player: float(
            Fraction(sum(n * m for n, m in zip(row, orders, strict=True)), factorial(count))
        )
        for player, row in swings.items()
    }
    share = {player: float(Fraction(sum(row), total)) for player, row in swings.items()}
    chance = {player: sum(row) / 2 ** (count - 1) for player, row in swings.items()}
    return shapley, share, chance
