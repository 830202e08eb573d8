"""A month's postings, and what a lifetime's books come to, against plain Python."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from tests.naive.money import (
    cents,
    cents_of_micro,
    fund_payments,
    net_present_value,
    payback_months,
)

from baseload.dispatch import work
from baseload.engine import sums
from baseload.engine.lifetime_kernels import displacement, money_metrics, series_of_month
from baseload.engine.month_kernels import (
    energy_of_mine,
    fill_ledger,
    share_of_plant_cost,
    unit_costs,
)
from baseload.engine.outputs import METRIC_NAMES, SERIES
from baseload.money.ledger import LINES, VARIANTS
from baseload.plant.setup import PlantCosts

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
COSTS = PlantCosts(*range(len(PlantCosts._fields)))
CONNECTION = len(COSTS)
# Eighths and whole numbers, so that sums are exact in binary and no half of a cent is in doubt.
ROW = dict(
    fuel=6.5,
    variable_om=2.25,
    decommissioning=1.0,
    waste=0.5,
    fixed_om_kw_year=40.0,
    shut_down_om=1.5,
    insurance=0.75,
    growth=0.0,
    safety_cold=2.0,
    safety_restarting=2.5,
    safety_at_power=3.0,
    safety_site=1.25,
    diesel_hour=3_000.125,
)
UNITS, HOURS, MONTH = 3, 720, 1
UNIT_HOURS = np.array([1_500.0, 200.0, 1_400.0, 1_500.0 * 950_000])
REVENUE, OPEX, BOUGHT, HALLS, RESOLD = 123_456_789, 12_345.678, 2e6, 3e5, 4e4
CHARGES = np.array([[7_000, 110], [8_500, 40], [0, 300]])
TOTALS = {
    "GENERATION": 1_800_000_017,
    "CURTAILED": 10_000_003,
    "CURTAILED_GRID_ONLY": 410_000_001,
    "MINE": 500_000_009,
    "MINE_IMPORT": 5_000_001,
    "TARIFF_REVENUE": 18_123_456_789_012,
    "EXPORT_REVENUE": 61_234_567_890_123,
    "EXPORT_REVENUE_GRID_ONLY": 70_234_567_890_123,
    "IMPORT_COST": 812_345_678_901,
    "IMPORT_COST_GRID_ONLY": 312_345_678_901,
    "IMPORT_COST_IDLE": 2_012_345_678_901,
    "DIESEL_HOURS": 11,
    "DIESEL_HOURS_IDLE": 17,
}


def row() -> Floats:
    values = np.zeros(len(COSTS) + 1)
    for name, value in ROW.items():
        values[getattr(COSTS, name)] = value
    values[CONNECTION] = 1.0
    return values


def dispatched() -> Ints:
    totals = np.zeros(work.TOTALS, np.int64)
    for name, value in TOTALS.items():
        totals[getattr(work, name)] = value
    return totals


def posted(works_micro: int = 987_654_321_098) -> Ints:
    # What an earlier path left in the month's own lines is written over.
    ledger = np.zeros((len(VARIANTS), 3, len(LINES)), np.int64)
    for _ in range(2):
        fill_ledger(
            ledger, MONTH, row(), COSTS, CONNECTION, UNITS, UNIT_HOURS, HOURS, dispatched(),
            unit_costs(COSTS, row(), MONTH), (REVENUE, OPEX, BOUGHT, HALLS, RESOLD), works_micro,
            CHARGES,
        )  # fmt: skip
        works_micro = 555_555_555_555
    return ledger


def expected(variant: str) -> dict[str, int]:
    """The lines of a variant by fractions."""
    which = VARIANTS.index(variant)
    year = Fraction(HOURS, 8_766)
    part = Fraction(10**6, 8_766)
    diesel = Fraction(ROW["diesel_hour"])
    lines = dict.fromkeys(LINES, 0)
    lines["grid_connection"] = -cents(year * 10**6)
    lines["start_cost"], lines["demand_charge"] = (-int(x) for x in CHARGES[which])
    site = Fraction(ROW["safety_site"]) * HOURS
    if variant == "idle":
        lines["import_cost"] = -cents_of_micro(TOTALS["IMPORT_COST_IDLE"])
        lines["shut_down_om"] = -cents(part * UNITS * HOURS * Fraction(ROW["shut_down_om"]))
        lines["safety_programme"] = -cents(
            part * (UNITS * HOURS * Fraction(ROW["safety_cold"]) + site)
        )
        lines["diesel_fuel"] = -cents(TOTALS["DIESEL_HOURS_IDLE"] * diesel)
        return lines
    end = "" if variant == "run" else "_GRID_ONLY"
    produced = TOTALS["GENERATION"] - TOTALS["CURTAILED" + end]
    lines["tariff_revenue"] = cents_of_micro(TOTALS["TARIFF_REVENUE"])
    lines["export_revenue"] = cents_of_micro(TOTALS["EXPORT_REVENUE" + end])
    lines["import_cost"] = -cents_of_micro(TOTALS["IMPORT_COST" + end])
    lines["fuel"] = -cents_of_micro(produced * 6_500)
    lines["variable_om"] = -cents_of_micro(produced * 2_250)
    lines["levies"] = -cents_of_micro(produced * 1_500)
    operating, restarting = int(UNIT_HOURS[0]), int(UNIT_HOURS[1])
    lines["fixed_om"] = -cents(Fraction(operating * 950_000 * 40, 8_766))
    lines["shut_down_om"] = -cents(part * (UNITS * HOURS - operating) * Fraction(3, 2))
    lines["insurance"] = -cents(part * operating * Fraction(3, 4))
    cold = UNITS * HOURS - operating - restarting
    lines["safety_programme"] = -cents(
        part * (cold * 2 + restarting * Fraction(5, 2) + operating * 3 + site)
    )
    lines["diesel_fuel"] = -cents(TOTALS["DIESEL_HOURS"] * diesel)
    lines["works"] = -cents_of_micro(555_555_555_555)
    if variant == "run":
        lines["mining_revenue"] = REVENUE
        lines["mine_opex"] = -cents(Fraction(OPEX))
        lines["machines"], lines["mine_site"] = -200_000_000, -30_000_000
        lines["machine_resale"] = 4_000_000
    return lines


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_line_of_a_month_is_the_plain_one(variant: str) -> None:
    ledger = posted()
    found = dict(zip(LINES, ledger[VARIANTS.index(variant), MONTH].tolist(), strict=True))
    assert found == expected(variant)
    assert not ledger[:, [0, 2]].any()


def test_costs_grow_by_the_year_and_not_at_all_at_zero() -> None:
    inputs = row()
    assert unit_costs(COSTS, inputs, 119) == (6_500, 2_250, 1_500, 1.0)
    inputs[COSTS.growth] = 0.02
    fuel, variable, levies, growth = unit_costs(COSTS, inputs, 18)
    assert growth == pytest.approx(1.02**1.5, rel=1e-14)
    assert (fuel, variable, levies) == (6_696, 2_318, 1_545)
    inputs[COSTS.growth] = -0.02
    assert unit_costs(COSTS, inputs, 24)[3] == pytest.approx(0.98**2, rel=1e-14)


def test_energy_of_the_mine_is_what_selling_it_otherwise_would_have_brought() -> None:
    ledger, totals = posted(), dispatched()
    run, alone = expected("run"), expected("grid_only")
    lines = ("export_revenue", "import_cost", "demand_charge", "start_cost")
    more = int(totals[work.CURTAILED_GRID_ONLY] - totals[work.CURTAILED])
    value = sum(alone[line] - run[line] for line in lines) + cents_of_micro(more * 10_250)
    assert energy_of_mine(ledger, MONTH, totals, 10_250) == value
    # The run drew 70 cents more of demand charge and was spared 1,500 cents of starts.
    assert alone["demand_charge"] - run["demand_charge"] == 70
    assert alone["start_cost"] - run["start_cost"] == -1_500


def test_cash_cost_of_the_mines_energy_is_its_share_of_the_plant_and_what_was_bought() -> None:
    ledger, totals = posted(), dispatched()
    run, alone = expected("run"), expected("grid_only")
    plant = -sum(
        run[line]
        for line in (
            "fuel", "variable_om", "levies", "start_cost", "fixed_om", "shut_down_om", "insurance",
            "safety_programme", "diesel_fuel",
        )
    )  # fmt: skip
    produced = int(totals[work.GENERATION] - totals[work.CURTAILED])
    own = int(totals[work.MINE] - totals[work.MINE_IMPORT])
    bought = sum(alone[line] - run[line] for line in ("import_cost", "demand_charge"))
    assert share_of_plant_cost(ledger, MONTH, totals) == pytest.approx(
        plant * own / produced + bought, rel=1e-12
    )
    totals[work.CURTAILED] = totals[work.GENERATION]
    assert share_of_plant_cost(ledger, MONTH, totals) == bought


MONTHS = 36


class Books:
    """Random books of three years, and what the kernel makes of them."""

    def __init__(self, seed: int, mined: bool) -> None:
        chosen = np.random.default_rng(seed)
        self.ledger = chosen.integers(-(10**8), 10**8, (3, MONTHS, len(LINES)))
        self.ledger[:, :6, LINES.index("works")] -= 10**9
        self.cash = self.ledger.sum(axis=2)
        self.mine_cash = np.zeros(MONTHS, np.int64)
        self.monthly = chosen.uniform(1.0, 2.0, (6, MONTHS)) * 1e9 * mined
        self.factor = np.array([1.08 ** (-(month + 1) / 12) for month in range(MONTHS)])
        self.life = np.zeros(sums.LIFE)
        self.life[sums.L_HELD_SAT], self.life[sums.L_LAST_PRICE] = 3e9, 70_000.0
        self.metrics = np.zeros(len(METRIC_NAMES))
        self.series = np.zeros((len(SERIES), MONTHS), np.float32)
        self.difference = money_metrics(
            self.ledger, self.cash, self.mine_cash, self.monthly, self.factor, 0.5, self.life,
            self.metrics, self.series,
        )  # fmt: skip

    def metric(self) -> Mapping[str, float]:
        return dict(zip(METRIC_NAMES, self.metrics.tolist(), strict=True))

    def line(self, name: str) -> Ints:
        line: Ints = self.ledger[0, :, LINES.index(name)]
        return line

    def one_series(self, name: str) -> npt.NDArray[np.float32]:
        values: npt.NDArray[np.float32] = self.series[[known for known, _ in SERIES].index(name)]
        return values


@pytest.mark.parametrize("seed", range(4))
def test_money_of_a_lifetime_equals_the_plain_sums(seed: int) -> None:
    books = Books(seed, mined=True)
    found = books.metric()
    run, alone, idle = (flow.tolist() for flow in books.cash)
    npv = [float(net_present_value(flow, "0.08")) / 100 for flow in (run, alone, idle)]
    for name, expected_usd in (
        ("npv_usd", npv[0]),
        ("npv_grid_only_usd", npv[1]),
        ("npv_idle_usd", npv[2]),
        ("npv_gain_over_idle_usd", npv[0] - npv[2]),
        ("npv_gain_over_grid_only_usd", npv[0] - npv[1]),
        ("value_of_restarting_usd", npv[1] - npv[2]),
    ):
        assert found[name] == pytest.approx(expected_usd, rel=1e-9, abs=1e-3), name
    months = payback_months(run)
    assert found["payback_years"] == pytest.approx(
        math.nan if months is None else months / 12, nan_ok=True
    )
    added = [a - b for a, b in zip(run, alone, strict=True)]
    months = payback_months(added)
    assert found["mine_payback_years"] == pytest.approx(
        math.nan if months is None else months / 12, nan_ok=True
    )
    rate = found["mine_irr"]
    if not math.isnan(rate):
        assert float(net_present_value(added, str(rate))) / 100 == pytest.approx(0.0, abs=1e4)
    by_mining = fund_payments([a - b for a, b in zip(run, alone, strict=True)], Fraction(1, 2))
    by_grid = fund_payments([a - b for a, b in zip(alone, idle, strict=True)], Fraction(1, 2))
    safety = -int(books.line("safety_programme").sum()) / 3
    assert found["safety_fund_usd"] == pytest.approx(sum(by_mining) / 100)
    if safety > 0:
        assert found["years_of_safety_funded"] == pytest.approx(sum(by_mining) / safety)
        assert found["years_of_safety_funded_grid_only"] == pytest.approx(sum(by_grid) / safety)
    else:
        assert math.isnan(found["years_of_safety_funded"])
    mine = -sum(
        books.line(name) for name in ("machines", "mine_site", "machine_resale", "mine_opex")
    )
    coins = float((books.monthly[sums.M_SAT] * books.factor).sum()) / 1e8
    for name, amounts in (
        ("cost_per_bitcoin_usd", mine + books.monthly[sums.M_ENERGY]),
        ("cash_cost_per_bitcoin_usd", mine + books.monthly[sums.M_CASH_ENERGY]),
        ("revenue_per_bitcoin_usd", books.line("mining_revenue")),
    ):
        assert found[name] == pytest.approx(float((amounts * books.factor).sum()) / 100 / coins)
    held = float((books.monthly[sums.M_HELD_VALUE] * books.factor).sum()) / 100
    assert found["treasury_gain_usd"] == pytest.approx(30.0 * 70_000 * books.factor[-1] - held)
    assert books.difference == 0

    def of(*lines: str) -> Ints:
        return sum((books.line(name) for name in lines), np.zeros(books.cash.shape[1], np.int64))

    # A float32 holds seven digits.
    for name, amounts in (
        ("net_cash_usd", books.cash[0]),
        ("cumulative_cash_usd", np.cumsum(books.cash[0])),
        ("net_cash_grid_only_usd", books.cash[1]),
        ("net_cash_idle_usd", books.cash[2]),
        ("safety_fund_usd", np.cumsum(by_mining)),
        ("revenue_usd", of("mining_revenue", "tariff_revenue", "export_revenue")),
        ("works_cost_usd", -of("works")),
        ("mine_capital_cost_usd", -of("machines", "mine_site")),
        ("tax_usd", -of("tax")),
        ("safety_cost_usd", -of("safety_programme")),
    ):
        np.testing.assert_allclose(books.one_series(name), amounts / 100, rtol=1e-6)


def test_without_a_coin_its_cost_is_undefined() -> None:
    found = Books(1, mined=False).metric()
    for name in ("cost_per_bitcoin_usd", "cash_cost_per_bitcoin_usd", "revenue_per_bitcoin_usd"):
        assert math.isnan(found[name])


@pytest.mark.parametrize("variant", range(3))
def test_cash_that_the_ledger_does_not_hold_is_seen(variant: int) -> None:
    books = Books(2, mined=True)
    books.cash[variant, 5] += 3
    assert (
        money_metrics(
            books.ledger, books.cash, books.mine_cash, books.monthly, books.factor, 0.5, books.life,
            books.metrics, books.series,
        )
        == 3
    )  # fmt: skip


def test_displacement_looks_at_the_last_twelve_months_that_mined() -> None:
    monthly = np.zeros((6, 40))
    assert math.isnan(displacement(monthly))
    monthly[sums.M_OWN_PROJECTED, :30:2] = 4.0
    monthly[sums.M_DISPLACED] = 1.0
    monthly[sums.M_DISPLACED, :6] = 100.0  # the first three of fifteen months that mined
    assert displacement(monthly) == pytest.approx(0.25)
    monthly[sums.M_OWN_PROJECTED, 8:] = 0.0
    assert displacement(monthly) == pytest.approx(301.0 / 16.0)


class Dispatch(NamedTuple):
    """What `series_of_month` looks at of the dispatch."""

    totals: Ints


class Works(NamedTuple):
    """What it looks at of a thread's memory."""

    dispatch: Dispatch


def test_series_are_means_of_a_month() -> None:
    totals = np.arange(1, work.TOTALS + 1) * 720_000
    totals[work.PRICE] = 45_500 * 720
    by_day = np.arange(1.0, sums.SUMS + 1.0) * 30
    by_day[sums.S_SAT] = 250_000_000.0
    series = np.zeros((len(SERIES), 3), np.float32)
    series_of_month(
        Works(Dispatch(totals)), 1, 720, 30, np.array([0.0, 0.0, 1_080.0, 0.0]), by_day, series
    )
    found = dict(zip((name for name, _ in SERIES), series[:, 1].tolist(), strict=True))
    for name, place in (
        ("available_mw", work.GENERATION),
        ("firm_served_by_plant_mw", work.FIRM_BY_PLANT),
        ("mine_mw", work.MINE),
        ("export_mw", work.EXPORT),
        ("export_grid_only_mw", work.EXPORT_GRID_ONLY),
        ("curtailed_mw", work.CURTAILED),
        ("import_mw", work.IMPORT),
        ("unserved_firm_mw", work.UNSERVED),
        ("unserved_firm_idle_mw", work.UNSERVED_IDLE),
    ):
        assert found.pop(name) == pytest.approx(place + 1, rel=1e-6), name
    for name, place in (
        ("machines", sums.S_MACHINES),
        ("mine_hash_rate_eh_per_s", sums.S_OWN),
        ("network_share", sums.S_SHARE),
        ("network_hash_rate_eh_per_s", sums.S_NETWORK),
        ("network_hash_rate_without_eh_per_s", sums.S_SHADOW),
        ("difficulty", sums.S_DIFFICULTY),
        ("bitcoin_price_usd", sums.S_PRICE),
        ("fees_btc_per_block", sums.S_FEES),
        ("frontier_j_per_th", sums.S_FRONTIER),
    ):
        assert found.pop(name) == pytest.approx(place + 1, rel=1e-6), name
    assert found.pop("hashprice_usd_per_ph_per_day") == pytest.approx(
        1000.0 * (sums.S_HASHPRICE + 1)
    )
    assert found.pop("hashprice_without_usd_per_ph_per_day") == pytest.approx(
        1000.0 * (sums.S_SHADOW_HASHPRICE + 1)
    )
    # The largest hour is not a mean.
    assert found.pop("network_share_peak") == pytest.approx(30.0 * (sums.S_PEAK_SHARE + 1))
    assert found.pop("units_at_power") == pytest.approx(1.5)
    assert found.pop("power_price_usd_per_mwh") == pytest.approx(45.5)
    assert found.pop("bitcoin_mined") == pytest.approx(2.5)
    # Money is filled in when the books are closed.
    assert set(found.values()) == {0.0}
    assert not series[:, [0, 2]].any()
