"""An expression's text cut into words, numbers, days, texts and signs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NoReturn

from baseload.errors import nearest
from baseload.expression.faults import refuse, shown

MOST_CHARACTERS: Final = 2_000
WORDS: Final = ("and", "or", "not", "is", "in", "between", "true", "false")

Sort = Literal["number", "date", "text", "name", "word", "sign", "end"]

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]+")
_NUMBER: Final = re.compile(r"(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PERCENT: Final = re.compile(r"[ \t]*%")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_SIGNS: Final = ("==", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", ",")
_OF_CODE: Final = frozenset({
    "lambda", "if", "else", "elif", "for", "while", "import", "from", "def", "class", "return",
    "yield", "await", "async", "with", "try", "except", "raise", "global", "del", "assert", "pass",
    "None", "True", "False",
})  # fmt: skip
_ALLOWED: Final = "names, numbers, days, texts in quotes, and the signs and words of the language"
# What people write from other languages, and what it is called here.
_INSTEAD: Final = {
    "&&": "and", "||": "or", "&": "and", "|": "or", "<>": "!=", "!": "not", "≠": "!=", "≤": "<=",
    "≥": ">=", "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "**": "a product", "//": "/",
    ":=": "=", "=>": ">=", "=<": "<=", "“": '"', "”": '"', "„": '"', "‘": "'",
    "’": "'", "「": '"', "」": '"',
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """One word, number, day, text or sign.

    Attributes
    ----------
    sort : str
        What it is.
    text : str
        As it is written.
    at, end : int
        Its first character and the one after its last, from 0.
    value : float, date, str or None
        Of a number, a day or a text.
    """

    sort: Sort
    text: str
    at: int
    end: int
    value: float | date | str | None = None


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, the last of which is its end.

    Raises
    ------
    InputError
        For a text of more than `MOST_CHARACTERS`, and for anything that is no part of the language.

    Examples
    --------
    >>> [(token.sort, token.value) for token in tokens("5 % 2027-12-31")[:2]]
    [('number', 0.05), ('date', datetime.date(2027, 12, 31))]
    """
    if len(text) > MOST_CHARACTERS:
        refuse(
            text[:MOST_CHARACTERS],
            MOST_CHARACTERS - 1,
            f"an expression of {len(text):,} characters, going on",
            f"at most {MOST_CHARACTERS:,} characters",
        )
    found: list[Token] = []
    at = _skip(text, 0)
    while at < len(text):
        token = _token(text, at)
        found.append(token)
        at = _skip(text, token.end)
    return [*found, Token("end", "", len(text), len(text))]


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _token(text: str, at: int) -> Token:
    sign = text[at]
    if "0" <= sign <= "9" or (sign == "." and _NUMBER.match(text, at)):
        return _day(text, at) or _number(text, at)
    if sign in "\"'":
        return _text(text, at)
    if match := _NAME.match(text, at):
        return _name(text, at, match[0])
    if text[at : at + 2] in _INSTEAD:
        refuse(text, at, text[at : at + 2], _ALLOWED, _INSTEAD[text[at : at + 2]])
    for one in _SIGNS:
        if text.startswith(one, at):
            return Token("sign", one, at, at + len(one))
    _refuse_foreign(text, at)


def _refuse_foreign(text: str, at: int) -> NoReturn:
    """Refuse a character that stands nowhere in the language."""
    sign = text[at]
    if sign in ".[]{}":
        allowed = "names and calls of the functions listed: nothing is looked up inside a value"
        refuse(text, at, sign, allowed)
    if sign == "%":
        refuse(text, at, "%", "% behind a number, as in 5 %")
    if sign.isalpha():
        refuse(text, at, sign, "names of a to z, digits and _; any other text stands in quotes")
    found = sign if sign.isprintable() and not sign.isspace() else f"character {ord(sign)}"
    refuse(text, at, found, _ALLOWED, _INSTEAD.get(sign, ""))


def _day(text: str, at: int) -> Token | None:
    match = _DATE.match(text, at)
    if match is None:
        return None
    year, month, day = match[0].split("-")
    try:
        if len(month) != 2 or len(day) != 2:
            raise ValueError
        value = date(int(year), int(month), int(day))
    except ValueError:
        allowed = "a day of the calendar, as 2027-01-31; a subtraction has blanks around its sign"
        refuse(text, at, shown(match[0]), allowed)
    _require_end(text, match.end(), at)
    return Token("date", match[0], at, match.end(), value)


def _number(text: str, at: int) -> Token:
    match = _NUMBER.match(text, at)
    if match is None:
        raise RuntimeError("a number begins with a digit")
    end = match.end()
    _require_end(text, end, at)
    value = float(match[0].replace("_", ""))
    if not math.isfinite(value):
        refuse(text, at, shown(match[0]), "a number below 1.8e308")
    if percent := _PERCENT.match(text, end):
        return Token("number", text[at : percent.end()], at, percent.end(), value / 100.0)
    return Token("number", match[0], at, end, value)


def _require_end(text: str, end: int, at: int) -> None:
    """A number or day ends where it ends: `5MW` and `1.2.3` mean nothing here."""
    if end < len(text) and (text[end].isalnum() or text[end] in "_."):
        allowed = "a number alone: units are not written, digits are grouped only as in 1_500"
        refuse(text, at, shown(text[at : end + 1]), allowed)


def _text(text: str, at: int) -> Token:
    close = text.find(text[at], at + 1)
    if close < 0:
        refuse(
            text, at, f"a text that begins with {text[at]} and does not end", "the same quote again"
        )
    inside = text[at + 1 : close]
    for place, sign in enumerate(inside):
        if not sign.isprintable():
            refuse(
                text, at + 1 + place, f"character {ord(sign)} in a text", "signs that can be seen"
            )
    return Token("text", text[at : close + 1], at, close + 1, inside)


def _name(text: str, at: int, name: str) -> Token:
    end = at + len(name)
    if name in WORDS:
        return Token("word", name, at, end)
    if name in _OF_CODE:
        allowed = "an expression: it compares and computes, and runs no code"
        refuse(text, at, name, allowed, name.lower() if name.lower() in WORDS else "")
    if "__" in name:
        refuse(text, at, shown(name), "names without two underscores in a row")
    if end < len(text) and text[end] == ".":
        refuse(text, end, ".", "a letter behind the dot of a name")
    if end < len(text) and text[end].isalpha():
        refuse(
            text, end, text[end], "names of a to z, digits and _; any other text stands in quotes"
        )
    if name.lower() in WORDS and name.isupper():
        refuse(text, at, name, "the words of the language in small letters", nearest(name, WORDS))
    return Token("name", name, at, end)
