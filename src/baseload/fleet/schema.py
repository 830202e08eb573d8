"""The fleet's part of a scenario: batches of mining machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from baseload.fields import AtLeastOne, NonNegative, Positive, Section, Share, fixed


class Batch(Section):
    """Machines of one model, ordered together, in a hall of their own."""

    not_yet: ClassVar[Mapping[str, str]] = {
        "modes": "power modes",
        "hosting_usd_per_mwh": "hosting",
    }

    name: str = ""
    enabled: bool = True
    model: str = Field(description="from the catalogue: `baseload machines` lists it")
    mine_mw: NonNegative = Field(
        description="power of the hall at the meter, all machines on; 0: no mine"
    )
    order: date = Field(
        description="day on which the machines are ordered; later if what it needs comes later"
    )
    needs: list[str] = Field(
        [], description="projects of the plant that must be done before the first delivery"
    )
    after_units: int = Field(
        0,
        ge=0,
        description="not delivered before so many units have run together; never if they never do",
    )
    runs: Literal["when it pays", "always"] = Field(
        "when it pays", description="always: before every other use of the surplus"
    )
    lead_months: NonNegative = Field(fixed(3.0), description="from the order to the first delivery")
    machines_per_month: Positive = Field(fixed(10_000.0), description="delivery rate")
    price_usd_per_th: NonNegative | None = Field(
        None, description="none: the frontier's price at the order"
    )
    pue: AtLeastOne = Field(
        fixed(1.05), description="power at the meter over power of the machines"
    )
    availability: Share = Field(
        fixed(0.94), description="share of the installed machines that work"
    )
    lifetime_years: Positive = Field(
        fixed(5.0), description="each machine is retired after so long"
    )
    replace: Literal["never", "same-class", "always"] = Field(
        "same-class",
        description="at end of life: not; by the frontier machine if it pays; by it whether it pays or not",
    )
    replace_payback_months: Positive = Field(
        fixed(24.0), description="a replacement must pay back within so long"
    )
    resale_share: Share = Field(fixed(0.0), description="of the price paid, got back when retired")
    site_usd_per_kw: NonNegative = Field(
        fixed(0.0), description="hall, cooling and electrics, once, per kW at the meter"
    )
    opex_usd_per_kw_year: NonNegative = Field(
        fixed(0.0), description="staff, repair and rent per kW of installed machines"
    )
    opex_usd_per_mwh: NonNegative = Field(
        fixed(0.0), description="of what the mine draws, power aside"
    )
