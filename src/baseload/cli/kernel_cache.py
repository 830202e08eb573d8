"""The folder of compiled code: what lies there, whether it is warm, and clearing what is old."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from baseload.cli.findings import Finding, free_bytes, size_in_words

RECENT_SECONDS: Final = 3600.0
"""Compiled code that was used so recently may be in use by another version."""

_OURS: Final = re.compile(r"[0-9a-f]{16}")
_ENGINE: Final = "engine_*/path.simulate_paths-*.nbc"


@dataclass(frozen=True)
class KernelCache:
    """Compiled code on disk.

    Attributes
    ----------
    folder : Path
        Of all versions, each in a folder of its own.
    current : Path or None
        Of the sources that run now; None where it cannot be written to.
    """

    folder: Path
    current: Path | None

    @property
    def is_warm(self) -> bool:
        """Whether the engine lies there compiled for the sources that run now."""
        return self.current is not None and next(self.current.glob(_ENGINE), None) is not None

    def others(self) -> list[Path]:
        """Folders of other versions: those whose name is a hash as this program writes it."""
        try:
            found = sorted(self.folder.iterdir())
        except OSError:
            return []
        return [
            one
            for one in found
            if _OURS.fullmatch(one.name)
            and one != self.current
            and one.is_dir()
            and not one.is_symlink()
        ]

    def old(self) -> list[Path]:
        """Folders of other versions that nobody used for an hour, which may be deleted."""
        now = time.time()
        return [one for one in self.others() if now - _last_use(one) > RECENT_SECONDS]

    def clear(self) -> list[Path]:
        """Delete what is `old`, and nothing else; returns what is gone."""
        gone = []
        for one in self.old():
            shutil.rmtree(one, ignore_errors=True)
            if not one.exists():
                gone.append(one)
        return gone


def kernel_cache() -> KernelCache:
    """The cache that this process uses."""
    # Written apart: a file in which the module's whole name stands counts as one of kernels, and
    # would have them compiled anew whenever a command changes.
    from baseload import compiled

    try:
        folder = compiled.user_cache_folder() / "kernels"
    except RuntimeError:  # nobody knows the home
        folder = Path("~/.cache/baseload/kernels")
    return KernelCache(folder, compiled.CACHE_FOLDER)


def findings(cache: KernelCache) -> Iterator[Finding]:
    """Where compiled code is kept, whether it can be, and how much there is."""
    if cache.current is None:
        yield Finding(
            "cache",
            "folder",
            "note",
            f"{cache.folder} cannot be written to: each start compiles for some minutes",
            "let BASELOAD_CACHE_DIR name a folder that can be written to",
            str(cache.folder),
        )
        return
    free = free_bytes(cache.folder)
    room = "" if free is None else f", {size_in_words(free)} free"
    yield Finding("cache", "folder", "ok", f"{cache.folder}{room}", value=str(cache.folder))
    size = size_of(cache.current)
    if cache.is_warm:
        says = f"warm, {size_in_words(size)}: a run starts at once"
        yield Finding("cache", "compiled code", "ok", says, value=size)
    else:
        yield Finding(
            "cache",
            "compiled code",
            "note",
            "cold: the first run compiles, which takes a minute or two once",
            "baseload doctor --speed compiles it now",
            size,
        )
    others, old = cache.others(), cache.old()
    size = sum(map(size_of, others))
    plural = "" if len(others) == 1 else "s"
    says = f"{len(others)} folder{plural}, {size_in_words(size)}" if others else "none"
    do = f"baseload doctor --clear-cache deletes {len(old)} of them" if old else ""
    yield Finding("cache", "of other versions", "ok", says, do, size)


def size_of(folder: Path) -> int:
    """Bytes of all files under a folder; what vanishes meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _last_use(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return time.time()
