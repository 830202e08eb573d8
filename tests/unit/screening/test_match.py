"""Verdicts and the reasons for them."""

from __future__ import annotations

from typing import Any

import pytest

from baseload.errors import InputError
from baseload.screening import Counterparty, Entity, Identifier, Match, Thresholds, match_entity

PERSON = Entity(
    "p1",
    "Person",
    "Иван Петров",
    ("Иван Петров",),
    ("Ivan the Quiet",),
    ("Vanya",),
    ("ru",),
    (Identifier("innCode", "770012345678"), Identifier("passportNumber", "4509123456")),
    ("1962-05-12",),
    ("sanction",),
)
COMPANY = Entity(
    "c1",
    "Company",
    "АО Ромашка",
    ("АО Ромашка",),
    countries=("ru",),
    identifiers=(
        Identifier("ogrnCode", "1027700132195"),
        Identifier("registrationNumber", "12345"),
    ),
)


def ask(name: str, entity: Entity = PERSON, **known: Any) -> Match:
    return match_entity(Counterparty(name, **known), entity)


def said(match: Match) -> str:
    return "; ".join(reason.text for reason in (*match.reasons, *match.against))


def test_a_bare_name_in_another_script_is_very_likely() -> None:
    found = ask("Petrov Ivan")
    assert (found.verdict, found.score) == ("very likely", 1.0)
    assert not found.against


def test_never_a_score_without_a_reason() -> None:
    for name in ("Petrov Ivan", "I Petrov", "Petrova Ivan", "Ivan the Quiet", "Vanya", "Petrov"):
        found = ask(name)
        assert found.reasons
        assert found.score == pytest.approx(
            min(max(sum(one.effect for one in (*found.reasons, *found.against)), 0.0), 1.0)
        )


def test_another_birth_date_lowers_and_is_said() -> None:
    found = ask("Petrov Ivan", birth_date="1971-01-01")
    assert found.verdict == "possible"
    assert found.against[0].text == "born 1971-01-01, listed as born 1962-05-12"
    assert ask("Petrov Ivan", birth_date="1971-01-01", country="us").verdict == "unlikely"


def test_birth_dates_agree_as_far_as_they_are_known() -> None:
    for birth_date in ("1962", "1962-05", "1962-05-12"):
        assert "agrees" in said(ask("Petrov I", birth_date=birth_date))
    assert "day and month exchanged" in said(ask("Petrov Ivan", birth_date="1962-12-05"))
    assert "agrees" not in said(ask("Petrov Ivan", birth_date="1962-06"))


def test_the_closest_of_several_birth_dates_counts() -> None:
    twice = Entity("p2", "Person", "Ivan Petrov", ("Ivan Petrov",), birth_dates=("1950", "1971-02"))
    assert "agrees" in said(ask("Ivan Petrov", twice, birth_date="1971-02-03"))


def test_the_country_agrees_or_contradicts() -> None:
    assert "the country agrees: ru" in said(ask("Petrov Ivan", country="RU"))
    found = ask("Petrov Ivan", country="us")
    assert found.score == pytest.approx(0.9)
    assert "country us, listed: ru" in said(found)
    past = Entity("p3", "Person", "Ivan Petrov", ("Ivan Petrov",), countries=("suhh",))
    assert ask("Ivan Petrov", past, country="ua").score == 1.0


def test_an_equal_identifier_beats_names() -> None:
    found = ask("Nobody Atall", identifiers=["inn:77-0012345678"])
    assert found.verdict == "same identifier"
    assert found.reasons[0].text == "the same identifier: innCode 770012345678"
    assert "the names are not alike" in said(found)
    assert found.score == pytest.approx(0.8)
    same_name = ask("Petrov Ivan", identifiers=["770012345678"])
    assert (same_name.verdict, same_name.score) == ("same identifier", 1.0)


def test_a_contradiction_is_said_even_beside_an_equal_identifier() -> None:
    found = ask("Petrov Ivan", identifiers=["passport:4509123456"], birth_date="1990")
    assert found.verdict == "same identifier"
    assert found.score == pytest.approx(0.7)
    assert "born 1990, listed as born 1962-05-12" in said(found)


def test_another_number_of_a_unique_kind_lowers() -> None:
    found = ask("Petrov Ivan", identifiers=["inn:770099999999"])
    assert found.score == pytest.approx(0.75)
    assert "another innCode: 770099999999; listed 770012345678" in said(found)
    # A person may have two passports.
    assert ask("Petrov Ivan", identifiers=["passport:4510000000"]).score == 1.0


def test_a_short_number_or_one_of_another_country_does_not_identify() -> None:
    found = ask("Romashka", COMPANY, identifiers=["edrpou:12345"])
    assert found.verdict != "same identifier"
    assert "too short to identify" in said(found)
    abroad = ask("Nobody Atall", PERSON, identifiers=["passport:4509123456"], country="us")
    assert abroad.verdict == "unlikely"
    assert "of another country" in said(abroad)


def test_one_number_under_two_kinds_is_the_same() -> None:
    found = ask("Romashka", COMPANY, identifiers=["edrpou:1027700132195"])
    assert found.verdict == "same identifier"


def test_jsc_and_ao_are_one_legal_form_and_ooo_is_another() -> None:
    assert "legal form" not in said(ask("Romashka JSC", COMPANY))
    assert ask("Romashka JSC", COMPANY).score == 1.0
    found = ask("OOO Romashka", COMPANY)
    assert found.score == pytest.approx(0.95)
    assert "limited company, listed as joint-stock company" in said(found)
    assert "legal form" not in said(ask("Romashka", COMPANY))


def test_an_alias_is_said_and_a_weak_one_is_no_ground() -> None:
    found = ask("Ivan the Quiet")
    assert found.name == "Ivan the Quiet"
    assert "an alias of Иван Петров" in said(found)
    weak = Entity("p4", "Person", "Ivan Petrov", ("Ivan Petrov",), weak_names=("The Quiet One",))
    assert ask("The Quiet One", weak).verdict == "unlikely"
    assert "no ground to match" in said(ask("The Quiet One", weak))


def test_a_person_is_no_organisation() -> None:
    found = ask("Ivan Petrov", kind="organisation")
    assert "asked for: organisation, listed as: Person" in said(found)
    assert found.score == pytest.approx(0.75)


def test_thresholds_move_the_verdict() -> None:
    asked = Counterparty("Petrov Ivan", country="us")
    assert match_entity(asked, PERSON).verdict == "very likely"
    assert match_entity(asked, PERSON, Thresholds(0.95, 0.7)).verdict == "possible"
    assert match_entity(asked, PERSON, Thresholds(0.95, 0.92)).verdict == "unlikely"


@pytest.mark.parametrize(
    ("very_likely", "possible"),
    [(0.5, 0.6), (1.1, 0.5), (0.9, 0.0), (float("nan"), 0.5), (True, 0.5), ("0.9", 0.5)],
)
def test_thresholds_out_of_range_or_order_are_refused(very_likely: Any, possible: Any) -> None:
    with pytest.raises(InputError):
        Thresholds(very_likely, possible)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"name": " "}, "name"),
        ({"name": 3}, "name"),
        ({"name": "x" * 501}, "501 characters"),
        ({"country": "uk"}, "nearest  gb"),
        ({"country": "Russia"}, "two letters"),
        ({"birth_date": "1962-13"}, "birth_date"),
        ({"birth_date": "12.05.1962"}, "1962-05-12"),
        ({"kind": "persn"}, "nearest  person"),
        ({"identifiers": "77"}, "a list of texts"),
        ({"identifiers": ["in:77"]}, "nearest  inn"),
        ({"identifiers": ["inn:"]}, "identifiers"),
        ({"identifiers": [77]}, "identifiers"),
    ],
)
def test_what_cannot_be_known_of_a_counterparty_is_refused(
    known: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        Counterparty(**{"name": "Ivan Petrov", **known})
