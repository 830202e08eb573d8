"""The command line as a process: what it imports, what it writes where, and how it ends.

What is told in which words is the same in this process, where it is asked for many times.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.end_to_end.conftest import Command

HEAVY = ("numba", "numpy", "polars", "pydantic", "scipy", "jinja2")


def run(
    *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m baseload` with these arguments."""
    return subprocess.run(
        [sys.executable, "-m", "baseload", *arguments],
        capture_output=True,
        check=False,
        cwd=cwd,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def imported_by(*arguments: str) -> set[str]:
    """Heavy packages in memory after a command has run."""
    snippet = (
        "import sys\n"
        "from baseload.cli.main import main\n"
        "code = main(sys.argv[1:])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", snippet, *arguments], capture_output=True, check=True, text=True
    )
    found: list[str] = json.loads(done.stderr.splitlines()[-1].replace("'", '"'))
    return set(found)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], []])
def test_help_imports_none_of_the_heavy_packages(arguments: list[str]) -> None:
    assert imported_by(*arguments) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["show", "zaporizhzhia"],
        ["check", "zaporizhzhia"],
        ["check", "susquehanna"],
        ["check", "el-salvador-volcano"],
        ["check", "bhutan-hydro"],
        ["schema"],
        ["machines"],
    ],
    ids=" ".join,
)
def test_commands_that_run_nothing_import_no_compiler(arguments: list[str]) -> None:
    assert not imported_by(*arguments) & {"numba", "polars", "jinja2"}


def assert_told(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    assert_told(run("chekc"), "chekc, a command that baseload does not have", "nearest  check")


def test_an_unknown_scenario_is_answered_with_the_nearest() -> None:
    assert_told(run("run", "zaporizhia"), "zaporizhia", "nearest  zaporizhzhia")


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("fleet.0.mine_mv=800", ["mine_mv", "nearest  mine_mw"]),
        ("fleet.0.mine_mw=much", ["mine_mw", "much", "a number of at least 0 [MW]"]),
        ("fleet.0.mine_mw=-1500", ["mine_mw", "-1500", "a number of at least 0 [MW]"]),
        ("fleet.0.mine_mw", ["KEY=VALUE"]),
    ],
)
@pytest.mark.parametrize("name", ["run", "check", "show"])
def test_a_bad_override_names_key_found_and_allowed(
    tmp_path: Path, command: Command, name: str, override: str, words: list[str]
) -> None:
    assert_told(command(tmp_path, name, "zaporizhzhia", "--set", override), "--set", *words)


def test_broken_toml_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('title = "x"\nyears = = 3\n', encoding="utf-8")
    assert_told(run("check", "broken.toml", cwd=tmp_path), "broken.toml:2:")


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path, command: Command) -> None:
    made = command(tmp_path, "new", "mine.toml")
    assert made.returncode == 0, made.stderr
    path = tmp_path / "mine.toml"
    text = path.read_text(encoding="utf-8")
    assert "\nyears" in text
    text = text.replace("\nyears", "\nyeers", 1).replace("\n[finance", "\n[finanse")
    path.write_text(text, encoding="utf-8")
    assert_told(run("check", "mine.toml", cwd=tmp_path), "nearest  years", "nearest  finance")


def test_new_writes_what_check_accepts_and_does_not_overwrite(
    tmp_path: Path, command: Command
) -> None:
    assert run("new", "mine.toml", cwd=tmp_path).returncode == 0
    checked = command(tmp_path, "check", "mine.toml")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith("ok: mine, begun from zaporizhzhia\n")
    assert_told(command(tmp_path, "new", "mine.toml"), "mine.toml, which exists")
    assert_told(command(tmp_path, "new", "other.toml", "--from", "zaporizhia"), "zaporizhzhia")
    assert not (tmp_path / "other.toml").exists()


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_output_is_utf8_whatever_the_locale(locale: str) -> None:
    done = run("machines", LC_ALL=locale, LANG=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0, done.stderr
    assert "–" in done.stdout


def test_output_is_utf8_where_python_was_told_to_write_ascii() -> None:
    assert "–" in run("machines", PYTHONIOENCODING="ascii").stdout


def test_a_reader_that_goes_away_ends_the_program_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "baseload", "schema", "--json"],
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["machines"], ["list", "--json"], ["--help"]])
def test_an_output_that_cannot_be_written_is_the_machines_fault(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "baseload", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="closes outputs as a shell does")
def test_a_closed_output_ends_nothing_in_a_trace() -> None:
    line = f"{sys.executable} -m baseload machines >&-; {sys.executable} -m baseload nothing 2>&-"
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


def test_list_and_show_answer_in_json(tmp_path: Path, command: Command) -> None:
    listed = json.loads(command(tmp_path, "list", "--json").stdout)
    assert "zaporizhzhia" in [row["name"] for row in listed]
    assert all(row["title"] for row in listed)
    shown = json.loads(command(tmp_path, "show", "zaporizhzhia", "--json").stdout)
    assert shown["scenario"]["plant"]["units"]


def test_every_scenario_of_the_gallery_passes_its_check_within_80_columns(
    tmp_path: Path, command: Command
) -> None:
    for row in json.loads(command(tmp_path, "list", "--json").stdout):
        for name in ("check", "show"):
            done = command(tmp_path, name, row["name"])
            assert done.returncode == 0, done.stderr
            assert max(map(len, done.stdout.splitlines())) <= 80, row["name"]
