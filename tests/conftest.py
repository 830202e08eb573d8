"""A small scenario with every stage in it, and one study of it, shared by all tests of a session."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

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


def pytest_configure(config: Config) -> None:
    """Compile the engine once before several workers would each do it at the same time."""
    workers = getattr(config.option, "numprocesses", None)
    if workers and not hasattr(config, "workerinput") and not config.option.collectonly:
        baseload.run(baseload.load(SCENARIOS / "small.toml"), paths=1, threads=1)
