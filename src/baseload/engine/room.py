"""Whether a study fits into memory and into the folder of temporary files, before it begins."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from baseload.engine import series
from baseload.engine.outputs import METRICS
from baseload.engine.plan import Plan
from baseload.errors import Fault, InputError

# What a path of any scenario takes while its metrics lie there both as an array and as a frame, and
# one of them is sorted and summed.
METRICS_BYTES = 2 * 8 * len(METRICS) + 160
# A thread's own memory beside its chunk: its stack, the days and months of a path, what it reads.
THREAD_BYTES = 8 << 20
# Tables, pages and the frames of one path, whatever the count of paths.
FIXED_BYTES = 256 << 20


class Needs(NamedTuple):
    """Bytes that a study takes beyond what the program takes by itself."""

    memory: int
    disk: int


def needs(paths: int, months: int, columns: int, threads: int, chunk_paths: int) -> Needs:
    """Memory and temporary disk that a study takes, from above.

    Parameters
    ----------
    paths, months : int
    columns : int
        Inputs that differ between paths, of which each has a column, and milestones, of which each has two.
    threads, chunk_paths : int
    """
    of_series = series.bytes_per_path(months)
    spooled = series.is_spooled(paths, months)
    # Chunks under way: what the engine writes, and the blocks of the file that are not yet full.
    under_way = threads * (THREAD_BYTES + min(chunk_paths, paths) * of_series)
    if spooled:
        blocks = 1 + -(-threads * chunk_paths // series.BLOCK_PATHS)
        under_way += min(blocks * series.BLOCK_PATHS, paths) * of_series
        at_once = max(series.READ_BYTES, 4 * paths)
        under_way += threads * 2 * min(at_once, 4 * paths * months)
    memory = FIXED_BYTES + under_way + paths * (METRICS_BYTES + 8 * (columns + 2))
    return Needs(memory + (0 if spooled else paths * of_series), paths * of_series * spooled)


def require_room(
    plan: Plan,
    paths: int,
    threads: int,
    chunk_paths: int,
    memory: Callable[[], int | None] | None = None,
    disk: Callable[[], int | None] | None = None,
) -> None:
    """Refuse a study that the machine has no room for; what is not known does not count.

    Parameters
    ----------
    plan : Plan
    paths, threads, chunk_paths : int
    memory, disk : callable, optional
        What there is, in bytes, or None where nobody knows: by default `free_memory` and
        `free_temporary_disk`.

    Raises
    ------
    InputError
        With what it would take, what there is, and how many paths there would be room for.
    """
    has = ((memory or free_memory)(), (disk or free_temporary_disk)())
    columns = int(plan.uncertain.sum()) + 2 * len(plan.milestones)

    def lacking(count: int) -> list[int]:
        wanted = needs(count, plan.horizon.months, columns, threads, chunk_paths)
        return [i for i in (0, 1) if has[i] is not None and wanted[i] > (has[i] or 0)]

    lacks = lacking(paths)
    if not lacks:
        return
    wanted = needs(paths, plan.horizon.months, columns, threads, chunk_paths)
    places = ("memory", f"temporary disk in {_temporary_folder()}")
    found = [
        f"{_said(wanted[i])} of {places[i]}, where {_said(has[i] or 0)} are free" for i in lacks
    ]
    most = _most_paths(lambda count: not lacking(count), paths, plan.horizon.months)
    raise InputError(
        Fault(
            None,
            None,
            None,
            "paths",
            f"{paths:,} paths of {plan.horizon.months // 12} years, which take {' and '.join(found)}",
            f"at most {most:,} paths, for which there is room"
            if most
            else "a machine with more room",
            note="TMPDIR names another folder for temporary files" if 1 in lacks else "",
        )
    )


def _most_paths(fits: Callable[[int], bool], below: int, months: int) -> int:
    """Most paths that fit, `below` being too many; 0 where one path is too many.

    Memory grows with the paths, but falls where their series go to a file: the two parts are
    searched one after the other.
    """
    turn = min(series.MOST_BYTES_IN_MEMORY // series.bytes_per_path(months), below)
    for low, high in ((turn + 1, below), (1, turn + 1)):
        if low >= high or not fits(low):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return low
    return 0


def _said(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"


def _temporary_folder() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        return "a folder for temporary files"


def free_temporary_disk() -> int | None:
    """Free space where temporary files go; None where it is not known. [bytes]"""
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return None


def free_memory(root: Path = Path("/")) -> int | None:
    """Memory that the process may still take: the least of what machine, group and limit leave.

    Parameters
    ----------
    root : Path
        Where the system's own files lie.

    Returns
    -------
    int or None
        None where the system does not say. [bytes]
    """
    found = [*_of_machine(root), *_of_groups(root), *_of_limit(root)]
    return max(0, min(found)) if found else None


def _of_machine(root: Path) -> list[int]:
    try:
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        return [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    except (OSError, ValueError, IndexError):
        return []


def _of_groups(root: Path) -> list[int]:
    """Room under the limits of the control groups of both kinds, from the process's own to the top."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    found = []
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, name = rest.partition(":")
        if number == "0" and not controllers:
            top, limit, used = root / "sys/fs/cgroup", "memory.max", "memory.current"
        elif "memory" in controllers.split(","):
            top = root / "sys/fs/cgroup/memory"
            limit, used = "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        parts = [part for part in name.split("/") if part and part != ".."]
        for depth in range(len(parts) + 1):
            found += _of_group(top.joinpath(*parts[:depth]), limit, used)
    return found


def _of_group(folder: Path, limit: str, used: str) -> list[int]:
    try:
        most = int((folder / limit).read_text(encoding="ascii"))
        taken = int((folder / used).read_text(encoding="ascii"))
        # Pages of files that nobody used lately are given back when memory is wanted.
        stat = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        idle = [int(line.split()[1]) for line in stat if line.startswith("inactive_file ")]
        return [most - taken + sum(idle)]
    except (OSError, ValueError, IndexError):  # "max": no limit
        return []


def _of_limit(root: Path) -> list[int]:
    """What the process's limit of address space leaves."""
    if sys.platform == "win32":
        return []
    import resource

    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most == resource.RLIM_INFINITY:
        return []
    try:
        pages = int((root / "proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return []
    return [most - pages * resource.getpagesize()]
