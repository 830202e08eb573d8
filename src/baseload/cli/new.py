"""`baseload new`: a scenario of one's own to start from."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click

from baseload.cli.complete import scenarios
from baseload.cli.options import json_option, quiet_option
from baseload.cli.text import say, say_json
from baseload.errors import Fault, InputError, MachineFault

_TITLE = re.compile(r"""^(title\s*=\s*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*')""", re.MULTILINE)


@click.command(epilog="Example: baseload new mine.toml --from zaporizhzhia")
@click.argument("file", metavar="FILE")
@click.option(
    "--from",
    "origin",
    metavar="SCENARIO",
    default="zaporizhzhia",
    show_default=True,
    shell_complete=scenarios,
    help="Scenario to copy, with its comments and sources.",
)
@quiet_option
@json_option
def command(file: str, origin: str, quiet: bool, as_json: bool) -> None:
    """Write a scenario of your own to start from.

    FILE ends in .toml and must not exist. What is written runs as it is.
    """
    import baseload

    path = Path(file)
    if path.suffix != ".toml":
        raise InputError(
            Fault(None, None, None, "FILE", file, "a name that ends in .toml", f"{file}.toml")
        )
    write_new(path, retitled(baseload.load(origin).text, f"{path.stem}, begun from {origin}"))
    try:
        baseload.load(path)
    except InputError:  # such as a table beside the original, which is not beside the copy
        path.unlink()
        raise
    if as_json:
        say_json({"file": file, "from": origin})
    elif not quiet:
        say(f"{file} is written; baseload check {shlex.quote(file)}")


def retitled(text: str, title: str) -> str:
    """The scenario with another title and every other character as it was.

    Examples
    --------
    >>> retitled('title = "Old"  # a name\\nyears = 2\\n', "New")
    'title = "New"  # a name\\nyears = 2\\n'
    """
    from baseload.scenario.write import quoted

    new, count = _TITLE.subn(lambda match: match[1] + quoted(title), text, count=1)
    if count != 1:
        raise InputError(
            Fault(None, None, None, "--from", "a title over several lines", "one line: title = ...")
        )
    return new


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet, whole or not at all."""
    try:
        stream = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        raise InputError(
            Fault(None, None, None, "FILE", f"{path}, which exists", "the name of a new file")
        ) from None
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            Fault(None, None, None, "FILE", f"no folder {path.parent}", "a folder that exists")
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with stream:
            stream.write(text)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(path, error) from error
        raise


def _unwritable(path: Path, error: OSError) -> MachineFault:
    return MachineFault(
        "the scenario could not be written",
        where=str(path),
        why=error.strerror or str(error),
        what_to_do="name a file in a folder that may be written to and has room",
    )
