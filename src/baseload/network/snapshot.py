"""The network on one day of its shipped past: where a study of the future begins."""

from dataclasses import dataclass
from datetime import date

from baseload.network.history import (
    day_end_s,
    fees_btc_per_block_on,
    first_day_of_history,
    last_day_of_history,
    period_at,
    points,
    price_usd_on,
)
from baseload.network.protocol import (
    BLOCKS_PER_PERIOD,
    SATS_PER_BITCOIN,
    bits_to_target,
    subsidy_sat,
    target_to_difficulty,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The network at the end of a UTC day.

    Attributes
    ----------
    on : date
        The day.
    height : int
        Height of the newest block at the day's end, reckoned between headers. [blocks]
    bits : int
        Compact target in force at the day's end.
    network_hash_rate_eh_per_s : float
        Mean hash rate of the period in force; of one that had not ended when the history was
        written, its difficulty at 600 s a block. [EH/s]
    price_usd : float
        [USD/BTC]
    fees_btc_per_block : float
        Mean of the day's calendar year. [BTC/block]
    chain_source, price_source, fees_source : str
        Where each comes from; a price between two points names both.
    """

    on: date
    height: int
    bits: int
    network_hash_rate_eh_per_s: float
    price_usd: float
    fees_btc_per_block: float
    chain_source: str
    price_source: str
    fees_source: str

    @property
    def difficulty(self) -> float:
        """Difficulty in force at the day's end."""
        return target_to_difficulty(bits_to_target(self.bits))

    @property
    def period_first_height(self) -> int:
        """Height of the block at which this difficulty began. [blocks]"""
        return self.height - self.height % BLOCKS_PER_PERIOD

    @property
    def reward_btc(self) -> float:
        """Subsidy and fees of the next block together. [BTC/block]"""
        return subsidy_sat(self.height + 1) / SATS_PER_BITCOIN + self.fees_btc_per_block


def snapshot_on(day: date) -> Snapshot:
    """The network at the end of a day of the shipped history.

    Parameters
    ----------
    day : date
        From `first_day_of_history()` to `last_day_of_history()`, UTC.

    Returns
    -------
    Snapshot
        With a source for each figure.

    Raises
    ------
    ValueError
        For a day that the history does not cover.
    """
    if not first_day_of_history() <= day <= last_day_of_history():
        raise ValueError(
            f"day: found {day}; "
            f"allowed: a day from {first_day_of_history()} to {last_day_of_history()}"
        )
    end_s = day_end_s(day)
    period = period_at(end_s)
    return Snapshot(
        on=day,
        height=period.height_at(end_s),
        bits=period.bits,
        network_hash_rate_eh_per_s=period.hash_rate_eh_per_s,
        price_usd=price_usd_on(day),
        fees_btc_per_block=fees_btc_per_block_on(day),
        chain_source="Bitcoin block headers (periods.csv)",
        price_source=_price_source(day),
        fees_source=[point.source for point in points("fees") if point.on <= day][-1],
    )


def _price_source(day: date) -> str:
    before = [point for point in points("price") if point.on <= day][-1]
    if before.on == day:
        return before.source
    after = next(point for point in points("price") if point.on > day)
    return (
        f"geometric interpolation between {before.on} ({before.source})"
        f" and {after.on} ({after.source})"
    )
