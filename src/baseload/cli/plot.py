"""`baseload plot`: one figure of a study's page as a file of its own."""

from __future__ import annotations

import importlib
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from baseload.cli.complete import figures as figures_of
from baseload.cli.complete import studies
from baseload.cli.options import WholeNumber, json_option
from baseload.cli.text import say, say_json, table
from baseload.errors import Fault, InputError, MachineFault, nearest
from baseload.whole_file import write_whole

if TYPE_CHECKING:
    from baseload.report.catalogue import Named

KINDS: Final = (".svg", ".png")
WIDTH_PX: Final = 1380
"""Of a PNG: three times that of the figure, for a page in print. [px]"""

_NARROWEST_PX, _WIDEST_PX = 100, 10_000


@click.command(epilog="Example: baseload plot study drivers-mining --out drivers.svg")
@click.argument("study", metavar="STUDY_DIR", shell_complete=studies)
@click.argument("name", metavar="[NAME]", required=False, shell_complete=figures_of)
@click.option(
    "--out",
    metavar="FILE",
    help="Where to; its ending says the kind: .svg, or .png, which needs the extra baseload[png].",
)
@click.option(
    "--width",
    metavar="PX",
    type=WholeNumber(_NARROWEST_PX, _WIDEST_PX),
    help=f"Width of a .png, in pixels; without it: {WIDTH_PX}.",
)
@click.option("--list", "listed", is_flag=True, help="List the names of all figures.")
@json_option
def command(
    study: str, name: str | None, out: str | None, width: int | None, listed: bool, as_json: bool
) -> None:
    """Write one figure of the page of a study that was saved with `run --out`.

    The figures are those of the report; --list names them. The file holds its colours and looks
    the same wherever it is put, light or dark as the reader has it; a .png is always light.
    """
    if not listed:
        name, out = _asked(name, out)
        _require_kind(out, width)
    import baseload

    opened = baseload.open_study(study)
    from baseload.report.catalogue import named_figures
    from baseload.report.page import report_sections

    figures = named_figures(report_sections(opened))
    if listed or name is None or out is None:
        _list(figures, as_json)
        return
    if name not in figures:
        raise InputError(
            Fault(
                None,
                None,
                None,
                "NAME",
                f"{name}, a plot that {study} does not have",
                textwrap.fill(", ".join(figures), 68, break_on_hyphens=False),
                nearest(name, figures),
                note="baseload plot STUDY_DIR --list says what each shows",
            )
        )
    chosen = figures[name]
    _write(Path(out), chosen.picture.svg, width or WIDTH_PX)
    if as_json:
        say_json({"file": out, **_facts(chosen)})
    else:
        say(out)


def _asked(name: str | None, out: str | None) -> tuple[str, str]:
    if name is None:
        allowed = "the name of a figure; --list names them"
        raise InputError(Fault(None, None, None, "NAME", "no name of a figure", allowed))
    if out is None:
        raise InputError(Fault(None, None, None, "--out", "no file to write to", "--out FILE"))
    return name, out


def _require_kind(out: str, width: int | None) -> None:
    kind = Path(out).suffix.lower()
    if kind not in KINDS:
        allowed = "a name that ends in .svg or .png"
        raise InputError(Fault(None, None, None, "--out", out, allowed, nearest(kind, KINDS)))
    if width is not None and kind != ".png":
        found = f"a width for {out}"
        note = "an .svg has no size of its own in pixels"
        raise InputError(
            Fault(None, None, None, "--width", found, "--width with a .png", note=note)
        )
    if Path(out).is_dir():
        raise InputError(Fault(None, None, None, "--out", f"{out}, a folder", "a file"))
    if kind == ".png":
        _require_rasteriser()


def _require_rasteriser() -> Any:
    try:
        return importlib.import_module("resvg_py")
    except ImportError as error:
        raise MachineFault(
            "resvg-py is needed to write a .png and is not installed",
            why=str(error),
            what_to_do='write an .svg, or install the extra: pip install "baseload[png]"',
        ) from None


def _list(figures: dict[str, Named], as_json: bool) -> None:
    if as_json:
        say_json([_facts(one) for one in figures.values()])
    else:
        rows = [(one.name, one.title) for one in figures.values()]
        say(table(("name", "shows"), rows, left=2))


def _facts(one: Named) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "section": one.section,
        "caption": one.picture.caption,
    }


def _write(path: Path, svg: str, width_px: int) -> None:
    """Write the figure, whole or not at all."""
    from baseload.figures import standalone

    written = standalone(svg)
    if path.suffix.lower() == ".png":
        content = bytes(_require_rasteriser().svg_to_bytes(svg_string=written, width=width_px))
    else:
        content = written.encode("utf-8")
    try:
        write_whole(path, content)
    except OSError as error:
        raise MachineFault(
            "the figure could not be written",
            where=str(path),
            why=error.strerror or str(error),
            what_to_do="name a file in a folder that exists and may be written to",
        ) from error
