"""A scenario as a whole: the parts that the stages define, put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

from pydantic import Field, field_validator, model_validator

from baseload.claims.schema import Claim, Words, checked_words
from baseload.demand.schema import Demand
from baseload.dispatch.schema import Dispatch
from baseload.fields import Phase, Section
from baseload.fleet.schema import Batch
from baseload.fleet.site_schema import Mine
from baseload.gates.check import check_gates
from baseload.gates.schema import Gate, GatesPool
from baseload.grid.schema import Grid
from baseload.law.schema import Law
from baseload.led_by.schema import LedBy
from baseload.money.schema import Finance
from baseload.network.schema import Network
from baseload.parties.schema import Accord
from baseload.phases.schema import PhaseEffects, Transition
from baseload.plant.schema import Plant


class ScenarioDocument(Section):
    """Everything that a scenario file may say."""

    not_yet: ClassVar[Mapping[str, str]] = {
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
    led_by: LedBy | None = Field(None, description="who decides and who pays, in words")
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
    law: Law = Law()
    accord: Accord | None = Field(None, description="who has to agree, and on what")
    gates: list[Gate] = Field([], description="what must be granted before mining can begin")
    gates_pool: GatesPool | None = Field(None, description="how opinions on gates are combined")
    claims: list[Claim] = Field([], description="statements with their sources, to be judged")
    words: Words = Field({}, description="vague words of claims = the threshold they stand for")
    correlations: dict[str, float] = Field({}, description='"address ~ address" = correlation')
    sources: dict[str, str] = Field(
        {}, description="address of a figure = its source and date, or 'assumed: why'"
    )

    @field_validator("words")
    @classmethod
    def _words_are_names(cls, words: Words) -> Words:
        return checked_words(words)

    @model_validator(mode="after")
    def _gates_stand(self) -> Self:
        names = [one.name for one in self.accord.arrangements] if self.accord else None
        check_gates(self.gates, self.gates_pool, names)
        return self
