"""Settings in which scenarios differ, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baseload.distributions import KINDS
from baseload.scenario.address import render_address
from baseload.scenario.read import parse_toml
from baseload.scenario.write import canonical_json, shown

NOT_STATED: Final = "not stated"
NO_SETTINGS: Final = frozenset({"title", "summary", "led_by", "sources", "claims", "words"})
"""Parts of a scenario that change no result of a path."""

_CHARACTERS: Final = 160
_MISSING: Final = object()


@dataclass(frozen=True)
class Setting:
    """A key, and what each of the scenarios has there, as TOML writes it, cut to a length."""

    key: str
    values: tuple[str, ...]


def settings_that_differ(texts: Sequence[str]) -> tuple[Setting, ...]:
    """Keys at which scenarios do not all say the same, in the order of the first that has them.

    Parameters
    ----------
    texts : sequence of str
        Scenarios as TOML. Items of lists of tables that have names are told apart by name, others
        by number; a table that one of them lacks is one setting.

    Raises
    ------
    InputError
        For a text that is no TOML.

    Examples
    --------
    >>> settings_that_differ(["years = 5", "years = 20"])
    (Setting(key='years', values=('5', '20')),)
    >>> settings_that_differ(["[[fleet]]\\nmine_mw = 5.0", "[[fleet]]\\nmine_mw = 5\\npue = 1.1"])
    (Setting(key='fleet.0.pue', values=('not stated', '1.1')),)
    """
    documents: list[Any] = []
    for text in texts:
        document = parse_toml(text, "scenario.toml")
        documents.append({key: part for key, part in document.items() if key not in NO_SETTINGS})
    return tuple(_differing(documents, ""))


def _differing(values: Sequence[Any], key: str) -> Iterator[Setting]:
    if len({_meaning(value) for value in values}) == 1:
        return
    parts = _parts(values)
    if parts is None:
        yield Setting(key, tuple(map(_written, values)))
        return
    for step, inner in parts.items():
        yield from _differing(inner, f"{key}{step}" if step.startswith("[") else _dot(key, step))


def _dot(key: str, step: str) -> str:
    return f"{key}.{step}" if key else step


def _parts(values: Sequence[Any]) -> dict[str, list[Any]] | None:
    """What tables or lists of tables hold, step by step; None where they are single values."""
    if all(map(_is_table, values)):
        held = [{render_address((key,)): inner for key, inner in one.items()} for one in values]
    elif all(map(_is_list_of_tables, values)):
        named = all(map(_has_names, values))
        held = [
            {
                render_address((place,), items) if named else str(place): item
                for place, item in enumerate(items)
            }
            for items in values
        ]
    else:
        return None
    steps = dict.fromkeys(step for one in held for step in one)
    return {step: [one.get(step, _MISSING) for one in held] for step in steps}


def _is_table(value: Any) -> bool:
    """A table of keys; a distribution is a value."""
    return isinstance(value, Mapping) and not (len(value) == 1 and next(iter(value)) in KINDS)


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_table, value))


def _has_names(items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each item has a name of its own, which `render_address` writes."""
    names = [item.get("name") for item in items]
    return all(isinstance(name, str) and name for name in names) and len(set(names)) == len(names)


def _meaning(value: Any) -> bytes | None:
    return None if value is _MISSING else canonical_json({"": value})


def _written(value: Any) -> str:
    return NOT_STATED if value is _MISSING else shown(value, _CHARACTERS)
