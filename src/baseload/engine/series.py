"""The monthly series of all paths: held in memory while they are few, in a nameless file beyond.

A quantile over the paths needs all values of one month of one series together, while a path hands
over all its months and series at once. The store turns them round as they come. What is held is
the same floats either way, so that where they lie changes no result.
"""

from __future__ import annotations

import os
import tempfile
import threading
from io import BufferedRandom
from types import TracebackType

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel
from baseload.engine.outputs import SERIES
from baseload.errors import MachineFault

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

MOST_BYTES_IN_MEMORY = 512 << 20
BLOCK_PATHS = 1024
READ_BYTES = 16 << 20


def bytes_per_path(months: int) -> int:
    """Size of the series of one path. [bytes]"""
    return len(SERIES) * months * 4


def is_spooled(paths: int, months: int) -> bool:
    """Whether the series of so many paths are held in a file."""
    return paths * bytes_per_path(months) > MOST_BYTES_IN_MEMORY


class SeriesStore:
    """Series of P paths over M months, taken path by path and given back month by month.

    The file has no name on systems where a file can do without, and is deleted by the system when
    the process ends however it ends, elsewhere too.

    Parameters
    ----------
    paths, months : int

    Attributes
    ----------
    paths, months : int
    spooled : bool
        Whether they lie in a file.

    Raises
    ------
    MachineFault
        Here and in `put` where the file cannot be made or written.
    """

    def __init__(self, paths: int, months: int) -> None:
        self.paths = paths
        self.months = months
        self.spooled = is_spooled(paths, months)
        self._block_paths = BLOCK_PATHS if self.spooled else paths
        self._blocks: dict[int, Singles] = {}
        self._missing: dict[int, int] = {}
        self._lock = threading.Lock()
        self._file: BufferedRandom | None = None
        if self.spooled:
            try:
                self._file = tempfile.TemporaryFile(prefix="baseload-")  # noqa: SIM115
            except OSError as error:
                raise self._no_room(error) from error

    def __enter__(self) -> SeriesStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of memory and file."""
        self._blocks.clear()
        if self._file is not None:
            try:
                self._file.close()
            except OSError:  # a full disk: what was still to be written is not wanted any more
                pass
            finally:
                self._file = None

    def put(self, first: int, part: Singles) -> None:
        """Take the series (n, series, M) of the paths from `first` on; from any thread, in any order."""
        turned = part.transpose(1, 2, 0)
        start, end = first, first + part.shape[0]
        while start < end:
            number = start // self._block_paths
            begin = number * self._block_paths
            stop = min(end, begin + self._block_paths)
            block = self._block(number)
            block[:, :, start - begin : stop - begin] = turned[:, :, start - first : stop - first]
            self._taken(number, stop - start)
            start = stop

    def month_by_month(self, series: int, first_month: int, months: int) -> Singles:
        """Values (months, P) of one series in path order; the caller may sort the rows in place."""
        if self._file is None:
            return self._block(0)[series, first_month : first_month + months]
        if self._blocks:
            raise RuntimeError("the series of some paths were never handed over")
        found = np.empty((months, self.paths), np.float32)
        for number in range(-(-self.paths // self._block_paths)):
            begin, width = number * self._block_paths, self._width(number)
            place = begin * len(SERIES) * self.months
            place += (series * self.months + first_month) * width
            values = np.empty((months, width), np.float32)
            with self._lock:
                self._file.seek(place * 4)
                self._file.readinto(values.data.cast("B"))
            found[:, begin : begin + width] = values
        return found

    def months_at_once(self) -> int:
        """Months of a series to ask for at a time, so that memory does not grow with the paths."""
        if not self.spooled:
            return self.months
        return max(1, min(self.months, READ_BYTES // (self.paths * 4)))

    def _width(self, number: int) -> int:
        return min(self._block_paths, self.paths - number * self._block_paths)

    def _block(self, number: int) -> Singles:
        with self._lock:
            if number not in self._blocks:
                width = self._width(number)
                self._blocks[number] = np.empty((len(SERIES), self.months, width), np.float32)
                self._missing[number] = width
            return self._blocks[number]

    def _taken(self, number: int, paths: int) -> None:
        """Note that a block has so many paths more; a full one goes to the file."""
        with self._lock:
            self._missing[number] -= paths
            if self._file is None or self._missing[number]:
                return
            block = self._blocks.pop(number)
            try:
                self._file.seek(number * self._block_paths * len(SERIES) * self.months * 4)
                self._file.write(block.data.cast("B"))
                self._file.flush()
            except OSError as error:
                raise self._no_room(error) from error

    def _no_room(self, error: OSError) -> MachineFault:
        return MachineFault(
            "the monthly series of the paths could not be put into a temporary file",
            where=_folder(),
            why=error.strerror or str(error),
            what_to_do=(
                f"make room for {self.paths * bytes_per_path(self.months) / 1e9:,.1f} GB there,"
                " name another folder in TMPDIR, or ask for fewer paths"
            ),
        )


def _folder() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        return os.environ.get("TMPDIR", "")


@kernel
def sums_in_order(rows: Singles, found: Floats) -> None:
    """Sum of each row (m, P) into `found` (m,), its values added one after the other.

    In 64 bits, and eight rows at a time, since each addition waits for the one before it. A
    library's sum would take an order that depends on its version and the machine.
    """
    count, length = rows.shape
    whole = count - count % 8
    for k in range(0, whole, 8):
        a, b = np.float64(rows[k, 0]), np.float64(rows[k + 1, 0])
        c, d = np.float64(rows[k + 2, 0]), np.float64(rows[k + 3, 0])
        e, f = np.float64(rows[k + 4, 0]), np.float64(rows[k + 5, 0])
        g, h = np.float64(rows[k + 6, 0]), np.float64(rows[k + 7, 0])
        for i in range(1, length):
            a += rows[k, i]
            b += rows[k + 1, i]
            c += rows[k + 2, i]
            d += rows[k + 3, i]
            e += rows[k + 4, i]
            f += rows[k + 5, i]
            g += rows[k + 6, i]
            h += rows[k + 7, i]
        found[k] = a
        found[k + 1] = b
        found[k + 2] = c
        found[k + 3] = d
        found[k + 4] = e
        found[k + 5] = f
        found[k + 6] = g
        found[k + 7] = h
    for k in range(whole, count):
        a = np.float64(rows[k, 0])
        for i in range(1, length):
            a += rows[k, i]
        found[k] = a
