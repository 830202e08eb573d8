"""Winning rules that are stated as a question: does this coalition win?"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import product
from math import comb, prod

import numpy as np

from baseload.accord.exact import Integers, listed, refuse
from baseload.accord.game import named

MOST_ASKED = 1 << 18
"""Coalitions that a rule is asked about at most: 18 players of whom no two are alike."""

_LARGEST_COUNT = 62


def swings_of_rule(
    names: Sequence[Hashable],
    rule: Callable[[frozenset[Hashable]], object],
    groups: Iterable[Iterable[Hashable]],
) -> list[list[int]]:
    """For each player the losing coalitions that win with them, by size without them.

    The rule is asked once for each number of members from each group of players who are alike.

    Parameters
    ----------
    names : sequence
        All players.
    rule : callable
        From a frozenset of names to True or False.
    groups : iterable of iterables
        Players whom the rule treats alike; who is in none is alone.

    Raises
    ------
    InputError
        For a rule that says neither True nor False, lets the empty coalition win or all together
        lose, lets a coalition lose that wins without some member, or treats players of one group
        differently (of which one other choice of members is tried for each question); too many
        questions.
    """
    parts = _parts(names, groups)
    questions = prod(len(part) + 1 for part in parts)
    if questions > MOST_ASKED:
        refuse(
            "rule",
            f"{len(names)} players in {len(parts)} groups, {questions} coalitions to ask about",
            f"at most {MOST_ASKED} coalitions",
            note="players who are alike may be named in groups; weights and quotas know no limit",
        )
    shape = tuple(len(part) + 1 for part in parts)
    wins = np.array(
        [_answer(rule, parts, counts) for counts in product(*(range(n) for n in shape))], bool
    ).reshape(shape)
    if wins.flat[0] or not wins.flat[-1]:
        found = "the empty coalition wins" if wins.flat[0] else "all players together lose"
        refuse("rule", found, "a rule by which nobody loses and all together win")
    _require_monotone(wins, parts)
    by_name: dict[Hashable, list[int]] = {}
    for axis, part in enumerate(parts):
        swings = _swings(wins, axis, [len(one) for one in parts])
        by_name.update(dict.fromkeys(part, swings))
    return [by_name[name] for name in names]


def _parts(names: Sequence[Hashable], groups: Iterable[Iterable[Hashable]]) -> list[list[Hashable]]:
    known = set(names)
    taken: set[Hashable] = set()
    parts = []
    for group in groups:
        part = list(dict.fromkeys(group))
        for name in part:
            if name not in known:
                refuse("groups", f"{name!r}", f"names of players: {listed(names, 12)}")
            if name in taken:
                refuse("groups", f"{name!r} in two groups", "each player in one group at most")
        taken.update(part)
        if part:
            parts.append(part)
    return parts + [[name] for name in names if name not in taken]


def _answer(
    rule: Callable[[frozenset[Hashable]], object],
    parts: list[list[Hashable]],
    counts: tuple[int, ...],
) -> bool:
    taken = zip(parts, counts, strict=True)
    coalition = frozenset(name for part, n in taken for name in part[:n])
    answer = rule(coalition)
    if not isinstance(answer, bool | np.bool_):
        refuse("rule", f"{reprlib.repr(answer)} for {named(coalition)}", "True or False")
    if any(0 < n < len(part) for part, n in zip(parts, counts, strict=True)):
        taken = zip(parts, counts, strict=True)
        other = frozenset(name for part, n in taken for name in part[len(part) - n :])
        if bool(rule(other)) != bool(answer):
            found = f"{named(coalition)} and {named(other)} fare differently"
            refuse("groups", found, "groups of players whom the rule treats alike")
    return bool(answer)


def _require_monotone(wins: Integers, parts: list[list[Hashable]]) -> None:
    for axis, part in enumerate(parts):
        falls = np.argwhere(
            np.moveaxis(wins, axis, -1)[..., :-1] & ~np.moveaxis(wins, axis, -1)[..., 1:]
        )
        if len(falls):
            *others, count = falls[0].tolist()
            counts = [*others[:axis], count, *others[axis:]]
            taken = zip(parts, counts, strict=True)
            coalition = frozenset(name for group, n in taken for name in group[:n])
            found = f"{named(coalition)} wins, and loses once {part[count]!r} joins"
            refuse("rule", found, "a rule by which who joins never makes a coalition lose")


def _swings(wins: Integers, axis: int, sizes: list[int]) -> list[int]:
    """Losing coalitions that one player of a group turns, by size."""
    players = sum(sizes)
    ahead, behind = np.moveaxis(wins, axis, 0)[1:], np.moveaxis(wins, axis, 0)[:-1]
    turned = np.moveaxis(ahead & ~behind, 0, axis)
    dtype = np.int64 if players <= _LARGEST_COUNT else np.dtype(object)
    ways = np.ones(turned.shape, dtype)
    members = np.zeros(turned.shape, np.int64)
    for other, size in enumerate(sizes):
        pool = size - 1 if other == axis else size
        shape = [1] * turned.ndim
        shape[other] = pool + 1
        ways = ways * np.array([comb(pool, k) for k in range(pool + 1)], dtype).reshape(shape)
        members = members + np.arange(pool + 1).reshape(shape)
    ways, members = ways[turned], members[turned]
    return [int(ways[members == size].sum()) for size in range(players)]
