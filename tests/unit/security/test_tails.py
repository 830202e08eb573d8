"""Logarithms of tails: sums in exact fractions, far below what float64 holds."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from baseload.security.tails import (
    SURE_OF_SCIPY,
    log_beta_tail,
    log_binomial_at_least,
    log_first_passage,
    log_gamma_lower,
    log_gamma_upper,
)


def log_of(number: Fraction) -> float:
    """Python takes the logarithm of a whole number of any size."""
    return math.log(number.numerator) - math.log(number.denominator)


def at_least(successes: int, trials: int, chance: Fraction) -> Fraction:
    return sum(
        (
            math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k)
            for k in range(successes, trials + 1)
        ),
        Fraction(0),
    )


@pytest.mark.parametrize("chance", [Fraction(1, 1000), Fraction(27, 100), Fraction(9, 10)])
@pytest.mark.parametrize(("successes", "trials"), [(1, 1), (3, 7), (200, 300), (499, 500)])
def test_a_binomial_tail_is_its_sum(successes: int, trials: int, chance: Fraction) -> None:
    found = log_binomial_at_least(
        np.array(successes), np.array(trials), np.array(float(chance))
    ).item()
    assert found == pytest.approx(log_of(at_least(successes, trials, chance)), rel=1e-12)


def test_edges_of_a_binomial_tail_are_sure_or_impossible() -> None:
    found = log_binomial_at_least(
        np.array([0, -3, 4, 2, 2]), np.array([3, 3, 3, 3, 3]), np.array([0.2, 0.2, 0.2, 0.0, 1.0])
    )
    assert found.tolist() == [0.0, 0.0, -math.inf, -math.inf, 0.0]


def test_a_beta_tail_far_out_is_its_binomial_sum() -> None:
    # I_x(k, n - k + 1) is a binomial tail.
    share = Fraction(1, 10)
    wanted = log_of(at_least(900, 1400, share))
    found = log_beta_tail(np.array(900.0), np.array(501.0), np.array(0.1)).item()
    assert found == pytest.approx(wanted, rel=1e-13)
    assert found < math.log(SURE_OF_SCIPY)


@pytest.mark.parametrize(("shape", "at"), [(200, 1), (300, 6), (1000, 300)])
def test_a_lower_gamma_tail_far_out_is_its_poisson_sum(shape: int, at: int) -> None:
    total = sum(
        (Fraction(at**k, math.factorial(k)) for k in range(shape, shape + 900)), Fraction(0)
    )
    wanted = log_of(total) - at
    found = log_gamma_lower(np.array(float(shape)), np.array(float(at))).item()
    assert found == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(("shape", "at"), [(1, 800), (6, 900), (300, 2000), (1000, 3000)])
def test_an_upper_gamma_tail_far_out_is_its_poisson_sum(shape: int, at: int) -> None:
    total = sum((Fraction(at**k, math.factorial(k)) for k in range(shape)), Fraction(0))
    wanted = log_of(total) - at
    found = log_gamma_upper(np.array(float(shape)), np.array(float(at))).item()
    assert found == pytest.approx(wanted, rel=1e-12)


def test_a_first_passage_is_the_recursion_over_steps() -> None:
    for share in (0.0, 0.05, 0.3, 0.5, 0.8, 1.0):
        for deficit in (1, 2, 5):
            live, caught = {deficit: 1.0}, 0.0
            for step in range(1, 41):
                after: dict[int, float] = {}
                for behind, chance in live.items():
                    for to, part in ((behind - 1, share), (behind + 1, 1.0 - share)):
                        if to == 0:
                            caught += chance * part
                        else:
                            after[to] = after.get(to, 0.0) + chance * part
                live = after
                found = np.exp(
                    log_first_passage(np.array(share), np.array(deficit), np.array(step))
                ).item()
                assert found == pytest.approx(caught, rel=1e-11, abs=1e-300)


def test_a_first_passage_in_many_steps_is_that_without_end() -> None:
    shares, deficit = np.array([0.1, 0.4, 0.5, 0.6]), np.array(30)
    late = log_first_passage(shares, deficit, np.array(10**9))
    ever = log_first_passage(shares, deficit, None)
    # At one half the walk comes home, but slowly.
    assert late[[0, 1, 3]] == pytest.approx(ever[[0, 1, 3]], abs=1e-9)
    assert ever[2] == 0.0 > late[2] > -1e-2
    assert (late <= 0.0).all()
