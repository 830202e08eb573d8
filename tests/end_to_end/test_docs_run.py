"""The documentation's longer examples, run: every recipe of the cookbook, and the notebook."""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
import shlex
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from baseload.cli.group import commands

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```([\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES = dict(
    (part.partition("\n")[0], part)
    for part in re.split(
        r"^## ", (DOCS / "cookbook.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )[1:]
)
NOTEBOOKS = sorted((DOCS / "notebook").glob("*.ipynb"))


def files_of(recipe: str) -> dict[str, str]:
    """Blocks that begin with the name of a file."""
    found = {}
    for language, code in FENCE.findall(recipe):
        name = re.match(r"# (\S+\.toml)\n", code) if language == "toml" else None
        if name:
            found[name[1]] = code
    return found


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("maker", DOCS / "make_notebook.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_does_what_it_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # The first recipe's file is there for all, a recipe's own from the start.
    first = next(iter(RECIPES.values()))
    for file, text in {**files_of(first), **files_of(RECIPES[name])}.items():
        Path(file).write_text(text, encoding="utf-8")
    names: dict[str, Any] = {}
    done = 0
    for language, code in FENCE.findall(RECIPES[name]):
        if language == "python":
            example = doctest.DocTestParser().get_doctest(code, names, name, name, 0)
            assert example.examples
            shown: list[str] = []
            runner = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST)
            failed = runner.run(example, out=shown.append, clear_globs=False).failed
            assert failed == 0, "".join(shown)
            names = example.globs
            done += 1
        for line in code.splitlines() if language == "console" else ():
            program, command, *arguments = shlex.split(line)
            assert program == "baseload"
            if command == "check":
                found = CliRunner().invoke(commands, [command, *arguments])
                assert found.exit_code == 0, found.output
                done += 1
    assert done


def test_ones_own_plant_has_twenty_lines() -> None:
    (text,) = files_of(next(iter(RECIPES.values()))).values()
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) <= 20


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_what_it_shows(
    path: Path, maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert maker.written(notebook) == text
    done = maker.executed(notebook)

    def printed(cells: list[dict[str, Any]]) -> list[str]:
        # Figures may be drawn better without a word of the page changing.
        return [
            "".join(output.get("text") or output["data"]["text/plain"])
            for cell in cells
            for output in cell.get("outputs", ())
        ]

    assert printed(notebook["cells"]) == printed(done["cells"]), "run: python docs/make_notebook.py"
    pictures = [
        output["data"]["image/svg+xml"]
        for cell in done["cells"]
        for output in cell.get("outputs", ())
        if "image/svg+xml" in output.get("data", {})
    ]
    assert pictures
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_one_that_servers_read_and_names_no_machine(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    numbers = [cell["id"] for cell in notebook["cells"]]
    assert len(set(numbers)) == len(numbers)
    for cell in notebook["cells"]:
        wanted = {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            wanted |= {"execution_count", "outputs"}
        assert set(cell) == wanted
        assert cell["metadata"] == {}
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"/(?:home|root|tmp|work|Users)\b", text)


def test_a_cell_shows_what_it_prints_and_its_last_value(maker: ModuleType) -> None:
    names: dict[str, Any] = {}
    assert maker.outputs_of("a = 1\nprint(a)", names, 1) == [
        {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
    ]
    (shown,) = maker.outputs_of("a + 1", names, 2)
    assert shown["data"] == {"text/plain": ["2"]}
    assert maker.outputs_of("None", names, 3) == []
