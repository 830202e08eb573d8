"""Probabilities, dates and their errors."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from tests.unit.gates.made import AS_OF, gate, pooled

from baseload.errors import InputError
from baseload.gates.opinion import curve_of
from baseload.gates.outcomes import (
    estimate,
    first_mining_by,
    probability_by,
    start_quantiles,
    start_table,
)
from baseload.gates.passage import Passage, draw_passage
from baseload.gates.timing import GREGORIAN_DAYS_PER_MONTH, day_after, months_until


def passage(*gates: dict, **rest: object) -> Passage:  # type: ignore[type-arg]
    return draw_passage(pooled(*gates), "joint", **{"as_of": AS_OF, "horizon_years": 50.0, **rest})  # type: ignore[arg-type]


def test_the_error_of_independent_draws_is_the_textbook_one() -> None:
    each = np.array([1.0, 4.0, 2.0, 9.0])
    assert estimate(each).standard_error == pytest.approx(each.std(ddof=1) / 2.0)


def test_draws_that_share_a_path_count_as_one() -> None:
    paths = np.array([1.0, 4.0, 2.0, 9.0])
    repeated = estimate(np.tile(paths, 100), clusters=4)
    assert repeated.value == 4.0
    assert repeated.standard_error == pytest.approx(paths.std(ddof=1) / 2.0)
    assert estimate(np.ones(1)).standard_error == 0.0


def test_errors_are_honest() -> None:
    each = [
        probability_by(passage(gate("a", 0.5, (2, 9, 40)), seed=seed, draws=400), 10.0)
        for seed in range(200)
    ]
    spread = np.std([one.value for one in each])
    assert spread == pytest.approx(np.mean([one.standard_error for one in each]), rel=0.2)


def test_first_mining_adds_the_months_of_the_works() -> None:
    months = (2.0, 9.0, 40.0)
    made = passage(gate("a", 0.5, months))
    works = np.array([10.0, 20.0, math.inf, 0.0])
    curve = curve_of(months, 0.0)
    expected = 0.5 * np.mean([curve.below(30.0 - one) if one < 31 else 0.0 for one in works])
    found = first_mining_by(made, 30.0, works)
    assert abs(found.value - expected) < 0.01
    assert first_mining_by(made, 30.0) == probability_by(made, 30.0)
    assert first_mining_by(made, 1e6, [math.inf]).value == 0.0


def test_a_gate_that_lapses_before_the_works_are_done_stops_the_mine() -> None:
    made = passage(gate("a", 1.0, 0.0, lasts_years=(1.0, 5.0, 10.0)))
    found = first_mining_by(made, 240.0, [60.0])
    assert abs(found.value - 0.5) < 4 * 0.5 / math.sqrt(made.draws)


@pytest.mark.parametrize(
    "bad", [[], [-1.0], [math.nan], [[1.0]], ["x"], 3.0, [True, False], [1.0, None]]
)
def test_what_are_no_months_is_refused(bad: object) -> None:
    with pytest.raises(InputError):
        first_mining_by(passage(gate("a"), draws=10), 30.0, bad)  # type: ignore[arg-type]


def test_days_and_months_are_each_others_inverse() -> None:
    for months in (0.0, 0.3, 1.0, 12.0, 240.0):
        day = day_after(AS_OF, months)
        assert day is not None
        assert 0.0 <= months_until(AS_OF, day) - months < 1.0 / GREGORIAN_DAYS_PER_MONTH
    assert day_after(AS_OF, 1e5) is None and day_after(AS_OF, math.inf) is None


def test_quantiles_count_never_as_the_latest_day() -> None:
    made = passage(gate("a", 0.4, (2.0, 9.0, 40.0)))
    early, late, never = start_quantiles(made, [0.2, 0.39, 0.41])
    assert early is not None and late is not None and early < late and never is None
    middle = day_after(AS_OF, 9.0)
    assert middle is not None and abs((early - middle).days) <= 20
    (conditional,) = start_quantiles(made, [0.5], if_it_starts=True)
    assert conditional == early
    assert start_quantiles(passage(gate("a", 0.0, None)), if_it_starts=True) == [None] * 3


def test_by_its_quantile_it_has_started_with_that_probability() -> None:
    made = passage(gate("a", 0.7, (2.0, 9.0, 40.0)), gate("b", 0.9, (5.0, 6.0, 30.0)))
    for share in (0.05, 0.3, 0.6):
        (day,) = start_quantiles(made, [share])
        assert day is not None
        assert share <= probability_by(made, day).value < share + 0.02


def test_the_distribution_of_start_never_falls() -> None:
    made = passage(gate("a", 0.7, (2.0, 9.0, 40.0)))
    table = start_table(made, [date(year, 1, 1) for year in range(2027, 2040)])
    values = [one.value for _, one in table]
    assert values == sorted(values) and values[-1] == pytest.approx(0.7)


@pytest.mark.parametrize("bad", [0.0, 1.1, math.nan, True])
def test_shares_out_of_range_are_refused(bad: float) -> None:
    with pytest.raises(InputError):
        start_quantiles(passage(gate("a"), draws=10), [bad])
