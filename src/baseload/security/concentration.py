"""How concentrated the hash rate is, before and after a mine, and whose blocks go stale.

Shares are given by name or as numbers. What they leave of the whole belongs to miners so small that
each counts for nothing. A new share of the whole, as the network has it after its response, leaves
the others the rest in their old proportions: hash rate that joins dilutes them, hash rate that makes
others stop displaces them, and either way their shares are multiplied by one minus the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.security.arguments import (
    SUM_TOLERANCE,
    Shares,
    all_shares,
    broadcast,
    named_shares,
    numbers,
    one_number,
    plain,
    refuse,
    share_of_hash_rate,
)
from baseload.security.pace import SECONDS_PER_BLOCK
from baseload.security.share_tables import known_name

HIGHEST_HHI: Final = 10_000.0
LONGEST_DELAY_S: Final = 60.0
STRICTLY: Final = 1e-12
"""By how much more than a limit counts as more, for the rounding of sums."""


def hhi(shares: Shares) -> Any:
    """Herfindahl–Hirschman index of shares of the hash rate, 0 to 10,000.

    10,000 times the sum of the squares. What the shares leave of the whole adds nothing.

    Parameters
    ----------
    shares : mapping of str to number, or array_like
        Shares, 0 to 1, at most 1 together; of an array along its last axis.

    Returns
    -------
    float or ndarray
        One number fewer in its shape than the array.

    Raises
    ------
    InputError
        For shares outside [0, 1], or above one together by more than 1e-9.

    References
    ----------
    .. [1] U.S. Department of Justice and Federal Trade Commission, Merger Guidelines, 2023, 2.1:
       above 1,800 a market is highly concentrated.

    Examples
    --------
    >>> hhi([0.5, 0.3, 0.2])
    3800.0
    """
    return plain(HIGHEST_HHI * (all_shares(shares) ** 2).sum(axis=-1))


def nakamoto_coefficient(shares: Shares) -> Any:
    """Fewest entities that together have strictly more than one half of the hash rate.

    Parameters
    ----------
    shares : mapping of str to number, or array_like
        As in `hhi`. What counts as an entity (tag, template, operator, state) is the caller's word.

    Returns
    -------
    int or ndarray of int
        From 1.

    Raises
    ------
    InputError
        As `hhi`, and for shares that together have one half or less: the rest would decide.

    References
    ----------
    .. [1] B. S. Srinivasan, L. Lee, Quantifying Decentralization, 2017.

    Examples
    --------
    >>> nakamoto_coefficient([0.5, 0.3, 0.2]), nakamoto_coefficient([0.51, 0.49])
    (2, 1)
    """
    found = -np.sort(-all_shares(shares), axis=-1)
    sums = np.cumsum(found, axis=-1)
    above = sums > 0.5 + STRICTLY
    if not above.any(axis=-1).all():
        raise refuse(
            "shares",
            f"{float(sums[..., -1].min()):.12g} together",
            "more than 0.5 together",
            note="those that are not given could decide who has a majority",
        )
    return plain(np.argmax(above, axis=-1) + 1)


def share_after_joining(added: npt.ArrayLike, displacement: npt.ArrayLike = 0.0) -> Any:
    """Share of the network of hash rate that joins it, when part of the rest leaves for it.

    added / (1 + added (1 - displacement)): at 0 it dilutes the others, at 1 it displaces as much.

    Parameters
    ----------
    added : array_like
        Hash rate that joins, relative to the network before, at least 0.
    displacement : array_like
        Hash rate that leaves per hash rate that joins, 0 to 1; a study's metric of that name.

    Returns
    -------
    float or ndarray
        Share, 0 to 1.

    Raises
    ------
    InputError
        For arguments out of range, or more displaced than there is.

    Examples
    --------
    >>> round(share_after_joining(0.4), 3), share_after_joining(0.4, displacement=1)
    (0.286, 0.4)
    """
    joins = numbers("added", added, 0.0)
    leaves = numbers("displacement", displacement, 0.0, 1.0)
    joins, leaves = broadcast(added=joins, displacement=leaves)
    if (joins * leaves > 1.0 + SUM_TOLERANCE).any():
        raise refuse(
            "added and displacement",
            f"{float((joins * leaves).max()):.12g} of the network displaced",
            "at most 1",
        )
    return plain(np.minimum(joins / (1.0 + joins * (1.0 - leaves)), 1.0))


def share_with_returned(share: npt.ArrayLike, returned: npt.ArrayLike) -> Any:
    """Share of an attacker once machines that had stopped mine against him again.

    share / (1 + returned). An attack is weaker against all that could run than against what runs.

    Parameters
    ----------
    share : array_like
        Of the hash rate that runs, 0 to 1.
    returned : array_like
        Hash rate that comes back, relative to that which runs, at least 0.

    Returns
    -------
    float or ndarray
        Share, 0 to 1.

    Raises
    ------
    InputError
        For arguments out of range, or shapes that do not fit together.

    Examples
    --------
    >>> round(share_with_returned(0.27, 0.2), 3)
    0.225
    """
    part = share_of_hash_rate(share)
    back = numbers("returned", returned, 0.0)
    part, back = broadcast(share=part, returned=back)
    return plain(part / (1.0 + back))


def with_mine(
    shares: Mapping[str, float], mine_share: float, *, name: str = "mine", pool: str | None = None
) -> dict[str, float]:
    """Shares after a mine of a share has joined, under its own name or behind a pool.

    The others keep their proportions and are multiplied by 1 - mine_share.

    Parameters
    ----------
    shares : mapping of str to number
        Before the mine, at most 1 together.
    mine_share : float
        The mine's share of the network with it, after the network's response, 0 to 1.
    name : str
        The mine's, which no other may have.
    pool : str, optional
        The pool whose templates the mine works on: its share then is the pool's. None for templates
        of its own.

    Returns
    -------
    dict of str to float
        A fresh dictionary, largest first.

    Raises
    ------
    InputError
        For shares out of range, a name that is taken, an unknown pool with the nearest spelling.

    Examples
    --------
    >>> with_mine({"A": 0.75, "B": 0.25}, 0.5)
    {'mine': 0.5, 'A': 0.375, 'B': 0.125}
    >>> with_mine({"A": 0.75, "B": 0.25}, 0.5, pool="b")
    {'B': 0.625, 'A': 0.375}
    """
    before = named_shares(shares)
    own = one_number("mine_share", share_of_hash_rate(mine_share, "mine_share"))
    after = {one: share * (1.0 - own) for one, share in before.items()}
    if pool is not None:
        entity = known_name(pool, before)
        after[entity] += own
    elif name in after:
        raise refuse("name", repr(name), "a name that no other has")
    else:
        after[name] = own
    return dict(sorted(after.items(), key=lambda one: -one[1]))


@dataclass(frozen=True)
class ConcentrationChange:
    """Concentration before and after a mine.

    Attributes
    ----------
    hhi_before, hhi_after : float
        0 to 10,000.
    nakamoto_before, nakamoto_after : int
        Entities with strictly more than one half.
    largest_before, largest_after : str
        The entity with the largest share.
    """

    hhi_before: float
    hhi_after: float
    nakamoto_before: int
    nakamoto_after: int
    largest_before: str
    largest_after: str


def concentration_change(
    shares: Mapping[str, float], mine_share: float, *, name: str = "mine", pool: str | None = None
) -> ConcentrationChange:
    """Index, coefficient and largest entity before and after a mine of a share.

    Parameters
    ----------
    shares, mine_share, name, pool
        As in `with_mine`.

    Returns
    -------
    ConcentrationChange
        Both sides.

    Raises
    ------
    InputError
        As `with_mine` and `nakamoto_coefficient`.

    Examples
    --------
    >>> from baseload.security import hash_rate_shares
    >>> change = concentration_change(hash_rate_shares("template"), 0.27)
    >>> round(change.hhi_before), round(change.hhi_after), change.nakamoto_after
    (2213, 1908, 2)
    """
    before = named_shares(shares)
    after = with_mine(before, mine_share, name=name, pool=pool)
    return ConcentrationChange(
        hhi(before),
        hhi(after),
        nakamoto_coefficient(before),
        nakamoto_coefficient(after),
        max(before, key=lambda one: before[one]),
        next(iter(after)),
    )


def stale_rate(shares: Shares, delay_s: npt.ArrayLike) -> Any:
    """Part of each miner's blocks that end off the chain, from the delay between miners.

    To first order delay / 600 × (1 - 2 share + sum of squares): two blocks found by different miners
    within the delay compete, each finder mines on his own, the rest on either with even chances. A
    large miner loses fewer, as he does not compete with himself.

    Parameters
    ----------
    shares : mapping of str to number, or array_like
        As in `hhi`; what they leave belongs to miners that count for nothing each.
    delay_s : array_like
        Time until a block has reached the others, the same for all, 0 to 60. [s]

    Returns
    -------
    dict of str to float, or ndarray
        By the names given, or in the shape of the shares. A dictionary needs one delay.

    Raises
    ------
    InputError
        As `hhi`, and for a delay out of range, beyond which the first order says little.

    Examples
    --------
    >>> stale_rate([0.3, 0.1], 6).round(6).tolist()
    [0.005, 0.009]
    """
    array = all_shares(shares)
    delay = numbers("delay_s", delay_s, 0.0, LONGEST_DELAY_S, unit="s")
    if isinstance(shares, Mapping):
        one_number("delay_s", delay)
    squares = (array**2).sum(axis=-1, keepdims=True)
    array, late, squares = broadcast(
        shares=array, delay_s=delay[..., None] if delay.ndim else delay, squares=squares
    )
    rate = late / SECONDS_PER_BLOCK * (1.0 - 2.0 * array + squares)
    if isinstance(shares, Mapping):
        return dict(zip(shares, rate.tolist(), strict=True))
    return rate
