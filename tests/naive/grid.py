"""Lines and the price of power, hour by hour and day by day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tests.naive import Case
from tests.naive.phases import event_hour, rates_by_hour
from tests.naive.plant import nearest_kw, whole_hours

from baseload.draws import pack, quantile
from baseload.grid.price_profiles import price_shape
from baseload.grid.schema import PriceBound
from baseload.randomness import normal, stream_key, uniform

NO_LIMIT_KW = 1 << 30
HIGHEST_USD = 2.0e6


def line_carries(case: Case, phases: list[str], done: Mapping[str, int]) -> dict[str, list[bool]]:
    """Whether each line carries power in each hour: built, and not out."""
    carries: dict[str, list[bool]] = {}
    for line in case.scenario.grid.lines:
        base = f"grid.lines[{line.name}]"
        built = max([0, *(done[name] for name in line.needs)])
        up = [hour >= built for hour in range(case.hours)]
        rates = rates_by_hour(case, phases, f"{base}.outages_per_year", line.outages_per_year)
        after, number = built, 0
        while True:
            down = event_hour(rates, after, case.exponential(f"{base} time", number))
            if down is None:
                break
            after = down + whole_hours(case.drawn(line.outage_hours, f"{base} length", number))
            for hour in range(down, min(after, case.hours)):
                up[hour] = False
            number += 1
        carries[line.name] = up
    return carries


def limits_kw(
    case: Case, phases: list[str], done: Mapping[str, int], lost_power: Sequence[bool]
) -> tuple[list[int], list[int]]:
    """What may be exported and imported in each hour: lines that carry, under the stated limits."""
    grid, values = case.scenario.grid, case.values
    carries = line_carries(case, phases, done)
    both: tuple[list[int], list[int]] = ([], [])
    for limits, way, stated in zip(
        both, ("export", "import"), (grid.export_limit_mw, grid.import_limit_mw), strict=True
    ):
        for hour in range(case.hours):
            bounds = [NO_LIMIT_KW]
            if stated is not None:
                bounds.append(nearest_kw(values[f"grid.{way}_limit_mw"]))
            if grid.lines:
                up = [line.name for line in grid.lines if carries[line.name][hour]]
                bounds.append(
                    sum(nearest_kw(values[f"grid.lines[{name}].{way}_mw"]) for name in up)
                )
            limits.append(0 if lost_power[hour] else min(bounds))
    return both


def monthly_levels(case: Case) -> list[float]:
    """Level of the price by month: a trend times a factor with mean 1 that forgets. [USD/MWh]"""
    values, start = case.values, case.scenario.start
    sigma = values["grid.price.level_volatility"]
    keep = 0.5 ** (1.0 / values["grid.price.level_half_life_months"])
    key = stream_key(case.seed, "grid.price level")
    log_factor = variance = 0.0
    levels = []
    for month in range(case.horizon.months):
        if month > 0 and sigma > 0.0:
            number = start.year * 12 + start.month - 1 + month
            innovation = sigma * math.sqrt(1.0 - keep * keep)
            log_factor = keep * log_factor + innovation * normal(key, case.path, number)
            variance = keep * keep * variance + innovation * innovation
        trend = (1.0 + values["grid.price.growth_per_year"]) ** (month / 12.0)
        factor = math.exp(log_factor - variance / 2.0)
        levels.append(values["grid.price.level_usd_per_mwh"] * trend * factor)
    return levels


def daily_factors(case: Case, normals: Sequence[float]) -> list[float]:
    """Factor on the level by day: reverts to its mean of 1, times a spike on some days."""
    values, spikes = case.values, case.scenario.grid.price.spikes
    sigma = values["grid.price.daily_volatility"]
    keep = 0.5 ** (1.0 / values["grid.price.daily_half_life_days"])
    since_1970 = (case.scenario.start - date(1970, 1, 1)).days
    logarithm = 0.0
    factors = []
    for day, innovation in enumerate(normals):
        if day == 0:
            logarithm = sigma * innovation
        else:
            logarithm = keep * logarithm + sigma * math.sqrt(1.0 - keep * keep) * innovation
        factor = math.exp(logarithm - sigma * sigma / 2.0)
        if spikes is not None:
            happens = uniform(
                stream_key(case.seed, "grid.price spike"), case.path, since_1970 + day
            )
            if happens < values["grid.price.spikes.per_year"] / 365.25:
                size = uniform(
                    stream_key(case.seed, "grid.price spike size"), case.path, since_1970 + day
                )
                factor *= quantile(pack([spikes.factor]), 0, size)
        factors.append(float(factor))
    return factors


def bound_on(bounds: Sequence[PriceBound], day: date, otherwise: float) -> float:
    """The latest cap or floor that began by a day."""
    begun = [bound for bound in bounds if bound.from_on <= day]
    return max(begun, key=lambda bound: bound.from_on).usd_per_mwh if begun else otherwise


def prices_milli_usd(case: Case, normals: Sequence[float]) -> list[int]:
    """Price of power in each hour, whole milli-USD per MWh."""
    price = case.scenario.grid.price
    shape = price_shape(price.profile)
    offset = timedelta(hours=case.scenario.grid.utc_offset_hours)
    levels, factors = monthly_levels(case), daily_factors(case, normals)
    prices = []
    for hour in range(case.hours):
        when = case.instant(hour)
        local = when + offset
        kind = max(0, local.weekday() - 4)
        usd = levels[case.month(hour)] * factors[hour // 24]
        usd *= float(shape[local.month - 1, kind, local.hour])
        usd = min(usd, bound_on(price.caps, when.date(), HIGHEST_USD))
        usd = max(usd, bound_on(price.floors, when.date(), -HIGHEST_USD))
        prices.append(math.floor(usd * 1000.0 + 0.5))
    return prices


def tranche_falls_milli_usd(case: Case, width_kw: int, tranches: int) -> list[int]:
    """By how much less the next tranche of export earns than the first kilowatt.

    The price falls for all that is sold, so q GW earn q (p - f q); what a tranche adds, over its
    width, is what it earns.
    """
    fall = case.values["grid.price_fall_usd_per_mwh_per_gw"]
    width = width_kw / 1e6
    lost = [fall * (number * width) ** 2 for number in range(tranches + 1)]
    return [
        math.floor((lost[number + 1] - lost[number]) / width * 1000.0 + 0.5)
        for number in range(tranches)
    ]
