"""The veto of a soft fork: binomial sums in exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import soft_fork_veto


def activates(share: Fraction, threshold: int, period: int) -> Fraction:
    return sum(
        (
            math.comb(period, k) * (1 - share) ** k * share ** (period - k)
            for k in range(threshold, period + 1)
        ),
        Fraction(0),
    )


@pytest.mark.parametrize(
    ("share", "threshold", "period"),
    [
        (Fraction(1, 10), 1815, 2016),
        (Fraction(12, 100), 1815, 2016),
        (Fraction(27, 100), 1815, 2016),
        (Fraction(1, 20), 1916, 2016),
        (Fraction(1, 2), 3, 5),
        (Fraction(1, 2), 1, 1),
        (Fraction(1, 3), 5, 5),
    ],
)
def test_the_veto_is_a_binomial_sum(share: Fraction, threshold: int, period: int) -> None:
    veto = soft_fork_veto(float(share), threshold, period)
    reached = activates(share, threshold, period)
    log10 = math.log10(reached.numerator) - math.log10(reached.denominator)
    assert veto.log10_activation_probability == pytest.approx(log10, abs=1e-10)
    assert veto.activation_probability == pytest.approx(float(reached), rel=1e-9)
    assert veto.probability == pytest.approx(float(1 - reached), rel=1e-9)


def test_a_tenth_is_the_threshold_of_ninety_per_cent() -> None:
    veto = soft_fork_veto([0.1, 0.12, 0.27])
    assert veto.activation_probability == pytest.approx([0.501, 0.0023, 2.04e-80], rel=5e-3)
    assert veto.probability == pytest.approx([0.499, 0.9977, 1.0], abs=5e-5)
    assert veto.log10_probability[0] == pytest.approx(math.log10(0.49901), abs=1e-5)


def test_every_period_must_be_missed() -> None:
    veto = soft_fork_veto([0.0, 0.1, 1.0])
    assert veto.probability_over(6) == pytest.approx([0.0, veto.probability[1] ** 6, 1.0])
    assert veto.probability_over(0).tolist() == [1.0] * 3
    assert veto.mean_periods == pytest.approx([1.0, 1 / veto.activation_probability[1], np.inf])


def test_edges_are_sure() -> None:
    veto = soft_fork_veto([0.0, 1.0])
    assert veto.probability.tolist() == [0.0, 1.0]
    assert veto.activation_probability.tolist() == [1.0, 0.0]
    assert veto.log10_probability.tolist() == [-math.inf, 0.0]
    assert type(soft_fork_veto(0.1).probability) is float


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.1,), "share"),
        ((0.1, 0), "threshold"),
        ((0.1, 2017), "at most the period, 2,016"),
        ((0.1, 10, 0), "period"),
        ((0.1, 10.5), "threshold"),
    ],
)
def test_bad_arguments_are_refused(arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        soft_fork_veto(*arguments)
