"""What lotteries over arrangements can give each party: programmes in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np

from baseload.accord.exact import Integers, common_scale, whole
from baseload.accord.simplex import Basis, feasible, maximise

Lottery = list[Fraction]


@dataclass(frozen=True)
class Gains:
    """What each arrangement adds for each party to what it has without any.

    Parameters
    ----------
    rows : ndarray (N, A)
        Whole numbers, each party's in its own unit.
    units : tuple of Fraction
        The unit of each party.
    """

    rows: Integers
    units: tuple[Fraction, ...]

    @property
    def parties(self) -> int:
        """Number of parties, N."""
        return len(self.units)

    @property
    def arrangements(self) -> int:
        """Number of arrangements, A."""
        return int(self.rows.shape[1])

    def of(self, lottery: Lottery) -> list[Fraction]:
        """Expected gain of each party."""
        held = [(k, share) for k, share in enumerate(lottery) if share]
        return [
            sum((share * int(row[k]) for k, share in held), Fraction(0)) * unit
            for row, unit in zip(self.rows, self.units, strict=True)
        ]


def gains_of(columns: Sequence[Sequence[Fraction]]) -> Gains:
    """Gains given as one list of arrangements for each party, in whole units."""
    rows, units = [], []
    for column in columns:
        scale = common_scale(column)
        numbers = whole(column, scale)
        step = gcd(*numbers) or 1
        rows.append([number // step for number in numbers])
        units.append(Fraction(step, scale))
    return Gains(np.array(rows, object).reshape(len(units), -1), tuple(units))


class Rational:
    """Lotteries by which no party loses.

    Parameters
    ----------
    gains : Gains
    basis : Basis
        Of the programme with a column for each arrangement and one for what each party gains.
    """

    def __init__(self, gains: Gains, basis: Basis) -> None:
        self.gains = gains
        self.matrix, self.right = _programme(gains)
        self.basis = basis

    def any(self) -> Lottery:
        """One of them."""
        return _lottery(self.basis, self.right, self.gains.arrangements)

    def best(self, party: int) -> tuple[Fraction, Lottery]:
        """The most that a party can gain while no other loses, and how."""
        costs = np.zeros(self.matrix.shape[1], object)
        costs[: self.gains.arrangements] = self.gains.rows[party]
        basis = maximise(self.matrix, costs, self.right, self.basis)
        lottery = _lottery(basis, self.right, self.gains.arrangements)
        return self.gains.of(lottery)[party], lottery

    def most_valuable(self, worths: Sequence[float]) -> Lottery:
        """The one at which the parties' gains, in their units, times these worths come to most."""
        exact = [Fraction(worth) for worth in worths]
        costs = np.zeros(self.matrix.shape[1], object)
        costs[self.gains.arrangements :] = whole(exact, common_scale(exact))
        # The last optimum is close to the next one.
        self.basis = maximise(self.matrix, costs, self.right, self.basis)
        return _lottery(self.basis, self.right, self.gains.arrangements)


def rational_part(gains: Gains) -> Rational | None:
    """Lotteries by which no party loses, or None if there are none."""
    basis = feasible(*_programme(gains))
    return None if basis is None else Rational(gains, basis)


def farthest(
    gains: Gains, towards: Sequence[Fraction], *, free_disposal: bool
) -> tuple[Fraction, Lottery] | None:
    """How far along a line of gains lotteries reach, as a share of the way, and by which lottery.

    With free disposal the lottery may give more than the point on the line; of those that reach the
    farthest point one is taken that wastes most, counted in shares of the way, so that no other
    lottery is better for all. None if no lottery is on the line.
    """
    parties, arrangements = gains.parties, gains.arrangements
    ways = [way / unit for way, unit in zip(towards, gains.units, strict=True)]
    scales = [way.denominator for way in ways]
    rows = gains.rows * np.array(scales, object)[:, None]
    steps = np.array([[way.numerator] for way in ways], object)
    spare = -np.eye(parties, dtype=int).astype(object) if free_disposal else steps[:, :0]
    matrix = np.concatenate((rows, -steps, spare), axis=1)
    total = np.zeros((1, matrix.shape[1]), object)
    total[0, :arrangements] = 1
    matrix = np.concatenate((matrix, total))
    right = np.array([0] * parties + [1], object)
    basis = feasible(matrix, right)
    if basis is None:
        return None
    costs = np.zeros(matrix.shape[1], object)
    costs[arrangements] = 1
    basis = maximise(matrix, costs, right, basis)
    share = _levels(basis, right).get(arrangements, Fraction(0))
    if free_disposal:
        basis, right, matrix = _least_waste(matrix, right, arrangements, share, steps)
    return share, _lottery(basis, right, arrangements)


def waste(points: Gains, point: int) -> Fraction:
    """What lotteries over the other points can give beyond one point, in shares of each range."""
    parties, arrangements = points.parties, points.arrangements
    beyond = points.rows - points.rows[:, point : point + 1]
    spans = [int(max(row) - min(row)) or 1 for row in points.rows]
    matrix, right = _programme(Gains(beyond, points.units))
    basis = feasible(matrix, right)
    if basis is None:
        raise RuntimeError("a point is not among its own lotteries")
    weights = [Fraction(1, span) for span in spans]
    costs = np.zeros(matrix.shape[1], object)
    scale = common_scale(weights)
    costs[arrangements:] = whole(weights, scale)
    basis = maximise(matrix, costs, right, basis)
    levels = _levels(basis, right)
    return sum(
        (levels.get(arrangements + i, Fraction(0)) / spans[i] for i in range(parties)), Fraction(0)
    )


def _programme(gains: Gains) -> tuple[Integers, Integers]:
    """Rows: each party's gain is what its own column says, and shares add up to one."""
    parties, arrangements = gains.parties, gains.arrangements
    matrix = np.zeros((parties + 1, arrangements + parties), object)
    matrix[:parties, :arrangements] = gains.rows
    matrix[:parties, arrangements:] = -np.eye(parties, dtype=int).astype(object)
    matrix[parties, :arrangements] = 1
    right = np.array([0] * parties + [1], object)
    return matrix, right


def _least_waste(
    matrix: Integers, right: Integers, arrangements: int, share: Fraction, steps: Integers
) -> tuple[Basis, Integers, Integers]:
    """With the share of the way fixed, the lottery that gives most beyond the point."""
    fixed = np.concatenate((matrix[:, :arrangements], matrix[:, arrangements + 1 :]), axis=1)
    parties = len(steps)
    fixed = fixed * share.denominator
    level = right * share.denominator
    level[:parties] = steps[:, 0] * share.numerator
    basis = feasible(fixed, level)
    if basis is None:
        raise RuntimeError("the farthest point is out of reach")
    weights = [Fraction(1, int(step)) if step else Fraction(0) for step in steps[:, 0]]
    costs = np.zeros(fixed.shape[1], object)
    costs[arrangements:] = whole(weights, common_scale(weights))
    return maximise(fixed, costs, level, basis), level, fixed


def _levels(basis: Basis, right: Integers) -> dict[int, Fraction]:
    level = (basis.inverse @ right).tolist()
    return {
        column: Fraction(int(amount), basis.determinant)
        for column, amount in zip(basis.columns, level, strict=True)
    }


def _lottery(basis: Basis, right: Integers, arrangements: int) -> Lottery:
    levels = _levels(basis, right)
    return [levels.get(k, Fraction(0)) for k in range(arrangements)]
