"""Plant-years a second of the engine, beside PyPSA with HiGHS on a plant-year of the same run.

    python benchmarks/beside_pypsa.py [--scenario zaporizhzhia] [--paths 200] [--threads 1]
                                      [--path 0] [--year Y] [--json FILE]

The engine's plant-year has everything in it: draws, outages, dispatch with and without the mine, the
network, money, series of every month. PyPSA's has the dispatch of one year that is handed to it
ready: its time is that of `optimize` alone, model made, solved and read back; making the network is
told apart. Both run in this process one after the other, so that their ratio says more than either
figure on a busy machine. That both found the same optimum is checked before any figure is printed.

The name of this file is not `pypsa.py`, which would stand before PyPSA itself on the path of imports.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import os
import platform
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import numba
from engine import load, processor, seconds_of

import baseload
from baseload.engine.plan import plan
from baseload.engine.pool import simulate, trace_path, warm
from baseload.export.pypsa import network_of, require_pypsa
from baseload.export.traced_year import first_year_of_mining, plant_year

RELATIVE = 1e-9


def pypsa_seconds(network: Any, repeats: int) -> float:
    """The shortest of some solutions of a network, which must be the run's own optimum. [s]"""
    found = []
    for _ in range(repeats):
        again = network.copy()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            begin = time.perf_counter()
            status = again.optimize(
                solver_name="highs", include_objective_constant=False, log_to_console=False
            )
            found.append(time.perf_counter() - begin)
        own = network.meta["run"]["objective_usd"]
        if status != ("ok", "optimal") or abs(again.objective - own) > RELATIVE * abs(own):
            raise SystemExit(f"PyPSA found {status}, {again.objective} USD; the run {own} USD")
    return min(found)


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Figures of the engine and of PyPSA."""
    before = load()
    scenario = baseload.load(given.scenario)
    made = plan(scenario.model, scenario.folder, 1)
    compile_seconds = warm(made)
    traced, _ = trace_path(made, given.path)
    year = first_year_of_mining(made, traced) if given.year is None else given.year
    found = plant_year(scenario.model, made, traced, given.path, year)
    begin = time.perf_counter()
    network = network_of(found, scenario.title, {})
    building = time.perf_counter() - begin
    engine = seconds_of(lambda: simulate(made, given.paths, given.threads, None, ""), given.repeats)
    solving = pypsa_seconds(network, given.repeats)
    engine_years = given.paths * made.horizon.years / engine
    return {
        "scenario": given.scenario,
        "version": baseload.__version__,
        "path": given.path,
        "year": year,
        "hours": found.hours,
        "variables": found.hours * len(network.generators),
        "mine_mwh": network.meta["run"]["mine_mwh"],
        "paths": given.paths,
        "years": made.horizon.years,
        "threads": given.threads,
        "repeats": given.repeats,
        "compile_or_load_seconds": compile_seconds,
        "engine_seconds": engine,
        "engine_path_hours_per_second": given.paths * made.horizon.hours / engine,
        "engine_plant_years_per_second": engine_years,
        "pypsa_network_seconds": building,
        "pypsa_optimize_seconds": solving,
        "pypsa_path_hours_per_second": found.hours / solving,
        "pypsa_plant_years_per_second": 1.0 / solving,
        "ratio": engine_years * solving,
        "ratio_with_making_the_network": engine_years * (solving + building),
        "processor": processor(),
        "processors": os.cpu_count(),
        "load_before": before,
        "load_after": load(),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "pypsa": metadata.version("pypsa"),
        "linopy": metadata.version("linopy"),
        "highspy": metadata.version("highspy"),
    }


def main() -> None:
    """Print the figures, and write them as JSON where a file is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scenario", default="zaporizhzhia")
    parser.add_argument("--paths", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--path", type=int, default=0, help="whose year PyPSA solves")
    parser.add_argument("--year", type=int, help="from 0; without it the first with mining")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", metavar="FILE", help="write the figures to this file too")
    given = parser.parse_args()
    require_pypsa()
    for name in ("pypsa", "linopy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    found = measure(given)
    print(f"{found['processor']}, {found['processors']} processors, load {found['load_before']}")
    print(
        f"engine  {found['engine_plant_years_per_second']:12,.1f} plant-years/s"
        f" {found['engine_path_hours_per_second']:16,.0f} path-hours/s"
        f"   ({found['paths']} paths x {found['years']} years, {found['threads']} threads)"
    )
    print(
        f"PyPSA   {found['pypsa_plant_years_per_second']:12,.3f} plant-years/s"
        f" {found['pypsa_path_hours_per_second']:16,.0f} path-hours/s"
        f"   (path {found['path']}, year {found['year']}, {found['hours']:,} hours)"
    )
    print(
        f"the engine does {found['ratio']:,.0f} times PyPSA's plant-years;"
        f" {found['ratio_with_making_the_network']:,.0f} times with making the network"
    )
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
