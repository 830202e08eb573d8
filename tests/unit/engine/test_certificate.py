"""The certificate: the small plant's weeks are optimal, and a dispatch that is not is found out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import baseload
from baseload.cli.run import command
from baseload.engine import certificate
from baseload.engine.certificate import (
    CANDIDATES,
    LARGEST_GAP,
    WeekOfPath,
    certify,
    chosen_weeks,
    traced_weeks,
    week_of_path,
    weigh,
)
from baseload.engine.linked_certificate import WEEK_HOURS
from baseload.engine.plan import Plan, plan
from baseload.engine.pool import EngineFault, trace_path
from baseload.engine.slot_kernels import ALWAYS_FIRST
from baseload.errors import InputError
from baseload.report.sections import made_rows

SEED, PATHS = 5, 24


@pytest.fixture(scope="module")
def small_plan(small_scenario: baseload.Scenario) -> Plan:
    return plan(small_scenario.model, small_scenario.folder, SEED)


@pytest.fixture(scope="module")
def week(small_plan: Plan) -> WeekOfPath:
    """The first of the chosen weeks in which both mine and export get something."""
    candidates = chosen_weeks(SEED, PATHS, small_plan.horizon.hours, 12)
    return next(
        week
        for week in traced_weeks(small_plan, candidates, week_of_path)
        if week.mine.any() and week.export.any()
    )


def by_hand(**changes: object) -> WeekOfPath:
    """One hour: 100 kW after firm load, a slot of 60 kW worth 30 and export worth 20 up to 50 kW."""
    hour = WeekOfPath(
        path=0,
        first_hour=0,
        available=np.array([140]),
        firm=np.array([40]),
        served_by_plant=np.array([40]),
        mine=np.array([60]),
        export=np.array([40]),
        curtailed=np.array([0]),
        export_limit=np.array([50]),
        stopped=np.array([False]),
        export_value=np.array([20_000]),
        slot_value=np.array([[30_000]]),
        slot_kw=np.array([[60]]),
        falls=np.array([0]),
        tranche_kw=1000,
    )
    return hour._replace(**changes)  # type: ignore[arg-type]


def test_an_hour_by_hand_is_worth_its_optimum() -> None:
    found = weigh(by_hand())
    assert found.optimum_micro_usd == 60 * 30_000 + 40 * 20_000
    assert found.run_micro_usd == found.optimum_micro_usd
    assert found.gap == 0.0


def test_export_before_a_better_mine_leaves_a_gap() -> None:
    found = weigh(by_hand(mine=np.array([50]), export=np.array([50])))
    assert found.run_micro_usd == 50 * 30_000 + 50 * 20_000
    assert found.gap == pytest.approx(100_000 / 2_600_000)


def test_a_hall_that_always_runs_is_served_before_all_value() -> None:
    always = {"slot_value": np.array([[ALWAYS_FIRST]])}
    found = weigh(by_hand(**always))
    assert (found.optimum_micro_usd, found.run_micro_usd) == (800_000, 800_000)
    with pytest.raises(EngineFault, match="always runs goes without"):
        weigh(by_hand(**always, mine=np.array([50]), export=np.array([50])))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"served_by_plant": np.array([30]), "mine": np.array([70])}, "firm load is not first"),
        ({"mine": np.array([59])}, "the surplus is not used up"),
        ({"mine": np.array([70]), "export": np.array([30])}, "more than may run"),
        ({"stopped": np.array([True])}, "more than may run"),
        ({"export_limit": np.array([30])}, "beyond its limit"),
        ({"tranche_kw": 30}, "beyond its limit"),
        ({"mine": np.array([61]), "curtailed": np.array([-1])}, "more than may run"),
        ({"export": np.array([41]), "curtailed": np.array([-1])}, "more is used than there is"),
    ],
)
def test_a_broken_rule_is_a_fault_of_ours(changes: dict[str, object], words: str) -> None:
    with pytest.raises(EngineFault, match=f"path 0, hour 0: .*{words}"):
        weigh(by_hand(**changes))


def test_a_traced_week_is_optimal_and_one_kilowatt_hour_less_is_seen(week: WeekOfPath) -> None:
    assert weigh(week).gap == 0.0
    net = week.slot_value.max(axis=1) * (week.mine > 0)
    hour = int(np.argmax(net))
    mine, curtailed = week.mine.copy(), week.curtailed.copy()
    mine[hour] -= 1
    curtailed[hour] += 1
    assert weigh(week._replace(mine=mine, curtailed=curtailed)).gap > LARGEST_GAP


def test_the_traced_week_decides_something(week: WeekOfPath) -> None:
    values = np.concatenate([week.slot_value, week.export_value[:, None]], axis=1)
    assert week.available.shape == (WEEK_HOURS,)
    assert weigh(week).run_micro_usd > 0
    assert np.unique(values, axis=0).shape[0] > 1


def test_a_run_that_is_not_optimal_stops(small_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = weigh

    def short_by_one_cent(week: WeekOfPath) -> certificate.WeighedWeek:
        found = honest(week)
        return replace(found, run_micro_usd=found.run_micro_usd - 10_000)

    monkeypatch.setattr(certificate, "weigh", short_by_one_cent)
    with pytest.raises(EngineFault, match="the optimum is"):
        certify(small_plan, SEED, PATHS, 1)


def test_the_certificate_of_the_small_plant_has_no_gap(small_plan: Plan) -> None:
    found = certify(small_plan, SEED, PATHS, 12)
    assert found is not None
    facts = found.facts()
    assert facts["weeks"] == 12
    assert facts["weeks_with_surplus"] > 6
    assert facts["largest_relative_gap"] <= LARGEST_GAP
    assert facts["mean_relative_gap"] <= LARGEST_GAP
    assert len({(week.path, week.first_hour) for week in found.weeks}) > 6


def test_the_stops_of_the_mine_are_met_in_some_week(small_plan: Plan) -> None:
    weeks = list(
        traced_weeks(
            small_plan, chosen_weeks(SEED, PATHS, small_plan.horizon.hours, 60), week_of_path
        )
    )
    stopped = [week for week in weeks if (week.stopped & (week.surplus > 0)).any()]
    assert stopped
    assert all(weigh(week).gap == 0.0 for week in stopped)


def test_the_same_seed_chooses_the_same_weeks() -> None:
    hours = 2 * 8760
    chosen = chosen_weeks(7, 1000, hours, 12)
    assert chosen == chosen_weeks(7, 1000, hours, 12)
    assert chosen != chosen_weeks(8, 1000, hours, 12)
    assert chosen[:5] == chosen_weeks(7, 1000, hours, 5)
    assert all(len(candidates) == CANDIDATES for candidates in chosen)
    for path, first in (candidate for candidates in chosen for candidate in candidates):
        assert 0 <= path < 1000
        assert first % WEEK_HOURS == 0
        assert 0 <= first <= hours - WEEK_HOURS


def test_a_path_is_traced_once_for_all_its_weeks(
    small_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced: list[int] = []

    def counted(plan: Plan, path: int):  # type: ignore[no-untyped-def]
        traced.append(path)
        return trace_path(plan, path)

    monkeypatch.setattr(certificate, "trace_path", counted)
    assert (
        len(list(traced_weeks(small_plan, chosen_weeks(SEED, 1, 2 * 8760, 12), week_of_path))) == 12
    )
    assert len(traced) <= CANDIDATES


def test_no_weeks_make_no_certificate(small_plan: Plan) -> None:
    assert certify(small_plan, SEED, PATHS, 0) is None


def test_a_mine_that_may_buy_is_left_out_and_says_why(scenario_folder: Path) -> None:
    scenario = baseload.load(scenario_folder / "small.toml", ["grid.mine_may_import=true"])
    study = baseload.run(scenario, paths=1, seed=SEED, threads=1)
    assert study.certificate is not None
    assert study.certificate["weeks"] == 0
    assert study.certificate["largest_relative_gap"] is None
    assert "mine_may_import" in study.certificate["reason"]


def test_the_study_carries_its_certificate(small_study: baseload.Study, tmp_path: Path) -> None:
    assert small_study.certificate is not None
    assert small_study.certificate["weeks"] == 12
    assert small_study.to_json()["certificate"] == small_study.certificate
    assert small_study.to_json()["certificate_seconds"] > 0.0
    folder = small_study.save(tmp_path / "study")
    assert baseload.open_study(folder).certificate == small_study.certificate


def test_a_study_from_before_the_certificate_opens(
    small_study: baseload.Study, tmp_path: Path
) -> None:
    facts = {name: fact for name, fact in small_study.facts.items() if name != "certificate"}
    timings = {n: s for n, s in small_study.timings.items() if n != "certificate_seconds"}
    older = replace(small_study, facts=facts, timings=timings)
    opened = baseload.open_study(older.save(tmp_path / "study"))
    assert opened.certificate is None
    assert opened.to_json()["certificate_seconds"] is None


@pytest.mark.parametrize("weeks", [-1, 2.5, True, 10_001])
def test_counts_of_weeks_that_cannot_be_are_refused(
    small_scenario: baseload.Scenario, weeks: int
) -> None:
    with pytest.raises(InputError, match="certificate_weeks"):
        baseload.run(small_scenario, paths=1, threads=1, certificate_weeks=weeks)


@pytest.mark.parametrize("weeks", ["-1", "2.5", "10001", "many"])
def test_the_command_line_refuses_the_same_counts(weeks: str) -> None:
    with pytest.raises(InputError, match="--certificate-weeks"):
        command.main(["x", "--certificate-weeks", weeks], standalone_mode=False)


def test_the_command_line_runs_as_many_weeks_as_asked_for(
    scenario_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = str(scenario_folder / "small.toml")
    for given, weeks in (([], 12), (["--certificate-weeks", "2"], 2)):
        command.main([scenario, "--paths", "2", "--json", *given], standalone_mode=False)
        assert json.loads(capsys.readouterr().out)["certificate"]["weeks"] == weeks
    command.main(
        [scenario, "--paths", "2", "--json", "--certificate-weeks", "0"], standalone_mode=False
    )
    assert json.loads(capsys.readouterr().out)["certificate"] is None


def test_the_report_says_what_came_of_it(small_study: baseload.Study) -> None:
    rows = dict(made_rows(small_study))
    assert rows["certificate"].startswith("12 weeks of paths solved")
    without = replace(small_study, facts={**small_study.facts, "certificate": None})
    assert dict(made_rows(without))["certificate"] == "none asked for"
