"""Whole numbers divided by shares: nothing is lost, nobody is off by a unit, ties are settled."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baseload.errors import InputError
from baseload.sharing import apportion
from baseload.sharing.largest_remainder import (
    LARGEST_AMOUNT,
    product_over,
    rounded_product,
    whole_amounts,
)

AMOUNTS = st.integers(-LARGEST_AMOUNT, LARGEST_AMOUNT)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=7).filter(any)


def shares_of(weights: list[int]) -> list[Fraction]:
    return [Fraction(weight, sum(weights)) for weight in weights]


def by_sorting(amount: int, shares: list[Fraction]) -> list[int]:
    """The same once more, one amount at a time, in fractions."""
    exact = [abs(amount) * share for share in shares]
    parts = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: abs(amount) - sum(parts)]:
        parts[i] += 1
    return [part if amount >= 0 else -part for part in parts]


@settings(max_examples=100, deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=5), WEIGHTS)
def test_parts_are_those_of_the_method_worked_out_in_fractions(
    amounts: list[int], weights: list[int]
) -> None:
    shares = shares_of(weights)
    parts = apportion(amounts, shares)
    assert parts.T.tolist() == [by_sorting(amount, shares) for amount in amounts]
    assert (parts.sum(axis=0) == amounts).all()


@settings(max_examples=100, deadline=None)
@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_whole_unit_from_its_exact_share(amount: int, weights: list[int]) -> None:
    shares = shares_of(weights)
    for part, share in zip(apportion(amount, shares).tolist(), shares, strict=True):
        assert abs(part - amount * share) < 1


@settings(max_examples=100, deadline=None)
@given(AMOUNTS, WEIGHTS, st.randoms(use_true_random=False))
def test_another_order_moves_nobody_by_more_than_one_unit(
    amount: int, weights: list[int], random: Any
) -> None:
    order = list(range(len(weights)))
    random.shuffle(order)
    shares = shares_of(weights)
    before = apportion(amount, shares)
    after = apportion(amount, [shares[i] for i in order])
    assert max(abs(int(after[k]) - int(before[i])) for k, i in enumerate(order)) <= 1


def test_ties_go_to_whoever_is_listed_first() -> None:
    assert apportion(1, {"miner": 0.5, "state": 0.5}).tolist() == [1, 0]
    assert apportion(1, {"state": 0.5, "miner": 0.5}).tolist() == [1, 0]
    assert apportion(-1, ["1/3", "1/3", "1/3"]).tolist() == [-1, 0, 0]
    # 5 x 0.3 leaves a half, 5 x 0.1 another: the first half gets the unit.
    assert apportion(5, [0.1, 0.3, 0.6]).tolist() == [1, 1, 3]


def test_a_share_of_nothing_gets_nothing_even_of_what_is_left() -> None:
    assert apportion([7, 1], [0, "1/2", "1/2"]).tolist() == [[0, 0], [4, 1], [3, 0]]


def test_one_share_of_all_takes_all_and_no_amounts_give_none() -> None:
    assert apportion([[5, -3]], [1]).tolist() == [[[5, -3]]]
    assert apportion([], [0.5, 0.5]).shape == (2, 0)


def test_many_amounts_in_pieces_are_as_one_by_one() -> None:
    amounts = np.random.default_rng(1).integers(-(10**12), 10**12, (3, 9000))
    amounts[:, ::3] = 0
    amounts[1, :8500] = 0
    parts = apportion(amounts, [0.15, 0.35, 0.5])
    assert (parts.sum(axis=0) == amounts).all()
    assert (parts[:, 2, 8990:9000] == apportion(amounts[2, 8990:9000], [0.15, 0.35, 0.5])).all()
    shares = [Fraction(15, 100), Fraction(35, 100), Fraction(1, 2)]
    assert parts[:, 0, 7].tolist() == by_sorting(int(amounts[0, 7]), shares)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([0.5, 0.4], "add up to 1"),
        ([], "add up to 1"),
        ([1.5, -0.5], "from 0 to 1"),
        ([True], "from 0 to 1"),
        (1, "a list of shares"),
        ("all", "from 0 to 1"),
        (["1/0"], "from 0 to 1"),
        ([float("nan")], "from 0 to 1"),
        ({"A": "half", "B": 0.5}, r"shares\['A'\]"),
        (
            [
                Fraction(1, 99_999),
                Fraction(1, 99_991),
                1 - Fraction(1, 99_999) - Fraction(1, 99_991),
            ],
            "fine",
        ),
    ],
)
def test_shares_that_cannot_be_are_refused(shares: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        apportion(1, shares)


@pytest.mark.parametrize(
    "amount", [0.5, float("nan"), float("inf"), True, "1", [1, None], [[1], [2, 3]], 1 << 57, 1j]
)
def test_amounts_that_are_no_whole_numbers_are_refused(amount: Any) -> None:
    with pytest.raises(InputError, match="amount"):
        apportion(amount, [1])


def test_whole_floats_count_as_whole_numbers() -> None:
    assert whole_amounts("cents", [2.0, 3.0]).tolist() == [2, 3]
    with pytest.raises(InputError, match=r"cents\[1\]"):
        whole_amounts("cents", [2, -3])


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(0, 2_100_000_000_000_000), st.integers(1, LARGEST_AMOUNT))
def test_a_product_over_a_number_is_rounded_down_exactly(
    data: st.DataObject, total: int, whole: int
) -> None:
    part = data.draw(st.one_of(st.integers(0, whole), st.just(whole), st.just(whole - 1)))
    found = product_over(*(np.array([one], np.int64) for one in (total, part, whole)))
    assert found.tolist() == [total * part // whole]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, LARGEST_AMOUNT // 10), st.integers(0, 10**9), st.integers(1, 10**8))
def test_a_rounded_product_is_the_nearest_whole_number(amount: int, top: int, bottom: int) -> None:
    factor = min(Fraction(top, bottom), Fraction(10))
    exact = amount * factor
    assert rounded_product(np.array([amount]), factor).tolist() == [
        (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    ]
