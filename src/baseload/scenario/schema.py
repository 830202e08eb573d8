"""A scenario as a whole: the parts that the stages define, put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import Field

from baseload.demand.schema import Demand
from baseload.dispatch.schema import Dispatch
from baseload.fields import Phase, Section
from baseload.fleet.schema import Batch
from baseload.fleet.site_schema import Mine
from baseload.grid.schema import Grid
from baseload.money.schema import Finance
from baseload.network.schema import Network
from baseload.phases.schema import PhaseEffects, Transition
from baseload.plant.schema import Plant


class ScenarioDocument(Section):
    """Everything that a scenario file may say."""

    not_yet: ClassVar[Mapping[str, str]] = {
        "accord": "the accord between the parties",
        "gates": "how likely an agreement is, and when",
        "claims": "claims",
        "security": "security of the network",
    }

    title: str = Field(min_length=1)
    summary: str = ""
    start: date = Field(
        description="first day, the first of a month; the study is conditional on agreement then"
    )
    years: int = Field(20, ge=1, le=60)
    money: str = Field("USD 2026, real", description="what a dollar of the study is")
    phase: Phase = Field("peace", description="phase at the start; event rates may depend on it")
    transitions: list[Transition] = []
    phases: PhaseEffects = PhaseEffects()
    plant: Plant
    demand: list[Demand] = []
    grid: Grid
    fleet: list[Batch] = []
    mine: Mine = Mine()
    network: Network
    dispatch: Dispatch = Dispatch()
    finance: Finance = Finance()
    correlations: dict[str, float] = Field({}, description='"address ~ address" = correlation')
    sources: dict[str, str] = Field(
        {}, description="address of a figure = its source and date, or 'assumed: why'"
    )
