"""Double spends: independent sums in exact fractions, edges, arrays, and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import (
    confirmations_for_risk,
    double_spend_probability,
    log10_double_spend_probability,
)


def exact_sum(share: Fraction, z: int, premined: int = 0, ahead: int = 0) -> Fraction:
    """By the number of the attacker's blocks when the rest has found z, in exact fractions."""
    p, needed = 1 - share, z - premined + ahead
    if needed <= 0:
        return Fraction(1)
    if z == 0:
        return (share / p) ** needed
    total = Fraction(1)
    for own in range(needed):
        chance = math.comb(own + z - 1, own) * p**z * share**own
        total -= chance * (1 - (share / p) ** (needed - own))
    return total


def poisson_sum(share: float, z: int, ratio: float, needed: int) -> float:
    """By the number of the attacker's blocks in a known time, term by term."""
    mean, odds = ratio * z * share / (1.0 - share), share / (1.0 - share)
    term, total = math.exp(-mean), 0.0
    for own in range(400):
        total += term * odds ** max(needed - own, 0)
        term *= mean / (own + 1)
    return total


@pytest.mark.parametrize("premined", [0, 1, 2, 5])
@pytest.mark.parametrize("overtake", [False, True])
@pytest.mark.parametrize("z", [0, 1, 2, 6, 17, 60])
def test_the_exact_probability_is_a_sum_over_the_attackers_blocks(
    z: int, overtake: bool, premined: int
) -> None:
    for share in (Fraction(1, 1000), Fraction(1, 10), Fraction(27, 100), Fraction(499, 1000)):
        found = double_spend_probability(float(share), z, premined=premined, overtake=overtake)
        assert found == pytest.approx(
            float(exact_sum(share, z, premined, int(overtake))), rel=1e-12
        )


@pytest.mark.parametrize("ratio", [0.0, 0.3, 1.0, 2.5, 8.0])
@pytest.mark.parametrize("z", [1, 3, 12])
def test_the_probability_in_a_known_time_is_a_sum_over_poisson_numbers(
    z: int, ratio: float
) -> None:
    for share in (0.02, 0.1, 0.3, 0.49):
        found = double_spend_probability(share, z, known_time_ratio=ratio)
        assert found == pytest.approx(poisson_sum(share, z, ratio, z), rel=1e-11)
        found = double_spend_probability(
            share, z, known_time_ratio=ratio, premined=1, overtake=False
        )
        assert found == pytest.approx(poisson_sum(share, z, ratio, z - 1), rel=1e-11)


def test_nakamotos_model_is_the_known_time_ratio_of_one() -> None:
    shares = np.linspace(0.01, 0.49, 9)
    assert np.array_equal(
        double_spend_probability(shares, 7, model="nakamoto"),
        double_spend_probability(shares, 7, known_time_ratio=1.0),
    )


def test_the_mean_over_the_time_that_the_blocks_took_is_the_exact_probability() -> None:
    # The time of z blocks is gamma distributed; in units of its mean, with shape and rate z.
    z, share = 4, 0.2
    ratios = (np.arange(200_000) + 0.5) * 1e-4
    weights = np.exp(z * math.log(z) + (z - 1) * np.log(ratios) - z * ratios) / math.factorial(
        z - 1
    )
    mean = (weights * double_spend_probability(share, z, known_time_ratio=ratios)).sum() * 1e-4
    assert mean == pytest.approx(double_spend_probability(share, z), rel=1e-6)


def test_logarithms_go_where_float64_does_not() -> None:
    share, z = Fraction(1, 10), 1000
    exact = exact_sum(share, z)
    # The logarithm of a quotient of whole numbers, which Python takes of any size.
    wanted = math.log10(exact.numerator) - math.log10(exact.denominator)
    assert double_spend_probability(0.1, z) == 0.0
    assert log10_double_spend_probability(0.1, z) == pytest.approx(wanted, rel=1e-13)
    assert wanted < -445.0
    slow = log10_double_spend_probability(0.1, 1000, known_time_ratio=[0.0, 1.0, 3.0])
    assert np.isfinite(slow).all()
    assert (np.diff(slow) > 0).all()
    assert slow[0] == pytest.approx(1000 * math.log10(1 / 9), rel=1e-13)


def test_both_sides_of_the_underflow_join() -> None:
    blocks = np.arange(600, 700)
    found = log10_double_spend_probability(0.1, blocks)
    steps = np.diff(found)
    assert found[0] > -280 > found[-1]
    assert np.abs(np.diff(steps)).max() < 1e-5


@pytest.mark.parametrize("model", ["exact", "nakamoto"])
def test_edges_of_share_and_confirmations_are_limits(model: str) -> None:
    assert double_spend_probability([0.0, 0.3, 0.5, 1.0], 0, model).tolist() == [1.0] * 4
    assert double_spend_probability([0.0, 0.5, 0.7, 1.0], 6, model).tolist() == [0.0, 1.0, 1.0, 1.0]
    assert log10_double_spend_probability(0.0, 6, model) == -math.inf
    assert double_spend_probability(0.3, 0, model, overtake=True) == pytest.approx(3 / 7)
    assert double_spend_probability(np.nextafter(0.5, 0.0), 6, model) == pytest.approx(1.0)
    assert double_spend_probability(0.0, 2, model, premined=2) == 1.0


def test_a_billion_confirmations_are_quick_and_finite() -> None:
    found = log10_double_spend_probability([1e-300, 0.1, 0.49, 0.499999], 1_000_000_000)
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()


def test_scalars_give_floats_and_arrays_their_common_shape() -> None:
    assert type(double_spend_probability(0.1, 6)) is float
    assert type(double_spend_probability(np.float32(0.5), np.int8(6))) is float
    assert double_spend_probability([0.1, 0.2], [[1], [2], [3]]).shape == (3, 2)
    assert double_spend_probability([], 6).shape == (0,)
    assert double_spend_probability(0.1, 6.0) == double_spend_probability(0.1, 6)


@pytest.mark.parametrize("risk", [0.9, 0.1, 1e-3, 1e-12, 1e-300])
@pytest.mark.parametrize("model", ["exact", "nakamoto"])
def test_confirmations_for_a_risk_are_the_first_below_it(model: str, risk: float) -> None:
    for share in (0.0, 0.01, 0.1, 0.27, 0.45, 0.49):
        z = confirmations_for_risk(share, risk, model)
        limit = math.log10(risk)
        assert type(z) is int
        assert log10_double_spend_probability(share, z, model) < limit
        assert z == 1 or log10_double_spend_probability(share, z - 1, model) >= limit - 1e-12


def test_a_probability_equal_to_the_risk_is_not_below_it() -> None:
    # One confirmation is undone with twice the share.
    assert confirmations_for_risk(0.1, 0.2) == 2
    assert confirmations_for_risk(0.1, 0.2 * (1 + 1e-9)) == 1
    assert confirmations_for_risk(0.3, 1.0) == 1
    # Also where the computed probability is a rounding below.
    shares = np.arange(1, 500) / 1000
    assert (double_spend_probability(shares, 1) < 2 * shares).any()
    assert (confirmations_for_risk(shares, 2 * shares) == 2).all()


def test_confirmations_for_a_risk_take_arrays_premined_blocks_and_huge_answers() -> None:
    assert confirmations_for_risk([[0.1], [0.27]], [0.01, 0.001]).tolist() == [[4, 6], [15, 24]]
    assert confirmations_for_risk(0.1, 0.001, premined=3) > confirmations_for_risk(0.1, 0.001)
    assert confirmations_for_risk(0.1, 0.001, premined=1, overtake=True) == 6
    # About (the normal quantile of half the risk)^2 / 2 / (1 - 2 share)^2.
    assert confirmations_for_risk(0.4999, 0.001) == pytest.approx(3.2905**2 / 2 / 2e-4**2, rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "named", "message"),
    [
        ({"share": 1.2}, {}, "share\n  found    1.2\n  allowed  a finite number from 0 to 1"),
        ({"share": -1e-9}, {}, "found    -1.0000000000000001e-09"),
        ({"share": math.nan}, {}, "found    nan"),
        ({"share": math.inf}, {}, "found    inf"),
        ({"share": "0.1"}, {}, "found    '0.1'"),
        ({"share": True}, {}, "found    True"),
        ({"share": None}, {}, "found    None"),
        ({"share": [0.1, math.nan]}, {}, r"share\[1\]\n  found    nan"),
        ({"share": np.ma.array([0.1, 0.2], mask=[False, True])}, {}, r"share\[1\]"),
        ({"share": 0.1 + 0j}, {}, "share"),
        ({"confirmations": -1}, {}, "a whole number from 0 to 1,000,000,000"),
        ({"confirmations": 2.5}, {}, "found    2.5"),
        ({"confirmations": 10**10}, {}, "found    10000000000"),
        ({"confirmations": 10**400}, {}, "float64 cannot hold"),
        ({"model": "Exact"}, {}, "nearest  exact"),
        ({"model": 3}, {}, "exact, nakamoto"),
        ({}, {"known_time_ratio": -0.1}, "known_time_ratio"),
        ({"model": "nakamoto"}, {"known_time_ratio": 1.0}, "ratio 1"),
        ({}, {"premined": -1}, "premined"),
        ({}, {"overtake": 1}, "True or False"),
        ({"share": [0.1, 0.2], "confirmations": [1, 2, 3]}, {}, "shapes that fit together"),
    ],
)
def test_bad_arguments_are_refused_in_one_sentence(
    arguments: dict[str, Any], named: dict[str, Any], message: str
) -> None:
    given = {"share": 0.1, "confirmations": 6} | arguments | named
    for function in (double_spend_probability, log10_double_spend_probability):
        with pytest.raises(InputError, match=message):
            function(**given)


@pytest.mark.parametrize(
    ("share", "risk", "message"),
    [
        (0.5, 0.1, "no number of confirmations is enough"),
        (1.0, 0.1, "share below 0.5"),
        (0.1, 0.0, "risk"),
        (0.1, 1.1, "risk"),
        (0.4999999, 0.001, "too near one half"),
    ],
)
def test_a_risk_that_no_confirmations_reach_is_refused(
    share: float, risk: float, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        confirmations_for_risk(share, risk)
