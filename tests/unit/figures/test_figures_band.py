"""Lines over the band of the first: whatever the values, and read under the pointer."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.unit.figures.test_figures_layout import EXTREMES, LONG, MONTHS, check_layout

from baseload.figures import Band, Line, Mark, line_figure


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("name", EXTREMES)
def test_texts_stay_inside_and_apart_for_any_values(name: str, log: bool) -> None:
    values = EXTREMES[name]
    lines = [Line(LONG, values), Line("b", values[::-1], dashed=True), Line("c", values * 0.5)]
    svg = line_figure(
        LONG, LONG, MONTHS, lines, "USD", band=Band(LONG, values * 0.9, values * 1.1), log=log,
        marks=[Mark(0.0, "zero"), Mark(1e9, LONG)],
    )  # fmt: skip
    check_layout(svg)


def test_the_band_stands_under_the_lines_and_the_pointer_can_read_all_of_them() -> None:
    x = np.arange(3.0)
    svg = line_figure(
        "t", "d", x, [Line("one", x), Line("two", x + 1)], "MW", band=Band("band", x - 1, x + 5)
    )
    drawn = re.findall(r'<path d="[^"]*" class="([^"]*)" data-n="([^"]*)"/>', svg)
    assert drawn == [("area wide-band s1", "band"), ("line s1", "one"), ("line s2", "two")]
    assert "data-x=" in svg and "data-y=" in svg
    # The axis reaches the band's ends, which lie beyond the lines'.
    (top,) = re.findall(r'data-y="(?:\S+ ){3}(\S+) ', svg)
    assert float(top) >= 7.0


def test_a_band_behind_one_line_is_named_in_the_legend() -> None:
    x = np.arange(3.0)
    alone = line_figure("t", "d", x, [Line("one", x)], "MW")
    banded = line_figure("t", "d", x, [Line("one", x)], "MW", band=Band("nine in ten", x, x + 1))
    assert ">one</text>" not in alone
    assert ">one</text>" in banded and ">nine in ten</text>" in banded


def test_without_a_value_it_says_so() -> None:
    nothing = np.full(240, np.nan)
    band = Band("b", nothing, nothing)
    assert "no data" in line_figure("t", "d", MONTHS, [Line("a", nothing)], "MW", band=band)
    assert "no data" in line_figure("t", "d", [], [], "MW")
