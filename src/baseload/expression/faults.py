"""How a fault of an expression is told: what stands there, at which character, with a caret below it."""

from __future__ import annotations

from typing import Final, NoReturn

from baseload.errors import Fault, InputError

FIELD: Final = "expression"
_BEFORE: Final = 40
_AFTER: Final = 30
_LONGEST_FOUND: Final = 40


class ArgumentFault(ValueError):
    """What a function says of an argument that it cannot take; the evaluator adds the place.

    Parameters
    ----------
    found, allowed, nearest : str
        As in `baseload.errors.Fault`.
    """

    def __init__(self, found: str, allowed: str, nearest: str = "") -> None:
        super().__init__(f"found {found}, allowed {allowed}")
        self.found, self.allowed, self.nearest = found, allowed, nearest


def fault(text: str, at: int, found: str, allowed: str, nearest: str = "") -> Fault:
    """A fault at a character of an expression.

    Parameters
    ----------
    text : str
        The whole expression.
    at : int
        Index of the character, from 0; the message counts from 1.
    found, allowed, nearest : str
        As in `baseload.errors.Fault`.

    Examples
    --------
    >>> print(fault("a ? b", 2, "?", "a comparison"))
    expression
      found    ? at character 3
      allowed  a comparison
      note     a ? b
                 ^
    """
    return Fault(
        None, None, None, FIELD, f"{found} at character {at + 1}", allowed, nearest, caret(text, at)
    )


def refuse(text: str, at: int, found: str, allowed: str, nearest: str = "") -> NoReturn:
    """Raise InputError with one `fault`."""
    raise InputError(fault(text, at, found, allowed, nearest)) from None


def caret(text: str, at: int) -> str:
    """The part of the text around a character, and a caret below it.

    Examples
    --------
    >>> print(caret("a ? b", 2))
    a ? b
      ^
    """
    first, last = max(at - _BEFORE, 0), min(at + _AFTER, len(text))
    before = "…" if first else ""
    after = "…" if last < len(text) else ""
    # One column for each character, whatever it is: a line break would part text and caret.
    part = "".join(sign if sign.isprintable() else " " for sign in text[first:last])
    return f"{before}{part}{after}\n{' ' * (len(before) + at - first)}^"


def shown(piece: str) -> str:
    """A piece of an expression as a message quotes it: printable and short."""
    clean = "".join(sign if sign.isprintable() else " " for sign in piece)
    return clean if len(clean) <= _LONGEST_FOUND else clean[: _LONGEST_FOUND - 1] + "…"
