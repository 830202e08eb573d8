"""What can be said of an accord before anything is simulated: red lines that make sense, and the law."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baseload.agreement.configurations import scenario_of
from baseload.agreement.lawfulness import judgement, lawyer_of, payments_allowed
from baseload.agreement.red_lines import check_red_lines
from baseload.agreement.starts import DELAYS_YEARS
from baseload.clock import years_later
from baseload.errors import Fault, InputError, raise_all
from baseload.parties.schema import Accord, Configuration
from baseload.scenario.scenario import Scenario


@dataclass(frozen=True)
class Checked:
    """What is known of an accord before anything is simulated.

    Attributes
    ----------
    scenarios : mapping of str to Scenario
        What each configuration runs.
    payments_allowed : mapping of str to list of str
        Whom each party may pay at the start.
    judgements : mapping of str to dict
        By arrangement.
    """

    scenarios: Mapping[str, Scenario]
    payments_allowed: Mapping[str, list[str]]
    judgements: Mapping[str, dict[str, Any]]


def checked(scenario: Scenario, accord: Accord) -> Checked:
    """Hold red lines, law and configurations to the scenario before anything is simulated.

    Raises
    ------
    InputError
        For red lines that ask for what nothing is called, names that no rule of law knows, settings
        of a configuration that the scenario cannot have.
    """
    check_red_lines(accord)
    scenarios: dict[str, Scenario] = {}
    faults: list[Fault] = []
    for one in accord.configurations:
        try:
            scenarios[one.name] = scenario_of(scenario, one)
        except InputError as error:
            faults += _told_where_they_stand(error, scenario, one)
    raise_all(faults)
    starts = [years_later(scenario.model.start, delay) for delay in DELAYS_YEARS]
    lawyer = lawyer_of(scenario.model.law, scenario.folder, starts, accord)
    return Checked(
        scenarios,
        payments_allowed(lawyer, accord),
        {one.name: judgement(lawyer, one) for one in accord.arrangements},
    )


def _told_where_they_stand(
    error: InputError, scenario: Scenario, configuration: Configuration
) -> list[Fault]:
    """What the scenario cannot have of a configuration's settings, told of the configuration."""
    at = f"accord.configurations[{configuration.name}].set"
    return [
        dataclasses.replace(one, file=scenario.file, field=f"{at}  {one.field}")
        for one in error.faults
    ]
