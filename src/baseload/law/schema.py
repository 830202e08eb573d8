"""The law's part of a scenario: rule table, as-of date, persons, owners, relief."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from baseload.errors import FieldFault, FieldFaults
from baseload.fields import Section
from baseload.law.persons import is_name
from baseload.law.relief import Relief, relief_faults
from baseload.law.rule import ANY
from baseload.law.stakes import Stake, stake_fault
from baseload.law.table import AS_OF, shipped_rules


class Holding(Section):
    """What one owner holds of an entity."""

    entity: str = Field(description="what is owned")
    owner: str = Field(description="a party or another entity")
    share: Annotated[float, Field(ge=0.0, le=1.0)] = Field(description="of the rights, 0 to 1")
    control: bool = Field(False, description="whether the owner controls it by other means")

    @model_validator(mode="after")
    def _a_stake(self) -> Self:
        for key in ("entity", "owner"):
            if not is_name(getattr(self, key)):
                raise FieldFault(at=(key,), allowed=f"a name, not {ANY}")
        if self.entity == self.owner:
            raise FieldFault(at=("owner",), allowed="another than the entity")
        if self.share == 0 and not self.control:
            raise FieldFault(at=("share",), allowed="a number above 0, unless it has control")
        return self

    @property
    def stake(self) -> Stake:
        """The same for `blocked_by_ownership` and `findings`."""
        return Stake(self.entity, self.owner, self.share, self.control)


class ReliefLine(Section):
    """Relief that the scenario assumes: one rule, lifted for a time."""

    rule: str = Field(description="name of the rule that is lifted")
    from_on: date = Field(alias="from", description="first day")
    until_on: date | None = Field(None, alias="until", description="last day; none: no end")
    status: Literal["licence", "allowed"] = Field(
        "licence", description="allowed: the rule is gone, as after a delisting"
    )
    source: str = Field(min_length=1, description="where it was read, or 'assumed: why'")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_on is not None and self.until_on < self.from_on:
            raise FieldFault(
                at=("until",), found=f"{self.until_on}", allowed=f"{self.from_on} or later"
            )
        for key in ("rule", "source"):
            if not getattr(self, key).strip():
                raise FieldFault(at=(key,), allowed="a text")
        return self

    @property
    def relief(self) -> Relief:
        """The same for `findings`."""
        return Relief(self.rule, self.from_on, self.until_on, self.status, self.source)


class Law(Section):
    """Law and sanctions: by which rules the arrangements are checked. Not legal advice."""

    as_of: date | None = Field(
        None,
        description="day as of which the rules were looked for; none: that of the shipped rules",
    )
    rules: str | None = Field(None, description="a CSV file of rules; none: the shipped ones")
    territory: str = Field("", description="what the rules call the place of the plant")
    persons: dict[str, list[str]] = Field(
        {}, description="party or place = the classes it belongs to; beside the shipped ones"
    )
    owners: list[Holding] = Field([], description="who owns whom, for the 50 % rules")
    relief: list[ReliefLine] = []

    @property
    def looked_for_on(self) -> date:
        """The day as of which the rules were looked for."""
        return self.as_of or AS_OF

    @property
    def stakes(self) -> tuple[Stake, ...]:
        """The owners for `findings`."""
        return tuple(one.stake for one in self.owners)

    @property
    def reliefs(self) -> tuple[Relief, ...]:
        """The relief for `findings`."""
        return tuple(one.relief for one in self.relief)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self._text_faults(), *self._person_faults()]
        wrong = stake_fault(self.stakes)
        if wrong is not None:
            place, found, allowed = wrong
            key = "share" if "add up" in found else "owner"
            faults.append(FieldFault(at=("owners", place, key), found=found, allowed=allowed))
        # A table of the user's own is read later, and its relief is held to it then.
        if self.rules is None:
            faults += self._relief_faults()
        if faults:
            raise FieldFaults(*faults)
        return self

    def _text_faults(self) -> list[FieldFault]:
        faults = []
        if self.rules is not None and not self.rules.strip():
            faults.append(
                FieldFault(at=("rules",), allowed="the path of a CSV file, or no such key")
            )
        if self.rules is not None and self.as_of is None:
            faults.append(
                FieldFault(
                    at=("rules",),
                    found=self.rules,
                    allowed="a file of rules beside `as_of`, the day as of which they were looked for",
                )
            )
        if self.territory and not is_name(self.territory):
            faults.append(FieldFault(at=("territory",), allowed=f"a name, not {ANY}"))
        return faults

    def _person_faults(self) -> list[FieldFault]:
        faults = []
        for name, classes in self.persons.items():
            if not is_name(name):
                faults.append(
                    FieldFault(at=("persons", name), found=repr(name), allowed=f"a name, not {ANY}")
                )
            for place, one in enumerate(classes):
                if not is_name(one):
                    faults.append(
                        FieldFault(at=("persons", name, place), allowed=f"a class, not {ANY}")
                    )
                elif one in classes[:place]:
                    faults.append(
                        FieldFault(
                            at=("persons", name, place),
                            found=f"{one!r} twice",
                            allowed="each class once",
                        )
                    )
        return faults

    def _relief_faults(self) -> list[FieldFault]:
        return [
            FieldFault(
                at=("relief", one.place, one.key),
                found=one.found,
                allowed=one.allowed,
                nearest=one.nearest,
                note=one.note,
            )
            for one in relief_faults(shipped_rules(), self.reliefs)
        ]
