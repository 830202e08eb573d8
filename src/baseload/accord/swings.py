"""How many coalitions win, by size and by who is in them: counted, never listed one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, prod

import numpy as np

from baseload.accord.exact import Integers, refuse

MOST_HALVED = 36
"""Players without a veto, up to whom sums too fine to tabulate are still counted."""

_MOST_STATES = 20_000_000
_MOST_STEPS = 4_000_000_000
_COST_OF_LONG_NUMBERS = 20
_MOST_PAIRS = 20_000
_LARGEST_COUNT = 62


@dataclass(frozen=True)
class Voting:
    """A rule of weights and quotas on n players; whole numbers.

    Parameters
    ----------
    weights : tuple of tuple of int
        For each criterion one weight a player, at least 0.
    quotas : tuple of int
        For each criterion the least sum, at least 1; all must be met.
    vetoes : tuple of bool
        Who must be in.
    outright_size : int or None
        Size from which a coalition needs no quota.
    """

    weights: tuple[tuple[int, ...], ...]
    quotas: tuple[int, ...]
    vetoes: tuple[bool, ...]
    outright_size: int | None


@dataclass(frozen=True)
class WinCounts:
    """Numbers of winning coalitions.

    Parameters
    ----------
    every : list of int
        By size, 0 to n.
    containing : list of list of int
        For each player those that contain them, by size.
    """

    every: list[int]
    containing: list[list[int]]


def win_counts(voting: Voting) -> WinCounts:
    """Winning coalitions of a rule of weights and quotas, by size and member.

    Where the sums that matter fit into a table, by adding one player after the other, and taking
    each out again: generating functions [1]_. Otherwise, up to `MOST_HALVED` players without a veto,
    by sorting the sums of two halves of the players and matching them.

    Parameters
    ----------
    voting : Voting

    Returns
    -------
    WinCounts

    Raises
    ------
    InputError
        For weights too fine, and players too many, for either way.

    References
    ----------
    .. [1] S. J. Brams, P. J. Affuso, Power and size: A new paradox, Theory and Decision 7, 1976,
       https://doi.org/10.1007/BF00141104; D. G. Cantor's method for the Shapley value in
       I. Mann, L. S. Shapley, Values of Large Games VI, RAND RM-3158, 1962
    """
    size_needed, tabulated = _without_plain_counts(voting)
    free = [i for i, veto in enumerate(voting.vetoes) if not veto]
    classes = {tuple(row[i] for row in tabulated.weights) for i in free}
    states = (len(free) + 1) * prod(_widths(tabulated))
    steps = states * (len(free) + len(classes))
    if len(free) > _LARGEST_COUNT:
        steps *= _COST_OF_LONG_NUMBERS
    if states <= _MOST_STATES and steps <= _MOST_STEPS:
        return _by_table(tabulated, size_needed, free)
    return _by_halves(tabulated, size_needed, free)


def _without_plain_counts(voting: Voting) -> tuple[int, Voting]:
    """Criteria in which all weigh alike are a least size; the others stay, in lowest terms."""
    size_needed = 0
    weights, quotas = [], []
    for row, quota in zip(voting.weights, voting.quotas, strict=True):
        unit = int(np.gcd.reduce(np.array(row, object)))
        if len(set(row)) == 1:
            size_needed = max(size_needed, -(-quota // row[0]))
        else:
            weights.append(tuple(weight // unit for weight in row))
            quotas.append(-(-quota // unit))
    lowest = Voting(tuple(weights), tuple(quotas), voting.vetoes, voting.outright_size)
    return size_needed, lowest


def _widths(voting: Voting) -> list[int]:
    """How many sums of each criterion are told apart.

    Of one criterion those below the quota are enough: the rest is what is not counted there.
    """
    if len(voting.quotas) == 1:
        return [voting.quotas[0]]
    return [sum(row) + 1 for row in voting.weights]


def _by_table(voting: Voting, size_needed: int, free: list[int]) -> WinCounts:
    players = len(voting.vetoes)
    columns = list(zip(*voting.weights, strict=True)) or [()] * players
    vetoes = [i for i in range(players) if voting.vetoes[i]]
    dtype = np.int64 if len(free) <= _LARGEST_COUNT else np.dtype(object)
    table = np.zeros((len(free) + 1, *_widths(voting)), dtype)
    table.flat[0] = 1
    for joined, i in enumerate(free):
        table[1 : joined + 2] += _raised(table[: joined + 1], columns[i])

    def counted(inside: list[int], subsets: Integers) -> list[int]:
        """Winning coalitions of all inside and any of the others, by size."""
        lacking = [
            max(0, quota - sum(row[i] for i in inside))
            for row, quota in zip(voting.weights, voting.quotas, strict=True)
        ]
        by_size = [0] * (players + 1)
        others = len(subsets) - 1
        for joined in range(others + 1):
            size = len(inside) + joined
            if voting.outright_size is not None and size >= voting.outright_size:
                by_size[size] = comb(others, joined)
            elif size < size_needed:
                continue
            elif len(lacking) == 1:
                losing = subsets[joined, : lacking[0]].sum()
                by_size[size] = comb(others, joined) - int(losing)
            else:
                met = tuple(slice(least, None) for least in lacking)
                by_size[size] = int(subsets[joined][met].sum())
        return by_size

    every = counted(vetoes, table)
    known: dict[tuple[int, ...], list[int]] = {}
    for i in free:
        if columns[i] not in known:
            known[columns[i]] = counted([*vetoes, i], _without(table, columns[i]))
    return WinCounts(
        every, [every if voting.vetoes[i] else known[columns[i]] for i in range(players)]
    )


def _without(table: Integers, column: tuple[int, ...]) -> Integers:
    """Subsets that one player is not in: each with the player is one without, raised."""
    rest = table[:-1].copy()
    for joined in range(1, len(rest)):
        rest[joined] -= _raised(rest[joined - 1 : joined], column)[0]
    return rest


def _raised(table: Integers, column: tuple[int, ...]) -> Integers:
    """The table with the sums of each criterion raised by a weight; what leaves it is dropped."""
    raised = np.zeros_like(table)
    inside = [min(weight, size) for weight, size in zip(column, table.shape[1:], strict=True)]
    ahead = (slice(None), *(slice(step, None) for step in inside))
    behind = (slice(None), *(slice(None, -step or None) for step in inside))
    raised[ahead] = table[behind]
    return raised


@dataclass(frozen=True)
class _Half:
    """All subsets of half of the players, in groups alike in size and in all sums but the finest."""

    players: list[int]
    members: Integers
    finest: Integers
    groups: list[tuple[tuple[int, ...], Integers]]


def _by_halves(voting: Voting, size_needed: int, free: list[int]) -> WinCounts:
    players = len(voting.vetoes)
    finest = int(np.argmax(np.array(voting.quotas, object)))
    too_large = sum(voting.weights[finest]) >= 1 << _LARGEST_COUNT
    if len(free) > MOST_HALVED or too_large:
        refuse(
            "weights",
            f"{len(free)} players whose weights add up to {sum(voting.weights[finest])} units",
            f"at most {MOST_HALVED} players, or weights in fewer units",
            note="a unit is what all weights are multiples of; rounded weights have larger ones",
        )
    middle = len(free) // 2
    first, second = (_half(voting, part, finest) for part in (free[:middle], free[middle:]))
    if len(first.groups) * len(second.groups) > _MOST_PAIRS:
        refuse(
            "weights",
            f"{len(voting.quotas)} criteria with fine weights",
            "one criterion with fine weights, and others with weights in few units",
        )
    vetoes = [i for i in range(players) if voting.vetoes[i]]
    given = [sum(row[i] for i in vetoes) for row in voting.weights]
    every = [0] * (players + 1)
    containing = [every] * players
    for half, other in ((first, second), (second, first)):
        every, counts = _matched(voting, half, other, finest, given, size_needed, len(vetoes))
        for i in vetoes:
            containing[i] = every
        for row, i in enumerate(half.players):
            containing[i] = counts[row]
    return WinCounts(every, containing)


def _half(voting: Voting, players: list[int], finest: int) -> _Half:
    masks = np.arange(1 << len(players), dtype=np.int64)
    members = masks >> np.arange(len(players), dtype=np.int64)[:, None] & 1
    sums = [np.array([row[i] for i in players], np.int64) @ members for row in voting.weights]
    keys = [members.sum(axis=0), *(one for k, one in enumerate(sums) if k != finest)]
    unique, which = np.unique(np.array(keys, np.int64), axis=1, return_inverse=True)
    order = np.lexsort((sums[finest], which.reshape(-1)))
    ends = np.cumsum(np.bincount(which.reshape(-1)))
    groups = [
        (tuple(int(k) for k in key), part)
        for key, part in zip(unique.T, np.split(order, ends[:-1]), strict=True)
    ]
    return _Half(players, members, sums[finest], groups)


def _matched(
    voting: Voting,
    half: _Half,
    other: _Half,
    finest: int,
    given: Sequence[int],
    size_needed: int,
    vetoes: int,
) -> tuple[list[int], list[list[int]]]:
    """Winning coalitions by size, all and those that contain each player of the first half."""
    every = [0] * (len(voting.vetoes) + 1)
    containing = [[0] * len(every) for _ in half.players]
    rest = [k for k in range(len(voting.quotas)) if k != finest]
    lacking = voting.quotas[finest] - given[finest]
    for key, part in half.groups:
        for other_key, other_part in other.groups:
            size = key[0] + other_key[0] + vetoes
            outright = voting.outright_size is not None and size >= voting.outright_size
            met = size >= size_needed and all(
                key[place] + other_key[place] + given[k] >= voting.quotas[k]
                for place, k in enumerate(rest, start=1)
            )
            if outright:
                partners = np.full(part.size, other_part.size, np.int64)
            elif met:
                below = np.searchsorted(other.finest[other_part], lacking - half.finest[part])
                partners = other_part.size - below
            else:
                continue
            every[size] += int(partners.sum())
            for row, count in enumerate(half.members[:, part] @ partners):
                containing[row][size] += int(count)
    return every, containing
