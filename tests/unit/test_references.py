"""Named tuples by their place in memory: what a kernel sees of them is what lies in them."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from numba.core.errors import TypingError

from baseload.compiled import kernel
from baseload.references import by_reference


class Costs(NamedTuple):
    fuel: int
    levies: int


class Inner(NamedTuple):
    yes: bool
    table: npt.NDArray[np.float64]
    costs: Costs


class Outer(NamedTuple):
    factor: int
    inner: Inner
    share: float
    out: npt.NDArray[np.int64]


@kernel
def _look(outer, inner):
    for i in range(outer.out.size):
        outer.out[i] = i * outer.factor
    found = inner.table[1, 2] + outer.share
    return found + 100 * inner.costs.levies if inner.yes else -found


@kernel
def _look_by_reference(outer):
    place = by_reference(outer)
    return _look(place, place.inner)


@kernel
def _look_by_value(outer):
    return _look(outer, outer.inner)


@kernel
def _reference_to_a_number(number):
    return by_reference(number)


def made(yes: bool, out: npt.NDArray[np.int64]) -> Outer:
    table = np.arange(6.0).reshape(2, 3)
    return Outer(7, Inner(yes, table, Costs(3, 5)), 0.25, out)


@pytest.mark.parametrize("yes", [True, False])
def test_a_kernel_sees_the_same_through_a_reference(yes: bool) -> None:
    one, other = np.zeros(4, np.int64), np.zeros(4, np.int64)
    seen = _look_by_reference(made(yes, one))
    assert seen == _look_by_value(made(yes, other)) == (505.25 if yes else -5.25)
    assert one.tolist() == other.tolist() == [0, 7, 14, 21]


def test_each_call_has_a_place_of_its_own() -> None:
    out = np.zeros(2, np.int64)
    first = made(True, out)
    values = [_look_by_reference(first._replace(share=share)) for share in (0.5, 1.5, 0.5)]
    assert values == [505.5, 506.5, 505.5]


def test_arrays_outlive_the_reference_to_their_tuple() -> None:
    out = np.zeros(3, np.int64)
    outer = made(True, out)
    for _ in range(10_000):
        _look_by_reference(outer)
    assert outer.inner.table.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert out.tolist() == [0, 7, 14]


def test_only_a_named_tuple_has_a_place() -> None:
    with pytest.raises(TypingError):
        _reference_to_a_number(3)
