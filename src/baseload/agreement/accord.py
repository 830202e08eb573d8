"""The accord on a scenario: simulate what coalitions can run, and say who gains and who would agree."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Final

from baseload.agreement import plain
from baseload.agreement.bargains import bargains, gain_of, standings
from baseload.agreement.chances import chances
from baseload.agreement.checking import Checked, checked
from baseload.agreement.coalition_values import worths
from baseload.agreement.configurations import can_run, coalitions_of, to_simulate
from baseload.agreement.leaving import leaving, verification
from baseload.agreement.payoffs import Floats, Payoff, all_flows, disagreement_of, payoffs_of
from baseload.agreement.red_lines import judged
from baseload.agreement.simulated import Simulated, job_of, plan_of, present_values
from baseload.agreement.solutions import solutions
from baseload.agreement.starts import DELAYS_YEARS, begun_later
from baseload.clock import years_later
from baseload.engine.plan import Plan
from baseload.engine.pool import Job, Progress, simulate_in_turn
from baseload.errors import InputError
from baseload.parties.schema import IDLE, Accord, Arrangement
from baseload.scenario.scenario import Scenario
from baseload.summary import exact_mean

MOST_PATHS_BY_ITSELF: Final = 200
"""Paths of each configuration where nobody asks for a number; their noise is carried on."""

EXPOSURE: Final = (
    "reactor_years_at_power",
    "offsite_power_losses_at_power",
    "offsite_power_losses_in_shutdown",
    "station_blackout_probability",
    "station_blackout_probability_idle",
)
"""Metrics that say what a configuration adds to people's exposure, before any money."""

LATER_PATHS: Final = 25
"""Paths of each later start: only the difference to a start at once is taken from them."""

MINING_WITHIN_YEARS: Final = 10
"""Years after the accord's day by which mining is to have begun, where the scenario names no day."""


@dataclass(frozen=True)
class Runs:
    """What was simulated for an accord.

    Attributes
    ----------
    by_configuration : mapping of str to Simulated
    idle : Simulated
        The run whose idle plant is everybody's: of the first configuration.
    rate : float
        The scenario's discount rate, per year; its mean where it is uncertain.
    gains_by_delay : mapping of str to mapping of float to float
        By configuration of an arrangement, what all together gain over the idle plant if it begins
        so many years late, at that day. [USD] Empty where there are no gates.
    """

    by_configuration: Mapping[str, Simulated]
    idle: Simulated
    rate: float
    gains_by_delay: Mapping[str, Mapping[float, float]]


def simulate_configurations(
    scenario: Scenario,
    accord: Accord,
    known: Checked,
    paths: int,
    seed: int,
    threads: int,
    progress: Progress | None = None,
    as_it_stands: Simulated | None = None,
) -> Runs:
    """Run each distinct configuration once, all on the same draws, and a few paths of later starts.

    A configuration that sets nothing is the scenario itself: where that has run already its paths are
    taken.
    """
    names = to_simulate(accord)
    rate = scenario.model.finance.discount_rate.mean()
    scenarios = {name: known.scenarios[name] for name in names}
    # By configuration, and by how many years it begins late.
    jobs: dict[tuple[str, int], Job[Simulated]] = {}
    for number, name in enumerate(names, start=1):
        if as_it_stands is None or accord.configuration(name).set_to:
            words = f"accord: {number} of {len(names)} configurations"
            jobs[name, 0] = job_of(partial(plan_of, scenarios[name], seed), paths, words)
    if not names:
        words = "accord: the plant left idle"
        jobs[IDLE, 0] = job_of(partial(plan_of, scenario, seed), paths, words)
    agreed = {one.configuration for one in accord.arrangements} if scenario.model.gates else set()
    delayed = [name for name in names if name in agreed]
    few = max(1, min(paths, LATER_PATHS))
    for name, years in product(delayed, DELAYS_YEARS[1:]):
        words = f"accord: '{name}' begun {years} years late"
        later = partial(_later_plan, scenarios[name], years, seed)
        jobs[name, years] = job_of(later, few, words)
    results = simulate_in_turn(tuple(jobs.values()), threads, progress)
    found = dict(zip(jobs, results, strict=True))
    runs = {name: _there(found.get((name, 0), as_it_stands)) for name in names}
    idle = next(iter(runs.values())) if runs else _there(found[IDLE, 0])
    gains: dict[str, dict[float, float]] = {}
    for name in delayed:
        at_once = _gain(runs[name], rate)
        mean = exact_mean(at_once)
        gains[name] = {0.0: mean}
        for years in DELAYS_YEARS[1:]:
            run = found[name, years]
            # The same paths begun at once: their luck is not the delay's doing.
            gains[name][float(years)] = (
                0.0 if run is None else mean + exact_mean(_gain(run, rate) - at_once[:few])
            )
    return Runs(runs, idle, rate, gains)


def _later_plan(scenario: Scenario, years: int, seed: int) -> Plan | None:
    """The plan of a later start; None where nothing runs any more, as with the plant idle."""
    try:
        later = begun_later(scenario, years)
    except InputError as error:
        # Every licence or life has ended by then.
        if {fault.field for fault in error.faults} != {"plant.units"}:
            raise
        return None
    return plan_of(later, seed)


def _there(run: Simulated | None) -> Simulated:
    if run is None:
        raise RuntimeError("a configuration has no plan")
    return run


def _gain(run: Simulated, rate: float) -> Floats:
    """What a run gives all together over the idle plant, path by path: cash and tax. [USD]"""
    return (
        present_values(run.cash, rate)
        + present_values(run.tax, rate)
        - present_values(run.idle_cash, rate)
    )


def accord_of(
    scenario: Scenario,
    accord: Accord,
    paths: int,
    seed: int,
    threads: int,
    progress: Progress | None = None,
    as_it_stands: Simulated | None = None,
    known: Checked | None = None,
) -> tuple[dict[str, Any], dict[str, float]]:
    """Everything that a study says about who has to agree.

    Parameters
    ----------
    scenario : Scenario
    accord : Accord
        The scenario's own.
    paths : int
        Of each configuration.
    seed : int
        Of the study: all configurations meet the same draws.
    threads : int
    progress : callable, optional
    as_it_stands : Simulated, optional
        The scenario itself on as many paths, where it has run already.
    known : Checked, optional
        From `checked`, where that was asked before.

    Returns
    -------
    tuple of dict
        Plain values without NaN, and the seconds of simulating and of what follows from it.

    Raises
    ------
    InputError
        For configurations that the scenario cannot have.
    """
    begin = time.perf_counter()
    if known is None:
        known = checked(scenario, accord)
    runs = simulate_configurations(
        scenario, accord, known, paths, seed, threads, progress, as_it_stands
    )
    simulated_at = time.perf_counter()
    facts: dict[str, Any] = plain.rounded(_facts(scenario, accord, known, runs, seed))
    seconds = {
        "accord_simulating_seconds": simulated_at - begin,
        "accord_seconds": time.perf_counter() - simulated_at,
    }
    return facts, seconds


def _facts(
    scenario: Scenario, accord: Accord, known: Checked, runs: Runs, seed: int
) -> dict[str, Any]:
    flows = all_flows(accord, runs.by_configuration, runs.idle)
    payoffs = payoffs_of(accord, flows)
    disagreement = disagreement_of(accord, payoffs)
    idle_value = present_values(runs.idle.idle_cash, runs.rate)
    worth = worths(accord, runs.by_configuration, idle_value, runs.rate)
    allowed = known.payments_allowed
    standing = standings(accord, payoffs, disagreement, allowed)
    likely = _chances(scenario, accord, runs, seed)
    arrangements = [
        {
            **_arrangement(accord, runs, one, payoffs, disagreement, standing),
            "law": known.judgements[one.name],
            "chances": likely.get(one.name),
        }
        for one in accord.arrangements
    ]
    barred = _barred(arrangements)
    return {
        "as_of": accord.as_of.isoformat(),
        "paths": runs.idle.paths,
        "discount_rate": runs.rate,
        "members_may_abstain": accord.members_may_abstain,
        "consent": list(accord.consent),
        "law_as_of": scenario.model.law.looked_for_on.isoformat(),
        "payments_allowed": {name: list(others) for name, others in allowed.items()},
        "coalitions": 2 ** len(accord.parties) - 1,
        "configurations": [_configuration(accord, name, runs) for name in runs.by_configuration],
        "parties": [_party(accord, name) for name in accord.party_names],
        "disagreement": disagreement,
        "arrangement": accord.arrangement,
        "arrangements": arrangements,
        "solutions": solutions(
            accord,
            worth,
            _receipts(accord, flows, runs.rate, worth[frozenset(accord.party_names)].runs),
            allowed,
            seed,
        ),
        "verification": verification(),
        "barred": barred,
        "bargaining": bargains(accord, payoffs, disagreement, barred),
    }


def _chances(
    scenario: Scenario, accord: Accord, runs: Runs, seed: int
) -> dict[str, dict[str, Any]]:
    """What the gates of each arrangement come to; nothing where the scenario has none."""
    pool = scenario.model.gates_pool
    if pool is None or not scenario.model.gates:
        return {}
    run = {one.name: one.configuration for one in accord.arrangements if one.configuration != IDLE}
    return chances(
        scenario.model.gates,
        pool,
        {name: runs.by_configuration[what] for name, what in run.items()},
        {name: runs.gains_by_delay[what] for name, what in run.items()},
        accord.mining_by or years_later(accord.as_of, MINING_WITHIN_YEARS),
        scenario.model.start,
        runs.rate,
        seed,
    )


def _configuration(accord: Accord, name: str, runs: Runs) -> dict[str, Any]:
    one = accord.configuration(name)
    run = runs.by_configuration[name]
    return {
        "name": name,
        "needs": list(one.needs),
        "without": list(one.without),
        "source": one.source,
        "run_by": [
            list(coalition)
            for coalition in coalitions_of(accord.party_names)
            if one in can_run(accord, coalition)
        ],
        "npv_usd": exact_mean(present_values(run.cash, runs.rate)),
        "tax_usd": exact_mean(present_values(run.tax, runs.rate)),
        "exposure": {metric: exact_mean(run.metric(metric)) for metric in EXPOSURE},
    }


def _party(accord: Accord, name: str) -> dict[str, Any]:
    party = accord.party(name)
    return {
        "name": name,
        "rights": list(party.rights),
        "discount_rate": party.discount_rate,
        "risk_tolerance_usd_million": party.risk_tolerance_usd_million,
        "position": party.position,
        "position_source": party.position_source,
    }


def _arrangement(
    accord: Accord,
    runs: Runs,
    one: Arrangement,
    payoffs: Mapping[str, Mapping[str, Payoff]],
    disagreement: str,
    standing: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "name": one.name,
        "members": list(one.members),
        "consents": list(one.consents),
        "configuration": one.configuration,
        "operator": one.operator,
        "licence": one.licence,
        "source": one.source,
        "payoffs": {
            party.name: plain.of_payoff(payoffs[one.name][party.name]) for party in accord.parties
        },
        "gains": {
            party.name: gain_of(
                payoffs[one.name][party.name],
                payoffs[disagreement][party.name],
                party.risk_tolerance_usd_million,
            )
            for party in accord.parties
        },
        "standing": standing[one.name],
        "red_lines": judged(
            accord, one, runs.by_configuration.get(one.configuration), payoffs[one.name]
        ),
        "leaving": leaving(
            accord, one, runs.by_configuration, payoffs[one.name], payoffs[disagreement]
        ),
    }


def _barred(arrangements: list[dict[str, Any]]) -> dict[str, str]:
    """Arrangements that cannot be had whatever is paid, and why."""
    found: dict[str, str] = {}
    for one in arrangements:
        crossed = [line for line in one["red_lines"] if line["holds"] is False]
        if crossed:
            found[one["name"]] = f"red line of {crossed[0]['party']}: {crossed[0]['line']}"
        elif one["law"]["blocked"]:
            found[one["name"]] = "prohibited by law"
    return found


def _receipts(
    accord: Accord, flows: Mapping[str, Mapping[str, Floats]], rate: float, configuration: str
) -> dict[str, float]:
    """What each party receives, before payments, of what all are worth together.

    By the terms of the first arrangement that runs what is best for all, or what each bears of the
    idle plant where that is; where no arrangement runs it the first party holds the cash.
    """
    for one in accord.arrangements:
        if one.configuration == configuration:
            return {
                name: exact_mean(present_values(flow, rate))
                for name, flow in flows[one.name].items()
            }
    return dict.fromkeys(accord.party_names, 0.0)
