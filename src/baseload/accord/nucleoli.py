"""Nucleolus and prenucleolus: the payoff at which the least contented coalition is content most.

The module is not named after its function: a package cannot hold both under one name.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from baseload.accord.game import Game, Player, floats_by_name, players_of, read_game
from baseload.accord.kohlberg import require_kohlberg
from baseload.accord.least_excess import Answer, least_excess
from baseload.errors import Fault, InputError

ROUNDING = Fraction(1, 10**12)
"""Share of the largest value by which sums of floats may miss each other."""


class NoImputation(InputError):
    """The players alone are worth more than all together, so that no payoff contents each of them."""


def nucleolus(values: Mapping[frozenset[Player], object]) -> dict[Player, float]:
    """The imputation whose excesses in falling order are lexicographically least.

    An imputation shares out the value of all players together and gives nobody less than alone. The
    excess of a coalition is what it is worth beyond what its members get. There is exactly one
    nucleolus wherever there are imputations, and it is in the core if there is a core [1]_.

    It is found by programmes in whole numbers, each of which closes only coalitions tight at all its
    optima [2]_, and is returned after it has passed Kohlberg's criterion [3]_ exactly. Floats count
    as the decimals they are written as; the answer is rounded once.

    Parameters
    ----------
    values : mapping of frozenset to number
        Worth of every coalition of 1 to 12 players; the empty one may be left out.

    Returns
    -------
    dict
        What each player gets, in the unit of the values.

    Raises
    ------
    NoImputation
        An `InputError`, where the players alone are worth more than all together, by more than
        1e-12 of the largest value. The prenucleolus exists even then.
    InputError
        For a value that is no finite number, coalitions without a value, unknown players.

    References
    ----------
    .. [1] D. Schmeidler, The Nucleolus of a Characteristic Function Game, SIAM Journal on Applied
       Mathematics 17(6), 1969, https://doi.org/10.1137/0117107
    .. [2] J. Potters, H. Reijnierse, M. Ansing, Computing the Nucleolus by Solving a Prolonged
       Simplex Algorithm, Mathematics of Operations Research 21(3), 1996,
       https://doi.org/10.1287/moor.21.3.757
    .. [3] E. Kohlberg, On the Nucleolus of a Characteristic Function Game, SIAM Journal on Applied
       Mathematics 20(1), 1971, https://doi.org/10.1137/0120009

    Examples
    --------
    An estate of 200 and debts of 100, 200 and 300, as in the Talmud: a coalition is worth what is
    left after the others are paid in full.

    >>> from itertools import combinations
    >>> debts = {"first": 100, "second": 200, "third": 300}
    >>> values = {
    ...     frozenset(names): max(0, 200 - sum(debts[one] for one in debts if one not in names))
    ...     for size in (1, 2, 3)
    ...     for names in combinations(debts, size)
    ... }
    >>> nucleolus(values)
    {'first': 50.0, 'second': 75.0, 'third': 75.0}
    """
    game = read_game(values)
    return floats_by_name(players_of(values, game), nucleolus_of(game).payoff)


def prenucleolus(values: Mapping[frozenset[Player], object]) -> dict[Player, float]:
    """The payoff whose excesses in falling order are lexicographically least.

    As the nucleolus, but among all payoffs that share out the value of all players together: one may
    get less than alone. There is always exactly one [1]_. It is the nucleolus wherever it gives
    everyone at least what they are worth alone.

    Parameters
    ----------
    values : mapping of frozenset to number
        Worth of every coalition of 1 to 12 players; the empty one may be left out.

    Returns
    -------
    dict
        What each player gets, in the unit of the values.

    Raises
    ------
    InputError
        For a value that is no finite number, coalitions without a value, unknown players.

    References
    ----------
    .. [1] A. I. Sobolev, The characterization of optimality principles in cooperative games by
       functional equations, Mathematical Methods in the Social Sciences 6, 1975

    Examples
    --------
    Two who would do better apart have a prenucleolus all the same.

    >>> one, other = frozenset(["one"]), frozenset(["other"])
    >>> prenucleolus({one: 4, other: 2, one | other: 4})
    {'one': 3.0, 'other': 1.0}
    """
    game = read_game(values)
    return floats_by_name(players_of(values, game), prenucleolus_of(game).payoff)


def nucleolus_of(game: Game) -> Answer:
    """Nucleolus of a game that has been read, with the rounds that prove it."""
    alone = [game.worth(1 << i) for i in range(game.size)]
    together = game.worth(game.all_players)
    beyond = sum(alone, Fraction(0)) - together
    if beyond > ROUNDING * game.largest():
        raise NoImputation(
            Fault(
                None,
                None,
                None,
                "values",
                f"players who alone are worth {float(beyond + together):.12g} in sum, "
                f"and all together {float(together):.12g}",
                "at most as much in sum as together",
                note="no payoff gives each what they are worth alone; prenucleolus has an answer",
            )
        )
    if beyond > 0:
        # Sums that agree but for rounding leave one imputation.
        alone = [worth - beyond / game.size for worth in alone]
    floors = {1 << i: worth for i, worth in enumerate(alone)}
    answer = least_excess(game, floors)
    require_kohlberg(game, answer, floors)
    return answer


def prenucleolus_of(game: Game) -> Answer:
    """Prenucleolus of a game that has been read, with the rounds that prove it."""
    answer = least_excess(game)
    require_kohlberg(game, answer)
    return answer
