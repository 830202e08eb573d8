"""Memory of a window of linked hours, and the names of its rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

# Rows of the limits of units: minimum stable power [kW], ramp [kW/hour] or NO_RAMP, least run and
# least stand [hours], cost of a start [micro-USD].
MIN_KW, RAMP_KW, MIN_RUN, MIN_DOWN, START_COST, LIMIT_ROWS = range(6)
NO_RAMP = -1
# Rows of the state of units that one day hands to the next: 1 if it runs, hours since that changed.
RUNS, HOURS_SINCE, STATE_ROWS = range(3)
# Places of the plant's level: production of the last hour [kW], 1 if there was such an hour.
PRODUCED, KNOWN, LEVEL_PLACES = range(3)
# Rows of the window's hours.
(
    AHEAD,  # units at power, as far as is foreseen
    RUNNING,  # of these the units that are to run
    LEAST,
    MOST,
    UP,
    DOWN,
    PLANNED,
    BEST_WITHOUT,  # value of an hour without the unit that is weighed [micro-USD]
    GAIN,
    MAY_RUN,
    RUN,
    KEEP_VALUE,  # scratch of `commit_unit`, three rows
    STAND_VALUE,
    GAIN_BEFORE,
    WINDOW_ROWS,
) = range(15)
# Rows of the plan's scratch: places and drops of slope to the left and right of the best production,
# and three rows of hours: the merit order's production and the ends of what the ramps can reach.
LEFT_AT, LEFT_DROP, RIGHT_AT, RIGHT_DROP, MERIT, LOWEST, HIGHEST, STACK_ROWS = range(8)


class LinkWork(NamedTuple):
    """Pieces and scratch of one window of W hours with at most N pieces an hour."""

    slopes: Ints  # (W, N) milli-USD/MWh
    widths: Ints  # (W, N) kW
    counts: Ints  # (W,)
    window: Ints  # (WINDOW_ROWS, W + 1)
    stacks: Ints  # (STACK_ROWS, W * (N + 2) + 2)


def link_work(hours: int, slots: int, tranches: int) -> LinkWork:
    """Fresh memory for windows of at most `hours`, for one thread.

    Parameters
    ----------
    hours : int
        W, the longest window.
    slots, tranches : int
        Of the mine and of export; firm demand and dumping are a piece each.
    """
    pieces = slots + tranches + 2
    return LinkWork(
        slopes=np.zeros((hours, pieces), np.int64),
        widths=np.zeros((hours, pieces), np.int64),
        counts=np.zeros(hours, np.int64),
        window=np.zeros((WINDOW_ROWS, hours + 1), np.int64),
        stacks=np.zeros((STACK_ROWS, hours * (pieces + 2) + 2), np.int64),
    )
