"""The phases section as arrays for the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.clock import Horizon, hour_of
from baseload.distributions import Distribution
from baseload.fields import PHASES, ByPhase, Phase, fixed
from baseload.inputs import Inputs
from baseload.phases.schema import PhaseEffects, Transition
from baseload.randomness import stream_key

Ints = npt.NDArray[np.int64]


class PhaseSetup(NamedTuple):
    """Phases 0 war, 1 ceasefire, 2 peace; T transitions."""

    hours: int
    start_phase: int
    from_phase: Ints
    to_phase: Ints
    rate_column: Ints  # -1: on a date
    on_hour: Ints
    key: npt.NDArray[np.uint64]
    stops_units: npt.NDArray[np.bool_]
    stops_works: npt.NDArray[np.bool_]
    stops_mine: npt.NDArray[np.bool_]


def phase_setup(
    start: Phase,
    transitions: Sequence[Transition],
    effects: PhaseEffects,
    horizon: Horizon,
    seed: int,
    inputs: Inputs,
) -> PhaseSetup:
    """Arrays of the phases and their transitions."""
    columns, hours = [], []
    for index, transition in enumerate(transitions):
        dated = transition.on is not None
        hours.append(hour_of(horizon, transition.on) if transition.on else -1)
        address = f"transitions.{index}.per_year"
        columns.append(-1 if dated else inputs.column(address, transition.per_year or fixed(0.0)))
    names = [f"transitions {item.from_phase} to {item.to_phase}" for item in transitions]
    stops = [getattr(effects, phase) for phase in PHASES]
    return PhaseSetup(
        hours=horizon.hours,
        start_phase=PHASES.index(start),
        from_phase=np.array([PHASES.index(item.from_phase) for item in transitions], np.int64),
        to_phase=np.array([PHASES.index(item.to_phase) for item in transitions], np.int64),
        rate_column=np.array(columns, np.int64),
        on_hour=np.array(hours, np.int64),
        key=np.array([stream_key(seed, name) for name in names], np.uint64),
        stops_units=np.array([effect.stops_units for effect in stops]),
        stops_works=np.array([effect.stops_works for effect in stops]),
        stops_mine=np.array([effect.stops_mine for effect in stops]),
    )


def rate_columns(inputs: Inputs, address: str, rate: ByPhase | Distribution) -> Ints:
    """Columns (3,) of a rate by phase; a plain rate holds in every phase."""
    if isinstance(rate, ByPhase):
        columns = [inputs.column(f"{address}.{phase}", rate.of(phase)) for phase in PHASES]
    else:
        columns = [inputs.column(address, rate)] * len(PHASES)
    return np.array(columns, np.int64)
