"""The normal form of a name: lower case, no accents, no punctuation, legal form set aside.

Two spellings of one name by two standards differ in letters that stand for one sound. `sound` gives
both the same form; it is only for comparing, since it loses much.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from baseload.screening.transliterate import is_cyrillic, spellings
from baseload.sources import read_packaged

_LETTERS_WITHOUT_PARTS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"}
)
_WORDS = re.compile(r"\w+")
_APOSTROPHES = re.compile("['’ʼ`´′″ʹʺ”“]")
_LONGEST_FORM = 6
_SHORT_FORM = 3
"""A legal form of so few letters counts only at the beginning or the end of a name."""

SMALL_WORDS: Final = frozenset(
    ("of", "the", "and", "for", "de", "la", "le", "du", "und", "der", "i", "im")
)
"""Set aside in names of organisations. assumed: they carry no meaning of their own."""

COMMON_WORDS: Final = frozenset(
    (
        *("company", "group", "holding", "holdings", "bank", "international", "global", "trading"),
        *(
            "trade",
            "industrial",
            "industries",
            "industry",
            "services",
            "service",
            "plant",
            "factory",
        ),
        *(
            "energy",
            "power",
            "invest",
            "investment",
            "investments",
            "finance",
            "capital",
            "concern",
        ),
        *("corporation", "enterprise", "association", "national", "state", "federal", "joint"),
        *("zavod", "kompaniya", "kompaniia", "gruppa", "grupp", "kholding", "predpriyatie"),
        *(
            "predpriiatie",
            "kontsern",
            "korporatsiya",
            "korporatsiia",
            "torgovyi",
            "torgovyy",
            "dom",
        ),
        *("stroi", "stroy", "servis", "tsentr", "center", "centre", "institute", "institut"),
        *(
            "russian",
            "russia",
            "rossii",
            "rossiya",
            "rossiiskaya",
            "ukraine",
            "ukrainy",
            "ukrainian",
        ),
        *("technology", "technologies", "engineering", "management", "systems", "solutions", "new"),
    )
)
"""Count less than other words. assumed: they stand in the names of many organisations."""

# Applied in this order to a word of plain Latin letters. Own rules, chosen so that the standards of
# standards.csv, and the customary English, German and French spellings, fall together.
_SOUND_RULES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"off$", "ov"),
        (r"eff$", "ev"),
        (r"w", "v"),
        (r"shch|stsch|schtsch|chtch|shh|sc(?=[aeiouy])", "S"),
        (r"tsch|tch", "C"),
        (r"sch|sh", "S"),
        (r"dzh", "dz"),
        (r"zgh", "zg"),
        (r"zh", "z"),
        (r"ch", "C"),
        (r"ts|tz|tc|cz", "c"),
        (r"ck", "k"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"x", "ks"),
        (r"gu(?=[ei])", "g"),
        (r"kh|gh|h|g", "h"),
        (r"ou|oo", "u"),
        (r"[yji]?e(?=[yij])", "e"),
        (r"[yj]o", "e"),
        (r"[yji]+e", "e"),
        (r"[yji]+u", "u"),
        (r"[yji]+a", "a"),
        (r"[yj]", "i"),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True)
class Reading:
    """One way to read a name: its words in Latin letters.

    Parameters
    ----------
    words : tuple of str
        Lower case, without accents and punctuation, in the order of the name.
    sounds : tuple of str
        Their sounds, in the same order.
    legal_forms : frozenset of str
        Families of the legal forms that were set aside.
    standard : str
        Which transliterated it; empty for a name in Latin letters.
    """

    words: tuple[str, ...]
    sounds: tuple[str, ...]
    legal_forms: frozenset[str]
    standard: str


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text, lower case, without accents where the letters are Latin.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of str
        Cyrillic letters keep what belongs to them: й stays й.

    Examples
    --------
    >>> plain_words("D’Ávila-Łoś, J.R."), plain_words("Мар'яна ЙОД")
    (('davila', 'los', 'j', 'r'), ('маряна', 'йод'))
    """
    if text.isascii():
        return tuple(re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("`", "")))
    text = _APOSTROPHES.sub("", text)
    if is_cyrillic(text):
        text = unicodedata.normalize("NFC", text).casefold()
    else:
        parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS_WITHOUT_PARTS))
        text = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return tuple(_WORDS.findall(text.replace("_", " ")))


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """What a Latin word has in common with other spellings of it.

    Parameters
    ----------
    word : str
        As `plain_words` gives it.

    Returns
    -------
    str
        For comparing only. A word without Latin letters comes back as it is.

    Examples
    --------
    >>> {sound(word) for word in ("zhuravlev", "zhuravlyov", "zuravlev", "zhuravleff")}
    {'zuravlev'}
    >>> sound("ivanoff") == sound("ivanov"), sound("yuriy") == sound("iurii") == sound("jurij")
    (True, True)
    """
    found = word
    if word.isascii() and not word.isdigit():
        for pattern, replacement in _SOUND_RULES:
            found = pattern.sub(replacement, found)
        return found.lower() or word
    return found


@lru_cache(maxsize=4096)
def readings(name: str, is_person: bool = False) -> tuple[Reading, ...]:
    """All ways to read a name, one for each standard that spells it differently.

    Parameters
    ----------
    name : str
    is_person : bool
        A person has no legal form, and small words are part of the name.

    Returns
    -------
    tuple of Reading
        Empty for a name without a letter or digit.

    Examples
    --------
    >>> [(one.words, sorted(one.legal_forms)) for one in readings("ООО «Ромашка»")][0]
    (('romashka',), ['limited company'])
    >>> readings("Romashka LLC")[0].sounds == readings("ООО «Ромашка»")[0].sounds
    True
    """
    bare, forms = (name, frozenset[str]()) if is_person else without_legal_form(name)
    found: dict[tuple[str, ...], Reading] = {}
    for spelling in spellings(bare):
        words = plain_words(spelling.text)
        if not is_person:
            words = tuple(word for word in words if word not in SMALL_WORDS) or words
        if words and words not in found:
            # By two standards x is the letter х; in a Latin name it may be that or ks.
            as_kh = tuple(sound(word.replace("x", "kh")) for word in words)
            sounds = as_kh if spelling.standard else tuple(sound(word) for word in words)
            found[words] = Reading(words, sounds, forms, spelling.standard)
            if sounds != as_kh:
                found[(*words, "")] = Reading(words, as_kh, forms, "")
    return tuple(found.values())


def without_legal_form(name: str) -> tuple[str, frozenset[str]]:
    """A name without its legal forms, and the families that these belong to.

    Parameters
    ----------
    name : str

    Returns
    -------
    name : str
        Its words, lower case; all of them where nothing but a legal form would be left.
    families : frozenset of str
        As in `legal_forms.csv`; JSC and АО are of one family.

    Examples
    --------
    >>> without_legal_form("PJSC Sberbank of Russia")
    ('sberbank of russia', frozenset({'joint-stock company'}))
    >>> without_legal_form("АО")
    ('ао', frozenset())
    """
    words = plain_words(name)
    forms = _legal_forms()
    kept: list[str] = []
    found: set[str] = set()
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_FORM, len(words) - place), 0, -1):
            phrase = words[place : place + length]
            families = forms.get(phrase)
            outside = not kept or place + length == len(words)
            if families and (outside or len("".join(phrase)) > _SHORT_FORM):
                found |= families
                place += length
                break
        else:
            kept.append(words[place])
            place += 1
    if not kept:
        return " ".join(words), frozenset()
    return " ".join(kept), frozenset(found)


@cache
def _legal_forms() -> dict[tuple[str, ...], set[str]]:
    """Families by the words of a legal form, in Cyrillic, in each spelling, and letter by letter."""
    found: dict[tuple[str, ...], set[str]] = {}
    for row in read_packaged("baseload.screening", "legal_forms.csv", ("family", "written")):
        for written in row.text("written").split("|"):
            for text in (written, *(one.text for one in spellings(written))):
                words = plain_words(text)
                found.setdefault(words, set()).add(row.text("family"))
                if len(words) == 1 and _SHORT_FORM <= len(words[0]) <= _SHORT_FORM + 2:
                    found.setdefault(tuple(words[0]), set()).add(row.text("family"))
    return found


@cache
def legal_form_words() -> frozenset[str]:
    """Legal forms of one word, in both scripts.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> {"llc", "ооо", "pjsc"} <= legal_form_words()
    True
    """
    return frozenset(words[0] for words in _legal_forms() if len(words) == 1)


@cache
def given_name_forms() -> dict[str, int]:
    """Number of the group of equivalent given names, by the sound of each form.

    Returns
    -------
    dict of str to int

    Examples
    --------
    >>> forms = given_name_forms()
    >>> forms[sound("vladimir")] == forms[sound("volodymyr")]
    True
    """
    found: dict[str, int] = {}
    for number, row in enumerate(
        read_packaged("baseload.screening", "given_names.csv", ("forms",))
    ):
        for form in row.text("forms").split():
            found.setdefault(sound(form), number)
    return found
