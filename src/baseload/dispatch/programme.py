"""A block of hours as a linear programme, solved by HiGHS: what the merit order is held against."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class NoOptimum(RuntimeError):
    """The solver came back without an optimum."""


class Optimum(NamedTuple):
    """The best use of a block's surplus; H hours, K slots of the mine, J tranches of export.

    Parameters
    ----------
    mined_mw : ndarray (H, K)
        [MW]
    exported_mw : ndarray (H, J)
        [MW]
    curtailed_mw : ndarray (H,)
        [MW]
    value_usd : float
        As the solver states it. [USD]
    """

    mined_mw: Floats
    exported_mw: Floats
    curtailed_mw: Floats
    value_usd: float


def best_use(
    surplus_mw: Floats,
    mine_mw: Floats,
    mine_value_usd_per_mwh: Floats,
    export_limit_mw: Floats,
    export_value_usd_per_mwh: Floats,
    tranche_mw: float,
) -> Optimum:
    """The most that the surplus of a block of hours can be worth, all hours in one programme.

    Maximise over mined `m`, exported `x` and curtailed `c`, none below zero::

        sum_h ( sum_k v_hk m_hk + sum_j w_hj x_hj )
        sum_k m_hk + sum_j x_hj + c_h = surplus_h
        sum_j x_hj <= limit_h,   m_hk <= mine_hk,   x_hj <= tranche

    Nothing in it knows a merit order; HiGHS solves it by the dual simplex method [1]_. Balance and
    limit are nested sets of columns, so that the matrix is totally unimodular and a vertex is whole
    wherever the given power is whole [2]_.

    Parameters
    ----------
    surplus_mw : ndarray (H,)
        Left of the plant's power after firm load. [MW]
    mine_mw : ndarray (H, K)
        Power of each slot of the mine. [MW]
    mine_value_usd_per_mwh : ndarray (H, K)
        Net value of mining with a MWh. [USD/MWh]
    export_limit_mw : ndarray (H,)
        What the lines carry. [MW]
    export_value_usd_per_mwh : ndarray (H, J)
        Net value of a MWh in each tranche of export. [USD/MWh]
    tranche_mw : float
        Width of a tranche. [MW]

    Returns
    -------
    Optimum

    Raises
    ------
    NoOptimum
        Where HiGHS finds none.

    References
    ----------
    .. [1] Q. Huangfu, J. A. J. Hall, Parallelizing the dual revised simplex method, Mathematical
       Programming Computation 10, 2018, https://doi.org/10.1007/s12532-017-0130-5
    .. [2] J. Edmonds, Submodular functions, matroids, and certain polyhedra, 1970; reprinted in
       https://doi.org/10.1007/3-540-36478-1_2

    Examples
    --------
    100 MW: 30 to the slot worth 80, then 50 of export at 60, then 20 to the slot worth 50.

    >>> best = best_use(
    ...     np.array([100.0]),
    ...     np.array([[40.0, 30.0]]),
    ...     np.array([[50.0, 80.0]]),
    ...     np.array([50.0]),
    ...     np.array([[60.0]]),
    ...     1000.0,
    ... )
    >>> best.mined_mw.tolist(), best.exported_mw.tolist(), best.value_usd
    ([[20.0, 30.0]], [[50.0]], 6400.0)
    """
    # Imported here: the other dispatch modules are read by programs that solve nothing.
    import highspy

    hours, slots = mine_mw.shape
    tranches = export_value_usd_per_mwh.shape[1]
    width = slots + tranches + 1
    columns = hours * width
    # Columns go hour by hour: slots, tranches, curtailment.
    cost = np.zeros((hours, width))
    cost[:, :slots] = mine_value_usd_per_mwh
    cost[:, slots : slots + tranches] = export_value_usd_per_mwh
    upper = np.empty((hours, width))
    upper[:, :slots] = mine_mw
    upper[:, slots : slots + tranches] = np.minimum(tranche_mw, export_limit_mw)[:, None]
    upper[:, -1] = surplus_mw
    # Every column is in its hour's balance, rows 0 to H - 1; export is in its limit's row too.
    exports = np.zeros(width, bool)
    exports[slots : slots + tranches] = True
    is_export = np.tile(exports, hours)
    hour = np.repeat(np.arange(hours), width)
    entries = np.where(is_export, 2, 1)
    start = np.concatenate(([0], np.cumsum(entries)))
    index = np.empty(start[-1], np.int32)
    index[start[:-1]] = hour
    index[start[:-1][is_export] + 1] = hours + hour[is_export]

    programme = highspy.HighsLp()
    programme.num_col_ = columns
    programme.num_row_ = 2 * hours
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = cost.reshape(-1)
    programme.col_lower_ = np.zeros(columns)
    programme.col_upper_ = upper.reshape(-1)
    programme.row_lower_ = np.concatenate((surplus_mw, np.full(hours, -highspy.kHighsInf)))
    programme.row_upper_ = np.concatenate((surplus_mw, export_limit_mw))
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = start.astype(np.int32)
    programme.a_matrix_.index_ = index
    programme.a_matrix_.value_ = np.ones(start[-1])
    solver = _quiet_solver()
    # Simplex ends on a vertex, which the certificate relies on; one thread, always the same one.
    solver.setOptionValue("solver", "simplex")
    solver.setOptionValue("threads", 1)
    solver.passModel(programme)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise NoOptimum(f"HiGHS ended with {solver.modelStatusToString(status)}")
    found = np.array(solver.getSolution().col_value, np.float64).reshape(hours, width)
    return Optimum(
        mined_mw=found[:, :slots],
        exported_mw=found[:, slots : slots + tranches],
        curtailed_mw=found[:, -1],
        value_usd=float(solver.getInfo().objective_function_value),
    )


def _quiet_solver() -> Any:
    """A solver that prints nothing: 1.16 prints its name while it is made, before an option can be set."""
    import highspy

    class Quiet(highspy.Highs):  # type: ignore[misc, unused-ignore]
        def enableCallbacks(self) -> None:
            # The first call of the constructor that prints.
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call, unused-ignore]

    solver = Quiet()  # type: ignore[no-untyped-call, unused-ignore]
    solver.silent()
    return solver
