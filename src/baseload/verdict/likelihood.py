"""What claims may ask of the gates: how likely it is that mining has begun by a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np

from baseload.expression.kinds import Function
from baseload.expression.values import Numbers

WORDS = "probability that mining has begun by a day, under the likeliest arrangement with a mine"


def likelihood_functions(accord: Mapping[str, Any] | None) -> Mapping[str, Function]:
    """`probability_of_mining_by`, where a study's accord has gates; nothing where it has none.

    Between the ends of years the probability is taken in proportion to the days, before the first of
    them none has begun, and after the last it stays.

    Parameters
    ----------
    accord : mapping or None
        `Study.accord`.
    """
    found = [one["chances"] for one in accord["arrangements"] if one["chances"]] if accord else []
    mining = [one for one in found if one["mines"]]
    if not mining:
        return MappingProxyType({})
    best = max(mining, key=lambda one: one["probability"]["value"])
    days = [date.fromisoformat(each["on"]).toordinal() for each in best["first_mining_by"]]
    values = [each["mining"]["value"] for each in best["first_mining_by"]]

    def probability(by: date) -> Numbers:
        value = np.asarray(np.interp(by.toordinal(), days, values, left=0.0))
        return Numbers(value, value)

    return MappingProxyType(
        {
            "probability_of_mining_by": Function(
                ("date",), "number", probability, WORDS, unit="share"
            )
        }
    )
