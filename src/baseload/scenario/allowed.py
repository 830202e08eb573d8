"""What a schema allows at a place, in words: read off the types, so that no text can go stale.

A field may say more than its type does: `json_schema_extra={"unit": "MW", "allowed": "..."}`, or a
marker in `Annotated` that has a `unit`, an `allowed` text or a method `words()`.
"""

from __future__ import annotations

import datetime as dt
import enum
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from baseload.scenario.locate import KeyPath
from baseload.scenario.write import shown
from baseload.units import unit_of

_NAMED_KINDS: dict[Any, str] = {
    bool: "true or false",
    dt.date: "a date, as 2027-01-31",
    dt.datetime: "a date and time, as 2027-01-31T12:00:00Z",
    dt.time: "a time of day, as 12:00:00",
}


@dataclass(frozen=True)
class Slot:
    """A place in the schema: its type, what is attached to it, and the key it goes by."""

    kind: Any
    marks: tuple[Any, ...] = ()
    unit: str = ""
    allowed: str = ""


def slots_at(model: type[BaseModel], path: KeyPath) -> list[Slot]:
    """What may stand at the path: more than one slot where tables of several kinds may lie above.

    The list is empty where no kind of table has the key.
    """
    slots = [Slot(model)]
    for part in path:
        slots = [inner for slot in slots for kind in kinds(slot) for inner in _step(kind, part)]
    return slots


def models_at(model: type[BaseModel], path: KeyPath) -> list[type[BaseModel]]:
    """The kinds of tables that may stand at the path."""
    return [
        kind.kind for slot in slots_at(model, path) for kind in kinds(slot) if is_model(kind.kind)
    ]


def is_model(kind: Any) -> bool:
    """Whether the type is a class of tables."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that a table of this kind may have, as a file spells them."""
    return [spelling(name, field) for name, field in model.model_fields.items()]


def spelling(name: str, field: FieldInfo) -> str:
    """The key by which a file writes the field."""
    return field.validation_alias if isinstance(field.validation_alias, str) else name


def as_written(model: type[BaseModel], path: KeyPath) -> KeyPath:
    """The path with Python's field names replaced by the keys that a file has for them."""
    written: KeyPath = ()
    for part in path:
        for candidate in models_at(model, written) if isinstance(part, str) else ():
            field = candidate.model_fields.get(str(part))
            if field is not None:
                part = spelling(str(part), field)
                break
        written = (*written, part)
    return written


def describe(slots: Sequence[Slot]) -> str:
    """What the slots allow, in words; empty where the types do not say."""
    options: list[str] = []
    several_tables = sum(is_model(kind.kind) for slot in slots for kind in kinds(slot)) > 1
    for slot in slots:
        if slot.allowed:
            options.append(slot.allowed)
            continue
        for kind in kinds(slot):
            options.append("a table" if several_tables and is_model(kind.kind) else _words(kind))
    return ", or ".join(dict.fromkeys(option for option in options if option))


def choices(slots: Sequence[Slot]) -> list[str]:
    """The texts among which a word has to be chosen, where it has to."""
    words: list[str] = []
    for slot in slots:
        for kind in kinds(slot):
            words += [option for option in _options(kind.kind) if isinstance(option, str)]
    return words


def with_unit(allowed: str, unit: str) -> str:
    """Put the unit behind the number that the text speaks of first.

    Examples
    --------
    >>> with_unit("a number above 0, or a distribution", "MW")
    'a number above 0 [MW], or a distribution'
    """
    speaks_of_number = allowed.startswith(("a number", "a finite number", "a whole number"))
    if not unit or not speaks_of_number or "[" in allowed:
        return allowed
    number, comma, rest = allowed.partition(",")
    return f"{number} [{unit}]{comma}{rest}"


def kinds(slot: Slot) -> Iterator[Slot]:
    """The slot once for each member of its unions, without `None`, which no file can write."""
    origin = get_origin(slot.kind)
    if origin is Annotated:
        kind, *marks = get_args(slot.kind)
        yield from kinds(_marked(replace(slot, kind=kind), marks))
    elif origin in (Union, types.UnionType):
        for kind in get_args(slot.kind):
            if kind is not type(None):
                yield from kinds(replace(slot, kind=kind))
    elif hasattr(slot.kind, "__value__"):  # a named type alias
        yield from kinds(replace(slot, kind=slot.kind.__value__))
    elif hasattr(slot.kind, "__supertype__"):  # a NewType
        yield from kinds(replace(slot, kind=slot.kind.__supertype__))
    elif is_model(slot.kind) and "root" in slot.kind.model_fields:
        yield from kinds(_of_field("", slot.kind.model_fields["root"]))
    else:
        yield slot


def _step(slot: Slot, part: str | int) -> Iterator[Slot]:
    origin, arguments = get_origin(slot.kind) or slot.kind, get_args(slot.kind)
    if is_model(slot.kind):
        for name, field in slot.kind.model_fields.items():
            if part in (name, spelling(name, field)):
                yield _of_field(str(part), field)
    elif not isinstance(origin, type) or not arguments:
        return
    elif isinstance(part, str) and issubclass(origin, Mapping):
        yield Slot(arguments[1], unit=slot.unit)
    elif isinstance(part, int) and issubclass(origin, tuple) and Ellipsis not in arguments:
        if part < len(arguments):
            yield Slot(arguments[part], unit=slot.unit)
    elif isinstance(part, int) and issubclass(origin, list | tuple | set | frozenset | Sequence):
        yield Slot(arguments[0], unit=slot.unit)


def _of_field(key: str, field: FieldInfo) -> Slot:
    slot = Slot(field.annotation, tuple(field.metadata), unit=unit_of(key))
    return _marked(slot, [field])


def _marked(slot: Slot, marks: Sequence[Any]) -> Slot:
    """The slot with what its marks say; the innermost mark is read last and wins."""
    for mark in marks:
        if isinstance(mark, FieldInfo):
            extra = mark.json_schema_extra if isinstance(mark.json_schema_extra, dict) else {}
            slot = _marked(slot, [item for item in mark.metadata if item not in slot.marks])
            slot = replace(
                slot,
                unit=str(extra.get("unit", slot.unit)),
                allowed=str(extra.get("allowed", slot.allowed)),
            )
        elif mark not in slot.marks:
            slot = replace(slot, marks=(*slot.marks, mark))
        if isinstance(getattr(mark, "unit", None), str):
            slot = replace(slot, unit=mark.unit)
        if isinstance(getattr(mark, "allowed", None), str):
            slot = replace(slot, allowed=mark.allowed)
    return slot


def _words(slot: Slot) -> str:
    kind = slot.kind
    origin, arguments = get_origin(kind) or kind, get_args(kind)
    by_mark = next((mark.words() for mark in slot.marks if callable(_words_of(mark))), None)
    if by_mark is not None:
        own = kind.__name__.lower() if isinstance(kind, type) and kind not in (int, float) else ""
        return with_unit(f"{by_mark}, or a {own}" if own else str(by_mark), slot.unit)
    if options := _options(kind):
        texts = [shown(option) for option in options]
        return texts[0] if len(texts) == 1 else "one of " + ", ".join(texts)
    if kind in _NAMED_KINDS:
        return _NAMED_KINDS[kind]
    if kind in (int, float):
        number = "a whole number" if kind is int else "a number"
        return with_unit(number + _bounds(slot.marks) + _multiple(slot.marks), slot.unit)
    if kind is str:
        return "a text" + _length(slot.marks, "characters")
    if is_model(kind):
        return "a table with the keys " + ", ".join(keys_of(kind))
    if not isinstance(origin, type):
        return ""
    if issubclass(origin, Mapping):
        return "a table"
    if issubclass(origin, tuple) and arguments and Ellipsis not in arguments:
        items = "; ".join(describe([Slot(item, unit=slot.unit)]) for item in arguments)
        return f"a list of {len(arguments)}: {items}"
    if issubclass(origin, list | tuple | set | frozenset):
        item = describe([Slot(arguments[0], unit=slot.unit)]) if arguments else ""
        return "a list" + _length(slot.marks, "items") + (f", each item {item}" if item else "")
    return ""


def _words_of(mark: Any) -> Any:
    return None if isinstance(mark, type) else getattr(mark, "words", None)


def _options(kind: Any) -> list[Any]:
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return [member.value for member in kind]
    return []


def _bounds(marks: Sequence[Any]) -> str:
    limits = {name: _limit(marks, name) for name in ("gt", "ge", "lt", "le")}
    low = f"above {limits['gt']:g}" if limits["gt"] is not None else ""
    high = f"below {limits['lt']:g}" if limits["lt"] is not None else ""
    if limits["ge"] is not None and limits["le"] is not None:
        return f" from {limits['ge']:g} to {limits['le']:g}"
    if limits["ge"] is not None:
        low = f"of at least {limits['ge']:g}"
    if limits["le"] is not None:
        high = f"of at most {limits['le']:g}" if not low else f"at most {limits['le']:g}"
    both = " and ".join(part for part in (low, high) if part)
    return f" {both}" if both else ""


def _multiple(marks: Sequence[Any]) -> str:
    of = _limit(marks, "multiple_of")
    return f", a multiple of {of:g}" if of is not None else ""


def _length(marks: Sequence[Any], what: str) -> str:
    low, high = _limit(marks, "min_length"), _limit(marks, "max_length")
    if low and high is not None:
        return f" of {low} {what}" if low == high else f" of {low} to {high} {what}"
    if low:
        return f" of at least {low} {what}" if low > 1 else " that is not empty"
    return f" of at most {high} {what}" if high is not None else ""


def _limit(marks: Sequence[Any], name: str) -> Any:
    """The first limit of this name among the marks, or None."""
    limits = (getattr(mark, name, None) for mark in marks)
    return next((limit for limit in limits if limit is not None), None)
