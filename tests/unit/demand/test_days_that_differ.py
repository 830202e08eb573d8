"""The table of days says of each hour what the profile says."""

from __future__ import annotations

import numpy as np

from baseload.demand.setup import days_that_differ


def test_each_day_finds_its_own_shares() -> None:
    random = np.random.default_rng(5)
    few = random.uniform(size=(4, 24))
    shapes = few[random.integers(0, 4, (3, 50))].reshape(3, -1)
    row, table = days_that_differ(shapes)
    assert row.shape == (3, 50) and table.shape == (4, 24)
    assert table[row].reshape(3, -1).tobytes() == shapes.tobytes()


def test_a_profile_without_two_days_alike_keeps_all_of_them() -> None:
    shapes = np.random.default_rng(6).uniform(size=(1, 240))
    row, table = days_that_differ(shapes)
    assert sorted(row[0].tolist()) == list(range(10))
    assert table[row[0]].tobytes() == shapes.tobytes()
