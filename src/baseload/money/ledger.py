"""Lines of the monthly ledger, in whole cents: what comes in above zero, what goes out below."""

from __future__ import annotations

LINES = (
    "mining_revenue",
    "tariff_revenue",
    "export_revenue",
    "import_cost",
    "demand_charge",
    "fuel",
    "variable_om",
    "levies",
    "start_cost",
    "fixed_om",
    "shut_down_om",
    "insurance",
    "safety_programme",
    "diesel_fuel",
    "grid_connection",
    "mine_opex",
    "works",
    "machines",
    "mine_site",
    "machine_resale",
    "tax",
)
(
    MINING_REVENUE,
    TARIFF,
    EXPORT,
    IMPORT_COST,
    DEMAND_CHARGE,
    FUEL,
    VARIABLE_OM,
    LEVIES,
    START_COST,
    FIXED_OM,
    SHUT_DOWN_OM,
    INSURANCE,
    SAFETY,
    DIESEL_FUEL,
    CONNECTION,
    MINE_OPEX,
    WORKS,
    MACHINES,
    SITE,
    RESALE,
    TAX,
) = range(len(LINES))

VARIANTS = ("run", "grid_only", "idle")
RUN, GRID_ONLY, IDLE = range(3)
