"""What drives a study's worth and what would have to change, told from its own paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from baseload.drivers import what_drives
from baseload.inputs_in_words import input_words
from baseload.units import human

if TYPE_CHECKING:
    import polars

Floats = npt.NDArray[np.float64]

MOST_PATHS: Final = 10_000
"""Paths that are judged: the first so many are as good as any, and the page is quick."""
KEPT_SHARES: Final = (0.01, 0.99)
"""Results beyond these quantiles count as these: else one path in a thousand carries the mean."""
NAMED: Final = 2
"""Inputs that a sentence names."""
FEWEST: Final = 50
"""With fewer paths beside a threshold nothing is said of it."""


def within_quantiles(values: Floats) -> Floats:
    """Values with those beyond the quantiles `KEPT_SHARES` set to these; nan stays.

    Parameters
    ----------
    values : ndarray (P,)
        A result by path. [unit]

    Returns
    -------
    ndarray (P,)
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return values
    low, high = np.quantile(known, KEPT_SHARES)
    return np.asarray(np.clip(values, low, high))


def what_drives_it(study: Any, running: str) -> str:
    """Which inputs move the value of restarting and of mining most; empty where none can be named.

    Parameters
    ----------
    study : Study
        Or anything with its frames `inputs` and `metrics`.
    running : str
        What grid only does, as `running_word` has it.
    """
    inputs: polars.DataFrame | None = getattr(study, "inputs", None)
    metrics: polars.DataFrame | None = getattr(study, "metrics", None)
    if inputs is None or metrics is None:
        return ""
    names = [name for name in inputs.columns if name != "path"]
    if not names or inputs.height != metrics.height:
        return ""
    table = np.stack([_floats(inputs, name)[:MOST_PATHS] for name in names], axis=1)
    told = []
    for metric, what in (
        ("value_of_restarting_usd", running),
        ("npv_gain_over_grid_only_usd", "mining"),
    ):
        if metric not in metrics.columns:
            continue
        found = what_drives(names, table, within_quantiles(_floats(metrics, metric)[:MOST_PATHS]))
        first = [
            f"{input_words(one.name)} ({'more' if one.rank_correlation > 0 else 'less'} is better)"
            for one in found.standing_out[:NAMED]
        ]
        if first:
            told.append(f"the value of {what} moves most with {' and '.join(first)}")
    if not told:
        return ""
    text = "; ".join(told)
    return f"Of what is uncertain before the start, {text}; what else moves them is the course of prices and events."


def what_would_have_to_change(study: Any) -> str:
    """The revenue of a bitcoin from which on half of the paths gain by mining; empty where it has none.

    Paths are put in order of the revenue that a mined bitcoin brought on them, weighted as its cost is;
    of each tenth of them in a row the share that gains is taken, and the lowest place from which on it
    never falls below one half is told.
    """
    metrics: polars.DataFrame | None = getattr(study, "metrics", None)
    needed = ("revenue_per_bitcoin_usd", "cost_per_bitcoin_usd", "npv_gain_over_grid_only_usd")
    if metrics is None or any(name not in metrics.columns for name in needed):
        return ""
    revenue, cost, gain = (_floats(metrics, name) for name in needed)
    known = np.isfinite(revenue) & np.isfinite(cost)
    revenue, cost, gains = revenue[known], cost[known], gain[known] > 0.0
    if gains.size < FEWEST:
        return ""
    middle, spent = float(np.median(revenue)), float(np.median(cost))
    begin = f"A bitcoin mined brings {human(middle, 'USD')} and costs {human(spent, 'USD')} on the middle path"
    at = _turning_point(revenue, gains)
    if at is None:
        if gains.all() or not gains.any():
            return ""
        return f"{begin}; no revenue seen on a path brings half of those near it a gain."
    return (
        f"{begin}; half of the paths gain by mining where it brings about {human(at, 'USD')}, "
        f"{at / middle:,.2g} times as much."
    )


def _turning_point(revenue: Floats, gains: npt.NDArray[np.bool_]) -> float | None:
    """Revenue around which half of the paths gain, and from which on more do; None where it has no such place."""
    order = np.argsort(revenue, kind="stable")
    ordered, won = revenue[order], gains[order].astype(float)
    window = max(5, won.size // 10)
    sums = np.concatenate([[0.0], np.cumsum(won)])
    share = (sums[window:] - sums[:-window]) / window
    below = np.flatnonzero(share < 0.5)
    if below.size == 0 or below[-1] + 1 >= share.size:
        return None
    first = int(below[-1]) + 1
    return float(np.median(ordered[first : first + window]))


def _floats(frame: polars.DataFrame, name: str) -> Floats:
    return np.asarray(frame[name].cast(float).to_numpy(), dtype=np.float64)
