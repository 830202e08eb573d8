"""A whole screening of a synthetic export."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baseload.errors import InputError
from baseload.screening import Counterparty, Screening, screen

Write = Callable[..., Path]
Made = Callable[..., Any]


def found_ids(found: Screening, number: int = 0) -> list[str]:
    return [match.entity.id for match in found.results[number].matches]


@pytest.fixture
def export(write: Write, made: Made) -> Path:
    return write(
        made("own1", "Ownership", owner="p1", asset="h1", percentage="60"),
        made("p1", "Person", "Иван Петров", birthDate="1962-05-12", topics="sanction"),
        made("p2", "Person", "Ivan Petrov", birthDate="1990", topics="role.pep"),
        made("p3", "Person", "Ирина Петрова", topics="sanction"),
        made("h1", "Company", "Holding Lutik", jurisdiction="cy"),
        made("c1", "Company", "АО Ромашка", innCode="7706664260", jurisdiction="ru"),
        made("own2", "Ownership", owner="h1", asset="c1", percentage="50"),
        made("dir1", "Directorship", director="p3", organization="c1", role="director"),
        made("pass1", "Passport", holder="p2", number="45 09 123456"),
        made("a1", "Address", full="Somewhere", seen="2030-01-01"),
        made("v1", "Vessel", "Petrov", dataset="ships", seen="2026-10-01T00:00:00"),
    )


def test_a_screening_says_in_what_it_searched(export: Path) -> None:
    found = screen(["Petrov Ivan"], export, on=date(2026, 11, 26))
    assert found.sha256 == hashlib.sha256(export.read_bytes()).hexdigest()
    assert (found.records, found.entities, found.links, found.sanctioned) == (11, 6, 3, 2)
    assert found.data_date == "2026-11-20"
    assert found.datasets == {"made_up_list": "2026-11-20", "ships": "2026-10-01"}
    assert found.screened_on == "2026-11-26"
    assert found.engine.startswith("rapidfuzz ")
    assert found.notes == ()


def test_all_namesakes_are_found_and_said_to_be_several(export: Path) -> None:
    found = screen("Petrov Ivan", export)
    assert found_ids(found) == ["p1", "p2", "v1"]
    for match in found.results[0].matches:
        assert "2 entities of the export have this name" in [one.text for one in match.against]


def test_a_birth_date_parts_namesakes(export: Path) -> None:
    found = screen(Counterparty("Petrov Ivan", birth_date="1962-05-12"), export)
    first, *others = found.results[0].matches
    assert (first.entity.id, first.verdict) == ("p1", "very likely")
    assert {one.entity.id: one.verdict for one in others}["p2"] == "possible"


def test_owners_of_owners_are_followed_and_named(export: Path) -> None:
    found = screen(Counterparty("Romashka JSC", "ru"), export)
    (match,) = found.results[0].matches
    assert match.ownership is not None
    assert match.ownership.owned == "yes"
    assert match.ownership.share_at_least == 0.5
    assert [link.owner for link in match.ownership.links] == ["h1", "p1"]
    assert [link.owner for link in match.ownership.other_links] == ["p3"]
    assert found.captions["h1"] == "Holding Lutik"
    assert found.captions["p1"] == "Иван Петров"
    stricter = screen(Counterparty("Romashka JSC", "ru"), export, owned_share=0.51)
    (match,) = stricter.results[0].matches
    assert match.ownership is not None
    assert match.ownership.owned == "no"


def test_an_identifier_finds_whom_no_name_finds(export: Path) -> None:
    found = screen(Counterparty("Something Else", identifiers=["inn:7706664260"]), export)
    assert [(one.entity.id, one.verdict) for one in found.results[0].matches] == [
        ("c1", "same identifier")
    ]


def test_the_holder_of_a_document_is_found_by_its_number(export: Path) -> None:
    nameless = screen(Counterparty("Something Else", identifiers=["4509 123456"]), export)
    assert [(one.entity.id, one.verdict) for one in nameless.results[0].matches] == [
        ("p2", "same identifier")
    ]
    named = screen(Counterparty("Petrov Ivan", identifiers=["4509 123456"]), export)
    assert found_ids(named)[0] == "p2"
    assert len(found_ids(named)) == len(set(found_ids(named)))
    assert named.results[0].left_out == 0


def test_at_least_and_limit_choose_what_is_told(export: Path) -> None:
    assert found_ids(screen("Petrov Ivan", export, at_least="very likely")) == ["p1", "p2"]
    limited = screen("Petrov Ivan", export, limit=1)
    assert (found_ids(limited), limited.results[0].left_out) == (["p1"], 2)
    assert len(found_ids(screen("Petrov Ivan", export, at_least="unlikely"))) >= 3


def test_a_limit_keeps_the_best_of_many(write: Write, made: Made) -> None:
    many = [made(f"m{i:03}", "Person", "Ivan Petrov", nationality="by") for i in range(200)]
    path = write(*many, made("z", "Person", "Ivan Petrov", nationality="ru"))
    found = screen(Counterparty("Ivan Petrov", "ru"), path, limit=3)
    assert found_ids(found) == ["z", "m000", "m001"]
    assert found.results[0].left_out == 198


def test_the_order_of_the_file_does_not_matter(export: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.json"
    lines = export.read_text(encoding="utf-8").splitlines()
    turned.write_text("\n".join(reversed(lines)), encoding="utf-8")
    asked = [Counterparty("Petrov Ivan", identifiers=["4509123456"]), Counterparty("Romashka")]
    one, other = screen(asked, export), screen(asked, turned)
    assert one.results == other.results
    assert one.sha256 != other.sha256


def test_several_names_are_answered_in_their_order_and_once_each(export: Path) -> None:
    found = screen(["Romashka", "Nobody Atall", "Petrov Ivan", "Romashka"], export)
    assert [one.counterparty.name for one in found.results] == [
        "Romashka",
        "Nobody Atall",
        "Petrov Ivan",
    ]
    assert found.results[1].matches == ()


def test_an_export_without_links_sanctions_or_date_says_so(write: Write) -> None:
    path = write({"id": "a", "schema": "Company", "properties": {"name": ["Romashka"]}})
    notes = " ".join(screen("Romashka", path).notes)
    for words in ("has no links", "marked as under sanctions", "of what date"):
        assert words in notes


def test_an_entity_with_only_a_caption_is_found(write: Write) -> None:
    path = write({"id": "a", "schema": "Company", "caption": "Romashka", "properties": {}})
    assert found_ids(screen("Romashka", path)) == ["a"]


def test_an_export_without_entities_is_refused(write: Write, made: Made, tmp_path: Path) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text("")
    for path in (empty, write(made("a", "Address"))):
        with pytest.raises(InputError, match="no person or organisation among them"):
            screen("Romashka", path)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"counterparties": []}, "at least one"),
        ({"counterparties": 3}, "names or counterparties"),
        ({"counterparties": [""]}, "name"),
        ({"at_least": "posible"}, "nearest  possible"),
        ({"at_least": None}, "at_least"),
        ({"limit": 0}, "from 1 to 1,000"),
        ({"limit": True}, "limit"),
        ({"engine": "nomenclatura"}, "nearest  nomenklatura"),
        ({"owned_share": 0.0}, "threshold"),
    ],
)
def test_arguments_out_of_range_are_refused(
    export: Path, known: dict[str, Any], words: str
) -> None:
    arguments: dict[str, Any] = {"counterparties": "Romashka", "export_path": export, **known}
    with pytest.raises(InputError, match=words):
        screen(**arguments)


def test_plain_values_hold_everything(export: Path) -> None:
    plain = screen("Petrov Ivan", export).as_dict()
    assert plain["found"] == 3
    first = plain["results"][0]["matches"][0]
    assert first["reasons"][0]["text"].startswith("the same words in another order")
    assert plain["thresholds"] == {"very_likely": 0.9, "possible": 0.7}
