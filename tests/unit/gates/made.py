"""Gates for tests, in few words."""

from __future__ import annotations

from datetime import date
from typing import Any

from baseload.gates.pool import PooledGate, pool_gates
from baseload.gates.schema import Gate, GatesPool

AS_OF = date(2026, 11, 24)
Three = tuple[float, float, float]


def points(three: Three | float) -> dict[str, float]:
    """Three points, or three times the same."""
    low, best, high = three if isinstance(three, tuple) else (three, three, three)
    return {"low": low, "best": best, "high": high}


def opinion(
    probability: Three | float, months: Three | float | None = 6.0, by: str = "one", **rest: Any
) -> dict[str, Any]:
    """An opinion as a scenario has it."""
    made = {"by": by, "probability": points(probability), "source": "a test, 2026", **rest}
    return made if months is None else {**made, "months": points(months)}


def gate(
    name: str, probability: Three | float = 0.5, months: Three | float | None = 6.0, **rest: Any
) -> dict[str, Any]:
    """A gate with one opinion, or with those given."""
    if "lasts_years" in rest:
        rest = {"lasts_source": "assumed: made for a test", **rest}
        rest["lasts_years"] = points(rest["lasts_years"])
    return {"name": name, "opinions": [opinion(probability, months)], **rest}


def pooled(*gates: dict[str, Any], **pool: Any) -> tuple[PooledGate, ...]:
    """Gates with their opinions combined."""
    read = [Gate.model_validate(one) for one in gates]
    return pool_gates(read, GatesPool.model_validate({"as_of": AS_OF, **pool}))
