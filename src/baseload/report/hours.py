"""The section on hours: a week and a year of the representative path."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from baseload.clock import HOURS_PER_WEEK
from baseload.figures import Layer, Line, Tick, heat_map_figure, line_figure, stack_figure
from baseload.figures.numbers import SPACE, decimal, quantity
from baseload.report.blocks import Picture, Section, Table
from baseload.report.reported import FloatArray, ReportedStudy, floats, times

_USES = (
    ("firm_served_by_plant_kw", "firm demand served by the plant"),
    ("mine_kw", "mine"),
    ("export_kw", "export"),
    ("curtailed_kw", "curtailed"),
)


def representative_week(available_kw: FloatArray, mine_kw: FloatArray) -> slice:
    """The week whose mining is nearest to the median of the weeks with mining.

    Parameters
    ----------
    available_kw, mine_kw : array, H hours
        Power that the plant could give and that the mine took. [kW]
    """
    weeks = available_kw.size // HOURS_PER_WEEK
    if weeks == 0:
        return slice(0, available_kw.size)
    shape = (weeks, HOURS_PER_WEEK)
    used = weeks * HOURS_PER_WEEK
    running = np.nan_to_num(available_kw[:used]).reshape(shape).sum(axis=1) > 0
    mined = np.nan_to_num(mine_kw[:used]).reshape(shape).sum(axis=1)
    candidates = np.flatnonzero(running & (mined > 0))
    if candidates.size == 0:
        candidates = np.flatnonzero(running) if running.any() else np.arange(weeks)
    distance = np.abs(mined[candidates] - np.median(mined[candidates]))
    week = int(candidates[np.argmin(distance)])
    return slice(week * HOURS_PER_WEEK, (week + 1) * HOURS_PER_WEEK)


def fullest_year(when: npt.NDArray[np.datetime64], mine_kw: FloatArray) -> int:
    """The calendar year in which the mine took most energy, the first of equals."""
    years = when.astype("datetime64[Y]").astype(int) + 1970
    first = int(years.min())
    return first + int(np.argmax(np.bincount(years - first, weights=np.nan_to_num(mine_kw))))


def day_hour_matrix(
    when: npt.NDArray[np.datetime64], values: FloatArray, year: int
) -> tuple[FloatArray, npt.NDArray[np.datetime64]]:
    """Values of a year as 24 hours by its days, NaN where there are none, and the days."""
    begin, end = np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01")
    days = np.arange(begin, end)
    matrix = np.full((24, days.size), np.nan)
    chosen = (when >= begin) & (when < end)
    hours = (when[chosen] - begin).astype("timedelta64[h]").astype(int)
    matrix[hours % 24, hours // 24] = values[chosen]
    return matrix, days


def _day(moment: np.datetime64) -> str:
    day = moment.astype("datetime64[s]").item()
    return f"{day.day} {day:%B %Y}"


def _daily_rows(
    when: npt.NDArray[np.datetime64], columns: list[FloatArray]
) -> tuple[tuple[str, ...], ...]:
    days = when.astype("datetime64[D]")
    rows = []
    for day in np.unique(days):
        chosen = days == day
        means = (column[chosen] for column in columns)
        rows.append((_day(day), *(_mean(values) for values in means)))
    return tuple(rows)


def _mean(values: FloatArray) -> str:
    finite = values[np.isfinite(values)]
    return (
        decimal(float(finite.mean()), 1 if abs(finite.mean()) < 100 else 0) if finite.size else "–"
    )


def _range(values: FloatArray, unit: str) -> str:
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return "not defined"
    low, high = quantity(float(finite.min()), unit), quantity(float(finite.max()), unit)
    return f"{low} to {high}" if low != high else f"{low} throughout"


def hours_section(study: ReportedStudy) -> Section:
    """A week hour by hour and a year at a glance, both of the representative path."""
    frame = study.dispatch
    title = "Hour by hour"
    if frame.height == 0:
        return Section("hours", title, "", missing=("The study kept no hours of a path.",))
    when = times(frame, "time")
    mine_mw = floats(frame, "mine_kw") / 1e3
    available_mw = floats(frame, "available_kw") / 1e3
    path = f"path {study.representative_path}"

    week = representative_week(available_mw, mine_mw)
    uses = [(label, floats(frame, name)[week] / 1e3) for name, label in _USES]
    unserved_mwh = float(np.nansum(floats(frame, "unserved_kw")[week])) / 1e3
    first, last = _day(when[week][0]), _day(when[week][-1])
    caption = (
        f"The week from {first} to {last} of {path}, whose mining is nearest to the median. "
        f"The mine took {_range(mine_mw[week], 'MW')}, while the plant could give "
        f"{_range(available_mw[week], 'MW')}; {quantity(unserved_mwh, 'MWh')} of firm demand "
        f"stayed unserved."
    )
    stack = stack_figure(
        "A week, hour by hour",
        caption,
        when[week],
        [Layer(label, values) for label, values in uses],
        "MW",
        over=[Line("available", available_mw[week])],
        step=True,
    )
    columns = [*(values for _, values in uses), available_mw[week]]
    header = ("day", *(label for label, _ in uses), "available")
    daily = Table("Mean of each day [MW]", header, _daily_rows(when[week], columns))

    price = floats(frame, "price_usd_per_mwh")[week]
    value = floats(frame, "mine_value_usd_per_mwh")[week]
    unit = "USD/MWh"
    price_caption = (
        f"The same week. Before the plant's own sales the market price was {_range(price, unit)}; mining "
        f"was worth {_range(value, unit)} to the mine."
    )
    running = int(np.count_nonzero(mine_mw[week] > 0.0))
    price_caption += f" The mine ran in {running} of {mine_mw[week].size} hours."
    both = np.isfinite(price) & np.isfinite(value) & (mine_mw[week] > 0.0)
    if (price[both] > value[both]).any():
        price_caption += (
            " It runs below the market price where one more MWh sold would lower what all sales earn, or "
            "where the line is full."
        )
    lines = [
        Line("market price before own sales", price, step=True),
        Line("value of mining", value, True, True),
    ]
    prices = line_figure("What power is worth in that week", price_caption, when[week], lines, unit)
    priced = Table(
        f"Mean of each day [{unit}]",
        ("day", "market price before own sales", "value of mining"),
        _daily_rows(when[week], [price, value]),
    )

    year = fullest_year(when, mine_mw)
    matrix, days = day_hour_matrix(when, mine_mw, year)
    known = matrix[np.isfinite(matrix)]
    off = int(np.count_nonzero(known == 0))
    year_caption = (
        f"Every hour of {year} of {path}, the year with most mining: days from left to right, the "
        f"hours of the day (UTC) from bottom to top. "
    )
    if known.size:
        year_caption += (
            f"The mine took {quantity(float(known.mean()), 'MW')} on average and nothing in "
            f"{decimal(off, 0)} of {decimal(known.size, 0)} hours."
        )
    ticks = [Tick(float(hour), f"{hour:02d}:00") for hour in (0, 6, 12, 18, 24)]
    heat = heat_map_figure(
        f"Power of the mine in {year}",
        year_caption,
        matrix,
        "MW",
        columns=days,
        row_ticks=ticks,
        low=0.0,
        after_row=":00",
    )
    months = days.astype("datetime64[M]")
    spans = [(month, matrix[:, months == month]) for month in np.unique(months)]
    monthly = Table(
        "Mean of each month by time of day [MW]",
        ("month", "0 to 6 h", "6 to 12 h", "12 to 18 h", "18 to 24 h"),
        tuple(
            (f"{month.item():%B}", *(_mean(part[a : a + 6]) for a in (0, 6, 12, 18)))
            for month, part in spans
        ),
    )
    pictures = (
        Picture(stack, caption, daily),
        Picture(prices, price_caption, priced),
        Picture(heat, year_caption, monthly),
    )
    lead = (
        f"One lifetime out of {decimal(study.paths, 0)}{SPACE}paths, {path}, whose result "
        f"lies in the middle."
    )
    return Section("hours", title, lead, pictures)
