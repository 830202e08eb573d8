"""Work that is done in a thread of its own while the main thread goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

Found = TypeVar("Found")


class _GivenUp(Exception):
    """Nobody waits for the work any more."""


@contextmanager
def beside(
    work: Callable[[Callable[[], None]], Found], first: bool = False
) -> Iterator[Future[Found]]:
    """Do `work` while the block runs; when the block has ended the work has.

    Parameters
    ----------
    work : callable
        Is handed a function that it calls now and then, which raises, and so ends the work, once the
        block was left by an error or Ctrl-C.
    first : bool
        Do it before the block instead, for who has one processor to spare.

    Yields
    ------
    Future
        What the work returns, or raises when it is asked for: the block ends without it.

    Examples
    --------
    >>> with beside(lambda heed: 6 * 7) as answer:
    ...     question = "six by nine"
    >>> answer.result()
    42
    """
    given_up = threading.Event()

    def heed() -> None:
        if given_up.is_set():
            raise _GivenUp

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside") as pool:
        future = pool.submit(work, heed)
        try:
            if first:
                wait([future])
            yield future
            wait([future])
        except BaseException:
            given_up.set()
            raise
