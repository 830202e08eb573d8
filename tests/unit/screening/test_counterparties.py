"""Tables of counterparties."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseload.errors import InputError
from baseload.screening import Counterparty, read_counterparties


def test_a_table_gives_counterparties_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "name,country,identifiers,birth_date,kind\n"
        "Ромашка,RU,inn:7706664260; ogrn:1027700132195,,organisation\n"
        "Ivan  Petrov,,,1962,person\n",
        encoding="utf-8-sig",
    )
    assert read_counterparties(path) == (
        Counterparty(
            "Ромашка", "ru", ["inn:7706664260", " ogrn:1027700132195"], None, "organisation"
        ),
        Counterparty("Ivan Petrov", None, [], "1962", "person"),
    )


def test_a_table_of_names_alone_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name\nRomashka\n")
    assert read_counterparties(path) == (Counterparty("Romashka"),)


def test_all_faulty_rows_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,country\n,ru\nRomashka,uk\nLutik,ru\nA,b,c\n")
    with pytest.raises(InputError) as caught:
        read_counterparties(path)
    assert [fault.line for fault in caught.value.faults] == [2, 3, 5]
    assert "nearest  gb" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,contry\nA,ru\n", "nearest  country"),
        ("country\nru\n", "no column 'name'"),
        ("name\n", "no counterparty"),
        ("", "no counterparty"),
        ('name\n"A\n', "no CSV"),
    ],
)
def test_a_table_of_another_form_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "names.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_counterparties(path)


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing that can be read"):
        read_counterparties(tmp_path / "none.csv")
