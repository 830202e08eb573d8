"""A study that never ran."""

from __future__ import annotations

from typing import Any

import polars

import baseload
from baseload.engine.outputs import METRIC_NAMES

FACTS: dict[str, Any] = {
    "scenario": "made-up",
    "title": "Made up",
    "summary": "",
    "conditional_on": "agreed and begun on 2027-01-01",
    "money": "USD",
    "start": "2027-01-01",
    "years": 2,
    "seed": 7,
    "version": "1",
    "scenario_sha256": "00",
    "representative_path": 0,
    "probability_of_gain": {},
    "flip": None,
    "warnings": [],
    "sources": {},
}


def made_up(
    paths: int = 4,
    metrics: dict[str, list[float | None]] | None = None,
    text: str = "",
    **facts: Any,
) -> baseload.Study:
    """A study that never ran, of which all metrics are zero but those given."""
    columns: dict[str, Any] = {"path": range(paths)}
    columns.update({name: [0.0] * paths for name in METRIC_NAMES})
    columns.update(metrics or {})
    empty = polars.DataFrame()
    return baseload.Study(
        scenario_text=text,
        facts={**FACTS, "paths": paths, **facts},
        metrics=polars.DataFrame(columns),
        inputs=empty,
        milestones=empty,
        series=empty,
        dispatch=empty,
        ledger=empty,
        payouts=empty,
        summary={},
        timings={},
    )
