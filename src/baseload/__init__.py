"""baseload: what happens when a power plant feeds a Bitcoin mine.

>>> import baseload
>>> scenario = baseload.load("susquehanna")
>>> scenario.with_({"years": 2}).model.years
2
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from baseload.comparison import Comparison, compare
    from baseload.run_folder import open_study
    from baseload.scenario.scenario import Scenario, load
    from baseload.study import Study, run

__all__ = [
    "Comparison",
    "Scenario",
    "Study",
    "__version__",
    "compare",
    "load",
    "open_study",
    "run",
]

# Imported on first use, so that `baseload --help` loads neither compiler nor frames.
_HOMES = {
    "load": "baseload.scenario.scenario",
    "Scenario": "baseload.scenario.scenario",
    "run": "baseload.study",
    "Study": "baseload.study",
    "open_study": "baseload.run_folder",
    "compare": "baseload.comparison",
    "Comparison": "baseload.comparison",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'baseload' has no attribute {name!r}")
