"""The chain after a large mine is lost, and with one that comes and goes with hashprice.

Expected values, no chance: blocks come evenly. Difficulty follows Bitcoin's rule [1]_: every 2,016
blocks it is multiplied by two weeks over the time they took, by a factor from 1/4 to 4. That the
protocol measures 2,015 of the 2,016 intervals moves all of it by one part in two thousand and is
left out, as are the whole numbers of the compact target.

References
----------
.. [1] Bitcoin Core, `pow.cpp`, `CalculateNextWorkRequired`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.network.protocol import BLOCKS_PER_PERIOD, RETARGET_CLAMP
from baseload.security.arguments import (
    Floats,
    numbers,
    one_number,
    share_of_hash_rate,
    whole_numbers,
)
from baseload.security.pace import DAYS_PER_PERIOD, MINUTES_PER_BLOCK
from baseload.units import SECONDS_PER_DAY

MOST_PERIODS: Final = 100_000
_SETTLED = 1e-9
_SAME = 1e-12


@dataclass(frozen=True)
class ChainAfterLoss:
    """The stretches between retargets after a loss, from the loss until ten minutes a block.

    Attributes
    ----------
    difficulty : ndarray (K,)
        Of each stretch, relative to that before the loss.
    block_minutes : ndarray (K,)
        Mean time between blocks in each. The last one is ten minutes again. [min]
    days_to_retarget : ndarray (K,)
        From the loss to the retarget that ends each; the last is the end of the first period of ten
        minutes. [days]
    blocks : ndarray (K,)
        In each stretch. [blocks]
    """

    difficulty: Floats
    block_minutes: Floats
    days_to_retarget: Floats
    blocks: npt.NDArray[np.int64]

    @property
    def days_to_normal(self) -> float:
        """Days from the loss until blocks take ten minutes again; infinite if they never do. [days]"""
        if math.isinf(self.block_minutes[-1]):
            return math.inf
        return float(self.days_to_retarget[-2]) if len(self.days_to_retarget) > 1 else 0.0


def loss_of_share(share: float, at_block: int = 0) -> ChainAfterLoss:
    """Interval of blocks and days to the next retargets when a share vanishes for good.

    Blocks take 10 / (1 - share) minutes until the retarget. It sees the whole period: of a share
    lost at its first block it makes up in full, of one lost later only in part, and the period after
    that the rest. A factor of 4 at most a retarget matters only above a share of 3/4.

    Parameters
    ----------
    share : float
        Share of the hash rate that vanishes, from 0 to 1; at 1 no block comes any more, and
        interval and days are infinite.
    at_block : int
        Blocks of the period that had come, from 0 to 2,015. [blocks]

    Returns
    -------
    ChainAfterLoss
        One stretch until each retarget, the last with ten minutes a block.

    Raises
    ------
    InputError
        For a share outside [0, 1], a block outside the period, or an array.

    Examples
    --------
    >>> after = loss_of_share(0.27)
    >>> after.block_minutes.round(1).tolist(), after.days_to_retarget.round(1).tolist()
    ([13.7, 10.0], [19.2, 33.2])
    >>> loss_of_share(0.27, at_block=1008).block_minutes.round(2).tolist()
    [13.7, 11.56, 10.0]
    """
    left = 1.0 - one_number("share", share_of_hash_rate(share))
    begun = int(
        one_number("at_block", whole_numbers("at_block", at_block, 0, BLOCKS_PER_PERIOD - 1))
    )
    if left == 0.0:
        return ChainAfterLoss(
            np.ones(1),
            np.full(1, np.inf),
            np.full(1, np.inf),
            np.array([BLOCKS_PER_PERIOD - begun]),
        )
    difficulties, intervals, days, counts = [], [], [], []
    difficulty, elapsed, before = 1.0, 0.0, begun * MINUTES_PER_BLOCK
    blocks = BLOCKS_PER_PERIOD - begun
    while True:
        interval = MINUTES_PER_BLOCK * difficulty / left
        minutes = blocks * interval
        elapsed += minutes * 60.0 / SECONDS_PER_DAY
        difficulties.append(difficulty)
        intervals.append(interval)
        days.append(elapsed)
        counts.append(blocks)
        if abs(interval / MINUTES_PER_BLOCK - 1.0) <= _SETTLED:
            break
        difficulty = _retargeted(difficulty, before + minutes)
        blocks, before = BLOCKS_PER_PERIOD, 0.0
    return ChainAfterLoss(
        np.array(difficulties), np.array(intervals), np.array(days), np.array(counts)
    )


@dataclass(frozen=True)
class SwitchingMine:
    """Periods of a network with a mine that runs only while hashprice pays for it.

    Attributes
    ----------
    difficulty : ndarray (K,)
        In each period, relative to that at which the whole mine gives ten minutes a block.
    running : ndarray (K,)
        Part of the mine that runs, 0 to 1.
    share : ndarray (K,)
        The mine's share of the hash rate that runs.
    block_minutes : ndarray (K,)
        [min]
    days : ndarray (K,)
        Length of each period. [days]
    """

    difficulty: Floats
    running: Floats
    share: Floats
    block_minutes: Floats
    days: Floats

    @property
    def swing(self) -> float:
        """Longest over shortest interval of blocks in the last two periods; 1 where it has settled."""
        last = self.block_minutes[-2:]
        return float(last.max() / last.min())


def switching_mine(
    share: float,
    break_even_hashprice: float,
    *,
    elasticity: float | None = None,
    start_difficulty: float = 1.0,
    periods: int = 26,
) -> SwitchingMine:
    """Periods of a network whose mine of a share runs while hashprice covers its cost.

    Hashprice at a given price of the coin goes as 1 / difficulty, and is 1 where the whole mine runs
    at ten minutes a block. At the start of each period the part that runs is

        min(1, (hashprice / break-even)^elasticity)

    or, without an elasticity, all of it from break-even on and none below. The difficulty of the
    next period is the hash rate of this one, within a factor of four. Where break-even lies between
    1 and 1 / (1 - share) a mine that switches never settles: with it the difficulty is too high for
    it, without it low enough. An elastic one oscillates where its own reaction to difficulty,
    elasticity × its share, is above one.

    Parameters
    ----------
    share : float
        The mine's share of the hash rate when all of it runs, from 0 to below 1.
    break_even_hashprice : float
        Hashprice that covers the mine's cost, relative to that with all of it running, above 0.
    elasticity : float, optional
        Of the part that runs to hashprice, from 0 to 1,000; none for a mine that switches as one.
    start_difficulty : float
        Relative difficulty of the first period, from 0.001 to 1,000.
    periods : int
        From 2 to 100,000; 26 are a year at ten minutes a block.

    Returns
    -------
    SwitchingMine
        Difficulty, running part, share, interval and length of each period.

    Raises
    ------
    InputError
        For an argument outside its range.

    Examples
    --------
    >>> switching_mine(0.27, 1.2, periods=6).block_minutes.round(1).tolist()
    [13.7, 7.3, 13.7, 7.3, 13.7, 7.3]
    >>> round(switching_mine(0.27, 1.2, elasticity=2).swing, 3)
    1.0
    """
    whole = one_number("share", numbers("share", share, 0.0, 1.0, below_most=True))
    cost = one_number(
        "break_even_hashprice",
        numbers("break_even_hashprice", break_even_hashprice, 0.0, above_least=True),
    )
    power = (
        None
        if elasticity is None
        else one_number("elasticity", numbers("elasticity", elasticity, 0.0, 1000.0))
    )
    first = one_number("start_difficulty", numbers("start_difficulty", start_difficulty, 1e-3, 1e3))
    count = int(one_number("periods", whole_numbers("periods", periods, 2, MOST_PERIODS)))
    difficulty, running = np.empty(count), np.empty(count)
    now = first
    for period in range(count):
        part = _running_part(1.0 / (now * cost), power)
        difficulty[period], running[period] = now, part
        hash_rate = 1.0 - whole + whole * part
        now = _retargeted(now, BLOCKS_PER_PERIOD * MINUTES_PER_BLOCK * now / hash_rate)
    own = whole * running
    total = 1.0 - whole + own
    interval = MINUTES_PER_BLOCK * difficulty / total
    return SwitchingMine(
        difficulty, running, own / total, interval, DAYS_PER_PERIOD * difficulty / total
    )


def _running_part(hashprice_over_cost: float, elasticity: float | None) -> float:
    # Equal but for rounding is equal: a mine at break-even would seem to switch.
    if hashprice_over_cost >= 1.0 - _SAME:
        return 1.0
    return 0.0 if elasticity is None else float(hashprice_over_cost**elasticity)


def _retargeted(difficulty: float, period_minutes: float) -> float:
    """Difficulty after a period that took so long, within a factor of four."""
    wanted = BLOCKS_PER_PERIOD * MINUTES_PER_BLOCK
    held = min(max(period_minutes, wanted / RETARGET_CLAMP), wanted * RETARGET_CLAMP)
    return difficulty * wanted / held
