"""`baseload claims` on a study made by hand: what it prints and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.verdict.conftest import CLAIMS, SCENARIO, a_study

from baseload.cli.claims import claims_text
from baseload.verdict.claims_of_study import claims_of_text, judge_study

Command = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_study(SCENARIO + CLAIMS).save(tmp_path / "study")


def test_the_claims_of_a_study_are_printed_within_80_columns(
    command: Command, folder: Path
) -> None:
    outcome = command("claims", str(folder))
    assert outcome.code == 0, outcome.err
    assert max(map(len, outcome.out.splitlines())) <= 80
    for word in ("By hand: claims", "0 hold, 0 fail, 2 cannot be told", "cannot tell  significant"):
        assert word in outcome.out
    for row in ("  figure     20 % (5 to 95 %:", "  would hold more paths would help", "  needs"):
        assert row in outcome.out


def test_json_is_one_object_with_plain_values(command: Command, folder: Path) -> None:
    found = json.loads(command("claims", str(folder), "--json").out)
    assert found["counts"] == {"holds": 0, "fails": 0, "cannot tell": 2}
    assert found["words"]["short_term"] == "2027-12-31"
    assert found["claims"][0]["figure"] == 0.2
    assert found["claims"][0]["words"] == {"significant": 0.15}


def test_a_word_is_moved_on_the_command_line(command: Command, folder: Path) -> None:
    found = command("claims", str(folder), "--word", "significant=0.9", "--json")
    claim = json.loads(found.out)["claims"][0]
    assert claim["words"] == {"significant": 0.9}
    assert "must rise by 70 percentage points" in claim["what_would_make_it_hold"]


def test_a_file_of_claims_takes_the_place_of_the_scenarios(
    command: Command, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    text = '[[claims]]\nname = "two"\nquote = "q"\nsource = "s, 2025"\nholds = "plant.units = 2"\n'
    file.write_text(text, encoding="utf-8")
    outcome = command("claims", str(folder), "--claims", str(file))
    assert "1 hold, 0 fail, 0 cannot be told" in outcome.out
    assert "margin     plant.units is 2" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--word", "significant"], ["--word", "NAME=VALUE"]),
        (["--word", "significant=much"], ["--word", "significant=much"]),
        (["--word", "signifcant=1"], ["nearest  significant"]),
        (["--word", "short_term=3"], ["words.short_term", "a day"]),
        (["--word", "significant=nan"], ["words.significant", "finite"]),
        (["--paths", "10"], ["--paths", "with a study that has run"]),
        (["--set", "years=3"], ["--set", "with a study that has run"]),
        (["--claims", "nowhere.toml"], ["nowhere.toml", "no such file"]),
    ],
    ids=" ".join,
)
def test_bad_input_is_told_in_words(
    command: Command, folder: Path, arguments: list[str], words: list[str]
) -> None:
    outcome = command("claims", str(folder), *arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    for word in words:
        assert word in outcome.err


def test_faults_in_a_claim_are_told_before_a_scenario_is_run(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[[claims]]\nquote = "q"\nsource = "s, 2025"\nholds = "npv > 1"\n', "utf-8")
    outcome = command("claims", "zaporizhzhia", "--claims", str(file))
    assert outcome.code == 2
    assert "own.toml:4:" in outcome.err


def test_a_study_without_claims_says_so() -> None:
    study = a_study()
    assert "no claims" in claims_text(study, judge_study(study, claims_of_text("")))
