"""Reading exports: forms, packing, and what is damaged."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baseload.errors import InputError
from baseload.screening import Entity, Identifier, Link, read_export
from baseload.screening.entities import shares_of
from baseload.screening.export_file import ExportFile

HEADER = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers",'
    '"sanctions","phones","emails","dataset","first_seen","last_seen","last_change"'
)


def test_an_entity_is_read_with_all_that_is_compared(
    write: Callable[..., Path], made: Callable[..., Any]
) -> None:
    path = write(
        made(
            "q1",
            "Person",
            "Иван Петров",
            "Ivan Petrov",
            alias="Vanya the Quiet",
            weakAlias=["Vanya", ""],
            previousName="Ivan Sidorov",
            nationality=["RU", "ru"],
            birthDate="1962-05-12",
            innCode="77-00 1234",
            okpoCode="1",
            topics=["sanction", "role.pep"],
        )
    )
    (found,) = read_export(path)
    assert found == Entity(
        id="q1",
        schema="Person",
        caption="Иван Петров",
        names=("Иван Петров", "Ivan Petrov"),
        aliases=("Vanya the Quiet", "Ivan Sidorov"),
        weak_names=("Vanya",),
        countries=("ru",),
        identifiers=(Identifier("innCode", "77001234"),),
        birth_dates=("1962-05-12",),
        topics=("sanction", "role.pep"),
        datasets=("made_up_list",),
        first_seen="2024-01-01T00:00:00",
        last_seen="2026-11-20T06:00:00",
    )


def test_links_are_read_and_what_is_neither_is_passed_over(
    write: Callable[..., Path], made: Callable[..., Any]
) -> None:
    path = write(
        made("l1", "Ownership", owner="a", asset=["b", "c"], percentage="25-50%", endDate="2025"),
        made("l2", "Directorship", director="a", organization="b", role="chairman"),
        made("l3", "Membership", member="a", organization="b"),
        made("l4", "Ownership", owner="a"),
        made("l5", "Family", person="a", relative="b"),
        made("l6", "Address", full="Somewhere"),
    )
    assert list(read_export(path)) == [
        Link("a", "b", 0.25, "", "Ownership", 0.5, "2025"),
        Link("a", "c", 0.25, "", "Ownership", 0.5, "2025"),
        Link("a", "b", None, "chairman", "Directorship"),
        Link("a", "b", None, "", "Membership"),
    ]


def test_two_figures_of_one_stake_are_a_range(
    write: Callable[..., Path], made: Callable[..., Any]
) -> None:
    (link,) = read_export(
        write(made("l", "Ownership", owner="a", asset="b", percentage=["40", "60"]))
    )
    assert isinstance(link, Link)
    assert (link.share, link.share_at_most) == (0.4, 0.6)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("100", (1.0, 1.0)),
        ("0", (0.0, 0.0)),
        ("0.5", (0.005, 0.005)),
        ("33,3 %", (0.333, 0.333)),
        ("75% to 100%", (0.75, 1.0)),
        (">=50", (0.5, 1.0)),
        ("<25", (0.0, 0.25)),
        ("101", (None, 1.0)),
        ("60-40", (None, 1.0)),
        ("-5", (None, 1.0)),
        ("", (None, 1.0)),
        ("nan", (None, 1.0)),
    ],
)
def test_per_cent_is_read_as_it_is_written(text: str, shares: tuple[float | None, float]) -> None:
    least, most = shares_of(text)
    assert least == pytest.approx(shares[0])
    assert most == pytest.approx(shares[1])


def test_the_nested_form_has_entities_where_ids_stand(write: Callable[..., Path]) -> None:
    record = {
        "id": "l",
        "schema": "Ownership",
        "properties": {"owner": [{"id": "a", "schema": "Person"}], "asset": ["b"]},
    }
    (link,) = read_export(write(record))
    assert isinstance(link, Link)
    assert link.owner == "a"


def test_the_table_is_read_like_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "targets.simple.csv"
    row = (
        '"q1","Person","Иван Петров","Ivan Petrov;""Petrov; Ivan""","1962;1963-01-02","ru;by","",'
        '"77-001;X9","EU - travel ban","","","A list;B list","2024-01-01","2026-11-20","2026-11-01"'
    )
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    (found,) = read_export(path)
    assert isinstance(found, Entity)
    assert found.names == ("Иван Петров",)
    assert found.aliases == ("Ivan Petrov", "Petrov; Ivan")
    assert found.birth_dates == ("1962", "1963-01-02")
    assert found.countries == ("ru", "by")
    assert found.identifiers == (Identifier("", "77001"), Identifier("", "X9"))
    assert found.topics == ("sanction",)
    assert found.datasets == ("A list", "B list")
    assert found.last_seen == "2026-11-20"


def test_the_table_may_have_more_columns_and_fewer(tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text("id,schema,name,program_ids\na,Company,Romashka,X\n", encoding="utf-8")
    (found,) = read_export(path)
    assert isinstance(found, Entity)
    assert (found.caption, found.topics) == ("Romashka", ())


def test_gzip_and_a_byte_order_mark_change_nothing(
    write: Callable[..., Path], made: Callable[..., Any], tmp_path: Path
) -> None:
    path = write(made("a", "Company", "Ромашка"))
    plain = list(read_export(path))
    marked = tmp_path / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(path.read_bytes()) + gzip.compress(path.read_bytes()))
    assert list(read_export(marked)) == plain
    assert list(read_export(packed)) == plain * 2


def test_the_checksum_is_that_of_the_file_on_the_disk(
    write: Callable[..., Path], made: Callable[..., Any], tmp_path: Path
) -> None:
    path = write(*(made(str(i), "Company", f"Romashka {i}") for i in range(5000)))
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for file in (path, packed):
        export = ExportFile(file)
        assert export.sha256 == ""
        assert sum(1 for _ in export) == export.records == 5000
        assert export.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


GOOD = '{"id": "a", "schema": "Company", "properties": {"name": ["A"]}}'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"id": "a", ', "json:2  found|:2\n  found    no JSON object"),
        ("[1]", ":2\n  found    JSON that is no object"),
        ("12", "no object"),
        ('{"schema": "Company", "properties": {}}', ":2  id\n  found    nothing"),
        ('{"id": "", "schema": "Company", "properties": {}}', ":2  id\n"),
        ('{"id": "a", "schema": 3, "properties": {}}', ":2  schema\n  found    3"),
        ('{"id": "a", "schema": "Company"}', ":2  properties\n  found    nothing"),
        ('{"id": "a", "schema": "Company", "properties": []}', ":2  properties\n"),
        (
            '{"id": "a", "schema": "Company", "properties": {"name": "A"}}',
            ":2  properties.name\n  found    'A'\n  allowed  a list of texts",
        ),
        ('{"id": "a", "schema": "Person", "properties": {"alias": [1]}}', "properties.alias"),
        ('{"id": "a", "schema": "Person", "properties": {"name": [null]}}', "properties.name"),
        ('{"id": "a", "schema": "Ownership", "properties": {"owner": [1]}}', "properties.owner"),
        ('{"id": "a", "schema": "Ownership", "properties": {"owner": [{}]}}', "properties.owner"),
        ('{"id": "a", "schema": "Person", "properties": {}, "datasets": "x"}', "datasets"),
        ('{"id": "a", "schema": "Person", "properties": {}, "caption": 1}', "caption"),
    ],
)
def test_a_damaged_line_is_told_with_its_place(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "damaged.json"
    path.write_text(f"{GOOD}\n{line}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(read_export(path))
    assert any(part in str(caught.value) for part in words.split("|"))


def test_bytes_that_are_no_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.json"
    path.write_bytes(GOOD.encode() + b"\n" + GOOD.encode().replace(b'"A"', b'"\xe9"') + b"\n")
    with pytest.raises(InputError, match=r"latin\.json:2"):
        list(read_export(path))
    table = tmp_path / "latin.csv"
    table.write_bytes(b"id,schema,name\na,Company,\xe9\n")
    with pytest.raises(InputError, match=r"latin\.csv:\d+\n  found    bytes that are no UTF-8"):
        list(read_export(table))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,name\na,A\n", ":1  schema\n  found    a table without the column schema"),
        ("just some words\n", "found    a table without the column id"),
        ("id,schema,name\na,Company\n", ":2\n  found    a row of 2 cells"),
        ("id,schema,name\n,Company,A\n", ":2  id\n  found    an empty cell"),
        ('id,schema,name\na,Company,"A\n', "a row that is damaged"),
    ],
)
def test_a_damaged_table_is_told_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "damaged.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(read_export(path))
    assert words in str(caught.value)


def test_a_gzip_file_that_is_cut_off_is_told(tmp_path: Path) -> None:
    packed = gzip.compress(f"{GOOD}\n".encode() * 1000)
    path = tmp_path / "cut.gz"
    path.write_bytes(packed[:-20])
    with pytest.raises(InputError, match="cut off or damaged"):
        list(read_export(path))
    path.write_bytes(packed[:-8] + b"\0" * 8)
    with pytest.raises(InputError, match="damaged"):
        list(read_export(path))


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError, match="nothing that can be read"):
            list(read_export(path))


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    for content in (b"", b"\n\n", b"\xef\xbb\xbf"):
        path.write_bytes(content)
        assert list(read_export(path)) == []


def test_blank_lines_are_passed_over_and_counted_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "blank.json"
    path.write_text(f"\n{GOOD}\n\n{{\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"blank\.json:4"):
        list(read_export(path))
    assert json.loads(GOOD)["id"] == "a"
