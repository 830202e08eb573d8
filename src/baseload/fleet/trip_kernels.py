"""Trips of the whole mine on one path."""

from __future__ import annotations

from baseload.compiled import kernel
from baseload.fleet.site_work import MOST_TRIPS
from baseload.phases.kernels import next_event
from baseload.plant.kernels import drawn_hours
from baseload.randomness import exponential, uniform


@kernel
def draw_mine_trips(setup, events, row, path, phase_hour, phase, phase_count, work):
    """Draw all trips of the mine on a path; returns False when memory is full.

    Trips come at the rate of the phase in force, exponential between them; while one lasts the clock
    stands still. They come whether or not machines run: one that meets an idle mine changes nothing.

    Parameters
    ----------
    setup : SiteSetup
    events : QuantileTable
        Distributions of lengths that are drawn at each event.
    row : ndarray (C,)
        The path's inputs.
    path : int
    phase_hour, phase : ndarray
        The path's phases; phase i begins in hour `phase_hour[i]`.
    phase_count : int
        How many there are.
    work : SiteWork
        Written. Hours are from the start; `until` may lie beyond the end. [hours]

    Returns
    -------
    bool
        Whether all trips fitted into memory.
    """
    work.counts[0] = 0
    now = 0
    k = 0
    while True:
        unit = exponential(setup.trip_keys[0], path, k)
        at = next_event(
            now, unit, setup.trip_rate, row, phase_hour, phase, phase_count, setup.hours
        )
        if not at < setup.hours:
            return True
        if k >= MOST_TRIPS:
            return False
        begins = int(at)
        now = begins + drawn_hours(events, setup.trip_hours, setup.trip_keys[1], path, k, 1.0)
        work.hour[k] = begins
        work.until[k] = now
        work.luck[k] = uniform(setup.trip_keys[2], path, k)
        work.unit_hours[k] = drawn_hours(
            events, setup.unit_restart, setup.trip_keys[3], path, k, 1.0
        )
        k += 1
        work.counts[0] = k
