"""Merit order of hours that nothing links, in floats as given: the loop of `dispatch_hours`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@kernel
def dispatch_block(
    available_mw: Floats,
    firm_mw: Floats,
    price_usd_per_mwh: Floats,
    export_limit_mw: Floats,
    batch_mw: Floats,
    batch_value_usd_per_mwh: Floats,
    order: Indices,
    served_mw: Floats,
    mined_mw: Floats,
    exported_mw: Floats,
    curtailed_mw: Floats,
) -> float:
    """Value of the surplus of H hours; what becomes of it is written to the last four arrays.

    Parameters
    ----------
    available_mw, firm_mw, export_limit_mw : ndarray (H,)
        What the plant can give, what is owed first, what the line carries. [MW]
    price_usd_per_mwh : ndarray (H,)
        [USD/MWh]
    batch_mw : ndarray (K,)
        [MW]
    batch_value_usd_per_mwh : ndarray (1, K) or (H, K)
        One row for every hour, or a row an hour. [USD/MWh]
    order : ndarray (1, K) or (H, K)
        Batches by falling value, equal ones by index, of each row of values.
    served_mw, exported_mw, curtailed_mw : ndarray (H,)
        Written. [MW]
    mined_mw : ndarray (H, K)
        Zeros; what batches take is written. [MW]

    Returns
    -------
    float
        Sum over the hours, in their order, of each hour's sum. [USD]
    """
    batches = batch_mw.size
    rows = order.shape[0]
    value_usd = 0.0
    for h in range(available_mw.size):
        row = h if rows > 1 else 0
        price = price_usd_per_mwh[h]
        served = min(available_mw[h], firm_mw[h])
        left = available_mw[h] - served
        exported = 0.0
        earned = 0.0
        i = 0
        may_export = price >= 0.0
        while left > 0.0:
            k = order[row, i] if i < batches else 0
            worth = batch_value_usd_per_mwh[row, k] if i < batches else -1.0
            if worth >= 0.0 and (worth >= price or not may_export):
                part = min(left, batch_mw[k])
                mined_mw[h, k] = part
                earned += part * worth
                i += 1
            elif may_export:
                part = min(left, export_limit_mw[h])
                exported = part
                earned += part * price
                may_export = False
            else:
                break
            left -= part
        served_mw[h] = served
        exported_mw[h] = exported
        curtailed_mw[h] = left
        value_usd += earned
    return value_usd
