"""Phases of war and peace: what a study starts in, how it may change, and what a change stops."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from baseload.errors import FieldFault
from baseload.fields import NonNegative, Phase, Section


class Transition(Section):
    """A change of phase: at a rate, or on a date."""

    from_phase: Phase = Field(alias="from", description="phase that ends")
    to_phase: Phase = Field(alias="to", description="phase that begins")
    per_year: NonNegative | None = Field(None, description="rate while the first phase lasts")
    on: date | None = Field(
        None, description="day on which it happens, if the first phase lasts till then"
    )

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.per_year is None) == (self.on is None):
            found = "both per_year and on" if self.on else "neither per_year nor on"
            raise FieldFault(
                found=found, allowed="exactly one of per_year (a rate) and on (a date)"
            )
        if self.from_phase == self.to_phase:
            raise FieldFault(
                found=f"from and to are both '{self.to_phase}'", allowed="two different phases"
            )
        return self


class PhaseEffect(Section):
    """What a phase stops while it lasts."""

    stops_units: bool = Field(False, description="no unit runs")
    stops_works: bool = Field(False, description="restarts and projects stand still")
    stops_mine: bool = Field(False, description="the mine stands still")


class PhaseEffects(Section):
    """Effects of the three phases; by default none stops anything."""

    war: PhaseEffect = PhaseEffect()
    ceasefire: PhaseEffect = PhaseEffect()
    peace: PhaseEffect = PhaseEffect()
