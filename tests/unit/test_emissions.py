"""Emissions: every kind of plant has its factor, the arithmetic by hand, bad input told in a sentence."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pytest

from baseload.emissions import FACTORS, emissions_per_bitcoin, factor_of, tonnes_per_bitcoin
from baseload.errors import InputError
from baseload.plant.schema import Technology

NAN = math.nan


def test_every_kind_of_plant_has_a_factor_and_no_other_has() -> None:
    assert set(FACTORS) == set(get_args(Technology))
    for technology, factor in FACTORS.items():
        assert factor_of(technology) is factor


# Table A.III.2 of Annex III to the IPCC's report of 2014, working group III: minimum, median, maximum.
@pytest.mark.parametrize(
    ("technology", "printed"),
    [
        ("nuclear", (3.7, 12, 110)),
        ("hydro", (1.0, 24, 2200)),
        ("geothermal", (6.0, 38, 79)),
        ("wind", (7.0, 11, 56)),
        ("solar", (18, 48, 180)),
        ("gas", (410, 490, 650)),
        ("coal", (740, 820, 910)),
    ],
)
def test_a_factor_is_the_one_that_is_printed(
    technology: str, printed: tuple[float, float, float]
) -> None:
    factor = factor_of(technology)
    assert (factor.low, factor.median, factor.high) == printed


@pytest.mark.parametrize("technology", get_args(Technology))
def test_the_second_source_meets_the_range_of_the_first(technology: str) -> None:
    factor = factor_of(technology)
    assert factor.low <= factor.median <= factor.high
    assert (factor.second_low is None) == (factor.second_high is None)
    assert (factor.second_low is None) == (technology == "geothermal")
    if factor.second_low is not None and factor.second_high is not None:
        assert factor.second_low < factor.second_high
        assert factor.second_low <= factor.high
        assert factor.second_high >= factor.low


def test_a_bitcoin_is_its_energy_times_the_grams() -> None:
    # 500 MWh are 500,000 kWh; at 24 g each that is 12,000,000 g.
    assert tonnes_per_bitcoin(500.0, 24.0) == 12.0
    assert tonnes_per_bitcoin(0.0, 24.0) == 0.0
    assert tonnes_per_bitcoin(500.0, 0.0) == 0.0


def test_the_path_in_the_middle_gives_the_figures() -> None:
    # 300, 100 and 1,000 MWh for a bitcoin, of which 300 is the middle: 11.4 t at 38 g.
    found = emissions_per_bitcoin("geothermal", [600.0, 200.0, 1000.0], [2.0, 2.0, 1.0])
    assert found.p50 == pytest.approx(11.4, rel=1e-12)
    assert found.low == pytest.approx(1.8, rel=1e-12)
    assert found.high == pytest.approx(23.7, rel=1e-12)
    assert found.share_defined == 1.0
    # Not the ratio of the sums, 1,800 over 5, nor the mean of the ratios.
    assert found.p50 != pytest.approx(360 * 0.038)


def test_of_an_even_count_the_middle_lies_between_two() -> None:
    found = emissions_per_bitcoin("nuclear", [100.0, 300.0], [1.0, 1.0])
    assert found.p50 == pytest.approx(200 * 0.012, rel=1e-12)


def test_the_order_of_the_paths_does_not_matter() -> None:
    generator = np.random.default_rng(3)
    energy, coins = generator.uniform(1.0, 9.0, (2, 101))
    order = generator.permutation(101)
    found = emissions_per_bitcoin("hydro", energy, coins)
    assert emissions_per_bitcoin("hydro", energy[order], coins[order]) == found
    assert found.p50 == pytest.approx(np.median(energy / coins) * 0.024, rel=1e-12)


def test_paths_without_a_bitcoin_stand_at_the_dear_end() -> None:
    found = emissions_per_bitcoin("hydro", [100.0, 200.0, 0.0], [1.0, 1.0, 0.0])
    assert found.p50 == pytest.approx(4.8, rel=1e-12)
    assert found.share_defined == pytest.approx(2 / 3)
    half = emissions_per_bitcoin("hydro", [100.0, 5.0], [1.0, 0.0])
    assert (half.low, half.p50, half.high, half.share_defined) == (None, None, None, 0.5)
    none = emissions_per_bitcoin("hydro", [0.0], [0.0])
    assert (none.p50, none.share_defined) == (None, 0.0)


def test_a_grain_of_a_coin_is_none_and_not_infinite() -> None:
    found = emissions_per_bitcoin("coal", [1e300], [1e-300])
    assert (found.low, found.p50, found.high) == (None, None, None)


@pytest.mark.parametrize(
    ("technology", "words"),
    [
        ("hidro", ["technology", "'hidro'", "nearest  hydro"]),
        ("", ["technology", "nuclear, geothermal"]),
        (None, ["technology", "None"]),
        ("Nuclear", ["nearest  nuclear"]),
    ],
)
def test_an_unknown_kind_of_plant_is_told(technology: Any, words: list[str]) -> None:
    with pytest.raises(InputError) as told:
        factor_of(technology)
    for word in words:
        assert word in str(told.value)


@pytest.mark.parametrize("value", [NAN, math.inf, -1.0, True, "5", None])
def test_what_is_no_amount_is_told(value: Any) -> None:
    with pytest.raises(InputError, match="mwh_per_bitcoin"):
        tonnes_per_bitcoin(value, 12.0)
    with pytest.raises(InputError, match="grams_per_kwh"):
        tonnes_per_bitcoin(12.0, value)


@pytest.mark.parametrize(
    ("energy", "coins", "words"),
    [
        ([1.0, 2.0], [1.0], "2 and 1 paths"),
        ([], [], "mine_mwh"),
        ([1.0], [], "bitcoin_mined"),
        ([[1.0]], [1.0], "mine_mwh"),
        (1.0, [1.0], "mine_mwh"),
        ([NAN], [1.0], "mine_mwh"),
        ([1.0], [-1.0], "bitcoin_mined"),
        ([1.0], [math.inf], "bitcoin_mined"),
        (["many"], [1.0], "mine_mwh"),
        ([None], [1.0], "mine_mwh"),
    ],
)
def test_metrics_that_cannot_be_are_told(energy: Any, coins: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        emissions_per_bitcoin("nuclear", energy, coins)
