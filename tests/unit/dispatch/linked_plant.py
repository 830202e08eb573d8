"""A small plant whose hours are linked, for the tests of its days."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from baseload.dispatch.link_work import (
    HOURS_SINCE,
    LEVEL_PLACES,
    LIMIT_ROWS,
    MIN_DOWN,
    MIN_KW,
    MIN_RUN,
    NO_RAMP,
    RAMP_KW,
    RUNS,
    START_COST,
    STATE_ROWS,
    link_work,
)
from baseload.dispatch.plan_kernels import FIRM, LAST_RESORT, UNLIMITED
from baseload.dispatch.produce_day_kernels import produce_day

Ints = npt.NDArray[np.int64]
HOURS = 48


@dataclass
class Plant:
    """Two units of 1,000 kW and 50 kW an hour, and a use of 2,000 kW at 30 in every hour."""

    hours: int = HOURS
    units: int = 2
    ramp: int = 50
    least: int = 0
    dump: bool = True
    slopes: Ints = field(init=False)
    widths: Ints = field(init=False)
    counts: Ints = field(init=False)
    unit_kw: Ints = field(init=False)
    cap_kw: Ints = field(init=False)
    limits: Ints = field(init=False)
    mask: Ints = field(init=False)
    trips: Ints = field(init=False)
    level: Ints = field(init=False)
    state: Ints = field(init=False)
    starts: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.slopes = np.tile(np.array([30, -10 if self.dump else -LAST_RESORT]), (self.hours, 1))
        self.widths = np.tile(np.array([2000, UNLIMITED]), (self.hours, 1))
        self.counts = np.full(self.hours, 2)
        self.unit_kw = np.full((self.units, self.hours), 1000)
        self.cap_kw = np.full(self.hours, UNLIMITED)
        self.limits = np.zeros((LIMIT_ROWS, self.units), np.int64)
        self.limits[RAMP_KW], self.limits[MIN_KW] = self.ramp, self.least
        self.mask = np.full(self.hours, (1 << self.units) - 1)
        self.trips = np.zeros(self.hours, np.int64)
        self.level = np.zeros(LEVEL_PLACES, np.int64)
        self.state = np.zeros((STATE_ROWS, self.units), np.int64)
        self.starts = np.zeros(self.units, np.int64)

    def out(self, unit: int, first: int, until: int = HOURS, tripped: bool = False) -> None:
        """Take a unit off power for some hours."""
        self.mask[first:until] &= ~(1 << unit)
        if tripped:
            self.trips[first] |= 1 << unit

    def worth(self, hours: slice | int, value: int, width: int) -> None:
        """What power is worth in some hours."""
        self.slopes[hours, 0], self.widths[hours, 0] = value, width

    def day(self) -> tuple[list[int], list[int], int]:
        """Production and running units of the day, and the plans made."""
        produced, running = np.full(24, -1, np.int64), np.full(24, -1, np.int64)
        work = link_work(self.hours, self.slopes.shape[1] - 2, 0)
        plans = produce_day(
            self.slopes,
            self.widths,
            self.counts,
            self.unit_kw,
            self.cap_kw,
            self.limits,
            self.mask,
            self.trips,
            self.dump,
            self.level,
            self.state,
            produced,
            running,
            self.starts,
            work.window,
            work.stacks,
        )
        assert self.level.tolist() == [produced[-1], 1]
        return produced.tolist(), running.tolist(), int(plans)


def drawn(seed: int, standing: bool, returns: bool) -> Plant:
    """A plant with ramps, minima, trips, planned falls and returns at random."""
    draws = np.random.default_rng([seed, standing, returns])
    units = int(draws.integers(1, 5))
    plant = Plant(units=units, dump=bool(draws.integers(0, 2)) or not standing)
    pieces = 4
    plant.slopes = -np.sort(-draws.integers(-10, 60, (HOURS, pieces + 1)), axis=1)
    plant.slopes[:, 0] = np.where(draws.random(HOURS) < 0.3, FIRM, plant.slopes[:, 0])
    plant.slopes[:, pieces] = -10 if plant.dump else -LAST_RESORT
    plant.widths = draws.integers(0, 1000, (HOURS, pieces + 1))
    plant.widths[:, pieces] = UNLIMITED
    plant.counts = np.full(HOURS, pieces + 1)
    plant.unit_kw = np.tile(draws.integers(200, 1200, (units, 1)), (1, HOURS))
    plant.limits[RAMP_KW] = draws.integers(20, 500, units)
    if draws.random() < 0.1:
        plant.limits[RAMP_KW, 0] = NO_RAMP
    plant.limits[MIN_KW] = draws.integers(0, 200, units) * draws.integers(0, 2)
    if standing:
        plant.limits[MIN_RUN] = draws.integers(0, 12, units)
        plant.limits[MIN_DOWN] = draws.integers(0, 12, units)
        plant.limits[START_COST] = draws.integers(0, 200_000, units)
    for unit in range(units):
        at = int(draws.integers(0, HOURS))
        while at < HOURS:
            until = HOURS if not returns else min(HOURS, at + int(draws.integers(1, 20)))
            plant.out(unit, at, until, tripped=bool(draws.random() < 0.6) or at == 0)
            at = until + int(draws.integers(2, 30))
    return plant


def running_start(plant: Plant, seed: int) -> None:
    """Begin after an hour with every unit at power and some production."""
    least, most = int(plant.limits[MIN_KW].sum()), int(plant.unit_kw[:, 0].sum())
    plant.level[:] = int(np.random.default_rng(seed).integers(least, most + 1)), 1
    plant.state[RUNS], plant.state[HOURS_SINCE] = 1, 1000
