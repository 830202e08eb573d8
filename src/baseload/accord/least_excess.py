"""The payoff whose excesses are least, largest first, and the proof that it is.

The excess of a coalition is what it is worth beyond what its members get. Round by round one
programme makes the largest excess that is still open as small as it can be. A programme has many
optima, and at one of them coalitions may be tight that are not tight at another; closing those is
the classical mistake. Only coalitions with a positive weight in the dual optimum are tight at every
optimum, and only they are closed here, together with whatever depends on them linearly. Each round
raises the rank of what is closed, so that there are at most n - 1 of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from baseload.accord.exact import Integers, common_scale, integers, whole
from baseload.accord.game import HEADROOM, Game, sums_over_members
from baseload.accord.simplex import completed, dual_prices, maximise, unit_basis


@dataclass(frozen=True)
class Round:
    """What one programme closes, with the weights that prove it.

    Parameters
    ----------
    excess : Fraction
        Least value of the largest open excess.
    weights : dict
        Above zero, of open coalitions with that excess; they sum to one.
    floor_weights : dict
        Above zero, of floors that hold with equality.
    closed_weights : dict
        Of coalitions closed before, all players together among them; of either sign. Weighted and
        added up over all three, each player's memberships come to zero.
    """

    excess: Fraction
    weights: dict[int, Fraction]
    floor_weights: dict[int, Fraction]
    closed_weights: dict[int, Fraction]


@dataclass(frozen=True)
class Answer:
    """Payoff of each player, and the rounds that led to it."""

    payoff: list[Fraction]
    rounds: list[Round]


def least_excess(
    game: Game, floors: Mapping[int, Fraction] | None = None, *, most_rounds: int | None = None
) -> Answer:
    """The payoff whose excesses in falling order are lexicographically least.

    Among payoffs that share out the value of all players together, and give each coalition with a
    floor at least that. The floors must leave such a payoff. After fewer rounds than it takes, the
    payoff is one of several at which the first excesses are least.

    Parameters
    ----------
    game : Game
    floors : mapping of int to Fraction, optional
        By mask of the coalition.
    most_rounds : int, optional
        How many rounds to go at most.

    Returns
    -------
    Answer
    """
    floor_masks = list(floors or {})
    floor_values = [(floors or {})[mask] for mask in floor_masks]
    scale = common_scale([Fraction(1, game.scale), *floor_values])
    values = [int(value) * (scale // game.scale) for value in game.values]
    state = OpenProgramme(game.size, values, floor_masks, whole(floor_values, scale), scale)
    rounds: list[Round] = []
    while state.is_open.any() and len(rounds) != most_rounds:
        rounds.append(state.close())
    return Answer(state.payoff, rounds)


def membership(size: int, masks: Sequence[int] | Integers) -> Integers:
    """Ones where a player is in a coalition (n, masks)."""
    every = np.asarray(masks, np.int64)
    return every >> np.arange(size, dtype=np.int64)[:, None] & 1


def spanned(size: int, masks: Sequence[int]) -> Integers:
    """Whether each coalition depends linearly on the given ones (2**n,)."""
    everything = membership(size, np.arange(1 << size))
    apart = ~np.zeros(1 << size, bool)
    outside = _null_space(membership(size, masks).T)
    if outside.size:
        apart = (outside @ everything == 0).all(axis=0)
    return apart


def _null_space(rows: Integers) -> Integers:
    """Whole vectors that span what is orthogonal to all rows (k, n)."""
    size = rows.shape[1]
    reduced: list[list[Fraction]] = []
    leads: list[int] = []
    for row in rows.tolist():
        rest = [Fraction(entry) for entry in row]
        for lead, other in zip(leads, reduced, strict=True):
            if rest[lead]:
                rest = [a - rest[lead] * b for a, b in zip(rest, other, strict=True)]
        if not any(rest):
            continue
        lead = next(i for i, entry in enumerate(rest) if entry)
        rest = [entry / rest[lead] for entry in rest]
        reduced = [
            [a - other[lead] * b for a, b in zip(other, rest, strict=True)] for other in reduced
        ]
        reduced.append(rest)
        leads.append(lead)
    vectors = []
    for column in range(size):
        if column in leads:
            continue
        vector = [Fraction(0)] * size
        vector[column] = Fraction(1)
        for lead, row in zip(leads, reduced, strict=True):
            vector[lead] = -row[column]
        vectors.append(whole(vector, common_scale(vector)))
    return np.array(vectors, np.int64).reshape(len(vectors), size)


class OpenProgramme:
    """The programme of the next round: what is closed so far, and at which values.

    Parameters
    ----------
    size : int
        Number of players.
    values : list of int
        Worth of every coalition, times `scale`.
    floors : list of int
        Masks of coalitions that have a floor.
    floor_values : list of int
        The floors, times `scale`.
    scale : int
    """

    def __init__(
        self, size: int, values: list[int], floors: list[int], floor_values: list[int], scale: int
    ) -> None:
        self.size = size
        self.scale = scale
        self.values = integers(values, HEADROOM)
        self.floors = floors
        self.floor_values = floor_values
        self.closed = [(1 << size) - 1]
        self.closed_values = [values[-1]]
        self.is_open = ~spanned(size, self.closed)
        self.leftover: list[int] = []
        self.basis = unit_basis(size + 1, np.dtype(np.int64))
        self.payoff = [Fraction(values[-1], scale * size)] * size
        coalitions = 1 << size
        self.columns = np.ones((size + 1, coalitions), np.int64)
        self.columns[:size] = membership(size, np.arange(coalitions))
        self.right = np.zeros(size + 1, np.int64)
        self.right[size] = 1

    def close(self) -> Round:
        """Solve for the least largest open excess, and close what is tight at every optimum."""
        coalitions = 1 << self.size
        others = [*self.floors, *self.closed]
        extra = np.zeros((self.size + 1, len(others)), np.int64)
        extra[: self.size] = membership(self.size, others)
        matrix = np.concatenate((self.columns, extra), axis=1)
        first_closed = coalitions + len(self.floors)
        closed = range(first_closed, matrix.shape[1])
        tail = integers([*self.floor_values, *self.closed_values], HEADROOM)
        costs = np.concatenate((self.values, tail))
        basis = maximise(
            matrix,
            costs,
            self.right,
            completed(matrix, [*closed, *self._candidates()]),
            free=frozenset(closed),
            gains=lambda prices, determinant: self._gains(prices, determinant, costs, extra),
        )
        prices = dual_prices(costs, basis)
        level = basis.inverse @ self.right
        found = Round(Fraction(int(prices[self.size]), basis.determinant * self.scale), {}, {}, {})
        for column, amount in zip(basis.columns, level.tolist(), strict=True):
            weight = Fraction(amount, basis.determinant)
            if column >= first_closed:
                found.closed_weights[self.closed[column - first_closed]] = weight
            elif weight and column >= coalitions:
                found.floor_weights[self.floors[column - coalitions]] = weight
            elif weight:
                found.weights[column] = weight
        self.payoff = [
            Fraction(int(price), basis.determinant * self.scale) for price in prices[: self.size]
        ]
        self.basis = basis
        self._keep(found)
        return found

    def _gains(
        self, prices: Integers, determinant: int, costs: Integers, extra: Integers
    ) -> Integers:
        coalitions = 1 << self.size
        paid = sums_over_members(list(prices[: self.size]), costs.dtype)
        gain = costs * determinant
        gain[:coalitions] -= paid + prices[self.size]
        gain[:coalitions][~self.is_open] = 0
        gain[coalitions:] -= prices @ extra
        return gain

    def _candidates(self) -> list[int]:
        """Columns to begin with: a coalition and its complement, which balance, and any others."""
        everyone = (1 << self.size) - 1
        numbers = whole(self.payoff, scale := common_scale(self.payoff))
        excess = self.values.astype(object) * scale
        excess -= sums_over_members([number * self.scale for number in numbers], object)
        still = np.flatnonzero(self.is_open)
        most = int(still[np.argmax((excess + excess[::-1])[still])])
        alone = [1 << i for i in range(self.size) if self.is_open[1 << i]]
        rest = [mask for mask in self.leftover if mask >= 1 << self.size or self.is_open[mask]]
        # The first two settle the rank beside the closed ones; players alone fill up whatever lacks.
        return [most, everyone - most, *rest, *alone]

    def _keep(self, found: Round) -> None:
        """Close what the round settles, in units in which its excess is whole."""
        excess = found.excess * self.scale
        if (factor := excess.denominator) > 1:
            self.scale *= factor
            self.values = integers([int(value) * factor for value in self.values], HEADROOM)
            self.floor_values = [value * factor for value in self.floor_values]
            self.closed_values = [value * factor for value in self.closed_values]
        level = int(excess * factor)
        floor_of = dict(zip(self.floors, self.floor_values, strict=True))
        settled = [(mask, int(self.values[mask]) - level) for mask in found.weights]
        settled += [(mask, floor_of[mask]) for mask in found.floor_weights]
        inside = spanned(self.size, self.closed)
        for mask, value in settled:
            if not inside[mask]:
                self.closed.append(mask)
                self.closed_values.append(value)
                inside = spanned(self.size, self.closed)
        self.is_open = ~inside
        used = set(found.weights)
        self.leftover = [
            column
            for column in self.basis.columns
            if column < 1 << self.size and column not in used
        ]
