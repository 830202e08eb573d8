"""Built-in load shapes: complete, with a peak of 1, and shaped as their names say."""

import numpy as np
import pytest

from baseload.demand.profiles import load_shape, load_shapes

JANUARY, JULY = 0, 6
WORKDAY, SATURDAY, SUNDAY = range(3)


@pytest.mark.parametrize("name", load_shapes())
def test_every_shape_fills_the_year_and_peaks_at_1(name: str) -> None:
    shape = load_shape(name)
    assert shape.shape == (12, 3, 24)
    assert shape.dtype == np.float64
    assert shape.max() == 1.0
    assert shape.min() > 0


def test_households_peak_on_winter_evenings() -> None:
    shape = load_shape("household")
    month, _, hour = np.unravel_index(shape.argmax(), shape.shape)
    assert month in (11, JANUARY)
    assert 17 <= hour <= 20
    assert shape[JANUARY].mean() > 1.2 * shape[JULY].mean()
    night, evening = shape[JANUARY, WORKDAY, 3], shape[JANUARY, WORKDAY, 18]
    assert evening > 2 * night


def test_the_household_shape_keeps_the_energy_of_its_source() -> None:
    # The source gives 1,000,000 kWh a year; its highest hour, a January Sunday's from 18:00, has
    # 180.345 kWh, times a mean factor of 1.2525 for January.
    expected = 1_000_000 / 8760 / (180.345 * 1.2525)
    # Tolerance 1 %: the source spreads its factor by the day and holidays over the week.
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    weights = days[:, None] * np.array([5, 1, 1]) / 7
    load_factor = (load_shape("household").mean(axis=2) * weights).sum() / 365
    assert load_factor == pytest.approx(expected, rel=0.01)


def test_two_shifts_run_from_6_to_22_on_workdays_only() -> None:
    shape = load_shape("industry-two-shift")
    assert (shape[:, WORKDAY, 6:22] == 1).all()
    assert (shape[:, WORKDAY, :5] < 0.5).all()
    assert (shape[:, SUNDAY] < 0.5).all()
    assert (shape[:, SATURDAY] < 1).all()


def test_flat_is_1_in_every_hour() -> None:
    assert (load_shape("flat") == 1).all()


def test_an_unknown_shape_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match=r"found 'houshold'.*nearest household"):
        load_shape("houshold")


def test_a_caller_may_change_its_copy() -> None:
    load_shape("flat")[:] = 0
    assert (load_shape("flat") == 1).all()
