"""A scenario and a seed, turned into arrays: the setups of all stages and the inputs of each path."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from baseload.clock import Horizon, calendar, local_slot
from baseload.copula import Correlation, correlation_from
from baseload.demand.profiles import load_shape, load_shapes
from baseload.demand.setup import demand_setup
from baseload.draws import QuantileTable, draw_inputs, pack
from baseload.engine.linked_kernels import LinkSetup
from baseload.engine.state import Setups
from baseload.fields import PHASES, rates_of
from baseload.fleet.setup import batch_names, fleet_setup
from baseload.fleet.site_setup import site_setup
from baseload.grid.price_profiles import price_shape
from baseload.grid.setup import grid_setup
from baseload.inputs import Inputs
from baseload.money.setup import money_setup
from baseload.network.history import replay_days
from baseload.network.history_file import read_history_file
from baseload.network.schema import CoinPrice, CurvePoint
from baseload.network.setup import AS_GIVEN, ChainStart, Replay, network_setup
from baseload.network.snapshot import snapshot_on
from baseload.numerics import exp, log
from baseload.phases.setup import phase_setup
from baseload.plant.schema import Plant
from baseload.plant.setup import plant_costs, plant_setup
from baseload.profile_file import read_profile
from baseload.randomness import stream_key
from baseload.scenario.processes import PROCESSES
from baseload.scenario.schema import ScenarioDocument

Floats = npt.NDArray[np.float64]
EPOCH = date(1970, 1, 1)
HIGHEST_POWER_PRICE = 1_000_000.0


@dataclass(frozen=True)
class Plan:
    """A study before it runs.

    Attributes
    ----------
    horizon : Horizon
    setups : Setups
        What is the same on all paths.
    addresses : tuple of str
        Of the inputs that are drawn once per path, in the order of their columns (C).
    table : QuantileTable
        Their distributions.
    uncertain : ndarray of bool (C,)
        Which of them differ between paths.
    keys : ndarray of uint64 (C,)
    milestones : tuple of str (D,)
        Addresses of what comes about on a path, in the order of `write_milestones`.
    correlation : Correlation or None
    """

    horizon: Horizon
    setups: Setups
    addresses: tuple[str, ...]
    table: QuantileTable
    uncertain: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint64]
    milestones: tuple[str, ...]
    correlation: Correlation | None

    def draw(self, first_path: int, paths: int) -> Floats:
        """Inputs (paths, C) of consecutive paths."""
        return draw_inputs(self.table, self.keys, self.correlation, first_path, paths)


def plan(document: ScenarioDocument, folder: Path, seed: int, growth_mode: int = AS_GIVEN) -> Plan:
    """Turn a valid scenario into arrays.

    Parameters
    ----------
    document : ScenarioDocument
        Checked by `baseload.scenario.checks`.
    folder : Path
        Where the scenario's relative paths start.
    seed : int
    growth_mode : int
        AS_GIVEN, or FLAT_MEDIAN to hold the median of the coin's price flat.
    """
    horizon = Horizon(document.start, document.years)
    inputs = Inputs()
    plant, grid, network = document.plant, document.grid, document.network
    names = [project.name for project in plant.projects]
    days = calendar(horizon)
    start_day = (document.start - EPOCH).days
    slot = local_slot(horizon, grid.utc_offset_hours)
    phases = phase_setup(
        document.phase, document.transitions, document.phases, horizon, seed, inputs
    )
    replay, chain = chain_and_past(document, folder, horizon)
    scalars, processes = split_correlations(document.correlations)
    price_by_hour = np.zeros(0)
    if grid.price.file is not None:
        price_by_hour = read_profile(
            folder / grid.price.file, horizon, -HIGHEST_POWER_PRICE, HIGHEST_POWER_PRICE
        )
    site = site_setup(document.mine, horizon, seed, inputs)
    most_kw = sum(unit.gross_mw.support()[1] for unit in plant.units) * 1000.0
    setups = Setups(
        phases=phases,
        plant=plant_setup(
            plant, horizon, availability_profiles(plant, horizon, folder), seed, inputs
        ),
        costs=plant_costs(plant, inputs),
        demand=demand_setup(
            document.demand, horizon, demand_shapes(document, horizon, folder, slot), inputs
        ),
        grid=grid_setup(
            grid,
            horizon,
            names,
            most_kw,
            price_shape(grid.price.profile).reshape(-1),
            slot,
            price_by_hour,
            seed,
            inputs,
        ),
        fleet=fleet_setup(document.fleet, horizon, names, inputs),
        network=network_setup(
            network,
            chain,
            start_day,
            replay,
            curve_by_day(network.price_usd, network.snapshot, document.start, document.years),
            returns_to_draw(network.price_usd, folder),
            process_factor(processes),
            growth_mode,
            seed,
            inputs,
        ),
        money=money_setup(document.finance, inputs),
        events=pack(inputs.event_distributions),
        month_first_hour=days.month_first_hour.astype(np.int64),
        month_first_day=days.month_first_day.astype(np.int64),
        site=site,
        link=LinkSetup(
            linked=links_hours(document),
            foresight_hours=document.dispatch.foresight_hours,
            dump=document.dispatch.dump,
            largest_kw=max(1, math.ceil(most_kw)),
        ),
    )
    return Plan(
        horizon=horizon,
        setups=setups,
        addresses=tuple(inputs.addresses),
        table=pack(inputs.distributions),
        uncertain=np.array([not d.is_fixed for d in inputs.distributions]),
        keys=np.array([stream_key(seed, address) for address in inputs.addresses], np.uint64),
        milestones=milestone_addresses(document),
        correlation=correlation_from(scalars, inputs.addresses) if scalars else None,
    )


def milestone_addresses(document: ScenarioDocument) -> tuple[str, ...]:
    """Where each milestone stands in the scenario, in the order of `write_milestones`."""
    plant, fleet = document.plant, document.fleet
    return (
        *(f"phases.{phase}" for phase in PHASES),
        *(f"plant.projects[{project.name}]" for project in plant.projects),
        *(f"plant.units[{unit.name}]" for unit in plant.units),
        *(
            address
            for address, batch in zip(batch_names(fleet), fleet, strict=True)
            if batch.enabled
        ),
    )


def links_hours(document: ScenarioDocument) -> bool:
    """Whether days must be dispatched as days: units with limits between hours, trips of the mine, or
    a charge on the month's highest import."""
    return (
        document.plant.links_hours
        or any(rate.support()[1] > 0.0 for rate in rates_of(document.mine.trips_per_year))
        or document.grid.demand_charge_usd_per_kw_month.support()[1] > 0.0
    )


def availability_profiles(plant: Plant, horizon: Horizon, folder: Path) -> dict[str, Floats]:
    """Availability by hour (H,) of the units that follow a profile, by unit name."""
    found: dict[str, Floats] = {}
    for unit in plant.units:
        if isinstance(unit.availability, str):
            found[unit.name] = read_profile(folder / unit.availability, horizon, 0.0, 1.0)
        elif unit.availability is not None:
            monthly = np.array(unit.availability)
            found[unit.name] = np.repeat(monthly[calendar(horizon).month_of_year], 24)
    return found


def demand_shapes(
    document: ScenarioDocument, horizon: Horizon, folder: Path, slot: npt.NDArray[np.int16]
) -> dict[str, Floats]:
    """Share of the peak by hour (H,) of every profile that a demand names."""
    found: dict[str, Floats] = {}
    for demand in document.demand:
        name = demand.profile
        if name is None or name in found:
            continue
        if name in load_shapes():
            found[name] = load_shape(name).reshape(-1)[slot]
        else:
            found[name] = read_profile(folder / name, horizon, 0.0, None)
    return found


def chain_and_past(
    document: ScenarioDocument, folder: Path, horizon: Horizon
) -> tuple[Replay, ChainStart]:
    """The past within the horizon, and the chain on the day after the snapshot."""
    network = document.network
    shot = snapshot_on(network.snapshot)
    position = float(shot.height - shot.period_first_height + 1)
    # What the period took so far follows from its hash rate: blocks x difficulty x 2^32 / hash rate.
    seconds = position * shot.difficulty * 2.0**32 / (shot.network_hash_rate_eh_per_s * 1e18)
    last = min(network.snapshot, horizon.end - timedelta(days=1))
    empty = np.zeros(0)
    past = Replay(empty, empty, np.zeros(0, np.int64), empty, empty)
    price, fees = shot.price_usd, shot.fees_btc_per_block
    if document.start <= last:
        history = folder / network.history if network.history else None
        days = replay_days(document.start, last, history)
        past = Replay(
            days.difficulty,
            days.network_hash_rate_eh_per_s,
            days.height,
            days.price_usd,
            days.fees_btc_per_block,
        )
        price, fees = float(days.price_usd[-1]), float(days.fees_btc_per_block[-1])
    chain = ChainStart(
        absolute_day=(network.snapshot - EPOCH).days + 1,
        height=shot.height + 1,
        mantissa=shot.bits & 0x7FFFFF,
        size=shot.bits >> 24,
        position=position,
        seconds=seconds,
        network_eh_per_s=shot.network_hash_rate_eh_per_s,
        price_usd=price,
        fees_btc=fees,
    )
    return past, chain


def curve_by_day(process: CoinPrice, snapshot: date, start: date, years: int) -> Floats:
    """Prices of a curve by day from the day after the snapshot; empty for other processes. [USD]"""
    points: list[CurvePoint] | None = process.curve
    if not points:
        return np.zeros(0)
    first = (snapshot - EPOCH).days + 1
    end = (start.replace(year=start.year + years) - EPOCH).days
    ordered = sorted(points, key=lambda point: point.on)
    on = np.array([(point.on - EPOCH).days for point in ordered], np.float64)
    # The model's own logarithm: numpy's differs in the last digit between processors.
    logs = np.array([log(point.usd) for point in ordered])
    days = np.arange(first, max(end, first + 1), dtype=np.float64)
    return np.array([exp(value) for value in np.interp(days, on, logs)])


def returns_to_draw(process: CoinPrice, folder: Path) -> Floats:
    """Daily log returns of the history that `bootstrap` draws from; else empty."""
    if process.bootstrap is None:
        return np.zeros(0)
    days = read_history_file(folder / process.bootstrap.file)
    return np.diff(np.array([log(days[day].price_usd) for day in sorted(days)]))


def split_correlations(
    correlations: dict[str, float],
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Correlations between scalars, and those between the innovations of daily processes."""
    scalars: dict[tuple[str, str], float] = {}
    processes: dict[tuple[str, str], float] = {}
    for pair, rho in correlations.items():
        one, other = (part.strip() for part in pair.split("~"))
        (processes if one in PROCESSES and other in PROCESSES else scalars)[one, other] = rho
    return scalars, processes


def process_factor(pairs: dict[tuple[str, str], float]) -> Floats:
    """Lower Cholesky factor (3, 3) of the daily innovations, in the order of `PROCESSES`."""
    if not pairs:
        return np.eye(3)
    matrix = np.eye(3)
    for (one, other), rho in pairs.items():
        i, j = PROCESSES.index(one), PROCESSES.index(other)
        matrix[i, j] = matrix[j, i] = rho
    correlation_from(pairs, list(PROCESSES))
    low = np.zeros((3, 3))
    for i in range(3):
        for j in range(i + 1):
            rest = matrix[i, j] - float(np.sum(low[i, :j] * low[j, :j]))
            if i == j:
                low[i, i] = np.sqrt(max(rest, 0.0))
            elif low[j, j] > 0.0:
                low[i, j] = rest / low[j, j]
    return low
