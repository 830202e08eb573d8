"""What the mine's slots are worth, day by day, in which order they come, and what they did."""

from __future__ import annotations

import numpy as np

from baseload.compiled import kernel, small_kernel
from baseload.dispatch.work import CAP, D_BY_HOUR, D_NO_MINE, MINED, VALUE, WORTH
from baseload.engine.month_kernels import whole_milli
from baseload.fleet.work import ALWAYS_RUNS, CAP_KW, J_PER_TH, OPEX_MWH
from baseload.network.chain_kernels import hashprice_of
from baseload.network.kernels import MWH_PER_DAY_PER_J_PER_TH
from baseload.network.work import BLOCKS, PACE, STOP

HIGHEST_USD_PER_MWH = 2.0e6
ALWAYS_FIRST = 1 << 60


@kernel
def set_slots(kept, slot, batch, slots, th_per_kw, terms):
    """Power of each slot after the fleet has changed, and what values it each day; returns slots with power.

    `terms` (3, K): USD per MWh for a hashprice of one USD per TH/s and day, pool's fee taken off; running
    cost [milli-USD/MWh]; 1 for a slot that runs whatever it earns.
    """
    active = 0
    for k in range(slot.shape[0]):
        slots[CAP, k] = int(slot[k, CAP_KW])
        slots[VALUE, k] = -1
        slots[WORTH, k] = 0
        slots[MINED, k] = 0
        th_per_kw[k] = 0.0
        if slots[CAP, k] > 0:
            active += 1
            th_per_kw[k] = 1000.0 / slot[k, J_PER_TH]
            terms[0, k] = kept / (slot[k, J_PER_TH] * MWH_PER_DAY_PER_J_PER_TH)
            terms[1, k] = whole_milli(batch[k // 2, OPEX_MWH])
            terms[2, k] = batch[k // 2, ALWAYS_RUNS]
    return active


@small_kernel
def worth_of(hashprice, k, terms):
    """Worth of a MWh in a slot, net of the mine's own cost. [milli-USD/MWh]"""
    per_mwh = min(hashprice * terms[0, k], HIGHEST_USD_PER_MWH)
    return int(np.floor(per_mwh * 1000.0)) - int(terms[1, k])


@small_kernel
def value_slots(hashprice, avoidable, slots, terms):
    """Worth of a MWh in each slot, net of the mine's own cost and the plant's avoidable cost."""
    for k in range(slots.shape[1]):
        if slots[CAP, k] > 0:
            slots[WORTH, k] = worth_of(hashprice, k, terms)
            # A mine that runs whatever the hour is worth goes before every other use.
            slots[VALUE, k] = ALWAYS_FIRST if terms[2, k] > 0.0 else slots[WORTH, k] - avoidable


@small_kernel
def rank_day(i, hashprice, avoidable, slots, terms, order):
    """Slots worth running on day `i` by falling value, equal ones by index, into `order`.

    `order` (31, 2 K + 1): how many they are, then each one's index and net value [milli-USD/MWh].
    """
    n = 0
    for k in range(slots.shape[1]):
        if slots[CAP, k] <= 0:
            continue
        value = ALWAYS_FIRST if terms[2, k] > 0.0 else worth_of(hashprice, k, terms) - avoidable
        if value < 0:
            continue
        place = n
        while place > 0 and order[i, 2 * place] < value:
            order[i, 2 * place + 1] = order[i, 2 * place - 1]
            order[i, 2 * place + 2] = order[i, 2 * place]
            place -= 1
        order[i, 2 * place + 1] = k
        order[i, 2 * place + 2] = value
        n += 1
    order[i, 0] = n


@kernel
def rank_days(
    begin,
    end,
    progress,
    rest_eh,
    coin_price,
    coin_fees,
    day_table,
    avoidable,
    slots,
    th_per_kw,
    terms,
    order,
):
    """`rank_day` for the days of a month from `begin` on that the mine can be given at once.

    They lie before `end` and before the next retarget or halving may come: until then the hashprice that
    each begins with is known. Returns the day after the last one.
    """
    own_th = 0.0
    for k in range(slots.shape[1]):
        own_th += slots[CAP, k] * th_per_kw[k]
    blocks = (rest_eh + own_th * 1.0e-6) * progress[0, PACE]
    i = begin
    while True:
        hashprice = hashprice_of(progress, 0, coin_fees[i], coin_price[i])
        rank_day(i, hashprice, avoidable, slots, terms, order)
        i += 1
        if (
            i == end
            or day_table[i, D_BY_HOUR]
            or day_table[i, D_NO_MINE]
            or not progress[0, BLOCKS] + (i - begin) * blocks < progress[0, STOP]
        ):
            return i


@small_kernel
def mined_today(mined, th_per_kw, batch):
    """Hash rate as a mean of the day [EH/s], energy [kWh] and running cost [USD] of the mine."""
    th = 0.0
    kwh = 0
    opex = 0.0
    for k in range(mined.size):
        th += mined[k] * th_per_kw[k]
        kwh += mined[k]
        opex += mined[k] * 0.001 * batch[k // 2, OPEX_MWH]
    return th / 24.0e6, kwh, opex
