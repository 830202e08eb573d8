"""The chain's kernels against the protocol in whole numbers."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.naive.network import Chain, Part, pay_of_day_sat

from baseload.clock import Horizon
from baseload.engine.day_kernels import pay_day
from baseload.engine.plan import chain_and_past
from baseload.network import protocol
from baseload.network.chain_kernels import (
    day_blocks,
    difficulty_of,
    hashprice_of,
    mark_stop,
    next_compact,
    parts_of_day,
    subsidy,
)
from baseload.network.kernels import hashprice_usd_per_th_day
from baseload.network.snapshot import snapshot_on
from baseload.network.work import (
    BLOCKS,
    DIFFICULTY,
    PACE,
    PROGRESS_COLUMNS,
    SECONDS,
    STOP,
    SUBSIDY,
)
from baseload.scenario.schema import ScenarioDocument

# The network in June 2026, about: difficulty 125e12.
BITS = 0x17024000
FORTNIGHT = protocol.TARGET_SECONDS_PER_PERIOD


def kernels_next(bits: int, span_seconds: int) -> int:
    mantissa, size = next_compact(bits & 0x7FFFFF, bits >> 24, span_seconds)
    return int(size) << 24 | int(mantissa)


class KernelChain:
    """The arrays that `day_blocks` works on, with one chain in row 0."""

    def __init__(self, height: int, bits: int, seconds: float) -> None:
        position = height % protocol.BLOCKS_PER_PERIOD
        self.chain = np.zeros((2, 3), np.int64)
        self.progress = np.zeros((2, PROGRESS_COLUMNS))
        mantissa, size = bits & 0x7FFFFF, bits >> 24
        self.chain[0] = (height - position, mantissa, size)
        self.progress[0, [BLOCKS, SECONDS]] = (position, seconds)
        self.progress[0, DIFFICULTY] = difficulty_of(mantissa, size)
        mark_stop(self.chain, self.progress, 0)
        self.found, self.reward = np.zeros(8), np.zeros(8)

    def day(self, total: float, own: float, fees_btc: float) -> int:
        return int(
            day_blocks(self.chain, self.progress, 0, total, own, fees_btc, self.found, self.reward)
        )

    def hashprice(self, fees_btc: float, price_usd: float) -> float:
        return float(hashprice_of(self.progress, 0, fees_btc, price_usd))

    @property
    def bits(self) -> int:
        return int(self.chain[0, 2]) << 24 | int(self.chain[0, 1])

    @property
    def height(self) -> float:
        return float(self.chain[0, 0] + self.progress[0, BLOCKS])


def test_next_target_equals_the_protocol_over_sizes_and_spans() -> None:
    chosen = np.random.default_rng(1)
    spans = [0, 1, FORTNIGHT // 4 - 1, FORTNIGHT // 4, FORTNIGHT // 4 + 1, FORTNIGHT - 1, FORTNIGHT]
    spans += [FORTNIGHT * 4 - 1, FORTNIGHT * 4, FORTNIGHT * 4 + 1, 10 * FORTNIGHT]
    for size in range(7, 30):
        top = 0xFFFF if size == 29 else 0x7FFFFF
        # A compact form has its first byte not zero, and not above 0x7f.
        mantissas = [0x8000, 0x8001, 0xFFFF, top, *chosen.integers(0x8000, top + 1, 40).tolist()]
        for mantissa in mantissas:
            bits = size << 24 | mantissa
            some = [*spans, *chosen.integers(FORTNIGHT // 5, FORTNIGHT * 5, 20).tolist()]
            for span in some:
                assert kernels_next(bits, span) == protocol.next_bits(bits, 0, span), hex(bits)


@pytest.mark.parametrize(
    ("bits", "span", "what"),
    [
        (0x17024000, FORTNIGHT, "the same span keeps the target"),
        (0x18008000, FORTNIGHT // 4, "a smaller size"),
        (0x17400000, FORTNIGHT * 3, "a larger size because of the sign bit"),
        (0x1D00FFFF, FORTNIGHT * 4, "held at the proof-of-work limit"),
        (0x1C7FFFFF, FORTNIGHT * 4, "stopped by the proof-of-work limit"),
    ],
)
def test_next_target_where_its_form_changes(bits: int, span: int, what: str) -> None:
    assert kernels_next(bits, span) == protocol.next_bits(bits, 0, span), what


def test_next_target_is_capped_at_the_easiest_one() -> None:
    assert kernels_next(0x1D00FFFF, FORTNIGHT * 4) == protocol.MAX_TARGET_BITS
    assert kernels_next(0x1C7FFFFF, FORTNIGHT * 4) == protocol.MAX_TARGET_BITS


def test_difficulty_equals_the_protocol_to_the_last_bit() -> None:
    for bits in (0x1D00FFFF, 0x1C7FFFFF, 0x17024000, 0x1701E605, 0x18009234, 0x1B0404CB):
        exact = protocol.target_to_difficulty(protocol.bits_to_target(bits))
        assert difficulty_of(bits & 0x7FFFFF, bits >> 24) == exact


def test_subsidy_equals_the_protocol_around_every_halving() -> None:
    for halving in range(70):
        for height in (halving * 210_000 - 1, halving * 210_000, halving * 210_000 + 1):
            if height >= 0:
                assert subsidy(height) == protocol.subsidy_sat(height)


def test_hashprice_equals_the_protocols_per_petahash() -> None:
    per_th = hashprice_usd_per_th_day(59_270.0, 953_600, 0.02, 124.93e12)
    per_ph = protocol.hashprice_usd_per_ph_per_day(124.93e12, 59_270.0, 3.145)
    assert per_th * 1000.0 == pytest.approx(per_ph, rel=1e-14)
    # Close to what was paid in spring 2026: about 30 USD per PH/s and day.
    assert 29.0 < per_th * 1000.0 < 31.0


def test_three_years_of_a_growing_network_equal_the_plain_chain() -> None:
    # From 60 days before the halving at 1,050,000, with a mine that grows and a network that swings.
    height = 1_050_000 - 60 * 144
    kernel = KernelChain(height, BITS, 300_000.0)
    twin = Chain(Fraction(height), BITS, Fraction(300_000))
    targets = {BITS}
    for day in range(3 * 365):
        rest = 900.0 * math.exp(0.3 * day / 365.0) * (1.0 + 0.2 * math.sin(day / 40.0))
        own = 0.05 * day
        parts = kernel.day(rest + own, own, 0.02)
        expected = twin.day(rest + own, own)
        assert parts == len(expected)
        for i, part in enumerate(expected):
            # Rounding of a position of up to 2,016 blocks.
            assert kernel.found[i] == pytest.approx(float(part.own_blocks), rel=1e-9, abs=1e-9)
            assert kernel.reward[i] == pytest.approx(part.subsidy + 2e6, rel=1e-15)
        assert kernel.hashprice(0.02, 60_000.0) == pytest.approx(
            twin.hashprice_usd_per_th_day(60_000.0, 0.02), rel=1e-13
        )
        assert kernel.bits == twin.bits
        assert kernel.height == pytest.approx(float(twin.height), rel=1e-12)
        targets.add(twin.bits)
    assert len(targets) > 70


def test_what_a_day_needs_follows_from_the_state_that_was_set() -> None:
    # 300 blocks before the halving at 1,050,000, which comes before the next retarget.
    kernel = KernelChain(1_050_000 - 300, BITS, 0.0)
    assert kernel.progress[0, SUBSIDY] == protocol.subsidy_sat(1_050_000 - 300)
    assert kernel.chain[0, 0] + kernel.progress[0, STOP] == 1_050_000
    exact = protocol.target_to_difficulty(protocol.bits_to_target(BITS))
    assert kernel.progress[0, PACE] == pytest.approx(86_400e18 / (exact * 2**32), rel=1e-14)
    # The halving behind, the period's end is next.
    kernel = KernelChain(1_050_000, BITS, 0.0)
    assert kernel.progress[0, SUBSIDY] == protocol.subsidy_sat(1_050_000)
    assert kernel.progress[0, STOP] == protocol.BLOCKS_PER_PERIOD


@pytest.mark.parametrize("from_stop", [-1e-9, 0.0, 1e-9])
def test_a_day_up_to_the_stop_goes_on_as_one_in_parts(from_stop: float) -> None:
    # A day's blocks end just before, at or just after the retarget: the short way is for the first alone.
    short, long = KernelChain(953_600, BITS, 1e5), KernelChain(953_600, BITS, 1e5)
    left = protocol.BLOCKS_PER_PERIOD - 953_600 % protocol.BLOCKS_PER_PERIOD
    total = (left + from_stop) / float(short.progress[0, PACE])
    parts = short.day(total, total / 8, 0.02)
    arrays = (long.chain, long.progress, 0, total, total / 8, 0.02, long.found, long.reward)
    in_parts = parts_of_day(*arrays)
    assert short.height == pytest.approx(long.height, rel=1e-14)
    own = [float(np.dot(c.found[:n], c.reward[:n])) for c, n in ((short, parts), (long, in_parts))]
    assert own[0] == pytest.approx(own[1], rel=1e-13)
    if from_stop != 0.0:
        assert short.bits == long.bits
        assert (short.bits == BITS) == (from_stop < 0.0)


def test_a_day_with_a_retarget_and_a_halving_splits_its_pay() -> None:
    # The halving at 1,050,000 is 336 blocks before a retarget: at a block a minute a day has both.
    halving = 1_050_000
    height = halving - 300
    bits = 0x17024000
    kernel = KernelChain(height, bits, 1_000_000.0)
    difficulty = float(kernel.progress[0, DIFFICULTY])
    total = difficulty * 2**32 / 60.0 / 1e18  # a block a minute: 1,440 a day
    parts = kernel.day(total, total / 4, 0.01)
    assert parts == 3
    before, after = protocol.subsidy_sat(height), protocol.subsidy_sat(halving)
    assert after * 2 == before
    to_retarget = protocol.blocks_until_retarget(halving)
    assert kernel.found[0] == pytest.approx(300 / 4, rel=1e-9)
    assert kernel.found[1] == pytest.approx(to_retarget / 4, rel=1e-9)
    assert kernel.reward[:3].tolist() == [before + 1e6, after + 1e6, after + 1e6]
    # What is left of the day goes at the new difficulty.
    minutes_left = 1440 - 300 - to_retarget
    ratio = float(kernel.progress[0, DIFFICULTY]) / difficulty
    assert kernel.found[2] == pytest.approx(minutes_left / ratio / 4, rel=1e-9)
    assert kernel.bits == protocol.next_bits(
        bits, 0, round((1_000_000 + (300 + to_retarget) * 60) * 2015 / 2016)
    )


def test_pay_of_a_split_day_is_that_of_its_parts() -> None:
    found, reward = np.array([1.5, 0.25]), np.array([312_500_000.0, 156_250_000.0])
    parts = [Part(Fraction(3, 2), 312_500_000), Part(Fraction(1, 4), 156_250_000)]
    paid = pay_day(np.uint64(1), 0, 20_000, 2, found, reward, False, 0.01)
    # 507,812,500 sat less one per cent, rounded down.
    assert paid == pay_of_day_sat(parts, 0.0, 0.01) == 502_734_375


def test_own_blocks_are_found_at_the_expected_rate_and_pay_no_pool() -> None:
    found, reward = np.array([2.0, 0.5]), np.array([300_000_000.7, 150_000_000.0])
    days = 20_000
    paid = [pay_day(np.uint64(7), 0, day, 2, found, reward, True, 0.5) for day in range(days)]
    mean = float(np.mean(paid))
    # Poisson: the variance of a day is the sum of blocks x reward squared; five standard errors.
    spread = math.sqrt((2.0 * 3e8**2 + 0.5 * 1.5e8**2) / days)
    assert mean == pytest.approx(2.0 * 3e8 + 0.5 * 1.5e8, abs=5 * spread)
    assert all(sat % 150_000_000 == 0 for sat in paid)


def test_a_network_without_hash_rate_finds_nothing() -> None:
    kernel = KernelChain(953_600, BITS, 0.0)
    assert kernel.day(0.0, 0.0, 0.02) == 1
    assert kernel.found[0] == 0.0
    assert kernel.progress[0, SECONDS] == 86_400.0


def test_a_projection_begins_with_the_block_after_the_newest() -> None:
    shot = snapshot_on(date(2026, 6, 15))
    scenario = ScenarioDocument.model_validate(
        {
            "title": "small",
            "start": "2027-01-01",
            "years": 1,
            "plant": {
                "units": [{"name": "one", "gross_mw": 105, "net_mw": 100, "state": "running"}]
            },
            "grid": {"export_limit_mw": 100},
            "network": {"snapshot": shot.on, "price_usd": {"fixed": 65_000}},
        }
    )
    _, start = chain_and_past(scenario, Path(), Horizon(scenario.start, scenario.years))
    first_of_period = start.height - int(start.position)
    assert first_of_period % protocol.BLOCKS_PER_PERIOD == 0
    # Blocks of the period that are found, so that the next one is the first without a block.
    assert start.position == shot.height - first_of_period + 1
