"""TOML text to a plain document, with a place and a lesson for every slip of syntax.

The standard library's reader decides what the text says. What it accepts but a scenario cannot
use (numbers beyond 64 bits, tables nested without end) is refused here, so that all code after
this can take the document as it is.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from baseload.errors import Fault, InputError
from baseload.scenario.locate import BYTE_ORDER_MARK, KeyPath, Place, locate

DEEPEST: Final = 40
"""Most tables and lists inside each other. [levels]"""

_PLACE = re.compile(r"^(?P<message>.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.S)
_FOUND_CHARACTERS = 80
_MOST_LINES_TRIED = 20_000
# A key of thousands of parts would keep the reader busy for minutes: its time goes by the square.
_ENDLESS_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]+[ \t]*\.[ \t]*){200}")
_DECIMAL_COMMA = re.compile(r"=\s*[-+]?\d+,\d+\s*(#.*)?$")
_IMPOSSIBLE_DAY = re.compile(r"=\s*\d{4}-\d\d-\d\d")
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**63 - 1

# What the reader's messages mean to a person who did not write the TOML standard.
_LESSONS: Final = {
    "Cannot overwrite a value": "a key may be given once; here it is given again",
    "Duplicate inline table key": "a key may be given once; here it is given again",
    "Cannot declare": "a [section] may stand once; a list of them is written [[section]]",
    "Cannot redefine namespace": "a table written as { ... } is complete and cannot be added to",
    "Cannot mutate immutable namespace": "a table or list written on one line is complete and "
    "cannot be added to",
    "Expected newline or end of document": "one key = value to a line; digits may be grouped "
    "only with _, as in 1_500",
    "Expected '=' after a key": "key = value; a key with a space or other signs stands in "
    'quotes, as in "Unit 1"',
    "Expected ']'": "a section header ends with as many brackets as it begins with: [plant]",
    "Invalid value": 'a number, a text in "quotes", true or false, a date as 2027-01-31, '
    "[a list] or { a = table }",
    "Invalid initial character": "a key of letters, digits, - and _; any other stands in quotes",
    "Invalid statement": "key = value, [section], [[item of a list]] or # comment",
    "Invalid date or datetime": "a day that exists, as in 2027-01-31",
    "Unclosed array": "a list ends with ]; its items are parted by commas",
    "Unclosed inline table": "a table ends with }; its pairs are parted by commas",
    "Unterminated string": "a text ends with the quotes that it began with",
    'Expected "\'"': "a text ends with the quotes that it began with",
    "Illegal character '\\n'": "a text ends with the quotes that it began with, on the same line",
    "Illegal character": "letters, digits and signs; a control character cannot be typed here",
    "Unescaped": "a backslash in \"...\" is written \\\\; in '...' it stands for itself",
}


def parse_toml(text: str, file: str | None = None) -> dict[str, Any]:
    """The document that the text spells.

    Parameters
    ----------
    text : str
        TOML; a byte order mark at its start is passed over.
    file : str or None
        Name for the messages.

    Raises
    ------
    InputError
        Not TOML, a number beyond 64 bits, or nested deeper than `DEEPEST`.

    Examples
    --------
    >>> parse_toml("years = 20")
    {'years': 20}
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    if _ENDLESS_KEY.search(text):
        raise InputError(_too_deep(file))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_syntax_fault(str(error), text, file)) from None
    except RecursionError:
        raise InputError(_too_deep(file)) from None
    except ValueError:  # int() refuses thousands of digits
        raise InputError(_too_long(file)) from None
    _refuse_unusable(document, text, file)
    return document


def _syntax_fault(message: str, text: str, file: str | None) -> Fault:
    lines = text.replace("\r\n", "\n").split("\n")
    match = _PLACE.match(message)
    reason = match["message"] if match else message
    if match and match[2] and not reason.startswith("Unclosed"):
        line, column = int(match[2]), int(match[3])
    else:
        line = _unfinished_line(lines)
        column = len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1
    found = lines[line - 1].strip() if line <= len(lines) else ""
    if len(found) > _FOUND_CHARACTERS:
        found = found[: _FOUND_CHARACTERS - 1] + "…"
    allowed = next((text for start, text in _LESSONS.items() if reason.startswith(start)), "")
    if reason.startswith("Expected newline") and _IMPOSSIBLE_DAY.search(found):
        allowed = _LESSONS["Invalid date or datetime"]
    if reason.startswith("Expected newline") and _DECIMAL_COMMA.search(found):
        allowed = (
            "a point before decimals, as in 0.08; digits may be grouped only with _, as in 1_500"
        )
    return Fault(file, line, column, "", found or "the end of the line", allowed, note=reason)


def _unfinished_line(lines: list[str]) -> int:
    """Where the statement begins that is left open.

    The reader names the place where it gave up, which may be the end of the text, hundreds of
    lines below the slip. Each statement is read alone until one never ends.
    """
    begins, tries = 0, 0
    for end in range(1, len(lines) + 1):
        tries += end - begins
        if tries > _MOST_LINES_TRIED:
            break
        try:
            tomllib.loads("\n".join(lines[begins:end]))
        except ValueError:
            continue
        begins = end
    while begins < len(lines) - 1 and not lines[begins].strip():
        begins += 1
    return min(begins, len(lines) - 1) + 1


def _refuse_unusable(document: dict[str, Any], text: str, file: str | None) -> None:
    """Walk the document without recursion, which a hostile depth would exhaust."""
    long_numbers: list[KeyPath] = []
    pending: list[tuple[Any, KeyPath]] = [(document, ())]
    while pending:
        value, path = pending.pop()
        if isinstance(value, dict | list):
            if len(path) > DEEPEST:
                raise InputError(_too_deep(file))
            items = value.items() if isinstance(value, dict) else enumerate(value)
            pending.extend((item, (*path, key)) for key, item in items)
        elif isinstance(value, int) and not _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER:
            long_numbers.append(path)
    if long_numbers:
        places = locate(text)
        raise InputError(*(_too_long(file, path, places.of(path)) for path in long_numbers))


def _too_long(file: str | None, path: KeyPath = (), place: Place | None = None) -> Fault:
    return Fault(
        file,
        place.line if place else None,
        place.column if place else None,
        ".".join(map(str, path)),
        "a whole number that needs more than 64 bits",
        "whole numbers from -2^63 to 2^63 - 1; a larger one is written as in 1e30",
    )


def _too_deep(file: str | None) -> Fault:
    return Fault(
        file,
        None,
        None,
        "",
        f"tables or lists nested more than {DEEPEST} deep",
        "as many levels as a scenario has, fewer than ten",
    )
