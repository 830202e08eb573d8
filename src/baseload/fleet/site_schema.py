"""The mine as a whole, whatever its batches: trips of its site, and what a trip does to the plant."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from baseload.distributions import Distribution
from baseload.fields import (
    Bounds,
    ByPhase,
    EventHours,
    NonNegative,
    Section,
    Share,
    fixed,
)

ShedSeconds = Annotated[Distribution, Bounds(0.0, 3600.0)]


class Mine(Section):
    """The site of the mine: it may fall off the plant all at once, and sheds when the plant falls."""

    trips_per_year: ByPhase | NonNegative = Field(
        fixed(0.0), description="times at which the whole mine stops at once"
    )
    trip_hours: EventHours = Field(
        fixed(4.0), description="until it may run again, drawn each time"
    )
    takes_unit_probability: Annotated[
        Share, Field(description="that a trip of the mine trips a unit")
    ] = fixed(0.0)
    takes_unit_above_mw: NonNegative = Field(
        fixed(0.0), description="a trip that rejects less load than this takes no unit along"
    )
    unit_restart_hours: EventHours = Field(
        fixed(48.0), description="until a unit that was taken along runs again, drawn each time"
    )
    shed_seconds: ShedSeconds = Field(
        fixed(10.0), description="from a unit's trip until the mine has shed its load"
    )
