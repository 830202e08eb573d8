"""The network between its snapshot and the horizon, when nobody's mine is in it yet."""

from __future__ import annotations

from baseload.compiled import inner_kernel
from baseload.network.chain_kernels import day_blocks, hashprice_of
from baseload.network.kernels import STEP, WEEK_DAYS, day_frontier, remember, rest_of_week
from baseload.network.process_kernels import month_processes
from baseload.network.work import WEEK_HASHPRICE

WARM_CHUNK_DAYS = 28


@inner_kernel
def warm_up(setup, draw, path, work, found, reward):
    """From the day after the snapshot to the first of the horizon the network goes on by itself.

    Returns the count of days.
    """
    chain, progress, rest, trailing, week = (
        work.chain,
        work.progress,
        work.rest,
        work.trailing,
        work.week,
    )
    counter = 0
    while counter < setup.warm_days:
        chunk = min(WARM_CHUNK_DAYS, setup.warm_days - counter)
        month_processes(setup, draw, path, counter - setup.warm_days, chunk, work)
        for i in range(chunk):
            if counter > 0 and counter % WEEK_DAYS == 0:
                years = counter * STEP
                rest_of_week(
                    draw,
                    day_frontier(draw, years),
                    setup.keys[5],
                    path,
                    counter // WEEK_DAYS,
                    years,
                    setup.class_efficiency.size,
                    False,
                    rest,
                    work.classes,
                    work.process,
                    week,
                )
            hashprice = hashprice_of(progress, 0, work.fees[i], work.price[i])
            day_blocks(chain, progress, 0, rest[0], 0.0, work.fees[i], found, reward)
            remember(trailing[0], counter, hashprice * (1.0 - draw.pool_fee))
            week[WEEK_HASHPRICE] += hashprice
            counter += 1
    return counter
