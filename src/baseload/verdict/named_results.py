"""The names and functions by which expressions ask for what a study found and what it was told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.claims.judge import Known
from baseload.clock import Horizon
from baseload.distributions import Distribution
from baseload.engine.outputs import METRICS, SERIES
from baseload.expression.functions import STANDARD
from baseload.expression.kinds import Function, Kind
from baseload.expression.values import Truths, Value
from baseload.scenario.address import render_address
from baseload.scenario.allowed import keys_of
from baseload.scenario.locate import KeyPath
from baseload.scenario.read import parse_toml, validate
from baseload.scenario.schema import ScenarioDocument
from baseload.sources import read_packaged
from baseload.verdict.machine_functions import machine_functions
from baseload.verdict.series_functions import SERIES_UNITS, MonthlySeries, series_functions

if TYPE_CHECKING:
    from baseload.study import Study

Floats = npt.NDArray[np.float64]


class NamedValue(NamedTuple):
    """A name of expressions that is no metric.

    Attributes
    ----------
    name : str
    kind : Kind
    unit : str
        Symbol, empty for a plain number.
    words : str
    """

    name: str
    kind: Kind
    unit: str
    words: str


NAMED: Final = (
    NamedValue("start", "date", "", "first day of the study"),
    NamedValue("end", "date", "", "first day after it"),
    NamedValue("years", "number", "years", "length of the study"),
    NamedValue("phase", "text", "", "war, ceasefire or peace, at the start"),
    NamedValue("plant.technology", "text", "", "nuclear, geothermal, hydro and so on"),
    NamedValue("plant.units", "number", "", "units, those that never run included"),
    NamedValue("plant.gross_mw", "number", "MW", "their ratings at the generator, added up"),
    NamedValue("plant.net_mw", "number", "MW", "the same after running house load"),
    NamedValue(
        "plant.running_mw_at_start", "number", "MW", "net power of units that run at the start"
    ),
    NamedValue("fleet.mine_mw", "number", "MW", "power of all halls at the meter"),
    NamedValue(
        "capacity_factor", "number", "share", "energy produced over net power for the whole study"
    ),
    NamedValue(
        "carbon_g_per_kwh", "number", "g/kWh", "life-cycle emissions of the plant's technology"
    ),
    NamedValue(
        "tco2_per_bitcoin",
        "number",
        "t/BTC",
        "CO2 of the mine's energy, as the plant's, over bitcoin mined",
    ),
    NamedValue(
        "first_mining_years",
        "number",
        "years",
        "from the start to the first month in which half of the paths mine",
    ),
    NamedValue(
        "security.probability_above_a_tenth",
        "number",
        "share",
        "paths whose share of the network is ever above 10 %",
    ),
    NamedValue("security.probability_above_a_third", "number", "share", "the same for a third"),
    NamedValue("security.probability_above_a_half", "number", "share", "the same for a half"),
    NamedValue("security.share", "number", "share", "largest share of the path in the middle"),
    NamedValue(
        "security.double_spend", "number", "share", "undoing six confirmations with that share"
    ),
    NamedValue("security.majority", "truth", "", "whether that share is a majority"),
    NamedValue(
        "security.majority_missing",
        "number",
        "share",
        "of the network, that must join for a majority",
    ),
    NamedValue(
        "security.censorship_wait_minutes",
        "number",
        "minutes",
        "mean wait of a payment that it leaves out",
    ),
    NamedValue(
        "security.loss_days_to_retarget", "number", "days", "to the next retarget if it vanishes"
    ),
    NamedValue(
        "security.share_with_largest", "number", "share", "that share and the largest of today's"
    ),
    NamedValue("security.majority_with_largest", "truth", "", "whether the two are a majority"),
)
"""Names besides the metrics."""

LATER: Final = MappingProxyType({"probability_of_mining_by": "gates"})
"""Names that a later part of the program will know, and what that part is called."""

LATER_FUNCTIONS: Final = MappingProxyType(
    {
        "probability_of_mining_by": Function(
            ("date",), "number", None, "probability that mining has begun by a day", unit="share"
        )
    }
)

MOVABLE: Final = ("carbon_g_per_kwh",)
"""Names that a word of the same name replaces."""

# Of the cases of `security_of_study`: the median path alone, and with the largest of today.
_MEDIAN_CASE, _WITH_LARGEST = 0, 3
_OF_MEDIAN_CASE: Final = (
    "share",
    "double_spend",
    "majority",
    "majority_missing",
    "censorship_wait_minutes",
    "loss_days_to_retarget",
)
_OF_CLAIMS: Final = ("claims", "words")
_G_PER_KG = 1_000.0


@cache
def carbon_g_per_kwh() -> Mapping[str, float]:
    """Life-cycle emissions by technology, medians. [g/kWh]

    References
    ----------
    .. [1] IPCC, Climate Change 2014: Mitigation of Climate Change (AR5, working group III), annex III,
       table A.III.2.

    Examples
    --------
    >>> carbon_g_per_kwh()["nuclear"]
    12.0
    """
    rows = read_packaged(
        "baseload.verdict", "carbon_intensity.csv", ("technology", "carbon_g_per_kwh")
    )
    return MappingProxyType(
        {row.text("technology"): row.number("carbon_g_per_kwh") for row in rows}
    )


def known_kinds() -> dict[str, Kind]:
    """Every name that a study has, and the kind of its value; nothing needs to have run."""
    kinds: dict[str, Kind] = {metric.name: "number" for metric in METRICS}
    return kinds | {one.name: one.kind for one in NAMED}


def known_functions() -> dict[str, Function]:
    """The signatures of every function, those of later parts included."""
    return {**LATER_FUNCTIONS, **STANDARD, **series_functions(None), **machine_functions()}


def named_results(
    study: Study,
    more: Mapping[str, Value] | None = None,
    more_functions: Mapping[str, Function] | None = None,
    moved: Mapping[str, float | date] | None = None,
) -> Known:
    """What expressions may ask of a study.

    Parameters
    ----------
    study : Study
        As run, or from `baseload.open_study`.
    more : mapping of str to Value, optional
        Further names, which parts above add.
    more_functions : mapping of str to Function, optional
        Further functions; one of `LATER` is there from then on.
    moved : mapping of str to float or date, optional
        Words, of which those in `MOVABLE` replace a value.

    Returns
    -------
    Known
        Metrics as arrays (P,), NaN where a path has no value; everything in `NAMED`; functions.

    Raises
    ------
    InputError
        For a study whose scenario this version cannot read.
    """
    model, document = scenario_of(study)
    horizon = Horizon(study.start, study.years)
    values: dict[str, Value] = {metric.name: _metric(study, metric.name) for metric in METRICS}
    values |= _of_scenario(study, model, document, horizon)
    series = _monthly(study, horizon)
    values["first_mining_years"] = series.first_month_above_zero("p50", "mine_mw")
    carbon = (moved or {}).get("carbon_g_per_kwh", carbon_g_per_kwh()[model.plant.technology])
    values["carbon_g_per_kwh"] = carbon
    values |= _of_energy(values, horizon, carbon if isinstance(carbon, float) else math.nan)
    values |= _of_security(study.security)
    functions = {**STANDARD, **series_functions(series), **machine_functions()}
    units = {**SERIES_UNITS, **{metric.name: metric.unit for metric in METRICS}}
    return Known(
        {**values, **(more or {})},
        {**functions, **(more_functions or {})},
        units | {one.name: one.unit for one in NAMED},
        LATER,
        LATER_FUNCTIONS,
        {name: value for name, value in (moved or {}).items() if name in MOVABLE},
    )


def scenario_of(study: Study) -> tuple[ScenarioDocument, dict[str, Any]]:
    """The scenario that a study was run with, and its plain values, neither to be changed."""
    return _read_again(study.scenario_text)


@lru_cache(maxsize=2)
def _read_again(text: str) -> tuple[ScenarioDocument, dict[str, Any]]:
    # Several parts of a page ask for it.
    document = parse_toml(text, "scenario.toml")
    built = keys_of(ScenarioDocument)
    # Claims and words are read by their own part, whether or not the scenario knows them.
    told = {key: value for key, value in document.items() if key in built or key not in _OF_CLAIMS}
    return validate(ScenarioDocument, told, file="scenario.toml"), document


def _metric(study: Study, name: str) -> Floats:
    if name not in study.metrics.columns:  # of a study by an earlier version
        return np.full(study.metrics.height, np.nan)
    return np.asarray(study.metrics[name].cast(float).to_numpy(), np.float64)


def _of_scenario(
    study: Study, model: ScenarioDocument, document: dict[str, Any], horizon: Horizon
) -> dict[str, Value]:
    units = model.plant.units
    running = [i for i, unit in enumerate(units) if unit.enabled and unit.state == "running"]
    halls = [i for i, batch in enumerate(model.fleet) if batch.enabled]

    def added(list_path: KeyPath, key: str, items: list[Any], places: list[int]) -> float | Floats:
        total: float | Floats = 0.0
        for i in places:
            given: Distribution = getattr(items[i], key)
            total = total + _drawn(study, document, (*list_path, i, key), given)
        return total

    every = list(range(len(units)))
    path: KeyPath = ("plant", "units")
    return {
        "start": study.start,
        "end": horizon.end,
        "years": float(study.years),
        "phase": model.phase,
        "plant.technology": model.plant.technology,
        "plant.units": float(len(units)),
        "plant.gross_mw": added(path, "gross_mw", units, every),
        "plant.net_mw": added(path, "net_mw", units, every),
        "plant.running_mw_at_start": added(path, "net_mw", units, running),
        "fleet.mine_mw": added(("fleet",), "mine_mw", model.fleet, halls),
    }


def _drawn(
    study: Study, document: dict[str, Any], path: KeyPath, given: Distribution
) -> float | Floats:
    return drawn(study, render_address(path, document), given)


def drawn(study: Study, address: str, given: Distribution) -> float | Floats:
    """A number of the scenario, or what each path drew for it; nan where the study does not say."""
    if given.is_fixed:
        return given.support()[0]
    if address not in study.inputs.columns:
        return math.nan
    return np.asarray(study.inputs[address].cast(float).to_numpy(), np.float64)


def _of_energy(values: Mapping[str, Value], horizon: Horizon, carbon: float) -> dict[str, Value]:
    produced, mined = (np.asarray(values[name]) for name in ("produced_mwh", "bitcoin_mined"))
    net_mw = np.asarray(values["plant.net_mw"], np.float64)
    hours = horizon.hours
    with np.errstate(all="ignore"):
        # g/kWh is kg/MWh; a thousand kg are a tonne.
        tonnes = np.asarray(values["mine_mwh"]) * carbon / _G_PER_KG
        return {
            "capacity_factor": produced / (net_mw * hours),
            "tco2_per_bitcoin": np.where(mined > 0.0, tonnes / mined, np.nan),
        }


def _monthly(study: Study, horizon: Horizon) -> MonthlySeries:
    frame = study.series
    places: dict[str, list[int]] = {name: [] for name, _ in SERIES}
    for place, name in enumerate(frame["name"].to_list()):
        places.setdefault(name, []).append(place)
    columns: dict[str, dict[str, Floats]] = {}
    for column in ("mean", "p05", "p50", "p95"):
        values = np.asarray(frame[column].cast(float).to_numpy(), np.float64)
        columns[column] = {
            # Of a study by an earlier version a series may be missing.
            name: values[at] if len(at) == horizon.months else np.full(horizon.months, np.nan)
            for name, at in places.items()
        }
    return MonthlySeries(horizon, columns)


def _of_security(found: dict[str, Any] | None) -> dict[str, Value]:
    """Facts of the network's security; undefined where nothing is mined."""
    undefined = np.asarray(False)
    values: dict[str, Value] = {
        one.name: Truths(undefined, undefined) if one.kind == "truth" else math.nan
        for one in NAMED
        if one.name.startswith("security.")
    }
    if found is None:
        return values
    for crossing in found["thresholds"]:
        key = f"security.probability_above_{crossing['threshold'].replace(' ', '_')}"
        values[key] = crossing["probability"]
    median, largest = (found["cases"][case] for case in (_MEDIAN_CASE, _WITH_LARGEST))
    for key in _OF_MEDIAN_CASE:
        values[f"security.{key}"] = median[key]
    values["security.share_with_largest"] = largest["share"]
    values["security.majority_with_largest"] = largest["majority"]
    return values
