"""Sweeps over the states of the optimal attack on a chain; `optimal` says what they prove.

A state is (a, h, fork), as in `policy`. A value is a pair, what the miner is paid and what is added to
the chain until he next adopts; its worth at a rate is the first less the rate times the second.

Every block raises s = a + h by one, so that a pass by falling s needs the row of s + 1 alone. Only
publishing lowers s, to states whose values stand in `after` by the lead d = a - h: *own* for
(d, 0, irrelevant) and *ahead* for (d, 1, relevant). They are all that is not known beforehand.
"""

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel
from baseload.security.policy import ACTIVE, ADOPT, IRRELEVANT, MATCH, OVERRIDE, RELEVANT, WAIT

PAID, ADDED = 0, 1
# The rows of `after`.
OWN, AHEAD, OVERRIDING, OWN_CHANGE, AHEAD_CHANGE = 0, 1, 2, 3, 4
FORBIDDEN = -1e18


@kernel
def _fill_beyond(
    a: int,
    h: int,
    share: float,
    uniform: bool,
    overpaid: bool,
    after: npt.NDArray[np.float64],
    lead: int,
    row: npt.NDArray[np.float64],
) -> None:
    """Values of a state outside the band: more than it can be worth, or what nobody would choose."""
    paid = FORBIDDEN
    added = 0.0
    if overpaid:
        drift = 1.0 - 2.0 * share
        d = a - h
        if d > lead:
            # All that is mined until the lead is lost, and on each later return to a tie.
            paid = a + d * share / drift + 2.0 * share * (1.0 - share) / (drift * drift)
            added = paid + 1.0
        elif d >= 1:
            # The public branch is lost at once.
            paid = h + after[OWN, PAID, d]
            added = h + after[OWN, ADDED, d]
        else:
            # Given up at once, unless the miner would ever be ahead again; level is enough where
            # he may match a block of any age.
            steps = -d if uniform else 1 - d
            drawn = (share / (1.0 - share)) ** steps
            longer = h + steps * share / drift
            paid = drawn * (longer + after[OWN, PAID, 1])
            added = h + drawn * (longer - h + after[OWN, ADDED, 1])
    for fork in range(3):
        row[fork, PAID, h + 1] = paid
        row[fork, ADDED, h + 1] = added


@kernel
def sweep(
    share: float,
    gamma: float,
    uniform: bool,
    overpaid: bool,
    rate: float,
    last: int,
    lead: int,
    deficit: int,
    after: npt.NDArray[np.float64],
    rows: npt.NDArray[np.float64],
    actions: npt.NDArray[np.int8],
    keeps: bool,
) -> tuple[float, float, float, float]:
    """One pass over all states by falling s with the best action at `rate`.

    The band is s <= `last`, -`deficit` <= d <= `lead`. `after` (5, 2, lead + 2) is brought up to date,
    `rows` (2, 3, 2, last + 6) is work space, `actions` is written where `keeps`. Returns what is paid
    and added from a fresh start to the next adoption, and what a step can have gained or missed, on
    average, by the changes in `after`.
    """
    honest = 1.0 - share
    won = honest * gamma
    lost = honest - won
    for d in range(1, lead + 1):
        for part in range(2):
            after[OVERRIDING, part, d] = (
                share * after[OWN, part, d] + honest * after[AHEAD, part, d - 1]
            )
    new = 1
    s = last + 1
    for h in range(max(0, (s - lead + 1) // 2 - 1), min(s, (s + deficit) // 2 + 1) + 1):
        _fill_beyond(s - h, h, share, uniform, overpaid, after, lead, rows[1])
    start_paid = 0.0
    start_added = 0.0
    for s in range(last, 0, -1):
        old = new
        new = 1 - new
        first = max(0, (s - lead + 1) // 2)
        final = min(s, (s + deficit) // 2)
        tie = s // 2
        for h in range(first, tie + 1):
            d = s - 2 * h
            # Giving up, or publishing one block more than the public has.
            best_paid = 0.0
            best_added = 1.0 * h
            best = -rate * h
            leaves = ADOPT
            if h == 0:
                best = FORBIDDEN  # see below
            elif d >= 1:
                published_paid = h + 1 + after[OVERRIDING, PAID, d]
                published_added = h + 1 + after[OVERRIDING, ADDED, d]
                published = published_paid - rate * published_added
                if published >= best:
                    best_paid = published_paid
                    best_added = published_added
                    best = published
                    leaves = OVERRIDE
            public_paid = rows[old, RELEVANT, PAID, h + 2]
            public_added = rows[old, RELEVANT, ADDED, h + 2]
            wait_paid = share * rows[old, IRRELEVANT, PAID, h + 1] + honest * public_paid
            wait_added = share * rows[old, IRRELEVANT, ADDED, h + 1] + honest * public_added
            wait = wait_paid - rate * wait_added
            race = FORBIDDEN
            race_paid = 0.0
            race_added = 0.0
            if h >= 1:
                race_paid = (
                    share * rows[old, ACTIVE, PAID, h + 1]
                    + lost * public_paid
                    + won * (h + after[AHEAD, PAID, d])
                )
                race_added = (
                    share * rows[old, ACTIVE, ADDED, h + 1]
                    + lost * public_added
                    + won * (h + after[AHEAD, ADDED, d])
                )
                race = race_paid - rate * race_added
            waits = wait > best
            calm = wait if waits else best
            calm_paid = wait_paid if waits else best_paid
            calm_added = wait_added if waits else best_added
            matches = race > calm
            rows[new, RELEVANT, PAID, h + 1] = race_paid if matches else calm_paid
            rows[new, RELEVANT, ADDED, h + 1] = race_added if matches else calm_added
            races = race > best
            rows[new, ACTIVE, PAID, h + 1] = race_paid if races else best_paid
            rows[new, ACTIVE, ADDED, h + 1] = race_added if races else best_added
            late = matches and uniform
            rows[new, IRRELEVANT, PAID, h + 1] = race_paid if late else calm_paid
            rows[new, IRRELEVANT, ADDED, h + 1] = race_added if late else calm_added
            if keeps:
                a = s - h
                stays = WAIT if waits else leaves
                actions[a, h, RELEVANT] = MATCH if matches else stays
                # Where the network is split already, going on is to wait.
                actions[a, h, ACTIVE] = WAIT if races else leaves
                actions[a, h, IRRELEVANT] = MATCH if late else stays
        for h in range(tie + 1, final + 1):
            paid = share * rows[old, 0, PAID, h + 1] + honest * rows[old, RELEVANT, PAID, h + 2]
            added = share * rows[old, 0, ADDED, h + 1] + honest * rows[old, RELEVANT, ADDED, h + 2]
            waits = paid - rate * added > -rate * h
            if not waits:
                paid = 0.0
                added = 1.0 * h
            for fork in range(3):
                rows[new, fork, PAID, h + 1] = paid
                rows[new, fork, ADDED, h + 1] = added
                if keeps:
                    actions[s - h, h, fork] = WAIT if waits else ADOPT
        if s <= lead:
            # Publishing the only branch leads back to it with the miner's next block.
            paid = 1.0 / honest + rows[new, RELEVANT, PAID, 2]
            added = 1.0 / honest + rows[new, RELEVANT, ADDED, 2]
            waits = rows[new, 0, PAID, 1] - rate * rows[new, 0, ADDED, 1] > paid - rate * added
            if not waits:
                rows[new, 0, PAID, 1] = paid
                rows[new, 0, ADDED, 1] = added
            if keeps:
                for fork in range(3):
                    actions[s, 0, fork] = WAIT if waits else OVERRIDE
            for part in range(2):
                after[OWN_CHANGE, part, s] = rows[new, 0, part, 1] - after[OWN, part, s]
                after[OWN, part, s] = rows[new, 0, part, 1]
        if s <= lead + 1:
            for part in range(2):
                after[AHEAD_CHANGE, part, s - 1] = (
                    rows[new, RELEVANT, part, 2] - after[AHEAD, part, s - 1]
                )
                after[AHEAD, part, s - 1] = rows[new, RELEVANT, part, 2]
        if first > 0:
            _fill_beyond(s - first + 1, first - 1, share, uniform, overpaid, after, lead, rows[new])
        if final < s:
            _fill_beyond(s - final - 1, final + 1, share, uniform, overpaid, after, lead, rows[new])
        if s == 1:
            start_paid = share * after[OWN, PAID, 1] + honest * rows[new, 0, PAID, 2]
            start_added = share * after[OWN, ADDED, 1] + honest * rows[new, 0, ADDED, 2]
    # A lead of d or more lasts no longer than the (d - 1)th power of the ratio, as a part of time,
    # whatever the strategy: see `optimal`. `ahead` by d follows on a lead of d - 1.
    ratio = share / honest
    weight = 1.0
    highest = 0.0
    lowest = 0.0
    gained = 0.0
    missed = 0.0
    for d in range(lead + 1):
        change = after[AHEAD_CHANGE, PAID, d] - rate * after[AHEAD_CHANGE, ADDED, d]
        other = change
        if d >= 1:
            other = after[OWN_CHANGE, PAID, d] - rate * after[OWN_CHANGE, ADDED, d]
        higher = max(highest, change, other)
        lower = max(lowest, -change, -other)
        gained += weight * (higher - highest)
        missed += weight * (lower - lowest)
        highest = higher
        lowest = lower
        if d >= 2:
            weight *= ratio
    return start_paid, start_added, gained, missed


@kernel
def carry_changes(share: float, gamma: float, lead: int, after: npt.NDArray[np.float64]) -> None:
    """Carry the last changes up to larger leads, as a miner who always matches would meet them.

    A block of the public settles its branch with chance `gamma` and lowers the lead by one; a sweep
    hands a change on by one settlement only. The sum over all of them solves
    f(d) = share f(d + 1) + honest (f(d - 1) + gamma change(d)), f(0) = 0.
    """
    ratio = share / (1.0 - share)
    for part in range(2):
        slope = 0.0
        for d in range(lead, 0, -1):
            slope = ratio * slope + gamma * after[AHEAD_CHANGE, part, d]
            after[OVERRIDING, part, d] = slope
        carried = 0.0
        for d in range(1, lead + 1):
            after[AHEAD, part, d] += carried
            carried += after[OVERRIDING, part, d]
            after[OWN, part, d] += carried
