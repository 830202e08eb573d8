"""Entry of the command line: runs a command and turns what a user can cause into an exit code.

Nothing but the standard library is imported before `main` is entered, so that Ctrl-C is answered
in words while the rest is still being imported.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TextIO

from baseload.errors import INTERRUPTED, Fault, InputError, MachineFault, nearest

if TYPE_CHECKING:
    import click

NAME: Final = "baseload"
READER_GONE: Final = 141
"""Exit code when the reader of the output has gone: 128 plus SIGPIPE's number, as shells count."""

_PRINTERS: Final = ("baseload.cli.main", "baseload.cli.text", "click.utils")
NOTHING_WRITTEN: Final = "interrupted; nothing was written"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str or None
        What follows the program's name; None: what the program was started with.

    Returns
    -------
    int
        Exit code: 0, 1 for what the machine refuses, 2 for bad input, 130 after Ctrl-C, 141 when
        the reader of the output has gone. A fault of ours is raised with its trace.
    """
    shown, warnings.showwarning = warnings.showwarning, _show_warning
    try:
        _write_utf8()
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt as interrupt:
        # A second Ctrl-C ends the process at once, without a trace of what was being tidied up.
        if arguments is None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        _tell(str(interrupt) or NOTHING_WRITTEN)
        return INTERRUPTED
    except BrokenPipeError:
        _forget(sys.stdout, sys.stderr)
        return READER_GONE
    except OSError as error:
        if not _was_printing(error):
            raise
        _forget(sys.stdout)
        fault = MachineFault("the output could not be written", why=error.strerror or str(error))
        _tell(str(fault))
        return fault.exit_code
    except (InputError, MachineFault) as error:
        _tell(str(error))
        return error.exit_code
    finally:
        warnings.showwarning = shown


def _run(arguments: Sequence[str]) -> int:
    import click

    from baseload.cli.group import commands

    if f"_{NAME.upper()}_COMPLETE" in os.environ:
        commands.main(list(arguments), prog_name=NAME)
    try:
        with commands.make_context(NAME, list(arguments)) as context:
            commands.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        raise InputError(fault_of(error)) from None
    return 0


def fault_of(error: click.ClickException) -> Fault:
    """What click found wrong with the command line, in the words of every other fault."""
    import click

    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else NAME
    note = f"{where} --help says what it takes"
    if isinstance(error, click.NoSuchOption):
        options = _options_of(context)
        close = nearest(error.option_name, options)
        found = f"{error.option_name}, an option that {where} does not have"
        return Fault(None, None, None, where, found, ", ".join(options), close)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        missing = error.param.make_metavar(context) if context else (error.param.name or "")
        if isinstance(error.param, click.Option):
            missing = f"{error.param.opts[0]} {missing}"
        return Fault(None, None, None, where, f"no {missing}", note=note)
    return Fault(None, None, None, where, error.format_message(), note=note)


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


def _write_utf8() -> None:
    """Texts hold signs outside ASCII: a locale that lacks them must not end a run."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # started with the output closed
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Warnings of ours as a line of words, those of others as Python shows them."""
    if category.__module__.partition(".")[0] == NAME:
        # A line of progress may stand there.
        _tell(("\r\x1b[2K" if sys.stderr.isatty() else "") + f"warning: {message}")
        return
    _tell(warnings.formatwarning(message, category, filename, lineno, line).rstrip())


def _tell(text: str) -> None:
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:  # nobody is there to read it; the exit code still says it
        _forget(sys.stderr)


def _was_printing(error: OSError) -> bool:
    """Whether the error comes from writing to standard output, as on a full disk."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__") in _PRINTERS


def _forget(*streams: TextIO) -> None:
    """Point outputs to nowhere, so that Python's own last flush raises nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):  # a stream without a file, as in tests
            continue
    os.close(nowhere)
