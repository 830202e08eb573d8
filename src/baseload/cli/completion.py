"""`baseload completion`: the script that lets a shell complete commands."""

from __future__ import annotations

import os
from typing import Final

import click

from baseload.cli.options import json_option
from baseload.cli.text import say, say_json
from baseload.errors import Fault, InputError, nearest

FILES: Final = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/config.fish",
}
"""File that each shell reads at its start."""


@click.command(
    epilog="Example: baseload completion bash >> ~/.bashrc\n\n"
    "Then a new shell completes what stands before the cursor with the Tab key."
)
@click.argument("shell", metavar="[bash|zsh|fish]", default="")
@json_option
def command(shell: str, as_json: bool) -> None:
    """Print the script that lets a shell complete commands.

    Commands, options, scenarios, folders of studies and names of their figures, keys for --set with
    the values that they have, and sections for schema. Without a name it is the shell of this login.
    """
    from baseload.cli.shells import SHELLS, script

    name = shell or os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        found = name or "no name, and nothing that says which shell this is"
        close = nearest(name, SHELLS)
        raise InputError(Fault(None, None, None, "SHELL", found, ", ".join(SHELLS), close))
    if as_json:
        say_json({"shell": name, "file": FILES[name], "script": script(name)})
    else:
        say(script(name).strip("\n"))
