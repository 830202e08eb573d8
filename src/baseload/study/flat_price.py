"""What a study's worth owes to the coin's price: without its growth, and at its dear end."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.engine.outputs import METRIC_NAMES, SERIES
from baseload.engine.plan import plan
from baseload.engine.pool import Progress, simulate
from baseload.network.setup import FLAT_MEDIAN
from baseload.scenario.scenario import Scenario
from baseload.summary import probability_above_zero, quantile_of_sorted
from baseload.units import human

MOST_BITCOIN = 21_000_000
# Above so much for all bitcoin a price is beyond anything seen: said, not forbidden.
COIN_WORTH_USD = 100e12


def without_growth(
    scenario: Scenario,
    seed: int,
    paths: int,
    threads: int,
    progress: Progress | None,
    given: npt.NDArray[np.float64],
) -> dict[str, Any] | None:
    """Value of mining on the same draws with the median of the coin's price held flat; None without a mine."""
    if not any(
        batch.enabled and batch.mine_mw.support()[1] > 0.0 for batch in scenario.model.fleet
    ):
        return None
    flat = plan(scenario.model, scenario.folder, seed, FLAT_MEDIAN)
    words = "without growth of the coin's price"
    result = simulate(flat, paths, threads, progress, words, with_series=False)
    column = METRIC_NAMES.index("npv_gain_over_grid_only_usd")
    with_growth = quantile_of_sorted(np.sort(given[:paths, column]), 0.5)
    without = quantile_of_sorted(np.sort(result.metrics[:, column]), 0.5)
    return {
        "paths": paths,
        "value_of_mining_p50_usd": with_growth,
        "value_of_mining_p50_usd_without_price_growth": without,
        "probability_of_gain": probability_above_zero(given[:paths, column]),
        "probability_of_gain_without_price_growth": probability_above_zero(
            result.metrics[:, column]
        ),
        "flips": (with_growth > 0.0) != (without > 0.0),
    }


def coin_warning(p95: npt.NDArray[np.float64]) -> list[str]:
    """Said where the dear end of the coin's price leaves what anyone has seen: means rest on it.

    Parameters
    ----------
    p95 : ndarray (S, M)
        95 % quantile over the paths of every series and month, in the order of `outputs.SERIES`.
    """
    price = [name for name, _ in SERIES].index("bitcoin_price_usd")
    at_end = float(p95[price, -1])
    worth = at_end * MOST_BITCOIN
    if not worth > COIN_WORTH_USD:
        return []
    return [
        f"on one path in twenty a bitcoin ends above {human(at_end, 'USD')}, which makes all of them worth"
        f" {human(worth, 'USD')}: means rest on such paths, medians do not"
    ]
