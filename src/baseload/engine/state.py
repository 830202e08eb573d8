"""What the engine hands to its kernel: the setups of all stages, and one thread's memory."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.demand.setup import DemandSetup
from baseload.dispatch.work import TRACE, DispatchWork, dispatch_work
from baseload.draws import QuantileTable
from baseload.engine.linked_kernels import LinkSetup, LinkState, link_state
from baseload.engine.milestone_kernels import NEVER
from baseload.engine.outputs import METRICS, SERIES
from baseload.engine.sums import LIFE, SUMS
from baseload.fields import PHASES
from baseload.fleet.setup import FleetSetup
from baseload.fleet.site_setup import SiteSetup
from baseload.fleet.site_work import SiteWork, site_work
from baseload.fleet.work import FleetWork, fleet_work
from baseload.grid.setup import GridSetup
from baseload.grid.work import GridWork, grid_work
from baseload.money.ledger import LINES, VARIANTS
from baseload.money.setup import MoneySetup
from baseload.network.setup import NetworkSetup
from baseload.network.work import NetworkWork, network_work
from baseload.phases.kernels import MOST_PHASES
from baseload.phases.setup import PhaseSetup
from baseload.plant.setup import PlantCosts, PlantSetup
from baseload.plant.work import PlantWork, plant_work

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Setups(NamedTuple):
    """Everything about a study that is the same on all paths."""

    phases: PhaseSetup
    plant: PlantSetup
    costs: PlantCosts
    demand: DemandSetup
    grid: GridSetup
    fleet: FleetSetup
    network: NetworkSetup
    money: MoneySetup
    events: QuantileTable
    month_first_hour: Ints
    month_first_day: Ints
    site: SiteSetup
    link: LinkSetup


class Works(NamedTuple):
    """One thread's memory."""

    plant: PlantWork
    grid: GridWork
    fleet: FleetWork
    network: NetworkWork
    dispatch: DispatchWork
    ledger: Ints  # (3, M, L) cents
    cash: Ints  # (3, M) cents
    mine_cash: Ints  # (M,) cents: what the run has above grid only
    charges: Ints  # (3, 2) of a month: starts of units, demand charges on import, cents
    written_off: Ints  # (years,) scratch
    energies: Ints  # of the path, kWh
    factor: Floats  # (M,)
    monthly: (
        Floats  # (6, M): bitcoin, energy of the mine, its cash cost, own, displaced, held satoshis
    )
    found: Floats  # (8,)
    reward: Floats  # (8,)
    trace: Ints  # (H, columns) or (0, columns)
    site: SiteWork
    link: LinkState
    unit_hours: Floats  # (4,) of a month, see `lay_out`
    sums: Floats  # of a month, see `engine.sums`
    life: Floats  # of the path, likewise
    balance: Ints  # (3,) of the path
    trace_slots: Ints  # (D, 3, K) or (0, 3, K): value [milli-USD/MWh], power [kW], worth by day


class Outputs(NamedTuple):
    """Results of a chunk of n paths."""

    metrics: Floats  # (n, metrics)
    series: npt.NDArray[np.float32]  # (n, series, M)
    error: Ints  # (n,) 0, or the number of a fault
    balance: Ints  # (n, 3) what the identities of energy, demand and cash leave over; all zero
    milestones: Ints  # (n, D) first hour of each, below zero: never; see `write_milestones`


def works(setups: Setups, *, trace: bool) -> Works:
    """Fresh memory for one thread; with `trace` the hours of the last path are kept."""
    months = setups.month_first_hour.size - 1
    rows = setups.plant.hours if trace else 0
    return Works(
        plant=plant_work(setups.plant, months, MOST_PHASES),
        grid=grid_work(setups.grid),
        fleet=fleet_work(setups.fleet),
        network=network_work(setups.network),
        dispatch=dispatch_work(setups.demand.demands, 2 * setups.fleet.batches),
        ledger=np.zeros((len(VARIANTS), months, len(LINES)), np.int64),
        cash=np.zeros((len(VARIANTS), months), np.int64),
        mine_cash=np.zeros(months, np.int64),
        charges=np.zeros((len(VARIANTS), 2), np.int64),
        written_off=np.zeros((months + 11) // 12, np.int64),
        energies=np.zeros(19, np.int64),
        factor=np.zeros(months),
        monthly=np.zeros((6, months)),
        found=np.zeros(8),
        reward=np.zeros(8),
        trace=np.zeros((rows, len(TRACE)), np.int64),
        site=site_work(),
        link=link_state(
            setups.link,
            setups.plant.units,
            2 * setups.fleet.batches,
            setups.grid.tranches,
            len(TRACE),
        ),
        unit_hours=np.zeros(4),
        sums=np.zeros(SUMS),
        life=np.zeros(LIFE),
        balance=np.zeros(3, np.int64),
        trace_slots=np.zeros((rows // 24, 3, 2 * setups.fleet.batches), np.int64),
    )


def milestone_count(setups: Setups) -> int:
    """Milestones of a path: phases, projects, units and batches."""
    plant = setups.plant
    return len(PHASES) + plant.project_start.size + plant.units + setups.fleet.batches


def outputs(paths: int, setups: Setups) -> Outputs:
    """Fresh memory for the results of `paths` paths."""
    months = setups.month_first_hour.size - 1
    return Outputs(
        metrics=np.full((paths, len(METRICS)), np.nan),
        series=np.zeros((paths, len(SERIES), months), np.float32),
        error=np.zeros(paths, np.int64),
        balance=np.zeros((paths, 3), np.int64),
        milestones=np.full((paths, milestone_count(setups)), NEVER, np.int64),
    )
