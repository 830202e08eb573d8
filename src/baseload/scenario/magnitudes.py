"""Numbers so large that only a wrong unit explains them, and that 64 bits of micro-dollars cannot hold.

Energy is whole kWh, hourly money whole micro-USD: 100 GW at 100,000 USD/MWh for a month are 7e18
micro-USD, just under what a 64-bit integer holds. Beyond that sums would wrap around in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from baseload.distributions import Distribution
from baseload.scenario.locate import KeyPath
from baseload.scenario.references import Finding
from baseload.scenario.schema import ScenarioDocument

# Of an unbounded distribution what is compared is six standard deviations out: one draw in a billion.
FAR_OUT_SD = 6.0
# Growth of the coin's price over the horizon, in logs: a factor of 22,000.
MOST_LOG_GROWTH = 10.0
P95_SD = 1.6448536269514722
LARGEST_MW = 1e5
LARGEST: Final = (
    ("_mw", LARGEST_MW, "MW"),
    ("_mw_per_hour", LARGEST_MW, "MW/hour"),
    ("_usd_per_mwh", 1e5, "USD/MWh"),
    ("_usd_million", 1e6, "million USD"),
    ("_usd_million_per_year", 1e5, "million USD a year"),
    ("_usd_per_hour", 1e8, "USD/hour"),
    ("_usd_per_kw", 1e6, "USD/kW"),
    ("_usd_per_kw_year", 1e6, "USD/kW a year"),
    ("_usd_per_kw_month", 1e5, "USD/kW a month"),
    ("start_cost_usd", 1e9, "USD"),
    ("_usd_per_th", 1e6, "USD/TH"),
)


def magnitude_findings(model: ScenarioDocument) -> Iterator[Finding]:
    """Every number that is too large for its unit, and units that together are too large."""
    yield from _too_large(model, ())
    yield from _too_much_growth(model)
    together = sum(_highest(unit.gross_mw) for unit in model.plant.units)
    if together > LARGEST_MW:
        yield (
            ("plant", "units"),
            f"units of {together:g} MW together",
            f"at most {LARGEST_MW:,.0f} [MW]",
            "",
        )


def _too_much_growth(model: ScenarioDocument) -> Iterator[Finding]:
    """A coin that grows for so long that its price leaves what money can count."""
    kind = model.network.price_usd.kind
    process = getattr(model.network.price_usd, kind)
    for key in ("drift_per_year", "median_growth_per_year"):
        growth = getattr(process, key, None)
        most = MOST_LOG_GROWTH / model.years
        if growth is not None and _highest(growth) > most:
            path = ("network", "price_usd", kind.replace("_", "-"), key)
            found = f"up to {_highest(growth):g} a year for {model.years} years"
            yield path, found, f"at most {most:.2g} a year over this horizon", ""


def _highest(distribution: Distribution) -> float:
    """The most that is drawn, for all that matters."""
    high = distribution.support()[1]
    if math.isfinite(high):
        return high
    middle, spread = distribution.numbers
    if distribution.kind == "lognormal":
        return float(middle * (spread / middle) ** (FAR_OUT_SD / P95_SD))
    return middle + FAR_OUT_SD * spread


def _too_large(value: Any, path: KeyPath) -> Iterator[Finding]:
    if isinstance(value, BaseModel):
        for key, field in type(value).model_fields.items():
            yield from _too_large(getattr(value, key), (*path, field.alias or key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _too_large(item, (*path, index))
    elif isinstance(value, Distribution):
        key = next(str(part) for part in reversed(path) if isinstance(part, str))
        high = _highest(value)
        for suffix, most, unit in LARGEST:
            if key.endswith(suffix) and high > most:
                allowed = f"at most {most:,.0f} [{unit}]: is it in that unit?"
                yield path, f"{high:g}", allowed, ""
