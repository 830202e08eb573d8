"""The grid's part of a scenario: lines, limits and the price of power."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from baseload.distributions import Distribution
from baseload.errors import FieldFault
from baseload.fields import (
    Bounds,
    ByPhase,
    EventFactor,
    EventHours,
    NonNegative,
    Positive,
    Section,
    Share,
    fixed,
)

Growth = Annotated[Distribution, Bounds(-0.5, 1.0)]


class Line(Section):
    """A transmission line between the plant and the grid."""

    name: str
    export_mw: NonNegative
    import_mw: NonNegative = fixed(0.0)
    needs: list[str] = Field(
        [], description="projects that must be done before it carries anything"
    )
    outages_per_year: ByPhase | NonNegative = fixed(0.0)
    outage_hours: EventHours = Field(fixed(24.0), description="drawn each time")


class Spikes(Section):
    """Days on which the price is a multiple of its level."""

    per_year: NonNegative
    factor: EventFactor = Field(description="drawn each time")


class PriceBound(Section):
    """A cap or a floor that holds from a date until the next line."""

    from_on: date = Field(alias="from")
    usd_per_mwh: float


class Price(Section):
    """Price of power: hourly profile x monthly level x daily factor, or a file for the whole horizon."""

    file: str | None = Field(
        None, description="CSV of hourly prices in USD/MWh for the whole horizon"
    )
    profile: str = Field(
        "day-ahead", description="built-in shape by month, kind of day and local hour, or 'flat'"
    )
    level_usd_per_mwh: Positive = Field(fixed(60.0), description="mean level in the first year")
    growth_per_year: Growth = Field(fixed(0.0), description="of the level, real")
    level_volatility: NonNegative = Field(
        fixed(0.0), description="long-run standard deviation of the log of the monthly level"
    )
    level_half_life_months: Positive = Field(fixed(12.0), description="how fast the level forgets")
    daily_volatility: NonNegative = Field(
        fixed(0.0), description="long-run standard deviation of the log of the daily factor"
    )
    daily_half_life_days: Positive = Field(
        fixed(3.0), description="how fast the daily factor forgets"
    )
    spikes: Spikes | None = None
    caps: list[PriceBound] = []
    floors: list[PriceBound] = []


class Grid(Section):
    """The grid that the plant is tied to: one market."""

    not_yet: ClassVar[Mapping[str, str]] = {
        "services": "grid services",
        "markets": "several markets",
        "largest_block_mw": "adequacy",
    }

    utc_offset_hours: int = Field(0, ge=-12, le=14, description="local time of profiles and prices")
    export_limit_mw: NonNegative | None = Field(None, description="none: what the lines carry")
    import_limit_mw: NonNegative | None = Field(
        None, description="none: what the lines carry, or without lines whatever is needed"
    )
    lines: list[Line] = Field([], description="none: the limits stand alone and never fail")
    price: Price = Price()
    price_fall_usd_per_mwh_per_gw: NonNegative = Field(
        fixed(0.0),
        description="by so much each GW exported lowers the level, which is that without export",
    )
    export_fee_usd_per_mwh: NonNegative = fixed(0.0)
    import_fee_usd_per_mwh: NonNegative = fixed(0.0)
    connection_usd_million_per_year: NonNegative = fixed(0.0)
    demand_charge_usd_per_kw_month: NonNegative = Field(
        fixed(0.0), description="on the highest import of each month"
    )
    mine_may_import: bool = Field(False, description="whether the mine may buy from the grid")
    transmission_loss: Share = Field(
        fixed(0.0), description="share of export lost on the way, not paid for"
    )

    @model_validator(mode="after")
    def _limits(self) -> Self:
        if not self.lines and self.export_limit_mw is None:
            raise FieldFault(
                at=("export_limit_mw",),
                found="neither lines nor a limit",
                allowed="export_limit_mw, or at least one line [MW]",
            )
        return self
