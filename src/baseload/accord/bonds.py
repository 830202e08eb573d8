"""What makes leaving unprofitable: bonds, and payments withheld."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Final

import numpy as np

from baseload.accord.exact import refuse
from baseload.accord.walking_out import Floats, Prospects, powers, self_enforcing

HOLDS: Final = "self-enforcing"
HOLDS_WITH_BONDS: Final = "self-enforcing with bonds"
HOLDS_WITH_ESCROW: Final = "self-enforcing with escrow"
DOES_NOT_HOLD: Final = "not self-enforcing"


@dataclass(frozen=True, eq=False)
class Bonds:
    """The smallest bonds at which nobody gains by leaving.

    Parameters
    ----------
    bonds : dict
        What each party lodges at signing; 0 where it needs none.
    costs : dict
        Present value at signing of having it tied up.
    years : dict
        For each party that needs one, the year that decides its size.
    bondable : dict
        Whether the bond is no larger than all that the arrangement is worth to the party at
        signing, and leaves it no worse off than never having signed.
    verdict : str
        "self-enforcing", "self-enforcing with bonds" or "not self-enforcing".
    reasons : tuple of str
        One sentence for each party that needs a bond.
    """

    bonds: dict[str, float]
    costs: dict[str, float]
    years: dict[str, int]
    bondable: dict[str, bool]
    verdict: str
    reasons: tuple[str, ...]


def smallest_bonds(prospects: Prospects, interest_per_year: float = 0.0) -> Bonds:
    """The smallest bond of each party that makes leaving unprofitable in every year.

    A bond is lodged at signing, lost by whoever leaves, and returned at the end of the last year
    with the account's interest g. In year t it is worth B ((1 + g) / (1 + r))^Y (1 + r)^t to a party
    that stays, so that B is the largest of gain(t) (1 + r)^(Y - t) / (1 + g)^Y [1]_. Its cost is
    B (1 - ((1 + g) / (1 + r))^Y). A party cannot be bonded beyond what the arrangement is worth to
    it, or where the cost makes signing a loss: then no bond holds the arrangement.

    Parameters
    ----------
    prospects : Prospects
    interest_per_year : float
        Of the account in which bonds lie, from 0 to 10.

    Returns
    -------
    Bonds

    Raises
    ------
    InputError
        For an interest out of range.

    References
    ----------
    .. [1] G. S. Becker, G. J. Stigler, Law enforcement, malfeasance, and compensation of enforcers,
       Journal of Legal Studies 3(1), 1974 (a bond as large as the gain from breach); the factors
       follow from discounting.

    Examples
    --------
    >>> found = smallest_bonds(
    ...     Prospects(["host", "miner"], [0, 0], [[10] * 4, [10] * 4], [[25] * 4, [0] * 4])
    ... )
    >>> found.bonds, found.years, found.verdict
    ({'host': 15.0, 'miner': 0.0}, {'host': 3}, 'self-enforcing with bonds')
    """
    interest = _interest(interest_per_year)
    enforcement = self_enforcing(prospects)
    wait = powers(1.0 + prospects.rates_per_year, prospects.years)
    grown = powers(1.0 + interest, prospects.years)[-1]
    # Each year's gain, at the end of the last year, when the bond comes back.
    needed = np.maximum(enforcement.gains, 0.0) * wait[:, :0:-1] / grown
    bonds = needed.max(axis=1)
    costs = bonds * (1.0 - grown / wait[:, -1])
    worth = enforcement.staying[:, 0]
    slack = prospects.rounding()
    bondable = (bonds <= worth + slack) & (worth - costs >= prospects.outside - slack)
    bondable |= bonds == 0.0
    reasons = []
    for i, name in enumerate(prospects.parties):
        if bonds[i] > 0.0:
            need = f"{name} would gain by leaving in year {int(np.argmax(needed[i]))}"
            if bondable[i]:
                reasons.append(f"{need}; a bond of {bonds[i]:,.6g} holds it.")
            elif bonds[i] > worth[i] + slack:
                reasons.append(
                    f"{need}; a bond of {bonds[i]:,.6g} is more than the {worth[i]:,.6g} that the"
                    " whole arrangement is worth to it."
                )
            else:
                reasons.append(
                    f"{need}; a bond of {bonds[i]:,.6g} costs {costs[i]:,.6g}, which makes signing"
                    " a loss."
                )
    verdict = HOLDS_WITH_BONDS if bondable.all() else DOES_NOT_HOLD
    names = prospects.parties
    return Bonds(
        bonds=dict(zip(names, bonds.tolist(), strict=True)),
        costs=dict(zip(names, costs.tolist(), strict=True)),
        years={name: int(np.argmax(needed[i])) for i, name in enumerate(names) if bonds[i] > 0.0},
        bondable=dict(zip(names, bondable.tolist(), strict=True)),
        verdict=HOLDS if enforcement.self_enforcing else verdict,
        reasons=tuple(reasons),
    )


@dataclass(frozen=True, eq=False)
class Escrow:
    """The smallest share of each party's payments that must be withheld.

    Parameters
    ----------
    shares : dict
        From 0 to 1; None where no share keeps the party in.
    largest : dict
        What is held of each party at the most, interest included; None where there is no share.
    verdict : str
        "self-enforcing", "self-enforcing with escrow" or "not self-enforcing".
    reasons : tuple of str
        One sentence for each party whose payments are withheld.
    """

    shares: dict[str, float | None]
    largest: dict[str, float | None]
    verdict: str
    reasons: tuple[str, ...]


def smallest_escrow(
    prospects: Prospects, hold_years: int | None = None, interest_per_year: float = 0.0
) -> Escrow:
    """The smallest share of each party's own payments to hold back so that it does not leave.

    Of each payment to a party a share is held, and released with the account's interest `hold_years`
    later, at the latest at the end of the last year; by default all of it then. Whoever leaves loses
    what is held. The value of staying changes in proportion to the share, up by what is at stake and
    down by the wait, so that each year sets a lower or an upper bound to it. Nothing is held in the
    first year, so that a party that would leave at once is not kept by it.

    Parameters
    ----------
    prospects : Prospects
    hold_years : int, optional
        At least 1. By default to the end.
    interest_per_year : float
        Of the account, from 0 to 10.

    Returns
    -------
    Escrow

    Raises
    ------
    InputError
        For years or an interest out of range.

    Examples
    --------
    >>> found = smallest_escrow(
    ...     Prospects(["host", "miner"], [0, 0], [[10] * 4, [10] * 4], [[25] * 4, [0] * 4])
    ... )
    >>> found.shares, found.largest, found.verdict
    ({'host': 0.5, 'miner': 0.0}, {'host': 15.0, 'miner': 0.0}, 'self-enforcing with escrow')
    """
    interest = _interest(interest_per_year)
    if hold_years is not None and (
        isinstance(hold_years, bool) or not isinstance(hold_years, int) or hold_years < 1
    ):
        refuse("hold_years", repr(hold_years), "a whole number of at least 1 [years], or None")
    enforcement = self_enforcing(prospects)
    paid = np.arange(prospects.years) + prospects.lag
    held_for = prospects.years if hold_years is None else hold_years
    released = np.minimum(paid + held_for, prospects.years)
    payments = np.maximum(prospects.cash, 0.0)
    growth = powers(1.0 + interest, prospects.years)
    at_release = payments * growth[released - paid]
    slack = prospects.rounding()
    shares: dict[str, float | None] = {}
    largest: dict[str, float | None] = {}
    reasons = []
    for i, name in enumerate(prospects.parties):
        effect = _effect_of_holding(prospects, i, payments[i], at_release[i], paid, released)
        share = _smallest_share(enforcement.gains[i], effect, slack)
        shares[name] = share
        largest[name] = None
        if share is None:
            reasons.append(f"No share of what {name} is paid, withheld, keeps it from leaving.")
            continue
        balances = []
        for year in range(prospects.years + 1):
            held = (paid <= year) & (released >= year) & (released > paid)
            balances.append((payments[i][held] * growth[year - paid[held]]).sum())
        largest[name] = share * float(max(balances))
        if share > 0.0:
            reasons.append(
                f"{share:.1%} of what {name} is paid, withheld, keeps it from leaving;"
                f" {largest[name]:,.6g} are held at the most."
            )
    kept = all(share is not None for share in shares.values())
    verdict = HOLDS_WITH_ESCROW if kept else DOES_NOT_HOLD
    return Escrow(shares, largest, HOLDS if enforcement.self_enforcing else verdict, tuple(reasons))


def _effect_of_holding(
    prospects: Prospects,
    party: int,
    payments: Floats,
    at_release: Floats,
    paid: np.typing.NDArray[np.int64],
    released: np.typing.NDArray[np.int64],
) -> Floats:
    """How much more staying is worth in each year (years,), per share that is held."""
    factor = powers(1.0 / (1.0 + prospects.rates_per_year[party]), prospects.years)
    effect = np.zeros(prospects.years)
    for year in range(prospects.years):
        # A payment on the day of decision is still to come where payments stand at the start.
        pending = released - prospects.lag >= year
        to_come = paid - prospects.lag >= year
        effect[year] = (at_release[pending] * factor[released[pending] - year]).sum()
        effect[year] -= (payments[to_come] * factor[paid[to_come] - year]).sum()
    return effect


def _smallest_share(gains: Floats, effect: Floats, slack: float) -> float | None:
    """The smallest w from 0 to 1 with w x effect >= gains in all years."""
    effect = np.where(np.abs(effect) <= slack, 0.0, effect)
    if (gains[effect == 0.0] > slack).any():
        return None
    bounds = np.divide(gains, effect, out=np.zeros_like(gains), where=effect != 0.0)
    low = max(0.0, float(bounds[effect > 0.0].max(initial=0.0)))
    high = min(1.0, float(bounds[effect < 0.0].min(initial=1.0)))
    # Relative to shares of one, as far as rounding reaches.
    if low > high + 1e-9:
        return None
    return min(low, 1.0)


def _interest(given: object) -> float:
    allowed = "a rate from 0 to 10"
    if isinstance(given, bool) or not isinstance(given, Real):
        refuse("interest_per_year", repr(given), allowed)
    number = float(given)
    if not 0.0 <= number <= 10.0:
        refuse("interest_per_year", repr(given), allowed)
    return number
