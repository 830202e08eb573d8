"""Payments in another order: less early and more late, so that nobody gains by leaving."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baseload.accord.bonds import DOES_NOT_HOLD, HOLDS
from baseload.accord.exact import refuse
from baseload.accord.walking_out import Enforcement, Floats, Prospects, powers, self_enforcing

HOLDS_REORDERED = "self-enforcing with payments in another order"

# What the solver leaves of an equation that should hold exactly, of the largest amount.
_SOLVER = 1e-6


@dataclass(frozen=True, eq=False)
class PaymentOrder:
    """The smallest shift of payments after which nobody gains by leaving.

    Parameters
    ----------
    shift : ndarray (parties, years) or None
        What each gets more, or less, in each year; years add up to nothing. None where no order of
        payments will do.
    moved : float or None
        Sum of what is paid from one party to another, not discounted.
    enforcement : Enforcement or None
        The arrangement with that shift.
    verdict : str
        "self-enforcing", "self-enforcing with payments in another order" or "not self-enforcing".
    reasons : tuple of str
        Why no order will do; none where one does.
    """

    shift: Floats | None
    moved: float | None
    enforcement: Enforcement | None
    verdict: str
    reasons: tuple[str, ...]


def smallest_shift(prospects: Prospects, *, own_money: bool = True) -> PaymentOrder:
    """The least money moved between parties that keeps everyone in, at unchanged present values.

    A linear programme: in each year the shifts of all parties add up to nothing; each party's add up
    to nothing at its own rate at signing; in each year each party's value of staying, with what is
    still to come of its shifts, is at least its value of leaving. Contracts under limited commitment
    are back-loaded in this way: whoever is tempted is paid later [1]_ [2]_.

    Parameters
    ----------
    prospects : Prospects
    own_money : bool
        Whether a party may be asked for more than the arrangement gives it in a year.

    Returns
    -------
    PaymentOrder

    Raises
    ------
    InputError
        Where `own_money` is no truth value.

    References
    ----------
    .. [1] J. Thomas, T. Worrall, Foreign direct investment and the risk of expropriation, Review of
       Economic Studies 61(1), 1994, https://doi.org/10.2307/2297878
    .. [2] D. Ray, The time structure of self-enforcing agreements, Econometrica 70(2), 2002,
       https://doi.org/10.1111/1468-0262.00295

    Examples
    --------
    >>> found = smallest_shift(
    ...     Prospects(["host", "miner"], [0, 0], [[10] * 3, [10] * 3], [[0, 0, 14], [0] * 3])
    ... )
    >>> found.shift.round(6).tolist()[0][2], round(found.moved, 6), found.enforcement.self_enforcing
    (4.0, 8.0, True)
    """
    if not isinstance(own_money, bool | np.bool_):
        refuse("own_money", repr(own_money), "True or False")
    before = self_enforcing(prospects)
    if before.self_enforcing:
        return PaymentOrder(np.zeros_like(prospects.cash), 0.0, before, HOLDS, ())
    shift = _solved(prospects, before, own_money)
    if shift is None:
        return PaymentOrder(None, None, None, DOES_NOT_HOLD, _why_not(prospects, before))
    after = self_enforcing(
        Prospects(
            prospects.parties,
            prospects.rates_per_year,
            prospects.cash + shift,
            prospects.kept,
            prospects.stream,
            prospects.losses,
            prospects.after_inside,
            prospects.after_outside,
            prospects.outside,
            paid_at=prospects.paid_at,
        )
    )
    scale = _scale(prospects)
    if after.gains.max() > _SOLVER * scale * prospects.years:
        raise RuntimeError("the programme's shift leaves somebody with a gain from leaving")
    gains = np.where(after.gains > 0.0, 0.0, after.gains)
    held = Enforcement(gains, after.staying, after.leaving, {}, (), None, True)
    return PaymentOrder(shift, float(np.abs(shift).sum() / 2.0), held, HOLDS_REORDERED, ())


def _solved(prospects: Prospects, before: Enforcement, own_money: bool) -> Floats | None:
    # Imported here: whoever only asks who leaves needs no programme.
    from scipy.optimize import linprog

    parties, years = prospects.cash.shape
    scale = _scale(prospects)
    factor = powers(1.0 / (1.0 + prospects.rates_per_year), years)
    times = np.arange(years) + prospects.lag
    cells = np.arange(parties * years).reshape(parties, years)
    equal = np.zeros((years + parties, parties * years))
    for year in range(years):
        equal[year, cells[:, year]] = 1.0
    for party in range(parties):
        equal[years + party, cells[party]] = factor[party, times]
    stay = np.zeros((parties * years, parties * years))
    for party in range(parties):
        for year in range(years):
            later = np.arange(year, years)
            stay[cells[party, year], cells[party, later]] = -factor[party, times[later] - year]
    most = np.inf if own_money else np.maximum(prospects.cash, 0.0).ravel() / scale
    less = np.broadcast_to(most, parties * years)
    found = linprog(
        np.full(2 * parties * years, 0.5),
        A_ub=np.hstack((stay, -stay)),
        b_ub=-before.gains.ravel() / scale,
        A_eq=np.hstack((equal, -equal)),
        b_eq=np.zeros(years + parties),
        bounds=[(0.0, np.inf)] * (parties * years) + [(0.0, one) for one in less],
        method="highs",
    )
    if found.status == 2:
        return None
    if found.status != 0:
        raise RuntimeError(f"the programme of payments was not solved: {found.message}")
    moves = found.x[: parties * years] - found.x[parties * years :]
    moves[np.abs(moves) < 1e-10] = 0.0
    shift: Floats = moves.reshape(parties, years) * scale
    return shift


def _scale(prospects: Prospects) -> float:
    return max(float(np.abs(prospects.staying()).max()), float(np.abs(prospects.leaving()).max()))


def _why_not(prospects: Prospects, before: Enforcement) -> tuple[str, ...]:
    at_once = [
        f"{name} would leave at signing, where no order of payments changes what it expects."
        for name, gain in zip(prospects.parties, before.gains[:, 0], strict=True)
        if gain > 0.0
    ]
    if at_once:
        return tuple(at_once)
    together = before.gains.sum(axis=0)
    short = np.flatnonzero(together > 0.0)
    if len(short) and len(set(prospects.rates_per_year.tolist())) == 1:
        year = int(short[0])
        return (
            f"In year {year} leaving is worth {together[year]:,.6g} more to all together than"
            " staying, however payments are ordered.",
        )
    return ("No order of payments keeps everyone in at the present values of signing.",)
