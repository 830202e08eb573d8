"""How fast this machine is, beside the figures of the documentation."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SCENARIO: Final = "zaporizhzhia"
PATHS: Final = 250
DOCUMENTED_SECONDS: Final = 1.16
"""Seconds of the engine for these paths, warm, as the page on speed has them. [s]"""
DOCUMENTED_ON: Final = "two processors of an AMD EPYC"
_REPEATS: Final = 2


@dataclass(frozen=True)
class Pace:
    """A measurement.

    Attributes
    ----------
    engine_seconds : float
        Of the faster of two runs. [s]
    compile_seconds : float
        To load or make compiled code, the first time. [s]
    path_hours_per_second : float
    threads : int
    load : float or None
        Processes that wanted to run over the last minute.
    """

    engine_seconds: float
    compile_seconds: float
    path_hours_per_second: float
    threads: int
    load: float | None

    @property
    def ratio(self) -> float:
        """Speed of this machine over that of the documentation's."""
        return DOCUMENTED_SECONDS / self.engine_seconds


def measure(progress: Callable[[int, int, str], None] | None = None) -> Pace:
    """Run some paths of the flagship twice, without certificate and accord.

    Parameters
    ----------
    progress : callable, optional
        As for `baseload.run`.
    """
    import baseload

    scenario = baseload.load(SCENARIO)
    timings = []
    for _ in range(_REPEATS):
        study = baseload.run(
            scenario, paths=PATHS, progress=progress, certificate_weeks=0, accord_paths=0
        )
        timings.append(study.timings)
    best = min(timings, key=lambda one: float(one["engine_seconds"]))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return Pace(
        engine_seconds=float(best["engine_seconds"]),
        compile_seconds=float(timings[0]["compile_seconds"]),
        path_hours_per_second=float(best["path_hours_per_second"]),
        threads=int(best["threads"]),
        load=load,
    )
