"""Who has to agree, from the scenario to the page of a small study."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars
import pytest

import baseload
from baseload.accord import shapley_value
from baseload.agreement.accord import accord_of
from baseload.errors import InputError
from baseload.sharing.audit import differences
from baseload.sharing.lines import Row
from baseload.verdict.arrangements import verdicts
from baseload.verdict.sentences import verdict_of

PATHS = 6


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(__file__).parent.parent / "scenarios"
    text = (folder / "small.toml").read_text() + "\n" + (folder / "accord.toml").read_text()
    path = tmp_path_factory.mktemp("accord") / "agreed.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(file: Path) -> baseload.Study:
    return baseload.run(baseload.load(file), paths=PATHS, certificate_weeks=0, threads=2)


@pytest.fixture(scope="module")
def accord(study: baseload.Study) -> dict[str, Any]:
    assert study.accord is not None
    return study.accord


def test_each_configuration_is_simulated_once_for_all_coalitions(accord: dict[str, Any]) -> None:
    assert accord["coalitions"] == 3 and len(accord["configurations"]) == 2
    assert accord["paths"] == PATHS


def test_the_shapley_value_follows_from_the_coalitions(accord: dict[str, Any]) -> None:
    values = {
        frozenset(one["coalition"]): one["mean_usd"] for one in accord["solutions"]["coalitions"]
    }
    expected = shapley_value(values)
    for name, usd in accord["solutions"]["shapley"]["payoff_usd"].items():
        assert usd == pytest.approx(expected[name], rel=1e-6)


def test_payoffs_of_an_arrangement_add_up_to_the_cash_of_its_paths(
    study: baseload.Study, accord: dict[str, Any]
) -> None:
    # At rates of their own they cannot; the receipts are at the scenario's one rate.
    receipts = sum(accord["solutions"]["receipts_usd"].values())
    together = accord["solutions"]["coalitions"][-1]["mean_usd"]
    assert receipts == pytest.approx(together, rel=1e-6)


def test_every_party_can_recompute_its_line_from_the_file_alone(study: baseload.Study) -> None:
    scenario = study.scenario_text
    assert scenario
    rows = [Row(*row) for row in study.payouts.iter_rows()]
    assert len(rows) == 24 * (5 + 3 * 7)
    model = baseload.load(_written(study)).model
    assert model.accord is not None and model.accord.governing is not None
    terms = model.accord.governing.terms
    assert terms is not None
    assert differences(rows, terms) == []


def _written(study: baseload.Study) -> Path:
    import tempfile

    path = Path(tempfile.mkdtemp()) / "scenario.toml"
    path.write_text(study.scenario_text, encoding="utf-8")
    return path


def test_what_is_paid_out_is_the_ledgers_net_cash_to_the_cent(study: baseload.Study) -> None:
    ledger = study.ledger.filter(polars.col("variant") == "run")
    net = ledger.group_by("month").agg(polars.col("cents").sum()).sort("month")["cents"]
    paid = (
        study.payouts.filter(polars.col("party") != "project")
        .group_by("month")
        .agg(polars.col("cents").sum())
        .sort("month")["cents"]
    )
    assert paid.to_list() == net.to_list()
    mined = study.payouts.filter(
        (polars.col("party") == "project") & (polars.col("line") == "coins")
    )
    given = study.payouts.filter(polars.col("party") != "project")["satoshis"].sum()
    assert 0 < given <= mined["satoshis"].sum()


def test_red_lines_and_leaving_are_told(accord: dict[str, Any]) -> None:
    together = accord["arrangements"][1]
    lines = {line["line"]: line["holds"] for line in together["red_lines"]}
    assert lines["We operate"] is True
    assert lines["It pays"] is (together["payoffs"]["owner"]["mean_usd"] > 0)
    assert together["leaving"]["parties"].keys() == {"holder", "owner"}
    assert accord["arrangements"][0]["leaving"] is None


def test_the_gates_say_how_likely_it_is(study: baseload.Study, accord: dict[str, Any]) -> None:
    together = accord["arrangements"][1]["chances"]
    assert 0.0 < together["ever"]["value"] < 0.5 * 0.8 + 0.1
    curve = [each["mining"]["value"] for each in together["first_mining_by"]]
    assert curve == sorted(curve)
    assert study.conditional_on.startswith("'together' agreed and begun on 2027-01-01; that mining")
    assert [gate["gate"] for gate in accord["arrangements"][2]["chances"]["gates"]] == ["signature"]


def test_threads_and_chunks_change_no_byte_of_it(file: Path, accord: dict[str, Any]) -> None:
    again = baseload.run(
        baseload.load(file), paths=PATHS, certificate_weeks=0, threads=1, chunk_paths=1
    )
    assert again.accord == accord


def test_the_scenarios_own_run_stands_for_its_configuration(
    file: Path, accord: dict[str, Any]
) -> None:
    scenario = baseload.load(file)
    assert scenario.model.accord is not None
    alone, _ = accord_of(scenario, scenario.model.accord, PATHS, seed=1, threads=1)
    assert alone == accord


def test_a_gain_of_all_that_is_lost_in_noise_is_said_to_be(
    study: baseload.Study, accord: dict[str, Any]
) -> None:
    noisy = copy.deepcopy(accord)
    one = next(each for each in noisy["arrangements"] if each["name"] != noisy["disagreement"])
    one["standing"]["together"] |= {
        "mean_usd": 2e8,
        "standard_error_usd": 5e8,
        "median_usd": -1e8,
        "probability_of_gain": 0.4,
        "says": "cannot tell",
    }
    told = next(each for each in verdicts(noisy) if each.name == one["name"])
    assert "whether the parties gain by it together cannot be told" in told.headline
    worth = dict(told.sentences)["worth"]
    assert "gain 200 million USD in the mean" in worth and "± 1 billion USD" in worth
    facts = {**study.facts, "accord": noisy}
    consent = dict(verdict_of(dataclasses.replace(study, facts=facts)))["consent"]
    assert f"of 1 it cannot be told ({one['name']})" in consent


def test_without_paths_there_is_no_accord(file: Path) -> None:
    study = baseload.run(baseload.load(file), paths=1, certificate_weeks=0, accord_paths=0)
    assert study.accord is None
    assert "how likely that is: `baseload accord`" in study.conditional_on


def test_a_red_line_that_asks_for_nothing_known_is_refused_before_anything_runs(file: Path) -> None:
    text = file.read_text().replace("payoff_of", "payof_of")
    path = file.with_name("wrong.toml")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="payoff_of"):
        baseload.run(baseload.load(path), paths=1)


def test_the_command_prints_it_within_80_columns_and_as_json(
    study: baseload.Study, accord: dict[str, Any], tmp_path: Path
) -> None:
    folder = study.save(tmp_path / "study")
    assert baseload.open_study(folder).payouts.equals(study.payouts)

    def said(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "baseload", "accord", str(folder), *arguments],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    text = said()
    assert max(map(len, text.splitlines())) <= 80
    assert "takes no side" in " ".join(text.split())
    assert "as of 2026-11-24" in text
    found = json.loads(said("--json"))
    assert found["arrangements"] == accord["arrangements"]


def test_a_study_without_parties_has_no_accord_to_print(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "baseload", "accord", "susquehanna"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "[accord]" in done.stderr and "Traceback" not in done.stderr


def test_the_page_tells_it_and_draws_it(study: baseload.Study, accord: dict[str, Any]) -> None:
    from baseload.report.catalogue import named_figures
    from baseload.report.page import render_report, report_sections

    page = render_report(study)
    section = page[page.index('<section id="accord">') :]
    section = section[: section.index("</section>")]
    for text in ("takes no side", "as of 2026-11-24", "Red lines", "What can be verified"):
        assert text in section
    for one in accord["arrangements"]:
        assert one["name"] in section
    assert "nan" not in re.sub(r"<[^>]*>", " ", section).split()
    assert page.index('id="verdict"') < page.index('id="headline"') < page.index('id="accord"')
    assert {"gains-by-arrangement-and-party", "when-mining-would-begin"} <= set(
        named_figures(report_sections(study))
    )
