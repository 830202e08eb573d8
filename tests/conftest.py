"""A small scenario with every stage in it, and one study of it, shared by all tests of a session."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import baseload

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
