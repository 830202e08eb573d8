"""What a study's paths wait for: changes of phase, works, units that come back, first machines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from baseload.fields import PHASES
from baseload.fleet.setup import batch_names
from baseload.report.reported import FloatArray, ReportedStudy

if TYPE_CHECKING:
    import polars

    from baseload.scenario.schema import ScenarioDocument

NEVER: Final = math.inf
MS_PER_HOUR: Final = 3_600_000.0
PHASE: Final = "phase"
UNIT: Final = "unit back"
MACHINES: Final = "first machines"


@dataclass(frozen=True)
class Coming:
    """Something that comes about: its name, its kind and its hour on each path, infinite for never."""

    name: str
    kind: str
    hour: FloatArray


class NoMilestones(Exception):
    """The study does not say when something comes that its scenario waits for."""


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
        Phases, works, units that come back, first machines of each hall; empty where nothing is awaited.

    Raises
    ------
    NoMilestones
        Where the study lacks the days of one of them.
    """
    frame: polars.DataFrame | None = getattr(study, "milestones", None)
    found: list[Coming] = []
    awaited = tuple(_awaited(document))
    # A change of phase is told for what it does to works: alone it is none of them.
    if all(kind == PHASE for _, _, kind in awaited):
        return ()
    for address, name, kind in awaited:
        if frame is None or address not in frame.columns:
            raise NoMilestones(f"the study holds no days of {address}")
        hour = _hours(frame[address], study)
        # Machines that are there on the first day are awaited by nobody.
        if kind != MACHINES or not (hour == 0.0).all():
            found.append(Coming(name, kind, hour))
    return tuple(found)


def _awaited(document: ScenarioDocument) -> Iterator[tuple[str, str, str]]:
    """Address, name and kind of what may come about."""
    for phase in PHASES:
        if document.transitions and phase != document.phase:
            yield f"phases.{phase}", f"{phase} begins", PHASE
    for project in document.plant.projects:
        yield f"plant.projects[{project.name}]", project.name, "works done"
    queue = [
        unit
        for unit in document.plant.units
        if unit.restart is not None and unit.enabled and unit.state != "running"
    ]
    for unit in sorted(queue, key=lambda unit: unit.restart.order if unit.restart else 0):
        yield f"plant.units[{unit.name}]", unit.name, UNIT
    for address, batch in zip(batch_names(document.fleet), document.fleet, strict=True):
        if batch.enabled and batch.mine_mw.support()[1] > 0:
            yield address, batch.name or batch.model, MACHINES


def _hours(column: polars.Series, study: ReportedStudy) -> FloatArray:
    start = np.datetime64(study.start, "ms").astype(np.int64)
    ms = column.dt.timestamp("ms").cast(float).fill_null(NEVER).to_numpy()
    return np.asarray((ms - start) / MS_PER_HOUR)
