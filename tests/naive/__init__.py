"""The kernels once more in plain Python: slow, obvious, the reference that kernels must equal.

A twin is written from what a scenario's descriptions say, hour by hour, with strings for states and
dictionaries for results. It takes the document itself and a path's numbers by their address, never
the arrays of a setup, so that the making of setups is held to it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from baseload.clock import Horizon
from baseload.distributions import Distribution
from baseload.draws import pack, quantile
from baseload.engine.plan import Plan, plan
from baseload.randomness import exponential, stream_key, uniform
from baseload.scenario.schema import ScenarioDocument


def document(plant: Mapping[str, Any], **sections: Any) -> ScenarioDocument:
    """A scenario of one year from 2027 with this plant; `sections` replace the others."""
    return ScenarioDocument.model_validate(
        {
            "title": "small",
            "start": "2027-01-01",
            "years": 1,
            "plant": plant,
            "grid": {"export_limit_mw": 1000.0},
            "network": {"price_usd": {"fixed": 60000.0}},
            **sections,
        }
    )


@dataclass(frozen=True)
class Case:
    """One path of a scenario: the document, its plan, and the path's numbers by address."""

    scenario: ScenarioDocument
    planned: Plan
    seed: int
    path: int
    values: Mapping[str, float]

    @property
    def horizon(self) -> Horizon:
        """Start and length."""
        return self.planned.horizon

    @property
    def hours(self) -> int:
        """Hours of the horizon."""
        return self.planned.horizon.hours

    def instant(self, hour: int) -> datetime:
        """Instant at which an hour begins, UTC."""
        return datetime.combine(self.scenario.start, time(), UTC) + timedelta(hours=hour)

    def month(self, hour: int) -> int:
        """Month of the horizon that an hour lies in, from 0."""
        when = self.instant(hour)
        return (when.year - self.scenario.start.year) * 12 + when.month - self.scenario.start.month

    def uniform(self, stream: str, index: int) -> float:
        """Uniform draw of this path from a stream."""
        return float(uniform(stream_key(self.seed, stream), self.path, index))

    def exponential(self, stream: str, index: int) -> float:
        """Exponential draw of this path from a stream, mean 1."""
        return float(exponential(stream_key(self.seed, stream), self.path, index))

    def drawn(self, distribution: Distribution, stream: str, index: int) -> float:
        """The index-th number of what is drawn anew at each event."""
        return float(quantile(pack([distribution]), 0, self.uniform(stream, index)))


def case(scenario: ScenarioDocument, seed: int = 1, path: int = 0, folder: Path = Path()) -> Case:
    """The scenario planned under `seed`, and the numbers of one path."""
    planned = plan(scenario, folder, seed)
    row = planned.draw(path, 1)[0]
    values = dict(zip(planned.addresses, row.tolist(), strict=True))
    return Case(scenario, planned, seed, path, values)
