"""Hours at which something about the plant changes come in order."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls

from __future__ import annotations

import numpy as np
import pytest

from baseload.plant.kernels import in_order


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 257])
def test_the_first_numbers_are_sorted_and_the_others_stay(count: int) -> None:
    random = np.random.default_rng(count)
    for _ in range(20):
        values = random.integers(-5, 40, count + 3)
        sorted_values = values.copy()
        in_order(sorted_values, count)
        assert sorted_values[:count].tolist() == sorted(values[:count].tolist())
        assert sorted_values[count:].tolist() == values[count:].tolist()
