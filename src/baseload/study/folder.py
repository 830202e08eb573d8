"""A study on disk: one folder that appears whole or not at all.

manifest.json     what was run: scenario, its hash, seed, versions, conditions, summary; and the
                  size and hash of every file, so that a half-copied study is found out
scenario.toml     the scenario as it was run
timings.json      seconds and threads: the only file that two runs do not share
metrics.parquet   one row per path
inputs.parquet    the uncertain numbers of each path
series.parquet    monthly quantiles over the paths
dispatch.parquet  one path hour by hour
ledger.parquet    the same path month by month
milestones.parquet when on each path phases begin, works are done, units run and machines come
payouts.parquet   who gets what of it, where the scenario runs under an arrangement
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baseload import __version__
from baseload.errors import Fault, InputError, MachineFault, raise_all
from baseload.study.beside import beside

if TYPE_CHECKING:
    from baseload.study.results import Study

FORMAT = 4
# Columns without which a frame is none of ours.
FRAMES = {
    "metrics": ("path", "npv_usd"),
    "inputs": ("path",),
    "milestones": ("path",),
    "series": ("name", "unit", "month", "date", "mean", "p05", "p25", "p50", "p75", "p95"),
    "dispatch": ("time", "available_kw", "mine_kw", "export_kw"),
    "ledger": ("variant", "month", "line", "cents"),
    "payouts": ("month", "party", "line", "cents", "satoshis"),
}
FACTS = (
    "scenario title summary conditional_on money start years seed paths version scenario_sha256"
    " representative_path probability_of_gain flip warnings sources"
)
MANIFEST = "manifest.json"
SCENARIO = "scenario.toml"
FILES = (SCENARIO, *(f"{name}.parquet" for name in FRAMES))
TIMINGS = "timings.json"


def write_run_folder(
    study: Study, folder: Path, also: Callable[[Path], object] | None = None
) -> Path:
    """Write a study to a folder.

    Parameters
    ----------
    study : Study
    folder : Path
        New, empty, or a study to replace.
    also : callable, optional
        Called with the folder before it appears, to put more into it: a report.

    Raises
    ------
    InputError
        If the folder exists and holds something other than a study.
    MachineFault
        If the place cannot be written to.
    """
    target = Path(os.path.abspath(folder))
    if not may_be_written(target):
        raise InputError(
            Fault(
                str(folder),
                None,
                None,
                "",
                "a file or folder that is no study",
                "a new folder, or a study to replace",
            )
        )
    made: Path | None = None
    begin = time.perf_counter()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        made.chmod(0o755)
        with beside(lambda heed: _fill(study, made)) as filled:
            if also is not None:
                also(made)
        filled.result()
        # Of the first time; a copy of a study keeps what the study says.
        timings = {"write_seconds": time.perf_counter() - begin, **study.timings}
        _write_json(made / TIMINGS, timings)
        _put_in_place(made, target)
        study.timings.update(timings)
    except OSError as error:
        raise MachineFault(
            "the study could not be written",
            where=str(folder),
            why=error.strerror or str(error),
            what_to_do="choose a folder that can be written to, with room for the study",
        ) from error
    finally:
        if made is not None and made.exists():
            shutil.rmtree(made, ignore_errors=True)
    return Path(folder)


def may_be_written(target: Path) -> bool:
    """Whether a study may go there: nothing is there yet, an empty folder, or a study."""
    if not os.path.lexists(target):
        return True
    try:
        return target.is_dir() and (is_study(target) or next(target.iterdir(), None) is None)
    except OSError:
        return False


def _fill(study: Study, folder: Path) -> None:
    (folder / SCENARIO).write_text(study.scenario_text, encoding="utf-8")
    for name in FRAMES:
        getattr(study, name).write_parquet(
            folder / f"{name}.parquet", compression="zstd", statistics=True
        )
    files = {name: _print_of(folder / name) for name in FILES}
    manifest = {"format": FORMAT, **study.facts, "metrics": study.summary, "files": files}
    _write_json(folder / MANIFEST, {**manifest, "manifest_sha256": _sha256_of(manifest)})


def _print_of(path: Path) -> dict[str, Any]:
    """Size and hash of a file. [bytes]"""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _as_text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _sha256_of(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(_as_text(manifest).encode("utf-8", "backslashreplace")).hexdigest()


def _write_json(path: Path, value: dict[str, Any]) -> None:
    # A file name that is no UTF-8 is kept as JSON escapes it.
    path.write_text(_as_text(value), encoding="utf-8", errors="backslashreplace")


def _put_in_place(made: Path, target: Path) -> None:
    """Swap the finished folder in; an older study there is kept until the new one stands."""
    if not target.exists():
        os.replace(made, target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    os.rmdir(aside)
    os.rename(target, aside)
    try:
        os.rename(made, target)
    except OSError:
        os.rename(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def is_study(folder: Path) -> bool:
    """Whether a folder looks like a study."""
    return os.path.isfile(folder / MANIFEST)


def open_study(folder: str | Path) -> Study:
    """Open a study that was saved.

    Parameters
    ----------
    folder : str or Path
        As `Study.save` wrote it, or `baseload run --out`.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        For a folder that is none, is incomplete or damaged, or was written by another version: all
        of its files that are not what was written, each by its name.
    """
    from baseload.study.results import Study

    place = Path(folder)
    if not is_study(place):
        found = (
            "a folder without manifest.json"
            if os.path.isdir(place)
            else "a file"
            if os.path.exists(place)
            else "no such folder"
        )
        raise InputError(Fault(str(folder), None, None, "", found, _A_STUDY))
    manifest = _manifest(folder)
    prints, summary = manifest.pop("files"), manifest.pop("metrics")
    raise_all(_spoiled_files(folder, prints))
    frames = _frames(folder)
    try:
        text = (place / SCENARIO).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _damaged(folder, SCENARIO, error) from None
    return Study(
        scenario_text=text, facts=manifest, summary=summary, timings=_timings(place), **frames
    )


_A_STUDY = "the folder of a study, as `baseload run --out` writes it"
_COPY_AGAIN = "copy the folder again, or run the scenario again"
_RUN_AGAIN = "run the scenario again with this version"


def _manifest(folder: str | Path) -> dict[str, Any]:
    """What a manifest says, once it is whole and of this format."""
    try:
        manifest = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(manifest, dict):
            raise ValueError("no table of facts")
        form = manifest.pop("format")
    except (OSError, ValueError, KeyError, RecursionError) as error:
        raise _damaged(folder, MANIFEST, error) from None
    version = str(manifest.get("version", ""))[:20]
    if form != FORMAT:
        written = f"{form!r:.40}" + (f", of baseload {version}" if version else "")
        raise InputError(
            Fault(str(folder), None, None, "format", written, f"{FORMAT}", note=_RUN_AGAIN)
        )
    said = manifest.pop("manifest_sha256", None)
    if said != _sha256_of({"format": form, **manifest}):
        why = ValueError("not as it was written" if said else "lacks manifest_sha256")
        raise _damaged(folder, MANIFEST, why)
    _require_names(folder, manifest, version)
    return manifest


def _require_names(folder: str | Path, manifest: dict[str, Any], version: str) -> None:
    """Refuse a study whose facts or metrics are fewer than this version reads."""
    from baseload.engine.outputs import METRICS

    summary = manifest.get("metrics")
    known = summary if isinstance(summary, dict) else {}
    lacking = [name for name in (*FACTS.split(), "metrics", "files") if name not in manifest]
    lacking += [metric.name for metric in METRICS if metric.name not in known]
    if lacking:
        more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""
        raise InputError(
            Fault(
                str(folder),
                None,
                None,
                MANIFEST,
                f"a study of baseload {version} that lacks {', '.join(lacking[:3])}{more}",
                f"a study of baseload {__version__}",
                note=_RUN_AGAIN,
            )
        )


def _spoiled_files(folder: str | Path, prints: dict[str, dict[str, Any]]) -> list[Fault]:
    """Files that are missing, cut or changed, or stand where another of the study belongs."""
    owners = {one["sha256"]: name for name, one in prints.items()}
    faults = []
    for name in FILES:
        said = prints.get(name)
        try:
            found = _print_of(Path(folder) / name)
        except OSError as error:
            faults.append(_damage(folder, name, f"missing or damaged ({_why(error)})"))
            continue
        if found == said or said is None:
            continue
        if found["sha256"] in owners:
            what = f"damaged (it is the study's {owners[found['sha256']]})"
        elif found["bytes"] != said["bytes"]:
            what = f"damaged ({found['bytes']:,} bytes, where {said['bytes']:,} were written)"
        else:
            what = "damaged (not as it was written)"
        faults.append(_damage(folder, name, what))
    return faults


def _frames(folder: str | Path) -> dict[str, Any]:
    import polars

    frames: dict[str, Any] = {}
    for name, columns in FRAMES.items():
        try:
            frames[name] = polars.read_parquet(Path(folder) / f"{name}.parquet")
            frames[name].select(columns)
        except (OSError, polars.exceptions.PolarsError) as error:
            raise _damaged(folder, f"{name}.parquet", error) from None
    return frames


def _timings(folder: Path) -> dict[str, Any]:
    """The seconds of the first time, which no result needs: damaged or missing they are not known."""
    try:
        found = json.loads((folder / TIMINGS).read_text(encoding="utf-8"))
        timings = {
            name: value
            for name, value in found.items()
            if value is None or (isinstance(value, int | float) and not isinstance(value, bool))
        }
    except (OSError, ValueError, AttributeError, RecursionError):
        timings = {}
    for name in ("engine_seconds", "compile_seconds", "total_seconds", "threads"):
        timings.setdefault(name, None)
    return timings


def _damaged(folder: str | Path, name: str, error: Exception) -> InputError:
    return InputError(_damage(folder, name, f"missing or damaged ({_why(error)})"))


def _why(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return (text.splitlines() or [type(error).__name__])[0][:120]


def _damage(folder: str | Path, name: str, found: str) -> Fault:
    allowed = "a study whose files are all there, as they were written"
    return Fault(str(folder), None, None, name, found, allowed, note=_COPY_AGAIN)
