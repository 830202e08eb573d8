"""Cyrillic names in Latin letters, by each of the standards under which they are met.

One person has a passport by one standard, a company register by another and a sanctions list by a
third. `spellings` gives all that a name may be written as; `standards.csv` has the tables and where
each comes from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from baseload.errors import Fault, InputError, nearest
from baseload.sources import read_packaged

_IOTATING = frozenset("аеёиоуыэюяійъьєї")
"""After these, as at a word's beginning, е is heard as ye."""
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´′″")


@dataclass(frozen=True)
class Standard:
    """One way of writing one Cyrillic alphabet in Latin letters.

    Parameters
    ----------
    name : str
        As in reports, "ICAO 9303".
    language : str
        Whose alphabet it covers, "any" for the table of last resort.
    letters : mapping of str to str
        Latin letters by Cyrillic ones. `^` before them: at a word's beginning only. `~`: there, and
        after a vowel, й, ъ and ь. `$` after them: at its end only.
    source : str
        Where the table comes from.
    """

    name: str
    language: str
    letters: Mapping[str, str]
    source: str

    @property
    def alphabet(self) -> frozenset[str]:
        """The Cyrillic letters that it covers."""
        return frozenset(letter for letter in self.letters if len(letter) == 1)

    def __str__(self) -> str:
        return self.name if self.language == "any" else f"{self.name}, {self.language}"


@dataclass(frozen=True)
class Spelling:
    """A name in Latin letters, and how it came to be written so.

    Attributes
    ----------
    text : str
        The name.
    standard : str
        The standard that wrote it; empty where it was Latin before.
    """

    text: str
    standard: str


@cache
def standards() -> tuple[Standard, ...]:
    """All the standards, in the order of their table, those of one language together.

    Returns
    -------
    tuple of Standard

    Examples
    --------
    >>> sorted({standard.language for standard in standards()})
    ['Belarusian', 'Russian', 'Ukrainian', 'any']
    """
    found = []
    for row in read_packaged("baseload.screening", "standards.csv", ("standard", "letters")):
        letters = dict(pair.split("=", 1) for pair in row.text("letters").split())
        found.append(Standard(row.text("standard"), row.text("language"), letters, row.source))
    return tuple(found)


def is_cyrillic(text: str) -> bool:
    """Whether a text has a Cyrillic letter.

    Examples
    --------
    >>> is_cyrillic("Ltd Ромашка"), is_cyrillic("Romashka")
    (True, False)
    """
    return not text.isascii() and any("Ѐ" <= letter <= "ӿ" for letter in text)


def transliterate(text: str, standard: Standard | str) -> str:
    """A text with its Cyrillic letters in Latin ones; everything else stays.

    Parameters
    ----------
    text : str
    standard : Standard or str
        Or its name with the language, as "KMU 2010, Ukrainian".

    Returns
    -------
    str
        A word all in capitals stays so; of others the first letter keeps its case. Cyrillic letters
        that the standard lacks stay too.

    Raises
    ------
    InputError
        For the name of a standard that is not there.

    References
    ----------
    .. [1] ICAO Doc 9303; BGN/PCGN 1947 and 1979; resolution 55 of the Cabinet of Ministers of
       Ukraine of 27 January 2010; GOST 7.79-2000. `standards.csv` has each table's source.

    Examples
    --------
    >>> transliterate("Щербакова Юлия", "ICAO 9303, Russian")
    'Shcherbakova Iuliia'
    >>> transliterate("Єнакієве, Згорани", "KMU 2010, Ukrainian")
    'Yenakiieve, Zghorany'
    >>> transliterate("ЁЖ Сергеев", "BGN/PCGN 1947, Russian")
    'YËZH Sergeyev'
    """
    if isinstance(standard, str):
        standard = _named(standard)
    return _text(unicodedata.normalize("NFC", text), (standard.name, standard.language))


def _text(composed: str, key: tuple[str, str]) -> str:
    return _WORD.sub(lambda found: _word(found[0], key), composed)


@cache
def _label(key: tuple[str, str]) -> str:
    return next(str(one) for one in standards() if (one.name, one.language) == key)


def spellings(name: str) -> tuple[Spelling, ...]:
    """Every Latin spelling of a name, each with the first standard that gives it.

    A standard is tried where its alphabet has all the name's Cyrillic letters: a name without a
    letter of only one language is spelled as Russian, Ukrainian and Belarusian.

    Parameters
    ----------
    name : str

    Returns
    -------
    tuple of Spelling
        One, of no standard, for a name without Cyrillic letters.

    Examples
    --------
    >>> [one.text for one in spellings("Сергій Їжак")]
    ['Serhii Yizhak', 'Serhiy Yizhak', 'Serhij Jižak']
    >>> spellings("Serhii")
    (Spelling(text='Serhii', standard=''),)
    """
    if not is_cyrillic(name):
        return (Spelling(name, ""),)
    composed = unicodedata.normalize("NFC", name).translate(_APOSTROPHES)
    letters = {letter for letter in composed.lower() if "Ѐ" <= letter <= "ӿ"}
    found: dict[str, str] = {}
    for standard in standards():
        if standard.language == "any":
            if found:
                continue
        elif not letters <= _alphabet(standard.name, standard.language):
            continue
        key = (standard.name, standard.language)
        found.setdefault(_text(composed, key), _label(key))
    return tuple(Spelling(text, standard) for text, standard in found.items())


@cache
def _alphabet(name: str, language: str) -> frozenset[str]:
    return next(one.alphabet for one in standards() if (one.name, one.language) == (name, language))


@cache
def _named_or_none(name: str) -> Standard | None:
    return next((one for one in standards() if str(one) == name), None)


def _named(name: str) -> Standard:
    found = _named_or_none(name)
    if found is None:
        names = [str(one) for one in standards()]
        allowed = "; ".join(names)
        raise InputError(
            Fault(None, None, None, "standard", repr(name), allowed, nearest(name, names))
        )
    return found


@dataclass(frozen=True)
class _Compiled:
    """A standard as one pattern for what depends on its neighbours, and a table for the rest."""

    pattern: re.Pattern[str] | None
    latin: Mapping[str, str]
    single: Mapping[int, str]


@cache
def _compiled(key: tuple[str, str]) -> _Compiled:
    standard = next(one for one in standards() if (one.name, one.language) == key)
    iotating = f"(?:^|(?<=[{''.join(sorted(_IOTATING))}]))"
    parts: list[str] = []
    latin: dict[str, str] = {}
    # Longer keys first: зг before з, and what holds in one place before what holds everywhere.
    for letters in sorted(standard.letters, key=len, reverse=True):
        if len(letters) > 1:
            name = f"g{len(parts)}"
            latin[name] = standard.letters[letters]
            pattern = letters.replace("~", iotating)
            parts.append(f"(?P<{name}>{pattern})")
    single = {ord(one): two for one, two in standard.letters.items() if len(one) == 1}
    return _Compiled(re.compile("|".join(parts)) if parts else None, latin, single)


@lru_cache(maxsize=200_000)
def _word(word: str, key: tuple[str, str]) -> str:
    compiled = _compiled(key)
    found = word.lower()
    if compiled.pattern is not None:
        found = compiled.pattern.sub(lambda one: compiled.latin[one.lastgroup or ""], found)
    found = found.translate(compiled.single)
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found[:1].upper() + found[1:] if word[0].isupper() else found
