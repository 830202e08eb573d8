"""The core: payoffs at which no coalition would do better on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, NamedTuple

from baseload.accord.exact import demand, refuse
from baseload.accord.game import Game, Player, floats_by_name, players_of, read_game, read_payoff
from baseload.accord.least_excess import Round, least_excess, membership
from baseload.accord.nucleoli import prenucleolus_of

ROUNDING = Fraction(1, 10**9)
"""Share of the largest value that counts as nothing, unless a tolerance is given."""


class LeastCore(NamedTuple, Generic[Player]):
    """The least core of a game.

    Parameters
    ----------
    epsilon : float
        Least amount by which every coalition's worth must fall for a core to exist; at most zero
        where there is one. Of a single player, who has no coalition to fear: zero.
    payoff : dict
        The prenucleolus, one payoff of the least core.
    """

    epsilon: float
    payoff: dict[Player, float]


@dataclass(frozen=True)
class CoreCertificate(Generic[Player]):
    """Why a core is empty or not: one of the two proofs.

    Parameters
    ----------
    is_empty : bool
    payoff : dict or None
        A payoff in the core.
    collection : dict or None
        Weight of each coalition of a balanced collection that is worth more, weighted, than all
        players together: each player's coalitions weigh one in sum. Exact.
    collection_worth : Fraction or None
        Worth of the coalitions, weighted and added up. Exact.
    together_worth : Fraction
        Worth of all players together. Exact.
    """

    is_empty: bool
    payoff: dict[Player, float] | None
    collection: dict[frozenset[Player], Fraction] | None
    collection_worth: Fraction | None
    together_worth: Fraction


def is_in_core(
    payoff: Mapping[Player, object],
    values: Mapping[frozenset[Player], object],
    tolerance: float | None = None,
) -> bool:
    """Whether a payoff shares out what all are worth, and gives each coalition what it is worth.

    Parameters
    ----------
    payoff : mapping of player to number
        In the unit of the values.
    values : mapping of frozenset to number
        Worth of every coalition of 1 to 12 players; the empty one may be left out.
    tolerance : float, optional
        What a coalition may lack and the sum may miss, in the unit of the values. By default 1e-9 of
        the largest absolute value, which is more than rounding makes.

    Returns
    -------
    bool

    Raises
    ------
    InputError
        For what is no finite number, coalitions without a value, players missing or unknown, a
        tolerance below zero.

    References
    ----------
    .. [1] D. B. Gillies, Solutions to General Non-Zero-Sum Games, in Contributions to the Theory of
       Games IV, 1959, https://doi.org/10.1515/9781400882168-005

    Examples
    --------
    >>> one, other = frozenset(["one"]), frozenset(["other"])
    >>> values = {one: 1, other: 2, one | other: 5}
    >>> is_in_core({"one": 2, "other": 3}, values), is_in_core({"one": 0, "other": 5}, values)
    (True, False)
    """
    game = read_game(values)
    shares = read_payoff(payoff, game)
    return _is_in_core(shares, game, _tolerance(tolerance, game))


def core_is_empty(
    values: Mapping[frozenset[Player], object], tolerance: float | None = None
) -> bool:
    """Whether every payoff leaves some coalition that would do better on its own.

    Decided in whole numbers by the least core; see `core_certificate` for the proof.

    Parameters
    ----------
    values : mapping of frozenset to number
        Worth of every coalition of 1 to 12 players; the empty one may be left out.
    tolerance : float, optional
        What every coalition may lack, in the unit of the values. By default 1e-9 of the largest
        absolute value, so that sums which miss each other by rounding leave a core; 0 for none.

    Returns
    -------
    bool

    Raises
    ------
    InputError
        As `is_in_core`.

    Examples
    --------
    Of three, any two take all: whatever is offered to two, the third can better.

    >>> from itertools import combinations
    >>> majority = {
    ...     frozenset(names): int(size >= 2)
    ...     for size in (1, 2, 3)
    ...     for names in combinations("ABC", size)
    ... }
    >>> core_is_empty(majority)
    True
    """
    game = read_game(values)
    allowed = _tolerance(tolerance, game)
    return _first_excess(game) > allowed


def least_core(values: Mapping[frozenset[Player], object]) -> LeastCore[Player]:
    """The least amount that makes every coalition content to stay, and a payoff that does.

    The largest excess of any coalition but none and all is made as small as it can be [1]_. At most
    zero: there is a core. Among the payoffs that reach it the prenucleolus is given, because it is
    one and treats equals equally.

    Parameters
    ----------
    values : mapping of frozenset to number
        Worth of every coalition of 1 to 12 players; the empty one may be left out.

    Returns
    -------
    LeastCore
        A named tuple of `epsilon` and `payoff`.

    Raises
    ------
    InputError
        For a value that is no finite number, coalitions without a value, unknown players.

    References
    ----------
    .. [1] M. Maschler, B. Peleg, L. S. Shapley, Geometric Properties of the Kernel, Nucleolus, and
       Related Solution Concepts, Mathematics of Operations Research 4(4), 1979,
       https://doi.org/10.1287/moor.4.4.303

    Examples
    --------
    >>> one, other = frozenset(["one"]), frozenset(["other"])
    >>> least_core({one: 1, other: 2, one | other: 5})
    LeastCore(epsilon=-1.0, payoff={'one': 2.0, 'other': 3.0})
    """
    game = read_game(values)
    answer = prenucleolus_of(game)
    epsilon = answer.rounds[0].excess if answer.rounds else Fraction(0)
    payoff = floats_by_name(players_of(values, game), answer.payoff)
    return LeastCore(float(epsilon), payoff)


def core_certificate(
    values: Mapping[frozenset[Player], object], tolerance: float | None = None
) -> CoreCertificate[Player]:
    """The proof that a core is empty, or that it is not.

    A core is empty if and only if some balanced collection of coalitions is worth more than all
    players together [1]_, [2]_: everybody spends all their time in it, and more comes out. Either
    proof is checked with fractions before it is returned.

    Parameters
    ----------
    values : mapping of frozenset to number
        Worth of every coalition of 1 to 12 players; the empty one may be left out.
    tolerance : float, optional
        As for `core_is_empty`.

    Returns
    -------
    CoreCertificate

    Raises
    ------
    InputError
        As `is_in_core`.

    References
    ----------
    .. [1] O. N. Bondareva, Some applications of linear programming methods to the theory of
       cooperative games, Problemy Kibernetiki 10, 1963
    .. [2] L. S. Shapley, On Balanced Sets and Cores, Naval Research Logistics Quarterly 14(4), 1967,
       https://doi.org/10.1002/nav.3800140404

    Examples
    --------
    >>> from itertools import combinations
    >>> majority = {
    ...     frozenset(names): int(size >= 2)
    ...     for size in (1, 2, 3)
    ...     for names in combinations("ABC", size)
    ... }
    >>> proof = core_certificate(majority)
    >>> for coalition, weight in proof.collection.items():
    ...     print(*sorted(coalition), weight)
    A B 1/2
    A C 1/2
    B C 1/2
    >>> print(proof.collection_worth, proof.together_worth)
    3/2 1
    """
    game = read_game(values)
    allowed = _tolerance(tolerance, game)
    names = players_of(values, game)
    together = game.worth(game.all_players)
    answer = least_excess(game, most_rounds=1)
    if answer.rounds and answer.rounds[0].excess > allowed:
        weights, worth = _balanced(game, answer.rounds[0])
        collection = {
            frozenset(names[i] for i in range(game.size) if mask >> i & 1): weight
            for mask, weight in weights.items()
        }
        return CoreCertificate(True, None, collection, worth, together)
    shares = prenucleolus_of(game).payoff
    if not _is_in_core(shares, game, allowed):
        raise RuntimeError("a payoff with no positive excess is not in the core")
    return CoreCertificate(False, floats_by_name(names, shares), None, None, together)


def _tolerance(given: float | None, game: Game) -> Fraction:
    if given is None:
        return ROUNDING * game.largest()
    allowed = "a number of at least 0, in the unit of the values"
    number = demand(given, "tolerance", allowed)
    if number < 0:
        refuse("tolerance", repr(given), allowed)
    return number


def _first_excess(game: Game) -> Fraction:
    """Least value of the largest excess; below zero for one player, who has no other coalition."""
    answer = least_excess(game, most_rounds=1)
    return answer.rounds[0].excess if answer.rounds else Fraction(-1)


def _is_in_core(shares: list[Fraction], game: Game, tolerance: Fraction) -> bool:
    if abs(sum(shares, Fraction(0)) - game.worth(game.all_players)) > tolerance:
        return False
    for mask in range(1, game.all_players):
        paid = sum((share for i, share in enumerate(shares) if mask >> i & 1), Fraction(0))
        if game.worth(mask) - paid > tolerance:
            return False
    return True


def _balanced(game: Game, first: Round) -> tuple[dict[int, Fraction], Fraction]:
    """Balanced collection of the first round, with its worth, checked."""
    times = -first.closed_weights[game.all_players]
    weights = {mask: weight / times for mask, weight in sorted(first.weights.items())}
    worth = sum((weight * game.worth(mask) for mask, weight in weights.items()), Fraction(0))
    members = membership(game.size, list(weights)).tolist()
    each = [
        sum((w for w, is_in in zip(weights.values(), row, strict=True) if is_in), Fraction(0))
        for row in members
    ]
    balanced = all(one == 1 for one in each) and min(weights.values()) > 0
    if not balanced or worth <= game.worth(game.all_players):
        raise RuntimeError("a balanced collection does not show that the core is empty")
    return weights, worth
