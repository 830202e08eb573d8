"""What must be granted before mining can begin: how likely, when, what binds, and what it is worth then.

Opinions of named sources become distributions (`opinion`), are pooled (`pool`, `cooke`) and drawn
(`simulate`); the rest reads the draws.

>>> from baseload.gates import log_odds_pool
>>> round(log_odds_pool([0.1, 0.1, 0.5]), 3)
0.188
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baseload.gates.binding import Binding, binding_gates
    from baseload.gates.changes import Change, SmallestChanges, smallest_changes
    from baseload.gates.check import check_gates, pairs_of
    from baseload.gates.cooke import Performance, cooke_weights
    from baseload.gates.opinion import Curve, curve_of, mixture
    from baseload.gates.outcomes import (
        Estimate,
        first_mining_by,
        gate_probabilities,
        probability_by,
        probability_of_ever,
        probability_of_lasting,
        start_quantiles,
        start_table,
    )
    from baseload.gates.pool import PooledGate, linear_pool, log_odds_pool, pool_gates
    from baseload.gates.schema import Gate, GatesPool, Opinion
    from baseload.gates.simulate import Passage, simulate, simulate_all
    from baseload.gates.start_value import StartValue, start_value

# Imported on first use: whoever reads a scenario needs no compiler.
_HOMES = {
    "Binding": "binding",
    "Change": "changes",
    "Curve": "opinion",
    "Estimate": "outcomes",
    "Gate": "schema",
    "GatesPool": "schema",
    "Opinion": "schema",
    "Passage": "simulate",
    "Performance": "cooke",
    "PooledGate": "pool",
    "SmallestChanges": "changes",
    "StartValue": "start_value",
    "binding_gates": "binding",
    "check_gates": "check",
    "cooke_weights": "cooke",
    "curve_of": "opinion",
    "first_mining_by": "outcomes",
    "gate_probabilities": "outcomes",
    "linear_pool": "pool",
    "log_odds_pool": "pool",
    "mixture": "opinion",
    "pairs_of": "check",
    "pool_gates": "pool",
    "probability_by": "outcomes",
    "probability_of_ever": "outcomes",
    "probability_of_lasting": "outcomes",
    "simulate": "simulate",
    "simulate_all": "simulate",
    "smallest_changes": "changes",
    "start_quantiles": "outcomes",
    "start_table": "outcomes",
    "start_value": "start_value",
}

__all__ = [
    "Binding",
    "Change",
    "Curve",
    "Estimate",
    "Gate",
    "GatesPool",
    "Opinion",
    "Passage",
    "Performance",
    "PooledGate",
    "SmallestChanges",
    "StartValue",
    "binding_gates",
    "check_gates",
    "cooke_weights",
    "curve_of",
    "first_mining_by",
    "gate_probabilities",
    "linear_pool",
    "log_odds_pool",
    "mixture",
    "pairs_of",
    "pool_gates",
    "probability_by",
    "probability_of_ever",
    "probability_of_lasting",
    "simulate",
    "simulate_all",
    "smallest_changes",
    "start_quantiles",
    "start_table",
    "start_value",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"baseload.gates.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'baseload.gates' has no attribute {name!r}")
