"""What came of a claim."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from baseload.claims.schema import Outcome

Basis: TypeAlias = Literal["results", "fact", "finding"]


@dataclass(frozen=True)
class Judged:
    """A claim, its outcome, and what it rests on.

    Attributes
    ----------
    name, quote, source : str
        As the claim says.
    translated_from : str or None
        Language of the original quote.
    basis : str
        "results", "fact" or "finding".
    outcome : str
        "holds", "fails" or "cannot tell".
    expression : str or None
        What had to be true of the results.
    figure : float or None
        The number that decides it: over paths their median. [unit]
    unit : str
        Symbol of the unit of figure and spread; "share" of a share, 0 to 1.
    figure_words : str
        The figure as a person reads it; also where it is a day or a text.
    spread : tuple of float or None
        5 and 95 % quantiles over the paths, or the range that sources give; infinite where the
        paths there have no value. [unit]
    probability : float or None
        Share of the paths on which it is true; None where it does not differ from path to path.
    probability_low, probability_high : float or None
        Ends of its 95 % interval (Wilson); paths on which it is undefined count as false for the low
        end and as true for the high one.
    probability_needed : float or None
        The claim holds from this share on, and fails up to one minus it.
    share_undefined : float or None
        Share of the paths on which it is neither true nor false.
    paths : int or None
    what_would_make_it_hold : str
        In words; of a claim that holds, what it has to spare.
    why : str
        What decided it, in words.
    needs : str
        What would have to be known.
    words : mapping of str to float or date
        The vague words that it uses, and what they stood for.
    fact_source : str or None
    fact_date : date, str or None
    """

    name: str
    quote: str
    source: str
    translated_from: str | None
    basis: Basis
    outcome: Outcome
    expression: str | None = None
    figure: float | None = None
    unit: str = ""
    figure_words: str = ""
    spread: tuple[float, float] | None = None
    probability: float | None = None
    probability_low: float | None = None
    probability_high: float | None = None
    probability_needed: float | None = None
    share_undefined: float | None = None
    paths: int | None = None
    what_would_make_it_hold: str = ""
    why: str = ""
    needs: str = ""
    words: Mapping[str, float | date] = field(default_factory=dict)
    fact_source: str | None = None
    fact_date: date | str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values: dates as ISO 8601, None for what is infinite."""
        found = asdict(self)
        if self.spread is not None:
            found["spread"] = [end if math.isfinite(end) else None for end in self.spread]
        found["words"] = {
            word: value.isoformat() if isinstance(value, date) else value
            for word, value in self.words.items()
        }
        found["fact_date"] = None if self.fact_date is None else str(self.fact_date)
        return found
