"""The index against comparing everything: it may pass over nothing that is a match."""

from __future__ import annotations

import random

import pytest

from baseload.screening import Counterparty, Entity, match_entity
from baseload.screening.index import NameIndex, skeletons
from baseload.screening.match import Prepared
from baseload.screening.transliterate import spellings

GIVEN = ["Иван", "Владимир", "Сергей", "Ольга", "Игорь", "Юлия", "Хасан", "Ким", "Гоги"]
SURNAMES = ["Журавлёв", "Цыганков", "Хрущёв", "Щукин", "Яковлева", "Ли", "Гога", "Дзержинский"]
COMPANIES = ["Росэнерго Атом", "Ромашка", "Нефтегазстрой", "Торговый дом Хоккей", "Банк Юг"]


def written(name: str, draws: random.Random) -> str:
    """One of the ways in which a name is met."""
    text = draws.choice([name, *(one.text for one in spellings(name))])
    words = text.split()
    if draws.random() < 0.3:
        draws.shuffle(words)
    if draws.random() < 0.3:
        place = draws.randrange(len(words))
        word = words[place]
        if len(word) > 5:
            cut = draws.randrange(1, len(word))
            words[place] = word[:cut] + word[cut + 1 :]
    if draws.random() < 0.2:
        words = ["".join(words[:2]), *words[2:]]
    return " ".join(words)


def test_the_index_passes_over_no_likely_match_and_hardly_a_possible_one() -> None:
    draws = random.Random(5)
    people = [f"{one} {two}" for one in GIVEN for two in SURNAMES]
    names = [(name, "Person") for name in people] + [(name, "Company") for name in COMPANIES]
    checked = {"very likely": 0, "possible": 0}
    missed = dict(checked)
    for _ in range(100):
        name, _ = draws.choice(names)
        question = Prepared(Counterparty(written(name, draws)))
        index = NameIndex([question])
        for other, schema in names:
            listed = written(other, draws)
            verdict = match_entity(question, Entity("e", schema, listed, (listed,))).verdict
            if verdict != "unlikely":
                checked[verdict] += 1
                missed[verdict] += index.questions_for([listed]) != {0}
    assert checked["very likely"] > 50
    assert checked["possible"] > 3
    assert missed["very likely"] == 0
    # Names with a letter left out, two words written together and another ending at once.
    assert missed["possible"] <= 0.02 * sum(checked.values())


def test_the_index_passes_over_nearly_everything_else() -> None:
    index = NameIndex([Prepared(Counterparty("Shchukin Vladimir Petrovich"))])
    others = [f"{one} {two}" for one in GIVEN for two in SURNAMES if two != "Щукин"]
    assert sum(bool(index.questions_for([other])) for other in others) == 0
    assert index.questions_for(["Щукин Владимир"]) == {0}


@pytest.mark.parametrize("name", ["Гоги Гога", "Oo", "7", "Ii Yy", "A. A."])
def test_a_name_without_consonants_that_count_is_found(name: str) -> None:
    index = NameIndex([Prepared(Counterparty(name))])
    assert index.questions_for([name]) == {0}


def test_a_name_with_a_line_break_is_found() -> None:
    index = NameIndex([Prepared(Counterparty("Ivan Shchukin"))])
    assert index.questions_for(["nobody", "Ivan\nShchukin"]) == {0}
    assert index.questions_for([]) == set()
    assert index.questions_for([""]) == set()


def test_the_skeleton_of_a_name_is_nearly_the_same_in_both_scripts() -> None:
    for name in (*GIVEN, *SURNAMES):
        for one in spellings(name):
            (a,), (b,) = skeletons(name) or [""], skeletons(one.text) or [""]
            assert abs(len(a) - len(b)) <= 1
