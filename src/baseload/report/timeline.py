"""The time line of the plant: works, units that come back, and the first machines of each hall."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from baseload.clock import Horizon
from baseload.errors import InputError
from baseload.figures import Bar, timeline_figure
from baseload.figures.numbers import decimal, percent
from baseload.report.blocks import Picture, Table
from baseload.report.programme import PHASE, UNIT, Coming, NoMilestones, programme
from baseload.report.reported import ReportedStudy
from baseload.verdict.named_results import scenario_of

if TYPE_CHECKING:
    from baseload.study import Study

TITLE: Final = "Works, restarts and deliveries"
_SHARES: Final = (0.1, 0.5, 0.9)
_MOST_ROWS: Final = 30


def timeline_picture(study: ReportedStudy) -> Picture | str | None:
    """When things come about over the paths; None where nothing is awaited.

    A sentence where the days cannot be had.
    """
    try:
        document, _ = scenario_of(cast("Study", study))
        found = programme(study, document)
    except NoMilestones as reason:
        return f"The days of works and restarts cannot be told: {reason}."
    except InputError:
        return "The days of works and restarts cannot be told: the scenario cannot be read again."
    if not found:
        return None
    bars: list[Bar] = []
    rows: list[tuple[str, ...]] = []
    for one in found[:_MOST_ROWS]:
        comes = np.isfinite(one.hour)
        share = percent(float(comes.mean()))
        if not comes.any():
            rows.append((one.name, one.kind, share, "–", "–", "–"))
            continue
        early, middle, late = (
            _day(study.start, hour) for hour in np.quantile(one.hour[comes], _SHARES)
        )
        told = [_month(day) for day in (early, middle, late)]
        rows.append((one.name, one.kind, share, *told))
        what = one.name if one.kind == PHASE else f"{one.name}: {one.kind}"
        hint = f"{what} on {share} of the paths; median {told[1]}, eight in ten of those {told[0]} to {told[2]}"
        bars.append(Bar(one.name, one.kind, early, late, "", middle, share, hint))
    caption = _caption(study, found)
    end = Horizon(study.start, study.years).end
    svg = timeline_figure(TITLE, caption, bars, begin=study.start, end=end)
    header = ("", "what", "paths", "10 % by", "median", "90 % by")
    return Picture(
        svg, caption, Table("Days among the paths on which it comes", header, tuple(rows))
    )


def _day(start: date, hour: float) -> date:
    return start + timedelta(hours=hour)


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def _caption(study: ReportedStudy, found: tuple[Coming, ...]) -> str:
    paths = found[0].hour.size
    sentences = [
        f"Bars hold eight in ten of the paths on which a thing comes about within {study.years} years, of "
        f"{decimal(paths, 0)}; at the right how many these are."
    ]
    units = [one for one in found if one.kind == UNIT]
    if units:
        back = np.sum([np.isfinite(one.hour) for one in units], axis=0)
        first = np.min([one.hour for one in units], axis=0)
        known = first[np.isfinite(first)]
        if known.size:
            sentences.append(
                f"The first of {len(units)} units is back in "
                f"{_month(_day(study.start, float(np.median(known))))} (median); "
                + (
                    f"all come back on {percent(float((back == len(units)).mean()))} of the paths, none on "
                    f"{percent(float((back == 0).mean()))}."
                    if len(units) > 1
                    else f"on {percent(float((back == 0).mean()))} of the paths it never is."
                )
            )
    if len(found) > _MOST_ROWS:
        sentences.append(f"The first {_MOST_ROWS} of {len(found)} rows.")
    return " ".join(sentences)
