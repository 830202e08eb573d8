"""The zone of possible agreement: which arrangements all would take, and what it takes otherwise."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np

from baseload.accord.exact import common_scale, refuse, whole
from baseload.accord.game import floats_by_name, read_numbers
from baseload.accord.simplex import feasible, maximise
from baseload.accord.transfers import Allowed, Party, Payment, payers_of

Arrangement = TypeVar("Arrangement", bound=Hashable)

_ROUNDING = Fraction(1, 10**12)


@dataclass(frozen=True)
class ArrangementStanding(Generic[Party]):
    """How one arrangement stands with the parties.

    Parameters
    ----------
    gains : dict
        What each party gets beyond its outside option, in its own present value.
    surplus : float
        The gains added up.
    acceptable : bool
        Whether nobody loses, without any payment.
    side_payment : float or None
        Least sum of payments, on the day they are made, after which nobody loses; zero where that is
        so already, None where no allowed payments do it.
    payments : tuple of Payment
        One way of making them.
    outside_money : float
        Least sum that outsiders would have to pay in, on the same day, beside the payments.
    needed_values : dict
        For each party that refuses, the value of anything but money at which it would just accept:
        what it lacks, in its own present value.
    """

    gains: dict[Party, float]
    surplus: float
    acceptable: bool
    side_payment: float | None
    payments: tuple[Payment[Party], ...]
    outside_money: float
    needed_values: dict[Party, float]


def zone_of_agreement(
    payoffs: Mapping[Arrangement, Mapping[Party, object]],
    outside: Mapping[Party, object],
    present_value_factor: Mapping[Party, object] | None = None,
    allowed: Allowed[Party] | None = None,
) -> dict[Arrangement, ArrangementStanding[Party]]:
    """What each arrangement gives every party over walking away, and the least payment that mends it.

    Payoffs and outside options are present values at the party's own discount rate. All payments are
    made on one day. At signing an amount is worth the same to all; in a later year it is worth to
    each party the amount times its factor for that year, `(1 + rate) ** -years`. The least sum of
    payments follows from a linear programme in whole numbers; where payments cannot do it, from the
    same programme with the least money from outside.

    Parameters
    ----------
    payoffs : mapping of arrangement to mapping of party to number
        Present value of each arrangement to every party.
    outside : mapping of party to number
        Present value of walking away.
    present_value_factor : mapping of party to number, optional
        What one unit on the day of payment is worth to each party today, above 0. By default 1:
        payment at signing.
    allowed : mapping of party to iterable of parties, optional
        Whom each may pay. By default everyone may pay everyone.

    Returns
    -------
    dict
        An `ArrangementStanding` for each arrangement.

    Raises
    ------
    InputError
        For what is no finite number, parties missing or unknown, factors not above 0.

    References
    ----------
    .. [1] H. Raiffa, The Art and Science of Negotiation, 1982, chapter 4 (zone of agreement and
       reservation prices)

    Examples
    --------
    >>> zone = zone_of_agreement(
    ...     {"joint": {"holder": 50, "owner": -10}, "idle": {"holder": -5, "owner": 0}},
    ...     outside={"holder": 0, "owner": 10},
    ... )
    >>> zone["joint"].side_payment, zone["joint"].payments
    (20.0, (Payment(payer='holder', payee='owner', amount=20.0),))
    >>> zone["idle"].side_payment, zone["idle"].outside_money, zone["idle"].needed_values
    (None, 15.0, {'holder': 5.0, 'owner': 10.0})

    In ten years' time a holder who discounts at 20 % can promise more than an owner at 5 % asks:

    >>> factors = {"holder": 1.2**-10, "owner": 1.05**-10}
    >>> later = zone_of_agreement({"joint": {"holder": 50, "owner": -10}}, {"holder": 0, "owner": 10}, factors)
    >>> round(later["joint"].side_payment, 2)
    32.58
    """
    if not isinstance(payoffs, Mapping):
        refuse("payoffs", type(payoffs).__name__, "a mapping from arrangements to payoffs")
    if not isinstance(outside, Mapping) or not outside:
        refuse("outside", repr(outside), "a mapping from parties to numbers, one at least")
    names = list(outside)
    floor = read_numbers(outside, names, "outside")
    factors = [Fraction(1)] * len(names)
    if present_value_factor is not None:
        factors = read_numbers(present_value_factor, names, "present_value_factor")
        for name, factor in zip(names, factors, strict=True):
            if factor <= 0:
                refuse(
                    f"present_value_factor[{name!r}]",
                    repr(present_value_factor[name]),
                    "a number above 0",
                )
    everyone = (1 << len(names)) - 1
    payers = [everyone ^ 1 << i for i in range(len(names))]
    if allowed is not None:
        payers = payers_of(names, allowed)
    return {
        arrangement: _standing(
            names, read_numbers(payoff, names, f"payoffs[{arrangement!r}]"), floor, factors, payers
        )
        for arrangement, payoff in payoffs.items()
    }


def _standing(
    names: list[Party],
    payoff: list[Fraction],
    floor: list[Fraction],
    factors: list[Fraction],
    payers: list[int],
) -> ArrangementStanding[Party]:
    gains = [
        end - low if abs(end - low) > _ROUNDING * max(abs(end), abs(low)) else Fraction(0)
        for end, low in zip(payoff, floor, strict=True)
    ]
    acceptable = min(gains) >= 0
    paid: dict[tuple[int, int], Fraction] = {}
    from_outside = Fraction(0)
    if not acceptable:
        paid, from_outside = _least_payments(gains, factors, payers)
    return ArrangementStanding(
        gains=floats_by_name(names, gains),
        surplus=float(sum(gains, Fraction(0))),
        acceptable=acceptable,
        side_payment=None if from_outside else float(sum(paid.values(), Fraction(0))),
        payments=tuple(
            Payment(names[payer], names[payee], float(amount))
            for (payer, payee), amount in sorted(paid.items())
        ),
        outside_money=float(from_outside),
        needed_values=floats_by_name(
            [name for name, gain in zip(names, gains, strict=True) if gain < 0],
            [-gain for gain in gains if gain < 0],
        ),
    )


def _least_payments(
    gains: Sequence[Fraction], factors: Sequence[Fraction], payers: Sequence[int]
) -> tuple[dict[tuple[int, int], Fraction], Fraction]:
    """Payments between allowed pairs, and money from outside, after which nobody loses.

    For each party `paid in - paid out + from outside - spare = -gain / factor`. Money from outside
    costs more than any way through all parties, so that the least of it is taken first.
    """
    parties = len(gains)
    pairs = [
        (i, j) for j, from_whom in enumerate(payers) for i in range(parties) if from_whom >> i & 1
    ]
    needs = [-gain / factor for gain, factor in zip(gains, factors, strict=True)]
    scale = common_scale(needs)
    unit = np.eye(parties, dtype=int).astype(object)
    moves = np.zeros((parties, len(pairs)), object)
    for column, (payer, payee) in enumerate(pairs):
        moves[payer, column] = -1
        moves[payee, column] = 1
    matrix = np.concatenate((moves, unit, -unit), axis=1)
    costs = np.array([-1] * len(pairs) + [-2 * parties] * parties + [0] * parties, object)
    right = np.array(whole(needs, scale), object)
    basis = feasible(matrix, right)
    if basis is None:
        raise RuntimeError("money from outside does not make up for a loss")
    basis = maximise(matrix, costs, right, basis)
    paid: dict[tuple[int, int], Fraction] = {}
    from_outside = Fraction(0)
    level = (basis.inverse @ right).tolist()
    for column, amount in zip(basis.columns, level, strict=True):
        money = Fraction(int(amount), basis.determinant * scale)
        if 0 <= column < len(pairs) and money:
            paid[pairs[column]] = money
        elif len(pairs) <= column < len(pairs) + parties:
            from_outside += money
    return paid, from_outside
