"""Coalitions of a mine: by trying every set of partners."""

from __future__ import annotations

from itertools import combinations

import pytest

from baseload.errors import InputError
from baseload.security import coalition_share, coalitions, hash_rate_shares

POOLS = {"A": 0.3, "B": 0.25, "C": 0.2, "D": 0.05, "E": 0.0}


@pytest.mark.parametrize("mine", [0.0, 0.05, 0.2, 0.34, 0.6])
def test_coalitions_are_all_that_cross_and_can_spare_nobody(mine: float) -> None:
    found = {
        (one.threshold_share, frozenset(one.members[1:]))
        for one in coalitions(POOLS, mine, partners=3)
    }
    wanted = set()
    for limit in (0.1, 0.25, 1 / 3, 0.5):
        for size in range(4):
            for group in combinations(POOLS, size):

                def total(names: tuple[str, ...]) -> float:
                    return mine + (1 - mine) * sum(POOLS[name] for name in names)

                fewer = [tuple(one for one in group if one != left) for left in group]
                if total(group) > limit + 1e-12 and not any(
                    total(one) > limit + 1e-12 for one in fewer
                ):
                    wanted.add((limit, frozenset(group)))
    assert found == wanted


def test_the_threshold_of_selfish_mining_goes_with_gamma() -> None:
    for gamma, threshold in ((0.0, 1 / 3), (0.5, 0.25), (1.0, 0.0)):
        found = coalitions(POOLS, 0.2, gamma=gamma)
        limits = [one.threshold_share for one in found if one.threshold == "selfish mining"]
        assert limits
        assert limits == pytest.approx([threshold] * len(limits))


def test_exactly_a_half_is_not_more_than_a_half() -> None:
    found = coalitions({"A": 0.375, "B": 0.625}, 0.2, partners=1)
    assert [one.members for one in found if one.threshold == "a half"] == [("mine", "B")]


def test_a_mine_that_crosses_alone_needs_nobody() -> None:
    found = coalitions(POOLS, 0.6)
    assert {one.members for one in found} == {("mine",)}
    assert all(one.share == 0.6 for one in found)


def test_the_share_of_a_coalition_counts_diluted_partners() -> None:
    assert coalition_share(POOLS, 0.2, ["A", "b"]) == pytest.approx(0.2 + 0.8 * 0.55)
    assert coalition_share(POOLS, 0.2, []) == 0.2
    states = hash_rate_shares("state")
    assert coalition_share(states, 0.27, ("russia",)) == pytest.approx(0.27 + 0.73 * 0.1661)


def test_bad_partners_are_refused() -> None:
    with pytest.raises(InputError, match="'A' twice"):
        coalition_share(POOLS, 0.2, ["A", "a"])
    with pytest.raises(InputError, match="a list of names"):
        coalition_share(POOLS, 0.2, "A")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="nearest  Russia"):
        coalition_share(hash_rate_shares("state"), 0.2, ["Rusia"])
    with pytest.raises(InputError, match="gamma"):
        coalitions(POOLS, 0.2, gamma=1.5)
    with pytest.raises(InputError, match="partners"):
        coalitions(POOLS, 0.2, partners=5)
    with pytest.raises(InputError, match="a name that no other has"):
        coalitions(POOLS, 0.2, name="A")
