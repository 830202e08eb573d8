"""The normal form of names."""

from __future__ import annotations

import pytest

from baseload.screening.normal import (
    given_name_forms,
    plain_words,
    readings,
    sound,
    without_legal_form,
)
from baseload.screening.transliterate import spellings


@pytest.mark.parametrize(
    "name",
    ["Журавлёв Юрий", "Хрущёв Михаил", "Цыганков Евгений", "Щукин Юлий", "Якунин Андрей", "Ельцин"],
)
def test_all_standards_of_one_language_give_one_sound(name: str) -> None:
    sounds = {one.sounds for one in readings(name, is_person=True) if "Russian" in one.standard}
    assert len(sounds) == 1


def test_customary_western_spellings_sound_like_the_standards() -> None:
    for western, standard in (
        ("Ivanoff", "ivanov"),
        ("Poutine", "putine"),
        ("Tschaikowsky", "chaikovskii"),
        ("Wladimir", "vladimir"),
        ("Yuri", "iurii"),
        ("Maxim", "maksim"),
    ):
        assert sound(western.lower()) == sound(standard)


def test_different_names_do_not_sound_alike() -> None:
    for one, other in (("petrov", "pavlov"), ("ivanov", "ivanova"), ("rosatom", "rosneft")):
        assert sound(one) != sound(other)


def test_a_legal_form_is_set_aside_in_either_script_and_length() -> None:
    for name in (
        "ООО «Ромашка»",
        "Ромашка, ООО",
        "Общество с ограниченной ответственностью Ромашка",
        "О.О.О. Ромашка",
    ):
        assert without_legal_form(name) == ("ромашка", frozenset({"limited company"}))
    assert without_legal_form("Romashka L.L.C.") == ("romashka", frozenset({"limited company"}))
    joint = frozenset({"joint-stock company"})
    for name in ("JSC Romashka", "Romashka Joint Stock Company", "AO Romashka", "PJSC Romashka"):
        assert without_legal_form(name) == ("romashka", joint)
    for name in ("АО Ромашка", "ПАТ Ромашка", "Закрытое акционерное общество Ромашка"):
        assert without_legal_form(name) == ("ромашка", joint)
    for name in ("FSUE Romashka", "State Enterprise Romashka"):
        assert without_legal_form(name)[1] == {"state enterprise"}
    assert without_legal_form("ФГУП Ромашка")[1] == {"state enterprise"}


def test_se_may_be_a_state_enterprise_or_a_european_company() -> None:
    assert without_legal_form("SE Romashka")[1] == {"state enterprise", "joint-stock company"}


def test_a_short_form_within_a_name_is_part_of_it() -> None:
    assert without_legal_form("Casa Sa Nova")[0] == "casa sa nova"


def test_a_name_that_is_only_a_legal_form_stays() -> None:
    assert without_legal_form("JSC LLC") == ("jsc llc", frozenset())
    assert without_legal_form("") == ("", frozenset())


def test_a_person_keeps_what_looks_like_a_legal_form() -> None:
    assert readings("Ao Wang", is_person=True)[0].words == ("ao", "wang")
    assert readings("Ao Wang")[0].words == ("wang",)


def test_names_without_letters_have_no_reading() -> None:
    for name in ("", " ", "«»", "—"):
        assert readings(name) == ()


def test_accents_go_and_cyrillic_letters_keep_theirs() -> None:
    assert plain_words("Gößling-Øre") == ("gossling", "ore")
    assert plain_words("ЙОД") == ("йод",)
    assert plain_words("under_score") == ("under", "score")


def test_no_given_name_is_in_two_groups_by_spelling_alone() -> None:
    forms = given_name_forms()
    for one, other in (("ivan", "igor"), ("pavel", "petr"), ("aleksandr", "aleksandra")):
        assert forms[sound(one)] != forms[sound(other)]
    for text in ("Олександр", "Александр", "Аляксандр"):
        sounds = {sound(word) for one in spellings(text) for word in plain_words(one.text)}
        assert {forms[one] for one in sounds if one in forms} == {forms[sound("alexander")]}
