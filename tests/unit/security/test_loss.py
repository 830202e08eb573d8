"""The chain after a loss, and a mine that switches: period by period, and a count block by block."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import loss_of_share, switching_mine


def counted(left: float, at_block: int, periods: int) -> tuple[list[float], list[float]]:
    """Intervals and days to retargets, adding up every block's minutes."""
    difficulty, minutes, intervals, days = 1.0, 0.0, [], []
    for period in range(periods):
        taken = 0.0
        for block in range(2016):
            before_loss = period == 0 and block < at_block
            interval = 10.0 if before_loss else 10.0 * difficulty / left
            taken += interval
            minutes += 0.0 if before_loss else interval
        intervals.append(interval)
        days.append(minutes / 1440.0)
        difficulty *= min(max(20160.0 / taken, 0.25), 4.0)
    return intervals, days


@pytest.mark.parametrize("at_block", [0, 1, 500, 2015])
@pytest.mark.parametrize("share", [0.01, 0.27, 0.6, 0.8, 0.97])
def test_a_loss_is_what_counting_blocks_gives(share: float, at_block: int) -> None:
    after = loss_of_share(share, at_block)
    intervals, days = counted(1.0 - share, at_block, len(after.block_minutes))
    assert after.block_minutes == pytest.approx(intervals, rel=1e-9)
    assert after.days_to_retarget == pytest.approx(days, rel=1e-9)
    assert after.block_minutes[-1] == pytest.approx(10.0)
    assert after.blocks.tolist() == [2016 - at_block] + [2016] * (len(after.blocks) - 1)


def test_a_loss_at_a_retarget_lasts_two_weeks_over_what_is_left() -> None:
    after = loss_of_share(0.27)
    assert after.block_minutes[0] == pytest.approx(13.70, abs=5e-3)
    assert after.days_to_normal == pytest.approx(14 / 0.73)
    assert loss_of_share(0.99).block_minutes == pytest.approx([1000, 250, 62.5, 15.625, 10])


def test_nothing_and_everything_lost_are_clear_answers() -> None:
    nothing = loss_of_share(0)
    assert nothing.days_to_normal == 0.0
    assert nothing.days_to_retarget.tolist() == [14.0]
    everything = loss_of_share(1.0, 7)
    assert everything.block_minutes.tolist() == [math.inf]
    assert everything.days_to_normal == math.inf
    nearly = loss_of_share(np.nextafter(1.0, 0.0))
    assert np.isfinite(nearly.days_to_retarget).all()


def test_a_mine_that_switches_never_settles_between_its_two_difficulties() -> None:
    never = switching_mine(0.27, 1.2, periods=100)
    assert set(never.running.tolist()) == {0.0, 1.0}
    assert never.swing == pytest.approx((10 / 0.73) / 7.3)
    # Blocks come at both intervals in turn: longer ones when it is off.
    assert never.block_minutes[-2:] == pytest.approx([10 / 0.73, 7.3])
    assert never.share.tolist() == pytest.approx([0.0, 0.27] * 50)
    assert never.days == pytest.approx(never.block_minutes * 1.4)


@pytest.mark.parametrize(("break_even", "runs"), [(0.5, 1.0), (1.0, 1.0), (1.4, 0.0), (9.0, 0.0)])
def test_a_mine_far_from_its_break_even_settles(break_even: float, runs: float) -> None:
    mine = switching_mine(0.27, break_even, periods=50)
    assert mine.swing == pytest.approx(1.0)
    assert mine.running[-1] == runs
    assert mine.block_minutes[-1] == pytest.approx(10.0)


def test_a_mine_at_its_break_even_but_for_rounding_runs() -> None:
    for level in (0.5, 1.0, 1.3):
        start = level * (1 + 1e-15)
        assert start > level
        mine = switching_mine(0.27, 1.0 / level, start_difficulty=start, periods=2)
        assert mine.running[0] == 1.0


def test_an_elastic_mine_oscillates_where_its_reaction_times_its_share_is_above_one() -> None:
    for elasticity in (1.0, 3.0, 4.0, 5.0, 6.0, 20.0):
        mine = switching_mine(0.27, 1.2, elasticity=elasticity, periods=5000)
        # The share at which difficulty equals hash rate, by halving.
        low, high = 0.73, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            hash_rate = 0.73 + 0.27 * min(1.0, (1 / (1.2 * middle)) ** elasticity)
            low, high = (middle, high) if hash_rate > middle else (low, middle)
        reaction = elasticity * (low - 0.73) / low
        assert (mine.swing > 1.001) == (reaction > 1.0)
        assert mine.swing > 1.001 or mine.difficulty[-1] == pytest.approx(low)


def test_a_start_far_off_moves_by_a_factor_of_four_at_most() -> None:
    mine = switching_mine(0.0, 1.0, start_difficulty=64.0, periods=5)
    assert mine.difficulty == pytest.approx([64, 16, 4, 1, 1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"share": 1.1}, "share"),
        ({"share": [0.1, 0.2]}, "one number"),
        ({"share": 0.1, "at_block": 2016}, "a whole number from 0 to 2,015"),
        ({"share": 0.1, "at_block": -1}, "at_block"),
        ({"share": math.nan}, "share"),
    ],
)
def test_bad_losses_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        loss_of_share(**arguments)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"share": 1.0}, "below 1"),
        ({"break_even_hashprice": 0.0}, "break_even_hashprice"),
        ({"elasticity": -1.0}, "elasticity"),
        ({"start_difficulty": 0.0}, "start_difficulty"),
        ({"periods": 1}, "periods"),
    ],
)
def test_bad_mines_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        switching_mine(**({"share": 0.27, "break_even_hashprice": 1.2} | changed))
