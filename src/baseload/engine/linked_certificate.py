"""The certificate of a run with linked hours: what a programme that knows the whole week could gain.

The rule of dispatch looks ahead as far as its foresight, and no trip is foreseen. Each chosen week is
solved twice by HiGHS from the production that it begins with. The first programme knows everything,
trips and returns of units included, and may ignore minimum power, least runs and costs of starting:
no rule can be worth more. The second knows all prices of the week but is told of each trip and
return when it happens, and plans anew: what lies between the two is worth that nobody can have.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.dispatch.link_work import LIMIT_ROWS, MIN_DOWN, MIN_KW, MIN_RUN, RAMP_KW, START_COST
from baseload.dispatch.linked_programme import (
    best_production,
    limits_of_block,
    value_of_production,
)
from baseload.dispatch.work import CAP, TRACE, VALUE
from baseload.engine.month_kernels import whole_milli
from baseload.engine.plan import Plan
from baseload.engine.state import Works

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WEEK_HOURS = 168
# What firm load is worth here, beside which no saving of fuel counts. [USD/MWh]
FIRM_USD_PER_MWH = 10_000.0
LAST_RESORT_USD_PER_MWH = -100_000.0
# Shares of the value below which the solver's own tolerance lies.
TOLERANCE = 1e-7
UNIT_TAKEN = "mine.takes_unit_probability: a unit that a trip of the mine takes along is no part of the programme"


class LinkedWeek(NamedTuple):
    """A week's production by the rule, and what it might have been; H hours, N pieces, U units.

    Parameters
    ----------
    path, first_hour : int
    produced_kw, firm_kw : ndarray (H,)
    value_usd_per_mwh, width_mw : ndarray (H, N)
        Uses of production in falling net value.
    unit_kw : ndarray (U, H)
    cap_kw, mask, trips : ndarray (H,)
        As `dispatch.produce_day_kernels.produce_day` has them.
    limits : ndarray (LIMIT_ROWS, U)
    dump : bool
    mask_before : int
    start_kw : int or None
        Production of the hour before; None for the first week.
    """

    path: int
    first_hour: int
    produced_kw: Ints
    firm_kw: Ints
    value_usd_per_mwh: Floats
    width_mw: Floats
    unit_kw: Ints
    cap_kw: Ints
    mask: Ints
    trips: Ints
    limits: Ints
    dump: bool
    mask_before: int
    start_kw: int | None

    @property
    def surplus(self) -> Ints:
        """What is produced beyond firm load. [kW]"""
        left: Ints = np.maximum(self.produced_kw - self.firm_kw, 0)
        return left


class WeighedLinkedWeek(NamedTuple):
    """Values of a week, firm load at `FIRM_USD_PER_MWH` included. [USD]"""

    path: int
    first_hour: int
    rule_usd: float
    unforeseen_usd: float
    bound_usd: float
    scale_usd: float
    had_surplus: bool

    @property
    def gap(self) -> float:
        """What the bound has above the rule, as a share of what is not firm load's in the bound."""
        return (self.bound_usd - self.rule_usd) / self.scale_usd

    @property
    def foreseen(self) -> float:
        """The part of it that only knowledge of trips and returns could have."""
        return max(0.0, self.bound_usd - self.unforeseen_usd) / self.scale_usd


def linked_week(plan: Plan, works: Works, path: int, first_hour: int) -> LinkedWeek:
    """A week out of a traced path whose hours are linked."""
    setups, plant = plan.setups, works.plant
    row = plan.draw(path, 1)[0]
    hours = WEEK_HOURS
    at = np.arange(first_hour, first_hour + hours)
    trace = {name: works.trace[at, column] for column, name in enumerate(TRACE)}
    segments = int(plant.counts[0])
    segment = np.searchsorted(plant.hour[: segments + 1], at, side="right") - 1
    begins = plant.hour[segment] == at
    units = setups.plant.units
    unit_kw = np.tile(plant.net_kw[:, None], (1, hours))
    for u in range(units):
        if setups.plant.profile[u] >= 0:
            share = setups.plant.profiles[setups.plant.profile[u], at]
            unit_kw[u] = (plant.net_kw[u] * share + 0.5).astype(np.int64)
    limits = np.zeros((LIMIT_ROWS, units), np.int64)
    limits[MIN_KW], limits[RAMP_KW] = plant.min_kw, plant.ramp_kw
    limits[MIN_RUN], limits[MIN_DOWN] = setups.plant.min_run_hours, setups.plant.min_down_hours
    limits[START_COST] = plant.start_cost_micro_usd
    stopped = plant.stops_mine[segment] != 0
    trips = int(works.site.counts[0])
    for begin, until in zip(works.site.hour[:trips], works.site.until[:trips], strict=True):
        stopped |= (at >= begin) & (at < until)
    before = works.trace[first_hour - 1] if first_hour > 0 else None
    value, width = _pieces(plan, works, row, at, trace, stopped)
    return LinkedWeek(
        path=path,
        first_hour=first_hour,
        produced_kw=_produced(trace),
        firm_kw=trace["firm_demand_kw"],
        value_usd_per_mwh=value,
        width_mw=width,
        unit_kw=unit_kw,
        cap_kw=np.minimum(plant.cap_kw[segment], setups.link.largest_kw),
        mask=plant.running[segment],
        trips=np.where(begins, plant.trips[segment], 0),
        limits=limits,
        dump=setups.link.dump,
        mask_before=int(plant.running[max(0, segment[0] - int(begins[0]))]),
        start_kw=None
        if before is None
        else int(_produced({name: before[column] for column, name in enumerate(TRACE)})),
    )


def _produced(trace: dict[str, Ints]) -> Ints:
    """What was produced, for use or for nobody. [kW]"""
    return trace["available_kw"] - trace["curtailed_kw"] + trace["dumped_kw"]


def _pieces(
    plan: Plan,
    works: Works,
    row: Floats,
    at: Ints,
    trace: dict[str, Ints],
    stopped: npt.NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Uses of production by hour (H, N), best first: net value [USD/MWh] and width [MW]."""
    grid = plan.setups.grid
    avoidable = trace["avoidable_milli_usd_per_mwh"][:, None]
    price, kept = trace["price_milli_usd_per_mwh"], 1.0 - row[grid.loss]
    paid = np.floor(price * kept).astype(np.int64) if kept != 1.0 else price
    falls = works.grid.tranche_fall[: grid.tranches].astype(np.int64)
    sells = (paid - whole_milli(row[grid.export_fee]))[:, None] - falls[None, :]
    ahead = grid.tranche_kw * np.arange(grid.tranches)
    room = np.clip(trace["export_limit_kw"][:, None] - ahead[None, :], 0, grid.tranche_kw)
    mines = works.trace_slots[at // 24, VALUE]
    power = np.where(stopped[:, None], 0, works.trace_slots[at // 24, CAP])
    gross = np.concatenate((mines, sells), axis=1)
    width = np.where(gross >= 0, np.concatenate((power, room), axis=1), 0)
    order = np.argsort(-gross, axis=1, kind="stable")
    net = np.take_along_axis(gross - avoidable, order, axis=1) / 1000.0
    net = np.minimum(net, FIRM_USD_PER_MWH / 2.0)
    width_mw = np.take_along_axis(width, order, axis=1) / 1000.0
    hours = len(at)
    dumps = (
        -avoidable / 1000.0
        if plan.setups.link.dump
        else np.full((hours, 1), LAST_RESORT_USD_PER_MWH)
    )
    largest = np.full((hours, 1), plan.setups.link.largest_kw / 1000.0)
    firm = trace["firm_demand_kw"][:, None] / 1000.0
    return (
        np.concatenate((np.full((hours, 1), FIRM_USD_PER_MWH), net, dumps), axis=1),
        np.concatenate((firm, width_mw, largest), axis=1),
    )


def weigh_linked(week: LinkedWeek) -> WeighedLinkedWeek:
    """The rule's value of a week beside the two programmes'."""
    limits = limits_of_block(
        week.unit_kw,
        week.cap_kw,
        week.limits,
        week.mask,
        week.trips,
        week.dump,
        week.mask_before,
        week.start_kw,
        week.produced_kw,
    )
    best = best_production(
        week.value_usd_per_mwh,
        week.width_mw,
        limits.most_mw,
        limits.up_mw,
        limits.down_mw,
        limits.kept_share,
        None if week.start_kw is None else week.start_kw / 1000.0,
    )
    firm_mw = np.minimum(week.firm_kw / 1000.0, best.production_mw)
    scale = max(1.0, abs(best.value_usd - FIRM_USD_PER_MWH * float(firm_mw.sum())))
    return WeighedLinkedWeek(
        week.path,
        week.first_hour,
        value_of_production(week.produced_kw / 1000.0, week.value_usd_per_mwh, week.width_mw),
        _told_as_it_happens(week),
        best.value_usd,
        scale,
        bool(week.surplus.any()),
    )


def _told_as_it_happens(week: LinkedWeek) -> float:
    """Value of the week where the programme is told of trips and returns only when they happen. [USD]"""
    hours = len(week.mask)
    production = np.zeros(hours)
    start_kw: float | None = None if week.start_kw is None else float(week.start_kw)
    before = week.mask_before
    begin = 0
    while begin < hours:
        known = _foreseen(week.mask, week.trips, begin)
        surprises = np.flatnonzero(known != week.mask[begin:])
        end = hours if surprises.size == 0 else begin + int(surprises[0])
        rest = slice(begin, hours)
        trips = np.zeros(hours - begin, np.int64)
        trips[0] = week.trips[begin]
        cap, unit = week.cap_kw[rest], week.unit_kw[:, rest]
        on = ((known >> np.arange(unit.shape[0])[:, None]) & 1) == 1
        most = np.minimum(np.where(on, unit, 0).sum(axis=0), cap)
        # A path that can be gone whatever the ramps are: as before, and down with what is available.
        kept = _kept(week, before, begin)
        falling = np.minimum.accumulate(
            np.concatenate(([most[0] if start_kw is None else start_kw * kept], most))
        )[1:]
        limits = limits_of_block(
            unit,
            cap,
            week.limits,
            known,
            trips,
            week.dump,
            before,
            None if start_kw is None else round(start_kw),
            falling.astype(np.int64),
        )
        best = best_production(
            week.value_usd_per_mwh[rest],
            week.width_mw[rest],
            limits.most_mw,
            limits.up_mw,
            limits.down_mw,
            limits.kept_share,
            None if start_kw is None else start_kw / 1000.0,
        )
        production[begin:end] = best.production_mw[: end - begin]
        start_kw = float(production[end - 1]) * 1000.0
        before = int(week.mask[end - 1])
        begin = end
    return value_of_production(production, week.value_usd_per_mwh, week.width_mw)


def _foreseen(mask: Ints, trips: Ints, begin: int) -> Ints:
    """Units at power from an hour on as known then: planned falls, no trip and no return."""
    known = mask[begin:].copy()
    for t in range(1, len(known)):
        falls = mask[begin + t - 1] & ~mask[begin + t] & ~trips[begin + t]
        known[t] = known[t - 1] & ~falls
    return known


def _kept(week: LinkedWeek, before: int, hour: int) -> float:
    """Share of the running power that a trip at an hour leaves."""
    units = np.arange(week.unit_kw.shape[0])
    ran = ((before >> units) & 1) == 1
    tripped = ran & (((week.trips[hour] & ~week.mask[hour]) >> units & 1) == 1)
    power = week.unit_kw[:, hour]
    total = int(power[ran].sum())
    return 1.0 if total == 0 else 1.0 - int(power[tripped].sum()) / total
