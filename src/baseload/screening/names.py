"""How alike two names are, and why: words are laid beside each other, one to one.

Words are compared by rapidfuzz: Jaro-Winkler and the longest common subsequence, of which the mean
counts. Names as wholes are compared sorted by word, and written together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from baseload.screening.normal import COMMON_WORDS, Reading, given_name_forms, sound

SAME_SOUND: Final = 0.97
SAME_GIVEN_NAME: Final = 0.93
INITIAL: Final = 0.8
WRITTEN_TOGETHER: Final = 0.95
ALIKE: Final = 0.82
"""Two words less alike than this have nothing in common."""
UNLIKE_TIMES: Final = 2.5
"""What one letter changes in a word is more than its part of the letters."""
COMMON_WORD: Final = 0.3
"""Weight of a common word, relative to another of its length."""
SEX_EFFECT: Final = -0.12
ONE_WORD_AT_MOST: Final = 0.8
GIVEN_NAME_AT_MOST: Final = 0.6
INITIALS_AT_MOST: Final = 0.85
SHORT_AT_MOST: Final = 0.85
SHORT_LETTERS: Final = 4
FEWEST_LETTERS_ALIKE: Final = 4
"""Shorter words are the same or not."""
BOTH_LACK_EFFECT: Final = -0.1

_LETTERS_OF_ANOTHER_WORD = 3
_TOGETHER_ALIKE = 0.9
_PATRONYMIC = ("vic", "vna")
"""How the sounds of a patronymic end: Alekseevich is no misprint of Aleksey."""
_WITHIN = 0.75
_MOST_LETTERS = 8


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for or against a match, and what it did to the score.

    Parameters
    ----------
    kind : str
        What it is about, for sorting: "name", "country", "birth date", ...
    text : str
        The sentence for a reader.
    effect : float
        What it added to the score. Zero for what is only said.
    """

    kind: str
    text: str
    effect: float = 0.0


@dataclass(frozen=True)
class Likeness:
    """How alike two names are.

    Parameters
    ----------
    score : float
        0 to 1, before the reasons against.
    reasons, against : tuple of Reason
        The first of `reasons` says what the score rests on.
    """

    score: float
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]

    @property
    def value(self) -> float:
        """The score with what speaks against."""
        return max(0.0, self.score + sum(reason.effect for reason in self.against))


_NOTHING = Likeness(0.0, (), ())


def likeness(
    one: tuple[Reading, ...], other: tuple[Reading, ...], is_person: bool | None = None
) -> Likeness:
    """How alike two names are under the readings that bring them closest.

    Parameters
    ----------
    one, other : tuple of Reading
        As `normal.readings` gives them.
    is_person : bool, optional
        Surnames have a form for each sex in persons only. None: not known, taken as a person.

    Returns
    -------
    Likeness
        Of score 0 and without reasons where they have no word in common.

    References
    ----------
    .. [1] W. E. Winkler, String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter
       Model of Record Linkage, 1990 (Jaro-Winkler).

    Examples
    --------
    >>> from baseload.screening.normal import readings
    >>> found = likeness(readings("Иванов Иван", True), readings("Ivan Ivanov", True))
    >>> found.value, found.reasons[0].text
    (1.0, 'the same words in another order, after transliteration by ICAO 9303, Russian')
    >>> round(likeness(readings("Ivan Ivanov"), readings("Ivan Sidorov")).value, 2)
    0.29
    """
    same = _same(one, other)
    if same is not None:
        return _limited(same, one[0].words, len(one[0].words), is_person)
    best = _NOTHING
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for a, b in product(one, other):
        if (a.sounds, b.sounds) not in seen:
            seen.add((a.sounds, b.sounds))
            found = _aligned(a, b, is_person)
            if found.value > best.value:
                best = found
    return best


def _same(one: tuple[Reading, ...], other: tuple[Reading, ...]) -> Likeness | None:
    """The same words, or words of the same sounds, in any order."""
    for in_order, sounds in ((True, False), (False, False), (True, True), (False, True)):
        for a, b in product(one, other):
            left, right = (a.sounds, b.sounds) if sounds else (a.words, b.words)
            if left == right if in_order else sorted(left) == sorted(right):
                return _said_same(a, b, in_order, sounds)
    return None


def _said_same(a: Reading, b: Reading, in_order: bool, sounds: bool) -> Likeness:
    text = "the same name" if in_order else "the same words in another order"
    standards = [one.standard for one in (a, b) if one.standard]
    if sounds:
        text += ", spelled by different standards"
    elif len(standards) == 1:
        text += f", after transliteration by {standards[0]}"
    score = SAME_SOUND if sounds else 1.0
    if sounds:
        text += f" ({' '.join(a.words)}; {' '.join(b.words)})"
    return Likeness(score, (Reason("name", text, score),), ())


def _aligned(a: Reading, b: Reading, is_person: bool | None) -> Likeness:
    pairs = sorted(
        (
            (*words_alike(a.words[i], b.words[j], a.sounds[i], b.sounds[j]), i, j)
            for i in range(len(a.words))
            for j in range(len(b.words))
        ),
        key=lambda pair: (-pair[0], pair[2], pair[3]),
    )
    left, right = set(range(len(a.words))), set(range(len(b.words)))
    taken: list[tuple[float, str, int, int]] = []
    for alike, why, i, j in pairs:
        if alike and i in left and j in right:
            left.discard(i)
            right.discard(j)
            taken.append((alike, why, i, j))
    together = _together(a, b)
    if not any(why != "initial" for _, why, _, _ in taken):
        return together
    score = _score(a.words, b.words, taken)
    if together.score > score:
        return together
    reasons = [Reason("name", _said(a.words, b.words, taken), score)]
    against = []
    for alike, why, i, j in sorted(taken, key=lambda pair: pair[2]):
        if why == "given name":
            text = f"{a.words[i]} and {b.words[j]} are forms of one given name"
            reasons.append(Reason("given name", text))
        elif why == "initial":
            reasons.append(Reason("initial", f"{a.words[i]} and {b.words[j]} have one initial"))
        elif why == "alike":
            text = f"{a.words[i]} and {b.words[j]} are spelled alike ({alike:.2f})"
            reasons.append(Reason("spelling", text))
        if is_person is not False and _differ_by_sex(a.sounds[i], b.sounds[j]):
            text = f"{a.words[i]} and {b.words[j]} are names of different sexes"
            against.append(Reason("sex", text, SEX_EFFECT))
    for words, left_over, whose in ((a.words, left, "asked for"), (b.words, right, "listed")):
        if left_over:
            rest = ", ".join(words[place] for place in sorted(left_over))
            # Where both names have a word that the other lacks, they contradict each other.
            effect = BOTH_LACK_EFFECT if whose == "listed" and left else 0.0
            against.append(Reason("words", f"only in the name {whose}: {rest}", effect))
    found = Likeness(score, tuple(reasons), tuple(against))
    matched = tuple(a.words[i] for _, _, i, _ in taken)
    complete = [why for _, why, _, _ in taken if why != "initial"]
    unsure = bool(left or right) or complete == ["alike"]
    found = _limited(found, matched, len(complete), is_person, unsure)
    if len(complete) < len(taken):
        found = _at_most(found, INITIALS_AT_MOST, "initial", "a first name is only an initial")
    return found


def _limited(
    found: Likeness,
    matched: tuple[str, ...],
    complete: int,
    is_person: bool | None,
    unsure: bool = False,
) -> Likeness:
    """The likeness with what one word, or a few letters, can say at most."""
    telling = [word for word in matched if is_person or word not in COMMON_WORDS]
    if complete == 1 and (unsure or is_person):
        word = next(word for word in matched if len(word) > 1 or len(matched) == 1)
        found = _at_most(found, ONE_WORD_AT_MOST, "one word", f"only one word in common: {word}")
        if is_person is not False and sound(word) in given_name_forms():
            found = _at_most(found, GIVEN_NAME_AT_MOST, "given name", f"{word} is a given name")
    elif complete > 1 and not telling:
        found = _at_most(
            found, ONE_WORD_AT_MOST, "common words", "all words in common are common ones"
        )
    if sum(map(len, matched)) <= SHORT_LETTERS:
        found = _at_most(found, SHORT_AT_MOST, "short", "so short a name has many bearers")
    return found


def _at_most(found: Likeness, most: float, kind: str, text: str) -> Likeness:
    effect = min(0.0, most - found.value)
    return Likeness(found.score, found.reasons, (*found.against, Reason(kind, text, effect)))


def _score(
    one: tuple[str, ...], other: tuple[str, ...], taken: list[tuple[float, str, int, int]]
) -> float:
    """Mean of the part of both names, and of the part of the shorter one, that is in common."""
    weights = [_weight(word) for word in one], [_weight(word) for word in other]
    totals = sum(weights[0]), sum(weights[1])
    common = [sum(alike * weights[0][i] for alike, _, i, _ in taken)]
    common.append(sum(alike * weights[1][j] for alike, _, _, j in taken))
    shorter = 0 if totals[0] <= totals[1] else 1
    of_both = sum(common) / sum(totals)
    return (of_both + common[shorter] / totals[shorter]) / 2.0


def _weight(word: str) -> float:
    letters = float(min(max(len(word), 2), _MOST_LETTERS))
    return letters * COMMON_WORD if word in COMMON_WORDS else letters


@lru_cache(maxsize=200_000)
def words_alike(one: str, other: str, one_sound: str, other_sound: str) -> tuple[float, str]:
    """How alike two words are, and by what.

    Parameters
    ----------
    one, other : str
        Words in Latin letters.
    one_sound, other_sound : str
        Their sounds.

    Returns
    -------
    alike : float
        0 to 1; 0 for nothing in common.
    why : str
        "same", "sound", "initial", "given name" or "alike"; empty for 0.

    Examples
    --------
    >>> words_alike("ivanov", "ivanoff", "ivanov", "ivanov")
    (0.97, 'sound')
    """
    if one == other:
        return 1.0, "same"
    if one_sound == other_sound and len(one_sound) > 1:
        return SAME_SOUND, "sound"
    if min(len(one), len(other)) == 1:
        initial = one[0] == other[0] or one_sound[0] == other_sound[0]
        return (INITIAL, "initial") if initial and one.isalpha() and other.isalpha() else (0.0, "")
    forms = given_name_forms()
    if one_sound in forms and forms[one_sound] == forms.get(other_sound):
        return SAME_GIVEN_NAME, "given name"
    # Numbers are equal or not: Unit 3 is no misprint of Unit 4.
    if min(len(one), len(other)) < FEWEST_LETTERS_ALIKE or any(map(str.isdigit, one + other)):
        return 0.0, ""
    # A word that goes on is another word, however alike: Gazprom and Gazprombank.
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) >= _LETTERS_OF_ANOTHER_WORD and short in long:
        return 0.0, ""
    ends = one_sound.endswith(_PATRONYMIC), other_sound.endswith(_PATRONYMIC)
    if ends[0] != ends[1] and abs(len(one_sound) - len(other_sound)) > 1:
        return 0.0, ""
    alike = max(_alike(one, other), _alike(one_sound, other_sound))
    return (1.0 - UNLIKE_TIMES * (1.0 - alike), "alike") if alike >= ALIKE else (0.0, "")


def _alike(one: str, other: str) -> float:
    ratio = fuzz.ratio(one, other) / 100.0
    if ratio < 2.0 * ALIKE - 1.0:
        return 0.0
    return min((JaroWinkler.similarity(one, other) + ratio) / 2.0, SAME_SOUND)


def _differ_by_sex(one: str, other: str) -> bool:
    """Ivanov and Ivanova, Chaikovski and Chaikovska(ya), Aleksandr and Aleksandra, by sound."""
    short, long = sorted((one, other), key=len)
    if len(short) < FEWEST_LETTERS_ALIKE:
        return False
    if long == short + "a":
        return True
    man, woman = sorted((one, other), reverse=True)
    return man.endswith(("ski", "cki")) and woman == man[:-1] + "a"


def _together(a: Reading, b: Reading) -> Likeness:
    """Names that are the same but for where words are parted, or of which one holds the other."""
    one, other = "".join(a.words), "".join(b.words)
    if len(a.words) == len(b.words) or min(len(one), len(other)) < 2 * FEWEST_LETTERS_ALIKE:
        return _NOTHING
    if one == other or "".join(a.sounds) == "".join(b.sounds):
        text = f"the same when written together ({one})"
        return Likeness(WRITTEN_TOGETHER, (Reason("name", text, WRITTEN_TOGETHER),), ())
    ratio = fuzz.ratio(one, other) / 100.0
    if ratio >= _TOGETHER_ALIKE:
        score = WRITTEN_TOGETHER * ratio
        text = f"alike when written together ({one}; {other})"
    elif fuzz.partial_ratio(one, other) == 100.0:
        score = _WITHIN
        text = f"one name stands within the other ({one}; {other})"
    else:
        return _NOTHING
    return Likeness(score, (Reason("name", text, score),), ())


def _said(
    one: tuple[str, ...], other: tuple[str, ...], taken: list[tuple[float, str, int, int]]
) -> str:
    whole = fuzz.token_sort_ratio(" ".join(one), " ".join(other)) / 100.0
    return (
        f"{len(taken)} of {max(len(one), len(other))} words in common"
        f" ({' '.join(one)}; {' '.join(other)}; sorted by word {whole:.2f} alike)"
    )
