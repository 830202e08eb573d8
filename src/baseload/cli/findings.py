"""What `baseload doctor` finds: programs, extras, caches, machine and terminal."""

from __future__ import annotations

import importlib
import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from baseload.cli.terminal import columns_of, has_colours

OLDEST_PYTHON: Final = (3, 11)
NEEDED: Final = {
    "click": "click",
    "highspy": "highspy",
    "jinja2": "jinja2",
    "numba": "numba",
    "numpy": "numpy",
    "polars": "polars",
    "pydantic": "pydantic",
    "rapidfuzz": "rapidfuzz",
    "scipy": "scipy",
    "tree-sitter": "tree_sitter",
    "tree-sitter-toml": "tree_sitter_toml",
}
"""Programs without which a run does not work, by the name of their distribution: their module."""

EXTRAS: Final = {
    "docs": ("sphinx", "the documentation is built as a site"),
    "png": ("resvg_py", "baseload plot writes figures as PNG"),
    "pypsa": ("pypsa", "baseload export writes a year for PyPSA to solve again"),
    "screening": ("nomenklatura", "baseload screen matches names by the logic of its makers"),
}
"""Extras of the package: the module that each brings, and what it is for."""

_FEW_BYTES: Final = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    group, name : str
    state : str
        `ok`, `note` for what works with a caveat, `fails` for what will not work.
    says : str
        What was found, in words.
    do : str
        What mends it, empty where nothing needs to be done.
    value : object
        The figure behind the words, where there is one.
    """

    group: str
    name: str
    state: str
    says: str
    do: str = ""
    value: Any = None


def programs() -> Iterator[Finding]:
    """Python and what the package needs, each of it imported to see that it works."""
    from baseload import __version__

    python = platform.python_version()
    new_enough = sys.version_info[:2] >= OLDEST_PYTHON
    wanted = ".".join(map(str, OLDEST_PYTHON))
    yield Finding("programs", "baseload", "ok", __version__, value=__version__)
    yield Finding(
        "programs",
        "Python",
        "ok" if new_enough else "fails",
        f"{python}, {platform.python_implementation()}, {platform.system()} {platform.machine()}",
        "" if new_enough else f"install Python {wanted} or later",
        python,
    )
    for name, module in NEEDED.items():
        version = _version(name)
        why = _import_fault(module)
        if why:
            do = f"python -m pip install --force-reinstall {name}"
            yield Finding("programs", name, "fails", f"{version or 'missing'}: {why}", do, version)
        else:
            yield Finding("programs", name, "ok", version or "found", value=version)


def extras() -> Iterator[Finding]:
    """Extras, which nothing else needs; they are not imported, since that takes seconds."""
    for name, (module, purpose) in EXTRAS.items():
        version = _version(name)
        if version is None and not _is_there(module):
            do = f'python -m pip install "baseload[{name}]"'
            yield Finding("extras", name, "note", f"missing: {purpose}", do)
        else:
            yield Finding("extras", name, "ok", f"{version or 'found'}: {purpose}", value=version)


def machine() -> Iterator[Finding]:
    """Processors, memory, load and room for temporary files."""
    from baseload.engine.pool import default_threads
    from baseload.engine.room import free_memory

    threads = default_threads()
    says = f"{threads} for this process, of {os.cpu_count()}"
    yield Finding("machine", "processors", "ok", says, value=threads)
    memory = free_memory()
    yield _room("memory", memory, "close other programs, or ask for fewer --paths")
    if hasattr(os, "getloadavg"):
        load = os.getloadavg()[0]
        state = "note" if load > threads else "ok"
        says = f"{load:.1f}" + (": other programs slow this one" if state == "note" else "")
        yield Finding("machine", "load", state, says, value=load)
    yield temporary_folder()


def temporary_folder() -> Finding:
    """Where the series of many paths go while a study runs."""
    do = "let TMPDIR name a folder that can be written to"
    try:
        folder = tempfile.gettempdir()
        with tempfile.TemporaryFile(dir=folder):
            pass
        free = shutil.disk_usage(folder).free
    except OSError as error:
        says = f"cannot be written to ({error.strerror or error})"
        return Finding("machine", "temporary files", "fails", says, do)
    found = _room("temporary files", free, do)
    return Finding(
        "machine", "temporary files", found.state, f"{folder}, {found.says}", found.do, free
    )


def terminal() -> Iterator[Finding]:
    """How output is shown, and that no locale changes it."""
    seen = sys.stdout.isatty()
    columns = columns_of(sys.stdout)
    shown = f"{columns} columns" if seen else f"no terminal: {columns} columns"
    colours = "colours" if has_colours(sys.stdout) else "no colours"
    yield Finding("terminal", "output", "ok", f"{shown}, {colours}", value=columns)
    name = next(
        (os.environ[one] for one in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(one)), "none"
    )
    encoding = locale.getencoding()
    yield Finding(
        "terminal",
        "locale",
        "ok",
        f"{name}, {encoding}; output is UTF-8 with decimal points in any",
        value=name,
    )


def size_in_words(size: float) -> str:
    """A size in bytes for people.

    Examples
    --------
    >>> [size_in_words(value) for value in (0, 12_345_678, 1.5e9)]
    ['0.0 MB', '12.3 MB', '1.5 GB']
    """
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def free_bytes(folder: Path) -> int | None:
    """Free space of the disk that holds a folder, or its nearest that exists. [bytes]"""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None


def _room(name: str, free: int | None, do: str) -> Finding:
    if free is None:
        return Finding("machine", name, "note", "free room is not known")
    scarce = free < _FEW_BYTES
    says = f"{size_in_words(free)} free"
    return Finding("machine", name, "note" if scarce else "ok", says, do if scarce else "", free)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _is_there(module: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _import_fault(module: str) -> str:
    """Why a module cannot be imported, empty where it can."""
    try:
        importlib.import_module(module)
    except Exception as error:  # whatever a broken installation raises
        return (str(error).splitlines() or [type(error).__name__])[0]
    return ""
