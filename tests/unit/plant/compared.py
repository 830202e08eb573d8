"""Runs the plant's kernels on one path, hour by hour, and holds them to the twin."""

# Kernels have no types: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from tests.naive import Case
from tests.naive import plant as naive

from baseload.dispatch.work import (
    AT_POWER,
    AVAILABLE,
    DARK,
    DARK_ALWAYS,
    HOUSE,
    LOST_POWER,
    STOPS_MINE,
    dispatch_work,
)
from baseload.engine.month_kernels import lay_out
from baseload.fields import PHASES
from baseload.phases.kernels import MOST_PHASES
from baseload.plant.kernels import begin_path
from baseload.plant.work import (
    BLACKOUTS,
    HEAT_IDLE_MW,
    HEAT_PEAK_MW,
    IDLE_BLACKOUTS,
    LOSSES_AT_POWER,
    LOSSES_SHUT,
    REACTOR_HOURS,
    PlantWork,
    plant_work,
)

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class KernelPath:
    """What the kernels made of a path: their memory, and rows by hour (H,)."""

    work: PlantWork
    rows: dict[str, Ints]
    unit_hours: npt.NDArray[np.float64]  # (4,) over the horizon

    @property
    def segments(self) -> int:
        """Count of segments."""
        return int(self.work.counts[0])

    def by_hour(self, name: str) -> Ints:
        """A row of the segments, hour by hour."""
        count = self.segments
        values: Ints = getattr(self.work, name)[:count]
        return np.repeat(values, np.diff(self.work.hour[: count + 1]))

    def trips(self) -> Ints:
        """Mask of the units that tripped, in the hour in which they did; else 0."""
        count = self.segments
        masks = np.zeros(int(self.work.hour[count]), np.int64)
        masks[self.work.hour[:count]] = self.work.trips[:count]
        return masks


def kernel_path(case: Case) -> KernelPath:
    """Run the kernels on one path."""
    setups = case.planned.setups
    months = case.horizon.months
    work = plant_work(setups.plant, months, MOST_PHASES)
    row = case.planned.draw(case.path, 1)[0]
    error = begin_path(
        setups.plant,
        setups.phases,
        setups.events,
        row,
        case.path,
        setups.month_first_hour,
        work,
    )
    assert error == 0
    names = {
        "available_kw": AVAILABLE,
        "house_kw": HOUSE,
        "lost_power": LOST_POWER,
        "dark": DARK,
        "stops_mine": STOPS_MINE,
        "at_power": AT_POWER,
    }
    rows = {name: np.zeros(case.hours, np.int64) for name in names}
    table = dispatch_work(0, 0).hours
    total, unit_hours = np.zeros(4), np.zeros(4)
    cursor = 0
    for month in range(months):
        first = int(setups.month_first_hour[month])
        hours = int(setups.month_first_hour[month + 1]) - first
        unit_hours[:] = 0.0
        cursor = lay_out(setups.plant, work, table, 0, first, hours, cursor, unit_hours)
        total += unit_hours
        for name, place in names.items():
            rows[name][first : first + hours] = table[place, :hours]
    rows["dark_when_idle"] = np.array(rows["dark"] != 0, np.int64)
    rows["dark"] = np.array(rows["dark"] == DARK_ALWAYS, np.int64)
    return KernelPath(work, rows, total)


def running_names(case: Case, masks: Ints) -> list[frozenset[str]]:
    """Names of the units that run, by hour."""
    units = [unit.name for unit in case.scenario.plant.units]
    known = {
        int(mask): frozenset(name for bit, name in enumerate(units) if (int(mask) >> bit) & 1)
        for mask in np.unique(masks)
    }
    return [known[int(mask)] for mask in masks]


def first_difference(what: str, kernel: list[object], twin: list[object]) -> None:
    """Fail with the first hour that differs."""
    assert len(kernel) == len(twin), what
    for hour, (one, other) in enumerate(zip(kernel, twin, strict=True)):
        assert one == other, f"{what} in hour {hour}: kernel {one}, twin {other}"


def assert_same(case: Case) -> tuple[naive.Lifetime, KernelPath]:
    """Hold every figure of the kernels on this path to the twin."""
    twin, kernel = naive.lifetime(case), kernel_path(case)
    work, count = kernel.work, kernel.segments
    edges = work.hour[: count + 1]
    assert edges[0] == 0
    assert edges[-1] == case.hours
    assert np.all(np.diff(edges) > 0)
    assert_same_works(case, twin.works, work)

    phase_edges = [*work.phase_hour[: work.counts[2]].tolist(), case.hours]
    phases: list[object] = []
    for place, (begins, ends) in enumerate(pairwise(phase_edges)):
        phases += [PHASES[work.phase[place]]] * (ends - begins)
    first_difference("phase", phases, list(twin.phases))

    first_difference(
        "running",
        list(running_names(case, kernel.by_hour("running"))),
        [hour.running for hour in twin.hours],
    )
    first_difference(
        "tripped",
        list(running_names(case, kernel.trips())),
        [hour.tripped for hour in twin.hours],
    )
    for name in ("operating", "operating_kw", "restarting"):
        expected: list[object] = [getattr(hour, name) for hour in twin.hours]
        first_difference(name, list(kernel.by_hour(name).tolist()), expected)
    for name, values in kernel.rows.items():
        expected = [int(getattr(hour, name)) for hour in twin.hours]
        first_difference(name, list(values.tolist()), expected)
    hours = twin.hours
    assert kernel.unit_hours.tolist() == [
        sum(hour.operating for hour in hours),
        sum(hour.restarting for hour in hours),
        sum(hour.at_power for hour in hours),
        sum(hour.operating_kw for hour in hours),
    ]
    assert_same_exposure(twin.exposure, work)
    return twin, kernel


def assert_same_works(case: Case, twin: naive.Works, work: PlantWork) -> None:
    """Hold the programme of works and its cost by month to the twin."""
    end = case.hours
    for place, project in enumerate(case.scenario.plant.projects):
        assert min(int(work.project_done[place]), end) == min(twin.done[project.name], end)
    for place, unit in enumerate(case.scenario.plant.units):
        begins, synchronised = int(work.work_start[place]), int(work.synchronised[place])
        assert min(begins, end) == min(twin.begins.get(unit.name, end), end)
        if unit.name in twin.given_up:
            assert synchronised < 0
            assert min(-synchronised, end) == min(max(1, twin.given_up[unit.name]), end)
        else:
            assert min(synchronised, end) == min(twin.ready.get(unit.name, end), end)
        assert work.net_kw[place] == naive.net_kw(case, unit)
        assert work.min_kw[place] == naive.least_kw(case, unit)
        ramp_kw = naive.ramp_kw(case, unit)
        assert work.ramp_kw[place] == (-1 if ramp_kw is None else ramp_kw)
        assert work.start_cost_micro_usd[place] == naive.start_cost_micro_usd(case, unit)
    # The kernel takes shares of a cost in floating point, the twin in whole numbers: each work may
    # round a month's end to another micro-dollar.
    works = len(case.scenario.plant.projects) + len(case.scenario.plant.units)
    paid = work.capex_micro_usd.tolist()
    for month, (one, other) in enumerate(zip(paid, twin.capex_micro_usd, strict=True)):
        assert abs(one - other) <= 2 * works, f"month {month}: kernel {one}, twin {other}"


def assert_same_exposure(twin: naive.Exposure, work: PlantWork) -> None:
    """Hold the counts of the path to the twin."""
    exposure = work.exposure
    counts = {
        REACTOR_HOURS: twin.reactor_hours,
        LOSSES_AT_POWER: twin.losses_at_power,
        LOSSES_SHUT: twin.losses_shut,
        BLACKOUTS: twin.blackouts,
        IDLE_BLACKOUTS: twin.idle_blackouts,
    }
    assert {place: int(exposure[place]) for place in counts} == counts
    # Sums of a few terms, whose power comes from another routine: a few last digits.
    for place, heat in ((HEAT_PEAK_MW, twin.heat_peak_mw), (HEAT_IDLE_MW, twin.heat_idle_mw)):
        assert abs(exposure[place] - heat) <= 1e-12 * max(heat, 1.0)
