"""The nucleolus where not every party may pay every other."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from baseload.accord.exact import refuse
from baseload.accord.game import Game, Player, floats_by_name, players_of, read_game, read_payoff
from baseload.accord.kohlberg import require_kohlberg
from baseload.accord.least_excess import least_excess
from baseload.accord.transfers import SAME, Allowed, closed_groups, payers_of


def reachable_nucleolus(
    values: Mapping[frozenset[Player], object],
    receipts: Mapping[Player, object],
    allowed: Allowed[Player],
) -> dict[Player, float]:
    """The payoff within reach of allowed payments whose excesses are lexicographically least.

    Within reach is what all players come to from what each receives, by payments between allowed
    pairs, also by way of third parties. That is so exactly if no group whom nobody outside may pay
    gets more than it receives [1]_. Among these payoffs the least excesses are sought as for the
    prenucleolus, and proved in the same way [2]_; with all pairs allowed it is the prenucleolus.

    What coalitions are worth is taken as given: a coalition that walks away is measured by what it
    earns, not by which of its members may pay which. Nor is each player sure of what they are worth
    alone, since payments that bring it may be forbidden.

    Parameters
    ----------
    values : mapping of frozenset to number
        Worth of every coalition of 1 to 12 players; the empty one may be left out.
    receipts : mapping of player to number
        What each receives under the arrangement of all, before any payment; in sum what all players
        are worth together.
    allowed : mapping of player to iterable of players
        Whom each may pay; who is not in it pays nobody.

    Returns
    -------
    dict
        What each player has in the end, in the unit of the values.

    Raises
    ------
    InputError
        For what is no finite number, coalitions without a value, players missing or unknown,
        receipts whose sum is not what all are worth, within 1e-9 of the largest value.

    References
    ----------
    .. [1] D. Gale, A theorem on flows in networks, Pacific Journal of Mathematics 7(2), 1957,
       https://doi.org/10.2140/pjm.1957.7.1073
    .. [2] M. Maschler, J. A. M. Potters, S. H. Tijs, The general nucleolus and the reduced game
       property, International Journal of Game Theory 21, 1992, https://doi.org/10.1007/BF01240254

    Examples
    --------
    Two are worth 10 together and nothing alone, and the first receives it all. Freely they share
    alike; where the first may not pay, it keeps everything.

    >>> one, other = frozenset(["one"]), frozenset(["other"])
    >>> values = {one: 0, other: 0, one | other: 10}
    >>> reachable_nucleolus(values, {"one": 10, "other": 0}, {"one": ["other"]})
    {'one': 5.0, 'other': 5.0}
    >>> reachable_nucleolus(values, {"one": 10, "other": 0}, {"other": ["one"]})
    {'one': 10.0, 'other': 0.0}
    """
    game = read_game(values)
    names = players_of(values, game)
    held = _receipts(receipts, game)
    floors: dict[int, Fraction] = {}
    for group in closed_groups(payers_of(names, allowed), game.all_players):
        if group != game.all_players:
            inside = sum((one for i, one in enumerate(held) if group >> i & 1), Fraction(0))
            # A group that gets no more than it receives leaves the others no less.
            floors[game.all_players ^ group] = game.worth(game.all_players) - inside
    answer = least_excess(game, floors)
    require_kohlberg(game, answer, floors)
    return floats_by_name(names, answer.payoff)


def _receipts(receipts: Mapping[Player, object], game: Game) -> list[Fraction]:
    held = read_payoff(receipts, game, "receipts")
    miss = game.worth(game.all_players) - sum(held, Fraction(0))
    if abs(miss) > SAME * max(game.largest(), *map(abs, held)):
        refuse(
            "receipts",
            f"{float(sum(held, Fraction(0))):.12g} in sum",
            f"{float(game.worth(game.all_players)):.12g} in sum, what all players are worth",
        )
    most = max(range(len(held)), key=lambda i: abs(held[i]))
    held[most] += miss
    return held
