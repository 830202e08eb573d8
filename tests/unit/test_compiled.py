"""The cache of compiled code never gives the results of sources that have changed since."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import baseload
from baseload.compiled import kernel_sources_hash

PACKAGE = Path(baseload.__file__).parent
ASK = "from baseload.plant.decay_heat import decay_heat_share; print(decay_heat_share(3600.0))"


def answer(source: Path, cache: Path) -> float:
    environment = os.environ | {"PYTHONPATH": str(source), "BASELOAD_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def test_a_change_of_a_callee_in_another_file_changes_the_answer(tmp_path: Path) -> None:
    source, cache = tmp_path / "source", tmp_path / "cache"
    shutil.copytree(PACKAGE, source / "baseload", ignore=shutil.ignore_patterns("__pycache__"))
    before = answer(source, cache)
    numerics = source / "baseload" / "numerics.py"
    text = numerics.read_text(encoding="utf-8")
    numerics.write_text(
        text.replace("return exp(y * log(x))", "return 2.0 * exp(y * log(x))"), encoding="utf-8"
    )
    assert answer(source, cache) == 2.0 * before


def test_a_constant_beside_a_kernel_counts_as_its_source(tmp_path: Path) -> None:
    folder = tmp_path / "stage"
    folder.mkdir()
    (folder / "kernels.py").write_text("from baseload.compiled import kernel\n")
    (folder / "columns.py").write_text("FIRST = 0\n")
    before = kernel_sources_hash(tmp_path)
    (folder / "columns.py").write_text("FIRST = 1\n")
    assert kernel_sources_hash(tmp_path) != before


def test_compiled_code_that_nobody_used_for_a_month_is_removed(tmp_path: Path) -> None:
    old, recent = tmp_path / "baseload/kernels/old", tmp_path / "baseload/kernels/recent"
    for folder in (old, recent):
        folder.mkdir(parents=True)
    month_ago = time.time() - 31 * 86400
    os.utime(old, (month_ago, month_ago))
    environment = os.environ | {"BASELOAD_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import baseload.compiled"], env=environment, check=True)
    assert not old.exists() and recent.exists()
