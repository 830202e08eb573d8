"""Which of the names of an export are worth comparing: the questions are indexed, not the export.

An export is read once and may be larger than memory, and the questions are few. Each word of a name
is reduced to its skeleton, the classes of its consonants, which transliteration hardly changes. A
name whose skeletons are none of those that the questions allow is passed over at once; the others
are looked at word by word, and each word only once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import add
from typing import Final

from baseload.screening.entities import ORGANISATION, PERSON, Identifier
from baseload.screening.match import Prepared
from baseload.screening.names import FEWEST_LETTERS_ALIKE, words_alike
from baseload.screening.normal import (
    COMMON_WORDS,
    SMALL_WORDS,
    Reading,
    given_name_forms,
    legal_form_words,
    plain_words,
    sound,
)
from baseload.screening.transliterate import transliterate

_CLASSES: Final = "bvtlnrs"
_SHORTEST_CHANGED = 3
_MOST_WORDS_KEPT = 200_000


class _Skeletons(dict[int, str]):
    """Table of `str.translate`: consonants to seven classes, vowels and the throat to nothing."""

    def __init__(self) -> None:
        super().__init__()
        for letters, letter_class in (
            ("bpбп", "b"),
            ("vwfвф", "v"),
            ("dtдт", "t"),
            ("lлłљ", "l"),
            ("mnмнњ", "n"),
            ("rр", "r"),
            ("szcсзшжчџ", "s"),
            ("ц", "ts"),
            ("щ", "ss"),
            ("aeiouyjghkqxаеёиоуыэюяійїєўґгкхьъј'’ʼ`´", ""),
            ("\n", "\n"),
        ):
            self.update(dict.fromkeys(map(ord, letters), letter_class))

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        parts = unicodedata.normalize("NFKD", letter)
        base = parts[0]
        if not letter.isalnum():
            found = "" if unicodedata.combining(letter) else " "
        elif letter.isdigit():
            found = letter
        elif base != letter and ord(base) in self:
            found = self[ord(base)]
        else:
            found = ""
        self[code] = found
        return found


_SKELETONS = _Skeletons()


def skeletons(name: str) -> list[str]:
    """The classes of the consonants of each word that has any.

    Examples
    --------
    >>> skeletons("Kuznetsov"), skeletons("Кузнецов"), skeletons("Ivanoff-Petrov")
    (['sntsv'], ['sntsv'], ['vnvv', 'btrv'])
    """
    return name.lower().translate(_SKELETONS).split()


@dataclass
class _Target:
    """One way to take a question: as a person's name or as an organisation's."""

    question: int
    mask: int
    need: int


class NameIndex:
    """Finds the questions that a name may answer.

    Parameters
    ----------
    questions : sequence of Prepared
    """

    def __init__(self, questions: Sequence[Prepared]) -> None:
        self._targets: list[_Target] = []
        self._words: dict[tuple[str, str], int] = {}
        self._allowed: dict[str, int] = {}
        self._found: dict[str, tuple[int, bool, str]] = {}
        self._bits = 0
        self._take_all = False
        for number, question in enumerate(questions):
            kind = question.counterparty.kind
            taken: set[tuple[tuple[str, ...], ...]] = set()
            for one, is_meant in (
                (question.as_person, kind != ORGANISATION),
                (question.as_organisation, kind != PERSON),
            ):
                words = tuple(reading.words for reading in one)
                if is_meant and words not in taken:
                    taken.add(words)
                    self._add(number, one)
        self._by_initial: dict[str, int] = {}
        for (word, _), mask in self._words.items():
            self._by_initial[word[0]] = self._by_initial.get(word[0], 0) | mask

    def _add(self, question: int, readings: tuple[Reading, ...]) -> None:
        places = max(len(reading.words) for reading in readings)
        telling = {
            place
            for reading in readings
            for place, word in enumerate(reading.words)
            if len(word) > 1 and word not in _words_that_tell_nothing()
        } or set(range(places))
        bits = {place: 1 << (self._bits + place) for place in telling}
        self._bits += places
        without_skeleton = 0
        for place, bit in bits.items():
            some = False
            for reading in readings:
                if place < len(reading.words):
                    some |= self._add_word(reading.words[place], reading.sounds[place], bit)
            without_skeleton += not some
        for reading in readings:
            for place in range(len(reading.words) - 1):
                both = bits.get(place, 0) | bits.get(place + 1, 0)
                pair = slice(place, place + 2)
                self._add_word("".join(reading.words[pair]), "".join(reading.sounds[pair]), both)
            if len(reading.words) > 2:
                whole = "".join(reading.words), "".join(reading.sounds)
                self._add_word(*whole, sum(bits.values()))
        need = min(2, len(bits)) - without_skeleton
        self._take_all |= need <= 0
        self._targets.append(_Target(question, sum(bits.values()), max(need, 1)))

    def _add_word(self, word: str, sounded: str, bit: int) -> bool:
        """Let a word, its forms and all skeletons one letter away lead to a place."""
        self._words[word, sounded] = self._words.get((word, sounded), 0) | bit
        group = given_name_forms().get(sounded)
        forms = [word, sounded]
        if group is not None:
            forms += [one for one, number in given_name_forms().items() if number == group]
        some = False
        for form in forms:
            for skeleton in skeletons(form):
                some = True
                is_exact = form not in (word, sounded) or len(word) < FEWEST_LETTERS_ALIKE
                nearby = {skeleton} if is_exact else _near(skeleton, len(word))
                for near in nearby:
                    self._allowed[near] = self._allowed.get(near, 0) | bit
        return some

    def questions_for(self, names: Sequence[str]) -> set[int]:
        """Numbers of the questions that one of the names may answer.

        Parameters
        ----------
        names : sequence of str

        Returns
        -------
        set of int
            Nearly always empty.
        """
        found: set[int] = set()
        all_keys = "\n".join(names).lower().translate(_SKELETONS)
        if not self._take_all:
            keys = all_keys.split()
            allowed = self._allowed
            if allowed.keys().isdisjoint(keys) and allowed.keys().isdisjoint(
                map(add, keys, keys[1:])
            ):
                return found
        parts = all_keys.split("\n")
        if len(parts) != len(names):  # a line break within a name
            parts = [" ".join(skeletons(name)) for name in names]
        for name, part in zip(names, parts, strict=True):
            if self._may_answer(part.split()):
                reached, telling = self._look(name)
                for target in self._targets:
                    hits = (reached & target.mask).bit_count()
                    if hits >= target.need or (hits and hits >= telling):
                        found.add(target.question)
        return found

    def _may_answer(self, keys: list[str]) -> bool:
        """Whether the skeletons of a name's words, and of two written together, are allowed."""
        if self._take_all:
            return True
        allowed = self._allowed
        reached = 0
        before = ""
        for key in keys:
            reached |= allowed.get(key, 0)
            if before:
                reached |= allowed.get(before + key, 0)
            before = key
        if not reached:
            return False
        dull = _skeletons_that_tell_nothing()
        telling = sum(key not in dull for key in keys)
        for target in self._targets:
            hits = (reached & target.mask).bit_count()
            if hits >= target.need or (hits and hits >= telling):
                return True
        return False

    def _look(self, name: str) -> tuple[int, int]:
        """Places that the words of a name reach, and how many of its words tell anything."""
        reached = telling = 0
        before = before_key = ""
        for word in plain_words(name):
            mask, tells, key = self._word(word)
            telling += tells
            reached |= mask
            if before and before_key + key in self._allowed:
                reached |= self._word(before + word)[0]
            before, before_key = word, key
        return reached, telling

    def _word(self, word: str) -> tuple[int, bool, str]:
        known = self._found.get(word)
        if known is None:
            if len(self._found) >= _MOST_WORDS_KEPT:
                self._found.clear()
            known = self._found[word] = self._places(word)
        return known

    def _places(self, word: str) -> tuple[int, bool, str]:
        """Places that a word reaches, whether it tells anything, and its skeleton."""
        tells = not (len(word) == 1 or word in _words_that_tell_nothing())
        key = "".join(skeletons(word))
        reached = self._allowed.get(key, 0)
        if not (reached or self._take_all or len(word) <= 2):
            return 0, tells, key
        # Of one language or another: the sounds of all are nearly the same.
        latin = "".join(plain_words(transliterate(word, "ICAO 9303")))
        if len(latin) <= 1:
            return self._by_initial.get(latin, 0), tells, key
        mask = 0
        # In a Latin name x may be ks, or the letter х.
        for one in dict.fromkeys((latin, latin.replace("x", "kh"))):
            sounded = sound(one)
            for (asked, asked_sound), bits in self._words.items():
                is_near = bits & reached or self._take_all
                if is_near and words_alike(asked, one, asked_sound, sounded)[0]:
                    mask |= bits
        return mask, tells, key


@cache
def _words_that_tell_nothing() -> frozenset[str]:
    return COMMON_WORDS | SMALL_WORDS | legal_form_words()


@cache
def _skeletons_that_tell_nothing() -> frozenset[str]:
    return frozenset(key for word in _words_that_tell_nothing() for key in skeletons(word))


class IdentifierIndex:
    """Finds the questions that have an identifier.

    Parameters
    ----------
    questions : sequence of Prepared
    """

    def __init__(self, questions: Sequence[Prepared]) -> None:
        self._questions: dict[str, set[int]] = {}
        for number, question in enumerate(questions):
            for identifier in question.counterparty.known_identifiers:
                self._questions.setdefault(identifier.value, set()).add(number)

    def __bool__(self) -> bool:
        return bool(self._questions)

    def questions_for(self, identifiers: Sequence[Identifier]) -> set[int]:
        """Numbers of the questions that have one of the identifiers."""
        found: set[int] = set()
        for identifier in identifiers:
            found |= self._questions.get(identifier.value, set())
        return found


def _near(skeleton: str, letters_of_word: int) -> set[str]:
    """The skeletons at most one letter away; of short words only those with an s more or less.

    The s stands for sounds that standards write as ch, h, k or x, of which some have no class.
    """
    is_long = len(skeleton) >= _SHORTEST_CHANGED or letters_of_word > FEWEST_LETTERS_ALIKE
    letters = _CLASSES if is_long else "s"
    found = {skeleton}
    for place in range(len(skeleton) + 1):
        start, end = skeleton[:place], skeleton[place:]
        found.update(f"{start}{letter}{end}" for letter in letters)
        if end and (len(letters) > 1 or end[0] in letters):
            found.add(start + end[1:])
        if end and len(letters) > 1:
            found.update(f"{start}{letter}{end[1:]}" for letter in letters)
    found.discard("")
    return found
