from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.accord.twins import Values, coalitions, game, names, shapley_by_orders, short

from baseload.accord import shapley_value
from baseload.accord.game import read_game
from baseload.accord.shapley import shapley_of


@pytest.mark.parametrize("players", [1, 2, 3, 4, 5, 6])
def test_the_value_is_the_mean_over_all_orders_exactly(players: int) -> None:
    draw = random.Random(players)
    values = game(names(players), lambda _: Fraction(draw.randint(-50, 50), draw.randint(1, 7)))
    twin = shapley_by_orders(values)
    assert shapley_of(read_game(values)) == [twin[name] for name in names(players)]
    assert shapley_value(values) == {name: float(share) for name, share in twin.items()}


def test_one_seller_and_two_buyers() -> None:
    # Of the six orders the seller gains a pair in four.
    values = short(AB=1, AC=1, BC=0, ABC=1)
    assert shapley_value(values) == {"A": 2 / 3, "B": 1 / 6, "C": 1 / 6}


def test_twelve_players_with_large_values_lose_no_digit() -> None:
    weights = {name: 10**20 + i for i, name in enumerate(names(12))}
    values = game(names(12), lambda one: sum(weights[name] for name in one))
    assert shapley_of(read_game(values)) == list(weights.values())


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 4), st.data())
def test_values_add_up_over_games_and_to_what_all_are_worth(
    players: int, data: st.DataObject
) -> None:
    worth = st.fractions(-9, 9, max_denominator=9)
    first: Values = {one: data.draw(worth) for one in coalitions(names(players))}
    second: Values = {one: data.draw(worth) for one in coalitions(names(players))}
    both = {one: first[one] + second[one] for one in first}
    shares = [shapley_of(read_game(values)) for values in (first, second, both)]
    assert [a + b for a, b in zip(*shares[:2], strict=True)] == shares[2]
    assert sum(shares[2]) == both[frozenset(names(players))]


def test_who_adds_nothing_gets_nothing_and_equals_get_alike() -> None:
    values = game(names(4), lambda one: len(one - {"D"}) ** 2)
    assert shapley_value(values) == {"A": 3.0, "B": 3.0, "C": 3.0, "D": 0.0}
