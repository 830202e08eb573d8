"""Days that pass on the chain: blocks, pay of the mine, and the sums of both.

What the mine does on them is known beforehand: the hash rate of a day hangs on the hashprice that it
begins with, and that changes with difficulty, which only a retarget moves, and with price and fees,
which are drawn before.
"""

from __future__ import annotations

import math

from baseload.compiled import inner_kernel, small_kernel
from baseload.engine.sums import (
    S_DAYS_MINED,
    S_DIFFICULTY,
    S_DISPLACED,
    S_HASHPRICE,
    S_HELD,
    S_NETWORK,
    S_OWN,
    S_OWN_PROJECTED,
    S_PEAK_EH,
    S_PEAK_SHARE,
    S_REVENUE,
    S_SAT,
    S_SHADOW,
    S_SHADOW_HASHPRICE,
    S_SHARE,
    S_SHARE_MINED,
)
from baseload.network.chain_kernels import (
    HASHES_PER_DIFFICULTY,
    SATS_PER_BITCOIN,
    SECONDS_PER_DAY,
    parts_of_day,
    subsidy,
)
from baseload.network.kernels import hashprice_usd_per_th_day
from baseload.network.work import (
    BLOCKS,
    DIFFICULTY,
    PACE,
    SECONDS,
    STOP,
    SUBSIDY,
    TRAILING_PLACES,
    WEEK_HASHPRICE,
    WEEK_SHADOW,
)
from baseload.randomness import poisson


@small_kernel
def pay_day(key, path, absolute_day, parts, found, reward, own_pool, pool_fee):
    """Satoshis earned on a day: the expected value less the pool's fee, or the blocks that were found."""
    if own_pool:
        sat = 0
        for i in range(parts):
            sat += poisson(key, path, absolute_day * 8 + i, found[i]) * int(math.floor(reward[i]))
        return sat
    expected = 0.0
    for i in range(parts):
        expected += found[i] * reward[i]
    return int(math.floor(expected * (1.0 - pool_fee)))


@inner_kernel
def pass_projected_days(
    begin,
    end,
    path,
    absolute_day,
    counter,
    started,
    own_pool,
    pay,
    rest,
    shadow,
    peak_eh,
    own_days,
    price,
    fees,
    chain,
    progress,
    trailing,
    week,
    found,
    reward,
    sums,
):
    """Days `begin` to `end` of a month on the projected network, whose rest is the same on all of them.

    Parameters
    ----------
    begin, end : int
    path : int
    absolute_day : int
        Number of day `begin` in the calendar, by which its blocks are drawn.
    counter : int
        Days that `trailing` has been given before.
    started : bool
        Whether the network without the mine goes its own way.
    own_pool : bool
    pay : tuple
        Key of the blocks found, pool's fee, share of the coins that is sold.
    rest, shadow : float
        Hash rate of the others with the mine and without it. [EH/s]
    peak_eh : float
        Largest hash rate of the mine in an hour of these days. [EH/s]
    own_days : ndarray (31,)
        Mean hash rate of the mine by day. [EH/s]
    price, fees : ndarray (31,)
    chain, progress, trailing, week, found, reward : ndarrays
        Of `NetworkWork` (`trailing` the row of the days) and `Works`; written.
    sums : ndarray
        Is added to.

    Returns
    -------
    tuple
        The day after the last one passed: `end`, or one on which the mine is the first to count, before
        which the network without it must be split off; and the mine's share of the last day.
    """
    block_key, pool_fee, sell = pay
    paid_share = 1.0 if own_pool else 1.0 - pool_fee
    blocks, stop = progress[0, BLOCKS], progress[0, STOP]
    pace, block_sat = progress[0, PACE], progress[0, SUBSIDY]
    difficulty = progress[0, DIFFICULTY]
    blocks_1, stop_1 = progress[1, BLOCKS], progress[1, STOP]
    pace_1, block_sat_1 = progress[1, PACE], progress[1, SUBSIDY]
    seconds, seconds_1 = progress[0, SECONDS], progress[1, SECONDS]
    behind = trailing[counter % TRAILING_PLACES]
    # Every sum goes on from what it was: the same bits however the days are cut into stretches.
    week_hashprice, week_shadow = week[WEEK_HASHPRICE], week[WEEK_SHADOW]
    hashprice_sum, shadow_hashprice_sum = sums[S_HASHPRICE], sums[S_SHADOW_HASHPRICE]
    difficulty_sum, network_sum, shadow_sum = sums[S_DIFFICULTY], sums[S_NETWORK], sums[S_SHADOW]
    own_sum, share_sum, displaced = sums[S_OWN], sums[S_SHARE], sums[S_DISPLACED]
    revenue, coins, held = sums[S_REVENUE], sums[S_SAT], sums[S_HELD]
    own_projected, share_mined = sums[S_OWN_PROJECTED], sums[S_SHARE_MINED]
    share = 0.0
    mined = 0
    i = begin
    while i < end:
        own = own_days[i]
        if own > 0.0 and not started and i > begin:
            break
        fee_btc, price_usd = fees[i], price[i]
        fee_sat = fee_btc * SATS_PER_BITCOIN
        hashprice = pace * 1.0e-6 * (block_sat * (1.0 / SATS_PER_BITCOIN) + fee_btc) * price_usd
        shadow_hashprice = hashprice
        if started:
            shadow_hashprice = (
                pace_1 * 1.0e-6 * (block_sat_1 * (1.0 / SATS_PER_BITCOIN) + fee_btc) * price_usd
            )
        week_hashprice += hashprice
        week_shadow += shadow_hashprice
        hashprice_sum += hashprice
        shadow_hashprice_sum += shadow_hashprice
        difficulty_sum += difficulty
        network_sum += rest + own
        behind += hashprice * paid_share
        counter += 1
        trailing[counter % TRAILING_PLACES] = behind
        parts = 1
        after = blocks + (rest + own) * pace
        if after < stop:
            blocks = after
            seconds += SECONDS_PER_DAY
            found[0] = own * pace
            reward[0] = block_sat + fee_sat
        else:
            progress[0, BLOCKS] = blocks
            progress[0, SECONDS] = seconds
            parts = parts_of_day(chain, progress, 0, rest + own, own, fee_btc, found, reward)
            blocks, stop = progress[0, BLOCKS], progress[0, STOP]
            pace, block_sat = progress[0, PACE], progress[0, SUBSIDY]
            seconds = progress[0, SECONDS]
            difficulty = progress[0, DIFFICULTY]
        share = 0.0
        if own > 0.0:
            share = own / (own + rest)
            sat = pay_day(
                block_key, path, absolute_day + i - begin, parts, found, reward, own_pool, pool_fee
            )
            revenue += math.floor(sat * price_usd * 0.01)
            coins += sat
            held += math.floor(sat * (1.0 - sell))
            own_sum += own
            share_sum += share
            share_mined += share
            own_projected += own
            displaced += shadow - rest
            mined += 1
        if started:
            shadow_sum += shadow
            after = blocks_1 + shadow * pace_1
            if after < stop_1:
                blocks_1 = after
                seconds_1 += SECONDS_PER_DAY
            else:
                progress[1, BLOCKS] = blocks_1
                progress[1, SECONDS] = seconds_1
                parts_of_day(chain, progress, 1, shadow, 0.0, fee_btc, found, reward)
                blocks_1, stop_1 = progress[1, BLOCKS], progress[1, STOP]
                pace_1, block_sat_1 = progress[1, PACE], progress[1, SUBSIDY]
                seconds_1 = progress[1, SECONDS]
        else:
            shadow_sum += rest
        i += 1
    progress[0, BLOCKS] = blocks
    progress[0, SECONDS] = seconds
    if started:
        progress[1, BLOCKS] = blocks_1
        progress[1, SECONDS] = seconds_1
    week[WEEK_HASHPRICE], week[WEEK_SHADOW] = week_hashprice, week_shadow
    sums[S_HASHPRICE], sums[S_SHADOW_HASHPRICE] = hashprice_sum, shadow_hashprice_sum
    sums[S_DIFFICULTY], sums[S_NETWORK], sums[S_SHADOW] = difficulty_sum, network_sum, shadow_sum
    if mined > 0:
        sums[S_REVENUE], sums[S_SAT], sums[S_HELD] = revenue, coins, held
        sums[S_OWN], sums[S_SHARE], sums[S_DISPLACED] = own_sum, share_sum, displaced
        sums[S_OWN_PROJECTED], sums[S_SHARE_MINED] = own_projected, share_mined
        sums[S_DAYS_MINED] += mined
        sums[S_PEAK_EH] = max(sums[S_PEAK_EH], peak_eh)
        sums[S_PEAK_SHARE] = max(sums[S_PEAK_SHARE], peak_eh / (peak_eh + rest))
    return i, share


@inner_kernel
def pass_replayed_days(
    begin,
    end,
    first_day,
    path,
    absolute_day,
    counter,
    own_pool,
    pay,
    peak_eh,
    own_days,
    price,
    fees,
    past_difficulty,
    past_network,
    past_height,
    trailing,
    found,
    reward,
    sums,
):
    """Days `begin` to `end` of a month, the first day of which is `first_day`, on the chain as it was.

    The past cannot be told without the mine that was in it: its network is the one with the mine.
    Parameters as in `pass_projected_days`. Returns the mine's share of the last day.
    """
    block_key, pool_fee, sell = pay
    paid_share = 1.0 if own_pool else 1.0 - pool_fee
    share = 0.0
    for i in range(begin, end):
        day = first_day + i
        own = own_days[i]
        network, difficulty = past_network[day], past_difficulty[day]
        rest = max(network - own, 1e-3)
        hashprice = hashprice_usd_per_th_day(price[i], past_height[day], fees[i], difficulty)
        sums[S_HASHPRICE] += hashprice
        sums[S_SHADOW_HASHPRICE] += hashprice
        sums[S_DIFFICULTY] += difficulty
        sums[S_NETWORK] += rest + own
        sums[S_SHADOW] += network
        trailing[(counter + 1) % TRAILING_PLACES] = (
            trailing[counter % TRAILING_PLACES] + hashprice * paid_share
        )
        counter += 1
        share = 0.0
        if own > 0.0:
            share = own / (own + rest)
            found[0] = own * 86400.0e18 / (difficulty * HASHES_PER_DIFFICULTY)
            reward[0] = subsidy(past_height[day]) + fees[i] * SATS_PER_BITCOIN
            sat = pay_day(
                block_key, path, absolute_day + i - begin, 1, found, reward, own_pool, pool_fee
            )
            sums[S_REVENUE] += math.floor(sat * price[i] * 0.01)
            sums[S_SAT] += sat
            sums[S_HELD] += math.floor(sat * (1.0 - sell))
            sums[S_OWN] += own
            sums[S_SHARE] += share
            sums[S_DAYS_MINED] += 1.0
            sums[S_SHARE_MINED] += share
            sums[S_PEAK_EH] = max(sums[S_PEAK_EH], peak_eh)
            sums[S_PEAK_SHARE] = max(sums[S_PEAK_SHARE], peak_eh / (peak_eh + rest))
    return share
