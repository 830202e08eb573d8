"""How long the safety house load outlasts a loss of off-site power, by the length of the loss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from baseload.distributions import Distribution
from baseload.errors import InputError
from baseload.fields import rates_of
from baseload.figures import Line, line_figure
from baseload.figures.numbers import percent, quantity
from baseload.report.blocks import Picture, Section, Table
from baseload.report.reported import FloatArray, ReportedStudy
from baseload.verdict.named_results import drawn, scenario_of

if TYPE_CHECKING:
    from baseload.study import Study

TITLE: Final = "Losses of off-site power outlasted"
HOURS_PER_DAY: Final = 24.0
_GRID: Final = 4_000
_POINTS: Final = 600
_ROWS: Final = (1, 8, 24, 72, 168, 336, 720, 1440)


def offsite_section(study: ReportedStudy) -> Section | None:
    """What diesels and their fuel outlast; None where the scenario loses no off-site power
    or cannot be read again.

    Parameters
    ----------
    study : ReportedStudy

    Returns
    -------
    Section or None
    """
    try:
        document, _ = scenario_of(cast("Study", study))
    except InputError:  # the time line says so
        return None
    plant = document.plant
    if not any(rate.support()[1] > 0.0 for rate in rates_of(plant.off_site_power.losses_per_year)):
        return None
    title = "When off-site power is lost"
    lead = "While no unit feeds it, the safety house load hangs on diesels and their fuel."
    diesels = plant.diesels
    fuel, fails, resupplied = (
        np.broadcast_to(drawn(cast("Study", study), f"plant.diesels.{name}", given), study.paths)
        for name, given in (
            ("fuel_hours", diesels.fuel_hours),
            ("fails_to_start", diesels.fails_to_start),
            ("resupplied", diesels.resupplied),
        )
    )
    if not np.isfinite([fuel, fails, resupplied]).all():
        return Section(
            "offsite", title, lead, missing=("The study holds no inputs of its diesels.",)
        )
    picture = _picture(plant.off_site_power.outage_hours, fuel, fails, resupplied)
    return Section("offsite", title, lead, (picture,))


def outlasted(
    hours: FloatArray, fuel_hours: FloatArray, fails: FloatArray, resupplied: FloatArray
) -> FloatArray:
    """Probability that diesels still feed the house load after so many hours of a loss.

    As `baseload.plant.kernels` draws it: all diesels start, and the stock, counted in whole hours, lasts or
    fuel is brought.

    Parameters
    ----------
    hours : ndarray (N,)
        Length of the loss.
    fuel_hours, fails, resupplied : ndarray (P,)
        Of each path: stock of fuel, probability that all diesels fail to start, that fuel is brought.

    Returns
    -------
    ndarray (N,)
        Mean over the paths.

    Examples
    --------
    >>> one = np.ones(1)
    >>> outlasted(np.array([24.0, 240.0, 241.0]), 240.0 * one, 0.1 * one, 0.5 * one).tolist()
    [0.9, 0.9, 0.45]
    """
    lasts = hours[:, None] <= np.floor(fuel_hours)[None, :]
    return np.asarray(((1.0 - fails) * np.where(lasts, 1.0, resupplied)).mean(axis=1))


def lengths_of(outage_hours: Distribution) -> FloatArray:
    """Lengths of equally likely losses, ascending; each is drawn in whole hours, at least one. [hours]"""
    drawn = [outage_hours.quantile((i + 0.5) / _GRID) for i in range(_GRID)]
    return np.asarray(np.maximum(1.0, np.ceil(np.array(drawn))))


def longer_than(hours: FloatArray, lengths: FloatArray) -> FloatArray:
    """Share of losses, of which `lengths` are ascending, that last more than so many hours."""
    return np.asarray(1.0 - np.searchsorted(lengths, hours, side="right") / lengths.size)


def _picture(
    length: Distribution, fuel: FloatArray, fails: FloatArray, resupplied: FloatArray
) -> Picture:
    most = math.ceil(max(length.quantile(0.995), 1.1 * min(float(fuel.max()), length.support()[1])))
    hours = np.unique(np.rint(np.linspace(0.0, most, _POINTS)))
    lengths = lengths_of(length)
    survived, longer = outlasted(hours, fuel, fails, resupplied), longer_than(hours, lengths)
    blackout = float(
        np.mean(
            fails + (1.0 - fails) * (1.0 - resupplied) * longer_than(np.floor(fuel), lengths),
        )
    )
    days = most >= 4 * HOURS_PER_DAY
    caption = (
        f"A loss lasts {_span(length.quantile(0.5))} in the median and more than "
        f"{_span(length.quantile(0.95))} in one of twenty. Over the {fuel.size:,} paths fuel lasts "
        f"{_span(float(np.median(fuel)))} in the median, and is brought in time with a probability of "
        f"{percent(float(resupplied.mean()))}. Of all losses {quantity(100.0 * blackout, '%')} outlast diesels "
        "and fuel where no unit feeds the house load."
    )
    svg = line_figure(
        TITLE,
        caption,
        hours / HOURS_PER_DAY if days else hours,
        [
            Line("house load still fed", survived, step=True),
            Line("losses that last longer", longer, step=True),
        ],
        "share",
        label="probability",
        x_label="length of the loss",
        x_unit="days" if days else "hours",
    )
    at = np.array([row for row in _ROWS if row <= most], float)
    rows = tuple(
        (_span(hour), percent(fed), percent(beyond))
        for hour, fed, beyond in zip(
            at.tolist(),
            outlasted(at, fuel, fails, resupplied).tolist(),
            longer_than(at, lengths).tolist(),
            strict=True,
        )
    )
    header = ("length of the loss", "house load still fed", "losses that last longer")
    return Picture(svg, caption, Table("By length of the loss", header, rows))


def _span(hours: float) -> str:
    """A length of time in hours or, from two days on, in days."""
    if hours < 2 * HOURS_PER_DAY:
        return quantity(hours, "hours" if hours != 1 else "hour")
    return quantity(hours / HOURS_PER_DAY, "days")
