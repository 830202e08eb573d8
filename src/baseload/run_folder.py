"""A study on disk: one folder that appears whole or not at all.

manifest.json     what was run: scenario, its hash, seed, versions, conditions, summary
scenario.toml     the scenario as it was run
timings.json      seconds and threads: the only file that two runs do not share
metrics.parquet   one row per path
inputs.parquet    the uncertain numbers of each path
series.parquet    monthly quantiles over the paths
dispatch.parquet  one path hour by hour
ledger.parquet    the same path month by month
payouts.parquet   who gets what of it, where the scenario runs under an arrangement
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baseload.errors import Fault, InputError, MachineFault

if TYPE_CHECKING:
    from baseload.study import Study

FORMAT = 2
# Columns without which a frame is none of ours.
FRAMES = {
    "metrics": ("path", "npv_usd"),
    "inputs": ("path",),
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
    if target.exists() and not (
        target.is_dir() and (is_study(target) or not any(target.iterdir()))
    ):
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
        _fill(study, made)
        if also is not None:
            also(made)
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


def _fill(study: Study, folder: Path) -> None:
    manifest = {"format": FORMAT, **study.facts, "metrics": study.summary}
    _write_json(folder / MANIFEST, manifest)
    (folder / "scenario.toml").write_text(study.scenario_text, encoding="utf-8")
    for name in FRAMES:
        getattr(study, name).write_parquet(
            folder / f"{name}.parquet", compression="zstd", statistics=True
        )


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(
        json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )


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
    return (folder / MANIFEST).is_file()


def open_study(folder: str | Path) -> Study:
    """Open a study that was saved.

    Raises
    ------
    InputError
        For a folder that is none, is incomplete or damaged, or was written by another format.
    """
    from baseload.study import Study

    place = Path(folder)
    if not place.is_dir() or not is_study(place):
        found = (
            "no such folder"
            if not place.exists()
            else "a folder without manifest.json"
            if place.is_dir()
            else "a file"
        )
        raise InputError(
            Fault(
                str(folder),
                None,
                None,
                "",
                found,
                "the folder of a study, as `baseload run --out` writes it",
            )
        )
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(manifest, dict):
            raise ValueError("no table of facts")
        form = manifest.pop("format")
        summary = manifest.pop("metrics")
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise _damaged(folder, MANIFEST, error) from None
    if form != FORMAT:
        raise InputError(
            Fault(
                str(folder),
                None,
                None,
                "format",
                f"{form!r}",
                f"{FORMAT}",
                note="run the scenario again with this version",
            )
        )
    lacking = [name for name in FACTS.split() if name not in manifest]
    if lacking or not isinstance(summary, dict) or not summary:
        raise _damaged(folder, MANIFEST, ValueError("lacks " + ", ".join(lacking or ["metrics"])))
    import polars

    frames: dict[str, Any] = {}
    for name, columns in FRAMES.items():
        try:
            frames[name] = polars.read_parquet(place / f"{name}.parquet")
            frames[name].select(columns)
        except (OSError, polars.exceptions.PolarsError) as error:
            raise _damaged(folder, f"{name}.parquet", error) from None
    try:
        text = (place / "scenario.toml").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _damaged(folder, "scenario.toml", error) from None
    try:
        timings = json.loads((place / TIMINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        timings = {
            "engine_seconds": None,
            "compile_seconds": None,
            "total_seconds": None,
            "threads": None,
        }
    return Study(scenario_text=text, facts=manifest, summary=summary, timings=timings, **frames)


def _damaged(folder: str | Path, name: str, error: Exception) -> InputError:
    why = (str(error).splitlines() or [type(error).__name__])[0]
    return InputError(
        Fault(
            str(folder),
            None,
            None,
            name,
            f"missing or damaged ({why[:120]})",
            "a study whose files are all there",
            note="copy the folder again, or run the scenario again",
        )
    )
