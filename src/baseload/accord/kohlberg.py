"""Kohlberg's criterion: a payoff is the nucleolus only if its worst-off coalitions balance."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from baseload.accord.exact import Integers, common_scale, whole
from baseload.accord.game import Game, sums_over_members
from baseload.accord.least_excess import Answer, membership, spanned


class NotBalanced(RuntimeError):
    """A payoff that was taken for a nucleolus does not pass Kohlberg's criterion: a fault of ours."""


def require_kohlberg(
    game: Game, answer: Answer, floors: Mapping[int, Fraction] | None = None
) -> None:
    """Return if a payoff is proved to be the one with the least excesses, exactly.

    A payoff is the prenucleolus if and only if, for every number, the coalitions whose excess is at
    least that number are balanced: some weights above zero make each player's coalitions add up to
    one [1]_, [2]_. With floors (of the players alone: the nucleolus) those that hold with equality
    may join, with weights of zero or more.

    It is enough to look at the levels of the rounds [3]_. Say that F is what was closed up to a
    round. If F is balanced, lies among the coalitions with at least that excess, and spans all of
    these, then they are balanced too: each further one is a combination of F, so that a little of
    its weight can be taken from F. So what is checked, with fractions and without the programmes, is

    - payoffs add up to the value of all players together, and keep the floors;
    - each round's weights balance, with weights above zero on what it closes, so that F stays
      balanced; and what it closes has the round's excess, or is at its floor;
    - no coalition outside the span of what was closed before has a larger excess than the round's,
      and no round a larger one than that before;
    - in the end everything is spanned.

    Parameters
    ----------
    game : Game
    answer : Answer
        Payoff and rounds.
    floors : mapping of int to Fraction, optional
        As they were given to `least_excess`.

    Raises
    ------
    NotBalanced
        With the first check that fails.

    References
    ----------
    .. [1] E. Kohlberg, On the Nucleolus of a Characteristic Function Game, SIAM Journal on Applied
       Mathematics 20(1), 1971, https://doi.org/10.1137/0120009
    .. [2] A. I. Sobolev, The characterization of optimality principles in cooperative games by
       functional equations, Mathematical Methods in the Social Sciences 6, 1975
    .. [3] T.-D. Nguyen, Simplifying the Kohlberg criterion on the nucleolus, arXiv:1606.05987
    """
    floor_of = dict(floors or {})
    total = sum(answer.payoff, Fraction(0))
    _require(total == game.worth(game.all_players), "the payoffs do not add up")
    excesses, scale = _excesses(game, answer.payoff)

    def excess(mask: int) -> Fraction:
        return Fraction(int(excesses[mask]), scale)

    def above_floor(mask: int) -> Fraction:
        return game.worth(mask) - excess(mask) - floor_of[mask]

    _require(all(above_floor(mask) >= 0 for mask in floor_of), "a floor is broken")
    closed: set[int] = {game.all_players}
    before: Fraction | None = None
    for one in answer.rounds:
        outside = ~spanned(game.size, sorted(closed))
        _require(before is None or one.excess <= before, "a later excess is larger")
        limit = one.excess * scale
        _require(bool((excesses[outside] <= limit).all()), "a larger excess is open")
        _require(all(excess(mask) == one.excess for mask in one.weights), "an excess differs")
        _require(all(not above_floor(mask) for mask in one.floor_weights), "a floor is not tight")
        positive = [*one.weights.values(), *one.floor_weights.values()]
        _require(bool(one.weights) and min(positive) > 0, "a weight is not above zero")
        _require(any(outside[mask] for mask in one.weights), "nothing new is closed")
        _require(set(one.closed_weights) <= closed, "a weight is on what is not closed")
        _require(_cancels(game.size, one.weights, one.floor_weights, one.closed_weights), "weights")
        closed |= set(one.weights) | set(one.floor_weights)
        before = one.excess
    _require(bool(spanned(game.size, sorted(closed)).all()), "something is still open")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise NotBalanced(f"Kohlberg's criterion fails: {what}")


def _excesses(game: Game, payoff: list[Fraction]) -> tuple[Integers, int]:
    """Excess of every coalition times a scale, and the scale."""
    scale = common_scale([Fraction(1, game.scale), *payoff])
    worths = game.values.astype(object) * (scale // game.scale)
    paid = sums_over_members(whole(payoff, scale), object)
    return np.array(worths - paid, object), scale


def _cancels(size: int, *weightings: Mapping[int, Fraction]) -> bool:
    """Whether each player's memberships, weighted and added up, come to zero."""
    sums = [Fraction(0)] * size
    for weights in weightings:
        members = membership(size, list(weights)).T.tolist()
        for row, weight in zip(members, weights.values(), strict=True):
            sums = [one + weight * is_in for one, is_in in zip(sums, row, strict=True)]
    return not any(sums)
