"""baseload: what happens when a power plant feeds a Bitcoin mine.

>>> import baseload
>>> scenario = baseload.load("susquehanna")
>>> scenario.with_({"years": 2}).model.years
2
"""

from __future__ import annotations

import importlib
import time
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from baseload.comparison import Comparison, compare
    from baseload.scenario.scenario import Scenario, load
    from baseload.study import Study, run
    from baseload.study.folder import open_study

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
    "run": "baseload.study.simulation",
    "Study": "baseload.study.results",
    "open_study": "baseload.study.folder",
    "compare": "baseload.comparison.comparing",
    "Comparison": "baseload.comparison.comparing",
}


# Parts that are of use by themselves, as `baseload.security`.
_PARTS = (
    "accord",
    "dispatch",
    "expression",
    "gates",
    "law",
    "network",
    "screening",
    "security",
    "sharing",
)


_imported_seconds = 0.0


def import_seconds() -> float:
    """Seconds that this process spent on importing what the names above stand for."""
    return _imported_seconds


def __getattr__(name: str) -> Any:
    global _imported_seconds
    if name in _HOMES or name in _PARTS:
        begin = time.perf_counter()
        module = importlib.import_module(_HOMES.get(name, f"baseload.{name}"))
        _imported_seconds += time.perf_counter() - begin
        return module if name in _PARTS else getattr(module, name)
    raise AttributeError(f"module 'baseload' has no attribute {name!r}")
