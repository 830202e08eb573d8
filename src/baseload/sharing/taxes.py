"""Tax on the profit of a year, paid month by month as the year goes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from baseload.clock import MONTHS_PER_YEAR
from baseload.sharing.largest_remainder import Wholes, rounded_product


def tax_by_month(
    profit_cents: Wholes,
    capital_cents: Wholes,
    rate: Fraction,
    depreciation_years: int = 10,
    *,
    loss_carry_forward: bool = True,
) -> Wholes:
    """What is paid to a treasury in each month.

    Years are blocks of twelve months from the first. By the end of each month, the rate on the
    year's profit so far has been paid: profit before depreciation, less straight-line depreciation
    of all capital, a full slice in the year of purchase, less losses of earlier years. A month that
    loses what earlier ones of its year had earned gets their tax back; a year never pays less than
    nothing.

    Parameters
    ----------
    profit_cents : ndarray of int (M, ...)
        By month, before depreciation, of either sign. [cents]
    capital_cents : ndarray of int (M, ...)
        Bought in each month, from 0. [cents]
    rate : Fraction
        From 0 to 1.
    depreciation_years : int
        From 1. Slices of whole cents; the first ones take what does not divide.
    loss_carry_forward : bool
        Whether a year's loss is set against later profits, without end.

    Returns
    -------
    ndarray of int (M, ...)
        From the taxed to the treasury; below zero for a refund within a year. [cents]

    Examples
    --------
    Capital of 1,000 in two slices against 300, -100 and 2,000 in one year, then 700 in the next:

    >>> profit = np.array([300, -100, 2000] + [0] * 9 + [700])
    >>> capital = np.array([1000] + [0] * 12)
    >>> tax_by_month(profit, capital, Fraction(1, 5), 2).tolist()
    [0, 0, 340, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40]
    """
    paid = np.zeros_like(profit_cents)
    bought: list[Wholes] = []
    loss = np.zeros(profit_cents.shape[1:], np.int64)
    for start in range(0, len(profit_cents), MONTHS_PER_YEAR):
        year = slice(start, start + MONTHS_PER_YEAR)
        capital = np.cumsum(capital_cents[year], axis=0)
        result = np.cumsum(profit_cents[year], axis=0) - _piece(capital, depreciation_years, 0)
        for age in range(1, min(depreciation_years, len(bought) + 1)):
            result -= _piece(bought[-age], depreciation_years, age)
        due = rounded_product(np.maximum(result - loss, 0), rate)
        paid[year] = due
        paid[start + 1 : start + MONTHS_PER_YEAR] -= due[:-1]
        bought.append(capital[-1])
        loss = np.maximum(loss - result[-1], 0) if loss_carry_forward else loss
    return paid


def _piece(capital: Wholes, years: int, age: int) -> Wholes:
    """Depreciation of capital in its year of that age."""
    return capital // years + (age < capital % years)
