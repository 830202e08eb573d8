"""`baseload run` and `baseload report`: results, the run folder, and Ctrl-C.

A run, one that answers in JSON and a report are processes, and so are those that a signal or a limit
ends.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.conftest import Command

import baseload
from baseload.cli.outlook import outlook_of

SMALL = """\
title = "A small plant"
start = 2027-01-01
years = 6

[plant]
name = "Small"
technology = "hydro"

[[plant.units]]
name = "one"
gross_mw = 105
net_mw = 100
state = "running"

[[demand]]
name = "town"
constant_mw = 20
tariff_usd_per_mwh = 50

[grid]
export_limit_mw = 60
[grid.price]
level_usd_per_mwh = 50
level_volatility = 0.2

[[fleet]]
model = "antminer-s21"
mine_mw = 40
order = 2027-01-01

[network.price_usd.jump-diffusion]
start = 60000
drift_per_year = 0.05
volatility_per_year = 0.3
jumps_per_year = 1.0
jump_mean = -0.2
jump_volatility = 0.2
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    (made / "small.toml").write_text(SMALL, encoding="utf-8")
    return made


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "baseload", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def saved(folder: Path) -> subprocess.CompletedProcess[str]:
    """The small scenario, run and saved with its page."""
    done = run(folder, "run", "small.toml", "--paths", "64", "--seed", "7", "--out", "study")
    assert done.returncode == 0, done.stderr
    return done


def no_constant(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


def test_the_summary_fits_a_screen_and_begins_with_its_condition(
    saved: subprocess.CompletedProcess[str],
) -> None:
    lines = saved.stdout.splitlines()
    assert lines[0].startswith("Conditional on: ")
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80
    assert "\r" not in saved.stderr  # no terminal: plain lines


def test_the_run_folder_holds_the_study_and_its_page(
    folder: Path, saved: subprocess.CompletedProcess[str]
) -> None:
    study = baseload.open_study(folder / "study")
    assert (study.paths, study.seed, study.years) == (64, 7, 6)
    assert "<html" in (folder / "study" / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_json_is_one_object_with_unrounded_numbers_and_no_nan(
    folder: Path, saved: subprocess.CompletedProcess[str]
) -> None:
    done = run(folder, "run", "small.toml", "--paths", "64", "--seed", "7", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    found = json.loads(done.stdout, parse_constant=no_constant)
    study = baseload.open_study(folder / "study")
    # The whole number is there: the same draws gave the same bytes, on paper and on disk.
    assert found["metrics"]["npv_usd"]["mean"] == study.summary["npv_usd"]["mean"]
    assert found["seed"] == 7


def test_an_override_changes_the_run_and_a_mine_of_nothing_has_no_cost_of_a_bitcoin(
    folder: Path, command: Command
) -> None:
    without = ("run", "small.toml", "--paths", "8", "--set", "fleet.0.mine_mw=0")
    done = command(folder, *without, "--json")
    assert done.returncode == 0, done.stderr
    metrics = json.loads(done.stdout, parse_constant=no_constant)["metrics"]
    assert metrics["bitcoin_mined"]["mean"] == 0
    assert metrics["cost_per_bitcoin_usd"]["p50"] is None
    screen = command(folder, *without)
    (line,) = [line for line in screen.stdout.splitlines() if line.startswith("cost per bitcoin")]
    assert line.split()[3:] == ["none"] * 3


def test_the_number_of_threads_changes_no_figure(folder: Path, command: Command) -> None:
    figures = []
    for threads in ("1", "3"):
        done = command(folder, "run", "small.toml", "--paths", "16", "--threads", threads, "--json")
        assert done.returncode == 0, done.stderr
        figures.append(json.loads(done.stdout)["metrics"])
    assert figures[0] == figures[1]


@pytest.mark.parametrize("option", ["--paths", "--threads", "--chunk"])
@pytest.mark.parametrize("value", ["0", "-1", "2.5", "many", ""])
def test_a_count_that_is_none_is_refused_in_words(
    folder: Path, command: Command, option: str, value: str
) -> None:
    done = command(folder, "run", "small.toml", option, value)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{option}\n  found    {value or 'an empty text'}")
    assert "allowed  a whole number from 1 to " in done.stderr


def test_what_took_how_long_is_told_apart(
    folder: Path, saved: subprocess.CompletedProcess[str], command: Command
) -> None:
    stages = ("import", "compile", "engine", "certificate", "write")
    (line,) = [line for line in saved.stdout.splitlines() if line.startswith("seconds: ")]
    assert [part.split()[0] for part in line.removeprefix("seconds: ").split(",")] == list(stages)
    timings = json.loads((folder / "study" / "timings.json").read_text(encoding="utf-8"))
    assert all(timings[f"{stage}_seconds"] > 0 for stage in stages)
    done = command(folder, "run", "small.toml", "--paths", "4", "--json")
    told = json.loads(done.stdout)
    assert told["import_seconds"] > 0
    assert told["write_seconds"] is None  # nothing was


def test_a_cache_folder_that_is_a_file_costs_a_warning_and_no_result(folder: Path) -> None:
    (folder / "cache").write_text("no folder", encoding="utf-8")
    temporary = folder / "temporary"
    temporary.mkdir()
    environment = os.environ | {
        "BASELOAD_CACHE_DIR": str(folder / "cache"),
        "TMPDIR": str(temporary),
    }
    # What a share can do needs some compiled functions, but not the engine.
    done = subprocess.run(
        [sys.executable, "-m", "baseload", "security", "--share", "0.27"],
        capture_output=True,
        cwd=folder,
        encoding="utf-8",
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"warning: compiled code cannot be kept in {folder / 'cache'}")
    assert "BASELOAD_CACHE_DIR" in line
    assert list(temporary.iterdir()) == []


def test_no_report_leaves_the_page_out_and_report_makes_it_later(
    folder: Path, command: Command
) -> None:
    done = command(folder, "run", "small.toml", "--paths", "8", "--out", "plain", "--no-report")
    assert done.returncode == 0, done.stderr
    assert not (folder / "plain" / "report.html").exists()
    page = run(folder, "report", "plain", "--out", "page.html")
    assert (page.returncode, page.stdout) == (0, "page.html\n"), page.stderr
    assert (folder / "page.html").stat().st_size > 10_000
    assert command(folder, "report", "plain").returncode == 0
    assert (folder / "plain" / "report.html").exists()


def test_report_refuses_what_is_no_study_and_where_it_cannot_write(
    folder: Path, saved: subprocess.CompletedProcess[str], command: Command
) -> None:
    missing = command(folder, "report", "nowhere")
    assert (missing.returncode, "Traceback" in missing.stderr) == (2, False)
    unwritable = command(folder, "report", "study", "--out", "no/such/page.html")
    assert (unwritable.returncode, "Traceback" in unwritable.stderr) == (1, False)
    assert "could not be written" in unwritable.stderr


def test_a_folder_that_is_no_study_is_not_replaced_and_no_time_is_spent(
    folder: Path, command: Command
) -> None:
    (folder / "precious").mkdir()
    (folder / "precious" / "letter.txt").write_text("keep", encoding="utf-8")
    done = command(folder, "run", "small.toml", "--paths", "1000000", "--out", "precious")
    assert done.returncode == 2
    assert "something that is no study" in done.stderr
    assert [path.name for path in (folder / "precious").iterdir()] == ["letter.txt"]


@pytest.mark.skipif(not Path("/proc/1").exists(), reason="needs a place where nobody may write")
def test_an_unwritable_place_is_the_machines_fault_and_no_time_is_spent(
    folder: Path, command: Command
) -> None:
    # Not a folder without permission: a test may run as one who may write everywhere.
    done = command(folder, "run", "small.toml", "--paths", "1000000", "--out", "/proc/study")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "where    /proc/study" in done.stderr


def test_a_place_below_a_file_is_the_machines_fault(folder: Path) -> None:
    done = run(folder, "run", "small.toml", "--paths", "8", "--out", "small.toml/study")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_more_paths_than_memory_holds_are_refused_before_time_is_spent(folder: Path) -> None:
    limits = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30));"
        "from baseload.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", limits, "run", "small.toml", "--paths", "10000000"],
        capture_output=True,
        check=False,
        cwd=folder,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert "10,000,000 paths of 6 years" in done.stderr
    assert "GB of memory, where" in done.stderr
    assert "allowed  at most" in done.stderr
    assert "Traceback" not in done.stderr


def interrupted(
    folder: Path, command: list[str], when: str, after_seconds: float, cache: Path | None = None
) -> tuple[int, str, str]:
    """Send Ctrl-C once standard error holds a text: exit code and both outputs."""
    log = folder / "log.txt"
    environment = dict(os.environ)
    if cache is not None:
        environment["BASELOAD_CACHE_DIR"] = str(cache)
    with (
        log.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            [sys.executable, "-m", "baseload", *command],
            stdout=subprocess.PIPE,
            stderr=stream,
            cwd=folder,
            env=environment,
            text=True,
        ) as process,
    ):
        try:
            deadline = time.monotonic() + 300  # the first run compiles
            while when not in log.read_text(encoding="utf-8"):
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                assert process.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.02)
            time.sleep(after_seconds)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=120)
        finally:
            process.kill()
    return process.returncode, out, log.read_text(encoding="utf-8")


LONG = ["run", "small.toml", "--paths", "200000", "--out", "there/study"]


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_ctrl_c_ends_a_long_run_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    code, out, err = interrupted(tmp_path, LONG, "simulating", after_seconds=0.5)
    assert code == 130, err
    assert err.endswith("interrupted; nothing was written\n")
    assert "Traceback" not in err
    assert out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.txt", "small.toml"]


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_ctrl_c_is_answered_while_the_compiler_is_at_work(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    cache = tmp_path / "cache"  # an empty one: everything is compiled
    code, out, err = interrupted(tmp_path, LONG, "compiling", 4.0, cache)
    assert code == 130, err
    assert err.endswith("interrupted; nothing was written\n")
    assert "Traceback" not in err
    assert out == ""
    # It ended before the compiler had: what the compiler keeps of the engine is not there.
    assert not list(cache.rglob("path.simulate_chunk*.nbi"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "log.txt", "small.toml"]


def test_the_outlook_of_the_coin_is_what_a_study_draws(folder: Path) -> None:
    scenario = baseload.load(folder / "small.toml")
    study = baseload.run(scenario, paths=2000, seed=3)
    rows = {(row.name, row.what): row for row in outlook_of(scenario).rows}
    series = study.series.filter(study.series["name"] == "bitcoin_price_usd").sort("month")
    place = rows["bitcoin", "median"]
    year = outlook_of(scenario).years.index(5.0)
    drawn = series.row(60, named=True)  # the month that begins five years after the start
    expected = place.values[year]
    assert expected is not None
    # Spread of the log after 5.5 years is about 1.0; five errors of a median of 2,000 draws are
    # 5 * 1.25 * 1.0 / sqrt(2000) = 14 %, and a month's mean is not its first day (2 %).
    assert drawn["p50"] == pytest.approx(expected, rel=0.16)
    mean = rows["bitcoin", "mean"].values[year]
    assert mean is not None
    # The same for the mean, whose relative spread is sqrt(e^1.0 - 1) = 1.3.
    assert drawn["mean"] == pytest.approx(mean, rel=0.17)
