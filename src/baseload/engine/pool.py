"""Chunks of paths on a pool of threads, with progress and a clean Ctrl-C."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

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
Series = npt.NDArray[np.float32]

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


Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Job(Generic[Kept]):
    """Paths of one plan among several that a pool of threads works through.

    Attributes
    ----------
    words : str
        What progress says meanwhile.
    paths : int
    plan : callable
        Makes the plan, in a thread of the pool, while paths of the job before it run; None where there
        is nothing to run.
    keep : callable
        Called once with what came of all paths, in a thread of the pool; closes the series.
    """

    words: str
    paths: int
    plan: Callable[[], Plan | None]
    keep: Callable[[Results], Kept]


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
    job = Job(words, paths, lambda: plan, lambda found: found)
    (result,) = simulate_in_turn([job], threads, progress, chunk_paths, with_series)
    if result is None:
        raise RuntimeError("no path was run")
    return result


def simulate_in_turn(
    jobs: Sequence[Job[Kept]],
    threads: int,
    progress: Progress | None,
    chunk_paths: int | None = None,
    with_series: bool = True,
) -> list[Kept | None]:
    """What is kept of each job; None for one without a plan.

    One pool works through all of them in their order, so that no thread waits for the last paths of
    a job, nor for the next one's plan.

    Raises
    ------
    EngineFault, InputError, KeyboardInterrupt, MachineFault
        As `simulate`, or what making a plan raises: of the first job that has a fault.
    """
    if not jobs:
        return []
    line = _Line(jobs, threads, chunk_paths, with_series)
    workers = min(threads, line.chunks)
    told = 0
    try:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            waiting = {pool.submit(line.work_off) for _ in range(workers)}
            try:
                while waiting:
                    _, waiting = wait(waiting, PROGRESS_SECONDS)
                    if progress is not None:
                        told = line.tell(progress, told)
            finally:
                line.ended.set()
        if line.faults:
            raise line.faults[min(line.faults)]
    finally:
        line.close()
    return line.kept


class _Begun:
    """A job whose paths run."""

    def __init__(self, number: int, plan: Plan, paths: int, size: int, with_series: bool) -> None:
        months = plan.horizon.months
        self.number, self.plan, self.paths, self.size = number, plan, paths, size
        self.result = Results(
            metrics=np.full((paths, len(METRICS)), np.nan),
            error=np.zeros(paths, np.int64),
            balance=np.zeros((paths, 3), np.int64),
            milestones=np.full((paths, milestone_count(plan.setups)), NEVER, np.int64),
            series=SeriesStore(paths if with_series else 0, months),
        )
        self.starts = iter(range(0, paths, size))


class _Line(Generic[Kept]):
    """Jobs in their order, cut into chunks that the threads of a pool take one after the other."""

    def __init__(
        self,
        jobs: Sequence[Job[Kept]],
        threads: int,
        chunk_paths: int | None,
        with_series: bool,
    ) -> None:
        self.jobs = jobs
        self.kept: list[Kept | None] = [None] * len(jobs)
        self.faults: dict[int, BaseException] = {}
        self.ended = threading.Event()
        self._with_series = with_series
        self._sizes = [
            min(chunk_paths or chunk_size(job.paths, threads), job.paths) for job in jobs
        ]
        self.chunks = sum(
            -(-job.paths // size) for job, size in zip(jobs, self._sizes, strict=True)
        )
        self._plans: dict[int, Future[Plan | None]] = {n: Future() for n in range(len(jobs))}
        # Which plan is to be made next, which job is to begin next, and the one whose chunks are taken.
        self._to_plan = self._to_begin = 0
        self._current: _Begun | None = None
        self._open: dict[int, _Begun] = {}
        self._done = [0] * len(jobs)
        self._over = [False] * len(jobs)
        self._turn = threading.Lock()
        self._count = threading.Lock()

    def work_off(self) -> None:
        """Take chunks, and make plans, until there are none; for a thread of the pool."""
        own: _Begun | None = None
        while True:
            to_plan, chunk = self._next()
            if to_plan is not None:
                self._make_plan(*to_plan)
                continue
            if chunk is None:
                return
            job, first = chunk
            try:
                if own is not job:
                    own, work = job, works(job.plan.setups, trace=False)
                    memory = outputs(job.size, job.plan.setups).series
                self._simulate(job, first, work, memory)
            except BaseException as fault:
                self._fail(job.number, fault)
                return

    def tell(self, progress: Progress, told: int) -> int:
        """Say how far the first job is that has not ended; returns its number."""
        while told < len(self.jobs):
            over, job = self._over[told], self.jobs[told]
            if told < self._to_begin and (self._done[told] or not over):
                progress(self._done[told], job.paths, job.words)
            if not over:
                break
            told += 1
        return told

    def close(self) -> None:
        """Let go of what was not kept."""
        for job in self._open.values():
            job.result.series.close()

    def _next(self) -> tuple[tuple[int, Future[Plan | None]] | None, tuple[_Begun, int] | None]:
        """A plan to be made, or a chunk to be run, or neither."""
        with self._turn:
            while not self.ended.is_set():
                # One plan is made ahead: as soon as the first paths of the job before it run.
                if self._to_plan <= self._to_begin and self._to_plan < len(self.jobs):
                    number, self._to_plan = self._to_plan, self._to_plan + 1
                    return (number, self._plans[number]), None
                first = None if self._current is None else next(self._current.starts, None)
                if self._current is not None and first is not None:
                    return None, (self._current, first)
                if self._to_begin == len(self.jobs):
                    break
                self._begin(self._to_begin)
        return None, None

    def _begin(self, number: int) -> None:
        """Wait for a job's plan and make room for its results."""
        self._current = None
        try:
            # A plan is some megabytes, and there may be dozens: it goes with its job.
            plan = self._plans.pop(number).result()
            if plan is None:
                self._over[number] = True
            else:
                self._current = self._open[number] = _Begun(
                    number, plan, self.jobs[number].paths, self._sizes[number], self._with_series
                )
        except BaseException as fault:
            self._fail(number, fault)
        self._to_begin = number + 1

    def _make_plan(self, number: int, made: Future[Plan | None]) -> None:
        try:
            made.set_result(self.jobs[number].plan())
        except BaseException as fault:
            # Told when the job's turn comes: an earlier one may have a fault as well.
            made.set_exception(fault)

    def _simulate(self, job: _Begun, first: int, work: Works, memory: Series) -> None:
        end = min(first + job.size, job.paths)
        # Memory is used again: nothing of another path may be left in it.
        series = memory[: end - first]
        series.fill(0.0)
        part = Outputs(
            metrics=job.result.metrics[first:end],
            series=series,
            error=job.result.error[first:end],
            balance=job.result.balance[first:end],
            milestones=job.result.milestones[first:end],
        )
        simulate_paths(job.plan.setups, work, job.plan.draw(first, end - first), first, part)
        if self._with_series:
            job.result.series.put(first, series)
        with self._count:
            self._done[job.number] += end - first
            if self._done[job.number] < job.paths:
                return
        verify(job.result)
        self.kept[job.number] = self.jobs[job.number].keep(job.result)
        del self._open[job.number]
        self._over[job.number] = True

    def _fail(self, number: int, fault: BaseException) -> None:
        self.faults.setdefault(number, fault)
        self.ended.set()


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
