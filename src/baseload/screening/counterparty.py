"""Whom to screen: names with what is known of them, given in Python or as a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from os import PathLike, fspath
from typing import Final, NoReturn

from baseload.errors import Fault, InputError, nearest, raise_all
from baseload.screening.entities import (
    IDENTIFIER_PROPERTIES,
    ORGANISATION,
    PERSON,
    Identifier,
    clean_identifier,
)
from baseload.screening.normal import plain_words

KINDS: Final = (PERSON, ORGANISATION)
COLUMNS: Final = ("name", "country", "identifiers", "birth_date", "kind")
LONGEST_NAME: Final = 500
MOST_WORDS: Final = 30

_KIND_OF_SHORT = {
    "inn": "innCode",
    "ogrn": "ogrnCode",
    "lei": "leiCode",
    "imo": "imoNumber",
    "duns": "dunsCode",
    "edrpou": "registrationNumber",
    "passport": "passportNumber",
    "tax": "taxNumber",
    "vat": "vatCode",
}
_NO_ISO_CODES = {"uk": "gb", "eu": "", "xx": ""}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class Counterparty:
    """One whom a deal is to be made with.

    Parameters
    ----------
    name : str
        In any script, in any order of words.
    country : str, optional
        Two letters, as "ru": where it is registered, or a nationality.
    identifiers : iterable of str
        Numbers of registers, bare or with their kind before a colon, as "inn:7706664260".
    birth_date : str, optional
        "1962", "1962-05" or "1962-05-12".
    kind : str, optional
        "person" or "organisation"; not given: either.

    Raises
    ------
    InputError
        For an empty name, what is no country, no date or no kind.

    Examples
    --------
    >>> Counterparty("Ромашка ООО", country="RU", identifiers=["inn:77-06664260"]).known_identifiers
    (Identifier(kind='innCode', value='7706664260'),)
    """

    name: str
    country: str | None = None
    identifiers: Iterable[str] = ()
    birth_date: str | None = None
    kind: str | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        object.__setattr__(self, "name", " ".join(self.name.split()))
        object.__setattr__(self, "country", _country(self.country))
        if isinstance(self.identifiers, str) or not isinstance(self.identifiers, Iterable):
            _refuse("identifiers", repr(self.identifiers), "a list of texts")
        object.__setattr__(self, "identifiers", tuple(self.identifiers))
        self.known_identifiers  # noqa: B018 - refuses what is none
        if self.birth_date is not None:
            _check_date(self.birth_date)
        if self.kind is not None and self.kind not in KINDS:
            close = nearest(self.kind, KINDS) if isinstance(self.kind, str) else ""
            _refuse("kind", repr(self.kind), " or ".join(KINDS), close)

    @property
    def known_identifiers(self) -> tuple[Identifier, ...]:
        """The identifiers with their kinds, letters and digits only."""
        return tuple(dict.fromkeys(_identifier(text) for text in self.identifiers))


def read_counterparties(path: str | PathLike[str]) -> tuple[Counterparty, ...]:
    """Counterparties from a table.

    Parameters
    ----------
    path : str or path
        CSV in UTF-8 with the column `name`, and any of `country`, `identifiers` (parted by
        semicolons), `birth_date` and `kind`.

    Returns
    -------
    tuple of Counterparty
        In the order of the table.

    Raises
    ------
    InputError
        For a file that cannot be read, unknown columns, and all faulty rows at once.
    """
    name = fspath(path)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except OSError as error:
        why = error.strerror or str(error)
        raise _fault(name, None, "", f"nothing that can be read: {why}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise _fault(name, None, "", f"no CSV in UTF-8: {error}") from None
    if not rows:
        raise _fault(name, None, "", "no counterparty", f"a header, {', '.join(COLUMNS)}, and rows")
    for column in rows[0]:
        if column not in COLUMNS:
            close = nearest(column or "", COLUMNS)
            found = f"the column {column!r}" if column else "more cells than columns"
            raise _fault(name, 1, "", found, ", ".join(COLUMNS), close)
    if "name" not in rows[0]:
        raise _fault(name, 1, "", "no column 'name'", ", ".join(COLUMNS))
    found_ones: list[Counterparty] = []
    faults: list[Fault] = []
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            faults.append(Fault(name, line, None, "", "a row with another number of cells"))
            continue
        cells = {column: cell.strip() for column, cell in row.items()}
        try:
            found_ones.append(
                Counterparty(
                    cells["name"],
                    cells.get("country") or None,
                    [part for part in cells.get("identifiers", "").split(";") if part.strip()],
                    cells.get("birth_date") or None,
                    cells.get("kind") or None,
                )
            )
        except InputError as error:
            faults += [
                Fault(name, line, None, one.field, one.found, one.allowed, one.nearest, one.note)
                for one in error.faults
            ]
    raise_all(faults)
    return tuple(found_ones)


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not plain_words(name):
        _refuse("name", repr(name), "a text with a letter or a digit")
    elif len(name) > LONGEST_NAME or len(plain_words(name)) > MOST_WORDS:
        _refuse(
            "name",
            f"{len(name)} characters, {len(plain_words(name))} words",
            f"at most {LONGEST_NAME} characters and {MOST_WORDS} words",
        )


def _country(country: object) -> str | None:
    if country is None:
        return None
    code = country.strip().lower() if isinstance(country, str) else ""
    if not re.fullmatch("[a-z]{2}", code) or code in _NO_ISO_CODES:
        allowed = "a code of two letters by ISO 3166-1, as ru, ua or us"
        _refuse("country", repr(country), allowed, _NO_ISO_CODES.get(code, ""))
    return code


def _identifier(text: object) -> Identifier:
    if not isinstance(text, str):
        _refuse("identifiers", repr(text), "a text")
    kind, colon, value = text.rpartition(":")
    kind = kind.strip()
    if colon:
        known = {one.lower(): one for one in IDENTIFIER_PROPERTIES} | _KIND_OF_SHORT
        if kind.lower() not in known:
            allowed = f"{', '.join(_KIND_OF_SHORT)}, a property of FollowTheMoney, or no kind"
            _refuse("identifiers", repr(kind), allowed, nearest(kind, known))
        kind = known[kind.lower()]
    cleaned = clean_identifier(value)
    if not cleaned:
        _refuse("identifiers", repr(text), "a number, or a kind and a number parted by a colon")
    return Identifier(kind, cleaned)


def _check_date(text: object) -> None:
    found = _DATE.fullmatch(text) if isinstance(text, str) else None
    if found:
        year, month, day = found.groups()
        try:
            date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            found = None
    if not found:
        _refuse("birth_date", repr(text), "a date as 1962-05-12, or only 1962-05 or 1962")


def _refuse(field: str, found: str, allowed: str, close: str = "") -> NoReturn:
    raise InputError(Fault(None, None, None, field, found, allowed, close))


def _fault(
    file: str, line: int | None, field: str, found: str, allowed: str = "", close: str = ""
) -> InputError:
    return InputError(Fault(file, line, None, field, found, allowed, close))
