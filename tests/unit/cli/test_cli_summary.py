"""The summary fits a terminal and says the uncomfortable things first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseload.cli.summary import LINES, summary_text


def rows(study: Any) -> list[str]:
    return summary_text(study).splitlines()


@pytest.mark.parametrize("warnings", [0, 1, 2, 3, 30])
def test_the_summary_fits_80_columns_and_24_lines_with_the_prompt(
    study: Any, warnings: int
) -> None:
    lines = rows(replace(study, warnings=("something long to say " * 9,) * warnings))
    assert len(lines) <= LINES - 1
    assert max(map(len, lines)) <= 80


def test_a_long_title_and_a_long_condition_still_fit(study: Any) -> None:
    lines = rows(
        replace(study, title="t " * 90, conditional_on="only if " * 40, warnings=("w",) * 5)
    )
    assert len(lines) <= LINES - 1
    assert max(map(len, lines)) <= 80


def test_the_first_line_says_what_the_study_is_conditional_on(study: Any) -> None:
    assert rows(study)[0] == f"Conditional on: {study.conditional_on}"


def test_exposure_comes_before_money_and_cost_beside_revenue(study: Any) -> None:
    lines = rows(study)
    places = {
        label: next(place for place, line in enumerate(lines) if line.startswith(label))
        for label in (
            "reactor-years",
            "mine, export",
            "cost per bitcoin",
            "revenue per bitcoin",
            "value of restarting",
            "value of mining",
        )
    }
    assert list(places.values()) == sorted(places.values())
    assert places["revenue per bitcoin"] == places["cost per bitcoin"] + 1


def test_values_come_with_the_chance_of_a_gain_and_whether_the_sign_flips(study: Any) -> None:
    text = summary_text(study)
    assert "34 % of paths by restarting, 61 % by mining" in text
    assert "-12.3 billion USD" in next(line for line in rows(study) if "of restarting" in line)
    assert "-1.5 billion USD, gain in 21 %: the sign flips" in text
    steady = replace(study, flip=study.flip | {"flips": False})
    assert "the sign flips" not in summary_text(steady)
    assert "if the coin" not in summary_text(replace(study, flip=None))


def test_bitcoin_are_given_per_year_of_the_horizon(study: Any) -> None:
    (line,) = [line for line in rows(study) if line.startswith("bitcoin per year")]
    assert line.split()[3:] == ["5,490", "BTC", "6,100", "BTC", "6,710", "BTC"]


def test_a_figure_that_is_not_defined_reads_none(study: Any) -> None:
    empty = dict.fromkeys(study.summary["cost_per_bitcoin_usd"])
    changed = replace(study, summary=study.summary | {"cost_per_bitcoin_usd": empty})
    (line,) = [line for line in rows(changed) if line.startswith("cost per bitcoin")]
    assert line.split()[3:] == ["none"] * 3
    assert "none" in summary_text(replace(study, summary={}))


def test_warnings_that_do_not_fit_are_counted(study: Any) -> None:
    few = rows(replace(study, warnings=("one", "two")))
    assert few[-2:] == ["warning: one", "warning: two"]
    many = rows(replace(study, warnings=tuple("abcdefghij")))
    shown = [line for line in many if line.startswith("warning: ")]
    assert many[-1] == f"{10 - len(shown)} warnings more: in the report, and with --json"


def test_what_took_how_long_stands_apart_and_fits(study: Any) -> None:
    (line,) = [line for line in rows(study) if line.startswith("seconds: ")]
    assert line == (
        "seconds: import 0.8, compile 60.7, engine 2,345.6, certificate 10.7, write 123.4"
    )
    fast = {"engine_seconds": 1.0, "certificate_seconds": None}
    assert rows(replace(study, timings=fast))[-1] == "seconds: engine 1.0"
    assert not any("seconds" in line for line in rows(replace(study, timings={})))


def test_the_summary_says_how_often_and_when_thresholds_are_crossed(study: Any) -> None:
    crossed = [("a tenth", 0.81, "2032-12-01"), ("a third", 0.5, "2036-08-01"), ("half", 0.0, None)]
    security = {
        "thresholds": [
            {"threshold": name, "probability": chance, "median": day}
            for name, chance, day in crossed
        ]
    }
    lines = rows(replace(study, security=security))
    assert "  above 10 %, 1/3, 1/2    on 81 % (2032), 50 % (2036), 0 % of paths" in "\n".join(lines)
    assert len(lines) <= LINES - 1
    assert max(map(len, lines)) <= 80
