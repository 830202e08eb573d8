"""Progress: a line that renews itself on a terminal, seldom a new one elsewhere, none for JSON."""

from __future__ import annotations

import io
import sys
import time

import pytest

from baseload.cli.progress import Progress


class Screen(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def on(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> Screen:
    screen = Screen(terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def test_a_terminal_sees_one_line_that_renews_itself(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    screen = on(monkeypatch, terminal=True)
    progress = Progress()
    progress(0, 100, "running")
    for done in range(1, 101):
        clock.now += 0.0625  # a number that adds up exactly
        progress(done, 100, "running")
    progress.clear()
    text = screen.getvalue()
    assert "\n" not in text
    assert "50 of 100 paths, 3 s to go" in text
    assert 40 < text.count("\r") < 60  # every tenth of a second, not every path
    assert text.endswith("\r\x1b[2K")


def test_a_file_gets_a_line_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    screen = on(monkeypatch, terminal=False)
    progress = Progress()
    for done in range(101):
        progress(done, 100, "running")
        clock.now += 0.2
    progress.clear()
    lines = screen.getvalue().splitlines()
    assert lines[0] == "running …"
    assert 4 <= len(lines) <= 6
    assert "\r" not in screen.getvalue()


def test_a_new_phase_is_told_at_once(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    screen = on(monkeypatch, terminal=False)
    progress = Progress()
    progress(0, 10, "compiling, once")
    clock.now += 0.1
    progress(0, 10, "running")
    assert screen.getvalue().splitlines() == ["compiling, once …", "running …"]


def test_json_is_accompanied_by_nothing_but_a_terminals_line(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    screen = on(monkeypatch, terminal=False)
    Progress(only_on_terminal=True)(0, 10, "running")
    assert screen.getvalue() == ""
    screen = on(monkeypatch, terminal=True)
    Progress(only_on_terminal=True)(0, 10, "running")
    assert "running" in screen.getvalue()
