"""`baseload report`: the page of a saved study, or one page that compares several."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from baseload.cli.complete import studies as studies_of
from baseload.cli.options import json_option, quiet_option
from baseload.cli.text import say, say_json
from baseload.errors import Fault, InputError, MachineFault, raise_all

if TYPE_CHECKING:
    from baseload.comparison import Comparison
    from baseload.study import Study

PAGE: Final = "report.html"
COMPARISON: Final = "comparison.html"

_MARK: Final = b": a baseload comparison</title>"
_HEAD_BYTES: Final = 4096


@click.command(
    epilog="Example: baseload report study --open\n\n"
    "Example: baseload report study cheaper-power --pdf comparison.pdf"
)
@click.argument(
    "studies",
    metavar="STUDY_DIR [STUDY_DIR...]",
    nargs=-1,
    required=True,
    shell_complete=studies_of,
)
@click.option(
    "--out",
    metavar="FILE",
    help=f"Where to; without it: {PAGE} in the study's folder, or {COMPARISON} here for several.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--pdf",
    metavar="FILE",
    help="Print the page into this file too; needs a Chromium, Chrome, Edge or Brave.",
)
@quiet_option
@json_option
def command(
    studies: tuple[str, ...],
    out: str | None,
    opens: bool,
    pdf: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write the page of a study that was saved with `run --out`.

    Several studies become one page that compares them; differences are to the first, on the same
    draws. The page is one file, which needs no network and opens in any browser.
    """
    _require_studies(studies)
    page = _page_of(studies, out)
    if pdf is not None:
        require_place(pdf, "--pdf", ".pdf")
    import baseload

    if len(studies) == 1:
        write_page(baseload.open_study(studies[0]), page)
    else:
        folders = [_as_folder(name) for name in studies]
        write_comparison_page(baseload.compare(*folders), folders, page)
    if pdf is not None:
        from baseload.cli.browser import print_page

        print_page(page, Path(pdf))
    opened = _open(page, quiet or as_json) if opens else None
    if as_json:
        say_json({"page": str(page), "bytes": page.stat().st_size, "pdf": pdf, "opened": opened})
    elif not quiet:
        say("\n".join(filter(None, (str(page), pdf))))


def write_page(study: Study, path: Path) -> Path:
    """Write the page of a study, whole or not at all.

    Raises
    ------
    MachineFault
        When it cannot be written there.
    """
    from baseload.report.page import write_report

    return _written(lambda: write_report(study, path), path)


def write_comparison_page(comparison: Comparison, names: Sequence[str], path: Path) -> Path:
    """Write the page of a comparison, whole or not at all.

    Parameters
    ----------
    comparison : Comparison
    names : sequence of str
        Folder of each study, or another name for what was not saved.
    path : Path
        The file to write or to replace.

    Raises
    ------
    MachineFault
        When it cannot be written there.
    """
    from baseload.report.comparison import write_comparison

    labels = labels_of(names)
    return _written(lambda: write_comparison(comparison, path, labels), path)


def _written(write: Callable[[], Path], path: Path) -> Path:
    try:
        return write()
    except OSError as error:
        raise _unwritten(path, error.strerror or str(error)) from error


def _unwritten(path: Path, why: str) -> MachineFault:
    return MachineFault(
        "the report could not be written",
        where=str(path),
        why=why,
        what_to_do="name a file in a folder that exists and may be written to",
    )


def labels_of(names: Sequence[str]) -> tuple[str, ...]:
    """Short names of what is compared, no two alike: of a folder its last parts that tell it apart.

    Parameters
    ----------
    names : sequence of str
        Folders, and whatever else is compared, which keeps its name.
    """
    places = [
        Path(os.path.abspath(name)).parts if os.path.isdir(name) else (name,) for name in names
    ]
    found: list[str] = []
    for place, own in enumerate(places, start=1):
        others = [other for other in places if other != own]
        sizes = range(1, len(own))
        size = next((n for n in sizes if all(own[-n:] != other[-n:] for other in others)), len(own))
        label = os.fsencode(os.path.join(*own[-size:])).decode("utf-8", "replace")
        found.append(f"{label} ({place})" if label in found else label)
    return tuple(found)


def require_place(file: str, option: str, ending: str = "") -> Path:
    """Refuse a name under which no page can be put, or that a study needs for itself.

    Raises
    ------
    InputError
        For a folder, another ending, and a file of a study.
    MachineFault
        For a file in a folder that does not exist.
    """
    from baseload.study.folder import FILES, MANIFEST, TIMINGS, is_study

    path = Path(file)
    found = allowed = ""
    if path.is_dir():
        found, allowed = f"{file}, a folder", "a file"
    elif ending and path.suffix.lower() != ending:
        found, allowed = file, f"a name that ends in {ending}"
    elif path.name in (*FILES, MANIFEST, TIMINGS) and is_study(path.parent):
        found, allowed = f"{file}, a file that the study needs", "another name"
    if found:
        raise InputError(Fault(None, None, None, option, found, allowed))
    if not path.parent.is_dir():
        raise _unwritten(path, "No such folder")
    return path


def _require_studies(names: Sequence[str]) -> None:
    """Refuse what is no study, all of it at once."""
    from baseload.gallery import scenario_names
    from baseload.study.folder import is_study, open_study

    faults: list[Fault] = []
    for name in names:
        if is_study(Path(name)):
            continue
        if name in scenario_names() or name.endswith(".toml"):
            note = f"`baseload run {name} --out DIR` runs it and saves the study"
            found = f"{name}, a scenario, which is not run here"
            faults.append(Fault(None, None, None, "STUDY_DIR", found, "a saved study", note=note))
            continue
        try:
            open_study(name)
        except InputError as error:
            faults += error.faults
    raise_all(faults)


def _as_folder(name: str) -> str:
    """The folder under a name that cannot be taken for one of the gallery."""
    return name if os.path.dirname(name) else os.path.join(os.curdir, name)


def _page_of(studies: Sequence[str], out: str | None) -> Path:
    """Where the page goes; the page of one study is never replaced by that of several."""
    if len(studies) == 1:
        return Path(studies[0]) / PAGE if out is None else require_place(out, "--out")
    page = place_of_comparison(COMPARISON if out is None else out, "--out")
    if out is None and page.exists() and not _is_comparison(page):
        found = f"{page}, which is there and is no page of a comparison"
        raise InputError(Fault(None, None, None, "--out", found, "--out FILE to say where to"))
    return page


def place_of_comparison(file: str, option: str) -> Path:
    """Where the page of a comparison goes; a study's own page is none such place.

    Raises
    ------
    InputError
        As of `require_place`, and for the page of a study.
    """
    from baseload.study.folder import is_study

    page = require_place(file, option)
    if page.name == PAGE and is_study(page.parent):
        found = f"{page}, the page of that study alone"
        raise InputError(Fault(None, None, None, option, found, "another name"))
    return page


def _is_comparison(page: Path) -> bool:
    try:
        with page.open("rb") as file:
            return _MARK in file.read(_HEAD_BYTES)
    except OSError:
        return False


def _open(page: Path, silent: bool) -> bool:
    """Open the page, or say where it is."""
    from baseload.cli.browser import open_page

    opened = open_page(page)
    if not opened and not silent:
        print(f"no browser could be opened here; the page is {page.absolute()}", file=sys.stderr)
    return opened
