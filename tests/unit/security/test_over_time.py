"""First months above a threshold, and what they come to."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from baseload.security.over_time import NEVER, THRESHOLDS, crossings, first_months

MONTHS = [date(2027 + m // 12, m % 12 + 1, 1) for m in range(24)]


def plainly(shares: np.ndarray, thresholds: list[float]) -> list[list[int]]:
    return [
        [
            next((m for m in range(len(shares)) if shares[m, p] > threshold), NEVER)
            for p in range(shares.shape[1])
        ]
        for threshold in thresholds
    ]


@pytest.mark.parametrize("width", [1, 5, 24])
def test_first_months_are_the_same_however_the_months_are_cut(width: int) -> None:
    shares = np.random.default_rng(3).random((24, 40)).astype(np.float32) ** 4
    blocks = [shares[i : i + width] for i in range(0, 24, width)]
    thresholds = [0.1, 0.25, 0.9, 0.999]
    assert first_months(blocks, 40, thresholds).tolist() == plainly(shares, thresholds)


def test_a_share_that_equals_a_threshold_does_not_cross_it() -> None:
    shares = np.array([[0.5], [0.25], [0.5]], np.float32)
    assert first_months([shares], 1, [0.5, 0.25]).tolist() == [[NEVER], [0]]


def test_crossings_count_paths_and_date_those_that_cross() -> None:
    months = np.full((3, 10), NEVER, np.int32)
    months[0, :5] = [20, 3, 9, 13, 1]
    months[1, 2] = 23
    tenth, third, half = crossings(months, MONTHS)
    assert (tenth.threshold, tenth.threshold_share) == THRESHOLDS[0]
    assert tenth.probability == 0.5
    assert (tenth.earliest, tenth.median) == (date(2027, 2, 1), date(2027, 10, 1))
    assert tenth.latest == date(2028, 2, 1)
    assert (third.probability, third.median) == (0.1, date(2028, 12, 1))
    assert (half.probability, half.earliest, half.median, half.latest) == (0.0, None, None, None)
