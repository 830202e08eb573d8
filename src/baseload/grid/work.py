"""Memory of one path of the grid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.grid.setup import TRANCHES, GridSetup

MOST_CHANGES = 16384


class GridWork(NamedTuple):
    """Changes of the lines in order of time, state of the price process, falls of the tranches."""

    counts: npt.NDArray[np.int64]  # changes
    hour: npt.NDArray[np.int64]
    export_change_kw: npt.NDArray[np.int64]
    import_change_kw: npt.NDArray[np.int64]
    now: npt.NDArray[np.int64]  # (3,): next change, export and import that the lines carry
    price: npt.NDArray[np.float64]  # (4,): log of level, its variance, log of daily factor, started
    tranche_fall: npt.NDArray[np.int64]  # (J,) milli-USD/MWh


def grid_work(setup: GridSetup) -> GridWork:
    """Fresh memory for one thread."""
    return GridWork(
        counts=np.zeros(1, np.int64),
        hour=np.zeros(MOST_CHANGES, np.int64),
        export_change_kw=np.zeros(MOST_CHANGES, np.int64),
        import_change_kw=np.zeros(MOST_CHANGES, np.int64),
        now=np.zeros(3, np.int64),
        price=np.zeros(4),
        tranche_fall=np.zeros(max(setup.tranches, TRANCHES), np.int64),
    )
