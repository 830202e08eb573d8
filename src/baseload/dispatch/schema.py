"""The rule of dispatch where limits link one hour with the next."""

from __future__ import annotations

from pydantic import Field

from baseload.fields import Section


class Dispatch(Section):
    """How far ahead the plant is planned, and whether it may make what nobody wants.

    Without a unit that has a ramp, a minimum or a cost of starting every hour stands for itself, and
    nothing here matters.
    """

    foresight_hours: int = Field(
        48,
        ge=24,
        le=168,
        multiple_of=24,
        description="what is known ahead of prices, demand, limits and planned outages; never of trips",
    )
    dump: bool = Field(
        True,
        description="surplus may be dumped as steam at its avoidable cost; false: as a last resort",
    )
