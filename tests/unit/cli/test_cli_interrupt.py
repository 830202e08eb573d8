"""Ctrl-C is answered by a second thread where the first is deaf, and by nobody else otherwise."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from baseload.cli.interrupt import GRACE_SECONDS, answered_at_once

# Minutes in one call that, like the compiler's, lets other threads run and answers no signal.
DEAF = """
import hashlib, sys
from baseload.cli.interrupt import answered_at_once
with answered_at_once(lambda: print("farewell", flush=True)):
    print("begun", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2_000_000_000)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_ctrl_c_ends_a_call_that_does_not_hear_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(0.3)
            sent = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (130, "farewell\n", "")
    assert time.monotonic() - sent >= GRACE_SECONDS


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_where_python_hears_ctrl_c_it_is_raised_as_ever() -> None:
    with pytest.raises(KeyboardInterrupt), answered_at_once(lambda: None):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(10)
    assert signal.set_wakeup_fd(-1) == -1  # put back as it was


def test_off_the_main_thread_nothing_is_watched() -> None:
    entered: list[bool] = []

    def enter() -> None:
        with answered_at_once(lambda: None):
            entered.append(True)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert entered == [True]
