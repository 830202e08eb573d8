"""Scenarios and studies side by side on the same draws: what differs, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.comparison.comparing import Comparison, compare
    from baseload.comparison.paired import Difference, difference_of
    from baseload.comparison.side_by_side import Case, case_of

__all__ = ["Case", "Comparison", "Difference", "case_of", "compare", "difference_of"]

# Imported on first use: to set saved studies side by side needs no engine.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "comparing": ("Comparison", "compare"),
        "paired": ("Difference", "difference_of"),
        "side_by_side": ("Case", "case_of"),
    },
)
