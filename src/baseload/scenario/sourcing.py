"""Which figures of a scenario have a source, and which lines under `[sources]` are no source.

A line's key is an address: it covers the figure there and all below it. The name or index of a
list's item may be left out, and the line then covers all items: `plant.units.net_mw` speaks for
every unit, `plant.units[ZNPP-1].licences` for one.

A table may carry its source itself: `source` speaks for all that is in the table, `lasts_source` for
the keys that begin with `lasts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from baseload.distributions import KINDS
from baseload.errors import InputError
from baseload.scenario.address import parse_address, render_address
from baseload.scenario.locate import KeyPath
from baseload.sources import says_where_from

SECTION: Final = "sources"
OWN: Final = "source"
CLAIMED: Final = "claims"
"""Figures there are what others said, each with its source by the schema's own rule."""
CHOICES: Final = ("phase",)
"""Texts at the top that carry as much as a figure: they need a source too."""


def unsourced(document: Mapping[str, Any]) -> list[str]:
    """Addresses of the figures that no line under `[sources]` covers, in the document's order.

    Figures are numbers, dates, and lists of numbers; the numbers of one distribution are one
    figure. True and false are none, nor are texts, but for the phase at the start.

    Parameters
    ----------
    document : mapping
        A scenario as TOML gives it.

    Examples
    --------
    >>> unsourced({"years": 20, "sources": {}})
    ['years']
    >>> unsourced({"plant": {"units": [{"name": "A", "net_mw": 950}]},
    ...            "sources": {"plant.units.net_mw": "register of the operator, 2026"}})
    []
    """
    keys = [parts for key in _lines(document) if (parts := _parts(key)) is not None]
    bare = {
        render_address(_figure(path), document): None
        for path in _leaves(document)
        if not any(_covers(parts, path, document) for parts in keys)
        and not _carries_its_source(path, document)
    }
    return list(bare)


def malformed(document: Mapping[str, Any]) -> list[str]:
    """Keys of the lines under `[sources]` that are no source, in the document's order.

    A source names a year, or begins with `assumed:` and says why in three words or more. A line
    whose key addresses no figure is listed too: its figure has gone or was misspelled. So is a source
    that a table carries itself and that is none.

    Examples
    --------
    >>> malformed({"years": 20, "sources": {"years": "assumed: guess"}})
    ['years']
    >>> malformed({"years": 20, "sources": {"year": "assumed: long enough to matter"}})
    ['year']
    """
    leaves = list(_leaves(document))
    faulty = []
    for key, value in _lines(document).items():
        parts = _parts(key)
        covers = parts is not None and any(_covers(parts, path, document) for path in leaves)
        if not covers or not isinstance(value, str) or not says_where_from(value):
            faulty.append(key)
    return faulty + [
        render_address(path, document)
        for path, text in _own_sources((), document)
        if not (isinstance(text, str) and says_where_from(text))
    ]


def _carries_its_source(path: KeyPath, document: Any) -> bool:
    """Whether a table on the way to a figure says where it comes from."""
    here = document
    for step in path:
        if isinstance(here, Mapping) and here is not document:
            for key, text in here.items():
                speaks = key == OWN or (
                    key.endswith(f"_{OWN}") and str(step).startswith(key.removesuffix(f"_{OWN}"))
                )
                if speaks and isinstance(text, str) and says_where_from(text):
                    return True
        here = here[step]
    return False


def _own_sources(path: KeyPath, here: Any) -> Iterator[tuple[KeyPath, Any]]:
    """Every `source` that a table carries itself."""
    if isinstance(here, Mapping):
        for key, inner in here.items():
            if not path and key in (SECTION, CLAIMED):
                continue
            if key == OWN or str(key).endswith(f"_{OWN}"):
                yield (*path, key), inner
            else:
                yield from _own_sources((*path, key), inner)
    elif isinstance(here, list):
        for index, inner in enumerate(here):
            yield from _own_sources((*path, index), inner)


def _lines(document: Mapping[str, Any]) -> Mapping[str, Any]:
    lines = document.get(SECTION, {})
    return lines if isinstance(lines, Mapping) else {}


def _parts(key: str) -> KeyPath | None:
    try:
        return parse_address(key)
    except InputError:
        return None


def _leaves(document: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Paths of all numbers, dates and lists of numbers, and of the choices at the top."""
    for key, value in document.items():
        if key in CHOICES:
            yield (key,)
        elif key not in (SECTION, CLAIMED):
            yield from _below((key,), value)


def _below(path: KeyPath, value: Any) -> Iterator[KeyPath]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _below((*path, key), inner)
    elif isinstance(value, list):
        if value and all(_is_figure(item) for item in value):
            yield path
        else:
            for index, item in enumerate(value):
                yield from _below((*path, index), item)
    elif _is_figure(value):
        yield path


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float | date) and not isinstance(value, bool)


def _figure(path: KeyPath) -> KeyPath:
    """The path without what lies inside a distribution: a user thinks of it as one figure."""
    for place, part in enumerate(path):
        if place > 0 and part in KINDS:
            return path[:place]
    return path


def _covers(parts: Sequence[str | int], path: KeyPath, here: Any) -> bool:
    """Whether the address reaches the path or something above it."""
    if not parts:
        return True
    if not path:
        return False
    step = path[0]
    below = here[step]
    if isinstance(step, int):
        name = below.get("name") if isinstance(below, Mapping) else None
        # An item that is named `7` is written with a number too.
        if (parts[0] == step or str(parts[0]) == name) and _covers(parts[1:], path[1:], below):
            return True
        return _covers(parts, path[1:], below)
    return str(parts[0]) == step and _covers(parts[1:], path[1:], below)
