"""Lines, limits and prices against their twin, and a few by hand."""

# Kernels have no types: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tests.naive import Case, case, document
from tests.naive import grid as naive
from tests.naive.phases import phase_by_hour
from tests.naive.plant import schedule
from tests.unit.plant.compared import kernel_path

from baseload.dispatch.work import (
    EXPORT_LIMIT,
    HOUR_PRICE,
    IMPORT_LIMIT,
    LOST_POWER,
    dispatch_work,
)
from baseload.grid.kernels import (
    begin_path,
    month_factors,
    month_level,
    month_limits,
    month_prices,
)
from baseload.grid.work import grid_work

Ints = npt.NDArray[np.int64]

PLANT: dict[str, Any] = {
    "projects": [
        {"name": "p1", "starts": "2027-02-01", "months": {"uniform": [2.0, 6.0]}},
        {"name": "p2", "starts": "2026-06-01", "months": 9.0},
        {"name": "p3", "starts": "2029-06-01", "months": 9.0},
    ],
    "off_site_power": {"losses_per_year": 6.0, "outage_hours": {"uniform": [2.0, 90.0]}},
    "units": [{"name": "A", "gross_mw": 900.0, "net_mw": 850.0, "state": "running"}],
}
WAR = {
    "phase": "war",
    "transitions": [
        {"from": "war", "to": "peace", "per_year": 2.0},
        {"from": "peace", "to": "war", "per_year": 2.0},
    ],
}


def line(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "export_mw": {"uniform": [200.0, 300.0]},
        "import_mw": {"uniform": [20.0, 30.0]},
        "outages_per_year": {"war": 60.0, "peace": 4.0},
        "outage_hours": {"lognormal": {"median": 12.0, "p95": 200.0}},
        **more,
    }


LINES = [
    line("L1"),
    line("L2", needs=["p1", "p2"]),
    line("L3", needs=["p3"]),
    line("L4", outages_per_year=9.0, export_mw=150.0, import_mw=0.0),
]
PRICE: dict[str, Any] = {
    "level_usd_per_mwh": {"uniform": [40.0, 80.0]},
    "growth_per_year": 0.02,
    "level_volatility": 0.3,
    "level_half_life_months": 5.0,
    "daily_volatility": 0.4,
    "daily_half_life_days": 2.5,
    "spikes": {"per_year": 30.0, "factor": {"pert": [2.0, 3.0, 30.0]}},
    "caps": [
        {"from": "2028-02-01", "usd_per_mwh": 300.0},
        {"from": "2027-01-01", "usd_per_mwh": 90.0},
    ],
    "floors": [{"from": "2027-06-15", "usd_per_mwh": 21.5}],
}

SCENARIOS: dict[str, dict[str, Any]] = {
    "no lines, imports without a limit": {"grid": {"export_limit_mw": 500.0}},
    "no lines, limits both ways": {
        "grid": {"export_limit_mw": {"uniform": [300.0, 500.0]}, "import_limit_mw": 44.4},
    },
    "lines alone": {**WAR, "years": 2, "grid": {"lines": LINES}},
    "lines under limits": {
        **WAR,
        "years": 3,
        "grid": {"lines": LINES, "export_limit_mw": 420.0, "import_limit_mw": 25.0},
    },
    "a price that moves": {
        "years": 3,
        "grid": {"export_limit_mw": 500.0, "utc_offset_hours": 2, "price": PRICE},
    },
    "a price that only spikes": {
        "start": "2028-03-01",
        "grid": {
            "export_limit_mw": 500.0,
            "utc_offset_hours": -9,
            "price": {
                "profile": "flat",
                "spikes": {"per_year": 90.0, "factor": {"uniform": [0.5, 4.0]}},
            },
        },
    },
    "a price that falls with what is sold": {
        "grid": {"lines": LINES, "price_fall_usd_per_mwh_per_gw": {"uniform": [2.0, 9.0]}},
    },
}


@dataclass(frozen=True)
class GridPath:
    """What the kernels made of a path, by hour."""

    export_kw: list[int]
    import_kw: list[int]
    price_milli: list[int]
    levels: list[float]
    factors: list[float]
    falls: list[int]
    lost_power: list[bool]


def normals_of(one: Case) -> npt.NDArray[np.float64]:
    """A standard normal a day; where they come from is the network's matter."""
    return np.random.default_rng(5).standard_normal(one.horizon.days)


def grid_path(one: Case, normals: npt.NDArray[np.float64]) -> GridPath:
    """Run the kernels on one path, month by month."""
    plant = kernel_path(one)
    setups = one.planned.setups
    setup = setups.grid
    row = one.planned.draw(one.path, 1)[0]
    work = grid_work(setup)
    memory = dispatch_work(0, 0)
    error = begin_path(
        setup,
        setups.events,
        row,
        one.path,
        plant.work.project_done,
        plant.work.phase_hour,
        plant.work.phase,
        plant.work.counts[2],
        work,
    )
    assert error == 0
    rows: dict[int, list[int]] = {EXPORT_LIMIT: [], IMPORT_LIMIT: [], HOUR_PRICE: []}
    levels: list[float] = []
    factors: list[float] = []
    for month in range(one.horizon.months):
        first_day = int(setups.month_first_day[month])
        days = int(setups.month_first_day[month + 1]) - first_day
        first, hours = 24 * first_day, 24 * days
        table = memory.hours
        table[LOST_POWER, :hours] = plant.rows["lost_power"][first : first + hours]
        month_limits(
            setup,
            row,
            first,
            hours,
            table[LOST_POWER],
            work,
            table[EXPORT_LIMIT],
            table[IMPORT_LIMIT],
        )
        drawn = np.zeros(31)
        drawn[:days] = normals[first_day : first_day + days]
        month_factors(
            setup, setups.events, row, one.path, first_day, days, drawn, work, memory.factor
        )
        level = month_level(setup, row, one.path, month, work)
        month_prices(setup, first, days, level, memory.factor, memory.by_day[HOUR_PRICE])
        levels.append(float(level))
        factors += memory.factor[:days].tolist()
        for place, values in rows.items():
            values += table[place, :hours].tolist()
    return GridPath(
        rows[EXPORT_LIMIT],
        rows[IMPORT_LIMIT],
        rows[HOUR_PRICE],
        levels,
        factors,
        work.tranche_fall[: setup.tranches].tolist(),
        [bool(lost) for lost in plant.rows["lost_power"].tolist()],
    )


def same(what: str, kernel: list[int], twin: list[int]) -> None:
    assert len(kernel) == len(twin)
    for hour, (one, other) in enumerate(zip(kernel, twin, strict=True)):
        assert one == other, f"{what} in hour {hour}: kernel {one}, twin {other}"


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("path", [0, 3])
def test_grid_equals_its_twin(name: str, path: int) -> None:
    one = case(document(PLANT, **SCENARIOS[name]), path=path)
    normals = normals_of(one)
    kernel = grid_path(one, normals)
    phases = phase_by_hour(one)
    limits = naive.limits_kw(one, phases, schedule(one, phases).done, kernel.lost_power)
    same("export limit", kernel.export_kw, limits[0])
    same("import limit", kernel.import_kw, limits[1])
    # Own exponentials and powers against the library's, over a recursion of a few hundred steps.
    assert np.allclose(kernel.levels, naive.monthly_levels(one), rtol=1e-12, atol=0.0)
    assert np.allclose(kernel.factors, naive.daily_factors(one, normals.tolist()), rtol=1e-12)
    same("price", kernel.price_milli, naive.prices_milli_usd(one, normals.tolist()))
    setup = one.planned.setups.grid
    if setup.tranches > 1:
        falls = naive.tranche_falls_milli_usd(one, setup.tranche_kw, setup.tranches)
        assert kernel.falls == falls
    else:
        assert kernel.falls == [0]


def quiet(**grid: Any) -> Case:
    """A plant without losses at this grid, one year."""
    plant = {"projects": PLANT["projects"][:0], "units": PLANT["units"]}
    return case(document(plant, grid=grid))


def test_a_line_carries_from_the_day_on_which_what_it_needs_is_done() -> None:
    plant = {
        "projects": [{"name": "p", "starts": "2027-01-01", "months": 2.0}],
        "units": PLANT["units"],
    }
    lines = [
        {"name": "old", "export_mw": 100.0, "import_mw": 7.0},
        {"name": "new", "export_mw": 50.5, "import_mw": 3.0, "needs": ["p"]},
    ]
    one = case(document(plant, grid={"lines": lines, "import_limit_mw": 8.0}))
    kernel = grid_path(one, normals_of(one))
    # Two months of 730.5 hours.
    assert kernel.export_kw == [100_000] * 1461 + [150_500] * (8760 - 1461)
    assert kernel.import_kw == [7_000] * 1461 + [8_000] * (8760 - 1461)


def test_nothing_is_carried_while_off_site_power_is_lost() -> None:
    one = case(document(PLANT, grid={"export_limit_mw": 500.0, "import_limit_mw": 9.0}))
    kernel = grid_path(one, normals_of(one))
    assert any(kernel.lost_power)
    assert kernel.export_kw == [0 if lost else 500_000 for lost in kernel.lost_power]
    assert kernel.import_kw == [0 if lost else 9_000 for lost in kernel.lost_power]


def test_limits_of_a_part_of_a_month_are_that_part_of_it() -> None:
    one = case(document(PLANT, **SCENARIOS["lines under limits"]), path=3)
    whole = grid_path(one, normals_of(one))
    setups, row = one.planned.setups, one.planned.draw(3, 1)[0]
    plant = kernel_path(one)
    work = grid_work(setups.grid)
    begin_path(
        setups.grid,
        setups.events,
        row,
        3,
        plant.work.project_done,
        plant.work.phase_hour,
        plant.work.phase,
        plant.work.counts[2],
        work,
    )
    export_kw, import_kw = np.zeros(24, np.int32), np.zeros(24, np.int32)
    lost = plant.rows["lost_power"].astype(np.int32)
    chosen = np.random.default_rng(2)
    hour = 0
    remembered: list[tuple[int, list[int]]] = []
    while hour < one.hours:
        hours = min(int(chosen.integers(1, 25)), one.hours - hour)
        remembered.append((hour, work.now.tolist()))
        month_limits(
            setups.grid, row, hour, hours, lost[hour : hour + hours], work, export_kw, import_kw
        )
        assert export_kw[:hours].tolist() == whole.export_kw[hour : hour + hours]
        assert import_kw[:hours].tolist() == whole.import_kw[hour : hour + hours]
        hour += hours
    # A day may be asked again with what the lines were at its first hour.
    for first, now in remembered[::17]:
        work.now[:] = now
        month_limits(
            setups.grid, row, first, 1, lost[first : first + 1], work, export_kw, import_kw
        )
        assert (export_kw[0], import_kw[0]) == (whole.export_kw[first], whole.import_kw[first])


def test_caps_and_floors_hold_from_their_day_until_the_next() -> None:
    one = quiet(
        export_limit_mw=500.0,
        price={
            "profile": "flat",
            "level_usd_per_mwh": 50.0,
            "caps": [
                {"from": "2027-01-03", "usd_per_mwh": 40.0},
                {"from": "2027-01-05", "usd_per_mwh": 900.0},
            ],
            "floors": [{"from": "2027-01-07", "usd_per_mwh": 60.1234}],
        },
    )
    prices = grid_path(one, normals_of(one)).price_milli
    by_day = [50_000] * 2 + [40_000] * 2 + [50_000] * 2 + [60_123] * 359
    assert prices == [price for price in by_day for _ in range(24)]


def test_what_tranches_earn_together_is_what_the_export_earns() -> None:
    one = quiet(export_limit_mw=800.0, price_fall_usd_per_mwh_per_gw=5.0)
    falls = grid_path(one, normals_of(one)).falls
    # 8 tranches of 0.1 GW; q GW lower the price by 5 q for all of them. [milli-USD/MWh]
    assert falls == [500, 1500, 2500, 3500, 4500, 5500, 6500, 7500]
    for sold in range(1, 9):
        lost = sum(fall * 0.1 for fall in falls[:sold])
        # Whole milli-USD were exact here; what is left is rounding of the sum.
        assert math.isclose(lost, 5000.0 * (0.1 * sold) ** 2, rel_tol=1e-12)


def test_prices_of_a_file_are_taken_hour_by_hour(tmp_path: Path) -> None:
    values = [round(-20.0 + 0.0625 * (hour % 1601), 4) for hour in range(8760)]
    rows = "\n".join(str(value) for value in values)
    (tmp_path / "prices.csv").write_text(f"value\n{rows}\n")
    scenario = document(
        {"units": PLANT["units"]},
        grid={
            "export_limit_mw": 500.0,
            "price": {
                "file": "prices.csv",
                "caps": [{"from": "2027-03-01", "usd_per_mwh": 30.0}],
            },
        },
    )
    one = case(scenario, folder=tmp_path)
    prices = grid_path(one, normals_of(one)).price_milli
    march = 59 * 24
    assert prices == [
        math.floor((min(value, 30.0) if hour >= march else value) * 1000.0 + 0.5)
        for hour, value in enumerate(values)
    ]
