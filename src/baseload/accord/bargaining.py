"""Bargaining solutions over arrangements, each of which pays every party something."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import log, prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.accord.lotteries import (
    Gains,
    Lottery,
    Rational,
    farthest,
    gains_of,
    rational_part,
    waste,
)
from baseload.accord.points import Table, read_points, read_switches, read_table, read_weights
from baseload.errors import Fault, InputError

Floats = npt.NDArray[np.float64]

ROUNDING = Fraction(1, 10**12)
"""Share of what a party gets that counts as no gain and no loss: what sums of floats miss."""

_NOTHING_BEYOND = Fraction(1, 10**9)


class NoAgreement(InputError):
    """No arrangement, and no lottery where they are allowed, that no party would refuse."""


class Bargain(NamedTuple):
    """What parties agree on; N parties, A arrangements.

    Parameters
    ----------
    payoff : ndarray (N,)
        Of each party, in the unit of its points.
    lottery : ndarray (A,)
        Probability of each arrangement. It reaches the payoff in expectation; with free disposal at
        least that.
    """

    payoff: Floats
    lottery: Floats


def nash_bargaining(
    points: npt.ArrayLike,
    disagreement: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    lotteries: bool = True,
    free_disposal: bool = False,
) -> Bargain:
    """The agreement with the largest product of the parties' gains over disagreement.

    The one solution that is efficient, treats equals equally, does not change with the units of
    utility, and stays where it is when other agreements fall away [1]_. With weights, each gain is
    taken to the power of its party's weight [2]_. Over lotteries the payoff is unique.

    A party that cannot gain at all, while no other loses, is kept level and leaves the product to
    the others. Without lotteries the arrangement is taken at which the parties that gain nothing
    have the least weight in sum, and among those the one with the largest product of the others'
    gains, each as a share of the party's largest; the first of equals. Both are the limit of
    disagreement points a little lower.

    Parameters
    ----------
    points : array_like (A, N)
        One row for each arrangement: what each party gets from it.
    disagreement : array_like (N,)
        What each gets without agreement.
    weights : array_like (N,), optional
        Bargaining weight of each party, above 0; only their ratios matter. By default equal.
    lotteries : bool
        Whether the parties may agree on a lottery over arrangements.
    free_disposal : bool
        Whether payoffs may be thrown away. It changes nothing here, since less is never better.

    Returns
    -------
    Bargain
        The product's logarithm is within 1e-9 of its largest, as a rule 1e-12, and the payoff as a rule within 1e-10
        of the largest gain.

    Raises
    ------
    NoAgreement
        An `InputError`, where every arrangement (or lottery) leaves some party with less than
        without agreement.
    InputError
        For shapes that do not fit together, what is no finite number, weights not above 0.

    References
    ----------
    .. [1] J. F. Nash, The Bargaining Problem, Econometrica 18(2), 1950,
       https://doi.org/10.2307/1907266
    .. [2] E. Kalai, Nonsymmetric Nash Solutions and Replications of 2-Person Bargaining,
       International Journal of Game Theory 6, 1977, https://doi.org/10.1007/BF01774658

    Examples
    --------
    >>> nash_bargaining([[4, 0], [0, 2], [1, 1]], [0, 0])
    Bargain(payoff=array([2., 1.]), lottery=array([0.5, 0.5, 0. ]))
    """
    table, floor = read_points(points, disagreement)
    shares = read_weights(weights, len(floor))
    read_switches(lotteries=lotteries, free_disposal=free_disposal)
    gains = _gains(table, floor)
    if not lotteries:
        return _arrangement(table, _nash_arrangement(gains, shares))
    gained, lottery = _nash_lottery(_rational(gains, "lottery"), shares)
    return Bargain(_floats(floor) + np.array(gained), lottery)


def kalai_smorodinsky(
    points: npt.ArrayLike,
    disagreement: npt.ArrayLike,
    lotteries: bool = True,
    free_disposal: bool = False,
) -> Bargain:
    """The agreement that gives every party the same share of the most it could gain.

    The ideal gain of a party is the most it can gain while no other loses: it is taken over the
    individually rational part. The solution is the farthest point on the line from disagreement to
    the ideal point [1]_; a party with no ideal gain stays level. It is found in whole numbers.

    With two parties lotteries always reach the line where disagreement is one of the arrangements.
    With more, or otherwise, they may miss it: then there is no such agreement, unless payoffs may be
    thrown away.

    Without lotteries no arrangement is on the line as a rule. Then the arrangement is taken at which
    the smallest share of its ideal gain that any party gets is largest, then the second smallest, and
    so on [2]_; the first of equals. With free disposal the payoff is that smallest share for all.

    Parameters
    ----------
    points : array_like (A, N)
        One row for each arrangement: what each party gets from it.
    disagreement : array_like (N,)
        What each gets without agreement.
    lotteries : bool
        Whether the parties may agree on a lottery over arrangements.
    free_disposal : bool
        Whether payoffs may be thrown away: the payoff is on the line even where the lottery gives
        some party more.

    Returns
    -------
    Bargain

    Raises
    ------
    NoAgreement
        An `InputError`, where every arrangement (or lottery) leaves some party with less than
        without agreement, or no lottery is on the line.
    InputError
        For shapes that do not fit together, what is no finite number.

    References
    ----------
    .. [1] E. Kalai, M. Smorodinsky, Other Solutions to Nash's Bargaining Problem, Econometrica 43(3),
       1975, https://doi.org/10.2307/1914280
    .. [2] H. Imai, Individual Monotonicity and Lexicographic Maxmin Solution, Econometrica 51(2),
       1983, https://doi.org/10.2307/1911997

    Examples
    --------
    >>> kalai_smorodinsky([[0, 0], [4, 0], [0, 2], [3, 1]], [0, 0]).payoff
    array([2.4, 1.2])
    """
    table, floor = read_points(points, disagreement)
    read_switches(lotteries=lotteries, free_disposal=free_disposal)
    gains = _gains(table, floor)
    if not lotteries:
        chosen, share, ideal = _fairest_arrangement(gains)
        if not free_disposal:
            return _arrangement(table, chosen)
        return Bargain(_along(floor, ideal, share), _arrangement(table, chosen).lottery)
    rational = _rational(gains, "lottery")
    ideal = [rational.best(party)[0] for party in range(len(floor))]
    if not any(ideal):
        return Bargain(_along(floor, ideal, Fraction(0)), _floats(rational.any()))
    found = farthest(rational.gains, ideal, free_disposal=free_disposal)
    if found is None:
        raise NoAgreement(
            _fault(
                "points",
                "no lottery that gives every party the same share of its ideal gain",
                "points whose lotteries reach the line from disagreement to the ideal point",
                "with free_disposal=True what one party gets beyond that share is thrown away",
            )
        )
    share, lottery = found
    return Bargain(_along(floor, ideal, share), _floats(lottery))


def pareto_frontier(points: npt.ArrayLike, lotteries: bool = True) -> tuple[int, ...]:
    """Arrangements that no other, and no lottery over others, betters for one party and worsens for none.

    Parameters
    ----------
    points : array_like (A, N)
        One row for each arrangement: what each party gets from it.
    lotteries : bool
        Whether lotteries count as well; what they give beyond an arrangement has to exceed 1e-9 of
        the range of what a party gets.

    Returns
    -------
    tuple of int
        Rows of the arrangements, in their order. Equal rows are all in it, or none.

    Raises
    ------
    InputError
        For what is no table of finite numbers.

    Examples
    --------
    The third is no worse than a lottery over the first two, the fourth is.

    >>> pareto_frontier([[4, 0], [0, 2], [2, 1], [1, 1], [0, 1]])
    (0, 1, 2)
    >>> pareto_frontier([[4, 0], [0, 2], [2, 1], [1, 1], [0, 1]], lotteries=False)
    (0, 1, 2)
    """
    table = read_table(points)
    kept = [
        k
        for k, row in enumerate(table)
        if not any(
            other != row and all(a >= b for a, b in zip(other, row, strict=True)) for other in table
        )
    ]
    if not lotteries:
        return tuple(kept)
    among = gains_of(list(zip(*(table[k] for k in kept), strict=True)))
    return tuple(k for place, k in enumerate(kept) if waste(among, place) <= _NOTHING_BEYOND)


def _nash_lottery(rational: Rational, weights: list[Fraction]) -> tuple[list[float], Floats]:
    """Each party's gain at the largest product, and the probabilities of the arrangements.

    The prospects are lotteries by which no party loses, so that a gain is a share from 0 to 1 of the
    most that the party can gain, and sums of them cancel nothing.
    """
    from baseload.accord.nash import fewest, largest_product

    gains = rational.gains
    best = [rational.best(party) for party in range(gains.parties)]
    rising = [party for party, (ideal, _) in enumerate(best) if ideal]
    if not rising:
        return [0.0] * gains.parties, _floats(rational.any())
    weight = np.array([float(weights[party]) for party in rising])
    weight /= weight.sum()
    prospects = [best[party][1] for party in rising]

    def shares_of_ideal(lottery: Lottery) -> list[float]:
        gained = gains.of(lottery)
        return [float(gained[party] / best[party][0]) for party in rising]

    def best_prospect(prices: Floats) -> tuple[int, Floats]:
        worths = [0.0] * gains.parties
        for party, price in zip(rising, prices.tolist(), strict=True):
            worths[party] = float(Fraction(price) * gains.units[party] / best[party][0])
        prospect = rational.most_valuable(worths)
        if prospect in prospects:
            number = prospects.index(prospect)
        else:
            number = len(prospects)
            prospects.append(prospect)
        return number, np.array(shares_of_ideal(prospect))

    mix, shares = largest_product(
        np.array([shares_of_ideal(prospect) for prospect in prospects]),
        weight,
        np.full(len(prospects), 1.0 / len(prospects)),
        best_prospect,
    )
    gained = [0.0] * gains.parties
    for party, share in zip(rising, shares.tolist(), strict=True):
        gained[party] = share * float(best[party][0])
    mixed = mix @ np.array([_floats(one) for one in prospects[: len(mix)]])
    sizes = [max(1, *(abs(int(entry)) for entry in row)) for row in gains.rows]
    scaled = [[int(e) / size for e in row] for row, size in zip(gains.rows, sizes, strict=True)]
    return gained, fewest(mixed, np.array(scaled).T)


def _nash_arrangement(gains: Table, weights: list[Fraction]) -> int:
    rational = _rational_arrangements(gains)
    ideal = [max(gains[k][party] for k in rational) for party in range(len(weights))]
    alike = len(set(weights)) == 1

    def merit(k: int) -> tuple[Fraction, Fraction | float]:
        shares = [
            (one / most, weight)
            for one, most, weight in zip(gains[k], ideal, weights, strict=True)
            if one
        ]
        level = sum((w for w, one in zip(weights, gains[k], strict=True) if not one), Fraction(0))
        if alike:
            return -level, prod((share for share, _ in shares), start=Fraction(1))
        return -level, sum(float(weight) * log(share) for share, weight in shares)

    return max(rational, key=merit)


def _fairest_arrangement(gains: Table) -> tuple[int, Fraction, list[Fraction]]:
    """Arrangement with the largest smallest share of the ideal gain, that share, the ideal gains."""
    rational = _rational_arrangements(gains)
    ideal = [max(gains[k][party] for k in rational) for party in range(len(gains[0]))]

    def shares(k: int) -> list[Fraction]:
        return sorted(one / most for one, most in zip(gains[k], ideal, strict=True) if most)

    chosen = max(rational, key=shares)
    return chosen, min(shares(chosen), default=Fraction(0)), ideal


def _rational(gains: Table, kind: str) -> Rational:
    rational = rational_part(_gains_by_party(gains))
    if rational is None:
        raise _no_agreement(gains, kind)
    return rational


def _rational_arrangements(gains: Table) -> list[int]:
    rational = [k for k, row in enumerate(gains) if min(row) >= 0]
    if not rational:
        raise _no_agreement(gains, "arrangement")
    return rational


def _no_agreement(gains: Table, kind: str) -> NoAgreement:
    losers = [party for party, column in enumerate(zip(*gains, strict=True)) if max(column) < 0]
    note = f"party {losers[0]}, counted from 0, loses by every arrangement" if losers else ""
    return NoAgreement(
        _fault(
            "points",
            f"no {kind} that gives every party at least what it has without agreement",
            "points that some lottery, or arrangement, makes acceptable to all",
            note,
        )
    )


def _gains_by_party(gains: Table) -> Gains:
    return gains_of(list(zip(*gains, strict=True)))


def _gains(table: Table, floor: list[Fraction]) -> Table:
    """Payoffs over disagreement; what is within rounding of it is no gain."""

    def gain(one: Fraction, without: Fraction) -> Fraction:
        over = one - without
        return over if abs(over) > ROUNDING * max(abs(one), abs(without)) else Fraction(0)

    return [[gain(*both) for both in zip(row, floor, strict=True)] for row in table]


def _arrangement(table: Table, chosen: int) -> Bargain:
    lottery = np.zeros(len(table))
    lottery[chosen] = 1.0
    return Bargain(_floats(table[chosen]), lottery)


def _along(floor: list[Fraction], ideal: list[Fraction], share: Fraction) -> Floats:
    return _floats([low + share * way for low, way in zip(floor, ideal, strict=True)])


def _floats(numbers: Sequence[Fraction]) -> Floats:
    return np.array([float(number) for number in numbers])


def _fault(field: str, found: str, allowed: str, note: str = "") -> Fault:
    return Fault(None, None, None, field, found, allowed, note=note)
