"""Rules for tests: everything that a case does not speak of is plain."""

from __future__ import annotations

from datetime import date
from typing import Any

from baseload.law import Rule

DAY = date(2026, 11, 24)


def rule(name: str, status: str = "prohibited", **changes: Any) -> Rule:
    """A rule of the US on investing, in force since 2020."""
    fields: dict[str, Any] = {
        "jurisdiction": "US",
        "activity": "invest",
        "party": "US persons",
        "instrument": f"Order of {name}",
        "from_on": date(2020, 1, 1),
        "source": "assumed: a case for a test",
        "read_on": DAY,
    }
    return Rule(name=name, status=status, **{**fields, **changes})  # type: ignore[arg-type]
