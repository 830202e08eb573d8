"""Commands called in this process: what they print, what they refuse, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import baseload
from baseload.cli import main as entry
from baseload.cli.accord import PATHS_OF_EACH
from baseload.cli.group import COMMANDS, commands
from baseload.cli.interrupt import enough_memory
from baseload.cli.options import DEFAULT_PATHS, DEFAULT_SEED, WholeNumber
from baseload.cli.text import finite, say_json, table
from baseload.errors import InputError, MachineFault
from baseload.fleet.catalogue import machines

Command = Callable[..., Any]


def test_every_command_has_help_with_an_example(command: Command) -> None:
    for name in COMMANDS:
        outcome = command(name, "--help")
        assert outcome.code == 0
        assert f"Example: baseload {name}" in " ".join(outcome.out.split())
        assert max(map(len, outcome.out.splitlines())) <= 80


def test_the_program_without_a_command_explains_itself(command: Command) -> None:
    outcome = command()
    assert outcome.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in outcome.out


def test_an_option_of_many_commands_is_declared_once() -> None:
    declared: dict[str, list[click.Option]] = {}
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        for one in command.params:
            if isinstance(one, click.Option):
                declared.setdefault(one.opts[0], []).append(one)
    for option, count in (("--threads", 4), ("--seed", 5), ("--paths", 4)):
        assert len(declared[option]) == count
        types = [one.type for one in declared[option]]
        assert all(isinstance(one, WholeNumber) for one in types)
        bounds = {(one.low, one.high) for one in types if isinstance(one, WholeNumber)}
        # An accord runs each path for every configuration, so that it takes fewer.
        assert len(bounds) == (2 if option == "--paths" else 1)
        defaults = {one.default for one in declared[option] if isinstance(one.default, int)}
        assert defaults <= {DEFAULT_PATHS, DEFAULT_SEED}
    assert len({one.help for one in declared["--threads"]}) == 1
    for one in declared["--paths"]:
        least = PATHS_OF_EACH if "configuration" in str(one.help) else DEFAULT_PATHS
        assert one.default == least or str(least) in str(one.help)


def test_too_little_memory_is_told_and_no_other_fault_as_such() -> None:
    with (
        pytest.raises(MachineFault, match="not enough memory for the study"),
        enough_memory("5 paths of 2 years"),
    ):
        raise MemoryError
    with pytest.raises(ZeroDivisionError), enough_memory("5 paths of 2 years"):
        raise ZeroDivisionError


def test_the_version_is_the_packages(command: Command) -> None:
    assert command("--version").out == f"baseload {baseload.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rnu"], ["rnu, a command that baseload does not have", "nearest  run"]),
        (["xyzzy"], ["xyzzy, a command", "allowed  run, report"]),
        (["run"], ["no SCENARIO", "baseload run --help"]),
        (
            ["list", "--jsn"],
            ["--jsn, an option that baseload list does not have", "nearest  --json"],
        ),
        (["--verson"], ["--verson, an option", "nearest  --version"]),
        (["list", "extra"], ["extra"]),
        (["run", "x", "--paths", "0"], ["--paths", "found    0", "a whole number from 1 to"]),
        (["run", "x", "--paths", "many"], ["--paths", "found    many"]),
        (["run", "x", "--threads", "0"], ["--threads", "found    0"]),
        (["run", "x", "--seed", "-1"], ["--seed", "found    -1", "of at least 0"]),
        (["run", "x", "--seed", "1.5"], ["--seed", "found    1.5"]),
        (["run", "x", "--trace", "-1"], ["--trace", "found    -1"]),
        (["run", "x", "--report"], ["--report", "--out DIR beside it"]),
        (["schema", "plant.unit"], ["plant.unit, which a scenario does not have", "plant.units"]),
        (["new", "mine"], ["ends in .toml", "nearest  mine.toml"]),
    ],
    ids=" ".join,
)
def test_bad_input_is_told_in_words_with_exit_code_2(
    command: Command, arguments: list[str], words: list[str]
) -> None:
    outcome = command(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    for word in words:
        assert word in outcome.err


def test_numbers_with_an_upper_case_or_a_blank_are_read_like_pythons_own() -> None:
    assert WholeNumber(1, 9).convert(" 7 ", None, None) == 7
    with pytest.raises(InputError, match="from 1 to 9"):
        WholeNumber(1, 9).convert("1e3", None, None)


def test_json_has_null_for_what_is_no_number_and_dates_as_iso(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_json(
        {"a": [float("inf"), float("nan"), 0.1 + 0.2], "day": machines()["antminer-s9"].read_on}
    )
    text = capsys.readouterr().out
    assert "NaN" not in text
    assert json.loads(text)["a"] == [None, None, 0.1 + 0.2]
    assert "0.30000000000000004" in text
    assert len(json.loads(text)["day"]) == 10
    assert finite((1, None)) == [1, None]


def test_a_table_pads_numbers_on_the_left_and_ends_without_blanks() -> None:
    text = table(("name", "MW", "note"), [("a", "1", ""), ("long name", "100", "x")])
    assert text.splitlines() == ["name        MW  note", "a            1", "long name  100     x"]


def test_machines_are_listed_within_80_columns(command: Command) -> None:
    lines = command("machines").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.split(" ")[0] in machines() for line in lines) == len(machines())
    rows = json.loads(command("machines", "--json").out)
    assert [row["id"] for row in rows] == list(machines())
    assert all(row["source"] for row in rows)


def test_show_names_units_demand_fleet_and_network(command: Command, scenario_file: Path) -> None:
    outcome = command("show", str(scenario_file), "--set", "fleet.0.mine_mw=20")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    for word in ("A small plant", "one ", "town: 20 MW", "20 MW of antminer-s21", "5,442 machines"):
        assert word in outcome.out
    shown = json.loads(command("show", str(scenario_file), "--json").out)
    assert shown["scenario"]["start"] == "2027-01-01"
    assert shown["title"] == "A small plant"


def test_check_says_what_the_processes_mean(command: Command, scenario_file: Path) -> None:
    outcome = command("check", str(scenario_file))
    assert outcome.code == 0
    assert outcome.out.startswith("ok: A small plant\n")
    assert "10 years" in outcome.out
    assert "warning: one is old" in outcome.out
    assert "(real)" not in outcome.out  # the scenario's own words say it already
    found = json.loads(command("check", str(scenario_file), "--json").out)
    assert found["ok"] is True
    assert found["years"] == [0.0, 1.0, 5.0, 10.0]
    by_name = {(row["quantity"], row["what"]): row["values"] for row in found["outlook"]}
    assert by_name["bitcoin", "median"] == pytest.approx([60_000.0] * 4, rel=1e-12)
    # 200 days from the snapshot to the start: the mean grows by sigma^2 / 2 a year.
    assert by_name["bitcoin", "mean"][3] == pytest.approx(
        60_000 * 2.718281828459045 ** (0.125 * (200 / 365.25 + 10)), rel=1e-9
    )
    assert by_name["power", "mean"] == [50.0] * 4


def test_check_warns_where_a_mean_outgrows_the_discount_rate(
    command: Command, scenario_file: Path
) -> None:
    reverting = "network.price_usd={mean-reverting={median_growth_per_year=0.2}}"
    assert "faster than the discount rate" in command(
        "check", str(scenario_file), "--set", reverting
    ).out.replace("\n", " ")
    calm = reverting.replace("0.2", "0.02")
    assert "faster than" not in command("check", str(scenario_file), "--set", calm).out


def test_check_of_a_replayed_start_shows_dashes_until_the_snapshot(
    command: Command, scenario_file: Path
) -> None:
    outcome = command("check", str(scenario_file), "--set", "start=2023-01-01")
    assert outcome.code == 0
    (line,) = [
        line
        for line in outcome.out.splitlines()
        if line.startswith("bitcoin [USD]  ") and "mean" in line
    ]
    assert line.split()[3:5] == ["–", "–"]
    assert "before 2026-06-15 the network's past is replayed" in " ".join(outcome.out.split())


def test_check_lists_faults_as_json(command: Command, scenario_file: Path) -> None:
    outcome = command("check", str(scenario_file), "--set", "plant.units.0.net_mw=-5", "--json")
    assert outcome.code == 2
    found = json.loads(outcome.out)
    assert found["ok"] is False
    assert [fault["field"] for fault in found["faults"]] == ["plant.units[one].net_mw"]
    assert found["faults"][0]["file"] == "--set"


def test_schema_lists_every_key_with_unit_bounds_and_default(command: Command) -> None:
    keys = {key["key"]: key for key in json.loads(command("schema", "--json").out)}
    mine = keys["fleet[].mine_mw"]
    assert (mine["unit"], mine["type"], mine["uncertain"], mine["required"]) == (
        "MW", "number", True, True,
    )  # fmt: skip
    assert mine["allowed"] == "a number of at least 0 [MW], or a distribution"
    assert keys["years"]["default"] == 20
    assert keys["years"]["uncertain"] is False
    assert keys["plant.units[].licences[].from"]["type"] == "date"
    assert keys["plant.units[].forced.repair_hours"]["per_event"] is True
    assert keys["network.price_usd.geometric-brownian.drift_per_year"]["default"] is None
    assert keys["network.payout"]["type"] == "choice"
    assert keys["grid.price.level_usd_per_mwh"]["unit"] == "USD/MWh"
    assert keys["plant.off_site_power.losses_per_year.war"]["uncertain"] is True


@pytest.mark.parametrize("section", ["plant.units", "plant.units[]", "plant.units.0"])
def test_schema_of_a_section_lists_it_alone(command: Command, section: str) -> None:
    keys = [key["key"] for key in json.loads(command("schema", section, "--json").out)]
    assert keys[0] == "plant.units"
    assert all(key.startswith("plant.units") for key in keys)
    assert "plant.units[].net_mw [MW]  required" in command("schema", section).out


def test_new_copies_all_but_the_title_and_refuses_to_overwrite(
    command: Command, scenario_file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "mine é.toml"
    outcome = command("new", str(target), "--from", str(scenario_file))
    assert outcome.code == 0
    before = scenario_file.read_text(encoding="utf-8").splitlines()
    after = target.read_text(encoding="utf-8").splitlines()
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1
    assert changed[0][1].startswith('title = "mine é, begun from ')
    assert changed[0][1].endswith("  # as on its gate")
    assert command("check", str(target)).code == 0
    again = command("new", str(target), "--from", str(scenario_file))
    assert again.code == 2
    assert "which exists" in again.err
    assert target.read_text(encoding="utf-8").splitlines() == after


def test_new_says_when_the_folder_does_not_exist(
    command: Command, scenario_file: Path, tmp_path: Path
) -> None:
    outcome = command("new", str(tmp_path / "no" / "mine.toml"), "--from", str(scenario_file))
    assert outcome.code == 2
    assert "no folder" in outcome.err


def test_new_leaves_no_copy_that_check_would_refuse(
    command: Command, scenario_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = baseload.load

    def only_the_original(path: str | Path, overrides: tuple[str, ...] = ()) -> Any:
        return good(path if Path(path) == scenario_file else tmp_path / "none.toml", overrides)

    monkeypatch.setattr(baseload, "load", only_the_original)
    outcome = command("new", str(tmp_path / "mine.toml"), "--from", str(scenario_file))
    assert outcome.code == 2
    assert not (tmp_path / "mine.toml").exists()


def test_run_prints_a_summary_or_one_json_object(command: Command, scenario_file: Path) -> None:
    outcome = command("run", str(scenario_file))
    assert outcome.code == 0
    assert outcome.out.startswith("Conditional on: agreed on 2027-01-01")
    outcome = command("run", str(scenario_file), "--json")
    assert json.loads(outcome.out) == {"title": "A small plant", "irr": None, "npv_usd": 0.1 + 0.2}
    assert outcome.err == ""


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted; nothing was written\n"),
        (KeyboardInterrupt("interrupted; x is written"), 130, "interrupted; x is written\n"),
        (MachineFault("the disk is full", where="/x"), 1, "the disk is full\n  where    /x\n"),
        (BrokenPipeError(), 141, ""),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_ends_a_run_has_its_exit_code(
    command: Command,
    scenario_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    code: int,
    words: str,
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise raised

    monkeypatch.setattr(baseload, "run", fail)
    monkeypatch.setattr(entry, "_forget", lambda *_: None)
    outcome = command("run", str(scenario_file))
    assert (outcome.code, outcome.err) == (code, words)


def test_a_fault_of_ours_keeps_its_trace(
    command: Command, scenario_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(baseload, "run", fail)
    with pytest.raises(ZeroDivisionError):
        command("run", str(scenario_file))
