"""Median and mean for the screen are those of the model."""

from __future__ import annotations

from typing import Any

import pytest

from baseload.cli.middle import mean, median
from baseload.distributions import parse_distribution

CASES: list[Any] = [
    7.0,
    {"uniform": [1, 4]},
    {"triangular": [1, 2, 9]},
    {"pert": [1, 2, 9]},
    {"pert": [3, 3, 9]},
    {"normal": {"mean": 5, "sd": 2}},
    {"normal": {"mean": 5, "sd": 2, "low": 4}},
    {"normal": {"mean": 5, "sd": 2, "low": 15}},
    {"normal": {"mean": 5, "sd": 2, "high": -6}},
    {"lognormal": {"median": 10, "p95": 200}},
    {"lognormal": {"median": 10, "p95": 200, "low": 20, "high": 900}},
    {"lognormal": {"median": 10, "p95": 200, "low": 0}},
    {"discrete": {"values": [1, 2, 8], "probabilities": [0.2, 0.2, 0.6]}},
    {"empirical": [3, 1, 2, 9]},
]


@pytest.mark.parametrize("value", CASES, ids=str)
def test_the_median_is_the_quantile_at_one_half(value: Any) -> None:
    distribution = parse_distribution(value)
    # Both are good to about 1e-12 by their own claims; far truncations lose a few digits more.
    assert median(distribution) == pytest.approx(distribution.quantile(0.5), rel=1e-9)


@pytest.mark.parametrize("value", CASES, ids=str)
def test_the_mean_is_the_model_s(value: Any) -> None:
    distribution = parse_distribution(value)
    assert mean(distribution) == pytest.approx(distribution.mean(), rel=1e-6)
