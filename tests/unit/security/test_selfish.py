"""Selfish mining in closed form against the states of its own definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.unit.security.race_by_hand import steps, table_revenue

from baseload.errors import InputError
from baseload.security.policy import MiningPolicy, selfish_policy
from baseload.security.selfish import (
    selfish_mining_chain_blocks,
    selfish_mining_revenue,
    selfish_mining_threshold,
    selfish_mining_weeks_to_profit,
)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.33])
@pytest.mark.parametrize("gamma", [0.0, 0.4, 1.0])
def test_revenue_is_that_of_the_stationary_distribution(share: float, gamma: float) -> None:
    twin = table_revenue(selfish_policy(90), share, gamma)
    assert selfish_mining_revenue(share, gamma) == pytest.approx(twin, abs=1e-7)


def test_at_the_threshold_the_revenue_is_the_share() -> None:
    gamma = np.linspace(0, 1, 11)
    threshold = selfish_mining_threshold(gamma)
    np.testing.assert_allclose(selfish_mining_revenue(threshold, gamma), threshold, atol=1e-16)
    assert np.all(selfish_mining_revenue(threshold + 1e-6, gamma) > threshold + 1e-6)


def test_ends_are_exact() -> None:
    assert selfish_mining_revenue(0, 0.3) == 0.0
    assert selfish_mining_revenue([0.5, 0.8, 1], 0).tolist() == [1.0, 1.0, 1.0]  # type: ignore[union-attr]
    assert selfish_mining_revenue(0.5 - 1e-12, 0) == pytest.approx(1.0, abs=1e-10)
    assert selfish_mining_chain_blocks([0, 0.5, 1]).tolist() == [1.0, 0.5, 1.0]  # type: ignore[union-attr]


def test_shapes_follow_the_arguments() -> None:
    assert isinstance(selfish_mining_revenue(1 / 3, 0), float)
    assert isinstance(selfish_mining_revenue(np.float32(0.25), np.int64(1)), float)
    grid = selfish_mining_revenue(np.array([[0.1], [0.3]]), [0, 0.5, 1])
    assert grid.shape == (2, 3)  # type: ignore[union-attr]
    assert grid[1, 1] == selfish_mining_revenue(0.3, 0.5)  # type: ignore[index]


def test_chain_blocks_are_those_of_the_walk() -> None:
    share, policy = 0.3, selfish_policy(40)
    state, grown, rng = (0, 0, 0), 0, np.random.default_rng(3)
    blocks = 200_000
    for u in rng.random(blocks):
        moves = steps(policy, state, share, 0.5)
        place = np.searchsorted(np.cumsum([move[0] for move in moves])[:-1], u, "right")
        _, state, _, added = moves[int(place)]
        grown += added
    assert selfish_mining_chain_blocks(share) == pytest.approx(grown / blocks, abs=0.005)


def test_weeks_to_profit_balance_loss_and_gain() -> None:
    share, gamma = 0.3, 0.5
    weeks = selfish_mining_weeks_to_profit(share, gamma)
    grown = selfish_mining_chain_blocks(share)
    revenue = selfish_mining_revenue(share, gamma)
    first = 2.0 / grown
    earned = first * grown * revenue + (weeks - first) * revenue
    assert earned == pytest.approx(weeks * share, rel=1e-12)
    assert weeks > first


def test_what_does_not_pay_never_pays() -> None:
    weeks = selfish_mining_weeks_to_profit([0, 0.2, 0.25, 1], [0.5, 0.5, 0.5, 0])
    assert np.isinf(weeks).all()
    assert np.isfinite(selfish_mining_weeks_to_profit([0.2501, 0.5, 0.99], 0.5)).all()


WRONG: list[tuple[Any, str]] = [
    (-0.1, "share"),
    (1.5, "share"),
    (float("nan"), "share"),
    (float("inf"), "share"),
    ("0.3", "share"),
    (True, "share"),
    (None, "share"),
    (1j, "share"),
    ([0.2, [0.3]], "share"),
    ([0.2, 1.2], r"share\[1\]"),
    (np.ma.masked_array([0.2, 0.3], [False, True]), r"share\[1\]"),
]


@pytest.mark.parametrize(("value", "place"), WRONG)
def test_what_is_no_share_is_refused_in_words(value: Any, place: str) -> None:
    for function in (selfish_mining_revenue, selfish_mining_weeks_to_profit):
        with pytest.raises(InputError, match=place):
            function(value, 0.5)
    with pytest.raises(InputError, match="gamma"):
        selfish_mining_threshold(value)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="share and gamma"):
        selfish_mining_revenue([0.1, 0.2], [0, 0.5, 1])


def test_a_table_that_its_states_do_not_allow_is_refused() -> None:
    actions = selfish_policy(6).actions.copy()
    actions[1, 2, 1] = 1
    with pytest.raises(InputError, match=r"actions\[1, 2, 1\]"):
        MiningPolicy(actions)
    actions[1, 2, 1] = 0
    actions[2, 2, 0] = 2
    with pytest.raises(InputError, match="match_any_tie"):
        MiningPolicy(actions)
    assert MiningPolicy(actions, match_any_tie=True).actions[2, 2, 0] == 2
    with pytest.raises(InputError, match="shape"):
        MiningPolicy(np.zeros((3, 3), np.int8))


def test_a_policy_keeps_its_table() -> None:
    policy = selfish_policy(6)
    assert policy == selfish_policy(6)
    assert policy != selfish_policy(7)
    with pytest.raises(ValueError, match="read-only"):
        policy.actions[0, 0, 0] = 3
