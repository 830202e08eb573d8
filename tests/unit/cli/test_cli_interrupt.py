"""Ctrl-C is answered by a second thread where the first is deaf, and by nobody else otherwise."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from baseload.cli.interrupt import answered_at_once

BLOCK = """
import hashlib, time
from baseload.cli.interrupt import answered_at_once
with answered_at_once(lambda: print("farewell", flush=True)):
    print("begun", flush=True)
    {work}
"""
# Minutes in one call that, like the compiler's, lets other threads run and answers no signal.
DEAF = 'hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2_000_000_000)'
LISTENING = "time.sleep(600)"


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize("work", [DEAF, LISTENING])
def test_ctrl_c_ends_the_program_whether_python_hears_it_or_not(work: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BLOCK.format(work=work)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (130, "farewell\n", "")


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_after_the_block_ctrl_c_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with answered_at_once(lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1


def test_off_the_main_thread_nothing_is_watched() -> None:
    entered: list[bool] = []

    def enter() -> None:
        with answered_at_once(lambda: None):
            entered.append(True)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert entered == [True]
