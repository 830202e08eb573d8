"""Folders of studies that were cut, mixed up, half-copied or written by another version."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars
import pytest

import baseload
from baseload.cli.main import main
from baseload.engine.outputs import METRICS
from baseload.errors import Fault, InputError
from baseload.study import folder as study_folder
from baseload.study.folder import FILES, FORMAT, FRAMES, MANIFEST, open_study


def made_up() -> baseload.Study:
    """A study that never ran, with a row in every frame."""
    facts: dict[str, Any] = dict.fromkeys(study_folder.FACTS.split(), "")
    facts |= {"seed": 1, "paths": 1, "years": 2, "version": baseload.__version__, "warnings": []}
    summary = {metric.name: {"unit": metric.unit, "mean": 0.5} for metric in METRICS}
    frames: dict[str, Any] = {
        name: polars.DataFrame({column: [number] for column in columns})
        for number, (name, columns) in enumerate(FRAMES.items())
    }
    return baseload.Study(
        scenario_text="title = 'Ядро'\n", facts=facts, summary=summary, timings={}, **frames
    )


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return made_up().save(tmp_path / "мой завод")


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as told:
        open_study(folder)
    return told.value.faults


def test_a_folder_with_spaces_and_cyrillic_letters_is_opened(saved: Path) -> None:
    assert open_study(saved).summary["npv_usd"]["mean"] == 0.5


def test_all_files_that_are_not_as_written_are_told_at_once(saved: Path) -> None:
    (saved / "ledger.parquet").unlink()
    cut = saved / "dispatch.parquet"
    cut.write_bytes(cut.read_bytes()[:100])
    shutil.copy(saved / "inputs.parquet", saved / "series.parquet")
    text = saved / "scenario.toml"
    text.write_text(text.read_text(encoding="utf-8").replace("Я", "я"), encoding="utf-8")
    found = {fault.field: fault.found for fault in faults_of(saved)}
    assert list(found) == ["scenario.toml", "series.parquet", "dispatch.parquet", "ledger.parquet"]
    assert "not as it was written" in found["scenario.toml"]
    assert "it is the study's inputs.parquet" in found["series.parquet"]
    assert "100 bytes, where" in found["dispatch.parquet"]
    assert "missing" in found["ledger.parquet"]


@pytest.mark.parametrize("name", FILES)
def test_a_half_copied_study_is_refused_by_the_file_that_is_missing(saved: Path, name: str) -> None:
    (saved / name).unlink()
    (fault,) = faults_of(saved)
    assert fault.field == name
    assert "copy the folder again" in fault.note


def test_a_single_digit_that_changed_in_the_manifest_is_found_out(saved: Path) -> None:
    path = saved / MANIFEST
    text = path.read_text(encoding="utf-8")
    assert text.count('"seed": 1') == 1
    path.write_text(text.replace('"seed": 1', '"seed": 2'), encoding="utf-8")
    (fault,) = faults_of(saved)
    assert (fault.field, "not as it was written" in fault.found) == (MANIFEST, True)


@pytest.mark.parametrize(
    "text",
    ["", "null", "[" * 20_000, "9" * 5_000, '{"format": ' + "9" * 5_000 + "}", '{"format": {}}'],
    ids=["empty", "null", "deep", "long", "long format", "table as format"],
)
def test_a_manifest_of_anything_is_refused_in_words(saved: Path, text: str) -> None:
    (saved / MANIFEST).write_text(text, encoding="utf-8")
    (fault,) = faults_of(saved)
    assert fault.field in (MANIFEST, "format")
    assert len(str(fault)) < 500


def rewritten(saved: Path, **changes: Any) -> None:
    """The manifest as another version would have written it, whole."""
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    del manifest["manifest_sha256"]
    manifest |= changes
    manifest["manifest_sha256"] = study_folder._sha256_of(manifest)
    (saved / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_another_format_is_refused_with_its_version_and_what_to_do(saved: Path) -> None:
    rewritten(saved, format=FORMAT + 1, version="9.9")
    (fault,) = faults_of(saved)
    assert (fault.field, fault.found) == ("format", f"{FORMAT + 1}, of baseload 9.9")
    assert (fault.allowed, fault.note) == (f"{FORMAT}", "run the scenario again with this version")


def test_a_study_of_another_version_that_lacks_metrics_is_refused(saved: Path) -> None:
    rewritten(saved, metrics={"npv_usd": {}}, version="0.0.1")
    (fault,) = faults_of(saved)
    assert "of baseload 0.0.1 that lacks generation_mwh" in fault.found
    assert "run the scenario again" in fault.note


@pytest.mark.parametrize("timings", ["", "[]", '{"engine_seconds": "long"}', "[" * 20_000])
def test_timings_that_are_damaged_are_not_known(saved: Path, timings: str) -> None:
    (saved / "timings.json").write_text(timings, encoding="utf-8")
    assert open_study(saved).timings["engine_seconds"] is None


@pytest.mark.parametrize("name", ["\x00", "x" * 5_000, "a/" * 3_000, "\udcff"])
def test_a_name_that_no_folder_can_have_is_no_folder(name: str) -> None:
    (fault,) = faults_of(Path(name))
    assert fault.found == "no such folder"


def test_every_command_that_opens_a_study_refuses_a_damaged_one(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (saved / "metrics.parquet").write_bytes(b"PAR1")
    for arguments in (["report", str(saved)], ["compare", str(saved), str(saved)]):
        assert main(arguments) == 2
        told = capsys.readouterr().err
        assert "metrics.parquet" in told
        assert "4 bytes, where" in told


def test_a_file_in_place_of_a_folder_is_refused(saved: Path) -> None:
    (fault,) = faults_of(saved / MANIFEST)
    assert fault.found == "a file"
    with pytest.raises(InputError, match="no study"):
        made_up().save(saved / MANIFEST)


def test_a_name_that_is_no_utf8_does_not_end_a_save(tmp_path: Path) -> None:
    study = made_up()
    study.facts["scenario"] = "bad\udcff"
    assert open_study(study.save(tmp_path / "study")).facts["scenario"] == "bad\udcff"
