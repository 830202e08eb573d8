from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from baseload.accord import (
    Bargain,
    NoAgreement,
    kalai_smorodinsky,
    nash_bargaining,
    pareto_frontier,
)
from baseload.errors import InputError


def drawn(seed: int) -> tuple[Any, Any, int]:
    """Points, disagreement and number of parties: some whole, some of very different sizes."""
    draw = np.random.default_rng(seed)
    arrangements, parties = int(draw.integers(1, 9)), int(draw.integers(1, 6))
    if seed % 2:
        points: Any = draw.integers(-2, 6, size=(arrangements, parties))
        return points, draw.integers(-1, 2, size=parties), parties
    sizes = 10.0 ** draw.integers(-3, 9, size=parties)
    return draw.uniform(-2, 5, size=(arrangements, parties)) * sizes, 0.5 * sizes, parties


def best_gains(points: Any, disagreement: Any) -> tuple[Any, Any]:
    """Gains in units of their largest size, and each party's ideal one; None where none is rational."""
    gains = np.asarray(points, float) - np.asarray(disagreement, float)
    gains = gains / np.maximum(np.abs(gains).max(axis=0), 1e-300)
    ideal = []
    for party in range(gains.shape[1]):
        found = linprog(
            -gains[:, party],
            A_ub=-gains.T,
            b_ub=np.zeros(gains.shape[1]),
            A_eq=np.ones((1, len(gains))),
            b_eq=[1.0],
        )
        if found.status == 2:
            return gains, None
        ideal.append(-found.fun)
    return gains, np.array(ideal)


def check_lottery(bargain: Bargain, points: Any) -> None:
    assert bargain.lottery.shape == (len(points),)
    assert bargain.lottery.min() >= 0.0
    assert bargain.lottery.sum() == pytest.approx(1.0, abs=1e-14)
    reached = bargain.lottery @ np.asarray(points, float)
    sizes = np.abs(np.asarray(points, float)).max(axis=0)
    assert (np.abs(reached - bargain.payoff) <= 1e-10 * sizes).all()


@pytest.mark.parametrize("seed", range(80))
def test_nash_leaves_no_lottery_that_raises_the_product(seed: int) -> None:
    points, disagreement, parties = drawn(seed)
    draw = np.random.default_rng(seed)
    weights = draw.uniform(0.2, 2.0, size=parties) if seed % 3 else np.ones(parties)
    gains, ideal = best_gains(points, disagreement)
    if ideal is None:
        with pytest.raises(NoAgreement):
            nash_bargaining(points, disagreement, weights)
        return
    bargain = nash_bargaining(points, disagreement, weights)
    check_lottery(bargain, points)
    gain = bargain.lottery @ gains
    rising = ideal > 1e-9
    assert (gain[rising] > 0).all()
    assert (np.abs(gain[~rising]) < 1e-9).all()
    if not rising.any():
        return
    share = weights[rising] / weights[rising].sum()
    slope = linprog(
        -gains[:, rising] @ (share / gain[rising]),
        A_ub=-gains.T,
        b_ub=np.full(parties, 1e-12),
        A_eq=np.ones((1, len(gains))),
        b_eq=[1.0],
    )
    assert -slope.fun <= 1.0 + 1e-7
    if rising.all():
        assert (gains @ (share / gain)).max() <= 1.0 + 1e-11


def test_nash_of_two_on_a_segment_splits_by_weight_to_the_last_digits() -> None:
    # On 3x + 7y = 21 the product x**a y**b is largest at x = 7a/(a+b), y = 3b/(a+b).
    for first, second in ((1.0, 1.0), (0.3, 2.9), (5.0, 0.01)):
        bargain = nash_bargaining([[7, 0], [0, 3]], [0, 0], [first, second])
        total = first + second
        assert bargain.payoff == pytest.approx([7 * first / total, 3 * second / total], rel=1e-13)


def test_nash_of_a_curve_of_points_is_where_its_tangent_is_flat() -> None:
    angle = np.linspace(0, math.pi / 2, 2001)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    assert nash_bargaining(circle, [0, 0]).payoff == pytest.approx([math.sqrt(0.5)] * 2, rel=1e-12)


def test_a_party_that_cannot_gain_stays_level_and_leaves_the_others_the_product() -> None:
    bargain = nash_bargaining([[4, 0, 1], [0, 2, 1], [9, 9, 0]], [0, 0, 1])
    assert bargain.payoff == pytest.approx([2, 1, 1])
    assert bargain.lottery.tolist() == pytest.approx([0.5, 0.5, 0.0])


@pytest.mark.parametrize("seed", range(30))
def test_parties_with_no_room_are_level_whatever_moves_them(seed: int) -> None:
    draw = np.random.default_rng(seed)
    inside = draw.integers(0, 7, size=(5, 2))
    # What the third gets grows as the first two lose: in sum nobody can gain beside it.
    third = -inside.sum(axis=1) + inside.sum(axis=1).max()
    points = np.column_stack([inside, third])
    floor = [0, 0, int(third.max())]
    bargain = nash_bargaining(points, floor)
    check_lottery(bargain, points)
    assert bargain.payoff[2] == pytest.approx(floor[2], abs=1e-9)
    _, ideal = best_gains(points, floor)
    assert ideal is not None
    rising = ideal > 1e-9
    assert ((bargain.payoff[rising] - np.array(floor)[rising]) > 0).all()


@pytest.mark.parametrize("seed", range(30))
def test_parties_whose_gains_are_each_other_s_losses_stay_level_by_lottery(seed: int) -> None:
    draw = np.random.default_rng(seed)
    swing = np.append(draw.integers(-3, 4, size=5), [2, -1])
    rest = draw.integers(-1, 9, size=(7, 2))
    rest[5:] = np.abs(rest[5:]) + 1
    points = np.column_stack([swing, -swing, rest])
    bargain = nash_bargaining(points, [0, 0, 0, 0])
    check_lottery(bargain, points)
    assert bargain.payoff[:2] == pytest.approx([0, 0], abs=1e-9)
    slope = linprog(
        -(rest @ (0.5 / bargain.payoff[2:])),
        A_eq=np.vstack([swing, np.ones(7)]),
        b_eq=[0.0, 1.0],
    )
    assert -slope.fun == pytest.approx(1.0, abs=1e-9)


def test_where_nobody_can_gain_the_payoff_is_disagreement() -> None:
    for solve in (nash_bargaining, kalai_smorodinsky):
        bargain = solve([[1, -1], [0, 0], [-1, 0]], [0, 0])
        assert bargain.payoff.tolist() == [0.0, 0.0]
        assert bargain.lottery.tolist() == [0.0, 1.0, 0.0]


def test_without_lotteries_the_best_arrangement_is_taken() -> None:
    points = [[10, 1], [4, 4], [1, 10], [12, -1]]
    assert nash_bargaining(points, [0, 0], lotteries=False).lottery.tolist() == [0, 1, 0, 0]
    tilted = nash_bargaining(points, [0, 0], [3, 1], lotteries=False)
    assert tilted.payoff.tolist() == [10, 1]
    # Equal products: the first.
    assert nash_bargaining([[2, 3], [3, 2]], [0, 0], lotteries=False).payoff.tolist() == [2, 3]
    # One that lets both gain comes before one that lets one gain all.
    assert nash_bargaining([[9, 0], [1, 1]], [0, 0], lotteries=False).payoff.tolist() == [1, 1]


def test_kalai_smorodinsky_without_lotteries_takes_the_largest_smallest_share() -> None:
    points = [[10, 1], [4, 4], [1, 10], [12, -1]]
    plain = kalai_smorodinsky(points, [0, 0], lotteries=False)
    assert plain.payoff.tolist() == [4, 4]
    # The smallest share is the same, the second smallest decides.
    ties = kalai_smorodinsky([[10, 0], [0, 10], [4, 4], [4, 5]], [0, 0], lotteries=False)
    assert ties.payoff.tolist() == [4, 5]
    thrown = kalai_smorodinsky(
        [[10, 0], [0, 10], [4, 4], [4, 5]], [0, 0], lotteries=False, free_disposal=True
    )
    assert thrown.payoff.tolist() == [4, 4]
    assert thrown.lottery.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("free_disposal", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_kalai_smorodinsky_is_as_far_on_the_line_as_a_programme_gets(
    seed: int, free_disposal: bool
) -> None:
    points, disagreement, parties = drawn(seed)
    gains, ideal = best_gains(points, disagreement)
    if ideal is None:
        with pytest.raises(NoAgreement, match="at least what it has without"):
            kalai_smorodinsky(points, disagreement, free_disposal=free_disposal)
        return
    if ideal.max() < 1e-9:
        return
    line = np.column_stack([gains.T, -ideal])
    total = np.append(np.ones(len(gains)), 0.0)[None, :]
    goal = np.append(np.zeros(len(gains)), -1.0)
    if free_disposal:
        twin = linprog(goal, A_ub=-line, b_ub=np.zeros(parties), A_eq=total, b_eq=[1.0])
    else:
        both = np.vstack([line, total])
        twin = linprog(goal, A_eq=both, b_eq=np.append(np.zeros(parties), 1.0))
    if twin.status == 2:
        with pytest.raises(NoAgreement, match="same share"):
            kalai_smorodinsky(points, disagreement)
        return
    bargain = kalai_smorodinsky(points, disagreement, free_disposal=free_disposal)
    sizes = np.abs(np.asarray(points, float) - disagreement).max(axis=0)
    gain = (bargain.payoff - np.asarray(disagreement, float)) / np.maximum(sizes, 1e-300)
    assert gain == pytest.approx(-twin.fun * ideal, abs=1e-7)
    beyond = bargain.lottery @ gains - gain
    assert beyond.min() > -1e-9
    if not free_disposal:
        check_lottery(bargain, points)


def test_what_is_thrown_away_is_told_by_the_lottery() -> None:
    # With three parties, two of whom share an ideal, the line leaves the frontier.
    points = [[0, 0, 0], [1, 1, 0], [0, 1, 1]]
    bargain = kalai_smorodinsky(points, [0, 0, 0], free_disposal=True)
    assert bargain.payoff == pytest.approx([0.5, 0.5, 0.5])
    assert bargain.lottery @ np.array(points) == pytest.approx([0.5, 1.0, 0.5])
    plain = kalai_smorodinsky(points, [0, 0, 0])
    assert plain.payoff == pytest.approx([0, 0, 0])


def test_the_ideal_point_is_taken_over_what_no_party_would_refuse() -> None:
    # 10 for the first costs the second 5: refused. Rational are mixtures that leave it 0 or more.
    points = [[10, -5], [0, 5], [4, 0]]
    bargain = kalai_smorodinsky(points, [0, 0])
    # Ideal point (5, 5): half of the first and the second; the line meets 10 - 5 share alike.
    assert bargain.payoff == pytest.approx([2.5, 2.5])


def test_the_line_is_missed_without_free_disposal_and_said_so() -> None:
    points: Any = [[3, 1, 1], [1, 3, 1.5]]
    with pytest.raises(NoAgreement, match="free_disposal=True"):
        kalai_smorodinsky(points, [0, 0, 0])
    assert isinstance(kalai_smorodinsky(points, [0, 0, 0], free_disposal=True), Bargain)


def test_who_loses_by_every_arrangement_is_named() -> None:
    with pytest.raises(NoAgreement, match="party 1, counted from 0"):
        nash_bargaining([[3, -1], [2, -2]], [0, 0])
    with pytest.raises(InputError):
        nash_bargaining([[3, -1], [-1, 1]], [0, 0], lotteries=False)


def test_what_rounding_leaves_is_no_gain_to_bargain_over() -> None:
    # 0.7 + 0.1 is below 0.8 in binary: the second party neither gains nor loses.
    bargain = nash_bargaining([[4, 0.7 + 0.1], [2, 0.8]], [0, 0.8])
    assert bargain.payoff == pytest.approx([4, 0.8])


points_of_two = st.lists(st.tuples(st.integers(-3, 9), st.integers(-3, 9)), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(points_of_two, st.integers(1, 5), st.integers(-7, 7))
def test_bargains_follow_units_and_origins(
    points: list[tuple[int, int]], unit: int, origin: int
) -> None:
    for solve in (nash_bargaining, kalai_smorodinsky):
        try:
            before = solve(points, [0, 0])
        except NoAgreement:
            continue
        moved = [(unit * x + origin, y) for x, y in points]
        after = solve(moved, [origin, 0])
        assert after.payoff == pytest.approx(before.payoff * [unit, 1] + [origin, 0], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(points_of_two)
def test_bargains_of_equals_are_equal(points: list[tuple[int, int]]) -> None:
    both = points + [(y, x) for x, y in points]
    for solve in (nash_bargaining, kalai_smorodinsky):
        try:
            bargain = solve(both, [0, 0])
        except NoAgreement:
            continue
        assert bargain.payoff[0] == pytest.approx(bargain.payoff[1], abs=1e-10)


@pytest.mark.parametrize("seed", range(25))
def test_the_frontier_is_what_no_lottery_betters(seed: int) -> None:
    draw = np.random.default_rng(seed)
    points = draw.integers(0, 5, size=(int(draw.integers(1, 9)), int(draw.integers(1, 4))))
    frontier = pareto_frontier(points)
    for k, point in enumerate(points):
        beyond = points - point
        found = linprog(
            -beyond.sum(axis=1),
            A_ub=-beyond.T,
            b_ub=np.zeros(points.shape[1]),
            A_eq=np.ones((1, len(points))),
            b_eq=[1.0],
        )
        assert (k in frontier) == (-found.fun < 1e-7)
    plain = pareto_frontier(points, lotteries=False)
    dominated = [((points >= one).all(axis=1) & (points > one).any(axis=1)).any() for one in points]
    assert plain == tuple(k for k, is_worse in enumerate(dominated) if not is_worse)
    assert set(frontier) <= set(plain)


REFUSED: list[tuple[Any, Any, str]] = [
    ([], [0], "no arrangement"),
    ([[]], [], "no party"),
    ([[1, 2], [1]], [0, 0], r"points\[1\]"),
    ([[1, 2]], [0], "disagreement"),
    ([[1, float("nan")]], [0, 0], r"points\[0\]\[1\]"),
    ([[1, float("inf")]], [0, 0], r"points\[0\]\[1\]"),
    ([[1, True]], [0, 0], r"points\[0\]\[1\]"),
    ([["1", "2"]], [0, 0], r"points\[0\]\[0\]"),
    ([[1, 2]], [0, None], r"disagreement\[1\]"),
    ([1, 2], [0, 0], r"points\[0\]"),
    (5, [0, 0], "a table"),
    ("ab", [0, 0], "a table"),
    ({"joint": [1, 2]}, [0, 0], "a table"),
    (np.ones((2, 2, 2)), [0, 0], r"points\[0\]\[0\]"),
    (np.float64(3), [0], "a table"),
]


@pytest.mark.parametrize(("points", "disagreement", "told"), REFUSED)
def test_what_is_no_table_of_numbers_is_refused(points: Any, disagreement: Any, told: str) -> None:
    for solve in (nash_bargaining, kalai_smorodinsky):
        with pytest.raises(InputError, match=told) as caught:
            solve(points, disagreement)
        assert len(caught.value.faults) == 1


@pytest.mark.parametrize("weights", [[1], [1, 0], [1, -1], [1, float("nan")], "ab", 3])
def test_weights_not_above_zero_are_refused(weights: Any) -> None:
    with pytest.raises(InputError, match="weights"):
        nash_bargaining([[1, 2]], [0, 0], weights)


def test_switches_that_are_no_switches_are_refused() -> None:
    with pytest.raises(InputError, match="lotteries"):
        nash_bargaining([[1, 2]], [0, 0], lotteries="no")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="free_disposal"):
        kalai_smorodinsky([[1, 2]], [0, 0], free_disposal=0)  # type: ignore[arg-type]


def test_fractions_and_tuples_are_numbers_too() -> None:
    bargain = nash_bargaining(((Fraction(1, 3), 0), (0, 1)), (0, 0))  # type: ignore[arg-type]
    assert bargain.payoff == pytest.approx([1 / 6, 1 / 2])
