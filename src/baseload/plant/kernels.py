"""The plant of one path: events first, then segments between which nothing about it changes."""

from __future__ import annotations

import math

from baseload.clock import HOURS_PER_MONTH
from baseload.compiled import kernel
from baseload.draws import quantile
from baseload.phases.kernels import next_event, phase_timeline
from baseload.plant.decay_heat import decay_heat_share
from baseload.plant.schedule import draw_schedule
from baseload.plant.work import (
    BLACKOUTS,
    EVENT,
    HEAT_IDLE_MW,
    HEAT_PEAK_MW,
    IDLE_BLACKOUTS,
    LOSS,
    LOSSES_AT_POWER,
    LOSSES_SHUT,
    MOST_BLOCKS,
    MOST_SEGMENTS,
    PHASE_STOP,
    REACTOR_HOURS,
)
from baseload.randomness import exponential, uniform

OFF, WORK, READY, RUN, REFUEL, FORCED, TRIPPED, ENDED = 0, 1, 2, 3, 4, 5, 6, 7
FAR = 1 << 40


@kernel
def drawn_hours(events, which, key, path, index, per_unit):
    """Whole hours, at least one, of the index-th event of a stream."""
    value = quantile(events, which, uniform(key, path, index)) * per_unit
    return max(1, int(math.ceil(value)))


@kernel
def add_block(work, start, end, kind, trips, restart, stops_mine, dark_from):
    """Append a time at which nothing can run; returns False when memory is full."""
    b = work.counts[1]
    if b >= MOST_BLOCKS:
        return False
    work.block_from[b] = start
    work.block_until[b] = end
    work.block_kind[b] = kind
    work.block_trips[b] = trips
    work.block_restart[b] = restart
    work.block_stops_mine[b] = stops_mine
    work.block_dark_from[b] = dark_from
    work.counts[1] = b + 1
    return True


@kernel
def draw_losses(setup, events, row, path, work, phase_count):
    """Losses of off-site power of one path, one after the other, as blocks.

    The stated rate counts all losses: a share `repeat_probability` of them are repeats, which come
    evenly within `repeat_within_days` of the return of power, so first losses have the rest.
    """
    hours = setup.hours
    repeat = row[setup.repeat]
    now = 0
    k = 0
    repeat_at = math.inf
    while True:
        unit = exponential(setup.loss_keys[0], path, k)
        first = next_event(
            now,
            unit / max(1e-12, 1.0 - repeat),
            setup.loss_rate,
            row,
            work.phase_hour,
            work.phase,
            phase_count,
            hours,
        )
        at = min(first, repeat_at)
        if not at < hours:
            return True
        start = int(at)
        length = drawn_hours(events, setup.loss_hours, setup.loss_keys[1], path, k, 1.0)
        restart = drawn_hours(events, setup.loss_restart, setup.loss_keys[2], path, k, 1.0)
        fuel = max(0, int(math.floor(row[setup.fuel_hours])))
        luck = uniform(setup.loss_keys[5], path, 2 * k)
        if luck < row[setup.fails_to_start]:
            dark_from = start
        elif (
            length > fuel and uniform(setup.loss_keys[5], path, 2 * k + 1) >= row[setup.resupplied]
        ):
            dark_from = start + fuel
        else:
            dark_from = FAR
        if not add_block(
            work, start, start + length, LOSS, setup.loss_trips, restart, 0, dark_from
        ):
            return False
        now = start + length
        repeat_at = math.inf
        if uniform(setup.loss_keys[3], path, k) < repeat:
            repeat_at = now + uniform(setup.loss_keys[4], path, k) * row[setup.repeat_days] * 24.0
        k += 1


@kernel
def draw_events(setup, phases, events, row, path, work, phase_count):
    """Plant-wide events and the phases that stop units, as blocks."""
    hours = setup.hours
    for e in range(setup.event_hours.size):
        now = 0
        k = 0
        while True:
            unit = exponential(setup.event_keys[e, 0], path, k)
            at = next_event(
                now, unit, setup.event_rate[e], row, work.phase_hour, work.phase, phase_count, hours
            )
            if not at < hours:
                break
            start = int(at)
            length = drawn_hours(events, setup.event_hours[e], setup.event_keys[e, 1], path, k, 1.0)
            if not add_block(
                work,
                start,
                start + length,
                EVENT,
                setup.event_trips[e],
                0,
                setup.event_stops_mine[e],
                FAR,
            ):
                return False
            now = start + length
            k += 1
    for i in range(phase_count):
        p = work.phase[i]
        end = work.phase_hour[i + 1] if i + 1 < phase_count else hours
        if phases.stops_units[p] or phases.stops_mine[p]:
            if not add_block(
                work,
                work.phase_hour[i],
                end,
                PHASE_STOP,
                phases.stops_units[p],
                0,
                phases.stops_mine[p],
                FAR,
            ):
                return False
    return True


@kernel
def in_order(values, count):
    """Sort the first `count` numbers of an array in place, by a heap."""
    end = count
    start = count // 2
    while end > 1:
        if start > 0:
            start -= 1
            value = values[start]
        else:
            end -= 1
            value = values[end]
            values[end] = values[0]
        place = start
        child = 2 * place + 1
        while child < end:
            if child + 1 < end and values[child + 1] > values[child]:
                child += 1
            if values[child] <= value:
                break
            values[place] = values[child]
            place = child
            child = 2 * place + 1
        values[place] = value


@kernel
def list_changes(setup, work, phase_count):
    """Sorted hours at which something that is not a unit's own changes; returns their count."""
    n = 0
    for b in range(work.counts[1]):
        work.change[n] = work.block_from[b]
        work.change[n + 1] = work.block_until[b]
        n += 2
        if work.block_dark_from[b] < work.block_until[b]:
            work.change[n] = work.block_dark_from[b]
            n += 1
        if n > work.change.size - 600:
            return -1
    for j in range(setup.project_start.size):
        work.change[n] = work.project_done[j]
        n += 1
    for i in range(setup.limit_from.size):
        work.change[n] = setup.limit_from[i]
        n += 1
    for i in range(setup.licence_unit.size):
        work.change[n] = setup.licence_from[i]
        work.change[n + 1] = setup.licence_until[i]
        n += 2
    in_order(work.change, n)
    return n


@kernel
def begin_path(setup, phases, events, row, path, month_first_hour, work):
    """Draw one path of the plant; returns 0, or a number above 0 when memory did not suffice.

    Parameters
    ----------
    setup, phases : PlantSetup, PhaseSetup
    events : QuantileTable
        Distributions of lengths that are drawn at each event.
    row : ndarray (C,)
        The path's inputs.
    path : int
    month_first_hour : ndarray (M + 1,)
    work : PlantWork
        Written.
    """
    work.counts[:] = 0
    work.exposure[:] = 0.0
    phase_count = phase_timeline(phases, row, path, work.phase_hour, work.phase)
    work.counts[2] = phase_count
    draw_schedule(setup, phases, row, path, month_first_hour, work, phase_count)
    if not draw_losses(setup, events, row, path, work, phase_count):
        return 1
    if not draw_events(setup, phases, events, row, path, work, phase_count):
        return 1
    changes = list_changes(setup, work, phase_count)
    if changes < 0:
        return 1
    return segments(setup, events, row, path, work, changes)


@kernel
def licensed(setup, u, now):
    """Whether unit `u` may run at an hour."""
    if setup.licensed_always:
        return True
    for i in range(setup.licence_unit.size):
        if setup.licence_unit[i] == u and setup.licence_from[i] <= now < setup.licence_until[i]:
            return True
    return False


@kernel
def limits_at(setup, row, work, now):
    """Units and kW that may run together at an hour."""
    units = setup.units_before_projects
    for j in range(setup.project_start.size):
        if work.project_done[j] <= now:
            units = max(units, setup.project_units[j])
    cap_kw = FAR
    if setup.site_limit >= 0:
        cap_kw = int(math.floor(row[setup.site_limit] * 1000.0 + 0.5))
    dated_units = -1
    dated_mw = -1
    for i in range(setup.limit_from.size):
        if setup.limit_from[i] <= now:
            if setup.limit_units[i] >= 0:
                dated_units = setup.limit_units[i]
            if setup.limit_mw[i] >= 0:
                dated_mw = setup.limit_mw[i]
    if dated_units >= 0:
        units = min(units, dated_units)
    if dated_mw >= 0:
        cap_kw = min(cap_kw, int(math.floor(row[dated_mw] * 1000.0 + 0.5)))
    return units, cap_kw


@kernel
def segments(setup, events, row, path, work, changes):
    """Walk from change to change and write the segments; returns 0 or an error number."""
    hours = setup.hours
    count_units = setup.units
    state, until, due = work.unit_now[0], work.unit_now[1], work.unit_now[2]
    waits, stopped = work.unit_now[3], work.unit_now[4]
    # Failures and refuellings drawn so far; the first of a unit comes as it first runs.
    draws, fails_in = work.unit_draws, work.fails_in
    for u in range(count_units):
        state[u] = OFF
        until[u] = due[u] = FAR
        waits[u] = -1
        stopped[u] = setup.shut_hour[u]
        work.first_run[u] = FAR
        draws[u, 0] = draws[u, 1] = 0
        fails_in[u] = math.inf
    change = 0
    while change < changes and work.change[change] <= 0:
        change += 1
    for u in range(count_units):
        if setup.running[u]:
            state[u] = RUN
            if setup.mean_between[u] >= 0:
                fails_in[u] = (
                    exponential(setup.unit_keys[u, 0], path, 0) * row[setup.mean_between[u]]
                )
                draws[u, 0] = 1
            if setup.refuel_months[u] >= 0:
                phase_of_cycle = uniform(setup.unit_keys[u, 3], path, 0)
                due[u] = max(1, int(phase_of_cycle * row[setup.refuel_months[u]] * HOURS_PER_MONTH))
    common_kw = int(math.floor(row[setup.common_house] * 1000.0 + 0.5))
    now = 0
    n = 0
    while now < hours:
        lost = 0
        dark = 0
        blocked = False
        stops_mine = 0
        for b in range(work.counts[1]):
            if work.block_from[b] <= now < work.block_until[b]:
                if work.block_kind[b] == LOSS:
                    lost = 1
                    if now >= work.block_dark_from[b]:
                        dark = 1
                if work.block_trips[b] or work.block_kind[b] == LOSS:
                    blocked = True
                if work.block_stops_mine[b]:
                    stops_mine = 1
        # A loss that trips nothing still lets nobody start: that needs power from outside.
        any_trip = False
        tripped = 0
        for b in range(work.counts[1]):
            if work.block_from[b] == now:
                if work.block_kind[b] == LOSS:
                    count_loss(setup, row, work, state, stopped, now, b)
                if work.block_trips[b]:
                    any_trip = True
        for u in range(count_units):
            if (
                state[u] == OFF
                and work.work_start[u] <= now
                and setup.can_run[u]
                and until[u] == FAR
            ):
                state[u] = WORK
                until[u] = work.synchronised[u]
                if until[u] < 0:
                    until[u] = -until[u]
            if state[u] == WORK and until[u] <= now:
                if work.synchronised[u] < 0:
                    state[u] = OFF
                    until[u] = FAR - 1
                else:
                    state[u] = READY
                    until[u] = FAR
                    if setup.mean_between[u] >= 0:
                        fails_in[u] = (
                            exponential(setup.unit_keys[u, 0], path, 0) * row[setup.mean_between[u]]
                        )
                        draws[u, 0] = 1
            if (state[u] == REFUEL or state[u] == FORCED or state[u] == TRIPPED) and until[
                u
            ] <= now:
                if state[u] == REFUEL:
                    due[u] = now + max(1, int(row[setup.refuel_months[u]] * HOURS_PER_MONTH))
                state[u] = READY
                until[u] = FAR
            if now >= setup.end_hour[u] and state[u] != ENDED:
                if state[u] == RUN:
                    stopped[u] = now
                state[u] = ENDED
            if any_trip and (state[u] == RUN or state[u] == TRIPPED):
                if state[u] == RUN:
                    stopped[u] = now
                    tripped |= 1 << u
                state[u] = TRIPPED
                back = now + 1
                for b in range(work.counts[1]):
                    if work.block_from[b] == now and work.block_trips[b]:
                        back = max(back, work.block_until[b] + work.block_restart[b])
                until[u] = back if until[u] == FAR else max(until[u], back)
            if state[u] == RUN and fails_in[u] <= 0.0:
                state[u] = FORCED
                stopped[u] = now
                tripped |= 1 << u
                until[u] = now + drawn_hours(
                    events, setup.repair[u], setup.unit_keys[u, 1], path, draws[u, 0] - 1, 1.0
                )
                fails_in[u] = (
                    exponential(setup.unit_keys[u, 0], path, draws[u, 0])
                    * row[setup.mean_between[u]]
                )
                draws[u, 0] += 1
        # Refuelling in unit order, so that of two that are due one waits for the other.
        for u in range(count_units):
            if state[u] != RUN or now < due[u]:
                continue
            other = FAR
            for v in range(count_units):
                if v != u and state[v] == REFUEL:
                    other = min(other, until[v])
            latest = due[u] + int(row[setup.put_off[u]] * 24.0)
            if other < FAR and now < latest:
                waits[u] = min(other, latest)
            else:
                waits[u] = -1
                state[u] = REFUEL
                stopped[u] = now
                until[u] = now + drawn_hours(
                    events, setup.refuel_days[u], setup.unit_keys[u, 2], path, draws[u, 1], 24.0
                )
                draws[u, 1] += 1
        # Who runs: those that run go on before others start, in the order of the file.
        allowed, cap_kw = limits_at(setup, row, work, now)
        chosen = 0
        for first in (True, False):
            for u in range(count_units):
                if (state[u] == RUN) != first or (not first and state[u] != READY):
                    continue
                if not first and (blocked or not setup.can_run[u]):
                    continue
                if chosen < allowed and licensed(setup, u, now):
                    state[u] = RUN + 10
                    chosen += 1
                    if due[u] == FAR and setup.refuel_months[u] >= 0:
                        # Synchronised for the first time, maybe long after its work was done.
                        due[u] = now + max(1, int(row[setup.refuel_months[u]] * HOURS_PER_MONTH))
                elif first:
                    state[u] = READY + 10
                    stopped[u] = now
        following = hours
        mask = 0
        kw = 0
        house = common_kw
        operating = 0
        operating_kw = 0
        at_power = 0
        restarting = 0
        for u in range(count_units):
            if state[u] >= 10:
                state[u] -= 10
            s = state[u]
            if s == RUN:
                mask |= 1 << u
                at_power += 1
                if setup.profile[u] < 0:
                    kw += work.net_kw[u]
                following = min(following, now + max(1, int(math.ceil(min(1e12, fails_in[u])))))
                if now >= due[u]:
                    following = min(following, max(now + 1, waits[u]))
                else:
                    following = min(following, due[u])
            else:
                house += int(math.floor(row[setup.house[u]] * 1000.0 + 0.5))
            if s == WORK:
                restarting += 1
            # A unit that waits for a licence is kept, and paid for, as one in shutdown.
            if s >= READY and s != ENDED and (s != READY or licensed(setup, u, now)):
                operating += 1
                operating_kw += work.net_kw[u]
            if s == OFF and work.work_start[u] > now:
                following = min(following, work.work_start[u])
            if s == WORK or s == REFUEL or s == FORCED or s == TRIPPED:
                following = min(following, until[u])
            if s != ENDED and setup.end_hour[u] > now:
                following = min(following, setup.end_hour[u])
        while change < changes and work.change[change] <= now:
            change += 1
        if change < changes:
            following = min(following, work.change[change])
        following = max(following, now + 1)
        if n >= MOST_SEGMENTS:
            return 2
        work.hour[n] = now
        work.running[n] = mask
        work.constant_kw[n] = kw
        work.cap_kw[n] = cap_kw
        work.house_kw[n] = house
        work.operating_kw[n] = operating_kw
        work.at_power[n] = at_power
        work.operating[n] = operating
        work.restarting[n] = restarting
        work.lost_power[n] = lost
        work.dark[n] = dark
        work.stops_mine[n] = stops_mine
        work.trips[n] = tripped
        n += 1
        length = following - now
        for u in range(count_units):
            if state[u] == RUN:
                fails_in[u] -= length
                work.first_run[u] = min(work.first_run[u], now)
                if row[setup.thermal[u]] > 0.0:
                    work.exposure[REACTOR_HOURS] += length
        now = following
    work.hour[n] = hours
    work.counts[0] = n
    return 0


@kernel
def count_loss(setup, row, work, state, stopped, now, b):
    """Count a loss of off-site power that begins now: whom it meets, decay heat, blackout."""
    at_power = 0
    heat = 0.0
    idle = 0.0
    for u in range(setup.units):
        if state[u] == RUN:
            at_power += 1
        thermal = row[setup.thermal[u]]
        if thermal <= 0.0:
            continue
        if state[u] == RUN:
            heat += thermal * decay_heat_share(0.0)
        else:
            heat += thermal * decay_heat_share((now - stopped[u]) * 3600.0)
        # Idle: a unit that ran at the start was stopped then.
        idle += thermal * decay_heat_share((now - setup.shut_hour[u]) * 3600.0)
    if at_power > 0:
        work.exposure[LOSSES_AT_POWER] += 1.0
    else:
        work.exposure[LOSSES_SHUT] += 1.0
    work.exposure[HEAT_PEAK_MW] = max(work.exposure[HEAT_PEAK_MW], heat)
    work.exposure[HEAT_IDLE_MW] = max(work.exposure[HEAT_IDLE_MW], idle)
    if work.block_dark_from[b] < work.block_until[b]:
        work.exposure[IDLE_BLACKOUTS] += 1.0
        if work.block_trips[b] or at_power == 0:
            work.exposure[BLACKOUTS] += 1.0


@kernel
def hour_with_units(count, hour, at_power, units):
    """First hour on which so many units run together; far beyond the end if that never happens."""
    for s in range(count):
        if at_power[s] >= units:
            return hour[s]
    return FAR
