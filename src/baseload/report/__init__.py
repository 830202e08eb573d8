"""The report of a study, and of a comparison of studies: one self-contained page each."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baseload.report.comparison import render_comparison, write_comparison
    from baseload.report.page import render_report, write_report

__all__ = ["render_comparison", "render_report", "write_comparison", "write_report"]

# Imported on first use, so that a shell learns the names of figures without the rest.
_HOMES = {
    "render_comparison": "baseload.report.comparison",
    "render_report": "baseload.report.page",
    "write_comparison": "baseload.report.comparison",
    "write_report": "baseload.report.page",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
