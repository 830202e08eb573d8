"""The network's past by day, from the shipped history and from a user's file."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from baseload.network.history import (
    ReplayDays,
    day_end_s,
    first_day_of_history,
    last_day_of_history,
    period_at,
    periods,
    points,
    replay_days,
)
from baseload.network.protocol import (
    bits_to_target,
    next_bits,
    subsidy_sat,
    target_to_difficulty,
)
from baseload.sources import read_packaged

HEADER = "date,price_usd,fees_btc_per_block"
FIRST = date(2025, 12, 1)


def _file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "history.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def _rows(days: int, tail: str = "90000,0.03") -> list[str]:
    return [f"{FIRST + timedelta(days=n)},{tail}" for n in range(days)]


def test_every_timespan_leads_from_its_targets_to_the_next_ones() -> None:
    rows = read_packaged("baseload.network", "periods.csv")
    assert len(rows) == 474
    for row, following in pairwise(rows):
        span = int(row.number("span_seconds"))
        bits, next_ones = int(row.text("bits"), 16), int(following.text("bits"), 16)
        assert next_bits(bits, 0, max(span, 0)) == next_ones, row.text("period")
        assert int(following.text("first_height")) - int(row.text("first_height")) == 2016


def test_periods_follow_each_other_without_a_gap_in_time() -> None:
    for period, following in pairwise(periods()):
        assert period.end_at_s == following.first_at_s
        assert period.first_at_s < following.first_at_s


def test_a_first_block_reckoned_from_the_period_before_is_within_an_hour_of_its_header() -> None:
    # One interval between blocks is exponential with a mean of 600 s: an hour is six means, which
    # one in 400 exceeds; the last 56 known ones all keep it.
    known = [p for p in periods() if 832_608 <= p.first_height <= 943_488]
    for period in known:
        reckoned = period.first_at_s + 2016 * period.mean_interval_s
        assert abs(reckoned - period.end_at_s) < 3600


def test_difficulty_and_hash_rate_of_a_day_within_one_period_are_the_periods() -> None:
    day = date(2025, 12, 28)
    days = replay_days(day, day)
    assert int(days.difficulty[0]) == 148_258_433_855_481
    expected = 148_258_433_855_481.3 * 2**32 / (1_224_350 / 2015) / 1e18
    # The same product in another order.
    assert days.network_hash_rate_eh_per_s[0] == pytest.approx(expected, rel=1e-14)


def test_a_day_with_a_retarget_pays_as_its_two_difficulties_did() -> None:
    day = date(2026, 2, 7)
    begin_s, end_s = day_end_s(day) - 86_400, day_end_s(day)
    old, new = period_at(begin_s), period_at(end_s)
    assert (old.bits, new.bits) == (0x1701FCA1, 0x17023C7E)
    share = (new.first_at_s - begin_s) / 86_400
    days = replay_days(day, day)
    expected = 1 / (share / old.difficulty + (1 - share) / new.difficulty)
    # The same sum in another order.
    assert days.difficulty[0] == pytest.approx(expected, rel=1e-14)
    rate = share * old.hash_rate_eh_per_s + (1 - share) * new.hash_rate_eh_per_s
    assert days.network_hash_rate_eh_per_s[0] == pytest.approx(rate, rel=1e-14)


# Headers of blocks 720,000, 840,000 (the halving) and 900,000.
@pytest.mark.parametrize(
    ("height", "day"),
    [(720_000, date(2022, 1, 23)), (840_000, date(2024, 4, 20)), (900_000, date(2025, 6, 6))],
)
def test_known_blocks_lie_within_their_day(height: int, day: date) -> None:
    days = replay_days(day - timedelta(days=1), day)
    # Reckoned heights are off by 134 blocks at most against all blocks of 2021 to April 2026,
    # by 60 in quiet months.
    assert days.height[0] - 60 < height <= days.height[1] + 60


def test_the_whole_history_is_sound() -> None:
    days = replay_days(first_day_of_history(), last_day_of_history())
    assert days.day[0] == np.datetime64("2020-01-01")
    assert days.day[-1] == np.datetime64("2026-06-25")
    assert (np.diff(days.day) == np.timedelta64(1, "D")).all()
    assert (np.diff(days.height) > 60).all()
    assert (np.diff(days.height) < 260).all()
    for name in ("difficulty", "network_hash_rate_eh_per_s", "price_usd", "fees_btc_per_block"):
        column = getattr(days, name)
        assert column.dtype == np.float64
        assert np.isfinite(column).all()
        assert (column > 0).all()
    assert days.height.dtype == np.int64
    assert days.height[-1] < 953_568 + 2016


def test_the_subsidy_changes_on_the_days_of_the_halvings() -> None:
    days = replay_days(date(2020, 5, 10), date(2024, 4, 21))
    subsidies = [subsidy_sat(int(height)) for height in days.height]
    changes = [
        str(days.day[n]) for n in range(1, len(subsidies)) if subsidies[n] != subsidies[n - 1]
    ]
    # Block 630,000 came at 19:23 UTC on 2020-05-11, some 30 blocks before midnight: within what
    # reckoned heights are off. Block 840,000 came at 00:09 on 2024-04-20.
    assert changes in (["2020-05-11", "2024-04-20"], ["2020-05-12", "2024-04-20"])


def test_price_passes_through_its_points_and_runs_geometrically_between_them() -> None:
    days = replay_days(date(2024, 12, 31), date(2025, 3, 31))
    assert days.price_usd[0] == 93_390
    assert days.price_usd[-1] == 82_445
    ratios = days.price_usd[1:] / days.price_usd[:-1]
    # 90 equal steps, each a rounded exponential.
    assert ratios == pytest.approx((82_445 / 93_390) ** (1 / 90), rel=1e-13)


def test_fees_are_one_mean_for_each_calendar_year() -> None:
    days = replay_days(date(2024, 12, 31), date(2025, 1, 1))
    by_year = {point.on.year: point.value for point in points("fees")}
    assert list(days.fees_btc_per_block) == [by_year[2024], by_year[2025]]
    assert sorted(by_year) == list(range(2020, 2027))


def test_each_point_has_its_source_and_unit() -> None:
    rows = read_packaged("baseload.network", "history_points.csv", columns=("unit", "quantity"))
    units = {"price": "USD/BTC", "fees": "BTC/block"}
    for row in rows:
        assert row.text("unit") == units[row.text("quantity")]
        assert len(row.source) > 20
    for known in (points("price"), points("fees")):
        assert [point.on for point in known] == sorted({point.on for point in known})
    gaps = [b.on - a.on for a, b in pairwise(points("price"))]
    assert max(gaps) <= timedelta(days=95)


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [
        (date(2019, 12, 31), date(2020, 2, 1)),
        (date(2026, 6, 1), date(2026, 6, 26)),
        (date(2024, 1, 2), date(2024, 1, 1)),
    ],
)
def test_days_that_the_history_does_not_cover_are_refused(first_day: date, last_day: date) -> None:
    with pytest.raises(ValueError, match="allowed: days from 2020-01-01 to 2026-06-25"):
        replay_days(first_day, last_day)


def test_an_instant_is_no_day() -> None:
    with pytest.raises(TypeError, match="first_day"):
        replay_days(datetime(2024, 1, 1, tzinfo=UTC), date(2024, 1, 2))


def test_a_users_file_takes_the_place_of_price_and_fees_but_not_of_the_chain(
    tmp_path: Path,
) -> None:
    path = _file(tmp_path, "2025-12-01,90000,0.03", "2025-12-02,91000.5,0", "2025-12-03,1,2")
    given = replay_days(FIRST, date(2025, 12, 2), path)
    shipped = replay_days(FIRST, date(2025, 12, 2))
    assert list(given.price_usd) == [90_000, 91_000.5]
    assert list(given.fees_btc_per_block) == [0.03, 0.0]
    assert (given.height == shipped.height).all()
    assert (given.difficulty == shipped.difficulty).all()
    assert (given.network_hash_rate_eh_per_s == shipped.network_hash_rate_eh_per_s).all()


def test_a_users_file_may_give_hash_rate_and_difficulty_too(tmp_path: Path) -> None:
    header = "difficulty,date,hash_rate_eh_per_s,fees_btc_per_block,price_usd"
    path = _file(tmp_path, "1.5e14,2025-12-01,1000,0.03,90000", header=header)
    given = replay_days(FIRST, FIRST, path)
    assert isinstance(given, ReplayDays)
    assert (given.difficulty[0], given.network_hash_rate_eh_per_s[0]) == (1.5e14, 1000)


def test_a_users_file_reaches_days_without_shipped_prices(tmp_path: Path) -> None:
    path = _file(tmp_path, "2015-01-01,314.25,0.07")
    days = replay_days(date(2015, 1, 1), date(2015, 1, 1), path)
    assert days.price_usd[0] == 314.25
    # 0x181B0DCA held from height 336,672 to 338,687, at the end of 2014 and into 2015.
    assert days.difficulty[0] == target_to_difficulty(bits_to_target(0x181B0DCA))


@pytest.mark.parametrize(
    ("row", "column", "found", "allowed"),
    [
        ("2025-12-02,-1,0.03", "price_usd", "'-1'", "a number above 0 [USD/BTC]"),
        ("2025-12-02,0,0.03", "price_usd", "'0'", "a number above 0 [USD/BTC]"),
        ("2025-12-02,nan,0.03", "price_usd", "'nan'", "a number above 0 [USD/BTC]"),
        ("2025-12-02,inf,0.03", "price_usd", "'inf'", "a number above 0 [USD/BTC]"),
        ("2025-12-02,,0.03", "price_usd", "''", "a number above 0 [USD/BTC]"),
        ("2025-12-02,9e4 USD,0.03", "price_usd", "'9e4 USD'", "a number above 0 [USD/BTC]"),
        (
            "2025-12-02,9e4,-0.1",
            "fees_btc_per_block",
            "'-0.1'",
            "a number of 0 or more [BTC/block]",
        ),
        ("2025-12-03,9e4,0.03", "date", "2025-12-03", "2025-12-02, the day after"),
        ("2025-12-01,9e4,0.03", "date", "2025-12-01", "2025-12-02, the day after"),
        ("20251202,9e4,0.03", "date", "'20251202'", "a day as 2026-01-31"),
        ("2025-13-02,9e4,0.03", "date", "'2025-13-02'", "a day as 2026-01-31"),
        ("2025-12-02,9e4", "row", "2 cells", "3 cells"),
        ('2025-12-02,9e4,"0.03', "row", "", "cells between commas"),
    ],
)
def test_a_faulty_row_is_refused_with_line_column_found_and_allowed(
    tmp_path: Path, row: str, column: str, found: str, allowed: str
) -> None:
    path = _file(tmp_path, "2025-12-01,90000,0.03", row)
    with pytest.raises(ValueError) as refusal:
        replay_days(FIRST, FIRST, path)
    text = str(refusal.value)
    assert text.startswith(f"history.csv:3  {column}\n")
    assert f"  found    {found}" in text
    assert f"  allowed  {allowed}" in text


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = _file(tmp_path, "2025-12-01,-1,-1", "2025-12-03,x,0")
    with pytest.raises(ValueError) as refusal:
        replay_days(FIRST, FIRST, path)
    assert str(refusal.value).count("found") == 4


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("date,price_usd", "fees_btc_per_block"),
        (HEADER + ",price_eur", "price_eur"),
        (HEADER + ",price_usd", "price_usd"),
        ("", "date"),
    ],
)
def test_a_header_with_missing_unknown_or_double_columns_is_refused(
    tmp_path: Path, header: str, column: str
) -> None:
    path = _file(tmp_path, *_rows(1), header=header)
    with pytest.raises(ValueError, match=rf"history\.csv:1  {column}"):
        replay_days(FIRST, FIRST, path)


@pytest.mark.parametrize("days", [0, 2])
def test_a_file_that_does_not_cover_every_day_asked_is_refused(tmp_path: Path, days: int) -> None:
    path = _file(tmp_path, *_rows(days))
    with pytest.raises(ValueError, match="2025-12-01 to 2025-12-03"):
        replay_days(FIRST, FIRST + timedelta(days=2), path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(b"date,price_usd\xff")
    with pytest.raises(ValueError, match="UTF-8"):
        replay_days(FIRST, FIRST, path)
