"""A year written for PyPSA and solved there: its optimum is the run's."""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import baseload
from baseload.cli.main import main
from baseload.dispatch.work import TRACE
from baseload.engine.plan import plan
from baseload.engine.pool import trace_path
from baseload.engine.state import Works
from baseload.export.plant_year import PlantYear, usd
from baseload.export.pypsa import network_of
from baseload.export.traced_year import plant_year

if importlib.util.find_spec("pypsa") is None:
    pytest.skip("PyPSA is not installed: no network to solve", allow_module_level=True)

DOCS = Path(__file__).parents[2] / "docs"
# Both sums are of some ten thousand products in double precision, each good to 1e-16 of itself.
RELATIVE = 1e-9
# The solver may leave a constraint violated by 1e-7 MW in an hour; dispatch is in whole kW.
MWH = 1e-3
pytestmark = pytest.mark.filterwarnings(
    # The solver's interface talks about its own next version.
    "ignore::FutureWarning",
    "ignore::DeprecationWarning",
)


CHEAP, DEAR = (
    f"grid.price.level_usd_per_mwh={{ uniform = [{low}, {low + 2}] }}" for low in (4, 300)
)


@dataclass(frozen=True)
class Traced:
    """A path of a scenario, and a year of it as a network."""

    works: Works
    year: PlantYear
    network: Any


def traced(scenario: baseload.Scenario, path: int, year: int, first: int, last: int) -> Traced:
    made = plan(scenario.model, scenario.folder, 1)
    works, _ = trace_path(made, path)
    found = plant_year(scenario.model, made, works, path, year)
    part = found.part(first, last or found.hours)
    network = network_of(part, scenario.title, {})
    return Traced(works, part, network)


def read(file: Path) -> Any:
    import pypsa  # seconds, which only the worker that solves needs to spend

    return pypsa.Network(file)


def solve(network: Any) -> Any:
    status = network.optimize(
        solver_name="highs", include_objective_constant=False, log_to_console=False
    )
    assert status == ("ok", "optimal")
    return network


def agree(network: Any) -> None:
    """Objective and energies of a solved network are those that the run wrote into it."""
    run = network.meta["run"]
    assert network.objective == pytest.approx(run["objective_usd"], rel=RELATIVE)
    value = run["avoidable_cost_of_firm_demand_usd"] - network.objective
    assert value == pytest.approx(run["value_of_mining_and_export_usd"], rel=RELATIVE)
    mwh = network.generators_t.p.sum()
    for prefix, name in (("mine: ", "mine_mwh"), ("export: ", "export_mwh")):
        found = mwh[mwh.index.str.startswith(prefix)].sum()
        assert found == pytest.approx(run[name], abs=MWH), name
    produced = run["available_mwh"] - run["curtailed_mwh"]
    assert mwh["plant"] == pytest.approx(produced, abs=MWH)


@pytest.fixture(scope="module")
def written(scenario_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of the small scenario, by the command line."""
    file = tmp_path_factory.mktemp("pypsa") / "year.nc"
    scenario = str(scenario_folder / "small.toml")
    assert main(["export", scenario, "--pypsa", str(file), "--path", "2", "--year", "0"]) == 0
    return file


@pytest.fixture(scope="module")
def solved(written: Path) -> Any:
    return solve(read(written))


def test_the_optimum_of_a_year_that_was_written_is_the_runs(solved: Any) -> None:
    agree(solved)
    assert solved.meta["run"]["mine_mwh"] > 0
    assert solved.meta["run"]["export_mwh"] > 0


def test_the_network_says_where_it_comes_from(solved: Any, scenario_folder: Path) -> None:
    scenario = baseload.load(scenario_folder / "small.toml")
    meta = solved.meta
    assert (meta["scenario"], meta["scenario_sha256"]) == ("small", scenario.sha256)
    assert (meta["seed"], meta["path"], meta["year"]) == (1, 2, 0)
    assert solved.snapshots[0].isoformat() == "2027-01-01T00:00:00"
    assert solved.snapshots[-1].isoformat() == "2027-12-31T23:00:00"
    assert list(solved.loads.index) == ["0 safety house load", "1 town", "2 works"]


def test_the_sums_in_the_network_are_the_runs_own(solved: Any, scenario_folder: Path) -> None:
    scenario = baseload.load(scenario_folder / "small.toml")
    study = baseload.run(scenario, paths=3, seed=1, threads=1, trace=2)
    year = study.dispatch.head(8760)
    run = solved.meta["run"]
    for name, column in (
        ("available_mwh", "available_kw"),
        ("firm_served_by_plant_mwh", "firm_served_by_plant_kw"),
        ("mine_mwh", "mine_kw"),
        ("export_mwh", "export_kw"),
        ("curtailed_mwh", "curtailed_kw"),
        ("firm_demand_mwh", "firm_demand_kw"),
        ("unserved_mwh", "unserved_kw"),
    ):
        assert run[name] == year[column].to_numpy().sum(dtype=np.int64) / 1000, name
    # What export paid in the network is what the ledger has, each month of which is whole cents.
    lines = study.ledger.filter(variant="run", line="export_revenue").head(12)
    ledger = int(lines["cents"].sum()) / 100
    sold = solved.generators_t.p.filter(like="export: ")
    paid = -(sold * solved.generators_t.marginal_cost[sold.columns]).to_numpy().sum()
    assert paid == pytest.approx(ledger, abs=12 * 0.005 + 1e-6 * MWH * abs(ledger))


def test_hours_in_which_the_mine_is_stopped_have_no_machines(scenario_folder: Path) -> None:
    scenario = baseload.load(
        scenario_folder / "small.toml", ["transitions=[]", 'phase="war"', "plant.events=[]"]
    )
    found = traced(scenario, 0, 0, 24 * 90, 24 * 97)
    assert found.works.trace_slots[90:97, 1].any()  # the machines are there
    assert found.year.machines == ()
    agree(solve(found.network))


@pytest.mark.parametrize(
    "overrides",
    [
        ["grid.mine_may_import=true", CHEAP],
        ['fleet.0.runs="always"', "grid.mine_may_import=true"],
        ['fleet.0.runs="always"', DEAR, "grid.price.caps=[]"],
        ["grid.price_fall_usd_per_mwh_per_gw=0", "grid.transmission_loss=0"],
    ],
    ids=["import", "always and import", "always at a loss", "one tranche"],
)
def test_the_optimum_is_the_runs_whatever_the_mine_may_do(
    scenario_folder: Path, overrides: list[str]
) -> None:
    scenario = baseload.load(scenario_folder / "small.toml", overrides)
    found = traced(scenario, 1, 0, 24 * 181, 24 * 209)
    agree(solve(found.network))
    mined = usd(found.year.mined_kw)
    assert mined > 0
    if "grid.mine_may_import=true" in overrides:
        assert found.year.mine_import_kw.sum() > 0


def test_machines_that_are_not_yet_there_are_not_in_a_part_of_a_year(scenario_folder: Path) -> None:
    scenario = baseload.load(scenario_folder / "small.toml", ['fleet.0.runs="always"'])
    found = traced(scenario, 2, 0, 0, 24 * 7)
    assert found.year.machines[0].always
    assert not found.year.mined_kw.any()
    agree(solve(found.network))


def test_a_month_of_the_flagship_is_the_runs() -> None:
    scenario = baseload.load("zaporizhzhia")
    made = plan(scenario.model, scenario.folder, 1)
    mine, export = (TRACE.index(name) for name in ("mine_kw", "export_kw"))
    for path in range(50):
        works, _ = trace_path(made, path)
        both = np.flatnonzero((works.trace[:, mine] > 0) & (works.trace[:, export] > 0))
        if both.size:
            break
    year = int(np.searchsorted(made.setups.month_first_hour[12::12], both[0], side="right"))
    found = plant_year(scenario.model, made, works, path, year)
    day = int(both[0] - made.setups.month_first_hour[12 * year]) // 24
    day = min(day, found.hours // 24 - 31)
    month = found.part(24 * day, 24 * (day + 31))
    assert month.mined_kw.any()
    assert month.sold_kw.any()
    agree(solve(network_of(month, scenario.title, {})))


def test_the_example_of_the_documentation_does_what_it_says(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (DOCS / "pypsa.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```pycon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(written.parent)
    example = doctest.DocTestParser().get_doctest(code, {}, "pypsa.md", "pypsa.md", 0)
    shown: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(example, out=shown.append)
    assert result.failed == 0, "".join(shown)


def test_json_is_what_the_network_says_of_itself(
    written: Path, scenario_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = str(scenario_folder / "small.toml")
    again = written.with_name("again.nc")
    arguments = ["export", scenario, "--pypsa", str(again), "--path", "2", "--year", "0", "--json"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert err == ""
    assert told.pop("file") == str(again)
    assert told == read(written).meta
    assert sorted(path.name for path in written.parent.iterdir()) == ["again.nc", "year.nc"]


def test_a_network_that_cannot_be_written_leaves_what_was_there(
    written: Path,
    scenario_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(network: Any, path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError("NetCDF: HDF error")

    before = written.read_bytes()
    names = sorted(path.name for path in written.parent.iterdir())
    monkeypatch.setattr("pypsa.Network.export_to_netcdf", full)
    scenario = str(scenario_folder / "small.toml")
    assert main(["export", scenario, "--pypsa", str(written), "--force"]) == 1
    assert "could not be written" in capsys.readouterr().err
    assert written.read_bytes() == before
    assert sorted(path.name for path in written.parent.iterdir()) == names
