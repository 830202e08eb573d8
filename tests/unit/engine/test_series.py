"""Series in memory and in a file are the same numbers, and the file leaves nothing behind."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from baseload.engine import series
from baseload.engine.outputs import SERIES
from baseload.engine.series import SeriesStore, sums_in_order
from baseload.errors import MachineFault
from baseload.study.quantiles import series_quantiles
from baseload.summary import QUANTILES

MONTHS = 5


def made(paths: int) -> npt.NDArray[np.float32]:
    """Values of many sizes, with equals, zeros of both signs and a constant."""
    draws = np.random.default_rng(paths)
    found = np.exp(draws.normal(size=(paths, len(SERIES), MONTHS)) * 4.0).astype(np.float32)
    found[:, 1] = np.round(found[:, 1])
    found[:, 2] = 0.1
    found[::2, 3] = -0.0
    return found


def filled(values: npt.NDArray[np.float32], chunk: int, shuffled: bool = False) -> SeriesStore:
    store = SeriesStore(values.shape[0], MONTHS)
    firsts = list(range(0, values.shape[0], chunk))
    if shuffled:
        random.Random(1).shuffle(firsts)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda first: store.put(first, values[first : first + chunk]), firsts))
    return store


@pytest.fixture(params=[False, True], ids=["memory", "file"])
def in_file(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    if request.param:
        monkeypatch.setattr(series, "MOST_BYTES_IN_MEMORY", 0)
        monkeypatch.setattr(series, "BLOCK_PATHS", 16)
        monkeypatch.setattr(series, "READ_BYTES", 400)
    yield request.param


def plain_quantiles(values: npt.NDArray[np.float32]) -> dict[str, list[list[float]]]:
    """The same by hand: sorted lists, sums from the smallest to the largest."""
    paths = values.shape[0]
    found: dict[str, list[list[float]]] = {name: [] for name in ("mean", *dict(QUANTILES))}
    for s in range(len(SERIES)):
        rows: dict[str, list[float]] = {name: [] for name in found}
        for month in range(MONTHS):
            ordered = sorted(float(value) for value in values[:, s, month])
            total = 0.0
            for value in ordered:
                total += value
            rows["mean"].append(total / paths)
            for name, share in QUANTILES:
                place = share * (paths - 1)
                low = math.floor(place)
                high = min(low + 1, paths - 1)
                rows[name].append(ordered[low] + (ordered[high] - ordered[low]) * (place - low))
        for name, row in rows.items():
            found[name].append(row)
    return found


@pytest.mark.parametrize("paths", [1, 2, 15, 16, 17, 200])
@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_quantiles_are_those_of_sorted_lists_to_the_last_bit(
    in_file: bool, paths: int, chunk: int
) -> None:
    values = made(paths)
    expected = plain_quantiles(values)
    for threads in (1, 3):
        with filled(values, chunk, shuffled=True) as store:
            assert store.spooled is in_file
            found = series_quantiles(store, threads)
        for name, rows in expected.items():
            assert found[name].tolist() == rows, name


def test_a_month_comes_back_in_path_order(in_file: bool) -> None:
    values = made(45)
    with filled(values, 4) as store:
        for s, first, count in ((0, 0, MONTHS), (7, 2, 1), (len(SERIES) - 1, 3, 2)):
            found = store.month_by_month(s, first, count)
            assert found.dtype == np.float32
            assert np.array_equal(found, values[:, s, first : first + count].T)


def test_sums_are_in_64_bits_and_in_order() -> None:
    rows = np.full((19, 1000), 0.1, np.float32)
    rows[:, 0] = 1e8
    found = np.zeros(19)
    sums_in_order(rows, found)
    total = float(np.float32(1e8))
    for _ in range(999):
        total += float(np.float32(0.1))
    assert found.tolist() == [total] * 19


def test_many_paths_go_to_the_file_and_few_do_not() -> None:
    turn = series.MOST_BYTES_IN_MEMORY // series.bytes_per_path(240)
    assert not series.is_spooled(turn, 240)
    assert series.is_spooled(turn + 1, 240)
    assert series.bytes_per_path(240) == len(SERIES) * 240 * 4


def test_reading_before_all_paths_are_there_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MOST_BYTES_IN_MEMORY", 0)
    with SeriesStore(20, MONTHS) as store:
        store.put(0, made(20)[:19])
        with pytest.raises(RuntimeError, match="never handed over"):
            store.month_by_month(0, 0, 1)


def test_a_full_disk_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MOST_BYTES_IN_MEMORY", 0)
    if not Path("/dev/full").exists():
        pytest.skip("needs a disk that is full")

    def full(**_: object) -> object:
        return open("/dev/full", "w+b")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with SeriesStore(20, MONTHS) as store, pytest.raises(MachineFault) as told:
        store.put(0, made(20))
    for word in ("temporary file", "No space left", "TMPDIR", "fewer paths"):
        assert word in str(told.value)


def test_no_folder_for_temporary_files_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MOST_BYTES_IN_MEMORY", 0)

    def none(**_: object) -> object:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    with pytest.raises(MachineFault, match="No usable temporary directory"):
        SeriesStore(20, MONTHS)


@pytest.mark.skipif(os.name == "nt", reason="the system deletes it when the process ends")
def test_the_file_has_no_name_even_while_it_is_written(tmp_path: Path) -> None:
    snippet = (
        "import os, numpy as np\n"
        "from baseload.engine import series\n"
        "series.MOST_BYTES_IN_MEMORY = 0\n"
        "store = series.SeriesStore(2000, 12)\n"
        "store.put(0, np.ones((1100, len(series.SERIES), 12), np.float32))\n"
        "print(os.listdir(os.environ['TMPDIR']), flush=True)\n"
        "os._exit(130)\n"  # as on Ctrl-C: nothing is tidied up
    )
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", snippet], capture_output=True, text=True, env=environment
    )
    assert (done.returncode, done.stdout) == (130, "[]\n"), done.stderr
    assert list(tmp_path.iterdir()) == []
