"""Completion: scripts for three shells, and what they are answered."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baseload.cli.complete import keys_of_scenario
from baseload.cli.group import COMMANDS
from baseload.cli.main import main
from baseload.cli.shells import SHELLS, script
from baseload.gallery import scenario_names
from baseload.scenario.scenario import load

Command = Callable[..., Any]


@pytest.fixture
def offered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], list[str]]:
    """What bash is offered at the end of a line."""

    def ask(line: str) -> list[str]:
        monkeypatch.setenv("_BASELOAD_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        assert main([]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return [one.removeprefix("plain,") for one in captured.out.split()]

    return ask


@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_each_shell_has_its_script(command: Command, shell: str) -> None:
    outcome = command("completion", shell)
    assert "_BASELOAD_COMPLETE" in outcome.out
    assert f"{shell}_complete" in outcome.out
    assert json.loads(command("completion", shell, "--json").out)["script"] == script(shell)


def test_without_a_name_it_is_the_shell_of_the_login(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert command("completion").out == command("completion", "fish").out
    monkeypatch.setenv("SHELL", "")
    assert command("completion").code == 2
    assert "nearest  bash" in command("completion", "bsh").err


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a bash")
def test_bash_reads_its_script_and_puts_no_blank_after_what_is_unfinished() -> None:
    asked = (
        "compopt() { echo compopt $*; }; baseload() { printf 'plain,fleet.0.pue='; };"
        " export -f baseload; env() { shift 3; baseload; }; COMP_WORDS=(baseload run); COMP_CWORD=1;"
        " _baseload_completion baseload; echo ${COMPREPLY[*]}"
    )
    line = (
        script("bash").replace("$(env ", "$(env _ ").replace("complete -o nosort", "true") + asked
    )
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, text=True)
    assert done.stdout.split("\n")[:2] == ["compopt -o nospace", "fleet.0.pue="], done.stderr


def test_commands_options_and_scenarios_are_offered(offered: Callable[[str], list[str]]) -> None:
    assert offered("baseload ") == list(COMMANDS)
    assert offered("baseload re") == ["report"]
    assert offered("baseload run zap") == ["zaporizhzhia"]
    assert set(scenario_names()) <= set(offered("baseload compare susquehanna "))
    assert offered("baseload run zaporizhzhia --th") == ["--threads"]
    assert offered("baseload security --level p") == ["pool"]
    assert offered("baseload nothing --x") == []
    assert "plant.units" in offered("baseload schema plant.u")


def test_files_are_offered_with_their_folders(
    offered: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "mine.toml").touch()
    (tmp_path / "sub" / "mine.csv").touch()
    monkeypatch.chdir(tmp_path)
    assert "sub/" in offered("baseload check ")
    assert offered("baseload check sub/m") == ["sub/mine.toml"]
    assert offered("baseload check nowhere/") == []


def test_keys_of_the_named_scenario_are_offered_for_set(
    offered: Callable[[str], list[str]],
) -> None:
    found = offered("baseload run zaporizhzhia --paths 5 --set fleet.0.")
    assert "fleet.0.mine_mw=500" in found
    assert "fleet.0.lead_months=" in found  # a distribution needs quotes: only its key
    assert offered("baseload run --set years") == []
    assert offered("baseload run not-there.toml --set years") == []


@pytest.mark.parametrize("name", scenario_names())
def test_every_setting_that_is_offered_is_one_that_the_scenario_takes(name: str) -> None:
    settings = [f"{key}={value}" for key, value, _ in keys_of_scenario(name) if value]
    assert len(settings) > 20
    assert load(name, settings).sha256 == load(name).sha256


def test_names_of_figures_are_those_of_the_study_s_page(
    offered: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "dispatch" in offered("baseload plot study ")  # no page: what most studies have
    titles = ("Net present value", "Who gains &amp; who loses", "Net present value")
    svgs = "".join(
        f'<svg class="chart"><title id="t{n}">{title}</title><g><title>a hint</title></g></svg>'
        for n, title in enumerate(titles)
    )
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "report.html").write_text(f"<title>A study</title>{svgs}")
    assert offered("baseload plot study ") == ["npv", "who-gains-who-loses", "npv-2"]
    assert offered("baseload plot --out a.svg study npv-") == ["npv-2"]
    (tmp_path / "study" / "report.html").write_bytes(b"\xff\xfe<svg ")
    assert "dispatch" in offered("baseload plot study ")


def test_names_of_figures_need_nothing_that_is_slow_to_import() -> None:
    asked = (
        "import sys; from baseload.cli.complete import names_of_figures; names_of_figures('x');"
        " print({'numpy', 'scipy', 'polars', 'pydantic', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("line", ["plot ", "report ", "report a b ", "claims ", "compare a "])
def test_folders_are_offered_for_every_study(
    offered: Callable[[str], list[str]], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "study").mkdir()
    monkeypatch.chdir(tmp_path)
    found = offered(f"baseload {line}st")
    assert found in (["dir,st"], ["study/"])
