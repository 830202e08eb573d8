"""`baseload schema`: every key that a scenario may have, read off the schema itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args, get_origin

import click

from baseload.cli.complete import sections
from baseload.cli.options import json_option
from baseload.cli.text import paragraph, say, say_json
from baseload.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from pydantic import BaseModel

    from baseload.scenario.allowed import Slot

_INDENT = "    "


@dataclass(frozen=True)
class Key:
    """One key of a scenario.

    Attributes
    ----------
    key : str
        Its address; `[]` stands after a list.
    unit : str
        Symbol, empty for none.
    type : str
        `number`, `whole number`, `text`, `date`, `true or false`, `choice`, `list` or `table`.
    uncertain : bool
        Whether it may be a distribution instead of a number.
    per_event : bool
        Whether such a distribution is drawn anew at each event.
    required : bool
    default : object
        None where there is none.
    allowed, description : str
    """

    key: str
    unit: str
    type: str
    uncertain: bool
    per_event: bool
    required: bool
    default: Any
    allowed: str
    description: str


@click.command(epilog="Example: baseload schema plant.units")
@click.argument("section", metavar="[SECTION]", default="", shell_complete=sections)
@json_option
def command(section: str, as_json: bool) -> None:
    """List every key that a scenario may have.

    With its unit, what it may be and what it is when left out. SECTION is an address such as
    plant.units, for the keys of that part alone.
    """
    keys = keys_of(section)
    if as_json:
        say_json([asdict(key) for key in keys])
        return
    for key in keys:
        unit = f" [{key.unit}]" if key.unit else ""
        if key.required:
            rest = "required"
        elif key.default is None:
            rest = "may be left out"
        else:
            rest = f"default {_shown(key.default)}"
        say(f"{key.key}{unit}  {rest}")
        say(paragraph(key.allowed, _INDENT))
        if key.description:
            say(paragraph(key.description, _INDENT))


def keys_of(section: str) -> list[Key]:
    """The keys of the scenario, or of one part of it.

    Parameters
    ----------
    section : str
        Address of a part, with or without `[]` or an index; empty for everything.

    Raises
    ------
    InputError
        For a part that a scenario does not have, with the nearest.
    """
    from baseload.scenario.schema import ScenarioDocument

    every = list(_walk(ScenarioDocument, "", ()))
    wanted = _plain(section)
    if not wanted:
        return every
    chosen = [key for key in every if f"{_plain(key.key)}.".startswith(f"{wanted}.")]
    if not chosen:
        options = dict.fromkeys(_plain(key.key) for key in every)
        tops = dict.fromkeys(option.split(".")[0] for option in options)
        close = nearest(wanted, options)
        found = f"{section}, which a scenario does not have"
        raise InputError(Fault(None, None, None, "SECTION", found, ", ".join(tops), close))
    return chosen


def _plain(address: str) -> str:
    """An address without what tells the items of a list apart."""
    plain = ""
    depth = 0
    for character in address:
        depth += character == "["
        if not depth:
            plain += character
        depth -= character == "]"
    parts = (part for part in plain.split(".") if part and not part.isdigit())
    return ".".join(parts)


def _walk(model: type[BaseModel], prefix: str, above: tuple[type[BaseModel], ...]) -> Iterator[Key]:
    from baseload.scenario.allowed import (
        describe,
        is_model,
        kinds,
        slots_at,
        spelling,
        with_unit,
    )

    for name, field in model.model_fields.items():
        written = spelling(name, field)
        slots = slots_at(model, (written,))
        options = [kind for slot in slots for kind in kinds(slot)]
        tables = [kind.kind for kind in options if is_model(kind.kind)]
        lists = [item for kind in options for item in _items(kind) if is_model(item.kind)]
        unit = "" if not options else options[0].unit
        address = f"{prefix}{written}"
        marks = [mark for kind in options for mark in kind.marks]
        bounds = [mark for mark in marks if hasattr(mark, "per_event")]
        required = field.is_required()
        yield Key(
            key=address,
            unit=unit,
            type=_type(options),
            uncertain=bool(bounds),
            per_event=any(mark.per_event for mark in bounds),
            required=required,
            default=None
            if required
            else _plain_value(field.get_default(call_default_factory=True)),
            allowed=_allowed(with_unit(describe(slots), unit), bool(bounds)),
            description=field.description or "",
        )
        for inner in tables:
            if inner not in above:
                yield from _walk(inner, f"{address}.", (*above, inner))
        for item in lists:
            if item.kind not in above:
                yield from _walk(item.kind, f"{address}[].", (*above, item.kind))


def _items(kind: Slot) -> Iterator[Slot]:
    from baseload.scenario.allowed import Slot, kinds

    arguments = get_args(kind.kind)
    if get_origin(kind.kind) is list and arguments:
        yield from kinds(Slot(arguments[0]))


def _allowed(words: str, uncertain: bool) -> str:
    return f"{words}, or a distribution" if uncertain and "distribution" not in words else words


def _type(options: list[Slot]) -> str:
    return " or ".join(dict.fromkeys(_type_of(option) for option in options))


def _type_of(option: Slot) -> str:
    import datetime as dt

    from baseload.distributions import Distribution
    from baseload.scenario.allowed import choices, is_model

    kind = option.kind
    if kind is Distribution or kind is float:
        return "number"
    if kind is bool:
        return "true or false"
    if kind is int:
        return "whole number"
    if kind is dt.date:
        return "date"
    if choices([option]):
        return "choice"
    if get_origin(kind) is list:
        return "list"
    if is_model(kind) or get_origin(kind) is dict:
        return "table"
    return "text"


def _plain_value(value: Any) -> Any:
    """A default as a scenario writes it."""
    from pydantic import BaseModel

    if hasattr(value, "to_toml"):
        return value.to_toml()
    if isinstance(value, BaseModel):
        return {}
    if isinstance(value, list | tuple):
        return [_plain_value(item) for item in value]
    if isinstance(value, Fraction):  # a third is written "1/3"
        return value.numerator if value.denominator == 1 else str(value)
    return value


def _shown(value: Any) -> str:
    from baseload.scenario.write import shown

    if value == {}:
        return "the table as if empty"
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    return shown(number)
