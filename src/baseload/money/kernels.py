"""Money of one path: ledger lines of a month, tax of a year, and what a lifetime comes to."""

from __future__ import annotations

import math

import numpy as np

from baseload.compiled import kernel
from baseload.money.ledger import MACHINES, RESALE, SITE, TAX, WORKS
from baseload.numerics import power

MICRO_PER_CENT = 10_000
HIGHEST_IRR = 10.0
LOWEST_IRR = -0.99
IRR_STEPS = 80


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
def tax_of_year(ledger, first, months, rate, life, assets, carried):
    """Tax of a year, posted in its last month, whole cents; returns the loss carried forward.

    Profit is what comes in less what goes out, capital aside, less straight-line depreciation of
    the capital of the last `life` years; losses are carried forward without end.

    Parameters
    ----------
    ledger : ndarray (M, L)
        In cents; the tax line of the year's last month is written.
    first, months : int
        The year's first month and its length.
    rate : float
    life : int
        Years of depreciation.
    assets : ndarray (years,)
        Capital of each year so far, in cents; this year's is added.
    carried : int
        Loss carried forward into the year, in cents.
    """
    year = first // 12
    profit = 0
    capital = 0
    for m in range(first, first + months):
        for line in range(ledger.shape[1]):
            if line == WORKS or line == MACHINES or line == SITE:
                capital -= ledger[m, line]
            elif line != TAX:
                profit += ledger[m, line]
    assets[year] = capital
    for y in range(max(0, year - life + 1), year + 1):
        profit -= assets[y] // life
    profit -= carried
    if profit <= 0:
        return -profit
    ledger[first + months - 1, TAX] = -int(math.floor(profit * rate + 0.5))
    return 0


@kernel
def discount_factors(rate, out):
    """Factor of each month: (1 + rate) to the power -(m + 1) / 12, for flows at its end."""
    for m in range(out.size):
        out[m] = power(1.0 + rate, -(m + 1) / 12.0)


@kernel
def present_value(flow, factor):
    """Present value of a monthly flow, in the flow's unit."""
    total = 0.0
    for m in range(flow.size):
        total += flow[m] * factor[m]
    return total


@kernel
def value_at(flow, monthly):
    """Value of a monthly flow at a monthly growth factor, by Horner's rule."""
    total = 0.0
    inverse = 1.0 / monthly
    for m in range(flow.size - 1, -1, -1):
        total = (total + flow[m]) * inverse
    return total


@kernel
def internal_rate(flow):
    """Yearly internal rate of return where there is exactly one between -99 % and 1,000 %; else nan.

    A flow that is worth something at every rate in between, so that its rate lies higher or it has
    no outlay at all, gives 1,000 %.
    """
    roots = 0
    low = high = 0.0
    before_rate = LOWEST_IRR
    before = value_at(flow, power(1.0 + before_rate, 1.0 / 12.0))
    span = (1.0 + HIGHEST_IRR) / (1.0 + LOWEST_IRR)
    for i in range(1, IRR_STEPS + 1):
        rate = (1.0 + LOWEST_IRR) * power(span, i / IRR_STEPS) - 1.0
        now = value_at(flow, power(1.0 + rate, 1.0 / 12.0))
        if (before < 0.0) != (now < 0.0) and before != 0.0:
            roots += 1
            low = before_rate
            high = rate
        before = now
        before_rate = rate
    if roots == 0 and before > 0.0:
        # No outlay that the first months do not bring back: above the highest rate that is told.
        return HIGHEST_IRR
    if roots != 1:
        return np.nan
    at_low = value_at(flow, power(1.0 + low, 1.0 / 12.0))
    for _ in range(60):
        middle = 0.5 * (low + high)
        value = value_at(flow, power(1.0 + middle, 1.0 / 12.0))
        if (value < 0.0) == (at_low < 0.0):
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


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
def pay_fund(net_mining_cents, share, state):
    """Payment of a month into the safety fund, in cents.

    Mining pays a share of what it has earned in all, once its machines and halls are paid: of each
    new high of its cumulated cash. `state` (2,) holds that cash and its highest so far.
    """
    state[0] += net_mining_cents
    gain = state[0] - state[1]
    if gain <= 0:
        return 0
    state[1] = state[0]
    return int(math.floor(gain * share + 0.5))


@kernel
def mining_capital(ledger, m):
    """Machines, halls and resale of a month, in cents (below zero: spent)."""
    return ledger[m, MACHINES] + ledger[m, SITE] + ledger[m, RESALE]


@kernel
def net_cash(ledger, out):
    """Sum of the lines of each month, in cents."""
    for m in range(ledger.shape[0]):
        total = 0
        for line in range(ledger.shape[1]):
            total += ledger[m, line]
        out[m] = total
