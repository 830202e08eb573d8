"""Lines and the price of power of one path."""

from __future__ import annotations

import math

import numpy as np

from baseload.clock import DAYS_PER_YEAR
from baseload.compiled import kernel, small_kernel
from baseload.draws import quantile
from baseload.grid.setup import FAR_KW
from baseload.grid.work import MOST_CHANGES
from baseload.numerics import exp, power
from baseload.phases.kernels import next_event
from baseload.randomness import exponential, normal, uniform

HIGHEST_USD = 1.0e6
NO_CHANGE = 1 << 40


@kernel
def whole_kw(mw: float) -> int:
    """Megawatts as whole kilowatts, rounded to the nearest."""
    return int(math.floor(mw * 1000.0 + 0.5))


@kernel
def add_change(work, hour, export_kw, import_kw):
    """Insert a change in order of time; returns False when memory is full."""
    n = work.counts[0]
    if n >= MOST_CHANGES:
        return False
    i = n
    while i > 0 and work.hour[i - 1] > hour:
        work.hour[i] = work.hour[i - 1]
        work.export_change_kw[i] = work.export_change_kw[i - 1]
        work.import_change_kw[i] = work.import_change_kw[i - 1]
        i -= 1
    work.hour[i] = hour
    work.export_change_kw[i] = export_kw
    work.import_change_kw[i] = import_kw
    work.counts[0] = n + 1
    return True


@kernel
def begin_path(setup, events, row, path, project_done, phase_hour, phase, phase_count, work):
    """Draw the outages of all lines and set the price process to its start; 0, or above 0 for an error."""
    work.counts[0] = 0
    work.now[:] = 0
    work.price[:] = 0.0
    for j in range(setup.tranches):
        # Tranche j sells at its mean marginal revenue: the price falls for all that is sold.
        fall = (
            row[setup.fall] * (setup.tranche_kw / 1e6) * (2 * j + 1) if setup.tranches > 1 else 0.0
        )
        work.tranche_fall[j] = int(math.floor(fall * 1000.0 + 0.5))
    for line in range(setup.line_export.size):
        export_kw = whole_kw(row[setup.line_export[line]])
        import_kw = whole_kw(row[setup.line_import[line]])
        start = 0
        for j in range(project_done.size):
            if (setup.line_needs[line] >> j) & 1:
                start = max(start, project_done[j])
        if start >= setup.hours:
            continue
        if not add_change(work, start, export_kw, import_kw):
            return 3
        now = start
        k = 0
        while True:
            unit = exponential(setup.line_keys[line, 0], path, k)
            at = next_event(
                now, unit, setup.line_rate[line], row, phase_hour, phase, phase_count, setup.hours
            )
            if not at < setup.hours:
                break
            down = int(at)
            hours = quantile(
                events, setup.line_hours[line], uniform(setup.line_keys[line, 1], path, k)
            )
            up = down + max(1, int(math.ceil(hours)))
            if not (
                add_change(work, down, -export_kw, -import_kw)
                and add_change(work, up, export_kw, import_kw)
            ):
                return 3
            now = up
            k += 1
    return 0


@small_kernel
def fixed_limits(setup, row):
    """Limits on export and import that stand whatever the lines do. [kW]"""
    export_limit = whole_kw(row[setup.export_limit]) if setup.export_limit >= 0 else FAR_KW
    import_limit = whole_kw(row[setup.import_limit]) if setup.import_limit >= 0 else FAR_KW
    return export_limit, import_limit


@small_kernel
def next_line_change(work, hour):
    """Take in the changes of the lines up to an hour; returns the hour of the next one."""
    while work.now[0] < work.counts[0] and work.hour[work.now[0]] <= hour:
        work.now[1] += work.export_change_kw[work.now[0]]
        work.now[2] += work.import_change_kw[work.now[0]]
        work.now[0] += 1
    return work.hour[work.now[0]] if work.now[0] < work.counts[0] else NO_CHANGE


@small_kernel
def carried(now, lines, export_limit, import_limit, lost_power):
    """What may be exported and imported in an hour, in whole kW."""
    if lost_power:
        return 0, 0
    if lines == 0:
        return min(export_limit, FAR_KW), min(import_limit, FAR_KW)
    return (
        min(min(export_limit, now[1]), FAR_KW),
        min(min(import_limit, now[2]), FAR_KW),
    )


@small_kernel
def month_limits(setup, row, first_hour, hours, lost_power, work, export_kw, import_kw):
    """What may be exported and imported in each of so many hours, in whole kW."""
    lines = setup.line_export.size
    export_limit, import_limit = fixed_limits(setup, row)
    h = 0
    while h < hours:
        until = min(hours, next_line_change(work, first_hour + h) - first_hour)
        for i in range(h, until):
            export_kw[i], import_kw[i] = carried(
                work.now, lines, export_limit, import_limit, lost_power[i]
            )
        h = until


@small_kernel
def month_level(setup, row, path, month, work):
    """Mean price level of a month in USD/MWh: a mean-reverting process in logs around a trend.

    x' = a x + s sqrt(1 - a^2) z with a = 2^(-1 / half-life), an exact step of Ornstein-Uhlenbeck;
    it starts at the stated level and keeps its mean on the trend.
    """
    volatility = row[setup.level_volatility]
    if volatility > 0.0 and month > 0:
        keep = power(0.5, 1.0 / row[setup.level_half_life])
        z = normal(setup.price_keys[0], path, setup.first_month + month)
        work.price[0] = keep * work.price[0] + volatility * np.sqrt(1.0 - keep * keep) * z
        work.price[1] = keep * keep * work.price[1] + volatility * volatility * (1.0 - keep * keep)
    trend = power(1.0 + row[setup.growth], month / 12.0)
    return row[setup.level] * trend * exp(work.price[0] - 0.5 * work.price[1])


@small_kernel
def month_factors(setup, events, row, path, first_day, days, normals, work, out):
    """Factor of each day of a month on the price: mean-reverting in logs with mean 1, times spikes.

    `normals` are the days' standard normals, which may be correlated with the coin's.
    """
    volatility = row[setup.daily_volatility]
    keep = power(0.5, 1.0 / row[setup.daily_half_life])
    step = volatility * np.sqrt(1.0 - keep * keep)
    x = work.price[2]
    if volatility > 0.0:
        for i in range(days):
            if i == 0 and work.price[3] == 0.0:
                x = volatility * normals[i]
                work.price[3] = 1.0
            else:
                x = keep * x + step * normals[i]
            out[i] = x
        work.price[2] = x
        # Apart from the steps, which wait for one another, the processor does several at once.
        off = 0.5 * volatility * volatility
        for i in range(days):
            out[i] = exp(out[i] - off)
    else:
        for i in range(days):
            out[i] = 1.0
    if setup.spike_rate >= 0:
        chance = row[setup.spike_rate] / DAYS_PER_YEAR
        for i in range(days):
            number = setup.first_day + first_day + i
            if uniform(setup.price_keys[2], path, number) < chance:
                out[i] *= quantile(
                    events, setup.spike_factor, uniform(setup.price_keys[3], path, number)
                )


@small_kernel
def bound_at(hour, usd, when, otherwise):
    """The dated cap or floor in force at an hour."""
    value = otherwise
    for i in range(hour.size):
        if hour[i] <= when:
            value = usd[i]
    return value


@kernel
def month_prices(setup, first_hour, days, level, factors, out):
    """Prices of a month's days into `out` (31, 24), in whole milli-USD per MWh, under the day's caps and floors."""
    rows, shape = setup.day_row, setup.day_shape
    for i in range(days):
        at = first_hour + 24 * i
        cap = min(HIGHEST_USD, bound_at(setup.cap_hour, setup.cap_usd, at, HIGHEST_USD))
        floor = max(-HIGHEST_USD, bound_at(setup.floor_hour, setup.floor_usd, at, -HIGHEST_USD))
        scale = 1.0 if setup.from_file else level * factors[i]
        r = rows[at // 24]
        # The count of hours is asked of the array: a loop of a known count is written out, not run at once.
        for h in range(out.shape[1]):
            price = max(min(scale * shape[r, h], cap), floor)
            out[i, h] = np.int32(np.floor(price * 1000.0 + 0.5))
