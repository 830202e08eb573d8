"""Ctrl-C that ends the program at once, whatever it is at.

Python raises KeyboardInterrupt between two of its own instructions. The compiler may stay tens of
seconds in one call, and where it calls back into Python it swallows what is raised there and stumbles
on. So no exception is raised: a thread of its own hears the signal and ends the program.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from baseload.cli.progress import Progress
from baseload.errors import INTERRUPTED, MachineFault


@contextmanager
def answered_at_once(farewell: Callable[[], None]) -> Iterator[None]:
    """End the process on Ctrl-C within the block.

    For a block that writes no file of its own, since nothing is tidied up.

    Parameters
    ----------
    farewell : callable
        Tells the user, just before the end.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)

    def watch() -> None:
        while received := os.read(reader, 1):
            if received[0] == signal.SIGINT:
                farewell()
                os._exit(INTERRUPTED)

    watcher = threading.Thread(target=watch, daemon=True)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    # The signal still has to have a handler in Python for the pipe to hear of it.
    raised = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        watcher.start()
        yield
    finally:
        signal.signal(signal.SIGINT, raised)
        signal.set_wakeup_fd(before)
        os.close(writer)
        watcher.join()
        os.close(reader)


@contextmanager
def simulating(progress: Progress) -> Iterator[None]:
    """A block that simulates and writes nothing: answers Ctrl-C at once, and ends with a clear line.

    Parameters
    ----------
    progress : Progress
        Whose line is removed when the block ends, however it ends.
    """
    from baseload.cli.main import NOTHING_WRITTEN

    def farewell() -> None:
        progress.clear()
        print(NOTHING_WRITTEN, file=sys.stderr, flush=True)

    try:
        with answered_at_once(farewell):
            yield
    finally:
        progress.clear()


@contextmanager
def enough_memory(where: str, what: str = "the study") -> Iterator[None]:
    """A block that runs paths: what it has no memory for is told, with what would need less.

    Parameters
    ----------
    where : str
        Which run it is.
    what : str
        What there is not enough memory for.

    Raises
    ------
    MachineFault
    """
    try:
        yield
    except MemoryError:
        raise MachineFault(
            f"the machine has not enough memory for {what}",
            where=where,
            what_to_do="ask for fewer --paths",
        ) from None
