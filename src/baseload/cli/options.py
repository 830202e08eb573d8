"""Arguments and options that several commands share, and the types that check them."""

from __future__ import annotations

from typing import Any

import click

from baseload.cli.complete import scenarios, settings
from baseload.errors import Fault, InputError, raise_all
from baseload.scenario.write import shown
from baseload.study.limits import LARGEST_SEED, MOST_CHUNK_PATHS


class WholeNumber(click.ParamType[int]):
    """A whole number between two bounds, both allowed; a fault is told like any other.

    Parameters
    ----------
    low, high : int
    """

    name = "number"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or not self.low <= number <= self.high:
            allowed = f"a whole number from {self.low} to {self.high}"
            if self.high == LARGEST_SEED:
                allowed = f"a whole number of at least {self.low}, below 2^63"
            field = param.opts[0] if param is not None else ""
            found = shown(value).strip('"') or "an empty text"
            raise InputError(Fault(None, None, None, field, found, allowed))
        return number


scenario_argument = click.argument("scenario", metavar="SCENARIO", shell_complete=scenarios)
overrides_option = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    shell_complete=settings,
    help="Another value for a key of the scenario; may be given many times.",
)
chunk_option = click.option(
    "--chunk",
    "chunk_paths",
    metavar="N",
    type=WholeNumber(1, MOST_CHUNK_PATHS),
    help="Paths that a thread takes at a time, which changes no result; without it: up to 64.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, numbers unrounded, null where none."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")


def require_none_beside_study(**options: object) -> None:
    """Refuse options that would change a run where a study is named, which has run already.

    Raises
    ------
    InputError
        With a fault for each option that is not None.
    """
    raise_all(
        Fault(
            None, None, None, f"--{name}", "with a study that has run", "a scenario to run with it"
        )
        for name, value in options.items()
        if value is not None
    )
