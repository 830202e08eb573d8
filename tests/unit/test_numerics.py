"""Own elementary functions against exact decimal arithmetic and scipy."""

import math
import re
import struct
from decimal import Context, Decimal
from typing import Any

import numba
import numpy as np
import pytest
from scipy import special

from baseload import numerics
from baseload.pipeline import WHOLE

DIGITS = Context(prec=40)
SOURCE = np.random.default_rng(20240101)


def units_in_last_place(own: float, exact: Decimal) -> float:
    return float(abs(Decimal(own) - exact) / Decimal(math.ulp(own)))


def test_exponential_is_within_six_tenths_of_a_unit_in_the_last_place() -> None:
    # 0.5 is the best any float can be; the series and its reduction add a few hundredths.
    xs = np.concatenate([SOURCE.uniform(-708, 709.7, 3000), SOURCE.uniform(-1, 1, 3000)])
    worst = max(units_in_last_place(numerics.exp(x), DIGITS.exp(Decimal(x))) for x in xs.tolist())
    assert worst < 0.6


def test_logarithm_is_within_six_tenths_of_a_unit_in_the_last_place() -> None:
    xs = np.concatenate(
        [
            np.exp(SOURCE.uniform(-700, 700, 3000)),
            SOURCE.uniform(0.5, 2.0, 3000),
            1.0 + SOURCE.uniform(-0.01, 0.01, 3000),
        ]
    )
    worst = max(units_in_last_place(numerics.log(x), DIGITS.ln(Decimal(x))) for x in xs.tolist())
    assert worst < 0.6


def test_logarithm_keeps_its_digits_right_beside_one() -> None:
    for x in (math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0)):
        assert numerics.log(x) == pytest.approx(math.log(x), rel=1e-15, abs=0.0)


def test_exponential_of_the_ends_and_of_no_number() -> None:
    assert numerics.exp(math.inf) == math.inf
    assert numerics.exp(-math.inf) == 0.0
    assert numerics.exp(709.79) == math.inf
    assert numerics.exp(-745.2) == 0.0
    assert math.isnan(numerics.exp(math.nan))
    # The largest and the smallest results, across the border to subnormals.
    for x in (709.78, -708.0, -708.5, -720.0, -745.0):
        assert numerics.exp(x) == pytest.approx(math.exp(x), rel=1e-13, abs=5e-324)


def test_logarithm_of_the_ends_and_of_no_number() -> None:
    assert numerics.log(0.0) == -math.inf
    assert numerics.log(math.inf) == math.inf
    assert math.isnan(numerics.log(-1.0))
    assert math.isnan(numerics.log(-math.inf))
    assert math.isnan(numerics.log(math.nan))
    for x in (5e-324, 1e-310, 2.2250738585072014e-308, 1.7976931348623157e308):
        assert numerics.log(x) == pytest.approx(math.log(x), rel=1e-15)


def test_power_follows_its_stated_error() -> None:
    for x, y in zip(SOURCE.uniform(0.01, 50, 2000), SOURCE.uniform(-40, 40, 2000), strict=True):
        allowed = (1.0 + abs(y * math.log(x))) * 2e-16
        assert numerics.power(float(x), float(y)) == pytest.approx(
            float(x) ** float(y), rel=allowed
        )


def test_power_of_zero_and_to_the_zero() -> None:
    assert numerics.power(0.0, 2.0) == 0.0
    assert numerics.power(0.0, -1.0) == math.inf
    assert numerics.power(0.0, 0.0) == 1.0
    assert math.isnan(numerics.power(-1.0, 0.5))


def test_normal_quantile_matches_scipy_far_into_the_tails() -> None:
    us = np.concatenate([SOURCE.uniform(0, 1, 5000), 10.0 ** SOURCE.uniform(-300, -1, 5000)])
    own = np.array([numerics.inverse_normal(u) for u in us])
    # AS 241 states about 1e-16; a few roundings come on top.
    np.testing.assert_allclose(own, special.ndtri(us), rtol=2e-15, atol=1e-16)


def test_normal_quantile_is_odd_and_has_infinite_ends() -> None:
    assert numerics.inverse_normal(0.25) == -numerics.inverse_normal(0.75)
    assert numerics.inverse_normal(0.0) == -math.inf
    assert numerics.inverse_normal(1.0) == math.inf
    for u in (-0.1, 1.1, math.nan):
        assert math.isnan(numerics.inverse_normal(u))


def test_quantile_of_the_tails_is_the_branch_of_the_normal_quantile() -> None:
    # Both rational functions, on either side of r = 5, and where the first begins: u = 0.075.
    for r in (1.61, 2.0, 4.999, 5.0, 5.001, 9.0, 26.0):
        tail = math.exp(-r * r)
        assert numerics.tail_quantile(r) == pytest.approx(-special.ndtri(tail), rel=2e-13)
        assert numerics.inverse_normal(tail) == pytest.approx(-numerics.tail_quantile(r), rel=2e-13)


CELLS = 1024


def table_and_quantile(us: Any) -> tuple[Any, Any]:
    own = np.array([numerics.inverse_normal_table(u) for u in us])
    return own, np.array([numerics.inverse_normal(u) for u in us])


def test_quantile_table_is_within_two_millionths_in_every_cell() -> None:
    # 32 points a cell, its edges, and their neighbours on either side.
    edges = np.arange(1, CELLS) / CELLS
    us = np.concatenate(
        [
            (np.arange(CELLS * 32) + 0.5) / (CELLS * 32),
            edges,
            np.nextafter(edges, 0.0),
            np.nextafter(edges, 1.0),
            SOURCE.uniform(0, 1, 20_000),
        ]
    )
    own, exact = table_and_quantile(us)
    assert np.abs(own - exact).max() < 2e-6
    # The middle is flat: there a cubic is as good as the function.
    middle = np.abs(us - 0.5) < 0.25
    assert np.abs(own - exact)[middle].max() < 1e-11


def test_quantile_table_hands_over_to_the_function_at_its_last_cell() -> None:
    border = 1.0 - 8 / CELLS
    for u in (border, np.nextafter(border, 1.0), 0.9999, 1.0 - 2.0**-53):
        assert numerics.inverse_normal_table(u) == numerics.inverse_normal(u)
        assert numerics.inverse_normal_table(1.0 - u) == numerics.inverse_normal(1.0 - u)
    below = np.nextafter(border, 0.0)
    assert numerics.inverse_normal_table(below) == pytest.approx(
        numerics.inverse_normal(border), abs=1e-12
    )


def test_quantile_table_never_falls_and_is_odd_to_the_last_bit() -> None:
    edges = np.arange(1, CELLS) / CELLS
    us = np.sort(
        np.concatenate(
            [
                np.linspace(1e-4, 1 - 1e-4, 50_001),
                edges,
                np.nextafter(edges, 0.0),
                np.nextafter(edges, 1.0),
            ]
        )
    )
    own, _ = table_and_quantile(us)
    steps = np.diff(own)
    # Edges of cells meet to the rounding of a few operations.
    assert steps.min() > -1e-14
    assert (steps[np.diff(us) > 1e-12] > 0.0).all()
    # A draw is an odd multiple of 2^-53, so that its mirror image is one too, and exact.
    drawn = (2.0 * np.floor(SOURCE.uniform(0, 1, 5000) * 2.0**52) + 1.0) * 2.0**-53
    one, _ = table_and_quantile(drawn)
    other, _ = table_and_quantile(1.0 - drawn)
    assert (one == -other).all()
    assert numerics.inverse_normal_table(0.5) == 0.0


def test_quantile_table_has_the_moments_of_the_normal() -> None:
    # The midpoints of 2^20 equal parts; what they miss of the tails is the function's own error too.
    own, exact = table_and_quantile((np.arange(1 << 20) + 0.5) / (1 << 20))
    for power, moment in ((1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)):
        assert np.mean(own**power) == pytest.approx(np.mean(exact**power), abs=1e-6)
        assert np.mean(own**power) == pytest.approx(moment, abs=2e-3)


def test_normal_distribution_function_matches_scipy() -> None:
    xs = SOURCE.uniform(-9, 9, 10000)
    own = np.array([numerics.normal_cdf(x) for x in xs])
    np.testing.assert_allclose(own, special.ndtr(xs), rtol=0.0, atol=1e-15)
    lower = -np.abs(xs)
    own = np.array([numerics.normal_cdf(x) for x in lower])
    # The published coefficients have 15 digits, of which the tail loses some.
    np.testing.assert_allclose(own, special.ndtr(lower), rtol=1e-8)
    assert numerics.normal_cdf(-math.inf) == 0.0
    assert numerics.normal_cdf(math.inf) == 1.0
    assert math.isnan(numerics.normal_cdf(math.nan))


def test_normal_table_is_within_two_millionths_and_never_falls() -> None:
    xs = np.linspace(-7, 7, 20011)
    own = np.array([numerics.normal_cdf_table(x) for x in xs])
    # Linear interpolation: h^2 / 8 * max|phi'| = 1.85e-6.
    assert np.abs(own - special.ndtr(xs)).max() < 2e-6
    assert (np.diff(own) >= 0.0).all()
    assert math.isnan(numerics.normal_cdf_table(math.nan))
    # The knots themselves come from quadrature with an error below 1e-12.
    assert abs(numerics.normal_cdf_table(1.0) - special.ndtr(1.0)) < 1e-12


def bytes_of(number: float) -> str:
    return struct.pack(">d", number).hex()


def test_results_are_these_bytes_on_every_processor() -> None:
    found = [
        bytes_of(numerics.exp(0.1)),
        bytes_of(numerics.exp(-37.3)),
        bytes_of(numerics.log(0.7)),
        bytes_of(numerics.log(12345.678)),
        bytes_of(numerics.power(1.07, 33.5)),
        bytes_of(numerics.inverse_normal(0.3)),
        bytes_of(numerics.inverse_normal(1e-12)),
        bytes_of(numerics.normal_cdf(-1.3)),
        bytes_of(numerics.normal_cdf_table(0.777)),
        bytes_of(numerics.inverse_normal_table(0.3)),
        bytes_of(numerics.inverse_normal_table(0.971)),
    ]
    assert found == [
        "3ff1aec7b35a00d4",
        "3c923865b7f2b6fe",
        "bfd6d3c324e13f50",
        "4022d79559791e31",
        "40234adb9251f29f",
        "bfe0c7e39582c5fa",
        "c01c234fba57a32a",
        "3fb8c7eaa3883ae3",
        "3fe901622a76a22a",
        "bfe0c7e39582bb6b",
        "3ffe54c75759a385",
    ]


@pytest.mark.parametrize(
    "function",
    [numerics.exp, numerics.log, numerics.inverse_normal, numerics.normal_cdf],
    ids=["exp", "log", "inverse_normal", "normal_cdf"],
)
def test_no_fused_multiplication_and_no_library_call_is_compiled(function: Any) -> None:
    # Compiled afresh: a kernel from the cache has no listing.
    fresh = numba.njit(error_model="numpy", pipeline_class=WHOLE)(function.py_func)
    fresh(0.3)
    code = next(iter(fresh.inspect_asm().values()))
    # A fused multiply-add rounds once instead of twice: other bytes where the processor has one.
    for word in ("vfmadd", "vfmsub", "vfnmadd", "fmadd\t", "fmsub\t"):
        assert word not in code
    called = set(re.findall(r"(?:callq?|bl|jmpq?|b)\s+_?(exp|log|pow|erfc?|ldexp|frexp)\b", code))
    assert not called
