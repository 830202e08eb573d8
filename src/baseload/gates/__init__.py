"""What must be granted before mining can begin: how likely, when, what binds, and what it is worth then.

Opinions of named sources become distributions (`opinion`), are pooled (`pool`, `cooke`) and drawn
(`passage`); the rest reads the draws.

>>> from baseload.gates import log_odds_pool
>>> round(log_odds_pool([0.1, 0.1, 0.5]), 3)
0.188
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

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
    from baseload.gates.passage import Passage, draw_passage, draw_passages
    from baseload.gates.pool import PooledGate, linear_pool, log_odds_pool, pool_gates
    from baseload.gates.schema import Gate, GatesPool, Opinion
    from baseload.gates.start_worth import StartValue, start_value

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
    "draw_passage",
    "draw_passages",
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
    "smallest_changes",
    "start_quantiles",
    "start_table",
    "start_value",
]

# Imported on first use: whoever reads a scenario needs no compiler.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "binding": ("Binding", "binding_gates"),
        "changes": ("Change", "SmallestChanges", "smallest_changes"),
        "check": ("check_gates", "pairs_of"),
        "cooke": ("Performance", "cooke_weights"),
        "opinion": ("Curve", "curve_of", "mixture"),
        "outcomes": (
            "Estimate",
            "first_mining_by",
            "gate_probabilities",
            "probability_by",
            "probability_of_ever",
            "probability_of_lasting",
            "start_quantiles",
            "start_table",
        ),
        "pool": ("PooledGate", "linear_pool", "log_odds_pool", "pool_gates"),
        "schema": ("Gate", "GatesPool", "Opinion"),
        "passage": ("Passage", "draw_passage", "draw_passages"),
        "start_worth": ("StartValue", "start_value"),
    },
)
