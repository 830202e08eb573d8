"""Books made again from hours: the same to the cent, and a cent that is wrong is found."""

from __future__ import annotations

from pathlib import Path

import pytest

import baseload
from baseload.engine.plan import Plan, plan
from baseload.engine.pool import EngineFault, trace_path
from baseload.engine.state import works
from baseload.money.ledger import EXPORT, FUEL, GRID_ONLY, IDLE, IMPORT_COST, RUN, TARIFF
from baseload.study.books import HOURS_ARE_LINKED, hold_accounts


@pytest.fixture(scope="module")
def scenario() -> baseload.Scenario:
    return baseload.load("susquehanna", ["years=2", "grid.transmission_loss=0.03"])


@pytest.fixture(scope="module")
def made(scenario: baseload.Scenario) -> Plan:
    return plan(scenario.model, scenario.folder, 3)


@pytest.mark.parametrize("name", ["susquehanna", "zaporizhzhia", "bhutan-hydro"])
def test_the_books_of_every_plant_of_the_gallery_are_those_of_its_hours(name: str) -> None:
    scenario = baseload.load(name, ["years=3"])
    planned = plan(scenario.model, scenario.folder, 3)
    for path in (0, 1):
        traced, _ = trace_path(planned, path)
        found = hold_accounts(scenario.model, planned, traced, path)
        assert found.reason is None
        assert found.entries == 36 * 13


@pytest.mark.parametrize(
    ("variant", "line"),
    [(RUN, EXPORT), (RUN, TARIFF), (GRID_ONLY, EXPORT), (GRID_ONLY, FUEL), (IDLE, IMPORT_COST)],
)
def test_a_cent_that_is_wrong_is_found(
    scenario: baseload.Scenario, made: Plan, variant: int, line: int
) -> None:
    traced, _ = trace_path(made, 0)
    traced.ledger[variant, 13, line] += 1
    with pytest.raises(EngineFault, match="month 13"):
        hold_accounts(scenario.model, made, traced, 0)


def test_an_hour_that_is_wrong_is_found(scenario: baseload.Scenario, made: Plan) -> None:
    traced, _ = trace_path(made, 0)
    traced.trace[5000, 14] += 100
    with pytest.raises(EngineFault, match="export_revenue of grid_only"):
        hold_accounts(scenario.model, made, traced, 0)


def test_linked_hours_are_left_out_and_that_is_said(scenario_folder: Path) -> None:
    scenario = baseload.load(scenario_folder / "small.toml", ["plant.units.0.ramp_mw_per_hour=100"])
    planned = plan(scenario.model, scenario.folder, 3)
    assert planned.setups.link.linked
    found = hold_accounts(scenario.model, planned, works(planned.setups, trace=False), 0)
    assert found.reason == HOURS_ARE_LINKED and found.entries == 0


def test_a_study_tells_of_its_books(small_study: baseload.Study) -> None:
    assert small_study.accounts is not None
    assert small_study.accounts["path"] == small_study.representative_path
