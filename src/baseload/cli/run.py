"""`baseload run`: a scenario over many lifetimes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from baseload.cli.options import (
    DEFAULT_PATHS,
    DEFAULT_SEED,
    WholeNumber,
    chunk_option,
    json_option,
    overrides_option,
    paths_option,
    quiet_option,
    scenario_argument,
    seed_option,
    threads_option,
)
from baseload.cli.report import PAGE
from baseload.cli.text import say, say_json
from baseload.errors import Fault, InputError, MachineFault
from baseload.study.limits import (
    MOST_ACCORD_PATHS,
    MOST_CERTIFICATE_WEEKS,
    MOST_PATHS,
)

if TYPE_CHECKING:
    from baseload.study import Study


@click.command(epilog="Example: baseload run zaporizhzhia --set fleet.0.mine_mw=800 --out study")
@scenario_argument
@paths_option("Lifetimes to run.", default=DEFAULT_PATHS)
@seed_option("The same seed gives the same draws, and the same bytes.", default=DEFAULT_SEED)
@threads_option
@chunk_option
@overrides_option
@click.option("--out", metavar="DIR", help="Folder for tables, scenario and page of the study.")
@click.option(
    "--trace",
    metavar="PATH",
    type=WholeNumber(0, MOST_PATHS - 1),
    help="Keep every hour of the path of this number; without it: of one in the middle.",
)
@click.option(
    "--certificate-weeks",
    metavar="N",
    type=WholeNumber(0, MOST_CERTIFICATE_WEEKS),
    default=12,
    show_default=True,
    help="Weeks to solve as linear programmes, which must come out the same; 0 for none.",
)
@click.option(
    "--accord-paths",
    metavar="N",
    type=WholeNumber(0, MOST_ACCORD_PATHS),
    help="Lifetimes of each thing that the parties could run; without it up to 200; 0 for no accord.",
)
@quiet_option
@json_option
@click.option(
    "--report/--no-report",
    default=None,
    help=f"Whether to write {PAGE} into DIR; without either it is written.",
)
def command(
    scenario: str,
    paths: int,
    seed: int,
    threads: int | None,
    chunk_paths: int | None,
    overrides: tuple[str, ...],
    out: str | None,
    trace: int | None,
    certificate_weeks: int,
    accord_paths: int | None,
    quiet: bool,
    as_json: bool,
    report: bool | None,
) -> None:
    """Run a scenario over many lifetimes and sum it up.

    SCENARIO is the name of one that comes with the program or a file that ends in .toml. The first
    run compiles the model's inner loops, which takes a minute or two once.
    """
    if report and out is None:
        raise InputError(
            Fault(None, None, None, "--report", "no folder to write it to", "--out DIR beside it")
        )
    import baseload
    from baseload.cli.interrupt import enough_memory, simulating
    from baseload.cli.progress import Progress

    loaded = baseload.load(scenario, overrides)
    if out is not None:
        _require_room(out)
    progress = Progress(only_on_terminal=as_json, quiet=quiet)

    with enough_memory(f"{paths:,} paths of {loaded.model.years} years"), simulating(progress):
        study = baseload.run(
            loaded,
            paths=paths,
            seed=seed,
            threads=threads,
            progress=progress,
            trace=trace,
            certificate_weeks=certificate_weeks,
            chunk_paths=chunk_paths,
            accord_paths=accord_paths,
        )
    if out is None:
        _tell(study, as_json, quiet)
        return
    study.save(out, None if report is False else lambda folder: _write_report(study, folder))
    try:
        _tell(study, as_json, quiet)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"interrupted; {out} is written") from None


def _write_report(study: Study, folder: Path) -> None:
    from baseload.report.page import write_report

    write_report(study, folder / PAGE)


def _require_room(out: str) -> None:
    """Refuse a place that cannot take the study before minutes are spent on it."""
    import os
    import tempfile

    from baseload.study.folder import may_be_written

    target = Path(os.path.abspath(out))
    if not may_be_written(target):
        found, allowed = "something that is no study", "a new folder, or a study to replace"
        raise InputError(Fault(out, None, None, "--out", found, allowed))
    above = next(folder for folder in target.parents if os.path.exists(folder))
    try:
        with tempfile.TemporaryDirectory(prefix=".baseload-", dir=above):
            pass
    except OSError as error:
        raise MachineFault(
            "the study could not be written there",
            where=out,
            why=error.strerror or str(error),
            what_to_do="choose a folder that can be written to, with room for the study",
        ) from error


def _tell(study: Study, as_json: bool, quiet: bool) -> None:
    if as_json:
        say_json(study.to_json())
        return
    if quiet:
        return
    from baseload.cli.summary import summary_text

    say(summary_text(study))
