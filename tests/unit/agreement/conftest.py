"""A small accord and made-up runs, so that everything after the simulation is tested without one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from baseload.agreement.simulated import Simulated
from baseload.engine.outputs import METRIC_NAMES
from baseload.parties.schema import Accord

MONTHS = 24
PATHS = 4


def run_of(
    monthly: float,
    spread: float = 0.0,
    tax: float = 0.0,
    works: float = 0.0,
    mine: float = 0.0,
    idle: float = -2e6,
    mined_from: int | None = 0,
) -> Simulated:
    """A run with the same cash each month, `spread` apart from path to path. [USD]"""
    shape = (MONTHS, PATHS)
    paths = (np.arange(PATHS) - (PATHS - 1) / 2.0) * spread
    cash = (np.full(shape, monthly) + paths).astype(np.float32)
    revenue = (np.maximum(cash, 0.0) + tax + works + mine + 1e6).astype(np.float32)
    metrics = np.zeros((PATHS, len(METRIC_NAMES)))
    metrics[:, METRIC_NAMES.index("npv_usd")] = np.arange(PATHS)
    first = np.nan if mined_from is None else float(mined_from)

    def same(value: float) -> Any:
        return np.full(shape, value, np.float32)

    return Simulated(
        metrics=metrics,
        cash=cash,
        idle_cash=same(idle),
        revenue=revenue,
        works=same(works),
        mine_capital=same(mine),
        tax=same(tax),
        safety=same(1e6),
        mining_revenue=np.full(MONTHS, 0.0 if mined_from is None else 3e6),
        first_mining_months=np.full(PATHS, first),
    )


def accord_with(**changes: Any) -> Accord:
    document: dict[str, Any] = {
        "as_of": "2026-11-24",
        "idle_cost": {"holder": 1.0},
        "parties": [
            {"name": "holder", "rights": ["possession"], "discount_rate": 0.0},
            {"name": "owner", "rights": ["title"], "discount_rate": 0.0},
        ],
        "configurations": [
            {
                "name": "both",
                "needs": ["possession", "title"],
                "taxed_by": "owner",
                "source": "assumed: a test's",
            },
            {
                "name": "alone",
                "needs": ["possession"],
                "without": ["owner"],
                "source": "assumed: a test's",
            },
        ],
        "arrangements": [
            {"name": "nothing", "state": {"armed": True}},
            {
                "name": "together",
                "members": ["holder", "owner"],
                "configuration": "both",
                "operator": "holder",
                "state": {"armed": False},
                "terms": {
                    "capital": {"holder": 0.5, "owner": 0.5},
                    "shares": {"holder": 0.5, "owner": 0.5},
                },
            },
        ],
    }
    document.update(changes)
    return Accord.model_validate(document)


@pytest.fixture
def accord() -> Accord:
    return accord_with()


@pytest.fixture
def runs() -> dict[str, Simulated]:
    return {"both": run_of(4e6, spread=1e6, tax=1e6), "alone": run_of(-3e6)}
