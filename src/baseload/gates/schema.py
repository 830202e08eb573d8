"""The gates' part of a scenario: what must be granted, who says how likely and when, how it is pooled."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from baseload.errors import FieldFault
from baseload.fields import Section
from baseload.sources import ASSUMED, says_where_from

LONGEST_MONTHS: Final = 1200.0
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Points(Section):
    """Three points of a distribution: 5, 50 and 95 % of it lie below them."""

    lowest: ClassVar[float] = -math.inf
    highest: ClassVar[float] = math.inf
    words: ClassVar[str] = "a finite number"

    low: float = Field(description="5 % lie below")
    best: float = Field(description="as much lies below as above")
    high: float = Field(description="5 % lie above")

    @field_validator("low", "best", "high", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        # NaN fails this comparison; true and false are numbers to Python alone.
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not (abs(value) < math.inf and cls.lowest <= value <= cls.highest):
                raise FieldFault(allowed=cls.words)
            return float(value)
        raise FieldFault(allowed=cls.words)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.best <= self.high:
            raise FieldFault(
                found=f"low {self.low:g}, best {self.best:g}, high {self.high:g}",
                allowed="low <= best <= high: the 5, 50 and 95 % points",
            )
        return self

    @property
    def three(self) -> tuple[float, float, float]:
        """Low, best and high."""
        return self.low, self.best, self.high


class ProbabilityPoints(Points):
    """What a source holds possible of a probability; three times 0: it cannot be had."""

    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    words: ClassVar[str] = "a probability from 0 to 1"


class MonthPoints(Points):
    """How long it takes until a gate is granted, if it is."""

    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = LONGEST_MONTHS
    words: ClassVar[str] = f"months from 0 to {LONGEST_MONTHS:g}"


class YearPoints(Points):
    """How long a gate holds once it has been granted, renewals included."""

    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = LONGEST_MONTHS / 12.0
    words: ClassVar[str] = f"years from 0 to {LONGEST_MONTHS / 12.0:g}"


class Opinion(Section):
    """What one named source says of a gate."""

    by: Name = Field(description="who says so")
    probability: ProbabilityPoints = Field(
        description="that it is granted at all, once its parents have been"
    )
    probability_given: dict[str, ProbabilityPoints] = Field(
        {}, description="the same where the named gate has passed; `probability` where it has not"
    )
    months: MonthPoints | None = Field(
        None, description="until it is, counted from the last of its parents; none: no view"
    )
    weight: float = Field(1.0, description="beside the other opinions on this gate")
    source: str = Field(description="publication with its year, or 'assumed: why'")

    @field_validator("weight", mode="before")
    @classmethod
    def _weight(cls, value: Any) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0.0 <= value < math.inf:
            raise FieldFault(allowed="a finite number of at least 0")
        return float(value)

    @field_validator("source")
    @classmethod
    def _source(cls, value: str) -> str:
        if not says_where_from(value):
            raise FieldFault(
                allowed=f"a publication with its year, or '{ASSUMED} why' in some words"
            )
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(self.probability_given) > 1:
            raise FieldFault(
                at=("probability_given",),
                found=f"{len(self.probability_given)} gates: {', '.join(self.probability_given)}",
                allowed="one gate at most; what must come before goes into `needs`",
            )
        chances = [self.probability, *self.probability_given.values()]
        if self.months is not None and all(points.high == 0.0 for points in chances):
            raise FieldFault(
                at=("months",),
                found="months of what never comes",
                allowed="no months where the probability is 0",
            )
        return self

    @property
    def if_given(self) -> ProbabilityPoints | None:
        """The probability where the gate it hangs on has passed."""
        return next(iter(self.probability_given.values()), None)


class Gate(Section):
    """Something that must be granted before mining can begin."""

    name: Name
    about: str = Field("", description="what is granted, by whom, in a sentence")
    needs: list[str] = Field(
        [], description="gates after which it comes; its months count from the last of them"
    )
    opinions: list[Opinion] = Field(min_length=1, max_length=100)
    lasts_years: YearPoints | None = Field(
        None, description="how long it holds once granted, renewals included; none: for good"
    )
    lasts_source: str = Field("", description="where `lasts_years` comes from, or 'assumed: why'")
    only_for: list[str] | None = Field(None, description="arrangements that need it; none: all")
    blocked_value: str = Field(
        "not granted", min_length=1, description="a probability of 0 in words"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for key, names in (("needs", self.needs), ("only_for", self.only_for or [])):
            for index, name in enumerate(names):
                if name in names[:index]:
                    raise FieldFault(at=(key, index), found=f"'{name}' twice", allowed="each once")
        if self.only_for == []:
            raise FieldFault(
                at=("only_for",),
                found="an empty list",
                allowed="arrangements that need it, or no such line: all need it",
            )
        if self.lasts_years is not None and not says_where_from(self.lasts_source):
            raise FieldFault(
                at=("lasts_source",),
                found=f"'{self.lasts_source}'",
                allowed=f"a publication with its year, or '{ASSUMED} why' in some words",
            )
        if self.lasts_years is not None and self.lasts_years.best == 0.0:
            raise FieldFault(
                at=("lasts_years", "best"), found="0", allowed="more than 0: it would never hold"
            )
        return self

    @property
    def given(self) -> str | None:
        """The gate that changes this one's probability, if any."""
        names = (name for opinion in self.opinions for name in opinion.probability_given)
        return next(names, None)


class SeedAnswer(Points):
    """A source's answer to a seed question; Cooke's information score needs its points apart."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if not self.low < self.best < self.high:
            raise FieldFault(
                found=f"low {self.low:g}, best {self.best:g}, high {self.high:g}",
                allowed="low < best < high",
            )
        return self


class Seed(Section):
    """A question whose answer is known now and was not when it was asked."""

    question: str = Field(min_length=1)
    realised: float = Field(allow_inf_nan=False, description="what came to be")
    answers: Mapping[str, SeedAnswer] = Field(
        min_length=1, description="each source's 5, 50 and 95 % points"
    )
    source: str = Field(description="publication with its year, or 'assumed: why'")


class GatesPool(Section):
    """How opinions are combined, what hangs together, and how far one looks."""

    as_of: date = Field(description="the day the opinions are of; months count from here")
    method: Literal["linear", "log odds", "extremised"] = "linear"
    exponent: float = Field(
        2.5, gt=0.0, allow_inf_nan=False, description="on the odds, for the extremised pool"
    )
    weights: Literal["stated", "cooke"] = Field(
        "stated", description="stated with each opinion (all 1: equal), or by seed questions"
    )
    cut_off: float | Literal["optimised"] = Field(
        0.0, description="calibration below which a source has no weight, for Cooke's"
    )
    seeds: list[Seed] = Field([], max_length=1000)
    correlations: dict[str, float] = Field(
        {}, description='"gate ~ gate" = correlation of the normal scores of their dates'
    )
    horizon_years: float = Field(
        20.0, gt=0.0, le=100.0, description="what comes later counts as never"
    )
    draws: int = Field(20_000, ge=1, le=10_000_000)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if isinstance(self.cut_off, float) and not 0.0 <= self.cut_off < 1.0:
            raise FieldFault(
                at=("cut_off",), found=f"{self.cut_off:g}", allowed="0 to below 1, or 'optimised'"
            )
        if self.weights == "cooke" and not self.seeds:
            raise FieldFault(
                at=("weights",),
                found="'cooke' without seed questions",
                allowed="'stated', or seeds that every source has answered",
            )
        return self
