"""Cyrillic names in Latin letters."""

from __future__ import annotations

import pytest

from baseload.errors import InputError
from baseload.screening.transliterate import is_cyrillic, spellings, standards, transliterate


def test_every_table_has_its_source_and_the_whole_alphabet_of_its_language() -> None:
    alphabets = {
        "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "Belarusian": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
        "any": "абвгґдеёєжзиійїклмнопрстуўфхцчшщъыьэюя",
    }
    for standard in standards():
        assert standard.source
        assert set(alphabets[standard.language]) <= standard.alphabet, str(standard)
    assert len({str(standard) for standard in standards()}) == len(standards())


def test_no_cyrillic_letter_of_a_language_is_left() -> None:
    text = "Щедрый объезд, Ёлкин и Цыпочкин съели ягоды; эхо въехало"
    for standard in standards():
        if standard.language == "Russian":
            assert not is_cyrillic(transliterate(text, standard)), str(standard)


def test_capitals_stay_capitals() -> None:
    assert transliterate("ЩУКА Щука щука", "ICAO 9303, Russian") == "SHCHUKA Shchuka shchuka"
    assert transliterate("Я", "ICAO 9303, Russian") == "Ia"
    assert transliterate("Ь", "ICAO 9303, Russian") == ""


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert transliterate("Андрии\u0306", "BGN/PCGN 1947, Russian") == "Andriy"
    assert [one.text for one in spellings("Іллі\u0308н")] == [
        one.text for one in spellings("Ілл\u0457н")
    ]


def test_a_letter_of_one_language_decides_the_language() -> None:
    assert {one.standard.split(", ")[1] for one in spellings("Ґалаґан Їжак")} == {"Ukrainian"}
    assert {one.standard.split(", ")[1] for one in spellings("Быкаў Іван")} == {"Belarusian"}
    assert {one.standard.split(", ")[1] for one in spellings("Щъыэ")} == {"Russian"}


def test_a_name_of_another_alphabet_is_spelled_by_the_table_of_last_resort() -> None:
    (only,) = spellings("Ђорђе Њ")
    assert only.text == "Dorde Nj"
    assert only.standard == "ICAO 9303"


def test_an_apostrophe_within_a_cyrillic_name_is_not_spelled() -> None:
    assert spellings("Мар'яна")[0].text == spellings("Мар’яна")[0].text == "Mariana"


def test_an_unknown_standard_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="nearest  KMU 2010, Ukrainian"):
        transliterate("а", "KMU 2011, Ukrainian")


@pytest.mark.parametrize("text", ["", " ", "123", "Ivan", "李伟", "İ", "ẞ"])
def test_what_is_not_cyrillic_stays(text: str) -> None:
    assert [one.text for one in spellings(text)] == [text]
