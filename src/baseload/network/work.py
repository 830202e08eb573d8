"""Memory of one path of the network, with the mine (0) and without it (1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.network.setup import VINTAGES, NetworkSetup

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

INSTALLED, RUNNING, EFFICIENCY, LOG_EFFICIENCY = range(4)
LOG_PRICE, LOG_TREND, BLOCK_LEFT, BLOCK_PLACE, LOG_FEES, FEES, NOISE = range(7)
TRAILING_DAYS = 90
TRAILING_MONTHS = 3
TRAILING_PLACES = 128
# Columns of the chain's progress: blocks found in the period, its seconds so far, difficulty; and what
# follows from them: blocks a day per EH/s, subsidy [sat], place in the period of the next retarget or
# halving.
BLOCKS, SECONDS, DIFFICULTY, PACE, SUBSIDY, STOP, PROGRESS_COLUMNS = range(7)
# Sums since the rest last answered: hashprice with and without the mine, machines delivered to the mine.
WEEK_HASHPRICE, WEEK_SHADOW, WEEK_DELIVERED = range(3)


class NetworkWork(NamedTuple):
    """State of the chain and of the rest of the network; row 0 with the mine, row 1 without."""

    chain: Ints  # (2, 3): first height of the period, mantissa and size of the target
    progress: Floats  # (2, 6)
    classes: Floats  # (2, 4, C): installed [EH/s], running [share], J/TH and its logarithm
    rest: Floats  # (2,) EH/s
    process: Floats  # (7,): state of price and fees and of the exogenous growth's noise
    price: Floats  # (31,) of a month's days [USD]
    fees: Floats  # (31,) [BTC per block]
    power_normal: Floats  # (31,) innovations of the daily power price
    normals: Floats  # (3, 31) scratch
    trailing: (
        Floats  # (2, 128): running sums of hashprice by day, and of the value of energy by month
    )
    week: Floats  # (3,) since the rest last answered: see WEEK_HASHPRICE and its neighbours


def network_work(setup: NetworkSetup) -> NetworkWork:
    """Fresh memory for one thread."""
    return NetworkWork(
        chain=np.zeros((2, 3), np.int64),
        progress=np.zeros((2, PROGRESS_COLUMNS)),
        classes=np.zeros((2, 4, setup.class_efficiency.size + VINTAGES)),
        rest=np.zeros(2),
        process=np.zeros(7),
        price=np.zeros(31),
        fees=np.zeros(31),
        power_normal=np.zeros(31),
        normals=np.zeros((3, 31)),
        week=np.zeros(3),
        trailing=np.zeros((2, TRAILING_PLACES)),
    )
