"""What the Bitcoin protocol fixes: subsidy, targets, difficulty, work and retargets.

Everything that consensus decides is computed in whole numbers and equals Bitcoin Core bit for bit;
only the figures people quote (difficulty, hash rate, hashprice) are floats. The module needs
nothing but the language, so that any part of the program can read it at no cost.

References
----------
.. [1] Bitcoin Core, `validation.cpp` (`GetBlockSubsidy`), `pow.cpp` (`GetNextWorkRequired`,
   `CalculateNextWorkRequired`), `arith_uint256.cpp` (`SetCompact`, `GetCompact`), `chain.cpp`
   (`GetBlockProof`) and `kernel/chainparams.cpp` (main network).
"""

import math

SATS_PER_BITCOIN = 100_000_000
INITIAL_SUBSIDY_SAT = 50 * SATS_PER_BITCOIN
BLOCKS_PER_HALVING = 210_000
BLOCKS_PER_PERIOD = 2_016
# The timespan of a period runs from its first block to its last: one interval fewer than blocks.
INTERVALS_PER_PERIOD = BLOCKS_PER_PERIOD - 1
TARGET_SECONDS_PER_BLOCK = 600
TARGET_SECONDS_PER_PERIOD = BLOCKS_PER_PERIOD * TARGET_SECONDS_PER_BLOCK
RETARGET_CLAMP = 4
MAX_TARGET_BITS = 0x1D00FFFF
MAX_TARGET = 0xFFFF << 208
# The main network's limit is wider than the largest compact target: its low bits are ones.
PROOF_OF_WORK_LIMIT = (1 << 224) - 1
HASHES_PER_DIFFICULTY = 1 << 32
SECONDS_PER_DAY = 86_400

_HASHES = 1 << 256
_BITS_END = 1 << 32
_TIME_END = 1 << 32
_SIGN_BIT = 0x0080_0000
_MANTISSA_MASK = 0x007F_FFFF


def subsidy_sat(height: int) -> int:
    """New bitcoin that the block at a height may create.

    Fifty bitcoin, cut in half (to whole satoshis) every 210,000 blocks, zero from height 6,930,000
    on; fees are not part of it (`GetBlockSubsidy` [1]_).

    Parameters
    ----------
    height : int
        Height of the block, 0 for the genesis block. [blocks]

    Returns
    -------
    int
        Subsidy. [sat]

    References
    ----------
    .. [1] Bitcoin Core, `validation.cpp`, `GetBlockSubsidy`.

    Examples
    --------
    >>> subsidy_sat(839_999), subsidy_sat(840_000)
    (625000000, 312500000)
    """
    _require_whole(height, "height")
    return INITIAL_SUBSIDY_SAT >> (height // BLOCKS_PER_HALVING)


def total_supply_sat(height: int) -> int:
    """Subsidies of all blocks from the genesis block to a height, both counted.

    Nominal: the genesis block's fifty bitcoin, which cannot be spent, and what miners left
    unclaimed are in it. Over all heights it comes to 2,099,999,997,690,000 satoshis.

    Parameters
    ----------
    height : int
        Height of the last block counted. [blocks]

    Returns
    -------
    int
        Supply. [sat]

    Examples
    --------
    >>> total_supply_sat(0)
    5000000000
    >>> total_supply_sat(10_000_000)
    2099999997690000
    """
    _require_whole(height, "height")
    blocks_left = height + 1
    subsidy = INITIAL_SUBSIDY_SAT
    supply = 0
    while blocks_left and subsidy:
        blocks = min(blocks_left, BLOCKS_PER_HALVING)
        supply += blocks * subsidy
        blocks_left -= blocks
        subsidy >>= 1
    return supply


def blocks_until_retarget(height: int) -> int:
    """Blocks from the tip to the next one that gets a new target.

    The protocol compares 2,015 intervals but adjusts every 2,016 blocks [1]_.

    Parameters
    ----------
    height : int
        Height of the chain's tip. [blocks]

    Returns
    -------
    int
        From 1 to 2,016. [blocks]

    References
    ----------
    .. [1] Bitcoin Core, `pow.cpp`, `GetNextWorkRequired`.

    Examples
    --------
    >>> blocks_until_retarget(2015), blocks_until_retarget(2016)
    (1, 2016)
    """
    _require_whole(height, "height")
    return BLOCKS_PER_PERIOD - height % BLOCKS_PER_PERIOD


def blocks_until_halving(height: int) -> int:
    """Blocks from the tip to the next one whose subsidy is halved.

    Parameters
    ----------
    height : int
        Height of the chain's tip. [blocks]

    Returns
    -------
    int
        From 1 to 210,000. [blocks]

    Examples
    --------
    >>> blocks_until_halving(953_568)
    96432
    """
    _require_whole(height, "height")
    return BLOCKS_PER_HALVING - height % BLOCKS_PER_HALVING


def bits_to_target(bits: int) -> int:
    """The target that a header's compact field stands for.

    The top byte counts bytes, the low 23 bits are the mantissa, bit 23 is a sign
    (`SetCompact` [1]_). The proof-of-work limit is not applied here.

    Parameters
    ----------
    bits : int
        Compact target, from 0 to 0xFFFFFFFF.

    Returns
    -------
    int
        Target, from 0 to 2**256 - 1. A hash at or below it is a valid block.

    Raises
    ------
    ValueError
        If the compact form is negative (sign bit with a mantissa that is not zero after its
        shift) or does not fit 256 bits.

    References
    ----------
    .. [1] Bitcoin Core, `arith_uint256.cpp`, `SetCompact`.

    Examples
    --------
    >>> bits_to_target(0x1D00FFFF) == MAX_TARGET
    True
    >>> hex(bits_to_target(0x05009234))
    '0x92340000'
    """
    _require_whole(bits, "bits", end=_BITS_END)
    size = bits >> 24
    mantissa = bits & _MANTISSA_MASK
    if size <= 3:
        # Core shifts first and looks for the sign and for overflow afterwards.
        mantissa >>= 8 * (3 - size)
        target = mantissa
    else:
        target = mantissa << (8 * (size - 3))
    if mantissa and bits & _SIGN_BIT:
        raise ValueError(f"bits: found {bits:#010x}, a negative target; allowed: bit 23 clear")
    if target >= _HASHES:
        raise ValueError(f"bits: found {bits:#010x}, above 2**256 - 1; allowed: 256 bits at most")
    return target


def target_to_bits(target: int) -> int:
    """The compact form of a target, rounded down to the three bytes it can hold.

    Parameters
    ----------
    target : int
        Target, from 0 to 2**256 - 1; above the proof-of-work limit too.

    Returns
    -------
    int
        Compact target (`GetCompact` [1]_). A mantissa that would touch the sign bit moves down
        one byte.

    References
    ----------
    .. [1] Bitcoin Core, `arith_uint256.cpp`, `GetCompact`.

    Examples
    --------
    >>> hex(target_to_bits(MAX_TARGET))
    '0x1d00ffff'
    >>> hex(target_to_bits(0x80))
    '0x2008000'
    """
    _require_whole(target, "target", end=_HASHES)
    size = (target.bit_length() + 7) // 8
    mantissa = target << (8 * (3 - size)) if size <= 3 else target >> (8 * (size - 3))
    if mantissa & _SIGN_BIT:
        mantissa >>= 8
        size += 1
    return size << 24 | mantissa


def target_to_difficulty(target: int) -> float:
    """How many times harder a target is than the easiest one, 0x1d00ffff.

    Parameters
    ----------
    target : int
        Target, from 1 to 2**256 - 1.

    Returns
    -------
    float
        Difficulty, 1 at the easiest target of the main network.

    Examples
    --------
    >>> int(target_to_difficulty(bits_to_target(0x1701E605)))
    148258433855481
    """
    _require_whole(target, "target", first=1, end=_HASHES)
    # The quotient of two whole numbers is rounded once, to the nearest float.
    return MAX_TARGET / target


def block_work(target: int) -> int:
    """Hashes that a block at a target stands for, on average.

    Parameters
    ----------
    target : int
        Target, from 1 to 2**256 - 1.

    Returns
    -------
    int
        2**256 // (target + 1) (`GetBlockProof` [1]_). [hashes]

    References
    ----------
    .. [1] Bitcoin Core, `chain.cpp`, `GetBlockProof`.

    Examples
    --------
    >>> hex(block_work(MAX_TARGET))
    '0x100010001'
    """
    _require_whole(target, "target", first=1, end=_HASHES)
    return _HASHES // (target + 1)


def next_bits(bits: int, first_timestamp: int, last_timestamp: int) -> int:
    """The compact target of the period after one whose first and last block are known.

    The time between the two is held within a factor of four of two weeks, the target is scaled by
    it, capped at the proof-of-work limit and written compactly (`CalculateNextWorkRequired` [1]_).

    Parameters
    ----------
    bits : int
        Compact target of the period that ends; positive and within the proof-of-work limit.
    first_timestamp : int
        Time in the header of the period's first block. [s since 1970-01-01 UTC]
    last_timestamp : int
        Time in the header of the period's last block, 2,015 blocks on; headers may run backwards.
        [s since 1970-01-01 UTC]

    Returns
    -------
    int
        Compact target of the next period.

    References
    ----------
    .. [1] Bitcoin Core, `pow.cpp`, `CalculateNextWorkRequired`.

    Examples
    --------
    >>> hex(next_bits(0x1D00FFFF, first_timestamp=1261130161, last_timestamp=1262152739))
    '0x1d00d86a'
    """
    target = bits_to_target(bits)
    if not 1 <= target <= PROOF_OF_WORK_LIMIT:
        raise ValueError(
            f"bits: found {bits:#010x}; allowed: a target from 1 to the proof-of-work limit"
        )
    _require_whole(first_timestamp, "first_timestamp", end=_TIME_END)
    _require_whole(last_timestamp, "last_timestamp", end=_TIME_END)
    shortest_seconds = TARGET_SECONDS_PER_PERIOD // RETARGET_CLAMP
    longest_seconds = TARGET_SECONDS_PER_PERIOD * RETARGET_CLAMP
    span_seconds = min(max(last_timestamp - first_timestamp, shortest_seconds), longest_seconds)
    next_target = target * span_seconds // TARGET_SECONDS_PER_PERIOD
    return target_to_bits(min(next_target, PROOF_OF_WORK_LIMIT))


def difficulty_to_hash_rate_h_per_s(
    difficulty: float, seconds_per_block: float = TARGET_SECONDS_PER_BLOCK
) -> float:
    """Hash rate at which a difficulty gives a block in so many seconds on average.

    Uses the customary 2**32 hashes per block and unit of difficulty; the exact number at the
    easiest target is larger by one part in 65,536.

    Parameters
    ----------
    difficulty : float
        Difficulty, above 0.
    seconds_per_block : float
        Mean time between blocks, above 0. [s]

    Returns
    -------
    float
        Hash rate. [H/s]

    Examples
    --------
    >>> round(difficulty_to_hash_rate_h_per_s(124.93e12) / 1e18, 1)
    894.3
    """
    _require_positive(difficulty, "difficulty")
    _require_positive(seconds_per_block, "seconds_per_block")
    return difficulty * HASHES_PER_DIFFICULTY / seconds_per_block


def hashprice_usd_per_ph_per_day(difficulty: float, price_usd: float, reward_btc: float) -> float:
    """What one petahash per second is expected to earn in a day, before any pool fee.

    Parameters
    ----------
    difficulty : float
        Difficulty, above 0.
    price_usd : float
        Price of one bitcoin, 0 or more. [USD/BTC]
    reward_btc : float
        Subsidy and fees of a block together, 0 or more. [BTC/block]

    Returns
    -------
    float
        Expected revenue. [USD/(PH/s)/day]

    Examples
    --------
    >>> round(hashprice_usd_per_ph_per_day(124.93e12, 59_270, reward_btc=3.145), 1)
    30.0
    """
    _require_positive(difficulty, "difficulty")
    _require_positive(price_usd, "price_usd", zero_allowed=True)
    _require_positive(reward_btc, "reward_btc", zero_allowed=True)
    blocks_per_day = 1e15 * SECONDS_PER_DAY / (difficulty * HASHES_PER_DIFFICULTY)
    return blocks_per_day * reward_btc * price_usd


def _require_whole(value: int, name: str, first: int = 0, end: int | None = None) -> None:
    # True counts as 1 in Python; as a height or a target it is a mistake.
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: found {value!r}; allowed: a whole number (int)")
    if value < first or (end is not None and value >= end):
        allowed = f"{first} or more" if end is None else f"from {first} to {end - 1:#x}"
        raise ValueError(f"{name}: found {value}; allowed: {allowed}")


def _require_positive(value: float, name: str, zero_allowed: bool = False) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}: found {value!r}; allowed: a number")
    if not math.isfinite(value) or value < 0 or (value == 0 and not zero_allowed):
        allowed = "a finite number of 0 or more" if zero_allowed else "a finite number above 0"
        raise ValueError(f"{name}: found {value!r}; allowed: {allowed}")
