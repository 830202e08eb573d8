"""Phases of war and peace, hour by hour."""

from __future__ import annotations

import math

from tests.naive import Case

from baseload.clock import hour_of
from baseload.distributions import Distribution
from baseload.fields import ByPhase

HOURS_PER_YEAR = 8766.0


def phase_by_hour(case: Case) -> list[str]:
    """Phase in force in each hour of the horizon.

    At most one change an hour. A change dated on the first hour replaces the phase of the start;
    one dated in another phase's time does not happen.
    """
    scenario = case.scenario
    now, began, number = str(scenario.phase), 0, 1
    phases: list[str] = []
    waits: dict[tuple[int, int], int] = {}
    for hour in range(case.hours):
        for index, transition in enumerate(scenario.transitions):
            if transition.from_phase != now:
                continue
            if transition.on is not None:
                happens = hour_of(case.horizon, transition.on) == hour
            else:
                rate = case.values[f"transitions.{index}.per_year"]
                stream = f"transitions {now} to {transition.to_phase}"
                happens = False
                if rate > 0.0:
                    if (index, number) not in waits:  # the same in every hour of a phase
                        wait = case.exponential(stream, number) / rate * HOURS_PER_YEAR
                        waits[index, number] = max(1, math.ceil(wait))
                    happens = hour == began + waits[index, number]
            if happens:
                now, began = str(transition.to_phase), hour
                number += 1 if hour > 0 else 0
                break
        phases.append(now)
    return phases


def rates_by_hour(
    case: Case, phases: list[str], address: str, rate: ByPhase | Distribution
) -> list[float]:
    """Events per hour in each hour."""
    if isinstance(rate, ByPhase):
        by_phase = {phase: case.values[f"{address}.{phase}"] for phase in set(phases)}
    else:
        by_phase = {phase: case.values[address] for phase in set(phases)}
    return [by_phase[phase] / HOURS_PER_YEAR for phase in phases]


def event_hour(rates: list[float], after: int, threshold: float) -> int | None:
    """Hour in which the rates added up from `after` reach the threshold; None if never."""
    reached = 0.0
    for hour in range(after, len(rates)):
        reached += rates[hour]
        if rates[hour] > 0.0 and reached >= threshold:
            return hour
    return None


def hour_after_work(case: Case, phases: list[str], start: int, work_hours: int) -> int:
    """First hour at which so many hours of work are behind, none done while a phase stops works.

    What is left at the end of the horizon is taken to go on without a stop.
    """
    effects = case.scenario.phases
    left = work_hours
    for hour in range(start, case.hours):
        if getattr(effects, phases[hour]).stops_works:
            continue
        if left == 0:
            return hour
        left -= 1
        if left == 0:
            return hour + 1
    return max(start, case.hours) + max(1, left)
