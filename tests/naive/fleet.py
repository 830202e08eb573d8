"""A hall of mining machines in plain Python: every machine on its own, with its first day and its last."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
ASKED_AGAIN_AFTER_DAYS = 91
MWH_PER_DAY_OF_A_WATT = 24e-6


@dataclass(frozen=True)
class World:
    """The frontier machine of a day and the terms on which it is sold."""

    efficiency_j_per_th: float
    payback_days: float
    floor_usd_per_th: float
    power_usd_per_mwh: float
    output_eh_per_s_per_year: float
    free_share: float
    rise_per_share: float
    largest_share: float

    def price_usd_per_th(self, hashprice: float, j_per_th: float) -> float:
        """So many days of what a TH/s leaves after power, and never less than it costs to make."""
        left_usd = hashprice - j_per_th * MWH_PER_DAY_OF_A_WATT * self.power_usd_per_mwh
        return max(self.floor_usd_per_th, self.payback_days * left_usd)

    def surcharge(self, machines: int, th_per_s: float) -> float:
        """Factor on the price of an order that takes more than the free share of a year's output."""
        share = machines * th_per_s / (self.output_eh_per_s_per_year * 1e6)
        return 1.0 + self.rise_per_share * max(0.0, share - self.free_share)

    def machines_per_day(self, th_per_s: float) -> float:
        """The most that one order gets."""
        return self.largest_share * self.output_eh_per_s_per_year * 1e6 / DAYS_PER_YEAR / th_per_s


@dataclass(frozen=True)
class Terms:
    """A hall and its rules."""

    machines: int
    power_w: float
    th_per_s: float
    pue: float
    availability: float
    ordered_on: float
    lead_days: float
    machines_per_day: float
    life_days: float
    stated_price_usd_per_th: float | None
    replace: str
    payback_days: float
    resale_share: float
    site_usd_per_kw: float
    opex_usd_per_kw_year: float
    opex_usd_per_mwh: float
    efficiency_over_frontier: float = 1.0  # of new machines with the same cooling


@dataclass
class Machine:
    """One machine: it works from the day it comes to the day before it is retired."""

    comes_on: int
    goes_on: int
    watts_at_meter: float
    th_per_s: float
    price_usd: float | None


@dataclass
class Generation:
    """Machines ordered together, and when an order for the next is due."""

    machines: list[Machine]
    first_on: float
    per_day: float
    priced: bool


@dataclass
class Day:
    """What a look at the hall finds: what came and went since the last one, and what works."""

    installed: int = 0
    came: int = 0
    went: int = 0
    bought_usd: float = 0.0
    site_usd: float = 0.0
    resold_usd: float = 0.0
    opex_usd: float = 0.0
    delivered_eh_per_s: float = 0.0
    capacity_kw: list[int] = field(default_factory=list)


def first_day_with(machines: int, first_on: float, per_day: float) -> int:
    """The first day by whose end so many have come, when `per_day` come from `first_on` on."""
    first, rate = Fraction(first_on), Fraction(per_day)
    return max(math.ceil(first), math.ceil(Fraction(machines) / rate - 1 + first))


class Hall:
    """A hall over the days."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.built_kw = 0.0
        # What came since then is switched on when somebody looks again.
        self.looked_on = -1
        first_on = terms.ordered_on + terms.lead_days
        self.generations = [self.ordered(terms.th_per_s, first_on, terms.machines_per_day)]
        self.ask_on = first_on + terms.life_days - terms.lead_days
        # What came before the study began is there and paid.
        self.built_kw = self.filled_kw(-1)

    def ordered(self, th_per_s: float, first_on: float, per_day: float) -> Generation:
        """A generation that fills the hall."""
        terms = self.terms
        machines = [
            Machine(
                first_day_with(number, first_on, per_day),
                first_day_with(number, first_on + terms.life_days, per_day),
                terms.power_w * terms.pue,
                th_per_s,
                None,
            )
            for number in range(1, terms.machines + 1)
        ]
        return Generation(machines, first_on, per_day, priced=False)

    def working(self, day: int, generation: Generation) -> list[Machine]:
        """Machines of a generation that are in the hall at the end of a day."""
        return [one for one in generation.machines if one.comes_on <= day < one.goes_on]

    def filled_kw(self, day: int) -> float:
        """Power of all machines in the hall, at the meter."""
        every = [one for generation in self.generations for one in self.working(day, generation)]
        return sum(one.watts_at_meter for one in every) / 1000.0

    def day(self, day: int, world: World, hashprice: float, energy_usd_per_mwh: float) -> Day:
        """Decide, deliver, retire; `day` is later than the day of the last look."""
        terms, out, before = self.terms, Day(), self.looked_on
        every: list[Machine] = []
        if terms.replace != "never" and day >= self.ask_on:
            self.decide(day, world, hashprice, energy_usd_per_mwh)
        first = self.generations[0]
        if not first.priced and day >= terms.ordered_on and day >= 0:
            self.agree(first, day, world, hashprice)
        for generation in self.generations:
            for one in generation.machines:
                if before < one.comes_on <= day:
                    out.came += 1
                    out.bought_usd += one.price_usd or 0.0
                    out.delivered_eh_per_s += one.th_per_s / 1e6
                if before < one.goes_on <= day:
                    out.went += 1
                    out.resold_usd += (one.price_usd or 0.0) * terms.resale_share
            here = self.working(day, generation)
            every += here
            out.installed += len(here)
            kw = sum(one.watts_at_meter for one in here) / 1000.0
            out.capacity_kw.append(math.floor(kw * terms.availability))
            out.opex_usd += kw * terms.opex_usd_per_kw_year / DAYS_PER_YEAR
        filled = sum(one.watts_at_meter for one in every) / 1000.0
        if filled > self.built_kw:
            out.site_usd = (filled - self.built_kw) * terms.site_usd_per_kw
            self.built_kw = filled
        self.looked_on = day
        return out

    def agree(self, first: Generation, day: int, world: World, hashprice: float) -> None:
        """Price and pace of the first order, on the day it is placed."""
        terms = self.terms
        going = terms.stated_price_usd_per_th
        if going is None:
            j_per_th = terms.power_w * terms.pue / terms.th_per_s
            going = world.price_usd_per_th(hashprice, j_per_th)
        price = going * world.surcharge(terms.machines, terms.th_per_s) * terms.th_per_s
        if all(one.comes_on > self.looked_on for one in first.machines):
            pace = min(first.per_day, world.machines_per_day(terms.th_per_s))
            self.generations[0] = self.ordered(terms.th_per_s, first.first_on, pace)
        for one in self.generations[0].machines:
            one.price_usd = price
        self.generations[0].priced = True

    def decide(self, day: int, world: World, hashprice: float, energy_usd_per_mwh: float) -> None:
        """Order frontier machines for the hall if they pay in time; else ask again in a quarter."""
        terms, last = self.terms, self.generations[-1]
        if any(self.working(self.looked_on, earlier) for earlier in self.generations[:-1]):
            self.ask_on = day + ASKED_AGAIN_AFTER_DAYS
            return
        j_per_th = world.efficiency_j_per_th * terms.efficiency_over_frontier
        th_per_s = terms.power_w / j_per_th
        going = world.price_usd_per_th(hashprice, j_per_th)
        price = going * world.surcharge(terms.machines, th_per_s)
        mwh_per_day = j_per_th * terms.pue * MWH_PER_DAY_OF_A_WATT
        upkeep = terms.opex_usd_per_mwh + terms.opex_usd_per_kw_year / (DAYS_PER_YEAR * 0.024)
        earned = hashprice - mwh_per_day * (max(0.0, energy_usd_per_mwh) + upkeep)
        earned *= terms.availability
        pays = earned > 0.0 and price / earned <= terms.payback_days
        if not pays and terms.replace != "always":
            self.ask_on = day + ASKED_AGAIN_AFTER_DAYS
            return
        # Not before there is room, and not faster than the old ones leave.
        first_on = max(day + terms.lead_days, last.first_on + terms.life_days)
        per_day = min(terms.machines_per_day, world.machines_per_day(th_per_s), last.per_day)
        new = self.ordered(th_per_s, first_on, per_day)
        for one in new.machines:
            one.price_usd = price * th_per_s
        new.priced = True
        self.generations.append(new)
        self.ask_on = first_on + terms.life_days - terms.lead_days
