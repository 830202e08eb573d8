"""The bytes of a study do not change with what the processor can do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import baseload

# Compiler, numpy's loops and the C library all told to use nothing newer than the first 64-bit chips.
PLAIN_PROCESSOR = {
    "NUMBA_CPU_NAME": "generic",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F",
}
RUN = """
import sys
import baseload
baseload.run(baseload.load(sys.argv[1]), paths=24, seed=5, threads=1).save(sys.argv[2])
"""


def test_a_processor_without_its_newer_instructions_gives_the_same_bytes(
    small_scenario: baseload.Scenario, small_study: baseload.Study, tmp_path: Path
) -> None:
    here = small_study.save(tmp_path / "here")
    environment = os.environ | PLAIN_PROCESSOR | {"BASELOAD_CACHE_DIR": str(tmp_path / "cache")}
    there = tmp_path / "there"
    subprocess.run(
        # numpy warns of features that this processor does not have in the first place.
        [sys.executable, "-W", "ignore", "-c", RUN, small_scenario.file, str(there)],
        env=environment,
        check=True,
    )
    names = sorted(path.name for path in here.iterdir())
    assert sorted(path.name for path in there.iterdir()) == names
    for name in names:
        if name != "timings.json":
            assert (there / name).read_bytes() == (here / name).read_bytes(), name
