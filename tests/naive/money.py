"""Money in plain Python: whole cents, decimals, and lists of years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction

getcontext().prec = 50

CAPITAL = ("works", "machines", "mine_site")


def cents(usd: Decimal | Fraction | int) -> int:
    """USD as whole cents, halves away from zero."""
    exact = Fraction(usd) * 100
    whole = Decimal(exact.numerator) / Decimal(exact.denominator)
    return int(whole.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def cents_of_micro(micro_usd: int) -> int:
    """Micro-USD as whole cents, halves away from zero."""
    return cents(Fraction(micro_usd, 10**6))


@dataclass
class TaxOffice:
    """Tax of one taxpayer, year after year, in cents."""

    rate: Fraction
    depreciation_years: int
    capital_by_year: list[int] = field(default_factory=list)
    loss_carried: int = 0

    def year(self, lines: dict[str, int]) -> int:
        """Tax of a year of which `lines` are the sums; a loss is kept for the years after."""
        self.capital_by_year.append(-sum(lines.get(name, 0) for name in CAPITAL))
        now = len(self.capital_by_year) - 1
        profit = sum(value for name, value in lines.items() if name not in (*CAPITAL, "tax"))
        for bought_in, capital in enumerate(self.capital_by_year):
            if now - bought_in < self.depreciation_years:
                profit -= capital // self.depreciation_years
        profit -= self.loss_carried
        if profit <= 0:
            self.loss_carried = -profit
            return 0
        self.loss_carried = 0
        return math.floor(profit * self.rate + Fraction(1, 2))


def net_present_value(flow: Sequence[int], rate_per_year: str) -> Decimal:
    """Present value of flows at month end, in their unit."""
    growth = 1 + Decimal(rate_per_year)
    total = Decimal(0)
    for month, value in enumerate(flow):
        total += Decimal(int(value)) / growth ** (Decimal(month + 1) / 12)
    return total


def payback_months(flow: Sequence[int]) -> int | None:
    """Months until the sum is above zero and stays there; None where it is not at the end."""
    sums = [sum(flow[: month + 1]) for month in range(len(flow))]
    if not sums or sums[-1] <= 0:
        return None
    under = [month for month, total in enumerate(sums) if total < 0]
    if not under:
        return 0
    return next(month for month in range(under[-1] + 1, len(sums)) if sums[month] > 0) + 1


def fund_payments(net_cash: Sequence[int], share: Fraction) -> list[int]:
    """What a fund gets each month: a share of each new high of the cash earned so far."""
    highest, total, paid = 0, 0, []
    for value in net_cash:
        total += value
        paid.append(math.floor(max(0, total - highest) * share + Fraction(1, 2)))
        highest = max(highest, total)
    return paid
