"""The claims of a scenario, and what its vague words stand for."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, Strict, StringConstraints, field_validator, model_validator

from baseload.errors import FieldFault, FieldFaults, InputError
from baseload.expression.parser import parse
from baseload.expression.tokens import WORDS
from baseload.expression.tree import Expression
from baseload.fields import Section
from baseload.sources import says_where_from

Outcome: TypeAlias = Literal["holds", "fails", "cannot tell"]
Said: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Period: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d(-(0[1-9]|1[0-2]))?$")]
Figure: TypeAlias = Annotated[float, Strict()]

PROBABILITY_NEEDED: Final = 0.9
"""A claim over results holds where it is true on so many of the paths, unless it says otherwise."""

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# The keys that make a claim one of a kind, and those that go only with it.
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "holds": ("probability",),
    "value": ("band", "unit", "fact_source", "fact_date"),
    "finding": ("fact_source", "fact_date"),
}
_DEMANDED: Final[dict[str, tuple[str, ...]]] = {
    "holds": (),
    "value": ("band", "fact_source", "fact_date"),
    "finding": ("why", "fact_source", "fact_date"),
}


class Claim(Section):
    """A quoted statement, and how it is decided: by results, by a fact, or by a finding."""

    name: str = Field("", description="what a table calls it; none: the quote's first words")
    quote: Said = Field(description="what was said")
    source: Said = Field(description="who said it, where and in which year")
    translated_from: Said | None = Field(None, description="language of the original")
    holds: Said | None = Field(
        None, description="over results: an expression that is true or false"
    )
    probability: float | None = Field(
        None,
        ge=0.5,
        lt=1.0,
        description="share of the paths on which it must be true; none: 0.9",
    )
    value: Figure | tuple[Figure, Figure] | None = Field(
        None, description="over facts: the figure, or the lowest and highest that sources give"
    )
    band: tuple[Figure, Figure] | None = Field(
        None, description="the claim holds where the figure lies from the first to the second"
    )
    unit: str = Field("", description="of value and band")
    finding: Outcome | None = Field(
        None, description="of a statement that no number decides: what sources say"
    )
    why: Said | None = Field(
        None, description="what the finding rests on, or why it is checked in this way"
    )
    fact_source: Said | None = Field(None, description="of the value or the finding")
    fact_date: date | Period | None = Field(
        None, description="day to which the fact refers; or a year or month, in quotes"
    )
    needs: str = Field(
        "", description="what would have to be known to decide it, or decide it better"
    )

    @property
    def title(self) -> str:
        """Its name, or the first words of the quote."""
        return self.name or (
            self.quote if len(self.quote) <= 50 else self.quote[:49].rstrip() + "…"
        )

    @property
    def expression(self) -> Expression:
        """What must hold, read."""
        if self.holds is None:
            raise ValueError("a claim over facts has no expression")
        return parse(self.holds)

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        kinds = [key for key in _KINDS if getattr(self, key) is not None]
        if len(kinds) != 1:
            found = " and ".join(kinds) if kinds else "neither holds, value nor finding"
            raise FieldFault(found=found, allowed="one of holds, value and finding")
        (kind,) = kinds
        faults = [
            FieldFault(
                at=(key,), found=f"{key} in a claim with {kind}", allowed=f"{key} goes with {of}"
            )
            for of, keys in _KINDS.items()
            for key in keys
            if key not in _KINDS[kind] and getattr(self, key) not in (None, "")
        ]
        lacking = [key for key in _DEMANDED[kind] if getattr(self, key) is None]
        if lacking:
            faults.append(
                FieldFault(found=f"{kind} without {' and '.join(lacking)}", allowed="both")
            )
        faults += [
            FieldFault(at=(key,), allowed="a source that names a year, or 'assumed: why'")
            for key in ("source", "fact_source")
            if getattr(self, key) is not None and not says_where_from(getattr(self, key))
        ]
        faults += self._band_faults()
        if faults:
            unique = {(fault.at, fault.found): fault for fault in faults}
            raise FieldFaults(*unique.values())
        return self

    def _band_faults(self) -> list[FieldFault]:
        faults = []
        if self.band is not None and not self.band[0] <= self.band[1]:
            faults.append(
                FieldFault(at=("band",), allowed="a lowest and a highest value, in that order")
            )
        ends = self.value if isinstance(self.value, tuple) else (self.value, self.value)
        if self.value is not None and not _in_order(ends):
            faults.append(FieldFault(at=("value",), allowed="finite numbers, the lowest first"))
        return faults

    @field_validator("holds")
    @classmethod
    def _can_be_read(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                parse(text)
            except InputError as error:
                raise field_fault(error) from None
        return text


Words: TypeAlias = dict[str, Figure | date]


class ClaimsDocument(Section):
    """The claims of a file, and its words."""

    claims: list[Claim] = []
    words: Words = Field({}, description="vague words and what they stand for: numbers, or days")

    @field_validator("words")
    @classmethod
    def _are_names(cls, words: Words) -> Words:
        return checked_words(words)


def checked_words(words: Words) -> Words:
    """The words, each of which an expression can use by its name.

    Raises
    ------
    FieldFaults
        For what is no plain name, and for numbers that are not finite.

    Examples
    --------
    >>> checked_words({"significant": 0.05})
    {'significant': 0.05}
    """
    faults = [
        FieldFault(at=(name,), found=f"the word {name}", allowed="a name of a to z, digits and _")
        for name in words
        if not _WORD.fullmatch(name) or "__" in name or name in WORDS
    ]
    faults += [
        FieldFault(at=(name,), allowed="a finite number, or a day")
        for name, value in words.items()
        if isinstance(value, float) and not math.isfinite(value)
    ]
    if faults:
        raise FieldFaults(*faults)
    return words


def field_fault(error: InputError, at: tuple[str | int, ...] = ()) -> FieldFault:
    """The first fault of an expression as a schema's validator raises it."""
    first = error.faults[0]
    return FieldFault(
        at=at, found=first.found, allowed=first.allowed, nearest=first.nearest, note=first.note
    )


def _in_order(ends: tuple[float | None, float | None]) -> bool:
    low, high = ends
    return low is not None and high is not None and -math.inf < low <= high < math.inf
