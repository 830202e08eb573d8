"""Halls of machines against a list of single machines, and decisions worked by hand."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import math
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tests.naive.fleet import DAYS_PER_MONTH, Hall, Terms, World

from baseload.clock import Horizon
from baseload.fleet.catalogue import machine, machines
from baseload.fleet.kernels import (
    begin_path,
    day_fleet,
    delivered_by,
    machine_price,
    next_change,
    order_terms,
)
from baseload.fleet.schema import Batch
from baseload.fleet.setup import FleetSetup, fleet_setup
from baseload.fleet.work import (
    ASK_DAY,
    BOUGHT_MACHINES,
    BOUGHT_SITE,
    CAP_KW,
    DELIVERED_EH,
    HALL,
    INSTALLED,
    MACHINES_NOW,
    OPEX_NOW,
    ORDERED,
    RESOLD,
    TH_PER_S,
    WATTS,
    FleetWork,
    fleet_work,
)
from baseload.inputs import Inputs
from baseload.network.draw import Frontier

Floats = npt.NDArray[np.float64]

HORIZON = Horizon(date(2027, 1, 1), 12)
S21 = machine("antminer-s21")  # 200 TH/s, 3,500 W
WORLD = World(
    efficiency_j_per_th=12.5,
    payback_days=400.0,
    floor_usd_per_th=5.0,
    power_usd_per_mwh=45.0,
    output_eh_per_s_per_year=365.25,
    free_share=0.1,
    rise_per_share=1.0,
    largest_share=0.5,
)
FRONTIER = Frontier(12.5, 400.0, 5.0, 45.0, 1.0, 0.1, 1.0, 0.5)
# New machines for this hall are air-cooled too, and less efficient than the best of all.
AIR = min(m.efficiency_j_per_th for m in machines().values() if m.cooling == "air") / min(
    m.efficiency_j_per_th for m in machines().values()
)
THREE_A_DAY = 3 * DAYS_PER_MONTH


def batch(**changes: Any) -> Batch:
    return Batch.model_validate(
        {
            "model": "antminer-s21",
            "mine_mw": 0.368,  # 100 machines of 3,500 W x 1.05, and 500 W to spare
            "order": "2027-01-01",
            "lead_months": 0.0,
            "machines_per_month": THREE_A_DAY,
            "price_usd_per_th": 20.0,
            "lifetime_years": 2.0,
            "replace": "same-class",
            "replace_payback_months": 30.0,
            "resale_share": 0.25,
            "site_usd_per_kw": 300.0,
            "opex_usd_per_kw_year": 36.525,
            "opex_usd_per_mwh": 2.0,
            **changes,
        }
    )


def begun(*batches: Batch) -> tuple[FleetSetup, FleetWork]:
    """The kernel's memory at the start, all units running from the first hour."""
    inputs = Inputs()
    setup = fleet_setup(batches, HORIZON, ["hall"], inputs)
    row = np.array([d.quantile(0.5) for d in inputs.distributions])
    work = fleet_work(setup)
    project_done = np.array([100 * 24], np.int64)
    start, at_power = np.array([0, 10**7], np.int64), np.array([2, 0], np.int64)
    begin_path(setup, row, project_done, 1, start, at_power, work)
    return setup, work


def terms_of(b: Batch, ordered_on: float) -> Terms:
    def number(key: str) -> float:
        return float(getattr(b, key).quantile(0.5))

    return Terms(
        machines=math.floor(number("mine_mw") * 1e6 / (S21.power_w * number("pue"))),
        power_w=S21.power_w,
        th_per_s=S21.hash_rate_th_per_s,
        pue=number("pue"),
        availability=number("availability"),
        ordered_on=ordered_on,
        lead_days=number("lead_months") * DAYS_PER_MONTH,
        machines_per_day=number("machines_per_month") / DAYS_PER_MONTH,
        life_days=number("lifetime_years") * 365.25,
        stated_price_usd_per_th=None if b.price_usd_per_th is None else number("price_usd_per_th"),
        replace=b.replace,
        payback_days=number("replace_payback_months") * DAYS_PER_MONTH,
        resale_share=number("resale_share"),
        site_usd_per_kw=number("site_usd_per_kw"),
        opex_usd_per_kw_year=number("opex_usd_per_kw_year"),
        opex_usd_per_mwh=number("opex_usd_per_mwh"),
        efficiency_over_frontier=AIR,
    )


def hashprice_on(day: int) -> float:
    """From 60 USD per PH/s and day down to 30 and up again, over four years."""
    return 0.045 + 0.015 * math.cos(2 * math.pi * day / 1461)


def energy_on(day: int) -> float:
    """What a MWh is worth elsewhere: from 0 to 80 USD over about three years."""
    return 40.0 + 40.0 * math.sin(2 * math.pi * day / 1100)


CASES: dict[str, tuple[dict[str, Any], float]] = {
    "ordered on the first day": ({}, 0.0),
    "ordered later, months ahead": ({"order": "2027-06-01", "lead_months": 3.0}, 151.0),
    "half delivered before the start": ({"order": "2026-12-14"}, -18.0),
    "old machines from before the start": ({"order": "2025-06-01"}, -579.0),
    "never replaced": ({"replace": "never"}, 0.0),
    "always replaced": ({"replace": "always", "replace_payback_months": 0.1}, 0.0),
    "rarely worth replacing": ({"replace_payback_months": 14.0}, 0.0),
    "at the frontier's price": ({"price_usd_per_th": None, "order": "2027-03-01"}, 59.0),
    "slower than they age": ({"machines_per_month": THREE_A_DAY / 12}, 0.0),
    "no mine": ({"mine_mw": 0.0}, 0.0),
}


Changes = tuple[tuple[str, Any], ...]


def looks(every: int, first: int) -> list[int]:
    """The first day, and from day `first` on every so many days."""
    return [0, *range(first or every, HORIZON.days, every)]


@cache
def kernel_rows(changes: Changes, every: int, first: int, skip: bool) -> Floats:
    """What the kernel finds at each look at the hall, by column."""
    _, work = begun(batch(**dict(changes)))
    rows: list[list[float]] = []
    due = 0
    for day in looks(every, first):
        work.day[BOUGHT_MACHINES : DELIVERED_EH + 1] = 0.0
        if not skip or day >= due:
            seen = FRONTIER, hashprice_on(day), energy_on(day)
            day_fleet(day, *seen, work.slot, work.batch, work.day)
            due = int(next_change(day, work.slot, work.batch))
            assert due > day
        today = work.day
        rows.append(
            [
                float(np.sum(work.slot[:, INSTALLED])),
                today[MACHINES_NOW],
                today[BOUGHT_MACHINES],
                today[RESOLD],
                today[OPEX_NOW],
                today[DELIVERED_EH],
                float(np.sum(work.slot[:, CAP_KW])),
                today[BOUGHT_SITE],
            ]
        )
    return np.array(rows)


@cache
def twin_rows(changes: Changes, ordered_on: float, every: int, first: int) -> Floats:
    """What the twin finds at each look at the hall, by column."""
    hall = Hall(terms_of(batch(**dict(changes)), ordered_on))
    rows: list[list[float]] = []
    for day in looks(every, first):
        twin = hall.day(day, WORLD, hashprice_on(day), energy_on(day))
        rows.append(
            [
                twin.installed,
                twin.installed,
                twin.bought_usd,
                twin.resold_usd,
                twin.opex_usd,
                twin.delivered_eh_per_s,
                sum(twin.capacity_kw),
                twin.site_usd,
            ]
        )
    return np.array(rows)


def walk(
    changes: dict[str, Any], ordered_on: float, every: int = 1, first: int = 0, skip: bool = False
) -> tuple[Floats, Floats]:
    """Kernel and twin over the horizon, each walk of either made once for all tests.

    With `skip` the kernel is asked only when `next_change` says that something may be due.
    """
    key = tuple(sorted(changes.items()))
    return kernel_rows(key, every, first, skip), twin_rows(key, ordered_on, every, first)


@pytest.mark.parametrize("name", CASES)
def test_a_hall_equals_its_machines_one_by_one_on_every_day(name: str) -> None:
    kernel, twin = walk(*CASES[name])
    assert kernel[:, :2].tolist() == twin[:, :2].tolist()
    # Sums of up to 100 machines' figures, and of 12 years of them.
    assert kernel[:, 2:6] == pytest.approx(twin[:, 2:6], rel=1e-9, abs=1e-9)
    assert kernel[:, 6].tolist() == twin[:, 6].tolist()


@pytest.mark.parametrize(("every", "first"), [(7, 0), (7, 3), (30, 11)])
@pytest.mark.parametrize("name", CASES)
def test_what_comes_between_two_looks_is_switched_on_at_the_second(
    name: str, every: int, first: int
) -> None:
    for skip in (False, True):
        kernel, twin = walk(*CASES[name], every, first, skip)
        assert kernel[:, :2].tolist() == twin[:, :2].tolist()
        assert kernel[:, 2:6] == pytest.approx(twin[:, 2:6], rel=1e-9, abs=1e-9)
        assert kernel[:, 6].tolist() == twin[:, 6].tolist()


@pytest.mark.parametrize("name", CASES)
def test_nothing_happens_to_a_hall_before_the_next_change(name: str) -> None:
    asked, _ = walk(*CASES[name])
    skipped, _ = walk(*CASES[name], skip=True)
    assert skipped.tolist() == asked.tolist()


def test_a_hall_that_rests_is_not_asked_again_for_months() -> None:
    # 100 machines at three a day come within 34 days; nothing is due before the question at two years.
    _, work = begun(batch())
    asked = []
    day = 0
    while day < 731:
        day_fleet(day, FRONTIER, 0.05, 30.0, work.slot, work.batch, work.day)
        asked.append(day)
        day = int(next_change(day, work.slot, work.batch))
    assert asked == list(range(34))
    assert day == 731


@pytest.mark.parametrize(
    "name", ["never replaced", "no mine", "old machines from before the start"]
)
def test_a_hall_is_built_as_it_fills(name: str) -> None:
    changes, ordered_on = CASES[name]
    kernel, twin = walk({**changes, "replace": "never"}, ordered_on)
    assert kernel[:, 7] == pytest.approx(twin[:, 7], rel=1e-9, abs=1e-6)


def test_a_hall_is_built_once() -> None:
    kernel, twin = walk(*CASES["always replaced"])
    assert twin[:, 7].sum() == pytest.approx(367.5 * 300.0, rel=1e-12)
    assert kernel[:, 7] == pytest.approx(twin[:, 7], rel=1e-9, abs=1e-6)


def test_the_cases_reach_what_they_are_named_for() -> None:
    replaced = {name: walk(*CASES[name])[0] for name in CASES}
    last = {name: rows[-1, 0] for name, rows in replaced.items()}
    assert last["never replaced"] == 0.0
    assert last["always replaced"] == 100.0
    assert not replaced["no mine"].any()
    # Empty for some time while it does not pay, full again later.
    seen = replaced["rarely worth replacing"][:, 0]
    assert seen.max() == 100.0
    assert 0.0 in seen[1000:]
    assert (seen[np.argmax(seen[1000:] == 0.0) + 1000 :] == 100.0).any()


def test_machines_are_whole_and_fit_the_hall() -> None:
    _, work = begun(batch(), batch(mine_mw=0.367))
    assert work.batch[:, HALL].tolist() == [100.0, 99.0]
    assert 100 * 3500 * 1.05 / 1e6 <= 0.368 < 101 * 3500 * 1.05 / 1e6


def test_the_first_day_of_delivery_counts() -> None:
    slot = np.zeros((1, 12))
    slot[0, ORDERED], slot[0, 1], slot[0, 2] = 10.0, 5.0, 4.0
    assert [delivered_by(slot, 0, float(day)) for day in range(4, 10)] == [0, 4, 8, 10, 10, 10]


def test_every_machine_is_paid_for_once_and_resold_once() -> None:
    kernel, _ = walk({"replace": "never"}, 0.0)
    assert kernel[:, 2].sum() == pytest.approx(100 * 200 * 20.0, rel=1e-12)
    assert kernel[:, 3].sum() == pytest.approx(100 * 200 * 20.0 * 0.25, rel=1e-12)
    # 100 machines x 3.675 kW x 2 years x 36.525 USD a year.
    assert kernel[:, 4].sum() == pytest.approx(367.5 * 36.525 * 730.5 / 365.25, rel=2e-3)


def test_what_came_before_the_start_is_paid_and_built() -> None:
    kernel, _ = walk({"order": "2025-06-01", "replace": "never"}, -579.0)
    assert kernel[0, 0] == 100.0
    assert not kernel[:, 2].any()
    assert not kernel[:, 7].any()
    assert kernel[:, 3].sum() == pytest.approx(100 * 200 * 20.0 * 0.25, rel=1e-12)


def test_delivery_waits_for_projects_and_for_units_that_run_together() -> None:
    _, work = begun(batch(needs=["hall"]), batch(after_units=2), batch(after_units=3))
    for day in range(120):
        day_fleet(day, FRONTIER, 0.05, 30.0, work.slot, work.batch, work.day)
        installed = work.slot[::2, INSTALLED].tolist()
        assert installed[0] == min(100, max(0, 3 * (day - 99)))
        assert installed[1] == min(100, 3 * (day + 1))
        assert installed[2] == 0.0


def test_a_replacement_is_decided_by_its_payback() -> None:
    # An air-cooled machine of j J/TH costs 400 days of what is left of 0.05 USD a day after power at
    # 45 USD/MWh; it earns 94 % of what is left after energy at 30 and running at 2 + 0.1 / 0.024.
    j_per_th = 12.5 * AIR
    price = 400 * (0.05 - j_per_th * 24e-6 * 45)
    earned = 0.94 * (0.05 - j_per_th * 1.05 * 24e-6 * (30 + 2 + 0.1 / 0.024))
    months = price / earned / DAYS_PER_MONTH
    assert 12.0 < months < 14.0
    for allowed, ordered in ((months - 0.01, False), (months + 0.01, True)):
        _, work = begun(batch(lead_months=2.0, replace_payback_months=allowed))
        # Asked two months before the first machine retires: at 730.5 days.
        assert work.batch[0, ASK_DAY] == pytest.approx(730.5, rel=1e-12)
        for day in (730, 731):
            day_fleet(day, FRONTIER, 0.05, 30.0, work.slot, work.batch, work.day)
            assert work.slot[1, ORDERED] == (100.0 if ordered and day == 731 else 0.0)
        if ordered:
            # It draws what the old one drew and hashes more.
            assert work.slot[1, WATTS] == pytest.approx(3675.0, rel=1e-12)
            assert work.slot[1, TH_PER_S] == pytest.approx(3500 / j_per_th, rel=1e-12)
        else:
            assert work.batch[0, ASK_DAY] == 731 + 91


def test_dear_energy_keeps_a_hall_empty() -> None:
    for energy, ordered in ((30.0, True), (160.0, False), (-50.0, True)):
        _, work = begun(batch(replace_payback_months=60.0))
        day_fleet(731, FRONTIER, 0.05, energy, work.slot, work.batch, work.day)
        assert (work.slot[1, ORDERED] > 0.0) == ordered


def test_a_large_order_costs_more_and_comes_no_faster_than_the_world_makes() -> None:
    # 20 % of 365.25 EH/s: 10 % above what is free, so 10 % dearer.
    machines = 0.2 * 365.25e6 / 200.0
    price, most = order_terms(200.0, machines, 15.0, FRONTIER)
    assert price == pytest.approx(16.5, rel=1e-12)
    # Half of an EH/s a day in machines of 200 TH/s.
    assert most == pytest.approx(2500.0, rel=1e-12)
    assert order_terms(200.0, machines / 2, 15.0, FRONTIER)[0] == 15.0


def test_a_machine_never_costs_less_than_its_floor() -> None:
    assert machine_price(0.05, 12.5, FRONTIER) == pytest.approx(14.6, rel=1e-12)
    assert machine_price(0.02, 12.5, FRONTIER) == 5.0
