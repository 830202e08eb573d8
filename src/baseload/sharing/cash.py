"""What a project earns and pays in each month, before tax and before anybody has a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError, nearest
from baseload.money.ledger import LINES
from baseload.sharing.largest_remainder import LARGEST_AMOUNT, Wholes, whole_amounts

MOST_SATOSHIS: Final = 2_100_000_000_000_000

CAPITAL_LINES: Final = ("works", "machines", "mine_site")
SAFETY_LINES: Final = ("safety_programme", "diesel_fuel")
REVENUE_LINES: Final = ("mining_revenue", "tariff_revenue", "export_revenue", "machine_resale")


@dataclass(frozen=True, init=False, eq=False)
class MonthlyCash:
    """A project's months; each array is (M,) for one path or (P, M), and none is below zero.

    Parameters
    ----------
    revenue_cents : array_like of int
        All that comes in, coins at their value when mined and resale included. [cents]
    operating_cost_cents : array_like of int
        What goes out beside capital, safety and tax. [cents]
    capital_cents : array_like of int
        Works, machines and halls. [cents]
    safety_cents : array_like of int, optional
        The safety and maintenance programme. By default none. [cents]
    coins_sat : array_like of int, optional
        Coins mined. By default none. [sat]
    coins_cents : array_like of int, optional
        Their value, which is part of the revenue. [cents]

    Raises
    ------
    InputError
        For what is no array of whole numbers from 0, shapes that differ, coins worth more than
        the revenue.

    Examples
    --------
    >>> MonthlyCash([500, 0], [100, 100], [0, 900]).net_cents.tolist()
    [400, -1000]
    """

    revenue_cents: Wholes
    operating_cost_cents: Wholes
    capital_cents: Wholes
    safety_cents: Wholes
    coins_sat: Wholes
    coins_cents: Wholes

    def __init__(
        self,
        revenue_cents: npt.ArrayLike,
        operating_cost_cents: npt.ArrayLike,
        capital_cents: npt.ArrayLike,
        safety_cents: npt.ArrayLike | None = None,
        coins_sat: npt.ArrayLike | None = None,
        coins_cents: npt.ArrayLike | None = None,
    ) -> None:
        given = {
            "revenue_cents": revenue_cents,
            "operating_cost_cents": operating_cost_cents,
            "capital_cents": capital_cents,
            "safety_cents": safety_cents,
            "coins_sat": coins_sat,
            "coins_cents": coins_cents,
        }
        shape: tuple[int, ...] | None = None
        for name, amounts in given.items():
            array = (
                np.zeros(shape or (), np.int64) if amounts is None else whole_amounts(name, amounts)
            )
            shape = array.shape if shape is None else shape
            if array.shape != shape or array.ndim not in (1, 2):
                wanted = "(months,) or (paths, months), the same for all"
                raise _refused(name, f"an array of shape {array.shape}", wanted)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if self.coins_sat.size and self.coins_sat.max() > MOST_SATOSHIS:
            raise _refused(
                "coins_sat", f"{self.coins_sat.max():,}", f"at most {MOST_SATOSHIS:,} satoshis"
            )
        if (self.coins_cents > self.revenue_cents).any():
            raise _refused(
                "coins_cents", "more than revenue_cents", "the part of the revenue that is coins"
            )

    @property
    def net_cents(self) -> Wholes:
        """Revenue less all costs. [cents]"""
        paid = self.operating_cost_cents + self.capital_cents + self.safety_cents
        return self.revenue_cents - paid

    @property
    def months(self) -> int:
        """Number of months."""
        return int(self.revenue_cents.shape[-1])

    def path(self, index: int) -> MonthlyCash:
        """One path alone.

        Parameters
        ----------
        index : int
            From 0; of (P, M) arrays.
        """
        if self.revenue_cents.ndim == 1:
            return self
        return MonthlyCash(*(getattr(self, field.name)[index] for field in fields(self)))


def cash_from_ledger(
    lines: Mapping[str, npt.ArrayLike], coins_sat: npt.ArrayLike | None = None
) -> MonthlyCash:
    """Months of a project from the lines of its ledger, where what goes out is below zero.

    Revenue is coins, tariffs, exports and resale; capital is works, machines and halls; safety is
    the programme and diesel fuel; tax is left out, since the terms say who is taxed; the rest is
    operating cost. Where a group has the other sign in a month, it stands on the other side.

    Parameters
    ----------
    lines : mapping of str to array_like of int
        Lines of the ledger, each (M,) or (P, M); those left out are zero. [cents]
    coins_sat : array_like of int, optional
        Coins mined, whose value is `mining_revenue`. [sat]

    Returns
    -------
    MonthlyCash

    Raises
    ------
    InputError
        For a line that the ledger does not have, none at all, or arrays that do not fit.

    Examples
    --------
    >>> cash = cash_from_ledger({"tariff_revenue": [900], "fuel": [-200], "machines": [-500]})
    >>> cash.revenue_cents.tolist(), cash.operating_cost_cents.tolist(), cash.capital_cents.tolist()
    ([900], [200], [500])
    """
    if not lines:
        raise _refused("lines", "none", "at least one line of the ledger")
    arrays: dict[str, Wholes] = {}
    for name, given in lines.items():
        if name not in LINES:
            raise InputError(
                Fault(None, None, None, "lines", repr(name), ", ".join(LINES), nearest(name, LINES))
            )
        arrays[name] = whole_amounts(name, given, -LARGEST_AMOUNT)
    shape = next(iter(arrays.values())).shape
    for name, array in arrays.items():
        if array.shape != shape:
            raise _refused(name, f"an array of shape {array.shape}", f"{shape}, as the first line")

    def together(names: tuple[str, ...]) -> Wholes:
        return sum((arrays[name] for name in names if name in arrays), np.zeros(shape, np.int64))

    taken = (*REVENUE_LINES, *CAPITAL_LINES, *SAFETY_LINES, "tax")
    earned = together(REVENUE_LINES)
    spent = [
        -together(names)
        for names in (tuple(one for one in LINES if one not in taken), CAPITAL_LINES, SAFETY_LINES)
    ]
    revenue = np.maximum(earned, 0)
    for one in spent:
        revenue += np.maximum(-one, 0)
    operating = np.maximum(spent[0], 0) + np.maximum(-earned, 0)
    coins_value = None
    if coins_sat is not None:
        coins_value = np.clip(together(("mining_revenue",)), 0, revenue)
    return MonthlyCash(
        revenue,
        operating,
        np.maximum(spent[1], 0),
        np.maximum(spent[2], 0),
        coins_sat,
        coins_value,
    )


def _refused(field: str, found: str, allowed: str) -> InputError:
    return InputError(Fault(None, None, None, field, found, allowed))
