"""Whom a mine needs beside itself to cross a threshold of the hash rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from baseload.security.arguments import (
    named_shares,
    numbers,
    one_number,
    refuse,
    share_of_hash_rate,
    whole_numbers,
)
from baseload.security.concentration import STRICTLY
from baseload.security.selfish import selfish_mining_threshold
from baseload.security.share_tables import known_name

MOST_PARTNERS: Final = 4


@dataclass(frozen=True)
class Coalition:
    """The mine and its partners, none of whom could be spared, and what they cross together.

    Attributes
    ----------
    members : tuple of str
        The mine first.
    share : float
        Together.
    threshold : str
        "a tenth", "a third", "a half" or "selfish mining".
    threshold_share : float
        What is crossed, strictly.
    """

    members: tuple[str, ...]
    share: float
    threshold: str
    threshold_share: float


def coalition_share(
    shares: Mapping[str, float], mine_share: float, partners: tuple[str, ...] | list[str]
) -> float:
    """Share of a mine together with named pools, operators or states.

    Parameters
    ----------
    shares : mapping of str to number
        Before the mine; a partner's share is diluted by it as in `with_mine`.
    mine_share : float
        The mine's, 0 to 1.
    partners : sequence of str
        Names in `shares`, each once.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    InputError
        As `with_mine`; for a partner named twice.

    Examples
    --------
    >>> round(coalition_share({"A": 0.6, "B": 0.4}, 0.25, ["B"]), 12)
    0.55
    """
    before = named_shares(shares)
    own = one_number("mine_share", share_of_hash_rate(mine_share, "mine_share"))
    if isinstance(partners, str):
        raise refuse("partners", repr(partners), "a list of names")
    names = [known_name(one, before, "partners") for one in partners]
    if len(set(names)) < len(names):
        twice = next(one for one in names if names.count(one) > 1)
        raise refuse("partners", f"{twice!r} twice", "each partner once")
    return min(own + (1.0 - own) * sum(before[one] for one in names), 1.0)


def coalitions(
    shares: Mapping[str, float],
    mine_share: float,
    *,
    gamma: float = 0.5,
    partners: int = 2,
    name: str = "mine",
) -> tuple[Coalition, ...]:
    """Smallest coalitions of a mine that cross 10 %, selfish mining's threshold, 1/3 and 1/2.

    For each threshold all coalitions of the mine with at most so many partners that have strictly
    more, and would not without any one of the partners. Where the mine crosses it alone, it is the
    only one.

    Parameters
    ----------
    shares : mapping of str to number
        Pools, template families, operators or states before the mine, diluted as in `with_mine`.
    mine_share : float
        The mine's share, 0 to 1.
    gamma : float
        Part of the rest that mines on the attacker's block in a tie, 0 to 1, for the threshold
        (1 - gamma) / (3 - 2 gamma) of selfish mining [1]_.
    partners : int
        From 0 to 4.
    name : str
        The mine's.

    Returns
    -------
    tuple of Coalition
        By threshold, then fewest members, then largest share.

    Raises
    ------
    InputError
        For arguments out of range.

    References
    ----------
    .. [1] I. Eyal, E. G. Sirer, Majority Is Not Enough: Bitcoin Mining Is Vulnerable, 2014,
       https://doi.org/10.1007/978-3-662-45472-5_28

    Examples
    --------
    >>> from baseload.security import hash_rate_shares
    >>> for one in coalitions(hash_rate_shares("state"), 0.27, partners=1):
    ...     print(one.threshold, one.members, round(one.share, 3))
    a tenth ('mine',) 0.27
    selfish mining ('mine',) 0.27
    a third ('mine', 'United States') 0.531
    a third ('mine', 'Russia') 0.391
    a third ('mine', 'China') 0.371
    a half ('mine', 'United States') 0.531
    """
    before = named_shares(shares)
    own = one_number("mine_share", share_of_hash_rate(mine_share, "mine_share"))
    part = one_number("gamma", numbers("gamma", gamma, 0.0, 1.0))
    most = int(one_number("partners", whole_numbers("partners", partners, 0, MOST_PARTNERS)))
    if name in before:
        raise refuse("name", repr(name), "a name that no other has")
    thresholds = {
        "a tenth": 0.1,
        "selfish mining": float(selfish_mining_threshold(part)),
        "a third": 1.0 / 3.0,
        "a half": 0.5,
    }
    diluted = {one: share * (1.0 - own) for one, share in before.items() if share > 0.0}
    found: list[Coalition] = []
    for threshold, limit in sorted(thresholds.items(), key=lambda one: one[1]):
        crossing: list[Coalition] = []
        for size in range(most + 1):
            for group in combinations(diluted, size):
                total = own + sum(diluted[one] for one in group)
                least = min((diluted[one] for one in group), default=0.0)
                spare = size > 0 and total - least > limit + STRICTLY
                if total > limit + STRICTLY and not spare:
                    crossing.append(Coalition((name, *group), min(total, 1.0), threshold, limit))
        found += sorted(crossing, key=lambda one: (len(one.members), -one.share))
    return tuple(found)
