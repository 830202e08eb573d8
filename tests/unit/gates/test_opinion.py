"""Distributions of three points, and their mixture."""

from __future__ import annotations

import math

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.gates.opinion import curve_of, mixture


def test_the_three_points_come_back_exactly() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        low, best, high = np.sort(rng.random(3)).tolist()
        curve = curve_of((low, best, high), 0.0, 1.0)
        assert curve.at([0.05, 0.5, 0.95]).tolist() == [low, best, high]
        assert 0.0 <= curve.values[0] <= low and high <= curve.values[-1] <= 1.0


def test_the_tails_reach_a_tenth_beyond_the_points_and_never_over_the_bounds() -> None:
    assert curve_of((10.0, 20.0, 30.0), 0.0).values[[0, -1]].tolist() == [8.0, 32.0]
    assert curve_of((0.01, 0.5, 0.99), 0.0, 1.0).values[[0, -1]].tolist() == [0.0, 1.0]


def test_the_mean_is_the_integral_of_the_quantiles() -> None:
    curve = curve_of((0.05, 0.2, 0.9), 0.0, 1.0)
    middles = (np.arange(200_000) + 0.5) / 200_000
    assert curve.mean == pytest.approx(curve.at(middles).mean(), abs=1e-6)


def test_ties_among_the_points_carry_their_probability() -> None:
    curve = curve_of((3.0, 3.0, 7.0))
    assert curve.at([0.05, 0.3, 0.5]).tolist() == [3.0, 3.0, 3.0]
    assert curve.below(3.0) == 0.5 and curve.below(3.0, itself=False) == pytest.approx(0.05)
    fixed = curve_of((4.0, 4.0, 4.0))
    assert fixed.at([0.0, 0.4, 1.0]).tolist() == [4.0, 4.0, 4.0] and fixed.mean == 4.0


def test_a_mixture_has_the_mean_of_the_distribution_functions() -> None:
    curves = [curve_of((1.0, 3.0, 9.0)), curve_of((2.0, 2.0, 30.0)), curve_of((50.0, 60.0, 61.0))]
    weights = [1.0, 2.0, 5.0]
    pool = mixture(curves, weights)
    for value in np.linspace(-3.0, 70.0, 300):
        expected = sum(w * c.below(value) for w, c in zip(weights, curves, strict=True)) / 8.0
        assert pool.below(value) == pytest.approx(expected, abs=1e-12)
    assert pool.mean == pytest.approx(
        sum(w * c.mean for w, c in zip(weights, curves, strict=True)) / 8.0
    )


def test_a_mixture_inverts_itself_across_gaps_and_jumps() -> None:
    pool = mixture([curve_of((1.0, 1.0, 1.0)), curve_of((10.0, 11.0, 12.0))], [1.0, 3.0])
    assert pool.at([0.1, 0.2499]).tolist() == [1.0, 1.0]
    assert pool.at([0.25 + 0.75 * 0.5]).tolist() == pytest.approx([11.0])
    assert pool.at([0.251]).item() > 9.0


def test_an_opinion_without_weight_changes_nothing() -> None:
    one, other = curve_of((1.0, 2.0, 3.0)), curve_of((5.0, 6.0, 90.0))
    assert mixture([one, other], [2.0, 0.0]).values.tolist() == one.values.tolist()


@pytest.mark.parametrize(
    "bad",
    [(3, 2, 1), (1, 2), (1, 2, math.nan), (1, 2, math.inf), (True, 2, 3), ("1", 2, 3), None, -1],
)
def test_what_are_no_three_points_in_order_is_refused(bad: object) -> None:
    with pytest.raises(InputError):
        curve_of(bad)  # type: ignore[arg-type]


def test_points_outside_the_bounds_are_refused() -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        curve_of((0.1, 0.5, 1.2), 0.0, 1.0)


@pytest.mark.parametrize("weights", [[0.0, 0.0], [-1.0, 2.0], [1.0], [math.nan, 1.0], [True, 1.0]])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError):
        mixture([curve_of((1, 2, 3)), curve_of((1, 2, 3))], weights)
