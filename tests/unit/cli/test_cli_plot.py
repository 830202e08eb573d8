"""`baseload plot`: the figures that a study has, as files, and what it refuses."""

from __future__ import annotations

import json
import sys
import types
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import baseload
from baseload.figures import Line, line_figure
from baseload.report.blocks import Picture, Section

Command = Callable[..., Any]
PNG = b"\x89PNG\r\n\x1a\n"


def figure(title: str) -> Picture:
    svg = line_figure(title, "d", np.array([1.0, 2.0]), [Line("a", [1.0, 2.0])], "MW")
    return Picture(svg, "Says it.")


SECTIONS = (
    Section(
        "money", "Money", "", (figure("Net present value"), figure("Gain over the alternatives"))
    ),
    Section("drivers", "What drives it", "", (figure("What drives the value of mining"),)),
)


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Studies whose page has three figures."""
    monkeypatch.setattr(baseload, "open_study", lambda folder: folder, raising=False)
    monkeypatch.setattr("baseload.report.page.report_sections", lambda study: SECTIONS)


@pytest.fixture
def rasteriser(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stands in for resvg-py, and keeps what it was asked for."""
    asked: list[dict[str, Any]] = []

    def svg_to_bytes(**given: Any) -> bytes:
        asked.append(given)
        return PNG + b"picture"

    module = types.ModuleType("resvg_py")
    module.svg_to_bytes = svg_to_bytes  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "resvg_py", module)
    return asked


def test_a_figure_becomes_a_file_that_holds_its_own_style(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "графік net.svg"
    outcome = command("plot", "study", "npv", "--out", str(target))
    assert (outcome.code, outcome.out) == (0, f"{target}\n")
    text = target.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert float(root.get("width", "")) == 460.0 and float(root.get("height", "")) > 100
    assert "<style>" in text and "prefers-color-scheme:dark" in text
    assert [file.name for file in tmp_path.iterdir()] == [target.name]


def test_a_file_that_is_there_is_replaced(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "a.SVG"
    target.write_text("older")
    assert command("plot", "study", "gain", "--out", str(target)).code == 0
    assert "<svg" in target.read_text()


def test_the_list_names_each_figure_and_what_it_shows(command: Command) -> None:
    outcome = command("plot", "study", "--list")
    assert outcome.out.splitlines() == [
        "name            shows",
        "npv             Net present value",
        "gain            Gain over the alternatives",
        "drivers-mining  What drives the value of mining",
    ]
    found = json.loads(command("plot", "study", "--list", "--json").out)
    assert [one["name"] for one in found] == ["npv", "gain", "drivers-mining"]
    assert found[2]["section"] == "What drives it" and found[2]["caption"] == "Says it."


def test_json_tells_the_file_and_what_it_shows(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    found = json.loads(command("plot", "study", "npv", "--out", str(target), "--json").out)
    assert found == {
        "file": str(target),
        "name": "npv",
        "title": "Net present value",
        "section": "Money",
        "caption": "Says it.",
    }


def test_a_png_is_as_wide_as_asked_for(
    command: Command, tmp_path: Path, rasteriser: list[dict[str, Any]]
) -> None:
    target = tmp_path / "a.png"
    assert command("plot", "study", "npv", "--out", str(target)).code == 0
    assert target.read_bytes() == PNG + b"picture"
    assert command("plot", "study", "npv", "--out", str(target), "--width", "800").code == 0
    assert [one["width"] for one in rasteriser] == [1380, 800]
    assert all(one["svg_string"].startswith("<?xml") for one in rasteriser)


def test_without_the_extra_a_png_is_refused_with_its_name(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    outcome = command("plot", "study", "npv", "--out", str(tmp_path / "a.png"))
    assert (outcome.code, outcome.out) == (1, "")
    assert 'pip install "baseload[png]"' in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["npvv", "--out", "a.svg"], ["npvv, a plot that study does not have", "nearest  npv"]),
        (["Drivers_Mining", "--out", "a.svg"], ["nearest  drivers-mining", "npv, gain"]),
        (["npv"], ["--out", "no file to write to"]),
        ([], ["no name of a figure", "--list"]),
        (["npv", "--out", "a.jpg"], ["a.jpg", "ends in .svg or .png"]),
        (["npv", "--out", "a.pngg"], ["nearest  .png"]),
        (["npv", "--out", "noending"], ["ends in .svg or .png"]),
        (["npv", "--out", "folder.svg"], ["folder.svg, a folder"]),
        (["npv", "--out", "a.svg", "--width", "300"], ["--width", "with a .png"]),
        (["npv", "--out", "a.png", "--width", "0"], ["--width", "from 100"]),
    ],
)
def test_what_cannot_be_is_told_in_one_fault(
    command: Command,
    arguments: list[str],
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    outcome = command("plot", "study", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("found ") == 1
    for each in words:
        assert each in outcome.err
    assert [file.name for file in tmp_path.iterdir()] == ["folder.svg"]


def test_a_folder_that_is_not_there_is_told(command: Command, tmp_path: Path) -> None:
    outcome = command("plot", "study", "npv", "--out", str(tmp_path / "none" / "a.svg"))
    assert outcome.code == 1
    assert "the figure could not be written" in outcome.err


def test_a_study_that_is_none_is_told(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    outcome = command("plot", str(tmp_path), "npv", "--out", "a.svg")
    assert outcome.code == 2
    assert "a folder without manifest.json" in outcome.err
