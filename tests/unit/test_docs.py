"""The documentation: links lead somewhere, examples run, commands exist, nothing is left out."""

from __future__ import annotations

import doctest
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.naive import document

from baseload.cli.group import COMMANDS, commands
from baseload.dispatch.work import TRACE
from baseload.engine.outputs import METRICS, SERIES
from baseload.gallery import scenario_names
from baseload.money.ledger import LINES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
FENCE = re.compile(r"^```([\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]+\]\(([^)\s]+)\)")
LONGEST_LINE = 120


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def fenced(language: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, match in enumerate(FENCE.finditer(text_of(page))):
            if match[1] == language:
                yield f"{name_of(page)} block {number}", match[2]


def anchor(heading: str) -> str:
    """The anchor that a heading gets: small letters, hyphens, no other signs."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    prose = FENCE.sub("", text_of(page))
    return {anchor(line) for line in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)}


def rows(page: Path, head: str) -> list[list[str]]:
    """Cells of the table that begins with a row."""
    lines = text_of(page).splitlines()
    first = lines.index(head) + 2
    found = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_page_and_a_heading_that_exist(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", text_of(page))):
        path, _, place = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.is_file(), f"{name_of(page)} links to {target}"
        assert linked.is_relative_to(ROOT), f"{name_of(page)} links out of the project: {target}"
        if place:
            assert place in anchors(linked), f"{name_of(page)} links to {target}"


def test_the_index_leads_to_every_page() -> None:
    linked = {(DOCS / target).resolve() for target in LINK.findall(text_of(DOCS / "index.md"))}
    assert {page for page in PAGES if page.name != "index.md"} <= linked


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (name, code)
        for name, code in fenced("python")
        # Recipes share files, and run one after the other elsewhere.
        if code.startswith(">>>") and not name.startswith("cookbook.md")
    ],
    ids=lambda value: value if "block" in value and "\n" not in value else "",
)
def test_every_example_does_what_it_says(
    name: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    example = doctest.DocTestParser().get_doctest(code, {}, name, name, 0)
    assert example.examples
    shown: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(example, out=shown.append)
    assert result.failed == 0, "".join(shown)


def test_every_python_block_is_an_example() -> None:
    assert [name for name, code in fenced("python") if not code.startswith(">>>")] == []


@pytest.mark.parametrize("toml", [pytest.param(code, id=name) for name, code in fenced("toml")])
def test_every_part_of_a_scenario_is_one_that_the_schema_takes(toml: str) -> None:
    sections = tomllib.loads(toml)
    unit = {"name": "A", "gross_mw": 105.0, "net_mw": 100.0, "state": "running"}
    assert document(sections.pop("plant", {"units": [unit]}), **sections)


def command_lines() -> list[str]:
    found = []
    for _, code in fenced("console"):
        found += [line for line in code.splitlines() if line.strip()]
    for page in PAGES:
        found += [
            one.replace(" [OPTIONS]", "")
            for one in re.findall(r"`(baseload [^`]+)`", FENCE.sub("", text_of(page)))
        ]
    return found


@pytest.mark.parametrize("line", sorted(set(command_lines())))
def test_every_command_line_names_a_command_and_options_that_exist(line: str) -> None:
    program, *arguments = shlex.split(line)
    assert program == "baseload"
    with commands.make_context("baseload", []) as context:
        command = commands.get_command(context, arguments[0])
        assert command is not None, f"no command {arguments[0]}; there are {', '.join(COMMANDS)}"
        if arguments[1:]:
            # Reads arguments and options as the program would, and runs nothing.
            with command.make_context(arguments[0], arguments[1:], parent=context) as parsed:
                assert isinstance(parsed, click.Context)


@pytest.mark.parametrize("line", sorted(set(command_lines())))
def test_every_command_line_names_a_scenario_of_the_gallery_or_a_file(line: str) -> None:
    words = shlex.split(line)
    if words[1] in ("run", "show", "check") and len(words) > 2:
        name = words[2]
        # Capitals stand for a name; `new` writes mine.toml before `check` reads it.
        known = name.isupper() or name in scenario_names() or name == "mine.toml"
        assert known or (ROOT / name).is_file()


def test_the_table_of_metrics_is_the_programs() -> None:
    table = rows(DOCS / "results.md", "| metric | unit | what | how | undefined sorts |")
    assert [(row[0], row[1], row[2], row[4]) for row in table] == [
        (f"`{metric.name}`", metric.unit, metric.words, metric.undefined) for metric in METRICS
    ]
    assert all(row[3] for row in table)


def test_the_table_of_series_is_the_programs() -> None:
    table = rows(DOCS / "results.md", "| series | unit |")
    assert [tuple(row) for row in table] == [(f"`{name}`", unit) for name, unit in SERIES]


def test_the_table_of_ledger_lines_is_the_programs() -> None:
    table = rows(DOCS / "model" / "money.md", "| line | in | what |")
    assert [row[0] for row in table] == [f"`{line}`" for line in LINES]


def test_the_results_name_every_column_of_the_dispatch() -> None:
    page = text_of(DOCS / "results.md")
    missing = [name for name in TRACE if f"`{name.replace('milli_', '')}`" not in page]
    assert not missing


def test_the_index_has_the_line_that_builds_the_site() -> None:
    assert "\n.venv/bin/sphinx-build -W -q docs build/site\n" in text_of(DOCS / "index.md")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_place_on_a_machine(page: Path) -> None:
    found = re.findall(r"(?:^|[\s`(\"])(/(?:home|root|tmp|work|Users|var|opt)\b\S*)", text_of(page))
    assert not found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_page_has_one_title_and_lines_that_can_be_read(page: Path) -> None:
    lines = text_of(page).splitlines()
    titles = [line for line in FENCE.sub("", text_of(page)).splitlines() if line.startswith("# ")]
    assert titles == lines[:1]
    # Rows of tables cannot be broken.
    assert not [line for line in lines if len(line) > LONGEST_LINE and not line.startswith("|")]


def test_every_formulas_source_in_the_code_is_in_the_documentation() -> None:
    package = ROOT / "src" / "baseload"
    model = [
        path
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in ("figures", "report", "cli", "explorer")
    ]
    pattern = re.compile(r"doi\.org/(10\.\d{4,}/[^\s,\"']+?)[.,;)]?(?=[\s,\"']|$)", re.MULTILINE)
    named = {doi for path in model for doi in pattern.findall(path.read_text(encoding="utf-8"))}
    pages = "".join(text_of(page) for page in PAGES)
    assert named
    missing = sorted(doi for doi in named if doi.rstrip(").:") not in pages)
    assert not missing
