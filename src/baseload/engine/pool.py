"""Chunks of paths on a pool of threads, with progress and a clean Ctrl-C."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from baseload.engine.outputs import METRIC_NAMES
from baseload.engine.path import simulate_paths
from baseload.engine.plan import Plan
from baseload.engine.state import Outputs, Works, outputs, works
from baseload.errors import Fault, InputError

Progress = Callable[[int, int, str], None]

CHUNK_PATHS = 8
NEVER_BELOW_ZERO = (
    "generation_mwh",
    "unserved_firm_mwh",
    "mine_mwh",
    "export_mwh",
    "curtailed_mwh",
    "produced_mwh",
)
FAULTS = {
    1: ("plant", "more than 4,096 plant-wide events on a path", "rates at which a path has fewer"),
    2: (
        "plant.units",
        "more than 65,536 changes of the units on a path",
        "failures that are rarer or fewer units",
    ),
    3: (
        "grid.lines",
        "more than 16,384 changes of the lines on a path",
        "rates at which a path has fewer",
    ),
}


@dataclass(frozen=True)
class Timing:
    """Seconds spent on compiling and on simulating."""

    compile_seconds: float
    engine_seconds: float


class EngineFault(RuntimeError):
    """A fault of ours: an identity that does not hold."""


def default_threads() -> int:
    """Processors that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on every system
        return max(1, os.cpu_count() or 1)


def warm(plan: Plan) -> float:
    """Compile or load the kernel by simulating one path; returns the seconds it took."""
    begin = time.perf_counter()
    simulate_paths(
        plan.setups,
        works(plan.setups, trace=False),
        plan.draw(0, 1),
        0,
        outputs(1, plan.horizon.months),
    )
    return time.perf_counter() - begin


def simulate(
    plan: Plan, paths: int, threads: int, progress: Progress | None, words: str
) -> Outputs:
    """Results of paths 0 to `paths` - 1, the same bytes for any count of threads.

    Raises
    ------
    EngineFault
        Where energy or money does not balance on a path.
    InputError
        Where a path has more events than memory was made for.
    KeyboardInterrupt
        After the chunks under way have ended.
    """
    result = outputs(paths, plan.horizon.months)
    starts = range(0, paths, CHUNK_PATHS)
    memory: list[Works] = [
        works(plan.setups, trace=False) for _ in range(min(threads, len(starts)))
    ]

    def chunk(first: int) -> int:
        count = min(CHUNK_PATHS, paths - first)
        work = memory.pop()
        part = Outputs._make(array[first : first + count] for array in result)
        simulate_paths(plan.setups, work, plan.draw(first, count), first, part)
        memory.append(work)
        return count

    done = 0
    with ThreadPoolExecutor(max_workers=len(memory)) as pool:
        waiting: set[Future[int]] = {pool.submit(chunk, first) for first in starts}
        try:
            while waiting:
                finished, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
                done += sum(future.result() for future in finished)
                if progress is not None:
                    progress(done, paths, words)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    verify(result)
    return result


def verify(result: Outputs) -> None:
    """Hold every path to the identities of energy and money."""
    if result.error.any():
        path = int(np.argmax(result.error != 0))
        field, found, allowed = FAULTS[int(result.error[path])]
        raise InputError(Fault(None, None, None, field, f"{found} (path {path})", allowed))
    if result.balance.any():
        path = int(np.argmax(result.balance.any(axis=1)))
        energy, demand, cash = (int(value) for value in result.balance[path])
        raise EngineFault(
            f"path {path} does not balance: {energy} kWh of energy, {demand} kWh of firm demand, {cash} cents of cash"
        )
    # What is derived as a rest balances by construction; that it is no debt must be looked at.
    for name in NEVER_BELOW_ZERO:
        below = result.metrics[:, METRIC_NAMES.index(name)] < 0.0
        if below.any():
            raise EngineFault(f"path {int(np.argmax(below))}: {name} is below zero")


def trace_path(plan: Plan, path: int) -> tuple[Works, Outputs]:
    """One path with its hours and its ledger, by the same kernel."""
    work = works(plan.setups, trace=True)
    result = outputs(1, plan.horizon.months)
    simulate_paths(plan.setups, work, plan.draw(path, 1), path, result)
    verify(result)
    return work, result
