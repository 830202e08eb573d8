from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from tests.unit.accord.twins import Values, coalitions, everyone, game, names, short

from baseload.accord import (
    core_certificate,
    core_is_empty,
    core_is_empty_by_draw,
    is_in_core,
    least_core,
    prenucleolus,
)
from baseload.errors import InputError

MAJORITY = game(names(3), lambda one: int(len(one) >= 2))


def least_excess_by_programme(values: Values) -> float:
    players = sorted(everyone(values))
    proper = [one for one in coalitions(players) if len(one) < len(players)]
    found = linprog(
        [0.0] * len(players) + [1.0],
        A_ub=[[-float(name in one) for name in players] + [-1.0] for one in proper],
        b_ub=[-float(values[one]) for one in proper],
        A_eq=[[1.0] * len(players) + [0.0]],
        b_eq=[float(values[frozenset(players)])],
        bounds=[(None, None)] * (len(players) + 1),
    )
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("players", [2, 3, 5, 7])
def test_the_least_core_and_its_proofs_agree_with_a_programme_in_floats(players: int) -> None:
    draw = random.Random(players)
    empty = 0
    for _ in range(12):
        values = game(names(players), lambda one: draw.randint(0, 5 * len(one)))
        values[frozenset(names(players))] += draw.randint(0, 6 * players)
        epsilon, payoff = least_core(values)
        assert epsilon == pytest.approx(least_excess_by_programme(values), abs=1e-9)
        assert payoff == prenucleolus(values)
        worst = max(
            values[one] - sum(payoff[name] for name in one)
            for one in coalitions(names(players))
            if len(one) < players
        )
        assert worst == pytest.approx(epsilon, abs=1e-12)
        proof = core_certificate(values)
        assert proof.is_empty == core_is_empty(values) == (epsilon > 0)
        if proof.is_empty:
            empty += 1
            assert proof.payoff is None
            check_balanced(proof.collection, values)
        else:
            assert proof.collection is None
            assert proof.payoff is not None
            assert is_in_core(proof.payoff, values)
    assert 0 < empty < 12


def check_balanced(collection: Any, values: Values) -> None:
    players = everyone(values)
    assert min(collection.values()) > 0
    for name in players:
        assert sum(weight for one, weight in collection.items() if name in one) == 1
    worth = sum(weight * values[one] for one, weight in collection.items())
    assert worth > values[players]


def test_a_majority_of_three_has_no_core_and_two_thirds_of_a_half_lack() -> None:
    assert least_core(MAJORITY).epsilon == 1 / 3
    proof = core_certificate(MAJORITY)
    assert proof.collection == dict.fromkeys(
        [frozenset("AB"), frozenset("AC"), frozenset("BC")], Fraction(1, 2)
    )
    assert (proof.collection_worth, proof.together_worth) == (Fraction(3, 2), Fraction(1))


def test_a_core_of_one_payoff_is_not_empty_and_the_least_rise_empties_it() -> None:
    values = short(AB=2, AC=2, BC=2, ABC=3)
    assert not core_is_empty(values)
    assert core_certificate(values).payoff == {"A": 1.0, "B": 1.0, "C": 1.0}
    raised = {**values, frozenset("AB"): 2 + 1e-6}
    assert core_is_empty(raised)
    assert not core_is_empty(raised, tolerance=1e-3)


def test_what_rounding_misses_leaves_a_core_unless_no_tolerance_is_wanted() -> None:
    values: Values = short(AB=2, AC=2, BC=2, ABC=3)
    values[frozenset("AB")] = 2 + 1e-12
    assert not core_is_empty(values)
    assert core_is_empty(values, tolerance=0)
    assert core_certificate(values, tolerance=0).is_empty


def test_a_payoff_is_in_the_core_up_to_the_tolerance() -> None:
    values = short(AB=2, AC=2, BC=2, ABC=3)
    assert is_in_core({"A": 1, "B": 1, "C": 1}, values)
    assert not is_in_core({"A": 1.1, "B": 0.9, "C": 1}, values)
    assert is_in_core({"A": 1.1, "B": 0.9, "C": 1}, values, tolerance=0.11)
    assert not is_in_core({"A": 1, "B": 1, "C": 1.01}, values)
    assert is_in_core({"A": 1 + 1e-12, "B": 1, "C": 1}, values)
    assert not is_in_core({"A": 1 + 1e-12, "B": 1, "C": 1}, values, tolerance=0)


@pytest.mark.parametrize(
    ("payoff", "told"),
    [
        ({"A": 1, "B": 1}, "no number for C"),
        ({"A": 1, "B": 1, "C": 1, "D": 0}, "a number for D"),
        ({"A": 1, "B": 1, "C": float("nan")}, r"payoff\['C'\]"),
        ([1, 1, 1], "a mapping"),
    ],
)
def test_a_payoff_that_does_not_fit_the_game_is_refused(payoff: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        is_in_core(payoff, MAJORITY)


@pytest.mark.parametrize("tolerance", [-1, float("inf"), float("nan"), "1", True])
def test_a_tolerance_below_zero_or_no_number_is_refused(tolerance: Any) -> None:
    for check in (core_is_empty, core_certificate):
        with pytest.raises(InputError, match="tolerance"):
            check(MAJORITY, tolerance=tolerance)


@pytest.mark.parametrize("players", [1, 2, 3, 5])
def test_draws_are_judged_as_each_would_be_alone(players: int) -> None:
    random_numbers = np.random.default_rng(players)
    base = game(names(players), lambda one: float(len(one)))
    base[frozenset(names(players))] *= 1.05
    drawn = {one: value + 0.1 * random_numbers.normal(size=150) for one, value in base.items()}
    expected = [core_is_empty({one: value[k] for one, value in drawn.items()}) for k in range(150)]
    assert core_is_empty_by_draw(drawn).tolist() == expected
    assert players == 1 or 0 < sum(expected) < 150


def test_draws_on_the_edge_are_judged_as_each_would_be_alone() -> None:
    values = short(AB=2, AC=2, BC=2, ABC=3)
    edge = {one: np.full(3, float(value)) for one, value in values.items()}
    edge[frozenset("AB")] += [0.0, 3e-9 * 1.5, 1e-6]
    expected = [core_is_empty({one: value[k] for one, value in edge.items()}) for k in range(3)]
    assert core_is_empty_by_draw(edge).tolist() == expected == [False, False, True]


def test_no_draws_have_no_answer_and_bad_ones_are_refused() -> None:
    one, other = frozenset("A"), frozenset("B")
    assert core_is_empty_by_draw({one: [], other: [], one | other: []}).tolist() == []
    cases: list[tuple[Any, str]] = [
        ({one: [1], other: [1, 2], one | other: [1]}, "arrays of 1 and of 2 draws"),
        ({one: [1, 2], other: [1, 2]}, r"no value for \{A, B\}"),
        ({one: [1, 2], other: [1, np.nan], one | other: [1, 2]}, r"values\[\{B\}\]\[1\]"),
        ({one: 1, other: 1, one | other: 1}, r"shape \(\)"),
        ({one: ["x"], other: ["x"], one | other: ["x"]}, "one number a draw"),
        ({"A": [1]}, "frozensets"),
        ({}, "a mapping"),
        ({frozenset(): [1], one: [1]}, "empty coalition"),
    ]
    for values, told in cases:
        with pytest.raises(InputError, match=told):
            core_is_empty_by_draw(values)
