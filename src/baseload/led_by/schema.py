"""Who leads, as a scenario says it: who decides, who pays, what limits them, and who says so."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from baseload.errors import FieldFault
from baseload.fields import Section
from baseload.sources import ASSUMED, says_where_from

LONGEST_SENTENCE: Final = 200
"""Characters of each sentence at most, so that several cases fit on one screen."""


Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_SENTENCE)
]


class LedBy(Section):
    """Who leads the undertaking. Nothing is computed from it; `compare` prints it.

    Examples
    --------
    >>> led_by = LedBy(decides="The owner.", pays="The owner.", source="annual report, 2025")
    >>> led_by.decides, led_by.limits
    ('The owner.', None)
    """

    decides: Sentence = Field(description="who decides whether and how much is mined")
    pays: Sentence = Field(description="who pays for machines and power, and bears the loss")
    limits: Sentence | None = Field(None, description="what binds who decides; none: nothing known")
    source: str = Field(description="a publication with its year, or 'assumed: why'")

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if not says_where_from(self.source.strip()):
            allowed = f"a publication with its year, or '{ASSUMED} why' with the reason"
            raise FieldFault(at=("source",), found=f"'{self.source}'", allowed=allowed)
        return self
