"""The page of a made-up study: complete, well-formed, self-contained, and never half written."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.report.page_read import (
    check_figures_have_captions_and_tables,
    check_names_and_links,
    check_policy_allows_own_style_and_script_alone,
    check_written_whole_or_not_at_all,
    figures_of,
    read,
    sections_of,
    words_of,
)

from baseload.figures import Line, line_figure
from baseload.report import render_report, write_report
from baseload.report.blocks import Picture
from baseload.report.document import in_page


@pytest.fixture(scope="module")
def page(study: Any) -> str:
    return render_report(study)


def test_the_page_is_complete_small_and_always_the_same(page: str, study: Any) -> None:
    assert page == render_report(study)
    assert len(page.encode()) < 400_000
    assert sections_of(page) == [
        "verdict", "headline", "exposure", "power", "hours", "fleet", "money", "drivers", "security",
        "metrics", "warnings", "scenario", "made",
    ]  # fmt: skip
    elements = read(page).elements
    assert [tag for tag, _ in elements].count("svg") == 23
    assert ("html", {"lang": "en"}) in elements
    assert [tag for tag, _ in elements].count("h1") == 1


def test_the_page_refers_to_nothing_outside_and_runs_but_one_script(page: str) -> None:
    tags = [tag for tag, _ in read(page).elements]
    assert tags.count("script") == 1
    for tag, attributes in read(page).elements:
        assert tag not in {"link", "iframe", "object"}
        assert "style" not in attributes
        for name in ("src", "href"):
            if (target := attributes.get(name)) is not None:
                assert target.startswith(("#", "data:image/png;base64,"))
        assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in page and "@import" not in page


def test_the_page_s_own_policy_allows_its_own_style_sheet_and_script_alone(page: str) -> None:
    check_policy_allows_own_style_and_script_alone(page)


def test_a_caption_in_the_page_describes_its_figure_and_is_not_said_twice(page: str) -> None:
    figures = figures_of(page)
    described = re.findall(r'aria-describedby="(\w+)"', page)
    assert len(described) == len(figures)
    for figure, name in zip(figures, described, strict=True):
        assert "<desc" not in figure
        assert f'<figcaption id="{name}">' in figure
    other = Picture(
        line_figure("t", "another", np.array([1.0, 2.0]), [Line("a", [1.0, 2.0])], "MW"), "this"
    )
    assert in_page(other) == (other.svg, None)


def test_headings_go_down_by_one_and_tables_and_groups_have_names(page: str) -> None:
    attributes = read(page).elements
    levels = [int(tag[1]) for tag, _ in attributes if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    for tag, given in attributes:
        if "tabindex" in given and tag == "div":
            assert given.get("role") == "group" and given.get("aria-label")
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert re.search(r"<caption>[^<]+</caption>", table)
        assert not re.search(r"<th[^>]*></th>", table), "a header without a word"
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
        assert all(row.startswith("<th>") for row in rows)
    for svg in re.findall(r"<svg[^>]*>", page):
        assert 'role="img"' in svg and "aria-labelledby" in svg


def luminance(colour: str) -> float:
    """Relative luminance of a colour as #abc or #aabbcc (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_texts_stand_out_from_their_ground_in_light_and_in_dark(page: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    schemes = [
        dict(re.findall(r"--([\w-]+):(#\w+)", part)) for part in re.findall(r":root{(.*?)}", style)
    ]
    assert len(schemes) == 2
    assert contrast("#000", "#fff") == pytest.approx(21.0)
    for scheme in schemes:
        for text, grounds in {
            "ink": ("ground", "panel", "warn"),
            "faint": ("ground", "panel"),
            "link": ("ground", "panel", "warn"),
        }.items():
            for ground in grounds:
                assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
    # Of figures: ink and notes on the ground that a page gives them.
    inks = re.findall(
        r"\.chart text{fill:(#\w+)}\.chart \.note,\.chart \.note text{fill:(#\w+)}", style
    )
    assert len(inks) == 2
    for scheme, colours in zip(schemes, inks, strict=True):
        for colour in colours:
            assert contrast(colour, scheme["ground"]) >= 4.5


def test_the_pointer_s_box_and_line_are_not_printed(page: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert "@media print{.read,.guide{display:none}}" in style
    assert "<output" not in page, "the script makes it"


def test_every_figure_has_a_caption_and_its_data_as_a_table(page: str) -> None:
    assert len(figures_of(page)) == 23
    check_figures_have_captions_and_tables(page)


def test_names_of_elements_are_unique_and_links_lead_somewhere(page: str) -> None:
    check_names_and_links(page)


def test_metrics_are_listed_by_name_and_unit(page: str) -> None:
    row = re.search(r"<tr><th>most machines installed</th>(.*?)</tr>", page)
    assert row is not None
    cells = re.findall(r"<td>(.*?)</td>", row[1])
    assert cells[:2] == ["machines_<wbr>peak", "machines"]
    assert cells[-1].replace("\u00a0", " ") == "100 %"


def test_importing_the_report_needs_neither_jinja2_nor_polars() -> None:
    asked = "import sys, baseload.report; print({'jinja2', 'polars'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_exposure_comes_before_money(page: str) -> None:
    words = words_of(page)
    assert words.index("Exposure added") < words.index("Value of restarting")
    assert words.index("Value of restarting") < words.index("Value of mining")
    assert words.index("Value of mining") < words.index("Both together")


def test_the_headline_carries_the_study_s_figures(page: str, study: Any) -> None:
    words = words_of(page)
    median = study.summary["value_of_restarting_usd"]["p50"] / 1e9
    assert f"Value of restarting {median:.3g} billion USD" in words
    assert "A gain in 41 % of the paths" in words
    assert "held flat (its mean still rises): median −1.31 billion USD against" in words
    flipped = replace(study, flip=study.flip | {"flips": True})
    assert "The answer turns with the median of the coin's price held flat" in words_of(
        render_report(flipped)
    )


def test_what_users_write_is_shown_and_not_obeyed(page: str, study: Any) -> None:
    words = words_of(page)
    assert "A plant & a mine <with a bracket>" in words
    assert "One <odd> thing." in words
    hostile = replace(study, title='</style><script>alert("x")</script>', warnings=("<img src=x>",))
    tags = [tag for tag, _ in read(render_report(hostile)).elements]
    assert tags.count("script") == 1 and "img" not in tags


def test_assumptions_are_marked_in_sources_and_in_the_scenario(page: str) -> None:
    assert "2 source lines, of which 1 is an assumption" in words_of(page)
    assert page.count('class="assumed"') == 1
    row = re.search(r'<tr class="assumed">.*?</tr>', page)
    assert row is not None and "assumed: the day" in row[0]


def test_the_scenario_stands_line_for_line_in_the_page_but_for_its_sources(
    page: str, study: Any
) -> None:
    shown = re.findall(r"<pre tabindex=\"0\"><code>(.*?)</code></pre>", page, re.DOTALL)[0]
    import html

    assert study.scenario_text.count("\n[sources]\n") == 1
    before, sources = study.scenario_text.split("[sources]\n")
    assert html.unescape(shown) == f"{before}# sources: see the table on this page\n"
    for line in sources.strip().splitlines():
        assert line.split(" = ", 1)[1].strip('"') in html.unescape(page)


def test_how_it_was_made_lets_one_make_it_again(page: str, study: Any) -> None:
    words = words_of(page)
    for part in (study.scenario_sha256, "seed 7", "paths 500", "baseload 0.1.0", "2027-01-01"):
        assert part in words


def test_a_missing_series_leaves_its_figure_out_and_says_so(study: Any) -> None:
    without = study.series.filter(~pl.col("name").is_in(["bitcoin_price_usd", "net_cash_usd"]))
    words = words_of(render_report(replace(study, series=without)))
    assert "The study holds no series bitcoin_price_usd. Its figure is left out." in words
    assert "The study holds no series net_cash_usd. Its figure is left out." in words
    assert "Price of a bitcoin" not in words


def test_security_tells_thresholds_shares_and_what_they_can_do(page: str, study: Any) -> None:
    words = words_of(page)
    assert "above a tenth in 67 % of the paths, first in January 2032 (median of those)" in words
    assert "the mine at its largest, median path" in words
    assert "Block templates are the mine's own while it has more than 5 % of the network" in words
    assert "Out of scope: sabotage of pools" in words
    without = words_of(render_report(replace(study, security=None)))
    assert "The study holds no mine in a network." in without


def test_an_almost_empty_study_still_has_a_page(study: Any) -> None:
    bare = replace(
        study,
        warnings=(),
        sources={},
        scenario_text="",
        summary={},
        probability_of_gain={},
        flip=None,
        metrics=study.metrics.select([]),
        series=study.series.clear(),
        dispatch=study.dispatch.clear(),
    )
    words = words_of(render_report(bare))
    assert "None: the study raised no caveat." in words
    assert "The study kept no hours of a path." in words
    assert "nan" not in words.lower().split()


def test_figures_that_are_not_defined_are_said_to_be_so(study: Any) -> None:
    empty = {name: dict.fromkeys(figures) for name, figures in study.summary.items()}
    nulls = study.series.with_columns(pl.lit(None, pl.Float64).alias(q) for q in ("mean", "p50"))
    words = words_of(render_report(replace(study, summary=empty, series=nulls)))
    assert "Value of mining not defined" in words
    assert "is defined in no month" in words


def test_a_study_without_a_mine_or_of_a_few_days_has_a_page(study: Any) -> None:
    idle = study.dispatch.with_columns(pl.lit(0).alias("mine_kw")).head(50)
    words = words_of(render_report(replace(study, dispatch=idle)))
    assert "The mine took 0 MW throughout" in words


def test_the_file_is_replaced_whole_or_not_at_all(
    study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    check_written_whole_or_not_at_all(
        lambda target: write_report(study, target),
        lambda target: write_report(replace(study, title="another"), target),
        tmp_path / "report.html",
        page,
        monkeypatch,
    )
