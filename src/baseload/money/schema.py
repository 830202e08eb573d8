"""Money's part of a scenario: rates, tax, treasury and the safety fund."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from baseload.distributions import Distribution
from baseload.fields import Bounds, Section, Share, fixed

DiscountRate = Annotated[Distribution, Bounds(0.0, 1.0)]


class Treasury(Section):
    """What is done with the coins."""

    sell: Share = Field(
        fixed(1.0), description="share sold on the day it is mined; the rest is held to the end"
    )


class SafetyFund(Section):
    """A fund for safety and maintenance, paid from what mining has earned after its machines are paid."""

    share_of_net_mining_cash: Share = fixed(1.0)


class Finance(Section):
    """Money, in real terms of the year that `money` names."""

    not_yet: ClassVar[Mapping[str, str]] = {
        "debt": "debt",
        "waterfall": "the waterfall",
        "inflation": "nominal accounts",
        "exchange_rates": "currencies",
    }

    discount_rate: DiscountRate = Field(
        fixed(0.10), description="per year, real; flows are at month end"
    )
    tax_rate: Share = Field(fixed(0.0), description="on profit, losses carried forward")
    depreciation_years: int = Field(10, ge=1, le=40, description="straight line, of all capital")
    treasury: Treasury = Treasury()
    safety_fund: SafetyFund = SafetyFund()
