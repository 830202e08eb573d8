"""The cache of compiled code never gives the results of sources that have changed since."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import int64
from numba.core.compiler import Flags
from numba.core.errors import TypingError
from numba.core.types import literal

import baseload
from baseload.compiled import (
    allocating_kernel,
    inner_kernel,
    kernel,
    kernel_sources_hash,
    small_kernel,
)
from baseload.dispatch.window_kernels import mine_window
from baseload.engine.path import simulate_chunk
from baseload.engine.span_kernels import serve_month
from baseload.numerics import exp
from baseload.pipeline import QuickFlags

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


LOAD_THEN_COMPILE = """
import sys
from baseload.plant.decay_heat import decay_heat_share
share = decay_heat_share(3600.0)
print("numba.np.linalg" in sys.modules)
from baseload.compiled import allocating_kernel
import numpy
print(allocating_kernel(lambda count: numpy.ones(count).sum())(3))
print(share)
"""


def test_code_that_is_ready_is_loaded_without_what_compiling_takes(tmp_path: Path) -> None:
    environment = os.environ | {"BASELOAD_CACHE_DIR": str(tmp_path)}

    def said() -> list[str]:
        command = [sys.executable, "-c", LOAD_THEN_COMPILE]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    cold, warm = said(), said()
    assert cold == ["True", "3.0", cold[2]]
    assert warm == ["False", "3.0", cold[2]]


def test_a_constant_beside_a_kernel_counts_as_its_source(tmp_path: Path) -> None:
    folder = tmp_path / "stage"
    folder.mkdir()
    (folder / "kernels.py").write_text(
        "from baseload.compiled import kernel\nfrom baseload.stage.columns import FIRST\n"
    )
    (folder / "columns.py").write_text("from baseload.stage import (\n    width,\n)\nFIRST = 0\n")
    (folder / "width.py").write_text("WIDTH = 1\n")
    (folder / "schema.py").write_text("from baseload.stage.kernels import kernel\n")
    before = kernel_sources_hash(tmp_path)
    for name, text in (("columns", "FIRST = 1\n"), ("width", "WIDTH = 2\n")):
        old = (folder / f"{name}.py").read_text()
        (folder / f"{name}.py").write_text(old + text)
        assert kernel_sources_hash(tmp_path) != before
        (folder / f"{name}.py").write_text(old)
    # What only uses kernels, and what nobody imports, compiles nothing anew.
    (folder / "schema.py").write_text("from baseload.stage.kernels import kernel\nLIMIT = 3\n")
    assert kernel_sources_hash(tmp_path) == before


@pytest.mark.parametrize("name", ["compiled.py", "pipeline.py", "references.py"])
def test_what_makes_kernels_counts_as_their_source(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("A = 1\n")
    before = kernel_sources_hash(tmp_path)
    (tmp_path / name).write_text("A = 2\n")
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


def _zeros_of(count):
    return np.zeros(count).sum()


def test_a_kernel_may_make_no_array_unless_it_says_so() -> None:
    # References to arrays would be counted in every kernel that any other calls.
    with pytest.raises(TypingError, match="zeros"):
        kernel(_zeros_of)(3)
    with pytest.raises(TypingError, match="zeros"):
        small_kernel(_zeros_of)(3)
    assert allocating_kernel(_zeros_of)(3) == 0.0


@inner_kernel
def _one_more(number):
    return number + 1


@kernel
def _two_more(number):
    return _one_more(_one_more(number))


def test_an_inner_kernel_is_called_by_kernels() -> None:
    assert _two_more(3) == 5


@kernel
def _both(number):
    return _one_more(3) + _one_more(number)


def test_a_number_that_is_known_makes_no_kernel_of_its_own() -> None:
    assert _both(4) == 9
    dispatcher: Any = _one_more
    asked: list[Any] = [((int64,), {}), ((literal(3),), {})]
    made = [dispatcher.get_call_template(*each)[0].cases for each in asked]
    assert made[0] == made[1] and len(made[0]) == 1


def test_a_kernel_that_kernels_call_is_not_compiled_for_python() -> None:
    assert _two_more(1) == 3
    assert len(_one_more.overloads) == 0  # type: ignore[attr-defined]


def test_flags_that_are_looked_up_quickly_are_equal_where_flags_are() -> None:
    flags: Any = Flags()
    flags.error_model = "numpy"
    quick, other = QuickFlags(flags), QuickFlags(Flags())
    assert quick == QuickFlags(flags) == flags and hash(quick) == hash(QuickFlags(flags))
    assert quick != other and quick.copy() == quick and type(quick.copy()) is QuickFlags


def test_every_kernel_of_the_package_is_compiled_without_the_interpreters_lock() -> None:
    kernels: tuple[Any, ...] = (exp, serve_month, simulate_chunk, mine_window)
    for one in kernels:
        options = one.targetoptions
        assert options["nogil"] is True
        assert options["error_model"] == "numpy"
        assert "fastmath" not in options and "parallel" not in options


SETTLED = """
import sys, warnings
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    from baseload.plant.decay_heat import decay_heat_share
    from baseload.numerics import exp
    value = decay_heat_share(3600.0), exp(1.0)
found = [str(each.message) for each in told if each.category.__name__ == "CacheWarning"]
print(repr((value, found)))
"""


def settled(
    cache: Path, temporary: Path, before: str = ""
) -> tuple[tuple[float, float], list[str]]:
    """Values of two kernels, and the warnings on the way."""
    environment = os.environ | {"BASELOAD_CACHE_DIR": str(cache), "TMPDIR": str(temporary)}
    done = subprocess.run(
        [sys.executable, "-c", before + SETTLED], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: tuple[tuple[float, float], list[str]] = ast.literal_eval(done.stdout)
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[float, float]]:
    """A cache that holds both kernels, and their values."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "temporary").mkdir()
    values, told = settled(folder / "cache", folder / "temporary")
    assert told == []
    return folder / "cache", values


@pytest.fixture
def cache(kept: tuple[Path, tuple[float, float]], tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(kept[0], tmp_path / "cache"))


@pytest.fixture
def good(kept: tuple[Path, tuple[float, float]]) -> tuple[float, float]:
    return kept[1]


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def stamps_of(cache: Path) -> list[int]:
    return [path.stat().st_mtime_ns for path in index_files(cache)]


def index_files(cache: Path) -> list[Path]:
    return sorted(cache.rglob("decay_heat*.nbi")) + sorted(cache.rglob("numerics.exp*.nbi"))


def test_a_folder_that_can_be_written_is_used_in_silence(
    cache: Path, good: tuple[float, float], temporary: Path
) -> None:
    assert index_files(cache)
    stamps = stamps_of(cache)
    assert settled(cache, temporary) == (good, [])
    assert stamps_of(cache) == stamps  # read, not written again


@pytest.mark.parametrize("place", ["file", "below a file", "nowhere to write"])
def test_a_folder_that_cannot_be_written_costs_a_warning(
    tmp_path: Path, good: tuple[float, float], temporary: Path, place: str
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    bad = tmp_path / "file" / "deeper" if place == "below a file" else tmp_path / "file"
    if place == "nowhere to write":
        # Not a folder without permission: a test may run as one who may write everywhere.
        bad = Path("/proc/cache")
        if not Path("/proc/1").exists():
            pytest.skip("needs a place where nobody may write")
    found, (told,) = settled(bad, temporary)
    assert found == good
    assert str(bad) in told and "BASELOAD_CACHE_DIR" in told
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("how", ["empty", "garbled", "cut", "a folder"])
def test_an_index_that_cannot_be_read_is_made_again(
    cache: Path, good: tuple[float, float], temporary: Path, how: str
) -> None:
    for path in index_files(cache):
        whole = path.read_bytes()
        path.unlink()
        if how == "a folder":
            path.mkdir()
        else:
            path.write_bytes({"empty": b"", "garbled": b"\x80no", "cut": whole[:-9]}[how])
    found, told = settled(cache, temporary)
    assert found == good
    assert bool(told) is (how == "a folder")
    if how == "cut":
        stamps = stamps_of(cache)
        assert settled(cache, temporary) == (good, [])
        assert stamps_of(cache) == stamps


def test_compiled_code_that_is_damaged_is_compiled_again(
    cache: Path, good: tuple[float, float], temporary: Path
) -> None:
    for path in cache.rglob("*.nbc"):
        path.write_bytes(path.read_bytes()[:50])
    assert settled(cache, temporary) == (good, [])


def test_a_full_disk_costs_one_warning(
    tmp_path: Path, good: tuple[float, float], temporary: Path
) -> None:
    full = (
        "from numba.core.caching import IndexDataCacheFile\n"
        "def save(*_): raise OSError(28, 'No space left on device')\n"
        "IndexDataCacheFile.save = save\n"
    )
    found, (told,) = settled(tmp_path / "full", temporary, full)
    assert found == good
    assert "No space left on device" in told
