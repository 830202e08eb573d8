"""The folder of a run: it appears whole or not at all, opens anywhere, and comes back as it was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars as pl
import pytest

import baseload
from baseload.errors import InputError, MachineFault
from baseload.study.folder import FORMAT

FRAMES = ("metrics", "inputs", "series", "dispatch", "ledger")


@pytest.fixture(scope="module")
def saved(small_study: baseload.Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_study.save(tmp_path_factory.mktemp("run") / "study")


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    """A study that a test may spoil."""
    return Path(shutil.copytree(saved, tmp_path / "copy"))


def test_a_study_comes_back_as_it_was(small_study: baseload.Study, saved: Path) -> None:
    found = baseload.open_study(saved)
    for name in FRAMES:
        assert getattr(found, name).equals(getattr(small_study, name)), name
        assert getattr(found, name).schema == getattr(small_study, name).schema, name
    for part in ("facts", "summary", "timings", "scenario_text"):
        assert getattr(found, part) == getattr(small_study, part), part
    assert found.to_json() == small_study.to_json()


def test_a_study_that_came_back_is_saved_to_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    again = baseload.open_study(saved).save(tmp_path / "again")
    for path in saved.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_scenario_in_the_folder_gives_the_study_again(
    small_study: baseload.Study, saved: Path
) -> None:
    scenario = baseload.load(saved / "scenario.toml")
    assert scenario.sha256 == small_study.scenario_sha256
    study = baseload.run(scenario, paths=24, seed=small_study.seed, threads=1)
    assert study.metrics.equals(small_study.metrics)


def test_the_manifest_says_what_was_run(small_study: baseload.Study, saved: Path) -> None:
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 5
    assert manifest["paths"] == 24
    assert manifest["version"] == baseload.__version__
    assert manifest["scenario_sha256"] == small_study.scenario_sha256
    assert manifest["metrics"] == small_study.summary
    assert "engine_seconds" not in json.dumps(manifest)


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_opens_in_polars_pandas_and_duckdb(
    small_study: baseload.Study, saved: Path, name: str
) -> None:
    path = saved / f"{name}.parquet"
    frame = pl.read_parquet(path)
    assert frame.shape == getattr(small_study, name).shape
    in_pandas = pandas.read_parquet(path)
    assert list(in_pandas.columns) == frame.columns
    assert len(in_pandas) == frame.height
    rows = duckdb.sql(f"select * from '{path}'")
    assert rows is not None
    assert rows.columns == frame.columns
    assert rows.pl().height == frame.height


def test_a_sum_in_sql_is_the_sum_in_memory(small_study: baseload.Study, saved: Path) -> None:
    query = f"select sum(cents) from '{saved / 'ledger.parquet'}' where variant = 'run'"
    rows = duckdb.sql(query)
    assert rows is not None
    ((found,),) = rows.fetchall()
    ledger = small_study.ledger
    assert int(found) == ledger.filter(ledger["variant"] == "run")["cents"].sum()


def test_a_study_replaces_a_study(saved: Path, copy: Path, small_study: baseload.Study) -> None:
    (copy / "report.html").write_text("of the old one", encoding="utf-8")
    small_study.save(copy)
    assert {path.name for path in copy.iterdir()} == {path.name for path in saved.iterdir()}
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


def test_an_empty_folder_is_filled(small_study: baseload.Study, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert small_study.save(tmp_path / "empty") == tmp_path / "empty"
    assert baseload.open_study(tmp_path / "empty").paths == 24


@pytest.mark.parametrize("as_file", [True, False])
def test_what_is_no_study_is_not_replaced(
    small_study: baseload.Study, tmp_path: Path, as_file: bool
) -> None:
    there = tmp_path / "there"
    letter = there if as_file else there / "letter.txt"
    letter.parent.mkdir(exist_ok=True)
    letter.write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match="no study"):
        small_study.save(there)
    assert letter.read_text(encoding="utf-8") == "keep"
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def spoil_after(
    monkeypatch: pytest.MonkeyPatch, frames: int, error: BaseException
) -> Callable[..., Any]:
    """Let `write_parquet` fail after so many frames."""
    write, written = pl.DataFrame.write_parquet, [0]

    def failing(self: pl.DataFrame, *arguments: Any, **options: Any) -> Any:
        written[0] += 1
        if written[0] > frames:
            raise error
        return write(self, *arguments, **options)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", failing)
    return failing


@pytest.mark.parametrize("frames", [0, 3])
@pytest.mark.parametrize(
    ("error", "told"),
    [(KeyboardInterrupt(), KeyboardInterrupt), (OSError(28, "No space left"), MachineFault)],
    ids=["interrupted", "disk full"],
)
def test_a_save_that_ends_early_leaves_what_was_there(
    small_study: baseload.Study,
    saved: Path,
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    frames: int,
    error: BaseException,
    told: type[BaseException],
) -> None:
    spoil_after(monkeypatch, frames, error)
    for place in (copy, copy.parent / "deeper" / "new"):
        with pytest.raises(told):
            small_study.save(place)
    monkeypatch.undo()
    assert not (copy.parent / "deeper" / "new").exists()
    assert [path.name for path in copy.parent.rglob(".*")] == []
    for path in saved.iterdir():
        assert (copy / path.name).read_bytes() == path.read_bytes()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def garble(path: Path) -> None:
    path.write_bytes(b"\x00\xff no such thing")


@pytest.mark.parametrize("damage", [Path.unlink, cut, garble])
@pytest.mark.parametrize("name", ["manifest.json", "metrics.parquet", "dispatch.parquet"])
def test_a_damaged_study_is_refused_by_the_name_of_its_file(
    copy: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(copy / name)
    with pytest.raises(InputError) as told:
        baseload.open_study(copy)
    (fault,) = told.value.faults
    assert name in f"{fault.field} {fault.found}"
    assert len(fault.found) < 200


@pytest.mark.parametrize(
    "manifest",
    ["[]", '"text"', "{}", f'{{"format": {FORMAT}}}', f'{{"format": {FORMAT}, "metrics": {{}}}}'],
)
def test_a_manifest_that_lacks_something_is_refused(copy: Path, manifest: str) -> None:
    (copy / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        baseload.open_study(copy)


def test_a_frame_without_its_columns_is_refused(copy: Path) -> None:
    pl.DataFrame({"path": [1, 2]}).write_parquet(copy / "metrics.parquet")
    with pytest.raises(InputError, match=r"metrics\.parquet"):
        baseload.open_study(copy)


def test_another_format_is_refused_with_what_to_do(copy: Path) -> None:
    path = copy / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 99'))
    with pytest.raises(InputError) as told:
        baseload.open_study(copy)
    (fault,) = told.value.faults
    assert (fault.field, fault.allowed) == ("format", f"{FORMAT}")
    assert fault.found == f"99, of baseload {baseload.__version__}"
    assert "run the scenario again" in fault.note


def test_timings_may_be_missing(copy: Path, small_study: baseload.Study) -> None:
    (copy / "timings.json").unlink()
    found = baseload.open_study(copy)
    assert found.summary == small_study.summary
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize("place", ["nowhere", "empty", "file"])
def test_what_is_no_study_is_not_opened(tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="the folder of a study"):
        baseload.open_study(tmp_path / place)
