"""The network's numbers of one path, as scalars: what the kernels of a day need, worked out once."""

from __future__ import annotations

from typing import NamedTuple


class NetworkDraw(NamedTuple):
    """Scalars only: a kernel that is called every day takes them without touching an array."""

    kind: int
    rest_kind: int
    payout: int
    pool_fee: float
    network_eh_per_s: float
    growth_step: float  # of the log of the median price per day
    sigma_step: float
    keep: float  # mean reversion of the price per day
    jump_rate_step: float
    jump_mean: float
    jump_volatility: float
    jump_offset: (
        float  # taken off each day so that jumps leave the mean or the median where it is stated
    )
    block_days: float
    bootstrap_shift: float
    fees: float
    fees_keep: float
    fees_step: float
    efficiency: float
    improvement: float
    slowing: float
    floor: float
    frontier_power: float
    world_eh_per_day: float
    free_share: float
    rise: float
    largest: float
    payback_days: float
    log_break_even: float  # log of hashprice per J/TH at which half of a class pays
    inverse_spread: float
    insensitive: float
    response_step: float  # of a week
    keep_machines: float  # of a week
    log_rest_growth: float
    rest_noise_step: float  # of a week


class Frontier(NamedTuple):
    """The best machine on sale on a day, and the terms on which it is sold."""

    efficiency_j_per_th: float
    payback_days: float
    floor_usd_per_th: float
    power_usd_per_mwh: float
    world_eh_per_day: float
    free_share: float
    rise: float
    largest: float
