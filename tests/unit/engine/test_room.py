"""A study for which there is no room is refused before it begins, with what there would be room for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import baseload
from baseload.engine import room, series
from baseload.engine.plan import Plan, plan
from baseload.engine.room import FIXED_BYTES, free_memory, needs, require_room
from baseload.errors import InputError

GB = 1 << 30


def has(size: int | None) -> Callable[[], int | None]:
    return lambda: size


@pytest.fixture(scope="module")
def made(small_scenario: baseload.Scenario) -> Plan:
    return plan(small_scenario.model, small_scenario.folder, 1)


def refused(made: Plan, paths: int, memory: int | None, disk: int | None) -> str:
    with pytest.raises(InputError) as told:
        require_room(made, paths, 2, 64, has(memory), has(disk))
    (fault,) = told.value.faults
    assert fault.field == "paths"
    return str(fault)


def most(text: str) -> int:
    found = re.search(r"at most ([\d,]+) paths", text)
    assert found, text
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize(("memory", "disk"), [(2 * GB, 900 * GB), (GB, 900 * GB), (None, GB)])
def test_what_is_said_to_fit_fits_and_one_more_does_not(
    made: Plan, memory: int | None, disk: int
) -> None:
    text = refused(made, 9_000_000, memory, disk)
    assert "9,000,000 paths of 2 years" in text
    fits = most(text)
    require_room(made, fits, 2, 64, has(memory), has(disk))
    refused(made, fits + 1, memory, disk)


def test_little_memory_refuses_what_would_not_yet_go_to_a_file(made: Plan) -> None:
    turn = series.MOST_BYTES_IN_MEMORY // series.bytes_per_path(24)
    fits = most(refused(made, turn, FIXED_BYTES + (200 << 20), None))
    assert 1000 < fits < turn


def test_each_thing_that_lacks_is_named_with_what_there_is(made: Plan) -> None:
    text = refused(made, 5_000_000, GB, 3 * GB)
    assert "of memory, where 1.1 GB are free" in text
    assert "of temporary disk in " in text and "where 3.2 GB are free" in text
    assert "TMPDIR" in text
    assert "TMPDIR" not in refused(made, 5_000_000, GB, None)


def test_where_not_one_path_fits_no_count_is_named(made: Plan) -> None:
    assert "a machine with more room" in refused(made, 10, 1 << 20, None)


def test_what_is_not_known_refuses_nothing(made: Plan) -> None:
    require_room(made, 10_000_000, 2, 64, has(None), has(None))


def test_needs_grow_with_the_paths_and_fall_where_a_file_takes_over() -> None:
    turn = series.MOST_BYTES_IN_MEMORY // series.bytes_per_path(240)
    here, there = needs(turn, 240, 150, 2, 64), needs(turn + 1, 240, 150, 2, 64)
    assert here.disk == 0 and there.disk == (turn + 1) * series.bytes_per_path(240)
    assert there.memory < here.memory
    many = needs(100_000, 240, 175, 2, 64)
    # The promise of the documentation, for 137 uncertain inputs and 19 milestones over 20 years.
    assert many.memory < 1.0e9
    assert needs(200_000, 240, 150, 2, 64).memory > many.memory


def test_a_run_without_room_ends_before_anything_is_compiled(
    small_scenario: baseload.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiled(*_: object) -> Any:
        raise AssertionError("compiled before it was refused")

    monkeypatch.setattr(room, "free_memory", has(GB))
    monkeypatch.setattr("baseload.study.simulation.warm", compiled)
    with pytest.raises(InputError, match="at most"):
        baseload.run(small_scenario, paths=9_000_000)


@dataclass(frozen=True)
class Machine:
    """Files of a system, as the process finds them."""

    root: Path

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(room, "_of_limit", lambda root: [])
    return Machine(tmp_path)


def test_a_system_that_says_nothing_is_not_known(machine: Machine) -> None:
    assert free_memory(machine.root) is None
    machine.write("proc/meminfo", "MemAvailable:\n")
    machine.write("proc/self/cgroup", "nonsense\n")
    assert free_memory(machine.root) is None


def test_memory_of_the_machine(machine: Machine) -> None:
    machine.write("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    4000 kB\n")
    assert free_memory(machine.root) == 4000 * 1024


def test_a_groups_limit_counts_without_what_can_be_given_back(machine: Machine) -> None:
    machine.write("proc/meminfo", "MemAvailable:    4000 kB\n")
    machine.write("proc/self/cgroup", "0::/jobs/one\n")
    machine.write("sys/fs/cgroup/jobs/one/memory.max", "max\n")
    machine.write("sys/fs/cgroup/jobs/one/memory.current", "1000\n")
    machine.write("sys/fs/cgroup/jobs/memory.max", "1000000\n")
    machine.write("sys/fs/cgroup/jobs/memory.current", "900000\n")
    machine.write("sys/fs/cgroup/jobs/memory.stat", "anon 5\ninactive_file 50000\n")
    assert free_memory(machine.root) == 150_000


def test_a_group_of_the_older_kind(machine: Machine) -> None:
    machine.write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/x\n")
    machine.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
    machine.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n")
    machine.write("sys/fs/cgroup/memory/memory.stat", "inactive_file 0\n")
    machine.write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "5000\n")
    machine.write("sys/fs/cgroup/memory/x/memory.usage_in_bytes", "7000\n")
    machine.write("sys/fs/cgroup/memory/x/memory.stat", "inactive_file 0\n")
    assert free_memory(machine.root) == 0
