from __future__ import annotations

import random
from collections.abc import Hashable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.unit.accord.twins import indices_by_listing

from baseload.accord import banzhaf_index, shapley_shubik_index
from baseload.accord import swings as counting
from baseload.errors import InputError

PERMANENT = [f"permanent {i}" for i in range(5)]
ELECTED = [f"elected {i}" for i in range(10)]


def all_three(weights: Any, quota: Any = None, **rules: Any) -> tuple[dict[Any, float], ...]:
    return (
        shapley_shubik_index(weights, quota, **rules),
        banzhaf_index(weights, quota, **rules),
        banzhaf_index(weights, quota, False, **rules),
    )


@pytest.mark.parametrize("seed", range(60))
def test_counted_indices_are_those_of_all_coalitions_listed(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(seed)
    players = [f"member {i}" for i in range(draw.randint(1, 8))]
    several: list[dict[str, Any]] = [
        {name: draw.choice([0, 1, 2, 3, 2.5, Fraction(7, 3)]) for name in players}
        for _ in range(draw.randint(1, 3))
    ]
    for weights in several:
        weights[players[0]] = 7
    if seed % 3 == 0:
        several[0] = dict.fromkeys(players, 2)
    quotas = [Fraction(draw.randint(1, 40), 40) * sum(map(Fraction, w.values())) for w in several]
    vetoes = [name for name in players if draw.random() < 0.2]
    minority = draw.choice([None, draw.randint(1, len(players))])

    def wins(coalition: frozenset[Hashable]) -> bool:
        if not coalition.issuperset(vetoes):
            return False
        if minority is not None and len(players) - len(coalition) < minority:
            return True
        return all(
            sum(Fraction(weights[str(name)]) for name in coalition) >= quota
            for weights, quota in zip(several, quotas, strict=True)
        )

    expected = indices_by_listing(players, wins)
    given: dict[str, Any] = {"vetoes": vetoes, "blocking_minority": minority}
    assert all_three(several, quotas, **given) == expected
    assert all_three(players, rule=wins) == expected
    if any(len(set(weights.values())) > 1 for weights in several):
        # The same by sorting and matching two halves.
        monkeypatch.setattr(counting, "_MOST_STATES", 0)
        assert all_three(several, quotas, **given) == expected


def test_players_who_are_alike_may_be_asked_about_in_groups() -> None:
    def wins(coalition: frozenset[str]) -> bool:
        return coalition.issuperset(PERMANENT) and len(coalition) >= 9

    members = PERMANENT + ELECTED
    weights = {**dict.fromkeys(PERMANENT, 7), **dict.fromkeys(ELECTED, 1)}
    expected = all_three(weights, 39)
    assert all_three(members, rule=wins, groups=[PERMANENT, ELECTED]) == expected
    assert all_three(members, rule=wins) == expected
    assert all_three(dict.fromkeys(members, 1), 9, vetoes=PERMANENT) == expected
    # Sixty more who are alike: 66 * 61 questions.
    more = [f"observer {i}" for i in range(60)]
    wide = all_three([*members, *more], rule=wins_without(more), groups=[PERMANENT, ELECTED, more])
    assert {name: wide[0][name] for name in members} == pytest.approx(expected[0], rel=1e-15)
    assert wide[0][more[0]] == 0.0


def wins_without(more: list[str]) -> Any:
    def wins(coalition: frozenset[str]) -> bool:
        inside = coalition.difference(more)
        return inside.issuperset(PERMANENT) and len(inside) >= 9

    return wins


def test_table_and_halves_agree_on_weights_of_millions(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(2)
    fine = {f"state {i}": draw.randint(400, 80_000) * 1000 + 1 for i in range(20)}
    coarse = {name: weight // 1000 for name, weight in fine.items()}
    by_halves = shapley_shubik_index(fine, 0.65 * sum(fine.values()))
    by_table = shapley_shubik_index(coarse, Fraction(65, 100) * sum(coarse.values()))
    assert by_halves == pytest.approx(by_table, abs=1e-3)
    monkeypatch.setattr(counting, "_MOST_STATES", 0)
    again = shapley_shubik_index(coarse, Fraction(65, 100) * sum(coarse.values()))
    assert again == by_table


def test_a_hundred_players_add_up_to_one() -> None:
    draw = random.Random(3)
    weights = {i: draw.randint(1, 9) for i in range(100)}
    index = shapley_shubik_index(weights, sum(weights.values()) // 2 + 1)
    assert sum(index.values()) == pytest.approx(1.0, abs=1e-14)
    assert len({index[i] for i in weights if weights[i] == 5}) == 1


def test_a_dictator_has_all_the_power_and_a_dummy_none() -> None:
    assert all_three({"A": 5, "B": 2, "C": 1}, 5) == (
        {"A": 1.0, "B": 0.0, "C": 0.0},
        {"A": 1.0, "B": 0.0, "C": 0.0},
        {"A": 1.0, "B": 0.0, "C": 0.0},
    )
    assert all_three({"A": 1}, 1) == ({"A": 1.0},) * 3


@pytest.mark.parametrize("one", [1, 1.0, Decimal("1"), Fraction(1), np.int64(1), np.float32(1)])
def test_weights_may_be_numbers_of_any_kind(one: Any) -> None:
    assert banzhaf_index({"A": 2 * one, "B": one, "C": one}, 3 * one) == {
        "A": 0.6,
        "B": 0.2,
        "C": 0.2,
    }


def test_decimal_quotas_are_met_as_written() -> None:
    # In binary three tenths added up are more than 0.3, and 0.1 * 3 > 0.3.
    assert shapley_shubik_index({"A": 0.1, "B": 0.1, "C": 0.1}, 0.3) == dict.fromkeys("ABC", 1 / 3)


REFUSED: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
    (({"A": 1, "B": -1}, 1), {}, r"weights\['B'\]"),
    (({"A": 1, "B": float("nan")}, 1), {}, r"weights\['B'\]"),
    (({"A": True, "B": 1}, 1), {}, r"weights\['A'\]"),
    (({"A": 1, "B": 1}, 0), {}, "a number above 0 and at most 2"),
    (({"A": 1, "B": 1}, 3), {}, "a number above 0 and at most 2"),
    (({"A": 1, "B": 1}, "1"), {}, "quota"),
    (({"A": 1, "B": 1},), {}, "quota"),
    (({"A": 0, "B": 0}, 1), {}, "quota"),
    (({}, 1), {}, "no name"),
    (([], []), {}, "0 quotas for 0 mappings"),
    (([{"A": 1}, {"A": 1}], [1]), {}, "1 quotas for 2 mappings"),
    (([{"A": 1}, {"A": 1}], 1), {}, "a list of 2 quotas"),
    (([{"A": 1}, {"B": 1}], [1, 1]), {}, "no number for A"),
    ((["A", "B"], 1), {}, "names alone go with a rule"),
    ((5, 1), {}, "a mapping"),
    (({"A": 1, "B": 1}, 1), {"vetoes": ["C"]}, "vetoes"),
    (({"A": 1, "B": 1}, 1), {"vetoes": "A"}, "names in a list"),
    (({"A": 1, "B": 1}, 1), {"blocking_minority": 0}, "a whole number from 1 to 2"),
    (({"A": 1, "B": 1}, 1), {"blocking_minority": 1.5}, "a whole number from 1 to 2"),
    (({"A": 1, "B": 1}, 1), {"groups": [["A", "B"]]}, "groups without a rule"),
    ((["A", "B"],), {"rule": 5}, "a function"),
    (([],), {"rule": len}, "no name"),
    ((["A", "B"], 1), {"rule": bool}, "beside a rule"),
    ((["A", "B"],), {"rule": bool, "vetoes": ["A"]}, "beside a rule"),
    ((["A", "B"],), {"rule": len}, "True or False"),
    ((["A", "B"],), {"rule": lambda one: not one}, "the empty coalition wins"),
    ((["A", "B"],), {"rule": lambda one: False}, "all players together lose"),
    ((list("ABC"),), {"rule": lambda one: len(one) in (1, 3)}, "never makes a coalition lose"),
    ((list("ABC"),), {"rule": lambda one: "A" in one, "groups": ["AB"]}, "names in a list"),
    ((list("ABC"),), {"rule": lambda one: "A" in one, "groups": [["A", "B"]]}, "fare differently"),
    ((list("ABC"),), {"rule": bool, "groups": [["A", "D"]]}, "'D'"),
    ((list("ABC"),), {"rule": bool, "groups": [["A"], ["A", "B"]]}, "in two groups"),
    ((range(19),), {"rule": bool}, "524288 coalitions"),
    (({i: 10**9 + i * i for i in range(37)}, 20 * 10**9), {}, "at most 36 players"),
]


@pytest.mark.parametrize(("given", "rules", "told"), REFUSED, ids=[case[2] for case in REFUSED])
def test_what_is_no_rule_is_refused_by_both_indices(
    given: tuple[Any, ...], rules: dict[str, Any], told: str
) -> None:
    for index in (shapley_shubik_index, banzhaf_index):
        with pytest.raises(InputError, match=told) as caught:
            index(*given, **rules)
        assert len(caught.value.faults) == 1
