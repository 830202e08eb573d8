"""Path-hours a second of the engine, beside a bare compiled loop over the same count of hours.

    python benchmarks/engine.py [--scenario zaporizhzhia] [--paths 200] [--threads 1] [--json FILE]

The bare loop does the least that a dispatch can do in an hour: it serves demand, gives the mine
what pays, exports the rest, and adds up. Both run in this process one after the other, so that
their ratio says more than either figure on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np

import baseload
from baseload.engine.plan import plan
from baseload.engine.pool import simulate, warm


@numba.njit(nogil=True)
def bare_loop(paths, available, demand, price, cap, value, totals):  # type: ignore[no-untyped-def]
    """Dispatch the hours of `available` once for each path, with nothing else around it."""
    for path in range(paths):
        served = mined = sold = spilled = money = 0
        for h in range(available.size):
            left = available[h] - path
            part = min(left, demand[h])
            served += part
            left -= part
            if value >= price[h]:
                part = min(left, cap)
                mined += part
                left -= part
            if price[h] >= 0:
                sold += left
                money += left * price[h]
            else:
                spilled += left
        totals[0] += served
        totals[1] += mined
        totals[2] += sold
        totals[3] += spilled
        totals[4] += money


def seconds_of(task: Callable[[], object], repeats: int) -> float:
    """The shortest of some runs: what disturbs a run only ever lengthens it. [s]"""
    found = []
    for _ in range(repeats):
        begin = time.perf_counter()
        task()
        found.append(time.perf_counter() - begin)
    return min(found)


def bare_seconds(paths: int, hours: int, repeats: int) -> float:
    """The bare loop over so many path-hours. [s]"""
    hour = np.arange(hours)
    available = np.full(hours, 5_700_000, np.int64)
    demand = 400_000 + (hour % 24) * 10_000
    price = 60_000 + (hour % 24 - 12) * 4_000 - (hour % 168 == 0) * 90_000
    totals = np.zeros(5, np.int64)

    def loop() -> None:
        bare_loop(paths, available, demand, price, 1_500_000, 55_000, totals)

    loop()
    return seconds_of(loop, repeats)


def processor() -> str:
    """Name of the processor where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def load() -> float | None:
    """Processes that wanted to run over the last minute, where the system tells it."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def measure(scenario: str, paths: int, threads: int, repeats: int) -> dict[str, Any]:
    """Figures of the engine and of the bare loop."""
    before = load()
    loaded = baseload.load(scenario)
    made = plan(loaded.model, loaded.folder, 1)
    compile_seconds = warm(made)
    hours = made.horizon.hours
    engine = seconds_of(lambda: simulate(made, paths, threads, None, ""), repeats)
    bare = bare_seconds(paths, hours, repeats)
    path_hours = paths * hours
    return {
        "scenario": scenario,
        "version": baseload.__version__,
        "paths": paths,
        "hours": hours,
        "threads": threads,
        "repeats": repeats,
        "compile_or_load_seconds": compile_seconds,
        "engine_seconds": engine,
        "engine_path_hours_per_second": path_hours / engine,
        "engine_ns_per_path_hour_and_thread": engine / path_hours * 1e9 * threads,
        "bare_seconds": bare,
        "bare_path_hours_per_second": path_hours / bare,
        "engine_over_bare_per_thread": engine * threads / bare,
        "processor": processor(),
        "processors": os.cpu_count(),
        "load_before": before,
        "load_after": load(),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": np.__version__,
    }


def main() -> None:
    """Print the figures, and write them as JSON where a file is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scenario", default="zaporizhzhia")
    parser.add_argument("--paths", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", metavar="FILE", help="write the figures to this file too")
    given = parser.parse_args()
    found = measure(given.scenario, given.paths, given.threads, given.repeats)
    print(f"{found['processor']}, {found['processors']} processors, load {found['load_before']}")
    print(f"{found['scenario']}: {found['paths']} paths x {found['hours']:,} hours")
    print(f"engine  {found['engine_path_hours_per_second'] / 1e6:8.1f} million path-hours/s")
    print(f"bare    {found['bare_path_hours_per_second'] / 1e6:8.1f} million path-hours/s")
    print(
        f"engine takes {found['engine_over_bare_per_thread']:.1f} times the bare loop, per thread"
    )
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
