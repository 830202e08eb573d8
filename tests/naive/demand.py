"""Firm demand, hour by hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from tests.naive import Case

from baseload.clock import hour_of
from baseload.demand.profiles import load_shape


def demand_kw(
    case: Case, first_unit_hour: int | None, available_kw: Sequence[int]
) -> dict[str, list[int]]:
    """Power owed to each demand in each hour, by its name; 0 before it is owed. [kW]"""
    offset = timedelta(hours=case.scenario.grid.utc_offset_hours)
    owed: dict[str, list[int]] = {}
    for demand in case.scenario.demand:
        base = f"demand[{demand.name}]"
        begins: int | None = 0
        if isinstance(demand.owed_from, date):
            begins = hour_of(case.horizon, demand.owed_from)
        elif demand.owed_from != "start":
            begins = first_unit_hour
        shape = load_shape(demand.profile) if demand.profile is not None else None
        by_hour = []
        for hour in range(case.hours):
            if begins is None or hour < begins:
                by_hour.append(0)
                continue
            if demand.share_of_output is not None:
                kw = case.values[f"{base}.share_of_output"] * available_kw[hour]
            else:
                key = "constant_mw" if demand.constant_mw is not None else "peak_mw"
                year = case.month(hour) // 12
                growth = (1.0 + case.values[f"{base}.growth_per_year"]) ** year
                kw = case.values[f"{base}.{key}"] * 1000.0 * growth
            if shape is not None:
                local = case.instant(hour) + offset
                kind = max(0, local.weekday() - 4)
                kw *= float(shape[local.month - 1, kind, local.hour])
            by_hour.append(math.floor(kw + 0.5))
        owed[demand.name] = by_hour
    return owed
