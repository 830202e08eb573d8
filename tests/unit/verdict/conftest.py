"""A study that did not have to run: frames by hand, four paths of two years."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars
import pytest

from baseload.clock import Horizon, month_dates
from baseload.engine.outputs import METRIC_NAMES, METRICS, SERIES
from baseload.study import Study

SCENARIO = """\
title = "By hand"
start = 2027-07-01
years = 2
phase = "ceasefire"

[plant]
technology = "hydro"

[[plant.units]]
name = "A"
gross_mw = 105
net_mw = { uniform = [90, 100] }
state = "running"

[[plant.units]]
name = "B"
gross_mw = 55
net_mw = 50
state = "cold shutdown"
enabled = false

[grid]
export_limit_mw = 60
[grid.price]
level_usd_per_mwh = 50

[[fleet]]
model = "antminer-s21"
mine_mw = { uniform = [30, 40] }
order = 2027-07-01

[[fleet]]
enabled = false
model = "antminer-s21"
mine_mw = 1000
order = 2027-07-01

[network.price_usd]
fixed = 60000
"""

CLAIMS = """
[[claims]]
name   = "significant"
quote  = "a significant part"
source = "a paper, 2025-12-25"
holds  = "median(network_share_peak) >= significant"

[[claims]]
name   = "soon"
quote  = "soon"
source = "a paper, 2025-12-25"
holds  = "probability_of_mining_by(short_term) < very_unlikely"

[words]
significant   = 0.15
short_term    = 2027-12-31
very_unlikely = 0.05
"""

START = date(2027, 7, 1)
NET_MW = (90.0, 92.0, 96.0, 100.0)
MINE_MW = (30.0, 32.0, 36.0, 40.0)


def a_study(text: str = SCENARIO, security: dict[str, Any] | None = None) -> Study:
    horizon = Horizon(START, 2)
    months = horizon.months
    metrics: dict[str, Any] = {"path": np.arange(4)}
    metrics |= {name: np.arange(4.0) for name in METRIC_NAMES}
    metrics["network_share_peak"] = [0.1, 0.2, 0.2, 0.2]
    metrics["bitcoin_mined"] = [0.0, 10.0, 20.0, 40.0]
    metrics["mine_mwh"] = [0.0, 1000.0, 1000.0, 8000.0]
    metrics["produced_mwh"] = [0.0, 1e6, 1e6, 2e6]
    metrics["payback_years"] = [None, 3.0, 4.0, 5.0]
    # Every series counts its months: mean 0, 1, 2 and so on, quantiles around it.
    steps = np.tile(np.arange(float(months)), len(SERIES))
    series = {
        "name": np.repeat([name for name, _ in SERIES], months),
        "unit": np.repeat([unit for _, unit in SERIES], months),
        "month": np.tile(np.arange(months, dtype=np.int32), len(SERIES)),
        "date": list(month_dates(horizon)) * len(SERIES),
        "mean": steps,
        "p05": steps - 3.0,
        "p25": steps - 1.0,
        "p50": steps - 2.0,
        "p75": steps + 1.0,
        "p95": steps + 3.0,
    }
    facts = {
        "scenario": "by-hand",
        "title": "By hand",
        "summary": "",
        "conditional_on": "agreed",
        "money": "USD 2026, real",
        "start": START.isoformat(),
        "years": 2,
        "seed": 1,
        "paths": 4,
        "version": "0",
        "scenario_sha256": "0",
        "representative_path": 0,
        "probability_of_gain": {},
        "flip": None,
        "certificate": None,
        "security": security,
        "warnings": [],
        "sources": {},
    }
    return Study(
        scenario_text=text,
        facts=facts,
        metrics=polars.DataFrame(metrics),
        inputs=polars.DataFrame(
            {
                "path": np.arange(4),
                "plant.units[A].net_mw": NET_MW,
                "fleet.0.mine_mw": MINE_MW,
            }
        ),
        milestones=polars.DataFrame({"path": np.arange(4)}),
        series=polars.DataFrame(series),
        dispatch=polars.DataFrame(
            {"time": [0], "available_kw": [0], "mine_kw": [0], "export_kw": [0]}
        ),
        ledger=polars.DataFrame({"variant": ["run"], "month": [0], "line": ["x"], "cents": [0]}),
        payouts=polars.DataFrame(
            {"month": [0], "party": ["A"], "line": ["tax"], "cents": [0], "satoshis": [0]}
        ),
        summary={metric.name: {"unit": metric.unit} for metric in METRICS},
        timings={"total_seconds": 1.0},
    )


@pytest.fixture
def study() -> Study:
    return a_study()
