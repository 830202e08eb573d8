"""The plant's section as arrays for its kernels: columns of inputs, hours, masks, stream keys."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.clock import Horizon, hour_of
from baseload.inputs import Inputs
from baseload.phases.setup import rate_columns
from baseload.plant.schema import Plant, Unit
from baseload.randomness import stream_key

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

FAR = 1 << 40  # an hour that never comes


class PlantSetup(NamedTuple):
    """U units, J projects, L limits, E events; a column of -1 means that the thing does not exist."""

    hours: int
    units: int
    net: Ints
    derate: Ints
    min_stable: Ints
    ramp: Ints  # -1: no limit
    start_cost: Ints
    min_run_hours: Ints  # (U,) whole hours themselves, no columns
    min_down_hours: Ints  # (U,)
    linked: bool  # any unit in use links one hour with the next
    thermal: Ints
    house: Ints
    common_house: int
    can_run: Bools
    running: Bools
    shut_hour: Ints
    end_hour: Ints
    profile: Ints
    profiles: Floats
    licensed_always: bool
    licence_unit: Ints
    licence_from: Ints
    licence_until: Ints
    queue: Ints
    earliest: Ints
    restart_months: Ints
    restart_cost: Ints
    returns: Ints
    needs: Ints
    work_needs: Ints
    crews: int
    time_factor: int
    cost_factor: int
    project_start: Ints
    project_months: Ints
    project_cost: Ints
    project_units: Ints
    units_before_projects: int
    limit_from: Ints
    limit_units: Ints
    limit_mw: Ints
    site_limit: int
    refuel_months: Ints
    refuel_days: Ints
    put_off: Ints
    mean_between: Ints
    repair: Ints
    unit_keys: Keys  # (U, 5): failure, repair, refuelling, first refuelling, return
    loss_rate: Ints
    loss_hours: int
    loss_restart: int
    loss_trips: bool
    repeat: int
    repeat_days: int
    loss_keys: Keys  # (6,): time, length, restart, repeat, its time, diesels
    event_rate: Ints  # (E, 3)
    event_hours: Ints
    event_trips: Bools
    event_stops_mine: Bools
    event_keys: Keys  # (E, 2)
    fuel_hours: int
    fails_to_start: int
    resupplied: int


class PlantCosts(NamedTuple):
    """Columns of the plant's yearly and per-MWh costs."""

    fuel: int
    variable_om: int
    decommissioning: int
    waste: int
    fixed_om_kw_year: int
    shut_down_om: int
    insurance: int
    growth: int
    safety_cold: int
    safety_restarting: int
    safety_at_power: int
    safety_site: int
    diesel_hour: int


def _hour(horizon: Horizon, day: date | None, otherwise: int) -> int:
    return otherwise if day is None else hour_of(horizon, day)


def _after(horizon: Horizon, last: date | None) -> int:
    """First hour after a last day."""
    return FAR if last is None else hour_of(horizon, last) + 24


def _mask(names: list[str], of: dict[str, int]) -> int:
    return sum(1 << of[name] for name in dict.fromkeys(names))


def _licences(
    units: list[Unit], governing: str | None, horizon: Horizon
) -> tuple[Ints, Ints, Ints]:
    rows = [
        (index, hour_of(horizon, licence.from_on), _after(horizon, licence.until_on))
        for index, unit in enumerate(units)
        for licence in unit.licences
        if licence.regulator == governing and licence.allows == "operation"
    ]
    table = np.array(rows, np.int64).reshape(-1, 3)
    return table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy()


def plant_setup(
    plant: Plant, horizon: Horizon, profiles: dict[str, Floats], seed: int, inputs: Inputs
) -> PlantSetup:
    """Arrays of the plant.

    Parameters
    ----------
    plant : Plant
        The section.
    horizon : Horizon
        Start and length.
    profiles : dict of str to ndarray (H,)
        Availability by hour of the units that follow a profile, by unit name. [share]
    seed : int
        Seed of the study.
    inputs : Inputs
        Register that the columns are asked from.
    """
    units = plant.units
    projects = {project.name: index for index, project in enumerate(plant.projects)}
    end = FAR

    def column(address: str, distribution: object) -> int:
        return -1 if distribution is None else inputs.column(address, distribution)  # type: ignore[arg-type]

    def unit_columns(key: str) -> Ints:
        return np.array(
            [
                inputs.column(f"plant.units[{unit.name}].{key}", getattr(unit, key))
                for unit in units
            ],
            np.int64,
        )

    def part(unit: Unit, section: str, key: str) -> int:
        owner = getattr(unit, section)
        return column(
            f"plant.units[{unit.name}].{section}.{key}",
            None if owner is None else getattr(owner, key),
        )

    def part_event(unit: Unit, section: str, key: str) -> int:
        owner = getattr(unit, section)
        if owner is None:
            return -1
        return inputs.event(f"plant.units[{unit.name}].{section}.{key}", getattr(owner, key))

    def each(values: list[int]) -> Ints:
        return np.array(values, np.int64)

    queue = sorted(
        (unit.restart.order, index)
        for index, unit in enumerate(units)
        if unit.restart is not None and unit.enabled and unit.state != "running"
    )
    licence_unit, licence_from, licence_until = _licences(units, plant.governing_licence, horizon)
    names = [unit.name for unit in units if unit.name in profiles]
    off_site, diesels = plant.off_site_power, plant.diesels
    dates = sorted(plant.limits, key=lambda limit: limit.from_on)
    streams = ("failure", "repair", "refuelling", "first refuelling", "return")
    loss_streams = ("time", "length", "restart", "repeat", "repeat time", "diesels")
    return PlantSetup(
        hours=horizon.hours,
        units=len(units),
        net=unit_columns("net_mw"),
        derate=unit_columns("derate"),
        min_stable=unit_columns("min_stable_mw"),
        ramp=each(
            [
                column(f"plant.units[{unit.name}].ramp_mw_per_hour", unit.ramp_mw_per_hour)
                for unit in units
            ]
        ),
        start_cost=unit_columns("start_cost_usd"),
        min_run_hours=each([unit.min_run_hours for unit in units]),
        min_down_hours=each([unit.min_down_hours for unit in units]),
        linked=plant.links_hours,
        thermal=unit_columns("thermal_mw"),
        house=unit_columns("house_load_shut_down_mw"),
        common_house=inputs.column("plant.common_house_load_mw", plant.common_house_load_mw),
        can_run=np.array([unit.enabled for unit in units]),
        running=np.array([unit.enabled and unit.state == "running" for unit in units]),
        shut_hour=each(
            [
                0 if unit.state == "running" else _hour(horizon, unit.shut_down_on, 0)
                for unit in units
            ]
        ),
        end_hour=each([_hour(horizon, unit.end_of_life_on, end) for unit in units]),
        profile=each([names.index(unit.name) if unit.name in profiles else -1 for unit in units]),
        profiles=np.array([profiles[name] for name in names]) if names else np.zeros((0, 0)),
        licensed_always=plant.governing_licence is None,
        licence_unit=licence_unit,
        licence_from=licence_from,
        licence_until=licence_until,
        queue=each([index for _, index in queue]),
        earliest=each(
            [_hour(horizon, unit.restart.earliest if unit.restart else None, 0) for unit in units]
        ),
        restart_months=each([part(unit, "restart", "months") for unit in units]),
        restart_cost=each([part(unit, "restart", "cost_usd_million") for unit in units]),
        returns=each([part(unit, "restart", "returns") for unit in units]),
        needs=each([_mask(unit.restart.needs if unit.restart else [], projects) for unit in units]),
        work_needs=each(
            [_mask(unit.restart.work_needs if unit.restart else [], projects) for unit in units]
        ),
        crews=plant.crews,
        time_factor=inputs.column("plant.common_time_factor", plant.common_time_factor),
        cost_factor=inputs.column("plant.common_cost_factor", plant.common_cost_factor),
        project_start=each([hour_of(horizon, project.starts) for project in plant.projects]),
        project_months=each(
            [column(f"plant.projects[{p.name}].months", p.months) for p in plant.projects]
        ),
        project_cost=each(
            [
                column(f"plant.projects[{p.name}].cost_usd_million", p.cost_usd_million)
                for p in plant.projects
            ]
        ),
        project_units=each(
            [-1 if p.allows.units is None else p.allows.units for p in plant.projects]
        ),
        units_before_projects=0
        if any(p.allows.units is not None for p in plant.projects)
        else len(units),
        limit_from=each([hour_of(horizon, limit.from_on) for limit in dates]),
        limit_units=each([-1 if limit.units is None else limit.units for limit in dates]),
        limit_mw=each(
            [column(f"plant.limits.{plant.limits.index(limit)}.mw", limit.mw) for limit in dates]
        ),
        site_limit=column("plant.site_limit_mw", plant.site_limit_mw),
        refuel_months=each([part(unit, "refuelling", "every_months") for unit in units]),
        refuel_days=each([part_event(unit, "refuelling", "days") for unit in units]),
        put_off=each([part(unit, "refuelling", "put_off_days") for unit in units]),
        mean_between=each([part(unit, "forced", "mean_hours_between") for unit in units]),
        repair=each([part_event(unit, "forced", "repair_hours") for unit in units]),
        unit_keys=np.array(
            [
                [stream_key(seed, f"plant.units[{unit.name}] {stream}") for stream in streams]
                for unit in units
            ],
            np.uint64,
        ),
        loss_rate=rate_columns(
            inputs, "plant.off_site_power.losses_per_year", off_site.losses_per_year
        ),
        loss_hours=inputs.event("plant.off_site_power.outage_hours", off_site.outage_hours),
        loss_restart=inputs.event("plant.off_site_power.restart_hours", off_site.restart_hours),
        loss_trips=off_site.trips_units,
        repeat=inputs.column(
            "plant.off_site_power.repeat_probability", off_site.repeat_probability
        ),
        repeat_days=inputs.column(
            "plant.off_site_power.repeat_within_days", off_site.repeat_within_days
        ),
        loss_keys=np.array(
            [stream_key(seed, f"plant.off_site_power {s}") for s in loss_streams], np.uint64
        ),
        event_rate=np.array(
            [
                rate_columns(inputs, f"plant.events[{e.name}].per_year", e.per_year)
                for e in plant.events
            ],
            np.int64,
        ).reshape(-1, 3),
        event_hours=each(
            [inputs.event(f"plant.events[{e.name}].hours", e.hours) for e in plant.events]
        ),
        event_trips=np.array([e.trips_units for e in plant.events], np.bool_),
        event_stops_mine=np.array([e.stops_mine for e in plant.events], np.bool_),
        event_keys=np.array(
            [
                [stream_key(seed, f"plant.events[{e.name}] {s}") for s in ("time", "length")]
                for e in plant.events
            ],
            np.uint64,
        ).reshape(-1, 2),
        fuel_hours=inputs.column("plant.diesels.fuel_hours", diesels.fuel_hours),
        fails_to_start=inputs.column("plant.diesels.fails_to_start", diesels.fails_to_start),
        resupplied=inputs.column("plant.diesels.resupplied", diesels.resupplied),
    )


def plant_costs(plant: Plant, inputs: Inputs) -> PlantCosts:
    """Columns of the plant's costs."""
    costs, safety = plant.costs, plant.safety

    def cost(key: str) -> int:
        return inputs.column(f"plant.costs.{key}", getattr(costs, key))

    def programme(key: str) -> int:
        return inputs.column(f"plant.safety.{key}", getattr(safety, key))

    return PlantCosts(
        fuel=cost("fuel_usd_per_mwh"),
        variable_om=cost("variable_om_usd_per_mwh"),
        decommissioning=cost("decommissioning_levy_usd_per_mwh"),
        waste=cost("waste_levy_usd_per_mwh"),
        fixed_om_kw_year=cost("fixed_om_usd_per_kw_year"),
        shut_down_om=cost("shut_down_om_usd_million_per_year"),
        insurance=cost("insurance_usd_million_per_year"),
        growth=cost("real_growth_per_year"),
        safety_cold=programme("cold_usd_million_per_year"),
        safety_restarting=programme("restarting_usd_million_per_year"),
        safety_at_power=programme("at_power_usd_million_per_year"),
        safety_site=programme("site_usd_million_per_year"),
        diesel_hour=inputs.column(
            "plant.diesels.fuel_usd_per_hour", plant.diesels.fuel_usd_per_hour
        ),
    )
