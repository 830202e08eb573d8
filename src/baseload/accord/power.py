"""Power indices: how often a party turns a losing coalition into a winning one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import factorial
from typing import Any, TypeVar, cast

from baseload.accord.exact import common_scale, demand, listed, refuse, whole
from baseload.accord.game import read_numbers
from baseload.accord.rules import swings_of_rule
from baseload.accord.swings import Voting, win_counts

Name = TypeVar("Name", bound=Hashable)

Weights = Mapping[Name, object] | Sequence[Mapping[Name, object]] | Iterable[Name]
Rule = Callable[[frozenset[Name]], object]


def shapley_shubik_index(
    weights: Weights[Name],
    quota: object = None,
    *,
    vetoes: Iterable[Name] = (),
    blocking_minority: int | None = None,
    rule: Rule[Name] | None = None,
    groups: Iterable[Iterable[Name]] = (),
) -> dict[Name, float]:
    """Share of all orders of joining in which a player is the one who makes the coalition win.

    The Shapley value of the game in which a winning coalition is worth one [1]_. It adds up to one.
    Coalitions are counted, not listed, so that there is no limit at 12 players; see `banzhaf_index`
    for what a rule may be, and for the limits that there are.

    Parameters
    ----------
    weights, quota, vetoes, blocking_minority, rule, groups
        As for `banzhaf_index`.

    Returns
    -------
    dict
        Index of each player, from 0 to 1.

    Raises
    ------
    InputError
        As `banzhaf_index`.

    References
    ----------
    .. [1] L. S. Shapley, M. Shubik, A Method for Evaluating the Distribution of Power in a Committee
       System, American Political Science Review 48(3), 1954, https://doi.org/10.2307/1951053

    Examples
    --------
    With 50, 49 and 1 of a hundred and 51 needed, the smallest has the power of the second.

    >>> index = shapley_shubik_index({"A": 50, "B": 49, "C": 1}, 51)
    >>> {name: round(share, 3) for name, share in index.items()}
    {'A': 0.667, 'B': 0.167, 'C': 0.167}
    """
    names, swings = _swings(weights, quota, vetoes, blocking_minority, rule, groups)
    players = len(names)
    orders = [factorial(size) * factorial(players - 1 - size) for size in range(players)]
    indices = [
        Fraction(sum(n * ways for n, ways in zip(row, orders, strict=True)), factorial(players))
        for row in swings
    ]
    if sum(indices) != 1:
        raise RuntimeError("the indices do not add up to one")
    return {name: float(index) for name, index in zip(names, indices, strict=True)}


def banzhaf_index(
    weights: Weights[Name],
    quota: object = None,
    normalised: bool = True,
    *,
    vetoes: Iterable[Name] = (),
    blocking_minority: int | None = None,
    rule: Rule[Name] | None = None,
    groups: Iterable[Iterable[Name]] = (),
) -> dict[Name, float]:
    """How many of the other players' coalitions a player turns from losing to winning.

    Normalised, as a share of all players' swings, so that it adds up to one [1]_. Not normalised, as
    a share of the 2**(n - 1) coalitions of the others: the probability of being decisive where
    everyone else tosses a coin [2]_, [3]_.

    Parameters
    ----------
    weights : mapping of name to number, or list of them
        What each player weighs, at least 0: whole numbers, decimals or fractions. Several mappings
        on the same names go with as many quotas. With `rule`, just the names.
    quota : number, or list of numbers
        What the members of a winning coalition weigh at least, for each of the mappings; above 0 and
        no more than all together. All quotas must be met.
    normalised : bool
    vetoes : iterable of names
        Who must be in, whatever the others weigh.
    blocking_minority : int, optional
        How many must stay out at least to keep a coalition from winning: with fewer outside it needs
        no quota, though still those with a veto.
    rule : callable, optional
        Instead of a quota: says for a frozenset of names whether it wins. It is asked about 2**18
        coalitions at most, which is 18 players of whom no two are alike.
    groups : iterable of iterables of names
        For `rule`: players whom it treats alike, so that only their number matters.

    Returns
    -------
    dict
        Index of each player, from 0 to 1.

    Raises
    ------
    InputError
        For weights below zero, quotas that nobody or everybody meets, unknown names, a rule that
        says neither True nor False or by which who joins makes a coalition lose. For too much to
        count: sums of weights with more than some 10 million different values below the quotas *and*
        more than 36 players without a veto.

    References
    ----------
    .. [1] J. F. Banzhaf, Weighted voting doesn't work: a mathematical analysis, Rutgers Law Review 19,
       1965
    .. [2] L. S. Penrose, The Elementary Statistics of Majority Voting, Journal of the Royal
       Statistical Society 109(1), 1946, https://doi.org/10.2307/2981392
    .. [3] P. Dubey, L. S. Shapley, Mathematical Properties of the Banzhaf Power Index, Mathematics of
       Operations Research 4(2), 1979, https://doi.org/10.1287/moor.4.2.99

    Examples
    --------
    >>> banzhaf_index({"A": 50, "B": 49, "C": 1}, 51)
    {'A': 0.6, 'B': 0.2, 'C': 0.2}
    >>> banzhaf_index({"A": 50, "B": 49, "C": 1}, 51, normalised=False)
    {'A': 0.75, 'B': 0.25, 'C': 0.25}

    Owner and operator must both agree, and one of two banks.

    >>> def carried(coalition):
    ...     return {"owner", "operator"} <= coalition and len(coalition) >= 3
    >>> banzhaf_index(["owner", "operator", "bank", "fund"], rule=carried, normalised=False)
    {'owner': 0.375, 'operator': 0.375, 'bank': 0.125, 'fund': 0.125}
    """
    names, swings = _swings(weights, quota, vetoes, blocking_minority, rule, groups)
    totals = [sum(row) for row in swings]
    base = sum(totals) if normalised else 1 << (len(names) - 1)
    return {name: float(Fraction(own, base)) for name, own in zip(names, totals, strict=True)}


def _swings(
    weights: Weights[Name],
    quota: object,
    vetoes: Iterable[Name],
    blocking_minority: int | None,
    rule: Rule[Name] | None,
    groups: Iterable[Iterable[Name]],
) -> tuple[list[Name], list[list[int]]]:
    """The names, and for each the losing coalitions of the others that they turn, by size."""
    listed_groups = [_names_of(group, "groups") for group in groups]
    if rule is None:
        if listed_groups:
            refuse("groups", "groups without a rule", "groups of players alike under a rule")
        mappings, quotas = _criteria(weights, quota)
        names = list(mappings[0])
        voting = _voting(names, mappings, quotas, _names_of(vetoes, "vetoes"), blocking_minority)
        return names, _swings_of(voting)
    if not callable(rule):
        allowed = "a function that says for a frozenset of names whether it wins"
        refuse("rule", type(rule).__name__, allowed)
    for field, given in (("quota", quota), ("blocking_minority", blocking_minority)):
        if given is not None:
            refuse(field, f"{given!r} beside a rule", "either weights and a quota, or a rule")
    if _names_of(vetoes, "vetoes"):
        refuse("vetoes", "names beside a rule", "a rule that says itself who must be in")
    names = _names_of(weights, "weights")
    if not names:
        refuse("weights", "no name", "the names of all players, beside a rule")
    asked = cast(Callable[[frozenset[Hashable]], object], rule)
    return names, swings_of_rule(names, asked, listed_groups)


def _swings_of(voting: Voting) -> list[list[int]]:
    counts = win_counts(voting)
    players = len(voting.vetoes)
    swings = []
    for containing in counts.containing:
        # By monotony those that win without the player also win with them.
        without = [every - own for every, own in zip(counts.every, containing, strict=True)]
        swings.append([containing[size + 1] - without[size] for size in range(players)])
    return swings


def _names_of(given: Any, field: str) -> list[Any]:
    """Names in an iterable, each once; a text is no list of names."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        refuse(field, repr(given), "names in a list, a set or a mapping")
    return list(dict.fromkeys(given))


def _criteria(weights: Any, quota: Any) -> tuple[list[Mapping[Any, object]], list[object]]:
    allowed = "a mapping from names to weights and a quota, or as many of one as of the other"
    if isinstance(weights, Mapping):
        several = isinstance(quota, Sequence) and not isinstance(quota, str)
        mappings, quotas = [weights], list(quota) if several else [quota]
    elif isinstance(weights, Sequence) and all(isinstance(one, Mapping) for one in weights):
        mappings = list(weights)
        if isinstance(quota, str) or not isinstance(quota, Iterable):
            refuse("quota", repr(quota), f"a list of {len(mappings)} quotas, one for each mapping")
        quotas = list(quota)
    else:
        refuse("weights", type(weights).__name__, f"{allowed}; names alone go with a rule")
    if not mappings or len(mappings) != len(quotas):
        refuse("quota", f"{len(quotas)} quotas for {len(mappings)} mappings of weights", allowed)
    if not mappings[0]:
        refuse("weights", "no name", "at least one name with a weight")
    return mappings, quotas


def _voting(
    names: list[Any],
    mappings: list[Mapping[Any, object]],
    quotas: list[object],
    vetoes: list[Any],
    blocking_minority: int | None,
) -> Voting:
    rows, needed = [], []
    for k, (mapping, quota) in enumerate(zip(mappings, quotas, strict=True)):
        place = "" if len(mappings) == 1 else f"[{k}]"
        numbers = read_numbers(mapping, names, f"weights{place}")
        for name, number in zip(names, numbers, strict=True):
            if number < 0:
                refuse(f"weights{place}[{name!r}]", repr(mapping[name]), "a number of at least 0")
        total = sum(numbers, Fraction(0))
        allowed = f"a number above 0 and at most {float(total):.12g}, what all weigh together"
        least = demand(quota, f"quota{place}", allowed)
        if not 0 < least <= total:
            refuse(f"quota{place}", repr(quota), allowed)
        scale = common_scale(numbers)
        rows.append(tuple(whole(numbers, scale)))
        # Sums are whole in these units, so that a quota between two of them is the upper one.
        needed.append(-(-least.numerator * scale // least.denominator))
    if unknown := [name for name in vetoes if name not in mappings[0]]:
        refuse("vetoes", listed(unknown), f"names that have a weight: {listed(names, 12)}")
    outright = None
    if blocking_minority is not None:
        allowed = f"a whole number from 1 to {len(names)}"
        minority = demand(blocking_minority, "blocking_minority", allowed)
        if minority.denominator != 1 or not 1 <= minority <= len(names):
            refuse("blocking_minority", repr(blocking_minority), allowed)
        outright = len(names) - int(minority) + 1
    held = frozenset(vetoes)
    return Voting(tuple(rows), tuple(needed), tuple(name in held for name in names), outright)
