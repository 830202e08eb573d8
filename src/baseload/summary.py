"""What a study's paths come to: means, quantiles with the undefined at the bad end, probabilities."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.engine.outputs import METRICS, Metric

Floats = npt.NDArray[np.float64]

QUANTILES = (("p05", 0.05), ("p25", 0.25), ("p50", 0.50), ("p75", 0.75), ("p95", 0.95))

NOISE_ERRORS: Final = 2.0
"""A mean nearer to a value than so many of its standard errors is not told from it: of means that
are that value, about 95 % are drawn within them."""

NOISE_WORDS: Final = "two standard errors"


def exact_mean(values: Floats) -> float:
    """Mean by an exact sum, so that no order of the paths exists."""
    return math.fsum(values.tolist()) / values.size


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Mean and its standard error, by exact sums; of one value the error is 0, which says nothing.

    Examples
    --------
    >>> mean_and_error(np.array([1.0, 3.0]))
    (2.0, 1.0)
    """
    mean = exact_mean(values)
    spread = exact_mean((values - mean) ** 2) ** 0.5
    return mean, spread / max(1, values.size - 1) ** 0.5


def quantile_of_sorted(values: Floats, share: float) -> float:
    """Linear interpolation between order statistics, as numpy's default; nan where one of them is."""
    place = share * (values.size - 1)
    low = math.floor(place)
    high = min(low + 1, values.size - 1)
    part = place - low
    if part == 0.0:
        return float(values[low])
    return float(values[low] + (values[high] - values[low]) * part)


def summarise(values: Floats, metric: Metric) -> dict[str, Any]:
    """Statistics of one metric over the paths.

    Undefined paths sort to the bad end of the quantiles, and a quantile that falls on one is None;
    mean and standard deviation are over the others.
    """
    defined = values[~np.isnan(values)]
    share = defined.size / values.size
    ordered = np.sort(defined)
    gap = np.full(values.size - defined.size, np.nan)
    ordered = np.concatenate([ordered, gap] if metric.undefined == "high" else [gap, ordered])
    row: dict[str, Any] = {"unit": metric.unit, "mean": None, "mean_se": None, "std": None}
    if defined.size:
        mean = exact_mean(defined)
        row["mean"] = mean
        if defined.size > 1:
            spread = math.sqrt(math.fsum(((defined - mean) ** 2).tolist()) / (defined.size - 1))
            row["std"] = spread
            row["mean_se"] = spread / math.sqrt(defined.size)
    for name, at in QUANTILES:
        value = quantile_of_sorted(ordered, at)
        row[name] = None if math.isnan(value) else value
    row["share_defined"] = share
    return row


def summary_of(metrics: Floats) -> dict[str, dict[str, Any]]:
    """Statistics of all metrics; `metrics` is (paths, metrics)."""
    return {metric.name: summarise(metrics[:, i], metric) for i, metric in enumerate(METRICS)}


def probability_above_zero(values: Floats) -> float:
    """Share of paths above zero."""
    return float(np.count_nonzero(values > 0.0)) / values.size


def nearest_to_median(values: Floats) -> int:
    """Path whose value is nearest to the median, the first of equals."""
    middle = quantile_of_sorted(np.sort(values), 0.5)
    return int(np.argmin(np.abs(values - middle)))
