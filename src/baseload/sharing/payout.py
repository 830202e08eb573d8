"""A project's cash paid out month by month: levies, costs and their recovery, taxes, shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from baseload.errors import Fault, InputError, nearest
from baseload.sharing.cash import MonthlyCash
from baseload.sharing.largest_remainder import (
    LARGEST_AMOUNT,
    Split,
    Wholes,
    product_over,
    split_of,
)
from baseload.sharing.recovery import Recovered, recover
from baseload.sharing.schema import OUTSIDE, Terms, Tier, party_faults
from baseload.sharing.taxes import tax_by_month

LINES: Final = (
    "royalty",
    "cost_recovery",
    "profit_share",
    "coins",
    "tax",
    "tax_paid",
    "cash_call",
)
ROYALTY, COST_RECOVERY, PROFIT_SHARE, COINS, TAX, TAX_PAID, CASH_CALL = range(len(LINES))


@dataclass(frozen=True)
class Payout:
    """Who gets what in each month; (M,) stands for (P, M) where the cash had many paths.

    Parameters
    ----------
    recipients : tuple of str
        The parties as they were named, then "outside".
    cents : ndarray of int (recipients, lines, M)
        By the lines of `LINES`; what a recipient pays is below zero. [cents]
    satoshis : ndarray of int (recipients, M)
        Coins handed over; their value is the line `coins`. [sat]
    satoshis_sold : ndarray of int (M,)
        Coins that were sold, as the cash has them. [sat]
    """

    recipients: tuple[str, ...]
    cents: Wholes
    satoshis: Wholes
    satoshis_sold: Wholes

    def of(self, recipient: str, line: str | None = None) -> Wholes:
        """What one recipient gets, of one line or in all.

        Parameters
        ----------
        recipient : str
        line : str, optional
            One of `LINES`. By default their sum.

        Returns
        -------
        ndarray of int
            (M,) or (P, M). [cents]

        Raises
        ------
        InputError
            For a name that is not there.
        """
        own = self.cents[_place("recipient", recipient, self.recipients)]
        found: Wholes = own.sum(axis=0) if line is None else own[_place("line", line, LINES)]
        return found


def pay_out(cash: MonthlyCash, terms: Terms, parties: Iterable[str]) -> Payout:
    """The months of a project divided by the terms of an arrangement, to the cent and the satoshi.

    Each month, on each path: levies on gross revenue; costs and what is carried forward of them;
    taxes on the project's profit; the rest by the tier's shares; taxes on what parties received.
    What revenue does not cover is called from whoever pays for capital [1]_.

    Parameters
    ----------
    cash : MonthlyCash
    terms : Terms
    parties : iterable of str
        Names of the members.

    Returns
    -------
    Payout
        In each month its cents add up to the project's net cash, and its coins to what was mined.

    Raises
    ------
    InputError
        For names that the terms use and nobody has, amounts that 64 bits do not hold.
    RuntimeError
        Where a cent was lost: a fault of ours.

    References
    ----------
    .. [1] D. Johnston, International Petroleum Fiscal Systems and Production Sharing Contracts,
       PennWell 1994, chapter 4 (order of royalty, cost recovery, profit oil and tax).

    Examples
    --------
    >>> terms = Terms(
    ...     capital={"miner": 1},
    ...     royalty=[{"to": "state", "share_of_gross": 0.1}],
    ...     cost_recovery=0.5,
    ...     shares={"state": 0.6, "miner": 0.4},
    ... )
    >>> paid = pay_out(MonthlyCash([0, 1000], [0, 200], [500, 0]), terms, ["state", "miner"])
    >>> paid.of("miner", "cash_call").tolist(), paid.of("miner", "cost_recovery").tolist()
    ([-500, 0], [0, 300])
    >>> paid.of("state").tolist(), paid.of("miner").tolist()
    ([0, 340], [-500, 460])
    """
    if isinstance(parties, str):
        raise InputError(Fault(None, None, None, "parties", repr(parties), "a list of names"))
    names = tuple(parties)
    if faults := party_faults(terms, names):
        raise InputError(
            *(
                Fault(None, None, None, _path(one.at), one.found, one.allowed, one.nearest)
                for one in faults
            )
        )
    if len(set(names)) != len(names):
        raise InputError(Fault(None, None, None, "parties", "a name twice", "each name once"))
    recipients = (*names, OUTSIDE)
    place = {name: i for i, name in enumerate(recipients)}
    many = cash.revenue_cents.ndim == 2
    revenue, operating, capital, safety, coins, coins_value = (
        # Months first, so that a month of all paths lies together.
        np.ascontiguousarray(np.atleast_2d(array).T)
        for array in (
            cash.revenue_cents,
            cash.operating_cost_cents,
            cash.capital_cents,
            cash.safety_cents,
            cash.coins_sat,
            cash.coins_cents,
        )
    )
    _refuse_too_large(revenue, operating + capital + safety)
    cents = np.zeros((len(recipients), len(LINES), *revenue.shape), np.int64)

    levies = _levies(terms, revenue, safety)
    for levy, to, line in zip(levies, *_levied(terms), strict=True):
        cents[place[to], line] += levy
    after_levies = revenue - levies.sum(axis=0)

    tax = np.zeros_like(revenue)
    for one in terms.taxes:
        if one.of is None and one.rate_on_profit:
            due = tax_by_month(
                after_levies - operating - safety,
                capital,
                one.rate_on_profit,
                one.depreciation_years,
                loss_carry_forward=one.loss_carry_forward,
            )
            cents[place[one.to], TAX] += due
            tax += due

    found = _after_costs(terms, revenue, after_levies, operating + capital, safety, tax)
    for i, name in enumerate(terms.capital):
        cents[place[name], CASH_CALL] -= found.called[i]
        cents[place[name], COST_RECOVERY] += found.recovered[i]

    given = np.zeros((len(recipients), *revenue.shape), np.int64)
    parts = _tier_parts(terms, found.profit, after_levies, operating + capital + safety)
    if terms.in_kind:
        parts = _pay_in_coins(parts, coins, coins_value, place, cents[:, COINS], given)
    for tier, part in parts:
        for name, own in zip(tier.shares, _split(tier).of(part), strict=True):
            cents[place[name], PROFIT_SHARE] += own

    # What a party paid in tax lowers no other tax: the base is taken before any is paid.
    receipts = {one.of: cents[place[one.of]].sum(axis=0) for one in terms.taxes if one.of}
    for name in receipts:
        receipts[name] -= cents[place[name], TAX]
    for one in terms.taxes:
        if one.of is not None:
            due = tax_by_month(
                receipts[one.of],
                np.zeros_like(revenue),
                one.rate_on_profit,
                loss_carry_forward=one.loss_carry_forward,
            )
            cents[place[one.of], TAX_PAID] -= due
            cents[place[one.to], TAX] += due

    sold = coins - given.sum(axis=0)
    net = revenue - operating - capital - safety
    if not (cents.sum(axis=(0, 1)) == net).all() or (sold < 0).any():
        raise RuntimeError("cents or coins were lost between the project and its recipients")
    months_last = [np.swapaxes(array, -1, -2) for array in (cents, given, sold)]
    return Payout(recipients, *(one if many else one[..., 0, :] for one in months_last))


def _levied(terms: Terms) -> tuple[list[str], list[int]]:
    """Recipient and line of each levy on gross revenue."""
    royalties = [one.to for one in terms.royalty]
    duties = [one.to for one in terms.taxes if one.rate_on_gross]
    return royalties + duties, [ROYALTY] * len(royalties) + [TAX] * len(duties)


def _levy_rates(terms: Terms) -> list[Fraction]:
    """Royalties, then export duties, in the order of the file."""
    rates = [one.share_of_gross for one in terms.royalty]
    return rates + [one.rate_on_gross for one in terms.taxes if one.rate_on_gross]


def _levies(terms: Terms, revenue: Wholes, safety: Wholes) -> Wholes:
    """Royalties and export duties (levies, M, P)."""
    rates = _levy_rates(terms)
    if not rates:
        return np.zeros((0, *revenue.shape), np.int64)
    together = sum(rates, Fraction(0))
    levies = split_of([*rates, 1 - together]).of(revenue)[:-1]
    if terms.safety_first:
        left = np.maximum(revenue - safety, 0)
        short = levies.sum(axis=0) > left
        if short.any():
            levies[:, short] = split_of([rate / together for rate in rates]).of(left[short])
    return levies


def _after_costs(
    terms: Terms, revenue: Wholes, after_levies: Wholes, costs: Wholes, safety: Wholes, tax: Wholes
) -> Recovered:
    if terms.cost_recovery is not None:
        return recover(terms, revenue, after_levies, costs, safety, tax)
    net = after_levies - costs - safety - tax
    called = split_of(list(terms.capital.values())).of(np.maximum(-net, 0))
    return Recovered(called, np.zeros_like(called), np.maximum(net, 0))


def _tier_parts(
    terms: Terms, profit: Wholes, earned: Wholes, spent: Wholes
) -> Iterator[tuple[Tier, Wholes]]:
    """Each tier with the profit (M, P) that falls into it."""
    tiers = terms.profit_tiers
    if len(tiers) == 1:
        yield tiers[0], profit
        return
    if terms.by_r_factor:
        level = _tier_by_r_factor(tiers, _before(earned), _before(spent))
        for index, tier in enumerate(tiers):
            yield tier, np.where(level == index, profit, 0)
        return
    after = np.cumsum(profit, axis=0)
    before = after - profit
    low = 0
    for tier in tiers:
        high = LARGEST_AMOUNT if tier.until_cents is None else tier.until_cents
        yield tier, np.clip(after, low, high) - np.clip(before, low, high)
        low = high


def _pay_in_coins(
    parts: Iterable[tuple[Tier, Wholes]],
    coins: Wholes,
    coins_value: Wholes,
    place: Mapping[str, int],
    cents: Wholes,
    satoshis: Wholes,
) -> Iterator[tuple[Tier, Wholes]]:
    """Hand the month's coins over as profit, first tiers first; what is left of each tier is cash."""
    worth_before, coins_before = np.zeros_like(coins), np.zeros_like(coins)
    for tier, part in parts:
        worth = np.minimum(coins_value - worth_before, part)
        worth_before = worth_before + worth
        # Rounded down at both ends, so that tiers together lose no satoshi.
        coins_after = product_over(coins, worth_before, coins_value)
        split = _split(tier)
        handed = split.of(coins_after - coins_before)
        for i, (name, own) in enumerate(zip(tier.shares, split.of(worth), strict=True)):
            cents[place[name]] += own
            satoshis[place[name]] += handed[i]
        coins_before = coins_after
        yield tier, part - worth


def _split(tier: Tier) -> Split:
    return split_of(list(tier.shares.values()))


def _before(monthly: Wholes) -> Wholes:
    """Sums up to the month before."""
    return np.cumsum(monthly, axis=0) - monthly


def _tier_by_r_factor(tiers: Sequence[Tier], earned: Wholes, spent: Wholes) -> Wholes:
    """How many limits the R-factor has reached; none before anything was earned."""
    level = np.zeros_like(earned)
    for tier in tiers:
        if tier.until_r_factor is not None:
            limit = tier.until_r_factor
            top, bottom = limit.numerator, limit.denominator
            # earned / spent >= top / bottom, without 128 bits.
            needed = spent // bottom * top - (-(spent % bottom) * top) // bottom
            level += (earned >= needed) & (earned > 0)
    return level


def _refuse_too_large(revenue: Wholes, costs: Wholes) -> None:
    for field, monthly in (("revenue_cents", revenue), ("costs", costs)):
        if monthly.size and monthly.sum(axis=0, dtype=np.float64).max() > LARGEST_AMOUNT:
            raise InputError(
                Fault(
                    None, None, None, field, "more than 720 trillion USD", "what 64 bits can divide"
                )
            )


def _path(at: tuple[str | int, ...]) -> str:
    return "terms" + "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in at)


def _place(field: str, name: str, known: Sequence[str]) -> int:
    if name not in known:
        raise InputError(
            Fault(None, None, None, field, repr(name), ", ".join(known), nearest(name, known))
        )
    return known.index(name)
