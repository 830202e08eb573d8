from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.unit.accord.twins import Values, game, names

from baseload.accord import (
    core_certificate,
    core_is_empty,
    is_in_core,
    least_core,
    nucleolus,
    prenucleolus,
    shapley_value,
)
from baseload.accord.exact import exact
from baseload.accord.game import read_game
from baseload.errors import InputError

A, B, C = (frozenset(name) for name in "ABC")

SOLUTIONS: list[Callable[[Any], Any]] = [
    shapley_value,
    nucleolus,
    prenucleolus,
    core_is_empty,
    core_certificate,
    least_core,
]


def two(**changes: Any) -> dict[Any, Any]:
    return {A: 1, B: 2, A | B: changes.get("together", 5)}


def message(values: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_game(values)
    assert len(caught.value.faults) == 1
    return str(caught.value)


@pytest.mark.parametrize("solve", SOLUTIONS, ids=lambda solve: solve.__name__)
def test_every_solution_refuses_a_game_with_a_coalition_missing(
    solve: Callable[[Any], Any],
) -> None:
    with pytest.raises(InputError, match=r"no value for \{B\}, \{A, C\}"):
        solve({A: 1, C: 1, A | B: 2, B | C: 2, A | B | C: 3})


def test_missing_coalitions_are_listed_smallest_first_and_the_rest_counted() -> None:
    many = game(names(5), lambda _: 1)
    few = {key: value for key, value in many.items() if len(key) in (1, 5)}
    assert "{A, B}, {A, C}, {B, C}, {A, D}, {B, D} and 20 more" in message(few)


def test_the_value_of_all_together_may_not_be_missing() -> None:
    assert "no value for {A, B}" in message({A: 1, B: 2})


def test_a_player_whom_the_largest_coalition_does_not_know_is_named() -> None:
    text = message({**two(), C: 3})
    assert "{C} is unknown" in text
    assert "{A, B}" in text


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, True, np.True_, "5", None, 1j, [5], np.array([5.0, 6.0])],
    ids=repr,
)
def test_a_value_that_is_no_finite_number_is_refused_with_its_coalition(value: Any) -> None:
    text = message(two(together=value))
    assert "values[{A, B}]" in text
    assert "a finite number" in text


@pytest.mark.parametrize("value", [5, 5.0, np.int64(5), np.float32(5), Fraction(5), Decimal("5.0")])
def test_numbers_of_any_kind_mean_the_same(value: Any) -> None:
    assert nucleolus(two(together=value)) == {"A": 2.0, "B": 3.0}


def test_the_empty_coalition_may_be_given_and_is_worth_nothing() -> None:
    assert shapley_value({frozenset(): 0, **two()}) == shapley_value(two())
    assert "the empty coalition is worth nothing" in message({frozenset(): 1, **two()})


def test_twelve_players_are_taken_and_thirteen_refused_before_anything_is_counted() -> None:
    assert read_game(game(names(12), len)).size == 12
    assert "13 players" in message({frozenset(names(13)): 1})


@pytest.mark.parametrize("values", [None, [1, 2], 3, {A}, "AB"], ids=repr)
def test_what_is_no_mapping_is_refused(values: Any) -> None:
    assert "a mapping" in message(values)


@pytest.mark.parametrize("key", ["A", ("A",), 1], ids=repr)
def test_a_key_that_is_no_frozenset_is_refused(key: Any) -> None:
    assert "frozensets" in message({key: 1})


@pytest.mark.parametrize("values", [{}, {frozenset(): 0}], ids=["nothing", "only the empty one"])
def test_a_game_without_players_is_refused(values: Values) -> None:
    assert "no player" in message(values)


def test_a_player_alone_gets_what_they_are_worth() -> None:
    alone = {A: 7}
    assert nucleolus(alone) == prenucleolus(alone) == shapley_value(alone) == {"A": 7.0}
    assert not core_is_empty(alone)
    assert core_certificate(alone).payoff == {"A": 7.0}
    assert least_core(alone) == (0.0, {"A": 7.0})
    assert is_in_core({"A": 7}, alone)


def test_players_come_in_the_order_of_their_own_values_and_may_be_numbers() -> None:
    one, other = frozenset([2]), frozenset([1])
    assert list(shapley_value({one: 0, other: 0, one | other: 2})) == [2, 1]


def test_a_decimal_is_what_it_is_written_as() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(np.float64(1e300)) == Fraction(10) ** 300
    # In binary, 0.1 and 0.2 make more than 0.3, and there would be no imputation.
    assert nucleolus({A: 0.1, B: 0.2, A | B: 0.3}) == {"A": 0.1, "B": 0.2}


def test_sums_that_miss_each_other_by_rounding_leave_an_imputation() -> None:
    together = 0.7 + 0.1
    assert together < 0.8
    assert nucleolus({A: 0.7, B: 0.1, A | B: together}) == pytest.approx({"A": 0.7, "B": 0.1})


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e12, 1e300])
def test_solutions_scale_with_the_values(scale: float) -> None:
    values = game(names(4), lambda one: len(one) ** 2 * scale)
    for solve in (nucleolus, prenucleolus, shapley_value):
        assert solve(values) == pytest.approx(dict.fromkeys(names(4), 4 * scale), rel=1e-12)


def test_a_result_that_no_float_holds_is_refused() -> None:
    with pytest.raises(InputError, match="beyond"):
        shapley_value({A: 10**400, B: 0, A | B: 10**400})
