"""Attacks that are given up: a twin that follows every state of the race, and the sums of money."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import double_spend_attack, double_spend_probability


def followed(
    share: float, z: int, limit: int, premined: int, ahead: int
) -> tuple[float, float, float, float]:
    """Probability, blocks, own and lost blocks by following every state, block by block."""
    live = {(0, 0): 1.0}
    win = blocks = own_blocks = lost = 0.0
    found = 0
    while live:
        after: dict[tuple[int, int], float] = defaultdict(float)
        for (public, own), chance in live.items():
            lead = public - own - premined
            if public >= z and lead <= -ahead:
                win += chance
            elif lead >= limit:
                lost += chance * (own + premined)
            else:
                if chance > 1e-17:
                    after[public + 1, own] += chance * (1.0 - share)
                    after[public, own + 1] += chance * share
                continue
            blocks += chance * found
            own_blocks += chance * own
        live = after
        found += 1
    return win, blocks, own_blocks, lost


@pytest.mark.parametrize(
    ("share", "z", "limit", "premined", "ahead"),
    [
        (0.1, 6, 3, 0, 0),
        (0.3, 2, 5, 0, 0),
        (0.3, 2, 5, 1, 1),
        (0.3, 3, 2, 2, 0),
        (0.45, 1, 4, 0, 1),
        (0.5, 2, 3, 0, 1),
        (0.6, 2, 3, 0, 0),
        (0.2, 0, 3, 0, 1),
        (0.2, 1, 1, 3, 1),
        (0.0, 3, 2, 1, 0),
        (0.27, 6, 1, 0, 0),
    ],
)
def test_an_attack_is_what_following_every_state_gives(
    share: float, z: int, limit: int, premined: int, ahead: int
) -> None:
    attack = double_spend_attack(share, z, limit, premined=premined, overtake=bool(ahead))
    found = (attack.probability, attack.blocks, attack.own_blocks, attack.lost_blocks)
    # The twin leaves out states less likely than 1e-17.
    assert found == pytest.approx(followed(share, z, limit, premined, ahead), rel=1e-9, abs=1e-12)


def test_one_confirmation_given_up_at_once_is_worked_by_hand() -> None:
    # Limit 1, one confirmation: the first block decides; the attacker's makes him level at the next
    # public one, whatever he finds in between.
    q = Fraction(1, 4)
    attack = double_spend_attack(0.25, 1, 1)
    assert attack.probability == pytest.approx(float(q))
    assert attack.lost_blocks == 0.0
    # One public block ends it; before it come q / p of his own.
    assert attack.blocks == pytest.approx(float(1 + q / (1 - q)))


def test_a_patient_attacker_has_the_probability_of_one_who_never_gives_up() -> None:
    patient = double_spend_attack([0.1, 0.3, 0.4], [[1], [6]], 400).probability
    assert patient == pytest.approx(
        double_spend_probability([0.1, 0.3, 0.4], [[1], [6]]), rel=1e-10
    )
    impatient = double_spend_attack(0.3, 6, [1, 2, 4, 8, 16, 400]).probability
    assert (np.diff(impatient) > 0).all()


def test_tiny_probabilities_keep_their_digits() -> None:
    found = double_spend_attack(0.01, 40, 200).probability
    assert found == pytest.approx(double_spend_probability(0.01, 40), rel=1e-9)
    assert 0.0 < found < 1e-50


def test_own_blocks_are_the_share_of_all_by_walds_identity() -> None:
    win, blocks, own, _ = followed(0.35, 3, 4, 0, 0)
    assert own == pytest.approx(0.35 * blocks, rel=1e-9)
    assert 0.0 < win < 1.0


def test_profit_pays_the_value_and_costs_the_lost_blocks() -> None:
    attack = double_spend_attack(0.3, 2, 4)
    assert attack.profit(0.0, 3.0) == pytest.approx(-3.0 * attack.lost_blocks)
    level = attack.break_even_value(3.0)
    assert attack.profit(level, 3.0) == pytest.approx(0.0, abs=1e-12)
    assert attack.profit(level + 1.0, 3.0) == pytest.approx(attack.probability)
    assert attack.profit([10.0, 20.0], 3.0).shape == (2,)
    assert double_spend_attack(0.0, 2, 4).break_even_value(3.0) == math.inf


def test_attempts_follow_one_another_through_the_year() -> None:
    attack = double_spend_attack(0.3, 6, 10)
    assert attack.attempts_per_year == pytest.approx(52_596 / attack.blocks)
    assert attack.successes_per_year == pytest.approx(attack.attempts_per_year * attack.probability)
    assert attack.probability_within([0, 1, 2]) == pytest.approx(
        [0.0, attack.probability, 1 - (1 - attack.probability) ** 2]
    )
    assert double_spend_attack(0.3, 1, 1, premined=5).probability_within([0, 1]).tolist() == [0, 1]


def test_chances_stay_within_one_on_a_grid_of_large_shares() -> None:
    attack = double_spend_attack(np.linspace(0.5, 0.999, 100), [[1], [7], [30]], 50)
    assert (attack.probability <= 1.0).all()
    within = attack.probability_within(10**6)
    assert ((within > 0.99) & (within <= 1.0)).all()


def test_an_attacker_with_all_the_hash_rate_never_sees_the_confirmations_come() -> None:
    alone = double_spend_attack(1.0, 6, 3)
    assert (alone.probability, alone.blocks, alone.lost_blocks) == (1.0, math.inf, 0.0)
    assert alone.attempts_per_year == 0.0
    assert double_spend_attack(1.0, 0, 3, overtake=True).blocks == 1.0
    assert double_spend_attack(0.4, 0, 3).blocks == 0.0


def test_long_races_are_quick_and_near_one_half_finite() -> None:
    shares = [0.499999999, 0.5, 0.500000001]
    attack = double_spend_attack(shares, 10, 1000)
    assert np.isfinite(attack.blocks).all()
    assert np.ptp(attack.probability) < 1e-5
    assert np.ptp(attack.lost_blocks) / attack.lost_blocks.mean() < 1e-4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.1, 6, 3), "share"),
        ((0.1, 10_001, 3), "confirmations"),
        ((0.1, 6, 0), "give_up_behind"),
        ((0.1, 6, None), "give_up_behind"),
        ((0.1, 6, 2.5), "give_up_behind"),
    ],
)
def test_bad_arguments_are_refused(arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        double_spend_attack(*arguments)


def test_money_below_zero_is_refused() -> None:
    attack = double_spend_attack(0.1, 6, 3)
    with pytest.raises(InputError, match="value"):
        attack.profit(-1.0, 3.0)
    with pytest.raises(InputError, match="reward"):
        attack.break_even_value(math.nan)
    with pytest.raises(InputError, match="attempts"):
        attack.probability_within(-1)
