"""What a study takes for granted, in a sentence."""

from __future__ import annotations

from typing import Any

from baseload.scenario.scenario import Scenario
from baseload.units import chance_words


def conditional_on(scenario: Scenario, accord: dict[str, Any] | None = None) -> str:
    """What a study of this scenario takes for granted, and how likely that is, where it is known."""
    stated = scenario.model.accord
    what = (
        f"'{stated.arrangement}' agreed" if stated is not None and stated.arrangement else "agreed"
    )
    begun = f"{what} and begun on {scenario.model.start.isoformat()}"
    for one in accord["arrangements"] if accord else ():
        if stated is not None and one["name"] == stated.arrangement and one["chances"]:
            found = one["chances"]
            return (
                f"{begun}; that mining begins by {found['by']} has a probability of "
                f"{chance_words(found['probability']['value'])} by the opinions on its gates; that they all "
                f"open within {found['horizon_years']:g} years, {chance_words(found['at_most'])} at the most"
            )
    if scenario.model.gates:
        return f"{begun}; how likely that is: `baseload accord`"
    return f"{begun}; nothing here says how likely that is"
