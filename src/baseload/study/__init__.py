"""A study: a scenario run over paths, what it found, and the folder that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.study.folder import open_study
    from baseload.study.results import Study
    from baseload.study.simulation import run

__all__ = ["Study", "open_study", "run"]

# Imported on first use: whoever opens a study needs no engine.
__getattr__, __dir__ = on_first_use(
    __name__, {"folder": ("open_study",), "results": ("Study",), "simulation": ("run",)}
)
