"""The reader of tables that demands a source and a date on every row."""

from datetime import date
from pathlib import Path

import pytest

from baseload.sources import SourceError, read_sourced, says_where_from

HEADER = "key,value,source,read_on,note\n"


def table(folder: Path, text: str) -> Path:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_carries_its_source_its_date_and_its_place(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + 'net_mw, 950 ,"PRIS, UKR-13",2026-01-31,per unit\n')
    (row,) = read_sourced(path, ["key", "value"])
    assert row.number("value") == 950
    assert row.text("key") == "net_mw"
    assert (row.source, row.read_on, row.note) == ("PRIS, UKR-13", date(2026, 1, 31), "per unit")
    assert row.place == "figures.csv:2"
    assert not row.is_assumed


def test_an_assumption_says_so(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + "a,1,assumed: no figure is published,2026-01-31,\n")
    assert read_sourced(path)[0].is_assumed


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,1,,2026-01-31,", r"figures\.csv:3  source: found an empty cell"),
        ("a,1,  ,2026-01-31,", r"figures\.csv:3  source: found an empty cell"),
        ("a,1,assumed: ,2026-01-31,", r"figures\.csv:3  source: found 'assumed:'"),
        ("a,1,PRIS,,", r"figures\.csv:3  read_on: found ''"),
        ("a,1,PRIS,January,", r"figures\.csv:3  read_on: found 'January'"),
        ("a,1,PRIS", r"figures\.csv:3  found a row that has not 5 cells"),
        ("a,1,PRIS,2026-01-31,,more", r"figures\.csv:3  found a row that has not 5 cells"),
    ],
)
def test_a_row_without_source_or_date_is_refused_with_its_line(
    tmp_path: Path, row: str, message: str
) -> None:
    path = table(tmp_path, HEADER + "good,1,PRIS,2026-01-31,\n" + row + "\n")
    with pytest.raises(SourceError, match=message):
        read_sourced(path)


@pytest.mark.parametrize("missing", ["source", "read_on", "key"])
def test_a_table_without_a_demanded_column_is_refused(tmp_path: Path, missing: str) -> None:
    header = HEADER.replace(missing, "other")
    with pytest.raises(SourceError, match=f"no column '{missing}'"):
        read_sourced(table(tmp_path, header), ["key"])


@pytest.mark.parametrize("cell", ["", "many", "nan", "inf"])
def test_a_cell_that_is_no_finite_number_is_refused_with_its_line(
    tmp_path: Path, cell: str
) -> None:
    path = table(tmp_path, HEADER + f"a,{cell},PRIS,2026-01-31,\n")
    with pytest.raises(SourceError, match=r"figures\.csv:2  value: found"):
        read_sourced(path)[0].number("value")


def test_an_empty_cell_may_be_read_as_none(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + "a,,PRIS,2026-01-31,\n")
    assert read_sourced(path)[0].number_or_none("value") is None
    with pytest.raises(SourceError, match="empty cell"):
        read_sourced(path)[0].text("value")


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("Annual report, 2025", True),
        ("read 1999", True),
        ("Annual report, 12025", False),
        ("Annual report, 1875", False),
        ("Annual report", False),
        ("", False),
        ("assumed: as others do", True),
        ("assumed: in 2025", False),
        ("assumed:", False),
        (" assumed: as others do", False),
    ],
)
def test_a_source_names_its_year_or_says_why_in_three_words(text: str, sound: bool) -> None:
    assert says_where_from(text) is sound
