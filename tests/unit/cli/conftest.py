"""A small scenario, a study of it that did not have to run, and commands called in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import baseload
from baseload.cli.main import main
from baseload.scenario.read import read_scenario, read_text
from baseload.scenario.schema import ScenarioDocument

SMALL = """\
# Kept in a copy.
title = "A small plant"  # as on its gate
start = 2027-01-01
years = 10

[plant]
name = "Small"
technology = "hydro"

[[plant.units]]
name = "one"
gross_mw = 105
net_mw = 100
state = "running"

[[demand]]
name = "town"
constant_mw = 20
tariff_usd_per_mwh = 50

[grid]
export_limit_mw = 60
[grid.price]
level_usd_per_mwh = { lognormal = { median = 50, p95 = 90 } }

[[fleet]]
model = "antminer-s21"
mine_mw = 40
order = 2027-01-01

[network.price_usd.geometric-brownian]
start = 60000
median_growth_per_year = 0.0
volatility_per_year = 0.5

[sources]
years = "assumed: long enough to see"
"""


@dataclass(frozen=True)
class FakeScenario:
    name: str
    file: Path
    text: str
    document: dict[str, Any]
    model: ScenarioDocument
    title: str = "A small plant"
    summary: str = ""
    sha256: str = "00"
    warnings: tuple[str, ...] = ("one is old",)


def load(path: str | Path, overrides: tuple[str, ...] = ()) -> FakeScenario:
    model, document = read_scenario(ScenarioDocument, path, overrides)
    return FakeScenario(Path(path).stem, Path(path), read_text(path), document, model)


def figures(unit: str, middle: float | None, spread: float = 0.1) -> dict[str, Any]:
    def at(share: float) -> float | None:
        return None if middle is None else middle * (1 + share * spread)

    columns = {"p05": at(-1), "p25": at(-0.5), "p50": at(0), "p75": at(0.5), "p95": at(1)}
    return {
        "unit": unit,
        "mean": middle,
        "mean_se": 0.0,
        "std": 0.0,
        "share_defined": 1.0,
        **columns,
    }


def made_up_summary() -> dict[str, dict[str, Any]]:
    return {
        "reactor_years_at_power": figures("years", 62.3),
        "offsite_power_losses_at_power": figures("events", 3.1),
        "offsite_power_losses_in_shutdown": figures("events", 4.2),
        "station_blackout_probability": figures("share", 0.041),
        "station_blackout_probability_idle": figures("share", 0.052),
        "unserved_firm_mwh": figures("MWh", 1.2e6),
        "unserved_firm_mwh_idle": figures("MWh", 4.1e7),
        "mine_mwh": figures("MWh", 1.5e8),
        "export_mwh": figures("MWh", 2.6e8),
        "curtailed_mwh": figures("MWh", 4e7),
        "machines_peak": figures("machines", 259_208),
        "hash_rate_peak_eh_per_s": figures("EH/s", 134.2),
        "network_share_peak": figures("share", 0.083),
        "displacement": figures("share", 0.83),
        "bitcoin_mined": figures("BTC", 61_000.0),
        "cost_per_bitcoin_usd": figures("USD/BTC", 71_234.0),
        "revenue_per_bitcoin_usd": figures("USD/BTC", 68_111.0),
        "years_of_safety_funded": figures("years", 7.3),
        "years_of_safety_funded_grid_only": figures("years", 21.0),
        "value_of_restarting_usd": figures("USD", -12_345_678_901.0),
        "npv_gain_over_grid_only_usd": figures("USD", 1_234_567_890.0),
    }


@dataclass(frozen=True)
class FakeStudy:
    title: str = "A small plant"
    conditional_on: str = "agreed on 2027-01-01; assumes 10 years without war"
    paths: int = 1000
    years: int = 10
    seed: int = 1
    summary: dict[str, dict[str, Any]] = field(default_factory=made_up_summary)
    probability_of_gain: dict[str, float] = field(
        default_factory=lambda: {"restarting": 0.34, "mining": 0.61, "over_idle": 0.4}
    )
    flip: dict[str, Any] | None = field(
        default_factory=lambda: {
            "flips": True,
            "paths": 250,
            "value_of_mining_p50_usd": -1.1e9,
            "probability_of_gain": 0.12,
            "value_of_mining_p50_usd_without_price_growth": -1.5e9,
            "probability_of_gain_without_price_growth": 0.21,
        }
    )
    security: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    timings: dict[str, Any] = field(
        default_factory=lambda: {
            "write_seconds": 123.4,
            "import_seconds": 0.75,
            "compile_seconds": 60.71,
            "engine_seconds": 2_345.6,
            "certificate_seconds": 10.71,
            "total_seconds": 2_417.0,
        }
    )

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "irr": float("nan"), "npv_usd": 0.1 + 0.2}


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def loaded(scenario_file: Path) -> FakeScenario:
    return load(scenario_file)


@pytest.fixture
def study() -> FakeStudy:
    return FakeStudy()


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Runs a command in this process; loading works, running gives the made-up study."""
    monkeypatch.setattr(baseload, "load", load, raising=False)
    monkeypatch.setattr(baseload, "run", lambda *_, **__: FakeStudy(), raising=False)

    def call(*arguments: str) -> Outcome:
        code = main(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
