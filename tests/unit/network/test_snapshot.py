"""The network on one day: where a study of the future begins."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from baseload.network.history import replay_days
from baseload.network.snapshot import snapshot_on

# First whole day after the retarget at height 953,568, the last one in the shipped history.
AFTER_RETARGET = date(2026, 6, 15)


def test_the_snapshot_of_mid_june_stands_after_the_retarget_of_june_2026() -> None:
    snapshot = snapshot_on(AFTER_RETARGET)
    assert snapshot.on == AFTER_RETARGET
    assert snapshot.period_first_height == 953_568
    assert snapshot.bits == 0x170240C3
    assert int(snapshot.difficulty) == 124_932_866_006_548
    assert round(snapshot.network_hash_rate_eh_per_s) == 894
    # The block came at about 00:24 UTC on 14 June: two days of 144 blocks, less three or so.
    assert 953_568 + 260 < snapshot.height < 953_568 + 310
    assert 59_000 < snapshot.price_usd < 65_000
    assert snapshot.reward_btc == 3.125 + snapshot.fees_btc_per_block


@pytest.mark.parametrize(
    "day", [date(2020, 1, 1), date(2024, 4, 19), date(2025, 12, 28), date(2026, 6, 25)]
)
def test_a_snapshot_agrees_with_the_replay_of_its_day(day: date) -> None:
    snapshot, days = snapshot_on(day), replay_days(day, day)
    assert snapshot.height == days.height[0]
    assert snapshot.price_usd == days.price_usd[0]
    assert snapshot.fees_btc_per_block == days.fees_btc_per_block[0]


def test_the_reward_counts_the_subsidy_of_the_next_block() -> None:
    assert snapshot_on(date(2024, 4, 19)).reward_btc > 6.25
    assert snapshot_on(date(2024, 4, 20)).reward_btc < 6.25


def test_a_price_between_two_points_names_both_sources() -> None:
    assert snapshot_on(date(2024, 12, 31)).price_source.startswith("Strategy, results")
    between = snapshot_on(date(2025, 1, 15))
    assert "between 2024-12-31 (Strategy" in between.price_source
    assert "and 2025-03-31 (Strategy" in between.price_source
    assert all((between.chain_source, between.fees_source))


def test_a_snapshot_cannot_be_changed() -> None:
    snapshot = snapshot_on(AFTER_RETARGET)
    with pytest.raises(FrozenInstanceError):
        snapshot.height = 0  # type: ignore[misc]


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2026, 6, 26)])
def test_a_day_outside_the_history_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="allowed: a day from 2020-01-01 to 2026-06-25"):
        snapshot_on(day)
