"""Random hours: the dispatch kernel equals its plain twin to the kWh, and a linear programme in value."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.naive.dispatch import Batch, Demand, Dispatched, Hour, added, dispatch_hour

from baseload.dispatch import work as places
from baseload.dispatch.kernels import dispatch_day, rank_slots
from baseload.dispatch.work import DispatchWork, dispatch_work

Floats = npt.NDArray[np.float64]

# Total of a month, and what the twin calls it.
TOTALS = {
    "generation": places.GENERATION,
    "imported": places.IMPORT,
    "imported_grid_only": places.IMPORT_GRID_ONLY,
    "firm_demand": places.FIRM_DEMAND,
    "firm_served": places.FIRM_SERVED,
    "firm_by_plant": places.FIRM_BY_PLANT,
    "unserved": places.UNSERVED,
    "shortfall": places.SHORTFALL,
    "mine": places.MINE,
    "mine_import": places.MINE_IMPORT,
    "export": places.EXPORT,
    "curtailed": places.CURTAILED,
    "export_grid_only": places.EXPORT_GRID_ONLY,
    "curtailed_grid_only": places.CURTAILED_GRID_ONLY,
    "unserved_idle": places.UNSERVED_IDLE,
    "import_idle": places.IMPORT_IDLE,
    "house": places.HOUSE_LOAD,
    "diesel": places.DIESEL,
    "diesel_hours": places.DIESEL_HOURS,
    "diesel_hours_idle": places.DIESEL_HOURS_IDLE,
    "lost_load_hours": places.LOST_LOAD_HOURS,
    "lost_load_hours_idle": places.LOST_LOAD_HOURS_IDLE,
    "tariff_revenue": places.TARIFF_REVENUE,
    "import_cost": places.IMPORT_COST,
    "import_cost_grid_only": places.IMPORT_COST_GRID_ONLY,
    "import_cost_idle": places.IMPORT_COST_IDLE,
    "export_revenue": places.EXPORT_REVENUE,
    "export_revenue_grid_only": places.EXPORT_REVENUE_GRID_ONLY,
}
ALWAYS = 1 << 60


def by_kernel(hours: Sequence[Hour], first: int = 0) -> tuple[DispatchWork, float]:
    """The kernel on a day; what does not change within a day is that of the first hour."""
    day = hours[0]
    demands, batches = len(day.demands), len(day.batches)
    work = dispatch_work(demands, batches)
    for h, hour in enumerate(hours):
        table = work.hours[:, first + h]
        table[places.AVAILABLE] = hour.available_kw
        table[places.HOUSE] = hour.house_kw
        table[places.DARK] = (
            places.DARK_ALWAYS if hour.dark else places.DARK_WHEN_IDLE if hour.dark_when_idle else 0
        )
        table[places.STOPS_MINE] = hour.mine_stopped
        table[places.EXPORT_LIMIT] = hour.export_limit_kw
        table[places.IMPORT_LIMIT] = hour.import_limit_kw
        table[places.HOUR_PRICE] = hour.price_milli_usd_per_mwh
        for d, demand in enumerate(hour.demands):
            work.demand_kw[d, first + h] = demand.need_kw
    for d, demand in enumerate(day.demands):
        work.demand[d, places.OTHER] = demand.other_supply_kw
        work.demand[d, places.TARIFF_MILLI] = demand.tariff_milli_usd_per_mwh
        work.demand[d, places.MAY_IMPORT] = demand.may_import
    for k, batch in enumerate(day.batches):
        value = batch.worth_milli_usd_per_mwh - day.avoidable_milli_usd_per_mwh
        work.slots[places.CAP, k] = batch.cap_kw
        work.slots[places.WORTH, k] = batch.worth_milli_usd_per_mwh
        work.slots[places.VALUE, k] = ALWAYS if batch.always else value
        work.th_per_kw[k] = batch.th_per_kw
    peak_th_per_s, _ = dispatch_day(
        work.hours,
        work.demand_kw,
        work.demand,
        work.slots,
        work.th_per_kw,
        work.totals,
        np.array(day.falls_milli_usd_per_mwh, np.int64),
        day.tranche_kw,
        first,
        day.avoidable_milli_usd_per_mwh,
        (day.export_fee, day.import_fee),
        day.share_that_arrives,
        day.idle_house_kw,
        day.mine_may_import,
        rank_slots(work.slots),
        np.zeros((0, len(places.TRACE)), np.int64),
        0,
    )
    return work, float(peak_th_per_s)


# Few distinct figures, so that ties, zeros and limits that just bind are common.
kilowatts = st.one_of(st.sampled_from([0, 1, 500, 1000, 1500, 6000]), st.integers(0, 8000))
values = st.one_of(
    st.sampled_from([0, 10_000, 40_000, 50_000, 60_000]), st.integers(-20_000, 120_000)
)


@st.composite
def days(draw: st.DrawFn) -> list[Hour]:
    """24 hours under one set of batches, demands and fees.

    A mine that may buy never pays less for a MWh here than the plant saves by not producing one,
    and none of its batches runs whatever it earns: tests of their own hold those cases.
    """
    avoidable = draw(st.sampled_from([0, 10_000, 12_345]))
    may_import = draw(st.booleans())
    import_fee = draw(st.sampled_from([0, 7_000]))
    lowest = avoidable - import_fee if may_import else -60_000
    prices = st.one_of(
        st.sampled_from([p for p in (-5_000, 0, 10_000, 50_000, 60_000) if p >= lowest]),
        st.integers(lowest, 150_000),
    )
    falls = draw(st.sampled_from([(0,), (0, 0, 5_000), (1_000, 3_000, 5_000, 7_000)]))
    batches = tuple(
        Batch(
            cap_kw=draw(kilowatts),
            worth_milli_usd_per_mwh=draw(values),
            always=not may_import and draw(st.sampled_from([False, False, True])),
            th_per_kw=draw(st.sampled_from([33.0, 66.0])),
        )
        for _ in range(draw(st.integers(0, 4)))
    )
    fixed = [
        (draw(st.sampled_from([0, 300, 9000])), draw(values.filter(lambda v: v >= 0)), draw(st.booleans()))
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    common: dict[str, Any] = {
        "idle_house_kw": draw(kilowatts),
        "export_fee": draw(st.sampled_from([0, 3_000])),
        "import_fee": import_fee,
        "share_that_arrives": draw(st.sampled_from([1.0, 0.97])),
        "avoidable_milli_usd_per_mwh": avoidable,
        "falls_milli_usd_per_mwh": falls,
        "tranche_kw": 1 << 30 if len(falls) == 1 else draw(st.sampled_from([700, 2000])),
        "mine_may_import": may_import,
        "batches": batches,
    }
    return [
        Hour(
            available_kw=draw(kilowatts),
            house_kw=draw(st.sampled_from([0, 0, 100, 2000])),
            dark=draw(st.sampled_from([False, False, False, True])),
            dark_when_idle=draw(st.sampled_from([False, False, False, True])),
            mine_stopped=draw(st.sampled_from([False, False, False, True])),
            export_limit_kw=draw(st.one_of(st.just(0), kilowatts)),
            import_limit_kw=draw(st.one_of(st.just(0), kilowatts)),
            price_milli_usd_per_mwh=draw(prices),
            demands=tuple(Demand(draw(kilowatts), *numbers) for numbers in fixed),
            **common,
        )
        for _ in range(24)
    ]


@settings(max_examples=50, deadline=None)
@given(hours=days(), first=st.sampled_from([0, 24, 720]))
def test_a_day_of_the_kernel_equals_the_plain_merit_order(hours: list[Hour], first: int) -> None:
    work, peak_th_per_s = by_kernel(hours, first)
    twin = added([dispatch_hour(hour) for hour in hours])
    found = {name: int(work.totals[place]) for name, place in TOTALS.items()}
    assert found == {name: getattr(twin, name) for name in TOTALS}
    assert work.slots[places.MINED].tolist() == twin.mined_by_batch
    assert work.totals[places.UNSERVED_GRID_ONLY] == twin.unserved
    assert work.totals[places.PRICE] == sum(hour.price_milli_usd_per_mwh for hour in hours)
    # Sums of up to five products of floats, added in another order.
    assert peak_th_per_s == pytest.approx(twin.hash_rate_th_per_s, rel=1e-13)


@settings(max_examples=50, deadline=None)
@given(hours=days())
def test_every_kilowatt_hour_of_a_day_is_accounted_for(hours: list[Hour]) -> None:
    totals = by_kernel(hours)[0].totals
    assert totals[places.GENERATION] + totals[places.IMPORT] == (
        totals[places.FIRM_SERVED]
        + totals[places.MINE]
        + totals[places.EXPORT]
        + totals[places.CURTAILED]
    )
    assert totals[places.GENERATION] + totals[places.IMPORT_GRID_ONLY] == (
        totals[places.FIRM_SERVED]
        + totals[places.EXPORT_GRID_ONLY]
        + totals[places.CURTAILED_GRID_ONLY]
    )
    assert totals[places.FIRM_DEMAND] == totals[places.FIRM_SERVED] + totals[places.UNSERVED]
    assert (totals >= 0)[: places.TARIFF_REVENUE].all()


def best_value(hours: Sequence[Hour]) -> float:
    """Largest value of the surplus of a day by a linear programme. [micro-USD]

    Per hour: own power to each batch, power bought for each batch, each tranche of export. Own power
    costs what producing it costs; nothing says which comes first.
    """
    costs: list[float] = []
    bounds: list[tuple[float, float]] = []
    rows: list[dict[int, float]] = []
    limits: list[float] = []

    def column(value: float, most: float) -> int:
        costs.append(-value)
        bounds.append((0.0, most))
        return len(costs) - 1

    for hour in hours:
        firm = (0 if hour.dark else hour.house_kw) + sum(d.need_kw for d in hour.demands)
        surplus = max(0, hour.available_kw - firm)
        line = dispatch_hour(hour).import_left if hour.mine_may_import else 0
        buy = hour.price_milli_usd_per_mwh + hour.import_fee
        arrives = int(np.floor(hour.price_milli_usd_per_mwh * hour.share_that_arrives))
        own: list[int] = []
        bought: list[int] = []
        for batch in hour.batches:
            most = 0 if hour.mine_stopped else batch.cap_kw
            worth = batch.worth_milli_usd_per_mwh
            own.append(column(worth - hour.avoidable_milli_usd_per_mwh, most))
            bought.append(column(worth - buy, most))
            rows.append({own[-1]: 1.0, bought[-1]: 1.0})
            limits.append(most)
        net = arrives - hour.export_fee - hour.avoidable_milli_usd_per_mwh
        sold = [column(net - fall, hour.tranche_kw) for fall in hour.falls_milli_usd_per_mwh]
        rows += [
            dict.fromkeys(own + sold, 1.0),
            dict.fromkeys(sold, 1.0),
            dict.fromkeys(bought, 1.0),
        ]
        limits += [surplus, hour.export_limit_kw, line]
    matrix = np.zeros((len(rows), len(costs)))
    for i, row in enumerate(rows):
        for j, value in row.items():
            matrix[i, j] = value
    solved = linprog(costs, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs")
    assert solved.status == 0
    return float(-solved.fun)


def value_of(day: Hour, work: DispatchWork) -> int:
    """Value of what the kernel did with the surplus. [micro-USD]"""
    totals = work.totals
    earned = sum(
        int(kwh) * batch.worth_milli_usd_per_mwh
        for kwh, batch in zip(work.slots[places.MINED], day.batches, strict=True)
    )
    own = totals[places.MINE] - totals[places.MINE_IMPORT] + totals[places.EXPORT]
    bought = totals[places.IMPORT_COST] - totals[places.IMPORT_COST_GRID_ONLY]
    return int(
        earned + totals[places.EXPORT_REVENUE] - own * day.avoidable_milli_usd_per_mwh - bought
    )


def without_always(hours: list[Hour]) -> list[Hour]:
    """The same hours with batches that run only when it pays: the others are not after value."""
    return [
        replace(hour, batches=tuple(replace(b, always=False) for b in hour.batches))
        for hour in hours
    ]


@settings(max_examples=50, deadline=None)
@given(hours=days().map(without_always))
def test_no_linear_programme_makes_more_of_a_day(hours: list[Hour]) -> None:
    work, _ = by_kernel(hours)
    # HiGHS works to 1e-7 in each row; the optimum is a sum of whole numbers below 2^53.
    assert value_of(hours[0], work) == pytest.approx(best_value(hours), rel=1e-9, abs=1e-3)


PLAIN = Hour(
    available_kw=1000,
    house_kw=0,
    idle_house_kw=0,
    dark=False,
    dark_when_idle=False,
    mine_stopped=False,
    export_limit_kw=1000,
    import_limit_kw=1000,
    price_milli_usd_per_mwh=60_000,
    export_fee=0,
    import_fee=0,
    share_that_arrives=1.0,
    avoidable_milli_usd_per_mwh=10_000,
    falls_milli_usd_per_mwh=(0,),
    tranche_kw=1 << 30,
    mine_may_import=False,
)


def test_a_mine_buys_power_that_is_cheaper_than_not_producing_its_own() -> None:
    hour = replace(
        PLAIN,
        price_milli_usd_per_mwh=-30_000,
        mine_may_import=True,
        batches=(Batch(800, 50_000),),
    )
    hours = [hour] * 24
    work, _ = by_kernel(hours)
    # Bought: 800 kWh x (50 + 30) USD/MWh; own: 800 kWh x (50 - 10) USD/MWh.
    assert best_value(hours) == pytest.approx(24 * 800 * 80_000, rel=1e-9)
    assert value_of(hour, work) == pytest.approx(best_value(hours), rel=1e-9)


def test_a_batch_that_always_runs_does_not_keep_a_better_one_from_buying() -> None:
    hour = replace(
        PLAIN,
        available_kw=0,
        mine_may_import=True,
        batches=(Batch(400, 20_000, always=True), Batch(300, 90_000)),
    )
    assert dispatch_hour(hour).mined_by_batch == [0, 300]
    work, _ = by_kernel([hour] * 24)
    assert work.slots[places.MINED].tolist() == [0, 24 * 300]


def test_the_twin_sheds_the_mine_before_export_and_export_before_residents() -> None:
    # 1,000 kW: 400 for the town, then 300 of the better batch, 200 of export, 100 of the worse.
    hour = replace(
        PLAIN,
        export_limit_kw=200,
        demands=(Demand(400, 0, 30_000, True),),
        batches=(Batch(500, 50_000), Batch(300, 80_000)),
    )
    found: Dispatched = dispatch_hour(hour)
    assert found.mined_by_batch == [100, 300]
    assert (found.firm_by_plant, found.export, found.curtailed) == (400, 200, 0)
    assert found.tariff_revenue == 400 * 30_000
    assert found.export_revenue == 200 * 60_000
