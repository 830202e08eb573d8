"""The programme of works and deliveries of a scenario at its medians, drawn in characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from baseload.cli.middle import median
from baseload.cli.text import WIDTH, paragraph, width

if TYPE_CHECKING:
    from baseload.fleet.schema import Batch
    from baseload.plant.schema import Plant
    from baseload.scenario.schema import ScenarioDocument

DAYS_PER_MONTH: Final = 30.4375
_LABEL, _NARROW_LABEL = 25, 13
_WORK, _WAIT, _ON = "=", ".", ">"
_FEWEST_COLUMNS_A_YEAR: Final = 5
KEY: Final = (
    f"{_WORK} under way, {_WAIT} waits, {_ON} on line; medians, with nothing stopped or failed"
)


@dataclass(frozen=True)
class Bar:
    """One line of the drawing.

    Attributes
    ----------
    label : str
    begins, ends : date
        Of the works, or from the order to the delivery.
    online : date or None
        First day on line; None for what is done when it ends.
    """

    label: str
    begins: date
    ends: date
    online: date | None = None


def programme(model: ScenarioDocument) -> tuple[Bar, ...]:
    """Projects, restarts and deliveries at the medians of their durations.

    As the model has it: units wait in their order for a crew, for their earliest day and for the
    projects that their work needs, and go on line when those that operation needs are done. That
    phases stop works, that a unit never returns or that durations come in one draw is left out.

    Parameters
    ----------
    model : ScenarioDocument
        A valid scenario.
    """
    return tuple(
        sorted(
            (*_projects(model), *_units(model), *_batches(model)),
            key=lambda bar: (bar.online is not None, bar.begins, bar.label),
        )
    )


def drawing(model: ScenarioDocument) -> list[str]:
    """The programme as lines of at most 80 characters; none where nothing is to come.

    Parameters
    ----------
    model : ScenarioDocument
        A valid scenario.
    """
    bars = programme(model)
    if not bars:
        return []
    first, last = model.start, _end(model)
    labels = _LABEL if width() >= WIDTH else _NARROW_LABEL
    room = min(width(), WIDTH) - labels
    days = (last - first).days

    def column(day: date) -> int:
        return max(0, min(room, round((day - first).days * room / days)))

    lines = [" " * labels + _years(first, last, room)]
    for bar in bars:
        row = [" "] * room
        for place in range(column(bar.begins), max(column(bar.ends), column(bar.begins) + 1)):
            if place < room:
                row[place] = _WORK
        if bar.online is not None:
            for place in range(column(bar.ends), column(bar.online)):
                row[place] = _WAIT
            for place in range(column(bar.online), room):
                row[place] = _ON
        label = bar.label if len(bar.label) < labels else f"{bar.label[: labels - 2]}…"
        lines.append((label.ljust(labels) + "".join(row)).rstrip())
    return [*lines, *paragraph(KEY).splitlines()]


def _end(model: ScenarioDocument) -> date:
    return date(model.start.year + model.years, model.start.month, 1)


def _years(first: date, last: date, room: int) -> str:
    """Years above the columns in which they begin, as many as have room."""
    count = last.year - first.year
    step = next(
        step
        for step in (1, 2, 5, 10, 20, 50, 100)
        if step == 100 or room * step / max(1, count) >= _FEWEST_COLUMNS_A_YEAR
    )
    text = [" "] * (room + 4)
    days = (last - first).days
    for year in range(first.year, last.year + 1):
        begins = date(year, 1, 1)
        if year % step or begins < first:
            continue
        place = round((begins - first).days * room / days)
        if place + 4 <= room:
            text[place : place + 4] = str(year)
    return "".join(text).rstrip()


def _after(day: date, months: float) -> date:
    return day + timedelta(days=round(months * DAYS_PER_MONTH))


def _done(plant: Plant, start: date) -> dict[str, date]:
    """When each project is done."""
    factor = median(plant.common_time_factor)
    return {
        project.name: max(start, _after(project.starts, median(project.months) * factor))
        for project in plant.projects
    }


def _projects(model: ScenarioDocument) -> Iterator[Bar]:
    for project in model.plant.projects:
        done = _done(model.plant, model.start)[project.name]
        if done > model.start:
            yield Bar(project.name, max(model.start, project.starts), done)


def _units(model: ScenarioDocument) -> Iterator[Bar]:
    plant, start = model.plant, model.start
    done = _done(plant, start)
    factor = median(plant.common_time_factor)
    free = [start] * plant.crews
    queue = [unit for unit in plant.units if unit.enabled and unit.restart is not None]
    for unit in sorted(queue, key=lambda unit: unit.restart.order if unit.restart else 0):
        restart = unit.restart
        if restart is None:
            continue
        crew = min(range(len(free)), key=lambda place: free[place])
        begins = max(
            [free[crew], restart.earliest or start, *(done[need] for need in restart.work_needs)]
        )
        ends = _after(begins, median(restart.months) * factor)
        free[crew] = ends
        if begins < _end(model):
            yield Bar(unit.name, begins, ends, max([ends, *(done[need] for need in restart.needs)]))


def _batches(model: ScenarioDocument) -> Iterator[Bar]:
    online = sorted(bar.online for bar in _units(model) if bar.online is not None)
    running = sum(unit.enabled and unit.restart is None for unit in model.plant.units)
    done = _done(model.plant, model.start)
    for batch in model.fleet:
        if not batch.enabled:
            continue
        there = _delivered(batch, online, running, done)
        if there is not None and model.start < there < _end(model):
            ordered = _after(there, -median(batch.lead_months))
            yield Bar(batch.name or batch.model, max(model.start, ordered), there, there)


def _delivered(
    batch: Batch, online: Sequence[date], running: int, done: dict[str, date]
) -> date | None:
    """When the first machines come, which no project or unit they need may come after; None if never."""
    days = [_after(batch.order, median(batch.lead_months)), *(done[need] for need in batch.needs)]
    waits_for = batch.after_units - running
    if waits_for > len(online):
        return None
    if waits_for > 0:
        days.append(online[waits_for - 1])
    return max(days)
