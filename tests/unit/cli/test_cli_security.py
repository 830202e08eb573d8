"""`baseload security`: what it prints and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baseload import security

Command = Callable[..., Any]


def test_security_fits_eighty_columns_and_tells_the_figures(command: Command) -> None:
    outcome = command("security", "--share", "0.27")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    for words in ("9.79 %", "7.59 %", "15 for 1 %, 24 for 0.1 %", "13.7 min", "19.2 days"):
        assert words in outcome.out
    assert "gamma 0  gamma 0.5" in outcome.out
    assert "Not in it: sabotage of pools" in outcome.out


def test_security_as_json_has_unrounded_numbers(command: Command) -> None:
    found = json.loads(
        command("security", "--share", "0.3", "--with", "AntPool", "--gamma", "0.2", "--json").out
    )
    share = 0.3 + 0.7 * security.hash_rate_shares("pool")["AntPool"]
    assert found["share"] == pytest.approx(share, rel=1e-12)
    assert found["members"] == ["mine", "AntPool"]
    assert found["double_spend"] == security.double_spend_probability(found["share"], 6)
    (only,) = found["selfish_mining"]
    assert only["optimal_lower"] <= only["optimal_revenue"] <= only["optimal_upper"]
    assert found["out_of_scope"]


def test_security_of_a_majority_is_said_without_infinities(command: Command) -> None:
    outcome = command("security", "--share", "0.6")
    assert "has it; 20 % of the network more" in outcome.out
    assert "inf" not in outcome.out.replace("infinitely", "")
    assert command("security", "--share", "1").code == 0
    assert command("security", "--share", "0").code == 0


def test_security_of_every_level_has_an_answer(command: Command) -> None:
    for level in ("pool", "template", "operator", "state"):
        outcome = command("security", "--share", "0.2", "--gamma", "1", "--level", level)
        assert outcome.code == 0, outcome.err
        assert f"{level}s, with the mine" in outcome.out
    # Four companies with a quarter of the hash rate: who decides is not known.
    found = json.loads(
        command("security", "--share", "0.2", "--gamma", "1", "--level", "operator", "--json").out
    )
    assert found["concentration"] is None


def test_security_says_what_is_too_small_to_hold_and_what_is_on_the_brink(command: Command) -> None:
    tiny = command("security", "--share", "0.2", "--gamma", "1", "--confirmations", "1000000").out
    assert "1,000,000 confirmations: below 1e-300" in tiny
    half = command("security", "--share", "0.5", "--gamma", "1").out
    assert "on the brink: any more makes one" in half


def test_security_takes_a_table_of_the_users(command: Command, tmp_path: Path) -> None:
    table = tmp_path / "shares.csv"
    table.write_text(
        "level,name,template_family,value,unit,on,source,read_on,note\n"
        "pool,Only Pool,,0.9,share,2026-01,counted,2026-02-01,\n",
        encoding="utf-8",
    )
    outcome = command("security", "--share", "0.1", "--with", "only pool", "--shares", str(table))
    assert "A share of 91 % (mine with Only Pool)" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--share", "27"], ["--share", "found    27", "from 0 to 1", "27 % is 0.27"]),
        (["--share", "nan"], ["--share", "found    nan"]),
        (["--share", "lots"], ["--share", "found    lots"]),
        (["--share", "-0.1"], ["--share"]),
        (["--share", "0.2", "--gamma", "2"], ["--gamma", "found    2"]),
        (["--share", "0.2", "--confirmations", "-1"], ["--confirmations", "found    -1"]),
        (["--share", "0.2", "--with", "Fundry USA"], ["--with", "nearest  Foundry USA"]),
        (["--share", "0.2", "--with", "F2Pool", "--with", "f2pool"], ["--with", "F2Pool twice"]),
        (["--share", "0.2", "--shares", "none.csv"], ["none.csv"]),
        ([], ["--share"]),
    ],
)
def test_security_refuses_in_one_message(
    command: Command, arguments: list[str], words: list[str]
) -> None:
    outcome = command("security", *arguments)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    for each in words:
        assert each in outcome.err
