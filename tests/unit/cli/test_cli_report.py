"""`baseload report`: one study or several, where the page goes, the PDF, the browser."""

from __future__ import annotations

import json
import os
import shutil
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.unit.verdict.conftest import SCENARIO, a_study

import baseload
from baseload.cli import browser
from baseload.cli.report import COMPARISON, PAGE, labels_of
from baseload.engine.outputs import METRICS

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that never ran, saved, of which every metric is there."""
    study = a_study(SCENARIO)
    height = study.metrics.height
    columns = {"path": range(height)} | {
        metric.name: [float(at) for at in range(height)] for metric in METRICS
    }
    whole = baseload.Study(
        scenario_text=study.scenario_text,
        facts={**study.facts, "paths": height},
        metrics=pl.DataFrame(columns),
        inputs=study.inputs,
        milestones=study.milestones,
        series=study.series,
        dispatch=study.dispatch,
        ledger=study.ledger,
        payouts=study.payouts,
        summary=study.summary,
        timings=study.timings,
    )
    return whole.save(tmp_path_factory.mktemp("saved") / "study")


@pytest.fixture
def here(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in with two studies, one of them with a page already."""
    shutil.copytree(saved, tmp_path / "base")
    shutil.copytree(saved, tmp_path / "мой завод")
    (tmp_path / "base" / PAGE).write_text("the page of one", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("baseload.report.page.render_report", lambda study: "the page of one, new")
    return tmp_path


@pytest.fixture
def printer(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands in for a browser: writes what it was asked for to where it was asked."""
    program = here / "printer"
    program.write_text(
        '#!/bin/sh\nfor one in "$@"; do case "$one" in\n'
        '--print-to-pdf=*) pdf="${one#*=}";; --user-data-dir=*) mkdir -p "${one#*=}";; esac; done\n'
        'printf "%%PDF-1.4\\n%s\\n%%%%EOF\\n" "$*" > "$pdf"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv(browser.VARIABLE, str(program))
    return program


needs_shell = pytest.mark.skipif(os.name != "posix", reason="stands in for a browser with a shell")


def test_one_study_has_its_page_in_its_folder(command: Command, here: Path) -> None:
    outcome = command("report", "base")
    assert (outcome.code, outcome.out, outcome.err) == (0, f"{Path('base', PAGE)}\n", "")
    assert (here / "base" / PAGE).read_text(encoding="utf-8") == "the page of one, new"


def test_several_studies_have_one_page_here_and_their_own_pages_stay(
    command: Command, here: Path
) -> None:
    outcome = command("report", "base", "мой завод")
    assert (outcome.code, outcome.out) == (0, f"{COMPARISON}\n"), outcome.err
    page = (here / COMPARISON).read_text(encoding="utf-8")
    assert "<title>base, beside мой завод: a baseload comparison</title>" in page
    assert (here / "base" / PAGE).read_text(encoding="utf-8") == "the page of one"
    assert str(here) not in page, "the page tells no folders of this machine"
    again = json.loads(command("report", "base", "base", "--json").out)
    assert again == {
        "page": COMPARISON,
        "bytes": (here / COMPARISON).stat().st_size,
        "pdf": None,
        "opened": None,
    }
    assert "base, beside base (2)" in (here / COMPARISON).read_text(encoding="utf-8")


def test_a_file_of_that_name_that_is_no_comparison_is_kept(command: Command, here: Path) -> None:
    (here / COMPARISON).write_text("my own", encoding="utf-8")
    outcome = command("report", "base", "мой завод")
    assert outcome.code == 2 and "no page of a comparison" in outcome.err
    assert (here / COMPARISON).read_text(encoding="utf-8") == "my own"
    assert command("report", "base", "мой завод", "--out", COMPARISON, "-q").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["zaporizhzhia"], 2, ["a scenario", "baseload run zaporizhzhia --out DIR"]),
        (["base", "a.toml", "nowhere"], 2, ["baseload run a.toml --out DIR", "no such folder"]),
        (["base", "мой завод", "--out", "base/report.html"], 2, ["the page of that study alone"]),
        (["base", "--out", "base/metrics.parquet"], 2, ["a file that the study needs"]),
        (["base", "--out", "base"], 2, ["base, a folder"]),
        (["base", "--pdf", "base.html"], 2, ["--pdf", "ends in .pdf"]),
        (["base", "--out", "no/page.html"], 1, ["could not be written", "no/page.html"]),
        (["base", "--pdf", "no/page.pdf"], 1, ["could not be written", "no/page.pdf"]),
        ([], 2, ["STUDY_DIR"]),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    command: Command, here: Path, arguments: list[str], code: int, words: list[str]
) -> None:
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    outcome = command("report", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    for word in words:
        assert word in outcome.err
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_studies_on_other_draws_are_refused_as_by_compare(
    command: Command, here: Path, saved: Path
) -> None:
    study = baseload.open_study(saved)
    study.facts["seed"] = 99
    study.save(here / "other luck")
    outcome = command("report", "base", "other luck")
    assert outcome.code == 2 and "only the same paths can be set side by side" in outcome.err


def test_a_study_in_a_folder_that_is_called_like_a_scenario_is_that_study(
    command: Command, here: Path
) -> None:
    (here / "мой завод").rename(here / "susquehanna")
    assert command("report", "base", "susquehanna", "-q").code == 0
    assert "base, beside susquehanna" in (here / COMPARISON).read_text(encoding="utf-8")


def test_compare_writes_the_same_page(command: Command, here: Path) -> None:
    assert command("report", "base", "мой завод").code == 0
    outcome = command("compare", "base", "мой завод", "--report", "page.html")
    assert outcome.code == 0 and "side by side" in outcome.out
    assert (here / "page.html").read_bytes() == (here / COMPARISON).read_bytes()
    refused = command("compare", "base", "мой завод", "--report", "base/report.html")
    assert refused.code == 2 and "--report" in refused.err


def test_labels_are_as_short_as_they_can_be_and_no_two_alike(here: Path) -> None:
    for name in ("one/study", "two/study", "two/other"):
        (here / name).mkdir(parents=True)
    assert labels_of(("one/study/", "two/other")) == ("study", "other")
    assert labels_of(("one/study", "two/study")) == ("one/study", "two/study")
    assert labels_of(("base", "./base", "base")) == ("base", "base (2)", "base (3)")
    assert labels_of(("susquehanna with years=5", "base")) == ("susquehanna with years=5", "base")
    assert labels_of((".", "base"))[0] == here.name


@needs_shell
def test_the_page_is_printed_without_a_window_a_network_or_anything_left_behind(
    command: Command, here: Path, printer: Path
) -> None:
    before = {path.name for path in here.iterdir()}
    outcome = command("report", "base", "мой завод", "--pdf", "звіт 1.pdf")
    assert (outcome.code, outcome.out) == (0, f"{COMPARISON}\nзвіт 1.pdf\n"), outcome.err
    asked = (here / "звіт 1.pdf").read_text(encoding="utf-8")
    for option in ("--headless", "--host-resolver-rules=MAP * ~NOTFOUND", "file:///"):
        assert option in asked
    assert ("--no-sandbox" in asked) == (os.geteuid() == 0)
    assert {path.name for path in here.iterdir()} == before | {COMPARISON, "звіт 1.pdf"}


@needs_shell
@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 0", "it said nothing"),
        ('echo "no such screen" >&2; exit 3', "no such screen"),
        ('for one in "$@"; do case "$one" in --print-to-pdf=*) echo %PDF-half > "${one#*=}"; esac;'
         " done", "it said nothing"),
        ("sleep 60 & wait", "no page after 1 seconds"),
    ],
)  # fmt: skip
def test_a_browser_that_does_not_print_leaves_an_older_file_as_it_was(
    command: Command,
    here: Path,
    printer: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    why: str,
) -> None:
    printer.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    monkeypatch.setattr(browser, "LONGEST_SECONDS", 1.0)
    (here / "old.pdf").write_text("older", encoding="utf-8")
    before = {path.name for path in here.iterdir()}
    outcome = command("report", "base", "--pdf", "old.pdf")
    assert outcome.code == 1
    assert "the browser did not print the page" in outcome.err and why in outcome.err
    assert (here / "old.pdf").read_text(encoding="utf-8") == "older"
    assert {path.name for path in here.iterdir()} == before


@needs_shell
def test_a_browser_that_cannot_shut_itself_in_is_asked_again_without(
    here: Path, printer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = printer.read_text(encoding="utf-8")
    refuses = 'case "$*" in *--no-sandbox*) ;; *) echo "No usable sandbox!" >&2; exit 1;; esac\n'
    printer.write_text(whole.replace("#!/bin/sh\n", "#!/bin/sh\n" + refuses), encoding="utf-8")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    (here / "page.html").write_text("<p>", encoding="utf-8")
    browser.print_page(here / "page.html", here / "page.pdf")
    assert "--no-sandbox" in (here / "page.pdf").read_text(encoding="utf-8")


def test_without_a_browser_that_prints_the_page_is_there_and_what_helps_is_said(
    command: Command, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    outcome = command("report", "base", "--pdf", "page.pdf")
    assert outcome.code == 1
    for word in ("no browser that prints", "chromium", "msedge", "print it", browser.VARIABLE):
        assert word in outcome.err
    assert (here / "base" / PAGE).read_text(encoding="utf-8") == "the page of one, new"
    monkeypatch.setenv(browser.VARIABLE, "netscape")
    assert "where    netscape" in command("report", "base", "--pdf", "page.pdf").err


@pytest.mark.parametrize(
    ("platform", "variables", "place"),
    [
        ("darwin", {}, "/Applications/Chromium.app/Contents/MacOS/Chromium"),
        ("win32", {"PROGRAMFILES": "C:"}, os.path.join("C:", "Microsoft/Edge/Application/msedge.exe")),
    ],
)  # fmt: skip
def test_browsers_are_found_where_installers_put_them(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], place: str
) -> None:
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("shutil.which", lambda name: name if name == place else None)
    assert browser.find_browser() == place


def test_the_page_is_opened_where_there_is_a_browser_and_else_its_place_is_said(
    command: Command, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def opens(address: str) -> bool:
        asked.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", opens)
    outcome = command("report", "base", "--open")
    assert (outcome.code, outcome.err) == (0, "")
    assert asked == [(here / "base" / PAGE).as_uri()]
    for answer in (lambda address: False, _no_browser):
        monkeypatch.setattr(webbrowser, "open", answer)
        outcome = command("report", "base", "--open")
        assert outcome.code == 0 and f"the page is {here / 'base' / PAGE}" in outcome.err
    assert command("report", "base", "--open", "--quiet").err == ""
    assert json.loads(command("report", "base", "--open", "--json").out)["opened"] is False


def _no_browser(address: str) -> bool:
    raise webbrowser.Error("could not locate runnable browser")
