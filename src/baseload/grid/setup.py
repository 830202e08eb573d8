"""The grid section as arrays for its kernels."""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.alike import rows_alike
from baseload.clock import Horizon, hour_of
from baseload.distributions import Distribution
from baseload.grid.schema import Grid, PriceBound
from baseload.inputs import Inputs
from baseload.phases.setup import rate_columns
from baseload.randomness import stream_key

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TRANCHES = 8
FAR_KW = 1 << 30


class GridSetup(NamedTuple):
    """N lines, and the process of the price; columns of -1 do not exist."""

    hours: int
    first_day: int  # of the horizon, counted from 1970-01-01
    first_month: int  # of the horizon, counted from year 0
    export_limit: int
    import_limit: int
    line_export: Ints
    line_import: Ints
    line_needs: Ints
    line_rate: Ints  # (N, 3)
    line_hours: Ints
    line_keys: npt.NDArray[np.uint64]  # (N, 2)
    from_file: bool  # prices of a file, not the process
    day_row: Ints  # (D,) row of `day_shape` of each day
    day_shape: Floats  # (R, 24) factor on the price by hour, or a file's prices [USD/MWh]
    level: int
    growth: int
    level_volatility: int
    level_half_life: int
    daily_volatility: int
    daily_half_life: int
    spike_rate: int
    spike_factor: int
    price_keys: npt.NDArray[np.uint64]  # (4,): level, daily, spike, its size
    cap_hour: Ints
    cap_usd: Floats
    floor_hour: Ints
    floor_usd: Floats
    fall: int
    tranches: int
    tranche_kw: int
    export_fee: int
    import_fee: int
    connection: int
    demand_charge: int
    loss: int
    mine_may_import: bool


def _bounds(bounds: list[PriceBound], horizon: Horizon) -> tuple[Ints, Floats]:
    ordered = sorted(bounds, key=lambda bound: bound.from_on)
    return (
        np.array([hour_of(horizon, bound.from_on) for bound in ordered], np.int64),
        np.array([bound.usd_per_mwh for bound in ordered], np.float64),
    )


def _largest_export_kw(grid: Grid, plant_kw: float) -> int:
    """The most that may ever be exported: widths of the tranches are the same on all paths."""
    most = plant_kw
    if grid.export_limit_mw is not None:
        most = min(most, grid.export_limit_mw.support()[1] * 1000.0)
    if grid.lines:
        most = min(most, sum(line.export_mw.support()[1] for line in grid.lines) * 1000.0)
    return max(1, math.ceil(most))


def grid_setup(
    grid: Grid,
    horizon: Horizon,
    project_names: list[str],
    plant_kw: float,
    shape: Floats,
    slot: npt.NDArray[np.int16],
    price_by_hour: Floats,
    seed: int,
    inputs: Inputs,
) -> GridSetup:
    """Arrays of the grid.

    Parameters
    ----------
    grid : Grid
        The section.
    horizon : Horizon
    project_names : list of str
        Projects of the plant, which lines may wait for.
    plant_kw : float
        The most that the plant can ever give. [kW]
    shape : ndarray (864,)
        Factor of the price by month, kind of day and local hour, mean 1.
    slot : ndarray (H,)
        Where in `shape` each hour is.
    price_by_hour : ndarray (H,) or (0,)
        A file's prices; empty for the process. [USD/MWh]
    seed : int
    inputs : Inputs
    """
    price = grid.price

    def column(address: str, value: Distribution | None) -> int:
        return -1 if value is None else inputs.column(f"grid.{address}", value)

    lines = grid.lines
    falls = grid.price_fall_usd_per_mwh_per_gw
    tranches = TRANCHES if falls.support()[1] > 0.0 else 1
    largest = _largest_export_kw(grid, plant_kw)
    cap_hour, cap_usd = _bounds(price.caps, horizon)
    floor_hour, floor_usd = _bounds(price.floors, horizon)
    needs = [
        sum(1 << project_names.index(name) for name in dict.fromkeys(line.needs)) for line in lines
    ]
    streams = ("level", "daily", "spike", "spike size")
    from_file = price_by_hour.size > 0
    if from_file:
        day_row, day_shape = np.arange(horizon.days), price_by_hour.reshape(-1, 24)
    else:
        by_day = slot.reshape(-1, 24)
        first, day_row = rows_alike(by_day)
        day_shape = shape[by_day[first]]
    return GridSetup(
        hours=horizon.hours,
        first_day=(horizon.start - date(1970, 1, 1)).days,
        first_month=horizon.start.year * 12 + horizon.start.month - 1,
        export_limit=column("export_limit_mw", grid.export_limit_mw),
        import_limit=column("import_limit_mw", grid.import_limit_mw),
        line_export=np.array(
            [column(f"lines[{n.name}].export_mw", n.export_mw) for n in lines], np.int64
        ),
        line_import=np.array(
            [column(f"lines[{n.name}].import_mw", n.import_mw) for n in lines], np.int64
        ),
        line_needs=np.array(needs, np.int64),
        line_rate=np.array(
            [
                rate_columns(inputs, f"grid.lines[{n.name}].outages_per_year", n.outages_per_year)
                for n in lines
            ],
            np.int64,
        ).reshape(-1, 3),
        line_hours=np.array(
            [inputs.event(f"grid.lines[{n.name}].outage_hours", n.outage_hours) for n in lines],
            np.int64,
        ),
        line_keys=np.array(
            [
                [stream_key(seed, f"grid.lines[{n.name}] {s}") for s in ("time", "length")]
                for n in lines
            ],
            np.uint64,
        ).reshape(-1, 2),
        from_file=from_file,
        day_row=day_row.reshape(-1).astype(np.int64),
        day_shape=np.ascontiguousarray(day_shape, np.float64),
        level=column("price.level_usd_per_mwh", price.level_usd_per_mwh),
        growth=column("price.growth_per_year", price.growth_per_year),
        level_volatility=column("price.level_volatility", price.level_volatility),
        level_half_life=column("price.level_half_life_months", price.level_half_life_months),
        daily_volatility=column("price.daily_volatility", price.daily_volatility),
        daily_half_life=column("price.daily_half_life_days", price.daily_half_life_days),
        spike_rate=column("price.spikes.per_year", price.spikes.per_year) if price.spikes else -1,
        spike_factor=inputs.event("grid.price.spikes.factor", price.spikes.factor)
        if price.spikes
        else -1,
        price_keys=np.array([stream_key(seed, f"grid.price {s}") for s in streams], np.uint64),
        cap_hour=cap_hour,
        cap_usd=cap_usd,
        floor_hour=floor_hour,
        floor_usd=floor_usd,
        fall=column("price_fall_usd_per_mwh_per_gw", falls),
        tranches=tranches,
        tranche_kw=FAR_KW if tranches == 1 else math.ceil(largest / TRANCHES),
        export_fee=column("export_fee_usd_per_mwh", grid.export_fee_usd_per_mwh),
        import_fee=column("import_fee_usd_per_mwh", grid.import_fee_usd_per_mwh),
        connection=column("connection_usd_million_per_year", grid.connection_usd_million_per_year),
        demand_charge=column("demand_charge_usd_per_kw_month", grid.demand_charge_usd_per_kw_month),
        loss=column("transmission_loss", grid.transmission_loss),
        mine_may_import=grid.mine_may_import,
    )
