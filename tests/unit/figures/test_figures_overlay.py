"""Lines over the band of the first: whatever the values, and read under the pointer."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.unit.figures.test_figures_layout import EXTREMES, LONG, MONTHS, check_layout

from baseload.figures import Line, Mark
from baseload.figures.overlay import overlay_figure


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("name", EXTREMES)
def test_texts_stay_inside_and_apart_for_any_values(name: str, log: bool) -> None:
    values = EXTREMES[name]
    lines = [Line(LONG, values), Line("b", values[::-1], dashed=True), Line("c", values * 0.5)]
    low, high = values * 0.9, values * 1.1
    svg = overlay_figure(
        LONG, LONG, MONTHS, lines, "USD", low=low, high=high, band_label=LONG, log=log,
        marks=[Mark(0.0, "zero"), Mark(1e9, LONG)],
    )  # fmt: skip
    check_layout(svg)


def test_the_band_stands_under_the_lines_and_the_pointer_reads_all_of_them() -> None:
    x = np.arange(3.0)
    lines = [Line("one", x), Line("two", x + 1)]
    svg = overlay_figure("t", "d", x, lines, "MW", low=x - 1, high=x + 2, band_label="band")
    drawn = re.findall(r'<path d="[^"]*" class="(area wide-band s1|line s\d)"/>', svg)
    assert drawn[-3:] == ["area wide-band s1", "line s1", "line s2"]
    hints = re.findall(r"<g><title>(.*?)</title>", svg)
    assert [hint.replace("\u00a0", " ") for hint in hints] == [
        "0: one 0 MW; two 1 MW",
        "1: one 1 MW; two 2 MW",
        "2: one 2 MW; two 3 MW",
    ]


def test_without_a_value_it_says_so() -> None:
    assert "no data" in overlay_figure("t", "d", MONTHS, [Line("a", np.full(240, np.nan))], "MW")
    assert "no data" in overlay_figure("t", "d", [], [], "MW")
