"""Who pays whom: from what each party receives to what it is to have in the end."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from baseload.accord.exact import common_scale, listed, refuse, whole
from baseload.accord.game import floats_by_name, read_numbers
from baseload.accord.simplex import feasible, maximise

Party = TypeVar("Party", bound=Hashable)
Allowed = Mapping[Party, Iterable[Party]]

MOST_PARTIES = 12
"""Parties with something to pay or to get, up to whom payments are as few as can be."""

SAME = Fraction(1, 10**9)
"""Share of the largest amount by which two sums may differ and count as the same."""

_ROUNDING = Fraction(1, 10**12)


class Payment(NamedTuple, Generic[Party]):
    """One payment, in the unit of the payoffs."""

    payer: Party
    payee: Party
    amount: float


@dataclass(frozen=True)
class Settlement(Generic[Party]):
    """Payments, and what they lead to.

    Parameters
    ----------
    payments : tuple of Payment
    reached : bool
        Whether they lead to the payoff asked for.
    payoff : dict
        What each party has in the end.
    short : dict
        What each party lacks of the payoff asked for; below zero where it keeps more, because it may
        not pay those who lack it. Zeros where the payoff is reached.
    blocked : frozenset
        The parties that lack most, on average: nobody outside may pay any of them, and they may not
        make up for one another. Empty where the payoff is reached.
    """

    payments: tuple[Payment[Party], ...]
    reached: bool
    payoff: dict[Party, float]
    short: dict[Party, float]
    blocked: frozenset[Party]


def who_pays_whom(
    payoff: Mapping[Party, object],
    receipts: Mapping[Party, object],
    allowed: Allowed[Party] | None = None,
) -> Settlement[Party]:
    """Payments by which parties come from what they receive to what they are to have.

    With free payments they are as few as can be: the parties fall into as many groups as can settle
    among themselves, and a group of k takes k - 1 payments [1]_. With only some pairs allowed, also
    by way of third parties, the least money moves, in at most one payment fewer than parties.

    Where the allowed payments do not lead there, the payoff is taken among those they lead to that
    is nearest: what parties lack, squared and added up, is least. Nobody then lacks more than another
    who may pay them: an isotonic regression [2]_.

    Parameters
    ----------
    payoff : mapping of party to number
        What each is to have.
    receipts : mapping of party to number
        What each receives before any payment; the same sum.
    allowed : mapping of party to iterable of parties, optional
        Whom each party may pay, as its law stands; who is not in it pays nobody. By default everyone
        may pay everyone.

    Returns
    -------
    Settlement

    Raises
    ------
    InputError
        For what is no finite number, parties missing or unknown, sums that differ by more than 1e-9
        of the largest amount, more than 12 parties beside `allowed`.

    References
    ----------
    .. [1] T. Verhoeff, Settling Multiple Debts Efficiently: An Invitation to Computing Science,
       Informatics in Education 3(1), 2004, https://doi.org/10.15388/infedu.2004.08
    .. [2] R. E. Barlow, H. D. Brunk, The Isotonic Regression Problem and Its Dual, Journal of the
       American Statistical Association 67(337), 1972, https://doi.org/10.2307/2284712

    Examples
    --------
    >>> receipts = {"operator": 90, "owner": 10, "miner": 0}
    >>> shares = {"operator": 40, "owner": 40, "miner": 20}
    >>> for one in who_pays_whom(shares, receipts).payments:
    ...     print(*one)
    operator owner 30.0
    operator miner 20.0

    The operator may pay only the miner, and the miner nobody:

    >>> settlement = who_pays_whom(shares, receipts, {"operator": ["miner"]})
    >>> settlement.reached, settlement.payoff, settlement.blocked
    (False, {'operator': 55.0, 'owner': 10.0, 'miner': 35.0}, frozenset({'owner'}))
    """
    names, due, largest = read_dues(payoff, receipts)
    if allowed is None:
        payments = _fewest(names, due, largest)
        lacking = [Fraction(0)] * len(names)
    else:
        payers = payers_of(names, allowed)
        if len(names) > MOST_PARTIES:
            refuse("allowed", f"{len(names)} parties", f"at most {MOST_PARTIES} beside it")
        lacking = _lacking(due, payers)
        payments = _least_money(
            names, [one - short for one, short in zip(due, lacking, strict=True)], payers
        )
    reached = max(map(abs, lacking)) <= SAME * largest
    held = read_numbers(receipts, names, "receipts")
    ends = [got + one - short for got, one, short in zip(held, due, lacking, strict=True)]
    most = max(lacking)
    return Settlement(
        payments=tuple(payments),
        reached=reached,
        payoff=floats_by_name(names, ends),
        short=floats_by_name(names, [Fraction(0)] * len(names) if reached else lacking),
        blocked=frozenset(
            name
            for name, short in zip(names, lacking, strict=True)
            if short == most and not reached
        ),
    )


def read_dues(
    payoff: Mapping[Party, object], receipts: Mapping[Party, object]
) -> tuple[list[Party], list[Fraction], Fraction]:
    """Parties, what each is due beyond what it receives (zero in sum), the largest amount.

    Raises
    ------
    InputError
        As `who_pays_whom`.
    """
    if not isinstance(receipts, Mapping) or not receipts:
        refuse("receipts", repr(receipts), "a mapping from parties to numbers, one at least")
    names = list(receipts)
    held = read_numbers(receipts, names, "receipts")
    asked = read_numbers(payoff, names, "payoff")
    largest = max(map(abs, [*held, *asked]))
    due = [end - start for end, start in zip(asked, held, strict=True)]
    miss = sum(due, Fraction(0))
    if abs(miss) > SAME * largest:
        refuse(
            "payoff",
            f"{float(sum(asked, Fraction(0))):.12g} in sum",
            f"{float(sum(held, Fraction(0))):.12g} in sum, what the parties receive",
        )
    due = [one if abs(one) > _ROUNDING * largest else Fraction(0) for one in due]
    # What rounding left over goes to whoever notices it least.
    most = max(range(len(due)), key=lambda i: abs(due[i]))
    due[most] -= sum(due, Fraction(0))
    return names, due, largest


def payers_of(names: Sequence[Party], allowed: Allowed[Party]) -> list[int]:
    """For each party the mask of those who may pay it.

    Raises
    ------
    InputError
        For what is no mapping to lists of parties, and parties that are unknown.
    """
    if not isinstance(allowed, Mapping):
        refuse("allowed", type(allowed).__name__, "a mapping from parties to whom they may pay")
    place = {name: i for i, name in enumerate(names)}
    payers = [0] * len(names)
    for payer, payees in allowed.items():
        if isinstance(payees, str) or not isinstance(payees, Iterable):
            refuse(f"allowed[{payer!r}]", repr(payees), "a list of parties")
        for name in (payer, *(payees := list(payees))):
            if name not in place:
                refuse(
                    "allowed", f"{name!r}", f"parties that receive something: {listed(names, 12)}"
                )
        for payee in payees:
            if payee != payer:
                payers[place[payee]] |= 1 << place[payer]
    return payers


def closed_groups(payers: Sequence[int], among: int) -> list[int]:
    """Masks of groups within a mask whom nobody else in it may pay; the empty one is left out."""
    groups = [0]
    for i in range(len(payers)):
        if among >> i & 1:
            groups += [group | 1 << i for group in groups]
    return [
        group
        for group in groups
        if group
        and all(
            not from_whom & among & ~group for i, from_whom in enumerate(payers) if group >> i & 1
        )
    ]


def _fewest(names: list[Party], due: list[Fraction], largest: Fraction) -> list[Payment[Party]]:
    """As few payments as can be, up to a limit of parties; beyond it one fewer than parties."""
    open_parties = [i for i, one in enumerate(due) if one]
    groups = [open_parties]
    tolerance = _ROUNDING * largest
    if len(open_parties) <= MOST_PARTIES:
        groups = _settling_groups(open_parties, due, tolerance)
    payments = []
    for group in groups:
        gets = sorted((i for i in group if due[i] > 0), key=lambda i: -due[i])
        pays = sorted((i for i in group if due[i] < 0), key=lambda i: due[i])
        left = {i: abs(due[i]) for i in group}
        while gets and pays:
            payer, payee = pays[0], gets[0]
            amount = min(left[payer], left[payee])
            payments.append(Payment(names[payer], names[payee], float(amount)))
            left[payer] -= amount
            left[payee] -= amount
            # What is left within rounding is settled.
            if left[payer] <= tolerance:
                pays.pop(0)
            if left[payee] <= tolerance:
                gets.pop(0)
    return payments


def _settling_groups(
    parties: list[int], due: list[Fraction], tolerance: Fraction
) -> list[list[int]]:
    """The most groups into which parties fall whose dues add up to nothing.

    For every set of parties, the most settling sets in a chain that ends in it.
    """
    count = len(parties)
    sums = [Fraction(0)]
    for i in parties:
        sums += [one + due[i] for one in sums]
    most = [0] * (1 << count)
    last = [0] * (1 << count)
    for mask in range(1, 1 << count):
        inside = [k for k in range(count) if mask >> k & 1]
        last[mask] = max(inside, key=lambda k: most[mask ^ 1 << k])
        most[mask] = most[mask ^ 1 << last[mask]] + (abs(sums[mask]) <= tolerance)
    groups: list[list[int]] = []
    mask = (1 << count) - 1
    while mask:
        if abs(sums[mask]) <= tolerance:
            groups.append([])
        groups[-1].append(parties[last[mask]])
        mask ^= 1 << last[mask]
    return [sorted(group) for group in groups]


def _lacking(due: list[Fraction], payers: list[int]) -> list[Fraction]:
    """What each party lacks at the nearest payoff that allowed payments lead to.

    The group whom nobody outside may pay and which lacks most on average lacks that average each;
    then the same among the rest. Of equals the largest group is taken.
    """
    lacking = [Fraction(0)] * len(due)
    rest = (1 << len(due)) - 1
    while rest:
        best, mean = 0, Fraction(0)
        for group in closed_groups(payers, rest):
            total = sum((one for i, one in enumerate(due) if group >> i & 1), Fraction(0))
            average = total / group.bit_count()
            larger = group.bit_count() > best.bit_count()
            if not best or average > mean or (average == mean and larger):
                best, mean = group, average
        for i in range(len(due)):
            if best >> i & 1:
                lacking[i] = mean
        rest &= ~best
    return lacking


def _least_money(
    names: list[Party], due: list[Fraction], payers: list[int]
) -> list[Payment[Party]]:
    """Payments between allowed pairs that bring each party what it is due, least in sum."""
    pairs = [
        (i, j) for j, from_whom in enumerate(payers) for i in range(len(due)) if from_whom >> i & 1
    ]
    if not pairs or not any(due):
        return []
    scale = common_scale(due)
    matrix = np.zeros((len(due), len(pairs)), object)
    for column, (payer, payee) in enumerate(pairs):
        matrix[payer, column] = -1
        matrix[payee, column] = 1
    right = np.array(whole(due, scale), object)
    basis = feasible(matrix, right)
    if basis is None:
        raise RuntimeError("a payoff within reach is not reached")
    basis = maximise(matrix, np.array([-1] * len(pairs), object), right, basis)
    level = (basis.inverse @ right).tolist()
    paid = {
        pairs[column]: Fraction(int(amount), basis.determinant * scale)
        for column, amount in zip(basis.columns, level, strict=True)
        if column >= 0 and amount
    }
    return [
        Payment(names[payer], names[payee], float(amount))
        for (payer, payee), amount in sorted(paid.items())
    ]
