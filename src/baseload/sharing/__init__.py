"""Who gets what of a project's cash, month by month, to the cent and the satoshi.

>>> from baseload.sharing import MonthlyCash, Terms, pay_out
>>> terms = Terms(capital={"miner": 1}, shares={"miner": "1/3", "state": "2/3"})
>>> paid = pay_out(MonthlyCash([100, 0], [0, 0], [0, 50]), terms, ["miner", "state"])
>>> paid.of("miner").tolist(), paid.of("state").tolist()
([33, -50], [67, 0])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.sharing.audit import Difference, differences, recompute
    from baseload.sharing.cash import MonthlyCash, cash_from_ledger
    from baseload.sharing.largest_remainder import apportion
    from baseload.sharing.lines import Row, ledger_rows
    from baseload.sharing.payout import LINES, Payout, pay_out
    from baseload.sharing.schema import Terms, party_faults

__all__ = [
    "LINES",
    "Difference",
    "MonthlyCash",
    "Payout",
    "Row",
    "Terms",
    "apportion",
    "cash_from_ledger",
    "differences",
    "ledger_rows",
    "party_faults",
    "pay_out",
    "recompute",
]

# Imported on first use: whoever reads a scenario needs the terms alone.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "audit": ("Difference", "differences", "recompute"),
        "cash": ("MonthlyCash", "cash_from_ledger"),
        "largest_remainder": ("apportion",),
        "lines": ("Row", "ledger_rows"),
        "payout": ("LINES", "Payout", "pay_out"),
        "schema": ("Terms", "party_faults"),
    },
)
