"""What a pointer reads off a figure is what was drawn, to within what the figure says it is off by."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.unit.figures.test_figures_layout import MONTHS, corners

from baseload.figures import (
    Layer,
    Line,
    Sample,
    fan_figure,
    heat_map_figure,
    histogram_figure,
    line_figure,
    stack_figure,
    standalone,
    svg_stylesheet,
)
from baseload.figures.numbers import scaled_unit
from baseload.figures.pointer import pointer_script, pointer_stylesheet


def said(svg: str, name: str) -> tuple[list[str], str]:
    """Words and unit of an attribute of the figure."""
    words, _, unit = ElementTree.fromstring(svg).get(f"data-{name}", "").partition("|")
    return words.split(" "), unit


def places_px(svg: str) -> list[float]:
    """Where the script takes the places of the figure to be. [px]"""
    (kind, hold, _, first, step, count, *ends), _ = said(svg, "x")
    left, right, low, high = map(float, ends)

    def at(place: int) -> float:
        if kind != "m":
            return float(first) + place * float(step)
        year, month, *day = (int(part) for part in first.split("-"))
        month += place * int(step) - 1
        moment = date(year + month // 12, month % 12 + 1, *(day or [1]))
        return float((moment - date(1970, 1, 1)).days)

    part = float(hold)
    middles = [at(i) * (1 - part) + at(i + 1) * part for i in range(int(count))]
    return [left + (value - low) / (high - low) * (right - left) for value in middles]


def read(svg: str) -> tuple[dict[str, list[list[float]]], float, bool]:
    """Values of each series at each place as the script reads them; how far off; if logarithmic."""
    (bottom, top, low, high, log, digits, off, *_), _ = said(svg, "y")
    ends = [float(number) for number in (bottom, top, low, high)]
    step = 10.0 ** -int(digits)

    def value(y: float) -> float:
        share = (ends[0] - y) / (ends[0] - ends[1])
        if log == "1":
            return float(ends[2] * (ends[3] / ends[2]) ** share)
        return ends[2] + share * (ends[3] - ends[2])

    def shown(number: float) -> float:
        if log == "1":
            return float(f"{number:.{int(digits) - 1}e}")
        return round(number / step) * step

    found: dict[str, list[list[float]]] = {}
    places = places_px(svg)
    for path in ElementTree.fromstring(svg).iter("path"):
        name = path.get("data-n")
        if name is None:
            continue
        found[name] = []
        runs = corners(path.get("d", ""))
        begins = np.array([one for run in runs for one in run[:-1]])
        ends_at = np.array([one for run in runs for one in run[1:]])
        for x in places:
            near = np.minimum(begins[:, 0], ends_at[:, 0]) < x + 0.06
            near &= np.maximum(begins[:, 0], ends_at[:, 0]) > x - 0.06
            ys = []
            for (a, b), (c, d) in zip(begins[near].tolist(), ends_at[near].tolist(), strict=True):
                corner = d if abs(c - x) < 0.06 else b if abs(a - x) < 0.06 else None
                ys.append(b + (d - b) * (x - a) / (c - a) if corner is None else corner)
            values = [value(y) for y in ys]
            if not values:
                found[name].append([])
            elif "solid" in path.get("class", ""):
                size = max(values) - min(values)
                found[name].append([shown(-size if min(values) + max(values) < 0 else size)])
            elif "area" in path.get("class", ""):
                found[name].append([shown(min(values)), shown(max(values))])
            else:
                found[name].append([shown(max(values))])
    written = off.split("\u00a0")[0].replace(",", "")
    return found, float(written), log == "1"


def agree(svg: str, drawn: dict[str, list[Any]], unit: str) -> int:
    """How many values read back are as drawn, all of them or it fails."""
    found, off, log = read(svg)
    label = said(svg, "y")[1]
    (factor,) = {
        scaled_unit(10.0**k, unit, 1e4).factor
        for k in range(-30, 30)
        if scaled_unit(10.0**k, unit, 1e4).label.replace("\u00a0", " ") == label
    } or {1.0}
    if log and unit != "share":
        factor = 1.0
    count = 0
    for name, columns in drawn.items():
        for place, values in enumerate(found[name]):
            wanted = [float(np.asarray(column)[place]) / factor for column in columns]
            if not np.isfinite(wanted).all() or (log and min(wanted) <= 0):
                assert not values
                continue
            assert len(values) == len(wanted), (name, place)
            for one, other in zip(values, wanted, strict=True):
                slack = (off / 100 * abs(other) if log else off) * (1 + 1e-6)
                assert abs(one - other) <= slack, (name, place, one, other, off)
                count += 1
    return count


def _fan(bands: list[np.ndarray], unit: str, other: np.ndarray, log: bool) -> str:
    p05, p25, p50, p75, p95 = bands
    return fan_figure("t", "d", MONTHS, p05, p25, p50, p75, p95, unit, other_median=other, log=log)


SHAPES: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "walk": lambda rng: np.cumsum(rng.normal(size=240)) * 1e6 + 2e7,
    "zigzag": lambda rng: np.where(np.arange(240) % 2, 5e9, 1e8),
    "steep": lambda rng: np.geomspace(1e-3, 1e9, 240),
    "jump": lambda rng: np.where(np.arange(240) < 100, 1.0, 4000.0),
    "noise": lambda rng: rng.lognormal(3.0, 2.0, 240),
    "constant": lambda rng: np.full(240, 42.0),
    "gaps": lambda rng: np.where(np.arange(240) % 50 < 10, np.nan, 1 + rng.random(240)),
    "tiny": lambda rng: 1e-9 * (1 + rng.random(240)),
}


@pytest.mark.parametrize("unit", ["USD", "MW", "share"])
@pytest.mark.parametrize("name", SHAPES)
def test_values_read_back_are_as_near_as_the_figure_says(name: str, unit: str) -> None:
    rng = np.random.default_rng(7)
    middle = SHAPES[name](rng)
    spread = np.abs(middle) * 0.4
    bands = [middle + spread * k for k in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    for log in (False, True):
        fan = _fan(bands, unit, middle * 0.9, log)
        drawn = {
            "median": [bands[2]],
            "median without": [middle * 0.9],
            "half of paths": [bands[1], bands[3]],
        }
        if not log:  # the lowest is zero at most and has no place on a logarithmic axis
            drawn["nine in ten"] = [bands[0], bands[4]]
        assert agree(fan, drawn, unit) > 100
        lines = [Line("a", middle, step=True), Line("b", middle * 0.3, step=True)]
        stairs = line_figure("t", "d", MONTHS, lines, unit, log=log)
        assert agree(stairs, {"a": [middle], "b": [middle * 0.3]}, unit) > 100
    known = np.nan_to_num(middle)
    hours = np.datetime64("2034-01-01T00") + np.arange(168)
    for x, count, step in ((MONTHS, 240, False), (hours, 168, True)):
        parts = {"a": known[:count], "b": known[:count][::-1] * 0.5, "c": -known[:count] * 0.2}
        layers = [Layer(label, values) for label, values in parts.items()]
        stack = stack_figure(
            "t", "d", x, layers, unit, over=[Line("all", known[:count] * 1.5)], step=step
        )
        wanted = {label: [values] for label, values in parts.items()} | {
            "all": [known[:count] * 1.5]
        }
        assert agree(stack, wanted, unit) > 100


def test_bins_of_a_histogram_read_back_as_their_shares_of_paths() -> None:
    rng = np.random.default_rng(3)
    sets = {"a": rng.normal(1e9, 4e8, 1000), "b": rng.normal(-2e9, 1e9, 700)}
    svg = histogram_figure("t", "d", [Sample(n, v) for n, v in sets.items()], "USD")
    (kind, hold, _, first, step, count, *_), unit = said(svg, "x")
    assert (kind, hold, count, unit) == ("b", ".5", "40", "billion USD")
    edges = (float(first) + float(step) * np.arange(41)) * 1e9
    wanted = {name: [np.histogram(values, edges)[0] / values.size] for name, values in sets.items()}
    assert agree(svg, wanted, "share") == 80


def test_what_is_said_is_hardly_coarser_than_a_pixel() -> None:
    svg = line_figure("t", "d", MONTHS, [Line("a", np.linspace(0.0, 6000.0, 240))], "MW")
    (_, _, _, high, _, digits, off), unit = said(svg, "y")
    assert (high, unit, digits, off) == ("6", "GW", "2", "0.03\u00a0GW")
    log = line_figure("t", "d", MONTHS, [Line("a", np.geomspace(1.0, 1e4, 240))], "USD", log=True)
    (_, _, _, _, _, digits, off), _ = said(log, "y")
    assert (digits, off) == ("3", "3\u00a0%")
    thick = stack_figure("t", "d", MONTHS, [Layer("a", np.linspace(0.0, 6000.0, 240))], "MW")
    assert said(thick, "y")[0][6] == "0.04\u00a0GW"


@pytest.mark.parametrize(
    ("x", "begins"),
    [
        (MONTHS, "m 0 0 2027-1 1 240"),
        (MONTHS[::12], "m 0 0 2027-1 12 20"),
        ([date(2026 + k, 12, 31) for k in range(10)], "m 0 0 2026-12-31 12 10"),
        ([date(2026, 1, 5) + timedelta(days=7 * k) for k in range(10)], "d 0 0 20458 7 10"),
        (np.datetime64("2026-01-01T06:00") + np.arange(9), "h 0 0 20454.25 0.04166666667 9"),
        (np.arange(31), "n 0 0 0 1 31"),
        (np.arange(9) * 0.25, "n 0 2 0 0.25 9"),
    ],
)
def test_places_of_time_and_of_numbers_are_told_by_first_step_and_count(
    x: Any, begins: str
) -> None:
    if np.asarray(x).dtype == "datetime64[m]":
        x = np.datetime64("2026-01-01T06:00") + np.arange(9) * 60
    svg = line_figure("t", "d", x, [Line("a", np.arange(float(len(x))))], "MW")
    assert " ".join(said(svg, "x")[0]).startswith(begins + " ")
    assert len(places_px(svg)) == len(x)


@pytest.mark.parametrize(
    "x",
    [
        [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 9)],
        [1.0, 2.0, 4.0],
        np.array(["2026-01-01", "NaT", "2026-01-03"], "datetime64[D]"),
    ],
)
def test_places_at_uneven_steps_are_not_read(x: Any) -> None:
    svg = line_figure("t", "d", x, [Line("a", [1.0, 2.0, 3.0])], "MW")
    assert "data-x" not in svg and "data-n" in svg


def test_hours_of_a_year_are_too_near_each_other_to_be_read() -> None:
    hours = np.datetime64("2027-01-01T00") + np.arange(8760)
    assert "data-x" not in line_figure("t", "d", hours, [Line("a", np.arange(8760.0))], "MW")
    assert "data-x" not in stack_figure("t", "d", hours, [Layer("a", np.ones(8760))], "MW")


def test_a_heat_map_tells_its_rows_its_classes_and_its_edges() -> None:
    days = np.datetime64("2034-01-01") + np.arange(365)
    matrix = np.add.outer(np.arange(24.0), np.arange(365.0))
    svg = heat_map_figure("t", "d", matrix, "MW", columns=days, low=0.0, after_row=":00")
    assert said(svg, "x")[0][:6] == ["d", ".5", "0", "23376", "1", "365"]
    assert said(svg, "c") == (["24", "0", "387", "0", ":00"], "MW")
    image = next(ElementTree.fromstring(svg).iter("image"))
    bottom, top = (float(edge) for edge in said(svg, "y")[0])
    assert (top, bottom - top) == (float(image.get("y", "")), float(image.get("height", "")))


def test_a_file_of_its_own_has_no_script_and_nothing_for_one() -> None:
    svg = standalone(line_figure("t", "d", MONTHS, [Line('a "b" data-x="1"', np.ones(240))], "MW"))
    assert not re.search(r" data-\w=", svg) and "<script" not in svg


def test_the_script_is_small_and_its_words_are_left_as_they_are() -> None:
    script = pointer_script()
    assert len(script.encode()) < 5_000
    assert not re.search("eval|innerHTML|setAttribute\\('style|fetch|import|localStorage", script)
    from importlib import resources

    source = resources.files("baseload.figures").joinpath("pointer.js").read_text("utf-8")
    source = re.sub(r"^ *//.*$", "", source, flags=re.MULTILINE)
    before, after = (re.findall(r"'[^']*'|`[^`]*`", text) for text in (source, script))
    tight = [re.sub(r" > ", ">", words) for words in before]
    assert [re.sub(r"\s", "", words) for words in tight] == [
        re.sub(r"\s", "", words) for words in after
    ]
    words = {one for one in after if " " in one or "\\n" in one}
    assert "' to '" in words and "'\\nread to ± '" in words and "'; '" in words


def test_names_that_the_script_asks_for_have_their_rules() -> None:
    rules = pointer_stylesheet()
    for name in (".read", ".guide", ".chart[tabindex]"):
        assert name in rules
    assert "@media print{.read,.guide{display:none}}" in rules
    assert rules.count("{") == rules.count("}")
    assert ".chart .hit{" in svg_stylesheet()
