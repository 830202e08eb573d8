"""The same scenario and seed give the same bytes, whatever runs beside them or in which order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import baseload
from baseload.engine import series


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.name != "timings.json"
    }


@pytest.mark.parametrize("in_file", [False, True], ids=["in memory", "in a file"])
@pytest.mark.parametrize(
    ("threads", "chunk"), [(2, None), (1, 1), (2, 1), (2, 3), (3, 64), (1, 4096)]
)
def test_run_folders_of_one_seed_are_the_same_bytes_for_any_threads_and_chunks(
    small_scenario: baseload.Scenario,
    small_study: baseload.Study,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    threads: int,
    chunk: int | None,
    in_file: bool,
) -> None:
    small_study.save(tmp_path / "one")
    if in_file:
        monkeypatch.setattr(series, "MOST_BYTES_IN_MEMORY", 0)
        monkeypatch.setattr(series, "BLOCK_PATHS", 10)
    study = baseload.run(small_scenario, paths=24, seed=5, threads=threads, chunk_paths=chunk)
    study.save(tmp_path / "two")
    one, two = bytes_of(tmp_path / "one"), bytes_of(tmp_path / "two")
    assert one.keys() == two.keys()
    assert {name for name in one if one[name] != two[name]} == set()
    assert {path.name for path in (tmp_path / "one").iterdir()} - one.keys() == {"timings.json"}


def test_another_seed_gives_another_study(
    small_scenario: baseload.Scenario, small_study: baseload.Study
) -> None:
    other = baseload.run(small_scenario, paths=24, seed=6, threads=1)
    assert other.metrics["npv_usd"].to_list() != small_study.metrics["npv_usd"].to_list()


def test_path_17_of_100_is_path_17_of_400(small_scenario: baseload.Scenario) -> None:
    few = baseload.run(small_scenario, paths=100, seed=3, threads=2, trace=17)
    many = baseload.run(small_scenario, paths=400, seed=3, threads=2, trace=17)
    assert few.metrics.row(17) == many.metrics.row(17)
    assert few.inputs.row(17) == many.inputs.row(17)
    assert few.metrics.equals(many.metrics.head(100))
    assert few.inputs.equals(many.inputs.head(100))
    assert few.dispatch.equals(many.dispatch)
    assert few.ledger.equals(many.ledger)


def test_the_traced_path_does_not_depend_on_the_study_around_it(
    small_scenario: baseload.Scenario,
) -> None:
    wide = baseload.run(small_scenario, paths=24, seed=5, threads=1, trace=3)
    narrow = baseload.run(small_scenario, paths=1, seed=5, threads=1, trace=3)
    assert wide.dispatch.equals(narrow.dispatch)
    assert wide.ledger.equals(narrow.ledger)


def changed_units(scenario: baseload.Scenario, how: str) -> list[dict[str, Any]]:
    units = [dict(unit) for unit in scenario.document["plant"]["units"]]
    if how == "reordered":
        return units[::-1]
    newcomer = {**units[0], "name": "C", "net_mw": {"uniform": [90, 99]}}
    return [newcomer, *units] if how == "added in front" else [*units, newcomer]


@pytest.mark.parametrize("how", ["reordered", "added in front", "added behind"])
def test_a_units_draws_go_by_its_name_and_not_by_its_place(
    small_scenario: baseload.Scenario, small_study: baseload.Study, how: str
) -> None:
    changed = small_scenario.with_({"plant.units": changed_units(small_scenario, how)})
    study = baseload.run(changed, paths=24, seed=5, threads=1)
    for name in small_study.inputs.columns:
        assert study.inputs[name].to_list() == small_study.inputs[name].to_list(), name
    added = set(study.inputs.columns) - set(small_study.inputs.columns)
    assert added == (set() if how == "reordered" else {"plant.units[C].net_mw"})
    # Coin and network know nothing of the plant: the same price on every path.
    price = [
        s.series.filter(s.series["name"] == "bitcoin_price_usd").drop("unit")
        for s in (study, small_study)
    ]
    assert price[0].equals(price[1])


def test_a_batch_added_in_front_changes_no_draw_of_the_others(
    small_scenario: baseload.Scenario, small_study: baseload.Study
) -> None:
    fleet = list(small_scenario.document["fleet"])
    newcomer = {**fleet[1], "name": "third hall", "mine_mw": {"uniform": [1, 2]}}
    changed = small_scenario.with_({"fleet": [newcomer, *fleet]})
    study = baseload.run(changed, paths=24, seed=5, threads=1)
    for name in small_study.inputs.columns:
        assert study.inputs[name].to_list() == small_study.inputs[name].to_list(), name
    same = ("generation_mwh", "firm_served_mwh", "npv_grid_only_usd", "npv_idle_usd")
    for metric in same:  # without a mine the two scenarios are one
        assert study.metrics[metric].to_list() == small_study.metrics[metric].to_list(), metric
