"""The plant's part of a scenario: units, restart programme, conditions, outages, safety, costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from baseload.errors import FieldFault
from baseload.fields import (
    ByPhase,
    EventHours,
    NonNegative,
    Positive,
    Section,
    Share,
    fixed,
)

MonthlyShare = Annotated[float, Field(ge=0.0, le=1.0)]
# A week: as far as any rule looks ahead.
LONGEST_LINK_HOURS = 168
Technology = Literal["nuclear", "geothermal", "hydro", "gas", "coal", "wind", "solar"]


class Licence(Section):
    """What a regulator allows a unit to do, and for how long."""

    regulator: str = Field(description="who gave it")
    allows: Literal["operation", "cold shutdown"]
    from_on: date = Field(alias="from", description="first day")
    until_on: date | None = Field(None, alias="until", description="last day; none: no end")


class Allows(Section):
    """What becomes possible when a project is done."""

    units: int | None = Field(
        None, ge=0, description="how many units may run together from then on"
    )


class Project(Section):
    """A condition of its own: dated, costed, of uncertain duration, paid evenly while it lasts."""

    name: str
    starts: date
    months: NonNegative = Field(description="duration, before the factor common to all works")
    cost_usd_million: NonNegative = fixed(0.0)
    allows: Allows = Allows()


class Restart(Section):
    """How a shut unit comes back."""

    order: int = Field(ge=1, description="place in the queue for a crew")
    needs: list[str] = Field([], description="projects that must be done before it is synchronised")
    work_needs: list[str] = Field(
        [], description="projects that must be done before its work begins"
    )
    earliest: date | None = Field(None, description="no work before this day")
    months: NonNegative = Field(description="work, before the common factor")
    cost_usd_million: NonNegative = fixed(0.0)
    returns: Share = Field(
        fixed(1.0), description="probability that it comes back at all; else the cost is sunk"
    )


class Refuelling(Section):
    """Planned outages for new fuel and inspection."""

    every_months: Positive = Field(description="from synchronisation or the end of the last one")
    days: EventHours = Field(description="length, drawn each time")
    put_off_days: NonNegative = Field(
        fixed(0.0), description="may wait so long while another unit refuels"
    )


class Forced(Section):
    """Forced outages: exponential time to failure in running hours, then a repair."""

    mean_hours_between: Positive = Field(description="mean running hours between failures")
    repair_hours: EventHours = Field(description="drawn each time")


class Unit(Section):
    """One generating unit."""

    not_yet: ClassVar[Mapping[str, str]] = {
        "water": "the water balance",
    }

    name: str
    enabled: bool = Field(True, description="false: it stays as it is and never runs")
    gross_mw: Positive = Field(description="rating at the generator")
    net_mw: Positive = Field(description="after its running house load")
    thermal_mw: NonNegative = Field(
        fixed(0.0), description="heat of the core, for decay heat; 0: none"
    )
    state: Literal["running", "cold shutdown"] = Field(description="at the start")
    shut_down_on: date | None = Field(None, description="day it last ran, for decay heat")
    house_load_shut_down_mw: NonNegative = Field(fixed(0.0), description="what it draws when shut")
    derate: Share = Field(fixed(0.0), description="share of net power lost for good")
    availability: list[MonthlyShare] | str | None = Field(
        None, description="12 monthly shares, or a CSV file of hourly shares of net power"
    )
    end_of_life_on: date | None = None
    licences: list[Licence] = []
    restart: Restart | None = Field(None, description="none: a shut unit stays shut")
    refuelling: Refuelling | None = None
    forced: Forced | None = None
    min_stable_mw: NonNegative = Field(
        fixed(0.0), description="below this it cannot run; what nobody wants of it is dumped"
    )
    ramp_mw_per_hour: Positive | None = Field(
        None, description="its power changes by at most so much from hour to hour; none: no limit"
    )
    min_run_hours: int = Field(
        0, ge=0, le=LONGEST_LINK_HOURS, description="once started it runs at least so long"
    )
    min_down_hours: int = Field(
        0, ge=0, le=LONGEST_LINK_HOURS, description="once stopped it stays so at least so long"
    )
    start_cost_usd: NonNegative = Field(fixed(0.0), description="of each start")

    @property
    def links_hours(self) -> bool:
        """Whether what the unit does in one hour can bind it in another, on any path."""
        return (
            self.ramp_mw_per_hour is not None
            or self.min_stable_mw.support()[1] > 0.0
            or self.min_run_hours > 0
            or self.min_down_hours > 0
            or self.start_cost_usd.support()[1] > 0.0
        )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if isinstance(self.availability, list) and len(self.availability) != 12:
            raise FieldFault(
                at=("availability",),
                found=f"a list of {len(self.availability)}",
                allowed="12 monthly shares from 0 to 1, January first, or the path of a CSV file",
            )
        return self


class OffSitePower(Section):
    """Losses of off-site power: nothing is imported or exported while one lasts."""

    losses_per_year: ByPhase | NonNegative = Field(
        fixed(0.0), description="all losses, repeats included"
    )
    outage_hours: EventHours = Field(fixed(10.0), description="drawn each time")
    trips_units: bool = Field(True, description="false: units go on in island operation")
    restart_hours: EventHours = Field(
        fixed(72.0), description="from the return of power until a tripped unit runs"
    )
    repeat_probability: Annotated[
        Share, Field(description="that a loss is followed by another")
    ] = fixed(0.0)
    repeat_within_days: NonNegative = Field(
        fixed(7.0), description="a repeat comes evenly within so long"
    )


class Event(Section):
    """A plant-wide event other than a loss of off-site power: an attack, a flood, a strike."""

    name: str
    per_year: ByPhase | NonNegative
    hours: EventHours = Field(description="drawn each time")
    trips_units: bool = True
    stops_mine: bool = False


class Diesels(Section):
    """Emergency diesels that carry the safety house load when off-site power is lost."""

    fuel_hours: Positive = Field(fixed(240.0), description="the stock lasts so long")
    fails_to_start: Share = Field(fixed(0.0), description="that all fail together, per loss")
    resupplied: Share = Field(
        fixed(0.0), description="that fuel is brought before the stock is gone, per loss"
    )
    fuel_usd_per_hour: NonNegative = fixed(0.0)


class Limit(Section):
    """A limit on what may run together, from a date until the next such line."""

    from_on: date = Field(alias="from")
    units: int | None = Field(None, ge=0)
    mw: NonNegative | None = None


class Safety(Section):
    """The safety and maintenance programme, by the state of a unit, and for the site."""

    cold_usd_million_per_year: NonNegative = Field(
        fixed(0.0), description="per unit in cold shutdown"
    )
    restarting_usd_million_per_year: NonNegative = Field(
        fixed(0.0), description="per unit under restart"
    )
    at_power_usd_million_per_year: NonNegative = Field(
        fixed(0.0), description="per unit in operation, outages included"
    )
    site_usd_million_per_year: NonNegative = Field(
        fixed(0.0), description="for the site as a whole"
    )


class Costs(Section):
    """What the plant costs to run, and to keep shut."""

    fuel_usd_per_mwh: NonNegative = fixed(0.0)
    variable_om_usd_per_mwh: NonNegative = fixed(0.0)
    decommissioning_levy_usd_per_mwh: NonNegative = fixed(0.0)
    waste_levy_usd_per_mwh: NonNegative = fixed(0.0)
    fixed_om_usd_per_kw_year: NonNegative = Field(
        fixed(0.0), description="per net kW of units in operation"
    )
    shut_down_om_usd_million_per_year: NonNegative = Field(
        fixed(0.0), description="per unit not in operation"
    )
    insurance_usd_million_per_year: NonNegative = Field(
        fixed(0.0), description="per unit in operation"
    )
    real_growth_per_year: Annotated[Share, Field(description="of all these costs")] = fixed(0.0)


class Plant(Section):
    """The power plant."""

    not_yet: ClassVar[Mapping[str, str]] = {
        "cooling": "the water balance",
        "water": "the water balance",
    }

    name: str = ""
    technology: Technology = "nuclear"
    units: list[Unit] = Field(min_length=1, max_length=60)
    projects: list[Project] = []
    site_limit_mw: NonNegative | None = Field(
        None, description="what may be generated together, net"
    )
    limits: list[Limit] = []
    crews: int = Field(1, ge=1, description="units that may be worked on at once")
    common_time_factor: Positive = Field(fixed(1.0), description="on the months of all works")
    common_cost_factor: Positive = Field(fixed(1.0), description="on the cost of all works")
    governing_licence: str | None = Field(
        None, description="whose licence counts; none: licences are not asked for"
    )
    common_house_load_mw: NonNegative = Field(
        fixed(0.0), description="site loads that are always on, shut or not"
    )
    off_site_power: OffSitePower = OffSitePower()
    events: list[Event] = []
    diesels: Diesels = Diesels()
    safety: Safety = Safety()
    costs: Costs = Costs()

    @property
    def links_hours(self) -> bool:
        """Whether any unit in use links one hour with the next."""
        return any(unit.enabled and unit.links_hours for unit in self.units)
