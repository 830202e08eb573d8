"""Random blocks: the public dispatch has the linear programme's value, and the engine's in integers."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from baseload.dispatch import DispatchedHours, dispatch_hours
from baseload.dispatch import work as places
from baseload.dispatch.kernels import dispatch_day, rank_slots
from baseload.dispatch.work import TRACE, dispatch_work

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """The arguments of one call."""

    available_mw: Floats
    firm_mw: Floats
    price_usd_per_mwh: Floats
    export_limit_mw: Floats
    batch_mw: Floats
    batch_value_usd_per_mwh: Floats

    def dispatched(self) -> DispatchedHours:
        return dispatch_hours(**vars(self))


def block(*arguments: Any) -> Block:
    return Block(*(np.array(argument, dtype=np.float64) for argument in arguments))


# Few distinct figures, so that ties, zeros and limits that just bind are common, beside figures
# without a short binary form. Sevenths lie far enough apart for the solver's tolerances.
megawatts = st.one_of(
    st.sampled_from([0.0, 0.0, 1.0, 500.0, 1000.0, 1500.0]),
    st.integers(0, 20_000).map(lambda n: n / 7),
)
dollars = st.one_of(
    st.sampled_from([0.0, -5.0, 40.0, 50.0, 60.0]),
    st.integers(-400, 1000).map(lambda n: n / 7),
)


def arrays(draw: st.DrawFn, numbers: st.SearchStrategy[float], *shape: int) -> Floats:
    size = int(np.prod(shape))
    return np.array(draw(st.lists(numbers, min_size=size, max_size=size))).reshape(shape)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    hours, batches = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    by_hour = draw(st.booleans())
    return Block(
        available_mw=arrays(draw, megawatts, hours),
        firm_mw=arrays(draw, megawatts, hours),
        price_usd_per_mwh=arrays(draw, dollars, hours),
        export_limit_mw=arrays(draw, megawatts, *draw(st.sampled_from([(), (hours,)]))),
        batch_mw=arrays(draw, megawatts, batches),
        batch_value_usd_per_mwh=arrays(draw, dollars, *([hours] if by_hour else []), batches),
    )


def best_value(given: Block) -> float:
    """Largest value of the block's surplus by one linear programme. [USD]

    Columns are each hour's power for each batch and for export; each hour's sum is within what firm
    load leaves. Nothing says which use comes first.
    """
    hours, batches = given.available_mw.size, given.batch_mw.size
    if hours == 0:
        return 0.0
    values = np.broadcast_to(given.batch_value_usd_per_mwh, (hours, batches))
    limits = np.broadcast_to(given.export_limit_mw, hours)
    uses = batches + 1
    worth = np.column_stack([values, given.price_usd_per_mwh])
    most = np.column_stack([np.tile(given.batch_mw, (hours, 1)), limits])
    row = np.repeat(np.arange(hours), uses)
    solved = linprog(
        -worth.ravel(),
        A_ub=csr_array((np.ones(row.size), (row, np.arange(row.size))), (hours, row.size)),
        b_ub=np.maximum(0.0, given.available_mw - given.firm_mw),
        bounds=np.column_stack([np.zeros(row.size), most.ravel()]),
        method="highs",
    )
    assert solved.status == 0
    return float(-solved.fun)


EDGES = [
    block([500], [800], [60], 1000, [300], [50]),  # no surplus
    block([800], [0], [60], 0, [300], [50]),  # no line
    block([800], [0], [60], 500, [], []),  # no batch
    block([800, 800], [0, 0], [-60, -1], 500, [300, 100], [50, -3]),  # negative prices
    block([800], [0], [50], 500, [300, 300, 300], [50, 50, 50]),  # equal values
    block([800], [0], [-1], 500, [300, 300], [-1, -2]),  # nothing worth it
    block([800, 800], [0, 0], [0, 0], [500, 0], [300], [[0], [-1]]),  # worth exactly zero
    block([], [], [], 500, [300], [50]),  # no hours
]


@settings(max_examples=300, deadline=None)
@given(given=blocks())
@example(EDGES[0])
@example(EDGES[1])
@example(EDGES[2])
@example(EDGES[3])
@example(EDGES[4])
@example(EDGES[5])
@example(EDGES[6])
@example(EDGES[7])
def test_no_linear_programme_makes_more_of_a_block_nor_less(given: Block) -> None:
    # Corners of the programme are sums and differences of the figures given, so that the solver's
    # optimum is good to rounding; the least step of money here is 1/49 USD.
    assert given.dispatched().value_usd == pytest.approx(best_value(given), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_year_of_hours_has_the_linear_programmes_value(seed: int) -> None:
    random = np.random.default_rng(seed)
    hours, batches = 8760, 4
    year = Block(
        available_mw=random.uniform(0, 5700, hours),
        firm_mw=random.uniform(0, 3000, hours),
        price_usd_per_mwh=random.normal(30, 40, hours),
        export_limit_mw=random.choice([0.0, 700.0, 2000.0], hours),
        batch_mw=random.uniform(0, 900, batches),
        batch_value_usd_per_mwh=random.normal(40, 30, (hours, batches)),
    )
    # Sums of 8,760 hours in another order: 1e-12; the solver's own tolerances stay below 1e-9.
    assert year.dispatched().value_usd == pytest.approx(best_value(year), rel=1e-9)


any_megawatts = st.one_of(megawatts, st.floats(0, 1e6))
any_dollars = st.one_of(dollars, st.floats(-1e6, 1e6))


@st.composite
def any_blocks(draw: st.DrawFn) -> Block:
    """Blocks of any figures at all, the tiniest too."""
    hours, batches = draw(st.integers(1, 4)), draw(st.integers(0, 5))
    return Block(
        available_mw=arrays(draw, any_megawatts, hours),
        firm_mw=arrays(draw, any_megawatts, hours),
        price_usd_per_mwh=arrays(draw, any_dollars, hours),
        export_limit_mw=arrays(draw, any_megawatts, hours),
        batch_mw=arrays(draw, any_megawatts, batches),
        batch_value_usd_per_mwh=arrays(draw, any_dollars, hours, batches),
    )


@settings(max_examples=300, deadline=None)
@given(given=any_blocks())
def test_no_use_gets_power_while_a_better_one_has_room(given: Block) -> None:
    found = given.dispatched()
    batches = given.batch_mw.size
    for h in range(given.available_mw.size):
        # What comes first: the higher worth, then batches before export, then the lower index.
        worth = [*given.batch_value_usd_per_mwh[h], given.price_usd_per_mwh[h]]
        room = [*given.batch_mw, given.export_limit_mw[h]]
        power = [*found.mined_mw[h], found.exported_mw[h]]
        order = sorted(range(batches + 1), key=lambda use: (-worth[use], use))
        full = True
        for use in order:
            assert 0 <= power[use] <= room[use]
            if worth[use] < 0 or not full:
                assert power[use] == 0
            else:
                full = power[use] == room[use]
        surplus = max(0.0, given.available_mw[h] - given.firm_mw[h])
        if not full:
            # A use that is not full leaves nothing to curtail.
            assert found.curtailed_mw[h] == 0
        # At most six subtractions, each within half a unit in the last place of the surplus.
        assert sum(power) + found.curtailed_mw[h] == pytest.approx(surplus, rel=1e-15 * 6, abs=0)
        assert found.served_mw[h] == min(given.available_mw[h], given.firm_mw[h])
        assert found.served_mw[h] + found.unserved_mw[h] == pytest.approx(
            given.firm_mw[h], rel=1e-15, abs=0
        )
    worth_of_all = np.column_stack([given.batch_value_usd_per_mwh, given.price_usd_per_mwh])
    power_of_all = np.column_stack([found.mined_mw, found.exported_mw])
    # The same at most 24 products, none negative, in another order.
    assert found.value_usd == pytest.approx(float((worth_of_all * power_of_all).sum()), rel=1e-14)
    assert min(float(part.min(initial=0.0)) for part in found[:-1]) == 0.0


kilowatts = st.one_of(st.sampled_from([0, 0, 1, 500, 1000, 1500]), st.integers(0, 8000))
milli_dollars = st.one_of(
    st.sampled_from([0, -5_000, 40_000, 50_000, 60_000]), st.integers(-60_000, 150_000)
)


@dataclass(frozen=True)
class WholeBlock:
    """Days in whole kilowatts and milli-USD per MWh; batches keep their value for a day."""

    available_kw: Ints
    firm_kw: Ints
    price_milli_usd_per_mwh: Ints
    export_limit_kw: Ints
    batch_kw: Ints
    batch_value_milli_usd_per_mwh: Ints  # (days, K)


def whole(draw: st.DrawFn, numbers: st.SearchStrategy[int], *shape: int) -> Ints:
    size = int(np.prod(shape))
    figures = draw(st.lists(numbers, min_size=size, max_size=size))
    return np.array(figures, dtype=np.int64).reshape(shape)


@st.composite
def whole_blocks(draw: st.DrawFn) -> WholeBlock:
    days, batches = draw(st.integers(1, 3)), draw(st.integers(0, 4))
    hours = 24 * days
    return WholeBlock(
        whole(draw, kilowatts, hours),
        whole(draw, kilowatts, hours),
        whole(draw, milli_dollars, hours),
        whole(draw, kilowatts, hours),
        whole(draw, kilowatts, batches),
        whole(draw, milli_dollars, days, batches),
    )


def by_engine(given: WholeBlock) -> tuple[Ints, Ints, int]:
    """Trace of every hour, energy of each batch by day and value by the engine's kernel.

    One demand without other supply, one tranche, and no fee, loss, house load, import or avoidable
    cost. [kW, kWh, micro-USD]
    """
    hours = given.available_kw.size
    days, batches = given.batch_value_milli_usd_per_mwh.shape
    work = dispatch_work(1, batches)
    work.hours[places.AVAILABLE, :hours] = given.available_kw
    work.hours[places.EXPORT_LIMIT, :hours] = given.export_limit_kw
    work.hours[places.HOUR_PRICE, :hours] = given.price_milli_usd_per_mwh
    work.demand_kw[0, :hours] = given.firm_kw
    trace = np.zeros((hours, len(TRACE)), np.int64)
    mined_kwh = np.zeros((days, batches), np.int64)
    earned = 0
    for day in range(days):
        values = given.batch_value_milli_usd_per_mwh[day]
        work.slots[places.CAP] = given.batch_kw
        work.slots[places.WORTH] = work.slots[places.VALUE] = values
        dispatch_day(
            work.hours,
            work.demand_kw,
            work.demand,
            work.slots,
            work.th_per_kw,
            work.totals,
            np.zeros(1, np.int64),
            1 << 30,
            24 * day,
            0,
            (0, 0),
            1.0,
            0,
            False,
            rank_slots(work.slots),
            trace,
            24 * day,
        )
        mined_kwh[day] = work.slots[places.MINED]
        earned += int((mined_kwh[day] * values).sum())
    return trace, mined_kwh, earned + int(work.totals[places.EXPORT_REVENUE])


@settings(max_examples=60, deadline=None)
@given(given=whole_blocks())
def test_on_whole_numbers_the_engines_kernel_gives_the_same(given: WholeBlock) -> None:
    trace, mined_kwh, value_micro_usd = by_engine(given)
    days, batches = mined_kwh.shape
    # Kilowatts stand for megawatts and thousandths of a dollar for dollars: all sums are whole
    # numbers below 2^53, so that floats hold them exactly.
    found = dispatch_hours(
        given.available_kw,
        given.firm_kw,
        given.price_milli_usd_per_mwh,
        given.export_limit_kw,
        given.batch_kw,
        np.repeat(given.batch_value_milli_usd_per_mwh, 24, axis=0),
    )

    def traced(name: str) -> list[int]:
        column: list[int] = trace[:, TRACE.index(name)].tolist()
        return column

    assert found.served_mw.tolist() == traced("firm_served_kw")
    assert found.unserved_mw.tolist() == traced("unserved_kw")
    assert found.mined_mw.sum(axis=1).tolist() == traced("mine_kw")
    assert found.exported_mw.tolist() == traced("export_kw")
    assert found.curtailed_mw.tolist() == traced("curtailed_kw")
    by_day = found.mined_mw.reshape(days, 24, batches).sum(axis=1)
    assert by_day.tolist() == mined_kwh.tolist()
    assert found.value_usd == value_micro_usd
