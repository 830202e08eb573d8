"""Work beside the main thread: it ends with the block, and what went wrong in it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from baseload.study.beside import beside


def test_work_is_done_while_the_block_runs() -> None:
    began = threading.Event()

    def work(heed: Callable[[], None]) -> int:
        began.set()
        return threading.get_ident()

    with beside(work) as found:
        assert began.wait(10.0)
    assert found.done() and found.result() != threading.get_ident()


def test_the_block_waits_for_work_that_comes_first() -> None:
    with beside(lambda heed: time.sleep(0.05), first=True) as found:
        assert found.done()


def test_an_error_of_the_work_is_raised_where_its_result_is_asked_for() -> None:
    def work(heed: Callable[[], None]) -> None:
        raise ValueError("a cent is missing")

    with beside(work) as found:
        pass
    with pytest.raises(ValueError, match="a cent is missing"):
        found.result()


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_work_that_heeds_ends_when_the_block_is_left_by_an_error(
    error: type[BaseException],
) -> None:
    rounds: list[int] = []

    def work(heed: Callable[[], None]) -> None:
        for number in range(10_000):
            heed()
            rounds.append(number)
            time.sleep(0.005)

    before = threading.active_count()
    with pytest.raises(error), beside(work):
        raise error
    assert len(rounds) < 10_000
    assert threading.active_count() == before
