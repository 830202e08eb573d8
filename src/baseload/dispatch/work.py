"""Memory of a month of dispatch, and the names of its totals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Halves = npt.NDArray[np.int32]

LONGEST_MONTH_HOURS = 744

# Totals of a month. Energies in kWh, money in micro-USD.
(
    GENERATION,
    IMPORT,
    FIRM_DEMAND,
    FIRM_SERVED,
    FIRM_BY_PLANT,
    UNSERVED,
    SHORTFALL,
    MINE,
    EXPORT,
    CURTAILED,
    EXPORT_GRID_ONLY,
    CURTAILED_GRID_ONLY,
    UNSERVED_GRID_ONLY,
    UNSERVED_IDLE,
    IMPORT_IDLE,
    HOUSE_LOAD,
    MINE_IMPORT,
    TARIFF_REVENUE,
    IMPORT_COST,
    EXPORT_REVENUE,
    EXPORT_REVENUE_GRID_ONLY,
    IMPORT_COST_GRID_ONLY,
    IMPORT_COST_IDLE,
    PRICE,
    IMPORT_GRID_ONLY,
    DIESEL,
    DIESEL_HOURS,  # hours, not kWh
    DIESEL_HOURS_IDLE,
    # Only where hours are linked: produced for nobody, and what the run has above grid-only.
    DUMPED,
    DUMPED_GRID_ONLY,
    TARIFF_LESS,
    DIESEL_HOURS_LESS,
    # Hours on which firm demand is shed.
    LOST_LOAD_HOURS,
    LOST_LOAD_HOURS_GRID_ONLY,
    LOST_LOAD_HOURS_IDLE,
    TOTALS,
) = range(36)

# Columns of the trace, one row an hour.
TRACE = (
    "available_kw",
    "firm_demand_kw",
    "firm_served_kw",
    "firm_served_by_plant_kw",
    "mine_kw",
    "export_kw",
    "curtailed_kw",
    "import_kw",
    "unserved_kw",
    "price_milli_usd_per_mwh",
    "mine_value_milli_usd_per_mwh",
    "units_at_power",
    "house_load_kw",
    "diesel_kw",
    "export_grid_only_kw",
    "export_limit_kw",
    "avoidable_milli_usd_per_mwh",
    "dumped_kw",
)
T_AVAILABLE = TRACE.index("available_kw")
T_FIRM_SERVED = TRACE.index("firm_served_kw")
T_FIRM_BY_PLANT = TRACE.index("firm_served_by_plant_kw")
T_MINE = TRACE.index("mine_kw")
T_CURTAILED = TRACE.index("curtailed_kw")
T_UNSERVED = TRACE.index("unserved_kw")
T_EXPORT_GRID_ONLY = TRACE.index("export_grid_only_kw")
T_AVOIDABLE = TRACE.index("avoidable_milli_usd_per_mwh")
T_DUMPED = TRACE.index("dumped_kw")


# Rows of the month's hours.
(
    AVAILABLE,
    HOUSE,
    LOST_POWER,
    DARK,
    STOPS_MINE,
    AT_POWER,
    EXPORT_LIMIT,
    IMPORT_LIMIT,
    HOUR_PRICE,
    SURPLUS,  # what the plant has left after firm demand
    IMPORT_LEFT,  # of the import limit
    NET_PRICE,  # of export, fees, losses and avoidable cost taken off
    ALONE,  # export without a mine
    BOUGHT,  # house load and firm demand that import serves
    IDLE_LEFT,  # of the import limit with no unit running
    LAST,  # net price of the last kW exported without a mine
    PART_A,  # scratch
    PART_B,  # scratch
    SELL,  # surplus that the line would carry
    TOTAL,  # firm demand of all, on the first day of a month with its shape
    ELSEWHERE,  # part of it that other supply does not cover and that may be imported, likewise
    FREE,  # surplus that a mine may take
    MINE_KW,  # what `mine_day` gives the mine, part of which it buys, and what is sold then
    MINE_BUYS,
    SOLD_KW,
    LOST,  # firm demand shed, of all demands together
    IDLE_LOST,  # the same with the plant idle
    HOUR_ROWS,
) = range(28)
# Values of DARK: nothing feeds the safety house load whether units run or not; only with the plant idle.
DARK_ALWAYS, DARK_WHEN_IDLE = 1, 2
# Rows of the slots of the mine: net value by which they are ranked [milli-USD/MWh], power, energy of
# the day, ranking, and what a MWh truly earns, avoidable cost not yet taken off.
VALUE, CAP, MINED, ORDER, WORTH, SLOT_ROWS = range(6)
# Columns of a demand: other supply [kW], tariff [milli-USD/MWh], 1 if it may be imported.
OTHER, TARIFF_MILLI, MAY_IMPORT, DEMAND_COLUMNS = range(4)


# What is known of a day of the month before the mine: 1 where it went hour by hour, 1 where nothing can
# be mined, first day of the month with its demand, segment of the plant at its first hour, and three columns
# for the lines' state then.
D_BY_HOUR, D_NO_MINE, D_LIKE, D_SEGMENT, D_LINES = range(5)
DAY_COLUMNS = D_LINES + 3
# Firm demand of a day with its shape: sum and largest hour, sum and largest hour of what may be imported, sum that
# other supply covers, sum and hours of what is shed without the plant, tariff on all and on what is imported.
(
    K_NEED,
    K_NEED_MOST,
    K_ELSEWHERE,
    K_ELSEWHERE_MOST,
    K_OTHER,
    K_SHED,
    K_SHED_HOURS,
    K_TARIFF,
    K_TARIFF_ELSEWHERE,
    KIND_COLUMNS,
) = range(10)


class DispatchWork(NamedTuple):
    """Hours of a month for plant, demand and grid, and the day's slots of the mine.

    `by_day` shows the rows of `hours` as days of 24 hours: the same memory.
    """

    hours: Halves  # (28, 744), 32 bits so that a month stays in the first-level cache
    by_day: Halves  # (28, 31, 24)
    days: Ints  # (31, 7)
    kinds: Ints  # (31, 9)
    here: Ints  # (9,) a part of a day, likewise
    demand_kw: Halves  # (D, 744)
    sizes_kw: Floats  # (D,) peak or constant power of a demand in the year
    demand: Ints  # (D, 3)
    slots: Ints  # (5, K)
    th_per_kw: Floats  # (K,) TH/s of a kW at the meter
    totals: Ints
    factor: Floats  # (31,) of the price of power by day
    alone_value: Ints  # (744,) net value of export without a mine [micro-USD]
    slot_terms: Floats  # (3, K) what values the slots each day
    slot_order: (
        Ints  # (31, 2 K + 1) slots worth running by day, and their net values [milli-USD/MWh]
    )
    slot_mined: Ints  # (31, K) energy of the slots by day [kWh]
    hashes: Floats  # (744,) scratch
    own_eh: Floats  # (31,) mean hash rate of the mine by day [EH/s]
    marginal: Ints  # (31,) sum over a day's hours of the value of one more MWh [milli-USD/MWh]


def dispatch_work(demands: int, slots: int) -> DispatchWork:
    """Fresh memory for one thread."""
    hours = np.zeros((HOUR_ROWS, LONGEST_MONTH_HOURS), np.int32)
    return DispatchWork(
        hours=hours,
        by_day=hours.reshape(HOUR_ROWS, LONGEST_MONTH_HOURS // 24, 24),
        days=np.zeros((LONGEST_MONTH_HOURS // 24, DAY_COLUMNS), np.int64),
        kinds=np.zeros((LONGEST_MONTH_HOURS // 24, KIND_COLUMNS), np.int64),
        here=np.zeros(KIND_COLUMNS, np.int64),
        demand_kw=np.zeros((demands, LONGEST_MONTH_HOURS), np.int32),
        sizes_kw=np.zeros(demands),
        demand=np.zeros((demands, DEMAND_COLUMNS), np.int64),
        slots=np.zeros((SLOT_ROWS, slots), np.int64),
        th_per_kw=np.zeros(slots),
        totals=np.zeros(TOTALS, np.int64),
        factor=np.zeros(31),
        alone_value=np.zeros(LONGEST_MONTH_HOURS, np.int64),
        slot_terms=np.zeros((3, slots)),
        slot_order=np.zeros((LONGEST_MONTH_HOURS // 24, 2 * slots + 1), np.int64),
        slot_mined=np.zeros((LONGEST_MONTH_HOURS // 24, slots), np.int64),
        hashes=np.zeros(LONGEST_MONTH_HOURS),
        own_eh=np.zeros(LONGEST_MONTH_HOURS // 24),
        marginal=np.zeros(31, np.int64),
    )
