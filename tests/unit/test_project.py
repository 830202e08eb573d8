"""The project's own files: they must agree with each other and with the package."""

import csv
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import baseload
from baseload.sources import read_sourced

ROOT = Path(__file__).parents[2]
PACKAGE = Path(baseload.__file__).parent
TABLES = sorted(PACKAGE.rglob("*.csv"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = [
    ROOT / name
    for name in (
        ".ci/run",
        ".gitignore",
        "CHANGELOG.md",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "README.md",
        "constraints.txt",
        "pyproject.toml",
    )
]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    found: dict[str, str] = {}
    for row in rows:
        match = re.fullmatch(r"([\w.-]+)==([\w.]+)", row)
        assert match, f"{row} is no exact version"
        found[canonical(match[1])] = match[2]
    assert len(found) == len(rows)
    return found


def readme_lines(ending: str) -> list[str]:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("python3.11 -m venv") and ending in line]


def test_the_readme_has_one_line_that_runs_the_flagship() -> None:
    (line,) = readme_lines("baseload run zaporizhzhia")
    assert "-c constraints.txt -e . &&" in line


def test_the_readme_has_one_line_that_runs_the_tests_and_ci_runs_that_line() -> None:
    (line,) = readme_lines("pytest")
    assert '-c constraints.txt -e ".[dev]" &&' in line
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"grep -E '([^']+)' README\.md", script)
    matching = [
        one
        for one in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if re.search(pattern, one)
    ]
    assert matching == [line]
    assert 'run "$test_line"' in script
    for tool in ("ruff format --check", "ruff check", "mypy", "lint-imports"):
        assert f'run ".venv/bin/{tool}' in script


def test_constraints_are_exact_versions_of_whatever_the_project_needs() -> None:
    known = pins()
    needed = {canonical(re.split(r"[\s<>=!~;\[]", one)[0]) for one in PROJECT["dependencies"]}
    needed |= {canonical(one) for one in PROJECT["optional-dependencies"]["dev"]}
    seen: set[str] = set()
    while needed - seen:
        name = (needed - seen).pop()
        seen.add(name)
        assert name in known, f"{name} has no exact version in constraints.txt"
        for one in metadata.requires(name) or ():
            # Extras and other platforms are not what the README's lines install.
            if ";" in one and "extra ==" in one.split(";", 1)[1]:
                continue
            requirement = canonical(re.split(r"[\s<>=!~;\[(]", one)[0])
            if is_installed(requirement):
                needed.add(requirement)


def is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_project_names_a_package_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    # Joined here so that this file does not name one either.
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"))]
    for word in (*hosts, "index-url", "find-links", "trusted-host"):
        assert word not in text


def test_the_version_is_the_same_everywhere() -> None:
    assert PROJECT["version"] == baseload.__version__
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {baseload.__version__}\n" in citation
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (newest, *_) = re.findall(r"^## (\S+?)[,\s]", changes, flags=re.MULTILINE)
    assert newest == baseload.__version__


def test_every_dependency_at_run_time_has_a_line_in_the_contributor_guide() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = [line for line in guide.splitlines() if line.startswith("| ")]
    named = {name.strip() for line in table for name in line.split("|")[1].split(",")}
    assert set(PROJECT["dependencies"]) <= named


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_row_of_every_table_has_a_source_and_the_day_it_was_read(table: Path) -> None:
    rows = read_sourced(table)
    assert rows
    with table.open(encoding="utf-8", newline="") as stream:
        assert len(rows) == sum(1 for _ in csv.reader(stream)) - 1


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert PROJECT["license"] == "Apache-2.0"
