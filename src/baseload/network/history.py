"""The network's past, day by day: difficulty, hash rate and height from the chain, price and fees.

The chain's part comes from the headers of every difficulty period (`periods.csv`), price and fees
from dated points with a source each (`history_points.csv`) or, day by day, from a file of the user.
Between headers everything is reckoned, not read:

- Height at a day's end runs straight through a period. Against the times of all blocks from 2021 to
  April 2026 it is off by 17 blocks on average and by 134 at most (while China closed its mines in
  June 2021).
- Periods 470 to 473 (from 2 May 2026) have no header here. Their first blocks are placed by adding
  each period's timespan and one mean interval to the time before: 10 minutes (one standard
  deviation) off after one period, 20 after four.
- The last period had not ended: its blocks are taken to come every 600 s.
- Price moves geometrically from point to point, so a day between two points carries none of the
  market's ups and downs (root mean square error 9 % against daily prices of 2020 to mid 2025). Fees
  are one mean a calendar year; a single day's were up to ten times that. For a study of single
  days or months give a file.
"""

import math
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.network.history_file import DayFromFile, read_history_file
from baseload.network.protocol import (
    BLOCKS_PER_PERIOD,
    INTERVALS_PER_PERIOD,
    SECONDS_PER_DAY,
    TARGET_SECONDS_PER_BLOCK,
    bits_to_target,
    difficulty_to_hash_rate_h_per_s,
    target_to_difficulty,
)
from baseload.sources import Sourced, read_packaged

_HASHES_PER_EXAHASH = 1e18


class Period(NamedTuple):
    """One difficulty period of the chain.

    Attributes
    ----------
    first_height : int
        Height of its first block. [blocks]
    bits : int
        Compact target of all its blocks.
    first_at_s : float
        Time of its first block, from the header or reckoned. [s since 1970-01-01 UTC]
    end_at_s : float
        Time of the next period's first block; at 600 s a block for the last period. [s]
    mean_interval_s : float
        Mean time between its blocks. [s]
    """

    first_height: int
    bits: int
    first_at_s: float
    end_at_s: float
    mean_interval_s: float

    @property
    def difficulty(self) -> float:
        """Difficulty of every block of the period."""
        return target_to_difficulty(bits_to_target(self.bits))

    @property
    def hash_rate_eh_per_s(self) -> float:
        """Mean hash rate over the period that its blocks bear witness to. [EH/s]"""
        hash_rate = difficulty_to_hash_rate_h_per_s(self.difficulty, self.mean_interval_s)
        return hash_rate / _HASHES_PER_EXAHASH

    def height_at(self, at_s: float) -> int:
        """Height of the newest block at a time within the period. [blocks]"""
        passed = (at_s - self.first_at_s) / (self.end_at_s - self.first_at_s)
        return self.first_height + min(int(passed * BLOCKS_PER_PERIOD), BLOCKS_PER_PERIOD - 1)


class Point(NamedTuple):
    """A dated figure of the shipped history and its source."""

    on: date
    value: float
    source: str


class ReplayDays(NamedTuple):
    """The network's past over D consecutive UTC days.

    Attributes
    ----------
    day : array of datetime64[D], shape (D,)
    difficulty : array of float64, shape (D,)
        On a day with a retarget the harmonic mean over the day's seconds: a constant hash rate
        finds as many blocks in expectation as it did under the two.
    network_hash_rate_eh_per_s : array of float64, shape (D,)
        difficulty x 2**32 / (timespan / 2,015 intervals) of the period; on a day with a retarget
        the mean over the day's seconds. [EH/s]
    height : array of int64, shape (D,)
        Height of the newest block at the day's end. [blocks]
    price_usd : array of float64, shape (D,)
        [USD/BTC]
    fees_btc_per_block : array of float64, shape (D,)
        [BTC/block]
    """

    day: npt.NDArray[np.datetime64]
    difficulty: npt.NDArray[np.float64]
    network_hash_rate_eh_per_s: npt.NDArray[np.float64]
    height: npt.NDArray[np.int64]
    price_usd: npt.NDArray[np.float64]
    fees_btc_per_block: npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def periods() -> tuple[Period, ...]:
    """All difficulty periods of the shipped history, oldest first."""
    rows = read_packaged("baseload.network", "periods.csv")
    found: list[Period] = []
    next_first_at_s = 0.0
    for row, following in pairwise((*rows, None)):
        assert row is not None
        first_at_s = row.number_or_none("first_time")
        first_at_s = next_first_at_s if first_at_s is None else first_at_s
        span_s = row.number_or_none("span_seconds")
        mean_interval_s = (
            float(TARGET_SECONDS_PER_BLOCK) if span_s is None else span_s / INTERVALS_PER_PERIOD
        )
        # The timespan ends at the last block; the next period begins one interval later.
        next_first_at_s = first_at_s + BLOCKS_PER_PERIOD * mean_interval_s
        known_end_s = following.number_or_none("first_time") if following else None
        found.append(
            Period(
                first_height=int(row.text("first_height")),
                bits=int(row.text("bits"), 16),
                first_at_s=first_at_s,
                end_at_s=next_first_at_s if known_end_s is None else known_end_s,
                mean_interval_s=mean_interval_s,
            )
        )
    return tuple(found)


@lru_cache(maxsize=2)
def points(quantity: str) -> tuple[Point, ...]:
    """Dated points of the shipped history, oldest first.

    Parameters
    ----------
    quantity : str
        `price` [USD/BTC], on the day; or `fees` [BTC/block], the mean of the calendar year that
        begins on the day.
    """
    rows: tuple[Sourced, ...] = read_packaged("baseload.network", "history_points.csv")
    return tuple(
        Point(date.fromisoformat(row.text("date")), row.number("value"), row.source)
        for row in rows
        if row.text("quantity") == quantity
    )


def first_day_of_history() -> date:
    """First day on which the shipped chain facts, prices and fees all reach."""
    return max(_first_day_of_chain(), points("price")[0].on, points("fees")[0].on)


def last_day_of_history() -> date:
    """Last day on which the shipped chain facts, prices and fees all reach."""
    last_fees_year = points("fees")[-1].on.year
    return min(_last_day_of_chain(), points("price")[-1].on, date(last_fees_year, 12, 31))


def price_usd_on(day: date) -> float:
    """Price of a bitcoin by geometric interpolation between the shipped points. [USD/BTC]"""
    known = points("price")
    after = bisect_right(known, day, key=lambda point: point.on)
    before = known[after - 1]
    if before.on == day:
        return before.value
    share = (day - before.on).days / (known[after].on - before.on).days
    return before.value * math.exp(share * math.log(known[after].value / before.value))


def fees_btc_per_block_on(day: date) -> float:
    """Mean fees of a block over the day's calendar year. [BTC/block]"""
    known = points("fees")
    return known[bisect_right(known, day, key=lambda point: point.on) - 1].value


def period_at(at_s: float) -> Period:
    """The difficulty period in force at a time. [s since 1970-01-01 UTC]"""
    return periods()[bisect_right(periods(), at_s, key=lambda period: period.first_at_s) - 1]


def day_end_s(day: date) -> float:
    """The instant at which a UTC day ends. [s since 1970-01-01 UTC]"""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + SECONDS_PER_DAY


def replay_days(first_day: date, last_day: date, history_file: Path | None = None) -> ReplayDays:
    """The network's past over consecutive days, from the shipped history or a file of the user.

    Parameters
    ----------
    first_day, last_day : date
        UTC days, both counted; within `first_day_of_history()` and `last_day_of_history()`, or
        with a file within the days of the chain, from 2010-01-01 on.
    history_file : Path, optional
        CSV with the columns `date`, `price_usd`, `fees_btc_per_block` and, if wanted,
        `hash_rate_eh_per_s` and `difficulty`; one row for each day without gaps. It takes the
        place of the shipped figures and must cover every day asked for; height stays the chain's.

    Returns
    -------
    ReplayDays
        Arrays over the days.

    Raises
    ------
    ValueError
        For days that the history does not cover, or a fault of the file; the text says line,
        column, what was found and what is allowed.
    """
    _require_days(first_day, last_day, with_file=history_file is not None)
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    difficulty = np.empty(len(days), dtype=np.float64)
    hash_rate = np.empty(len(days), dtype=np.float64)
    height = np.empty(len(days), dtype=np.int64)
    price = np.empty(len(days), dtype=np.float64)
    fees = np.empty(len(days), dtype=np.float64)
    given: dict[date, DayFromFile] = {}
    if history_file is not None:
        given = read_history_file(history_file, first_day, last_day)
    for row, day in enumerate(days):
        difficulty[row], hash_rate[row], height[row] = _chain_on(day)
        if not given:
            price[row], fees[row] = price_usd_on(day), fees_btc_per_block_on(day)
            continue
        of_file = given[day]
        price[row], fees[row] = of_file.price_usd, of_file.fees_btc_per_block
        if of_file.difficulty is not None:
            difficulty[row] = of_file.difficulty
        if of_file.hash_rate_eh_per_s is not None:
            hash_rate[row] = of_file.hash_rate_eh_per_s
    return ReplayDays(
        np.array(days, dtype="datetime64[D]"), difficulty, hash_rate, height, price, fees
    )


def _chain_on(day: date) -> tuple[float, float, int]:
    end_s = day_end_s(day)
    from_s = end_s - SECONDS_PER_DAY
    seconds_per_difficulty = 0.0
    exahashes = 0.0
    while from_s < end_s:
        period = period_at(from_s)
        # One retarget a day is the rule; the fastest period of all took three days.
        until_s = min(end_s, period.end_at_s)
        seconds_per_difficulty += (until_s - from_s) / period.difficulty
        exahashes += (until_s - from_s) * period.hash_rate_eh_per_s
        from_s = until_s
    tip = period_at(end_s).height_at(end_s)
    return SECONDS_PER_DAY / seconds_per_difficulty, exahashes / SECONDS_PER_DAY, tip


def _first_day_of_chain() -> date:
    # In 2009 blocks stopped for hours or days, and heights between headers would mean nothing.
    return date(2010, 1, 1)


def _last_day_of_chain() -> date:
    # Only whole days: the day in which the last period would end is left out.
    return datetime.fromtimestamp(periods()[-1].end_at_s, UTC).date() - timedelta(days=1)


def _require_days(first_day: date, last_day: date, with_file: bool) -> None:
    for name, day in (("first_day", first_day), ("last_day", last_day)):
        if isinstance(day, datetime) or not isinstance(day, date):
            raise TypeError(f"{name}: found {day!r}; allowed: a date")
    earliest = _first_day_of_chain() if with_file else first_day_of_history()
    latest = _last_day_of_chain() if with_file else last_day_of_history()
    if not earliest <= first_day <= last_day <= latest:
        raise ValueError(
            f"first_day and last_day: found {first_day} to {last_day}; "
            f"allowed: days from {earliest} to {latest}, the first not after the last"
        )
