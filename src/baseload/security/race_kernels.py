"""Races between branches, block by block: a machine of states that random numbers drive.

The machine is a table of words, four a state: the word for a block of the miner, for one of the others
on his published branch, and for one of the others elsewhere (the fourth is not used). A word holds the
next state (24 bits), what the miner is paid (20 bits) and what is added (20 bits).

Each stream is a SplitMix64 sequence [1]_ that begins at the key of its chunk; a 64-bit number decides
two blocks. Four streams run side by side, since one alone waits for its own table look-ups.

References
----------
.. [1] G. L. Steele, D. Lea, C. H. Flood, 2014, https://doi.org/10.1145/2660193.2660195
"""

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel
from baseload.randomness import GOLDEN, mixed

STATE_BITS = 24
PAID_BITS = 20

_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_STATE = np.uint64((1 << STATE_BITS) - 1)
_PAID = np.uint64((1 << PAID_BITS) - 1)
_TO_PAID = np.uint64(STATE_BITS)
_TO_ADDED = np.uint64(STATE_BITS + PAID_BITS)
_FOUR = np.uint64(4)
_TWO = np.uint64(2)

STREAMS = 4
LONGEST_RACE = 10_000_000


@kernel
def run_machine(
    table: npt.NDArray[np.uint64],
    own_below: np.uint64,
    match_below: np.uint64,
    keys: npt.NDArray[np.uint64],
    pairs: int,
    totals: npt.NDArray[np.int64],
) -> None:
    """Run four streams for two blocks `pairs` times, then each on to the start of a race.

    A 32-bit number below `own_below` is a block of the miner, below `match_below` one of the others on
    his branch. `totals` (4, 3) takes what he was paid, what was added and the blocks found.
    """
    seed0, seed1, seed2, seed3 = keys[0], keys[1], keys[2], keys[3]
    state0 = state1 = state2 = state3 = np.uint64(0)
    paid0 = paid1 = paid2 = paid3 = np.uint64(0)
    added0 = added1 = added2 = added3 = np.uint64(0)
    for _ in range(pairs):
        seed0 += GOLDEN
        seed1 += GOLDEN
        seed2 += GOLDEN
        seed3 += GOLDEN
        draw0, draw1, draw2, draw3 = mixed(seed0), mixed(seed1), mixed(seed2), mixed(seed3)
        for half in range(2):
            u0, u1, u2, u3 = draw0 & _LOW, draw1 & _LOW, draw2 & _LOW, draw3 & _LOW
            if half == 1:
                u0, u1, u2, u3 = draw0 >> _HALF, draw1 >> _HALF, draw2 >> _HALF, draw3 >> _HALF
            word0 = table[
                state0 * _FOUR + np.uint64(u0 >= own_below) + np.uint64(u0 >= match_below)
            ]
            word1 = table[
                state1 * _FOUR + np.uint64(u1 >= own_below) + np.uint64(u1 >= match_below)
            ]
            word2 = table[
                state2 * _FOUR + np.uint64(u2 >= own_below) + np.uint64(u2 >= match_below)
            ]
            word3 = table[
                state3 * _FOUR + np.uint64(u3 >= own_below) + np.uint64(u3 >= match_below)
            ]
            state0, state1 = word0 & _STATE, word1 & _STATE
            state2, state3 = word2 & _STATE, word3 & _STATE
            paid0 += (word0 >> _TO_PAID) & _PAID
            paid1 += (word1 >> _TO_PAID) & _PAID
            paid2 += (word2 >> _TO_PAID) & _PAID
            paid3 += (word3 >> _TO_PAID) & _PAID
            added0 += word0 >> _TO_ADDED
            added1 += word1 >> _TO_ADDED
            added2 += word2 >> _TO_ADDED
            added3 += word3 >> _TO_ADDED
    for stream in range(STREAMS):
        seed, state, paid, added = seed0, state0, paid0, added0
        if stream == 1:
            seed, state, paid, added = seed1, state1, paid1, added1
        elif stream == 2:
            seed, state, paid, added = seed2, state2, paid2, added2
        elif stream == 3:
            seed, state, paid, added = seed3, state3, paid3, added3
        blocks = 2 * pairs
        while state != np.uint64(0) and blocks < 2 * pairs + LONGEST_RACE:
            seed += GOLDEN
            u = mixed(seed) >> _HALF
            word = table[state * _FOUR + np.uint64(u >= own_below) + np.uint64(u >= match_below)]
            state = word & _STATE
            paid += (word >> _TO_PAID) & _PAID
            added += word >> _TO_ADDED
            blocks += 1
        totals[stream, 0] = paid
        totals[stream, 1] = added
        totals[stream, 2] = blocks
