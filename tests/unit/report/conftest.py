"""A made-up study with every part that a report reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from baseload.security.in_study import security_of_study

PATHS, YEARS = 500, 20
RATE, REPRESENTATIVE = 0.08, 211
START = date(2027, 1, 1)
QUANTILES = {"p05": -1.645, "p25": -0.674, "p50": 0.0, "p75": 0.674, "p95": 1.645}


@dataclass(frozen=True)
class FakeStudy:
    title: str
    summary_text: str
    conditional_on: str
    warnings: tuple[str, ...]
    scenario_text: str
    sources: dict[str, str]
    seed: int
    paths: int
    years: int
    version: str
    scenario_sha256: str
    start: date
    summary: dict[str, dict[str, Any]]
    probability_of_gain: dict[str, float]
    flip: dict[str, Any] | None
    metrics: pl.DataFrame
    series: pl.DataFrame
    dispatch: pl.DataFrame
    representative_path: int
    inputs: pl.DataFrame
    milestones: pl.DataFrame | None
    ledger: pl.DataFrame
    security: dict[str, Any] | None


def _metrics() -> tuple[pl.DataFrame, dict[str, str]]:
    rng = np.random.default_rng(5)

    def around(median: float, spread: float) -> np.ndarray:
        return median * np.exp(spread * rng.normal(size=PATHS))

    idle = -around(4.2e9, 0.15)
    grid_only = idle + 6e9 * rng.normal(1.0, 0.6, PATHS)
    mining = 2e9 * (np.exp(1.1 * rng.normal(size=PATHS)) - 1.3)
    price = around(6e4, 0.7)
    columns: dict[str, tuple[str, np.ndarray]] = {
        "generation_mwh": ("MWh", around(5.2e8, 0.2)),
        "import_mwh": ("MWh", around(1.3e6, 0.3)),
        "firm_demand_mwh": ("MWh", around(6.4e7, 0.05)),
        "firm_served_mwh": ("MWh", around(6.3e7, 0.05)),
        "firm_served_by_plant_mwh": ("MWh", around(6.2e7, 0.05)),
        "unserved_firm_mwh": ("MWh", around(2.1e4, 1.0)),
        "unserved_firm_mwh_grid_only": ("MWh", around(2.1e4, 1.0)),
        "unserved_firm_mwh_idle": ("MWh", around(4.1e7, 0.1)),
        "mine_mwh": ("MWh", around(1.5e8, 0.3)),
        "export_mwh": ("MWh", around(2.6e8, 0.3)),
        "curtailed_mwh": ("MWh", around(4e7, 0.6)),
        "produced_mwh": ("MWh", around(4.8e8, 0.2)),
        "machines_peak": ("machines", np.floor(around(2.6e5, 0.05))),
        "hash_rate_peak_eh_per_s": ("EH/s", around(130, 0.1)),
        "network_share_peak": ("share", np.clip(around(0.085, 0.35), 0, 1)),
        "network_share_mean": ("share", np.clip(around(0.051, 0.35), 0, 1)),
        "displacement": ("", around(0.8, 0.1)),
        "bitcoin_mined": ("BTC", around(6.1e4, 0.3)),
        "cost_per_bitcoin_usd": ("USD", np.where(price < 2e4, np.nan, price * 0.8)),
        "cash_cost_per_bitcoin_usd": ("USD", price * 0.5),
        "revenue_per_bitcoin_usd": ("USD", price),
        "npv_usd": ("USD", grid_only + mining),
        "npv_idle_usd": ("USD", idle),
        "npv_grid_only_usd": ("USD", grid_only),
        "npv_gain_over_idle_usd": ("USD", grid_only + mining - idle),
        "npv_gain_over_grid_only_usd": ("USD", mining),
        "value_of_restarting_usd": ("USD", grid_only - idle),
        "treasury_gain_usd": ("USD", around(1e8, 1)),
        "irr": ("share", np.where(mining > -1e9, 0.1 + mining / 3e10, np.nan)),
        "payback_years": ("years", np.where(mining > 0, around(8, 0.2), np.nan)),
        "safety_fund_usd": ("USD", around(9e8, 0.4)),
        "years_of_safety_funded": ("years", around(7.3, 0.4)),
        "reactor_years_at_power": ("", around(71, 0.2)),
        "offsite_power_losses_at_power": ("", rng.poisson(6.1, PATHS).astype(float)),
        "offsite_power_losses_in_shutdown": ("", rng.poisson(4.2, PATHS).astype(float)),
        "decay_heat_peak_mw_at_loss": ("MW", around(198, 0.05)),
        "station_blackout_probability": ("probability", around(0.004, 0.9)),
        "diesel_hours": ("hours", around(190, 0.8)),
    }
    frame = pl.DataFrame({name: values for name, (_, values) in columns.items()})
    return frame.fill_nan(None), {name: unit for name, (unit, _) in columns.items()}


def _summary(metrics: pl.DataFrame, units: dict[str, str]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for name in metrics.columns:
        values = metrics[name].drop_nulls().to_numpy()
        table[name] = {
            "unit": units[name],
            "mean": float(values.mean()),
            "mean_se": float(values.std() / np.sqrt(values.size)),
            "std": float(values.std()),
            "share_defined": values.size / PATHS,
        } | {q: float(np.quantile(values, int(q[1:]) / 100)) for q in QUANTILES}
    table["payback_years"]["p95"] = None
    return table


def _series() -> pl.DataFrame:
    months = YEARS * 12
    t = np.arange(months) / 12
    rise = np.clip((t - 2) / 6, 0, 1)
    season = np.cos(2 * np.pi * t)
    available = 5200 * rise + 40 * np.sin(30 * t) * rise
    firm = np.minimum(available, 420 + 60 * season)
    mine = np.clip(available - firm, 0, 1400) * np.clip(t - 2, 0, 1)
    export = np.clip(available - firm - mine, 0, 2600 + 200 * season)
    network = 900 * np.exp(0.13 * t)
    hash_rate = mine / 1400 * 90 * (1 + 0.05 * t)
    hashprice = 48 * np.exp(-0.06 * t)
    net = (mine * 40 + export * 45 - 1500 * 60) * 730
    rows: dict[str, tuple[str, np.ndarray, np.ndarray | float]] = {
        "available_mw": ("MW", available, 250),
        "firm_served_by_plant_mw": ("MW", firm, 20),
        "mine_mw": ("MW", mine, 100),
        "export_mw": ("MW", export, 150),
        "curtailed_mw": ("MW", available - firm - mine - export, 90),
        "import_mw": ("MW", 420 + 60 * season - firm, 10),
        "unserved_firm_mw": ("MW", 20 * (1 - rise), 4),
        "units_at_power": ("", np.floor(rise * 6), 0.6),
        "mine_hash_rate_eh_per_s": ("EH/s", hash_rate, 0.1 * hash_rate),
        "network_share": ("share", hash_rate / network, 0.25 * hash_rate / network),
        "network_share_peak": (
            "share",
            1.1 * hash_rate / network,
            0.25 * hash_rate / network,
        ),
        "network_hash_rate_eh_per_s": ("EH/s", network, 0.02 * network * (1 + t)),
        "network_hash_rate_without_eh_per_s": ("EH/s", network * 0.97, 0.02 * network * (1 + t)),
        "hashprice_usd_per_ph_per_day": ("USD/PH/day", hashprice, 0.2 * hashprice),
        "hashprice_without_usd_per_ph_per_day": ("USD/PH/day", hashprice * 1.03, 0.2 * hashprice),
        "difficulty": ("", network * 1.4e11, 0.02 * network * (1 + t) * 1.4e11),
        "power_price_usd_per_mwh": ("USD/MWh", 70 + 15 * season, 20),
        "machines": ("machines", hash_rate / 90 * 2.6e5, 5e3),
        "net_cash_usd": ("USD", net, 3e7 + 2e6 * t),
        "cumulative_cash_usd": ("USD", np.cumsum(net), 2e8 * np.sqrt(1 + 12 * t)),
        "net_cash_grid_only_usd": ("USD", net * 0.7, 3e7),
        "net_cash_idle_usd": ("USD", np.full(months, -2.2e7), 1e6),
        "safety_fund_usd": ("USD", np.cumsum(rise) * 4e6, 1e6),
    }
    dates = [date(2027 + m // 12, m % 12 + 1, 1) for m in range(months)]
    parts = []
    for name, (unit, middle, spread) in rows.items():
        floor = -np.inf if "cash" in name else 0.0
        data: dict[str, Any] = {
            "name": [name] * months,
            "unit": [unit] * months,
            "month": list(range(months)),
            "date": dates,
            "mean": middle,
        }
        data |= {q: np.maximum(middle + z * spread / 1.645, floor) for q, z in QUANTILES.items()}
        parts.append(pl.DataFrame(data))
    price = 6e4 * np.exp(0.05 * t)
    data = {
        "name": ["bitcoin_price_usd"] * months,
        "unit": ["USD"] * months,
        "month": list(range(months)),
        "date": dates,
        "mean": price * np.exp(0.06 * t),
    }
    data |= {q: price * np.exp(z * 0.5 * np.sqrt(t)) for q, z in QUANTILES.items()}
    return pl.concat([*parts, pl.DataFrame(data)]).with_columns(pl.col("date").cast(pl.Date))


def _dispatch() -> pl.DataFrame:
    hours = int((date(2027 + YEARS, 1, 1) - START).days * 24)
    h = np.arange(hours)
    rng = np.random.default_rng(9)
    units = np.clip((h / 8766 - 2) * 1.5, 0, 6).astype(int)
    units = np.where(np.repeat(rng.random(hours // 240 + 1), 240)[:hours] < 0.2, units - 1, units)
    units = np.clip(units, 0, 6)
    available = units * 950_000
    day = np.sin(2 * np.pi * (h % 24 - 9) / 24)
    firm = (460_000 + 120_000 * day).astype(int)
    price = 70 + 30 * day + 15 * np.cos(2 * np.pi * h / 8766) + 8 * rng.normal(size=hours)
    value = np.repeat(75 + 10 * rng.normal(size=hours // 24 + 1), 24)[:hours]
    served = np.minimum(firm, available)
    rest = available - served
    mine = np.where(value >= price, np.minimum(rest, 1_400_000), 0)
    export = np.minimum(rest - mine, 4_400_000)
    mine = np.where(value < price, np.minimum(rest - export, 1_400_000), mine)
    imported = np.minimum(firm - served, 300_000)
    start = datetime(2027, 1, 1)
    return pl.DataFrame(
        {
            "time": pl.datetime_range(
                start, start + timedelta(hours=hours - 1), "1h", time_zone="UTC", eager=True
            ),
            "available_kw": available,
            "firm_demand_kw": firm,
            "firm_served_kw": served + imported,
            "firm_served_by_plant_kw": served,
            "mine_kw": mine,
            "export_kw": export,
            "curtailed_kw": rest - mine - export,
            "import_kw": imported,
            "unserved_kw": firm - served - imported,
            "price_usd_per_mwh": price,
            "mine_value_usd_per_mwh": value,
            "units_at_power": units,
        }
    )


SCENARIO = """title = "A plant & a mine <with a bracket>"
start = 2027-01-01
years = 20

[plant]
site_limit_mw = 5700  # lines and licence together

[sources]
"plant.site_limit_mw" = "Operator's yearbook, table 3, read 2026-05-04"
"network.price_usd" = "assumed: the day's price, rounded"
"""


def _inputs(metrics: pl.DataFrame) -> pl.DataFrame:
    """Two inputs that the made-up values hang on, and twenty that do nothing."""
    rng = np.random.default_rng(11)
    mining = metrics["npv_gain_over_grid_only_usd"].to_numpy()
    restarting = metrics["value_of_restarting_usd"].to_numpy()
    idle = {f"fleet[hall {k}].opex_usd_per_kw_year": 60 + 80 * rng.random(PATHS) for k in range(19)}
    return pl.DataFrame(
        {
            "path": np.arange(PATHS),
            "network.price_usd.geometric-brownian.median_growth_per_year": 0.05
            + 0.03 * rng.normal(size=PATHS)
            + 0.02 * np.sign(mining) * np.log1p(np.abs(mining) / 1e9),
            "grid.price.level_usd_per_mwh": 70 + restarting / 1e9 + 4 * rng.normal(size=PATHS),
            "finance.discount_rate": np.full(PATHS, RATE),
            **idle,
        }
    )


def _ledger(metrics: pl.DataFrame) -> pl.DataFrame:
    """One path month by month whose lines come to its net present value at `RATE`."""
    months = YEARS * 12
    factor = (1 + RATE) ** (-(np.arange(months) + 1) / 12)
    lines = {
        "export_revenue": 6e9,
        "mining_revenue": 3e9,
        "fuel": -1e9,
        "variable_om": -1e6,
        "tax": 0,
    }
    wanted = metrics["npv_usd"][REPRESENTATIVE] - sum(lines.values())
    parts = [
        pl.DataFrame(
            {
                "variant": [variant] * months,
                "month": np.arange(months, dtype=np.int32),
                "line": [line] * months,
                "cents": np.rint(np.full(months, 100 * value / factor.sum())).astype(np.int64),
            }
        )
        for variant in ("run", "grid_only", "idle")
        for line, value in {**lines, "works": wanted}.items()
    ]
    return pl.concat(parts)


def _security() -> dict[str, Any] | None:
    shares = np.linspace(0.0, 0.3, PATHS)
    months = np.full((3, PATHS), -1, np.int32)
    months[0, PATHS // 3 :] = 60
    dates = [date(2027 + m // 12, m % 12 + 1, 1) for m in range(12 * YEARS)]
    return security_of_study(shares, np.full(PATHS, 0.4), months, dates, "auto")


@pytest.fixture(scope="session")
def study() -> FakeStudy:
    metrics, units = _metrics()
    return FakeStudy(
        title="A plant & a mine <with a bracket>",
        summary_text="Six shut-down reactors restart one by one; residents first, a mine the rest.",
        conditional_on="an agreement in force on 2027-01-01; assumes 20 years without relapse.",
        warnings=("Mean growth of the price exceeds the discount rate.", "One <odd> thing."),
        scenario_text=SCENARIO,
        sources={
            "plant.site_limit_mw": "Operator's yearbook, table 3, read 2026-05-04",
            "network.price_usd": "assumed: the day's price, rounded",
        },
        seed=7,
        paths=PATHS,
        years=YEARS,
        version="0.1.0",
        scenario_sha256="0123456789abcdef" * 4,
        start=START,
        summary=_summary(metrics, units),
        probability_of_gain={"restarting": 0.952, "mining": 0.41, "over_idle": 0.93},
        flip={
            "paths": 250,
            "value_of_mining_p50_usd": -1.1e9,
            "probability_of_gain": 0.12,
            "value_of_mining_p50_usd_without_price_growth": -1.31e9,
            "probability_of_gain_without_price_growth": 0.18,
            "flips": False,
        },
        metrics=metrics,
        series=_series(),
        dispatch=_dispatch(),
        representative_path=REPRESENTATIVE,
        inputs=_inputs(metrics),
        milestones=None,
        ledger=_ledger(metrics),
        security=_security(),
    )
