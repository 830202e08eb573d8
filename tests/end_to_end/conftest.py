"""Commands called in this process, where a process of their own would prove nothing more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from baseload.cli.main import main

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in a folder: exit code and both outputs, as `subprocess.run` gives them.

    What a process adds - what it imports, the end of its outputs, signals, the code that the shell
    sees - is held to by the tests that start one.
    """

    def call(folder: Path, *arguments: str) -> CompletedProcess[str]:
        capfd.readouterr()
        with monkeypatch.context() as here:
            here.chdir(folder)
            code = main(arguments)
        out, err = capfd.readouterr()
        return CompletedProcess(["baseload", *arguments], code, out, err)

    return call
