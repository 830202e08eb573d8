"""What a study is by itself, in the few figures and words that set cases side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from baseload.emissions import Emissions, emissions_per_bitcoin
from baseload.engine.outputs import METRICS
from baseload.errors import InputError
from baseload.scenario.read import parse_toml, validate
from baseload.scenario.schema import ScenarioDocument
from baseload.summary import probability_above_zero, summarise

if TYPE_CHECKING:
    from baseload.study import Study

Floats = npt.NDArray[np.float64]

_METRICS: Final = {metric.name: metric for metric in METRICS}
_VALUE_OF_MINING: Final = "npv_gain_over_grid_only_usd"


@dataclass(frozen=True)
class Case:
    """One study, alone. Figures of paths are medians; what is not known is None.

    Attributes
    ----------
    name, start, years, money :
        As compared; first day in ISO 8601, length of the horizon, what a dollar is.
    technology : str or None
        Kind of plant.
    plant_mw, mine_mw : float or None
        Net power of all units in use, and power of all halls in use at the meter, as stated. [MW]
    network_share_peak : float or None
        Largest hourly share of the network, 0..1.
    bitcoin_mined : float or None
        [BTC]
    cost_per_bitcoin_usd, revenue_per_bitcoin_usd : float or None
        Discounted alike. [USD/BTC]
    emissions : Emissions or None
        Per bitcoin.
    value_of_mining_usd : float or None
        Against selling to the grid alone. [USD]
    probability_of_gain_by_mining : float or None
        Share of the paths on which that is above zero, 0..1.
    decides, pays, limits, source : str or None
        Who leads, in the words of the scenario.
    notes : tuple of str
        Why something is not known.
    """

    name: str
    start: str
    years: int
    money: str
    technology: str | None
    plant_mw: float | None
    mine_mw: float | None
    network_share_peak: float | None
    bitcoin_mined: float | None
    cost_per_bitcoin_usd: float | None
    revenue_per_bitcoin_usd: float | None
    emissions: Emissions | None
    value_of_mining_usd: float | None
    probability_of_gain_by_mining: float | None
    decides: str | None
    pays: str | None
    limits: str | None
    source: str | None
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values, unrounded, None for what is not known."""
        return {**asdict(self), "notes": list(self.notes)}


def case_of(name: str, study: Study) -> Case:
    """The figures and words of one study.

    Parameters
    ----------
    name : str
        What it is called in the comparison.
    study : Study
        Run or opened. Plant, mine and who leads are read from its scenario as it was run.

    Returns
    -------
    Case
        Without what the scenario's text does not tell, where this version cannot read it.
    """
    notes: list[str] = []
    model = _scenario_of(study, notes)
    led_by = getattr(model, "led_by", None)
    gains = _values(study, _VALUE_OF_MINING)
    return Case(
        name=name,
        start=str(study.facts["start"]),
        years=study.years,
        money=str(study.facts["money"]),
        technology=None if model is None else model.plant.technology,
        plant_mw=None if model is None else _plant_mw(model),
        mine_mw=None if model is None else _mine_mw(model),
        network_share_peak=_median(study, "network_share_peak"),
        bitcoin_mined=_median(study, "bitcoin_mined"),
        cost_per_bitcoin_usd=_median(study, "cost_per_bitcoin_usd"),
        revenue_per_bitcoin_usd=_median(study, "revenue_per_bitcoin_usd"),
        emissions=None if model is None else _emissions(study, model, notes),
        value_of_mining_usd=_median(study, _VALUE_OF_MINING),
        probability_of_gain_by_mining=None if gains is None else probability_above_zero(gains),
        decides=getattr(led_by, "decides", None),
        pays=getattr(led_by, "pays", None),
        limits=getattr(led_by, "limits", None),
        source=getattr(led_by, "source", None),
        notes=tuple(notes),
    )


def _scenario_of(study: Study, notes: list[str]) -> ScenarioDocument | None:
    """The scenario that was run; None where another version wrote it in its own words."""
    try:
        return validate(ScenarioDocument, parse_toml(study.scenario_text, "scenario.toml"))
    except InputError:
        notes.append("plant and mine are not told: its scenario is none that this version reads")
        return None


def _plant_mw(model: ScenarioDocument) -> float:
    return sum((unit.net_mw.quantile(0.5) for unit in model.plant.units if unit.enabled), 0.0)


def _mine_mw(model: ScenarioDocument) -> float:
    return sum((batch.mine_mw.quantile(0.5) for batch in model.fleet if batch.enabled), 0.0)


def _values(study: Study, metric: str) -> Floats | None:
    """A metric of all paths, nan where it has no value; None where the study lacks it."""
    import polars

    if metric not in study.metrics.columns:
        return None
    column = study.metrics[metric].cast(polars.Float64).fill_null(float("nan"))
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _median(study: Study, metric: str) -> float | None:
    values = _values(study, metric)
    if values is None:
        return None
    found: float | None = summarise(values, _METRICS[metric])["p50"]
    return found


def _emissions(study: Study, model: ScenarioDocument, notes: list[str]) -> Emissions | None:
    if model.grid.mine_may_import:
        notes.append("no emissions: the mine may import, and what the grid burns is not stated")
        return None
    energy, coins = _values(study, "mine_mwh"), _values(study, "bitcoin_mined")
    if energy is None or coins is None or not np.isfinite([energy, coins]).all():
        notes.append("no emissions: energy or bitcoin of the mine are not told")
        return None
    return emissions_per_bitcoin(model.plant.technology, energy, coins)
