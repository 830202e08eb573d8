"""Cents, tax, present value, rate of return, payback and fund against plain Python and by hand."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import math
from decimal import Decimal
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
    GRID,
    cents,
    cents_of_micro,
    close_books,
    discount_factors,
    internal_rate,
    pay_fund,
    payback_years,
    present_value,
    root_between,
    values_on_grid,
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
    # What a path before this one left in the memory must not count.
    ledger[:, TAX] = 77
    written_off, cash = np.full(4, 9, np.int64), np.full(48, 9, np.int64)
    close_books(ledger, 0.25, 3, written_off, cash)
    posted = {month: int(ledger[month, TAX]) for month in range(48) if ledger[month, TAX] != 0}
    assert posted == {23: -750, 47: -1_750}
    assert written_off.tolist() == [10_000, 0, 2_000, 0]
    assert cash.tolist() == ledger.sum(axis=1).tolist()


def test_tax_equals_the_plain_office_over_random_years() -> None:
    chosen = np.random.default_rng(9)
    for rate, life, years in (("0.19", 1, 25), ("0.25", 7, 25), ("1", 40, 25), ("0", 10, 1)):
        ledger = empty_ledger(12 * years)
        ledger[:, : len(LINES) - 1] = chosen.integers(-(10**9), 10**9, (12 * years, len(LINES) - 1))
        for line in (WORKS, MACHINES, SITE):
            ledger[:, line] = -np.abs(ledger[:, line])
        # Years of gain and of loss, so that losses are carried more than once.
        ledger[:, MINING_REVENUE] += np.repeat(chosen.integers(-(10**9), 3 * 10**9, years), 12)
        office = TaxOffice(Fraction(rate), life)
        before = ledger.copy()
        cash = np.zeros(12 * years, np.int64)
        close_books(ledger, float(rate), life, np.zeros(years, np.int64), cash)
        for year in range(years):
            months = slice(12 * year, 12 * year + 12)
            sums = before[months].sum(axis=0).tolist()
            # One rounding of a product: a profit of 1e11 cents times 0.19 is exact to 1e-5.
            expected = office.year(dict(zip(LINES, sums, strict=True)))
            assert -ledger[12 * year + 11, TAX] == expected
            assert not ledger[months.start : months.stop - 1, TAX].any()
        assert np.array_equal(ledger[:, :TAX], before[:, :TAX])
        assert cash.tolist() == ledger.sum(axis=1).tolist()


def test_discounting_is_at_month_end() -> None:
    factor = np.zeros(24)
    discount_factors(0.10, factor)
    assert factor[11] == pytest.approx(1 / 1.1, rel=1e-14)
    assert factor[23] == pytest.approx(1 / 1.21, rel=1e-14)
    assert factor[0] == pytest.approx(1.1 ** (-1 / 12), rel=1e-14)


@pytest.mark.parametrize("months", [1, 12, 13, 480])
def test_discount_factors_stay_exact_over_the_longest_horizon(months: int) -> None:
    factor = np.zeros(months)
    discount_factors(0.37, factor)
    exact = [float(Decimal("1.37") ** (-Decimal(m + 1) / 12)) for m in range(months)]
    # Forty years are forty roundings.
    np.testing.assert_allclose(factor, exact, rtol=2e-14)


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


def test_the_grid_goes_from_a_loss_of_99_percent_to_a_thousand() -> None:
    yearly = GRID**-12.0
    assert yearly[0] == pytest.approx(0.01, rel=1e-13)
    assert yearly[-1] == pytest.approx(11.0, rel=1e-13)
    np.testing.assert_allclose(yearly[1:] / yearly[:-1], 1100.0 ** (1 / 80), rtol=1e-13)


def test_values_on_the_grid_equal_exact_sums() -> None:
    flow = np.random.default_rng(3).integers(-(10**11), 10**11, 36)
    values = np.full(GRID.size, 5.0)
    values_on_grid(flow, values)
    for i in range(0, GRID.size, 10):
        at = Fraction(float(GRID[i]))
        terms = [int(amount) * at ** (month + 1) for month, amount in enumerate(flow)]
        # Each of 36 roundings is of a sum no larger than that of all amounts.
        tolerance = 36 * 2.0**-52 * float(sum(abs(term) for term in terms))
        assert values[i] == pytest.approx(float(sum(terms)), abs=tolerance)


def bisected(flow: npt.NDArray[np.int64], low: Fraction, high: Fraction) -> float:
    """Discount factor at which the flow is worth nothing, by exact values and 60 halvings."""

    def is_negative(x: Fraction) -> bool:
        total = Fraction(0)
        for amount in flow[::-1].tolist():
            total = (total + amount) * x
        return total < 0

    at_low = is_negative(low)
    for _ in range(60):
        # Short fractions, so that their powers stay small.
        middle = Fraction(float((low + high) / 2))
        if is_negative(middle) == at_low:
            low = middle
        else:
            high = middle
    return float(low)


def test_rate_of_return_equals_exact_halving_to_the_last_digits() -> None:
    chosen = np.random.default_rng(14)
    found = 0
    for months in (12, 60, 240):
        for _ in range(4):
            flow = chosen.integers(-(10**9), 2 * 10**9, months)
            flow[: months // 6] -= chosen.integers(10**9, 4 * 10**9)
            values = np.zeros(GRID.size)
            values_on_grid(flow, values)
            crossed = np.flatnonzero((values[1:] < 0) != (values[:-1] < 0))
            if crossed.size != 1:
                continue
            found += 1
            at = int(crossed[0]) + 1
            low, high = Fraction(float(GRID[at])), Fraction(float(GRID[at - 1]))
            exact = bisected(flow, low, high)
            root = root_between(flow, GRID[at], GRID[at - 1], values[at], values[at - 1])
            assert root == pytest.approx(exact, rel=1e-13)
            assert internal_rate(flow) == pytest.approx(exact**-12.0 - 1.0, rel=1e-11, abs=1e-11)
    assert found > 6


def test_a_root_where_newtons_rule_leaves_the_bracket_is_found_by_halving() -> None:
    # x^2 ((x - 0.5)^3 - 1e-6 (x - 0.5)): roots at 0.499, 0.5 and 0.501, and flat between them.
    flow = np.array([0, -125_000_000 + 500, 750_000_000 - 1_000, -1_500_000_000, 1_000_000_000])

    def value(x: float) -> float:
        return sum(float(amount) * x ** (month + 1) for month, amount in enumerate(flow))

    assert value(0.45) < 0.0 < value(0.4995)
    root = root_between(flow, 0.45, 0.4995, value(0.45), value(0.4995))
    # 1e-16 of terms up to 0.2 over a slope of 5e-7.
    assert root == pytest.approx(0.499, abs=1e-9)


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
    assert paid(flow, 0.5) == expected


def paid(flow: list[int], share: float) -> list[int]:
    """Payments of each month by the kernel."""
    payments, total, highest = [], 0, 0
    for value in flow:
        total += value
        payments.append(pay_fund(total, highest, share))
        highest = max(highest, total)
    return payments


def test_the_fund_equals_the_plain_one_over_random_months() -> None:
    flow = np.random.default_rng(8).integers(-(10**9), 10**9 + 10**8, 480).tolist()
    found = paid(flow, 0.25)
    assert found == fund_payments(flow, Fraction(1, 4))
    # Rounding a month's payment costs at most half a cent.
    assert sum(found) == pytest.approx(0.25 * max(0, np.cumsum(flow).max()), abs=0.5 * len(flow))
