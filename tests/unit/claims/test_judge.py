"""Outcomes of claims: by counts and their noise, by bands, by findings; and what would make them hold."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from baseload.claims.judge import MORE_PATHS, Known, judge
from baseload.claims.judged import Judged
from baseload.claims.schema import Claim, Outcome
from baseload.errors import InputError
from baseload.expression import Function
from baseload.expression.functions import STANDARD, wilson
from baseload.expression.values import numbers

UNITS = {"share": "share", "power_mw": "MW", "cost_usd": "USD", "years": "years"}


def known(**values: Any) -> Known:
    return Known(
        values,
        units=UNITS,
        later={"by": "gates", "consent": "the accord"},
        later_functions={"by": Function(("date",), "number", None)},
    )


def one(
    holds: str, words: dict[str, Any] | None = None, probability: float | None = None, **values: Any
) -> Judged:
    claim = Claim(quote="q", source="s, 2025", holds=holds, probability=probability)
    (found,) = judge([claim], known(**values), words)
    return found


def yes(count: int, paths: int = 1000) -> Any:
    return np.arange(paths) < count


@pytest.mark.parametrize(
    ("true", "outcome"),
    [
        (1000, "holds"),
        (920, "holds"),
        (905, "cannot tell"),
        (880, "cannot tell"),
        (500, "cannot tell"),
        (120, "cannot tell"),
        (95, "cannot tell"),
        (80, "fails"),
        (0, "fails"),
    ],
)
def test_a_claim_holds_or_fails_where_the_interval_of_its_probability_lies_beyond(
    true: int, outcome: Outcome
) -> None:
    found = one("flag", flag=yes(true))
    assert found.outcome == outcome
    assert found.probability == true / 1000
    assert (found.probability_low, found.probability_high) == wilson(true, 1000)


@pytest.mark.parametrize("true", [905, 890, 95, 105])
def test_an_interval_across_the_threshold_says_that_more_paths_would_help(true: int) -> None:
    assert one("flag", flag=yes(true)).what_would_make_it_hold.startswith(MORE_PATHS)


def test_what_is_uncertain_with_any_number_of_paths_is_not_blamed_on_them() -> None:
    assert MORE_PATHS not in one("flag", flag=yes(500)).what_would_make_it_hold
    assert one("flag", flag=yes(95_000, 100_000)).outcome == "holds"


def test_all_of_too_few_paths_prove_nothing() -> None:
    assert one("flag", flag=yes(20, 20)).outcome == "cannot tell"
    assert one("flag", flag=yes(35, 35)).outcome == "holds"


def test_the_probability_needed_can_be_moved() -> None:
    assert one("flag", flag=yes(800), probability=0.75).outcome == "holds"
    assert one("flag", flag=yes(800), probability=0.99).outcome == "cannot tell"
    assert one("flag", flag=yes(450), probability=0.5).outcome == "fails"


def test_paths_without_a_value_count_against_either_outcome() -> None:
    figures = np.where(yes(930), 1.0, np.nan)
    assert one("x > 0", x=figures).outcome == "holds"
    figures[:60] = np.nan
    found = one("x > 0", x=figures)
    assert found.outcome == "cannot tell"
    assert found.share_undefined == pytest.approx(0.13)
    assert "undefined on 13 %" in found.why
    # Even if all of them were true it would fail.
    assert one("x > 0", x=np.where(yes(960), -1.0, np.nan)).outcome == "fails"
    assert one("x > 0", x=np.full(1000, np.nan)).outcome == "cannot tell"


def test_a_claim_on_a_probability_is_decided_within_its_noise() -> None:
    words = {"very_unlikely": 0.05}
    question = "probability(share > 0.1) < very_unlikely"
    for true, outcome in ((20, "holds"), (45, "cannot tell"), (55, "cannot tell"), (90, "fails")):
        share = np.where(yes(true), 0.2, 0.0)
        found = one(question, words, share=share)
        assert found.outcome == outcome
        assert found.figure == true / 1000
        assert found.words == words
        assert (MORE_PATHS in found.what_would_make_it_hold) == (outcome == "cannot tell")


def test_a_claim_on_a_median_is_decided_within_its_noise() -> None:
    figures = np.random.default_rng(3).normal(10.0, 5.0, 2000)
    assert one("median(power_mw) > 9", power_mw=figures).outcome == "holds"
    assert one("median(power_mw) > 11", power_mw=figures).outcome == "fails"
    near = one("median(power_mw) > 10", power_mw=figures)
    assert near.outcome == "cannot tell"
    assert near.figure == pytest.approx(float(np.median(figures)))
    assert near.spread == pytest.approx(tuple(np.quantile(figures, [0.05, 0.95])))


def test_the_figure_is_the_median_with_its_spread_and_unit() -> None:
    figures = np.linspace(0.0, 1.0, 101)
    found = one("share >= 0.5", share=figures)
    assert (found.figure, found.unit, found.figure_words) == (0.5, "share", "50 %")
    assert found.spread == pytest.approx((0.05, 0.95))
    turned = one("0.5 <= share", share=figures)
    assert (turned.figure, turned.what_would_make_it_hold) == (0.5, found.what_would_make_it_hold)


def test_what_would_make_it_hold_says_the_gap_at_the_median_and_for_as_many_paths_as_needed() -> (
    None
):
    figures = np.linspace(0.0, 0.1, 101)
    found = one("share >= 0.2", share=figures)
    assert found.outcome == "fails"
    assert found.what_would_make_it_hold == (
        "share must rise by 15 percentage points at the median, to 20 %,"
        " and by 19 percentage points for 90 % of the paths"
    )
    # The change does what it says: moved by so much, nine paths in ten are there.
    assert np.mean(figures + 0.19 >= 0.2 - 1e-12) == pytest.approx(0.9, abs=0.01)
    falls = one("cost_usd < 1e6", cost_usd=np.linspace(2e6, 3e6, 101), probability=0.75)
    assert falls.what_would_make_it_hold == (
        "cost_usd must fall by 1.5 million USD at the median, to 1 million USD,"
        " and by 1.75 million USD for 75 % of the paths"
    )


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (
            "share >= 0.04",
            "share has 1 percentage point to spare to 4 % at the median,"
            " and must rise by 3 percentage points for 90 % of the paths",
        ),
        ("share >= -0.1", "share has 11 percentage points to spare to -10 % on 90 % of the paths"),
        (
            "share between 0.2 and 0.3",
            "share must rise by 15 percentage points at the median, to 20 %",
        ),
        (
            "share between 0.01 and 0.03",
            "share must fall by 2 percentage points at the median, to 3 %, and vary less:"
            " 90 % of the paths span 9 percentage points, the band 2 percentage points",
        ),
        ("share not between -1 and 1", "share must lie below -100 % or above 100 %"),
        ("power_mw = 6", "power_mw must be 6 MW"),
        ("power_mw != 5", "power_mw must not be 5 MW"),
        ("power_mw = 5", "power_mw is 5 MW"),
        ("not power_mw = 5", "power_mw must not be 5 MW"),
        ("not power_mw > 4", "power_mw must fall by 1 MW, to 4 MW"),
        ("power_mw > 5", "power_mw must be above 5 MW"),
        (
            "power_mw / 2 > 4 and share > 0.2",
            "power_mw / 2 must rise by 1.5 MW, to 4 MW; and share must rise by 15 percentage points"
            " at the median, to 20 %, and by 19 percentage points for 90 % of the paths",
        ),
        ("power_mw > 7 or power_mw > 6", "power_mw must rise by 2 MW, to 7 MW"),
        (
            "not (power_mw < 7 or power_mw < 6)",
            "power_mw must rise by 2 MW, to 7 MW; and power_mw must rise by 1 MW, to 6 MW",
        ),
        ("ready", "ready must be true"),
        ("ready or flag", "ready must be true"),
        ('who = "b"', 'who must be = "b", is "a"'),
        ('"b" in all', '"b" must be in all, is "b"'),
        ("start > limit", "start must be 366 days later"),
        ("start >= limit", "start must be 365 days later"),
        ("gaps > 0", "gaps has no value on half of the paths or more"),
        ("zero > 0", "zero must be above 0 on more than 29.7 % of the paths"),
    ],
)
def test_what_would_make_it_hold_in_words(holds: str, words: str) -> None:
    found = one(
        holds,
        {"limit": date(2028, 1, 1)},
        share=np.linspace(0.0, 0.1, 101),
        power_mw=5.0,
        ready=False,
        flag=np.zeros(101, bool),
        who="a",
        all=frozenset({"c"}),
        start=date(2027, 1, 1),
        gaps=np.where(np.arange(101) < 40, 1.0, np.nan),
        zero=np.where(np.arange(101) < 30, 1.0, 0.0),
    )
    assert found.what_would_make_it_hold.removeprefix(MORE_PATHS + "; ") == words


def test_a_figure_that_paths_without_a_value_leave_open_is_told_as_far_as_it_is_known() -> None:
    years = np.arange(1.0, 102.0)
    years[90:] = np.nan
    found = one("years < 1e3", years=years)
    assert (found.figure, found.figure_words) == (None, "40 to 51 years")
    assert found.spread == (-math.inf, math.inf)
    years[40:] = np.nan
    assert one("years < 1e3", years=years).figure_words == "no value"
    almost = np.linspace(10.0, 10.1, 1001)
    almost[0] = np.nan
    assert one("power_mw > 1", power_mw=almost).figure == pytest.approx(10.05, abs=1e-3)


def test_days_and_texts_are_figures_too() -> None:
    found = one("start < 2027-12-31", start=date(2027, 1, 1))
    assert (found.outcome, found.figure_words, found.figure) == ("holds", "2027-01-01", None)
    assert one('who is "a"', who="a").figure_words == "a"


def fact(value: Any, band: tuple[float, float], unit: str = "") -> Judged:
    claim = Claim(
        quote="q",
        source="s, 2025",
        value=value,
        band=band,
        unit=unit,
        fact_source="f, 2021",
        fact_date=date(2021, 1, 1),
    )
    (found,) = judge([claim], known())
    return found


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (18.0, "holds"),
        (22.0, "holds"),
        ((18.0, 22.0), "holds"),
        (17.9, "fails"),
        ((23.0, 29.0), "fails"),
        ((17.8, 29.0), "cannot tell"),
        ((17.0, 18.0), "cannot tell"),
    ],
)
def test_a_fact_holds_inside_its_band_and_fails_outside(value: Any, outcome: Outcome) -> None:
    assert fact(value, (18.0, 22.0)).outcome == outcome


def test_a_fact_says_how_far_it_is_from_its_band() -> None:
    below = fact(0.15, (0.18, 0.22), "share")
    assert (
        below.what_would_make_it_hold
        == "the figure must rise by 3 percentage points, into the band 18 to 22 %"
    )
    above = fact(30.0, (-math.inf, 22.0), "MW")
    assert (
        above.what_would_make_it_hold == "the figure must fall by 8 MW, into the band up to 22 MW"
    )
    assert fact(30.0, (22.0, math.inf)).why == "band from 22"
    assert fact((1.0, 2.0), (0.0, 9.0)).spread == (1.0, 2.0)


def test_a_finding_is_what_its_sources_say() -> None:
    claim = Claim(
        quote="q",
        source="s, 2025",
        finding="cannot tell",
        why="no source",
        needs="a record",
        fact_source="f, 2025",
        fact_date="2025",
    )
    (found,) = judge([claim], known())
    assert (found.outcome, found.basis, found.why) == ("cannot tell", "finding", "no source")
    assert found.what_would_make_it_hold == "a record"


def test_what_a_later_part_will_know_is_not_told_and_says_what_it_needs() -> None:
    found = one("by(2027-12-31) < 0.05")
    assert (found.outcome, found.needs) == ("cannot tell", "gates")
    assert one("consent > 0.5").needs == "the accord"
    with pytest.raises(InputError, match="unknown name whatever"):
        one("whatever > 0.5")
    # Once a part registers the function it is judged.
    by = Function(("date",), "number", lambda day: numbers(0.01))
    there = Known({}, {**STANDARD, "by": by}, later={"by": "gates"})
    claim = Claim(quote="q", source="s, 2025", holds="by(2027-12-31) < 0.05")
    assert judge([claim], there)[0].outcome == "holds"


def test_faults_of_all_claims_are_told_at_once_by_name() -> None:
    claims = [
        Claim(name="first", quote="q", source="s, 2025", holds="shar > 1"),
        Claim(quote="q", source="s, 2025", holds="share"),
        Claim(quote="q", source="s, 2025", holds='share = "a"'),
    ]
    with pytest.raises(InputError) as caught:
        judge(claims, known(share=0.1), {"share": 2.0})
    text = str(caught.value)
    for word in (
        "claims[first].holds",
        "claims[1].holds",
        "claims[2].holds",
        "words.share",
        "nearest  share",
        "a question: true or false",
    ):
        assert word in text


def test_a_judged_claim_is_plain_json() -> None:
    found = one(
        "share > much",
        {"much": 0.5},
        share=np.where(yes(40, 100), np.nan, 1.0),
    )
    row = found.as_dict()
    text = json.dumps(row, allow_nan=False)
    assert json.loads(text)["words"] == {"much": 0.5}
    assert row["spread"] == [None, None]
    assert json.loads(json.dumps(fact(1.0, (0.0, 2.0)).as_dict()))["fact_date"] == "2021-01-01"
