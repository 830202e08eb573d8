"""The group of commands: their names and what each is for, without importing any of them."""

from __future__ import annotations

import importlib
from typing import Final

import click

from baseload import __version__
from baseload.cli.text import say
from baseload.errors import Fault, InputError, nearest

COMMANDS: Final = {
    "run": "Run a scenario over many lifetimes and sum it up.",
    "report": "Write the page of a study that was saved.",
    "plot": "Write one figure of a study as a file.",
    "compare": "Set scenarios and studies side by side, on the same draws.",
    "export": "Write a year of one path for another program to solve again.",
    "list": "List the scenarios that come with the program.",
    "show": "Show what a scenario says, on one screen.",
    "new": "Write a scenario of your own to start from.",
    "check": "Find all faults of a scenario, and say what its processes mean.",
    "schema": "List every key that a scenario may have.",
    "machines": "List the catalogue of mining machines.",
    "security": "Say what a share of the hash rate can do to the network.",
    "accord": "Say who has to agree, who gains, what binds, and how likely it is.",
    "screen": "Look for names in sanctions lists that you supply.",
    "claims": "Hold quoted claims against the results of a study.",
}
"""Name and purpose of each command; its module in this package has the same name."""


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"baseload.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None:
            found = f"{name}, a command that {ctx.command_path} does not have"
            options = ", ".join(COMMANDS)
            close = nearest(name, COMMANDS)
            raise InputError(Fault(None, None, None, ctx.command_path, found, options, close))
        return name, command, args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Start with: baseload run zaporizhzhia --paths 200 --out study",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """What happens when a power plant feeds a Bitcoin mine.

    A scenario asks the question, a run answers it over thousands of lifetimes of plant, prices and
    network, and a report shows every figure with its source.
    """
    if context.invoked_subcommand is None:
        say(context.get_help())
