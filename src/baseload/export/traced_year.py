"""A year of a path that was traced, as the dispatch problem that the run solved.

What the trace does not hold by hour is worked out again from the path's own events by the run's own
kernels; `_verify` holds all of it to what the trace says of every hour.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt

from baseload.clock import HOURS_PER_DAY, MONTHS_PER_YEAR, Horizon
from baseload.demand.kernels import month_demand
from baseload.dispatch.work import TRACE
from baseload.engine.month_kernels import whole_milli
from baseload.engine.plan import Plan
from baseload.engine.pool import EngineFault
from baseload.engine.state import Works
from baseload.errors import Fault, InputError
from baseload.export.plant_year import FirmRank, Ints, Machines, PlantYear, Tranche, sum_of
from baseload.grid.kernels import month_limits, whole_kw
from baseload.plant.kernels import hour_with_units
from baseload.scenario.schema import ScenarioDocument

HOUSE_LOAD = "safety house load"
VALUE_ROW, CAPACITY_ROW, WORTH_ROW = range(3)
"""Rows of `Works.trace_slots`."""
_BEFORE_EVERYTHING = 1 << 50
"""A net value that no price reaches marks machines that run whatever the hour is worth."""


def first_year_of_mining(made: Plan, traced: Works) -> int:
    """The first year of the horizon in which the mine runs, or 0 if it never does."""
    running = np.flatnonzero(traced.trace[:, TRACE.index("mine_kw")])
    if running.size == 0:
        return 0
    years = made.setups.month_first_hour[MONTHS_PER_YEAR::MONTHS_PER_YEAR]
    return int(np.searchsorted(years, running[0], side="right"))


def require_year(year: int, horizon: Horizon) -> None:
    """Refuse a year that the horizon does not have."""
    years = horizon.years
    if not 0 <= year < years:
        last = horizon.start.replace(year=horizon.start.year + years - 1)
        raise InputError(
            Fault(
                None,
                None,
                None,
                "--year",
                str(year),
                f"a year of the horizon, from 0 to {years - 1}",
                note=f"year 0 begins on {horizon.start}, year {years - 1} on {last}",
            )
        )


def plant_year(
    document: ScenarioDocument, made: Plan, traced: Works, path: int, year: int
) -> PlantYear:
    """A year of a path that was traced.

    Parameters
    ----------
    document : ScenarioDocument
        For the names of demands and batches.
    made : Plan
    traced : Works
        From `baseload.engine.pool.trace_path` of the same plan and path.
    path, year : int
        Both from 0.

    Raises
    ------
    InputError
        For a year outside the horizon, and for a plant whose hours are linked.
    EngineFault
        Where the parts do not add up to what the run says of an hour: a fault of ours.
    """
    require_year(year, made.horizon)
    setups = made.setups
    if setups.link.linked:
        raise InputError(
            Fault(
                None,
                None,
                None,
                "plant.units",
                "limits that link hours, trips of the mine or a demand charge",
                "a plant-year whose hours stand each for itself",
                note="what one hour leaves to the next is no part of the exported network",
            )
        )
    first = int(setups.month_first_hour[MONTHS_PER_YEAR * year])
    last = int(setups.month_first_hour[MONTHS_PER_YEAR * (year + 1)])
    column = {name: traced.trace[first:last, i] for i, name in enumerate(TRACE)}
    row = made.draw(path, 1)[0]
    import_limit = import_limit_kw(made, traced, row)[first:last]
    firm, import_left = _firm(document, made, traced, row, year, first, column, import_limit)
    price = column["price_milli_usd_per_mwh"]
    import_price = price + whole_milli(row[setups.grid.import_fee])
    by_others = column["firm_served_kw"] - column["firm_served_by_plant_kw"]
    found = PlantYear(
        path=path,
        year=year,
        start=made.horizon.start + timedelta(hours=first),
        available_kw=column["available_kw"].copy(),
        avoidable=column["avoidable_milli_usd_per_mwh"].copy(),
        firm=firm,
        machines=_machines(
            document,
            made,
            traced.trace_slots[first // HOURS_PER_DAY : last // HOURS_PER_DAY],
            by_hour(traced, traced.plant.stops_mine)[first:last] != 0,
            column,
            import_price,
        ),
        export=_export(made, traced, row, column),
        may_import=bool(setups.grid.mine_may_import),
        import_limit_kw=import_left,
        import_price=import_price,
        mine_import_kw=column["import_kw"] - by_others,
    )
    _verify(found, column)
    return found


def _verify(found: PlantYear, column: dict[str, Ints]) -> None:
    """Hold the parts to what the run says of every hour."""
    firm = found.firm
    hours = found.hours
    for name, parts in (
        ("firm_demand_kw", sum_of([rank.demand_kw for rank in firm], hours)),
        ("firm_served_by_plant_kw", found.firm_by_plant_kw),
        ("unserved_kw", sum_of([rank.unserved_kw for rank in firm], hours)),
        (
            "import_kw",
            sum_of([rank.other_kw + rank.import_kw for rank in firm], hours) + found.mine_import_kw,
        ),
        ("mine_kw", found.mined_kw),
        ("export_kw", found.sold_kw),
        ("curtailed_kw", found.available_kw - found.produced_kw),
    ):
        wrong = np.flatnonzero(parts != column[name])
        if wrong.size:
            hour = int(wrong[0])
            raise EngineFault(
                f"path {found.path}, year {found.year}, hour {hour}: {name} is"
                f" {int(column[name][hour])} in the run, {int(parts[hour])} by its parts"
            )


def _firm(
    document: ScenarioDocument,
    made: Plan,
    traced: Works,
    row: npt.NDArray[np.float64],
    year: int,
    first: int,
    column: dict[str, Ints],
    import_limit: Ints,
) -> tuple[tuple[FirmRank, ...], Ints]:
    """House load and firm demands as they were served, and what that leaves of the import limit."""
    hours = import_limit.size
    left = column["available_kw"].copy()
    import_left = import_limit.copy()
    zero = np.zeros(hours, np.int64)

    house = column["house_load_kw"].copy()
    by_plant = np.minimum(house, left)
    bought = np.minimum(house - by_plant, import_left)
    left -= by_plant
    import_left -= bought
    ranks = [FirmRank(HOUSE_LOAD, house, by_plant, house - by_plant - bought, bought, zero)]

    setup = made.setups.demand
    need = np.zeros((setup.demands, hours), np.int32)
    plant = traced.plant
    first_unit = hour_with_units(  # type: ignore[no-untyped-call]
        plant.counts[0], plant.hour, plant.at_power, 1
    )
    available = column["available_kw"].astype(np.int32)
    month_demand(  # type: ignore[no-untyped-call]
        setup, row, year, first, 0, hours, first_unit, available, need
    )
    for d, demand in enumerate(document.demand):
        wanted = need[d].astype(np.int64)
        by_plant = np.minimum(wanted, left)
        other = np.minimum(wanted - by_plant, whole_kw(row[setup.other_supply[d]]))
        rest = wanted - by_plant - other
        bought = np.minimum(rest, import_left) if setup.may_import[d] else zero
        left -= by_plant
        import_left = import_left - bought
        ranks.append(FirmRank(demand.name, wanted, by_plant, other, bought, rest - bought))
    return tuple(ranks), import_left


def _machines(
    document: ScenarioDocument,
    made: Plan,
    slots: Ints,
    stopped: npt.NDArray[np.bool_],
    column: dict[str, Ints],
    import_price: Ints,
) -> tuple[Machines, ...]:
    """The mine's machines by hour, and what each generation of a hall drew.

    The run says what the whole mine drew; who drew it follows from the order in which machines are
    served: by falling value, equal ones by index.
    """
    names = _names_of_slots(document, made)
    by_day = slots[:, VALUE_ROW]
    capacity = np.repeat(slots[:, CAPACITY_ROW], HOURS_PER_DAY, axis=0)
    capacity[stopped] = 0
    value = np.repeat(by_day, HOURS_PER_DAY, axis=0)
    always = value >= _BEFORE_EVERYTHING
    worth = np.repeat(slots[:, WORTH_ROW], HOURS_PER_DAY, axis=0)
    order = np.repeat(np.argsort(-by_day, axis=1, kind="stable"), HOURS_PER_DAY, axis=0)

    mined = np.zeros_like(capacity)
    # Machines that always run take what the plant has left; bought power only where it pays.
    own_only = always & (worth <= import_price[:, None])
    surplus = column["available_kw"] - column["firm_served_by_plant_kw"]
    mined += _filled(surplus, np.where(always, capacity, 0), order) * own_only
    rest = column["mine_kw"] - mined.sum(axis=1)
    mined += _filled(rest, np.where(own_only, 0, capacity), order)
    return tuple(
        Machines(
            name=name,
            always=bool(always[:, k].any()),
            capacity_kw=capacity[:, k].copy(),
            worth=np.where(capacity[:, k] > 0, worth[:, k], 0),
            mined_kw=mined[:, k].copy(),
        )
        for k, name in enumerate(names)
        if capacity[:, k].any()
    )


def _filled(amount: Ints, capacity: Ints, order: Ints) -> Ints:
    """An amount (H,) given to slots (H, K) one after the other in `order`."""
    room = np.take_along_axis(capacity, order, axis=1)
    ahead = np.cumsum(room, axis=1) - room
    given = np.clip(amount[:, None] - ahead, 0, room)
    filled = np.zeros_like(capacity)
    np.put_along_axis(filled, order, given, axis=1)
    return filled


def _names_of_slots(document: ScenarioDocument, made: Plan) -> list[str]:
    """Two generations of machines take turns in each hall."""
    enabled = [(i, batch) for i, batch in enumerate(document.fleet) if batch.enabled]
    if len(enabled) != made.setups.fleet.batches:
        raise EngineFault(f"{len(enabled)} batches in the scenario, another count in the run")
    halls = [batch.name or f"{batch.model} {i}" for i, batch in enabled]
    return [f"{hall}, {turn} machines" for hall in halls for turn in ("odd", "even")]


def _export(
    made: Plan, traced: Works, row: npt.NDArray[np.float64], column: dict[str, Ints]
) -> tuple[Tranche, ...]:
    """Tranches of export within the limit, filled one after the other."""
    grid = made.setups.grid
    limit, sold = column["export_limit_kw"], column["export_kw"]
    # A line may carry more than the plant ever gives.
    limit = np.minimum(limit, column["available_kw"].max())
    price = column["price_milli_usd_per_mwh"]
    kept = 1.0 - row[grid.loss]
    paid = price if kept == 1.0 else np.floor(price * kept).astype(np.int64)
    paid = paid - whole_milli(row[grid.export_fee])
    found = []
    for j in range(grid.tranches):
        ahead = j * grid.tranche_kw
        room = np.clip(limit - ahead, 0, grid.tranche_kw)
        if not room.any():
            break
        found.append(
            Tranche(room, paid - traced.grid.tranche_fall[j], np.clip(sold - ahead, 0, room))
        )
    return tuple(found)


def import_limit_kw(made: Plan, traced: Works, row: npt.NDArray[np.float64]) -> Ints:
    """Import limit of every hour of the horizon of a traced path, by the run's own kernel. [kW]"""
    lost_power = by_hour(traced, traced.plant.lost_power)
    hours = made.horizon.hours
    export, into = np.zeros(hours, np.int32), np.zeros(hours, np.int32)
    traced.grid.now[:] = 0  # read the changes of the lines again from the first
    month_limits(  # type: ignore[no-untyped-call]
        made.setups.grid, row, 0, hours, lost_power.astype(np.int32), traced.grid, export, into
    )
    return into.astype(np.int64)


def by_hour(traced: Works, of_segment: Ints) -> Ints:
    """What is the same throughout a segment of the plant, by hour of the horizon (H,)."""
    plant, hours = traced.plant, traced.trace.shape[0]
    begins = np.minimum(plant.hour[: plant.counts[0]], hours)
    lengths = np.diff(begins, append=hours)
    return np.repeat(of_segment[: plant.counts[0]], lengths)
