"""What an arrangement is worth today, when its start is uncertain and may be declined or put off."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from baseload.gates.kernels import discount
from baseload.gates.opinion import Floats, refuse
from baseload.gates.outcomes import Estimate, estimate
from baseload.gates.passage import Passage
from baseload.gates.timing import months_until

OFFSETS_YEARS: Final = (0.0, 2.0, 5.0, 10.0)
"""Years after the scenario's start for which arrangements are valued."""


@dataclass(frozen=True)
class StartValue:
    """Expected value today of an arrangement that may begin, each beyond the outside option.

    Attributes
    ----------
    taken : Estimate
        It is taken whenever it may begin, good or bad.
    may_decline : Estimate
        It is declined at start where the value expected then is below the outside option's.
    may_wait : Estimate
        The same, after waiting `wait_years` at start: the best of the waits looked at, chosen today.
    wait_years : float
        How long; 0 where waiting does not help.
    declined : float
        Probability that it may begin and is declined.
    if_at_once : float
        Its value if it began on the as-of date, for comparison.
    """

    taken: Estimate
    may_decline: Estimate
    may_wait: Estimate
    wait_years: float
    declined: float
    if_at_once: float


def value_at(values_by_offset: Mapping[float, float], years: Floats) -> Floats:
    """Values between the offsets by straight lines, and flat beyond the first and the last.

    Parameters
    ----------
    values_by_offset : mapping of float to float
        Years after the scenario's start, and the value of beginning then as of that day.
    years : float64 (N,)
        Start of each draw, in years after the scenario's start; below 0 for before.

    Returns
    -------
    float64 (N,)
        In the unit of the values.

    Raises
    ------
    InputError
        For no value, and what are no finite numbers.

    Examples
    --------
    >>> value_at({0: 10.0, 2: 20.0, 5: 20.0, 10: 0.0}, np.array([-1.0, 1.0, 6.0, 30.0])).tolist()
    [10.0, 15.0, 16.0, 0.0]
    """
    if not isinstance(values_by_offset, Mapping) or not values_by_offset:
        refuse("values_by_offset", repr(values_by_offset), "a value for each offset, one at least")
    for offset, value in values_by_offset.items():
        for name, number in (("values_by_offset", offset), (f"values_by_offset[{offset}]", value)):
            is_number = isinstance(number, int | float | np.integer | np.floating)
            if not is_number or isinstance(number, bool) or not abs(number) < math.inf:
                refuse(name, repr(number), "a finite number")
    knots = sorted((float(offset), float(value)) for offset, value in values_by_offset.items())
    result = np.full(years.shape, knots[-1][1])
    for (left, at_left), (right, at_right) in reversed(list(itertools.pairwise(knots))):
        part = (years - left) / (right - left)
        # Weights of both ends, so that each knot is met exactly.
        result = np.where(years < right, at_left * (1.0 - part) + at_right * part, result)
    first, at_first = knots[0]
    found: Floats = np.where(years <= first, at_first, result)
    return found


def start_value(
    passage: Passage,
    values_by_offset: Mapping[float, float],
    *,
    scenario_start: date,
    rate_per_year: float,
    outside_value: float = 0.0,
    waits_years: tuple[float, ...] = OFFSETS_YEARS,
) -> StartValue:
    """Expected value of an arrangement over the distribution of its start, discounted to the as-of date.

    Each draw takes the value of its start between the offsets (`value_at`), less the outside option's,
    times (1 + rate)^(-years from the as-of date). Where it never begins one keeps the outside option,
    and gains 0. What is decided at start is decided on the value expected then, not on the path that
    follows; waiting is a rule fixed today, and gates that lapse while one waits end it. [1]_

    Parameters
    ----------
    passage : Passage
        From `draw_passage`.
    values_by_offset : mapping of float to float
        Years after the scenario's start (0, 2, 5, 10), and the value of beginning then, at that day.
    scenario_start : date
        The day from which offsets count.
    rate_per_year : float
        Above -1 and up to 10.
    outside_value : float
        Of not having it, at the day of decision, in the unit of the values.
    waits_years : tuple of float
        Waits to look at; 0 is always among them.

    Returns
    -------
    StartValue
        In the unit of the values.

    Raises
    ------
    InputError
        For what are no numbers, or are out of range.

    References
    ----------
    .. [1] A. K. Dixit, R. S. Pindyck, Investment under Uncertainty, Princeton University Press, 1994,
       chapter 2 (the option to wait)
    """
    if isinstance(rate_per_year, bool) or not -1.0 < rate_per_year <= 10.0:
        refuse("rate_per_year", repr(rate_per_year), "a number above -1 and up to 10")
    if isinstance(outside_value, bool) or not abs(outside_value) < math.inf:
        refuse("outside_value", repr(outside_value), "a finite number")
    for wait in waits_years:
        if isinstance(wait, bool) or not 0.0 <= wait <= 100.0:
            refuse("waits_years", repr(wait), "years from 0 to 100")
    first = months_until(passage.as_of, scenario_start)

    def gain_after(wait_months: float) -> tuple[Floats, Floats]:
        """Whether it may begin so long after start (N,), and the gain then as of that day (N,)."""
        begins = passage.start + wait_months
        stands = passage.starts & (begins < passage.lapse)
        gain = value_at(values_by_offset, (begins - first) / 12.0) - outside_value
        return _discounted(begins, rate_per_year) * passage.weights * stands, gain

    factor, gain = gain_after(0.0)
    kept = np.maximum(gain, 0.0)
    best, chosen = estimate(factor * kept), 0.0
    may_decline = best
    for wait in sorted(set(waits_years)):
        later, then = gain_after(12.0 * wait)
        found = estimate(later * np.maximum(then, 0.0))
        if found.value > best.value:
            best, chosen = found, float(wait)
    at_once = value_at(values_by_offset, np.array([-first / 12.0]))
    return StartValue(
        taken=estimate(factor * gain),
        may_decline=may_decline,
        may_wait=best,
        wait_years=chosen,
        declined=float((passage.weights * (passage.starts & (gain < 0.0))).mean()),
        if_at_once=float(at_once[0]) - outside_value,
    )


def _discounted(months: Floats, rate_per_year: float) -> Floats:
    factors = np.empty(len(months))
    discount(months, rate_per_year, factors)
    return factors
