"""A plain document as TOML, as canonical bytes, and as a fingerprint.

The TOML text keeps the order of the document and reads back equal to it. The canonical bytes
forget the order and the spelling of numbers, so that two documents that mean the same have one
fingerprint.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_LINE = 100
_SHOWN_CHARACTERS = 80
_SHOWN_DEPTH = 8
_EXACT_BELOW = 2**53
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_toml(document: Mapping[str, Any]) -> str:
    """The document as TOML text that reads back equal.

    Top-level tables get a header, lists of tables get one for each item; a table inside a section
    stays on its line while it fits. Plain values come before the tables of their section, as the
    format demands; otherwise the order is that of the document.

    Examples
    --------
    >>> print(to_toml({"years": 20, "fleet": [{"mine_mw": {"uniform": [1, 2.5]}}]}), end="")
    years = 20
    <BLANKLINE>
    [[fleet]]
    mine_mw = { uniform = [1, 2.5] }
    """
    return "\n".join(_table_lines(document, ())).lstrip("\n") + "\n"


def toml_value(value: Any) -> str:
    """One value as TOML on one line.

    Raises
    ------
    TypeError
        For what TOML cannot say, such as nothing (`None`).
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, dt.date | dt.time):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        pairs = (f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }"
    raise TypeError(f"TOML has no way to write {value!r} of type {type(value).__name__}")


def toml_key(key: str) -> str:
    """The key as TOML writes it: in quotes where it holds more than letters, digits, - and _.

    Examples
    --------
    >>> toml_key("net_mw"), toml_key("plant.units.net_mw")
    ('net_mw', '"plant.units.net_mw"')
    """
    return key if _BARE_KEY.fullmatch(key) else quoted(key)


def quoted(text: str) -> str:
    """The text as a TOML basic string.

    Examples
    --------
    >>> quoted('a "b"')
    '"a \\\\"b\\\\""'
    """
    return '"' + "".join(map(_escaped, text)) + '"'


def shown(value: Any, characters: int = _SHOWN_CHARACTERS) -> str:
    """The value as a message shows it: like TOML, cut to a length, whatever its type.

    Examples
    --------
    >>> shown({"uniform": [1, 2]}), shown("abcdefgh", 6)
    ('{ uniform = [1, 2] }', '"abcd…')
    """
    try:
        text = toml_value(_trimmed(value, characters, _SHOWN_DEPTH))
    except (TypeError, ValueError):  # not from a file: a caller's own object
        text = repr(value)
    return text if len(text) <= characters else text[: characters - 1] + "…"


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """The document as bytes that depend on its meaning only.

    Keys are sorted, numbers of equal value are written alike (500 and 500.0), dates are ISO 8601
    texts, and no space is spent. Not-a-number and the infinities are written as JavaScript names
    them, which JSON readers other than Python's may refuse.

    Examples
    --------
    >>> canonical_json({"b": 500.0, "a": [True, 0.5]})
    b'{"a":[true,0.5],"b":500}'
    """
    return "".join(_canonical(document)).encode("utf-8")


def sha256_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal.

    Examples
    --------
    >>> sha256_of({"a": 1}) == sha256_of({"a": 1.0})
    True
    """
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _table_lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    own = {key: value for key, value in table.items() if not _has_header(key, value, path)}
    below = {key: value for key, value in table.items() if key not in own}
    for key, value in own.items():
        yield f"{toml_key(key)} = {toml_value(value)}"
    for key, value in below.items():
        inner = (*path, key)
        header = ".".join(map(toml_key, inner))
        if isinstance(value, Mapping):
            lines = list(_table_lines(value, inner))
            if not lines or lines[0] != "":  # else all it holds has headers of its own
                yield from ("", f"[{header}]")
            yield from lines
        else:
            for item in value:
                yield from ("", f"[[{header}]]")
                yield from _table_lines(item, inner)


def _has_header(key: str, value: Any, path: tuple[str, ...]) -> bool:
    """Whether the value is written as tables of its own rather than on a line."""
    is_table = isinstance(value, Mapping)
    is_list_of_tables = (
        isinstance(value, list | tuple)
        and len(value) > 0
        and all(isinstance(item, Mapping) for item in value)
    )
    if not is_table and not is_list_of_tables:
        return False
    if not path:
        return True
    return len(toml_key(key)) + 3 + len(toml_value(value)) > _LONGEST_LINE


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character < " " or character == "\x7f":
        return f"\\u{ord(character):04X}"
    return character


def _trimmed(value: Any, characters: int, depth: int) -> Any:
    """The part of a value that can show within the length, so that a huge one costs nothing."""
    if isinstance(value, str):
        return value[: characters + 1]
    if not depth and isinstance(value, list | tuple | Mapping):
        return "…"
    if isinstance(value, list | tuple):
        return [_trimmed(item, characters, depth - 1) for item in islice(value, characters)]
    if isinstance(value, Mapping):
        return {
            str(key)[: characters + 1]: _trimmed(item, characters, depth - 1)
            for key, item in islice(value.items(), characters)
        }
    return value


def _canonical(value: Any) -> Iterator[str]:
    if value is None or isinstance(value, bool | str):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int | float):
        yield _canonical_number(value)
    elif isinstance(value, dt.date | dt.time):
        yield json.dumps(value.isoformat())
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield "," if index else "["
            yield from _canonical(item)
        yield "]" if value else "[]"
    elif isinstance(value, Mapping):
        for index, key in enumerate(sorted(value)):
            yield "," if index else "{"
            yield json.dumps(key, ensure_ascii=False) + ":"
            yield from _canonical(value[key])
        yield "}" if value else "{}"
    else:
        raise TypeError(f"no canonical form for {value!r} of type {type(value).__name__}")


def _canonical_number(number: int | float) -> str:
    """Equal numbers give equal text; from 2**53 on only some whole numbers are floats."""
    if isinstance(number, float):
        if math.isfinite(number) and number.is_integer() and abs(number) < _EXACT_BELOW:
            return str(int(number))
        return json.dumps(number)
    if abs(number) < _EXACT_BELOW:
        return int.__repr__(number)
    try:
        as_float = float(number)
    except OverflowError:
        return int.__repr__(number)
    return float.__repr__(as_float) if as_float == number else int.__repr__(number)
