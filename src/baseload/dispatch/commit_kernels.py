"""Whether a unit runs in the hours of a window, with least runs, least stands and the cost of a start.

One unit at a time, by a dynamic programme backwards over the hours [1]_: exact for that unit, given
what it adds to the plant in each hour.

References
----------
.. [1] D. P. Bertsekas, Dynamic Programming and Optimal Control, vol. 1, 2017, section 1.3.
"""

from __future__ import annotations

from baseload.compiled import kernel, small_kernel
from baseload.dispatch.plan_kernels import FIRM

# Slopes of what is owed, always first and last resort where values are summed over a window: the
# order holds, and 168 hours of 30 GW stay below 63 bits. [milli-USD/MWh]
OWED, HIGHEST, LOWEST = 1 << 30, 1 << 29, -(1 << 28)


@small_kernel
def best_value(slopes, widths, count, least_kw, most_kw):
    """The most that an hour's production between two bounds is worth. [micro-USD]

    Parameters
    ----------
    slopes, widths : ndarray (N,)
        Pieces in falling net value, as `hour_pieces` writes them. [milli-USD/MWh], [kW]
    count : int
        Pieces that are read.
    least_kw, most_kw : int
        Bounds of production, the first not above the second. [kW]
    """
    value = 0
    at_kw = 0
    for i in range(count):
        slope = OWED if slopes[i] >= FIRM else max(min(slopes[i], HIGHEST), LOWEST)
        part = min(widths[i], (most_kw if slope >= 0 else least_kw) - at_kw)
        if part <= 0 and widths[i] > 0:
            break
        value += part * slope
        at_kw += part
    return value


@kernel
def commit_unit(
    gain,
    start_cost_micro_usd,
    min_run_hours,
    min_down_hours,
    on_now,
    hours_in_state,
    available,
    on,
    scratch,
):
    """Write the hours of a window in which a unit runs; returns what that is worth.

    Maximises the sum of `gain` over the hours on, less the cost of each start. A unit that was
    started runs for its least run, one that was stopped stands for its least stand; what is left of
    either at the window's end counts for nothing. A unit that is not available stands, however
    short its run was; none is started into a least run that the window knows cannot be. Where both
    are worth the same a unit stays as it is.

    Parameters
    ----------
    gain : ndarray (W,)
        What the plant's hour is worth more with the unit than without. [micro-USD]
    start_cost_micro_usd : int
    min_run_hours, min_down_hours : int
        0 is as 1.
    on_now : int or bool
        Whether the unit ran in the hour before the window.
    hours_in_state : int
        Hours for which that has been so.
    available : ndarray (W,)
        1 where the unit can run, else 0.
    on : ndarray (W,)
        Written, 1 or 0.
    scratch : ndarray (3, at least W + 1)

    Returns
    -------
    int
        [micro-USD]
    """
    hours = gain.size
    # Best value from an hour on for a unit that is free to change then, running or standing before.
    running, standing = scratch[0], scratch[1]
    # Sum of gain before an hour.
    gained = scratch[2]
    run = max(min_run_hours, 1)
    down = max(min_down_hours, 1)
    gained[0] = 0
    for t in range(hours):
        gained[t + 1] = gained[t] + gain[t]
    running[hours] = standing[hours] = 0
    out_at = hours  # the next hour in which the unit is not available
    for t in range(hours - 1, -1, -1):
        if available[t] == 0:
            out_at = t
        stop = standing[min(t + down, hours)]
        stay = gain[t] + running[t + 1]
        running[t] = stay if (available[t] != 0 and stay >= stop) else stop
        standing[t] = standing[t + 1]
        until = min(t + run, hours)
        if out_at >= until:
            start = gained[until] - gained[t] + running[until] - start_cost_micro_usd
            standing[t] = max(standing[t], start)
    # Forwards: `bound_until` is the hour from which the unit may change.
    state = on_now != 0
    bound_until = (run if state else down) - hours_in_state
    value = 0
    for t in range(hours):
        if state:
            free = t >= bound_until
            stop = standing[min(t + down, hours)]
            if available[t] == 0 or (free and gain[t] + running[t + 1] < stop):
                state = False
                bound_until = t + down
        elif t >= bound_until and standing[t] > standing[t + 1]:
            state = True
            bound_until = t + run
            value -= start_cost_micro_usd
        on[t] = 1 if state else 0
        value += gain[t] if state else 0
    return value
