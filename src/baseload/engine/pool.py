"""Chunks of paths on a pool of threads, with progress and a clean Ctrl-C."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.engine.milestone_kernels import NEVER
from baseload.engine.outputs import METRIC_NAMES, METRICS
from baseload.engine.path import simulate_paths
from baseload.engine.plan import Plan
from baseload.engine.series import SeriesStore, sums_in_order
from baseload.engine.state import Outputs, Works, milestone_count, outputs, works
from baseload.errors import Fault, InputError

Progress = Callable[[int, int, str], None]

# A chunk is long enough that starting it costs nothing, and short enough that no thread is left
# waiting long for the last one.
LARGEST_CHUNK_BY_ITSELF = 64
CHUNKS_PER_THREAD = 16
PROGRESS_SECONDS = 0.1
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
    4: (
        "mine.trips_per_year",
        "more than 16,384 trips of the mine on a path",
        "a rate at which a path has fewer",
    ),
}


class Results(NamedTuple):
    """What is left of all paths of a study.

    Attributes
    ----------
    metrics : float64 (P, metrics)
    error : int64 (P,)
        0, or the number of a fault.
    balance : int64 (P, 3)
        What the identities of energy, demand and cash leave over; all zero.
    milestones : int64 (P, D)
        First hour of each of `Plan.milestones`, below zero for never.
    series : SeriesStore
        Of no paths where none were asked for; to be closed by who has them.
    """

    metrics: npt.NDArray[np.float64]
    error: npt.NDArray[np.int64]
    balance: npt.NDArray[np.int64]
    milestones: npt.NDArray[np.int64]
    series: SeriesStore


class EngineFault(RuntimeError):
    """A fault of ours: an identity that does not hold."""


def default_threads() -> int:
    """Processors that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on every system
        return max(1, os.cpu_count() or 1)


def chunk_size(paths: int, threads: int) -> int:
    """Paths of a chunk where nobody asks for a size.

    Examples
    --------
    >>> chunk_size(1_000, 2), chunk_size(10_000, 2), chunk_size(3, 8)
    (31, 64, 1)
    """
    return max(1, min(LARGEST_CHUNK_BY_ITSELF, paths // (CHUNKS_PER_THREAD * threads)))


def warm(plan: Plan) -> float:
    """Compile or load the kernels by simulating one path; returns the seconds it took."""
    begin = time.perf_counter()
    simulate_paths(
        plan.setups,
        works(plan.setups, trace=False),
        plan.draw(0, 1),
        0,
        outputs(1, plan.setups),
    )
    sums_in_order(np.zeros((1, 1), np.float32), np.zeros(1))
    return time.perf_counter() - begin


def simulate(
    plan: Plan,
    paths: int,
    threads: int,
    progress: Progress | None,
    words: str,
    chunk_paths: int | None = None,
    with_series: bool = True,
) -> Results:
    """Results of paths 0 to `paths` - 1, the same bytes for any count of threads and size of chunks.

    Raises
    ------
    EngineFault
        Where energy or money does not balance on a path.
    InputError
        Where a path has more events than memory was made for.
    KeyboardInterrupt
        After the chunks under way have ended.
    MachineFault
        Where there is no room for the series of many paths.
    """
    months = plan.horizon.months
    size = min(chunk_paths or chunk_size(paths, threads), paths)
    result = Results(
        metrics=np.full((paths, len(METRICS)), np.nan),
        error=np.zeros(paths, np.int64),
        balance=np.zeros((paths, 3), np.int64),
        milestones=np.full((paths, milestone_count(plan.setups)), NEVER, np.int64),
        series=SeriesStore(paths if with_series else 0, months),
    )
    starts = iter(range(0, paths, size))
    lock = threading.Lock()
    ended = threading.Event()
    done = 0

    def work_off() -> None:
        nonlocal done
        work = works(plan.setups, trace=False)
        memory = outputs(size, plan.setups).series
        while not ended.is_set():
            with lock:
                first = next(starts, None)
            if first is None:
                return
            end = min(first + size, paths)
            # Memory is used again: nothing of another path may be left in it.
            series = memory[: end - first]
            series.fill(0.0)
            part = Outputs(
                metrics=result.metrics[first:end],
                series=series,
                error=result.error[first:end],
                balance=result.balance[first:end],
                milestones=result.milestones[first:end],
            )
            simulate_paths(plan.setups, work, plan.draw(first, end - first), first, part)
            if with_series:
                result.series.put(first, series)
            with lock:
                done += end - first

    workers = min(threads, -(-paths // size))
    try:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            waiting: set[Future[None]] = {pool.submit(work_off) for _ in range(workers)}
            try:
                while waiting:
                    finished, waiting = wait(waiting, PROGRESS_SECONDS, FIRST_EXCEPTION)
                    for future in finished:
                        future.result()
                    if progress is not None:
                        progress(done, paths, words)
            finally:
                ended.set()
        verify(result)
    except BaseException:
        result.series.close()
        raise
    return result


def verify(result: Results | Outputs) -> None:
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
    result = outputs(1, plan.setups)
    simulate_paths(plan.setups, work, plan.draw(path, 1), path, result)
    verify(result)
    return work, result
