"""The network of one path: start of a path, frontier, and the rest's response.

The rest of the network answers at the start of a week to the hashprice of the week before, so
nothing is solved as a fixed point. Everything runs twice on the same draws, with the mine and without it.
"""

from __future__ import annotations

import numpy as np

from baseload.compiled import kernel, small_kernel
from baseload.network.chain_kernels import (
    HASHES_PER_DIFFICULTY,
    SATS_PER_BITCOIN,
    difficulty_of,
    mark_stop,
    subsidy,
)
from baseload.network.draw import Frontier, NetworkDraw
from baseload.network.setup import (
    BOOTSTRAP,
    CURVE,
    EXOGENOUS,
    FLAT_MEDIAN,
    JUMPS,
    REVERTING,
    VINTAGE_YEARS,
    VINTAGES,
)
from baseload.network.work import (
    BLOCK_LEFT,
    BLOCK_PLACE,
    EFFICIENCY,
    FEES,
    INSTALLED,
    LOG_EFFICIENCY,
    LOG_FEES,
    LOG_PRICE,
    LOG_TREND,
    NOISE,
    RUNNING,
    TRAILING_PLACES,
    WEEK_DELIVERED,
    WEEK_HASHPRICE,
    WEEK_SHADOW,
)
from baseload.numerics import exp, log, normal_cdf_table, power
from baseload.randomness import normal

DAYS_PER_YEAR = 365.25
STEP = 1.0 / DAYS_PER_YEAR
# The rest answers by the week: its hash rate moves within weeks, not within days.
WEEK_DAYS = 7
LN2 = 0.6931471805599453
# 1 J/TH for a day is 86,400 J per TH/s: 2.4e-5 MWh.
MWH_PER_DAY_PER_J_PER_TH = 2.4e-5
SMALLEST_MARGIN = 0.1
SMALLEST_REST_EH = 1.0e-3


@small_kernel
def hashprice_usd_per_th_day(price_usd, height, fees_btc, difficulty):
    """Expected revenue of 1 TH/s for a day at a difficulty, before any pool's fee."""
    blocks = 86400.0e12 / (difficulty * HASHES_PER_DIFFICULTY)
    return blocks * (subsidy(height) / SATS_PER_BITCOIN + fees_btc) * price_usd


@kernel
def log_growth_per_year(setup, row):
    """Growth of the log of the median price, for the processes that state one."""
    if setup.growth_mode == FLAT_MEDIAN:
        return 0.0
    if setup.median_growth >= 0:
        return log(1.0 + row[setup.median_growth])
    if setup.drift >= 0:
        sigma = row[setup.volatility]
        return row[setup.drift] - 0.5 * sigma * sigma
    return 0.0


@kernel
def jump_offset(setup, row):
    """What a day's log price loses so that jumps leave the mean of a drift, or a stated median, alone."""
    if setup.kind != JUMPS:
        return 0.0
    rate, mean, spread = row[setup.jumps], row[setup.jump_mean], row[setup.jump_volatility]
    if setup.drift >= 0 and setup.growth_mode != FLAT_MEDIAN:
        return rate * STEP * (exp(mean + 0.5 * spread * spread) - 1.0)
    return rate * STEP * mean


@kernel
def price_noise(setup, row):
    """Standard deviation of a day's log price, and what is kept of its gap to the trend."""
    if setup.volatility < 0:
        return 0.0, 1.0
    sigma = row[setup.volatility]
    if setup.kind != REVERTING:
        return sigma * np.sqrt(STEP), 1.0
    rate = LN2 / row[setup.half_life_years]
    keep = exp(-rate * STEP)
    return sigma * np.sqrt((1.0 - keep * keep) / (2.0 * rate)), keep


@kernel
def bootstrap_shift(setup, row):
    """Added to each drawn return so that their mean is the stated growth; 0 to keep the history's own."""
    if setup.kind != BOOTSTRAP or (setup.median_growth < 0 and setup.growth_mode != FLAT_MEDIAN):
        return 0.0
    total = 0.0
    for i in range(setup.returns.size):
        total += setup.returns[i]
    return log_growth_per_year(setup, row) * STEP - total / setup.returns.size


@kernel
def draw_network(setup, row, first_price):
    """The path's numbers as scalars."""
    sigma_step, keep = price_noise(setup, row)
    fees_keep = power(0.5, 1.0 / row[setup.fees_half_life])
    start = setup.chain
    difficulty = difficulty_of(start.mantissa, start.size)
    hashprice = hashprice_usd_per_th_day(first_price, start.height, row[setup.fees], difficulty)
    # The payback that the stated price of the frontier machine implies at the snapshot.
    cost = row[setup.efficiency] * MWH_PER_DAY_PER_J_PER_TH * row[setup.frontier_power]
    payback = row[setup.machine_price] / max(hashprice - cost, SMALLEST_MARGIN * hashprice)
    jumps = jump_mean = jump_volatility = 0.0
    if setup.kind == JUMPS:
        jumps = row[setup.jumps] * STEP
        jump_mean = row[setup.jump_mean]
        jump_volatility = row[setup.jump_volatility]
    return NetworkDraw(
        setup.kind,
        setup.rest,
        setup.payout,
        row[setup.pool_fee],
        start.network_eh_per_s,
        log_growth_per_year(setup, row) * STEP,
        sigma_step,
        keep,
        jumps,
        jump_mean,
        jump_volatility,
        jump_offset(setup, row),
        float(setup.block_days),
        bootstrap_shift(setup, row),
        row[setup.fees],
        fees_keep,
        row[setup.fees_volatility] * np.sqrt(1.0 - fees_keep * fees_keep),
        row[setup.efficiency],
        row[setup.improvement],
        row[setup.slowing],
        row[setup.machine_floor],
        row[setup.frontier_power],
        row[setup.output] / DAYS_PER_YEAR,
        row[setup.free_share],
        row[setup.rise],
        row[setup.largest],
        payback,
        log(MWH_PER_DAY_PER_J_PER_TH) + log(row[setup.power]),
        1.0 / row[setup.spread],
        row[setup.insensitive],
        1.0 - power(1.0 - 1.0 / max(1.0, row[setup.response]), float(WEEK_DAYS)),
        power(1.0 - row[setup.retire] * STEP, float(WEEK_DAYS)),
        log(1.0 + row[setup.growth]),
        row[setup.growth_volatility] * np.sqrt(WEEK_DAYS * STEP),
    )


@kernel
def first_price_usd(setup, row):
    """Price of the coin on the day from which the network is projected."""
    if setup.kind == CURVE:
        return setup.curve[0]
    return row[setup.price_start] if setup.price_start >= 0 else setup.chain.price_usd


@kernel
def begin_path(setup, row, work):
    """Put the network of one path on the first projected day; returns its `NetworkDraw`."""
    start = setup.chain
    price = first_price_usd(setup, row)
    draw = draw_network(setup, row, price)
    work.process[LOG_PRICE] = log(price)
    work.process[LOG_TREND] = log(row[setup.trend]) if setup.trend >= 0 else log(price)
    work.process[BLOCK_LEFT] = 0.0
    work.process[BLOCK_PLACE] = 0.0
    work.process[LOG_FEES] = 0.0
    work.process[FEES] = draw.fees
    work.process[NOISE] = 0.0
    work.trailing[:] = 0.0
    work.week[:] = 0.0
    for which in range(2):
        work.chain[which, 0] = start.height - int(start.position)
        work.chain[which, 1] = start.mantissa
        work.chain[which, 2] = start.size
        work.progress[which, 0] = start.position
        work.progress[which, 1] = start.seconds
        work.progress[which, 2] = difficulty_of(start.mantissa, start.size)
        work.rest[which] = start.network_eh_per_s
        mark_stop(work.chain, work.progress, which)
    hashprice = hashprice_usd_per_th_day(price, start.height, draw.fees, work.progress[0, 2])
    start_rest(setup, row, draw, hashprice, work.classes)
    return draw


@small_kernel
def copy_classes(classes):
    """Give the network without the mine the machines of the one with it."""
    for field in range(classes.shape[1]):
        for c in range(classes.shape[2]):
            classes[1, field, c] = classes[0, field, c]


@kernel
def start_rest(setup, row, draw, hashprice, classes):
    """Classes of the rest, scaled so that what runs at the snapshot's hashprice is its hash rate."""
    classes[:] = 0.0
    total = 0.0
    log_hashprice = log(hashprice)
    for c in range(setup.class_efficiency.size):
        classes[0, EFFICIENCY, c] = row[setup.class_efficiency[c]]
        classes[0, LOG_EFFICIENCY, c] = log(classes[0, EFFICIENCY, c])
        classes[0, INSTALLED, c] = row[setup.class_installed[c]]
        classes[0, RUNNING, c] = share_that_pays(draw, log_hashprice, classes[0, LOG_EFFICIENCY, c])
        total += classes[0, INSTALLED, c] * classes[0, RUNNING, c]
    scale = draw.network_eh_per_s / total if total > 0.0 else 0.0
    for c in range(setup.class_efficiency.size):
        classes[0, INSTALLED, c] *= scale
    copy_classes(classes)


@small_kernel
def share_that_pays(draw, log_hashprice, log_efficiency):
    """Share of a class that runs in the long run: lognormal cash costs of power, and a part that always runs."""
    score = (log_hashprice - log_efficiency - draw.log_break_even) * draw.inverse_spread
    return draw.insensitive + (1.0 - draw.insensitive) * normal_cdf_table(score)


@small_kernel
def day_frontier(draw, years):
    """The technology frontier so many years after the snapshot (below 0: before it).

    J/TH falls at a rate that itself falls: e(t) = e0 exp(-r (1 - exp(-s t)) / s). The floor of the
    price falls with it; the world makes the same number of machines, so that EH/s rise against it.
    """
    s = draw.slowing
    years_of_progress = (1.0 - exp(-s * years)) / s if s > 1e-9 else years
    gain = exp(-draw.improvement * years_of_progress)
    return Frontier(
        draw.efficiency * gain,
        draw.payback_days,
        draw.floor * gain,
        draw.frontier_power,
        draw.world_eh_per_day / gain,
        draw.free_share,
        draw.rise,
        draw.largest,
    )


@kernel
def respond(draw, frontier, which, hashprice, years, own_delivered_eh, given_classes, classes):
    """The rest's answer to a week's mean hashprice: stop or come back, scrap, and buy where it pays.

    Each class moves a week's step towards the share that pays. A frontier machine pays as long as
    its price, so many days of margin, is above what it costs to make; the rest buys in proportion,
    up to what the world makes in a week and the mine has not taken. Returns the rest's hash rate. [EH/s]
    """
    log_hashprice = log(max(hashprice, 1e-12))
    cost = frontier.efficiency_j_per_th * MWH_PER_DAY_PER_J_PER_TH * frontier.power_usd_per_mwh
    price = frontier.payback_days * (hashprice - cost)
    wants = min(1.0, max(0.0, (price - frontier.floor_usd_per_th) / frontier.floor_usd_per_th))
    made = WEEK_DAYS * frontier.world_eh_per_day
    bought = max(0.0, min(made * wants, made - own_delivered_eh))
    vintage = given_classes + min(VINTAGES - 1, int(max(0.0, years) / VINTAGE_YEARS))
    if bought > 0.0:
        # Energy adds up, so efficiencies average by hash rate; new machines run from the first day.
        had = classes[which, INSTALLED, vintage]
        both = had + bought
        mean = (
            classes[which, EFFICIENCY, vintage] * had + frontier.efficiency_j_per_th * bought
        ) / both
        classes[which, EFFICIENCY, vintage] = mean
        classes[which, LOG_EFFICIENCY, vintage] = log(mean)
        classes[which, RUNNING, vintage] = (classes[which, RUNNING, vintage] * had + bought) / both
        classes[which, INSTALLED, vintage] = both
    rest = 0.0
    for c in range(vintage + 1):
        installed = classes[which, INSTALLED, c]
        if installed <= 0.0:
            continue
        running = classes[which, RUNNING, c]
        running += (
            share_that_pays(draw, log_hashprice, classes[which, LOG_EFFICIENCY, c]) - running
        ) * draw.response_step
        installed *= draw.keep_machines
        classes[which, RUNNING, c] = running
        classes[which, INSTALLED, c] = installed
        rest += installed * running
    # A network without anyone else has no difficulty to speak of; the last machine stays.
    return max(rest, SMALLEST_REST_EH)


@kernel
def grown_rest(draw, key, path, week, years, process):
    """Hash rate, in the week of that number, of a rest that grows whatever the mine does. [EH/s]"""
    if draw.rest_noise_step > 0.0:
        process[NOISE] += draw.rest_noise_step * normal(key, path, week)
    return max(
        draw.network_eh_per_s * exp(draw.log_rest_growth * years + process[NOISE]), SMALLEST_REST_EH
    )


@kernel
def split_from_shadow(chain, progress, classes, rest):
    """Give the network without the mine its own state, on the day before the mine first counts."""
    for i in range(chain.shape[1]):
        chain[1, i] = chain[0, i]
    for i in range(progress.shape[1]):
        progress[1, i] = progress[0, i]
    copy_classes(classes)
    rest[1] = rest[0]


@small_kernel
def remember(sums, number, value):
    """Add the number-th value, from 0, to the running sums `sums` (128,)."""
    sums[(number + 1) % TRAILING_PLACES] = sums[number % TRAILING_PLACES] + value


@small_kernel
def trailing_mean(sums, number, most):
    """Mean of the last `most` of `number` values that `remember` was given; 0 before the first."""
    count = min(number, most)
    if count == 0:
        return 0.0
    return (sums[number % TRAILING_PLACES] - sums[(number - count) % TRAILING_PLACES]) / count


@kernel
def rest_of_week(
    draw, frontier, key, path, week, years, given, started, rest, classes, process, sums
):
    """The rest at the start of a week, with and without the mine, into `rest`; begins the week's `sums` anew."""
    if draw.rest_kind == EXOGENOUS:
        rest[0] = grown_rest(draw, key, path, week, years, process)
        rest[1] = rest[0]
    else:
        rest[0] = respond(
            draw,
            frontier,
            0,
            sums[WEEK_HASHPRICE] / WEEK_DAYS,
            years,
            sums[WEEK_DELIVERED],
            given,
            classes,
        )
        if started:
            rest[1] = respond(
                draw, frontier, 1, sums[WEEK_SHADOW] / WEEK_DAYS, years, 0.0, given, classes
            )
    for i in range(sums.size):
        sums[i] = 0.0
