"""What a majority of the hash rate costs by the hour and in stock, and how long its races take.

References
----------
.. [1] E. Budish, The Economic Limits of Bitcoin and the Blockchain, NBER working paper 24717, 2018,
   https://doi.org/10.3386/w24717
.. [2] W. Feller, An Introduction to Probability Theory and Its Applications, volume 1, 3rd edition,
   1968, chapter XIII (success runs), chapters III and XIV (first passage).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.clock import HOURS_PER_DAY
from baseload.security.arguments import (
    broadcast,
    numbers,
    plain,
    share_of_hash_rate,
    whole_numbers,
    whole_numbers_or_none,
)
from baseload.security.pace import BLOCKS_PER_HOUR
from baseload.security.tails import log_first_passage
from baseload.units import PH_PER_EH, TH_PER_EH


@dataclass(frozen=True)
class MajorityCost:
    """What half of the hash rate costs; flows by the hour, stocks once, never added together.

    The miner who has it earns every block, so that the flow net of rewards may be below zero: cheap
    by the hour is not cheap, as what he owns loses its value. Budish's [1]_ flow and stock.

    Attributes
    ----------
    missing_eh_per_s : float or ndarray
        Hash rate to add until it is half. Any amount more is a majority. [EH/s]
    attack_eh_per_s : float or ndarray
        Own and added hash rate together. [EH/s]
    gross_usd_per_hour : float or ndarray
        Power of the own and built machines, rent of the rented ones. [USD/h]
    rewards_usd_per_hour : float or ndarray
        Subsidy and fees of all blocks that stand, at the price before any fall, while the difficulty
        is that of the network before. [USD/h]
    build_usd : float or ndarray
        Price of the machines to be built, once. [USD]
    coin_loss_usd : float or ndarray
        Fall of the price times the coins held. [USD]
    machine_loss_usd : float or ndarray
        Fall of the value of own and built machines; rented ones are their owner's loss. [USD]
    """

    missing_eh_per_s: Any
    attack_eh_per_s: Any
    gross_usd_per_hour: Any
    rewards_usd_per_hour: Any
    build_usd: Any
    coin_loss_usd: Any
    machine_loss_usd: Any

    @property
    def net_usd_per_hour(self) -> Any:
        """Gross less rewards; below zero where the rewards pay for it. [USD/h]"""
        return plain(np.subtract(self.gross_usd_per_hour, self.rewards_usd_per_hour))

    @property
    def gross_usd_per_day(self) -> Any:
        """[USD/d]"""
        return plain(np.multiply(HOURS_PER_DAY, self.gross_usd_per_hour))

    @property
    def rewards_usd_per_day(self) -> Any:
        """[USD/d]"""
        return plain(np.multiply(HOURS_PER_DAY, self.rewards_usd_per_hour))

    @property
    def net_usd_per_day(self) -> Any:
        """Gross less rewards. [USD/d]"""
        return plain(np.multiply(HOURS_PER_DAY, self.net_usd_per_hour))

    @property
    def stock_loss_usd(self) -> Any:
        """Loss of coins and machines, borne once. [USD]"""
        return plain(np.add(self.coin_loss_usd, self.machine_loss_usd))


def majority_cost(
    share: npt.ArrayLike,
    *,
    network_eh_per_s: npt.ArrayLike,
    price_usd: npt.ArrayLike,
    reward_btc: npt.ArrayLike,
    efficiency_j_per_th: npt.ArrayLike,
    power_usd_per_mwh: npt.ArrayLike,
    rent_usd_per_ph_per_day: npt.ArrayLike | None = None,
    machine_usd_per_th: npt.ArrayLike = 0.0,
    coins_btc: npt.ArrayLike = 0.0,
    price_fall: npt.ArrayLike = 0.0,
    machine_fall: npt.ArrayLike = 0.0,
) -> MajorityCost:
    """Cost of holding half of the hash rate, from a share on, by renting or building the rest of it.

    To a network of H, of which the share s is the attacker's, (1 - 2 s) H of new hash rate makes
    half of all. With `rent_usd_per_ph_per_day` it is rented, without it is built. Blocks of the
    others are orphaned; his come at the difficulty of H:

        rewards = 6 × (attack / H) × reward × price

    Parameters
    ----------
    share : array_like
        Own share of the hash rate that runs, from 0 to 1; from one half on nothing is missing.
    network_eh_per_s : array_like
        Hash rate of all, above 0, the own included. Give the hash rate with the stopped machines
        returned for the harder case. [EH/s]
    price_usd : array_like
        At least 0. [USD/BTC]
    reward_btc : array_like
        Subsidy and fees, at least 0. [BTC/block]
    efficiency_j_per_th : array_like
        Of own and built machines at the meter, above 0: 1 EH/s at 1 J/TH is 1 MW. [J/TH]
    power_usd_per_mwh : array_like
        What power costs, or would earn elsewhere. [USD/MWh]
    rent_usd_per_ph_per_day : array_like, optional
        Rent, at least 0; none to build. [USD/(PH/s)/day]
    machine_usd_per_th : array_like
        Price of a machine, at least 0: of the built ones and for their loss. [USD/(TH/s)]
    coins_btc : array_like
        Coins that the attacker holds, at least 0. [BTC]
    price_fall, machine_fall : array_like
        Part of the price and of the machines' value that the attack destroys, 0 to 1.

    Returns
    -------
    MajorityCost
        Gross, rewards and net by hour and day; building and losses of stock apart.

    Raises
    ------
    InputError
        For an argument outside its range, or shapes that do not fit together.

    References
    ----------
    .. [1] E. Budish, 2018, https://doi.org/10.3386/w24717

    Examples
    --------
    >>> cost = majority_cost(
    ...     0.27, network_eh_per_s=1000, price_usd=60_000, reward_btc=3.145,
    ...     efficiency_j_per_th=17.5, power_usd_per_mwh=50, machine_usd_per_th=15,
    ...     coins_btc=20_000, price_fall=0.5, machine_fall=0.8,
    ... )
    >>> round(cost.missing_eh_per_s), round(cost.gross_usd_per_hour), round(cost.net_usd_per_hour)
    (460, 638750, -187756)
    >>> round(cost.build_usd / 1e9, 2), round(cost.stock_loss_usd / 1e9, 2)
    (6.9, 9.36)
    """
    s = share_of_hash_rate(share)
    network = numbers("network_eh_per_s", network_eh_per_s, 0.0, above_least=True, unit="EH/s")
    price = numbers("price_usd", price_usd, 0.0, unit="USD/BTC")
    reward = numbers("reward_btc", reward_btc, 0.0, unit="BTC/block")
    efficiency = numbers(
        "efficiency_j_per_th", efficiency_j_per_th, 0.0, above_least=True, unit="J/TH"
    )
    power = numbers("power_usd_per_mwh", power_usd_per_mwh, -np.inf, unit="USD/MWh")
    rented = rent_usd_per_ph_per_day is not None
    rent = numbers(
        "rent_usd_per_ph_per_day",
        0.0 if rent_usd_per_ph_per_day is None else rent_usd_per_ph_per_day,
        0.0,
        unit="USD/(PH/s)/day",
    )
    machine = numbers("machine_usd_per_th", machine_usd_per_th, 0.0, unit="USD/(TH/s)")
    coins = numbers("coins_btc", coins_btc, 0.0, unit="BTC")
    fall = numbers("price_fall", price_fall, 0.0, 1.0)
    machine_loss = numbers("machine_fall", machine_fall, 0.0, 1.0)
    s, network, price, reward, efficiency, power, rent, machine, coins, fall, machine_loss = (
        broadcast(
            share=s,
            network_eh_per_s=network,
            price_usd=price,
            reward_btc=reward,
            efficiency_j_per_th=efficiency,
            power_usd_per_mwh=power,
            rent_usd_per_ph_per_day=rent,
            machine_usd_per_th=machine,
            coins_btc=coins,
            price_fall=fall,
            machine_fall=machine_loss,
        )
    )
    own = s * network
    missing = np.maximum(1.0 - 2.0 * s, 0.0) * network
    attack = own + missing
    powered = own if rented else attack
    return MajorityCost(
        missing_eh_per_s=plain(missing),
        attack_eh_per_s=plain(attack),
        gross_usd_per_hour=plain(
            powered * efficiency * power
            + (missing * PH_PER_EH * rent / HOURS_PER_DAY if rented else 0.0)
        ),
        rewards_usd_per_hour=plain(BLOCKS_PER_HOUR * attack / network * reward * price),
        build_usd=plain(np.zeros_like(missing) if rented else missing * TH_PER_EH * machine),
        coin_loss_usd=plain(fall * coins * price),
        machine_loss_usd=plain(machine_loss * powered * TH_PER_EH * machine),
    )


def catch_up_probability(
    share: npt.ArrayLike, deficit: npt.ArrayLike, within_blocks: npt.ArrayLike | None = None
) -> Any:
    """Probability that a share makes up a deficit, ever or while all miners find so many blocks.

    The distribution of the time to catch up: a first passage [2]_ of a walk up with q and down with
    p = 1 - q, in closed form by reflection,

        P(T <= n) = P(S_n >= d) + (q / p)^d P(S_n < -d)

    and min(1, (q / p)^d) without end. He catches up when the branches are level.

    Parameters
    ----------
    share : array_like
        q, from 0 to 1.
    deficit : array_like of int
        Blocks d that the share is behind, from 0. [blocks]
    within_blocks : array_like of int, optional
        Blocks n that all miners find on both branches meanwhile; none for without end. [blocks]

    Returns
    -------
    float or ndarray
        1 at a deficit of 0.

    Raises
    ------
    InputError
        For an argument outside its range.

    Examples
    --------
    >>> round(catch_up_probability(0.27, 6), 5), round(catch_up_probability(0.55, 6, 144), 3)
    (0.00256, 0.908)
    """
    q = share_of_hash_rate(share)
    behind = whole_numbers("deficit", deficit, 0, unit="blocks")
    blocks = whole_numbers_or_none("within_blocks", within_blocks, 0, unit="blocks")
    if blocks is None:
        q, behind = broadcast(share=q, deficit=behind)
    else:
        q, behind, blocks = broadcast(share=q, deficit=behind, within_blocks=blocks)
    return plain(np.exp(log_first_passage(q, behind, blocks)))


def streak_wait_blocks(share: npt.ArrayLike, length: npt.ArrayLike) -> Any:
    """Mean number of blocks of all miners until a share has found so many in a row.

    (1 - q^k) / (p q^k), the waiting time for a run of successes [2]_.

    Parameters
    ----------
    share : array_like
        q, from 0 to 1.
    length : array_like of int
        k, from 1. [blocks]

    Returns
    -------
    float or ndarray
        k at a share of 1; infinite at a share of 0, and where it is above 1e308. [blocks]

    Raises
    ------
    InputError
        For an argument outside its range.

    Examples
    --------
    >>> round(streak_wait_blocks(0.27, 6))
    3534
    """
    q = share_of_hash_rate(share)
    run = whole_numbers("length", length, 1, unit="blocks")
    q, run = broadcast(share=q, length=run)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        # q^-k - 1 over p.
        wait = np.expm1(-run * np.log(q)) / (1.0 - q)
    return plain(np.where(q == 1.0, run.astype(np.float64), np.where(q == 0.0, np.inf, wait)))
