"""Errors that a user can cause or must act on, and the one text in which they are told.

`InputError` is the only error for bad input: it carries every fault that was found, each with its
place, and its text is the message. `MachineFault` is for what the machine refuses: a full disk, a
folder that cannot be written. Anything else that is raised is a fault of ours and keeps its stack
trace.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C: 128 plus the number of the signal, as shells count."""

COMMAND_LINE: Final = "--set"
"""What stands where a file's name would, for a value that came from the command line."""

_SIMILAR_ENOUGH: Final = 0.6
_LONGEST_WORD = 100
_LABEL_WIDTH = 9


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is, and how to put it right.

    Parameters
    ----------
    file : str or None
        File as the user named it, or `COMMAND_LINE`.
    line, column : int or None
        Place in the file, both from 1; the column counts characters, not bytes.
    field : str
        Address of the value, as in `plant.units[ZNPP-1].net_mw`.
    found : str
        What stands there.
    allowed : str
        What may stand there.
    nearest : str
        The allowed word that is spelled most like the one found.
    note : str
        Anything else that helps to put it right.
    """

    file: str | None
    line: int | None
    column: int | None
    field: str
    found: str
    allowed: str = ""
    nearest: str = ""
    note: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        head = "  ".join(part for part in (place, self.field) if part)
        rows = [head] if head else []
        for label in ("found", "allowed", "nearest", "note"):
            text = getattr(self, label)
            if text:
                rows.append("  " + label.ljust(_LABEL_WIDTH) + _indent(text))
        return "\n".join(rows)


class InputError(Exception):
    """Something in the input is wrong: all the faults found, in the order of their places.

    Parameters
    ----------
    *faults : Fault
        At least one.
    """

    exit_code = 2

    def __init__(self, *faults: Fault) -> None:
        if not faults:
            raise TypeError("an InputError needs at least one Fault")
        self.faults: tuple[Fault, ...] = tuple(sorted(dict.fromkeys(faults), key=_order_of_place))
        super().__init__(*self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class FieldFault(ValueError):
    """A fault that a schema's validator raises, said in the words of the field.

    The validator knows what is wrong but not where in the file it stands; the reader of the
    scenario adds the place. Left empty, `found` becomes the value in the file.

    Parameters
    ----------
    found, allowed, nearest, note : str
        As in `Fault`.
    at : tuple of str or int
        Keys and list indices from the value that is being validated down to the faulty one.
    """

    def __init__(
        self,
        *,
        found: str = "",
        allowed: str = "",
        nearest: str = "",
        note: str = "",
        at: tuple[str | int, ...] = (),
    ) -> None:
        super().__init__(note or allowed or found)
        self.found = found
        self.allowed = allowed
        self.nearest = nearest
        self.note = note
        self.at = at


class FieldFaults(ValueError):
    """Several `FieldFault` of one validator, which can raise only once."""

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


class MachineFault(Exception):
    """The machine cannot do what was asked, and the input is not to blame.

    Parameters
    ----------
    what : str
        What could not be done, as in "the run folder could not be written".
    where : str
        File or folder.
    why : str
        The operating system's reason.
    what_to_do : str
        What lets the next attempt succeed.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", why: str = "", what_to_do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        rows = [self.what]
        for label, text in (("where", self.where), ("why", self.why), ("do", self.what_to_do)):
            if text:
                rows.append("  " + label.ljust(_LABEL_WIDTH) + _indent(text))
        return "\n".join(rows)


def raise_all(faults: Iterable[Fault]) -> None:
    """Raise one `InputError` with all the faults, or return if there are none.

    Examples
    --------
    >>> raise_all([])
    """
    collected = tuple(faults)
    if collected:
        raise InputError(*collected)


def nearest(word: str, options: Iterable[str]) -> str:
    """The option spelled most like the word, or an empty text if none is close.

    Capitals do not matter, and a hyphen, an underscore and a space are alike. Where spelling
    alone finds nothing, the only option that begins with the word is taken: a forgotten unit
    suffix is the commonest slip in names such as `price_usd_per_th`.

    Examples
    --------
    >>> nearest("lifetime_year", ["mine_mw", "lifetime_years"])
    'lifetime_years'
    >>> nearest("price", ["pue", "price_usd_per_th"])
    'price_usd_per_th'
    >>> nearest("governor", ["mine_mw", "lifetime_years"])
    ''
    """
    if len(word) > _LONGEST_WORD:  # comparing takes time that grows with both lengths
        return ""
    folded = _fold(word)
    by_folded: dict[str, str] = {}
    for option in options:
        by_folded.setdefault(_fold(option), option)
    close = difflib.get_close_matches(folded, by_folded, n=1, cutoff=_SIMILAR_ENOUGH)
    if close:
        return by_folded[close[0]]
    longer = [option for key, option in by_folded.items() if key.startswith(folded + "_")]
    return longer[0] if len(longer) == 1 and folded else ""


def _fold(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def _indent(text: str) -> str:
    return text.replace("\n", "\n" + " " * (_LABEL_WIDTH + 2))


def _order_of_place(fault: Fault) -> tuple[bool, str, int, int]:
    """Faults with a line first, file by file; equals keep the order in which they were found."""
    return (fault.line is None, fault.file or "", fault.line or 0, fault.column or 0)
