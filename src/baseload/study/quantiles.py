"""Means and quantiles over the paths of every monthly series."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from baseload.engine.outputs import SERIES
from baseload.engine.series import SeriesStore, sums_in_order
from baseload.summary import QUANTILES

Floats = npt.NDArray[np.float64]


def series_quantiles(store: SeriesStore, threads: int = 1) -> dict[str, Floats]:
    """Mean and quantiles over the paths of all series, each (series, M).

    Parameters
    ----------
    store : SeriesStore
        Of at least one path. Where it lies in memory its values are sorted where they stand.
    threads : int
        Sorting holds no lock of the interpreter. The result is the same for any count.
    """
    months = store.months
    found = {
        name: np.empty((len(SERIES), months)) for name in ("mean", *(name for name, _ in QUANTILES))
    }
    at_once = store.months_at_once()

    def months_of_series(place: tuple[int, int]) -> None:
        s, first = place
        part = slice(first, min(first + at_once, months))
        ordered = store.month_by_month(s, first, part.stop - first)
        ordered.sort(axis=1)
        sums = np.empty(part.stop - first)
        sums_in_order(ordered, sums)
        found["mean"][s, part] = sums / store.paths
        for name, at in QUANTILES:
            rank = at * (store.paths - 1)
            low = math.floor(rank)
            below = ordered[:, low].astype(np.float64)
            above = ordered[:, min(low + 1, store.paths - 1)].astype(np.float64)
            found[name][s, part] = below + (above - below) * (rank - low)

    places = [(s, first) for s in range(len(SERIES)) for first in range(0, months, at_once)]
    with ThreadPoolExecutor(max_workers=min(threads, len(places))) as pool:
        for _ in pool.map(months_of_series, places):
            pass
    return found
