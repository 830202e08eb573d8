"""The group of commands: their names and what each is for, without importing any of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import click

from baseload import __version__
from baseload.cli.text import say
from baseload.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

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
    "doctor": "Say what is installed here, where the caches are, and how fast it is.",
    "completion": "Print the script that lets a shell complete commands.",
}
"""Name and purpose of each command; its module in this package has the same name."""


class Formatter(click.HelpFormatter):
    """Lists in help whose first column leaves room for the second on a narrow terminal."""

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        super().write_dl(list(rows), min(col_max, self.width // 3), col_spacing)


class Context(click.Context):
    """A context whose help fits its terminal."""

    formatter_class = Formatter


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"baseload.cli.{cmd_name}").command
        command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and ctx.resilient_parsing:  # a line that the shell wants to complete
            return None, None, []
        if command is None:
            found = f"{name}, a command that {ctx.command_path} does not have"
            options = ", ".join(COMMANDS)
            close = nearest(name, COMMANDS)
            raise InputError(Fault(None, None, None, ctx.command_path, found, options, close))
        return name, command, args[1:]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [name for name in COMMANDS if name.startswith(incomplete)]
        found = [CompletionItem(name, help=COMMANDS[name]) for name in names]
        return found + click.Command.shell_complete(self, ctx, incomplete)

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
