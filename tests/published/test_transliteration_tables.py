"""Examples of the standards: resolution 55 of the Cabinet of Ministers of Ukraine of 27 January 2010,
with the table's own examples; BGN/PCGN 1947 for Russian and 1979 for Belarusian; ICAO Doc 9303 for
Belarusian; all read 2026-11-26 as tabulated.
"""

from __future__ import annotations

import pytest

from baseload.screening.transliterate import transliterate


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Алушта", "Alushta"),
        ("Андрій", "Andrii"),
        ("Борщагівка", "Borshchahivka"),
        ("Борисенко", "Borysenko"),
        ("Вінниця", "Vinnytsia"),
        ("Володимир", "Volodymyr"),
        ("Гадяч", "Hadiach"),
        ("Згурський", "Zghurskyi"),
        ("Розгон", "Rozghon"),
        ("Ґалаґан", "Galagan"),
        ("Ґорґани", "Gorgany"),
        ("Донецьк", "Donetsk"),
        ("Дмитро", "Dmytro"),
        ("Єнакієве", "Yenakiieve"),
    ],
)
def test_the_ukrainian_table_gives_its_own_examples(cyrillic: str, latin: str) -> None:
    assert transliterate(cyrillic, "KMU 2010, Ukrainian") == latin


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("ДЛИННОЕ ПОКРЫВАЛО", "DLINNOYE POKRYVALO"),
        ("Еловая шишка", "Yelovaya shishka"),
        ("В лесу еловые шишки", "V lesu yelovyye shishki"),
        ("Ёж колючий", "Yëzh kolyuchiy"),
        ("Он видел её в первый раз", "On videl yeyë v pervyy raz"),
        ("Шереметьево", "Sheremet’yevo"),
        ("Ельцин", "Yel’tsin"),
    ],
)
def test_russian_by_bgn_pcgn(cyrillic: str, latin: str) -> None:
    assert transliterate(cyrillic, "BGN/PCGN 1947, Russian") == latin


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Вілейка", "Vilyeyka"),
        ("Віцебск", "Vitsyebsk"),
        ("Гродна", "Hrodna"),
        ("Гомель", "Homyel’"),
        ("Ёдкавічы", "Yodkavichy"),
        ("Койданава", "Koydanava"),
    ],
)
def test_belarusian_by_bgn_pcgn(cyrillic: str, latin: str) -> None:
    assert transliterate(cyrillic, "BGN/PCGN 1979, Belarusian") == latin


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Бабрыковіч Аляксандр", "Babrykovich Aliaksandr"),
        ("Міховіч Марыя", "Mikhovich Maryia"),
        ("СВЯТЛАНА", "SVIATLANA"),
        ("Ігар", "Ihar"),
        ("Мікалай", "Mikalai"),
    ],
)
def test_belarusian_by_icao(cyrillic: str, latin: str) -> None:
    assert transliterate(cyrillic, "ICAO 9303, Belarusian") == latin


def test_the_russian_table_of_icao_letter_by_letter() -> None:
    letters = "А Б В Г Д Е Ё Ж З И Й К Л М Н О П Р С Т У Ф Х Ц Ч Ш Щ Ы Ъ Э Ю Я"
    latin = "A B V G D E E ZH Z I I K L M N O P R S T U F KH TS CH SH SHCH Y IE E IU IA"
    for one, two in zip(letters.split(), latin.split(), strict=True):
        assert transliterate(one, "ICAO 9303, Russian").upper() == two
