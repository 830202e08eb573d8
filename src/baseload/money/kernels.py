"""Money of one path: ledger lines of a month, tax of a year, and what a lifetime comes to."""

from __future__ import annotations

import math
from decimal import Context, Decimal

import numpy as np
import numpy.typing as npt

from baseload.compiled import allocating_kernel, kernel
from baseload.money.ledger import MACHINES, SITE, TAX, WORKS
from baseload.numerics import power

MICRO_PER_CENT = 10_000
HIGHEST_IRR = 10.0
IRR_STEPS = 80
# Newton's error is squared by a step: after one as small as this nothing is left but rounding.
CLOSE_ENOUGH = 1e-10


def _grid() -> npt.NDArray[np.float64]:
    """Monthly discount factors of rates from -99 % to 1,000 % a year, in equal steps of the logarithm."""
    digits = Context(prec=40)
    lowest, highest = Decimal("0.01"), Decimal(11)
    step = digits.ln(highest / lowest) / IRR_STEPS
    logs = [digits.ln(lowest) + i * step for i in range(IRR_STEPS + 1)]
    return np.array([float(digits.exp(-log / 12)) for log in logs])


GRID = _grid()


@kernel
def cents_of_micro(micro: int) -> int:
    """Micro-USD as whole cents, halves away from zero."""
    if micro >= 0:
        return (micro + MICRO_PER_CENT // 2) // MICRO_PER_CENT
    return -((-micro + MICRO_PER_CENT // 2) // MICRO_PER_CENT)


@kernel
def cents_of_large_micro(micro: float) -> int:
    """Whole micro-USD held as a float, which knows them exactly below 9 billion USD, as whole cents."""
    if abs(micro) < 9.0e15:
        return cents_of_micro(int(micro))
    return int(math.floor(micro / MICRO_PER_CENT + 0.5))


@kernel
def cents(usd: float) -> int:
    """USD as whole cents, halves away from zero."""
    if usd >= 0.0:
        return int(math.floor(usd * 100.0 + 0.5))
    return -int(math.floor(-usd * 100.0 + 0.5))


@kernel
def close_books(ledger, rate, life, written_off, cash):
    """Fill `cash` with the sum of a variant's lines by month, and post the tax of each year.

    Profit of a year is what comes in less what goes out, capital aside, less straight-line
    depreciation of the capital of the last `life` years; losses are carried forward without end.
    Tax is due in the year's last month, in whole cents.

    Parameters
    ----------
    ledger : ndarray (M, L)
        In cents; the tax line is written, the last of all.
    rate : float
        Of the tax, as a share of profit.
    life : int
        Years of depreciation.
    written_off : ndarray (years,)
        Scratch: depreciation per year of each year's capital. [cents]
    cash : ndarray (M,)
        In cents.
    """
    for m in range(cash.size):
        total = 0
        for line in range(TAX):
            total += ledger[m, line]
        cash[m] = total
        ledger[m, TAX] = 0
    carried = 0
    depreciation = 0
    for year in range(cash.size // 12):
        last = 12 * year + 11
        profit = 0
        capital = 0
        for m in range(last - 11, last + 1):
            profit += cash[m]
            capital -= ledger[m, WORKS] + ledger[m, MACHINES] + ledger[m, SITE]
        written_off[year] = capital // life
        depreciation += written_off[year]
        if year >= life:
            depreciation -= written_off[year - life]
        profit += capital - depreciation - carried
        carried = max(0, -profit)
        if profit > 0:
            tax = int(math.floor(profit * rate + 0.5))
            ledger[last, TAX] = -tax
            cash[last] -= tax


@kernel
def discount_factors(rate, out):
    """Factor of each month: (1 + rate) to the power -(m + 1) / 12, for flows at its end."""
    for m in range(min(12, out.size)):
        out[m] = power(1.0 + rate, -(m + 1) / 12.0)
    for m in range(12, out.size):
        out[m] = out[m - 12] * out[11]


@kernel
def present_value(flow, factor):
    """Present value of a monthly flow, in the flow's unit."""
    total = 0.0
    for m in range(flow.size):
        total += flow[m] * factor[m]
    return total


@kernel
def values_on_grid(flow, values):
    """Values of a monthly flow at the rates of `GRID`, by Horner's rule at all of them side by side."""
    values[:] = 0.0
    for m in range(flow.size - 1, -1, -1):
        amount = float(flow[m])
        for i in range(GRID.size):
            values[i] = (values[i] + amount) * GRID[i]


@kernel
def root_between(flow, low, high, at_low, at_high):
    """Monthly discount factor between `low` and `high` at which the flow is worth nothing.

    The values at both ends have different signs. Newton's rule from where their chord is zero; where
    it would leave the bracket, which each value narrows, the bracket is halved instead.
    """
    x = low - at_low * (high - low) / (at_high - at_low)
    for _ in range(100):
        value = 0.0
        slope = 0.0
        for m in range(flow.size - 1, -1, -1):
            value += flow[m]
            slope = slope * x + value
            value *= x
        if (value < 0.0) == (at_low < 0.0):
            low = x
        else:
            high = x
        after = x - value / slope
        if not low <= after <= high:
            after = 0.5 * (low + high)
        elif abs(after - x) <= CLOSE_ENOUGH * x:
            return after
        x = after
    return x


@allocating_kernel
def internal_rate(flow):
    """Yearly internal rate of return where there is exactly one between -99 % and 1,000 %; else nan.

    A flow that is worth something at every rate in between, so that its rate lies higher or it has
    no outlay at all, gives 1,000 %.
    """
    values = np.empty(GRID.size)
    values_on_grid(flow, values)
    roots = 0
    at = 0
    for i in range(1, GRID.size):
        before = values[i - 1]
        if (before < 0.0) != (values[i] < 0.0) and before != 0.0:
            roots += 1
            at = i
    if roots == 0 and values[GRID.size - 1] > 0.0:
        # No outlay that the first months do not bring back: above the highest rate that is told.
        return HIGHEST_IRR
    if roots != 1:
        return np.nan
    factor = root_between(flow, GRID[at], GRID[at - 1], values[at], values[at - 1])
    square = 1.0 / (factor * factor)
    return square * square * square * (square * square * square) - 1.0


@kernel
def payback_years(flow):
    """Years until the undiscounted sum of a monthly flow crosses to positive for the last time.

    nan where it ends at or below zero; 0 where it never is below zero.
    """
    total = 0
    crossed = 0
    below = False
    for m in range(flow.size):
        total += flow[m]
        if total > 0 and below:
            crossed = m + 1
            below = False
        elif total < 0:
            below = True
    if total <= 0:
        return np.nan
    return crossed / 12.0


@kernel
def pay_fund(earned_cents, highest_cents, share):
    """Payment of a month into the safety fund, in whole cents.

    Mining pays a share of what it has earned in all, once its machines and halls are paid: of each
    new high of its cumulated cash.
    """
    return int(math.floor(max(0, earned_cents - highest_cents) * share + 0.5))
