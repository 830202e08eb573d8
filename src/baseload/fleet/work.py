"""Memory of one path of the fleet: two generations of machines in the hall of each batch.

A generation's machines arrive at a rate and are retired in the order in which they came, so that a
hall passes from one generation to the next while both are in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.fleet.setup import FleetSetup

Floats = npt.NDArray[np.float64]

# Columns of a slot: slot 2 b + g is generation g (even or odd) of batch b. Counts are whole.
(
    ORDERED,
    FIRST_DAY,
    PER_DAY,
    LIFE_DAYS,
    TH_PER_S,
    WATTS,  # of one machine, at the meter
    J_PER_TH,  # at the meter
    PRICE,  # USD per machine; below 0: not yet agreed
    INSTALLED,
    DELIVERED,
    RETIRED,
    CAP_KW,  # what the working machines draw
    SLOT_COLUMNS,
) = range(13)

# Columns of a batch.
(
    HALL,  # machines that fit
    CURRENT,  # generation that was ordered last
    ASK_DAY,  # when to decide on the next one
    BUILT_KW,  # part of the hall that was ever filled
    ORDER_DAY,
    REPLACE,
    PUE,
    POWER_W,  # of a machine
    AVAILABILITY,
    LEAD_DAYS,
    MACHINES_PER_DAY,
    LIFE,
    PAYBACK_DAYS,
    RESALE,
    SITE,  # USD per kW
    OPEX_PER_KW_DAY,
    OPEX_MWH,
    STATED_PRICE,  # USD per TH/s; below 0: the frontier's
    ALWAYS_RUNS,  # 1: whatever the hour is worth
    BEHIND_FRONTIER,  # J/TH of machines with the same cooling over the frontier's
    FIRST_DAY_ON,  # on which machines of it first work; NOT_ORDERED until then
    BATCH_COLUMNS,
) = range(22)

# A day's purchases.
BOUGHT_MACHINES, BOUGHT_SITE, RESOLD, DELIVERED_EH, MACHINES_NOW, OPEX_NOW = range(6)


class FleetWork(NamedTuple):
    """Slots (K, columns), batches (B, columns) and what a day bought and runs."""

    slot: Floats
    batch: Floats
    day: Floats  # (6,)


def fleet_work(setup: FleetSetup) -> FleetWork:
    """Fresh memory for one thread."""
    return FleetWork(
        slot=np.zeros((2 * setup.batches, SLOT_COLUMNS)),
        batch=np.zeros((setup.batches, BATCH_COLUMNS)),
        day=np.zeros(6),
    )
