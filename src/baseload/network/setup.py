"""The network's section as arrays for its kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.distributions import Distribution
from baseload.inputs import Inputs
from baseload.network.schema import Network
from baseload.randomness import stream_key

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FIXED, CURVE, BROWNIAN, JUMPS, REVERTING, BOOTSTRAP = range(6)
KINDS = {
    "fixed": FIXED,
    "curve": CURVE,
    "geometric_brownian": BROWNIAN,
    "jump_diffusion": JUMPS,
    "mean_reverting": REVERTING,
    "bootstrap": BOOTSTRAP,
}
AUTO, FPPS, OWN_POOL = 0, 1, 2
PAYOUTS = {"auto": AUTO, "fpps": FPPS, "own-pool": OWN_POOL}
SUPPLY_CURVE, EXOGENOUS = 0, 1

# Growth of the coin's price: as the scenario says, or with the median held flat.
AS_GIVEN, FLAT_MEDIAN = 0, 1

VINTAGES = 12
VINTAGE_YEARS = 4.0

# Machines of the network in June 2026 by J/TH and EH/s installed: assumed split of 1,280 EH/s over
# five classes, so that at 32 USD per PH/s and day and 52 USD/MWh about 890 EH/s run, as then observed.
DEFAULT_CLASSES = ((15.0, 300.0), (18.5, 380.0), (22.0, 280.0), (29.0, 220.0), (38.0, 100.0))


class ChainStart(NamedTuple):
    """The chain on the day from which the network is projected."""

    absolute_day: int  # first day that is projected, counted from 1970-01-01
    height: int
    mantissa: int
    size: int
    position: float
    seconds: float
    network_eh_per_s: float
    price_usd: float
    fees_btc: float


class Replay(NamedTuple):
    """What the chain did on each replayed day of the horizon (R,)."""

    difficulty: Floats
    network_eh_per_s: Floats
    height: Ints
    price_usd: Floats
    fees_btc: Floats


class NetworkSetup(NamedTuple):
    """Chain, processes, frontier and the rest of the network; columns of -1 do not exist."""

    start_day: int  # absolute day of the horizon's first
    warm_days: int  # projected before the horizon begins
    chain: ChainStart
    replay: Replay
    kind: int
    growth_mode: int
    price_start: int
    drift: int
    median_growth: int
    volatility: int
    jumps: int
    jump_mean: int
    jump_volatility: int
    trend: int
    half_life_years: int
    curve: Floats  # by day from the chain's start
    returns: Floats  # of the history to draw from
    block_days: int
    fees: int
    fees_volatility: int
    fees_half_life: int
    efficiency: int
    improvement: int
    slowing: int
    machine_price: int
    machine_floor: int
    frontier_power: int
    output: int
    free_share: int
    rise: int
    largest: int
    rest: int
    class_efficiency: Ints
    class_installed: Ints
    power: int
    spread: int
    insensitive: int
    response: int
    retire: int
    growth: int
    growth_volatility: int
    payout: int
    pool_fee: int
    keys: npt.NDArray[
        np.uint64
    ]  # price, jumps, jump size, history, fees, rest, blocks, power price
    correlation: Floats  # (3, 3) Cholesky factor of coin price, fees, daily power price


def network_setup(
    network: Network,
    chain: ChainStart,
    start_day: int,
    replay: Replay,
    curve: Floats,
    returns: Floats,
    correlation: Floats,
    growth_mode: int,
    seed: int,
    inputs: Inputs,
) -> NetworkSetup:
    """Arrays of the network.

    Parameters
    ----------
    network : Network
        The section.
    chain : ChainStart
        State on the snapshot's day.
    start_day : int
        First day of the horizon, counted from 1970-01-01.
    replay : Replay
        The past within the horizon, if it begins before the snapshot.
    curve : ndarray
        Prices of the process `curve` by day from the snapshot; else empty. [USD]
    returns : ndarray
        Daily log returns to draw from for the process `bootstrap`; else empty.
    correlation : ndarray (3, 3)
        Lower Cholesky factor of the daily innovations of coin price, fees and power price.
    growth_mode : int
        AS_GIVEN or FLAT_MEDIAN.
    seed : int
    inputs : Inputs
    """
    kind = network.price_usd.kind
    process = getattr(network.price_usd, kind)
    prefix = "network.price_usd." + kind.replace("_", "-")

    def column(address: str, value: Distribution | None) -> int:
        return -1 if value is None else inputs.column(address, value)

    def of_process(key: str) -> int:
        return column(f"{prefix}.{key}", getattr(process, key, None))

    def of(section: str, key: str) -> int:
        return column(f"network.{section}.{key}", getattr(getattr(network, section), key))

    def own(key: str) -> int:
        return column(f"network.{key}", getattr(network, key))

    curve_classes = network.supply_curve.classes
    if curve_classes:
        efficiency = [
            column(f"network.supply_curve.classes.{i}.efficiency_j_per_th", c.efficiency_j_per_th)
            for i, c in enumerate(curve_classes)
        ]
        installed = [
            column(f"network.supply_curve.classes.{i}.installed_eh_per_s", c.installed_eh_per_s)
            for i, c in enumerate(curve_classes)
        ]
    else:
        default = [
            (Distribution("fixed", (e,), None, None), Distribution("fixed", (n,), None, None))
            for e, n in DEFAULT_CLASSES
        ]
        efficiency = [
            column(f"network.supply_curve.default.{i}.efficiency_j_per_th", e)
            for i, (e, _) in enumerate(default)
        ]
        installed = [
            column(f"network.supply_curve.default.{i}.installed_eh_per_s", n)
            for i, (_, n) in enumerate(default)
        ]
    streams = (
        "network.price_usd",
        "network.price_usd jumps",
        "network.price_usd jump size",
        "network.price_usd history",
        "network.fees_btc_per_block",
        "network.exogenous",
        "network blocks",
        "grid.price daily",
    )
    return NetworkSetup(
        start_day=start_day,
        warm_days=max(0, start_day - chain.absolute_day),
        chain=chain,
        replay=replay,
        kind=KINDS[kind],
        growth_mode=growth_mode,
        price_start=column(prefix, process) if kind == "fixed" else of_process("start"),
        drift=of_process("drift_per_year"),
        median_growth=of_process("median_growth_per_year"),
        volatility=of_process("volatility_per_year"),
        jumps=of_process("jumps_per_year"),
        jump_mean=of_process("jump_mean"),
        jump_volatility=of_process("jump_volatility"),
        trend=of_process("trend"),
        half_life_years=of_process("half_life_years"),
        curve=curve,
        returns=returns,
        block_days=getattr(process, "block_days", 1),
        fees=own("fees_btc_per_block"),
        fees_volatility=own("fees_volatility"),
        fees_half_life=own("fees_half_life_days"),
        efficiency=of("frontier", "efficiency_j_per_th"),
        improvement=of("frontier", "improvement_per_year"),
        slowing=of("frontier", "slowing_per_year"),
        machine_price=of("frontier", "price_usd_per_th"),
        machine_floor=of("frontier", "floor_usd_per_th"),
        frontier_power=of("frontier", "power_usd_per_mwh"),
        output=of("frontier", "output_eh_per_s_per_year"),
        free_share=of("frontier", "free_order_share"),
        rise=of("frontier", "price_rise_per_share"),
        largest=of("frontier", "largest_delivery_share"),
        rest=SUPPLY_CURVE if network.rest_of_network == "supply-curve" else EXOGENOUS,
        class_efficiency=np.array(efficiency, np.int64),
        class_installed=np.array(installed, np.int64),
        power=of("supply_curve", "power_usd_per_mwh"),
        spread=of("supply_curve", "power_spread"),
        insensitive=of("supply_curve", "insensitive"),
        response=of("supply_curve", "response_days"),
        retire=of("supply_curve", "retire_per_year"),
        growth=of("exogenous", "growth_per_year"),
        growth_volatility=of("exogenous", "volatility_per_year"),
        payout=PAYOUTS[network.payout],
        pool_fee=own("pool_fee"),
        keys=np.array([stream_key(seed, name) for name in streams], np.uint64),
        correlation=correlation,
    )
