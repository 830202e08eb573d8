"""The network's part of a scenario: price of the coin, fees, frontier, and the rest of the network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from baseload.distributions import Distribution
from baseload.errors import FieldFault
from baseload.fields import (
    Bounds,
    NonNegative,
    Number,
    Positive,
    Section,
    Share,
    fixed,
)

Drift = Annotated[Distribution, Bounds(-0.95, 3.0)]


class GeometricBrownian(Section):
    """dS = mu S dt + sigma S dW."""

    start: Positive | None = Field(None, description="none: the snapshot's price")
    drift_per_year: Drift | None = Field(None, description="mu: the mean grows by exp(mu t)")
    median_growth_per_year: Drift | None = Field(
        None, description="instead of the drift: growth of the median"
    )
    volatility_per_year: NonNegative = fixed(0.5)

    @model_validator(mode="after")
    def _one_growth(self) -> Self:
        if (self.drift_per_year is None) == (self.median_growth_per_year is None):
            found = "neither" if self.drift_per_year is None else "both"
            raise FieldFault(
                found=found, allowed="exactly one of drift_per_year and median_growth_per_year"
            )
        return self


class JumpDiffusion(GeometricBrownian):
    """Geometric Brownian motion with compensated lognormal jumps (Merton 1976, 10.1016/0304-405X(76)90022-2)."""

    jumps_per_year: NonNegative = fixed(1.0)
    jump_mean: Number = Field(fixed(-0.1), description="mean of the log of a jump")
    jump_volatility: NonNegative = Field(
        fixed(0.15), description="standard deviation of the log of a jump"
    )


class MeanReverting(Section):
    """The log of the price returns to a trend that grows."""

    start: Positive | None = None
    trend: Positive | None = Field(
        None, description="trend's value at the snapshot; none: the start"
    )
    median_growth_per_year: Drift = fixed(0.0)
    volatility_per_year: NonNegative = fixed(0.5)
    half_life_years: Positive = fixed(2.0)


class CurvePoint(Section):
    """A price on a day; between days the logarithm is interpolated, after the last it stays."""

    on: date
    usd: float = Field(gt=0)


class Bootstrap(Section):
    """Blocks of past daily returns, drawn with replacement."""

    start: Positive | None = None
    file: str = Field(description="CSV with columns date, price_usd: the history to draw from")
    block_days: int = Field(20, ge=1, le=365)
    median_growth_per_year: Drift | None = Field(None, description="none: the history's own")


class CoinPrice(Section):
    """Exactly one process for the price of a bitcoin."""

    fixed: Positive | None = None
    curve: list[CurvePoint] | None = Field(None, min_length=1)
    geometric_brownian: GeometricBrownian | None = Field(None, alias="geometric-brownian")
    jump_diffusion: JumpDiffusion | None = Field(None, alias="jump-diffusion")
    mean_reverting: MeanReverting | None = Field(None, alias="mean-reverting")
    bootstrap: Bootstrap | None = None

    @property
    def kind(self) -> str:
        """Which process is given."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise FieldFault(
                found=", ".join(given) if given else "no process",
                allowed="one of fixed, curve, geometric-brownian, jump-diffusion, mean-reverting, bootstrap",
            )
        return self


class Frontier(Section):
    """The best machine on sale over time; the rest of the network and own replacements read it alike."""

    efficiency_j_per_th: Positive = Field(fixed(10.0), description="at the snapshot")
    improvement_per_year: Share = Field(
        fixed(0.12), description="rate at which J/TH falls at the snapshot"
    )
    slowing_per_year: NonNegative = Field(fixed(0.10), description="rate at which that rate falls")
    price_usd_per_th: Positive = Field(
        fixed(18.0), description="at the snapshot; calibrates the payback"
    )
    floor_usd_per_th: Positive = Field(
        fixed(8.0), description="no machine is made for less; falls as J/TH does"
    )
    power_usd_per_mwh: NonNegative = Field(
        fixed(45.0), description="power cost in the payback of the price"
    )
    output_eh_per_s_per_year: Positive = Field(
        fixed(350.0), description="machines made in the world per year at the snapshot"
    )
    free_order_share: Share = Field(
        fixed(0.10), description="of the yearly output that an order may take at the going price"
    )
    price_rise_per_share: NonNegative = Field(
        fixed(1.0), description="relative rise of the price per share of output above that"
    )
    largest_delivery_share: Share = Field(
        fixed(0.5), description="of the world's monthly output that one order gets"
    )


class SupplyClass(Section):
    """Machines of the rest of the network of one efficiency."""

    efficiency_j_per_th: Positive
    installed_eh_per_s: NonNegative = Field(
        description="before scaling to the snapshot's hash rate"
    )


class SupplyCurve(Section):
    """The rest of the network: classes that run while their revenue covers their running cost."""

    classes: list[SupplyClass] = Field([], max_length=8, description="none: the calibrated default")
    power_usd_per_mwh: Positive = Field(
        fixed(52.0), description="median cash cost of power and running"
    )
    power_spread: Positive = Field(fixed(0.40), description="standard deviation of its logarithm")
    insensitive: Share = Field(
        fixed(0.10),
        description="share of machines that run whatever they earn: stranded or prepaid power, heat",
    )
    response_days: Positive = Field(fixed(45.0), description="how fast machines stop or come back")
    retire_per_year: Share = Field(fixed(0.12), description="share of machines scrapped each year")


class Exogenous(Section):
    """The rest of the network grows whatever the mine does."""

    growth_per_year: Drift = fixed(0.1)
    volatility_per_year: NonNegative = fixed(0.0)


class Network(Section):
    """The Bitcoin network that the mine joins."""

    not_yet: ClassVar[Mapping[str, str]] = {
        "free_entry": "free entry",
        "template_builder": "security",
    }

    snapshot: date = Field(
        date(2026, 6, 15),
        description="day from which the network is projected; before it, it is replayed",
    )
    history: str | None = Field(
        None,
        description="CSV file of daily prices and fees for the replay, instead of the shipped points",
    )
    price_usd: CoinPrice
    fees_btc_per_block: NonNegative = Field(fixed(0.022), description="median level")
    fees_volatility: NonNegative = Field(
        fixed(0.6), description="long-run standard deviation of the log of the fees"
    )
    fees_half_life_days: Positive = fixed(20.0)
    frontier: Frontier = Frontier()
    rest_of_network: Literal["supply-curve", "exogenous"] = "supply-curve"
    supply_curve: SupplyCurve = SupplyCurve()
    exogenous: Exogenous = Exogenous()
    payout: Literal["auto", "fpps", "own-pool"] = Field(
        "auto",
        description="fpps: expected value each day; own-pool: blocks as found; auto: own pool above 5 % of the network",
    )
    pool_fee: Share = fixed(0.01)
