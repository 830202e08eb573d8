"""Decay heat by Way and Wigner, after two years at power."""

import math
from itertools import pairwise

import pytest

from baseload.plant.decay_heat import decay_heat_share

# Worked with five-figure logarithms; after an hour 0.0622 (0.19442 - 0.02754) = 1.038 per cent.
BY_HAND = [(10.0, 0.03753), (3600.0, 0.01038), (86400.0, 0.00469), (8640000.0, 0.00088)]


@pytest.mark.parametrize(("seconds", "share"), BY_HAND)
def test_decay_heat_is_what_the_formula_gives_by_hand(seconds: float, share: float) -> None:
    # The figures by hand carry five decimals.
    assert abs(decay_heat_share(seconds) - share) < 0.6e-5


@pytest.mark.parametrize("seconds", [10.0, 60.0, 3600.0, 1e5, 3e7, 1e9])
def test_decay_heat_equals_plain_powers(seconds: float) -> None:
    at_power = 2.0 * 365.25 * 86400.0
    plain = 0.0622 * (seconds**-0.2 - (seconds + at_power) ** -0.2)
    # Two powers of nearly equal size are subtracted after years: their last digits are left.
    assert math.isclose(decay_heat_share(seconds), plain, rel_tol=1e-12, abs_tol=1e-17)


def test_decay_heat_before_ten_seconds_is_that_at_ten() -> None:
    assert decay_heat_share(0.0) == decay_heat_share(10.0) == decay_heat_share(-7200.0)


def test_decay_heat_only_falls() -> None:
    shares = [decay_heat_share(10.0 * 1.3**step) for step in range(70)]
    assert all(later < earlier for earlier, later in pairwise(shares))
    assert shares[-1] > 0.0
