"""Demand's part of a scenario: what must be served before the mine, in order."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from baseload.distributions import Distribution
from baseload.errors import FieldFault
from baseload.fields import Bounds, NonNegative, Section, Share, fixed

FIRST_UNIT = "first unit on line"


class Demand(Section):
    """One firm demand; those before it in the file are served first."""

    name: str
    profile: str | None = Field(
        None, description="a built-in shape, or a CSV file of hourly shares of the peak"
    )
    peak_mw: NonNegative | None = Field(None, description="peak of the profile in the first year")
    constant_mw: NonNegative | None = Field(None, description="instead of a profile")
    share_of_output: Share | None = Field(
        None, description="instead: a share of the plant's net power, owed to a party"
    )
    growth_per_year: Annotated[Distribution, Bounds(-0.5, 0.5)] = fixed(0.0)
    tariff_usd_per_mwh: NonNegative = Field(
        fixed(0.0), description="paid for what the plant or its imports deliver"
    )
    other_supply_mw: NonNegative = Field(
        fixed(0.0), description="what serves it when the plant does not"
    )
    may_import: bool = Field(True, description="whether the plant's import lines serve it too")
    owed_from: date | str = Field(
        FIRST_UNIT, description="a date, 'start', or 'first unit on line'"
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = [
            key
            for key in ("peak_mw", "constant_mw", "share_of_output")
            if getattr(self, key) is not None
        ]
        if len(given) != 1:
            raise FieldFault(
                found=" and ".join(given) if given else "none of them",
                allowed="exactly one of peak_mw (with a profile), constant_mw and share_of_output",
            )
        if (self.peak_mw is None) != (self.profile is None):
            raise FieldFault(
                found="peak_mw or profile alone", allowed="peak_mw and profile together"
            )
        if isinstance(self.owed_from, str) and self.owed_from not in ("start", FIRST_UNIT):
            raise FieldFault(
                at=("owed_from",),
                found=f"'{self.owed_from}'",
                allowed=f"a date, 'start' or '{FIRST_UNIT}'",
            )
        return self
