"""What a share of the hash rate keeps out of the chain by ignoring it, and by a majority.

Who builds the block template decides. A mine behind a pool that hands out templates ignores nothing
by itself: the share that counts here is that of whoever builds them. Threats by a minority are in
`feather_fork`, vetoes of soft forks in `soft_fork`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.security.arguments import (
    broadcast,
    numbers,
    plain,
    share_of_hash_rate,
    whole_numbers,
)
from baseload.security.pace import DAYS_PER_PERIOD, MINUTES_PER_BLOCK

_NEVER = math.inf


@dataclass(frozen=True)
class CensorshipWait:
    """How long a transaction waits that a share of the hash rate ignores.

    Attributes
    ----------
    share : float or ndarray
        Share that leaves it out of its blocks but mines on those of others.
    """

    share: Any

    @property
    def mean_blocks(self) -> Any:
        """Mean number of blocks up to the one that takes it, 1 / (1 - share). [blocks]"""
        with np.errstate(divide="ignore"):
            return plain(1.0 / (1.0 - np.asarray(self.share)))

    @property
    def mean_minutes(self) -> Any:
        """Mean wait. [min]"""
        return plain(MINUTES_PER_BLOCK * np.asarray(self.mean_blocks))

    def survival_blocks(self, blocks: npt.ArrayLike) -> Any:
        """Probability that none of so many blocks takes it, share ** blocks."""
        count = whole_numbers("blocks", blocks, 0, unit="blocks")
        share, count = broadcast(share=np.asarray(self.share), blocks=count)
        return plain(np.power(share, count.astype(np.float64)))

    def survival_minutes(self, minutes: npt.ArrayLike) -> Any:
        """Probability that it still waits after so many minutes, exp(-(1 - share) minutes / 10)."""
        time = numbers("minutes", minutes, 0.0, unit="min")
        share, time = broadcast(share=np.asarray(self.share), minutes=time)
        return plain(np.exp(-(1.0 - share) * time / MINUTES_PER_BLOCK))

    def quantile_blocks(self, probability: npt.ArrayLike) -> Any:
        """Fewest blocks within which it is taken with at least a probability; may be infinite. [blocks]"""
        sure = numbers("probability", probability, 0.0, 1.0)
        share, sure = broadcast(share=np.asarray(self.share), probability=sure)
        with np.errstate(divide="ignore", invalid="ignore"):
            blocks = np.log1p(-sure) / np.log(share)
            # A quotient that is whole but for rounding is that whole number.
            whole = np.rint(blocks)
            blocks = np.where(np.abs(blocks - whole) <= 1e-9 * whole, whole, np.ceil(blocks))
        blocks = np.where((share == 0.0) | (sure == 0.0), 1.0, blocks)
        return plain(np.where((share == 1.0) | ((sure == 1.0) & (share > 0.0)), _NEVER, blocks))

    def quantile_minutes(self, probability: npt.ArrayLike) -> Any:
        """Minutes within which it is taken with a probability; may be infinite. [min]"""
        sure = numbers("probability", probability, 0.0, 1.0)
        share, sure = broadcast(share=np.asarray(self.share), probability=sure)
        with np.errstate(divide="ignore", invalid="ignore"):
            minutes = -MINUTES_PER_BLOCK * np.log1p(-sure) / (1.0 - share)
        return plain(np.where(share == 1.0, _NEVER, minutes + 0.0))


def censorship_wait(share: npt.ArrayLike) -> CensorshipWait:
    """How long a transaction waits that a share ignores.

    The blocks are geometric: each takes it with probability 1 - share, if it pays enough for the
    next block of the others. The minutes are exponential with rate (1 - share) / 10, as who ignores
    it still mines and blocks come every ten minutes.

    Parameters
    ----------
    share : array_like
        Share that ignores it, from 0 to 1; at 1 every wait is infinite and it always survives.

    Returns
    -------
    CensorshipWait
        With means, quantiles and survival in blocks and in minutes.

    Raises
    ------
    InputError
        For a share outside [0, 1].

    Examples
    --------
    >>> wait = censorship_wait(0.27)
    >>> round(wait.mean_minutes, 1), wait.quantile_blocks(0.99), round(wait.survival_minutes(60), 4)
    (13.7, 4.0, 0.0125)
    """
    return CensorshipWait(plain(share_of_hash_rate(share)))


@dataclass(frozen=True)
class HardCensorship:
    """A majority that forks off every offending block until its branch is the longer one.

    Attributes
    ----------
    share : float or ndarray
        Share of the censoring miners.
    holds : bool or ndarray
        Whether it is above one half, so that every fork succeeds.
    cushion : float or ndarray
        Hash rate that must join the rest to end it, 2 share - 1 or 0; the network before is 1.
    missing_new : float or ndarray
        Hash rate that must join the censors until they have half, 1 - 2 share or 0; the network
        before is 1. Any amount more is a majority.
    missing_converted : float or ndarray
        Share that must change sides until they have half, 1/2 - share or 0.
    fork_minutes : float or ndarray
        Mean time until one offending block is orphaned, 20 / (2 share - 1); infinite up to one
        half. [min]
    block_minutes : float or ndarray
        Interval of blocks that stand if the rest goes on offending, 10 / share, until the next
        retarget; ten minutes afterwards, and all rewards are the censors'. [min]
    days_to_retarget : float or ndarray
        Length of a whole period at that interval, 14 / share. [days]
    """

    share: Any
    holds: Any
    cushion: Any
    missing_new: Any
    missing_converted: Any
    fork_minutes: Any
    block_minutes: Any
    days_to_retarget: Any


def hard_censorship(share: npt.ArrayLike) -> HardCensorship:
    """What censorship by a majority needs, how fast it works and what it takes to hold it.

    Parameters
    ----------
    share : array_like
        Share of the censoring miners, from 0 to 1; the machines that stopped may return to the
        rest, so that the share of what could run counts as well as that of what runs.

    Returns
    -------
    HardCensorship
        At exactly one half it does not hold: a fork succeeds in the end, after an infinite mean
        time.

    Raises
    ------
    InputError
        For a share outside [0, 1].

    Examples
    --------
    >>> majority = hard_censorship(0.6)
    >>> majority.holds, round(majority.cushion, 9), round(majority.fork_minutes)
    (True, 0.2, 100)
    """
    q = share_of_hash_rate(share)
    lead = 2.0 * q - 1.0
    with np.errstate(divide="ignore"):
        return HardCensorship(
            share=plain(q),
            holds=plain(q > 0.5),
            cushion=plain(np.maximum(lead, 0.0)),
            missing_new=plain(np.maximum(-lead, 0.0)),
            missing_converted=plain(np.maximum(0.5 - q, 0.0)),
            fork_minutes=plain(
                np.where(q > 0.5, 2.0 * MINUTES_PER_BLOCK / np.maximum(lead, 0.0), _NEVER)
            ),
            block_minutes=plain(MINUTES_PER_BLOCK / q),
            days_to_retarget=plain(DAYS_PER_PERIOD / q),
        )
