"""The Shapley value: what each player adds on average over all orders of joining."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import factorial

import numpy as np

from baseload.accord.game import Game, Player, floats_by_name, players_of, read_game


def shapley_value(values: Mapping[frozenset[Player], object]) -> dict[Player, float]:
    """What each player adds to those before, on average over all orders in which they may join.

    The one value that is efficient, treats equals equally, gives nothing to who adds nothing and
    adds up over games [1]_::

        phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S))

    Computed in whole numbers and rounded once. It need not be in the core, nor give each player
    what they are worth alone, unless the game is superadditive.

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
    .. [1] L. S. Shapley, A Value for n-Person Games, in Contributions to the Theory of Games II,
       1953, https://doi.org/10.1515/9781400881970-018

    Examples
    --------
    One has a left glove, two have a right one each, and a pair is worth 1.

    >>> pair = {"left", "right"}
    >>> left, right, other = frozenset(["L"]), frozenset(["R1"]), frozenset(["R2"])
    >>> glove = {left: 0, right: 0, other: 0, left | right: 1, left | other: 1}
    >>> glove |= {right | other: 0, left | right | other: 1}
    >>> shapley_value(glove)
    {'L': 0.6666666666666666, 'R1': 0.16666666666666666, 'R2': 0.16666666666666666}
    """
    game = read_game(values)
    return floats_by_name(players_of(values, game), shapley_of(game))


def shapley_of(game: Game) -> list[Fraction]:
    """Shapley value of a game that has been read, exactly."""
    size = game.size
    masks = np.arange(len(game.values), dtype=np.int64)
    sizes = (masks[:, None] >> np.arange(size) & 1).sum(axis=1)
    # Sums of 2,048 differences.
    values = game.values.astype(object)
    shares = []
    for player in range(size):
        without = masks[masks >> player & 1 == 0]
        added = values[without | 1 << player] - values[without]
        total = 0
        for before in range(size):
            weight = factorial(before) * factorial(size - before - 1)
            total += weight * int(added[sizes[without] == before].sum())
        shares.append(Fraction(total, factorial(size) * game.scale))
    return shares
