"""The mine's site as columns of inputs and keys of streams for its kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.clock import Horizon
from baseload.fleet.site_schema import Mine
from baseload.inputs import Inputs
from baseload.phases.setup import rate_columns
from baseload.randomness import stream_key

Ints = npt.NDArray[np.int64]


class SiteSetup(NamedTuple):
    """The site of the mine; columns of inputs drawn once per path unless said otherwise."""

    hours: int
    trip_rate: Ints  # (3,) by phase
    trip_hours: int  # row of the events
    takes_unit: int
    takes_unit_above: int
    unit_restart: int  # row of the events
    shed_seconds: int
    trip_keys: npt.NDArray[np.uint64]  # (4,): time, length, whether it takes a unit, its restart


def site_setup(mine: Mine, horizon: Horizon, seed: int, inputs: Inputs) -> SiteSetup:
    """Arrays of the mine's site.

    Parameters
    ----------
    mine : Mine
        The section.
    horizon : Horizon
        Start and length.
    seed : int
        Seed of the study.
    inputs : Inputs
        Register that the columns are asked from.
    """
    streams = ("time", "length", "takes unit", "unit restart")
    return SiteSetup(
        hours=horizon.hours,
        trip_rate=rate_columns(inputs, "mine.trips_per_year", mine.trips_per_year),
        trip_hours=inputs.event("mine.trip_hours", mine.trip_hours),
        takes_unit=inputs.column("mine.takes_unit_probability", mine.takes_unit_probability),
        takes_unit_above=inputs.column("mine.takes_unit_above_mw", mine.takes_unit_above_mw),
        unit_restart=inputs.event("mine.unit_restart_hours", mine.unit_restart_hours),
        shed_seconds=inputs.column("mine.shed_seconds", mine.shed_seconds),
        trip_keys=np.array([stream_key(seed, f"mine {s}") for s in streams], np.uint64),
    )
