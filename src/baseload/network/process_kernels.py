"""Price of the coin and fees of one path, a month of days at a time."""

from __future__ import annotations

import numpy as np

from baseload.compiled import kernel
from baseload.network.setup import BOOTSTRAP, CURVE, FIXED, FLAT_MEDIAN, JUMPS, REVERTING
from baseload.network.work import BLOCK_LEFT, BLOCK_PLACE, FEES, LOG_FEES, LOG_PRICE, LOG_TREND
from baseload.numerics import exp, inverse_normal, log
from baseload.randomness import normal, poisson, uniform


@kernel
def step_price(setup, draw, path, absolute_day, z, process):
    """Advance the log of the coin's price by a day."""
    kind = draw.kind
    if kind == FIXED:
        return
    if kind == CURVE:
        if setup.growth_mode != FLAT_MEDIAN:
            place = min(absolute_day - setup.chain.absolute_day, setup.curve.size - 1)
            process[LOG_PRICE] = log(setup.curve[place])
        return
    if kind == BOOTSTRAP:
        if process[BLOCK_LEFT] <= 0.0:
            process[BLOCK_PLACE] = float(
                int(uniform(setup.keys[3], path, absolute_day) * setup.returns.size)
            )
            process[BLOCK_LEFT] = draw.block_days
        process[LOG_PRICE] += (
            setup.returns[int(process[BLOCK_PLACE]) % setup.returns.size] + draw.bootstrap_shift
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
        count = poisson(setup.keys[1], path, absolute_day, draw.jump_rate_step)
        if count > 0:
            size = inverse_normal(uniform(setup.keys[2], path, absolute_day))
            process[LOG_PRICE] += (
                count * draw.jump_mean + np.sqrt(float(count)) * draw.jump_volatility * size
            )


@kernel
def month_processes(setup, draw, path, first_day, days, work):
    """Price, fees and power's innovations of `days` days from `first_day` of the horizon (below 0: before it).

    Replayed days take the past's price and fees; the processes go on from the day after it.
    """
    low = setup.correlation
    replayed = setup.replay.price_usd.size
    for i in range(days):
        day = first_day + i
        absolute_day = setup.start_day + day
        a = normal(setup.keys[0], path, absolute_day)
        b = normal(setup.keys[4], path, absolute_day)
        c = normal(setup.keys[7], path, absolute_day)
        work.power_normal[i] = low[2, 0] * a + low[2, 1] * b + low[2, 2] * c
        if 0 <= day < replayed:
            work.price[i] = setup.replay.price_usd[day]
            work.fees[i] = setup.replay.fees_btc[day]
            continue
        if absolute_day > setup.chain.absolute_day:
            step_price(setup, draw, path, absolute_day, a, work.process)
            process_fees = draw.fees_keep * work.process[LOG_FEES]
            work.process[LOG_FEES] = process_fees + draw.fees_step * (low[1, 0] * a + low[1, 1] * b)
            work.process[FEES] = draw.fees * exp(work.process[LOG_FEES])
        work.price[i] = exp(work.process[LOG_PRICE])
        work.fees[i] = work.process[FEES]
