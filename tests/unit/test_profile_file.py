"""Hourly profiles from a file: what is taken, and what is refused at which line."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from baseload.clock import Horizon, hour_of
from baseload.profile_file import read_profile

COMMON = Horizon(date(2027, 1, 1), 1)
LEAP = Horizon(date(2028, 1, 1), 1)


def dated(start: datetime, values: list[str], zone: str = "Z") -> str:
    times = (start + timedelta(hours=index) for index in range(len(values)))
    rows = (f"{at:%Y-%m-%dT%H:%M}{zone},{value}" for at, value in zip(times, values, strict=True))
    return "time,value\n" + "\n".join(rows) + "\n"


def undated(values: list[str]) -> str:
    return "value\n" + "\n".join(values) + "\n"


def saved(folder: Path, text: str) -> Path:
    path = folder / "profile.csv"
    path.write_text(text, encoding="utf-8")
    return path


def counted(count: int) -> list[str]:
    return [str(index) for index in range(count)]


@pytest.mark.parametrize("zone", ["Z", "+00:00", ""])
def test_a_file_for_the_whole_horizon_is_taken_as_it_stands(tmp_path: Path, zone: str) -> None:
    horizon = Horizon(date(2027, 7, 1), 2)
    path = saved(tmp_path, dated(datetime(2027, 7, 1), counted(horizon.hours), zone))
    assert np.array_equal(read_profile(path, horizon), np.arange(horizon.hours))


def test_a_file_without_times_covers_the_whole_horizon_or_one_year(tmp_path: Path) -> None:
    horizon = Horizon(date(2027, 7, 1), 2)
    whole = saved(tmp_path, undated(counted(horizon.hours)))
    assert np.array_equal(read_profile(whole, horizon), np.arange(horizon.hours))
    year = saved(tmp_path, undated(counted(8760)))
    assert read_profile(year, horizon)[0] == hour_of(COMMON, date(2027, 7, 1))


@pytest.mark.parametrize("make", [undated, lambda values: dated(datetime(2025, 1, 1), values)])
def test_a_common_year_repeats_and_29_february_takes_the_28th(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    horizon = Horizon(date(2027, 1, 1), 3)
    profile = read_profile(saved(tmp_path, make(counted(8760))), horizon)
    assert np.array_equal(profile[:8760], np.arange(8760))
    leap = profile[8760 : 8760 + 8784]
    day = 59 * 24
    assert np.array_equal(leap[day : day + 24], leap[day - 24 : day])
    assert np.array_equal(leap[day + 24 :], np.arange(day, 8760))
    assert np.array_equal(profile[-8760:], np.arange(8760))


def test_a_leap_year_leaves_its_29_february_out_of_common_years(tmp_path: Path) -> None:
    path = saved(tmp_path, dated(datetime(2024, 1, 1), counted(8784)))
    assert np.array_equal(read_profile(path, LEAP), np.arange(8784))
    common = read_profile(path, COMMON)
    assert np.array_equal(common, np.delete(np.arange(8784), np.s_[59 * 24 : 60 * 24]))


def test_a_year_laid_over_a_start_in_july_keeps_its_seasons(tmp_path: Path) -> None:
    path = saved(tmp_path, dated(datetime(2025, 1, 1), counted(8760)))
    profile = read_profile(path, Horizon(date(2027, 7, 1), 1))
    assert profile[0] == 181 * 24
    assert profile[-1] == 181 * 24 - 1


def test_rows_without_times_for_one_year_from_july_are_refused_as_ambiguous(
    tmp_path: Path,
) -> None:
    horizon = Horizon(date(2026, 7, 1), 1)
    with pytest.raises(ValueError, match=r"profile\.csv:1  found 'value' alone"):
        read_profile(saved(tmp_path, undated(counted(horizon.hours))), horizon)


@pytest.mark.parametrize("bad", ["nan", "inf", "-1", "", "many", "1,5"])
def test_a_value_that_is_no_number_within_bounds_is_refused_with_its_line(
    tmp_path: Path, bad: str
) -> None:
    values = counted(8760)
    values[10] = f'"{bad}"'
    with pytest.raises(ValueError, match=r"profile\.csv:12  value: found .*, allowed a number, 0"):
        read_profile(saved(tmp_path, undated(values)), COMMON)


def test_bounds_are_those_of_the_caller(tmp_path: Path) -> None:
    path = saved(tmp_path, undated(["-0.5"] * 8760))
    assert read_profile(path, COMMON, low=-1.0).min() == -0.5
    with pytest.raises(ValueError, match="allowed a number from 0 to 1"):
        read_profile(path, COMMON, high=1.0)
    path = saved(tmp_path, undated(["1.5"] * 8760))
    with pytest.raises(ValueError, match="allowed a number from 0 to 1"):
        read_profile(path, COMMON, high=1.0)


def test_a_gap_is_refused_at_the_line_after_it(tmp_path: Path) -> None:
    lines = dated(datetime(2027, 1, 1), counted(8760)).splitlines()
    del lines[6]
    with pytest.raises(ValueError, match=r":7  time: found '2027-01-01T06:00Z', allowed .*T05:00Z"):
        read_profile(saved(tmp_path, "\n".join(lines)), COMMON)


def test_a_repeated_hour_is_refused_at_its_second_line(tmp_path: Path) -> None:
    lines = dated(datetime(2027, 1, 1), counted(8760)).splitlines()
    lines[6] = lines[5]
    with pytest.raises(ValueError, match=r":7  time: found '2027-01-01T04:00Z', allowed .*T05:00Z"):
        read_profile(saved(tmp_path, "\n".join(lines)), COMMON)


@pytest.mark.parametrize("count", [0, 1, 12, 8759, 8761, 35040])
def test_another_number_of_rows_is_refused_with_the_allowed_ones(
    tmp_path: Path, count: int
) -> None:
    with pytest.raises(ValueError, match=rf"found {count:,} rows, allowed 8,760 or 8,784 rows"):
        read_profile(saved(tmp_path, undated(["1"] * count)), COMMON)


@pytest.mark.parametrize("start", [datetime(2025, 2, 1), datetime(2025, 1, 1, 1)])
def test_a_dated_year_that_does_not_open_in_january_is_refused(
    tmp_path: Path, start: datetime
) -> None:
    path = saved(tmp_path, dated(start, ["1"] * 8760))
    with pytest.raises(ValueError, match=r":2  time: found .* allowed 2027-01-01T00:00Z"):
        read_profile(path, COMMON)


def test_a_dated_leap_year_with_a_day_too_few_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, dated(datetime(2024, 1, 1), ["1"] * 8760))
    with pytest.raises(ValueError, match="before 8,760 rows"):
        read_profile(path, COMMON)


def test_times_in_another_zone_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, dated(datetime(2027, 1, 1), ["1"] * 8760, "+02:00"))
    with pytest.raises(ValueError, match="allowed UTC"):
        read_profile(path, COMMON)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found an empty file"),
        ("hour,mw\n0,1\n", "found the header 'hour,mw', allowed the header 'time,value' or"),
        ("time,value\n2027-01-01T00:00Z\n", r":2  found 1 cells, allowed 2: time,value"),
        ("time,value\n2027-01-01T00:00Z,1\n", "found 1 rows, allowed 8,760 or 8,784 rows"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_profile(saved(tmp_path, text), COMMON)


def test_a_time_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    lines = dated(datetime(2027, 1, 1), ["1"] * 8760).splitlines()
    lines[3] = "yesterday,1"
    with pytest.raises(ValueError, match=r":4  time: found 'yesterday'"):
        read_profile(saved(tmp_path, "\n".join(lines)), COMMON)


def test_a_missing_file_and_another_kind_of_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="found no such file"):
        read_profile(tmp_path / "none.csv", COMMON)
    with pytest.raises(ValueError, match=r"found a file '\.parquet', allowed a CSV file"):
        read_profile(tmp_path / "profile.parquet", COMMON)


def test_a_mark_of_byte_order_and_lines_of_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "profile.csv"
    path.write_bytes(b"\xef\xbb\xbf" + undated(["2"] * 8760).replace("\n", "\r\n").encode())
    assert read_profile(path, COMMON).sum() == 2 * 8760
