"""What follows from the draws: probabilities by a date, dates by probability, and how long it lasts.

Probabilities are of everything: draws in which the gates never all open count. Each comes with its
Monte Carlo standard error, which says nothing on how good the opinions are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from baseload.gates.opinion import Floats, refuse
from baseload.gates.passage import Passage
from baseload.gates.timing import day_after, months_until

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """A mean over draws.

    Attributes
    ----------
    value : float
        The mean.
    standard_error : float
        Of the mean, from the draws alone.
    """

    value: float
    standard_error: float


def estimate(each: Floats, clusters: int | None = None) -> Estimate:
    """The mean of draws with its standard error.

    Parameters
    ----------
    each : float64 (N,)
        One number a draw.
    clusters : int, optional
        Where draw d uses number d modulo `clusters` of something drawn elsewhere: such draws hang
        together, and are counted as that many groups.

    Returns
    -------
    Estimate
        With an error of 0 for one draw or group, which says nothing of its error.

    Examples
    --------
    >>> estimate(np.array([0.0, 1.0, 0.0, 1.0])).value
    0.5
    """
    total = each.size
    mean = float(each.sum() / total)
    deviations: Floats = each - mean
    groups = total if clusters is None else min(clusters, total)
    if groups < 2:
        return Estimate(mean, 0.0)
    if groups < total:
        deviations = np.bincount(np.arange(total) % groups, deviations).astype(np.float64)
    square = float((deviations * deviations).sum())
    return Estimate(mean, math.sqrt(square * groups / (groups - 1)) / total)


def month_of(passage: Passage, by: date | float, *, name: str = "by") -> float:
    """A date, or months after the as-of date, in months; never beyond the horizon."""
    if isinstance(by, date):
        if by < passage.as_of:
            refuse(name, f"{by}", f"a day from {passage.as_of} on")
        months = months_until(passage.as_of, by)
    elif isinstance(by, bool) or not isinstance(by, int | float) or not by >= 0.0:
        refuse(name, repr(by), "a date, or months of at least 0")
    else:
        months = float(by)
    return min(months, passage.horizon_months)


def probability_by(passage: Passage, by: date | float) -> Estimate:
    """Probability that all gates stand open together by a day: that `start` is then or before.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    by : date or float
        A day from the as-of date on, or months after it. What lies beyond the horizon counts as the
        horizon.

    Returns
    -------
    Estimate
        From 0 to 1.
    """
    return estimate(passage.weights * (passage.starts & (passage.start <= month_of(passage, by))))


def probability_of_ever(passage: Passage) -> Estimate:
    """Probability that all gates stand open together within the horizon.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.

    Returns
    -------
    Estimate
        0..1.
    """
    return estimate(passage.weights * passage.starts)


def probability_of_lasting(passage: Passage, years: float) -> Estimate:
    """Probability that it starts within the horizon and no gate lapses in so many years after.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    years : float
        At least 0.

    Returns
    -------
    Estimate
        Of start and lasting together; over `probability_of_ever` it is that of lasting once started.

    Raises
    ------
    InputError
        For years that are no finite number of at least 0.
    """
    if isinstance(years, bool) or not 0.0 <= years < math.inf:
        refuse("years", repr(years), "a finite number of at least 0")
    lasts = passage.lapse >= passage.start + 12.0 * years
    return estimate(passage.weights * (passage.starts & lasts))


def months_to_mining(passage: Passage, months: npt.ArrayLike) -> tuple[Floats, int]:
    """Months from start to the first mining for each draw (N,), and how many were given.

    Draw d takes number d modulo P of the P given; they are drawn apart from the gates.
    """
    given = np.asarray(months)
    if given.ndim != 1 or not given.size or given.dtype.kind not in "iuf":
        refuse(
            "months_to_first_mining",
            f"shape {given.shape} of {given.dtype}",
            "one number of months a path, one at least",
        )
    numbers = given.astype(np.float64)
    # NaN fails this comparison; a path that never mines is infinite.
    wrong = ~(numbers >= 0.0)
    if wrong.any():
        path = int(np.argmax(wrong))
        refuse(
            f"months_to_first_mining[{path}]",
            repr(float(numbers[path])),
            "months of at least 0, infinite where a path never mines",
        )
    return np.resize(numbers, passage.draws), numbers.size


def first_mining_by(
    passage: Passage, by: date | float, months_to_first_mining: npt.ArrayLike = (0.0,)
) -> Estimate:
    """Probability of first mining by a day: all gates open, the works done, no gate lapsed till then.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    by : date or float
        As in `probability_by`.
    months_to_first_mining : array_like (P,)
        From start to the first mining, one a path of the study of that arrangement; infinite where a
        path never mines. Used in turn.

    Returns
    -------
    Estimate
        Its error counts draws that share a path as one.

    Raises
    ------
    InputError
        For what are no months.
    """
    months, paths = months_to_mining(passage, months_to_first_mining)
    # A single number is stated, not drawn: it hangs no draws together.
    return estimate(passage.weights * in_time(passage, by, months), paths if paths > 1 else None)


def latest_start(passage: Passage, by: date | float, months: Floats) -> Floats:
    """Latest start with which mining begins by a day and before the first gate lapses (N,). [months]

    Minus infinity for a path that never mines.
    """
    before_lapse = np.nextafter(passage.lapse, -np.inf)
    deadline = np.minimum(month_of(passage, by), before_lapse)
    latest: Floats = np.where(np.isfinite(months), deadline - months, -np.inf)
    return latest


def in_time(passage: Passage, by: date | float, months: Floats) -> Flags:
    """Whether the first mining comes by a day, on condition that all gates open (N,)."""
    return passage.start <= latest_start(passage, by, months)


def start_quantiles(
    passage: Passage, shares: Sequence[float] = (0.05, 0.5, 0.95), *, if_it_starts: bool = False
) -> list[date | None]:
    """Days by which it has started with given probabilities.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    shares : sequence of float
        Above 0 and up to 1.
    if_it_starts : bool
        On condition that it starts within the horizon. Otherwise never counts as the latest day of
        all, and the answer is None where it starts with less than that probability.

    Returns
    -------
    list of date or None
        One a share; all None where it cannot start.

    Raises
    ------
    InputError
        For shares that are not above 0 and up to 1.
    """
    for share in shares:
        if isinstance(share, bool) or not 0.0 < share <= 1.0:
            refuse("shares", repr(share), "numbers above 0 and up to 1")
    weights = (passage.weights * passage.starts) / passage.draws
    order = np.argsort(passage.start, kind="stable")
    reached = np.cumsum(weights[order])
    whole = float(reached[-1])
    found: list[date | None] = []
    for share in shares:
        wanted = share * whole if if_it_starts else share
        # What a sum of so many terms may have lost.
        place = int(np.searchsorted(reached, wanted * (1.0 - 1e-12), side="left"))
        possible = whole > 0.0 and place < len(order)
        month = float(passage.start[order[place]]) if possible else math.inf
        found.append(day_after(passage.as_of, month) if possible else None)
    return found


def start_table(passage: Passage, days: Sequence[date]) -> list[tuple[date, Estimate]]:
    """The distribution function of start on given days.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    days : sequence of date

    Returns
    -------
    list of (date, Estimate)
        Each day with the probability of a start by then, 0..1.
    """
    return [(day, probability_by(passage, day)) for day in days]


def gate_probabilities(passage: Passage) -> dict[str, Estimate]:
    """How often each gate is granted within the horizon, in draws in which gates may fail.

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.

    Returns
    -------
    dict of str to Estimate
        By gate, whatever happens at the others: probabilities, 0..1.
    """
    return {
        name: estimate((months <= passage.horizon_months).astype(np.float64))
        for name, months in zip(passage.tree.names, passage.plain, strict=True)
    }
