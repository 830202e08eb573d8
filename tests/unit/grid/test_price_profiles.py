"""Built-in price shapes: a yearly mean of 1, a midday dip and an evening peak."""

import numpy as np
import pytest

from baseload.grid.price_profiles import price_shape, price_shapes
from baseload.sources import read_packaged

WORKDAY, SATURDAY, SUNDAY = range(3)
# Mean days of a month over 400 years of the calendar.
DAYS = np.array([31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@pytest.mark.parametrize("name", price_shapes())
def test_every_shape_has_a_yearly_mean_of_1_and_is_never_negative(name: str) -> None:
    shape = price_shape(name)
    assert shape.shape == (12, 3, 24)
    assert shape.dtype == np.float64
    weights = DAYS[:, None] * np.array([5, 1, 1]) / 7
    mean = (shape.mean(axis=2) * weights).sum() / DAYS.sum()
    # 5e-5: the table is rounded to four decimals.
    assert mean == pytest.approx(1, abs=5e-5)
    assert shape.min() >= 0


@pytest.mark.parametrize("month", range(2, 10))
def test_the_sun_presses_the_midday_price_below_evening_and_morning(month: int) -> None:
    day = price_shape("day-ahead")[month, WORKDAY]
    assert 9 <= day[6:18].argmin() + 6 <= 14
    assert 17 <= day.argmax() <= 21
    assert day.max() > 1.5 * day[12]


def test_weekends_are_cheaper_than_workdays() -> None:
    shape = price_shape("day-ahead").mean(axis=(0, 2))
    assert shape[SUNDAY] < shape[SATURDAY] < shape[WORKDAY]


def test_a_measured_shape_names_its_data_set() -> None:
    rows = read_packaged("baseload.grid", "price_shapes.csv", ("shape",))
    sources = [row.source for row in rows if row.text("shape") == "day-ahead"]
    assert any("doi:10.5281/zenodo.21191790" in source for source in sources)


def test_flat_is_1_in_every_hour() -> None:
    assert (price_shape("flat") == 1).all()


def test_an_unknown_shape_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match=r"found 'dayahead'.*nearest day-ahead"):
        price_shape("dayahead")
