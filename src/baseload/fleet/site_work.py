"""Memory that the trips of one path's mine are written into."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MOST_TRIPS = 16384

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class SiteWork(NamedTuple):
    """Trips of the mine in order of time, `counts[0]` of them.

    Whether a trip takes a unit along depends on the load it rejects, which only dispatch knows:
    `luck` and `unit_hours` are drawn for every trip, so that they are the same whatever that load is.
    """

    counts: Ints  # (1,)
    hour: Ints  # (T,) the mine stops at its beginning
    until: Ints  # (T,) first hour on which it may run again
    luck: Floats  # (T,) uniform: below the probability it takes a unit along
    unit_hours: Ints  # (T,) until that unit runs again


def site_work() -> SiteWork:
    """Fresh memory for one thread."""
    return SiteWork(
        counts=np.zeros(1, np.int64),
        hour=np.zeros(MOST_TRIPS, np.int64),
        until=np.zeros(MOST_TRIPS, np.int64),
        luck=np.zeros(MOST_TRIPS),
        unit_hours=np.zeros(MOST_TRIPS, np.int64),
    )
