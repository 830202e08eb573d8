"""The rest of the network and the frontier against their plain twins; the day's small bookkeeping."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.naive.network import FrontierTerms, MachineClass, Rest
from tests.unit.network.network_case import CHAIN, made

from baseload.network.chain_kernels import difficulty_of
from baseload.network.kernels import (
    begin_path,
    day_frontier,
    grown_rest,
    hashprice_usd_per_th_day,
    remember,
    respond,
    rest_of_week,
    share_that_pays,
    split_from_shadow,
    trailing_mean,
)
from baseload.network.work import (
    EFFICIENCY,
    INSTALLED,
    RUNNING,
    TRAILING_DAYS,
    TRAILING_MONTHS,
    WEEK_DELIVERED,
    WEEK_HASHPRICE,
    WEEK_SHADOW,
    NetworkWork,
)
from baseload.randomness import normal, stream_key

# The kernel reads the normal distribution from a table that is good to 2e-6.
TABLE = 4e-6
PRICE = {"fixed": 65_000.0}
NO_KEY = np.uint64(0)
CLASSES = [
    {"efficiency_j_per_th": 16.0, "installed_eh_per_s": 400.0},
    {"efficiency_j_per_th": 22.0, "installed_eh_per_s": 500.0},
    {"efficiency_j_per_th": 38.0, "installed_eh_per_s": 250.0},
]
TERMS = FrontierTerms(
    efficiency_j_per_th=10.0,
    improvement_per_year=0.12,
    slowing_per_year=0.10,
    floor_usd_per_th=8.0,
    output_eh_per_s_per_year=350.0,
    payback_days=0.0,
    power_usd_per_mwh=45.0,
)


def answered(draw: Any, week: int, started: bool, work: NetworkWork, key: Any = NO_KEY) -> None:
    """The rest at the start of that week after the first, which has machines of three classes."""
    years = 7 * week / 365.25
    rest_of_week(
        draw,
        day_frontier(draw, years),
        key,
        0,
        week,
        years,
        3,
        started,
        work.rest,
        work.classes,
        work.process,
        work.week,
    )


def start_hashprice() -> float:
    difficulty = difficulty_of(CHAIN.mantissa, CHAIN.size)
    return float(hashprice_usd_per_th_day(65_000.0, CHAIN.height, 0.022, difficulty))


def both() -> tuple[Any, NetworkWork, Rest, FrontierTerms]:
    """Kernel's numbers and memory, and the twin, at the start."""
    setup, row, work = made(PRICE, supply_curve={"classes": CLASSES})
    draw = begin_path(setup, row, work)
    rest = Rest(
        power_usd_per_mwh=52.0,
        power_spread=0.40,
        insensitive=0.10,
        response_days=45.0,
        retire_per_year=0.12,
        given=[
            MachineClass(c["efficiency_j_per_th"], c["installed_eh_per_s"], 0.0) for c in CLASSES
        ],
    )
    hashprice = start_hashprice()
    rest.start(hashprice, CHAIN.network_eh_per_s)
    # 18 USD/TH is so many days of the margin of a 10 J/TH machine at 45 USD/MWh.
    margin = hashprice - 10.0 * 24e-6 * 45.0
    terms = FrontierTerms(**{**vars(TERMS), "payback_days": 18.0 / margin})
    return draw, work, rest, terms


def test_the_rest_starts_at_the_hash_rate_of_the_snapshot() -> None:
    draw, work, rest, terms = both()
    classes = work.classes[0]
    total = float(np.sum(classes[INSTALLED] * classes[RUNNING]))
    assert total == pytest.approx(900.0, rel=1e-12)
    assert work.rest.tolist() == [900.0, 900.0]
    assert draw.payback_days == pytest.approx(terms.payback_days, rel=1e-12)
    for c, one in enumerate(rest.given):
        assert classes[INSTALLED, c] == pytest.approx(one.installed_eh_per_s, rel=TABLE)
        assert classes[RUNNING, c] == pytest.approx(one.running, abs=TABLE)
    assert (work.classes[1] == work.classes[0]).all()


def test_the_rest_answers_twelve_years_of_hashprices_class_by_class() -> None:
    draw, work, rest, terms = both()
    start = start_hashprice()
    for week in range(12 * 52):
        # Falls to a third, comes back, and swings: machines stop, return, and at times are bought.
        years = 7 * week / 365.25
        hashprice = start * (0.75 + 0.55 * math.cos(years)) * (1.0 + 0.1 * math.sin(week / 1.3))
        delivered = 2.0 if week % 3 == 0 else 0.0
        found = respond(
            draw, day_frontier(draw, years), 0, hashprice, years, delivered, 3, work.classes
        )
        expected = rest.week(terms, hashprice, years, delivered)
        assert found == pytest.approx(expected, rel=2 * TABLE)
    classes = work.classes[0]
    every = [*rest.given, *(rest.vintages[number] for number in sorted(rest.vintages))]
    assert sorted(rest.vintages) == [0, 1, 2]
    for c, one in enumerate(every):
        assert classes[INSTALLED, c] == pytest.approx(one.installed_eh_per_s, rel=TABLE)
        assert classes[EFFICIENCY, c] == pytest.approx(one.efficiency_j_per_th, rel=1e-6)
        assert classes[RUNNING, c] == pytest.approx(one.running, abs=TABLE)
    assert not classes[:, len(every) :].any()


def test_half_of_those_that_ask_run_where_revenue_is_the_median_cost_of_power() -> None:
    draw, _, _, _ = both()
    # 20 J/TH at 52 USD/MWh: 20 x 24 Wh x 52 USD/MWh.
    even = 20.0 * 24e-6 * 52.0
    share = share_that_pays(draw, math.log(even), math.log(20.0))
    assert share == pytest.approx(0.1 + 0.9 * 0.5, abs=TABLE)
    assert share_that_pays(draw, math.log(even / 50.0), math.log(20.0)) == pytest.approx(
        0.1, abs=TABLE
    )


@pytest.mark.parametrize("years", [-2.0, 0.0, 0.5, 7.0, 30.0])
def test_frontier_is_the_integral_of_a_rate_that_falls(years: float) -> None:
    draw, _, _, _ = both()
    found, expected = day_frontier(draw, years), TERMS.after(years)
    # The twin's midpoint rule over 20,000 steps.
    assert found.efficiency_j_per_th == pytest.approx(expected.efficiency_j_per_th, rel=1e-8)
    assert found.floor_usd_per_th == pytest.approx(expected.floor_usd_per_th, rel=1e-8)
    assert found.world_eh_per_day == pytest.approx(expected.world_eh_per_day, rel=1e-8)


def test_frontier_falls_by_its_rate_for_ever_where_nothing_slows_it() -> None:
    setup, row, work = made(PRICE, frontier={"slowing_per_year": 0.0})
    found = day_frontier(begin_path(setup, row, work), 10.0)
    assert found.efficiency_j_per_th == pytest.approx(10.0 * math.exp(-1.2), rel=1e-12)


def test_no_machine_is_bought_where_it_costs_more_to_make_than_it_is_worth() -> None:
    draw, work, _, terms = both()
    # At this hashprice the frontier machine is worth just its floor.
    even = 8.0 / terms.payback_days + 10.0 * 24e-6 * 45.0
    respond(draw, day_frontier(draw, 0.0), 0, even * 0.9999, 0.0, 0.0, 3, work.classes)
    assert work.classes[0, INSTALLED, 3] == 0.0
    respond(draw, day_frontier(draw, 0.0), 1, even * 1.0001, 0.0, 0.0, 3, work.classes)
    assert work.classes[1, INSTALLED, 3] > 0.0


def test_what_the_mine_takes_of_the_worlds_output_the_rest_does_not_get() -> None:
    draw, work, _, _ = both()
    frontier = day_frontier(draw, 0.0)
    high = 4.0 * start_hashprice()
    made_each_week = 7 * 350.0 / 365.25
    kept = (1.0 - 0.12 / 365.25) ** 7
    respond(draw, frontier, 0, high, 0.0, 0.25 * made_each_week, 3, work.classes)
    respond(draw, frontier, 1, high, 0.0, 2.0 * made_each_week, 3, work.classes)
    assert work.classes[0, INSTALLED, 3] == pytest.approx(0.75 * made_each_week * kept, rel=1e-12)
    assert work.classes[1, INSTALLED, 3] == 0.0


def test_an_exogenous_rest_grows_at_its_rate() -> None:
    setup, row, work = made(PRICE, rest_of_network="exogenous", exogenous={"growth_per_year": 0.2})
    draw = begin_path(setup, row, work)
    found = grown_rest(draw, setup.keys[5], 0, 156, 3.0, work.process)
    assert found == pytest.approx(900.0 * 1.2**3, rel=1e-13)


def test_noise_of_an_exogenous_rest_adds_up_to_its_volatility_week_by_week() -> None:
    more = {"growth_per_year": 0.0, "volatility_per_year": 0.3}
    setup, row, work = made(PRICE, rest_of_network="exogenous", exogenous=more)
    draw = begin_path(setup, row, work)
    steps = []
    before = math.log(900.0)
    for week in range(2000):
        years = week * 7 / 365.25
        now = math.log(grown_rest(draw, setup.keys[5], 0, week, years, work.process))
        drawn = normal(stream_key(1, "network.exogenous"), 0, week)
        assert now - before == pytest.approx(0.3 * math.sqrt(7 / 365.25) * drawn, abs=1e-12)
        steps.append(now - before)
        before = now
    spread = float(np.std(steps)) * math.sqrt(365.25 / 7)
    assert spread == pytest.approx(0.3, rel=5 / math.sqrt(2 * 2000))


@pytest.mark.parametrize("started", [False, True])
def test_a_weeks_answer_is_to_its_mean_hashprice_and_its_deliveries(started: bool) -> None:
    draw, work, rest, terms = both()
    _, _, shadow, other = both()
    start = start_hashprice()
    week = work.week
    week[WEEK_HASHPRICE], week[WEEK_SHADOW] = 7 * 1.3 * start, 7 * 1.5 * start
    week[WEEK_DELIVERED] = 1.25
    answered(draw, 1, started, work)
    expected = rest.week(terms, 1.3 * start, 7 / 365.25, 1.25)
    assert work.rest[0] == pytest.approx(expected, rel=2 * TABLE)
    if started:
        expected = shadow.week(other, 1.5 * start, 7 / 365.25, 0.0)
        assert work.rest[1] == pytest.approx(expected, rel=2 * TABLE)
    else:
        assert work.rest[1] == 900.0
    assert not week.any()


def test_an_exogenous_rest_is_the_same_with_and_without_the_mine() -> None:
    more = {"growth_per_year": 0.2, "volatility_per_year": 0.3}
    setup, row, work = made(PRICE, rest_of_network="exogenous", exogenous=more)
    draw = begin_path(setup, row, work)
    work.week[:] = 5.0
    for week in range(1, 4):
        answered(draw, week, True, work, setup.keys[5])
        assert work.rest[0] == work.rest[1]
        assert not work.week.any()
    key = stream_key(1, "network.exogenous")
    noise = sum(normal(key, 0, week) for week in range(1, 4)) * 0.3 * math.sqrt(7 / 365.25)
    assert work.rest[0] == pytest.approx(900.0 * 1.2 ** (21 / 365.25) * math.exp(noise), rel=1e-12)


@pytest.mark.parametrize("most", [1, TRAILING_MONTHS, TRAILING_DAYS])
def test_the_last_hashprices_and_energies_are_remembered(most: int) -> None:
    _, _, work = made(PRICE)
    chosen = np.random.default_rng(3)
    prices, energies = chosen.uniform(0.02, 0.08, 700), chosen.uniform(-20.0, 90.0, 700)
    for sums, values in ((work.trailing[0], prices), (work.trailing[1], energies)):
        assert trailing_mean(sums, 0, most) == 0.0
        for number, value in enumerate(values):
            remember(sums, number, value)
            first = max(0, number + 1 - most)
            # The difference of two running sums of up to 700 numbers.
            wanted = pytest.approx(float(np.mean(values[first : number + 1])), rel=1e-9, abs=1e-9)
            assert trailing_mean(sums, number + 1, most) == wanted


def test_the_network_without_the_mine_starts_as_the_one_with_it() -> None:
    setup, row, work = made(PRICE)
    begin_path(setup, row, work)
    for array in (work.chain, work.progress, work.classes, work.rest):
        array[0] += 1
    split_from_shadow(work.chain, work.progress, work.classes, work.rest)
    for array in (work.chain, work.progress, work.classes, work.rest):
        assert (array[1] == array[0]).all()


def test_a_path_begins_at_the_snapshot() -> None:
    setup, row, work = made({"geometric-brownian": {"start": 70_000.0, "drift_per_year": 0.1}})
    work.process[:] = 9.0
    work.trailing[:] = 9.0
    work.week[:] = 9.0
    begin_path(setup, row, work)
    assert not work.week.any()
    assert math.exp(work.process[0]) == pytest.approx(70_000.0, rel=1e-13)
    assert not work.trailing.any()
    for which in range(2):
        assert work.chain[which].tolist() == [953_600 - 953_600 % 2016, 0x024000, 0x17]
        assert work.progress[which, :2].tolist() == [953_600 % 2016, 19_200.0]
