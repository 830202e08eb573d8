"""What a terminal can show: how many columns, and whether colours."""

from __future__ import annotations

import os
from typing import Final, TextIO

WIDTH: Final = 80
"""Columns of a line where the output is no terminal, and at most. [columns]"""

_NARROWEST: Final = 20
_BLANKS: Final = "\n\t\xa0\u2009\u202f"
_COLOURS: Final = {"bold": "1", "red": "31", "green": "32"}


def is_terminal(stream: TextIO) -> bool:
    """Whether a person sees the stream on a screen that can move its cursor."""
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # a closed stream
        return False


def columns_of(stream: TextIO) -> int:
    """Columns that a line on this stream may take: 80, and fewer on a narrower terminal.

    Parameters
    ----------
    stream : text stream
        Standard output or standard error.
    """
    try:
        if not stream.isatty():
            return WIDTH
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return WIDTH
    # Some terminals, such as those of editors, do not know their size and say 0.
    return min(max(columns, _NARROWEST), WIDTH) if columns else WIDTH


def has_colours(stream: TextIO) -> bool:
    """Whether to colour what is written there: a terminal, and nobody asked for none.

    A variable `NO_COLOR` that holds anything says no, as does `TERM=dumb`.
    """
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def printable(text: str) -> str:
    """The text with signs that move a cursor, ring a bell or turn a line around made visible.

    Files may hold them, and so may what is told of files. New lines and tabs stay.

    Examples
    --------
    >>> printable("a\\x1b[31mb\\u202ec")
    'a\\\\x1b[31mb\\\\u202ec'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in _BLANKS else _escaped(one) for one in text)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def coloured(text: str, colour: str) -> str:
    """The text in a colour of the terminal's own palette, or in bold.

    Examples
    --------
    >>> coloured("found", "red")
    '\\x1b[31mfound\\x1b[0m'
    """
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"
