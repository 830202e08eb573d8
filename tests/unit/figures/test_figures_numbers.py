"""Numbers as people read them, ticks at round values, and the short numbers of SVG."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.figures.test_figures_layout import corners

from baseload.figures.numbers import MINUS, percent, quantity, scaled_unit
from baseload.figures.scale import log_axis, step_125, value_axis
from baseload.figures.svg import area, curve, escape, shorten, text_width_px, wrap


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (12.34e9, "USD", "12.3 billion USD"),
        (4.5e6, "MWh", "4.5 TWh"),
        (0.021, "share", "2.1 %"),
        (0.5, "probability", "50 %"),
        (0.00002, "share", "<0.01 %"),
        (-3.2e6, "USD", "−3.2 million USD"),
        (950.0, "MW", "950 MW"),
        (5700.0, "MW", "5.7 GW"),
        (0.0, "MW", "0 MW"),
        (123456.0, "machines", "123,456 machines"),
        (999_960.0, "USD", "1 million USD"),
        (999_460.0, "USD", "999,460 USD"),
        (999_999_999.0, "USD", "1 billion USD"),
        (12.0, "years", "12 years"),
        (7.26, "years", "7.26 years"),
        (2e15, "USD", "2,000 trillion USD"),
        (3e-9, "USD", "3×10⁻⁹ USD"),
        (1500.0, "EH/s", "1.5 ZH/s"),
        (None, "USD", "not defined"),
        (math.nan, "USD", "not defined"),
        (math.inf, "years", "∞"),
    ],
)
def test_a_figure_reads_as_a_person_would_write_it(
    value: float | None, unit: str, words: str
) -> None:
    assert quantity(value, unit).replace("\u00a0", " ") == words


def test_a_probability_never_reads_as_certain_when_it_is_not() -> None:
    assert percent(0.9999).replace("\u00a0", " ") == ">99 %"
    assert percent(0.0001).replace("\u00a0", " ") == "<1 %"
    assert percent(1.0).replace("\u00a0", " ") == "100 %"
    assert percent(0.0).replace("\u00a0", " ") == "0 %"


def test_units_of_a_megawatt_hour_are_not_taken_for_watts() -> None:
    assert scaled_unit(2e3, "kWh").label == "MWh"
    assert scaled_unit(2e3, "W").label == "kW"
    assert scaled_unit(2e3, "USD/MWh").label == "USD/MWh"


@pytest.mark.parametrize("span", [1e-12, 0.3, 7.0, 99.0, 1e15])
@pytest.mark.parametrize("count", [1, 3, 5, 9])
def test_steps_are_one_two_or_five_and_few_enough(span: float, count: int) -> None:
    step = step_125(span, count)
    assert span / step <= count * (1 + 1e-9)
    assert f"{step:e}"[0] in "125"
    assert span / step > count / 2.5 * (1 - 1e-9), "the next finer step would have done"


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3.3e9, 1.1e9), (1e-9, 2e-9), (7, 7), (0, 0)])
def test_tick_labels_of_an_axis_differ_and_tell_their_value(low: float, high: float) -> None:
    axis = value_axis(low, high, "USD")
    assert axis.low <= low and axis.high >= high
    for ticks in axis.choices:
        labels = [tick.label for tick in ticks]
        assert len(set(labels)) == len(labels)
        shown = [float(label.replace(",", "").replace(MINUS, "-")) for label in labels]
        values = [tick.value for tick in ticks]
        if len(values) > 2:
            ratio = (values[-1] - values[0]) / (shown[-1] - shown[0])
            offsets = np.array(values) - np.array(shown) * ratio
            # A label may be short only where it is exact: all ticks share one factor.
            assert np.allclose(offsets, 0, atol=1e-9 * max(map(abs, values)))


def test_a_log_axis_ticks_powers_of_ten() -> None:
    axis = log_axis(1e3, 1e6, "USD")
    assert ("1,000", "10,000", "100,000", "1,000,000") in [
        tuple(tick.label for tick in ticks) for ticks in axis.choices
    ]


def test_text_is_escaped_and_characters_xml_forbids_are_replaced() -> None:
    assert escape('<a href="x">&\x00') == "&lt;a href=&quot;x&quot;&gt;&amp;\ufffd"


def test_short_text_is_kept_and_long_text_ends_in_an_ellipsis() -> None:
    assert shorten("short", 12, 100) == "short"
    cut = shorten("a much longer text than that", 12, 100)
    assert cut.endswith("…") and text_width_px(cut, 12) <= 100
    rows = wrap("one two three four five six seven eight", 12, 80, 2)
    assert len(rows) == 2 and rows[-1].endswith("…")
    assert all(text_width_px(row, 12) <= 80 for row in rows)


def test_a_curve_breaks_where_a_value_is_missing() -> None:
    x = np.arange(5.0)
    y = np.array([0.0, 1.0, np.nan, 3.0, 4.0])
    assert curve(x, y) == "M0 0l1 1M3 3l1 1"
    assert curve(x, np.full(5, np.nan)) == ""


def test_steps_of_a_curve_do_not_drift() -> None:
    x = np.linspace(0, 400, 997)
    y = np.sin(x) * 90 + 100
    path = curve(x, y)
    (points,) = corners(path)
    # Tenths add up exactly; what is left is rounding of the last point.
    assert points[-1] == pytest.approx((x[-1], y[-1]), abs=0.051)


@pytest.mark.parametrize("seed", range(8))
def test_a_line_passes_within_half_a_pixel_upright_of_each_of_its_points(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.linspace(30.3, 448, 240)
    y = np.cumsum(rng.normal(size=240)) * rng.choice([0.3, 3.0, 30.0]) + 100
    (points,) = corners(curve(x, y))
    drawn_x, drawn_y = zip(*points, strict=True)
    at_corners = np.abs(x[:, None] - np.array(drawn_x)).min(axis=1) < 0.051
    read = np.interp(x, drawn_x, drawn_y)
    assert np.abs(read - y)[~at_corners].max(initial=0.0) <= 0.5 + 1e-9
    nearest = np.array(drawn_y)[np.abs(x[:, None] - np.array(drawn_x)).argmin(axis=1)]
    assert np.abs(nearest - y)[at_corners].max() <= 0.05 + 1e-9


def test_level_and_upright_steps_have_a_letter_of_their_own() -> None:
    x = np.array([0.0, 1.5, 1.5, 3.0, 3.5])
    y = np.array([0.0, 0.0, 2.0, 2.0, 9.75])
    assert curve(x, y) == "M0 0h1.5v2h1.5l.5 7.8"
    assert curve(np.array([0.0, 0.2, 12.4]), np.array([0.0, 9.1, 9.5])) == "M0 0l.2 9.1 12.2.4"
    assert corners("M0 0l.2 9.1 12.2.4")[0][2] == pytest.approx((12.4, 9.5))


def test_a_band_that_closes_at_its_end_keeps_the_place_where_it_turns() -> None:
    x = np.array([0.0, 5.0, 9.0])
    assert "9" in area(x, np.array([4.0, 4, 4]), np.array([4.0, 4, 4]))


def test_an_area_goes_there_and_back() -> None:
    path = area(np.array([0.0, 2.0]), np.array([5.0, 6.0]), np.array([1.0, 2.0]))
    assert path == "M0 1l2 1v4l-2-1z"
