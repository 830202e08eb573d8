"""Claims read from a scenario or a file, with the places of their faults, and judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.unit.verdict.conftest import CLAIMS, SCENARIO, a_study

from baseload.errors import InputError
from baseload.expression import Function
from baseload.expression.values import numbers
from baseload.verdict.claims_of_study import claims_of_text, counts, judge_study, read_claims


def test_the_claims_of_a_studys_scenario_are_judged() -> None:
    judged = judge_study(a_study(SCENARIO + CLAIMS))
    assert [(one.name, one.outcome) for one in judged] == [
        ("significant", "cannot tell"),  # of four paths no quantile is sure
        ("soon", "cannot tell"),
    ]
    assert judged[1].needs == "gates"
    assert counts(judged) == {"holds": 0, "fails": 0, "cannot tell": 2}
    assert judge_study(a_study()) == ()


def test_a_part_above_registers_what_was_said_to_come_later() -> None:
    gates = {"probability_of_mining_by": Function(("date",), "number", lambda day: numbers(0.01))}
    judged = judge_study(a_study(SCENARIO + CLAIMS), more_functions=gates)
    assert judged[1].outcome == "holds"


def test_words_can_be_moved_but_not_changed_in_kind() -> None:
    claims = claims_of_text(CLAIMS)
    moved = claims.with_words({"significant": 0.5, "short_term": date(2030, 1, 1)})
    assert moved.document.words["significant"] == 0.5
    assert claims.document.words["significant"] == 0.15
    assert claims.with_words({"carbon_g_per_kwh": 9.0}).document.words["carbon_g_per_kwh"] == 9.0
    with pytest.raises(InputError, match="nearest  significant"):
        claims.with_words({"signifcant": 0.5})
    with pytest.raises(InputError, match="allowed  a number"):
        claims.with_words({"significant": date(2030, 1, 1)})
    with pytest.raises(InputError, match="allowed  a day"):
        claims.with_words({"short_term": 3.0})


def test_a_moved_constant_reaches_what_follows_from_it() -> None:
    text = CLAIMS.replace("median(network_share_peak)", "carbon_g_per_kwh + 0 * significant")
    still = judge_study(a_study(SCENARIO + text))[0]
    assert still.figure == 24.0
    moved = claims_of_text(text).with_words({"carbon_g_per_kwh": 7.0})
    found = judge_study(a_study(), moved)[0]
    assert found.figure == 7.0
    assert found.words == {"carbon_g_per_kwh": 7.0, "significant": 0.15}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("network_share_peak", "network_share_peek", 6, ["nearest  network_share_peak", "^"]),
        ("median(", "eval(", 6, ["eval( ), an unknown function"]),
        ("median(network_share_peak)", "network_share_peak.real", 6, ["unknown name"]),
        (">= significant", ">= short_term", 6, ["a number and a day"]),
        ("median(network_share_peak) >= significant", "median(npv_usd)", 6, ["a question"]),
        ('"soon"', '"significant"', 8, ["a second claim named significant"]),
        ("significant   =", "npv_usd = 1\nsignificant   =", 15, ["a name that results have"]),
        ("significant   =", "median = 1\nsignificant   =", 15, ["a name that results have"]),
        ("short_term)", "2027)", 12, ["a number", "a day as value 1"]),
    ],
)
def test_faults_are_told_where_they_stand_before_anything_runs(
    old: str, new: str, line: int, words: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        claims_of_text(CLAIMS.replace(old, new), "case.toml")
    assert f"case.toml:{line}:" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_file_of_claims_holds_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "claims.toml"
    file.write_text(CLAIMS, encoding="utf-8")
    assert len(read_claims(file).document.claims) == 2
    file.write_text(CLAIMS + "\n[plant]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(InputError, match="plant"):
        read_claims(file)
    with pytest.raises(InputError, match="no such file"):
        read_claims(tmp_path / "none.toml")
