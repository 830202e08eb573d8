"""What a path does by the week, against plain Python: the rest's answer, the fleet, the pool, energy.

The mine always runs and the line carries the rest, so that a day's dispatch is trivial; prices of power
change by the month and the coin's by the day.
"""

from __future__ import annotations

import copy
import math
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.naive.fleet import DAYS_PER_MONTH, Hall, Terms, World
from tests.naive.network import Chain, FrontierTerms, MachineClass, Rest, pay_of_day_sat

import baseload
from baseload.clock import Horizon
from baseload.engine.plan import chain_and_past
from baseload.fleet.catalogue import machines as catalogue
from baseload.randomness import poisson, stream_key
from baseload.scenario.schema import ScenarioDocument

START, YEARS, SEED = date(2027, 1, 1), 2, 7
DAYS = (START.replace(year=START.year + YEARS) - START).days
FIRST_PROJECTED = date(2026, 6, 16)
WARM_DAYS = (START - FIRST_PROJECTED).days
FEES, POOL_FEE = 0.02, 0.02
# The normal distribution of the kernel comes from a table that is good to 2e-6, and its error adds up.
TABLE = 2e-5
# Price of power by month of the horizon. [USD/MWh]
POWER = [
    90,
    12,
    12,
    90,
    20,
    95,
    14,
    60,
    30,
    10,
    10,
    70,
    15,
    80,
    25,
    12,
    90,
    33,
    18,
    60,
    75,
    11,
    40,
    50,
]
# Old halls that are asked one after the other whether to fill again, and a large new one.
ORDERS = [date(2024, 3, 2), date(2024, 4, 20), date(2024, 7, 11), date(2025, 1, 15)]

SCENARIO = """
title = "A mine that always runs"
start = 2027-01-01
years = 2
[plant]
technology = "hydro"
[[plant.units]]
name = "one"
gross_mw = 1200
net_mw = 1100
state = "running"
[grid]
export_limit_mw = 2000
export_fee_usd_per_mwh = 1.0
[grid.price]
file = "prices.csv"
[network]
snapshot = 2026-06-15
fees_btc_per_block = 0.02
fees_volatility = 0
pool_fee = 0.02
payout = "auto"
rest_of_network = "REST"
price_usd = { curve = [
  { on = 2026-06-16, usd = 65000 }, { on = 2027-03-01, usd = 90000 }, { on = 2027-09-01, usd = 50000 },
  { on = 2028-05-01, usd = 120000 }, { on = 2028-12-31, usd = 60000 } ] }
[network.exogenous]
growth_per_year = -0.9
[network.supply_curve]
classes = [
  { efficiency_j_per_th = 16.0, installed_eh_per_s = 400.0 },
  { efficiency_j_per_th = 22.0, installed_eh_per_s = 500.0 },
  { efficiency_j_per_th = 38.0, installed_eh_per_s = 250.0 } ]
"""
HALL = """
[[fleet]]
model = "antminer-s21"
mine_mw = {mw}
order = {order}
lead_months = {lead}
lifetime_years = {life}
machines_per_month = {pace}
replace = "same-class"
replace_payback_months = 26
resale_share = 0.1
site_usd_per_kw = 100
runs = "always"
"""


@dataclass(frozen=True)
class Kind:
    """One way the rest of the network behaves, and the halls beside it."""

    rest: str
    halls: tuple[tuple[float, date, float, float, float], ...]  # MW, order, lead, life, pace

    def text(self) -> str:
        return SCENARIO.replace("REST", self.rest) + "".join(
            HALL.format(mw=mw, order=order, lead=lead, life=life, pace=pace)
            for mw, order, lead, life, pace in self.halls
        )


OLD = tuple((2.0 + n, order, 0.0, 3.0, 900.0) for n, order in enumerate(ORDERS))
KINDS = {
    # 11,000 machines that come within three months make the rest buy fewer.
    "supply-curve": Kind("supply-curve", (*OLD, (40.0, date(2026, 12, 10), 1.5, 5.0, 4000.0))),
    # The rest shrinks to a three-hundredth: a mine of 0.5 EH/s becomes large in it, until it ages.
    "exogenous": Kind("exogenous", (OLD[2], (8.0, date(2027, 1, 20), 0.0, 1.6, 3000.0))),
}


def month_of(day: int) -> int:
    on = START + timedelta(days=day)
    return (on.year - START.year) * 12 + on.month - 1


@dataclass
class Found:
    """By day of the horizon; money in USD by month."""

    machines: list[int] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)
    shadow: list[float] = field(default_factory=list)
    difficulty: list[float] = field(default_factory=list)
    hashprice: list[float] = field(default_factory=list)
    shadow_hashprice: list[float] = field(default_factory=list)
    frontier: list[float] = field(default_factory=list)
    sat: list[int] = field(default_factory=list)
    own_pool: list[bool] = field(default_factory=list)
    bought: list[float] = field(default_factory=lambda: [0.0] * 24)
    site: list[float] = field(default_factory=lambda: [0.0] * 24)
    resold: list[float] = field(default_factory=lambda: [0.0] * 24)
    ordered: list[tuple[int, bool]] = field(default_factory=list)


# The curve's points by day after the snapshot, and the logarithm of the price there.
POINTS = [
    ((point["on"] - FIRST_PROJECTED).days, math.log(point["usd"]))
    for point in tomllib.loads(SCENARIO)["network"]["price_usd"]["curve"]
]


def coin_price(since: int) -> float:
    """The curve: its logarithm is a straight line between points."""
    for (a, low), (b, high) in pairwise(POINTS):
        if a <= since <= b:
            return math.exp(low + (high - low) * (since - a) / (b - a))
    return math.exp(POINTS[-1][1])


def halls_of(kind: Kind) -> list[Hall]:
    known = catalogue()
    model = known["antminer-s21"]
    air = min(m.efficiency_j_per_th for m in known.values() if m.cooling == "air")
    ratio = air / min(m.efficiency_j_per_th for m in known.values())
    return [
        Hall(
            Terms(
                machines=math.floor(mw * 1e6 / (model.power_w * 1.05)),
                power_w=model.power_w,
                th_per_s=model.hash_rate_th_per_s,
                pue=1.05,
                availability=0.94,
                ordered_on=float((order - START).days),
                lead_days=lead * DAYS_PER_MONTH,
                machines_per_day=pace / DAYS_PER_MONTH,
                life_days=life * 365.25,
                stated_price_usd_per_th=None,
                replace="same-class",
                payback_days=26 * DAYS_PER_MONTH,
                resale_share=0.1,
                site_usd_per_kw=100.0,
                opex_usd_per_kw_year=0.0,
                opex_usd_per_mwh=0.0,
                efficiency_over_frontier=ratio,
            )
        )
        for mw, order, lead, life, pace in kind.halls
    ]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


class Network:
    """Chain and rest, once with the mine and once, from its first day on, without it."""

    def __init__(self, kind: Kind) -> None:
        document = ScenarioDocument.model_validate(tomllib.loads(kind.text()))
        _, begin = chain_and_past(document, Path(), Horizon(START, YEARS))
        bits = begin.size << 24 | begin.mantissa
        self.kind, self.begin = kind, begin
        self.chain = Chain(Fraction(begin.height), bits, Fraction(begin.seconds))
        first = self.chain.hashprice_usd_per_th_day(coin_price(0), FEES)
        self.terms = FrontierTerms(
            10.0, 0.12, 0.10, 8.0, 350.0, 18.0 / (first - 10.0 * 24e-6 * 45.0), 45.0
        )
        classes = [(16.0, 400.0), (22.0, 500.0), (38.0, 250.0)]
        self.rest = Rest(52.0, 0.40, 0.10, 45.0, 0.12, [MachineClass(*c, 0.0) for c in classes])
        self.rest.start(first, begin.network_eh_per_s)
        self.rest_eh = begin.network_eh_per_s

    def answer(self, since: int, hashprices: list[float], delivered: float) -> None:
        """At the start of a week, to the seven days before it."""
        if self.kind.rest == "exogenous":
            self.rest_eh = self.begin.network_eh_per_s * 0.1 ** (since / 365.25)
        else:
            week = mean(hashprices[-7:])
            self.rest_eh = self.rest.week(self.terms, week, since / 365.25, delivered)


def computed(kind: Kind) -> Found:
    """Two years day by day."""
    with_mine, halls, found = Network(kind), halls_of(kind), Found()
    without: Network | None = None
    hashprices: list[float] = []
    shadow_hashprices: list[float] = []
    paid: list[float] = []
    for since in range(WARM_DAYS):
        if since > 0 and since % 7 == 0:
            with_mine.answer(since, hashprices, 0.0)
        hashprices.append(with_mine.chain.hashprice_usd_per_th_day(coin_price(since), FEES))
        paid.append(hashprices[-1] * (1.0 - POOL_FEE))
        with_mine.chain.day(with_mine.rest_eh, 0.0)
    shadow_hashprices += hashprices
    share = delivered = 0.0
    own_pool = False
    key = stream_key(SEED, "network blocks")
    for day in range(DAYS):
        since, month = WARM_DAYS + day, month_of(day)
        begins_week = since % 7 == 0
        if begins_week or day == 0:
            own_pool = share > 0.05
            now = with_mine.terms.after(since / 365.25, 2000)
        if begins_week:
            with_mine.answer(since, hashprices, delivered)
            if without is not None:
                without.answer(since, shadow_hashprices, 0.0)
            delivered = 0.0
        price = coin_price(since)
        hashprice = with_mine.chain.hashprice_usd_per_th_day(price, FEES)
        hashprices.append(hashprice)
        alone = hashprice
        if without is not None:
            alone = without.chain.hashprice_usd_per_th_day(price, FEES)
        shadow_hashprices.append(alone)
        if begins_week or day == 0:
            world = World(
                now.efficiency_j_per_th, with_mine.terms.payback_days, now.floor_usd_per_th, 45.0,
                now.world_eh_per_day * 365.25, 0.10, 1.0, 0.5,
            )  # fmt: skip
            # The value of energy of the last three full months: its price less the fee.
            full = [usd - 1.0 for usd in POWER[max(0, month - 3) : month]]
            looks = []
            for hall in halls:
                asks = day >= hall.ask_on
                generations = len(hall.generations)
                looks.append(
                    hall.day(day, world, mean(paid[-90:]), mean(full) if full else math.nan)
                )
                if asks:
                    found.ordered.append((day, len(hall.generations) > generations))
            delivered += sum(look.delivered_eh_per_s for look in looks)
            found.bought[month] += sum(look.bought_usd for look in looks)
            found.site[month] += sum(look.site_usd for look in looks)
            found.resold[month] += sum(look.resold_usd for look in looks)
        th = 0.0
        for hall, look in zip(halls, looks, strict=True):
            for generation, kw in zip(hall.generations, look.capacity_kw, strict=True):
                if generation.machines:
                    one = generation.machines[0]
                    th += kw * 1000.0 * one.th_per_s / one.watts_at_meter
        own = th / 1e6
        if own > 0.0 and without is None:
            without = copy.deepcopy(with_mine)
        difficulty, rest = with_mine.chain.difficulty, with_mine.rest_eh
        parts = with_mine.chain.day(rest + own, own)
        paid.append(hashprice * (1.0 if own_pool else 1.0 - POOL_FEE))
        if own_pool:
            number = (START - date(1970, 1, 1)).days + day
            sat = sum(
                poisson(key, 0, number * 8 + i, float(part.own_blocks))
                * math.floor(part.subsidy + FEES * 1e8)
                for i, part in enumerate(parts)
            )
        else:
            sat = pay_of_day_sat(parts, FEES, POOL_FEE)
        if without is not None:
            without.chain.day(without.rest_eh, 0.0)
        share = own / (own + rest)
        for name, value in (
            ("machines", sum(look.installed for look in looks)), ("own", own), ("rest", rest),
            ("shadow", rest if without is None else without.rest_eh), ("difficulty", difficulty),
            ("hashprice", hashprice), ("shadow_hashprice", alone), ("sat", sat),
            ("frontier", now.efficiency_j_per_th), ("own_pool", own_pool),
        ):  # fmt: skip
            getattr(found, name).append(value)
    return found


@pytest.fixture(scope="module", params=KINDS)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Found, baseload.Study]:
    kind = KINDS[request.param]
    folder: Path = tmp_path_factory.mktemp("weeks")
    rows = "\n".join(str(POWER[month_of(hour // 24)]) for hour in range(24 * DAYS))
    (folder / "prices.csv").write_text(f"value\n{rows}\n", encoding="utf-8")
    (folder / "weeks.toml").write_text(kind.text(), encoding="utf-8")
    study = baseload.run(baseload.load(folder / "weeks.toml"), paths=1, seed=SEED, threads=1, trace=0)  # fmt: skip
    return str(request.param), computed(kind), study


Both = tuple[str, Found, baseload.Study]


def series(study: baseload.Study, name: str) -> list[float]:
    return study.series.filter(pl.col("name") == name).sort("month")["mean"].to_list()


def by_month(values: list[Any]) -> list[float]:
    months: list[list[float]] = [[] for _ in range(24)]
    for day, value in enumerate(values):
        months[month_of(day)].append(float(value))
    return [sum(of) / len(of) for of in months]


def posted(study: baseload.Study, line: str) -> list[float]:
    rows = study.ledger.filter((pl.col("variant") == "run") & (pl.col("line") == line))
    return [cents / 100 for cents in rows.sort("month")["cents"].to_list()]


def test_the_cases_have_what_they_are_for(both: Both) -> None:
    name, twin, _ = both
    # Nobody is asked in the first month, which has none behind it.
    assert min(day for day, _ in twin.ordered) > 31
    if name == "exogenous":
        assert twin.own_pool[0] is False
        assert True in twin.own_pool
        assert False in twin.own_pool[twin.own_pool.index(True) :]
    else:
        # Halls that are filled again, some only when asked once more.
        assert {ordered for _, ordered in twin.ordered} == {True, False}
        # Machines that the mine took, the rest did not get.
        gap = np.array(twin.shadow) - np.array(twin.rest)
        assert gap.max() > 0.5
        assert not any(twin.own_pool)


def test_network_and_shadow_answer_week_by_week(both: Both) -> None:
    _, twin, study = both
    whole = [a + b for a, b in zip(twin.own, twin.rest, strict=True)]
    for name, values in (
        ("network_hash_rate_eh_per_s", whole),
        ("network_hash_rate_without_eh_per_s", twin.shadow),
        ("difficulty", twin.difficulty),
        ("hashprice_usd_per_ph_per_day", [1000 * value for value in twin.hashprice]),
        ("hashprice_without_usd_per_ph_per_day", [1000 * value for value in twin.shadow_hashprice]),
        ("frontier_j_per_th", twin.frontier),
    ):
        assert series(study, name) == pytest.approx(by_month(values), rel=TABLE), name
    # What is displaced is a small difference of large numbers: no more than the table's error of these.
    gap = np.array(by_month(twin.shadow)) - np.array(by_month(twin.rest))
    alone = np.array(series(study, "network_hash_rate_without_eh_per_s"))
    seen = alone - (
        np.array(series(study, "network_hash_rate_eh_per_s"))
        - np.array(series(study, "mine_hash_rate_eh_per_s"))
    )
    assert seen == pytest.approx(gap, abs=0.02)


def test_machines_are_switched_on_and_ordered_week_by_week(both: Both) -> None:
    _, twin, study = both
    # Series are kept in 32 bits: seven digits.
    assert series(study, "machines") == pytest.approx(by_month(twin.machines), rel=3e-7)
    assert series(study, "mine_hash_rate_eh_per_s") == pytest.approx(by_month(twin.own), rel=3e-7)
    assert posted(study, "machines") == pytest.approx([-usd for usd in twin.bought], rel=TABLE)
    assert posted(study, "mine_site") == pytest.approx(
        [-usd for usd in twin.site], rel=1e-9, abs=0.01
    )
    assert posted(study, "machine_resale") == pytest.approx(twin.resold, rel=TABLE, abs=0.01)


def test_a_mine_that_was_large_before_the_week_has_its_own_pool_in_it(both: Both) -> None:
    _, twin, study = both
    mined = [0] * 24
    for day, sat in enumerate(twin.sat):
        mined[month_of(day)] += sat
    assert series(study, "bitcoin_mined") == pytest.approx([sat / 1e8 for sat in mined], rel=TABLE)
