"""Names of the places in a path's running sums."""

from __future__ import annotations

# Sums over the days of a month, and the largest hour of the mine in it.
(
    S_HASHPRICE,
    S_SHADOW_HASHPRICE,
    S_PRICE,
    S_FEES,
    S_DIFFICULTY,
    S_NETWORK,
    S_SHADOW,
    S_OWN,
    S_SHARE,
    S_MACHINES,
    S_REVENUE,
    S_SAT,
    S_HELD,
    S_OPEX,
    S_MACHINES_USD,
    S_SITE_USD,
    S_RESALE_USD,
    S_DISPLACED,
    S_DAYS_MINED,
    S_SHARE_MINED,
    S_FRONTIER,
    S_OWN_PROJECTED,
    S_PEAK_EH,
    S_PEAK_SHARE,
    SUMS,
) = range(25)

# A path's life.
(
    L_FIRST_UNIT,
    L_MACHINES,
    L_PEAK_EH,
    L_PEAK_SHARE,
    L_LAST_PRICE,
    L_HELD_SAT,
    L_SAT,
    L_DAYS_MINED,
    L_SHARE_MINED,
    L_STARTS,
    LIFE,
) = range(11)

# Rows of the monthly memory.
M_SAT, M_ENERGY, M_CASH_ENERGY, M_OWN_PROJECTED, M_DISPLACED, M_HELD_VALUE = range(6)
