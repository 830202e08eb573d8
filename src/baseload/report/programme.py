"""When works are done, units come back and machines arrive: drawn again from a study's own inputs.

A study keeps what each path drew, not the days that followed from it. The phases and the programme of
works depend on nothing but those draws and on streams that a seed and a name make, so that the days can
be had again. `baseload.phases.kernels` and `baseload.plant.schedule` say the rules; here they are written
for all paths at once. House letters: P paths, C crews, K phases of a path.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from baseload.clock import Horizon, hour_of
from baseload.distributions import Distribution
from baseload.fields import PHASES
from baseload.fleet.setup import batch_names
from baseload.randomness import stream_key
from baseload.report.reported import FloatArray, ReportedStudy, floats, metric

if TYPE_CHECKING:
    import polars

    from baseload.plant.schema import Project, Unit
    from baseload.scenario.schema import ScenarioDocument

HOURS_PER_YEAR: Final = 8766.0
HOURS_PER_MONTH: Final = 730.5
HOURS_PER_DAY: Final = 24.0
NEVER: Final = math.inf
MOST_PATHS: Final = 10_000
"""Paths that are looked at: the first so many are as good as any."""

_MOST_PHASES: Final = 256
# Of `baseload.randomness`, which says where they come from.
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_SILVER: Final = np.uint64(0x6A09E667F3BCC909)
_FACTORS: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True)
class Coming:
    """Something that comes about: its name, its kind and its hour on each path, infinite for never.

    ``at_least`` says that the hour is the earliest one possible.
    """

    name: str
    kind: str
    hour: FloatArray
    at_least: bool = False


class NotDrawnAgain(Exception):
    """The study lacks an input, or what follows from its inputs is not what it found."""


def uniforms(key: np.uint64, paths: int, index: int) -> FloatArray:
    """What `baseload.randomness.uniform` draws for the first paths of a stream.

    Examples
    --------
    >>> uniforms(stream_key(1, "price"), 2, 0).round(6).tolist()
    [0.457293, 0.927639]
    """
    one = np.uint64(1)
    with np.errstate(over="ignore"):  # of the sixty-four bits the lowest are meant
        row = _mixed(key + (np.arange(paths, dtype=np.uint64) + one) * _GOLDEN)
        word = _mixed((row + (np.uint64(index) + one) * _SILVER) ^ key)
    return np.asarray(((word >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


def _mixed(word: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    for shift, factor in zip((30, 27), _FACTORS, strict=True):
        word = (word ^ (word >> np.uint64(shift))) * factor
    return word ^ (word >> np.uint64(31))


@dataclass(frozen=True)
class _Drawn:
    """The first paths of a study: their inputs, and how long they last. [hours]"""

    inputs: polars.DataFrame
    paths: int
    horizon: Horizon
    seed: int

    @property
    def hours(self) -> int:
        return self.horizon.hours

    def value(self, address: str, given: Distribution) -> FloatArray:
        if given.is_fixed:
            return np.full(self.paths, given.support()[0])
        if address not in self.inputs.columns:
            raise NotDrawnAgain(f"the study holds no input {address}")
        return floats(self.inputs, address)[: self.paths]


@dataclass(frozen=True)
class _Phases:
    """Phases of each path (P, K), each with its first hour; the last lasts to the end."""

    hour: FloatArray
    phase: npt.NDArray[np.int64]


def programme(study: ReportedStudy, document: ScenarioDocument) -> tuple[Coming, ...]:
    """All that is awaited on the paths of a study, in the order in which it is told.

    Parameters
    ----------
    study : ReportedStudy
        A study that ran.
    document : ScenarioDocument
        Its scenario.

    Returns
    -------
    tuple of Coming
        Works, units that come back, first machines of each hall; empty where nothing is awaited.

    Raises
    ------
    NotDrawnAgain
        Where the days cannot be had, or contradict the day of the first unit that the study found.
    """
    frame: polars.DataFrame | None = getattr(study, "inputs", None)
    plant = document.plant
    queue = sorted(
        (u for u in plant.units if u.restart is not None and u.enabled and u.state != "running"),
        key=lambda unit: unit.restart.order if unit.restart else 0,
    )
    halls = [
        (address, batch)
        for address, batch in zip(batch_names(document.fleet), document.fleet, strict=True)
        if batch.enabled and batch.mine_mw.support()[1] > 0
    ]
    if not (queue or plant.projects or halls):
        return ()
    if frame is None or frame.height < study.paths:
        raise NotDrawnAgain("the study holds no inputs of its paths")
    drawn = _Drawn(
        frame, min(study.paths, MOST_PATHS), Horizon(study.start, study.years), study.seed
    )
    phases = _phases(drawn, document)
    stops = np.array([getattr(document.phases, phase).stops_works for phase in PHASES])
    factor = drawn.value("plant.common_time_factor", plant.common_time_factor)
    projects = {
        project.name: _project(drawn, phases, stops, factor, project) for project in plant.projects
    }
    units = _units(drawn, phases, stops, factor, queue, plant.crews, projects)
    running = sum(1 for unit in plant.units if unit.enabled and unit.state == "running")
    _agrees(study, drawn, units, running)
    found = [
        Coming(f"{phase} begins", "phase", _first(drawn, phases, number))
        for number, phase in enumerate(PHASES)
        if phase != document.phase and document.transitions
    ]
    found += [Coming(name, "works done", _within(drawn, hour)) for name, hour in projects.items()]
    found += [Coming(u.name, "unit back", _within(drawn, units[u.name])) for u in queue]
    for address, batch in halls:
        lead = drawn.value(f"{address}.lead_months", batch.lead_months)
        hour = (batch.order - study.start).days * HOURS_PER_DAY + lead * HOURS_PER_MONTH
        hour = np.maximum.reduce([hour, *(projects[need] for need in batch.needs)])
        waits = batch.after_units > running
        if waits:
            back = np.sort(np.stack([*units.values(), np.full(drawn.paths, NEVER)]), axis=0)
            place = min(batch.after_units - running, len(units) + 1) - 1
            hour = np.maximum(hour, back[place])
        if not (hour <= 0).all():
            name = batch.name or batch.model
            found.append(Coming(name, "first machines", _within(drawn, hour), waits))
    return tuple(found)


def _within(drawn: _Drawn, hour: FloatArray) -> FloatArray:
    return np.where(hour < drawn.hours, np.maximum(hour, 0.0), NEVER)


def _phases(drawn: _Drawn, document: ScenarioDocument) -> _Phases:
    """As `phase_timeline` does: of the transitions that may come, the first one does."""
    paths, end = drawn.paths, float(drawn.hours)
    phase = np.full(paths, PHASES.index(document.phase))
    now = np.zeros(paths)
    hours, held = [now], [phase]
    rules = []
    for place, one in enumerate(document.transitions):
        key = stream_key(drawn.seed, f"transitions {one.from_phase} to {one.to_phase}")
        rate = None
        if one.per_year is not None:
            rate = drawn.value(f"transitions.{place}.per_year", one.per_year)
        rules.append((one, key, rate))
    replaced = False
    while len(hours) < _MOST_PHASES:
        best, to = np.full(paths, end), np.full(paths, -1)
        for one, key, rate in rules:
            if rate is None:
                assert one.on is not None
                at = np.full(paths, float(hour_of(drawn.horizon, one.on)))
                first = len(hours) == 1 and not replaced
                comes = (at > now) | ((at == now) & first)
            else:
                with np.errstate(divide="ignore"):
                    wait = -np.log(uniforms(key, paths, len(hours))) / rate * HOURS_PER_YEAR
                at = now + np.maximum(1.0, np.ceil(wait))
                comes = (rate > 0) & (wait <= end)
            comes &= (phase == PHASES.index(one.from_phase)) & (at < best)
            best, to = np.where(comes, at, best), np.where(comes, PHASES.index(one.to_phase), to)
        changed = to >= 0
        if not changed.any():
            break
        if (best[changed] == 0).all():  # a change dated on the first hour
            phase = np.where(changed, to, phase)
            held[0], replaced = phase, True
            continue
        now = np.where(changed, best, end)
        phase = np.where(changed, to, phase)
        hours.append(now)
        held.append(phase)
    return _Phases(np.stack(hours, axis=1), np.stack(held, axis=1))


def _first(drawn: _Drawn, phases: _Phases, wanted: int) -> FloatArray:
    """First hour of a phase on each path."""
    hours = np.where(phases.phase == wanted, phases.hour, NEVER).min(axis=1)
    return _within(drawn, hours)


def _after_working(
    drawn: _Drawn,
    phases: _Phases,
    stops: npt.NDArray[np.bool_],
    start: FloatArray,
    work: FloatArray,
) -> FloatArray:
    """As `after_working_hours`: when so much work is done that stands still in some phases."""
    end = float(drawn.hours)
    at, left = start.copy(), work.astype(np.float64)
    done = np.where(start >= end, end + 1.0, np.nan)
    count = phases.hour.shape[1]
    for k in range(count):
        until = phases.hour[:, k + 1] if k + 1 < count else np.full(drawn.paths, end)
        here = np.isnan(done) & (until > at)
        works = here & ~stops[phases.phase[:, k]]
        ready = works & (left <= until - at)
        done = np.where(ready, at + left, done)
        left = np.where(works & ~ready, left - (until - at), left)
        at = np.where(here, until, at)
    return np.where(np.isnan(done), end + np.maximum(1.0, left), done)


def _project(
    drawn: _Drawn,
    phases: _Phases,
    stops: npt.NDArray[np.bool_],
    factor: FloatArray,
    project: Project,
) -> FloatArray:
    start = hour_of(drawn.horizon, project.starts)
    work = drawn.value(f"plant.projects[{project.name}].months", project.months) * factor
    work = np.ceil(work * HOURS_PER_MONTH)
    if start < 0:  # what was done before the study began counts
        work, start = np.maximum(0.0, work + start), 0
    return _after_working(drawn, phases, stops, np.full(drawn.paths, float(start)), work)


def _units(
    drawn: _Drawn,
    phases: _Phases,
    stops: npt.NDArray[np.bool_],
    factor: FloatArray,
    queue: Sequence[Unit],
    crews: int,
    projects: dict[str, FloatArray],
) -> dict[str, FloatArray]:
    """As `draw_schedule`: units wait in their order for a crew and for projects."""
    free = np.zeros((drawn.paths, crews))
    every, end = np.arange(drawn.paths), float(drawn.hours)
    found = {}
    for unit in queue:
        restart = unit.restart
        assert restart is not None
        crew = np.argmin(free, axis=1)
        earliest = 0.0
        if restart.earliest is not None:
            earliest = max(0.0, float(hour_of(drawn.horizon, restart.earliest)))
        start = np.maximum(earliest, free[every, crew])
        for name in restart.work_needs:
            start = np.maximum(start, projects[name])
        address = f"plant.units[{unit.name}].restart"
        work = np.ceil(drawn.value(f"{address}.months", restart.months) * factor * HOURS_PER_MONTH)
        done = _after_working(drawn, phases, stops, start, work)
        late = start >= end
        free[every, crew] = np.where(late, end + 1.0, done)
        ready = np.maximum.reduce([done, *(projects[name] for name in restart.needs)])
        key = stream_key(drawn.seed, f"plant.units[{unit.name}] return")
        returns = uniforms(key, drawn.paths, 0) < drawn.value(f"{address}.returns", restart.returns)
        found[unit.name] = np.where(returns & ~late, ready, NEVER)
    return found


def _agrees(
    study: ReportedStudy, drawn: _Drawn, units: dict[str, FloatArray], running: int
) -> None:
    """Hold the first unit against the study's own day of it, which no path may have before.

    It may come later: where a war, a licence or the grid keeps a ready unit from its power.
    """
    years = metric(study, "first_unit_years")[: drawn.paths]
    if running or not units or not years.size:
        return
    found = np.where(np.isfinite(years), years * HOURS_PER_YEAR, NEVER)
    first = _within(drawn, np.min(np.stack(list(units.values())), axis=0))
    early = found < first - 0.5
    same = np.isclose(found, first, atol=0.5, rtol=0.0) | (np.isinf(found) & np.isinf(first))
    if early.any() or same.mean() < 0.5:
        raise NotDrawnAgain("the days drawn again are not those of the study's first unit")
