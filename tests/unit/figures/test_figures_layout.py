"""Every figure, with ordinary and extreme values, is read as XML and its texts are measured."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from baseload.figures import (
    Bar,
    Layer,
    Line,
    Mark,
    Sample,
    Tick,
    fan_figure,
    heat_map_figure,
    histogram_figure,
    line_figure,
    no_data,
    stack_figure,
    standalone,
    svg_stylesheet,
    timeline_figure,
)
from baseload.figures.svg import FONT_SIZE_PX, text_width_px

LONG = "A name so long that nobody would give it to anything, and yet somebody did, & <twice> " * 3
MONTHS = [date(2027 + m // 12, m % 12 + 1, 1) for m in range(240)]


def text_boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Estimated left, top, right, bottom of each text. [px]"""
    boxes = []
    root = ElementTree.fromstring(svg)
    groups = {text: group for group in root.iter("g") for text in group.findall("text")}
    for node in root.iter("text"):
        content = node.text or ""
        # What texts of a group have in common stands there.
        said = {**(groups[node].attrib if node in groups else {}), **node.attrib}
        kind = said["class"].split()[0]
        size = FONT_SIZE_PX[kind]
        width = text_width_px(content, size, bold=kind == "title")
        x, y = float(node.get("x", "nan")), float(node.get("y", "nan"))
        left = x - width * {"middle": 0.5, "end": 1.0}.get(said.get("text-anchor", ""), 0.0)
        boxes.append((left, y - 0.75 * size, left + width, y + 0.2 * size, content))
    return boxes


def corners(d: str) -> list[list[tuple[float, float]]]:
    """Corners of a path of moves, lines and steps, a list for each unbroken run."""
    runs: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, rest in re.findall(r"([Mlhv])([^a-zA-Z]+)", d):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", rest)]
        while numbers:
            if command == "M":
                x, y = numbers.pop(0), numbers.pop(0)
                runs.append([])
            else:
                x += numbers.pop(0) if command != "v" else 0.0
                y += numbers.pop(0) if command != "h" else 0.0
            runs[-1].append((x, y))
    return runs


def check_layout(svg: str) -> None:
    """No text leaves the figure or touches another; no curve leaves the figure either."""
    root = ElementTree.fromstring(svg)
    _, _, width, height = (float(part) for part in root.get("viewBox", "").split())
    boxes = text_boxes(svg)
    for left, top, right, bottom, content in boxes:
        # Coordinates are rounded to 0.1 px and centred labels by half of that.
        assert left >= -0.1 and top >= -0.1, content
        assert right <= width + 0.1 and bottom <= height + 0.1, content
    for one, other in itertools.combinations(boxes, 2):
        apart = (
            one[2] <= other[0] + 0.1
            or other[2] <= one[0] + 0.1
            or one[3] <= other[1] + 0.1
            or other[3] <= one[1] + 0.1
        )
        assert apart, (one[4], other[4])
    assert root.get("role") == "img"
    assert root.find("title") is not None and root.find("desc") is not None
    assert "style=" not in svg
    drawn = re.sub(r' data-\w="[^"]*"', "", svg)  # names and scales, which are not drawn
    assert "nan" not in re.sub(r"<(title|desc|text)[^>]*>[^<]*", "", drawn).lower()
    assert not re.search(r"\d\.\d\d", re.sub(r">[^<]*<", "><", drawn)), "finer than 0.1 px"
    for said in re.findall(r'data-[xyc]="([^"|]*)', svg):
        assert "nan" not in said and "inf" not in said


def fan_of(x: Any, bands: Sequence[Any], unit: str, **more: Any) -> str:
    """A fan of five bands with long words around it."""
    p05, p25, p50, p75, p95 = bands
    return fan_figure(LONG, LONG, x, p05, p25, p50, p75, p95, unit, **more)


def quantiles(middle: np.ndarray, spread: np.ndarray | float) -> list[np.ndarray]:
    with np.errstate(invalid="ignore"):  # infinity less infinity is a gap
        return [middle + spread * k for k in (-1.6, -0.7, 0.0, 0.7, 1.6)]


EXTREMES: dict[str, np.ndarray] = {
    "rising": np.linspace(0, 5700, 240),
    "negative": np.linspace(-3e9, -1e3, 240),
    "across zero": np.linspace(-4e7, 9e7, 240),
    "tiny": np.linspace(1e-9, 4e-9, 240),
    "huge": np.linspace(1e12, 1e15, 240),
    "from tiny to huge": np.geomspace(1e-9, 1e15, 240),
    "constant": np.full(240, 42.0),
    "constant negative": np.full(240, -42.0),
    "constant huge": np.full(240, 1e15),
    "zero": np.zeros(240),
    "almost constant": 1e15 + np.arange(240) % 2,
    "one value": np.where(np.arange(240) == 7, 3.0, np.nan),
    "gaps": np.where(np.arange(240) % 50 < 10, np.nan, np.arange(240.0)),
    "nothing": np.full(240, np.nan),
    "infinite": np.where(np.arange(240) % 3 == 0, np.inf, 1.0),
}
UNITS = ["MW", "USD", "share", "", "USD/PH/day", "EH/s", "machines", LONG]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit[:10] or "none")
@pytest.mark.parametrize("name", EXTREMES)
def test_texts_of_any_figure_stay_inside_and_apart_for_any_values(name: str, unit: str) -> None:
    values = EXTREMES[name]
    marks = [Mark(0.1, "10 %"), Mark(1 / 3, LONG), Mark(0.5, "half"), Mark(1e9, "a billion")]
    words = (LONG, LONG)
    notes = (LONG,)
    lines = [Line(LONG, values), Line("other", values * 0.5, dashed=True, step=True)]
    for log in (False, True):
        check_layout(line_figure(*words, MONTHS, lines, unit, log=log, marks=marks, label=LONG))
        fan = quantiles(values, np.abs(values) * 0.3)
        check_layout(fan_of(MONTHS, fan, unit, other_median=values, log=log, marks=marks))
    distributions = [Sample(LONG, values), Sample("b", values * 0.9)]
    close = [Mark(float(v), LONG) for v in values[100:104]]
    check_layout(histogram_figure(*words, distributions, unit, marks=close + marks, label=LONG))
    layers = [Layer(f"layer {k}", values * k) for k in range(1, 10)]
    check_layout(stack_figure(*words, MONTHS, layers, unit, over=lines[:1], notes=notes))
    matrix = values.reshape(24, 10)
    check_layout(heat_map_figure(*words, matrix, unit, label=LONG, notes=notes))


@pytest.mark.parametrize(
    "span",
    [timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=40),
     timedelta(days=300), timedelta(days=1500), timedelta(days=9000), timedelta(days=60_000)],
)  # fmt: skip
@pytest.mark.parametrize("start", [datetime(2027, 1, 1), datetime(2027, 12, 28, 13, 20)])
def test_labels_of_time_do_not_touch_for_any_span(start: datetime, span: timedelta) -> None:
    times = np.array([start, start + span / 2, start + span], dtype="datetime64[s]")
    svg = line_figure("t", "d", times, [Line("a", [1.0, 2.0, 3.0])], "MW")
    check_layout(svg)
    below = [box for box in text_boxes(svg) if box[1] > 200]
    assert len(below) >= 1


def test_a_single_month_is_drawn_as_a_point() -> None:
    svg = fan_of(MONTHS[:1], [np.array([5.0])] * 5, "MW")
    check_layout(svg)
    assert "l0 0" in svg


@pytest.mark.parametrize(
    "draw",
    [
        lambda: line_figure("t", "d", [], [Line("a", [])], "MW"),
        lambda: line_figure("t", "d", MONTHS, [], "MW"),
        lambda: fan_figure("t", "d", [], [], [], [], [], [], "MW"),
        lambda: histogram_figure("t", "d", [], "MW"),
        lambda: histogram_figure("t", "d", [Sample("a", [])], "MW"),
        lambda: stack_figure("t", "d", [], [], "MW"),
        lambda: stack_figure("t", "d", MONTHS, [], "MW"),
        lambda: heat_map_figure("t", "d", np.empty((0, 0)), "MW"),
        lambda: timeline_figure("t", "d", []),
        lambda: no_data("t", "d", LONG),
        lambda: no_data(LONG, LONG, LONG),
    ],
)
def test_nothing_to_draw_says_so(draw: Callable[[], str]) -> None:
    svg = draw()
    check_layout(svg)
    assert "no data" in [box[4] for box in text_boxes(svg)]


def test_no_data_of_time_is_not_a_warning_but_a_panel() -> None:
    times = np.array(["NaT", "NaT"], dtype="datetime64[s]")
    assert "no data" in line_figure("t", "d", times, [Line("a", [1.0, 2.0])], "MW")


def test_a_time_line_keeps_long_names_and_notes_inside() -> None:
    bars = [
        Bar(LONG, "restart", date(2027, 1, 1), date(2029, 5, 1), LONG),
        Bar("unit 2", "restart", date(2028, 1, 1), date(2030, 5, 1), "12 months"),
        Bar("unit 2", "power", date(2030, 5, 1), date(2047, 1, 1), "at power"),
        Bar("backwards", LONG, date(2047, 1, 1), date(2030, 5, 1)),
    ]
    svg = timeline_figure(LONG, "d", bars)
    check_layout(svg)
    marked = [replace(bar, middle=date(2029, 1, 1), remark=LONG) for bar in bars]
    check_layout(timeline_figure(LONG, "d", marked, middle_label=LONG, x_label=LONG, notes=(LONG,)))
    check_layout(timeline_figure("t", "d", [replace(bars[0], end=bars[0].start, note="")]))
    texts = [box[4] for box in text_boxes(svg)]
    assert "at power" in texts and "backwards" in texts


def test_a_bar_with_a_middle_is_pale_and_marked_where_the_middle_is() -> None:
    days = (date(2027, 1, 1), date(2028, 1, 1), date(2031, 1, 1))
    bar = Bar("unit 1", "back", days[0], days[2], "", days[1], "85 %", "unit 1 <b>")
    svg = timeline_figure("t", "d", [bar])
    root = ElementTree.fromstring(svg)
    (pale,) = (r for r in root.iter("rect") if r.get("height") == "11")
    assert pale.get("class") == "area narrow-band s1"
    mark = next(
        p.get("d", "")
        for p in root.iter("path")
        if p.get("class") == "line s8" and "V" in p.get("d", "")
    )
    left, width = float(pale.get("x", "")), float(pale.get("width", ""))
    share = (days[1] - days[0]).days / (days[2] - days[0]).days
    assert float(mark[1:].split(" ")[0]) == pytest.approx(left + share * width, abs=0.2)
    texts = [box[4] for box in text_boxes(svg)]
    assert "85 %" in texts and "median" in texts and "back" in texts
    assert [t.text for t in root.iter("title")] == ["t", "unit 1 <b>"]
    assert "2040" in [
        box[4] for box in text_boxes(timeline_figure("t", "d", [bar], end=date(2041, 1, 1)))
    ]
    plain = timeline_figure("t", "d", [replace(bar, middle=None)])
    assert "median" not in [box[4] for box in text_boxes(plain)]


def test_a_fan_of_twenty_years_is_small_and_always_the_same() -> None:
    rng = np.random.default_rng(3)
    walk = np.cumsum(rng.normal(size=240)) * 1e6
    spread = np.linspace(1, 40, 240) * 1e6
    first = fan_of(MONTHS, quantiles(walk, spread), "USD")
    again = fan_of(MONTHS, quantiles(walk, spread), "USD")
    assert first == again
    # Five curves of 240 points at six to seven characters a point.
    assert len(first) < 12_000


def test_a_year_of_hours_is_thinned_without_losing_its_extremes() -> None:
    hours = np.datetime64("2027-01-01T00") + np.arange(8784)
    values = np.sin(np.arange(8784) / 5.0) * 100
    values[4321] = 900.0
    values[6000:6100] = np.nan
    svg = line_figure("t", "d", hours, [Line("a", values)], "MW")
    check_layout(svg)
    assert len(svg) < 20_000
    drawn = [n.get("d", "") for n in ElementTree.fromstring(svg).iter("path")]
    curve = max(drawn, key=len)
    assert curve.count("M") == 2, "the gap has to stay"
    lowest = min(y for run in corners(curve) for _, y in run)
    middle = {box[4]: (box[1] + box[3]) / 2 for box in text_boxes(svg)}
    # The axis is in GW. A label's middle sits within 2 px of its tick.
    expected = (middle["1.0"] + middle["0.8"]) / 2
    assert lowest == pytest.approx(expected, abs=2)


def test_stacked_layers_reach_the_sum() -> None:
    layers = [Layer("a", [1.0, 2.0]), Layer("b", [3.0, 4.0]), Layer("c", [-2.0, -1.0])]
    svg = stack_figure("t", "d", MONTHS[:2], layers, "MW")
    check_layout(svg)
    labels = [box[4] for box in text_boxes(svg)]
    assert "6" in labels and "−2" in labels and "8" not in labels


def test_a_heat_map_holds_a_readable_picture_of_its_cells() -> None:
    import base64
    import struct
    import zlib

    matrix = np.arange(6.0).reshape(2, 3)
    matrix[1, 2] = np.nan
    svg = heat_map_figure("t", "d", matrix, "MW", row_ticks=[Tick(0, "0"), Tick(1, "1")])
    check_layout(svg)
    data = base64.b64decode(re.findall(r"base64,([^\"]+)", svg)[0])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (3, 2)
    begin = data.index(b"IDAT")
    length = struct.unpack(">I", data[begin - 4 : begin])[0]
    rows = zlib.decompress(data[begin + 4 : begin + 4 + length])
    # Bottom row last; 0..4 of 4 in 15 levels: 0, 3, 7 below and 11, 14, empty above.
    assert rows == bytes([0, 0xBE, 0xF0, 0, 0x03, 0x70])


def test_a_heavy_tail_is_cut_and_the_figure_says_how_much() -> None:
    values = np.concatenate((np.linspace(-1, 1, 998), [1e12, -1e12]))
    svg = histogram_figure("t", "d", [Sample("a", values)], "USD")
    words = " ".join(box[4] for box in text_boxes(svg))
    # The interpolated 0.5 % and 99.5 % quantiles of 1,000 values leave five on each side.
    assert "10 of 1,000 values lie beyond" in words.replace("\u00a0", " ")
    plain = histogram_figure("t", "d", [Sample("a", np.linspace(-1, 1, 998))], "USD")
    assert "beyond" not in plain


def test_undefined_values_are_counted_not_hidden() -> None:
    svg = histogram_figure("t", "d", [Sample("a", [1.0, 2.0, math.nan, math.inf])], "years")
    assert "2 of 4 values are not defined" in svg


def test_marks_outside_the_range_are_not_drawn() -> None:
    svg = line_figure("t", "d", MONTHS, [Line("a", np.full(240, 0.2))], "share",
                      marks=[Mark(0.1, "a tenth"), Mark(0.5, "half")])  # fmt: skip
    texts = [box[4] for box in text_boxes(svg)]
    assert "a tenth" in texts and "half" not in texts


def test_an_exported_figure_stands_alone() -> None:
    svg = line_figure("t", "d", MONTHS, [Line("a", np.arange(240.0))], "MW")
    exported = standalone(svg)
    root = ElementTree.fromstring(exported)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg_stylesheet() in exported
    with pytest.raises(ValueError, match="not a figure"):
        standalone("<p/>")


def test_the_style_sheet_colours_every_class_that_figures_use() -> None:
    svg = stack_figure("t", "d", MONTHS, [Layer(str(k), np.ones(240)) for k in range(9)], "MW")
    rules = svg_stylesheet()
    for name in set(re.findall(r"\bs\d+\b", " ".join(re.findall(r'class="([^"]*)"', svg)))):
        assert f".area.{name}{{fill" in rules and f".line.{name}{{stroke" in rules
    assert rules.count("{") == rules.count("}")
