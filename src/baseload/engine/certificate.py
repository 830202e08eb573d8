"""The certificate of a run: plant-weeks chosen by the seed, solved as linear programmes.

Each week is traced by the engine's own kernel. What rules fix is checked as an identity: firm load
first, then halls that always run, no mine where it is stopped. What is left to choose is solved by
HiGHS from the traced surplus, and the run's own value is held against the optimum, both in whole
micro-USD. Where no limit links one hour with the next the two must be equal; where one does,
`linked_certificate` has an upper bound instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from baseload.dispatch.programme import NoOptimum, best_use
from baseload.dispatch.work import TRACE
from baseload.engine.linked_certificate import (
    TOLERANCE,
    UNIT_TAKEN,
    WEEK_HOURS,
    LinkedWeek,
    WeighedLinkedWeek,
    linked_week,
    weigh_linked,
)
from baseload.engine.month_kernels import whole_milli
from baseload.engine.plan import Plan
from baseload.engine.pool import EngineFault, trace_path
from baseload.engine.slot_kernels import ALWAYS_FIRST
from baseload.engine.state import Works
from baseload.randomness import stream_key, uniform

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CANDIDATES = 4
# Both values are sums of whole numbers: a billionth of them is far below one kWh of a week.
LARGEST_GAP = 1e-9
# A vertex is whole in kW; the solver's own tolerance of 1e-7 MW is a tenth of a watt.
ROUNDING_KW = 1e-3
MINE_BUYS = "grid.mine_may_import: what the mine may buy is no part of the programme"


class WeekOfPath(NamedTuple):
    """A traced week, H hours, K slots of the mine, J tranches; powers in kW, values in milli-USD/MWh.

    Parameters
    ----------
    path : int
    first_hour : int
        Of the horizon.
    available, firm, served_by_plant, mine, export, curtailed, export_limit : ndarray (H,)
    stopped : ndarray of bool (H,)
        Whether a phase or an event stops the mine.
    export_value : ndarray (H,)
        Net value of export in its first tranche but for the fall.
    slot_value, slot_kw : ndarray (H, K)
        Net value is `ALWAYS_FIRST` for a hall that always runs.
    falls : ndarray (J,)
    tranche_kw : int
    """

    path: int
    first_hour: int
    available: Ints
    firm: Ints
    served_by_plant: Ints
    mine: Ints
    export: Ints
    curtailed: Ints
    export_limit: Ints
    stopped: Bools
    export_value: Ints
    slot_value: Ints
    slot_kw: Ints
    falls: Ints
    tranche_kw: int

    @property
    def surplus(self) -> Ints:
        """What the plant has left after firm load. [kW]"""
        return self.available - self.served_by_plant


Week = TypeVar("Week", WeekOfPath, LinkedWeek)


@dataclass(frozen=True)
class WeighedWeek:
    """A week's value beside the most that it could have been.

    Attributes
    ----------
    path : int
    first_hour : int
    optimum_micro_usd, run_micro_usd : int
        Net value of mining and export, halls that always run aside.
    had_surplus : bool
        Whether there was anything to choose.
    """

    path: int
    first_hour: int
    optimum_micro_usd: int
    run_micro_usd: int
    had_surplus: bool

    @property
    def gap(self) -> float:
        """What the run missed, as a share of the optimum or of one dollar where that is more."""
        missed = self.optimum_micro_usd - self.run_micro_usd
        return missed / max(1_000_000, abs(self.optimum_micro_usd))


@dataclass(frozen=True)
class Certificate:
    """The weeks that were solved, or why none was."""

    weeks: tuple[WeighedWeek, ...] | tuple[WeighedLinkedWeek, ...]
    reason: str | None = None
    hours_are_linked: bool = False

    def facts(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        gaps = [abs(week.gap) for week in self.weeks]
        foreseen = [week.foreseen for week in self.weeks if isinstance(week, WeighedLinkedWeek)]
        return {
            "weeks": len(gaps),
            "weeks_with_surplus": sum(week.had_surplus for week in self.weeks),
            "hours_are_linked": self.hours_are_linked,
            "largest_relative_gap": max(gaps) if gaps else None,
            "mean_relative_gap": sum(gaps) / len(gaps) if gaps else None,
            "mean_gap_of_foreseen_trips": sum(foreseen) / len(foreseen) if foreseen else None,
            "reason": self.reason,
        }


def certify(
    plan: Plan, seed: int, paths: int, weeks: int, heed: Callable[[], None] = lambda: None
) -> Certificate | None:
    """Solve `weeks` plant-weeks of a run as linear programmes; None where none are asked for.

    Parameters
    ----------
    plan : Plan
    seed : int
    paths : int
    weeks : int
    heed : callable
        Called before each path is traced; raises to end it.

    Raises
    ------
    EngineFault
        Where a rule is broken or the run's value is not the optimum.
    """
    if weeks == 0:
        return None
    if plan.setups.grid.mine_may_import:
        return Certificate((), MINE_BUYS)
    chosen = chosen_weeks(seed, paths, plan.horizon.hours, weeks)
    if plan.setups.link.linked:
        return _certify_linked(plan, chosen, heed)
    weighed = []
    for week in traced_weeks(plan, chosen, week_of_path, heed):
        found = weigh(week)
        if abs(found.gap) > LARGEST_GAP:
            raise EngineFault(
                f"path {found.path}, hours {found.first_hour} to {found.first_hour + WEEK_HOURS - 1}: "
                f"dispatch is worth {found.run_micro_usd} micro-USD, "
                f"the optimum is {found.optimum_micro_usd}"
            )
        weighed.append(found)
    return Certificate(tuple(weighed))


def _certify_linked(
    plan: Plan, chosen: tuple[tuple[tuple[int, int], ...], ...], heed: Callable[[], None]
) -> Certificate:
    """Weeks whose hours are linked: the programme is an upper bound, and how far above is told."""
    takes_unit = plan.setups.site.takes_unit
    if plan.draw(0, 64)[:, takes_unit].max() > 0.0:
        return Certificate((), UNIT_TAKEN, True)
    weighed = []
    for week in traced_weeks(plan, chosen, linked_week, heed):
        found = weigh_linked(week)
        if found.gap < -TOLERANCE:
            raise EngineFault(
                f"path {found.path}, hours {found.first_hour} to {found.first_hour + WEEK_HOURS - 1}: "
                f"dispatch is worth {found.rule_usd} USD, more than the bound of {found.bound_usd}"
            )
        weighed.append(found)
    return Certificate(tuple(weighed), None, True)


def chosen_weeks(
    seed: int, paths: int, hours: int, weeks: int
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Path and first hour of each week's candidates, by the seed; the first with a surplus is taken."""
    key = stream_key(seed, "certificate")
    in_horizon = hours // WEEK_HOURS
    return tuple(
        tuple(
            (
                int(uniform(key, number, 2 * candidate) * paths),
                int(uniform(key, number, 2 * candidate + 1) * in_horizon) * WEEK_HOURS,
            )
            for candidate in range(CANDIDATES)
        )
        for number in range(weeks)
    )


def traced_weeks(
    plan: Plan,
    candidates: tuple[tuple[tuple[int, int], ...], ...],
    week_of: Callable[[Plan, Works, int, int], Week],
    heed: Callable[[], None] = lambda: None,
) -> Iterator[Week]:
    """The first candidate of each week that has a surplus, else its first one, in the order given.

    Candidates are tried in rounds, and in a round a path is traced once for all weeks that it is in.
    """
    found: dict[int, Week] = {}
    open_numbers = list(range(len(candidates)))
    for turn in range(CANDIDATES):
        by_path: dict[int, list[int]] = {}
        for number in open_numbers:
            by_path.setdefault(candidates[number][turn][0], []).append(number)
        open_numbers = []
        for path, numbers in by_path.items():
            heed()
            works, _ = trace_path(plan, path)
            for number in numbers:
                week = week_of(plan, works, path, candidates[number][turn][1])
                has_surplus = bool(week.surplus.any())
                if turn == 0 or has_surplus:
                    found[number] = week
                if not has_surplus:
                    open_numbers.append(number)
    for number in range(len(candidates)):
        yield found[number]


def week_of_path(plan: Plan, works: Works, path: int, first_hour: int) -> WeekOfPath:
    """A week out of a traced path, copied, with what its trace does not say taken from its draws."""
    grid = plan.setups.grid
    row = plan.draw(path, 1)[0]
    hours = np.arange(first_hour, first_hour + WEEK_HOURS)
    trace = {name: works.trace[hours, column] for column, name in enumerate(TRACE)}
    price, kept = trace["price_milli_usd_per_mwh"], 1.0 - row[grid.loss]
    paid = np.floor(price * kept).astype(np.int64) if kept != 1.0 else price
    segments = int(works.plant.counts[0])
    segment = np.searchsorted(works.plant.hour[: segments + 1], hours, side="right") - 1
    return WeekOfPath(
        path=path,
        first_hour=first_hour,
        available=trace["available_kw"],
        firm=trace["firm_demand_kw"],
        served_by_plant=trace["firm_served_by_plant_kw"],
        mine=trace["mine_kw"],
        export=trace["export_kw"],
        curtailed=trace["curtailed_kw"],
        export_limit=trace["export_limit_kw"],
        stopped=works.plant.stops_mine[segment] != 0,
        export_value=paid
        - whole_milli(row[grid.export_fee])
        - trace["avoidable_milli_usd_per_mwh"],
        slot_value=works.trace_slots[hours // 24, 0],
        slot_kw=works.trace_slots[hours // 24, 1],
        falls=works.grid.tranche_fall[: grid.tranches].astype(np.int64),
        tranche_kw=int(grid.tranche_kw),
    )


def weigh(week: WeekOfPath) -> WeighedWeek:
    """The run's own value of a week beside the optimum.

    Energy of the mine is taken to be in its best slots and export in its first tranches: the trace
    has one total of each.

    Raises
    ------
    EngineFault
        Where the week breaks a rule that is no matter of value.
    """
    surplus = week.surplus
    always = (week.slot_value == ALWAYS_FIRST) & ~week.stopped[:, None]
    chosen_kw = np.where((week.slot_value == ALWAYS_FIRST) | week.stopped[:, None], 0, week.slot_kw)
    slot_value = np.where(week.slot_value == ALWAYS_FIRST, 0, week.slot_value)
    fixed = np.minimum(surplus, np.where(always, week.slot_kw, 0).sum(axis=1))
    tranche_value = week.export_value[:, None] - week.falls[None, :]
    tranche_kw = np.full(tranche_value.shape, week.tranche_kw, np.int64)
    mined = week.mine - fixed
    _hold(
        week,
        (week.served_by_plant == np.minimum(week.available, week.firm), "firm load is not first"),
        (week.mine + week.export + week.curtailed == surplus, "the surplus is not used up"),
        (mined >= 0, "a hall that always runs goes without"),
        (mined <= chosen_kw.sum(axis=1), "the mine draws more than may run"),
        (week.curtailed >= 0, "more is used than there is"),
        (
            (week.export >= 0) & (week.export <= np.minimum(week.export_limit, tranche_kw.sum(1))),
            "export is beyond its limit",
        ),
    )
    own = _value(_filled(mined, chosen_kw, slot_value), slot_value) + _value(
        _filled(week.export, tranche_kw, tranche_value), tranche_value
    )
    left = surplus - fixed
    try:
        best = best_use(
            left / 1000.0,
            chosen_kw / 1000.0,
            slot_value / 1000.0,
            week.export_limit / 1000.0,
            tranche_value / 1000.0,
            week.tranche_kw / 1000.0,
        )
    except NoOptimum as fault:
        raise EngineFault(f"{_place(week)}: {fault}") from fault
    best_mined, best_export = _whole(week, best.mined_mw), _whole(week, best.exported_mw)
    used = best_mined.sum(axis=1) + best_export.sum(axis=1)
    _hold(
        week,
        (used + _whole(week, best.curtailed_mw) == left, "HiGHS does not use up the surplus"),
        (best_export.sum(axis=1) <= week.export_limit, "HiGHS exports beyond the limit"),
    )
    optimum = _value(best_mined, slot_value) + _value(best_export, tranche_value)
    return WeighedWeek(week.path, week.first_hour, optimum, own, bool(surplus.any()))


def _filled(total: Ints, room: Ints, value: Ints) -> Ints:
    """Each hour's total in the places worth most, as far as they have room. [kW]"""
    order = np.argsort(-value, axis=1, kind="stable")
    ranked = np.take_along_axis(room, order, axis=1)
    before = np.cumsum(ranked, axis=1) - ranked
    filled = np.zeros_like(room)
    np.put_along_axis(filled, order, np.clip(total[:, None] - before, 0, ranked), axis=1)
    return filled


def _value(kw: Ints, milli_usd_per_mwh: Ints) -> int:
    """Value of hours of power: milli-USD/MWh times kWh is micro-USD."""
    return int((kw * milli_usd_per_mwh).sum())


def _whole(week: WeekOfPath, mw: npt.NDArray[np.float64]) -> Ints:
    """Power of a vertex in whole kW, which it has but for the solver's tolerance."""
    kw = mw * 1000.0
    whole = np.rint(kw)
    if np.abs(kw - whole).max(initial=0.0) > ROUNDING_KW:
        raise EngineFault(f"{_place(week)}: the optimum is no vertex of whole kW")
    return whole.astype(np.int64)


def _hold(week: WeekOfPath, *rules: tuple[Bools, str]) -> None:
    for holds, broken in rules:
        if not holds.all():
            hour = week.first_hour + int(np.argmin(holds))
            raise EngineFault(f"path {week.path}, hour {hour}: {broken}")


def _place(week: WeekOfPath) -> str:
    return f"path {week.path}, week from hour {week.first_hour}"
