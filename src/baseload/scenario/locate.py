"""Where every key and list item of a TOML text stands.

The values are read by the standard library, which keeps no places. The text is therefore parsed
a second time with tree-sitter, for the places only: where the two disagree the reader is right,
and a place that is missing falls back to that of the table around it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

KeyPath = tuple[str | int, ...]
"""Keys of tables and indices of lists, from the top of a document down."""

BYTE_ORDER_MARK: Final = "\ufeff"

_LANGUAGE = Language(tree_sitter_toml.language())
_KEYS = ("bare_key", "quoted_key", "dotted_key")
_TABLES = ("inline_table", "array")
_HEADERS = ("table", "table_array_element")


@dataclass(frozen=True, order=True)
class Place:
    """Line and column, both from 1; the column counts characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Places:
    """Places of the keys and list items of one text."""

    known: Mapping[KeyPath, Place]

    def of(self, path: KeyPath) -> Place:
        """Place of the key or item, or of the nearest table around it that has one.

        Examples
        --------
        >>> places = locate("[plant]\\nsite_limit_mw = 5700")
        >>> places.of(("plant", "site_limit_mw"))
        Place(line=2, column=1)
        >>> places.of(("plant", "units", 0))
        Place(line=1, column=2)
        """
        for length in range(len(path), 0, -1):
            place = self.known.get(path[:length])
            if place is not None:
                return place
        return Place(1, 1)

    def of_key(self, path: KeyPath) -> Place | None:
        """Place of this very key or item, or None where the text does not write it."""
        return self.known.get(path)


def locate(text: str) -> Places:
    """Places of all keys and list items, by path.

    A key stands where its name begins; for `[plant.units]` that is inside the brackets, and an
    item of a list of tables stands where its `[[` begins. A table that is only named on the way
    to another has the place where it is first named.

    Parameters
    ----------
    text : str
        TOML. A byte order mark takes no column. A text that is no TOML gives the places of those
        parts that can be told.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    source = text.encode("utf-8", "replace")
    walk = _Walk(source.split(b"\n"))
    for node in Parser(_LANGUAGE).parse(source).root_node.children:
        if node.type == "pair":
            walk.pair((), node)
        elif node.type in _HEADERS:
            walk.section(node)
    return Places(walk.known)


class _Walk:
    """The places found so far, and how many items each list of tables has by now."""

    def __init__(self, lines: list[bytes]) -> None:
        self.known: dict[KeyPath, Place] = {}
        self._lines = lines
        self._implied: set[KeyPath] = set()
        self._items: dict[KeyPath, int] = {}

    def section(self, node: Node) -> None:
        header = next((child for child in node.children if child.type in _KEYS), None)
        if header is None:
            return
        path: KeyPath = ()
        keys = list(_key_parts(header))
        for position, (name, part) in enumerate(keys):
            is_last = position == len(keys) - 1
            path = (*path, name)
            self._note(path, part, implied=not is_last)
            if is_last and node.type == "table_array_element":
                self._items[path] = self._items.get(path, 0) + 1
                path = (*path, self._items[path] - 1)
                self._note(path, node)
            elif path in self._items:
                path = (*path, self._items[path] - 1)
        for child in node.children:
            if child.type == "pair":
                self.pair(path, child)

    def pair(self, path: KeyPath, node: Node) -> None:
        """Note a pair and all that its value holds, without recursion: values nest freely."""
        pending = [(path, node)]
        while pending:
            path, node = pending.pop()
            if node.type != "pair":
                self._note(path, node)
                pending.extend(_inside(path, node))
                continue
            key = next((child for child in node.children if child.type in _KEYS), None)
            value = next((child for child in node.children if child.type in _TABLES), None)
            if key is None:
                continue
            parts = list(_key_parts(key))
            for position, (name, part) in enumerate(parts):
                path = (*path, name)
                self._note(path, part, implied=position < len(parts) - 1)
            if value is not None:
                pending.extend(_inside(path, value))

    def _note(self, path: KeyPath, node: Node, implied: bool = False) -> None:
        if path in self.known and (implied or path not in self._implied):
            return
        if implied:
            self._implied.add(path)
        else:
            self._implied.discard(path)
        row, column = node.start_point
        before = self._lines[row][:column]
        self.known[path] = Place(row + 1, len(before.decode("utf-8", "replace")) + 1)


def _inside(path: KeyPath, value: Node) -> Iterator[tuple[KeyPath, Node]]:
    if value.type == "inline_table":
        yield from ((path, child) for child in value.named_children if child.type == "pair")
    elif value.type == "array":
        items = (child for child in value.named_children if child.type != "comment")
        yield from (((*path, index), item) for index, item in enumerate(items))


def _key_parts(node: Node) -> Iterator[tuple[str, Node]]:
    """Names of a key from left to right; the grammar nests dotted keys to the left."""
    pending = [node]
    while pending:
        part = pending.pop()
        if part.type == "dotted_key":
            pending.extend(reversed([child for child in part.children if child.type in _KEYS]))
        elif part.type == "bare_key":
            yield _text(part), part
        elif part.type == "quoted_key":
            yield _unquoted(_text(part)), part


def _unquoted(text: str) -> str:
    try:
        return next(iter(tomllib.loads(f"{text} = 0")), text)
    except ValueError:  # the reader refuses the whole text anyway, and says why
        return text


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
