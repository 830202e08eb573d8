"""Feather forking: the sum of its definition, a follower of every race, and what it costs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import feather_forking


def of_the_sum(q: float, k: int) -> tuple[float, float]:
    """Probability and orphaned blocks on top, term by term."""
    terms = [
        2 / (2 * j + 2) * math.comb(2 * j + 2, j) * (1 - q) ** j * q ** (j + 2) for j in range(k)
    ]
    return sum(terms), sum(j * term for j, term in enumerate(terms))


def followed(q: float, k: int) -> float:
    """Probability by following the race: on top of the offending block, and on the fork."""
    live, win = {(0, 0): 1.0}, 0.0
    while live:
        after: dict[tuple[int, int], float] = {}
        for (top, fork), chance in live.items():
            for state, part in (((top + 1, fork), 1 - q), ((top, fork + 1), q)):
                if state[1] > state[0] + 1:  # strictly longer than the offending block and its tops
                    win += chance * part
                elif state[0] < k:
                    after[state] = after.get(state, 0.0) + chance * part
        live = after
    return win


@pytest.mark.parametrize("k", [1, 2, 6, 40])
@pytest.mark.parametrize("q", [0.0, 0.1, 0.27, 0.5, 0.7, 1.0])
def test_the_probability_is_the_sum_of_the_definition_and_that_of_the_race(
    q: float, k: int
) -> None:
    found = feather_forking(q, k)
    probability, on_top = of_the_sum(q, k)
    assert found.probability == pytest.approx(probability, rel=1e-12)
    assert found.orphaned_on_top == pytest.approx(on_top, rel=1e-12)
    assert found.probability == pytest.approx(followed(q, k), rel=1e-12)


def test_known_values_are_met() -> None:
    assert feather_forking(0.27, [1, 6]).probability == pytest.approx([0.0729, 0.131], abs=5e-4)
    assert feather_forking(0.2, None).probability == pytest.approx(1 / 16)
    never = feather_forking([0.0, 0.3, 0.5, 0.8, 1.0], None)
    assert never.probability == pytest.approx([0.0, (3 / 7) ** 2, 1.0, 1.0, 1.0])


def test_never_giving_up_is_the_limit_of_patience() -> None:
    for q in (0.1, 0.4, 0.6):
        patient, never = feather_forking(q, 5000), feather_forking(q, None)
        assert patient.probability == pytest.approx(never.probability, rel=1e-9)
        assert patient.orphaned_on_top == pytest.approx(never.orphaned_on_top, rel=1e-9)
    assert feather_forking(0.5, None).orphaned_on_top == math.inf


def test_followers_count_as_the_fork() -> None:
    assert feather_forking(0.1, 6, followers=0.3).probability == pytest.approx(
        feather_forking(0.4, 6).probability
    )
    assert feather_forking(0.25, 6, followers=[0.0, 0.75]).probability[1] == 1.0


def test_at_the_break_even_fee_including_costs_nothing() -> None:
    for own in (0.0, 0.05, 0.73):
        threat = feather_forking(0.27, 6)
        fee = threat.break_even_fee(3.125, own)
        assert threat.resistance_cost_per_day(own, 3.125, fee) == pytest.approx(0.0, abs=1e-12)
    without_weight = feather_forking(0.27, 6)
    chance = without_weight.probability
    assert without_weight.break_even_fee(3.125) == pytest.approx(3.125 * chance / (1 - chance))
    # Who defends his block risks more than the block.
    assert without_weight.break_even_fee(3.125, 0.3) > without_weight.break_even_fee(3.125)
    assert feather_forking([0.6, 1.0], None).break_even_fee(3.125).tolist() == [math.inf] * 2
    assert feather_forking(0.0, 6).break_even_fee(3.125, 1.0) == 0.0


def test_a_miner_who_defends_his_block_loses_what_the_simulated_race_takes() -> None:
    q, own, k = 0.3, 0.35, 6
    draws = np.random.default_rng(7).random((200_000, 4 * k))
    top = np.zeros(len(draws), dtype=np.int64)
    mine, fork = top.copy(), top.copy()
    live = np.ones(len(draws), dtype=bool)
    lost = np.zeros(len(draws))
    for column in draws.T:
        fork[live & (column < q)] += 1
        top[live & (column >= q)] += 1
        mine[live & (column >= q) & (column < q + own)] += 1
        won = live & (fork > top + 1)
        lost[won] = 1 + mine[won]
        live &= ~won & (top < k)
    assert not live.any()
    threat = feather_forking(q, k)
    wanted = threat.resistance_cost_per_day(own, 1.0) / (144 * own)
    assert abs(lost.mean() - wanted) < 4 * lost.std() / math.sqrt(len(lost))


def test_compliance_costs_the_fees_that_a_miner_leaves() -> None:
    assert feather_forking(0.2, 3).compliance_cost_per_day(0.1, 0.05) == pytest.approx(0.72)


def test_no_cost_is_not_a_number() -> None:
    shares = np.array([0.0, 0.3, 0.5, 0.9, 1.0])
    for limit in (1, 6, None):
        threat = feather_forking(shares, limit)
        for own in (0.0, 1.0 - shares):
            for found in (
                threat.orphaned_on_top,
                threat.break_even_fee(3.0, own),
                threat.break_even_fee(0.0, own),
                threat.resistance_cost_per_day(own, 3.0, 0.1),
                threat.resistance_cost_per_day(own, 0.0, 0.1),
            ):
                assert not np.isnan(found).any()


@pytest.mark.parametrize(
    ("share", "limit", "message"),
    [
        (1.2, 6, "share"),
        (0.3, 0, "give_up_after"),
        (0.3, 1.5, "give_up_after"),
        (0.3, 100_001, "give_up_after"),
        (0.3, "never", "give_up_after"),
    ],
)
def test_bad_arguments_are_refused(share: float, limit: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        feather_forking(share, limit)  # type: ignore[arg-type]


def test_shares_above_one_together_are_refused() -> None:
    with pytest.raises(InputError, match=r"share and followers\n  found    1\.1 together"):
        feather_forking(0.6, 6, followers=0.5)
    with pytest.raises(InputError, match="own_share and share"):
        feather_forking(0.6, 6).break_even_fee(3.0, 0.41)
    with pytest.raises(InputError, match="reward"):
        feather_forking(0.6, 6).break_even_fee(-3.0)
