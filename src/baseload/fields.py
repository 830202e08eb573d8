"""The types that the fields of a scenario are made of: sections, uncertain numbers, bounds, phases.

Every numeric leaf may be a number or a distribution; it is validated to a `Distribution`, a plain
number becoming a fixed one, and must lie within the field's bounds whatever is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from baseload.distributions import Distribution, DistributionError, parse_distribution
from baseload.errors import FieldFault

Phase = Literal["war", "ceasefire", "peace"]
PHASES: tuple[Phase, ...] = ("war", "ceasefire", "peace")


class Section(BaseModel):
    """A table of the scenario: unknown keys are faults, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    # Keys of a design that are not built: refused by name, with what will hold them.
    not_yet: ClassVar[Mapping[str, str]] = {}


def fixed(value: float) -> Distribution:
    """A distribution that always gives `value`."""
    return Distribution("fixed", (float(value),), None, None)


class Bounds:
    """Bounds of an uncertain number, and whether it is drawn per path or at each event.

    Parameters
    ----------
    low, high : float
        Every value that can be drawn lies between these.
    above : bool
        Whether `low` itself is excluded.
    per_event : bool
        Whether the number is drawn anew at each event instead of once per path.
    """

    def __init__(
        self,
        low: float = -math.inf,
        high: float = math.inf,
        *,
        above: bool = False,
        per_event: bool = False,
    ) -> None:
        self.low, self.high, self.above, self.per_event = low, high, above, per_event

    def words(self) -> str:
        """The bounds in words."""
        if self.low == -math.inf and self.high == math.inf:
            return "a finite number"
        if self.high == math.inf:
            return f"a number {'above' if self.above else 'of at least'} {self.low:g}"
        if self.low == -math.inf:
            return f"a number of at most {self.high:g}"
        if self.above:
            return f"a number above {self.low:g} and up to {self.high:g}"
        return f"a number from {self.low:g} to {self.high:g}"

    def check(self, value: object) -> Distribution:
        """Parse `value` and hold it to the bounds; raises FieldFault."""
        if isinstance(value, Distribution):
            distribution = value
        else:
            try:
                distribution = parse_distribution(value)
            except DistributionError as fault:
                allowed = f"{self.words()}, or a distribution: {fault.allowed}".rstrip(": ")
                raise FieldFault(
                    found=fault.found, allowed=allowed, nearest=fault.nearest or ""
                ) from None
        low, high = distribution.support()
        # A lognormal reaches every number above 0 but never 0 itself; a draw cannot be the open end.
        never_low = distribution.kind == "lognormal" and low == 0.0
        too_low = low < self.low or (self.above and low == self.low and not never_low)
        if too_low or high > self.high:
            raise FieldFault(
                found=distribution.describe()
                if not distribution.is_fixed
                else f"{distribution.numbers[0]:g}",
                allowed=f"{self.words()}, or a distribution whose values all are",
            )
        return distribution

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.check,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda d: d.to_toml()),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "title": "per event" if self.per_event else "number",
            "description": self.words() + ", or a distribution",
        }


Number = Annotated[Distribution, Bounds()]
NonNegative = Annotated[Distribution, Bounds(0.0)]
Positive = Annotated[Distribution, Bounds(0.0, above=True)]
Share = Annotated[Distribution, Bounds(0.0, 1.0)]
AtLeastOne = Annotated[Distribution, Bounds(1.0)]
Rate = Annotated[Distribution, Bounds(-1.0, 10.0, above=True)]
EventHours = Annotated[Distribution, Bounds(0.0, per_event=True)]
EventFactor = Annotated[Distribution, Bounds(0.0, above=True, per_event=True)]


class ByPhase(Section):
    """A rate that depends on the phase: `{ war = 3, ceasefire = 0.5, peace = 0.02 }`."""

    war: NonNegative = fixed(0.0)
    ceasefire: NonNegative = fixed(0.0)
    peace: NonNegative = fixed(0.0)

    def of(self, phase: Phase) -> Distribution:
        """The rate in `phase`."""
        value: Distribution = getattr(self, phase)
        return value


def rates_of(rate: ByPhase | Distribution) -> tuple[Distribution, ...]:
    """What a rate may be: one for each phase, or the same in all."""
    return tuple(rate.of(phase) for phase in PHASES) if isinstance(rate, ByPhase) else (rate,)
