"""The finance section as columns for its kernels."""

from __future__ import annotations

from typing import NamedTuple

from baseload.inputs import Inputs
from baseload.money.schema import Finance


class MoneySetup(NamedTuple):
    """Columns of rates and shares."""

    discount_rate: int
    tax_rate: int
    depreciation_years: int
    sell: int
    fund_share: int


def money_setup(finance: Finance, inputs: Inputs) -> MoneySetup:
    """Columns of the finance section."""
    return MoneySetup(
        discount_rate=inputs.column("finance.discount_rate", finance.discount_rate),
        tax_rate=inputs.column("finance.tax_rate", finance.tax_rate),
        depreciation_years=finance.depreciation_years,
        sell=inputs.column("finance.treasury.sell", finance.treasury.sell),
        fund_share=inputs.column(
            "finance.safety_fund.share_of_net_mining_cash",
            finance.safety_fund.share_of_net_mining_cash,
        ),
    )
