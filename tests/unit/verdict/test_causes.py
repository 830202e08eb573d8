"""What drives a study and what would have to change, on paths made so that the answer is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from baseload.inputs_in_words import input_words
from baseload.verdict.causes import what_drives_it, what_would_have_to_change, within_quantiles

PATHS = 600
GROWTH = "network.price_usd.geometric-brownian.median_growth_per_year"
PRICE = "grid.price.level_usd_per_mwh"


@pytest.fixture
def study() -> Any:
    """Mining hangs on the coin's growth, restarting on the price; half gain from 100,000 USD a bitcoin on."""
    random = np.random.default_rng(7)
    growth, price, idle = random.uniform(size=(3, PATHS))
    revenue = np.exp(random.uniform(np.log(1e4), np.log(1e6), PATHS))
    chance = 1.0 / (1.0 + (100_000.0 / revenue) ** 4)
    mining = np.where(random.uniform(size=PATHS) < chance, 1.0, -1.0) + 0.3 * growth
    return SimpleNamespace(
        inputs=pl.DataFrame({"path": np.arange(PATHS), GROWTH: growth, PRICE: price, "x": idle}),
        metrics=pl.DataFrame(
            {
                "value_of_restarting_usd": 5e9 * price,
                "npv_gain_over_grid_only_usd": mining,
                "revenue_per_bitcoin_usd": revenue,
                "cost_per_bitcoin_usd": np.full(PATHS, 90_000.0),
            }
        ),
    )


def test_the_input_that_moves_each_worth_is_named_and_which_way(study: Any) -> None:
    text = what_drives_it(study, "restarting")
    assert "the value of restarting moves most with power price: level (more is better)" in text
    assert "the value of mining moves most with price of the coin: median growth" in text
    assert what_drives_it(SimpleNamespace(), "restarting") == ""


def test_the_revenue_at_which_half_gain_is_near_where_it_was_put(study: Any) -> None:
    text = what_would_have_to_change(study)
    at = float(text.split("brings about ")[1].split(" USD")[0].replace(",", ""))
    assert 85_000 < at < 125_000
    assert "costs 90,000 USD" in text


def test_where_nobody_or_everybody_gains_nothing_is_made_up(study: Any) -> None:
    for gain in (-1.0, 1.0):
        study.metrics = study.metrics.with_columns(
            pl.lit(gain).alias("npv_gain_over_grid_only_usd")
        )
        assert what_would_have_to_change(study) == ""
    study.metrics = study.metrics.head(20)
    assert what_would_have_to_change(study) == ""


def test_one_path_in_a_thousand_carries_no_mean() -> None:
    values = np.zeros(1000)
    values[3] = 1e12
    assert within_quantiles(values).max() == 0.0
    with_gap = within_quantiles(np.array([np.nan, 1.0, 2.0]))
    assert np.isnan(with_gap[0]) and with_gap[1] >= 1.0


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("plant.units[ZNPP-1].forced.mean_hours_between", "ZNPP-1: forced mean hours between"),
        ("plant.diesels.fuel_hours", "plant, diesels: fuel hours"),
        ("plant.diesels.fuel_usd_per_hour", "plant, diesels: fuel"),
        ("plant.events[strike on the site].per_year.war", "strike on the site: per year war"),
        ("fleet[first hall].pue", "first hall: PUE"),
        ("demand[a.b].peak_mw", "a.b: peak"),
        ("x", "x"),
    ],
)
def test_addresses_are_said_in_words(address: str, words: str) -> None:
    assert input_words(address) == words
