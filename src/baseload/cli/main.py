"""Entry of the command line: runs a command and turns what a user can cause into an exit code.

Nothing but the standard library is imported before `main` is entered, so that Ctrl-C is answered
in words while the rest is still being imported.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from typing import Final, TextIO

from baseload.errors import INTERRUPTED, InputError, MachineFault

NAME: Final = "baseload"
COMPLETES: Final = "_BASELOAD_COMPLETE"
"""Variable in which the shell's script says that a line is to be completed."""
READER_GONE: Final = 141
"""Exit code when the reader of the output has gone: 128 plus SIGPIPE's number, as shells count."""

_OBJECTS_BETWEEN_COLLECTIONS: Final = 50_000
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
    if arguments is None:
        # Importing makes many objects and no garbage, of which Python would look for some 700 times.
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    shown, warnings.showwarning = warnings.showwarning, _show_warning
    try:
        _write_utf8()
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        if arguments is None:
            # All ends with the process: Python need not look for garbage among a million objects first.
            gc.freeze()
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
        _tell_fault(fault)
        return fault.exit_code
    except (InputError, MachineFault) as error:
        _tell_fault(error)
        return error.exit_code
    finally:
        warnings.showwarning = shown


def _run(arguments: Sequence[str]) -> int:
    import click

    from baseload.cli.group import commands
    from baseload.cli.terminal import WIDTH, columns_of

    if COMPLETES in os.environ:
        from baseload.cli.shells import complete

        return complete(os.environ[COMPLETES])
    columns = columns_of(sys.stdout)
    # Left to itself, click takes no fewer than 50 columns.
    narrow = None if columns == WIDTH else columns
    try:
        with commands.make_context(NAME, list(arguments), terminal_width=narrow) as context:
            commands.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        from baseload.cli.faults import fault_of

        raise InputError(fault_of(error)) from None
    return 0


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
        from baseload.cli.terminal import is_terminal

        _tell(("\r\x1b[2K" if is_terminal(sys.stderr) else "") + f"warning: {message}")
        return
    _tell(warnings.formatwarning(message, category, filename, lineno, line).rstrip())


def _tell_fault(error: InputError | MachineFault) -> None:
    from baseload.cli.faults import for_screen

    _tell(for_screen(str(error), sys.stderr))


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
