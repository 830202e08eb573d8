"""Cost of a majority, catching up and streaks: sums by hand, chains of states, simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import catch_up_probability, majority_cost, streak_wait_blocks

NETWORK: dict[str, Any] = {
    "network_eh_per_s": 1000.0,
    "price_usd": 60_000.0,
    "reward_btc": 3.0,
    "efficiency_j_per_th": 20.0,
    "power_usd_per_mwh": 50.0,
    "machine_usd_per_th": 15.0,
}


def test_building_the_missing_share_is_worked_by_hand() -> None:
    cost = majority_cost(0.2, coins_btc=1000.0, price_fall=0.5, machine_fall=0.8, **NETWORK)
    # 600 EH/s more on 1,000 make 800 of 1,600; 800 EH/s at 20 J/TH take 16,000 MW.
    assert cost.missing_eh_per_s == pytest.approx(600.0)
    assert cost.attack_eh_per_s == pytest.approx(800.0)
    assert cost.gross_usd_per_hour == pytest.approx(16_000 * 50.0)
    assert cost.rewards_usd_per_hour == pytest.approx(6 * 0.8 * 3 * 60_000)
    assert cost.net_usd_per_hour == pytest.approx(800_000 - 864_000)
    assert cost.build_usd == pytest.approx(600e6 * 15)
    assert cost.coin_loss_usd == pytest.approx(30e6)
    assert cost.machine_loss_usd == pytest.approx(0.8 * 800e6 * 15)
    assert cost.stock_loss_usd == pytest.approx(30e6 + 9.6e9)
    assert cost.net_usd_per_day == pytest.approx(24 * cost.net_usd_per_hour)
    assert cost.gross_usd_per_day - cost.rewards_usd_per_day == pytest.approx(cost.net_usd_per_day)


def test_renting_it_costs_rent_and_no_machines() -> None:
    cost = majority_cost(0.2, rent_usd_per_ph_per_day=48.0, machine_fall=1.0, **NETWORK)
    assert cost.gross_usd_per_hour == pytest.approx(200 * 20 * 50.0 + 600_000 * 2.0)
    assert cost.build_usd == 0.0
    assert cost.machine_loss_usd == pytest.approx(200e6 * 15)


def test_nothing_is_missing_from_one_half_on() -> None:
    cost = majority_cost([0.0, 0.5, 0.7, 1.0], **NETWORK)
    assert cost.missing_eh_per_s.tolist() == [1000.0, 0.0, 0.0, 0.0]
    assert cost.attack_eh_per_s.tolist() == [1000.0, 500.0, 700.0, 1000.0]
    assert type(majority_cost(0.3, **NETWORK).build_usd) is float


def test_the_missing_hash_rate_makes_half() -> None:
    shares = np.linspace(0.0, 0.5, 11)
    cost = majority_cost(shares, **NETWORK)
    assert cost.attack_eh_per_s / (1000.0 + cost.missing_eh_per_s) == pytest.approx([0.5] * 11)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"share": 1.1}, "share"),
        ({"network_eh_per_s": 0.0}, "network_eh_per_s\n  found    0"),
        ({"price_usd": -1.0}, "price_usd"),
        ({"power_usd_per_mwh": math.nan}, "a finite number \\[USD/MWh\\]"),
        ({"price_fall": 1.5}, "price_fall"),
        ({"rent_usd_per_ph_per_day": -1.0}, "rent_usd_per_ph_per_day"),
        ({"reward_btc": [1.0, 2.0], "coins_btc": [1.0, 2.0, 3.0]}, "shapes that fit together"),
    ],
)
def test_bad_costs_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        majority_cost(**({"share": 0.2} | NETWORK | changed))


def test_catching_up_is_the_power_of_the_odds_without_end() -> None:
    assert catch_up_probability([0.0, 0.2, 0.5, 0.9, 1.0], 3) == pytest.approx(
        [0.0, 1 / 64, 1.0, 1.0, 1.0]
    )
    assert catch_up_probability([0.0, 0.3, 1.0], 0).tolist() == [1.0] * 3
    assert catch_up_probability(0.3, 0, 0) == 1.0


def test_the_time_to_catch_up_has_the_ballot_theorems_distribution() -> None:
    q, deficit = 0.45, 4
    blocks = np.arange(0, 200)
    found = np.diff(catch_up_probability(q, deficit, blocks), prepend=0.0)
    wanted = [
        deficit / n * math.comb(n, (n + deficit) // 2) * q ** ((n + deficit) // 2)
        * (1 - q) ** ((n - deficit) // 2) if n >= deficit and (n - deficit) % 2 == 0 else 0.0
        for n in blocks.tolist()
    ]  # fmt: skip
    assert found == pytest.approx(wanted, abs=1e-14)


def test_a_simulation_catches_up_as_often() -> None:
    steps = np.where(np.random.default_rng(99).random((50_000, 60)) < 0.55, 1, -1)
    best = np.cumsum(steps, axis=1).max(axis=1)
    wanted = catch_up_probability(0.55, 6, 60)
    assert abs((best >= 6).mean() - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / 50_000)


def test_huge_deficits_and_times_stay_probabilities() -> None:
    found = catch_up_probability([[0.1], [0.5], [0.9]], 10**6, [10**6, 10**7, 10**9])
    assert ((found >= 0.0) & (found <= 1.0)).all()
    assert (np.diff(found, axis=1) >= 0.0).all()
    assert found[2, 1] == pytest.approx(1.0)


def test_a_streak_is_the_mean_time_of_a_chain_of_states() -> None:
    for q in (0.1, 0.27, 0.5, 0.999):
        for length in (1, 2, 6):
            # Expected blocks to go from i in a row to all: e_i = 1 + q e_(i + 1) + p e_0.
            matrix = np.eye(length)
            for i in range(length):
                matrix[i, 0] -= 1 - q
                if i + 1 < length:
                    matrix[i, i + 1] -= q
            wanted = np.linalg.solve(matrix, np.ones(length))[0]
            assert streak_wait_blocks(q, length) == pytest.approx(wanted, rel=1e-9)


def test_streaks_have_known_values_and_limits() -> None:
    assert streak_wait_blocks(0.27, 6) == pytest.approx(3534, abs=0.5)
    assert streak_wait_blocks([0.0, 1.0], 6).tolist() == [math.inf, 6.0]
    assert streak_wait_blocks(np.nextafter(1.0, 0.0), 6) == pytest.approx(6.0)
    assert streak_wait_blocks(0.1, 400) == math.inf
    assert streak_wait_blocks(0.5, [1, 2, 3]) == pytest.approx([2.0, 6.0, 14.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: catch_up_probability(1.5, 3), "share"),
        (lambda: catch_up_probability(0.3, -1), "deficit"),
        (lambda: catch_up_probability(0.3, 1, 2.5), "within_blocks"),
        (lambda: catch_up_probability([0.3, 0.4], [1, 2, 3]), "shapes that fit"),
        (lambda: streak_wait_blocks(0.3, 0), "length"),
        (lambda: streak_wait_blocks(math.nan, 1), "share"),
    ],
)
def test_bad_races_are_refused(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
