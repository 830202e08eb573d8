"""The demand section as arrays for its kernels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.alike import rows_alike
from baseload.clock import Horizon, calendar, hour_of
from baseload.demand.schema import Demand
from baseload.inputs import Inputs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FROM_FIRST_UNIT = -(1 << 40)


class DemandSetup(NamedTuple):
    """D demands in the order in which they are served; columns of -1 do not exist."""

    demands: int
    size: Ints  # peak or constant power
    output_share: Ints
    growth: Ints
    tariff: Ints
    other_supply: Ints
    may_import: npt.NDArray[np.bool_]
    owed_hour: Ints  # FROM_FIRST_UNIT: with the first unit on line
    shape: Ints  # row of `shapes`, -1: constant
    shapes: Floats  # (S, H) share of the peak by hour
    day_row: Ints  # (S, D) row of `day_shape` of each day
    day_shape: Floats  # (R, 24) the same shares, each day that differs from all others once
    like_day: Ints  # (D,) first day of the same month on which all shapes are the same


def first_day_alike(shapes: Floats, horizon: Horizon) -> Ints:
    """For each day (D,) the first one of its month with the same `shapes` (S, H) hour by hour."""
    month = calendar(horizon).day_month.astype(np.float64)
    by_day = shapes.reshape(len(shapes), horizon.days, 24).transpose(1, 0, 2)
    rows = np.column_stack((month, by_day.reshape(horizon.days, -1)))
    first, like = rows_alike(rows)
    return first[like]


def days_that_differ(shapes: Floats) -> tuple[Ints, Floats]:
    """Row of each day of `shapes` (S, H) in a table of the days that differ, and the table (R, 24).

    A day's shares are read on every path; hundreds of them stay close to the processor, a lifetime's not.
    """
    by_day = shapes.reshape(-1, 24)
    first, like = rows_alike(by_day)
    return like.reshape(shapes.shape[0], -1), np.ascontiguousarray(by_day[first])


def demand_setup(
    demands: Sequence[Demand], horizon: Horizon, shapes: dict[str, Floats], inputs: Inputs
) -> DemandSetup:
    """Arrays of the demands; `shapes` maps the name of a profile to its shares by hour (H,)."""
    names = sorted({demand.profile for demand in demands if demand.profile is not None})
    owed = []
    for demand in demands:
        if isinstance(demand.owed_from, date):
            owed.append(hour_of(horizon, demand.owed_from))
        else:
            owed.append(0 if demand.owed_from == "start" else FROM_FIRST_UNIT)

    def columns(key: str) -> Ints:
        return np.array(
            [inputs.column(f"demand[{d.name}].{key}", getattr(d, key)) for d in demands], np.int64
        )

    size = []
    for demand in demands:
        key = "peak_mw" if demand.peak_mw is not None else "constant_mw"
        value = getattr(demand, key)
        size.append(-1 if value is None else inputs.column(f"demand[{demand.name}].{key}", value))
    share = [
        -1
        if d.share_of_output is None
        else inputs.column(f"demand[{d.name}].share_of_output", d.share_of_output)
        for d in demands
    ]
    by_hour = np.array([shapes[name] for name in names]) if names else np.zeros((0, 0))
    day_row, day_shape = (
        days_that_differ(by_hour) if names else (np.zeros((0, 0), np.int64), np.zeros((0, 24)))
    )
    return DemandSetup(
        demands=len(demands),
        size=np.array(size, np.int64),
        output_share=np.array(share, np.int64),
        growth=columns("growth_per_year"),
        tariff=columns("tariff_usd_per_mwh"),
        other_supply=columns("other_supply_mw"),
        may_import=np.array([demand.may_import for demand in demands], np.bool_),
        owed_hour=np.array(owed, np.int64),
        shape=np.array([names.index(d.profile) if d.profile else -1 for d in demands], np.int64),
        shapes=by_hour,
        day_row=day_row,
        day_shape=day_shape,
        like_day=first_day_alike(by_hour.reshape(len(names), horizon.hours), horizon)
        if names
        else first_day_alike(np.zeros((0, horizon.hours)), horizon),
    )
