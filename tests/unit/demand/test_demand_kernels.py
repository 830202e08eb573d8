"""Firm demand against its twin, and a few hours by hand."""

# Kernels have no types: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.naive import Case, case, document
from tests.naive.demand import demand_kw

from baseload.demand.kernels import month_demand
from baseload.dispatch.work import AVAILABLE, dispatch_work

NEVER = 1 << 40
PLANT = {"units": [{"name": "A", "gross_mw": 900.0, "net_mw": 850.0, "state": "running"}]}


def available(one: Case) -> list[int]:
    """Some power of the plant by hour. [kW]"""
    return [(7919 * hour) % 850_000 for hour in range(one.hours)]


def kernel_kw(one: Case, first_unit_hour: int | None) -> dict[str, list[int]]:
    """Demand by name and hour, from the kernel."""
    setups = one.planned.setups
    row = one.planned.draw(one.path, 1)[0]
    names = [demand.name for demand in one.scenario.demand]
    memory = dispatch_work(len(names), 0)
    power = np.array(available(one))
    found: dict[str, list[int]] = {name: [] for name in names}
    for month in range(one.horizon.months):
        first = int(setups.month_first_hour[month])
        hours = int(setups.month_first_hour[month + 1]) - first
        memory.hours[AVAILABLE, :hours] = power[first : first + hours]
        month_demand(
            setups.demand,
            row,
            month // 12,
            first,
            0,
            hours,
            NEVER if first_unit_hour is None else first_unit_hour,
            memory.hours[AVAILABLE],
            memory.demand_kw,
        )
        for place, name in enumerate(names):
            found[name] += memory.demand_kw[place, :hours].tolist()
    return found


DEMANDS: list[dict[str, Any]] = [
    {
        "name": "town",
        "profile": "household",
        "peak_mw": {"uniform": [50.0, 90.0]},
        "growth_per_year": {"uniform": [-0.03, 0.05]},
        "owed_from": "start",
    },
    {"name": "works", "profile": "industry-two-shift", "peak_mw": 31.234},
    {
        "name": "pumps",
        "constant_mw": {"uniform": [3.0, 4.0]},
        "growth_per_year": 0.013,
        "owed_from": date(2028, 2, 29),
    },
    {"name": "party", "share_of_output": {"uniform": [0.1, 0.4]}, "owed_from": date(2027, 5, 5)},
    {"name": "other party", "share_of_output": 0.25},
    {"name": "past", "constant_mw": 1.5, "owed_from": date(2020, 1, 1)},
    {"name": "flat", "profile": "flat", "peak_mw": 2.0, "owed_from": date(2040, 1, 1)},
]


@pytest.mark.parametrize(
    ("offset", "first_unit_hour"), [(-9, 0), (0, 5000), (2, 26303), (14, None)]
)
def test_demand_equals_its_twin(offset: int, first_unit_hour: int | None) -> None:
    scenario = document(
        PLANT,
        years=3,
        demand=DEMANDS,
        grid={"export_limit_mw": 100.0, "utc_offset_hours": offset},
    )
    one = case(scenario, path=2)
    kernel = kernel_kw(one, first_unit_hour)
    twin = demand_kw(one, first_unit_hour, available(one))
    for name, values in twin.items():
        for hour, value in enumerate(values):
            assert kernel[name][hour] == value, f"{name} in hour {hour}"


def test_a_demand_grows_on_the_day_of_the_start_each_year() -> None:
    demand = {"name": "d", "constant_mw": 10.0, "growth_per_year": 0.1, "owed_from": "start"}
    one = case(document(PLANT, start="2027-07-01", years=3, demand=[demand]))
    # 10, 11 and 12.1 MW; the second year holds the 29 February of 2028.
    assert kernel_kw(one, 0)["d"] == [10_000] * 8784 + [11_000] * 8760 + [12_100] * 8760


def test_a_demand_begins_in_the_hour_of_the_first_unit() -> None:
    one = case(document(PLANT, demand=[{"name": "d", "constant_mw": 10.0}]))
    assert kernel_kw(one, 745)["d"] == [0] * 745 + [10_000] * (8760 - 745)
    assert set(kernel_kw(one, None)["d"]) == {0}


@pytest.mark.parametrize("offset", [-9, 0, 2])
def test_a_day_like_another_has_its_demand(offset: int) -> None:
    profiles = [d for d in DEMANDS if "share_of_output" not in d]
    one = case(
        document(
            PLANT,
            years=3,
            demand=[{**d, "owed_from": "start"} for d in profiles],
            grid={"export_limit_mw": 100.0, "utc_offset_hours": offset},
        )
    )
    like = one.planned.setups.demand.like_day
    month = [one.month(24 * day) for day in range(one.horizon.days)]
    kernel = kernel_kw(one, 0)
    by_day = {name: np.reshape(values, (-1, 24)) for name, values in kernel.items()}
    for day, first in enumerate(like.tolist()):
        assert first <= day and month[first] == month[day] and like[first] == first
        for rows in by_day.values():
            assert (rows[day] == rows[first]).all()
    # Working days, Saturdays and Sundays: a shape repeats; away from UTC there are days in between.
    shapes = [len({int(f) for f, m in zip(like, month, strict=True) if m == n}) for n in range(36)]
    assert max(shapes) <= 12
    assert min(shapes) >= (3 if offset == 0 else 4)


def test_demand_that_never_changes_has_one_shape_a_month() -> None:
    one = case(document(PLANT, demand=[{"name": "d", "constant_mw": 10.0}]))
    like = one.planned.setups.demand.like_day
    firsts = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])
    assert sorted(set(like.tolist())) == firsts.tolist()


def test_part_of_a_month_is_that_part_of_it() -> None:
    one = case(document(PLANT, years=3, demand=DEMANDS), path=1)
    setups, row = one.planned.setups, one.planned.draw(1, 1)[0]
    whole = kernel_kw(one, 5000)
    memory = dispatch_work(len(DEMANDS), 0)
    # 7 hours over midnight, and hours in which a demand begins to be owed.
    for first, hours, at in ((4995, 7, 100), (22, 7, 0), (10_176 - 3, 24, 720), (2976, 24, 24)):
        memory.hours[AVAILABLE, at : at + hours] = available(one)[first : first + hours]
        memory.demand_kw[:] = -1
        month_demand(
            setups.demand,
            row,
            one.month(first) // 12,
            first,
            at,
            hours,
            5000,
            memory.hours[AVAILABLE],
            memory.demand_kw,
        )
        for place, demand in enumerate(one.scenario.demand):
            found = memory.demand_kw[place]
            assert found[at : at + hours].tolist() == whole[demand.name][first : first + hours]
            assert (np.delete(found, np.s_[at : at + hours]) == -1).all()


def test_a_profile_of_a_file_is_read_hour_by_hour(tmp_path: Path) -> None:
    rows = "\n".join(str((hour % 100) / 100) for hour in range(8760))
    (tmp_path / "load.csv").write_text(f"value\n{rows}\n")
    demand = {"name": "d", "profile": "load.csv", "peak_mw": 20.0, "owed_from": "start"}
    one = case(document(PLANT, demand=[demand]), folder=tmp_path)
    assert kernel_kw(one, 0)["d"] == [200 * (hour % 100) for hour in range(8760)]
