"""`baseload compare`: what it runs and opens, prints and refuses; once as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.conftest import Command

import baseload


def compare(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "baseload", "compare", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
    )


def no_constant(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    small_scenario: baseload.Scenario,
    small_study: baseload.Study,
) -> Path:
    """The small scenario, a study of it, and one on another seed."""
    made = tmp_path_factory.mktemp("compare")
    (made / "small.toml").write_text(small_scenario.text, encoding="utf-8")
    small_study.save(made / "study")
    baseload.run(small_scenario, paths=24, seed=6, threads=1).save(made / "other")
    return made


def test_a_study_and_a_scenario_of_another_mine_share_their_draws(
    folder: Path, command: Command
) -> None:
    arguments = ("study", "small.toml", "--set", "2:fleet.1.mine_mw=35", "--threads", "1")
    done = compare(folder, *arguments)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Conditional on: ")
    assert "2  small.toml with fleet.1.mine_mw=35" in lines
    assert "24 paths, seed 5; means over the paths" in lines  # those of the study
    assert max(map(len, lines)) <= 80
    assert "2 of 2: simulating" in done.stderr

    told = command(folder, "compare", *arguments, "--json")
    assert (told.returncode, told.stderr) == (0, "")
    found = json.loads(told.stdout, parse_constant=no_constant)
    first, second = found["metrics"]["npv_usd"]["studies"]
    study = baseload.open_study(folder / "study")
    assert first["mean"] == study.summary["npv_usd"]["mean"]
    assert second["difference"]["variance_factor"] > 1.0


def test_studies_are_opened_and_nothing_runs(folder: Path, command: Command) -> None:
    done = command(folder, "compare", "study", "study", "study", "--all")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 - 1" in done.stdout
    assert "npv_usd" in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["study"], ["study alone", "at least two", "2:KEY=VALUE"]),
        ([], ["no A B [C...]"]),
        (["study", "other"], ["other  seed", "found    6", "5, as study has"]),
        (["study", "small.toml", "--paths", "25"], ["study  paths", "found    24", "25, as asked"]),
        (["study", "zaporizhia"], ["nearest  zaporizhzhia"]),
        (["study", "small.tml"], ["small.tml", "nearest  small.toml"]),
        (["study", "."], ["a folder without manifest.json"]),
        (["study", "small.toml", "--set", "1:years=3"], ["has been run already"]),
        (["study", "small.toml", "--set", "3:years=3"], ["number 3", "from 1 to 2"]),
        (["study", "small.toml", "--set", "yeers=3"], ["nearest  years", "in small.toml"]),
        (["study", "small.toml", "--threads", "0"], ["--threads", "found    0"]),
    ],
)
def test_bad_input_is_told_in_words(
    folder: Path, command: Command, arguments: list[str], words: list[str]
) -> None:
    done = command(folder, "compare", *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
