"""The chain day by day: blocks found, retargets and halvings within the day, pay."""

from __future__ import annotations

import math

import numpy as np

from baseload.compiled import kernel, small_kernel
from baseload.network.work import BLOCKS, DIFFICULTY, PACE, SECONDS, STOP, SUBSIDY

PERIOD_BLOCKS = 2016
HALVING_BLOCKS = 210_000
PERIOD_SECONDS = 1_209_600
SATS_PER_BITCOIN = 100_000_000
HASHES_PER_DIFFICULTY = 4294967296.0
SECONDS_PER_DAY = 86400.0
MAXIMUM_MANTISSA = 0x00FFFF
MAXIMUM_SIZE = 29


@kernel
def subsidy(height: int) -> int:
    """Subsidy of the block at `height` in satoshis; equals `protocol.subsidy_sat`."""
    halvings = height // HALVING_BLOCKS
    return (50 * SATS_PER_BITCOIN) >> halvings if halvings < 64 else 0


@kernel
def difficulty_of(mantissa, size):
    """Difficulty of a compact target: 0xffff 2^208 / (mantissa 256^(size - 3))."""
    scale = 1.0
    for _ in range(int(abs(MAXIMUM_SIZE - size))):
        scale *= 256.0
    if size > MAXIMUM_SIZE:
        scale = 1.0 / scale
    return 65535.0 / mantissa * scale


@kernel
def next_compact(mantissa: int, size: int, seconds: int) -> tuple[np.int64, np.int64]:
    """Compact target of the next period from the time the last one took, clamped to a factor of four.

    Equals `protocol.next_bits`: the product and quotient below are those of Bitcoin Core, `pow.cpp`,
    without the zeros at the end of the target; the compact form keeps its upper 23 bits.
    """
    span = min(max(seconds, PERIOD_SECONDS // 4), PERIOD_SECONDS * 4)
    # 24 more bits keep every digit that the compact form can show: 23 + 24 bits times 23 bits
    # would not fit, so the quotient and the remainder are scaled apart.
    product = np.int64(mantissa) * np.int64(span)
    whole = product // PERIOD_SECONDS
    rest = product - whole * PERIOD_SECONDS
    value = (whole << 24) + (rest << 24) // PERIOD_SECONDS
    exponent = size - 3 - 3
    while value > 0x7FFFFF:
        value >>= 8
        exponent += 1
    new_size = exponent + 3
    if new_size > MAXIMUM_SIZE or (new_size == MAXIMUM_SIZE and value > MAXIMUM_MANTISSA):
        return np.int64(MAXIMUM_MANTISSA), np.int64(MAXIMUM_SIZE)
    return value, np.int64(new_size)


@kernel
def mark_stop(chain, progress, which):
    """Work out from a chain's state what its days need until the next retarget or halving."""
    height = chain[which, 0] + int(progress[which, BLOCKS])
    next_halving = (height // HALVING_BLOCKS + 1) * HALVING_BLOCKS
    progress[which, PACE] = (
        SECONDS_PER_DAY * 1.0e18 / (progress[which, DIFFICULTY] * HASHES_PER_DIFFICULTY)
    )
    progress[which, SUBSIDY] = subsidy(height)
    progress[which, STOP] = min(PERIOD_BLOCKS, next_halving - chain[which, 0])


@small_kernel
def hashprice_of(progress, which, fees_btc, price_usd):
    """Expected revenue of 1 TH/s for a day on a chain, before any pool's fee. [USD per TH/s and day]"""
    reward_btc = progress[which, SUBSIDY] * (1.0 / SATS_PER_BITCOIN) + fees_btc
    return progress[which, PACE] * 1.0e-6 * reward_btc * price_usd


@small_kernel
def day_blocks(chain, progress, which, total_eh_per_s, own_eh_per_s, fees_btc, found, reward):
    """Advance one day by the expected count of blocks; fill own expected blocks and reward of each part.

    A day without retarget or halving is one part; `parts_of_day` tells the others (parameters there).
    """
    blocks = total_eh_per_s * progress[which, PACE]
    if progress[which, BLOCKS] + blocks < progress[which, STOP]:
        progress[which, BLOCKS] += blocks
        progress[which, SECONDS] += SECONDS_PER_DAY
        found[0] = own_eh_per_s * progress[which, PACE]
        reward[0] = progress[which, SUBSIDY] + fees_btc * SATS_PER_BITCOIN
        return 1
    return parts_of_day(
        chain, progress, which, total_eh_per_s, own_eh_per_s, fees_btc, found, reward
    )


@kernel
def parts_of_day(chain, progress, which, total_eh_per_s, own_eh_per_s, fees_btc, found, reward):
    """Advance one day by the expected count of blocks; fill own expected blocks and reward of each part.

    A retarget or a halving within the day ends a part of it: `found[i]` own blocks (expected) at
    `reward[i]` satoshis each, fees included. Returns the count of parts (at most 8).

    The time a period took is that of its first 2,015 intervals, as the protocol measures it.
    """
    left = SECONDS_PER_DAY
    parts = 0
    fee_sat = fees_btc * SATS_PER_BITCOIN
    own_share = own_eh_per_s / total_eh_per_s if total_eh_per_s > 0.0 else 0.0
    while left > 0.0 and parts < 8:
        rate = total_eh_per_s * 1.0e18 / (progress[which, DIFFICULTY] * HASHES_PER_DIFFICULTY)
        position = progress[which, BLOCKS]
        height = chain[which, 0] + int(position)
        to_retarget = PERIOD_BLOCKS - position
        to_halving = (height // HALVING_BLOCKS + 1) * HALVING_BLOCKS - (chain[which, 0] + position)
        ahead = min(to_retarget, to_halving)
        reached = rate > 0.0 and ahead <= rate * left
        used = ahead / rate if reached else left
        blocks = ahead if reached else rate * left
        found[parts] = blocks * own_share
        reward[parts] = subsidy(height) + fee_sat
        parts += 1
        progress[which, SECONDS] += used
        left -= used
        if reached and to_retarget <= to_halving:
            span = int(
                math.floor(progress[which, SECONDS] * (PERIOD_BLOCKS - 1) / PERIOD_BLOCKS + 0.5)
            )
            mantissa, size = next_compact(chain[which, 1], chain[which, 2], span)
            chain[which, 0] += PERIOD_BLOCKS
            chain[which, 1] = mantissa
            chain[which, 2] = size
            progress[which, BLOCKS] = 0.0
            progress[which, SECONDS] = 0.0
            progress[which, DIFFICULTY] = difficulty_of(mantissa, size)
        elif reached:
            # Land exactly on the halving block.
            progress[which, BLOCKS] = float(
                (height // HALVING_BLOCKS + 1) * HALVING_BLOCKS - chain[which, 0]
            )
        else:
            progress[which, BLOCKS] = position + blocks
    mark_stop(chain, progress, which)
    return parts
