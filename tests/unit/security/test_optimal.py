"""The best strategy between its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.security.race_by_hand import square_revenue, table_revenue

from baseload.errors import InputError
from baseload.security.optimal import (
    optimal_selfish_mining,
    optimal_selfish_mining_revenue,
    optimal_selfish_mining_threshold,
)
from baseload.security.selfish import selfish_mining_revenue, selfish_mining_threshold
from baseload.security.stubborn import stubborn_mining_revenue


@pytest.mark.parametrize(
    ("share", "gamma", "tie"),
    [(0.3, 0.5, "gamma"), (0.3, 0.9, "gamma"), (0.34, 0.0, "gamma"), (0.28, 0.0, "uniform")],
)
def test_bounds_enclose_a_slow_solution_that_gives_up_early(
    share: float, gamma: float, tie: str
) -> None:
    uniform = tie == "uniform"
    found = optimal_selfish_mining(share, gamma, 1e-7, tie)
    short = square_revenue(share, 0.5 if uniform else gamma, 12, uniform)
    shorter = square_revenue(share, 0.5 if uniform else gamma, 8, uniform)
    # Longer races pay a little more, and the less so the longer they are.
    assert shorter <= short + 1e-7
    assert short <= found.upper
    assert found.lower <= short + 4 * (short - shorter) + 1e-6


@pytest.mark.parametrize("share", [0.1, 0.25, 0.31, 0.4, 0.45])
@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.5, 0.95, 1.0])
def test_bounds_are_close_and_above_every_known_strategy(share: float, gamma: float) -> None:
    found = optimal_selfish_mining(share, gamma)
    assert found.lower <= found.revenue <= found.upper <= found.lower + 1e-5
    known = [share, selfish_mining_revenue(share, gamma)]
    known += [
        stubborn_mining_revenue(share, gamma, variant)
        for variant in ("lead", "equal-fork", "lead+equal-fork", "trail-1", "lead+trail-1")
    ]
    assert found.upper >= max(known) - 1e-12
    assert found.upper <= share / (1 - share) + 1e-12


@pytest.mark.parametrize(("share", "gamma"), [(0.2, 0.9), (0.3, 0.5), (0.33, 0.0), (0.36, 0.3)])
def test_the_policy_earns_the_revenue(share: float, gamma: float) -> None:
    found = optimal_selfish_mining(share, gamma, 1e-4)
    earned = table_revenue(found.policy, share, gamma)
    assert earned == pytest.approx(found.revenue, abs=2e-6)


def test_the_uniform_policy_earns_the_revenue() -> None:
    found = optimal_selfish_mining(0.3, 0, 1e-4, tie="uniform")
    earned = table_revenue(found.policy, 0.3, 0.5)
    assert earned == pytest.approx(found.revenue, abs=2e-6)


def test_a_smaller_tolerance_only_narrows_the_bounds() -> None:
    for share, gamma in ((0.35, 0.0), (0.42, 0.5), (0.45, 0.0), (0.45, 0.9)):
        wide = optimal_selfish_mining(share, gamma, 1e-3)
        narrow = optimal_selfish_mining(share, gamma, 1e-8)
        assert narrow.upper - narrow.lower <= 1e-8
        assert wide.lower <= narrow.upper
        assert narrow.lower <= wide.upper


# Middle of bounds that another program found, and half their distance.
REFERENCE = (
    (0.30, 0.5, 0.326873857, 5e-7),
    (1 / 3, 0.0, 0.337050878, 5e-7),
    (1 / 3, 0.5, 0.391833300, 5e-7),
    (0.35, 0.0, 0.370773407, 5e-7),
    (0.35, 0.5, 0.430176528, 5e-7),
    (0.40, 0.0, 0.488677231, 5e-7),
    (0.40, 0.5, 0.572507212, 5e-7),
    (0.425, 0.0, 0.568257430, 5e-7),
    (0.425, 0.5, 0.659921731, 5e-7),
    (0.45, 0.0, 0.670057861, 5e-7),
    (0.45, 0.5, 0.759637332, 5e-7),
    (0.475, 0.0, 0.808261681, 5e-6),
)


@pytest.mark.parametrize(("share", "gamma", "middle", "half"), REFERENCE)
def test_bounds_meet_those_of_another_program(
    share: float, gamma: float, middle: float, half: float
) -> None:
    found = optimal_selfish_mining(share, gamma, 1e-7)
    assert found.lower <= middle + half + 1e-9
    assert found.upper >= middle - half - 1e-9


def test_winning_every_tie_replaces_a_block_with_each() -> None:
    found = optimal_selfish_mining(0.3, 1)
    assert found.lower == found.revenue == found.upper == 0.3 / 0.7


def test_from_one_half_on_everything_is_his() -> None:
    for share in (0.5, 0.7, 1):
        found = optimal_selfish_mining(share, 0.2)
        assert (found.lower, found.revenue, found.upper) == (1, 1, 1)


def test_tiny_shares_have_their_share() -> None:
    for share in (0, 1e-300, 1e-8, 1e-5):
        found = optimal_selfish_mining(share, 0.5)
        assert found.lower <= found.revenue <= found.upper <= found.lower + 1e-5
        assert found.revenue == pytest.approx(share, abs=1e-9)


def test_close_to_one_half_the_bounds_still_hold() -> None:
    found = optimal_selfish_mining(0.499999, 0.5, 1e-5)
    assert selfish_mining_revenue(0.499999, 0.5) <= found.lower <= found.revenue
    assert found.upper <= 0.499999 / 0.500001 + 1e-12


def test_arrays_give_what_single_calls_give_for_any_number_of_threads() -> None:
    share, gamma = np.array([[0.1], [0.3], [0.42], [0.6]]), [0.0, 0.5]
    one = optimal_selfish_mining_revenue(share, gamma, threads=1)
    two = optimal_selfish_mining_revenue(share, gamma, threads=3)
    for mine, theirs in zip(one, two, strict=True):
        assert mine.tobytes() == theirs.tobytes()
    single = optimal_selfish_mining(0.42, 0.5)
    assert (one.lower[2, 1], one.revenue[2, 1], one.upper[2, 1]) == (
        single.lower,
        single.revenue,
        single.upper,
    )
    assert optimal_selfish_mining_revenue([], []).revenue.shape == (0,)


def test_on_either_side_of_the_threshold_the_bounds_tell() -> None:
    for gamma, tie in ((0.0, "gamma"), (0.5, "gamma"), (0.9, "gamma"), (0.0, "uniform")):
        threshold = float(optimal_selfish_mining_threshold(gamma, tie))
        above = optimal_selfish_mining(threshold + 1e-5, gamma, 1e-10, tie)
        below = optimal_selfish_mining(threshold - 1e-5, gamma, 1e-10, tie)
        assert above.lower > above.share + 1e-9
        assert below.upper < below.share + 1e-9


def test_thresholds_are_at_most_those_of_selfish_mining() -> None:
    gamma = np.linspace(0, 1, 6)
    best = optimal_selfish_mining_threshold(gamma)
    assert np.all(best <= selfish_mining_threshold(gamma) + 1e-5)
    assert best[-1] == 0.0  # type: ignore[index]
    assert optimal_selfish_mining_threshold(0) == pytest.approx(0.32939, abs=1.1e-5)


def test_bad_arguments_are_refused() -> None:
    for tolerance in (0, -1e-5, float("nan"), True, "1e-5"):
        with pytest.raises(InputError, match="tolerance"):
            optimal_selfish_mining(0.3, 0.5, tolerance)  # type: ignore[arg-type]
    for tie in ("random", None, 1):
        with pytest.raises(InputError, match="tie"):
            optimal_selfish_mining(0.3, 0.5, tie=tie)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="share"):
        optimal_selfish_mining([0.1, 0.2], 0.5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="threads"):
        optimal_selfish_mining_revenue([0.3], 0.5, threads=0)
