"""The pace of blocks by hand: ten minutes each, 2,016 of them in two weeks."""

from __future__ import annotations

from baseload.security import pace


def test_lengths_and_counts_are_those_of_ten_minutes_a_block() -> None:
    assert (pace.SECONDS_PER_BLOCK, pace.MINUTES_PER_BLOCK) == (600.0, 10.0)
    assert (pace.BLOCKS_PER_HOUR, pace.BLOCKS_PER_DAY) == (6.0, 144.0)
    assert pace.BLOCKS_PER_YEAR == 52_596.0
    assert (pace.DAYS_PER_PERIOD, pace.WEEKS_PER_PERIOD) == (14.0, 2.0)
