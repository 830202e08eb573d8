"""Rows of the ledger file: one for each month, party and line, and what is divided before them."""

from __future__ import annotations

from typing import Final, NamedTuple, NoReturn

from baseload.errors import Fault, InputError
from baseload.sharing.cash import MonthlyCash
from baseload.sharing.payout import LINES, Payout
from baseload.sharing.schema import PROJECT

PROJECT_LINES: Final = ("revenue", "operating_cost", "capital", "safety", "coins")
"""Of which `coins` is a part of the revenue: its satoshis, and in cents their value."""


class Row(NamedTuple):
    """One row; the names are the columns of the file.

    Parameters
    ----------
    month : int
        From 0, the first of the study.
    party : str
        A member, "outside", or "project" for what is to be divided.
    line : str
        One of `LINES`, or for the project of `PROJECT_LINES`.
    cents : int
        What goes out is below zero. [cents]
    satoshis : int
        Coins that come with it; 0 but for the lines `coins`. [sat]
    """

    month: int
    party: str
    line: str
    cents: int
    satoshis: int


def ledger_rows(cash: MonthlyCash, paid: Payout, path: int = 0) -> list[Row]:
    """All rows of one path, month by month: the project's, then each recipient's.

    Parameters
    ----------
    cash : MonthlyCash
    paid : Payout
        Of that cash.
    path : int
        Which path, from 0.

    Returns
    -------
    list of Row

    Raises
    ------
    InputError
        For a path that is not there, or a payout of other months.

    Examples
    --------
    >>> from baseload.sharing import Terms, pay_out
    >>> cash = MonthlyCash([100], [40], [0])
    >>> rows = ledger_rows(cash, pay_out(cash, Terms(capital={"A": 1}, shares={"A": 1}), ["A"]))
    >>> [tuple(row) for row in rows if row.cents]
    [(0, 'project', 'revenue', 100, 0), (0, 'project', 'operating_cost', -40, 0), (0, 'A', 'profit_share', 60, 0)]
    """
    if paid.satoshis_sold.shape != cash.revenue_cents.shape:
        _refuse("paid", f"months of shape {paid.satoshis_sold.shape}", "a payout of that cash")
    paths = 1 if cash.revenue_cents.ndim == 1 else len(cash.revenue_cents)
    if isinstance(path, bool) or not isinstance(path, int) or not 0 <= path < paths:
        _refuse("path", repr(path), f"a whole number from 0 to {paths - 1}")
    one = cash.path(path)
    cents, satoshis = paid.cents, paid.satoshis
    if cash.revenue_cents.ndim == 2:
        cents, satoshis = cents[:, :, path], satoshis[:, path]
    project = (
        one.revenue_cents,
        -one.operating_cost_cents,
        -one.capital_cents,
        -one.safety_cents,
        one.coins_cents,
    )
    rows: list[Row] = []
    for month in range(one.months):
        for line, amounts in zip(PROJECT_LINES, project, strict=True):
            coins = int(one.coins_sat[month]) if line == "coins" else 0
            rows.append(Row(month, PROJECT, line, int(amounts[month]), coins))
        for i, name in enumerate(paid.recipients):
            for j, line in enumerate(LINES):
                coins = int(satoshis[i, month]) if line == "coins" else 0
                rows.append(Row(month, name, line, int(cents[i, j, month]), coins))
    return rows


def _refuse(field: str, found: str, allowed: str) -> NoReturn:
    raise InputError(Fault(None, None, None, field, found, allowed))
