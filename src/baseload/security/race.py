"""Simulated races, block by block: a strategy against honest miners, and double spends.

They judge the formulas: nothing is shared with them but the rules of the race. Results depend on the
seed alone: each chunk of blocks has its own stream of random numbers, keyed by seed, name and index.
Chances are kept to 32 bits, that is to 2e-10.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baseload.security.policy import ACTIVE, ADOPT, MATCH, OVERRIDE, RELEVANT, WAIT, MiningPolicy
from baseload.security.strategy_arguments import fault, one_share, whole

Words = npt.NDArray[np.uint64]

# Normal quantile of a two-sided interval of 99 %.
INTERVAL_QUANTILE = 2.5758293035489004
_CHUNK = 1 << 18
_FEWEST_CHUNKS = 64
_MOST_BLOCKS = 10**13
_SCALE = 1 << 32
_STATE_BITS, _PAID_BITS = 24, 20


@dataclass(frozen=True)
class SimulatedRace:
    """A part of the chain, or of attempts, as a simulation found it.

    Parameters
    ----------
    value : float
        Blocks paid over blocks added, or attempts that succeed over attempts. [1]
    standard_error : float
        Of `value`, from the spread between chunks. [1]
    blocks : int
        Blocks that anyone found. [blocks]
    counted : int
        Blocks added to the chain, or attempts.
    """

    value: float
    standard_error: float
    blocks: int
    counted: int

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 99 % confidence interval."""
        reach = INTERVAL_QUANTILE * self.standard_error
        return self.value - reach, self.value + reach

    @property
    def counted_per_block(self) -> float:
        """Chain blocks (or attempts) for each block found; the rest are orphans."""
        return self.counted / self.blocks


def simulate_selfish_mining(
    share: float, gamma: float, blocks: int = 10_000_000, seed: int = 1, threads: int | None = None
) -> SimulatedRace:
    """Revenue of Eyal and Sirer's strategy [1]_, simulated block by block.

    Parameters
    ----------
    share : float
        The miner's part of the hash rate, 0 to 1. [1]
    gamma : float
        Part of the others' hash rate that mines on his branch at a tie, 0 to 1. [1]
    blocks : int
        Blocks to find, at least; each chunk goes on to the end of its race. [blocks]
    seed : int
        Any whole number.
    threads : int, optional
        As many as there are processors if not stated; the result is the same.

    Returns
    -------
    SimulatedRace
        `value` is the revenue, `counted_per_block` the growth of the chain for each block found.

    Raises
    ------
    InputError
        If an argument is out of range.

    References
    ----------
    .. [1] I. Eyal, E. G. Sirer, 2014, https://doi.org/10.1007/978-3-662-45472-5_28, figure 1

    Examples
    --------
    >>> from baseload.security.selfish import selfish_mining_revenue
    >>> race = simulate_selfish_mining(0.35, 0.5, 1_000_000)
    >>> abs(race.value - selfish_mining_revenue(0.35, 0.5)) < 5 * race.standard_error
    True
    """
    share, gamma = one_share(share, "share"), one_share(gamma, "gamma")
    return _run(_lead_machine(), share, gamma, blocks, seed, threads, "selfish mining")


def simulate_policy(
    policy: MiningPolicy,
    share: float,
    gamma: float,
    blocks: int = 10_000_000,
    seed: int = 1,
    threads: int | None = None,
) -> SimulatedRace:
    """Revenue of any table of actions, simulated block by block.

    Parameters
    ----------
    policy : MiningPolicy
        What the miner does in each state; at most 16 million states.
    share, gamma, blocks, seed, threads
        As for `simulate_selfish_mining`.

    Returns
    -------
    SimulatedRace
        `value` is the revenue.

    Raises
    ------
    InputError
        If an argument is out of range, or the table too large.

    Examples
    --------
    >>> from baseload.security.policy import selfish_policy
    >>> race = simulate_policy(selfish_policy(), 0.3, 1, 1_000_000)
    >>> low, high = race.interval
    >>> low < race.value < high
    True
    """
    if not isinstance(policy, MiningPolicy):
        raise fault("policy", type(policy).__name__, "a MiningPolicy")
    share, gamma = one_share(share, "share"), one_share(gamma, "gamma")
    return _run(_policy_machine(policy), share, gamma, blocks, seed, threads, "policy")


def simulate_double_spend(
    share: float,
    confirmations: int,
    give_up_behind: int = 200,
    blocks: int = 10_000_000,
    seed: int = 1,
    threads: int | None = None,
) -> SimulatedRace:
    """Chance that an attacker draws level after a payment has its confirmations, simulated.

    He mines from the block before the payment, with nothing in hand; the others find
    `confirmations` blocks; then he goes on until he has as many as they, or is too far behind.

    Parameters
    ----------
    share : float
        His part of the hash rate, 0 to 1. [1]
    confirmations : int
        0 to 1,000. [blocks]
    give_up_behind : int
        Deficit at which he stops, 1 to 10,000; at a share below one half a large one adds
        less than (share / (1 - share)) ** give_up_behind to the chance. [blocks]
    blocks, seed, threads
        As for `simulate_selfish_mining`.

    Returns
    -------
    SimulatedRace
        `value` is the chance; `counted` are attempts.

    Raises
    ------
    InputError
        If an argument is out of range.

    Examples
    --------
    >>> race = simulate_double_spend(0.1, 6, blocks=4_000_000)
    >>> abs(race.value - 0.000591) < 5 * race.standard_error
    True
    """
    share = one_share(share, "share")
    confirmations = whole(confirmations, "confirmations", 0, 1_000)
    give_up_behind = whole(give_up_behind, "give_up_behind", 1, 10_000)
    machine = _double_spend_machine(confirmations, give_up_behind)
    return _run(machine, share, 0.0, blocks, seed, threads, "double spend")


def _run(
    machine: Words,
    share: float,
    gamma: float,
    blocks: int,
    seed: int,
    threads: int | None,
    name: str,
) -> SimulatedRace:
    from baseload.randomness import stream_key
    from baseload.security.race_kernels import STREAMS, run_machine

    blocks = whole(blocks, "blocks", 1_000, _MOST_BLOCKS)
    seed = whole(seed, "seed", -(2**127), 2**127)
    count = (os.cpu_count() or 1) if threads is None else whole(threads, "threads", 1, 1_024)
    size = max(1, min(_CHUNK, blocks // _FEWEST_CHUNKS) // 2)
    groups = -(-blocks // (2 * size * STREAMS))
    own_below = np.uint64(round(share * _SCALE))
    match_below = np.uint64(round((share + (1.0 - share) * gamma) * _SCALE))
    totals = np.zeros((groups, STREAMS, 3), np.int64)

    def group(index: int) -> None:
        keys = np.array(
            [stream_key(seed, f"race {name} {STREAMS * index + i}") for i in range(STREAMS)]
        )
        run_machine(machine, own_below, match_below, keys, size, totals[index])

    if count == 1:
        for index in range(groups):
            group(index)
    else:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(group, range(groups)))
    return _summed(totals.reshape(-1, 3))


def _summed(totals: npt.NDArray[np.int64]) -> SimulatedRace:
    """The ratio of two sums and its standard error by the spread of the chunks (delta method)."""
    paid, added, blocks = (int(total) for total in totals.sum(axis=0))
    if added == 0:
        return SimulatedRace(0.0, 0.0, blocks, 0)
    value = paid / added
    apart = totals[:, 0] - value * totals[:, 1]
    chunks = len(totals)
    error = float(np.sqrt((apart**2).sum() * chunks / max(chunks - 1, 1))) / added
    return SimulatedRace(value, error, blocks, added)


def _words(
    following: npt.NDArray[np.int64], paid: npt.NDArray[np.int64], added: npt.NDArray[np.int64]
) -> Words:
    """Rows of three (own, matched, elsewhere) as packed words, four a state."""
    packed = following | paid << _STATE_BITS | added << (_STATE_BITS + _PAID_BITS)
    table = np.zeros((len(packed), 4), np.uint64)
    table[:, :3] = packed.astype(np.uint64)
    return table.ravel()


def _lead_machine(largest: int = 4_000) -> Words:
    """Eyal and Sirer's own states: no lead, the tie, and leads of 1, 2 and so on."""
    states = largest + 2
    following, paid, added = (np.zeros((states, 3), np.int64) for _ in range(3))
    tie = 1
    lead = np.arange(1, largest + 1)
    place = lead + 1
    following[0] = place[0], 0, 0
    added[0, 1:] = 1
    following[tie] = 0
    paid[tie] = 2, 1, 0
    added[tie] = 2
    following[place, 0] = np.minimum(place + 1, states - 1)
    # Beyond the largest lead, which is not met, the oldest block would be published at once.
    paid[place[-1], 0] = added[place[-1], 0] = 1
    following[place, 1:] = (place - 1)[:, None]
    paid[place[2:], 1:] = 1  # his oldest block is now safe
    added[place[2:], 1:] = 1
    following[place[0], 1:] = tie
    following[place[1], 1:] = 0
    paid[place[1], 1:] = 2
    added[place[1], 1:] = 2
    return _words(following, paid, added)


def _policy_machine(policy: MiningPolicy) -> Words:
    """The states of a policy's table; giving up leads to the first one, which adopts nothing."""
    columns = policy.actions.shape[1]
    if policy.actions.size >= 1 << _STATE_BITS:
        raise fault("policy", f"{policy.actions.size:,} states", "below 16,777,216 states")
    action = policy.actions.ravel()
    a, h, fork = (axis.ravel() for axis in np.indices(policy.actions.shape))
    following, paid, added = (np.zeros((action.size, 3), np.int64) for _ in range(3))

    def state(
        a: npt.NDArray[np.int64], h: npt.NDArray[np.int64], fork: int
    ) -> npt.NDArray[np.int64]:
        place: npt.NDArray[np.int64] = (a * columns + h) * 3 + fork
        return place

    def to(where: npt.NDArray[np.bool_], block: int, place: npt.NDArray[np.int64]) -> None:
        following[where, block] = place[where]

    none, one = np.zeros_like(a), np.ones_like(a)
    adopts = action == ADOPT
    to(adopts, 0, state(one, none, 0))
    to(adopts, 1, state(none, one, 0))
    to(adopts, 2, state(none, one, 0))
    added[adopts] = h[adopts][:, None]
    overrides = action == OVERRIDE
    to(overrides, 0, state(a - h, none, 0))
    to(overrides, 1, state(a - h - 1, one, RELEVANT))
    to(overrides, 2, state(a - h - 1, one, RELEVANT))
    paid[overrides] = added[overrides] = (h + 1)[overrides][:, None]
    # A network is split only where the miner has published as many blocks as the public.
    races = (action == MATCH) | ((action == WAIT) & (fork == ACTIVE) & (a >= h) & (h >= 1))
    to(races, 0, state(a + 1, h, ACTIVE))
    to(races, 1, state(a - h, one, RELEVANT))
    to(races, 2, state(a, h + 1, RELEVANT))
    paid[races, 1] = added[races, 1] = h[races]
    waits = (action == WAIT) & ~races
    to(waits, 0, state(a + 1, h, 0))
    to(waits, 1, state(a, h + 1, RELEVANT))
    to(waits, 2, state(a, h + 1, RELEVANT))
    # Where the next state gives up, it is done now, so that each race begins in the first state.
    gives_up = adopts[following]
    added += np.where(gives_up, h[following], 0)
    following[gives_up] = 0
    return _words(following, paid, added)


def _double_spend_machine(confirmations: int, give_up: int) -> Words:
    """Blocks of the others and of the attacker up to the confirmations, then his deficit.

    The last of an attempt leads to the first state, adds one attempt and pays one if it succeeds.
    """
    z = confirmations
    waiting = max(z * z, 1)
    following, paid, added = (np.zeros((waiting + give_up, 3), np.int64) for _ in range(3))

    def settle(state: int, block: slice | int, deficit: int) -> None:
        """The attempt goes on with a deficit, or ends."""
        ends = deficit <= 0 or deficit >= give_up
        following[state, block] = 0 if ends else waiting + deficit
        paid[state, block] = deficit <= 0
        added[state, block] = ends

    if z == 0:
        settle(0, slice(None), 0)  # level before it begins
    for theirs in range(z):
        for his in range(z):
            state = theirs * z + his
            if his + 1 < z:
                following[state, 0] = state + 1
            else:
                settle(state, 0, 0)  # level at least when the others are there
            if theirs + 1 < z:
                following[state, 1:] = state + z
            else:
                settle(state, slice(1, 3), z - his)
    for deficit in range(1, give_up):
        settle(waiting + deficit, 0, deficit - 1)
        settle(waiting + deficit, slice(1, 3), deficit + 1)
    return _words(following, paid, added)
