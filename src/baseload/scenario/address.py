"""Addresses: how a message names a value of a scenario, and how a user names it back.

`plant.units[ZNPP-1].restart.months` is a key in a table in an item of a list. An item that has a
`name` is addressed by it, any other by its index: `fleet.0.mine_mw`, or `fleet[0].mine_mw`.
Inside the program the same place is a path, the tuple of keys and indices that leads to it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any, Final

from baseload.errors import COMMAND_LINE, Fault, InputError, nearest
from baseload.scenario.locate import KeyPath
from baseload.scenario.syntax import DEEPEST, parse_toml
from baseload.scenario.write import quoted, shown

_INDEX: Final = re.compile(r"-?[0-9]{1,9}")
_PLAIN_KEY: Final = re.compile(r"[^\s.\[\]\"'=]+")
_PLAIN_NAME: Final = re.compile(r"[^\s\"'\[\]](?:[^\"\[\]]*[^\s\"\[\]])?")
_SHOWN_CHARACTERS: Final = 200
_STARTS_TOML: Final = ("[", "{", '"', "'")


def render_address(path: KeyPath, document: Any = None) -> str:
    """The path as a person writes it.

    Parameters
    ----------
    path : tuple of str or int
        Keys and indices; they need not exist in the document.
    document : dict, optional
        Where the names of list items are read; without it, items go by index.

    Examples
    --------
    >>> render_address(("units", 0, "net_mw"), {"units": [{"name": "ZNPP-1"}]})
    'units[ZNPP-1].net_mw'
    >>> render_address(("fleet", 0, "mine_mw"))
    'fleet.0.mine_mw'
    """
    text = ""
    here = document
    for part in path:
        name = _name_in(here, part) if isinstance(part, int) else None
        if name is not None:
            text += f"[{name if _is_plain_name(name) else quoted(name)}]"
        else:
            step = str(part) if isinstance(part, int) or _is_plain_key(part) else quoted(part)
            text += f".{step}" if text else step
        here = _below(here, part)
    return text


def shown_address(path: KeyPath, document: Any = None) -> str:
    """The address as a message shows it: cut in the middle where a key is endless.

    Examples
    --------
    >>> shown_address(("plant", "x" * 1_000))[-4:], len(shown_address(("plant", "x" * 1_000)))
    ('xxxx', 200)
    """
    text = render_address(path, document)
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    half = _SHOWN_CHARACTERS // 2
    return f"{text[: half - 1]}…{text[-half:]}"


def parse_address(text: str) -> KeyPath:
    """The parts of an address: keys and names as text, indices as numbers.

    Whether a text is a key or the name of an item, and a number an index or a key, is settled by
    `target`, which sees the document.

    Examples
    --------
    >>> parse_address("plant.units[ZNPP-1].net_mw")
    ('plant', 'units', 'ZNPP-1', 'net_mw')
    >>> parse_address('fleet.0."odd key"["7"]')
    ('fleet', 0, 'odd key', '7')
    """
    parts: list[str | int] = []
    at = 0
    while at < len(text) or not parts:
        if text.startswith("[", at) and parts:
            part, at = _bracket(text, at)
        else:
            if parts:
                if text[at] != ".":
                    raise _bad_address(text, at)
                at += 1
            part, at = _key(text, at)
        parts.append(part)
        if len(parts) > DEEPEST:
            raise InputError(
                Fault(COMMAND_LINE, None, None, "", f"an address of more than {DEEPEST} parts")
            )
    return tuple(parts)


def target(
    document: Mapping[str, Any], address: str | KeyPath, file: str | None = COMMAND_LINE
) -> KeyPath:
    """The path that `set_value` writes to, with names of list items turned into indices.

    A table may lack keys of it, a list no item.

    Raises
    ------
    InputError
        No such name or index; the message gives the nearest that there is.

    Examples
    --------
    >>> target({"units": [{"name": "A"}, {"name": "B"}]}, "units[B].name")
    ('units', 1, 'name')
    """
    path: KeyPath = ()
    here: Any = document
    for part in parse_address(address) if isinstance(address, str) else address:
        step = _step(document, here, path, part, file)
        path = (*path, step)
        here = here.get(step, {}) if isinstance(here, dict) else here[step]
    return path


def set_value(
    document: Mapping[str, Any],
    address: str | KeyPath,
    value: Any,
    file: str | None = COMMAND_LINE,
) -> dict[str, Any]:
    """The document with another value at an address; what lies elsewhere is shared with the one given.

    A key that a table does not have yet is added, with the tables on the way to it: whether it
    may exist is the schema's to judge. Items of a list are only ever replaced.

    Examples
    --------
    >>> set_value({"fleet": [{"mine_mw": 1500}]}, "fleet.0.mine_mw", 800)
    {'fleet': [{'mine_mw': 800}]}
    >>> set_value({}, "finance.discount_rate", 0.1)
    {'finance': {'discount_rate': 0.1}}
    """
    *above, last = target(document, address, file)
    changed: dict[str, Any] = dict(document)
    here: Any = changed
    # Only what lies on the way is copied: a document is large, and a configuration sets many values.
    for step in above:
        there = here.get(step, {}) if isinstance(here, dict) else here[step]
        here[step] = list(there) if isinstance(there, list) else dict(there)
        here = here[step]
    here[last] = copy.deepcopy(value)
    return changed


def parse_override(text: str) -> tuple[KeyPath, Any]:
    """Address and value of one `KEY=VALUE` from the command line.

    The value is read as TOML; a bare word that is no TOML is a text, so that no quotes within
    quotes need to be typed.

    Raises
    ------
    InputError
        No `=`, no key, nothing after the `=`, or a list, table or quoted text with a slip in it.

    Examples
    --------
    >>> parse_override("plant.governing_licence=joint")
    (('plant', 'governing_licence'), 'joint')
    >>> parse_override("fleet.0.mine_mw={uniform=[1,2]}")
    (('fleet', 0, 'mine_mw'), {'uniform': [1, 2]})
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(
            Fault(COMMAND_LINE, None, None, "", shown(ascii(text)), "text in UTF-8")
        ) from None
    split = _equals_sign(text)
    if split is None:
        raise InputError(
            Fault(COMMAND_LINE, None, None, "", shown(text), "KEY=VALUE, as in fleet.0.mine_mw=800")
        )
    key, value = text[:split].strip(), text[split + 1 :].strip()
    address = parse_address(key)
    if not value:
        raise InputError(
            Fault(COMMAND_LINE, None, None, key, "nothing after =", 'a value; "" is the empty text')
        )
    try:
        document = parse_toml(f"value = {value}", COMMAND_LINE)
    except InputError as error:
        if not value.startswith(_STARTS_TOML):
            return address, value
        fault = error.faults[0]
        raise InputError(
            Fault(COMMAND_LINE, None, None, key, shown(value), fault.allowed, note=fault.note)
        ) from None
    if len(document) != 1:
        raise InputError(
            Fault(COMMAND_LINE, None, None, key, shown(value), "one value; --set once for each")
        )
    return address, document["value"]


def _step(document: Any, here: Any, path: KeyPath, part: str | int, file: str | None) -> str | int:
    """The key or index by which `part` is reached from the table or list `here`."""
    if isinstance(here, dict):
        return str(part)
    if isinstance(here, list):
        return _item(document, here, path, part, file)
    raise InputError(
        Fault(
            file,
            None,
            None,
            render_address(path, document),
            f"{shown(here)}, which has nothing below it named {part}",
            note="to put a table here, set the whole of it: KEY={ key = value }",
        )
    )


def _item(document: Any, items: list[Any], path: KeyPath, part: str | int, file: str | None) -> int:
    if isinstance(part, int) and 0 <= part < len(items):
        return part
    names = [_raw_name(item) for item in items]
    matches = [index for index, name in enumerate(names) if name == str(part)]
    if len(matches) == 1:
        return matches[0]
    known = [name for name in names if name is not None]
    field = render_address(path, document)
    if matches:
        found = f"{len(matches)} items named {part}"
        allowed = "an index: " + ", ".join(f"{field}.{index}" for index in matches)
        raise InputError(Fault(file, None, None, field, found, allowed))
    by_index = f"an index from 0 to {len(items) - 1}" if items else "no item: the list is empty"
    if isinstance(part, int):
        raise InputError(Fault(file, None, None, field, f"index {part}", by_index))
    allowed = ", ".join(known) if known else by_index
    raise InputError(
        Fault(
            file, None, None, field, f"no item named {shown(part)}", allowed, nearest(part, known)
        )
    )


def _key(text: str, at: int) -> tuple[str | int, int]:
    if text[at : at + 1] in ('"', "'"):
        return _quoted(text, at)
    match = _PLAIN_KEY.match(text, at)
    if not match:
        raise _bad_address(text, at)
    word = match[0]
    return (int(word) if _INDEX.fullmatch(word) else word), match.end()


def _bracket(text: str, at: int) -> tuple[str | int, int]:
    if text[at + 1 : at + 2] in ('"', "'"):
        part, end = _quoted(text, at + 1)
        if not text.startswith("]", end):
            raise _bad_address(text, end)
        return part, end + 1
    end = text.find("]", at)
    word = text[at + 1 : end].strip() if end > 0 else ""
    if not word or "[" in word:
        raise _bad_address(text, at)
    return (int(word) if _INDEX.fullmatch(word) else word), end + 1


def _quoted(text: str, at: int) -> tuple[str, int]:
    end = _end_of_quotes(text, at)
    try:
        part = parse_toml(f"value = {text[at:end]}")["value"]
    except InputError:
        part = None
    if not isinstance(part, str):
        raise _bad_address(text, at)
    return part, end


def _end_of_quotes(text: str, at: int) -> int:
    """Index behind the closing quote, or the text's length where there is none."""
    quote = text[at]
    at += 1
    while at < len(text) and text[at] != quote:
        at += 2 if quote == '"' and text[at] == "\\" else 1
    return min(at + 1, len(text))


def _equals_sign(text: str) -> int | None:
    """Index of the first `=` that is not part of a name in brackets or a key in quotes."""
    at = 0
    while at < len(text):
        if text[at] == "=":
            return at
        opens_key = at == 0 or text[at - 1] in ".["
        if text[at] in "\"'" and opens_key:
            at = _end_of_quotes(text, at)
        elif text[at] == "[" and text[at + 1 : at + 2] not in ('"', "'"):
            closing = text.find("]", at)
            at = closing + 1 if closing > 0 else at + 1
        else:
            at += 1
    return None


def _bad_address(text: str, at: int) -> InputError:
    return InputError(
        Fault(
            COMMAND_LINE,
            None,
            None,
            "",
            f"{shown(text)}, which is no address from character {at + 1} on",
            "keys parted by dots, items in brackets: plant.units[ZNPP-1].net_mw, fleet.0.mine_mw",
            note="a name or key with quotes or brackets in it stands in quotes",
        )
    )


def _is_plain_key(key: str) -> bool:
    return bool(_PLAIN_KEY.fullmatch(key)) and not _INDEX.fullmatch(key) and key.isprintable()


def _is_plain_name(name: str) -> bool:
    return bool(_PLAIN_NAME.fullmatch(name)) and not _INDEX.fullmatch(name) and name.isprintable()


def _below(here: Any, part: str | int) -> Any:
    if isinstance(here, Mapping):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and 0 <= part < len(here):
        return here[part]
    return None


def _raw_name(item: Any) -> str | None:
    name = item.get("name") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else None


def _name_in(items: Any, index: int) -> str | None:
    """Name of the list's item where it has one that no other item has."""
    name = _raw_name(_below(items, index))
    if name is None or sum(_raw_name(item) == name for item in items) > 1:
        return None
    return name
