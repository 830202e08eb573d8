"""When what is awaited comes about on a path: phases, works, units on line, machines."""

from __future__ import annotations

from baseload.compiled import kernel
from baseload.fields import PHASES
from baseload.fleet.work import FIRST_DAY_ON

NEVER = -1
PHASE_COUNT = len(PHASES)


@kernel
def write_milestones(setups, plant, batch, out):
    """First hour of each milestone of a path, NEVER for what does not come within the horizon.

    Parameters
    ----------
    setups : Setups
    plant : PlantWork
        Of a path that has run.
    batch : ndarray (B, columns)
        Of `FleetWork`, likewise.
    out : ndarray (D,)
        Hours from the start: of the phases in the order of `PHASES`, of the projects when they are done,
        of the units when they first run, of the batches when their first machines are switched on.
    """
    hours = setups.plant.hours
    out[:] = NEVER
    for i in range(plant.counts[2]):
        p = plant.phase[i]
        if out[p] == NEVER:
            out[p] = plant.phase_hour[i]
    at = PHASE_COUNT
    for j in range(setups.plant.project_start.size):
        if plant.project_done[j] < hours:
            out[at] = plant.project_done[j]
        at += 1
    for u in range(setups.plant.units):
        if plant.first_run[u] < hours:
            out[at] = plant.first_run[u]
        at += 1
    for b in range(batch.shape[0]):
        if 24.0 * batch[b, FIRST_DAY_ON] < hours:
            out[at] = int(24.0 * batch[b, FIRST_DAY_ON])
        at += 1
