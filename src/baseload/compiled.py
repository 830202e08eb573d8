"""The one decorator of every compiled kernel, and the folder where compiled code is kept.

numba keys a cached function by its own file only, so that a kernel whose callee in another file
changed would go on returning old results. The cache folder therefore carries a hash of all sources
that hold kernels and of what they import, of numba's and numpy's versions, and is set here before
the first kernel exists.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite.binding
import numba
import numpy
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

from baseload.pipeline import ALLOCATING_PART, PART, WHOLE, QuickFlags, call_as_part

KEPT_SECONDS = 30 * 86400.0
# What makes kernels of functions, without being one.
COMPILER = ("compiled.py", "pipeline.py", "references.py")

# A loop over the 24 hours of a day that is written out hour by hour is not run on several hours at
# once, which costs three times as much; nor does it help to write out loops of an unknown length.
for _option in ("-unroll-full-max-count=4", "-unroll-runtime=false"):
    llvmlite.binding.set_option("baseload", _option)

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


_IMPORTS = re.compile(
    rb"^\s*(?:from\s+(baseload[.\w]*)\s+import\s+([^\n#(]+|\([^)]*\))|import\s+(baseload[.\w]*))",
    re.MULTILINE,
)


def kernel_sources_hash(package: Path) -> str:
    """Hash of the sources that compiled code depends on, with the compilers' versions.

    These are the files that hold kernels and all that they import, also by way of others: kernels
    freeze the constants of the modules that they import. What only uses kernels is not among them,
    so that a change there compiles nothing anew.
    """
    digest = hashlib.sha256(f"{numba.__version__} {numpy.__version__} {sys.version}".encode())
    waiting = [path for path in package.rglob("*.py") if b"baseload.compiled" in path.read_bytes()]
    waiting += [package / name for name in COMPILER]
    found: dict[Path, bytes] = {}
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found[path] = path.read_bytes()
        waiting += _imported(package, found[path])
    for path in sorted(found):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(found[path])
    return digest.hexdigest()[:16]


def _imported(package: Path, source: bytes) -> list[Path]:
    """Files of the package that a source imports, those of submodules named in an import among them."""
    files = []
    for module, names, whole in _IMPORTS.findall(source):
        base = package.joinpath(*(module or whole).decode().split(".")[1:])
        files += [base.with_suffix(".py"), base / "__init__.py"]
        files += [base / f"{name.decode()}.py" for name in re.findall(rb"\w+", names)]
    return files


class CacheWarning(UserWarning):
    """Compiled code cannot be kept: each start compiles again, and no result changes."""


_told: list[Path] = []


def _tell_not_kept(folder: Path, error: Exception) -> None:
    """Say once that, where and why compiled code is not kept."""
    if _told:
        return
    _told.append(folder)
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    warnings.warn(
        f"compiled code cannot be kept in {folder} ({why}), so that each start compiles anew for"
        " a minute or more; BASELOAD_CACHE_DIR names another folder",
        CacheWarning,
        stacklevel=2,
    )


def _cache_folder() -> Path | None:
    """The folder for compiled code of these sources; None where it cannot be written."""
    folder = Path("~")
    try:
        folder = user_cache_folder() / "kernels" / kernel_sources_hash(Path(__file__).parent)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, RuntimeError) as error:  # the latter where nobody knows the home
        # A home that cannot be written to costs the compilation each time, not the run.
        _tell_not_kept(folder, error)
        return None
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


CACHE_FOLDER = _cache_folder()


class _ToLoad:
    """The compiler's context for code that is ready: it is not told all that it may need to compile.

    A hundred modules of the compiler, and scipy's linear algebra with them, would be imported first.
    They are when something is compiled.

    Parameters
    ----------
    context : Context
        numba's own.
    """

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def refresh(self) -> None:
        """Make ready what code calls that makes arrays."""
        rtsys.initialize(self._context)


class _Cache(FunctionCache):
    """A cache on disk whose faults cost time alone: what cannot be read is compiled again."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, _ToLoad(target_context))  # type: ignore[no-untyped-call]
        except Exception:  # whatever a damaged file makes of itself
            with contextlib.suppress(Exception):
                self.flush()  # type: ignore[no-untyped-call]
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except Exception as error:  # a full disk, or what flushing could not mend
            _tell_not_kept(Path(self.cache_path), error)


def _compiled(function: Function, **options: Any) -> Function:
    njit: Any = numba.njit  # its stubs know fewer options than it takes
    inlined = options.pop("forceinline", False)
    common = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, **options}
    compiled: Any = njit(pipeline_class=WHOLE, **common)(function)
    part: Any = njit(
        pipeline_class=ALLOCATING_PART if options["_nrt"] else PART,
        **{**common, "no_cpython_wrapper": True, "forceinline": inlined},
    )(function)
    compiled._compiler._customize_flags = part._compiler._customize_flags = QuickFlags
    call_as_part(compiled, part)
    if CACHE_FOLDER is not None:
        try:
            # What `cache=True` does, with a cache that forgives; numba would also turn to other
            # folders, where changes of callees go unnoticed.
            cache = _Cache(function)  # type: ignore[no-untyped-call]
            if CACHE_FOLDER in Path(cache.cache_path).parents:
                compiled._cache = cache
            else:
                raise OSError("no folder for a module could be made there")
        except (OSError, RuntimeError) as error:
            _tell_not_kept(CACHE_FOLDER, error)
    return cast(Function, compiled)


def kernel(function: Function) -> Function:
    """Compile `function` on first call: no interpreter lock, cached on disk, IEEE division.

    It may make no array: memory comes from the caller, so that no reference to an array needs to be
    counted, which would cost more than a day's work and half of the compilation.
    """
    return _compiled(function, _nrt=False)


def inner_kernel(function: Function) -> Function:
    """A kernel that only kernels call: its arguments are many, and to take them from Python costs seconds."""
    return _compiled(function, _nrt=False, no_cpython_wrapper=True)


def allocating_kernel(function: Function) -> Function:
    """A kernel that makes arrays of its own."""
    return _compiled(function, _nrt=True)


def small_kernel(function: Function) -> Function:
    """A kernel that is written out where it is called, by LLVM: what is called every day or hour."""
    return _compiled(function, _nrt=False, forceinline=True)
