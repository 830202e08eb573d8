"""`baseload report`: the page of a saved study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from baseload.cli.complete import studies
from baseload.cli.options import json_option, quiet_option
from baseload.cli.text import say, say_json
from baseload.errors import MachineFault

if TYPE_CHECKING:
    from baseload.study import Study

PAGE = "report.html"


@click.command(epilog="Example: baseload report study --out page.html")
@click.argument("study", metavar="STUDY_DIR", shell_complete=studies)
@click.option("--out", metavar="FILE", help=f"Where to; without it: {PAGE} in the study's folder.")
@quiet_option
@json_option
def command(study: str, out: str | None, quiet: bool, as_json: bool) -> None:
    """Write the page of a study that was saved with `run --out`."""
    import baseload

    page = write_page(baseload.open_study(study), Path(out) if out else Path(study) / PAGE)
    if as_json:
        say_json({"page": str(page), "bytes": page.stat().st_size})
    elif not quiet:
        say(str(page))


def write_page(study: Study, path: Path) -> Path:
    """Write the page of a study, whole or not at all.

    Raises
    ------
    MachineFault
        When it cannot be written there.
    """
    from baseload.report.page import write_report

    try:
        return write_report(study, path)
    except OSError as error:
        raise MachineFault(
            "the report could not be written",
            where=str(path),
            why=error.strerror or str(error),
            what_to_do="name a file in a folder that exists and may be written to",
        ) from error
