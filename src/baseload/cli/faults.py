"""What is told on standard error: faults as they are, wrapped and coloured on a terminal."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final, TextIO

from baseload.cli.terminal import coloured, columns_of, has_colours, is_terminal, printable
from baseload.errors import Fault, nearest

if TYPE_CHECKING:
    import click

_ROW: Final = re.compile(r"^  (found|allowed|nearest|note|where|why|do) +")
_COLOURS: Final = {"found": "red", "nearest": "green", "do": "green"}
_BELOW: Final = "  "
_NAME: Final = "baseload"


def for_screen(text: str, stream: TextIO) -> str:
    """The text of faults as a stream shows it.

    Parameters
    ----------
    text : str
        As an `InputError` or a `MachineFault` is written.
    stream : text stream
        Where it goes: on a terminal lines are wrapped beneath themselves, and coloured unless
        nobody wants that; anywhere else only control characters are made visible.
    """
    text = printable(text)
    if not is_terminal(stream):
        return text
    columns, colours = columns_of(stream), has_colours(stream)
    return "\n".join(_line(line, columns, colours) for line in text.split("\n"))


def _line(line: str, columns: int, colours: bool) -> str:
    match = _ROW.match(line)
    hang = " " * match.end() if match else _BELOW
    wrapped = textwrap.fill(
        line,
        columns,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    if not colours:
        return wrapped
    if match is None:
        return wrapped if line.startswith(" ") else coloured(wrapped, "bold")
    colour = _COLOURS.get(match[1])
    head, rest = wrapped[: match.end()], wrapped[match.end() :]
    return head + coloured(rest, colour) if colour else wrapped


def fault_of(error: click.ClickException) -> Fault:
    """What click found wrong with the command line, in the words of every other fault."""
    import click

    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else _NAME
    note = f"{where} --help says what it takes"
    if isinstance(error, click.NoSuchOption):
        options = _options_of(context)
        close = nearest(error.option_name, options)
        found = f"{error.option_name}, an option that {where} does not have"
        return Fault(None, None, None, where, found, ", ".join(options), close)
    parameter = getattr(error, "param", None)
    if isinstance(error, click.MissingParameter) and parameter is not None:
        missing = parameter.make_metavar(context) if context else (parameter.name or "")
        if isinstance(parameter, click.Option):
            missing = f"{parameter.opts[0]} {missing}"
        return Fault(None, None, None, where, f"no {missing}", note=note)
    if parameter is not None and isinstance(parameter.type, click.Choice):
        return _choice(parameter, error, note)
    return Fault(None, None, None, where, error.format_message(), note=note)


def _choice(parameter: click.Parameter, error: click.ClickException, note: str) -> Fault:
    """A word that is none of the few that stand to choice."""
    choices = [str(one) for one in parameter.type.choices]  # type: ignore[attr-defined]
    quoted = re.match(r"'(.*)' is not one of", error.message, re.DOTALL)
    found = quoted[1] if quoted else error.message
    field = parameter.opts[0]
    return Fault(
        None,
        None,
        None,
        field if field.startswith("-") else field.upper(),
        found or "an empty text",
        ", ".join(choices),
        nearest(found, choices),
        note,
    )


def _options_of(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    parameters = context.command.get_params(context)
    return [
        option
        for parameter in parameters
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
    ]
