"""Simulated races against the formulas; each case has a seed of its own."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pytest
from scipy.special import betainc

from baseload.errors import InputError
from baseload.security.network_race import SimulatedNetwork, simulate_network
from baseload.security.optimal import optimal_selfish_mining
from baseload.security.policy import selfish_policy
from baseload.security.race import (
    SimulatedRace,
    simulate_double_spend,
    simulate_policy,
    simulate_selfish_mining,
)
from baseload.security.selfish import selfish_mining_chain_blocks, selfish_mining_revenue
from baseload.security.stubborn import stubborn_mining_revenue, stubborn_policy

# One case in 15,000 would miss this by chance; seeds are fixed, so that a pass stays one.
WIDE = 4.0


def agrees(race: SimulatedRace, value: float) -> bool:
    return abs(race.value - value) < WIDE * race.standard_error < 0.01


@pytest.mark.parametrize(
    ("share", "gamma", "seed"), [(0.1, 0.0, 11), (0.35, 0.0, 12), (0.3, 0.5, 13), (0.45, 1.0, 14)]
)
def test_selfish_mining_earns_its_formula(share: float, gamma: float, seed: int) -> None:
    race = simulate_selfish_mining(share, gamma, 10_000_000, seed)
    assert agrees(race, float(selfish_mining_revenue(share, gamma)))
    grown = float(selfish_mining_chain_blocks(share))
    assert race.counted_per_block == pytest.approx(grown, abs=0.002)
    assert race.blocks >= 10_000_000


@pytest.mark.parametrize(
    ("variant", "seed"), [("selfish", 21), ("lead", 22), ("equal-fork+trail-1", 23)]
)
def test_a_stubborn_table_earns_its_formula(variant: str, seed: int) -> None:
    race = simulate_policy(stubborn_policy(variant, 150), 0.3, 0.6, 10_000_000, seed)
    assert agrees(race, float(stubborn_mining_revenue(0.3, 0.6, variant)))


@pytest.mark.parametrize(
    ("share", "gamma", "tie", "seed"),
    [(0.35, 0.0, "gamma", 31), (0.4, 0.5, "gamma", 32), (0.35, 0.5, "uniform", 33)],
)
def test_the_best_policy_earns_its_revenue(share: float, gamma: float, tie: str, seed: int) -> None:
    best = optimal_selfish_mining(share, gamma, tie=tie)
    race = simulate_policy(best.policy, share, gamma, 10_000_000, seed)
    assert agrees(race, best.revenue)


@pytest.mark.parametrize(
    ("share", "confirmations", "seed"), [(0.1, 1, 41), (0.1, 6, 42), (0.3, 10, 43), (0.45, 2, 44)]
)
def test_double_spends_succeed_as_often_as_they_should(
    share: float, confirmations: int, seed: int
) -> None:
    race = simulate_double_spend(share, confirmations, blocks=10_000_000, seed=seed)
    exact = betainc(confirmations, 0.5, 4 * share * (1 - share))
    assert agrees(race, float(exact))


def test_without_confirmations_every_double_spend_is_level() -> None:
    assert simulate_double_spend(0.2, 0, blocks=10_000).value == 1.0


def test_giving_up_early_costs_chances() -> None:
    # With one confirmation and no patience only a block found first, or the next one, helps.
    race = simulate_double_spend(0.3, 1, give_up_behind=2, blocks=4_000_000, seed=51)
    assert agrees(race, 0.3 + 0.7 * 0.3)


def test_results_are_the_same_for_any_number_of_threads_and_differ_by_seed() -> None:
    one = simulate_selfish_mining(0.3, 0.5, 1_000_000, seed=5, threads=1)
    assert one == simulate_selfish_mining(0.3, 0.5, 1_000_000, seed=5, threads=3)
    assert one != simulate_selfish_mining(0.3, 0.5, 1_000_000, seed=6)
    network = [
        simulate_network([0.3, 0.7], [selfish_policy(), None], blocks=50_000, threads=threads)
        for threads in (1, 3)
    ]
    first, second = (asdict(one) for one in network)
    for field, value in first.items():
        assert np.array_equal(value, second[field])


def test_most_intervals_hold_the_value() -> None:
    value = float(selfish_mining_revenue(0.33, 0.3))
    ends = [simulate_selfish_mining(0.33, 0.3, 400_000, seed).interval for seed in range(100, 160)]
    inside = sum(low < value < high for low, high in ends)
    assert inside >= 56  # of 60 at 99 %: fewer would come by chance once in 1,000


def test_shares_at_the_ends_need_no_luck() -> None:
    assert simulate_selfish_mining(0, 0.5, 10_000).value == 0.0
    assert simulate_policy(selfish_policy(), 0, 0.5, 10_000).counted_per_block == pytest.approx(1)
    assert simulate_policy(selfish_policy(), 1, 0.5, 10_000).value == 1.0
    assert simulate_double_spend(1, 3, blocks=10_000).value == 1.0
    assert simulate_double_spend(0, 3, blocks=10_000).value == 0.0


def network_agrees(found: SimulatedNetwork, value: float) -> bool:
    return bool(abs(found.revenue[0] - value) < WIDE * found.standard_error[0] < 0.02)


@pytest.mark.parametrize(
    ("variant", "gamma", "seed"), [("selfish", 0.5, 61), ("lead+equal-fork", 0.8, 62)]
)
def test_a_network_without_delay_is_the_race(variant: str, gamma: float, seed: int) -> None:
    found = simulate_network(
        [0.35, 0.4, 0.25],
        [stubborn_policy(variant, 150), None, None],
        gamma,
        blocks=3_000_000,
        seed=seed,
    )
    assert network_agrees(found, float(stubborn_mining_revenue(0.35, gamma, variant)))


def test_honest_miners_have_their_shares_and_delay_makes_orphans() -> None:
    share = np.array([0.3, 0.3, 0.2, 0.2])
    found = simulate_network(share, delay_s=10.0, blocks=6_000_000, seed=71)
    # First order in delay over interval; the next is a hundred times smaller.
    stale = 10 / 600 * (1 - 2 * share + (share**2).sum())
    np.testing.assert_allclose(found.stale, stale, rtol=0.04)
    kept = share * (1 - stale)
    apart = found.revenue - kept / kept.sum()
    assert (abs(apart) < WIDE * found.standard_error).all()
    slow = simulate_network(share, delay_s=60.0, blocks=6_000_000, seed=73)
    assert slow.revenue[0] > 0.3 + WIDE * slow.standard_error[0]
    quick = simulate_network(share, blocks=1_000_000, seed=72)
    assert (quick.stale == 0).all()


def test_difficulty_makes_up_for_lost_blocks() -> None:
    found = simulate_network(
        [0.4, 0.6], [selfish_policy(), None], gamma=0.5, blocks=3_000_000, runs=32, seed=81
    )
    assert found.difficulty == pytest.approx(float(selfish_mining_chain_blocks(0.4)), rel=0.02)
    assert found.seconds_per_chain_block == pytest.approx(600, rel=0.02)
    fixed = simulate_network(
        [0.4, 0.6], [selfish_policy(), None], gamma=0.5, blocks=1_000_000, seed=82, period=0
    )
    grown = float(selfish_mining_chain_blocks(0.4))
    assert fixed.seconds_per_chain_block == pytest.approx(600 / grown, rel=0.01)
    assert fixed.difficulty == 1.0


def test_two_equal_selfish_miners_fare_alike() -> None:
    policies = [selfish_policy(), selfish_policy(), None]
    found = simulate_network([0.23, 0.23, 0.54], policies, 0.5, blocks=6_000_000, seed=91)
    apart = abs(found.revenue[0] - found.revenue[1])
    assert apart < WIDE * math.hypot(*found.standard_error[:2])
    # Below one quarter neither gains alone at this gamma; with a second one both do.
    assert selfish_mining_revenue(0.23, 0.5) < 0.23
    assert found.revenue[0] > 0.23 + 2 * found.standard_error[0]


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="add up to 1"):
        simulate_network([0.3, 0.6])
    with pytest.raises(InputError, match="policies"):
        simulate_network([0.3, 0.7], [None])
    with pytest.raises(InputError, match="policies"):
        simulate_network([0.3, 0.7], ["selfish", None])  # type: ignore[list-item]
    with pytest.raises(InputError, match="delay_s"):
        simulate_network([1.0], delay_s=-1)
    with pytest.raises(InputError, match="blocks"):
        simulate_selfish_mining(0.3, 0.5, 0)
    with pytest.raises(InputError, match="seed"):
        simulate_selfish_mining(0.3, 0.5, seed=1.5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="policy"):
        simulate_policy("selfish", 0.3, 0.5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="confirmations"):
        simulate_double_spend(0.3, -1)
