"""A day of a plant whose hours are linked: what is foreseen, which units run, how much they produce.

Limits act on the plant as a whole: minimum, ramp and power of the running units are summed, as if
they shared load in proportion. That is exact for equal units and optimistic for unequal ones. Where
any running unit has no ramp the plant has none, since that unit takes the change.
"""

from __future__ import annotations

from baseload.compiled import kernel, small_kernel
from baseload.dispatch.commit_kernels import best_value, commit_unit
from baseload.dispatch.link_work import (
    AHEAD,
    BEST_WITHOUT,
    DOWN,
    GAIN,
    HOURS_SINCE,
    KEEP_VALUE,
    KNOWN,
    LEAST,
    MAY_RUN,
    MIN_DOWN,
    MIN_KW,
    MIN_RUN,
    MOST,
    PLANNED,
    PRODUCED,
    RAMP_KW,
    RUN,
    RUNNING,
    RUNS,
    START_COST,
    UP,
)
from baseload.dispatch.plan_kernels import UNLIMITED, plan_production

# Hours for which a unit has been in its state before the first day: any least run or stand is over.
LONG_AGO = 1 << 40


@small_kernel
def foresee(mask, trips, first, ahead):
    """Units at power in each hour from `first` on, as known then: planned falls, no trip, no return."""
    known = mask[first]
    ahead[first] = known
    for t in range(first + 1, mask.size):
        known &= ~(mask[t - 1] & ~mask[t] & ~trips[t])
        ahead[t] = known


@small_kernel
def may_stand(limits, u, dump):
    """Whether a unit is committed hour by hour; every other unit runs whenever it is available."""
    return (
        limits[MIN_RUN, u] > 1
        or limits[MIN_DOWN, u] > 1
        or limits[START_COST, u] > 0
        or (limits[MIN_KW, u] > 0 and not dump)
    )


@small_kernel
def with_unit(unit_kw, limits, u, t, cap_kw, least_kw, most_kw):
    """The plant's bounds in hour `t` with one more unit. [kW]"""
    most = min(most_kw + unit_kw[u, t], cap_kw[t])
    return min(least_kw + min(limits[MIN_KW, u], unit_kw[u, t]), most), most


@small_kernel
def commit_units(
    slopes, widths, counts, unit_kw, cap_kw, limits, unit_state, first, dump, before, window
):
    """Choose the units that run from hour `first` on, and write the plant's bounds.

    Units that may not stand come first; then each other unit in its order, by what it adds to those
    already running: the best value of the hour with it less that without, ramps left aside.
    """
    hours = counts.size
    ahead, running = window[AHEAD], window[RUNNING]
    least, most = window[LEAST], window[MOST]
    without, gain = window[BEST_WITHOUT], window[GAIN]
    may_run, run = window[MAY_RUN], window[RUN]
    always = 0
    for u in range(unit_kw.shape[0]):
        if not may_stand(limits, u, dump):
            always |= 1 << u
    for t in range(first, hours):
        low = high = 0
        running[t] = ahead[t] & always
        for u in range(unit_kw.shape[0]):
            if (running[t] >> u) & 1:
                low, high = with_unit(unit_kw, limits, u, t, cap_kw, low, high)
        least[t], most[t] = low, high
    if always + 1 < 1 << unit_kw.shape[0]:
        for t in range(first, hours):
            without[t] = best_value(slopes[t], widths[t], counts[t], least[t], most[t])
        for u in range(unit_kw.shape[0]):
            if (always >> u) & 1:
                continue
            for t in range(first, hours):
                may_run[t] = (ahead[t] >> u) & 1
                gain[t] = 0
                if may_run[t]:
                    low, high = with_unit(unit_kw, limits, u, t, cap_kw, least[t], most[t])
                    gain[t] = best_value(slopes[t], widths[t], counts[t], low, high) - without[t]
            commit_unit(
                gain[first:hours],
                limits[START_COST, u],
                limits[MIN_RUN, u],
                limits[MIN_DOWN, u],
                (before >> u) & 1,
                unit_state[HOURS_SINCE, u],
                may_run[first:hours],
                run[first:hours],
                window[KEEP_VALUE : KEEP_VALUE + 3],
            )
            for t in range(first, hours):
                if run[t]:
                    running[t] |= 1 << u
                    without[t] += gain[t]
                    low, high = with_unit(unit_kw, limits, u, t, cap_kw, least[t], most[t])
                    least[t], most[t] = low, high


@small_kernel
def sum_ramps(limits, first, hours, before, window):
    """Write how far production may rise and fall into each hour from `first` on. [kW/hour]

    A unit that synchronises may go to its minimum at once and one that stops may fall from it, so
    that such a unit counts with the larger of its ramp and its minimum.
    """
    running, up, down = window[RUNNING], window[UP], window[DOWN]
    was = before
    for t in range(first, hours):
        now = running[t]
        if t > first + 1 and now == was and was == running[t - 2]:
            up[t], down[t] = up[t - 1], down[t - 1]
            continue
        rise = fall = 0
        for u in range(limits.shape[1]):
            runs, ran = (now >> u) & 1, (was >> u) & 1
            ramp = limits[RAMP_KW, u]
            if ramp < 0:
                ramp = UNLIMITED
            elif runs != ran:
                ramp = max(ramp, limits[MIN_KW, u])
            rise += ramp * runs
            fall += ramp * ran
        up[t], down[t] = min(rise, UNLIMITED), min(fall, UNLIMITED)
        was = now


@kernel
def produce_day(
    slopes,
    widths,
    counts,
    unit_kw,
    cap_kw,
    limits,
    mask,
    trips,
    dump,
    level,
    unit_state,
    produced,
    running,
    starts,
    window,
    stacks,
):
    """Produce for the first 24 hours of a window, with the rest of it as outlook.

    At the day's start, and at every trip and return inside it, the window is planned anew with what
    is then known: the units at power and the planned falls of units and power, but no trip and no
    return. First the units that run are chosen, then production under the ramps. At a trip,
    production falls at once by the share of the running units' power that is lost, and the hour's
    ramps count from there.

    Parameters
    ----------
    slopes, widths : ndarray (W, N)
        Pieces of each hour, as `hour_pieces` writes them. [milli-USD/MWh], [kW]
    counts : ndarray (W,)
        Pieces of each hour. W is at least 24.
    unit_kw : ndarray (U, W)
        What each unit gives in each hour if it is at power, known ahead. [kW]
    cap_kw : ndarray (W,)
        What the plant may give at most, known ahead; `UNLIMITED` for no limit. [kW]
    limits : ndarray (LIMIT_ROWS, U)
        Least power [kW], ramp [kW/hour] or `NO_RAMP`, least run and stand [hours], cost of a start
        [micro-USD].
    mask : ndarray (W,)
        Bit u is set where unit u is at power, trips and returns of the whole window included. At
        most 62 units.
    trips : ndarray (W,)
        Bit u is set in the hour from which unit u is not at power for a reason that nobody foresaw.
    dump : bool
        As `hour_pieces` has it; where dumping is a last resort, units with a least power may stand.
    level : ndarray (2,)
        Production of the hour before [kW], and 0 on the first day: production is then free, and the
        units at power have run for long. Changed.
    unit_state : ndarray (STATE_ROWS, U)
        Whether each unit runs, and for how many hours that has been so. Changed.
    produced : ndarray (24,)
        Written. [kW]
    running : ndarray (24,)
        Written: the units that run, by bit.
    starts : ndarray (U,)
        What is added: starts of each unit.
    window, stacks : ndarrays
        Of `LinkWork`.

    Returns
    -------
    int
        Plans that were made, at least 1.
    """
    hours = counts.size
    units = unit_kw.shape[0]
    ahead, runs = window[AHEAD], window[RUNNING]
    free = level[KNOWN] == 0
    at_kw = level[PRODUCED]
    before = 0
    plans = 0
    for u in range(units):
        if free:
            unit_state[RUNS, u] = (mask[0] >> u) & 1
            unit_state[HOURS_SINCE, u] = LONG_AGO
        before |= unit_state[RUNS, u] << u
    for h in range(24):
        tripped = before & trips[h] & ~mask[h]
        if tripped != 0:
            ran_kw = 0
            kept_kw = 0
            for u in range(units):
                if (tripped >> u) & 1:
                    ran_kw += unit_kw[u, h]
                    unit_state[RUNS, u] = 0
                    unit_state[HOURS_SINCE, u] = 0
                elif (before >> u) & 1:
                    ran_kw += unit_kw[u, h]
                    kept_kw += unit_kw[u, h]
            at_kw = at_kw * kept_kw // max(ran_kw, 1)
            before &= ~tripped
        if h == 0 or mask[h] != ahead[h]:
            plans += 1
            foresee(mask, trips, h, ahead)
            commit_units(
                slopes,
                widths,
                counts,
                unit_kw,
                cap_kw,
                limits,
                unit_state,
                h,
                dump,
                before,
                window,
            )
            sum_ramps(limits, h, hours, before, window)
            plan_production(
                slopes[h:],
                widths[h:],
                counts[h:],
                window[LEAST, h:hours],
                window[MOST, h:hours],
                window[UP, h:hours],
                window[DOWN, h:hours],
                at_kw,
                free and h == 0,
                window[PLANNED, h:hours],
                stacks,
            )
        at_kw = window[PLANNED, h]
        produced[h] = at_kw
        running[h] = runs[h]
        for u in range(units):
            now = (runs[h] >> u) & 1
            if now == unit_state[RUNS, u]:
                unit_state[HOURS_SINCE, u] += 1
            else:
                unit_state[RUNS, u] = now
                unit_state[HOURS_SINCE, u] = 1
                starts[u] += now
        before = runs[h]
    level[PRODUCED] = at_kw
    level[KNOWN] = 1
    return plans
