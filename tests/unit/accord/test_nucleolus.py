from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.accord.twins import (
    Values,
    coalitions,
    everyone,
    game,
    names,
    nucleolus_by_programmes,
    passes_kohlberg,
    short,
)

from baseload.accord import (
    NoImputation,
    core_is_empty,
    is_in_core,
    nucleolus,
    prenucleolus,
)
from baseload.accord.game import read_game
from baseload.accord.kohlberg import NotBalanced, require_kohlberg
from baseload.accord.nucleoli import nucleolus_of, prenucleolus_of
from baseload.errors import InputError


@st.composite
def games(draw: st.DrawFn, most: int = 4, low: int = -6) -> Values:
    players = names(draw(st.integers(1, most)))
    worth = st.integers(low, 12) | st.fractions(low, 12, max_denominator=6)
    return {one: draw(worth) for one in coalitions(players)}


def imputable(values: Values) -> Values:
    """The game with all together worth at least what the players are alone."""
    alone = sum(Fraction(value) for one, value in values.items() if len(one) == 1)
    together = everyone(values)
    return {**values, together: max(Fraction(values[together]), alone)}


def test_who_fixes_what_is_tight_at_one_optimum_gets_equals_wrong() -> None:
    # C keeps 2.5 against {A, B}; A and B are alike and share the rest. The first programme has
    # optima such as (2.5, 4, 2.5), at which A is tight as well, but only there.
    values = short(AB=4, AC=1, BC=1, ABC=9)
    assert nucleolus(values) == prenucleolus(values) == {"A": 3.25, "B": 3.25, "C": 2.5}


def test_a_coalition_tight_at_one_optimum_only_stays_open_among_four() -> None:
    values = short(AC=1, AD=4, BC=4, BD=2, CD=2, ABC=1, ACD=2, BCD=1, ABCD=6)
    assert nucleolus(values) == {"A": 1.25, "B": 1.5, "C": 1.5, "D": 1.75}


def test_nucleolus_and_prenucleolus_differ_where_one_would_pay_to_be_left_out() -> None:
    values = short(AB=8, C=0, ABC=4)
    # Without bounds {A, B} and C share their complaint: 4 + c = -c.
    assert prenucleolus(values) == {"A": 3.0, "B": 3.0, "C": -2.0}
    assert nucleolus(values) == {"A": 2.0, "B": 2.0, "C": 0.0}


def test_without_imputations_the_answer_says_so_and_the_prenucleolus_exists() -> None:
    values = short(A=4, B=2, AB=4)
    with pytest.raises(NoImputation, match=r"6 in sum, and all together 4") as caught:
        nucleolus(values)
    assert isinstance(caught.value, InputError)
    assert prenucleolus(values) == {"A": 3.0, "B": 1.0}


def test_a_third_is_rounded_once() -> None:
    assert nucleolus(short(AB=0, C=0, ABC=1)) == dict.fromkeys("ABC", 1 / 3)


@pytest.mark.parametrize("players", [2, 3, 4])
@pytest.mark.parametrize("most", [1, 5, 1000])
def test_random_games_agree_with_programmes_that_ask_about_every_coalition(
    players: int, most: int
) -> None:
    draw = random.Random(100 * players + most)
    for _ in range(4):
        values = imputable(game(names(players), lambda _: draw.randint(-most // 3, most)))
        for solve, imputations in ((nucleolus, True), (prenucleolus, False)):
            twin = nucleolus_by_programmes(values, imputations=imputations)
            assert solve(values) == pytest.approx(twin, abs=1e-6 * most)


@pytest.mark.parametrize("worth", [0, 1, 2, 3], ids=["any", "convex", "votes", "floats"])
def test_random_games_of_seven_pass_kohlberg_by_another_programme(worth: int) -> None:
    draw = random.Random(worth)
    weights = {name: draw.randint(1, 9) for name in names(7)}
    rules: list[Callable[[frozenset[str]], Any]] = [
        lambda one: draw.randint(0, 40) if len(one) > 1 else 0,
        lambda one: len(one) ** 2 + sum(weights[name] for name in one),
        lambda one: int(sum(weights[name] for name in one) * 2 > sum(weights.values())),
        lambda one: draw.random() * len(one) if len(one) > 1 else 0.0,
    ]
    values = imputable(game(names(7), rules[worth]))
    assert passes_kohlberg(nucleolus(values), values, imputations=True)
    assert passes_kohlberg(prenucleolus(values), values, imputations=False)


def test_the_judge_of_the_last_test_refuses_another_payoff() -> None:
    values = short(AB=4, AC=1, BC=1, ABC=9)
    assert passes_kohlberg({"A": 3.25, "B": 3.25, "C": 2.5}, values, imputations=True)
    assert not passes_kohlberg({"A": 2.5, "B": 4.0, "C": 2.5}, values, imputations=True)


@pytest.mark.parametrize("move", range(3))
def test_kohlberg_refuses_a_payoff_that_is_moved(move: int) -> None:
    read = read_game(short(AB=4, AC=1, BC=1, ABC=9))
    answer = prenucleolus_of(read)
    moved = list(answer.payoff)
    moved[move] += Fraction(1, 10**9)
    moved[move - 1] -= Fraction(1, 10**9)
    with pytest.raises(NotBalanced):
        require_kohlberg(read, replace(answer, payoff=moved))


def test_kohlberg_refuses_rounds_that_prove_too_little() -> None:
    read = read_game(short(AB=4, AC=1, BC=1, ABC=9))
    answer = prenucleolus_of(read)
    with pytest.raises(NotBalanced, match="still open"):
        require_kohlberg(read, replace(answer, rounds=answer.rounds[:-1]))
    first = answer.rounds[0]
    for broken in (
        replace(first, weights={mask: 2 * one for mask, one in first.weights.items()}),
        replace(first, weights={}),
        replace(first, excess=first.excess + 1),
        replace(first, closed_weights={1: Fraction(1)}),
    ):
        with pytest.raises(NotBalanced):
            require_kohlberg(read, replace(answer, rounds=[broken, *answer.rounds[1:]]))


def test_kohlberg_refuses_a_payoff_below_a_floor() -> None:
    read = read_game(short(AB=8, C=0, ABC=4))
    floors = {1 << i: Fraction(0) for i in range(3)}
    require_kohlberg(read, nucleolus_of(read), floors)
    with pytest.raises(NotBalanced, match="floor"):
        require_kohlberg(read, prenucleolus_of(read), floors)


def test_ten_and_twelve_players_share_a_symmetric_game_alike() -> None:
    for count in (10, 12):
        values = game(names(count), lambda one: len(one) ** 3)
        assert nucleolus(values) == dict.fromkeys(names(count), float(count**2))


def test_values_beyond_64_bits_keep_every_digit() -> None:
    unit = 10**30
    values = {one: value * unit + 1 for one, value in short(AB=4, AC=1, BC=1, ABC=9).items()}
    small = read_game({one: Fraction(value, unit) for one, value in values.items()})
    large = prenucleolus_of(read_game(values)).payoff
    assert large == [share * unit for share in prenucleolus_of(small).payoff]


@settings(max_examples=60, deadline=None)
@given(games())
def test_payoffs_add_up_to_what_all_are_worth(values: Values) -> None:
    total = float(values[everyone(values)])
    assert sum(prenucleolus(values).values()) == pytest.approx(total, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(games(), st.data())
def test_equals_are_paid_alike(values: Values, data: st.DataObject) -> None:
    players = sorted(everyone(values))
    if len(players) < 2:
        return
    swap = {players[0]: players[1], players[1]: players[0]}
    mirrored = {
        one: Fraction(value) + Fraction(values[frozenset(swap.get(name, name) for name in one)])
        for one, value in values.items()
    }
    payoff = prenucleolus(mirrored)
    assert payoff[players[0]] == payoff[players[1]]


@settings(max_examples=60, deadline=None)
@given(games(), st.fractions(Fraction(1, 4), 4, max_denominator=4), st.integers(-5, 5))
def test_payoffs_follow_units_and_gifts(values: Values, unit: Fraction, gift: int) -> None:
    values = imputable(values)
    gifts = {name: gift * i for i, name in enumerate(sorted(everyone(values)))}
    moved = {
        one: unit * Fraction(value) + sum(gifts[name] for name in one)
        for one, value in values.items()
    }
    for solve in (nucleolus, prenucleolus):
        expected = {name: float(unit) * x + gifts[name] for name, x in solve(values).items()}
        assert solve(moved) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(games())
def test_the_nucleolus_is_an_imputation_and_in_the_core_where_there_is_one(values: Values) -> None:
    values = imputable(values)
    payoff = nucleolus(values)
    assert all(payoff[name] >= float(values[frozenset([name])]) for name in payoff)
    if not core_is_empty(values, tolerance=0):
        assert is_in_core(payoff, values)
        assert payoff == prenucleolus(values)


@settings(max_examples=40, deadline=None)
@given(games(most=3, low=0))
def test_who_adds_nothing_gets_nothing_where_all_are_worth_together(values: Values) -> None:
    values = imputable(values)
    players = everyone(values)
    wider = {**values, frozenset("Z"): 0}
    wider |= {one | {"Z"}: value for one, value in values.items()}
    if core_is_empty(wider, tolerance=0):
        return
    payoff = nucleolus(wider)
    assert payoff["Z"] == 0.0
    assert {name: payoff[name] for name in players} == pytest.approx(nucleolus(values), abs=1e-12)
