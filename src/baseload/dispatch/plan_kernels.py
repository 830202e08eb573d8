"""What an hour's production is worth, and the best production of a window of hours under ramps.

The value of an hour's production is concave and piecewise linear: its uses in falling value. So is
the best value of all later hours as a function of production now, and the sum of both; each is kept
as the places where its slope drops, to the left and to the right of its best production. A ramp
moves the left ones down and the right ones up [1]_. All numbers are whole: kW and milli-USD/MWh.

References
----------
.. [1] D. P. Bertsekas, Dynamic Programming and Optimal Control, vol. 1, 2017, section 1.3 (backward
   recursion); R. T. Rockafellar, Convex Analysis, 1970, section 5 (the sum of a concave function and
   a box is concave).
"""

from __future__ import annotations

from baseload.compiled import kernel, small_kernel
from baseload.dispatch.link_work import (
    HIGHEST,
    LEFT_AT,
    LEFT_DROP,
    LOWEST,
    MERIT,
    RIGHT_AT,
    RIGHT_DROP,
)

# Slopes beyond every price [milli-USD/MWh]: what is owed, and what is done only if nothing else can be.
FIRM = 1 << 40
LAST_RESORT = 1 << 38
# A width or a ramp that never binds. [kW]
UNLIMITED = 1 << 40
# Drop of slope at the ends of what can be reached: above all slopes of a window together, 168 * FIRM.
WALL = 1 << 60


@small_kernel
def hour_pieces(
    firm_kw,
    values,
    caps,
    count,
    gross_price,
    falls,
    tranche_kw,
    export_limit_kw,
    avoidable,
    dump,
    slopes,
    widths,
):
    """Write the uses of an hour's production in falling net value; returns how many there are.

    Firm demand comes first, then every use that earns anything, slots of the mine before export
    where both earn the same, then dumping. Uses that earn less than the avoidable cost are there
    too: once power is produced its fuel is spent, and any of them beats dumping.

    Parameters
    ----------
    firm_kw : int
        What the plant owes. [kW]
    values, caps : ndarray (K,)
        What a MWh earns in each slot of the mine, avoidable cost not taken off, falling
        [milli-USD/MWh], and the slot's power [kW]. Values above `FIRM // 2` count as that.
    count : int
        Slots that are read.
    gross_price : int
        Price of export less fees and losses, avoidable cost not taken off. [milli-USD/MWh]
    falls : ndarray (J,)
        Fall of the marginal revenue in each tranche of export, rising. [milli-USD/MWh]
    tranche_kw, export_limit_kw : int
        Width of a tranche and what the lines carry. [kW]
    avoidable : int
        [milli-USD/MWh]
    dump : bool
        Whether surplus may be produced and dumped at its avoidable cost; else as a last resort.
    slopes, widths : ndarray (at least K + J + 2,)
        Written: net value [milli-USD/MWh] and width [kW] of each piece.
    """
    n = 0
    if firm_kw > 0:
        slopes[n] = FIRM
        widths[n] = firm_kw
        n += 1
    k = 0
    j = 0
    left = export_limit_kw
    while True:
        sells = gross_price - falls[j] if (j < falls.size and left > 0) else -1
        if k < count and values[k] >= 0 and values[k] >= sells:
            if caps[k] > 0:
                slopes[n] = min(values[k], FIRM // 2 + avoidable) - avoidable
                widths[n] = caps[k]
                n += 1
            k += 1
        elif sells >= 0:
            part = min(tranche_kw, left)
            slopes[n] = sells - avoidable
            widths[n] = part
            n += 1
            left -= part
            j += 1
        else:
            break
    slopes[n] = -avoidable if dump else -LAST_RESORT
    widths[n] = UNLIMITED
    return n + 1


@small_kernel
def reach(place_kw, fall_kw, rise_kw, least_kw, most_kw):
    """Lowest and highest production that follow on one: within the ramps, else as near as can be."""
    lowest = min(max(place_kw - fall_kw, least_kw), most_kw)
    highest = min(max(place_kw + rise_kw, least_kw), most_kw)
    return lowest, highest


@small_kernel
def merit_plan(slopes, widths, counts, least, most, up, down, start_kw, start_free, merit):
    """Write each hour's best production by itself; returns whether the ramps allow all of it.

    Every use that is worth its avoidable cost runs. Dumping is no use, unless it pays.
    """
    allowed = True
    before = start_kw
    for t in range(counts.size):
        best = 0
        last = counts[t] - 1
        for i in range(last + 1):
            if slopes[t, i] < 0 or (i == last and slopes[t, i] == 0):
                break
            best += widths[t, i]
        best = min(max(best, least[t]), most[t])
        step = best - before
        if (step > up[t] or -step > down[t]) and (t > 0 or not start_free):
            allowed = False
        merit[t] = best
        before = best
    return allowed


@kernel
def plan_production(
    slopes, widths, counts, least, most, up, down, start_kw, start_free, planned, stacks
):
    """Write the production of W hours that is worth most under ramps; returns whether they bind.

    Maximises the sum over the hours of the value of production, with ::

        least[t] <= P[t] <= most[t],   -down[t] <= P[t] - P[t - 1] <= up[t],   P[-1] = start_kw

    Where these cannot all be kept, `most` goes before `least` and both before the ramps: production
    comes as near to them as the ramps of the hours before allow, and makes the rest of the step at
    once.

    Of equal plans it takes, hour by hour, the one nearest to the merit order, which runs every use
    with a net value of zero or more; so where no ramp binds the plan is the merit order.

    Parameters
    ----------
    slopes, widths : ndarray (W, N)
        Pieces of each hour's value in falling slope [milli-USD/MWh] and their widths [kW]; an hour's
        last piece is wider than any production.
    counts : ndarray (W,)
        Pieces of each hour, at least one.
    least, most, up, down : ndarray (W,)
        Bounds of production [kW] and of its change from the hour before [kW/hour], none below zero;
        `UNLIMITED` where nothing binds.
    start_kw : int
        Production of the hour before the first.
    start_free : bool
        Whether the first hour is bound to nothing.
    planned : ndarray (W,)
        Written. [kW]
    stacks : ndarray (STACK_ROWS, at least W * (N + 2) + 2)
        Scratch.
    """
    hours = counts.size
    merit = stacks[MERIT, :hours]
    if merit_plan(slopes, widths, counts, least, most, up, down, start_kw, start_free, merit):
        for t in range(planned.size):
            planned[t] = merit[t]
        return False
    lowest, highest = stacks[LOWEST], stacks[HIGHEST]
    left_at, left_drop = stacks[LEFT_AT], stacks[LEFT_DROP]
    right_at, right_drop = stacks[RIGHT_AT], stacks[RIGHT_DROP]
    # Production outside what can be reached from the start needs no value.
    if start_free:
        lo, hi = min(least[0], most[0]), most[0]
    else:
        lo, hi = reach(start_kw, down[0], up[0], least[0], most[0])
    lowest[0], highest[0] = lo, hi
    for t in range(1, hours):
        lo = min(max(lo - down[t], least[t]), most[t])
        hi = min(max(hi + up[t], least[t]), most[t])
        lowest[t], highest[t] = lo, hi
    # Places are kept less the shift of their side. The ends of the stacks, farthest from the best
    # production, are walls; what lies beyond them is forgotten.
    left_first = right_first = 0
    left_end = right_end = 1
    left_at[0], left_drop[0] = lo, WALL
    right_at[0], right_drop[0] = hi, WALL
    left_shift = right_shift = 0
    for t in range(hours - 1, -1, -1):
        lo, hi = lowest[t], highest[t]
        if t < hours - 1:
            left_shift -= up[t + 1]
            right_shift += down[t + 1]
            # Cut both sides to what can be reached: places on the wrong side of it move to its end.
            if left_at[left_end - 1] + left_shift > hi:
                drop = 0
                while left_end > left_first and left_at[left_end - 1] + left_shift > hi:
                    left_end -= 1
                    drop += left_drop[left_end]
                left_at[left_end], left_drop[left_end] = hi - left_shift, drop
                left_end += 1
            if left_at[left_first] + left_shift <= lo:
                while left_first < left_end and left_at[left_first] + left_shift <= lo:
                    left_first += 1
                left_first -= 1
                left_at[left_first] = lo - left_shift
            left_end = max(left_end, left_first + 1)
            left_drop[left_first] = WALL
            if right_at[right_end - 1] + right_shift < lo:
                drop = 0
                while right_end > right_first and right_at[right_end - 1] + right_shift < lo:
                    right_end -= 1
                    drop += right_drop[right_end]
                right_at[right_end], right_drop[right_end] = lo - right_shift, drop
                right_end += 1
            if right_at[right_first] + right_shift >= hi:
                while right_first < right_end and right_at[right_first] + right_shift >= hi:
                    right_first += 1
                right_first -= 1
                right_at[right_first] = hi - right_shift
            right_end = max(right_end, right_first + 1)
            right_drop[right_first] = WALL
            lo = left_at[left_first] + left_shift
            hi = right_at[right_first] + right_shift
        # Any place between both sides will do to add this hour's value; near its best is quickest.
        left_kw = left_at[left_end - 1] + left_shift
        right_kw = right_at[right_end - 1] + right_shift
        middle = min(max(merit[t], left_kw), right_kw)
        k = 0
        end = widths[t, 0]
        while end <= lo:
            k += 1
            end += widths[t, k]
        first = k
        while end <= middle and end < hi:
            k += 1
            end += widths[t, k]
        slope = slopes[t, k]
        # Drops at or below the middle are merged into the left side from its top, the others into
        # the right; older places have mostly moved away, so that few are passed.
        place = end - widths[t, k] - left_shift
        read = left_end - 1
        write = read + k - first
        left_end = write + 1
        i = k - 1
        while i >= first:
            if left_at[read] > place:
                left_at[write], left_drop[write] = left_at[read], left_drop[read]
                read -= 1
            else:
                left_at[write], left_drop[write] = place, slopes[t, i] - slopes[t, i + 1]
                place -= widths[t, i]
                i -= 1
            write -= 1
        i = k
        place = end
        while place < hi:
            i += 1
            place += widths[t, i]
        past = i
        place = end - right_shift
        read = right_end - 1
        write = read + past - k
        right_end = write + 1
        i = k
        while i < past:
            if right_at[read] < place:
                right_at[write], right_drop[write] = right_at[read], right_drop[read]
                read -= 1
            else:
                right_at[write], right_drop[write] = place, slopes[t, i] - slopes[t, i + 1]
                i += 1
                place += widths[t, i]
            write -= 1
        # Move the middle to where the slope crosses zero.
        shift = right_shift - left_shift
        while slope > 0:
            drop = min(right_drop[right_end - 1], slope)
            left_at[left_end] = right_at[right_end - 1] + shift
            left_drop[left_end] = drop
            left_end += 1
            right_drop[right_end - 1] -= drop
            if right_drop[right_end - 1] == 0:
                right_end -= 1
            slope -= drop
        while slope < 0:
            drop = min(left_drop[left_end - 1], -slope)
            right_at[right_end] = left_at[left_end - 1] - shift
            right_drop[right_end] = drop
            right_end += 1
            left_drop[left_end - 1] -= drop
            if left_drop[left_end - 1] == 0:
                left_end -= 1
            slope += drop
        left_drop[left_first] = WALL
        right_drop[right_first] = WALL
        left_kw = left_at[left_end - 1] + left_shift
        right_kw = right_at[right_end - 1] + right_shift
        planned[t] = min(max(merit[t], left_kw), right_kw)
    before = start_kw
    for t in range(hours):
        if t > 0 or not start_free:
            lo, hi = reach(before, down[t], up[t], least[t], most[t])
            planned[t] = min(max(planned[t], lo), hi)
        before = planned[t]
    return True
