"""Ctrl-C that is answered even while the compiler is at work.

Python raises KeyboardInterrupt between two of its own instructions, but the compiler may stay tens
of seconds in one call. It lets other threads run meanwhile, so that one of them can end the
program.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from baseload.errors import INTERRUPTED

GRACE_SECONDS = 2.0


@contextmanager
def answered_at_once(farewell: Callable[[], None]) -> Iterator[None]:
    """End the process if Ctrl-C has not ended the block after two seconds.

    For a block that writes no file, since nothing is tidied up.

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
    left = threading.Event()

    def watch() -> None:
        while received := os.read(reader, 1):
            if received[0] == signal.SIGINT and not left.wait(GRACE_SECONDS):
                farewell()
                os._exit(INTERRUPTED)

    watcher = threading.Thread(target=watch, daemon=True)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        watcher.start()
        yield
    finally:
        left.set()
        signal.set_wakeup_fd(before)
        os.close(writer)
        watcher.join()
        os.close(reader)
