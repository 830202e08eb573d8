"""Every party's lines once more, from the ledger file and the terms alone, in plain arithmetic.

It shares nothing with `payout` but the terms: numbers are Python's own, shares are fractions, and
each month is worked out by itself. A party can follow it with a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple, NoReturn, Protocol

from baseload.errors import Fault, InputError
from baseload.sharing.lines import PROJECT_LINES, Row
from baseload.sharing.schema import PROJECT, TaxLine, Terms

Entry = tuple[str, str]


class Difference(NamedTuple):
    """A row of the file that does not follow from its terms."""

    stated: Row
    recomputed: Row


def differences(rows: Iterable[Row], terms: Terms) -> list[Difference]:
    """Rows of a ledger file that are not what the terms give; none where it is right.

    Parameters
    ----------
    rows : iterable of Row
        All rows of one path.
    terms : Terms

    Returns
    -------
    list of Difference
        In the order of the file.

    Raises
    ------
    InputError
        As `recompute`.

    Examples
    --------
    >>> from baseload.sharing import MonthlyCash, ledger_rows, pay_out
    >>> terms = Terms(capital={"A": 1}, shares={"A": "1/3", "B": "2/3"})
    >>> cash = MonthlyCash([100], [0], [0])
    >>> rows = ledger_rows(cash, pay_out(cash, terms, ["A", "B"]))
    >>> differences(rows, terms)
    []
    >>> wrong = [row._replace(cents=34) if row.cents == 33 else row for row in rows]
    >>> [(one.stated.party, one.stated.cents, one.recomputed.cents) for one in differences(wrong, terms)]
    [('A', 34, 33)]
    """
    stated = [Row(*row) for row in rows]
    return [
        Difference(one, other)
        for one, other in zip(stated, recompute(stated, terms), strict=True)
        if one != other
    ]


def recompute(rows: Iterable[Row], terms: Terms) -> list[Row]:
    """The rows of a ledger file as the terms give them, from the project's own rows.

    Parameters
    ----------
    rows : iterable of Row
        All rows of one path, month by month; tuples with the columns in that order will do.
    terms : Terms

    Returns
    -------
    list of Row
        As many, in the same order, the project's unchanged.

    Raises
    ------
    InputError
        Where a month lacks a row of the project, or the file one of the terms' names.
    """
    stated = [Row(*row) for row in rows]
    project: dict[int, dict[str, Row]] = {}
    for row in stated:
        if row.party == PROJECT:
            project.setdefault(row.month, {})[row.line] = row
    names = {row.party for row in stated}
    needed = {*terms.capital, *(one.to for one in terms.royalty)}
    needed |= {name for one in terms.taxes for name in (one.to, one.of) if name}
    needed |= {name for tier in terms.profit_tiers for name in tier.shares}
    if missing := sorted(needed - names):
        _refuse("rows", f"no row for {', '.join(missing)}", "rows for every name of the terms")
    accounts = _Accounts(terms)
    entries: dict[int, dict[Entry, int]] = {}
    coins: dict[int, dict[str, int]] = {}
    for month in range(len(project)):
        found = project.get(month, {})
        if lacking := [line for line in PROJECT_LINES if line not in found]:
            _refuse(f"rows of month {month}", f"no {lacking[0]} of the {PROJECT}", "every line")
        entries[month], coins[month] = accounts.month(month, found)
    return [
        row
        if row.party == PROJECT
        else row._replace(
            cents=entries.get(row.month, {}).get((row.party, row.line), 0),
            satoshis=coins.get(row.month, {}).get(row.party, 0) if row.line == "coins" else 0,
        )
        for row in stated
    ]


def _parts(amount: int, shares: Sequence[Fraction]) -> list[int]:
    """Largest remainder; ties by order."""
    exact = [amount * share for share in shares]
    parts = [floor(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def _nearest(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


class _TaxAccount:
    """One tax with its year so far, its slices of capital and its losses."""

    def __init__(self, tax: TaxLine) -> None:
        self.tax = tax
        self.profit = self.paid = self.loss = 0
        self.capital = [0]

    def due(self, month: int, profit: int, capital: int) -> int:
        if month % 12 == 0 and month:
            result = self._result()
            self.loss = max(self.loss - result, 0) if self.tax.loss_carry_forward else 0
            self.profit = self.paid = 0
            self.capital.append(0)
        self.profit += profit
        self.capital[-1] += capital
        owed = _nearest(self.tax.rate_on_profit * max(self._result() - self.loss, 0))
        change, self.paid = owed - self.paid, owed
        return change

    def _result(self) -> int:
        years = self.tax.depreciation_years
        slices = [
            capital // years + (1 if age < capital % years else 0)
            for age, capital in enumerate(reversed(self.capital))
            if age < years
        ]
        return self.profit - sum(slices)


class _Accounts:
    """What is carried from month to month."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.taxes = [_TaxAccount(one) for one in terms.taxes]
        self.open = dict.fromkeys(terms.capital, 0)
        self.shared = self.earned = self.spent = 0

    def month(
        self, month: int, project: Mapping[str, Row]
    ) -> tuple[dict[Entry, int], dict[str, int]]:
        revenue = project["revenue"].cents
        safety = -project["safety"].cents
        operating, capital = -project["operating_cost"].cents, -project["capital"].cents
        entries: dict[Entry, int] = {}

        def post(name: str, line: str, cents: int) -> None:
            entries[name, line] = entries.get((name, line), 0) + cents

        levies = list(self._levies(revenue, safety))
        for name, line, cents in levies:
            post(name, line, cents)
        left = revenue - sum(cents for *_, cents in levies)
        tax = 0
        for account in self.taxes:
            if account.tax.of is None:
                due = account.due(month, left - operating - safety, capital)
                post(account.tax.to, "tax", due)
                tax += due
        profit = self._after_costs(revenue, left, operating + capital, safety, tax, post)
        coins = self._share(profit, project["coins"], post)
        self.earned += left
        self.spent += operating + capital + safety
        receipts = {
            name: sum(
                cents for (who, line), cents in entries.items() if who == name and line != "tax"
            )
            for name in {one.tax.of for one in self.taxes if one.tax.of}
        }
        for account in self.taxes:
            if account.tax.of is not None:
                due = account.due(month, receipts[account.tax.of], 0)
                post(account.tax.of, "tax_paid", -due)
                post(account.tax.to, "tax", due)
        return entries, coins

    def _levies(self, revenue: int, safety: int) -> Iterator[tuple[str, str, int]]:
        lines = [(one.to, "royalty", one.share_of_gross) for one in self.terms.royalty]
        lines += [
            (one.to, "tax", one.rate_on_gross) for one in self.terms.taxes if one.rate_on_gross
        ]
        rates = [rate for *_, rate in lines]
        together = sum(rates, Fraction(0))
        if not together:
            return
        found = _parts(revenue, [*rates, 1 - together])[:-1]
        left = max(revenue - safety, 0)
        if self.terms.safety_first and sum(found) > left:
            found = _parts(left, [rate / together for rate in rates])
        for (name, line, _), cents in zip(lines, found, strict=True):
            yield name, line, cents

    def _after_costs(
        self, revenue: int, left: int, costs: int, safety: int, tax: int, post: _Post
    ) -> int:
        terms = self.terms
        how = terms.cost_recovery
        shares = list(terms.capital.values())
        if how is None:
            net = left - costs - safety - tax
            for name, call in zip(terms.capital, _parts(max(-net, 0), shares), strict=True):
                post(name, "cash_call", -call)
            return max(net, 0)
        limit = floor(revenue * how.limit_share_of_gross)
        outside_limit = min(safety, left) if terms.safety_first else 0
        room = min(limit, left - outside_limit)
        paid = min(costs if terms.safety_first else costs + safety, room)
        for name in self.open:
            self.open[name] += _nearest(self.open[name] * how.interest_per_year / 12)
        back = min(sum(self.open.values()), room - paid)
        wanted = _parts(back, shares) if how.order == "pro rata" else [0] * len(shares)
        got = {
            name: min(cents, self.open[name]) for name, cents in zip(self.open, wanted, strict=True)
        }
        for name in got:
            got[name] += min(back - sum(got.values()), self.open[name] - got[name])
            post(name, "cost_recovery", got[name])
        rest = left - outside_limit - paid - back - tax
        call = costs + safety - outside_limit - paid + max(-rest, 0)
        for name, cents in zip(terms.capital, _parts(call, shares), strict=True):
            post(name, "cash_call", -cents)
            self.open[name] += cents + _nearest(cents * how.uplift_share) - got[name]
        return max(rest, 0)

    def _share(self, profit: int, coins: Row, post: _Post) -> dict[str, int]:
        in_coins = min(profit, coins.cents) if self.terms.in_kind else 0
        handed: dict[str, int] = {}
        value = 0
        for shares, part in self._tier_parts(profit):
            here = min(in_coins - value, part)
            # Rounded down at both ends, so that tiers together lose no satoshi.
            ends = [
                coins.satoshis * one // coins.cents if coins.cents else 0
                for one in (value, value + here)
            ]
            value += here
            fractions = list(shares.values())
            for name, cash, as_coins, satoshis in zip(
                shares,
                _parts(part - here, fractions),
                _parts(here, fractions),
                _parts(ends[1] - ends[0], fractions),
                strict=True,
            ):
                post(name, "profit_share", cash)
                post(name, "coins", as_coins)
                handed[name] = handed.get(name, 0) + satoshis
        self.shared += profit
        return handed

    def _tier_parts(self, profit: int) -> Iterator[tuple[Mapping[str, Fraction], int]]:
        tiers = self.terms.profit_tiers
        if self.terms.by_r_factor:
            reached = 0
            for tier in tiers:
                limit = tier.until_r_factor
                if limit is not None and self.earned > 0 and self.earned >= limit * self.spent:
                    reached += 1
            yield tiers[reached].shares, profit
            return
        low = 0
        for tier in tiers:
            end = self.shared + profit
            high = end if tier.until_cents is None else min(tier.until_cents, end)
            yield tier.shares, max(high - max(low, self.shared), 0)
            low = max(low, high)


class _Post(Protocol):
    """Adds cents to a name's line."""

    def __call__(self, name: str, line: str, cents: int) -> None: ...


def _refuse(field: str, found: str, allowed: str) -> NoReturn:
    raise InputError(Fault(None, None, None, field, found, allowed))
