"""Whether the core is empty in each of many draws of the same game."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.accord.core import ROUNDING, core_is_empty
from baseload.accord.exact import common_scale, demand, refuse, whole
from baseload.accord.game import Game, Player, named, players_of, read_game
from baseload.accord.least_excess import OpenProgramme, membership

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def core_is_empty_by_draw(values: Mapping[frozenset[Player], npt.ArrayLike]) -> Flags:
    """Whether every payoff leaves some coalition that would do better on its own, draw by draw.

    The mean of the answer is the probability that the core is empty. A draw is settled by a balanced
    collection found in another one, if it is worth too much here too, or by a payoff that follows the
    same linear rule; only draws that neither settles are solved on their own. The tolerance is that
    of `core_is_empty`, 1e-9 of the largest absolute value of the draw.

    Parameters
    ----------
    values : mapping of frozenset to array_like (P,)
        Worth of every coalition of 1 to 12 players in each draw.

    Returns
    -------
    ndarray (P,)
        Of bool.

    Raises
    ------
    InputError
        For arrays that are not of one length, what is no finite number, coalitions without a value,
        unknown players.

    Examples
    --------
    >>> one, other = frozenset(["one"]), frozenset(["other"])
    >>> core_is_empty_by_draw({one: [1, 1], other: [2, 2], one | other: [5, 2]})
    array([False,  True])
    """
    if not isinstance(values, Mapping) or not values:
        refuse("values", repr(values), "a mapping from coalitions to arrays, one at least")
    arrays = {key: _draws(key, value) for key, value in values.items()}
    lengths = {array.size for array in arrays.values()}
    if len(lengths) > 1:
        refuse(
            "values", f"arrays of {min(lengths)} and of {max(lengths)} draws", "one length for all"
        )
    draws = lengths.pop()
    if not draws:
        return np.zeros(0, bool)
    game = read_game({key: float(array[0]) for key, array in arrays.items()})
    worths = np.zeros((draws, len(game.values)))
    names = players_of(arrays, game)
    place = {name: 1 << i for i, name in enumerate(names)}
    for key, array in arrays.items():
        if not key and array.any():
            refuse(
                "values[{}]", "a number that is not 0", "0: the empty coalition is worth nothing"
            )
        worths[:, sum(place[name] for name in key)] = array
    return _settled(game, worths)


def _draws(key: Any, given: npt.ArrayLike) -> Floats:
    """One coalition's draws as floats."""
    field = f"values[{named(key)}]" if isinstance(key, frozenset) else "values"
    try:
        found = np.asarray(given)
    except ValueError:
        refuse(field, "rows of unequal length", "one number a draw")
    if found.ndim != 1 or found.dtype.kind not in "iuf":
        refuse(field, f"shape {found.shape} of {found.dtype}", "one number a draw")
    numbers = found.astype(np.float64)
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        draw = int(np.argmax(wrong))
        refuse(f"{field}[{draw}]", repr(float(numbers[draw])), "a finite number")
    return numbers


def _settled(game: Game, worths: Floats) -> Flags:
    coalitions = len(game.values)
    if game.size == 1:
        return np.zeros(len(worths), bool)
    members = membership(game.size, np.arange(coalitions)).astype(np.float64)
    tolerance = float(ROUNDING) * np.abs(worths).max(axis=1)
    is_empty = np.zeros(len(worths), bool)
    waiting = np.arange(len(worths))
    while waiting.size:
        first = worths[waiting[0]]
        rule = _rule(game.size, first)
        here = worths[waiting]
        priced = here @ rule
        excess = here[:, 1:-1] - priced[:, :-1] @ members[:, 1:-1]
        # The price of the last row is what a balanced collection is worth beyond all together.
        empty = priced[:, -1] > tolerance[waiting]
        content = excess.max(axis=1) <= tolerance[waiting]
        is_empty[waiting[empty]] = True
        done = empty | content
        if not done[0]:
            # So close to the tolerance that rounding decides: whole numbers do.
            is_empty[waiting[0]] = core_is_empty(_named_values(game, first))
            done[0] = True
        waiting = waiting[~done]
    return is_empty


def _rule(size: int, worths: Floats) -> Floats:
    """From the worths of coalitions to payoffs and largest excess, as at one draw's optimum (2**n, n + 1).

    It holds for every draw that the last column is no more than the least largest excess.
    """
    exact = [demand(float(worth), "values") for worth in worths]
    scale = common_scale(exact)
    programme = OpenProgramme(size, whole(exact, scale), [], [], scale)
    programme.close()
    basis = programme.basis
    rule = np.zeros((1 << size, size + 1))
    for row, column in enumerate(basis.columns):
        # The one column behind the coalitions is that of all players together.
        mask = column if column < 1 << size else (1 << size) - 1
        rule[mask] += basis.inverse[row].astype(np.float64) / basis.determinant
    return rule


def _named_values(game: Game, worths: Floats) -> dict[frozenset[Any], float]:
    return {game.coalition(mask): float(worths[mask]) for mask in range(1, len(worths))}
