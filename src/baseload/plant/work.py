"""Memory that the plant's kernels write one path's plant into, and read by the stages after it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.plant.setup import PlantSetup

MOST_BLOCKS = 4096
MOST_SEGMENTS = 65536

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class PlantWork(NamedTuple):
    """One path of the plant.

    Segments, S of them (`counts[0]`): from `hour[s]` to `hour[s + 1]` nothing about the plant
    changes. Blocks, `counts[1]`: times at which nothing can run. `exposure` holds what the numbers
    below name. `project_done` and `capex` serve grid, fleet and money.

    `trips` are stops without a plan: forced outages and what stops units from outside, losses, events
    and phases. Refuelling, the end of life or of a licence and dated limits are planned and not in it.
    A unit that runs at the start and is stopped in the first hour is.
    """

    counts: Ints
    hour: Ints  # (S + 1,)
    running: Ints  # (S,) bit u: unit u runs
    constant_kw: Ints  # (S,) net power of the running units that follow no profile
    cap_kw: Ints  # (S,) what may be generated together
    house_kw: Ints  # (S,) safety house load
    operating_kw: Ints  # (S,) net power of the units in operation, outages included
    at_power: Ints  # (S,) units that run
    operating: Ints  # (S,) units in operation, outages included
    restarting: Ints  # (S,)
    lost_power: Ints  # (S,) 1: off-site power is lost
    dark: Ints  # (S,) 1: nothing feeds the safety house load either
    stops_mine: Ints  # (S,)
    trips: Ints  # (S,) bit u: unit u stopped unforeseen as the segment began
    block_from: Ints
    block_until: Ints
    block_kind: Ints
    block_trips: Ints
    block_restart: Ints
    block_stops_mine: Ints
    block_dark_from: Ints
    change: Ints  # sorted hours at which a limit, licence, phase or block changes
    project_done: Ints  # (J,)
    work_start: Ints  # (U,)
    synchronised: Ints  # (U,)
    capex_micro_usd: Ints  # (M,)
    net_kw: Ints  # (U,)
    min_kw: Ints  # (U,) minimum stable power, at most `net_kw`
    ramp_kw: Ints  # (U,) per hour; -1: no limit
    start_cost_micro_usd: Ints  # (U,)
    exposure: Floats  # (7,)
    phase_hour: Ints
    phase: Ints
    unit_now: Ints  # (5, U) scratch of the walk through the segments
    unit_draws: Ints  # (U, 2) likewise
    fails_in: Floats  # (U,) hours, likewise
    first_run: Ints  # (U,) hour on which each first runs; far beyond the end: never
    crew_free: Ints  # (crews,) hour from which each has nothing to do


(
    REACTOR_HOURS,
    LOSSES_AT_POWER,
    LOSSES_SHUT,
    HEAT_PEAK_MW,
    BLACKOUTS,
    HEAT_IDLE_MW,
    IDLE_BLACKOUTS,
) = range(7)

LOSS, EVENT, PHASE_STOP = 0, 1, 2


def plant_work(setup: PlantSetup, months: int, phases: int) -> PlantWork:
    """Fresh memory for one thread."""

    def ints(size: int) -> Ints:
        return np.zeros(size, np.int64)

    segments, blocks = MOST_SEGMENTS, MOST_BLOCKS
    return PlantWork(
        counts=ints(4),
        hour=ints(segments + 1),
        **{
            name: ints(segments)
            for name in (
                "running",
                "constant_kw",
                "cap_kw",
                "house_kw",
                "operating_kw",
                "at_power",
                "operating",
                "restarting",
                "lost_power",
                "dark",
                "stops_mine",
                "trips",
            )
        },
        **{
            name: ints(blocks)
            for name in (
                "block_from",
                "block_until",
                "block_kind",
                "block_trips",
                "block_restart",
                "block_stops_mine",
                "block_dark_from",
            )
        },
        change=ints(2 * blocks + 512 + 4 * phases),
        project_done=ints(max(1, setup.project_start.size)),
        work_start=ints(setup.units),
        synchronised=ints(setup.units),
        capex_micro_usd=ints(months),
        net_kw=ints(setup.units),
        min_kw=ints(setup.units),
        ramp_kw=ints(setup.units),
        start_cost_micro_usd=ints(setup.units),
        exposure=np.zeros(7),
        phase_hour=ints(phases + 1),
        phase=ints(phases + 1),
        unit_now=np.zeros((5, setup.units), np.int64),
        unit_draws=np.zeros((setup.units, 2), np.int64),
        fails_in=np.zeros(setup.units),
        first_run=ints(setup.units),
        crew_free=ints(setup.crews),
    )
