"""`baseload screen`: what it prints and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


def record(id_: str, schema: str, **properties: list[str]) -> dict[str, Any]:
    return {
        "id": id_,
        "schema": schema,
        "properties": properties,
        "datasets": ["made_up_list"],
        "last_seen": "2026-11-20T06:00:00",
    }


@pytest.fixture
def export(tmp_path: Path) -> str:
    records = [
        record("p1", "Person", name=["Иван Петров"], topics=["sanction"], birthDate=["1962"]),
        record("c1", "Company", name=["АО Ромашка"], alias=["Romashka"], country=["ru"]),
        record("l1", "Ownership", owner=["p1"], asset=["c1"], percentage=["25-60"]),
        record("l2", "Directorship", director=["p1"], organization=["c1"], role=["chairman"]),
    ]
    path = tmp_path / "entities.ftm.json"
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in records)
    path.write_text(lines, encoding="utf-8")
    return str(path)


def test_matches_are_told_with_what_speaks_for_and_against(command: Command, export: str) -> None:
    outcome = command(
        "screen", "Petrov Ivan", "--against", export, "--birth-date", "1971", "--kind", "person"
    )
    assert outcome.code == 0, outcome.err
    assert max(map(len, outcome.out.replace(export, "export").splitlines())) <= 80
    words = " ".join(outcome.out.split())
    for part in (
        "Petrov Ivan (person, born 1971)",
        "possible (0.70): Иван Петров, Person, p1",
        "for the same words in another order",
        "against born 1971, listed as born 1962 (-0.30)",
        "listed sanction, in made_up_list",
        "2 entities as of 2026-11-20, 1 of them under sanctions, 2 links",
        "very likely from 0.9 on, possible from 0.7 on",
    ):
        assert part in words
    assert outcome.out.splitlines()[-1] == (
        "A match is a reason to look, not a finding; no match is no clearance."
    )


def test_what_sanctioned_owners_hold_is_told(command: Command, export: str) -> None:
    words = " ".join(command("screen", "Romashka JSC", "--against", export).out.split())
    assert "by sanctioned entities: 25 % to 60 %, cannot tell whether half or more" in words
    assert "Иван Петров owns 25 to 60 % of АО Ромашка" in words
    assert "Иван Петров is in АО Ромашка (chairman), Directorship: no ownership" in words


def test_nothing_found_is_said_with_what_was_searched(command: Command, export: str) -> None:
    outcome = command("screen", "Nobody Atall", "--against", export)
    assert outcome.code == 0
    assert "nothing found that is at least possible, in 2 entities as of 2026-11-20" in outcome.out
    assert outcome.out.splitlines()[-1].startswith("A match is a reason to look")


def test_json_has_everything_and_repeats(command: Command, export: str) -> None:
    asked = ("screen", "Romashka", "--against", export, "--country", "ru", "--json")
    first, second = command(*asked), command(*asked)
    assert first.out == second.out
    found = json.loads(first.out)
    (result,) = found["results"]
    assert result["counterparty"]["country"] == "ru"
    assert result["matches"][0]["entity"]["id"] == "c1"
    assert result["matches"][0]["ownership"]["owned"] == "cannot tell"
    assert len(found["sha256"]) == 64
    assert found["closing"].startswith("A match is a reason to look")


def test_a_table_of_names_is_screened_beside_those_of_the_line(
    command: Command, export: str, tmp_path: Path
) -> None:
    table = tmp_path / "names.csv"
    table.write_text("name,country\nRomashka,ru\n")
    outcome = command("screen", "Petrov Ivan", "--names", str(table), "--against", export)
    assert "very likely (1.00): Иван Петров" in outcome.out
    assert "Romashka (ru)" in outcome.out


def test_matches_beyond_the_limit_are_counted(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    lines = [json.dumps(record(str(i), "Company", name=["Romashka"])) for i in range(5)]
    path.write_text("\n".join(lines))
    outcome = command("screen", "Romashka", "--against", str(path), "--limit", "2")
    assert "and 3 more; --limit shows them" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no NAME"),
        (("A", "B", "--identifier", "1"), "one NAME, whose numbers they are"),
        (("A", "--country", "uk"), "nearest  gb"),
        (("A", "--at-least", "likely"), "at_least"),
        (("A", "--limit", "0"), "--limit"),
        (("A", "--engine", "x"), "engine"),
        (("--names", "none.csv"), "nothing that can be read"),
    ],
)
def test_bad_arguments_are_one_clear_error(
    command: Command, export: str, arguments: tuple[str, ...], words: str
) -> None:
    outcome = command("screen", "--against", export, *arguments)
    assert outcome.code == 2
    assert words in outcome.err
    assert "Traceback" not in outcome.err


def test_a_damaged_export_is_told_with_its_line(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "damaged.json"
    path.write_text('{"id": "a", "schema": "Company", "properties": {"name": "A"}}')
    outcome = command("screen", "A", "--against", str(path))
    assert outcome.code == 2
    assert "damaged.json:1  properties.name" in outcome.err
    assert command("screen", "A").code == 2
