"""The memory of a study does not grow with its monthly series once they lie in a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import baseload

RUN = """
import json, resource, sys
import numpy as np
import baseload
from baseload import study
from baseload.engine import pool, series

def stub(setups, works, rows, first, out):
    # As large as the engine's, and cheap.
    out.metrics[:] = first / 1e7  # shares are among them
    out.series[:] = np.float32(first)

pool.simulate_paths = stub
study.warm = lambda made: 0.0
series.MOST_BYTES_IN_MEMORY = 16 << 20
found = baseload.run(
    baseload.load(sys.argv[1]), paths=int(sys.argv[2]), threads=2, certificate_weeks=0
)
found.save(sys.argv[3])
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
"""


def peak(scenario: baseload.Scenario, paths: int, folder: Path) -> int:
    """Most memory that a process with so many paths took. [bytes]"""
    done = subprocess.run(
        [sys.executable, "-c", RUN, scenario.file, str(paths), str(folder)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return int(json.loads(done.stdout))


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="counts in other units")
def test_paths_cost_what_their_metrics_and_inputs_take(
    small_scenario: baseload.Scenario, tmp_path: Path
) -> None:
    few, many = 20_000, 70_000
    took = [peak(small_scenario, paths, tmp_path / str(paths)) for paths in (few, many)]
    per_path = (took[1] - took[0]) / (many - few)
    # 45 metrics as an array and as a frame, some inputs, and what sorting and writing takes: below
    # 1.5 kB. The series of two years are another 2.7 kB.
    assert per_path < 1_500
