"""Time and memory of a study against the number of paths, and a cold start beside a warm one.

    python benchmarks/scaling.py [--scenario zaporizhzhia] [--paths 250 500 1000] [--cold] [--json FILE]

Each count runs in a process of its own, so that its peak of memory is its own. With --cold one run
begins with an empty cache of compiled code. Time per path and the ratio to the smallest count say
whether time is linear in paths.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ONE_RUN = """
import json, resource, sys
import baseload
study = baseload.run(baseload.load(sys.argv[1]), paths=int(sys.argv[2]))
peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({**study.timings, "peak_mb": peak_kb / 1024}))
"""


def run(scenario: str, paths: int, cache: str | None = None) -> dict[str, Any]:
    """Timings and peak memory of one study in a fresh process, with its whole wall time."""
    environment = os.environ | ({"BASELOAD_CACHE_DIR": cache} if cache else {})
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", ONE_RUN, scenario, str(paths)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return {"paths": paths, "wall_seconds": time.perf_counter() - begin, **json.loads(done.stdout)}


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--scenario", default="zaporizhzhia")
    reader.add_argument("--paths", type=int, nargs="+", default=[250, 500, 1000])
    reader.add_argument("--cold", action="store_true", help="also start once without compiled code")
    reader.add_argument("--json", metavar="FILE", help="write the figures to this file too")
    wanted = reader.parse_args()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, load {load}")
    rows = []
    if wanted.cold:
        with tempfile.TemporaryDirectory() as cache:
            rows.append({"start": "cold", **run(wanted.scenario, wanted.paths[0], cache)})
    run(wanted.scenario, 1)  # the others find the code compiled
    rows += [{"start": "warm", **run(wanted.scenario, paths)} for paths in wanted.paths]
    first = next(row for row in rows if row["start"] == "warm")
    per_path = first["engine_seconds"] / first["paths"]
    print("start   paths  engine s  ms/path  ratio  compile s  wall s  peak MB")
    for row in rows:
        mine = row["engine_seconds"] / row["paths"]
        print(
            f"{row['start']:5} {row['paths']:7,} {row['engine_seconds']:9.2f} {1000 * mine:8.2f}"
            f" {mine / per_path:6.2f} {row['compile_seconds']:10.2f} {row['wall_seconds']:7.2f}"
            f" {row['peak_mb']:8.0f}"
        )
    if wanted.json:
        Path(wanted.json).write_text(json.dumps({"load": load, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
