"""How likely each arrangement is, when mining would begin, what binds, and what a start then is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.agreement.simulated import Simulated
from baseload.gates.binding import Binding, binding_gates
from baseload.gates.changes import Change, smallest_changes
from baseload.gates.check import pairs_of
from baseload.gates.outcomes import (
    Estimate,
    first_mining_by,
    gate_probabilities,
    probability_by,
    probability_of_ever,
    probability_of_lasting,
    start_quantiles,
)
from baseload.gates.pool import METHODS, Method, pool_gates
from baseload.gates.schema import Gate, GatesPool
from baseload.gates.simulate import Passage, simulate_all
from baseload.gates.start_value import start_value

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
        return simulate_all(
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
            "probability": _estimate(probability),
            "pools": {method: _estimate(by_rule[method]) for method in METHODS},
            "method": pool.method,
            "first_mining_by": [
                {
                    "on": day.isoformat(),
                    "mining": _estimate(first_mining_by(passage, day, months)),
                    "start": _estimate(probability_by(passage, day)),
                }
                for day in _days(pool)
            ],
            "ever": _estimate(probability_of_ever(passage)),
            "lasting": [
                {"years": years, **_estimate(probability_of_lasting(passage, years))}
                for years in LASTING_YEARS
                if years <= pool.horizon_years
            ],
            "start": {
                f"p{round(share * 100):02d}": None if day is None else day.isoformat()
                for share, day in zip(
                    SHARES, start_quantiles(passage, SHARES, if_it_starts=True), strict=True
                )
            },
            "gates": [_binding(one) for one in binding_gates(passage, mining_by, months)],
            "granted": {gate: _estimate(one) for gate, one in granted.items()},
            "at_most": min(one.value for one in granted.values()),
            "changes": _changes(passage, mining_by, months),
            "start_value": _start_value(passage, values[name], scenario_start, rate),
        }
    return found


def _days(pool: GatesPool) -> list[date]:
    """The last day of each year of the horizon."""
    last = pool.as_of.year + int(pool.horizon_years)
    return [date(year, 12, 31) for year in range(pool.as_of.year, last, EVERY_YEARS)]


def _estimate(one: Estimate) -> dict[str, float]:
    return {"value": one.value, "standard_error": one.standard_error}


def _binding(one: Binding) -> dict[str, Any]:
    return {
        "gate": one.gate,
        "state": one.state,
        "probability": one.probability,
        "granted": one.granted.value,
        "last": one.last,
        "months_on_path": one.months_on_path,
        "if_certain": one.if_certain,
        "if_odds_doubled": one.if_odds_doubled,
        "if_months_halved": one.if_months_halved,
        "shift_if_known": one.shift_if_known,
        "shift_if_date_known": one.shift_if_date_known,
    }


def _changes(passage: Passage, by: date, months: Floats) -> dict[str, Any]:
    found = smallest_changes(passage, by, months, target=TARGET)
    return {
        "target": found.target,
        "needed": found.needed,
        "single": _change(found.single),
        "pair": _change(found.pair),
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


def _change(change: Change | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "lever": change.lever,
        "size": change.size,
        "reaches": change.reaches,
        "lifts": [
            {
                "gate": lift.gate,
                "probability": lift.probability,
                "probability_to": lift.probability_to,
                "months_factor": lift.months_factor,
            }
            for lift in change.lifts
        ],
    }


def _start_value(
    passage: Passage, values: Mapping[float, float], scenario_start: date, rate: float
) -> dict[str, Any]:
    found = start_value(passage, values, scenario_start=scenario_start, rate_per_year=rate)
    return {
        "by_delay": [{"years": years, "usd": usd} for years, usd in values.items()],
        "taken": _estimate(found.taken),
        "may_decline": _estimate(found.may_decline),
        "may_wait": _estimate(found.may_wait),
        "wait_years": found.wait_years,
        "declined": found.declined,
        "if_at_once": found.if_at_once,
    }
