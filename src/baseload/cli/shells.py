"""Completion for shells: the script that a shell reads, and the answer to what it asks.

The scripts are those of click, with one thing mended: no blank is put after a word that is not
finished, such as `fleet.0.mine_mw=` or a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from baseload.cli.group import commands
from baseload.cli.main import COMPLETES, NAME
from baseload.cli.text import say

_END_OF_BASH: Final = "\n    return 0\n"
_NO_BLANK: Final = "\n    [[ ${COMPREPLY[0]} == *[=/] ]] && compopt -o nospace\n"


class _Bash(BashComplete):
    """Bash from 4.4 on; an older one says so itself when it reads the script."""

    source_template = BashComplete.source_template.replace(_END_OF_BASH, _NO_BLANK + _END_OF_BASH)

    def source(self) -> str:
        # What click does besides is to start a bash, to ask for its version.
        return ShellComplete.source(self)


SHELLS: Final[dict[str, type[ShellComplete]]] = {
    "bash": _Bash,
    "zsh": ZshComplete,
    "fish": FishComplete,
}
"""Shells by name."""


def script(shell: str) -> str:
    """The script for one of `SHELLS`, to be read when the shell starts."""
    return _made(shell).source()


def complete(instruction: str) -> int:
    """Answer a shell, whose environment holds the line: what may stand where the cursor is.

    Parameters
    ----------
    instruction : str
        As the script sets it, such as `bash_complete`; `bash_source` prints the script.

    Returns
    -------
    int
        Exit code: 0, or 1 where nothing can be said. A shell wants no messages while somebody types.
    """
    shell, _, what = instruction.partition("_")
    answers: dict[str, Callable[[ShellComplete], str]] = {
        "source": lambda made: made.source(),
        "complete": lambda made: made.complete(),
    }
    if shell not in SHELLS or what not in answers:
        return 1
    try:
        say(answers[what](_made(shell)))
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception:
        return 1
    return 0


def _made(shell: str) -> ShellComplete:
    return SHELLS[shell](commands, {}, NAME, COMPLETES)
