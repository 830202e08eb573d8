"""The protocol in whole numbers: every edge of subsidy, compact targets, work and retarget."""

import math
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseload import network
from baseload.network import (
    BLOCKS_PER_HALVING,
    BLOCKS_PER_PERIOD,
    MAX_TARGET,
    MAX_TARGET_BITS,
    PROOF_OF_WORK_LIMIT,
    TARGET_SECONDS_PER_PERIOD,
    bits_to_target,
    block_work,
    blocks_until_halving,
    blocks_until_retarget,
    difficulty_to_hash_rate_h_per_s,
    hashprice_usd_per_ph_per_day,
    next_bits,
    subsidy_sat,
    target_to_bits,
    target_to_difficulty,
    total_supply_sat,
)

TARGETS = st.integers(min_value=0, max_value=2**256 - 1)


@pytest.mark.parametrize(
    ("height", "subsidy"),
    [
        (0, 5_000_000_000),
        (209_999, 5_000_000_000),
        (210_000, 2_500_000_000),
        (1_049_999, 312_500_000),
        (1_050_000, 156_250_000),
        (6_719_999, 2),
        (6_929_999, 1),
        (6_930_000, 0),
        (13_440_000, 0),
        (10**12, 0),
    ],
)
def test_subsidy_is_halved_at_each_210_000_blocks_until_nothing_is_left(
    height: int, subsidy: int
) -> None:
    assert subsidy_sat(height) == subsidy


def test_supply_is_the_sum_of_all_subsidies_with_the_genesis_block_counted() -> None:
    whole = sum(subsidy_sat(n * BLOCKS_PER_HALVING) * BLOCKS_PER_HALVING for n in range(40))
    assert whole == 2_099_999_997_690_000
    assert total_supply_sat(6_929_999) == whole
    assert total_supply_sat(6_929_998) == whole - 1
    assert total_supply_sat(10**9) == whole


@given(st.integers(min_value=1, max_value=7_000_000))
def test_supply_grows_by_the_subsidy_of_each_block(height: int) -> None:
    assert total_supply_sat(height) - total_supply_sat(height - 1) == subsidy_sat(height)


@given(st.integers(min_value=0, max_value=10**9))
def test_the_next_retarget_and_halving_fall_on_whole_multiples(height: int) -> None:
    to_retarget = blocks_until_retarget(height)
    to_halving = blocks_until_halving(height)
    assert 1 <= to_retarget <= BLOCKS_PER_PERIOD
    assert 1 <= to_halving <= BLOCKS_PER_HALVING
    assert (height + to_retarget) % BLOCKS_PER_PERIOD == 0
    assert (height + to_halving) % BLOCKS_PER_HALVING == 0


# Forms and values as Bitcoin Core's own unit test of its compact encoding states them.
@pytest.mark.parametrize(
    ("bits", "target", "again"),
    [
        (0x00000000, 0, 0),
        (0x00123456, 0, 0),
        (0x01003456, 0, 0),
        (0x02000056, 0, 0),
        (0x03000000, 0, 0),
        (0x04000000, 0, 0),
        (0x00923456, 0, 0),
        (0x01803456, 0, 0),
        (0x02800056, 0, 0),
        (0x03800000, 0, 0),
        (0x04800000, 0, 0),
        (0x01123456, 0x12, 0x01120000),
        (0x02123456, 0x1234, 0x02123400),
        (0x03123456, 0x123456, 0x03123456),
        (0x04123456, 0x12345600, 0x04123456),
        (0x05009234, 0x92340000, 0x05009234),
        (0x20123456, 0x123456 << 232, 0x20123456),
        (0x22000012, 0x12 << 248, 0x20120000),
        (0x220000FF, 0xFF << 248, 0x2100FF00),
        (0x2100FFFF, 0xFFFF << 240, 0x2100FFFF),
    ],
)
def test_compact_targets_are_read_and_written_as_core_does(
    bits: int, target: int, again: int
) -> None:
    assert bits_to_target(bits) == target
    assert target_to_bits(target) == again


@pytest.mark.parametrize("bits", [0x01FEDCBA, 0x02800156, 0x03800001, 0x04923456, 0x2080FFFF])
def test_a_negative_compact_target_is_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        bits_to_target(bits)


@pytest.mark.parametrize("bits", [0x21010000, 0x22000100, 0x23000001, 0xFF123456, 0xFF000001])
def test_a_compact_target_above_256_bits_is_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="256 bits"):
        bits_to_target(bits)


def test_a_mantissa_of_zero_never_overflows_and_never_is_negative() -> None:
    for size, sign in product(range(256), (0, 0x800000)):
        assert bits_to_target(size << 24 | sign) == 0


def test_a_mantissa_that_would_touch_the_sign_bit_moves_down_one_byte() -> None:
    assert target_to_bits(0x7FFFFF) == 0x037FFFFF
    assert target_to_bits(0x800000) == 0x04008000
    assert target_to_bits(0x80) == 0x02008000
    assert target_to_bits(2**256 - 1) == 0x2100FFFF


def test_every_canonical_form_of_small_mantissas_survives_the_way_there_and_back() -> None:
    mantissas = [*range(0x8000, 0x8400), *range(0x7FFF00, 0x800000), 0x00FFFF, 0x123456]
    for size, mantissa in product(range(3, 33), mantissas):
        bits = size << 24 | mantissa
        assert target_to_bits(bits_to_target(bits)) == bits


@given(TARGETS)
def test_a_target_written_compactly_loses_less_than_one_part_in_32_768(target: int) -> None:
    again = bits_to_target(target_to_bits(target))
    # The mantissa keeps 15 bits at least: three bytes less the sign bit and a leading zero byte.
    assert again <= target
    assert (target - again) * 2**15 <= target
    assert target_to_bits(again) == target_to_bits(target)


@given(st.integers(min_value=1, max_value=2**256 - 1))
def test_work_is_the_whole_number_of_two_to_the_256_over_target_plus_one(target: int) -> None:
    work = block_work(target)
    assert work * (target + 1) <= 2**256 < (work + 1) * (target + 1)


def test_difficulty_is_one_at_the_easiest_target_and_grows_as_the_target_shrinks() -> None:
    assert target_to_difficulty(MAX_TARGET) == 1.0
    assert target_to_difficulty(MAX_TARGET // 4) == pytest.approx(4.0, rel=1e-15)
    # Core's wallet-facing difficulty of this form is known since 2010.
    # Five digits are what was published.
    assert target_to_difficulty(bits_to_target(0x1B0404CB)) == pytest.approx(16307.42, abs=5e-3)


def test_a_period_of_two_weeks_leaves_the_target_as_it_is() -> None:
    assert next_bits(0x1B0404CB, 0, TARGET_SECONDS_PER_PERIOD) == 0x1B0404CB


def test_the_timespan_is_held_within_a_factor_of_four_both_ways() -> None:
    quarter, fourfold = TARGET_SECONDS_PER_PERIOD // 4, TARGET_SECONDS_PER_PERIOD * 4
    fastest = next_bits(0x1B0404CB, 0, quarter)
    slowest = next_bits(0x1B0404CB, 0, fourfold)
    assert next_bits(0x1B0404CB, 0, quarter - 1) == fastest
    assert next_bits(0x1B0404CB, 1_000_000, 0) == fastest
    assert next_bits(0x1B0404CB, 0, fourfold + 1) == slowest
    target = bits_to_target(0x1B0404CB)
    assert fastest == target_to_bits(target // 4)
    assert slowest == target_to_bits(target * 4)


def test_the_proof_of_work_limit_caps_the_next_target() -> None:
    assert next_bits(MAX_TARGET_BITS, 0, TARGET_SECONDS_PER_PERIOD * 4) == MAX_TARGET_BITS
    assert target_to_bits(PROOF_OF_WORK_LIMIT) == MAX_TARGET_BITS


@pytest.mark.parametrize("bits", [0, 0x1E00FFFF, 0x1D010000, 0x207FFFFF])
def test_a_period_cannot_start_from_a_target_of_zero_or_above_the_limit(bits: int) -> None:
    with pytest.raises(ValueError, match="proof-of-work limit"):
        next_bits(bits, 0, TARGET_SECONDS_PER_PERIOD)


@given(
    st.integers(min_value=0x1A008000, max_value=0x1A7FFFFF),
    st.integers(min_value=0, max_value=2**23),
    st.integers(min_value=0, max_value=2**23),
)
def test_a_slower_period_never_gets_a_harder_target(bits: int, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    harder = bits_to_target(next_bits(bits, 0, shorter))
    assert harder <= bits_to_target(next_bits(bits, 0, longer))


def test_hash_rate_at_600_seconds_matches_the_reported_894_exahashes() -> None:
    # Reported for difficulty 124.93 T in June 2026, to three digits.
    assert round(difficulty_to_hash_rate_h_per_s(124.93e12) / 1e18) == 894
    assert difficulty_to_hash_rate_h_per_s(1.0, seconds_per_block=1.0) == 2**32


def test_hashprice_times_the_networks_hash_rate_is_a_days_reward() -> None:
    difficulty, price_usd, reward_btc = 146.47e12, 91_519.0, 3.125 / 0.9945
    network_ph = difficulty_to_hash_rate_h_per_s(difficulty) / 1e15
    earned = hashprice_usd_per_ph_per_day(difficulty, price_usd, reward_btc) * network_ph
    # Two orders of the same multiplications: a few roundings apart.
    assert earned == pytest.approx(144 * reward_btc * price_usd, rel=1e-14)


def test_hashprice_of_january_2026_is_near_the_published_index() -> None:
    # Hashrate Index gave 39.53 USD/PH/day on 2026-01-12; the price is what Strategy paid on average
    # from 5 to 11 January (its form 8-K), so the two agree to a few parts in a hundred at best.
    ours = hashprice_usd_per_ph_per_day(146_472_570_619_930.78, 91_519.0, 3.125 / 0.9945)
    assert ours == pytest.approx(39.53, rel=0.03)


WHOLE_NUMBER_FUNCTIONS: list[Callable[[Any], object]] = [
    subsidy_sat,
    total_supply_sat,
    blocks_until_retarget,
    blocks_until_halving,
    bits_to_target,
    target_to_bits,
    target_to_difficulty,
    block_work,
]


@pytest.mark.parametrize("function", WHOLE_NUMBER_FUNCTIONS)
@pytest.mark.parametrize("value", [True, 1.0, "1", None, math.nan])
def test_what_is_no_whole_number_is_refused(
    function: Callable[[Any], object], value: object
) -> None:
    with pytest.raises(TypeError, match="whole number"):
        function(value)


@pytest.mark.parametrize("function", WHOLE_NUMBER_FUNCTIONS)
def test_a_negative_number_is_refused_with_what_is_allowed(
    function: Callable[[Any], object],
) -> None:
    with pytest.raises(ValueError, match=r"found -1; allowed: "):
        function(-1)


@pytest.mark.parametrize("function", [target_to_difficulty, block_work])
def test_a_target_of_zero_has_neither_difficulty_nor_work(
    function: Callable[[int], object],
) -> None:
    with pytest.raises(ValueError, match="target: found 0"):
        function(0)


def test_values_beyond_their_field_in_the_header_are_refused() -> None:
    with pytest.raises(ValueError, match="bits"):
        bits_to_target(2**32)
    with pytest.raises(ValueError, match="target"):
        target_to_bits(2**256)
    with pytest.raises(ValueError, match="last_timestamp"):
        next_bits(MAX_TARGET_BITS, 0, 2**32)
    with pytest.raises(TypeError, match="first_timestamp"):
        next_bits(MAX_TARGET_BITS, 0.0, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_difficulty_must_be_a_finite_number_above_zero(value: float) -> None:
    with pytest.raises(ValueError, match="difficulty: found"):
        hashprice_usd_per_ph_per_day(value, 1.0, 1.0)
    with pytest.raises(ValueError, match="seconds_per_block: found"):
        difficulty_to_hash_rate_h_per_s(1.0, value)
    with pytest.raises(TypeError, match="difficulty"):
        difficulty_to_hash_rate_h_per_s(True)


def test_everything_offered_by_the_package_exists() -> None:
    assert all(hasattr(network, name) for name in network.__all__)


def test_importing_the_network_loads_neither_numpy_nor_numba() -> None:
    code = "import sys, baseload.network; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"numpy", "numba"} & set(answer.stdout.split())
