"""The doctor: what is installed, what lies in the cache, how fast, and what it may delete."""

from __future__ import annotations

import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baseload.cli import findings, kernel_cache, pace
from baseload.cli.kernel_cache import RECENT_SECONDS, KernelCache

Command = Callable[..., Any]
ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_everything_that_is_installed_here_works(command: Command) -> None:
    outcome = command("doctor")
    assert outcome.code == 0
    assert outcome.out.endswith("Everything works.\n")
    assert max(len(line) for line in outcome.out.splitlines() if " " in line.strip()) <= 80
    found = json.loads(command("doctor", "--json").out)
    assert found["ok"] is True
    assert {"programs", "cache", "machine", "terminal"} <= {
        row["group"] for row in found["findings"]
    }


def test_what_is_looked_for_is_what_the_project_needs() -> None:
    assert set(findings.NEEDED) == set(PROJECT["dependencies"])
    assert set(findings.EXTRAS) == set(PROJECT["optional-dependencies"]) - {"dev"}


def test_a_program_that_is_broken_is_told_with_exit_code_1(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    outcome = command("doctor")
    assert outcome.code == 1
    assert re.search(r"^x scipy .*import of scipy halted", outcome.out, re.MULTILINE)
    assert "pip install --force-reinstall scipy" in outcome.out
    assert outcome.out.endswith("1 of these will not work.\n")


def test_a_folder_for_temporary_files_that_is_none_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at all")
    assert findings.temporary_folder().state == "fails"


def kernels(folder: Path, name: str, age: float = 0.0) -> Path:
    made = folder / name / "engine_00"
    made.mkdir(parents=True)
    (made / "path.simulate_paths-110.py311.1.nbc").write_bytes(b"x" * 1000)
    os.utime(folder / name, (time.time() - age,) * 2)
    return folder / name


def test_only_old_folders_of_ours_are_deleted(tmp_path: Path) -> None:
    current = kernels(tmp_path, "0" * 16, 10 * RECENT_SECONDS)
    old = kernels(tmp_path, "1" * 16, 2 * RECENT_SECONDS)
    recent = kernels(tmp_path, "2" * 16)
    other = kernels(tmp_path, "holiday pictures", 10 * RECENT_SECONDS)
    (tmp_path / ("3" * 16)).write_text("a file", encoding="utf-8")
    elsewhere = kernels(tmp_path / "deeper", "4" * 16, 10 * RECENT_SECONDS)
    (tmp_path / ("5" * 16)).symlink_to(elsewhere)
    cache = KernelCache(tmp_path, current)
    assert cache.is_warm
    assert cache.old() == [old]
    assert cache.clear() == [old]
    assert not old.exists()
    assert all(path.exists() for path in (current, recent, other, elsewhere, tmp_path / ("5" * 16)))
    assert cache.clear() == []


def test_a_cache_is_cold_warm_or_cannot_be_kept(tmp_path: Path) -> None:
    def states(cache: KernelCache) -> dict[str, str]:
        return {one.name: one.says for one in kernel_cache.findings(cache)}

    empty = tmp_path / ("a" * 16)
    empty.mkdir()
    assert "cold" in states(KernelCache(tmp_path, empty))["compiled code"]
    warm = kernels(tmp_path, "b" * 16)
    assert "warm, 0.0 MB" in states(KernelCache(tmp_path, warm))["compiled code"]
    assert "cannot be written" in states(KernelCache(tmp_path, None))["folder"]
    assert KernelCache(tmp_path / "nowhere", None).others() == []


def test_no_command_is_among_the_sources_whose_change_compiles_anew() -> None:
    for path in (ROOT / "src" / "baseload" / "cli").glob("*.py"):
        assert b"baseload.compiled" not in path.read_bytes(), path.name


def test_the_figure_of_the_documentation_is_the_one_on_its_page() -> None:
    page = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    match = re.search(rf"^\| warm \| {pace.PATHS} \| ([\d.]+) \|", page, re.MULTILINE)
    assert match is not None
    assert float(match[1]) == pace.DOCUMENTED_SECONDS
    assert f"scenario `{pace.SCENARIO}`" in page


def test_speed_is_told_beside_the_documentation(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = pace.Pace(pace.DOCUMENTED_SECONDS * 2, 0.7, 15_000_000.0, 2, 9.0)
    monkeypatch.setattr(pace, "measure", lambda _: measured)
    outcome = command("doctor", "--speed")
    assert "15.0 million path-hours a second" in outcome.out
    assert "0.5 times the speed of two processors" in " ".join(outcome.out.split())
    assert "! load" in outcome.out
    found = json.loads(command("doctor", "--speed", "--json").out)
    assert found["speed"]["ratio_to_documented"] == 0.5
