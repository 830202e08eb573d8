"""Machines of one path: deliveries, retirement, and replacement where it pays."""

from __future__ import annotations

import math

from baseload.clock import DAYS_PER_MONTH, DAYS_PER_YEAR
from baseload.compiled import kernel, small_kernel
from baseload.fleet.setup import ALWAYS, NEVER
from baseload.fleet.work import (
    ALWAYS_RUNS,
    ASK_DAY,
    AVAILABILITY,
    BEHIND_FRONTIER,
    BOUGHT_MACHINES,
    BOUGHT_SITE,
    BUILT_KW,
    CAP_KW,
    CURRENT,
    DELIVERED,
    DELIVERED_EH,
    FIRST_DAY,
    FIRST_DAY_ON,
    HALL,
    INSTALLED,
    J_PER_TH,
    LEAD_DAYS,
    LIFE,
    LIFE_DAYS,
    MACHINES_NOW,
    MACHINES_PER_DAY,
    OPEX_MWH,
    OPEX_NOW,
    OPEX_PER_KW_DAY,
    ORDER_DAY,
    ORDERED,
    PAYBACK_DAYS,
    PER_DAY,
    POWER_W,
    PRICE,
    PUE,
    REPLACE,
    RESALE,
    RESOLD,
    RETIRED,
    SITE,
    STATED_PRICE,
    TH_PER_S,
    WATTS,
)
from baseload.plant.kernels import hour_with_units

NOT_ORDERED = 1.0e9
QUARTER_DAYS = 91.0
MWH_PER_DAY_PER_J_PER_TH = 2.4e-5


@kernel
def begin_path(setup, row, project_done, segments, hour, at_power, work):
    """Order the first generation of every batch; what came before the start is there, paid and aged.

    An order waits so that its first machine does not come before what the batch needs: projects, and
    units that run together (`segments`, `hour`, `at_power` of the plant).
    """
    slot, batch = work.slot, work.batch
    slot[:] = 0.0
    work.day[:] = 0.0
    for b in range(setup.batches):
        batch[b, PUE] = row[setup.pue[b]]
        batch[b, POWER_W] = setup.power_w[b]
        batch[b, BEHIND_FRONTIER] = setup.behind_frontier[b]
        batch[b, AVAILABILITY] = row[setup.availability[b]]
        batch[b, LEAD_DAYS] = row[setup.lead_months[b]] * DAYS_PER_MONTH
        batch[b, MACHINES_PER_DAY] = row[setup.machines_per_month[b]] / DAYS_PER_MONTH
        batch[b, LIFE] = row[setup.lifetime[b]] * DAYS_PER_YEAR
        batch[b, PAYBACK_DAYS] = row[setup.payback_months[b]] * DAYS_PER_MONTH
        batch[b, RESALE] = row[setup.resale[b]]
        batch[b, SITE] = row[setup.site[b]]
        batch[b, OPEX_PER_KW_DAY] = row[setup.opex_kw_year[b]] / DAYS_PER_YEAR
        batch[b, OPEX_MWH] = row[setup.opex_mwh[b]]
        batch[b, STATED_PRICE] = row[setup.price[b]] if setup.price[b] >= 0 else -1.0
        batch[b, REPLACE] = setup.replace[b]
        batch[b, FIRST_DAY_ON] = NOT_ORDERED
        watts = setup.power_w[b] * batch[b, PUE]
        batch[b, HALL] = math.floor(row[setup.mine_mw[b]] * 1.0e6 / watts)
        start = setup.order_day[b] + batch[b, LEAD_DAYS]
        for j in range(project_done.size):
            if (setup.needs[b] >> j) & 1:
                start = max(start, project_done[j] / 24.0)
        if setup.after_units[b] > 0:
            start = max(
                start, hour_with_units(segments, hour, at_power, setup.after_units[b]) / 24.0
            )
        batch[b, ORDER_DAY] = start - batch[b, LEAD_DAYS]
        batch[b, ALWAYS_RUNS] = 1.0 if setup.always[b] else 0.0
        k = 2 * b
        slot[k, ORDERED] = batch[b, HALL]
        slot[k, FIRST_DAY] = start
        slot[k, PER_DAY] = batch[b, MACHINES_PER_DAY]
        slot[k, LIFE_DAYS] = batch[b, LIFE]
        slot[k, TH_PER_S] = setup.hash_rate_th_per_s[b]
        slot[k, WATTS] = watts
        slot[k, J_PER_TH] = watts / setup.hash_rate_th_per_s[b]
        slot[k, PRICE] = -1.0
        batch[b, CURRENT] = 0.0
        batch[b, ASK_DAY] = start + batch[b, LIFE] - batch[b, LEAD_DAYS]
        if setup.replace[b] == NEVER or batch[b, HALL] == 0.0:
            batch[b, ASK_DAY] = NOT_ORDERED
        slot[k, DELIVERED] = delivered_by(slot, k, -1.0)
        slot[k, RETIRED] = delivered_by(slot, k, -1.0 - batch[b, LIFE])
        slot[k, INSTALLED] = slot[k, DELIVERED] - slot[k, RETIRED]
        batch[b, BUILT_KW] = slot[k, DELIVERED] * watts / 1000.0


@small_kernel
def delivered_by(slot, k, day):
    """Machines of a generation that have arrived by the end of a day."""
    if slot[k, ORDERED] == 0.0 or day < slot[k, FIRST_DAY]:
        return 0.0
    return min(slot[k, ORDERED], math.floor(slot[k, PER_DAY] * (day - slot[k, FIRST_DAY] + 1.0)))


@kernel
def machine_price(hashprice, j_per_th, frontier):
    """USD per TH/s: so many days of margin at the hashprice, but never under the floor."""
    margin = hashprice - j_per_th * MWH_PER_DAY_PER_J_PER_TH * frontier.power_usd_per_mwh
    return max(frontier.floor_usd_per_th, frontier.payback_days * margin)


@kernel
def order_terms(th_per_s, machines, going_price, frontier):
    """Price per TH/s of an order and the most machines per day that the world delivers of it.

    An order above the free share of a year's world output raises the price by so much per share above.
    """
    share = machines * th_per_s / 1.0e6 / (frontier.world_eh_per_day * DAYS_PER_YEAR)
    price = going_price * (1.0 + frontier.rise * max(0.0, share - frontier.free_share))
    return price, frontier.largest * frontier.world_eh_per_day * 1.0e6 / th_per_s


@small_kernel
def first_whole_day(day):
    """First whole day not before a moment, kept in the range of whole numbers."""
    return int(math.ceil(min(max(day, 0.0), NOT_ORDERED)))


@kernel
def next_change(day, slot, batch):
    """A day after `day` up to which nothing is delivered, retired, priced or decided."""
    following = int(NOT_ORDERED)
    for b in range(batch.shape[0]):
        following = min(following, max(day + 1, first_whole_day(batch[b, ASK_DAY])))
        for k in range(2 * b, 2 * b + 2):
            if slot[k, ORDERED] == 0.0:
                continue
            if slot[k, PRICE] < 0.0:
                following = min(following, max(day + 1, first_whole_day(batch[b, ORDER_DAY])))
            if slot[k, DELIVERED] < slot[k, ORDERED]:
                following = min(following, max(day + 1, first_whole_day(slot[k, FIRST_DAY])))
            if slot[k, RETIRED] < slot[k, ORDERED]:
                end = slot[k, FIRST_DAY] + slot[k, LIFE_DAYS]
                following = min(following, max(day + 1, first_whole_day(end)))
    return following


@kernel
def day_fleet(day, frontier, hashprice_90, energy_90, slot, batch, today):
    """Deliver, retire, decide on replacements; set what works, and what the day cost.

    Parameters
    ----------
    day : int
        From the start.
    frontier : Frontier
    hashprice_90 : float
        Mean of the last 90 days, pool fee taken off. [USD per TH/s and day]
    energy_90 : float
        Mean value of a MWh at the meter in its best other use over the last 90 days. [USD/MWh]
    slot, batch, today : ndarrays
        Of `FleetWork`; written.
    """
    today[:] = 0.0
    for b in range(batch.shape[0]):
        if day >= max(1.0, batch[b, ASK_DAY]):
            decide(b, day, frontier, hashprice_90, energy_90, slot, batch)
        for g in range(2):
            k = 2 * b + g
            if slot[k, ORDERED] == 0.0:
                continue
            if slot[k, PRICE] < 0.0 and day >= max(0.0, batch[b, ORDER_DAY]):
                first_terms(b, k, frontier, hashprice_90, slot, batch)
            new = delivered_by(slot, k, float(day))
            gone = delivered_by(slot, k, day - slot[k, LIFE_DAYS])
            arrived = new - slot[k, DELIVERED]
            if arrived > 0.0:
                today[BOUGHT_MACHINES] += arrived * slot[k, PRICE]
                today[DELIVERED_EH] += arrived * slot[k, TH_PER_S] / 1.0e6
                other = 2 * b + 1 - g
                # What the other generation loses on this day makes room on this day.
                stays = delivered_by(slot, other, float(day)) - delivered_by(
                    slot, other, day - slot[other, LIFE_DAYS]
                )
                filled = ((new - gone) * slot[k, WATTS] + stays * slot[other, WATTS]) / 1000.0
                if filled > batch[b, BUILT_KW]:
                    today[BOUGHT_SITE] += (filled - batch[b, BUILT_KW]) * batch[b, SITE]
                    batch[b, BUILT_KW] = filled
            if gone > slot[k, RETIRED]:
                today[RESOLD] += (
                    (gone - slot[k, RETIRED]) * max(0.0, slot[k, PRICE]) * batch[b, RESALE]
                )
            slot[k, DELIVERED] = new
            slot[k, RETIRED] = gone
            installed = new - gone
            slot[k, INSTALLED] = installed
            kw = installed * slot[k, WATTS] / 1000.0
            slot[k, CAP_KW] = math.floor(kw * batch[b, AVAILABILITY])
            if installed > 0.0:
                batch[b, FIRST_DAY_ON] = min(batch[b, FIRST_DAY_ON], float(day))
            today[MACHINES_NOW] += installed
            today[OPEX_NOW] += kw * batch[b, OPEX_PER_KW_DAY]


@kernel
def first_terms(b, k, frontier, hashprice_90, slot, batch):
    """Price and delivery of the first generation, set on the day of its order."""
    going = batch[b, STATED_PRICE]
    if going < 0.0:
        going = machine_price(hashprice_90, slot[k, J_PER_TH], frontier)
    price, most_per_day = order_terms(slot[k, TH_PER_S], slot[k, ORDERED], going, frontier)
    slot[k, PRICE] = price * slot[k, TH_PER_S]
    if slot[k, DELIVERED] == 0.0:
        slot[k, PER_DAY] = min(slot[k, PER_DAY], most_per_day)


@kernel
def decide(b, day, frontier, hashprice_90, energy_90, slot, batch):
    """Order the next generation of a hall if its machines pay back in time; else ask again in a quarter."""
    generation = int(batch[b, CURRENT])
    old = 2 * b + generation
    new = 2 * b + 1 - generation
    if slot[new, INSTALLED] > 0.0:
        # The generation before last still leaves the hall: one question at a time.
        batch[b, ASK_DAY] = day + QUARTER_DAYS
        return
    best = frontier.efficiency_j_per_th * batch[b, BEHIND_FRONTIER]
    # The frontier machine draws what the old one drew and hashes more.
    th_per_s = batch[b, POWER_W] / best
    going = machine_price(hashprice_90, best, frontier)
    price, most_per_day = order_terms(th_per_s, batch[b, HALL], going, frontier)
    mwh_per_th_day = best * batch[b, PUE] * MWH_PER_DAY_PER_J_PER_TH
    running = batch[b, OPEX_MWH] + batch[b, OPEX_PER_KW_DAY] * 1000.0 / 24.0
    margin = (hashprice_90 - mwh_per_th_day * (max(0.0, energy_90) + running)) * batch[
        b, AVAILABILITY
    ]
    pays = margin > 0.0 and price <= margin * batch[b, PAYBACK_DAYS]
    if not (pays or batch[b, REPLACE] == ALWAYS):
        batch[b, ASK_DAY] = day + QUARTER_DAYS
        return
    # No machine comes before there is room: retirement of the old ones begins at its own time.
    first = max(day + batch[b, LEAD_DAYS], slot[old, FIRST_DAY] + slot[old, LIFE_DAYS])
    slot[new, ORDERED] = batch[b, HALL]
    slot[new, FIRST_DAY] = first
    slot[new, PER_DAY] = min(min(batch[b, MACHINES_PER_DAY], most_per_day), slot[old, PER_DAY])
    slot[new, LIFE_DAYS] = batch[b, LIFE]
    slot[new, TH_PER_S] = th_per_s
    slot[new, WATTS] = batch[b, POWER_W] * batch[b, PUE]
    slot[new, J_PER_TH] = best * batch[b, PUE]
    slot[new, PRICE] = price * th_per_s
    slot[new, DELIVERED] = 0.0
    slot[new, RETIRED] = 0.0
    batch[b, CURRENT] = 1 - generation
    batch[b, ASK_DAY] = first + batch[b, LIFE] - batch[b, LEAD_DAYS]
