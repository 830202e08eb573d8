"""Terminals of any width, colours or none, quiet, and what a file may not do to a screen."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baseload.cli import terminal
from baseload.cli.faults import for_screen
from baseload.cli.group import COMMANDS
from baseload.cli.main import main
from baseload.cli.progress import Progress
from baseload.cli.summary import summary_text
from baseload.cli.text import hanging, paragraph, table
from baseload.errors import Fault, InputError

Command = Callable[..., Any]
ERROR = InputError(Fault("a.toml", 3, 1, "years", "yeers", "one of " + "many words " * 20, "years"))


class Screen(io.StringIO):
    """A terminal of some columns."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes standard output and error a terminal of so many columns."""

    def narrow(width: int) -> None:
        monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((width, 24)))
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(sys, name, Screen())
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")

    return narrow


def shown() -> str:
    assert isinstance(sys.stdout, Screen)
    return sys.stdout.getvalue()


@pytest.mark.parametrize(("width", "said"), [(40, 40), (200, 80), (0, 80), (5, 20), (79, 79)])
def test_lines_have_as_many_columns_as_the_terminal_but_no_more_than_80(
    columns: Callable[[int], None], width: int, said: int
) -> None:
    columns(width)
    assert terminal.columns_of(sys.stdout) == said


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_a_terminal_of_40_columns(columns: Callable[[int], None], name: str) -> None:
    columns(40)
    assert main([*([name] if name else []), "--help"]) == 0
    lines = shown().splitlines()
    too_long = [line for line in lines if len(line) > 40 and len(line.split()) > 1]
    assert not too_long
    assert len(lines) > 5


def test_a_summary_on_40_columns_loses_no_figure(
    columns: Callable[[int], None], study: Any
) -> None:
    wide = summary_text(study)
    columns(40)
    narrow = summary_text(study)
    assert max(map(len, narrow.splitlines())) <= 40
    figures = set(re.findall(r"\d[\d.,]*\d", wide))
    assert figures <= set(re.findall(r"\d[\d.,]*\d", narrow))


@pytest.mark.parametrize("arguments", [["show"], ["check"]])
def test_a_scenario_is_shown_on_40_columns(
    columns: Callable[[int], None], scenario_file: Path, arguments: list[str]
) -> None:
    columns(40)
    assert main([*arguments, str(scenario_file)]) == 0
    # A long name or path stays whole; all that has blanks in it is wrapped.
    assert not [line for line in shown().splitlines() if len(line) > 40 and len(line.split()) > 2]


def test_a_table_that_is_too_wide_goes_row_by_row(columns: Callable[[int], None]) -> None:
    columns(30)
    rows = [("a unit of a long name", "1,000", ""), ("b", "2,000", "a remark")]
    text = table(("unit", "MW", "note"), rows)
    assert text.splitlines() == [
        "a unit of a long name", "  MW 1,000", "b", "  MW 2,000", "  note a remark",
    ]  # fmt: skip
    assert hanging("a long label", "words of it", 26).splitlines()[0] == "a long label"


def test_errors_are_wrapped_and_coloured_on_a_terminal_alone(
    columns: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert for_screen(str(ERROR), io.StringIO()) == str(ERROR)
    columns(40)
    coloured = for_screen(str(ERROR), sys.stderr)
    assert "\x1b[31myeers\x1b[0m" in coloured
    assert max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in coloured.splitlines()) <= 40
    monkeypatch.setenv("NO_COLOR", "1")
    plain = for_screen(str(ERROR), sys.stderr)
    assert "\x1b" not in plain
    assert plain == re.sub(r"\x1b\[\d+m", "", coloured)
    assert plain.split() == str(ERROR).split()
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert for_screen(str(ERROR), sys.stderr) == str(ERROR)


def test_a_text_of_a_file_cannot_move_the_cursor() -> None:
    assert for_screen("a\x1b[2Jb\rc", io.StringIO()) == "a\\x1b[2Jb\\rc"
    assert paragraph("a\x1b[2Jb") == "a\\x1b[2Jb"
    assert table(("x",), [("\x07",)]).splitlines() == ["x", "\\x07"]
    assert terminal.printable("Запоріжжя – 330 кВ") == "Запоріжжя – 330 кВ"


def test_progress_fits_a_narrow_terminal_and_says_the_time_left(
    columns: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns(40)
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    progress = Progress()
    progress(0, 100, "without growth of the coin's price")
    now[0] = 300.0
    progress(50, 100, "without growth of the coin's price")
    assert isinstance(sys.stderr, Screen)
    written = sys.stderr.getvalue().split("\r\x1b[2K")[1:]
    assert written[-1].startswith("50 %, 5 min to go, without")
    assert max(map(len, written)) < 40


@pytest.mark.parametrize("line", [["run"], ["check"]], ids=lambda line: line[0])
def test_quiet_prints_nothing_but_errors(
    command: Command, scenario_file: Path, line: list[str]
) -> None:
    outcome = command(*line, str(scenario_file), "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    outcome = command(*line, str(scenario_file), "-q", "--set", "years=0")
    assert outcome.code == 2
    assert "years" in outcome.err


def test_quiet_json_is_json_alone(command: Command, scenario_file: Path, tmp_path: Path) -> None:
    outcome = command("run", str(scenario_file), "-q", "--json")
    assert json.loads(outcome.out)["title"] == "A small plant"
    target = tmp_path / "own.toml"
    outcome = command("new", str(target), "--from", str(scenario_file), "--json")
    assert json.loads(outcome.out) == {"file": str(target), "from": str(scenario_file)}


def test_every_command_has_json(command: Command) -> None:
    lacking = [name for name in COMMANDS if "--json" not in command(name, "--help").out]
    assert lacking == []


def test_a_word_that_is_none_of_a_few_is_answered_with_the_nearest(command: Command) -> None:
    outcome = command("security", "--share", "0.1", "--level", "pols")
    assert outcome.code == 2
    assert "--level\n  found    pols\n" in outcome.err
    assert "nearest  pool" in outcome.err
