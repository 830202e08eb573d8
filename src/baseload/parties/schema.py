"""The accord's part of a scenario: parties and their rights, what rights let run, arrangements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from baseload.errors import FieldFault, FieldFaults, InputError, nearest
from baseload.expression import parse
from baseload.fields import Section
from baseload.law.rule import ACTIVITIES
from baseload.parties.contradictions import contradictory
from baseload.sharing.schema import Terms, party_faults

Right = Literal[
    "possession",
    "title",
    "licence",
    "operation",
    "capital",
    "machines",
    "sanctions relief",
    "grid",
    "fuel",
    "cooling water",
]
Rate = Annotated[float, Field(ge=0.0, le=1.0)]
State = bool | float | str

IDLE: Final = "idle"
"""The configuration that needs no right: the plant is left as it is."""

MOST_PARTIES: Final = 10


class RedLine(Section):
    """A condition without which a party does not agree, whatever it is paid."""

    line: str = Field(min_length=1, description="the condition in the party's words")
    needs: str = Field(
        min_length=1, description="expression over arrangement and results that must hold"
    )
    source: str = Field(min_length=1, description="who said so and when, or 'assumed: why'")

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            parse(self.needs)
        except InputError as error:
            fault = error.faults[0]
            raise FieldFault(
                at=("needs",),
                found=fault.found,
                allowed=fault.allowed,
                nearest=fault.nearest,
                note=fault.note,
            ) from None
        return self


class Party(Section):
    """Somebody whose consent counts or whose rights are needed."""

    name: str = Field(min_length=1)
    rights: list[Right] = Field([], description="what it brings to any coalition it joins")
    discount_rate: Rate = Field(0.10, description="its own, per year, real")
    risk_tolerance_usd_million: Annotated[float, Field(gt=0.0)] = Field(
        1000.0, description="of its exponential utility: the larger, the less it minds risk"
    )
    paid_through: str = Field(
        "", description="person whose account money goes to and comes from; none: itself"
    )
    position: str = Field("", description="what it says in public")
    position_source: str = Field("", description="where and when it said so")
    red_lines: list[RedLine] = []

    @model_validator(mode="after")
    def _can_agree(self) -> Self:
        clash = contradictory([parse(one.needs).tree for one in self.red_lines])
        if clash is not None:
            first, second = (self.red_lines[index].line for index in clash)
            raise FieldFault(
                at=("red_lines", clash[1], "needs"),
                found=f"what cannot hold beside '{first}'"
                if first != second
                else "a contradiction",
                allowed="red lines that some arrangement could meet together",
            )
        return self


class Configuration(Section):
    """What can be run, and which rights must be held together to run it."""

    name: str = Field(min_length=1)
    needs: list[Right] = Field(description="a coalition that holds all of these can run it")
    without: list[str] = Field([], description="parties with which it cannot be had")
    taxed_by: str = Field("", description="party that levies the project's tax; none: an outsider")
    set_to: dict[str, Any] = Field(
        {},
        alias="set",
        description="address in the scenario = value that holds in this configuration",
    )
    source: str = Field(min_length=1, description="where the settings come from, or 'assumed: why'")


class PlannedActivity(Section):
    """Something that a party does under an arrangement, for the law to judge."""

    party: str
    does: str = Field(description="an activity that rules of law know")
    counterparty: str = ""
    through: str = Field("", description="person through whom it acts; none: itself")
    place: str = Field("", description="where; none: law.territory")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.does not in ACTIVITIES:
            raise FieldFault(
                at=("does",),
                found=repr(self.does),
                allowed=f"one of {', '.join(ACTIVITIES)}",
                nearest=nearest(self.does, ACTIVITIES),
            )
        return self


class WalkOut(Section):
    """What a party has that leaves an arrangement after signing."""

    party: str
    then: str = Field(IDLE, description="configuration that it runs alone from then on")
    keeps_plant: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.0, description="share of the arrangement's whole net cash that it goes on to have alone"
    )
    keeps_machines: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.0, description="share of the machines' remaining book value within its reach"
    )
    keeps_months: Annotated[float, Field(ge=0.0, le=24.0)] = Field(
        0.0, description="months of the arrangement's mining revenue within its reach"
    )
    loses_usd_million_per_year: Annotated[float, Field(ge=0.0)] = Field(
        0.0, description="what it loses a year once it has left: sanctions that snap back"
    )
    source: str = Field(min_length=1)


class Arrangement(Section):
    """A way to run the plant that could be agreed."""

    name: str = Field(min_length=1)
    members: list[str] = Field([], description="who runs it together and shares its cash")
    consents: list[str] = Field([], description="who must agree and lends rights without a share")
    configuration: str = Field(IDLE, description="what they run; 'idle': the plant stays as it is")
    operator: str = Field("", description="who operates the plant")
    licence: str = Field("", description="whose licence governs")
    state: dict[str, State] = Field(
        {}, description="facts of the arrangement for red lines: `state.NAME` in an expression"
    )
    terms: Terms | None = Field(None, description="how its cash is split; not where nothing is run")
    activities: list[PlannedActivity] = []
    walk_outs: list[WalkOut] = []
    source: str = Field("", description="who proposed it and when, or 'assumed: why'")


class CoalitionValue(Section):
    """A value of a coalition that a user puts in place of the model's."""

    coalition: list[str] = Field(min_length=1)
    usd_million: float
    source: str = Field(min_length=1)


class Accord(Section):
    """Who has to agree, and on what."""

    as_of: date = Field(description="day of the last look at positions and law")
    mining_by: date | None = Field(
        None, description="day by which mining is to begin; none: ten years after as_of"
    )
    consent: list[str] = Field([], description="parties that must all agree to any arrangement")
    members_may_abstain: bool = Field(
        False, description="true: a coalition is worth at least what each part of it is"
    )
    idle_cost: dict[str, Rate] = Field(
        {},
        description="party = share of the idle plant's cost that it bears; the rest outsiders bear",
    )
    arrangement: str = Field(
        "", description="the one that the scenario itself runs under; its terms pay the ledger out"
    )
    disagreement: str = Field(
        "", description="arrangement that holds if none is agreed; none: found from the results"
    )
    parties: list[Party] = Field(min_length=1, max_length=MOST_PARTIES)
    configurations: list[Configuration] = []
    arrangements: list[Arrangement] = Field(min_length=1)
    values: list[CoalitionValue] = []

    @property
    def party_names(self) -> tuple[str, ...]:
        """Names in the order of the file."""
        return tuple(party.name for party in self.parties)

    def party(self, name: str) -> Party:
        """The party of that name."""
        return next(party for party in self.parties if party.name == name)

    def configuration(self, name: str) -> Configuration:
        """The configuration of that name, not `idle`."""
        return next(one for one in self.configurations if one.name == name)

    @property
    def governing(self) -> Arrangement | None:
        """The arrangement that the scenario itself runs under, if it says so."""
        return next((one for one in self.arrangements if one.name == self.arrangement), None)

    def rights_of(self, names: Sequence[str]) -> frozenset[str]:
        """Rights that parties hold together."""
        return frozenset(right for name in names for right in self.party(name).rights)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [
            *_doubles("parties", self.party_names),
            *_doubles("configurations", [one.name for one in self.configurations]),
            *_doubles("arrangements", [one.name for one in self.arrangements]),
            *self._unknown_names(),
        ]
        if not faults:
            faults = [
                *self._shares(),
                *self._rights_missing(),
                *self._disagreement(),
                *self._values(),
            ]
        if faults:
            raise FieldFaults(*faults)
        return self

    def _unknown_names(self) -> Iterator[FieldFault]:
        parties = self.party_names
        configurations = (IDLE, *(one.name for one in self.configurations))
        arrangements = tuple(one.name for one in self.arrangements)
        for index, name in enumerate(self.consent):
            yield from _one_of(("consent", index), name, parties)
        if self.disagreement:
            yield from _one_of(("disagreement",), self.disagreement, arrangements)
        if self.arrangement:
            yield from _one_of(("arrangement",), self.arrangement, arrangements)
        for name in self.idle_cost:
            yield from _one_of(("idle_cost", name), name, parties)
        for c, configuration in enumerate(self.configurations):
            if configuration.name == IDLE:
                yield FieldFault(
                    at=("configurations", c, "name"),
                    found=f"'{IDLE}'",
                    allowed="another name: the idle plant needs no configuration",
                )
            for index, name in enumerate(configuration.without):
                yield from _one_of(("configurations", c, "without", index), name, parties)
            if configuration.taxed_by:
                at = ("configurations", c, "taxed_by")
                yield from _one_of(at, configuration.taxed_by, parties)
        for a, arrangement in enumerate(self.arrangements):
            top = ("arrangements", a)
            for index, name in enumerate(arrangement.members):
                yield from _one_of((*top, "members", index), name, parties)
            for index, name in enumerate(arrangement.consents):
                yield from _one_of((*top, "consents", index), name, parties)
            yield from _one_of((*top, "configuration"), arrangement.configuration, configurations)
            for index, activity in enumerate(arrangement.activities):
                yield from _one_of((*top, "activities", index, "party"), activity.party, parties)
            for index, leaving in enumerate(arrangement.walk_outs):
                here = (*top, "walk_outs", index)
                yield from _one_of((*here, "party"), leaving.party, arrangement.members)
                yield from _one_of((*here, "then"), leaving.then, configurations)
        for v, value in enumerate(self.values):
            for index, name in enumerate(value.coalition):
                yield from _one_of(("values", v, "coalition", index), name, parties)

    def _shares(self) -> Iterator[FieldFault]:
        total = sum(self.idle_cost.values())
        if total > 1.0 + 1e-9:
            yield FieldFault(
                at=("idle_cost",), found=f"shares that add up to {total:g}", allowed="at most one"
            )
        for a, arrangement in enumerate(self.arrangements):
            if arrangement.configuration == IDLE:
                if arrangement.terms is not None:
                    yield FieldFault(
                        at=("arrangements", a, "terms"),
                        found="a split of the cash of an idle plant",
                        allowed="none; accord.idle_cost says who bears its cost",
                    )
                continue
            if not arrangement.members:
                yield FieldFault(
                    at=("arrangements", a, "members"),
                    found="nobody",
                    allowed="one party at least, since somebody must run the plant",
                )
            elif arrangement.terms is None:
                yield FieldFault(
                    at=("arrangements", a),
                    found="no terms",
                    allowed="terms that say how the cash is split among the members",
                )
            else:
                for fault in party_faults(arrangement.terms, self.party_names):
                    fault.at = ("arrangements", a, "terms", *fault.at)
                    yield fault

    def _rights_missing(self) -> Iterator[FieldFault]:
        for a, arrangement in enumerate(self.arrangements):
            if arrangement.configuration == IDLE:
                continue
            configuration = self.configuration(arrangement.configuration)
            held = self.rights_of([*arrangement.members, *arrangement.consents])
            missing = [right for right in configuration.needs if right not in held]
            if missing:
                yield FieldFault(
                    at=("arrangements", a, "configuration"),
                    found=f"'{configuration.name}', which needs {', '.join(missing)}",
                    allowed="members, or parties that consent, who hold every right it needs",
                )
            barred = [name for name in configuration.without if name in arrangement.members]
            if barred:
                yield FieldFault(
                    at=("arrangements", a, "members"),
                    found=f"{', '.join(barred)}, with whom '{configuration.name}' cannot be had",
                    allowed="members with whom it can",
                )

    def _disagreement(self) -> Iterator[FieldFault]:
        alone = any(
            one.configuration == IDLE or (len(one.members) == 1 and not one.consents)
            for one in self.arrangements
        )
        if not alone and not self.disagreement:
            yield FieldFault(
                at=("arrangements",),
                found="none that holds without an agreement",
                allowed="an idle one, one of a single party, or accord.disagreement that names one",
            )

    def _values(self) -> Iterator[FieldFault]:
        seen: set[frozenset[str]] = set()
        for v, value in enumerate(self.values):
            coalition = frozenset(value.coalition)
            if coalition in seen or len(coalition) < len(value.coalition):
                yield FieldFault(
                    at=("values", v, "coalition"),
                    found=f"{', '.join(value.coalition)} twice",
                    allowed="each coalition once, each of its members once",
                )
            seen.add(coalition)


def _doubles(where: str, names: Sequence[str]) -> Iterator[FieldFault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield FieldFault(
                at=(where, index, "name"),
                found=f"'{name}', the second of that name",
                allowed="names that differ",
            )


def _one_of(at: tuple[str | int, ...], name: str, known: Sequence[str]) -> Iterator[FieldFault]:
    if name not in known:
        yield FieldFault(
            at=at,
            found=repr(name),
            allowed=f"one of {', '.join(known)}" if known else "nothing: there is none",
            nearest=nearest(name, known),
        )
