"""Source: docs/model/worked-case.md, a case worked by hand in plain arithmetic, to the cent.

Nothing of the model is called to work the case: fractions and decimals do what a person would do on
paper. The run must give the same figures, and so must the page.
"""

from __future__ import annotations

import calendar
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import polars
import pytest

import baseload
from baseload.network import bits_to_target, next_bits, target_to_difficulty
from baseload.network.snapshot import snapshot_on
from baseload.study import Study

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "model" / "worked-case.md"
SCENARIO = DOCS / "worked_case.toml"

getcontext().prec = 50

MONTHS = 12
HOURS = [24 * calendar.monthrange(2027, m + 1)[1] for m in range(MONTHS)]
DAY_S = 86_400
DEAR_MONTHS = (10, 11)  # November and December, under the floor of 150 USD/MWh

# The plant, the town, the line. [kW]
PLANT_KW, TOWN_KW, LINE_KW, HOUSE_KW = 10_000, 2_000, 6_000, 500
# The hall: whole machines of 3,500 W and 200 TH/s at a PUE of 1.05, 95 of 100 at work.
MACHINES = 4_000_000 // 3_675
INSTALLED_KW = Fraction(MACHINES * 3_675, 1000)
HALL_KW = int(INSTALLED_KW * 95 / 100)
TH_PER_KW = Fraction(1000, 1) / (Fraction(3_675) / 200)

# The chain at the end of 2026-06-15, from the shipped periods, and the clock of its retargets.
HEIGHT, BITS, FIRST_HEIGHT = 953_853, 0x170240C3, 953_568
MANTISSA, SIZE = 0x0240C3, 0x17
DAYS_BEFORE = (date(2027, 1, 1) - date(2026, 6, 16)).days
REWARD_SAT = 312_500_000 + 2_000_000


class Retarget(NamedTuple):
    day: int  # of 2027, 0 for 1 January; below 0 before it
    span_s: int
    mantissa: int


class Ledger(NamedTuple):
    """A variant's lines by month, in cents."""

    lines: dict[str, list[int]]

    def cash(self) -> list[int]:
        return [sum(line[m] for line in self.lines.values()) for m in range(MONTHS)]


def cents(usd: Fraction) -> int:
    """Nearest cent, halves away from zero."""
    number = Decimal(usd.numerator) / Decimal(usd.denominator) * 100
    return int(number.to_integral_value(ROUND_HALF_UP))


def difficulty(mantissa: int) -> Fraction:
    return Fraction(0xFFFF * 2**208, mantissa * 256 ** (SIZE - 3))


def mine_kw(month: int) -> int:
    """The mine comes first while its MWh is worth more than the market's, else it takes the rest."""
    surplus = PLANT_KW - TOWN_KW
    return surplus - LINE_KW if month in DEAR_MONTHS else HALL_KW


def export_kw(month: int) -> int:
    return min(LINE_KW, PLANT_KW - TOWN_KW - mine_kw(month))


def price_usd_per_mwh(month: int) -> int:
    return 150 if month in DEAR_MONTHS else 48


def own_th_per_s(month: int) -> Fraction:
    return mine_kw(month) * TH_PER_KW


@lru_cache(maxsize=1)
def chain() -> tuple[list[list[int]], list[Retarget]]:
    """Satoshis of each day by month, and the retargets that came on the way."""
    rest_h_per_s = difficulty(MANTISSA) * 2**32 / 600
    # The newest block is found: its number counts from 0, blocks from 1.
    blocks, seconds, mantissa = Fraction(HEIGHT + 1 - FIRST_HEIGHT), Fraction(0), MANTISSA
    seconds = blocks * 600
    satoshis: list[list[int]] = [[] for _ in range(MONTHS)]
    retargets: list[Retarget] = []
    for day in range(-DAYS_BEFORE, 365):
        month = date.fromordinal(date(2027, 1, 1).toordinal() + day).month - 1
        own = own_th_per_s(month) * 10**12 if day >= 0 else Fraction(0)
        left, earned = Fraction(DAY_S), Fraction(0)
        while left > 0:
            per_s = (rest_h_per_s + own) / (difficulty(mantissa) * 2**32)
            passed = min(left, (2016 - blocks) / per_s)
            earned += own / (difficulty(mantissa) * 2**32) * passed * REWARD_SAT
            blocks, seconds, left = blocks + passed * per_s, seconds + passed, left - passed
            if blocks == 2016:
                # The protocol sees 2,015 of the 2,016 intervals, in whole seconds.
                span = int(seconds * 2015 / 2016 + Fraction(1, 2))
                mantissa = mantissa * span // 1_209_600
                retargets.append(Retarget(day, span, mantissa))
                blocks, seconds = Fraction(0), Fraction(0)
        if day >= 0:
            satoshis[month].append(int(earned * 99 / 100))
    return satoshis, retargets


def mining_revenue(month: int) -> int:
    """Cents of a month: each day's satoshis at 100,000 USD, in whole micro-USD."""
    micro = sum(sat * 1_000 for sat in chain()[0][month])
    return cents(Fraction(micro, 10**6))


def per_year(usd: int, month: int) -> int:
    """Cents of a yearly amount in a month: its hours over the 8,766 of a mean year."""
    return -cents(Fraction(usd * HOURS[month], 8_766))


@lru_cache(maxsize=1)
def ledgers() -> dict[str, Ledger]:
    """The three variants, tax included."""
    run: dict[str, list[int]] = {}
    grid: dict[str, list[int]] = {}
    idle: dict[str, list[int]] = {}
    for m in range(MONTHS):
        mwh = Fraction(HOURS[m], 1000)
        price = price_usd_per_mwh(m)
        common = {
            "tariff_revenue": cents(TOWN_KW * mwh * 60),
            "fixed_om": per_year(100 * PLANT_KW, m),
            "safety_programme": per_year(250_000, m),
            "grid_connection": per_year(100_000, m),
        }
        days = HOURS[m] // 24
        with_mine = common | {
            "mining_revenue": mining_revenue(m),
            "export_revenue": cents(export_kw(m) * mwh * (price - 3)),
            "variable_om": -cents((TOWN_KW + export_kw(m) + mine_kw(m)) * mwh * 2),
            "mine_opex": -cents(
                mine_kw(m) * mwh * Fraction(3, 2) + days * INSTALLED_KW * 90 * Fraction(100, 36_525)
            ),
            "machines": -cents(Fraction(MACHINES * 200 * 5)) if m == 0 else 0,
            "mine_site": -cents(INSTALLED_KW * 150) if m == 0 else 0,
            "tax": 0,
        }
        without = common | {
            "export_revenue": cents(LINE_KW * mwh * (price - 3)),
            "variable_om": -cents((TOWN_KW + LINE_KW) * mwh * 2),
            "tax": 0,
        }
        shut = {
            "import_cost": -cents(HOUSE_KW * mwh * (price + 5)),
            "shut_down_om": per_year(400_000, m),
            "safety_programme": common["safety_programme"],
            "grid_connection": common["grid_connection"],
            "tax": 0,
        }
        for book, month in ((run, with_mine), (grid, without), (idle, shut)):
            for line, amount in month.items():
                book.setdefault(line, []).append(amount)
    for book in (run, grid, idle):
        profit = 0
        for line, amounts in book.items():
            if line in ("machines", "mine_site"):
                profit += -(-sum(amounts) // 5)  # a fifth of the capital in the first year
            else:
                profit += sum(amounts)
        book["tax"][-1] = -max(0, cents(Fraction(profit, 100) / 5))
    return {"run": Ledger(run), "grid_only": Ledger(grid), "idle": Ledger(idle)}


def discounted(amounts: list[Decimal]) -> Decimal:
    """Value at the start: a month's amount at its end, at 8 % a year."""
    return sum(
        (amount / Decimal("1.08") ** (Decimal(m + 1) / 12) for m, amount in enumerate(amounts)),
        Decimal(0),
    )


def npv(variant: str) -> Decimal:
    return discounted([Decimal(amount) / 100 for amount in ledgers()[variant].cash()])


def fund_cents() -> int:
    """New highs of what mining has earned in all, after tax."""
    run, grid = ledgers()["run"], ledgers()["grid_only"]
    total = high = 0
    for m in range(MONTHS):
        total += run.cash()[m] - grid.cash()[m]
        high = max(high, total)
    return high


def cost_per_bitcoin() -> Decimal:
    run, grid = ledgers()["run"].lines, ledgers()["grid_only"].lines
    cost, coins = [], []
    for m in range(MONTHS):
        mine = -(run["machines"][m] + run["mine_site"][m] + run["mine_opex"][m])
        forgone = grid["export_revenue"][m] - run["export_revenue"][m]
        # Without a mine 2 MW of the surplus find no use and are not made.
        more = cents(Fraction(2 * (PLANT_KW - TOWN_KW - LINE_KW) * HOURS[m], 1000))
        cost.append(Decimal(mine + forgone + more) / 100)
        coins.append(Decimal(sum(chain()[0][m])) / 10**8)
    return discounted(cost) / discounted(coins)


def money(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def page_lines() -> list[str]:
    """What the page must state, as it states it."""
    found = [
        f"{MACHINES:,} machines",
        f"{float(INSTALLED_KW):,.1f} kW",
        f"{HALL_KW:,} kW",
    ]
    names = [calendar.month_abbr[m + 1] for m in range(MONTHS)]
    for m, name in enumerate(names):
        sat = sum(chain()[0][m])
        hours = HOURS[m]
        found.append(
            f"| {name} | {hours} | {PLANT_KW * hours // 1000:,} | {mine_kw(m) * hours / 1000:,.3f} "
            f"| {export_kw(m) * hours / 1000:,.3f} | {sat:,} |"
        )
    run, grid, idle = (ledgers()[name] for name in ("run", "grid_only", "idle"))
    for m, name in enumerate(names):
        cash = [Decimal(one.cash()[m]) / 100 for one in (run, grid, idle)]
        factor = 1 / Decimal("1.08") ** (Decimal(m + 1) / 12)
        found.append(
            f"| {name} | {money(cash[0])} | {money(cash[1])} | {money(cash[2])} | {factor:.10f} |"
        )
    before = MANTISSA
    for retarget in chain()[1]:
        if retarget.mantissa != before:
            on = date.fromordinal(date(2027, 1, 1).toordinal() + retarget.day)
            found.append(f"| {on} | {retarget.span_s:,} | {before:,} | {retarget.mantissa:,} |")
        before = retarget.mantissa
    for line, amounts in run.lines.items():
        parts = (amounts[0], amounts[10], sum(amounts))
        found.append(f"| `{line}` | " + " | ".join(money(Decimal(a) / 100) for a in parts) + " |")
    for what, usd in (
        ("NPV of the run", npv("run")),
        ("NPV of grid only", npv("grid_only")),
        ("NPV of idle", npv("idle")),
        ("value of mining", npv("run") - npv("grid_only")),
        ("value of restarting", npv("grid_only") - npv("idle")),
        ("safety fund", Decimal(fund_cents()) / 100),
        ("cost per bitcoin", cost_per_bitcoin()),
    ):
        found.append(f"| {what} | {money(usd)} |")
    return found


@pytest.fixture(scope="module")
def study() -> Study:
    return baseload.run(baseload.load(SCENARIO), paths=1, threads=1)


def test_the_state_of_the_network_is_the_shipped_one() -> None:
    shot = snapshot_on(date(2026, 6, 15))
    assert (shot.height, shot.bits, shot.period_first_height) == (HEIGHT, BITS, FIRST_HEIGHT)
    assert bits_to_target(BITS) == MANTISSA * 256 ** (SIZE - 3)
    # Float against fraction: one part in 2^52, a few times over.
    assert target_to_difficulty(bits_to_target(BITS)) == pytest.approx(
        float(difficulty(MANTISSA)), rel=1e-15
    )


def test_each_retarget_of_the_page_is_what_the_protocol_makes_of_its_span() -> None:
    before = MANTISSA
    for retarget in chain()[1]:
        made = next_bits(SIZE << 24 | before, 0, retarget.span_s)
        assert made == SIZE << 24 | retarget.mantissa
        before = retarget.mantissa


def test_every_line_of_every_month_is_the_hand_worked_one_to_the_cent(study: Study) -> None:
    for variant, ledger in ledgers().items():
        for m in range(MONTHS):
            rows = study.ledger.filter(
                (polars.col("variant") == variant) & (polars.col("month") == m)
            )
            given = dict(zip(rows["line"], rows["cents"], strict=True))
            worked = {line: amounts[m] for line, amounts in ledger.lines.items()}
            assert {line: amount for line, amount in given.items() if amount} == {
                line: amount for line, amount in worked.items() if amount
            }, f"{variant}, month {m}"


@pytest.mark.parametrize(
    ("metric", "variant"),
    [("npv_usd", "run"), ("npv_grid_only_usd", "grid_only"), ("npv_idle_usd", "idle")],
)
def test_the_net_present_value_is_the_hand_worked_one_to_the_cent(
    study: Study, metric: str, variant: str
) -> None:
    given = Decimal(study.metrics[metric][0])
    assert money(given) == money(npv(variant))
    # Both come from the same cents, so that only the discount factors can differ: by 1e-15 or so.
    assert float(given) == pytest.approx(float(npv(variant)), rel=1e-13)


def test_energy_bitcoin_fund_and_cost_are_the_hand_worked_ones(study: Study) -> None:
    metrics = study.metrics.row(0, named=True)
    assert round(metrics["mine_mwh"] * 1000) == sum(mine_kw(m) * HOURS[m] for m in range(MONTHS))
    assert round(metrics["export_mwh"] * 1000) == sum(
        export_kw(m) * HOURS[m] for m in range(MONTHS)
    )
    assert round(metrics["bitcoin_mined"] * 10**8) == sum(sum(days) for days in chain()[0])
    assert round(metrics["safety_fund_usd"] * 100) == fund_cents()
    assert money(Decimal(metrics["cost_per_bitcoin_usd"])) == money(cost_per_bitcoin())


def test_the_page_states_the_same_figures() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [line for line in page_lines() if line not in page]
    assert not missing


def test_the_page_shows_the_scenario_as_it_is_run() -> None:
    shown = PAGE.read_text(encoding="utf-8").split("```toml\n", 1)[1].split("```", 1)[0]
    body = SCENARIO.read_text(encoding="utf-8").split("\n\n", 1)[1]
    assert shown.strip() == body.strip()
