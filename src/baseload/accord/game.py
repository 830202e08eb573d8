"""A cooperative game as arrays over bit masks, read from a mapping and checked once."""

from __future__ import annotations

import reprlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from baseload.accord.exact import Integers, common_scale, demand, exact, integers, listed, refuse
from baseload.accord.exact import whole as whole_numbers
from baseload.errors import Fault, InputError

Player = TypeVar("Player", bound=Hashable)

MOST_PLAYERS = 12
_KEY = "frozensets of players' names"
# Excess times determinant of a basis, over 13 rows: what int64 must hold beside a value.
HEADROOM = 1 << 24


@dataclass(frozen=True)
class Game:
    """A game on n players; coalition S is the mask with bit i set for each player i in S.

    Parameters
    ----------
    players : tuple
        In the order in which the mapping gives their own values.
    values : ndarray (2**n,)
        Whole numbers, worth of each coalition times `scale`; 0 for the empty one.
    scale : int
        At least 1.
    """

    players: tuple[Hashable, ...]
    values: Integers
    scale: int

    @property
    def size(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def all_players(self) -> int:
        """Mask of all players together."""
        return len(self.values) - 1

    def worth(self, mask: int) -> Fraction:
        """Value of a coalition."""
        return Fraction(int(self.values[mask]), self.scale)

    def coalition(self, mask: int) -> frozenset[Hashable]:
        """Names of the players in a mask."""
        return frozenset(self.players[i] for i in range(self.size) if mask >> i & 1)

    def largest(self) -> Fraction:
        """Largest absolute value of any coalition: what tolerances are relative to."""
        return Fraction(int(max(abs(self.values))), self.scale)


def read_game(values: Mapping[frozenset[Player], object]) -> Game:
    """The game that a mapping from coalitions to values states.

    Parameters
    ----------
    values : mapping of frozenset to number
        Every coalition of up to 12 players; the empty one may be left out, and is worth 0.

    Returns
    -------
    Game

    Raises
    ------
    InputError
        For what is no mapping of that kind, a value that is no finite number, a player that the
        largest coalition does not know, coalitions without a value, too many players.

    Examples
    --------
    >>> one, other = frozenset("A"), frozenset("B")
    >>> read_game({one: 1, other: 0.5, one | other: 2}).values.tolist()
    [0, 2, 1, 4]
    """
    if not isinstance(values, Mapping):
        refuse("values", type(values).__name__, f"a mapping from {_KEY} to numbers")
    for key in values:
        if not isinstance(key, frozenset):
            refuse("values", f"the key {reprlib.repr(key)}", f"keys that are {_KEY}")
    players = _players(values)
    worths = _worths(values, players)
    scale = common_scale(worths)
    return Game(tuple(players), integers(whole_numbers(worths, scale), HEADROOM), scale)


def read_payoff(
    payoff: Mapping[Player, object], game: Game, field: str = "payoff"
) -> list[Fraction]:
    """What each player of a game gets, in the order of the game's players.

    Raises
    ------
    InputError
        For what is no mapping, players that are missing or unknown, what is no finite number.
    """
    return read_numbers(payoff, game.players, field)


def read_numbers(
    given: Mapping[Player, object], names: Sequence[Hashable], field: str
) -> list[Fraction]:
    """One number for each name, exactly, in the order of the names.

    Raises
    ------
    InputError
        For what is no mapping, names that are missing or unknown, what is no finite number.
    """
    if not isinstance(given, Mapping):
        refuse(field, type(given).__name__, "a mapping from names to numbers")
    keys: set[Hashable] = set(given)
    if missing := [name for name in names if name not in keys]:
        refuse(
            field, f"no number for {listed(missing)}", f"a number for each of {listed(names, 12)}"
        )
    known = set(names)
    if unknown := [name for name in given if name not in known]:
        refuse(field, f"a number for {listed(unknown)}", f"numbers for {listed(names, 12)} only")
    by_name: dict[Hashable, object] = {name: given[name] for name in given}
    return [demand(by_name[name], f"{field}[{name!r}]") for name in names]


def players_of(values: Mapping[frozenset[Player], object], game: Game) -> list[Player]:
    """The game's players in its order, with the type that the mapping gave them."""
    given: dict[Hashable, Player] = {player: player for key in values for player in key}
    return [given[player] for player in game.players]


def floats_by_name(names: Sequence[Player], numbers: Sequence[Fraction]) -> dict[Player, float]:
    """A mapping from names to floats, each rounded once.

    Raises
    ------
    InputError
        Where a float cannot hold the number.
    """
    try:
        return {name: float(number) for name, number in zip(names, numbers, strict=True)}
    except OverflowError:
        raise InputError(
            Fault(None, None, None, "values", "a result beyond 1.7e308", "smaller values")
        ) from None


def sums_over_members(parts: Sequence[int], dtype: npt.DTypeLike) -> Integers:
    """Sum of the members' parts for every coalition, by doubling.

    Examples
    --------
    >>> sums_over_members([1, 10], np.int64).tolist()
    [0, 1, 10, 11]
    """
    sums = np.zeros(1 << len(parts), dtype)
    for i, part in enumerate(parts):
        sums[1 << i : 2 << i] = sums[: 1 << i] + part
    return sums


def named(coalition: frozenset[Hashable]) -> str:
    """A coalition for a message."""
    return "{" + ", ".join(sorted(str(name) for name in coalition)) + "}"


def _players(values: Mapping[frozenset[Player], object]) -> list[Player]:
    """Players in the order of their own values, or of their names where those are missing."""
    everyone: frozenset[Player] = frozenset().union(*values)
    if not everyone:
        refuse("values", "no player", f"a value for each coalition of 1 to {MOST_PLAYERS} players")
    largest = max(values, key=len)
    complete = 1 < len(largest) < MOST_PLAYERS and (
        sum(1 for key in values if key and key <= largest) == (1 << len(largest)) - 1
    )
    alone_at_top = sum(1 for key in values if len(key) == len(largest)) == 1
    if complete and alone_at_top and largest != everyone:
        stranger = next(key for key in values if not key <= largest)
        refuse(
            "values",
            f"a value for {named(stranger)}, of whom {named(stranger - largest)} is unknown",
            f"coalitions of {named(largest)}, who have a value together",
        )
    if len(everyone) > MOST_PLAYERS:
        refuse("values", f"{len(everyone)} players", f"at most {MOST_PLAYERS} players")
    alone = [player for key in values if len(key) == 1 for player in key]
    return alone + sorted(everyone.difference(alone), key=str)


def _worths(
    values: Mapping[frozenset[Player], object], players: Sequence[Player]
) -> list[Fraction]:
    """Worth of every coalition in the order of the masks."""
    place = {player: 1 << i for i, player in enumerate(players)}
    worths: list[Fraction | None] = [None] * (1 << len(players))
    worths[0] = Fraction(0)
    for key, value in values.items():
        number = exact(value)
        if number is None:
            refuse(f"values[{named(key)}]", reprlib.repr(value), "a finite number")
        elif not key and number:
            refuse("values[{}]", reprlib.repr(value), "0: the empty coalition is worth nothing")
        worths[sum(place[player] for player in key)] = number
    by_size = sorted(range(len(worths)), key=lambda mask: (mask.bit_count(), mask))
    if missing := [mask for mask in by_size if worths[mask] is None]:
        texts = [
            named(frozenset(players[i] for i in range(len(players)) if mask >> i & 1))
            for mask in missing
        ]
        found = f"no value for {listed(texts)}"
        refuse("values", found, f"a value for each coalition of {listed(players, MOST_PLAYERS)}")
    return [worth for worth in worths if worth is not None]
