"""The threat of a minority to fork off any block with an offending transaction, and what it costs.

References
----------
.. [1] W. Feller, An Introduction to Probability Theory and Its Applications, volume 1, 3rd edition,
   1968, chapters III and XIV (ballot theorem, first passage, ruin).
.. [2] A. Miller, Feather-forks: enforcing a blacklist with sub-50% hash power, bitcointalk.org,
   topic 312668, 2013.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.security.arguments import (
    SUM_TOLERANCE,
    Floats,
    Wholes,
    broadcast,
    numbers,
    plain,
    refuse,
    share_of_hash_rate,
    whole_numbers_or_none,
)
from baseload.security.pace import BLOCKS_PER_DAY
from baseload.security.tails import log_first_passage

MOST_ON_TOP: Final = 100_000
_NEVER = math.inf


@dataclass(frozen=True)
class FeatherForking:
    """The threat to fork off any block with an offending transaction.

    Attributes
    ----------
    share : float or ndarray
        Hash rate that mines on the fork while it lasts, followers counted.
    give_up_after : int, ndarray or None
        Blocks on top of the offending one at which the fork is given up. [blocks]
    probability : float or ndarray
        That the offending block is orphaned.
    """

    share: Any
    give_up_after: Any
    probability: Any

    @property
    def orphaned_on_top(self) -> Any:
        """Blocks on top of the offending one that are orphaned with it, as expected. [blocks]"""
        q = np.asarray(self.share, dtype=np.float64)
        if self.give_up_after is None:
            with np.errstate(divide="ignore"):
                # Given that it succeeds, it takes 2 / |p - q| blocks of all miners, half of them less
                # one on top of the offending one.
                return plain(self.probability * (1.0 / np.abs(1.0 - 2.0 * q) - 1.0))
        q, limit = broadcast(share=q, give_up_after=np.asarray(self.give_up_after))
        total = np.zeros(q.shape)
        term = q**2  # with j = 0 blocks on top
        for j in range(1, int(limit.max(initial=0))):
            term = term * q * (1.0 - q) * 2.0 * (2 * j + 1) / (j + 2)
            total += np.where(j < limit, j * term, 0.0)
        return plain(total)

    def break_even_fee(self, reward: npt.ArrayLike, own_share: npt.ArrayLike = 0.0) -> Any:
        """Fee of the offending transaction from which including it pays.

        A miner without weight loses his block with the probability P of the attribute: the fee f
        must make (1 - P)(reward + f) at least the reward. A miner of a share h also defends his
        block, and loses h / (1 - share) of the blocks on top that are orphaned with it:

            f = reward × (P + h / (1 - share) × orphaned_on_top) / (1 - P)

        Parameters
        ----------
        reward : array_like
            Subsidy and fees of a block without that transaction, at least 0. [any money]
        own_share : array_like
            The including miner's share, from 0 to what the fork leaves.

        Returns
        -------
        float or ndarray
            Infinite where the fork always succeeds, unless there is no reward. [the same money]

        Raises
        ------
        InputError
            For an own share that with the fork's is above one.
        """
        _, pay, chance, risk = self._at_risk(own_share, reward)
        with np.errstate(divide="ignore", invalid="ignore"):
            fee = risk / (1.0 - chance)
        return plain(np.where(pay == 0.0, 0.0, np.where(chance < 1.0, fee, _NEVER)))

    def compliance_cost_per_day(self, own_share: npt.ArrayLike, fee: npt.ArrayLike) -> Any:
        """Fees that a miner of a share gives up in a day by leaving the transactions out.

        Parameters
        ----------
        own_share : array_like
            The miner's share, from 0 to what the fork leaves.
        fee : array_like
            Fees of offending transactions that a block could take, at least 0. [any money]

        Returns
        -------
        float or ndarray
            [the same money]
        """
        own = share_of_hash_rate(own_share, "own_share")
        offer = numbers("fee", fee, 0.0)
        own, offer, fork = broadcast(own_share=own, fee=offer, share=np.asarray(self.share))
        _added(own, fork, "own_share and share")
        return plain(BLOCKS_PER_DAY * own * offer)

    def resistance_cost_per_day(
        self, own_share: npt.ArrayLike, reward: npt.ArrayLike, fee: npt.ArrayLike = 0.0
    ) -> Any:
        """What a miner of a share loses in a day by including such transactions in all his blocks.

        Less the fees he gains; below zero where including pays. Blocks come every ten minutes.

        Parameters
        ----------
        own_share : array_like
            The miner's share, from 0 to what the fork leaves.
        reward : array_like
            Subsidy and fees of a block without those transactions, at least 0. [any money]
        fee : array_like
            Fees of offending transactions that a block could take, at least 0. [the same money]

        Returns
        -------
        float or ndarray
            Infinite only where the fork has exactly half and never gives up. [the same money]
        """
        own, _, chance, risk = self._at_risk(own_share, reward)
        offer = numbers("fee", fee, 0.0)
        own, chance, risk, offer = broadcast(own_share=own, chance=chance, risk=risk, fee=offer)
        a_block = risk - (1.0 - chance) * offer
        return plain(BLOCKS_PER_DAY * own * np.where(own > 0.0, a_block, 0.0))

    def _at_risk(
        self, own_share: npt.ArrayLike, reward: npt.ArrayLike
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Own share, reward, probability, and the expected loss of rewards by an offending block."""
        own = share_of_hash_rate(own_share, "own_share")
        pay = numbers("reward", reward, 0.0)
        own, pay, fork, chance, on_top = broadcast(
            own_share=own,
            reward=pay,
            share=np.asarray(self.share),
            probability=np.asarray(self.probability),
            orphaned_on_top=np.asarray(self.orphaned_on_top),
        )
        _added(own, fork, "own_share and share")
        with np.errstate(divide="ignore", invalid="ignore"):
            # No weight, no blocks on top; no reward, no loss: also where the rest is infinite.
            lost = chance + np.where(own > 0.0, own / (1.0 - fork) * on_top, 0.0)
            return own, pay, chance, np.where(pay > 0.0, pay * lost, 0.0)


def feather_forking(
    share: npt.ArrayLike,
    give_up_after: npt.ArrayLike | None,
    *,
    followers: npt.ArrayLike = 0.0,
) -> FeatherForking:
    """Probability that a share which forks off offending blocks has one orphaned.

    The share forks from the parent of the offending block, must become strictly longer, and gives up
    when `give_up_after` blocks k stand on top of it. With q the share and p = 1 - q, success with j
    blocks on top is a first passage to two [1]_:

        P = sum over j < k of 2 / (2 j + 2) C(2 j + 2, j) p^j q^(j + 2)

    which is q^2 at k = 1, and (q / p)^2 or 1 without end. The threat was described in [2]_.

    Parameters
    ----------
    share : array_like
        Share that makes the threat, from 0 to 1.
    give_up_after : array_like of int, or None
        From 1 to 100,000; None for never. [blocks]
    followers : array_like
        Further share that mines on the fork while it lasts, so as not to be on the losing side. All
        others mine on the first block they saw, the offending one.

    Returns
    -------
    FeatherForking
        The probability, and what compliance or resistance costs.

    Raises
    ------
    InputError
        For shares outside [0, 1] or above one together, and k that is no whole number in range.

    References
    ----------
    .. [1] W. Feller, 1968, chapter III. .. [2] A. Miller, bitcointalk.org, topic 312668, 2013.

    Examples
    --------
    >>> [round(feather_forking(0.27, k).probability, 3) for k in (1, 6, None)]
    [0.073, 0.131, 0.137]
    >>> round(feather_forking(0.27, 6).break_even_fee(reward=3.145), 3)
    0.475
    """
    q = share_of_hash_rate(share)
    more = share_of_hash_rate(followers, "followers")
    limit: Wholes | None = whole_numbers_or_none(
        "give_up_after", give_up_after, 1, MOST_ON_TOP, "blocks"
    )
    if limit is None:
        q, more = broadcast(share=q, followers=more)
    else:
        q, more, limit = broadcast(share=q, followers=more, give_up_after=limit)
    fork = _added(q, more, "share and followers")
    two = np.asarray(2, dtype=np.int64)
    # Two ahead of the parent before k stand on top: within 2 k blocks of all miners.
    log = log_first_passage(fork, two, None if limit is None else 2 * limit)
    return FeatherForking(plain(fork), None if limit is None else plain(limit), plain(np.exp(log)))


def _added(one: Floats, other: Floats, field: str) -> Floats:
    total = np.asarray(one + other)
    if (total > 1.0 + SUM_TOLERANCE).any():
        raise refuse(field, f"{float(total.max()):.12g} together", "at most 1 together")
    return np.minimum(total, 1.0)
