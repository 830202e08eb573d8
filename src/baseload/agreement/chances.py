"""How likely each arrangement is, when mining would begin, what binds, and what a start then is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.agreement import plain
from baseload.agreement.simulated import Simulated
from baseload.gates.binding import binding_gates
from baseload.gates.changes import smallest_changes
from baseload.gates.check import pairs_of
from baseload.gates.outcomes import (
    first_mining_by,
    gate_probabilities,
    probability_by,
    probability_of_ever,
    probability_of_lasting,
    start_quantiles,
)
from baseload.gates.passage import Passage, draw_passages
from baseload.gates.pool import METHODS, Method, pool_gates
from baseload.gates.schema import Gate, GatesPool
from baseload.gates.start_worth import start_value

Floats = npt.NDArray[np.float64]

TARGET: Final = 0.5
"""The probability that the smallest changes are to reach."""

LASTING_YEARS: Final = (5.0, 10.0, 20.0)
EVERY_YEARS: Final = 1
SHARES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


def chances(
    gates: Sequence[Gate],
    pool: GatesPool,
    runs: Mapping[str, Simulated],
    values: Mapping[str, Mapping[float, float]],
    mining_by: date,
    scenario_start: date,
    rate: float,
    seed: int,
) -> dict[str, dict[str, Any]]:
    """For each arrangement, what its gates come to.

    Parameters
    ----------
    gates, pool : the scenario's
    runs : mapping of str to Simulated
        Run of each arrangement's configuration, by arrangement.
    values : mapping of str to mapping of float to float
        By arrangement, what all parties together gain over the idle plant if it starts so many years
        late. [USD]
    mining_by : date
        The day by which the smallest changes are to bring first mining.
    scenario_start : date
    rate : float
        At which the values are discounted to the day of the opinions, per year.
    seed : int

    Returns
    -------
    dict
        By arrangement: `horizon_years` of the gates, `first_mining_by` (a curve over the years), `by`
        and `probability` on
        `mining_by`, `pools` (the same by each rule), `ever`, `at_most` (what `ever` could be if all
        gates hung together: no more than the least likely of them, the upper bound of Frechet),
        `lasting`, `start`, `gates` (what each does), `changes` and `start_value`.
    """
    arrangements = list(runs)
    correlations = pairs_of(pool.correlations)

    def passages(method: Method | None) -> dict[str, Passage]:
        return draw_passages(
            pool_gates(gates, pool, method=method),
            arrangements,
            as_of=pool.as_of,
            horizon_years=pool.horizon_years,
            correlations=correlations,
            draws=pool.draws,
            seed=seed,
        )

    own = passages(None)
    others = {method: passages(method) for method in METHODS if method != pool.method}
    found: dict[str, dict[str, Any]] = {}
    for name in arrangements:
        months = np.nan_to_num(runs[name].first_mining_months, nan=np.inf)
        passage = own[name]
        granted = gate_probabilities(passage)
        probability = first_mining_by(passage, mining_by, months)
        by_rule = {pool.method: probability}
        for method, drawn in others.items():
            by_rule[method] = first_mining_by(drawn[name], mining_by, months)
        found[name] = {
            "by": mining_by.isoformat(),
            "horizon_years": pool.horizon_years,
            "mines": bool(np.isfinite(months).any()),
            "probability": plain.of_estimate(probability),
            "pools": {method: plain.of_estimate(by_rule[method]) for method in METHODS},
            "method": pool.method,
            "first_mining_by": [
                {
                    "on": day.isoformat(),
                    "mining": plain.of_estimate(first_mining_by(passage, day, months)),
                    "start": plain.of_estimate(probability_by(passage, day)),
                }
                for day in _days(pool)
            ],
            "ever": plain.of_estimate(probability_of_ever(passage)),
            "lasting": [
                {"years": years, **plain.of_estimate(probability_of_lasting(passage, years))}
                for years in LASTING_YEARS
                if years <= pool.horizon_years
            ],
            "start": {
                f"p{round(share * 100):02d}": None if day is None else day.isoformat()
                for share, day in zip(
                    SHARES, start_quantiles(passage, SHARES, if_it_starts=True), strict=True
                )
            },
            "gates": [plain.of_binding(one) for one in binding_gates(passage, mining_by, months)],
            "granted": {gate: plain.of_estimate(one) for gate, one in granted.items()},
            "at_most": min(one.value for one in granted.values()),
            "changes": _changes(passage, mining_by, months),
            "start_value": _start_value(passage, values[name], scenario_start, rate),
        }
    return found


def _days(pool: GatesPool) -> list[date]:
    """The last day of each year of the horizon."""
    last = pool.as_of.year + int(pool.horizon_years)
    return [date(year, 12, 31) for year in range(pool.as_of.year, last, EVERY_YEARS)]


def _changes(passage: Passage, by: date, months: Floats) -> dict[str, Any]:
    found = smallest_changes(passage, by, months, target=TARGET)
    return {
        "target": found.target,
        "needed": found.needed,
        "single": plain.of_change(found.single),
        "pair": plain.of_change(found.pair),
        "best_single": None
        if found.best_single is None
        else {
            "gates": list(found.best_single.gates),
            "probability": found.best_single.probability,
        },
        "best_pair": None
        if found.best_pair is None
        else {"gates": list(found.best_pair.gates), "probability": found.best_pair.probability},
    }


def _start_value(
    passage: Passage, values: Mapping[float, float], scenario_start: date, rate: float
) -> dict[str, Any]:
    found = start_value(passage, values, scenario_start=scenario_start, rate_per_year=rate)
    return {
        "by_delay": [{"years": years, "usd": usd} for years, usd in values.items()],
        "taken": plain.of_estimate(found.taken),
        "may_decline": plain.of_estimate(found.may_decline),
        "may_wait": plain.of_estimate(found.may_wait),
        "wait_years": found.wait_years,
        "declined": found.declined,
        "if_at_once": found.if_at_once,
    }
