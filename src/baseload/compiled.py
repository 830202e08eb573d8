"""The one decorator of every compiled kernel, and the folder where compiled code is kept.

numba keys a cached function by its own file only, so that a kernel whose callee in another file
changed would go on returning old results. The cache folder therefore carries a hash of all sources
that hold kernels, of numba's and numpy's versions, and is set here before the first kernel exists.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy

KEPT_SECONDS = 30 * 86400.0

Function = TypeVar("Function", bound=Callable[..., Any])


def user_cache_folder() -> Path:
    """Folder for files that may be deleted at any time, as the platform has it."""
    stated = os.environ.get("BASELOAD_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    if stated:
        base = Path(stated)
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path.home() / ".cache"
    return base / "baseload"


def kernel_sources_hash(package: Path) -> str:
    """Hash of every file under `package` that may hold a kernel, with the compilers' versions."""
    digest = hashlib.sha256(f"{numba.__version__} {numpy.__version__} {sys.version}".encode())
    sources = {path: path.read_bytes() for path in sorted(package.rglob("*.py"))}
    kernels = [path for path, source in sources.items() if b"baseload.compiled" in source]
    # Kernels freeze the constants of their neighbours: column numbers, names of kinds, limits.
    folders = {path.parent for path in kernels} - {package}
    for path, source in sources.items():
        if path in kernels or path.parent in folders or path.name == "compiled.py":
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(source)
    return digest.hexdigest()[:16]


def _set_cache_folder() -> Path:
    folder = user_cache_folder() / "kernels" / kernel_sources_hash(Path(__file__).parent)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        # A home that cannot be written to costs the compilation each time, not the run.
        folder = Path(tempfile.mkdtemp(prefix="baseload-kernels-"))
    else:
        _forget_old(folder)
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return folder


def _forget_old(folder: Path) -> None:
    """Mark `folder` as used now, and remove those of other sources that nobody used for a month."""
    now = time.time()
    with contextlib.suppress(OSError):
        os.utime(folder)
        for other in folder.parent.iterdir():
            if other != folder and now - other.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)


CACHE_FOLDER = _set_cache_folder()


def kernel(function: Function) -> Function:
    """Compile `function` on first call: no interpreter lock, cached on disk, IEEE division.

    It may make no array: memory comes from the caller, so that no reference to an array needs to be
    counted, which would cost more than a day's work and half of the compilation.
    """
    compiled: Any = numba.njit(
        nogil=True, cache=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True
    )(function)
    return cast(Function, compiled)


def inner_kernel(function: Function) -> Function:
    """A kernel that only kernels call: its arguments are many, and to take them from Python costs seconds."""
    compiled: Any = numba.njit(
        nogil=True,
        cache=True,
        error_model="numpy",
        _nrt=False,
        no_cfunc_wrapper=True,
        no_cpython_wrapper=True,
    )(function)
    return cast(Function, compiled)


def allocating_kernel(function: Function) -> Function:
    """A kernel that makes arrays of its own."""
    compiled: Any = numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=True, no_cfunc_wrapper=True)(function)
    return cast(Function, compiled)


def small_kernel(function: Function) -> Function:
    """A kernel that is written out where it is called: what is called every day or hour."""
    compiled: Any = numba.njit(
        nogil=True, cache=True, error_model="numpy", inline="always", _nrt=False
    )(function)
    return cast(Function, compiled)
