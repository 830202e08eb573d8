"""Arguments and options that several commands share, and the types that check them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from baseload.cli.complete import designs, scenarios, settings
from baseload.errors import Fault, InputError, raise_all
from baseload.scenario.write import shown
from baseload.study.limits import LARGEST_SEED, MOST_CHUNK_PATHS, MOST_PATHS, MOST_THREADS

DEFAULT_PATHS: Final = 1000
DEFAULT_SEED: Final = 1
"""The seed of a run whose command line names none."""

Declared = TypeVar("Declared", bound=Callable[..., Any])
"""A function of a command, or the command that click has made of it."""


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
design_argument = click.argument("design", metavar="STUDY_OR_SCENARIO", shell_complete=designs)
threads_option = click.option(
    "--threads", type=WholeNumber(1, MOST_THREADS), help="Without it: one for each processor."
)
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


def paths_option(
    meaning: str, *, most: int = MOST_PATHS, default: int | None = None
) -> Callable[[Declared], Declared]:
    """`--paths`: how many lifetimes; `meaning` says of what, and what holds without the option.

    Parameters
    ----------
    meaning : str
    most : int
    default : int or None
        Shown in the help; None where a study that is named may have its own.
    """
    return click.option(
        "--paths",
        type=WholeNumber(1, most),
        default=default,
        show_default=default is not None,
        help=meaning,
    )


def seed_option(meaning: str, *, default: int | None = None) -> Callable[[Declared], Declared]:
    """`--seed`: the seed of all draws; `meaning` says of what, and what holds without the option.

    Parameters
    ----------
    meaning : str
    default : int or None
        Shown in the help; None where a study that is named may have its own.
    """
    return click.option(
        "--seed",
        type=WholeNumber(0, LARGEST_SEED),
        default=default,
        show_default=default is not None,
        help=meaning,
    )


def scenario_run_options(
    of: str, *, paths: int = DEFAULT_PATHS, most: int = MOST_PATHS
) -> Callable[[Declared], Declared]:
    """What a command may be told of the run where it is given a scenario in place of a study.

    Parameters
    ----------
    of : str
        What has so many lifetimes.
    paths : int
        How many without the option.
    most : int
    """
    meaning = f"Lifetimes of {of}; without it {paths}. A study has its own."
    options = (
        paths_option(meaning, most=most),
        seed_option(f"Of a scenario; without it {DEFAULT_SEED}."),
        threads_option,
        overrides_option,
    )

    def declare(function: Declared) -> Declared:
        for option in reversed(options):  # as decorators that stand in this order
            function = option(function)
        return function

    return declare


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
