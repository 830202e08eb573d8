"""Which week and which year stand for the rest, and the arrays behind the captions."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from baseload.report.hours import day_hour_matrix, fullest_year, representative_week
from baseload.report.reported import by_year, floats, mean_without_best


def test_the_week_shown_mines_as_much_as_the_middle_week() -> None:
    available = np.repeat([0.0, 9, 9, 9, 9], 168)
    mine = np.repeat([0.0, 1, 7, 4, 0], 168)
    assert representative_week(available, mine) == slice(3 * 168, 4 * 168)


def test_without_mining_the_week_shown_has_power_at_least() -> None:
    available = np.repeat([0.0, 9.0], 168)
    assert representative_week(available, np.zeros(336)) == slice(168, 336)
    assert representative_week(np.ones(5), np.zeros(5)) == slice(0, 5)


def test_the_year_shown_is_the_one_with_most_mining() -> None:
    when = np.array(["2027-12-31T23", "2028-01-01T00", "2028-01-01T01", "2029-06-01T00"], "M8[s]")
    assert fullest_year(when, np.array([2.0, 1.0, 1.5, np.nan])) == 2028
    assert fullest_year(when, np.zeros(4)) == 2027


def test_hours_of_a_leap_year_fall_on_their_day_and_hour() -> None:
    when = np.arange(np.datetime64("2028-01-01T00"), np.datetime64("2029-01-02T00"))
    values = np.arange(when.size, dtype=float)
    matrix, days = day_hour_matrix(when, values, 2028)
    assert matrix.shape == (24, 366) and days.size == 366
    assert matrix[5, 60] == 60 * 24 + 5 and str(days[59]) == "2028-02-29"
    assert np.isfinite(matrix).all()


def test_the_mean_without_the_best_paths_leaves_out_one_in_twenty() -> None:
    values = np.append(np.zeros(95), [100.0] * 5)
    assert mean_without_best(values) == 0.0
    assert mean_without_best(np.array([np.nan, 3.0])) is None


def test_months_are_averaged_by_calendar_year() -> None:
    dates = np.array(["2027-11-01", "2027-12-01", "2028-01-01"], "M8[s]")
    table = by_year(dates, np.array([1.0, 3.0, np.nan]))
    assert table[0] == (2027, 2.0)
    assert table[1][0] == 2028 and np.isnan(table[1][1])


def test_a_missing_column_and_a_null_read_as_not_a_number() -> None:
    frame = pl.DataFrame({"a": [1, None]}, schema={"a": pl.Int64})
    assert floats(frame, "a")[0] == 1.0 and np.isnan(floats(frame, "a")[1])
    assert np.isnan(floats(frame, "b")).all()
    with pytest.raises(pl.exceptions.PolarsError):
        floats(pl.DataFrame({"a": ["x"]}), "a")
