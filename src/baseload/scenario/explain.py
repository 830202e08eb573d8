"""The validator's errors as faults: one for each place, said in the words of the scenario.

pydantic reports every member of a union that did not fit. Of those the nearest miss is kept: the
member whose type the value has, with the fewest errors.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from baseload.errors import Fault, FieldFault, FieldFaults, nearest
from baseload.scenario.address import shown_address
from baseload.scenario.allowed import (
    as_written,
    choices,
    describe,
    keys_of,
    models_at,
    slots_at,
    with_unit,
)
from baseload.scenario.locate import KeyPath
from baseload.scenario.write import shown

Placing = Callable[[KeyPath], tuple[str | None, int | None, int | None]]
"""File, line and column of a path."""

_ABSENT: Final = object()
_WRONG_TYPE: Final = "wrong type"
_OTHER_TYPES: Final = ("is_instance_of", "int_from_float")
_OF_A_TABLE: Final = ("missing", "extra_forbidden")


@dataclass(frozen=True)
class _Error:
    """One of pydantic's errors; `trail` still holds the names of the union members it tried."""

    path: KeyPath
    trail: tuple[tuple[int, str], ...]
    kind: str
    context: dict[str, Any]
    message: str


def explain(
    error: ValidationError, model: type[BaseModel], document: dict[str, Any], placing: Placing
) -> list[Fault]:
    """All that is wrong with the document, one fault for each place.

    Parameters
    ----------
    error : ValidationError
        What `model.model_validate(document)` raised.
    model : type of BaseModel
        Root of the schema.
    document : dict
        The document as it was read.
    placing : callable
        Gives file, line and column of a path.
    """
    errors = _nearest_misses([_follow(document, item) for item in error.errors(include_url=False)])
    writer = _Writer(model, document, placing, _misspelled(model, errors))
    by_place: dict[tuple[KeyPath, str], Fault] = {}
    for item in errors:
        for path, fault in writer.faults(item):
            # Cross-checks may find several things at one place; the types find one.
            distinct = fault.found if item.kind == "value_error" else ""
            by_place.setdefault((path, distinct), fault)
    return list(by_place.values())


@dataclass(frozen=True)
class _Writer:
    model: type[BaseModel]
    document: dict[str, Any]
    placing: Placing
    misspelled: dict[KeyPath, KeyPath]  # a missing key, and the unknown one that is meant for it

    def faults(self, error: _Error) -> Iterable[tuple[KeyPath, Fault]]:
        if error.kind == "missing" and error.path in self.misspelled:
            return
        raised = error.context.get("error")
        if isinstance(raised, FieldFaults):
            yield from (self._own(error.path, single) for single in raised.faults)
        elif isinstance(raised, FieldFault):
            yield self._own(error.path, raised)
        else:
            yield error.path, self._fault(error)

    def _own(self, path: KeyPath, raised: FieldFault) -> tuple[KeyPath, Fault]:
        path = as_written(self.model, (*path, *raised.at))
        slots = slots_at(self.model, path)
        unit = slots[0].unit if slots else ""
        return path, self._at(
            path,
            raised.found or self._found(path),
            with_unit(raised.allowed, unit),
            raised.nearest,
            raised.note,
        )

    def _fault(self, error: _Error) -> Fault:
        path, slots = error.path, slots_at(self.model, error.path)
        if error.kind == "extra_forbidden":
            return self._unknown_key(path)
        if error.kind == "missing":
            return self._at(path, "nothing: the key is missing", describe(slots))
        if error.kind in ("value_error", "assertion_error"):
            raised = error.context.get("error")
            said = next((slot.allowed for slot in slots if slot.allowed), "")
            return self._at(path, self._found(path), said, note=str(raised or error.message))
        if error.kind == "union_tag_invalid":
            return self._tag(error)
        found = _value_at(self.document, path)
        allowed = describe(slots) or error.message
        words = choices(slots)
        close = nearest(found, words) if isinstance(found, str) else ""
        return self._at(
            path,
            self._found(path),
            allowed,
            shown(close) if close else "",
            self._hint(error, found),
        )

    def _unknown_key(self, path: KeyPath) -> Fault:
        key, parent = str(path[-1]), path[:-1]
        models = models_at(self.model, parent)
        section = ".".join(part for part in parent if isinstance(part, str)) or "a scenario"
        for candidate in models:
            later = getattr(candidate, "not_yet", {})
            if key in later:
                return self._at(path, self._found(path), note=f"not yet: {later[key]}")
        keys = list(dict.fromkeys(key for candidate in models for key in keys_of(candidate)))
        table = _value_at(self.document, parent)
        free = [word for word in keys if not isinstance(table, dict) or word not in table]
        return self._at(
            path,
            f"a key that {section} does not have",
            ", ".join(keys),
            # A key that is given already may still be the one that was meant, by --set above all.
            nearest(key, free) or nearest(key, keys),
        )

    def _tag(self, error: _Error) -> Fault:
        key = str(error.context.get("discriminator", "")).strip("'")
        tags = [
            tag.strip().strip("'")
            for tag in str(error.context.get("expected_tags", "")).split(", ")
        ]
        tag = str(error.context.get("tag", ""))
        path = (*error.path, key)
        if _value_at(self.document, path) is _ABSENT:
            path = error.path
        close = nearest(tag, tags)
        return self._at(
            path,
            shown(tag),
            "one of " + ", ".join(map(shown, tags)),
            shown(close) if close else "",
        )

    def _hint(self, error: _Error, found: Any) -> str:
        if error.kind == "finite_number":
            return "a number that is neither infinite nor nan"
        if isinstance(found, str) and _is_number(found):
            return "a number stands without quotes"
        return ""

    def _found(self, path: KeyPath) -> str:
        value = _value_at(self.document, path)
        return "nothing" if value is _ABSENT else shown(value)

    def _at(
        self, path: KeyPath, found: str, allowed: str = "", close: str = "", note: str = ""
    ) -> Fault:
        file, line, column = self.placing(path)
        field = shown_address(path, self.document)
        return Fault(file, line, column, field, found, allowed, close, note)


def _follow(document: dict[str, Any], error: ErrorDetails) -> _Error:
    """Tell keys and indices in the error's location from the names of union members.

    The value that was validated is known. Of all the ways to leave names out, the first that ends
    at that very value is taken; where a validator has replaced the value, the one that
    gets furthest.
    """
    location = error["loc"]
    is_missing = error["type"] == "missing"
    followed = location[:-1] if is_missing else location
    best: tuple[tuple[bool, int], KeyPath, tuple[tuple[int, str], ...]] | None = None
    for path, trail, value in itertools.islice(_readings(document, followed), 256):
        reached = value is error["input"] or (
            not isinstance(value, dict | list)
            and type(value) is type(error["input"])
            and value == error["input"]
        )
        rank = (reached, len(path))
        if best is None or rank > best[0]:
            best = (rank, path, trail)
    path, trail = (best[1], best[2]) if best else ((), ())
    if is_missing:
        path = (*path, location[-1])
    kind = error["type"]
    is_no_word = kind in ("literal_error", "enum") and not isinstance(error["input"], str)
    if is_no_word or kind.endswith(("_type", "_parsing")) or kind in _OTHER_TYPES:
        kind = _WRONG_TYPE
    return _Error(path, trail, kind, dict(error.get("ctx", {})), error["msg"])


def _readings(
    value: Any, location: Sequence[str | int]
) -> Iterable[tuple[KeyPath, tuple[tuple[int, str], ...], Any]]:
    """Every way to read a location: path, names left out and at what depth, value."""
    pending: list[tuple[Any, int, KeyPath, tuple[tuple[int, str], ...]]] = [(value, 0, (), ())]
    while pending:
        here, at, path, trail = pending.pop()
        if at == len(location):
            yield path, trail, here
            continue
        part = location[at]
        pending.append((here, at + 1, path, (*trail, (len(path), str(part)))))
        inner = _value_at(here, (part,))
        if inner is not _ABSENT:
            pending.append((inner, at + 1, (*path, part), trail))


def _nearest_misses(errors: Sequence[_Error]) -> list[_Error]:
    """Keep, of every union, the errors of the member that the value comes nearest to."""
    kept: list[_Error] = []
    unions: dict[KeyPath, dict[str, list[_Error]]] = {}
    for error in errors:
        if not error.trail:
            kept.append(error)
            continue
        (depth, member), *rest = error.trail
        members = unions.setdefault(error.path[:depth], {})
        members.setdefault(member, []).append(replace(error, trail=tuple(rest)))
    for path, members in unions.items():
        kept += _nearest_misses(_best_member(path, list(members.values())))
    return kept


def _best_member(path: KeyPath, members: list[list[_Error]]) -> list[_Error]:
    def distance(errors: list[_Error]) -> tuple[bool, int, int]:
        is_other_type = any(e.path == path and e.kind == _WRONG_TYPE for e in errors)
        return (is_other_type, sum(e.kind in _OF_A_TABLE for e in errors), len(errors))

    ranked = sorted(members, key=distance)
    best = ranked[0]
    equals = [errors for errors in ranked if distance(errors) == distance(best)]
    if len(equals) == 1 or (len(best) == 1 and best[0].path == path):
        return best
    # Several kinds of table fit equally badly: the unknown keys tell more than the missing ones.
    unknown = [error for error in best if error.kind == "extra_forbidden"]
    if unknown:
        return unknown
    return [_Error(path, (), _WRONG_TYPE, {}, best[0].message)]


def _misspelled(model: type[BaseModel], errors: Sequence[_Error]) -> dict[KeyPath, KeyPath]:
    """Missing keys for which an unknown key of the same table was meant: one slip, one fault."""
    missing: dict[KeyPath, list[str]] = {}
    for error in errors:
        if error.kind == "missing":
            missing.setdefault(error.path[:-1], []).append(str(error.path[-1]))
    pairs: dict[KeyPath, KeyPath] = {}
    for error in errors:
        if error.kind == "extra_forbidden":
            parent = error.path[:-1]
            meant = nearest(str(error.path[-1]), missing.get(parent, []))
            if meant:
                pairs.setdefault((*parent, meant), error.path)
    return pairs


def _value_at(value: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        is_item = isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value)
        if not is_item and not (isinstance(value, dict) and part in value):
            return _ABSENT
        value = value[part]
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
