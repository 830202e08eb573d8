"""What configurations come to: the cash of each, path by path and month by month, on the same draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baseload.engine.outputs import METRIC_NAMES, SERIES
from baseload.engine.plan import Plan, plan
from baseload.engine.pool import Job, Results
from baseload.engine.series import SeriesStore
from baseload.numerics import power
from baseload.scenario.scenario import Scenario
from baseload.summary import exact_mean

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

_MONEY = (
    "net_cash_usd",
    "net_cash_idle_usd",
    "revenue_usd",
    "works_cost_usd",
    "mine_capital_cost_usd",
    "tax_usd",
    "safety_cost_usd",
)
_SERIES_NAMES = tuple(name for name, _ in SERIES)


@dataclass(frozen=True)
class Simulated:
    """The money of one configuration over P paths and M months, in USD before any split.

    Attributes
    ----------
    metrics : ndarray (P, metrics)
        In the order of `METRIC_NAMES`.
    cash, idle_cash, revenue, works, mine_capital, tax, safety : ndarray (M, P)
        Net cash after tax; the same with the plant idle; what mining, tariffs and export bring in;
        what projects and restarts cost; machines and halls; tax; the safety programme. Costs are
        above zero.
    mining_revenue : ndarray (M,)
        Mean over the paths.
    first_mining_months : ndarray (P,)
        Months from the start until a bitcoin is mined; NaN where none is.
    """

    metrics: Floats
    cash: Singles
    idle_cash: Singles
    revenue: Singles
    works: Singles
    mine_capital: Singles
    tax: Singles
    safety: Singles
    mining_revenue: Floats
    first_mining_months: Floats

    @property
    def paths(self) -> int:
        """Count of paths."""
        return int(self.metrics.shape[0])

    @property
    def months(self) -> int:
        """Length of the horizon. [months]"""
        return int(self.cash.shape[0])

    def metric(self, name: str) -> Floats:
        """One metric of all paths."""
        return self.metrics[:, METRIC_NAMES.index(name)]


def job_of(plan: Callable[[], Plan | None], paths: int, words: str) -> Job[Simulated]:
    """What a pool has to do for the money of one configuration."""

    def keep(result: Results) -> Simulated:
        with result.series as store:
            return of_results(result.metrics, store, paths)

    return Job(words, paths, plan, keep)


def plan_of(scenario: Scenario, seed: int) -> Plan:
    """The plan of a configuration's scenario."""
    return plan(scenario.model, scenario.folder, seed)


def of_results(metrics: Floats, store: SeriesStore, paths: int) -> Simulated:
    """The same from a run that is there: of its first paths, which more paths do not change.

    Parameters
    ----------
    metrics : ndarray (P, metrics)
    store : SeriesStore
        Of as many paths, not yet closed.
    paths : int
        How many to take, at most P.
    """

    def months_of(name: str) -> Singles:
        series = store.month_by_month(_SERIES_NAMES.index(name), 0, store.months)
        return np.array(series[:, :paths])

    cash, idle_cash, revenue, works, mine_capital, tax, safety = map(months_of, _MONEY)
    bitcoin, price = months_of("bitcoin_mined"), months_of("bitcoin_price_usd")
    mined = bitcoin > 0.0
    first = np.where(mined.any(axis=0), mined.argmax(axis=0).astype(np.float64), np.nan)
    return Simulated(
        metrics=metrics[:paths].copy(),
        cash=cash,
        idle_cash=idle_cash,
        revenue=revenue,
        works=works,
        mine_capital=mine_capital,
        tax=tax,
        safety=safety,
        mining_revenue=means_by_month(bitcoin.astype(np.float64) * price),
        first_mining_months=first,
    )


def means_by_month(rows: Floats | Singles) -> Floats:
    """Means (M,) of rows (M, P) over the paths, by exact sums."""
    return np.array([exact_mean(row.astype(np.float64)) for row in rows])


def present_values(flow: Floats | Singles, rate: float) -> Floats:
    """What monthly flows (M, P) are worth at the start, path by path.

    Parameters
    ----------
    flow : ndarray (M, P)
        At the end of each month. [USD]
    rate : float
        Per year.

    Returns
    -------
    ndarray (P,)
        Flows times ``(1 + rate) ** -((m + 1) / 12)``, added up in the order of the months, so that
        no machine comes to other digits. [USD]
    """
    total = np.zeros(flow.shape[1])
    for month, row in enumerate(flow):
        total += row.astype(np.float64) * power(1.0 + rate, -(month + 1) / 12.0)
    return total
