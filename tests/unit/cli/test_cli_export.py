"""`baseload export`: what it refuses before anything is computed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from baseload.cli.main import main


def told(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    assert main(["export", "susquehanna", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_without_pypsa_it_says_which_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pypsa", None)
    found = told(capsys, 1, "--pypsa", str(tmp_path / "year.nc"))
    assert "not installed" in found
    assert 'pip install "baseload[pypsa]"' in found
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--pypsa FILE.nc"),
        (["--pypsa", "year.nc", "--path", "-1"], "a whole number from 0"),
        (["--pypsa", "year.nc", "--year", "-1"], "a whole number from 0"),
        (["--pypsa", "year.nc", "--year", "59"], "a year of the horizon, from 0 to"),
        (["--pypsa", "year.nc", "--seed", "one"], "a whole number"),
        (["--pypsa", "year.csv"], "a name that ends in .nc"),
        (["--pypsa", "nowhere/year.nc"], "no folder nowhere"),
        (["--pypsa", "folder.nc"], "a folder"),
        (["--pypsa", "there.nc"], "--force replaces it"),
    ],
)
def test_what_cannot_be_is_told_in_one_fault(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.nc").mkdir()
    (tmp_path / "there.nc").write_bytes(b"of another")
    found = told(capsys, 2, *arguments)
    assert words in found
    assert found.count("found ") == 1
    assert (tmp_path / "there.nc").read_bytes() == b"of another"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.nc", "there.nc"]


def test_a_folder_that_cannot_be_written_to_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*given: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("baseload.export.pypsa.tempfile.TemporaryDirectory", refuse)
    found = told(capsys, 1, "--pypsa", str(tmp_path / "year.nc"))
    assert "could not be written there" in found
    assert "Permission denied" in found
