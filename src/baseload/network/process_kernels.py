"""Price of the coin and fees of one path, a month of days at a time."""

from __future__ import annotations

import numpy as np

from baseload.compiled import kernel, small_kernel
from baseload.network.setup import BOOTSTRAP, CURVE, FIXED, FLAT_MEDIAN, JUMPS, REVERTING
from baseload.network.work import BLOCK_LEFT, BLOCK_PLACE, LOG_FEES, LOG_PRICE, LOG_TREND
from baseload.numerics import exp, inverse_normal, log
from baseload.randomness import normals_from_table, poisson, uniform


@small_kernel
def step_price(draw, curve, returns, keys, curve_day, path, absolute_day, z, process):
    """Advance the log of the coin's price by a day."""
    kind = draw.kind
    if kind == FIXED:
        return
    if kind == CURVE:
        process[LOG_PRICE] = log(curve[min(curve_day, curve.size - 1)])
        return
    if kind == BOOTSTRAP:
        if process[BLOCK_LEFT] <= 0.0:
            process[BLOCK_PLACE] = float(int(uniform(keys[3], path, absolute_day) * returns.size))
            process[BLOCK_LEFT] = draw.block_days
        process[LOG_PRICE] += (
            returns[int(process[BLOCK_PLACE]) % returns.size] + draw.bootstrap_shift
        )
        process[BLOCK_PLACE] += 1.0
        process[BLOCK_LEFT] -= 1.0
        return
    if kind == REVERTING:
        gap = process[LOG_PRICE] - process[LOG_TREND]
        process[LOG_TREND] += draw.growth_step
        process[LOG_PRICE] = process[LOG_TREND] + draw.keep * gap + draw.sigma_step * z
        return
    process[LOG_PRICE] += draw.growth_step + draw.sigma_step * z
    if kind == JUMPS:
        process[LOG_PRICE] -= draw.jump_offset
        count = poisson(keys[1], path, absolute_day, draw.jump_rate_step)
        if count > 0:
            size = inverse_normal(uniform(keys[2], path, absolute_day))
            process[LOG_PRICE] += (
                count * draw.jump_mean + np.sqrt(float(count)) * draw.jump_volatility * size
            )


@kernel
def month_processes(setup, draw, path, first_day, days, work):
    """Price, fees and power's innovations of `days` days from `first_day` of the horizon (below 0: before it).

    Replayed days take the past's price and fees; the processes go on from the day after it.
    """
    low, keys, curve, returns = setup.correlation, setup.keys, setup.curve, setup.returns
    past_price, past_fees, process = setup.replay.price_usd, setup.replay.fees_btc, work.process
    price_out, fees_out, power_out = work.price, work.fees, work.power_normal
    start_day, chain_day = setup.start_day, setup.chain.absolute_day
    # A flat median holds a curve at its first price.
    held = setup.growth_mode == FLAT_MEDIAN
    replayed = past_price.size
    low_10, low_11, low_20, low_21, low_22 = low[1, 0], low[1, 1], low[2, 0], low[2, 1], low[2, 2]
    drawn = work.normals
    normals_from_table(keys[0], path, start_day + first_day, drawn[0, :days])
    normals_from_table(keys[4], path, start_day + first_day, drawn[1, :days])
    normals_from_table(keys[7], path, start_day + first_day, drawn[2, :days])
    for i in range(days):
        power_out[i] = low_20 * drawn[0, i] + low_21 * drawn[1, i] + low_22 * drawn[2, i]
    past_days = min(max(replayed - first_day, 0), days) if first_day >= 0 else 0
    for i in range(past_days):
        price_out[i] = past_price[first_day + i]
        fees_out[i] = past_fees[first_day + i]
    log_fees, fees_keep, fees_step, fees = (
        process[LOG_FEES],
        draw.fees_keep,
        draw.fees_step,
        draw.fees,
    )
    for i in range(past_days, days):
        absolute_day = start_day + first_day + i
        if absolute_day > chain_day:
            a, b = drawn[0, i], drawn[1, i]
            curve_day = 0 if held else absolute_day - chain_day
            step_price(draw, curve, returns, keys, curve_day, path, absolute_day, a, process)
            log_fees = fees_keep * log_fees + fees_step * (low_10 * a + low_11 * b)
        price_out[i] = process[LOG_PRICE]
        fees_out[i] = log_fees
    process[LOG_FEES] = log_fees
    # Apart from the steps, which wait for one another, the processor does several at once.
    for i in range(past_days, days):
        price_out[i] = exp(price_out[i])
        fees_out[i] = fees * exp(fees_out[i])
