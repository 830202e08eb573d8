"""When a mine's share of the hash rate crosses the thresholds that matter, path by path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

THRESHOLDS: Final = (("a tenth", 0.1), ("a third", 1.0 / 3.0), ("a half", 0.5))
"""What people fear from: a soft fork's veto and public worry, selfish mining whatever the network's
ties, and the majority."""

THRESHOLD_SHARES: Final = tuple(one[1] for one in THRESHOLDS)
NEVER: Final = -1


@dataclass(frozen=True)
class Crossing:
    """How surely and when the largest hourly share is first above a threshold.

    Attributes
    ----------
    threshold : str
    threshold_share : float
        Crossed where the share is strictly above it.
    probability : float
        Share of the paths on which it ever is.
    earliest, median, latest : date or None
        First days of the months of the first crossing among the paths that cross, the 5 % earliest,
        the median and the 5 % latest; None where none does.
    """

    threshold: str
    threshold_share: float
    probability: float
    earliest: date | None
    median: date | None
    latest: date | None


def first_months(
    blocks: Iterable[npt.NDArray[np.floating]],
    paths: int,
    thresholds: Sequence[float] = THRESHOLD_SHARES,
) -> npt.NDArray[np.int32]:
    """The month, from 0, in which each path's share is first above each threshold.

    Parameters
    ----------
    blocks : iterable of ndarray (m, P)
        The largest hourly share of each month, months in order; not changed.
    paths : int
        P.
    thresholds : sequence of float, length T
        Shares, 0 to 1.

    Returns
    -------
    ndarray (T, P)
        `NEVER` where it never is.

    Examples
    --------
    >>> first_months([np.array([[0.0, 0.2], [0.6, 0.1]])], 2, [0.1, 0.5]).tolist()
    [[1, 0], [1, -1]]
    """
    found = np.full((len(thresholds), paths), NEVER, np.int32)
    begin = 0
    for block in blocks:
        for t, threshold in enumerate(thresholds):
            above = block > np.float32(threshold)
            new = (found[t] == NEVER) & above.any(axis=0)
            found[t, new] = begin + above[:, new].argmax(axis=0)
        begin += len(block)
    return found


def crossings(months: npt.NDArray[np.int32], dates: Sequence[date]) -> tuple[Crossing, ...]:
    """What `first_months` found for `THRESHOLDS`, in probabilities and dates.

    Parameters
    ----------
    months : ndarray (T, P)
        Of at least one path.
    dates : sequence of date
        First day of each month.
    """
    found = []
    for (name, share), row in zip(THRESHOLDS, months, strict=True):
        crossed = np.sort(row[row != NEVER])
        early, middle, late = (
            (dates[int(crossed[int(part * (crossed.size - 1))])] for part in (0.05, 0.5, 0.95))
            if crossed.size
            else (None, None, None)
        )
        found.append(Crossing(name, share, crossed.size / row.size, early, middle, late))
    return tuple(found)
