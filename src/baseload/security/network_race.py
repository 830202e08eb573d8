"""A simulated network: several miners, some with strategies of their own, delay and retargets.

Slower than `race`, for what formulas do not reach: two selfish miners at once, selfish mining with
orphans of the ordinary kind, time until difficulty has made up for lost blocks.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baseload.network.protocol import BLOCKS_PER_PERIOD
from baseload.security.arguments import SUM_TOLERANCE
from baseload.security.pace import SECONDS_PER_BLOCK
from baseload.security.policy import MiningPolicy
from baseload.security.race import INTERVAL_QUANTILE
from baseload.security.strategy_arguments import (
    Floats,
    fault,
    one_share,
    positive,
    shares,
    tie_rule,
    whole,
)

_MOST_MINERS = 1_000
_MOST_RUN_BLOCKS = 20_000_000


@dataclass(frozen=True)
class SimulatedNetwork:
    """What became of the blocks of n miners.

    Parameters
    ----------
    revenue, standard_error : ndarray (n,)
        Part of the chain's blocks by miner, and its standard error by the spread of the runs. [1]
    stale : ndarray (n,)
        Part of his blocks that did not stay in the chain. [1]
    blocks, chain_blocks : int
        Found by anyone, and in the chain. [blocks]
    seconds_per_chain_block : float
        Mean over all runs from their beginning, the first period included. [s]
    difficulty : float
        Mean at the end of the runs, 1 at their beginning.
    """

    revenue: Floats
    standard_error: Floats
    stale: Floats
    blocks: int
    chain_blocks: int
    seconds_per_chain_block: float
    difficulty: float

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """Ends of the 99 % confidence intervals of the revenues."""
        reach = INTERVAL_QUANTILE * self.standard_error
        return self.revenue - reach, self.revenue + reach


def simulate_network(
    share: npt.ArrayLike,
    policies: Sequence[MiningPolicy | None] | None = None,
    gamma: float = 0.0,
    tie: str = "gamma",
    delay_s: float = 0.0,
    blocks: int = 1_000_000,
    runs: int = 32,
    seed: int = 1,
    period: int = BLOCKS_PER_PERIOD,
    threads: int | None = None,
) -> SimulatedNetwork:
    """Let miners find blocks, and see whose stay.

    Honest miners extend the longest branch they know, the first seen among equals. A strategic
    miner follows his table, counting from where his branch and the longest public one part; he
    acts when he finds a block and when a longer public branch reaches him. Where a branch of his
    ties with the public one, `gamma` of the honest hash rate takes it; if several strategic miners
    tie at once, they share that part equally. A block reaches everyone but its finder `delay_s`
    after it was published.

    Parameters
    ----------
    share : array_like (n,)
        Parts of the hash rate, which add up to 1. [1]
    policies : sequence of MiningPolicy or None, optional
        What each miner does; None mines honestly, as do all where nothing is stated.
    gamma : float
        Part of the honest hash rate that mines on a strategic miner's branch at a tie. [1]
    tie : str
        "gamma", or "uniform": honest miners take each of the tied branches alike.
    delay_s : float
        Time from the publication of a block to its arrival. [s]
    blocks : int
        Blocks to find over all runs, at least. [blocks]
    runs : int
        Independent runs, 2 to 100,000, each from a fresh chain; their spread gives the errors.
    seed : int
        Any whole number.
    period : int
        Chain blocks between retargets, 0 for none; the time of a period is held within a factor of
        four. Branches have one difficulty, that of the longest public branch. [blocks]
    threads : int, optional
        As many as there are processors if not stated; the result is the same.

    Returns
    -------
    SimulatedNetwork

    Raises
    ------
    InputError
        If a number is out of range, shares do not add up to 1, or there is another number of policies.

    Examples
    --------
    >>> from baseload.security.policy import selfish_policy
    >>> found = simulate_network([0.3, 0.7], [selfish_policy(), None], gamma=1, blocks=200_000)
    >>> bool(found.revenue[0] > 0.36)
    True
    """
    parts = _parts(share)
    tables = _tables(policies, parts.size)
    gamma = one_share(gamma, "gamma")
    uniform = tie_rule(tie)
    delay_s = positive(delay_s, "delay_s", " [s]", zero_allowed=True)
    runs = whole(runs, "runs", 2, 100_000)
    blocks = whole(blocks, "blocks", runs, runs * _MOST_RUN_BLOCKS)
    seed = whole(seed, "seed", -(2**127), 2**127)
    period = whole(period, "period", 0, 10**9)
    count = (os.cpu_count() or 1) if threads is None else whole(threads, "threads", 1, 1_024)
    each = -(-blocks // runs)
    chain = np.zeros((runs, parts.size), np.int64)
    found = np.zeros_like(chain)
    ends = np.zeros((runs, 2))

    def run(index: int) -> None:
        from baseload.randomness import stream_key
        from baseload.security.network_kernels import BLOCK_COLUMNS, MINER_COLUMNS, run_network

        # A block that is found, and one that is learnt of, let a strategic miner publish.
        room = each * (1 + parts.size) + 2 if tables.strategic.any() else each + 2
        ends[index] = run_network(
            stream_key(seed, f"network race {index}"),
            np.cumsum(parts),
            tables.strategic,
            tables.actions,
            tables.shapes,
            gamma,
            uniform,
            delay_s,
            SECONDS_PER_BLOCK,
            period,
            each,
            np.empty((each + 1, BLOCK_COLUMNS), np.int32),
            np.empty((parts.size, MINER_COLUMNS), np.int32),
            np.empty(room, np.int32),
            np.empty(room),
            chain[index],
            found[index],
        )

    with ThreadPoolExecutor(min(count, runs)) as pool:
        list(pool.map(run, range(runs)))
    return _summed(chain, found, ends)


@dataclass(frozen=True)
class _Tables:
    strategic: npt.NDArray[np.bool_]
    actions: npt.NDArray[np.int8]
    shapes: npt.NDArray[np.int64]


def _parts(share: npt.ArrayLike) -> Floats:
    parts = shares(share, "share")
    if parts.ndim != 1 or not 1 <= parts.size <= _MOST_MINERS:
        raise fault("share", f"shape {parts.shape}", f"shape (n,), n from 1 to {_MOST_MINERS:,}")
    total = float(parts.sum())
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise fault("share", f"a sum of {total!r}", "shares that add up to 1")
    return parts


def _tables(policies: Sequence[MiningPolicy | None] | None, miners: int) -> _Tables:
    listed: Sequence[MiningPolicy | None] = [None] * miners if policies is None else policies
    if not isinstance(listed, Sequence) or len(listed) != miners:
        found = f"{len(listed)} policies" if isinstance(listed, Sequence) else repr(listed)
        raise fault("policies", found, f"one for each of the {miners} miners, None if honest")
    shapes = np.zeros((miners, 3), np.int64)
    actions = [np.zeros(1, np.int8)]
    offset = 1
    for i, policy in enumerate(listed):
        if policy is None:
            continue
        if not isinstance(policy, MiningPolicy):
            raise fault(f"policies[{i}]", type(policy).__name__, "a MiningPolicy, or None")
        shapes[i] = *policy.actions.shape[:2], offset
        actions.append(policy.actions.ravel())
        offset += policy.actions.size
    strategic = np.array([policy is not None for policy in listed])
    return _Tables(strategic, np.concatenate(actions), shapes)


def _summed(
    chain: npt.NDArray[np.int64], found: npt.NDArray[np.int64], ends: Floats
) -> SimulatedNetwork:
    runs = len(chain)
    lengths = chain.sum(axis=1)
    length, blocks = int(lengths.sum()), int(found.sum())
    each_found = found.sum(axis=0)
    revenue = chain.sum(axis=0) / max(length, 1)
    apart = chain - revenue * lengths[:, None]
    error = np.sqrt((apart**2).sum(axis=0) * runs / (runs - 1)) / max(length, 1)
    stale = 1.0 - chain.sum(axis=0) / np.maximum(each_found, 1)
    stale[each_found == 0] = 0.0
    return SimulatedNetwork(
        revenue,
        error,
        stale,
        blocks,
        length,
        float(ends[:, 0].sum()) / max(length, 1),
        float(ends[:, 1].mean()),
    )
