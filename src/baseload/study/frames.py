"""The tables of a study: what the engine's arrays say, with names, dates and units."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from baseload.clock import Horizon, month_dates
from baseload.dispatch.work import TRACE
from baseload.engine.outputs import METRICS, SERIES
from baseload.engine.plan import Plan
from baseload.engine.state import Works
from baseload.engine.sums import M_SAT
from baseload.money.ledger import LINES, RUN, VARIANTS
from baseload.scenario.scenario import Scenario
from baseload.sharing.cash import cash_from_ledger
from baseload.sharing.lines import Row, ledger_rows
from baseload.sharing.payout import pay_out

if TYPE_CHECKING:
    import polars

DRAWN_AT_ONCE = 4096


def metrics_frame(metrics: npt.NDArray[np.float64]) -> polars.DataFrame:
    import polars

    columns: dict[str, Any] = {"path": np.arange(metrics.shape[0], dtype=np.int64)}
    columns.update({metric.name: metrics[:, i] for i, metric in enumerate(METRICS)})
    return polars.DataFrame(columns, nan_to_null=True)


def inputs_frame(made: Plan, paths: int) -> polars.DataFrame:
    import polars

    places = np.flatnonzero(made.uncertain)
    drawn = [np.empty(paths) for _ in places]
    for first in range(0, paths, DRAWN_AT_ONCE):
        rows = made.draw(first, min(DRAWN_AT_ONCE, paths - first))
        for column, place in zip(drawn, places, strict=True):
            column[first : first + len(rows)] = rows[:, place]
    found = [polars.Series("path", np.arange(paths, dtype=np.int64))]
    for place in places[::-1]:
        # The last column first, so that no two copies of all of them exist at a time.
        found.insert(1, polars.Series(made.addresses[place], drawn.pop()))
    return polars.DataFrame(found)


def milestones_frame(made: Plan, milestones: npt.NDArray[np.int64]) -> polars.DataFrame:
    """When each milestone of a plan comes on each path, in UTC; null for never."""
    import polars

    start = np.datetime64(made.horizon.start, "ms")
    when = start + milestones * np.timedelta64(1, "h")
    when[milestones < 0] = np.datetime64("NaT")
    columns: dict[str, Any] = {"path": np.arange(len(milestones), dtype=np.int64)}
    columns.update({name: when[:, i] for i, name in enumerate(made.milestones)})
    return polars.DataFrame(columns).with_columns(
        polars.selectors.datetime().dt.replace_time_zone("UTC")
    )


def series_frame(
    quantiles: dict[str, npt.NDArray[np.float64]], horizon: Horizon
) -> polars.DataFrame:
    import polars

    months = horizon.months
    columns: dict[str, Any] = {
        "name": np.repeat([name for name, _ in SERIES], months),
        "unit": np.repeat([unit for _, unit in SERIES], months),
        "month": np.tile(np.arange(months, dtype=np.int32), len(SERIES)),
        "date": list(month_dates(horizon)) * len(SERIES),
    }
    for name in ("mean", "p05", "p25", "p50", "p75", "p95"):
        columns[name] = quantiles[name].reshape(-1)
    return polars.DataFrame(columns).with_columns(polars.col("date").cast(polars.Date))


def dispatch_frame(traced: Works, horizon: Horizon) -> polars.DataFrame:
    import polars

    start = np.datetime64(horizon.start, "us")
    columns: dict[str, Any] = {"time": start + np.arange(horizon.hours) * np.timedelta64(1, "h")}
    for i, name in enumerate(TRACE):
        values = traced.trace[:, i]
        if "_milli_" in name:
            columns[name.replace("milli_", "")] = values / 1000.0
        else:
            columns[name] = values.astype(np.int32)
    return polars.DataFrame(columns).with_columns(polars.col("time").dt.replace_time_zone("UTC"))


def ledger_frame(traced: Works, horizon: Horizon) -> polars.DataFrame:
    import polars

    months, lines = horizon.months, len(LINES)
    columns: dict[str, Any] = {
        "variant": np.repeat(list(VARIANTS), months * lines),
        "month": np.tile(np.repeat(np.arange(months, dtype=np.int32), lines), len(VARIANTS)),
        "line": np.tile(list(LINES), months * len(VARIANTS)),
        "cents": traced.ledger.reshape(-1),
    }
    return polars.DataFrame(columns)


def payouts_frame(traced: Works, scenario: Scenario) -> polars.DataFrame:
    """The traced path's cash divided by the terms of the arrangement that the scenario runs under."""
    import polars

    rows: list[Row] = []
    accord = scenario.model.accord
    governing = None if accord is None else accord.governing
    if accord is not None and governing is not None and governing.terms is not None:
        run = traced.ledger[RUN]
        coins = np.rint(traced.monthly[M_SAT]).astype(np.int64)
        lines = {line: run[:, i] for i, line in enumerate(LINES)}
        cash = cash_from_ledger(lines, coins)
        if not governing.terms.taxes:
            # The terms tax nobody: the scenario's own tax is a cost before anything is divided.
            tax = lines["tax"]
            cash = dataclasses.replace(cash, operating_cost_cents=cash.operating_cost_cents - tax)
        rows = ledger_rows(cash, pay_out(cash, governing.terms, accord.party_names))
    schema = {
        "month": polars.Int32,
        "party": polars.String,
        "line": polars.String,
        "cents": polars.Int64,
        "satoshis": polars.Int64,
    }
    return polars.DataFrame(rows, schema, orient="row")
