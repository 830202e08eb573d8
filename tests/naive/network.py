"""The chain and the rest of the network in plain Python: whole numbers and fractions, classes as a list."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from baseload.network.protocol import (
    BLOCKS_PER_HALVING,
    BLOCKS_PER_PERIOD,
    HASHES_PER_DIFFICULTY,
    INTERVALS_PER_PERIOD,
    SATS_PER_BITCOIN,
    SECONDS_PER_DAY,
    bits_to_target,
    hashprice_usd_per_ph_per_day,
    next_bits,
    subsidy_sat,
    target_to_difficulty,
)

DAYS_PER_YEAR = 365.25
DAYS_PER_WEEK = 7
# A machine of 1 TH/s and 1 J/TH draws 1 W: 24 Wh a day.
MWH_PER_DAY_OF_A_WATT = 24e-6


@dataclass
class Part:
    """A stretch of a day between retargets and halvings."""

    own_blocks: Fraction
    subsidy: int


@dataclass
class Chain:
    """A chain that finds as many blocks as expected, in fractions of a block.

    `height` counts from the genesis block; the block that is being looked for is the one at
    `floor(height)`.
    """

    height: Fraction
    bits: int
    seconds: Fraction

    @property
    def difficulty(self) -> float:
        return target_to_difficulty(bits_to_target(self.bits))

    @property
    def subsidy(self) -> int:
        return subsidy_sat(math.floor(self.height))

    def hashprice_usd_per_th_day(self, price_usd: float, fees_btc: float) -> float:
        """Expected revenue of a TH/s in a day."""
        reward_btc = self.subsidy / SATS_PER_BITCOIN + fees_btc
        return hashprice_usd_per_ph_per_day(self.difficulty, price_usd, reward_btc) / 1000.0

    def day(self, total_eh_per_s: float, own_eh_per_s: float) -> list[Part]:
        """Advance by a day; the parts of it under one target and one subsidy."""
        left = Fraction(SECONDS_PER_DAY)
        parts: list[Part] = []
        while left > 0:
            per_second = Fraction(total_eh_per_s) * 10**18 / HASHES_PER_DIFFICULTY
            per_second /= Fraction(self.difficulty)
            next_period = (self.height // BLOCKS_PER_PERIOD + 1) * BLOCKS_PER_PERIOD
            next_halving = (self.height // BLOCKS_PER_HALVING + 1) * BLOCKS_PER_HALVING
            stop = min(next_period, next_halving)
            blocks = min(per_second * left, stop - self.height)
            used = blocks / per_second
            share = Fraction(own_eh_per_s) / Fraction(total_eh_per_s)
            parts.append(Part(blocks * share, self.subsidy))
            self.height += blocks
            self.seconds += used
            left -= used
            if self.height == next_period:
                span = math.floor(
                    self.seconds * INTERVALS_PER_PERIOD / BLOCKS_PER_PERIOD + Fraction(1, 2)
                )
                # Any first time will do: only the difference counts.
                self.bits = next_bits(self.bits, 0, span)
                self.seconds = Fraction(0)
        return parts


def pay_of_day_sat(parts: list[Part], fees_btc: float, pool_fee: float) -> int:
    """Satoshis of a day at their expected value, pool's fee taken off."""
    fees_sat = Fraction(fees_btc) * SATS_PER_BITCOIN
    expected = sum((part.own_blocks * (part.subsidy + fees_sat) for part in parts), Fraction(0))
    # A fee of 0.01 is a hundredth, not the binary fraction nearest to it.
    return math.floor(expected * (1 - Fraction(str(pool_fee))))


def normal_distribution(x: float) -> float:
    """Phi(x)."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@dataclass
class FrontierToday:
    """What a new machine is and costs on a day."""

    efficiency_j_per_th: float
    floor_usd_per_th: float
    world_eh_per_day: float


@dataclass(frozen=True)
class FrontierTerms:
    """The frontier at the snapshot, and how it moves."""

    efficiency_j_per_th: float
    improvement_per_year: float
    slowing_per_year: float
    floor_usd_per_th: float
    output_eh_per_s_per_year: float
    payback_days: float
    power_usd_per_mwh: float

    def after(self, years: float, steps: int = 20_000) -> FrontierToday:
        """The rate at which J/TH falls falls itself: integrate it in small steps."""
        log_gain = 0.0
        for step in range(steps):
            at = (step + 0.5) * years / steps
            rate = self.improvement_per_year * math.exp(-self.slowing_per_year * at)
            log_gain -= rate * years / steps
        gain = math.exp(log_gain)
        return FrontierToday(
            self.efficiency_j_per_th * gain,
            self.floor_usd_per_th * gain,
            self.output_eh_per_s_per_year / DAYS_PER_YEAR / gain,
        )


@dataclass
class MachineClass:
    """Machines of one efficiency, and the share of them that runs."""

    efficiency_j_per_th: float
    installed_eh_per_s: float
    running: float


@dataclass
class Rest:
    """The rest of the network: given classes, and one more for each four years of new machines."""

    power_usd_per_mwh: float
    power_spread: float
    insensitive: float
    response_days: float
    retire_per_year: float
    given: list[MachineClass]
    vintages: dict[int, MachineClass] = field(default_factory=dict)

    def share_that_pays(self, hashprice: float, efficiency_j_per_th: float) -> float:
        """Those whose lognormal cost of power is below what a MWh earns, and those that do not ask."""
        earned_usd_per_mwh = hashprice / (efficiency_j_per_th * MWH_PER_DAY_OF_A_WATT)
        score = math.log(earned_usd_per_mwh / self.power_usd_per_mwh) / self.power_spread
        return self.insensitive + (1.0 - self.insensitive) * normal_distribution(score)

    def start(self, hashprice: float, network_eh_per_s: float) -> None:
        """Running as pays, and scaled to the hash rate of the network."""
        for one in self.given:
            one.running = self.share_that_pays(hashprice, one.efficiency_j_per_th)
        scale = network_eh_per_s / self.hash_rate_eh_per_s()
        for one in self.given:
            one.installed_eh_per_s *= scale

    def hash_rate_eh_per_s(self) -> float:
        every = [*self.given, *self.vintages.values()]
        return sum(one.installed_eh_per_s * one.running for one in every)

    def week(
        self,
        terms: FrontierTerms,
        hashprice: float,
        years: float,
        own_delivered_eh_per_s: float,
    ) -> float:
        """Seven days' answer, at once, to the mean hashprice of a week; the hash rate after it. [EH/s]"""
        new = terms.after(years)
        power_usd_per_th_day = (
            new.efficiency_j_per_th * MWH_PER_DAY_OF_A_WATT * terms.power_usd_per_mwh
        )
        price = terms.payback_days * (hashprice - power_usd_per_th_day)
        eagerness = min(1.0, max(0.0, price / new.floor_usd_per_th - 1.0))
        made = sum(new.world_eh_per_day for _ in range(DAYS_PER_WEEK))
        bought = min(made * eagerness, max(0.0, made - own_delivered_eh_per_s))
        if bought > 0.0:
            number = int(max(0.0, years) // 4)
            old = self.vintages.setdefault(number, MachineClass(1.0, 0.0, 0.0))
            both = old.installed_eh_per_s + bought
            watts = old.efficiency_j_per_th * old.installed_eh_per_s
            old.efficiency_j_per_th = (watts + new.efficiency_j_per_th * bought) / both
            old.running = (old.running * old.installed_eh_per_s + bought) / both
            old.installed_eh_per_s = both
        for one in [*self.given, *self.vintages.values()]:
            pays = self.share_that_pays(hashprice, one.efficiency_j_per_th)
            for _ in range(DAYS_PER_WEEK):
                one.running += (pays - one.running) / self.response_days
                one.installed_eh_per_s *= 1.0 - self.retire_per_year / DAYS_PER_YEAR
        return self.hash_rate_eh_per_s()
