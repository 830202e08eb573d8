"""Which coalition can run what, and the scenario of each thing that can be run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from baseload.parties.schema import IDLE, Accord, Configuration
from baseload.scenario.scenario import Scenario


def coalitions_of(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All coalitions of one party or more, the small ones first.

    Examples
    --------
    >>> list(coalitions_of(("a", "b")))
    [('a',), ('b',), ('a', 'b')]
    """
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)


def can_run(accord: Accord, coalition: tuple[str, ...]) -> list[Configuration]:
    """Configurations whose rights the coalition holds, in the order of the file."""
    rights = accord.rights_of(coalition)
    return [
        one
        for one in accord.configurations
        if rights.issuperset(one.needs) and not set(one.without) & set(coalition)
    ]


def to_simulate(accord: Accord) -> list[str]:
    """Configurations that some coalition can run or some arrangement or walk-out names, each once."""
    wanted = {
        one.name
        for coalition in coalitions_of(accord.party_names)
        for one in can_run(accord, coalition)
    }
    for arrangement in accord.arrangements:
        wanted.add(arrangement.configuration)
        wanted |= {leaving.then for leaving in arrangement.walk_outs}
    return [one.name for one in accord.configurations if one.name in wanted - {IDLE}]


def scenario_of(scenario: Scenario, configuration: Configuration) -> Scenario:
    """The scenario with what the configuration sets.

    Raises
    ------
    InputError
        For an address or a value that the scenario cannot have.
    """
    return scenario.with_(configuration.set_to)
