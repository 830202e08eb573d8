"""Concentration before and after a mine, stale blocks: definitions, and a simulation of delays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import (
    concentration_change,
    hash_rate_shares,
    hhi,
    nakamoto_coefficient,
    share_after_joining,
    share_with_returned,
    stale_rate,
    with_mine,
)


def test_the_index_runs_from_nothing_to_ten_thousand() -> None:
    assert hhi([1.0]) == 10_000.0
    assert hhi([0.0, 0.0]) == 0.0
    assert hhi({"A": 0.5, "B": 0.5}) == 5000.0
    assert hhi([[0.5, 0.5], [0.2, 0.1]]).tolist() == pytest.approx([5000.0, 500.0])
    # What is not given belongs to miners that count for nothing.
    assert hhi([0.3]) == pytest.approx(900.0)
    assert hhi(np.full(1000, 1e-3)) == pytest.approx(10.0)


def test_the_coefficient_wants_strictly_more_than_half() -> None:
    assert nakamoto_coefficient([0.5, 0.5]) == 2
    assert nakamoto_coefficient([0.25] * 4) == 3
    assert nakamoto_coefficient([0.1] * 10) == 6
    assert nakamoto_coefficient([0.1, 0.1, 0.51]) == 1
    assert nakamoto_coefficient({"A": 0.3, "B": 0.3}) == 2
    assert nakamoto_coefficient([[0.6, 0.4], [0.5, 0.5]]).tolist() == [1, 2]
    assert type(nakamoto_coefficient([0.6])) is int


def test_the_coefficient_is_refused_where_those_not_given_decide() -> None:
    for shares in ([0.5], [0.2, 0.3], [[0.9], [0.1]]):
        with pytest.raises(InputError, match=r"more than 0\.5 together"):
            nakamoto_coefficient(shares)


def test_a_mine_takes_its_share_and_the_others_keep_their_proportions() -> None:
    before = {"A": 0.5, "B": 0.3, "C": 0.1}
    after = with_mine(before, 0.2)
    assert after == pytest.approx({"A": 0.4, "B": 0.24, "mine": 0.2, "C": 0.08})
    assert list(after) == ["A", "B", "mine", "C"]
    behind = with_mine(before, 0.2, pool="b")
    assert behind == pytest.approx({"B": 0.44, "A": 0.4, "C": 0.08})
    assert with_mine(before, 0.0)["mine"] == 0.0
    assert with_mine(before, 1.0)["mine"] == 1.0
    assert before == {"A": 0.5, "B": 0.3, "C": 0.1}


def test_joining_dilutes_or_displaces() -> None:
    assert share_after_joining(0.25) == pytest.approx(0.2)
    assert share_after_joining(0.25, 1.0) == 0.25
    # 300 join 1,000 and 150 leave: 300 of 1,150.
    assert share_after_joining(0.3, 0.5) == pytest.approx(300 / 1150)
    assert share_after_joining([0.0, 1e300], 0.0).tolist() == [0.0, 1.0]
    assert share_after_joining(1.0, 1.0) == 1.0
    with pytest.raises(InputError, match="displaced"):
        share_after_joining(1.5, 1.0)


def test_returned_machines_weaken_an_attacker() -> None:
    assert share_with_returned([0.27, 0.5], 0.25).tolist() == pytest.approx([0.216, 0.4])
    with pytest.raises(InputError, match="returned"):
        share_with_returned(0.3, -0.1)


def test_the_change_names_both_sides() -> None:
    change = concentration_change({"A": 0.4, "B": 0.35, "C": 0.25}, 0.5)
    assert (change.nakamoto_before, change.nakamoto_after) == (2, 2)
    assert (change.largest_before, change.largest_after) == ("A", "mine")
    assert change.hhi_before == pytest.approx(3450.0)
    assert change.hhi_after == pytest.approx(2500.0 + 3450.0 / 4)


def test_the_shipped_pools_are_more_concentrated_by_template() -> None:
    tags = concentration_change(hash_rate_shares("pool"), 0.27)
    templates = concentration_change(hash_rate_shares("template"), 0.27)
    assert (tags.nakamoto_before, templates.nakamoto_before) == (3, 2)
    assert templates.hhi_before > tags.hhi_before
    behind = concentration_change(hash_rate_shares("template"), 0.27, pool="Foundry USA")
    assert behind.hhi_after > templates.hhi_after


def test_stale_blocks_add_up_to_one_minus_the_squares() -> None:
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    rate = stale_rate(shares, 12.0)
    assert (shares * rate).sum() == pytest.approx(0.02 * (1 - (shares**2).sum()))
    assert (np.diff(rate) > 0).all()
    assert stale_rate([1.0], 12.0).tolist() == pytest.approx([0.0])
    assert stale_rate({"A": 0.5, "B": 0.5}, 6.0) == pytest.approx({"A": 0.005, "B": 0.005})
    assert stale_rate(shares, [0.0, 6.0]).shape == (2, 4)
    assert stale_rate(shares, 0.0).tolist() == [0.0] * 4


def test_a_large_miner_gains_a_little_by_the_delay() -> None:
    shares = np.concatenate([[0.3], np.full(7000, 1e-4)])
    kept = shares * (1.0 - stale_rate(shares, 10.0))
    assert kept[0] / kept.sum() == pytest.approx(0.3021, abs=1e-4)


def test_a_simulation_of_delays_loses_as_many_blocks() -> None:
    """Chains of three miners who hear of one another's blocks after the delay."""
    shares, delay_s, blocks = [0.5, 0.3, 0.2], 3.0, 200_000
    random = np.random.default_rng(4)
    times = np.cumsum(random.exponential(600.0, blocks)).tolist()
    finders = random.choice(3, size=blocks, p=shares).tolist()
    height, parent = [0], [-1]
    tips, heard = [0, 0, 0], 0
    for index, (time, finder) in enumerate(zip(times, finders, strict=True), start=1):
        while heard + 1 < index and times[heard] + delay_s <= time:
            heard += 1
            for miner in range(3):
                # First seen stays on equal height.
                if height[heard] > height[tips[miner]]:
                    tips[miner] = heard
        height.append(height[tips[finder]] + 1)
        parent.append(tips[finder])
        tips[finder] = index
    on_chain = np.zeros(blocks + 1, dtype=bool)
    at = int(np.argmax(height))
    while at >= 0:
        on_chain[at] = True
        at = parent[at]
    found = np.array(finders)
    rates = stale_rate(shares, delay_s)
    # The earlier of two is heard of first, and either is the earlier as often: even chances.
    for miner in range(3):
        lost = ~on_chain[1:][found == miner]
        error = math.sqrt(rates[miner] / lost.size)
        assert abs(lost.mean() - rates[miner]) < 5 * error


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hhi([0.6, 0.41]), "1.01 together"),
        (lambda: hhi([0.6, -0.1]), "shares"),
        (lambda: hhi(0.5), "a list of shares"),
        (lambda: hhi([]), "at least one share"),
        (lambda: hhi({}), "at least one share"),
        (lambda: hhi({"A": math.nan}), "shares\\['A'\\]"),
        (lambda: hhi({"A": "half"}), "'half'"),  # type: ignore[dict-item]
        (lambda: with_mine({"A": 0.5}, 1.5), "mine_share"),
        (lambda: with_mine({"mine": 0.5}, 0.5), "a name that no other has"),
        (lambda: with_mine([0.5], 0.5), "shares by name"),  # type: ignore[arg-type]
        (lambda: with_mine(hash_rate_shares(), 0.2, pool="Antpol"), "nearest  AntPool"),
        (lambda: with_mine(hash_rate_shares(), 0.2, pool="Foundry"), "nearest  Foundry USA"),
        (lambda: stale_rate([0.5], 61.0), "delay_s"),
        (lambda: stale_rate({"A": 0.5}, [1.0, 2.0]), "one number"),
    ],
)
def test_bad_shares_are_refused(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()


def test_a_sum_that_rounds_above_one_is_taken() -> None:
    assert hhi([0.5, 0.5 + 1e-10]) == pytest.approx(5000.0)
