"""Jobs of a pool: each path once, in the jobs' order, and of several faults the first one."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from baseload.engine import pool
from baseload.engine.outputs import METRICS, SERIES
from baseload.engine.pool import Job, Results, simulate_in_turn
from baseload.errors import InputError

MONTHS = 12


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """A kernel that compiles nothing: each path says its plan's name and its number."""
    found: list[tuple[str, int]] = []

    def simulate_paths(name: Any, work: Any, rows: Any, first: int, out: Any) -> None:
        for n in range(len(rows)):
            found.append((name, first + n))
            out.metrics[n] = first + n
            out.series[n] = first + n
            out.milestones[n] = first + n
            out.error[n] = int(name == "faulty")
        time.sleep(0.001)

    def outputs(paths: int, setups: Any) -> Any:
        return SimpleNamespace(series=np.zeros((paths, len(SERIES), MONTHS), np.float32))

    monkeypatch.setattr(pool, "simulate_paths", simulate_paths)
    monkeypatch.setattr(pool, "works", lambda setups, trace: None)
    monkeypatch.setattr(pool, "outputs", outputs)
    monkeypatch.setattr(pool, "milestone_count", lambda setups: 2)
    return found


def plan_named(name: str) -> Any:
    return SimpleNamespace(
        setups=name,
        horizon=SimpleNamespace(months=MONTHS),
        draw=lambda first, paths: np.zeros((paths, 1)),
    )


def numbers(result: Results) -> list[float]:
    with result.series as store:
        of_series = store.month_by_month(0, 0, MONTHS)[-1].tolist()
    assert of_series == result.metrics[:, len(METRICS) - 1].tolist()
    assert of_series == result.milestones[:, 1].tolist()
    return of_series  # type: ignore[no-any-return]


def job(name: str, paths: int) -> Job[list[float]]:
    return Job(name, paths, lambda: plan_named(name), numbers)


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("chunk", [None, 1, 3, 100])
def test_each_path_of_each_job_runs_once(
    ran: list[tuple[str, int]], threads: int, chunk: int | None
) -> None:
    wanted = {"a": 7, "b": 1, "c": 40}
    found = simulate_in_turn([job(*one) for one in wanted.items()], threads, None, chunk)
    assert found == [[float(n) for n in range(paths)] for paths in wanted.values()]
    assert sorted(ran) == [(name, n) for name, paths in wanted.items() for n in range(paths)]


def test_no_jobs_are_no_work() -> None:
    assert simulate_in_turn([], 2, None) == []


def test_a_job_without_a_plan_is_passed_over(ran: list[tuple[str, int]]) -> None:
    nothing: Job[list[float]] = Job("nothing", 3, lambda: None, numbers)
    said: list[str] = []
    jobs = [nothing, job("a", 2), nothing, nothing, job("b", 1), nothing]
    found = simulate_in_turn(jobs, 2, lambda done, paths, words: said.append(words))
    assert found == [None, [0.0, 1.0], None, None, [0.0], None]
    assert "nothing" not in said


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_plan_is_made_when_the_job_before_it_has_begun(
    ran: list[tuple[str, int]], threads: int
) -> None:
    begun: list[int] = []

    def made(number: int) -> Any:
        # At most the one before is still running.
        begun.append(number)
        assert all((str(early), 5) in ran for early in range(number - 1))
        return plan_named(str(number))

    jobs = [Job(str(n), 6, lambda n=n: made(n), numbers) for n in range(8)]  # type: ignore[misc]
    simulate_in_turn(jobs, threads, None, 1)
    assert begun == list(range(8))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_of_several_faults_that_of_the_first_job_is_told(
    ran: list[tuple[str, int]], threads: int
) -> None:
    def no_plan() -> Any:
        raise ValueError("no plan")

    def never() -> Any:
        raise AssertionError("begun after a fault")

    jobs = [
        job("a", 20),
        job("faulty", 20),
        Job("second", 4, no_plan, numbers),
        Job("third", 4, never, numbers),
    ]
    with pytest.raises(InputError, match="path 0"):
        simulate_in_turn(jobs, threads, None)
    with pytest.raises(ValueError, match="no plan"):
        simulate_in_turn([jobs[0], *jobs[2:]], threads, None)


def test_a_fault_of_what_is_kept_is_told_and_closes_all(ran: list[tuple[str, int]]) -> None:
    kept: list[Results] = []

    def refuse(result: Results) -> Any:
        kept.append(result)
        raise ValueError("not so")

    with pytest.raises(ValueError, match="not so"):
        simulate_in_turn([Job("a", 4, lambda: plan_named("a"), refuse), job("b", 4)], 2, None)
    assert not kept[0].series._blocks


def test_progress_tells_the_jobs_in_their_order_from_the_calling_thread(
    ran: list[tuple[str, int]],
) -> None:
    said: list[tuple[str, int, int]] = []

    def progress(done: int, paths: int, words: str) -> None:
        assert threading.current_thread() is threading.main_thread()
        said.append((words, done, paths))

    simulate_in_turn([job("a", 90), job("b", 2), job("c", 150)], 2, progress, 1)
    assert said == sorted(said)
    assert {("a", 90, 90), ("b", 2, 2), ("c", 150, 150)} <= set(said)


def test_ctrl_c_ends_after_the_chunks_under_way(ran: list[tuple[str, int]]) -> None:
    def interrupt(done: int, paths: int, words: str) -> None:
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        simulate_in_turn([job("a", 5_000), job("b", 5_000)], 2, interrupt, 1)
    assert 0 < len(ran) < 5_000
    assert threading.active_count() == before
