"""A small scenario with every stage in it, and one study of it, shared by all tests of a session."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import baseload

if TYPE_CHECKING:
    from _pytest.config import Config

SCENARIOS = Path(__file__).parent / "scenarios"


@pytest.fixture(scope="session")
def scenario_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the scenarios of the tests, beside which a test may write files."""
    folder = tmp_path_factory.mktemp("scenarios")
    for file in SCENARIOS.glob("*.toml"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="session")
def small_scenario(scenario_folder: Path) -> baseload.Scenario:
    """Two units, two demands, two lines and two halls of machines for two years."""
    return baseload.load(scenario_folder / "small.toml")


@pytest.fixture(scope="session")
def small_study(small_scenario: baseload.Scenario) -> baseload.Study:
    """24 paths of the small scenario."""
    return baseload.run(small_scenario, paths=24, seed=5, threads=1)


# What takes long comes first, so that no worker is left with it at the end; above all what compiles:
# the engine by the first file, here and for another processor, the engine of linked hours by the
# second. What follows next needs neither, so that no two workers compile the same at the same time.
FIRST = (
    "tests/end_to_end/test_any_processor.py",
    "tests/unit/engine/test_linked_path.py",
    "tests/end_to_end/test_docs_site.py",
    "tests/property/test_command_fuzz.py",
    "tests/property/test_scenario_fuzz.py",
    "tests/property/test_plant_twin.py",
    "tests/unit/plant/test_plant_kernels.py",
    "tests/unit/fleet/test_fleet_kernels.py",
    "tests/unit/grid/test_grid_kernels.py",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while modules and tests pile up, nor among them afterwards."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


def pytest_collection_modifyitems(config: Config, items: list[pytest.Item]) -> None:
    """Put the files of `FIRST` first where several workers share the tests, each file whole."""
    if hasattr(config, "workerinput"):
        place = {name: number for number, name in enumerate(FIRST)}
        items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(FIRST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Config, log: Any) -> Any:
    """Give each file to one worker, in the order of the files, unless a way is asked for.

    A module's fixtures are then made once, and a kernel that a file is about is compiled once.
    """
    if config.option.dist != "load":
        return None
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)
