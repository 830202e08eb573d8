"""`baseload export`: a year of one path, for another program to solve again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baseload.cli.options import (
    DEFAULT_SEED,
    WholeNumber,
    json_option,
    overrides_option,
    quiet_option,
    scenario_argument,
    seed_option,
)
from baseload.cli.progress import Progress
from baseload.cli.text import paragraph, say, say_json
from baseload.clock import LONGEST_HORIZON_YEARS, Horizon
from baseload.errors import Fault, InputError
from baseload.study.limits import MOST_PATHS

if TYPE_CHECKING:
    from baseload.export.plant_year import PlantYear
    from baseload.scenario.scenario import Scenario


@click.command(epilog="Example: baseload export susquehanna --pypsa year.nc --path 3 --year 2")
@scenario_argument
@click.option(
    "--pypsa",
    "file",
    metavar="FILE.nc",
    help="Write the year as a PyPSA network, netCDF. Needs the extra baseload[pypsa].",
)
@click.option(
    "--path",
    type=WholeNumber(0, MOST_PATHS - 1),
    default=0,
    show_default=True,
    help="Number of the path.",
)
@click.option(
    "--year",
    type=WholeNumber(0, LONGEST_HORIZON_YEARS - 1),
    help="Year of the horizon, from 0; without it: the first in which the mine runs.",
)
@seed_option("Seed of the study that the path belongs to.", default=DEFAULT_SEED)
@overrides_option
@click.option("--force", is_flag=True, help="Replace FILE.nc if it exists.")
@quiet_option
@json_option
def command(
    scenario: str,
    file: str | None,
    path: int,
    year: int | None,
    seed: int,
    overrides: tuple[str, ...],
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write a year of one path as a network whose optimum is the run's.

    SCENARIO is the name of one that comes with the program or a file that ends in .toml. The
    network holds every hour of the year and what the run made of it, so that whoever doubts the
    run can solve the year again and compare.
    """
    if file is None:
        raise InputError(
            Fault(None, None, None, "--pypsa", "no file to write to", "--pypsa FILE.nc")
        )
    import baseload
    from baseload.export.pypsa import network_of, require_pypsa, require_room, write_network
    from baseload.export.traced_year import require_year

    target = Path(file)
    loaded = baseload.load(scenario, overrides)
    if year is not None:
        require_year(year, Horizon(loaded.model.start, loaded.model.years))
    require_room(target, force)
    require_pypsa()
    found = _traced(loaded, path, year, seed, Progress(as_json, quiet))
    origin = {
        "made_by": f"baseload {baseload.__version__}",
        "scenario": loaded.name,
        "scenario_sha256": loaded.sha256,
        "seed": seed,
    }
    network = network_of(found, loaded.title, origin)
    write_network(network, target)
    if as_json or not quiet:
        _tell(network.meta, file, as_json)


def _traced(
    loaded: Scenario, path: int, year: int | None, seed: int, progress: Progress
) -> PlantYear:
    from baseload.cli.interrupt import simulating
    from baseload.engine.plan import plan
    from baseload.engine.pool import trace_path
    from baseload.export.traced_year import first_year_of_mining, plant_year

    with simulating(progress):
        progress(0, 1, "reading and compiling")
        made = plan(loaded.model, loaded.folder, seed)
        traced, _ = trace_path(made, path)
        chosen = first_year_of_mining(made, traced) if year is None else year
        return plant_year(loaded.model, made, traced, path, chosen)


def _tell(facts: dict[str, Any], file: str, as_json: bool) -> None:
    if as_json:
        say_json({"file": file, **facts})
        return
    run = facts["run"]
    say(
        paragraph(
            f"{file} is written: {facts['scenario']}, seed {facts['seed']}, path {facts['path']},"
            f" year {facts['year']}, {facts['hours']:,} hours from {facts['start']}."
        )
    )
    for label, key in (
        ("the optimum that the run found", "objective_usd"),
        ("avoidable cost of firm demand", "avoidable_cost_of_firm_demand_usd"),
        ("value of mining and export", "value_of_mining_and_export_usd"),
    ):
        say(f"  {label:<34}{run[key]:>24,.6f} USD")
    say(paragraph("Solved with PyPSA, the network's objective must be the first of these."))
