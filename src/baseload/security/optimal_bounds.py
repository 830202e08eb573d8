"""Certified bounds of what the best selfish miner earns: the stages of sweeps, in plain Python.

`optimal` says why they are bounds.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from baseload.security.policy import ADOPT, OVERRIDE, Actions
from baseload.security.strategy_arguments import Floats

MOST_STATES: Final = 12_000_000
"""States of the largest band: some ten seconds and as many megabytes as its table of actions."""

LARGEST_TABLE: Final = 2_000
_FIRST_LAST = 16
_MOST_SWEEPS = 2_000
_PLAIN_SWEEPS = 6
# States of all sweeps together: some seconds.
_MOST_VISITS = 700_000_000
# What rounding can add to a step, relative to the largest value in the sweep; about 20 half units.
_ROUNDING = 2e-15
_NO_ACTIONS = np.zeros((1, 1, 3), np.int8)


class Band(NamedTuple):
    """The states that are kept: a + h up to `last`, from `deficit` behind to `lead` ahead. [blocks]"""

    last: int
    lead: int
    deficit: int


class Solution(NamedTuple):
    """Bounds, the best revenue known, and what is needed to write the policy of the band down.

    `beaten`: the strategy known at the start earns more than any of a band that cannot be wider.
    """

    lower: float
    revenue: float
    upper: float
    beaten: bool
    band: Band
    sweeps: int
    after: Floats


def solve(share: float, gamma: float, uniform: bool, tolerance: float, start: float) -> Solution:
    """Widen the band until the bounds are within the tolerance, or the band has no more room.

    0 < share < 1/2; `start` is what a known strategy earns.
    """
    ratio = share / (1.0 - share)
    widest = _lead(share, tolerance)
    after = np.zeros((5, 2, 2))
    lower, upper, revenue, sweeps = max(share, start), ratio, max(share, start), 0
    last, visits_left = _FIRST_LAST, _MOST_VISITS
    gap = upper - lower
    while True:
        lead = min(widest, last // 2)
        band = Band(last + 1, lead, 3 + lead // 3)
        after = _widened(share, lead, after)
        goal = max(0.1 * tolerance, 0.02 * gap)
        states = last * (lead + band.deficit) // 2
        most = min(_MOST_SWEEPS, 2 + visits_left // (2 * states))
        known = (lower, revenue, upper)
        found_below, revenue, more = _bound(
            share, gamma, uniform, False, known, goal, band, after, most
        )
        lower = max(lower, found_below)
        sweeps += more
        visits_left -= more * states
        # An odd sum beyond the border: a branch there is ahead or behind, never level.
        over = Band(last, lead, 3 + lead // 3)
        known = (lower, max(revenue, lower), upper)
        found, _, more = _bound(share, gamma, uniform, True, known, goal, over, after.copy(), most)
        upper = min(upper, found)
        sweeps += more
        visits_left -= more * states
        before, gap = gap, upper - lower
        if gap <= tolerance or states >= MOST_STATES or visits_left <= 0:
            break
        # The gap falls as a power of the length; where that is seen, the length follows from it.
        growth = 2.0
        if gap < 0.7 * before and lead == widest:
            growth = 1.1 * (1.0 + math.log(gap / tolerance) / math.log(before / gap) * 0.4)
        room = 2 * MOST_STATES // (widest + 3 + widest // 3)
        longer = int(last * min(max(growth, 1.25), 2.0))
        last = 2 * (max(min(longer, room), last + 2) // 2)
    # Both bounds hold; rounding may set what the band's best policy earns a hair beside them.
    beaten = found_below < start and revenue <= start
    revenue = min(max(revenue, lower), upper)
    return Solution(lower, revenue, upper, beaten, band, sweeps, after)


def best_actions(share: float, gamma: float, uniform: bool, solution: Solution) -> Actions:
    """The best policy of the band as a table, of at most `LARGEST_TABLE` rows and columns."""
    from baseload.security.optimal_kernels import sweep

    band, after, rate = solution.band, solution.after.copy(), solution.revenue
    longest = 2 * LARGEST_TABLE - 1 - band.lead
    if band.last > longest:
        band = band._replace(last=longest | 1)
        known = (share, rate, solution.upper)
        _, rate, _ = _bound(share, gamma, uniform, False, known, 1e-7, band, after, 200)
    rows = (band.last + band.lead) // 2 + 2
    columns = (band.last + band.deficit) // 2 + 2
    a, h = np.indices((rows, columns), np.int32)
    actions = np.repeat(np.where(a > h, OVERRIDE, ADOPT)[..., None], 3, axis=2).astype(np.int8)
    work = np.zeros((2, 3, 2, band.last + 6))
    sweep(share, gamma, uniform, False, rate, *band, after, work, actions, True)
    return actions


def _lead(share: float, tolerance: float) -> int:
    """A lead that is met too rarely to matter."""
    drift = 1.0 - 2.0 * share
    odds = tolerance * drift * drift * 0.05
    lead = 3 + int(math.log(odds) / math.log(share / (1.0 - share)))
    return min(max(lead, 4), math.isqrt(MOST_STATES))


def _widened(share: float, lead: int, after: Floats) -> Floats:
    """The values after publishing with room for larger leads, which begin as the last one ends."""
    known = after.shape[2] - 2
    if known >= lead:
        return after
    more = np.zeros((5, 2, lead + 2))
    d = np.arange(lead + 2)
    # Each block of the public is lost while the miner leads.
    more[:2] = d * (1.0 - share) / (1.0 - 2.0 * share)
    more[1, 1] += 0.5
    if known > 0:
        more[:2] += (after[:2, :, known] - more[:2, :, known])[..., None]
        more[:2, :, : known + 1] = after[:2, :, : known + 1]
    return more


def _bound(
    share: float,
    gamma: float,
    uniform: bool,
    overpaid: bool,
    known: tuple[float, float, float],
    goal: float,
    band: Band,
    after: Floats,
    most_sweeps: int,
) -> tuple[float, float, int]:
    """Sweep until the bound is within `goal` of what the band's best policy earns; both, and sweeps.

    `known` are a lower bound, a first rate and an upper bound.
    """
    from baseload.security.optimal_kernels import carry_changes, sweep

    honest = 1.0 - share
    lowest, rate, highest = known
    found = math.inf if overpaid else -math.inf
    revenue = rate
    rows = np.zeros((2, 3, 2, band.last + 6))
    rounding = _ROUNDING * (band.last + float(after[0, 0, band.lead]))
    # Carrying is a shortcut that can lead astray: then the values go back, and sweep as they are.
    best, least, plain_sweeps = after.copy(), math.inf, 0
    sweeps = 0
    while sweeps < most_sweeps:
        sweeps += 1
        paid, added, gained, missed = sweep(
            share, gamma, uniform, overpaid, rate, *band, after, rows, _NO_ACTIONS, False
        )
        revenue = paid / added
        worth = paid - rate * added
        if overpaid:
            found = min(found, rate + (max(worth, 0.0) + gained + rounding) / honest)
            error = found - revenue
        else:
            found = max(found, rate + (min(worth, 0.0) - missed - rounding) / honest)
            error = revenue - found
        next_rate = min(max(revenue, lowest), highest)
        # Where the band says nothing new, the rate stays at what is known.
        settled = next_rate == rate != revenue and gained + missed <= goal
        if error <= goal or settled:
            break
        rate = next_rate
        if gamma > 0.0 and not overpaid:
            change = gained + missed
            if change > 8.0 * least and not plain_sweeps:
                after[:] = best
                plain_sweeps = _PLAIN_SWEEPS
            elif change < least:
                least = change
                best[:] = after
            if plain_sweeps:
                plain_sweeps -= 1
            else:
                carry_changes(share, gamma, band.lead, after)
    return found, min(max(revenue, lowest), highest), sweeps
