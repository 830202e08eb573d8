"""What it costs to start: commands beside a bare interpreter, and the smallest study from warm caches.

    python benchmarks/start.py [--repeats 5] [--scenario tests/scenarios/small.toml] [--json FILE]

Processor time is the least of some starts; the ratio to a bare interpreter says more than the
figure on a busy machine. Compiled code and Python's own compiled files are made before anything is
measured, in folders that stay for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
COMMANDS = (
    ("--help",),
    ("--version",),
    ("run", "--help"),
    ("list",),
    ("completion", "bash"),
    ("show", "susquehanna"),
    ("check", "susquehanna"),
)
STUDY_PATHS = 4


class Cost(NamedTuple):
    """Least processor time and least wall time of some starts. [s]"""

    processor: float
    wall: float


def cost(arguments: list[str], repeats: int) -> Cost:
    """What `python ARGUMENTS` costs."""
    # Without files of compiled Python each start would translate the sources again.
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    found = []
    for number in range(repeats + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wall = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if number:  # the first one warms what is to be warm
            found.append(Cost(used, wall))
    return Cost(*(min(values) for values in zip(*found, strict=True)))


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--repeats", type=int, default=5)
    reader.add_argument("--scenario", default=str(ROOT / "tests" / "scenarios" / "small.toml"))
    reader.add_argument("--json", metavar="FILE", help="write the figures to this file too")
    wanted = reader.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    said = "unknown" if load is None else f"{load:.1f}"
    print(f"{os.cpu_count()} processors, load {said}, Python {sys.version.split()[0]}")
    bare = cost(["-c", "pass"], wanted.repeats)
    rows: list[dict[str, Any]] = []

    def note(name: str, one: Cost) -> None:
        ratio = one.processor / bare.processor
        print(f"{name:<32}{1e3 * one.processor:9.1f} ms{1e3 * one.wall:9.1f} ms wall{ratio:8.1f}")
        rows.append({"command": name, **one._asdict(), "bare_starts": ratio})

    note("a bare interpreter", bare)
    for arguments in COMMANDS:
        note(" ".join(arguments), cost(["-m", "baseload", *arguments], wanted.repeats))
    study = ["-m", "baseload", "run", wanted.scenario, "--paths", str(STUDY_PATHS), "--quiet"]
    note(f"run, {STUDY_PATHS} paths of the smallest", cost(study, wanted.repeats))
    if wanted.json:
        found = {"load": load, "processors": os.cpu_count(), "rows": rows}
        Path(wanted.json).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
