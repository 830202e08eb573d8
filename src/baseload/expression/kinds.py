"""The kinds of values that an expression handles, and functions by what they take and give."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["number", "truth", "date", "text", "texts"]


@dataclass(frozen=True)
class Function:
    """A function that expressions may call.

    Attributes
    ----------
    takes : tuple of Kind
        Its arguments.
    gives : Kind
    call : callable or None
        Takes and gives `Numbers`, `Truths`, dates, texts and sets. None: known, and not yet there.
    words : str
        What it gives.
    more : bool
        Whether the last argument may be given again and again.
    with_noise : callable or None
        The same with the ends of the 95 % interval that finitely many paths leave.
    one_of : mapping of int to collection of str
        For the argument of that index, the texts that it may be.
    unit : str
        Symbol of the unit; "same": that of the first argument.
    """

    takes: tuple[Kind, ...]
    gives: Kind
    call: Callable[..., Any] | None
    words: str = ""
    more: bool = False
    with_noise: Callable[..., Any] | None = None
    one_of: Mapping[int, Collection[str]] | None = None
    unit: str = ""
