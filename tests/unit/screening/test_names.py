"""How alike two names are, and what is said of it."""

from __future__ import annotations

import pytest

from baseload.screening.names import Likeness, likeness
from baseload.screening.normal import readings


def alike(one: str, other: str, is_person: bool | None = True) -> Likeness:
    person = bool(is_person)
    return likeness(readings(one, person), readings(other, person), is_person)


def said(found: Likeness) -> str:
    return "; ".join(reason.text for reason in (*found.reasons, *found.against))


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("Ivan Ivanov", "Ivan Ivanov", "the same name"),
        ("Ivan Ivanov", "IVANOV, Ivan", "the same words in another order"),
        ("Ivan Ivanov", "Иванов Иван", "after transliteration by ICAO 9303, Russian"),
        ("Yuriy Shchukin", "Щукин Юрий", "after transliteration by BGN/PCGN 1947, Russian"),
        ("Serhii Yizhak", "Сергій Їжак", "after transliteration by KMU 2010, Ukrainian"),
        ("Ivan Ivanoff", "Иванов Иван", "spelled by different standards"),
        ("Журавлев Иван", "Zhuravlyov Ivan", "transliteration by"),
    ],
)
def test_one_name_is_found_the_same_however_it_is_written(one: str, other: str, words: str) -> None:
    for a, b in ((one, other), (other, one)):
        found = alike(a, b)
        assert found.value >= 0.97
    assert words in said(alike(one, other)) or "different standards" in said(alike(one, other))


def test_likeness_does_not_depend_on_the_side() -> None:
    names = [
        "Ivan Ivanov",
        "I. Ivanov",
        "Ivan Petrovich Ivanov",
        "Ivanova Ivana",
        "Ivan",
        "Petr Iv",
    ]
    for one in names:
        for other in names:
            assert alike(one, other).value == pytest.approx(alike(other, one).value, abs=1e-12)


def test_a_surname_of_the_other_sex_is_no_very_likely_match() -> None:
    for one, other in (
        ("Ivan Ivanov", "Ivan Ivanova"),
        ("Khodorkovskiy Sasha", "Khodorkovskaya Sasha"),
        ("Aleksandr Ivanov", "Aleksandra Ivanova"),
    ):
        found = alike(one, other)
        assert "names of different sexes" in said(found)
        assert found.value < 0.85
    assert alike("Aleksandr Ivanov", "Aleksandra Ivanova").value < 0.7


def test_the_sexes_of_organisations_do_not_matter() -> None:
    assert "sexes" not in said(alike("Romanov Trade House", "Romanova Trade House", False))


def test_short_names_are_the_same_or_nothing() -> None:
    assert alike("Li Yu", "Lu Yi").value == 0.0
    found = alike("Li Yu", "Yu Li")
    assert found.value == pytest.approx(0.85)
    assert "so short a name has many bearers" in said(found)


def test_one_word_in_common_is_possible_at_most() -> None:
    assert alike("Ivanov", "Ivan Ivanov").value <= 0.8
    assert "only one word in common: ivanov" in said(alike("Ivanov", "Ivan Ivanov"))
    assert alike("Petr Ivanov", "Pavel Ivanov").value < 0.7
    assert alike("Vladimir", "Vladimir Petrov").value <= 0.6
    assert alike("Madonnina", "Madonnina").value <= 0.8


def test_an_initial_says_little() -> None:
    found = alike("I. Ivanov", "Ivan Ivanov")
    assert found.value <= 0.85
    assert "i and ivan have one initial" in said(found)
    assert alike("P. Ivanov", "Ivan Ivanov").value < found.value
    assert alike("I. I.", "Ivan Igorev").value == 0.0


def test_given_names_of_neighbours_are_forms_of_one() -> None:
    found = alike("Volodymyr Melnychuk", "Vladimir Melnychuk")
    assert "volodymyr and vladimir are forms of one given name" in said(found)
    assert 0.9 < found.value < 1.0


def test_a_patronymic_on_one_side_is_told_and_costs_little() -> None:
    found = alike("Vladimir Petrov", "Vladimir Sergeevich Petrov")
    assert "only in the name listed: sergeevich" in said(found)
    assert 0.8 < found.value < 0.95
    other = alike("Vladimir Ilich Petrov", "Vladimir Sergeevich Petrov")
    assert other.value < found.value


def test_words_written_together_are_the_same_name() -> None:
    found = alike("Rosenergo Atom", "Rosenergoatom", False)
    assert found.value == pytest.approx(0.95)
    assert "written together" in said(found)


def test_a_word_that_goes_on_is_another_word() -> None:
    assert alike("Gazprom", "Gazprombank", False).value == 0.0


def test_common_words_in_common_say_little() -> None:
    assert alike("Atom Bank", "Atom Group", False).value < 0.7
    assert alike("Trading Company Energy", "Energy Group Company", False).value < 0.7
    assert alike("Bank Group", "Group Bank", False).value <= 0.8


def test_numbers_are_no_misprints_of_each_other() -> None:
    assert alike("Plant Unit 3", "Plant Unit 4", False).value < 0.7
    assert alike("Romashka 2014", "Romashka 2015", False).value < 0.75


def test_no_readings_have_nothing_in_common() -> None:
    assert likeness((), readings("Ivan")).value == 0.0
    assert likeness((), ()).value == 0.0


def test_the_first_reason_carries_the_score() -> None:
    for one, other in (("Ivan Ivanov", "Ivanov Ivan"), ("Petr Kuznecov", "Petrov Kuznetsov")):
        found = alike(one, other)
        assert found.reasons[0].effect == found.score
        assert sum(reason.effect for reason in found.reasons) == pytest.approx(found.score)
