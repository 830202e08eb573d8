"""The programme of works: when projects are done, and when units under restart are synchronised."""

from __future__ import annotations

import math

from baseload.clock import HOURS_PER_MONTH
from baseload.compiled import kernel
from baseload.phases.kernels import after_working_hours
from baseload.randomness import uniform

MICRO_PER_MILLION = 1e12
MICRO_PER_USD = 1e6


@kernel
def spread_cost(cost_usd_million, start, end, month_first_hour, capex_micro_usd):
    """Spread a cost evenly over the hours from `start` to `end` into months, whole micro-USD.

    A cost without duration falls into the month of `start`; what lies beyond the horizon is not paid.
    """
    total = int(math.floor(cost_usd_million * MICRO_PER_MILLION + 0.5))
    if total <= 0:
        return
    length = max(1, end - start)
    paid = 0
    for m in range(capex_micro_usd.size):
        until = min(month_first_hour[m + 1], start + length)
        if until <= start or month_first_hour[m] >= start + length:
            continue
        share = (until - start) / length
        due = int(math.floor(total * share + 0.5)) if until < start + length else total
        capex_micro_usd[m] += due - paid
        paid = due


@kernel
def draw_schedule(setup, phases, row, path, month_first_hour, work, phase_count):
    """Fill `project_done`, `work_start`, `synchronised`, `capex_micro_usd` and the units' figures.

    Units wait in their order for one of the crews, for their earliest day and for the projects that
    their work needs; synchronisation waits for the projects that operation needs. A unit that turns
    out never to return has cost what it cost (`synchronised` is after the end).
    """
    hours = setup.hours
    never = hours + 1
    time_factor = row[setup.time_factor]
    cost_factor = row[setup.cost_factor]
    work.capex_micro_usd[:] = 0
    for j in range(setup.project_start.size):
        length = int(math.ceil(row[setup.project_months[j]] * time_factor * HOURS_PER_MONTH))
        start = setup.project_start[j]
        cost = row[setup.project_cost[j]] * cost_factor
        if start < 0:
            # Work done before the study began counts; its cost is sunk.
            left = max(0, length + start)
            cost = cost * left / length if length > 0 else 0.0
            length = left
            start = 0
        done = after_working_hours(
            start, length, phases.stops_works, work.phase_hour, work.phase, phase_count, hours
        )
        work.project_done[j] = done
        spread_cost(
            cost,
            start,
            done,
            month_first_hour,
            work.capex_micro_usd,
        )
    for u in range(setup.units):
        work.work_start[u] = never
        work.synchronised[u] = never
        work.net_kw[u] = int(
            math.floor(row[setup.net[u]] * (1.0 - row[setup.derate[u]]) * 1000.0 + 0.5)
        )
        least_kw = int(math.floor(row[setup.min_stable[u]] * 1000.0 + 0.5))
        work.min_kw[u] = min(least_kw, work.net_kw[u])
        work.ramp_kw[u] = -1
        if setup.ramp[u] >= 0:
            # A ramp that rounds to nothing would hold the unit where it is for good.
            work.ramp_kw[u] = max(1, int(math.floor(row[setup.ramp[u]] * 1000.0 + 0.5)))
        work.start_cost_micro_usd[u] = int(
            math.floor(row[setup.start_cost[u]] * MICRO_PER_USD + 0.5)
        )
    crew_free = work.crew_free
    for crew in range(setup.crews):
        crew_free[crew] = 0
    for place in range(setup.queue.size):
        u = setup.queue[place]
        crew = 0
        for c in range(1, setup.crews):
            if crew_free[c] < crew_free[crew]:
                crew = c
        start = max(max(0, setup.earliest[u]), crew_free[crew])
        ready = 0
        for j in range(setup.project_start.size):
            if (setup.work_needs[u] >> j) & 1:
                start = max(start, work.project_done[j])
            if (setup.needs[u] >> j) & 1:
                ready = max(ready, work.project_done[j])
        if start >= hours:
            # This crew waits for it to the end; no later unit passes it by.
            crew_free[crew] = never
            continue
        length = int(math.ceil(row[setup.restart_months[u]] * time_factor * HOURS_PER_MONTH))
        end = after_working_hours(
            start, length, phases.stops_works, work.phase_hour, work.phase, phase_count, hours
        )
        crew_free[crew] = end
        work.work_start[u] = start
        spread_cost(
            row[setup.restart_cost[u]] * cost_factor,
            start,
            end,
            month_first_hour,
            work.capex_micro_usd,
        )
        if uniform(setup.unit_keys[u, 4], path, 0) < row[setup.returns[u]]:
            work.synchronised[u] = max(end, ready)
        else:
            work.synchronised[u] = -max(1, end)  # the hour at which it is given up, negative
