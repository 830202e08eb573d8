"""The programme of linked hours against sums by hand, and the limits it takes from the rule's arrays."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest

from baseload.dispatch.link_work import LIMIT_ROWS, MIN_KW, MIN_RUN, NO_RAMP, RAMP_KW
from baseload.dispatch.linked_programme import (
    MOST_USD_PER_MWH,
    best_production,
    limits_of_block,
    value_of_production,
)
from baseload.dispatch.programme import NoOptimum

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def pieces(*hours: tuple[float, float]) -> tuple[Floats, Floats]:
    """One use an hour, value and width; dumping at -10 after it."""
    value = np.array([[worth, -10.0] for worth, _ in hours])
    return value, np.array([[width, 1000.0] for _, width in hours])


def test_production_rises_early_where_that_pays() -> None:
    value, width = pieces((0.0, 0.0), (0.0, 0.0), (25.0, 90.0))
    ramp, kept = np.full(3, 30.0), np.ones(3)
    best = best_production(value, width, np.full(3, 100.0), ramp, ramp, kept, 0.0)
    # The last 30 MW must rise two hours early: 25 - 20 > 0. 90 x 25 - 60 x 10 - 30 x 10.
    assert best.production_mw.tolist() == [30.0, 60.0, 90.0]
    assert best.value_usd == 1350.0
    assert value_of_production(best.production_mw, value, width) == 1350.0
    free = best_production(value, width, np.full(3, 100.0), ramp, ramp, kept, None)
    assert free.production_mw.tolist() == [30.0, 60.0, 90.0]
    single = np.full(1, 50.0)
    one = best_production(*pieces((25.0, 90.0)), single, single, single, kept[:1], None)
    assert (one.production_mw.tolist(), one.value_usd) == ([50.0], 1250.0)


def test_a_trip_keeps_a_share_and_no_more() -> None:
    value, width = pieces((30.0, 100.0), (30.0, 100.0))
    ramp = np.full(2, 10.0)
    best = best_production(
        value, width, np.array([100.0, 60.0]), ramp, ramp, np.array([1.0, 0.4]), 90.0
    )
    # 100 before the trip, 40 after it and 10 more within the hour.
    assert best.production_mw.tolist() == [100.0, 50.0]
    value[0, 0] = 1.0
    low = best_production(
        value, width, np.array([100.0, 20.0]), ramp, ramp, np.array([1.0, 0.4]), 70.0
    )
    # 40 % of it less 10 must be as low as 20, so that the hour before stays at 75.
    assert low.production_mw.tolist() == pytest.approx([75.0, 20.0], abs=1e-9)


def test_ramps_without_end_leave_each_hour_to_itself() -> None:
    value, width = pieces((30.0, 100.0), (-1.0, 50.0), (5.0, 10.0))
    free = np.full(3, np.inf)
    best = best_production(value, width, np.full(3, 80.0), free, free, np.ones(3), 40.0)
    assert best.production_mw.tolist() == [80.0, 0.0, 10.0]


def test_limits_that_cannot_be_kept_have_no_optimum() -> None:
    value, width = pieces((30.0, 100.0))
    one = np.ones(1)
    with pytest.raises(NoOptimum, match="HiGHS ended with"):
        best_production(value, width, 5.0 * one, one, one, one, 90.0)


def test_what_is_owed_is_worth_a_large_price_and_no_more() -> None:
    value = np.array([[1e9, 20.0, -1e8]])
    width = np.array([[5.0, 5.0, 1000.0]])
    assert value_of_production(np.array([11.0]), value, width) == 4.0 * MOST_USD_PER_MWH + 100.0
    one = np.ones(1)
    best = best_production(value, width, 9.0 * one, 99.0 * one, 99.0 * one, one, 0.0)
    assert best.value_usd == 5.0 * MOST_USD_PER_MWH + 80.0


def table(units: int, ramp: int, least: int = 0) -> Ints:
    limits = np.zeros((LIMIT_ROWS, units), np.int64)
    limits[RAMP_KW], limits[MIN_KW] = ramp, least
    return limits


def test_limits_count_each_unit_by_what_it_does() -> None:
    # Hour 0: both stay. 1: the second trips. 2: it comes back. 3: the first goes as planned.
    mask, trips = np.array([3, 1, 3, 2]), np.array([0, 2, 0, 0])
    unit = np.array([[600] * 4, [400] * 4])
    produced = np.array([1000, 600, 700, 400])
    found = limits_of_block(
        unit, np.full(4, 900), table(2, 50, 200), mask, trips, True, 3, 1000, produced
    )
    assert found.most_mw.tolist() == [0.9, 0.6, 0.9, 0.4]
    assert found.kept_share.tolist() == [1.0, 0.6, 1.0, 1.0]
    assert found.up_mw.tolist() == [0.1, 0.05, 0.25, 0.05]
    # In hour 1 a kW for rounding; hour 3 falls by 300 where 250 are allowed.
    assert found.down_mw.tolist() == [0.1, 0.051, 0.05, 0.3]
    assert found.widened.tolist() == [False, False, False, True]


def test_a_unit_that_may_stand_may_start_and_stop_in_any_hour() -> None:
    limits = table(2, 50, 200)
    limits[MIN_RUN, 1] = 5
    unit, mask = np.full((2, 2), 500), np.full(2, 3)
    found = limits_of_block(
        unit, np.full(2, 9999), limits, mask, mask * 0, True, 3, None, np.array([500, 500])
    )
    assert found.up_mw.tolist() == [0.25, 0.25]
    assert not found.widened.any()
    # Where dumping is a last resort every unit with a minimum may stand.
    found = limits_of_block(
        unit, np.full(2, 9999), limits, mask, mask * 0, False, 3, 500, np.array([500, 500])
    )
    assert found.up_mw.tolist() == [0.4, 0.4]


def test_a_unit_without_a_ramp_frees_the_plant() -> None:
    limits = table(2, 50)
    limits[RAMP_KW, 0] = NO_RAMP
    unit, mask = np.full((2, 3), 500), np.array([3, 2, 2])
    found = limits_of_block(
        unit, np.full(3, 9999), limits, mask, mask * 0, True, 3, 0, np.array([0, 0, 0])
    )
    assert found.up_mw.tolist() == [np.inf, 0.05, 0.05]
    assert found.down_mw.tolist() == [np.inf, np.inf, 0.05]


def test_highs_says_nothing() -> None:
    snippet = (
        "import numpy as np\n"
        "from baseload.dispatch.linked_programme import best_production\n"
        "one = np.ones((1, 1))\n"
        "best_production(one, one, one[0], one[0], one[0], one[0], None)\n"
    )
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
