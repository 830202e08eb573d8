"""A whole path of one unit and one hall, day by day in plain Python, against `baseload.run`.

Nothing is uncertain and nothing fails, so that every number can be had a second time from the twins
of the stages: energy to the kilowatt-hour, bitcoin to the satoshi, the ledger to the cent.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.naive.dispatch import Batch, Demand, Dispatched, Hour, added, dispatch_hour
from tests.naive.fleet import DAYS_PER_MONTH, Hall, Terms, World
from tests.naive.money import (
    TaxOffice,
    cents,
    cents_of_micro,
    fund_payments,
    net_present_value,
    payback_months,
)
from tests.naive.network import Chain, FrontierTerms, pay_of_day_sat

import baseload
from baseload.clock import Horizon
from baseload.engine.plan import chain_and_past
from baseload.money.ledger import LINES
from baseload.scenario.schema import ScenarioDocument

START, HOURS = date(2027, 1, 1), 8760
SNAPSHOT = date(2026, 6, 15)
HOURS_PER_YEAR = Fraction(8766)
SCENARIO = """
title = "One unit, one hall"
start = 2027-01-01
years = 1

[plant]
technology = "nuclear"
common_house_load_mw = 2.5
[[plant.units]]
name = "one"
gross_mw = 105
net_mw = 100
state = "running"
house_load_shut_down_mw = 4
[plant.safety]
cold_usd_million_per_year = 2.0
at_power_usd_million_per_year = 3.0
site_usd_million_per_year = 1.0
[plant.costs]
fuel_usd_per_mwh = 6.0
variable_om_usd_per_mwh = 2.0
decommissioning_levy_usd_per_mwh = 1.0
waste_levy_usd_per_mwh = 0.5
fixed_om_usd_per_kw_year = 40.0
shut_down_om_usd_million_per_year = 1.5
insurance_usd_million_per_year = 0.7
real_growth_per_year = 0.01

[[demand]]
name = "town"
constant_mw = 20
tariff_usd_per_mwh = 45
[[demand]]
name = "works"
peak_mw = 95
profile = "works.csv"
tariff_usd_per_mwh = 30
other_supply_mw = 8

[grid]
export_limit_mw = 30
import_limit_mw = 5
export_fee_usd_per_mwh = 1.5
import_fee_usd_per_mwh = 4.0
transmission_loss = 0.02
price_fall_usd_per_mwh_per_gw = 100.0
connection_usd_million_per_year = 1.0
[grid.price]
file = "prices.csv"

[[fleet]]
model = "antminer-s21"
mine_mw = 40
order = 2026-11-20
lead_months = 2
machines_per_month = 2435
price_usd_per_th = 1
pue = 1.05
availability = 0.94
site_usd_per_kw = 20
opex_usd_per_kw_year = 20
opex_usd_per_mwh = 1.0

[network]
snapshot = 2026-06-15
price_usd = { fixed = 65000 }
fees_btc_per_block = 0.02
fees_volatility = 0
rest_of_network = "exogenous"
payout = "fpps"
pool_fee = 0.015
[network.exogenous]
growth_per_year = 0.15

[finance]
discount_rate = 0.08
tax_rate = 0.2
depreciation_years = 5
[finance.treasury]
sell = 0.6
[finance.safety_fund]
share_of_net_mining_cash = 0.5
"""


def prices_milli() -> list[int]:
    """Prices of the year's hours, below zero at times. [milli-USD/MWh]"""
    chosen = np.random.default_rng(27)
    day = 45.0 + 25.0 * np.sin(np.arange(HOURS) * 2 * math.pi / 24)
    return [int(price) for price in np.round((day + chosen.normal(0, 20, HOURS)) * 1000)]


def works_shares() -> list[float]:
    """Load of the works as shares of its peak, busier by day."""
    hour = np.arange(HOURS) % 24
    return [round(float(share), 3) for share in 0.6 + 0.4 * np.sin((hour - 6) * 2 * math.pi / 24)]


@dataclass
class Twin:
    """What the plain computation comes to."""

    run: dict[str, list[int]] = field(default_factory=lambda: {n: [0] * 12 for n in LINES})
    grid_only: dict[str, list[int]] = field(default_factory=lambda: {n: [0] * 12 for n in LINES})
    idle: dict[str, list[int]] = field(default_factory=lambda: {n: [0] * 12 for n in LINES})
    hours: list[Dispatched] = field(default_factory=list)
    sat: int = 0
    held_sat: int = 0
    machines: list[int] = field(default_factory=list)
    own_eh_per_s: list[float] = field(default_factory=list)
    peak_eh_per_s: float = 0.0
    peak_share_by_month: list[float] = field(default_factory=lambda: [0.0] * 12)
    difficulty: list[float] = field(default_factory=list)
    hashprice: list[float] = field(default_factory=list)
    rest_eh_per_s: list[float] = field(default_factory=list)
    frontier_j_per_th: list[float] = field(default_factory=list)

    def cash(self, variant: str) -> list[int]:
        lines: dict[str, list[int]] = getattr(self, variant)
        return [sum(values[month] for values in lines.values()) for month in range(12)]


def rounded_milli(usd: float) -> int:
    return math.floor(usd * 1000 + 0.5)


def computed() -> Twin:
    """The year from first hour to last."""
    twin = Twin()
    prices = prices_milli()
    works_kw = [int(95_000 * share + 0.5) for share in works_shares()]
    price_usd, fees_btc, pool_fee = 65_000.0, 0.02, 0.015
    document = ScenarioDocument.model_validate(tomllib.loads(SCENARIO))
    _, begin = chain_and_past(document, Path(), Horizon(START, 1))
    chain = Chain(
        Fraction(begin.height), begin.size << 24 | begin.mantissa, Fraction(begin.seconds)
    )
    first_projected = SNAPSHOT + timedelta(days=1)

    def rest_on(day: date) -> float:
        # It stays as it is for the seven days of a week since the snapshot.
        weeks = (day - first_projected).days // 7
        return begin.network_eh_per_s * math.pow(1.15, 7 * weeks / 365.25)

    before = first_projected
    while before < START:
        chain.day(rest_on(before), 0.0)
        before += timedelta(days=1)

    # The order stands in 2026, so that its terms are those of the first day; its price is stated.
    frontier = FrontierTerms(10.0, 0.12, 0.10, 8.0, 350.0, 0.0, 45.0)
    hall = Hall(
        Terms(
            machines=math.floor(40e6 / (3500 * 1.05)),
            power_w=3500.0,
            th_per_s=200.0,
            pue=1.05,
            availability=0.94,
            ordered_on=float((date(2026, 11, 20) - START).days),
            lead_days=2 * DAYS_PER_MONTH,
            machines_per_day=2435 / DAYS_PER_MONTH,
            life_days=5 * 365.25,
            stated_price_usd_per_th=1.0,
            replace="same-class",
            payback_days=24 * DAYS_PER_MONTH,
            resale_share=0.0,
            site_usd_per_kw=20.0,
            opex_usd_per_kw_year=20.0,
            opex_usd_per_mwh=1.0,
        )
    )
    j_per_th = 3500 * 1.05 / 200
    # Export never exceeds 30 MW: eight tranches, each at the middle of its fall of 2 x 100 USD/GW.
    falls = tuple(rounded_milli(100.0 * 0.00375 * (2 * j + 1)) for j in range(8))
    for day_number in range(365):
        today = START + timedelta(days=day_number)
        month = today.month - 1
        growth = 1.01 ** (month / 12)
        fuel, variable = rounded_milli(6.0 * growth), rounded_milli(2.0 * growth)
        levies = rounded_milli(1.5 * growth)
        since = (today - first_projected).days
        looks = day_number == 0 or since % 7 == 0
        if looks:
            now = frontier.after(since / 365.25)
            world = World(
                efficiency_j_per_th=now.efficiency_j_per_th,
                payback_days=400.0,
                floor_usd_per_th=now.floor_usd_per_th,
                power_usd_per_mwh=45.0,
                output_eh_per_s_per_year=now.world_eh_per_day * 365.25,
                free_share=0.10,
                rise_per_share=1.0,
                largest_share=0.5,
            )
            machines = hall.day(day_number, world, 0.0, 0.0)
            twin.run["machines"][month] -= round(machines.bought_usd * 1e6)
            twin.run["mine_site"][month] -= round(machines.site_usd * 1e6)
        twin.frontier_j_per_th.append(now.efficiency_j_per_th)
        twin.machines.append(machines.installed)
        difficulty = chain.difficulty
        twin.difficulty.append(difficulty)
        hashprice = chain.hashprice_usd_per_th_day(price_usd, fees_btc)
        twin.hashprice.append(hashprice)
        earned_usd_per_mwh = hashprice * (1 - pool_fee) / (j_per_th * 24e-6)
        batch = Batch(
            cap_kw=machines.capacity_kw[0],
            worth_milli_usd_per_mwh=math.floor(earned_usd_per_mwh * 1000) - 1000,
            th_per_kw=1000 / j_per_th,
        )
        hours = [
            dispatch_hour(
                Hour(
                    available_kw=100_000,
                    house_kw=2_500,
                    idle_house_kw=6_500,
                    dark=False,
                    dark_when_idle=False,
                    mine_stopped=False,
                    export_limit_kw=30_000,
                    import_limit_kw=5_000,
                    price_milli_usd_per_mwh=prices[24 * day_number + h],
                    export_fee=1_500,
                    import_fee=4_000,
                    share_that_arrives=1.0 - 0.02,
                    avoidable_milli_usd_per_mwh=fuel + variable + levies,
                    falls_milli_usd_per_mwh=falls,
                    tranche_kw=3_750,
                    mine_may_import=False,
                    demands=(
                        Demand(20_000, 0, 45_000, True),
                        Demand(works_kw[24 * day_number + h], 8_000, 30_000, True),
                    ),
                    batches=(batch,),
                )
            )
            for h in range(24)
        ]
        twin.hours += hours
        total = added(hours)
        own = total.mine * batch.th_per_kw / 24e6
        rest = rest_on(today)
        parts = chain.day(rest + own, own)
        sat = pay_of_day_sat(parts, fees_btc, pool_fee)
        twin.sat += sat
        twin.held_sat += math.floor(sat * Fraction(4, 10))
        twin.own_eh_per_s.append(own)
        twin.rest_eh_per_s.append(rest)
        peak = total.hash_rate_th_per_s / 1e6
        twin.peak_eh_per_s = max(twin.peak_eh_per_s, peak)
        if peak > 0.0:
            most = twin.peak_share_by_month
            most[month] = max(most[month], peak / (peak + rest))

        # In micro-USD while the month lasts.
        for lines, with_mine in ((twin.run, True), (twin.grid_only, False)):
            curtailed = total.curtailed if with_mine else total.curtailed_grid_only
            produced = total.generation - curtailed
            lines["tariff_revenue"][month] += total.tariff_revenue
            lines["export_revenue"][month] += (
                total.export_revenue if with_mine else total.export_revenue_grid_only
            )
            lines["import_cost"][month] -= (
                total.import_cost if with_mine else total.import_cost_grid_only
            )
            lines["fuel"][month] -= produced * fuel
            lines["variable_om"][month] -= produced * variable
            lines["levies"][month] -= produced * levies
        twin.idle["import_cost"][month] -= total.import_cost_idle
        twin.run["mining_revenue"][month] += math.floor(sat * Fraction(price_usd) / 100)
        opex = Fraction(machines.opex_usd) + Fraction(total.mine, 1000)
        twin.run["mine_opex"][month] -= round(opex * 10**6)
    for lines in (twin.run, twin.grid_only, twin.idle):
        for values in lines.values():
            values[:] = [cents_of_micro(micro) for micro in values]
    post_by_the_hour(twin)
    for lines in (twin.run, twin.grid_only, twin.idle):
        office = TaxOffice(Fraction(1, 5), 5)
        lines["tax"][11] = -office.year({name: sum(values) for name, values in lines.items()})
    return twin


def post_by_the_hour(twin: Twin) -> None:
    """What is owed by the year, a month at a time."""
    for month in range(12):
        first = START.replace(month=month + 1)
        after = first.replace(month=month + 2) if month < 11 else date(2028, 1, 1)
        year = Fraction(24 * (after - first).days) / HOURS_PER_YEAR
        grown = year * Fraction(1.01 ** (month / 12))
        for lines in (twin.run, twin.grid_only):
            lines["fixed_om"][month] = -cents(grown * 100_000 * 40)
            lines["insurance"][month] = -cents(grown * 700_000)
            lines["safety_programme"][month] = -cents(grown * 4_000_000)
        twin.idle["shut_down_om"][month] = -cents(grown * 1_500_000)
        twin.idle["safety_programme"][month] = -cents(grown * 3_000_000)
        for lines in (twin.run, twin.grid_only, twin.idle):
            lines["grid_connection"][month] = -cents(year * 1_000_000)


@pytest.fixture(scope="session")
def twin() -> Twin:
    return computed()


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> baseload.Study:
    folder: Path = tmp_path_factory.mktemp("path-twin")
    rows = "\n".join(f"{price / 1000:.3f}" for price in prices_milli())
    (folder / "prices.csv").write_text(f"value\n{rows}\n", encoding="utf-8")
    shares = "\n".join(f"{share:.3f}" for share in works_shares())
    (folder / "works.csv").write_text(f"value\n{shares}\n", encoding="utf-8")
    (folder / "one.toml").write_text(SCENARIO, encoding="utf-8")
    return baseload.run(baseload.load(folder / "one.toml"), paths=1, threads=1, trace=0)


@pytest.fixture(scope="session")
def metrics(study: baseload.Study) -> Mapping[str, float]:
    return study.metrics.row(0, named=True)


def series(study: baseload.Study, name: str) -> list[float]:
    return study.series.filter(pl.col("name") == name).sort("month")["mean"].to_list()


def monthly_means(by_day: list[float]) -> list[float]:
    days: dict[int, list[float]] = {month: [] for month in range(1, 13)}
    for number, value in enumerate(by_day):
        days[(START + timedelta(days=number)).month].append(value)
    return [sum(values) / len(values) for values in days.values()]


def test_the_case_has_everything_in_it(twin: Twin) -> None:
    assert twin.machines[0] == 0
    assert twin.machines[-1] == 10_884
    for name in ("mine", "export", "curtailed", "imported", "unserved", "unserved_idle"):
        assert 0 < sum(getattr(hour, name) > 0 for hour in twin.hours) <= HOURS, name
    assert len(set(twin.difficulty)) > 25
    assert any(hour.mine == 0 and hour.curtailed > 0 for hour in twin.hours)


def test_every_hour_is_dispatched_alike(twin: Twin, study: baseload.Study) -> None:
    names = {
        "available_kw": "generation",
        "firm_demand_kw": "firm_demand",
        "firm_served_kw": "firm_served",
        "firm_served_by_plant_kw": "firm_by_plant",
        "mine_kw": "mine",
        "export_kw": "export",
        "curtailed_kw": "curtailed",
        "import_kw": "imported",
        "unserved_kw": "unserved",
        "house_load_kw": "house",
        "export_grid_only_kw": "export_grid_only",
    }
    for column, name in names.items():
        assert study.dispatch[column].to_list() == [getattr(h, name) for h in twin.hours], column


def test_energies_of_the_year_equal_to_the_kilowatt_hour(
    twin: Twin, metrics: Mapping[str, float]
) -> None:
    total = added(twin.hours)
    expected = {
        "generation_mwh": total.generation,
        "import_mwh": total.imported,
        "firm_demand_mwh": total.firm_demand,
        "firm_served_mwh": total.firm_served,
        "firm_served_by_plant_mwh": total.firm_by_plant,
        "unserved_firm_mwh": total.unserved,
        "unserved_firm_mwh_grid_only": total.unserved,
        "unserved_firm_mwh_idle": total.unserved_idle,
        "plant_shortfall_mwh": total.shortfall,
        "mine_mwh": total.mine,
        "export_mwh": total.export,
        "export_mwh_grid_only": total.export_grid_only,
        "curtailed_mwh": total.curtailed,
        "produced_mwh": total.generation - total.curtailed,
    }
    assert {name: round(metrics[name] * 1000) for name in expected} == expected
    hours = {
        "loss_of_load_hours": total.lost_load_hours,
        "loss_of_load_hours_grid_only": total.lost_load_hours,
        "loss_of_load_hours_idle": total.lost_load_hours_idle,
    }
    assert {name: metrics[name] for name in hours} == hours
    assert total.lost_load_hours_idle > total.lost_load_hours


def test_bitcoin_equal_to_the_satoshi(twin: Twin, metrics: Mapping[str, float]) -> None:
    assert round(metrics["bitcoin_mined"] * 1e8) == twin.sat


@pytest.mark.parametrize("variant", ["run", "grid_only", "idle"])
def test_the_ledger_equals_line_by_line_to_the_cent(
    twin: Twin, study: baseload.Study, variant: str
) -> None:
    for name in LINES:
        posted = study.ledger.filter((pl.col("variant") == variant) & (pl.col("line") == name))
        assert posted.sort("month")["cents"].to_list() == getattr(twin, variant)[name], name


def test_present_values_equal_the_formula(twin: Twin, metrics: Mapping[str, float]) -> None:
    npv = {v: float(net_present_value(twin.cash(v), "0.08")) / 100 for v in
           ("run", "grid_only", "idle")}  # fmt: skip
    # A cent of a month's cash is 1e-2; sums of twelve months of up to 1e9 cents.
    for name, expected in (
        ("npv_usd", npv["run"]),
        ("npv_grid_only_usd", npv["grid_only"]),
        ("npv_idle_usd", npv["idle"]),
        ("npv_gain_over_grid_only_usd", npv["run"] - npv["grid_only"]),
        ("npv_gain_over_idle_usd", npv["run"] - npv["idle"]),
        ("value_of_restarting_usd", npv["grid_only"] - npv["idle"]),
    ):
        assert metrics[name] == pytest.approx(expected, abs=1e-4), name


def test_the_mine_is_worth_what_its_bitcoin_bring_less_what_they_cost(
    twin: Twin, metrics: Mapping[str, float]
) -> None:
    # Value of mining = bitcoin x (revenue - cost per bitcoin) - the mine's tax, all discounted.
    tax = twin.run["tax"][11] - twin.grid_only["tax"][11]
    without_tax = metrics["npv_gain_over_grid_only_usd"] - tax / 100 / 1.08
    discount = [1.08 ** (-(month + 1) / 12) for month in range(12)]
    mined = twin.run["mining_revenue"]
    coins = sum(c / 6_500_000 * f for c, f in zip(mined, discount, strict=True))
    margin = metrics["revenue_per_bitcoin_usd"] - metrics["cost_per_bitcoin_usd"]
    # Fuel, variable O&M and levies are rounded apart, energy's value once: 2 cents a month.
    assert margin * coins == pytest.approx(without_tax, abs=0.5)
    assert metrics["revenue_per_bitcoin_usd"] == pytest.approx(65_000.0, rel=1e-8)


def test_cash_cost_of_a_bitcoin_is_the_mines_share_of_the_plants(
    twin: Twin, metrics: Mapping[str, float]
) -> None:
    cost = coins = 0.0
    run = twin.run
    for month in range(12):
        factor = 1.08 ** (-(month + 1) / 12)
        here = [h for n, h in enumerate(twin.hours) if month_of(n) == month]
        total = added(here)
        plant = -sum(
            run[name][month]
            for name in (
                "fuel", "variable_om", "levies", "start_cost", "fixed_om", "shut_down_om",
                "insurance", "safety_programme", "diesel_fuel",
            )
        )  # fmt: skip
        mine = -sum(run[name][month] for name in ("machines", "mine_site", "mine_opex"))
        share = total.mine / (total.generation - total.curtailed)
        cost += (mine + plant * share) / 100 * factor
        coins += run["mining_revenue"][month] / 6_500_000 * factor
    assert metrics["cash_cost_per_bitcoin_usd"] == pytest.approx(cost / coins, rel=1e-7)


def month_of(hour: int) -> int:
    return (START + timedelta(hours=hour // 24 * 24)).month - 1


def test_coins_that_are_held_gain_what_waiting_takes_off(
    twin: Twin, metrics: Mapping[str, float]
) -> None:
    # At a fixed price holding only loses by discounting.
    at_end = twin.held_sat / 1e8 * 65_000 / 1.08
    when_mined = sum(
        0.4 * cents_ / 100 * 1.08 ** (-(month + 1) / 12)
        for month, cents_ in enumerate(twin.run["mining_revenue"])
    )
    # Held satoshis are rounded down each day: 365 x 0.00065 USD; the end's value to a cent.
    assert metrics["treasury_gain_usd"] == pytest.approx(at_end - when_mined, abs=0.3)
    assert metrics["treasury_gain_usd"] < 0.0


def test_fund_and_payback(twin: Twin, study: baseload.Study, metrics: Mapping[str, float]) -> None:
    run, grid, idle = (twin.cash(variant) for variant in ("run", "grid_only", "idle"))
    half = Fraction(1, 2)
    mining = sum(fund_payments([a - b for a, b in zip(run, grid, strict=True)], half))
    selling = sum(fund_payments([a - b for a, b in zip(grid, idle, strict=True)], half))
    assert mining > 0
    assert series(study, "safety_fund_usd")[-1] == pytest.approx(mining / 100, rel=1e-6)
    owed = -sum(twin.run["safety_programme"])
    assert metrics["safety_fund_usd"] == pytest.approx(mining / 100, abs=1e-9)
    years = metrics["years_of_safety_funded"], metrics["years_of_safety_funded_grid_only"]
    assert years == pytest.approx((mining / owed, selling / owed), rel=1e-12)
    months = payback_months(twin.cash("run"))
    assert metrics["payback_years"] == (None if months is None else pytest.approx(months / 12))
    months = payback_months([a - b for a, b in zip(run, grid, strict=True)])
    assert metrics["mine_payback_years"] == (None if months is None else pytest.approx(months / 12))


def test_network_share_and_peaks(twin: Twin, metrics: Mapping[str, float]) -> None:
    assert metrics["machines_peak"] == max(twin.machines)
    assert metrics["hash_rate_peak_eh_per_s"] == pytest.approx(twin.peak_eh_per_s, rel=1e-12)
    assert metrics["network_share_peak"] == pytest.approx(max(twin.peak_share_by_month), rel=1e-9)
    # Nothing answers an exogenous network: it loses no machine to the mine.
    assert metrics["displacement"] == 0.0


def test_series_by_month_are_what_they_are_called(twin: Twin, study: baseload.Study) -> None:
    # Series are kept in 32 bits: seven digits.
    def near(expected: list[float]) -> object:
        return pytest.approx(expected, rel=3e-7, abs=1e-9)

    assert series(study, "machines") == near(monthly_means([float(n) for n in twin.machines]))
    assert series(study, "difficulty") == near(monthly_means(twin.difficulty))
    assert series(study, "mine_hash_rate_eh_per_s") == near(monthly_means(twin.own_eh_per_s))
    whole = [a + b for a, b in zip(twin.rest_eh_per_s, twin.own_eh_per_s, strict=True)]
    share = [a / b for a, b in zip(twin.own_eh_per_s, whole, strict=True)]
    per_ph = [1000.0 * hashprice for hashprice in twin.hashprice]
    for name, by_day in (
        ("network_hash_rate_eh_per_s", whole),
        ("network_hash_rate_without_eh_per_s", twin.rest_eh_per_s),
        ("network_share", share),
        ("hashprice_usd_per_ph_per_day", per_ph),
        ("frontier_j_per_th", twin.frontier_j_per_th),
    ):
        assert series(study, name) == near(monthly_means(by_day)), name
    for name, attribute in (
        ("available_mw", "generation"),
        ("firm_served_by_plant_mw", "firm_by_plant"),
        ("mine_mw", "mine"),
        ("export_mw", "export"),
        ("export_grid_only_mw", "export_grid_only"),
        ("curtailed_mw", "curtailed"),
        ("import_mw", "imported"),
        ("unserved_firm_mw", "unserved"),
        ("unserved_firm_idle_mw", "unserved_idle"),
    ):
        by_day = [
            sum(getattr(hour, attribute) for hour in twin.hours[24 * d : 24 * d + 24]) / 24_000
            for d in range(365)
        ]
        assert series(study, name) == near(monthly_means(by_day)), name
    power = [sum(prices_milli()[24 * d : 24 * d + 24]) / 24_000 for d in range(365)]
    assert series(study, "power_price_usd_per_mwh") == near(monthly_means(power))
    assert series(study, "network_share_peak") == near(twin.peak_share_by_month)
    assert series(study, "units_at_power") == [1.0] * 12
    assert series(study, "bitcoin_price_usd") == near([65_000.0] * 12)
    assert series(study, "fees_btc_per_block") == near([0.02] * 12)
    assert sum(series(study, "bitcoin_mined")) == pytest.approx(twin.sat / 1e8, rel=1e-6)
    run = twin.cash("run")
    assert series(study, "net_cash_usd") == near([c / 100 for c in run])
    assert series(study, "cumulative_cash_usd") == pytest.approx(
        list(np.cumsum(run) / 100), rel=3e-7, abs=1.0
    )
    for name, variant in (("net_cash_grid_only_usd", "grid_only"), ("net_cash_idle_usd", "idle")):
        expected = [c / 100 for c in twin.cash(variant)]
        assert series(study, name) == near(expected)


@pytest.fixture(scope="session")
def answered(
    study: baseload.Study, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, baseload.Study]:
    """The case with a network that answers and a price that moves, with the mine and without it."""
    folder: Path = tmp_path_factory.mktemp("answered")
    for name, values in (("prices.csv", prices_milli()), ("works.csv", works_shares())):
        scale = 1000.0 if name == "prices.csv" else 1.0
        rows = "\n".join(f"{value / scale:.3f}" for value in values)
        (folder / name).write_text(f"value\n{rows}\n", encoding="utf-8")
    text = SCENARIO.replace('exogenous"', 'supply-curve"').replace(
        "price_usd = { fixed = 65000 }",
        "price_usd = { geometric-brownian = { drift_per_year = 0.1, volatility_per_year = 0.6 } }",
    )
    (folder / "one.toml").write_text(
        text.replace("order = 2026-11-20", "order = 2027-02-01"), encoding="utf-8"
    )
    with_mine = baseload.load(folder / "one.toml")
    return {
        "with": baseload.run(with_mine, paths=1, threads=1, trace=0),
        "without": baseload.run(
            with_mine.with_({"fleet.0.enabled": False}), paths=1, threads=1, trace=0
        ),
    }


def test_the_network_without_the_mine_is_that_of_a_run_without_it(
    answered: dict[str, baseload.Study],
) -> None:
    with_mine, without = answered["with"], answered["without"]
    assert series(with_mine, "bitcoin_price_usd") == series(without, "bitcoin_price_usd")
    for name, shadow in (
        ("network_hash_rate_eh_per_s", "network_hash_rate_without_eh_per_s"),
        ("hashprice_usd_per_ph_per_day", "hashprice_without_usd_per_ph_per_day"),
    ):
        assert series(with_mine, shadow) == series(without, name), name
    assert series(with_mine, "difficulty") != series(without, "difficulty")


def test_displacement_is_what_left_over_what_came(answered: dict[str, baseload.Study]) -> None:
    found = answered["with"]
    own = np.array(series(found, "mine_hash_rate_eh_per_s"))
    whole = np.array(series(found, "network_hash_rate_eh_per_s"))
    alone = np.array(series(found, "network_hash_rate_without_eh_per_s"))
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    left = float(np.sum((alone - (whole - own)) * days))
    displaced = found.metrics.row(0, named=True)["displacement"]
    # Differences of 32-bit figures of 1,000 EH/s, of which the mine is 2.
    assert displaced == pytest.approx(left / float(np.sum(own * days)), abs=2e-3)
    # Above 1 here: machines that the mine takes the rest does not get, and the mine stands by day.
    assert displaced > 0.0


def test_without_a_mine_the_run_is_the_grid_alone(answered: dict[str, baseload.Study]) -> None:
    alone = answered["without"].metrics.row(0, named=True)
    assert alone["npv_gain_over_grid_only_usd"] == 0.0
    assert alone["bitcoin_mined"] == alone["mine_mwh"] == alone["machines_peak"] == 0.0
    for name in ("cost_per_bitcoin_usd", "revenue_per_bitcoin_usd", "displacement"):
        assert alone[name] is None
    with_mine = answered["with"].metrics.row(0, named=True)
    for name in ("npv_grid_only_usd", "npv_idle_usd", "export_mwh_grid_only"):
        assert with_mine[name] == alone[name], name


REFILL = """
title = "Old machines beside a dear grid"
start = 2027-01-01
years = 1
[plant]
technology = "hydro"
[[plant.units]]
name = "one"
gross_mw = 105
net_mw = 100
state = "running"
[grid]
export_limit_mw = 200
[grid.price]
profile = "flat"
level_usd_per_mwh = 200
[[fleet]]
model = "antminer-s21"
mine_mw = 40
order = 2024-01-05
lead_months = 0
lifetime_years = 3
replace_payback_months = 30
machines_per_month = 100000
price_usd_per_th = 15
[network]
price_usd = { fixed = 65000 }
fees_volatility = 0
"""


def test_old_machines_are_not_replaced_where_energy_is_worth_more_elsewhere(
    tmp_path: Path,
) -> None:
    # Three years old on the fourth day. At 65,000 USD a MWh mines for about 90 USD, the grid pays 200.
    file = tmp_path / "refill.toml"
    file.write_text(REFILL, encoding="utf-8")
    found = baseload.run(baseload.load(file), paths=1, threads=1, trace=0)
    machines = found.ledger.filter((pl.col("variant") == "run") & (pl.col("line") == "machines"))
    assert machines["cents"].sum() == 0
