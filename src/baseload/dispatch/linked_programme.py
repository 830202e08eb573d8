"""A block of linked hours as a linear programme that knows all of them: what the rule is held against."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.dispatch.link_work import (
    MIN_DOWN,
    MIN_KW,
    MIN_RUN,
    RAMP_KW,
    START_COST,
)
from baseload.dispatch.programme import NoOptimum, _quiet_solver

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Values are cut here, so that what is owed and last resorts stay within the solver's precision.
MOST_USD_PER_MWH = 100_000.0


class BestProduction(NamedTuple):
    """The best production of a block of H hours.

    Parameters
    ----------
    production_mw : ndarray (H,)
        [MW]
    value_usd : float
        Its value, as `value_of_production` has it. [USD]
    """

    production_mw: Floats
    value_usd: float


class BlockLimits(NamedTuple):
    """What links a block's H hours, wide enough for the rule's own production.

    Parameters
    ----------
    most_mw : ndarray (H,)
        Power of the units that are available. [MW]
    up_mw, down_mw : ndarray (H,)
        How far production may rise and fall into each hour; infinite where nothing binds. [MW]
    kept_share : ndarray (H,)
        What a trip leaves of the production of the hour before, 1 where none is.
    widened : ndarray (H,)
        Whether the rule's production is outside the ramps, so that they are widened to it.
    """

    most_mw: Floats
    up_mw: Floats
    down_mw: Floats
    kept_share: Floats
    widened: Flags


def value_of_production(
    production_mw: Floats, value_usd_per_mwh: Floats, width_mw: Floats
) -> float:
    """What production of H hours is worth by its pieces, best first. [USD]

    Parameters
    ----------
    production_mw : ndarray (H,)
        [MW]
    value_usd_per_mwh, width_mw : ndarray (H, N)
        Pieces in falling value; none is worth more, or costs more, than `MOST_USD_PER_MWH`.
        [USD/MWh], [MW]

    Examples
    --------
    >>> import numpy as np
    >>> pieces = np.array([[40.0, -10.0]]), np.array([[30.0, 100.0]])
    >>> value_of_production(np.array([50.0]), *pieces)
    1000.0
    """
    before_mw = np.cumsum(width_mw, axis=1) - width_mw
    used_mw = np.clip(production_mw[:, None] - before_mw, 0.0, width_mw)
    return float((used_mw * _cut(value_usd_per_mwh)).sum())


def best_production(
    value_usd_per_mwh: Floats,
    width_mw: Floats,
    most_mw: Floats,
    up_mw: Floats,
    down_mw: Floats,
    kept_share: Floats,
    start_mw: float | None,
) -> BestProduction:
    """The most that the production of a block of hours can be worth, all hours in one programme.

    Maximise over the part `x` of each piece and production `P`, none below zero::

        sum_h sum_i v_hi x_hi
        P_h = sum_i x_hi,   x_hi <= width_hi,   P_h <= most_h
        kept_h P_(h-1) - down_h <= P_h <= kept_h P_(h-1) + up_h

    It knows trips and returns of all hours and lets every available unit run without a minimum, a
    least run or a cost of starting. The rule knows less and may do less, so that with the limits of
    `limits_of_block` its production is one of those that are weighed here, and never worth more.
    HiGHS solves it by the dual simplex method [1]_.

    Parameters
    ----------
    value_usd_per_mwh, width_mw : ndarray (H, N)
        Pieces of each hour's value in falling value, as `value_of_production` takes them; widths of
        zero for places that an hour does not need. [USD/MWh], [MW]
    most_mw, up_mw, down_mw, kept_share : ndarray (H,)
        As in `BlockLimits`. [MW], [MW], [MW], [share]
    start_mw : float or None
        Production of the hour before the first; None where the first hour is bound to nothing. [MW]

    Returns
    -------
    BestProduction

    Raises
    ------
    NoOptimum
        Where HiGHS finds none: limits that cannot all be kept.

    References
    ----------
    .. [1] Q. Huangfu, J. A. J. Hall, Parallelizing the dual revised simplex method, Mathematical
       Programming Computation 10, 2018, https://doi.org/10.1007/s12532-017-0130-5

    Examples
    --------
    >>> import numpy as np
    >>> value, width = np.array([[0.0, -5.0], [30.0, -5.0]]), np.array([[0.0, 99.0], [60.0, 99.0]])
    >>> most, ramp, kept = np.full(2, 90.0), np.full(2, 40.0), np.ones(2)
    >>> best = best_production(value, width, most, ramp, ramp, kept, 0.0)
    >>> best.production_mw.tolist(), best.value_usd
    ([20.0, 60.0], 1700.0)
    """
    # Imported here: the other dispatch modules are read by programs that solve nothing.
    import highspy

    hours, pieces = value_usd_per_mwh.shape
    infinite = highspy.kHighsInf
    # Columns go hour by hour: pieces, production.
    width = pieces + 1
    cost = np.zeros((hours, width))
    cost[:, :pieces] = _cut(value_usd_per_mwh)
    upper = np.empty((hours, width))
    upper[:, :pieces] = np.minimum(width_mw, most_mw[:, None])
    upper[:, pieces] = most_mw
    produced = np.arange(hours) * width + pieces
    # Rows: an hour's production is the sum of its pieces; then an hour's step from the one before.
    sums = np.tile(np.append(-np.ones(pieces), 1.0), hours)
    links = np.stack((produced[1:], produced[:-1]), axis=1).ravel()
    index = np.concatenate((np.arange(hours * width), produced[:1], links))
    steps = np.stack((np.ones(hours - 1), -kept_share[1:]), axis=1).ravel()
    value = np.concatenate((sums, np.ones(1), steps))
    entries = np.concatenate((np.full(hours, width), np.ones(1), np.full(hours - 1, 2)))
    before_mw = np.zeros(hours)
    up, down = up_mw.copy(), down_mw.copy()
    if start_mw is None:
        up[0] = down[0] = infinite
    else:
        before_mw[0] = kept_share[0] * start_mw

    programme = highspy.HighsLp()
    programme.num_col_ = hours * width
    programme.num_row_ = 2 * hours
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = cost.reshape(-1)
    programme.col_lower_ = np.zeros(hours * width)
    programme.col_upper_ = upper.reshape(-1)
    programme.row_lower_ = np.concatenate((np.zeros(hours), before_mw - down))
    programme.row_upper_ = np.concatenate((np.zeros(hours), before_mw + up))
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.concatenate(([0], np.cumsum(entries))).astype(np.int32)
    programme.a_matrix_.index_ = index.astype(np.int32)
    programme.a_matrix_.value_ = value
    solver = _quiet_solver()
    solver.setOptionValue("solver", "simplex")
    solver.setOptionValue("threads", 1)
    solver.passModel(programme)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise NoOptimum(f"HiGHS ended with {solver.modelStatusToString(status)}")
    found = np.array(solver.getSolution().col_value, np.float64).reshape(hours, width)
    return BestProduction(
        production_mw=found[:, pieces],
        value_usd=float(solver.getInfo().objective_function_value),
    )


def limits_of_block(
    unit_kw: Ints,
    cap_kw: Ints,
    limits: Ints,
    mask: Ints,
    trips: Ints,
    dump: bool,
    mask_before: int,
    start_kw: int | None,
    produced_kw: Ints,
) -> BlockLimits:
    """What links the hours of a block, from the same arrays that `produce_day` is given.

    The ramps of an hour are the sums over the units available before and in it; a unit that comes,
    goes, or may be started and stopped, counts with the larger of its ramp and its minimum. At a trip
    production before it counts by the share of the power that is kept, and may fall 1 kW more, as the
    rule rounds down. Where the rule's own production is outside of this (a unit stopped from above
    its minimum, a trip of a unit that did not run or one that leaves less than the others' minimum,
    power that fell faster than was known in time), the ramp of that hour is widened as far as that
    production needs.

    Parameters
    ----------
    unit_kw : ndarray (U, H)
    cap_kw, mask, trips : ndarray (H,)
    limits : ndarray (LIMIT_ROWS, U)
    dump : bool
        As `produce_day` has them.
    mask_before : int
        Units available in the hour before the block.
    start_kw : int or None
        Production of that hour; None where the first hour is bound to nothing. [kW]
    produced_kw : ndarray (H,)
        What the rule produced. [kW]

    Returns
    -------
    BlockLimits

    Examples
    --------
    A unit of 900 kW that trips beside one of 300 kW that stays and rises by 50 kW in an hour:

    >>> import numpy as np
    >>> unit, mask = np.array([[900, 900], [300, 300]]), np.array([3, 2])
    >>> limits = np.array([[0, 0], [50, 50], [0, 0], [0, 0], [0, 0]])
    >>> found = limits_of_block(
    ...     unit, np.full(2, 9999), limits, mask, np.array([0, 1]), True, 3, 800, np.array([800, 220])
    ... )
    >>> found.most_mw.tolist(), found.up_mw.tolist(), found.kept_share.tolist()
    ([1.2, 0.3], [0.1, 0.05], [1.0, 0.25])
    """
    units = np.arange(unit_kw.shape[0])[:, None]
    was = np.concatenate(([mask_before], mask[:-1]))
    now_on = ((mask >> units) & 1) == 1
    was_on = ((was >> units) & 1) == 1
    tripped = was_on & ~now_on & (((trips >> units) & 1) == 1)
    stays = was_on & ~tripped
    ran_kw = np.where(was_on, unit_kw, 0).sum(axis=0)
    kept_kw = np.where(stays, unit_kw, 0).sum(axis=0)
    is_trip = tripped.any(axis=0) & (ran_kw > 0)
    kept = np.where(is_trip, kept_kw / np.maximum(ran_kw, 1), 1.0)
    ramp = np.where(limits[RAMP_KW] < 0, np.inf, limits[RAMP_KW].astype(float))[:, None]
    loose = np.maximum(ramp, limits[MIN_KW][:, None])
    may_stand = (
        (limits[MIN_RUN] > 1)
        | (limits[MIN_DOWN] > 1)
        | (limits[START_COST] > 0)
        | ((limits[MIN_KW] > 0) & (not dump))
    )[:, None]
    step = np.where(may_stand | (now_on != stays), loose, ramp)
    up = np.where(now_on, step, 0.0).sum(axis=0)
    down = np.where(stays, step, 0.0).sum(axis=0) + is_trip
    before = np.concatenate(([0 if start_kw is None else start_kw], produced_kw[:-1])) * kept
    rise = produced_kw - before
    if start_kw is None:
        rise[0] = 0.0
    return BlockLimits(
        most_mw=np.minimum(np.where(now_on, unit_kw, 0).sum(axis=0), cap_kw) / 1000.0,
        up_mw=np.maximum(up, rise) / 1000.0,
        down_mw=np.maximum(down, -rise) / 1000.0,
        kept_share=kept,
        widened=(rise > up) | (-rise > down),
    )


def _cut(value_usd_per_mwh: Floats) -> Floats:
    return np.clip(value_usd_per_mwh, -MOST_USD_PER_MWH, MOST_USD_PER_MWH)
