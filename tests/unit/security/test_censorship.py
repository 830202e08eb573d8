"""Ignored transactions and censorship by a majority."""

from __future__ import annotations

import math

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.security import censorship_wait, hard_censorship


def test_an_ignored_transaction_waits_as_long_as_the_others_need() -> None:
    wait = censorship_wait(0.27)
    assert wait.mean_blocks == pytest.approx(1 / 0.73)
    assert wait.mean_minutes == pytest.approx(13.6986, abs=1e-4)
    # The mean is the sum of what survives each block, and of what survives each minute.
    assert np.sum(wait.survival_blocks(np.arange(200))) == pytest.approx(wait.mean_blocks)
    minutes = (np.arange(400_000) + 0.5) * 1e-3
    assert np.sum(wait.survival_minutes(minutes)) * 1e-3 == pytest.approx(wait.mean_minutes)


def test_a_quantile_of_the_blocks_is_the_first_that_is_enough() -> None:
    for share in (0.05, 0.27, 0.5, 0.9, 0.999):
        wait = censorship_wait(share)
        for sure in (0.0, 0.3, 0.5, 0.75, 0.875, 0.99, 1 - 1e-9):
            blocks = wait.quantile_blocks(sure)
            assert blocks >= 1
            # To rounding: three blocks at one half are seven eighths exactly.
            assert 1 - wait.survival_blocks(int(blocks)) >= sure - 1e-12
            assert blocks == 1 or 1 - wait.survival_blocks(int(blocks) - 1) < sure - 1e-13
    assert censorship_wait(0.5).quantile_blocks([0.5, 0.75, 0.875]).tolist() == [1.0, 2.0, 3.0]


def test_a_quantile_of_the_minutes_undoes_the_survival() -> None:
    wait = censorship_wait([0.0, 0.27, 0.9])
    assert wait.survival_minutes(wait.quantile_minutes(0.9)) == pytest.approx([0.1] * 3)


def test_edges_of_the_wait_are_limits_and_never_not_a_number() -> None:
    everyone = censorship_wait(1.0)
    assert everyone.mean_blocks == everyone.mean_minutes == math.inf
    assert everyone.quantile_blocks([0.0, 0.5, 1.0]).tolist() == [math.inf] * 3
    assert everyone.quantile_minutes([0.0, 0.5, 1.0]).tolist() == [math.inf] * 3
    assert everyone.survival_minutes(1e9) == 1.0
    assert everyone.survival_blocks(10**9) == 1.0
    nobody = censorship_wait(0)
    assert nobody.mean_minutes == 10.0
    assert nobody.quantile_blocks([0.0, 0.5, 1.0]).tolist() == [1.0] * 3
    assert nobody.survival_blocks([0, 1, 2]).tolist() == [1.0, 0.0, 0.0]
    assert censorship_wait(0.3).quantile_minutes([0.0, 1.0]).tolist() == [0.0, math.inf]
    assert censorship_wait(0.3).quantile_blocks(1.0) == math.inf


def test_the_wait_takes_arrays() -> None:
    wait = censorship_wait([[0.1], [0.2]])
    assert wait.survival_blocks([1, 2, 3]).shape == (2, 3)
    assert wait.quantile_minutes([0.5, 0.9]).shape == (2, 2)
    assert type(censorship_wait(0.2).quantile_blocks(0.5)) is float


def test_a_majority_holds_while_the_rest_is_smaller() -> None:
    found = hard_censorship([0.0, 0.3, 0.5, 0.6, 1.0])
    assert found.holds.tolist() == [False, False, False, True, True]
    # Added to the rest or to the censors, it makes the sides equal.
    for share, cushion, missing in zip(found.share, found.cushion, found.missing_new, strict=True):
        assert share + missing == pytest.approx(1.0 - share + cushion)
    assert found.missing_converted == pytest.approx([0.5, 0.2, 0.0, 0.0, 0.0])
    assert found.fork_minutes[3:] == pytest.approx([100.0, 20.0])
    assert (found.fork_minutes[:3] == np.inf).all()
    assert found.block_minutes[0] == np.inf
    assert found.days_to_retarget[4] == 14.0


def test_a_simulated_fork_of_a_majority_takes_its_mean_time() -> None:
    draws = np.random.default_rng(20_261).random((20_000, 400)) < 0.7
    # From one behind to one ahead.
    walk = np.cumsum(np.where(draws, 1, -1), axis=1) - 1
    assert (walk.max(axis=1) >= 1).all()
    blocks = np.argmax(walk >= 1, axis=1) + 1
    error = blocks.std() / math.sqrt(len(blocks))
    assert abs(blocks.mean() * 10.0 - hard_censorship(0.7).fork_minutes) < 4 * 10.0 * error


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan, "all", None, True])
def test_bad_shares_are_refused(share: object) -> None:
    for function in (censorship_wait, hard_censorship):
        with pytest.raises(InputError, match="share\n  found"):
            function(share)  # type: ignore[arg-type]


def test_bad_times_and_probabilities_are_refused() -> None:
    wait = censorship_wait(0.3)
    with pytest.raises(InputError, match="probability"):
        wait.quantile_blocks(1.5)
    with pytest.raises(InputError, match="probability"):
        wait.quantile_minutes(math.nan)
    with pytest.raises(InputError, match="minutes"):
        wait.survival_minutes(-1.0)
    with pytest.raises(InputError, match="blocks"):
        wait.survival_blocks(0.5)
