"""Phase timelines and events whose rate depends on the phase."""

from __future__ import annotations

import math

from baseload.clock import HOURS_PER_YEAR
from baseload.compiled import kernel
from baseload.randomness import exponential

MOST_PHASES = 256


@kernel
def phase_timeline(setup, row, path, hour, phase):
    """Draw the phases of one path into `hour` and `phase`; returns how many there are.

    Phase i lasts from hour[i] to hour[i + 1] (the horizon's end for the last). A transition at a
    rate is exponential from the day its phase began; the earliest of those possible happens.
    """
    hour[0] = 0
    phase[0] = setup.start_phase
    count = 1
    now = 0
    replaced = False
    while count < MOST_PHASES:
        best = setup.hours
        to = -1
        for i in range(setup.from_phase.size):
            if setup.from_phase[i] != phase[count - 1]:
                continue
            if setup.rate_column[i] < 0:
                at = setup.on_hour[i]
                if at < now or (at == now and (count > 1 or replaced)):
                    continue
            else:
                rate = row[setup.rate_column[i]]
                if rate <= 0.0:
                    continue
                wait = exponential(setup.key[i], path, count) / rate * HOURS_PER_YEAR
                if wait > setup.hours:
                    continue
                at = now + max(1, int(math.ceil(wait)))
            if at < best:
                best = at
                to = setup.to_phase[i]
        if to < 0:
            break
        if best == 0:
            # A change dated on the first hour replaces the starting phase.
            phase[0] = to
            replaced = True
            continue
        hour[count] = best
        phase[count] = to
        now = best
        count += 1
    return count


@kernel
def next_event(now, unit, rate_column, row, hour, phase, count, end):
    """Hour (float) at which the integrated rate from `now` reaches `unit`; inf if not before `end`."""
    i = count - 1
    while i > 0 and hour[i] > now:
        i -= 1
    left = unit
    at = float(now)
    while at < end:
        until = float(hour[i + 1]) if i + 1 < count else float(end)
        rate = row[rate_column[phase[i]]] / HOURS_PER_YEAR
        if rate > 0.0 and left <= rate * (until - at):
            return at + left / rate
        left -= rate * (until - at)
        at = until
        i += 1
        if i >= count:
            break
    return math.inf


@kernel
def after_working_hours(start, work_hours, stops, hour, phase, count, end):
    """Hour at which `work_hours` of work that stands still in some phases are done.

    `stops` (3,) says for each phase whether work stands still in it. What is left at `end` is taken
    to go on without a stop, so that the answer then lies beyond `end`.
    """
    if start >= end:
        return end + 1
    i = count - 1
    while i > 0 and hour[i] > start:
        i -= 1
    at = start
    left = work_hours
    while True:
        until = hour[i + 1] if i + 1 < count else end
        if not stops[phase[i]]:
            if left <= until - at:
                return at + left
            left -= until - at
        at = until
        i += 1
        if i >= count:
            return end + max(1, left)
