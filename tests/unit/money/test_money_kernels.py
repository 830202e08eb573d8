"""Cents, tax, present value, rate of return, payback and fund against plain Python and by hand."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from tests.naive.money import (
    TaxOffice,
    fund_payments,
    net_present_value,
    payback_months,
)
from tests.naive.money import cents as naive_cents
from tests.naive.money import cents_of_micro as naive_cents_of_micro

from baseload.money.kernels import (
    cents,
    cents_of_micro,
    discount_factors,
    internal_rate,
    mining_capital,
    net_cash,
    pay_fund,
    payback_years,
    present_value,
    tax_of_year,
)
from baseload.money.ledger import (
    FUEL,
    LINES,
    MACHINES,
    MINING_REVENUE,
    RESALE,
    SITE,
    TAX,
    WORKS,
)

Ints = npt.NDArray[np.int64]


def empty_ledger(months: int) -> Ints:
    return np.zeros((months, len(LINES)), np.int64)


@pytest.mark.parametrize(
    ("micro", "whole"),
    [(0, 0), (4_999, 0), (5_000, 1), (-4_999, 0), (-5_000, -1), (15_000, 2), (-15_000, -2)],
)
def test_half_a_cent_goes_away_from_zero(micro: int, whole: int) -> None:
    assert cents_of_micro(micro) == naive_cents_of_micro(micro) == whole


def test_cents_equal_exact_fractions() -> None:
    chosen = np.random.default_rng(5)
    for micro in chosen.integers(-(10**15), 10**15, 500).tolist():
        assert cents_of_micro(micro) == naive_cents_of_micro(micro)
    for usd in chosen.uniform(-1e7, 1e7, 500).tolist():
        assert cents(usd) == naive_cents(Fraction(usd))
    # Eighths of a dollar are exact in binary: 12.5 cents is a true half.
    assert [cents(0.125), cents(-0.125), cents(0.375), cents(-0.375)] == [13, -13, 38, -38]


def test_tax_by_hand_with_a_loss_carried_forward() -> None:
    # Year 1: revenue 100, fuel 20, machines 300 over 3 years: 100 - 20 - 100 = -20.
    # Year 2: revenue 150: 150 - 100 - 20 carried = 30, tax at 25 %: 7.50.
    # Year 3: revenue 100, resale 10, a hall for 60: 110 - 100 - 20 = -10.
    # Year 4: revenue 100: 100 - 20 - 10 carried = 70, the machines are written off: 17.50.
    ledger = empty_ledger(48)
    ledger[3, MINING_REVENUE], ledger[5, FUEL], ledger[0, MACHINES] = 10_000, -2_000, -30_000
    ledger[12, MINING_REVENUE] = 15_000
    ledger[24, MINING_REVENUE], ledger[30, RESALE], ledger[35, SITE] = 10_000, 1_000, -6_000
    ledger[40, MINING_REVENUE] = 10_000
    assets, carried, losses = np.zeros(4, np.int64), 0, []
    for year in range(4):
        carried = tax_of_year(ledger, 12 * year, 12, 0.25, 3, assets, carried)
        losses.append(carried)
    assert losses == [2_000, 0, 1_000, 0]
    assert assets.tolist() == [30_000, 0, 6_000, 0]
    posted = {month: int(ledger[month, TAX]) for month in range(48) if ledger[month, TAX] != 0}
    assert posted == {23: -750, 47: -1_750}


def test_tax_equals_the_plain_office_over_random_years() -> None:
    chosen = np.random.default_rng(9)
    for rate, life in (("0.19", 1), ("0.25", 7), ("1", 40), ("0", 10)):
        years = 25
        ledger = empty_ledger(12 * years)
        ledger[:, : len(LINES) - 1] = chosen.integers(-(10**9), 10**9, (12 * years, len(LINES) - 1))
        for line in (WORKS, MACHINES, SITE):
            ledger[:, line] = -np.abs(ledger[:, line])
        ledger[:, MINING_REVENUE] += 10**9
        office = TaxOffice(Fraction(rate), life)
        assets, carried = np.zeros(years, np.int64), 0
        for year in range(years):
            months = slice(12 * year, 12 * year + 12)
            sums = ledger[months].sum(axis=0).tolist()
            expected = office.year(dict(zip(LINES, sums, strict=True)))
            carried = tax_of_year(ledger, 12 * year, 12, float(rate), life, assets, carried)
            # One rounding of a product: a profit of 1e11 cents times 0.19 is exact to 1e-5.
            assert -ledger[12 * year + 11, TAX] == expected
            assert not ledger[months.start : months.stop - 1, TAX].any()
            assert carried == office.loss_carried


def test_discounting_is_at_month_end() -> None:
    factor = np.zeros(24)
    discount_factors(0.10, factor)
    assert factor[11] == pytest.approx(1 / 1.1, rel=1e-14)
    assert factor[23] == pytest.approx(1 / 1.21, rel=1e-14)
    assert factor[0] == pytest.approx(1.1 ** (-1 / 12), rel=1e-14)


@pytest.mark.parametrize("rate", ["0", "0.08", "0.10", "0.5"])
def test_present_value_equals_decimals(rate: str) -> None:
    flow = np.random.default_rng(2).integers(-(10**12), 10**12, 480)
    factor = np.zeros(480)
    discount_factors(float(rate), factor)
    exact = float(net_present_value(flow.tolist(), rate))
    # The terms are up to 1e12 and may cancel.
    assert present_value(flow, factor) == pytest.approx(exact, rel=1e-10, abs=1.0)


def yearly_rates(flow: npt.NDArray[np.int64]) -> list[float]:
    """All rates of return from -99 % to 1,000 % a year, as real roots of a polynomial."""
    roots = np.roots(flow.astype(np.float64))
    real = roots[np.abs(roots.imag) < 1e-9].real
    return sorted(float(x) ** 12 - 1 for x in real if 0.01 ** (1 / 12) < x < 11 ** (1 / 12))


def test_rate_of_return_of_a_loan_that_is_paid_back_at_once() -> None:
    flow = np.zeros(13, np.int64)
    flow[0], flow[12] = -100_000, 112_000
    assert internal_rate(flow) == pytest.approx(0.12, rel=1e-9)


def test_rate_of_return_equals_the_roots_of_the_polynomial() -> None:
    chosen = np.random.default_rng(4)
    several = 0
    for _ in range(60):
        flow = chosen.integers(-100, 300, 24)
        flow[: chosen.integers(1, 6)] -= 700
        flow[-1] -= chosen.integers(0, 3000)
        roots = yearly_rates(flow)
        if len(roots) == 1:
            assert internal_rate(flow) == pytest.approx(roots[0], rel=1e-6, abs=1e-9)
        elif roots and all(b - a > 0.2 for a, b in pairwise(roots)):
            # Two roots nearer than a step of the search are not told apart.
            several += 1
            assert math.isnan(internal_rate(flow))
    assert several > 5


def test_a_flow_of_one_sign_has_no_rate_of_return() -> None:
    for flow in (np.zeros(12, np.int64), np.full(12, -5)):
        assert math.isnan(internal_rate(flow))


def test_a_flow_that_earns_at_any_rate_is_given_the_highest() -> None:
    assert internal_rate(np.full(12, 5)) == 10.0
    # 100 become 2,000 in a month: more than 1,000 % a year.
    assert internal_rate(np.array([-100, 2_000])) == 10.0


@pytest.mark.parametrize(
    ("flow", "months", "what"),
    [
        ([5, 5, 5], 0, "never below zero"),
        ([0, 0, 5], 0, "nothing, then a gain"),
        ([-5, -5, -5], None, "never above zero"),
        ([-5, 2, 2], None, "not yet back"),
        ([-5, 3, 2], None, "back to zero only"),
        ([-5, 3, 3], 3, "back in the third month"),
        ([-5, 10, -8, 1, 9], 5, "the last crossing counts"),
        ([-5, 10, -8, 1, 1], None, "back once, gone again"),
        ([0, 0, 0], None, "nothing at all"),
        ([-5, 5, 0, 5], 4, "zero is not above zero"),
        ([5, -6, 0, 2], 4, "a month without cash does not count as a crossing"),
    ],
)
def test_payback(flow: list[int], months: int | None, what: str) -> None:
    assert payback_months(flow) == months, what
    found = payback_years(np.array(flow, np.int64))
    assert math.isnan(found) if months is None else found == pytest.approx(months / 12), what


def test_a_sum_that_touches_zero_was_never_below_it() -> None:
    assert payback_months([5, -5, 5]) == 0
    assert payback_years(np.array([5, -5, 5], np.int64)) == 0.0


def test_payback_equals_the_plain_sums_of_random_flows() -> None:
    chosen = np.random.default_rng(6)
    for _ in range(500):
        flow = chosen.integers(-3, 4, 18)
        sums = np.cumsum(flow)
        if ((sums == 0) & (flow != 0)).any():
            continue  # a test of its own holds a sum of exactly zero
        months = payback_months(flow.tolist())
        found = payback_years(flow)
        assert math.isnan(found) if months is None else found == pytest.approx(months / 12)


def test_the_fund_gets_a_share_of_each_new_high() -> None:
    flow = [-100, 60, 60, -30, 20, 25, 101]
    # Sums: -100, -40, 20, -10, 10, 35, 136.
    expected = [0, 0, 10, 0, 0, 8, 51]
    assert fund_payments(flow, Fraction(1, 2)) == expected
    state = np.zeros(2)
    assert [pay_fund(value, 0.5, state) for value in flow] == expected


def test_the_fund_equals_the_plain_one_over_random_months() -> None:
    flow = np.random.default_rng(8).integers(-(10**9), 10**9 + 10**8, 480).tolist()
    state = np.zeros(2)
    found = [pay_fund(value, 0.25, state) for value in flow]
    assert found == fund_payments(flow, Fraction(1, 4))
    # Rounding a month's payment costs at most half a cent.
    assert sum(found) == pytest.approx(0.25 * max(0, np.cumsum(flow).max()), abs=0.5 * len(flow))


def test_net_cash_is_the_sum_of_all_lines() -> None:
    ledger = np.random.default_rng(1).integers(-100, 100, (6, len(LINES)))
    out = np.zeros(6, np.int64)
    net_cash(ledger, out)
    assert out.tolist() == ledger.sum(axis=1).tolist()
    assert mining_capital(ledger, 2) == ledger[2, [MACHINES, SITE, RESALE]].sum()
