"""The calendar of a horizon, checked against datetime, hour by hour."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from baseload.clock import (
    DAYS_PER_MONTH,
    DAYS_PER_YEAR,
    HOURS_PER_MONTH,
    HOURS_PER_WEEK,
    HOURS_PER_YEAR,
    Horizon,
    calendar,
    hour_of,
    local_slot,
    month_dates,
    nearest_month_start,
    years_later,
)


def test_mean_lengths_are_those_of_four_years_with_one_leap_year() -> None:
    four_years = Horizon(date(2027, 1, 1), 4)
    assert four_years.days / 4 == DAYS_PER_YEAR
    assert four_years.days / 48 == DAYS_PER_MONTH
    assert four_years.hours / 4 == HOURS_PER_YEAR
    assert four_years.hours / 48 == HOURS_PER_MONTH
    assert timedelta(hours=HOURS_PER_WEEK) == timedelta(weeks=1)


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)),
        (date(2028, 2, 29), -1, date(2027, 2, 28)),
        (date(2027, 2, 28), 1, date(2028, 2, 28)),
        (date(2027, 1, 31), 2, date(2029, 1, 31)),
        (date(2027, 4, 30), 10, date(2037, 4, 30)),
        (date(2027, 12, 29), 5, date(2032, 12, 29)),
        (date(2028, 2, 29), 0, date(2028, 2, 29)),
    ],
)
def test_years_later_it_is_the_same_day_where_the_month_has_it(
    day: date, years: int, later: date
) -> None:
    assert years_later(day, years) == later


def test_no_day_lies_beyond_the_calendar() -> None:
    with pytest.raises(ValueError, match="year"):
        years_later(date(9996, 2, 29), 4)


def test_leap_days_count() -> None:
    assert Horizon(date(2027, 1, 1), 1).hours == 8760
    assert Horizon(date(2028, 1, 1), 1).hours == 8784
    # 2100 is no leap year: 60 years from 2050 hold 14 of them, not 15.
    assert Horizon(date(2050, 1, 1), 60).days == 60 * 365 + 14


@pytest.mark.parametrize(
    ("start", "nearest"),
    [
        (date(2027, 1, 2), "2027-01-01"),
        (date(2027, 3, 20), "2027-04-01"),
        (date(2027, 12, 31), "2028-01-01"),
    ],
)
def test_a_start_inside_a_month_is_refused_with_the_nearest_first_day(
    start: date, nearest: str
) -> None:
    with pytest.raises(ValueError, match=f"nearest {nearest}"):
        Horizon(start, 5)
    assert nearest_month_start(start).isoformat() == nearest


@pytest.mark.parametrize("years", [0, -1, 61, 2.5, True])
def test_a_length_outside_1_to_60_whole_years_is_refused(years: int) -> None:
    with pytest.raises(ValueError, match="years: found"):
        Horizon(date(2027, 1, 1), years)


def test_a_start_with_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time"):
        Horizon(datetime(2027, 1, 1, tzinfo=UTC), 5)


@pytest.mark.parametrize("start", [date(2027, 1, 1), date(2027, 9, 1), date(2028, 3, 1)])
def test_every_day_of_the_calendar_agrees_with_datetime(start: date) -> None:
    horizon = Horizon(start, 3)
    days = calendar(horizon)
    firsts = month_dates(horizon)
    assert len(firsts) == horizon.months == 36
    for index in range(horizon.days):
        day = start + timedelta(days=index)
        assert days.day_date[index] == np.datetime64(day)
        assert firsts[days.day_month[index]] == day.replace(day=1)
        assert days.month_of_year[index] == day.month - 1
        assert days.day_kind[index] == max(0, day.weekday() - 4)
    assert days.month_first_day[-1] == horizon.days
    assert days.month_first_hour[-1] == horizon.hours
    assert [start + timedelta(days=int(n)) for n in days.month_first_day[:-1]] == list(firsts)
    assert days.year_of_month.tolist() == [0] * 12 + [1] * 12 + [2] * 12


def test_the_arrays_have_the_types_that_kernels_are_compiled_for() -> None:
    days = calendar(Horizon(date(2027, 1, 1), 1))
    kinds = [array.dtype.str[1:] for array in days]
    assert kinds == ["i4", "i4", "i4", "i4", "i1", "i1", "M8[D]"]
    assert all(array.flags.c_contiguous and array.flags.writeable for array in days)


@pytest.mark.parametrize("offset", [-12, -5, 0, 2, 14])
def test_every_local_slot_agrees_with_a_clock_in_that_zone(offset: int) -> None:
    horizon = Horizon(date(2027, 12, 1), 1)
    slots = local_slot(horizon, offset)
    zone = timezone(timedelta(hours=offset))
    start = datetime(2027, 12, 1, tzinfo=UTC)
    assert len(slots) == horizon.hours
    for hour in range(horizon.hours):
        local = (start + timedelta(hours=hour)).astimezone(zone)
        expected = (local.month - 1) * 72 + max(0, local.weekday() - 4) * 24 + local.hour
        assert slots[hour] == expected


@pytest.mark.parametrize("offset", [-12, 11, 12, 14])
def test_the_kind_of_a_day_is_that_of_the_local_day_at_noon_utc(offset: int) -> None:
    horizon = Horizon(date(2027, 1, 1), 1)
    kinds = calendar(horizon, offset).day_kind
    noon = local_slot(horizon, offset)[12::24] // 24 % 3
    assert np.array_equal(kinds, noon)


@pytest.mark.parametrize("offset", [-13, 15])
def test_an_offset_that_no_zone_has_is_refused(offset: int) -> None:
    with pytest.raises(ValueError, match="allowed from -12 to 14"):
        local_slot(Horizon(date(2027, 1, 1), 1), offset)


def test_hours_may_lie_outside_the_horizon() -> None:
    horizon = Horizon(date(2027, 1, 1), 1)
    assert hour_of(horizon, date(2026, 12, 31)) == -24
    assert hour_of(horizon, date(2028, 1, 1)) == horizon.hours
    assert hour_of(horizon, datetime(2027, 1, 1, 0, 59)) == 0
    assert hour_of(horizon, datetime(2026, 12, 31, 23, 59)) == -1


def test_an_instant_with_a_zone_is_converted_to_utc() -> None:
    horizon = Horizon(date(2027, 1, 1), 1)
    kyiv_in_winter = timezone(timedelta(hours=2))
    assert hour_of(horizon, datetime(2027, 1, 1, 2, tzinfo=kyiv_in_winter)) == 0


@pytest.mark.parametrize("hour", [-25, 0, 1, 8759, 9000])
def test_the_hour_of_an_instant_counts_from_the_start(hour: int) -> None:
    horizon = Horizon(date(2027, 1, 1), 1)
    begins = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    assert hour_of(horizon, begins) == hour
