"""The smallest relief, against a search through every set of acts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from tests.unit.law.law_cases import DAY, rule

from baseload.errors import InputError
from baseload.law import (
    PLANT,
    Activity,
    Relief,
    Rule,
    findings,
    shipped_rules,
    smallest_relief,
)

DEAL = Activity("invest", "United States", "Rosatom", PLANT)
PAST = date(2025, 12, 31)


def acts(activities: list[Activity], rules: list[Rule], **more: Any) -> list[tuple[str, str]]:
    found = smallest_relief(activities, rules, DAY, **more)
    return [(act.how, act.rule.name) for act in found.acts]


def test_what_is_lawful_needs_no_relief() -> None:
    assert acts([DEAL], [rule("leave", "allowed")]) == []
    assert acts([], [rule("ban")]) == []
    found = smallest_relief([DEAL], [rule("other", activity="mine")], DAY)
    assert found.count == 0 and found.silent == (DEAL,) and found.is_possible


def test_every_rule_behind_the_first_must_go_too() -> None:
    rules = [
        rule("narrow", territory=PLANT),
        rule("wide", activity="any"),
        rule("other", regime="x"),
        rule("eu", jurisdiction="EU", party="any"),
    ]
    assert acts([DEAL], rules) == [("lift", name) for name in ("narrow", "wide", "other", "eu")]
    found = smallest_relief([DEAL], rules, DAY)
    assert {key: len(value) for key, value in found.by_jurisdiction.items()} == {"US": 3, "EU": 1}
    assert found.count == 4 and found.silent == ()


def test_a_wider_permission_behind_a_ban_is_reached_by_lifting_the_ban_alone() -> None:
    rules = [rule("ban", territory=PLANT), rule("leave", "allowed")]
    assert acts([DEAL], rules) == [("lift", "ban")]


def test_what_is_unknown_must_be_settled_unless_one_is_not_strict() -> None:
    rules = [rule("open", "unknown"), rule("ban", regime="x")]
    assert acts([DEAL], rules) == [("lift", "open"), ("lift", "ban")]
    assert acts([DEAL], rules, strict=False) == [("lift", "ban")]


def test_one_licence_is_renewed_rather_than_two_bans_lifted() -> None:
    deals = [DEAL, replace(DEAL, does="finance")]
    rules = [
        rule("no-invest"),
        rule("no-finance", activity="finance"),
        rule("gl", "licence", activity="any", rank=1, until_on=PAST),
    ]
    assert acts(deals, rules) == [("renew", "gl")]
    # Of equals the licence too.
    assert acts(deals[:1], rules) == [("renew", "gl")]
    later = [*rules[:2], replace(rules[2], until_on=None, from_on=date(2027, 1, 1))]
    assert acts(deals, later) == [("bring forward", "gl")]
    for changes in ({"regime": "x"}, {"party": "EU persons"}, {"jurisdiction": "EU"}):
        elsewhere = [*rules[:2], replace(rules[2], **changes)]  # type: ignore[arg-type]
        assert acts(deals, elsewhere) == [("lift", "no-invest"), ("lift", "no-finance")]


def test_the_fewest_owners_are_delisted() -> None:
    venture = Activity("pay", "United States", "Venture")
    rules = [
        rule(f"sdn-{one.lower()}", activity="any", counterparty=one, reaches_owned=True)
        for one in "XYZ"
    ]
    owners = {"Venture": {"X": 0.4, "Y": 0.2, "Z": 0.2}}
    assert acts([venture], rules, owners=owners) == [("lift", "sdn-x")]
    owners = {"Venture": {"X": 0.3, "Y": 0.3, "Z": 0.3}}
    assert len(acts([venture], rules, owners=owners)) == 2
    # Whoever must be delisted anyway may be enough.
    deals = [venture, Activity("pay", "United States", "Z")]
    owners = {"Venture": {"X": 0.3, "Y": 0.1, "Z": 0.3}}
    assert acts(deals, rules, owners=owners) == [("lift", "sdn-z")]


def test_an_owner_with_a_licence_may_be_the_one_to_delist() -> None:
    venture = Activity("pay", "United States", "Venture")
    names = ("X", "Y", "Z")
    rules = [
        rule(f"sdn-{one.lower()}", activity="any", counterparty=one, reaches_owned=True)
        for one in names
    ]
    rules.append(
        rule("gl", "licence", activity="any", counterparty="X", rank=1, reaches_owned=True)
    )
    owners = {"Venture": {"X": 0.4, "Y": 0.15, "Z": 0.15}}
    assert acts([venture], rules, owners=owners) == [("lift", "sdn-x")]


def test_relief_in_force_is_not_asked_for_again() -> None:
    rules = [rule("ban"), rule("other", regime="x")]
    relief = [Relief("ban", date(2026, 1, 1))]
    assert acts([DEAL], rules, relief=relief) == [("lift", "other")]


def test_what_nobody_can_lift_is_said() -> None:
    rules = [rule("peremptory", lifted_by="nothing", relief="nothing")]
    assert not smallest_relief([DEAL], rules, DAY).is_possible
    assert not smallest_relief(
        [Activity("attack", "Russia", "", PLANT)], shipped_rules(), DAY
    ).is_possible


def test_contradictions_come_out_as_such() -> None:
    rules = [rule("ban", party="Russian persons"), rule("leave", "allowed", party="Miners")]
    with pytest.raises(InputError, match="where ban says"):
        smallest_relief(
            [Activity("invest", "mine")],
            rules,
            DAY,
            persons={"mine": ["Miners", "Russian persons"]},
        )
    with pytest.raises(InputError, match="strict"):
        smallest_relief([DEAL], rules, DAY, strict=1)  # type: ignore[arg-type]


def twin(activities: list[Activity], rules: list[Rule], owners: dict[str, dict[str, float]]) -> int:
    """The size of the smallest set of lifted or renewed rules that lets nothing block."""
    acts = [
        one for one in rules if one.status in ("prohibited", "unknown") or not one.in_force(DAY)
    ]
    for size in range(len(acts) + 1):
        for chosen in combinations(acts, size):
            names = {one.name for one in chosen}
            table = []
            relief = []
            for one in rules:
                if one.name in names and one.in_force(DAY):
                    relief.append(Relief(one.name, DAY, DAY, "allowed"))
                table.append(
                    replace(one, from_on=date(2020, 1, 1), until_on=None)
                    if one.name in names and not one.in_force(DAY)
                    else one
                )
            try:
                found = findings(activities, table, DAY, owners=owners, relief=relief)
            except InputError:
                continue
            if not any(one.blocking for one in found):
                return size
    raise AssertionError("nothing helps")


def test_no_smaller_set_of_acts_would_do() -> None:
    chance = random.Random(4)
    sizes = []
    renewed = 0
    for _ in range(60):
        rules: list[Rule] = []
        for number in range(7):
            licence = chance.random() < 0.35
            counterparty = chance.choice(["any", "X", "Y", "Z"])
            made = rule(
                f"r{number}",
                chance.choice(["licence", "allowed"])
                if licence
                else chance.choice(["prohibited", "prohibited", "unknown"]),
                activity=chance.choice(["any", "pay", "invest"]),
                counterparty=counterparty,
                party=chance.choice(["any", "US persons"]),
                regime=chance.choice(["a", "b"]),
                rank=chance.choice([0, 1, 2]) if licence else 0,
                until_on=PAST if licence and chance.random() < 0.6 else None,
            )
            if counterparty != "any" and made.status != "unknown":
                made = replace(made, reaches_owned=chance.random() < 0.7)
            try:
                findings([], [*rules, made], DAY)
            except InputError:
                continue
            rules.append(made)
        owners = {"Venture": {one: chance.choice([0.2, 0.25, 0.3]) for one in "XYZ"}}
        deals = [
            Activity(does, "United States", whom)
            for does in ("pay", "invest")
            for whom in chance.sample(["X", "Y", "Venture"], 2)
        ]
        persons: dict[str, list[str]] = {name: [] for name in "XYZ"}
        try:
            found = smallest_relief(deals, rules, DAY, owners=owners, persons=persons)
        except InputError:
            continue
        assert found.count == twin(deals, rules, owners)
        sizes.append(found.count)
        renewed += sum(act.how == "renew" for act in found.acts)
    assert len(sizes) > 30 and max(sizes) >= 4 and len(set(sizes)) >= 4
    assert renewed > 5
