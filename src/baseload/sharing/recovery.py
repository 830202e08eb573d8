"""Costs paid out of revenue, calls for the rest, and their recovery from later months."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from baseload.errors import Fault, InputError
from baseload.sharing.largest_remainder import (
    LARGEST_AMOUNT,
    Split,
    Wholes,
    rounded_product,
    split_of,
)
from baseload.sharing.schema import Terms


class Recovered(NamedTuple):
    """What costs leave of a project's months.

    Parameters
    ----------
    called, recovered : ndarray of int (payers, M, P)
        Paid in and got back by each payer of capital, both from 0. [cents]
    profit : ndarray of int (M, P)
        What is left to be shared, from 0. [cents]
    """

    called: Wholes
    recovered: Wholes
    profit: Wholes


def recover(
    terms: Terms, revenue: Wholes, after_levies: Wholes, costs: Wholes, safety: Wholes, tax: Wholes
) -> Recovered:
    """Months with cost recovery: costs first, within the limit, then what is carried forward.

    A month's own costs come first, then what earlier calls have not got back, both together at most
    the limit. With `safety_first`, safety is paid before and does not count towards the limit. What
    is not paid so, and tax beyond what is left, is called from the payers of capital and carried
    forward with its uplift; what is carried forward bears a twelfth of the interest each month.

    Parameters
    ----------
    terms : Terms
        With cost recovery.
    revenue, after_levies, costs, safety, tax : ndarray of int (M, P)
        Gross, less levies, costs beside safety, safety, and tax on the project. [cents]

    Returns
    -------
    Recovered

    Raises
    ------
    InputError
        Where interest lets the unrecovered grow beyond what 64 bits can divide.
    """
    how = terms.cost_recovery
    if how is None:
        raise RuntimeError("terms without cost recovery")
    shares = split_of(list(terms.capital.values()))
    payers = len(shares.numerators)
    room = _floor_of(revenue, how.limit_share_of_gross)
    safety_paid = np.minimum(safety, after_levies) if terms.safety_first else np.zeros_like(safety)
    within_limit = costs if terms.safety_first else costs + safety
    room = np.minimum(room, after_levies - safety_paid)
    paid = np.minimum(within_limit, room)
    uncovered = costs + safety - safety_paid - paid
    room -= paid
    rest_before = after_levies - safety_paid - paid - tax
    interest = how.interest_per_year / 12
    open_cents = np.zeros((payers, revenue.shape[1]), np.int64)
    called = np.zeros((payers, *revenue.shape), np.int64)
    recovered = np.zeros_like(called)
    profit = np.zeros_like(revenue)
    for month in range(len(revenue)):
        if interest:
            open_cents += rounded_product(open_cents, interest)
        back = np.minimum(open_cents.sum(axis=0), room[month])
        if back.any():
            recovered[:, month] = _back(shares, back, open_cents, how.order == "pro rata")
            open_cents -= recovered[:, month]
        rest = rest_before[month] - back
        profit[month] = np.maximum(rest, 0)
        call = uncovered[month] + np.maximum(-rest, 0)
        if call.any():
            calls = shares.of(call)
            called[:, month] = calls
            open_cents += calls + rounded_product(calls, how.uplift_share)
        if open_cents.size and open_cents.max() > LARGEST_AMOUNT // payers:
            raise InputError(
                Fault(
                    None,
                    None,
                    None,
                    "terms.cost_recovery",
                    "costs that grow beyond 720 trillion USD before they are recovered",
                    "less interest or uplift",
                )
            )
    return Recovered(called, recovered, profit)


def _floor_of(amount: Wholes, share: Fraction) -> Wholes:
    """amount x share, rounded down."""
    top, bottom = share.numerator, share.denominator
    return amount // bottom * top + amount % bottom * top // bottom


def _back(shares: Split, total: Wholes, open_cents: Wholes, pro_rata: bool) -> Wholes:
    """What each payer gets of a recovery (payers, P), never more than it has open."""
    found = np.minimum(shares.of(total), open_cents) if pro_rata else np.zeros_like(open_cents)
    left = total - found.sum(axis=0)
    for i in range(len(found)):
        more = np.minimum(left, open_cents[i] - found[i])
        found[i] += more
        left = left - more
    return found
