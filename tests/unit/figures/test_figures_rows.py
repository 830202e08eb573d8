"""Waterfalls, tornados, stairs and dots, with ordinary and extreme values: measured as texts and read."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from tests.unit.figures.test_figures_layout import LONG, check_layout, corners, text_boxes

from baseload.figures import (
    Dot,
    Mark,
    Stair,
    Step,
    Swing,
    cumulative,
    dots_figure,
    standalone,
    step_figure,
    svg_stylesheet,
    tornado_figure,
    waterfall_figure,
)
from baseload.figures.svg import hinted, shorten_middle, text_width_px

CYRILLIC = "Запорізька атомна електростанція, шостий енергоблок, щомісячна вартість"
ADDRESS = "network.price_usd.geometric-brownian.median_growth_per_year"
NAMES = [
    "a",
    LONG,
    CYRILLIC,
    ADDRESS,
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "",
    " ",
]
VALUES: dict[str, list[float]] = {
    "rising": [1.0, 2.0, 3.0, 4.0, 5.0],
    "across zero": [-4e9, 3e9, -1e9, 2e9],
    "all negative": [-3e9, -2e9, -1.0],
    "tiny": [1e-12, -2e-12, 3e-12],
    "huge": [1e15, -9e14, 2e15],
    "tiny and huge": [1e-12, 1e15, -1e-12, -1e15],
    "all equal": [42.0] * 6,
    "zero": [0.0, 0.0, 0.0],
    "one": [3.0],
    "one negative": [-3.0],
    "one zero": [0.0],
    "forty": [float((-1) ** k * k) for k in range(40)],
    "not defined": [np.nan, 1.0, np.inf, -np.inf, 2.0],
    "near each other": [1e15, 1e15 + 1, 1e15 - 1],
}


def named(values: list[float]) -> list[tuple[str, float]]:
    return list(zip(itertools.cycle(NAMES), values, strict=False))[: len(values)]


@pytest.mark.parametrize("unit", ["USD", "share", LONG], ids=lambda unit: unit[:10] or "none")
@pytest.mark.parametrize("name", VALUES)
def test_texts_of_rows_stay_inside_and_apart_for_any_values(name: str, unit: str) -> None:
    values = VALUES[name]
    rows = named(values)
    more = {"label": LONG, "notes": (LONG,)}
    for median in (None, 0.5, -1e15, np.nan):
        steps = [Step(n, v, k % 3 == 0, median) for k, (n, v) in enumerate(rows)]
        check_layout(waterfall_figure(LONG, LONG, steps, unit, **more, median_label=LONG))  # type: ignore[arg-type]
    for middle in (0.0, 1e9, -1e-12, values[0]):
        swings = [
            Swing(n, v, v * (-1) ** k * 0.7, abs(v) * 0.1, None, LONG if k % 2 else "33 %", k > 3)
            for k, (n, v) in enumerate(rows)
        ]
        svg = tornado_figure(LONG, LONG, swings, middle, unit, **more, low_label=LONG)  # type: ignore[arg-type]
        check_layout(svg)
    dots = [
        Dot(n, v, v - abs(v), None if k % 2 else v + 1, f"group {k // 3} {LONG}", f"kind {k % 9}")
        for k, (n, v) in enumerate(rows)
    ]
    check_layout(dots_figure(LONG, LONG, dots, unit, **more))  # type: ignore[arg-type]
    at = np.arange(len(values)) * 400 + np.datetime64("2027-01-01")
    stairs = [Stair(LONG, at, values), Stair(CYRILLIC, at[::2], values[::2], np.nan, True)]
    marks = [Mark(0.1, "10 %"), Mark(1 / 3, LONG), Mark(1e9, "a billion")]
    check_layout(step_figure(LONG, LONG, stairs, unit, marks=marks, **more))  # type: ignore[arg-type]
    numbers = [Stair(LONG, np.asarray(values), values)]
    check_layout(step_figure(LONG, LONG, numbers, unit, x_label=LONG, x_unit="MW"))


@pytest.mark.parametrize(
    "draw",
    [
        lambda: waterfall_figure("t", "d", [], "USD"),
        lambda: waterfall_figure("t", "d", [Step("a", np.nan)], "USD"),
        lambda: tornado_figure("t", "d", [], 1.0, "USD"),
        lambda: tornado_figure("t", "d", [Swing("a", 1.0, 2.0)], np.nan, "USD"),
        lambda: tornado_figure("t", "d", [Swing("a", np.nan, 2.0)], 1.0, "USD"),
        lambda: dots_figure("t", "d", [], "USD"),
        lambda: dots_figure("t", "d", [Dot("a", np.inf)], "USD"),
        lambda: step_figure("t", "d", [], "share"),
        lambda: step_figure("t", "d", [Stair("a", [], [])], "share"),
        lambda: step_figure("t", "d", [cumulative("a", np.array(["NaT"], "M8[D]"))], "share"),
    ],
)
def test_nothing_to_draw_says_so(draw: Callable[[], str]) -> None:
    svg = draw()
    check_layout(svg)
    assert "no data" in [box[4] for box in text_boxes(svg)]


def rectangles(svg: str, colour: str) -> list[tuple[float, float]]:
    """Left edge and width of the bars of a colour. [px]"""
    return [
        (float(node.get("x", "")), float(node.get("width", "")))
        for node in ElementTree.fromstring(svg).iter("rect")
        if colour in node.get("class", "").split() and float(node.get("height", "")) != 10
    ]


def test_a_waterfall_begins_each_part_where_the_last_ended() -> None:
    steps = [
        Step("idle", -2.0, total=True),
        Step("restarting", 6.0, median=5.0),
        Step("grid only", 4.0, total=True),
        Step("mining", -1.0),
        Step("run", 3.0, total=True),
    ]
    svg = waterfall_figure("t", "d", steps, "USD")
    check_layout(svg)
    (idle, grid_only, run) = rectangles(svg, "s1")
    ((up, up_width),) = rectangles(svg, "s3")
    ((down, down_width),) = rectangles(svg, "s2")
    unit = idle[1] / 2  # pixels of one dollar
    zero = idle[0] + idle[1]
    assert up == pytest.approx(zero - 2 * unit, abs=0.2)
    assert up_width == pytest.approx(6 * unit, abs=0.2)
    assert grid_only == pytest.approx((zero, 4 * unit), abs=0.2)
    assert down == pytest.approx(zero + 3 * unit, abs=0.2)
    assert down_width == pytest.approx(unit, abs=0.2)
    assert run[1] == pytest.approx(3 * unit, abs=0.2)
    texts = [box[4] for box in text_boxes(svg)]
    for words in ("+6.00", "−1.00", "−2.00", "median", "adds", "takes away", "in all"):
        assert words in texts
    plain = waterfall_figure("t", "d", [Step("a", 1.0)], "USD")
    legend = [box[4] for box in text_boxes(plain)]
    assert "adds" in legend and "takes away" not in legend and "median" not in legend


def test_a_tornado_s_bars_run_from_low_to_high_about_the_middle() -> None:
    swings = [
        Swing("price", -1.0, 3.0, 0.2, 0.2, "40 %"),
        Swing("both below", 0.2, 0.6),
        Swing("pale", 1.2, 0.9, faint=True),
    ]
    svg = tornado_figure("t", "d", swings, 1.0, "USD", low_label="low fifth")
    check_layout(svg)
    low, high = rectangles(svg, "s4"), rectangles(svg, "s1")
    unit = low[0][1] / 2
    middle = low[0][0] + low[0][1]
    assert high[0] == pytest.approx((middle, 2 * unit), abs=0.2)
    assert low[1][0] + low[1][1] == pytest.approx(middle, abs=0.2)
    assert high[1][1] == pytest.approx(0.4 * unit, abs=0.2)
    assert 'class="area light s1"' in svg
    texts = [box[4] for box in text_boxes(svg)]
    for words in ("price", "40 %", "low fifth", "pale: may be chance"):
        assert words in texts
    without = tornado_figure("t", "d", swings[:1], 1.0, "USD")
    assert "pale: may be chance" not in [box[4] for box in text_boxes(without)]


def test_a_cumulative_stair_counts_paths_that_never_get_there() -> None:
    days = np.array(["2030-06-01", "2029-01-01", "NaT", "2029-01-01"], "datetime64[D]")
    stair = cumulative("first unit", days)
    assert np.asarray(stair.values).tolist() == [0.5, 0.75]
    svg = step_figure(
        "t", "d", [stair], "probability", begin=date(2027, 1, 1), end=date(2040, 1, 1), highest=1.0
    )
    check_layout(svg)
    texts = [box[4].replace("\u00a0", " ") for box in text_boxes(svg)]
    assert "100" in texts and "2040" in texts
    told = [node.text or "" for node in ElementTree.fromstring(svg).iter("title")][1:]
    assert [words.replace("\u00a0", " ") for words in told] == [
        "from 2027-01-01: first unit 0 %",
        "from 2029-01-01: first unit 50 %",
        "from 2030-06-01: first unit 75 %",
    ]


def test_a_stair_runs_from_one_end_of_the_axis_to_the_other() -> None:
    svg = step_figure(
        "t", "d", [Stair("a", np.array([2.0, 4.0]), [1.0, 3.0])], "MW", begin=0.0, end=10.0
    )
    (curve,) = (
        node.get("d", "")
        for node in ElementTree.fromstring(svg).iter("path")
        if "s1" in node.get("class", "").split()
    )
    ((first, *_, last),) = corners(curve)
    assert last[0] == pytest.approx(448, abs=0.1) and first[0] > 0
    assert last[1] < first[1]  # up is less


def test_many_changes_have_no_more_than_sixty_places_for_the_pointer() -> None:
    at = np.arange(5000.0)
    svg = step_figure("t", "d", [Stair("a", at, at)], "MW")
    assert svg.count('class="hit"') == 60
    assert len(svg) < 200_000


def test_dots_stand_together_by_group_and_have_their_interval() -> None:
    dots = [
        Dot("owner", 2e9, -1e9, 5e9, "joint control", "gains"),
        Dot("operator", -3e8, -5e8, -1e8, "left as it is", "loses"),
        Dot("state", 1e9, None, None, "joint control", "gains"),
    ]
    svg = dots_figure("t", "d", dots, "USD")
    check_layout(svg)
    rows = sorted((box[1], box[4]) for box in text_boxes(svg) if box[0] < 130)
    order = [words for _, words in rows]
    assert order.index("owner") < order.index("state") < order.index("left as it is")
    words = [node.text for node in ElementTree.fromstring(svg).iter("title")]
    assert "owner: 2 billion USD, from −1 billion USD to 5 billion USD" in [
        (word or "").replace("\u00a0", " ") for word in words
    ]


def test_the_colour_of_a_kind_does_not_depend_on_who_comes_first() -> None:
    dots = [Dot("a", 1.0, kind="gains"), Dot("b", -1.0, kind="loses")]
    kinds = ("cannot tell", "loses", "gains")
    for one in (dots, dots[::-1]):
        svg = dots_figure("t", "d", one, "USD", kinds=kinds)
        marks = [n.get("class") for n in ElementTree.fromstring(svg).iter("rect")]
        assert "area solid s3" in marks and "area solid s2" in marks
        assert "cannot tell" not in [box[4] for box in text_boxes(svg)]


def test_every_row_tells_its_values_under_the_pointer() -> None:
    hint = 'a <b> & "c"'
    swing, step = Swing("a", 1.0, 2.0, hint=hint), Step("a", 1.0, hint=hint)
    for svg in (
        tornado_figure("t", "d", [swing], 1.5, "USD"),
        waterfall_figure("t", "d", [step], "USD"),
        dots_figure("t", "d", [Dot("a", 1.0, hint=hint)], "USD"),
    ):
        titles = [node.text for node in ElementTree.fromstring(svg).iter("title")]
        assert titles == ["t", hint]
    assert hinted("<path/>", "") == "<path/>"
    assert "0.7" in tornado_figure("t", "d", [Swing("a", 0.7, 2.0)], 1.5, "USD")


def test_a_long_address_keeps_the_end_that_tells_it_from_its_like() -> None:
    short = shorten_middle(ADDRESS, 12.0, 160.0)
    assert short.startswith("netw…") and short.endswith("growth_per_year")
    assert text_width_px(short, 12.0) <= 160.0
    assert shorten_middle("abc", 12.0, 160.0) == "abc"
    for room in range(1, 60):
        assert text_width_px(shorten_middle(ADDRESS, 12.0, room), 12.0) <= max(room, 13)


def test_the_same_figure_is_the_same_text_and_stands_alone() -> None:
    swings = [Swing(ADDRESS, -1.0, 3.0, 0.2, 0.2, "40 %")]
    first = tornado_figure("t", "d", swings, 1.0, "USD")
    assert first == tornado_figure("t", "d", swings, 1.0, "USD")
    assert ElementTree.fromstring(standalone(first)) is not None
    assert ".chart .hit{fill-opacity:0}" in svg_stylesheet()
    assert len(tornado_figure("t", "d", swings * 12, 1.0, "USD")) < 12_000
