"""On and off of one unit against every pattern there is, and the value of an hour by hand."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest

from baseload.compiled import kernel
from baseload.dispatch.commit_kernels import HIGHEST, LOWEST, OWED, best_value, commit_unit
from baseload.dispatch.plan_kernels import FIRM, LAST_RESORT, UNLIMITED

Ints = npt.NDArray[np.int64]


@kernel
def value_between(slopes, widths, count, least, most):
    """`best_value`, which is written out where it is called."""
    return best_value(slopes, widths, count, least, most)


@pytest.mark.parametrize(
    ("least", "most", "value"),
    [
        (0, 0, 0),
        (0, 50, 50 * 7),
        (0, 120, 100 * 7 + 20 * 0),
        (0, 500, 700),
        # 100 at 7, 30 at 0, the rest of the minimum at -3 and -9.
        (140, 500, 700 - 10 * 3),
        (200, 500, 700 - 20 * 3 - 50 * 9),
        (200, 200, 700 - 20 * 3 - 50 * 9),
    ],
)
def test_an_hour_is_worth_its_uses_and_costs_what_its_minimum_dumps(
    least: int, most: int, value: int
) -> None:
    slopes = np.array([7, 5, 0, -3, -9, 99], np.int64)
    widths = np.array([100, 0, 30, 20, UNLIMITED, 5], np.int64)
    assert value_between(slopes, widths, 5, least, most) == value


def test_values_beyond_every_price_keep_their_order_and_a_window_of_them_its_bits() -> None:
    slopes = np.array([FIRM, FIRM // 2, 1 << 32, 40, -LAST_RESORT], np.int64)
    widths = np.array([1, 1, 1, 1, UNLIMITED], np.int64)
    assert value_between(slopes, widths, 5, 6, 9) == OWED + 2 * HIGHEST + 40 + 2 * LOWEST
    assert OWED > HIGHEST > -LOWEST > 0
    assert 168 * 30_000_000 * OWED < 2**63


@dataclass(frozen=True)
class Unit:
    """A unit before a window."""

    gain: tuple[int, ...]
    start_cost: int
    min_run: int
    min_down: int
    on_now: bool
    hours: int
    available: tuple[int, ...]


def committed(unit: Unit) -> tuple[list[int], int]:
    """The kernel's hours on, and their value."""
    hours = len(unit.gain)
    on = np.full(hours, 9, np.int64)
    value = commit_unit(
        np.array(unit.gain, np.int64),
        unit.start_cost,
        unit.min_run,
        unit.min_down,
        unit.on_now,
        unit.hours,
        np.array(unit.available, np.int64),
        on,
        np.full((3, hours + 1), -99, np.int64),
    )
    return on.tolist(), int(value)


def value_of(unit: Unit, on: tuple[int, ...]) -> int | None:
    """Value of a pattern, None where it is not allowed: run by run, as an operator would read it."""
    if any(a > b for a, b in zip(on, unit.available, strict=True)):
        return None
    worth = sum(g for g, runs in zip(unit.gain, on, strict=True) if runs)
    since, before = -unit.hours, int(unit.on_now)
    for t, runs in enumerate(on):
        if runs == before:
            continue
        held = t - since
        if runs:
            if held < unit.min_down:
                return None
            worth -= unit.start_cost
            # The run that begins must not be one that is known to be cut short.
            if not all(unit.available[t : t + unit.min_run]):
                return None
        elif held < unit.min_run and unit.available[t]:
            return None
        since, before = t, runs
    return worth


@pytest.mark.parametrize("seed", range(150))
def test_commitment_is_the_best_of_all_patterns(seed: int) -> None:
    draws = np.random.default_rng(seed)
    hours = int(draws.integers(1, 11))
    spread = int(draws.choice([2, 20]))
    unit = Unit(
        gain=tuple(draws.integers(-spread, spread + 1, hours).tolist()),
        start_cost=int(draws.integers(0, 2 * spread)),
        min_run=int(draws.integers(0, 6)),
        min_down=int(draws.integers(0, 6)),
        on_now=bool(draws.integers(0, 2)),
        hours=int(draws.integers(1, 7)),
        available=tuple((draws.random(hours) < draws.choice([0.8, 1.0])).astype(int).tolist()),
    )
    values = [value_of(unit, on) for on in itertools.product((0, 1), repeat=hours)]
    best = max(value for value in values if value is not None)
    on, value = committed(unit)
    assert value == best
    assert value_of(unit, tuple(on)) == best


BASE = Unit((0,) * 6, 0, 0, 0, True, 100, (1,) * 6)


@pytest.mark.parametrize("on_now", [True, False])
def test_a_unit_that_gains_nothing_stays_as_it_is(on_now: bool) -> None:
    assert committed(replace(BASE, on_now=on_now))[0] == [int(on_now)] * 6


def test_a_start_must_earn_its_cost() -> None:
    unit = replace(BASE, gain=(-5, 3, 4, 2, -5, -5), on_now=False)
    assert committed(replace(unit, start_cost=8)) == ([0, 1, 1, 1, 0, 0], 1)
    assert committed(replace(unit, start_cost=9)) == ([0] * 6, 0)


def test_a_loss_is_borne_where_a_new_start_would_cost_more() -> None:
    unit = replace(BASE, gain=(5, -1, -1, 5, 5, -9))
    assert committed(replace(unit, start_cost=3))[0] == [1, 1, 1, 1, 1, 0]
    assert committed(replace(unit, start_cost=1))[0] == [1, 0, 0, 1, 1, 0]
    assert committed(replace(unit, start_cost=1, min_down=3))[0] == [1, 1, 1, 1, 1, 0]


def test_what_is_left_of_a_run_or_a_stand_is_kept() -> None:
    losing = replace(BASE, gain=(-5,) * 6, min_run=8)
    assert committed(replace(losing, hours=4))[0] == [1, 1, 1, 1, 0, 0]
    assert committed(replace(losing, hours=8))[0] == [0] * 6
    earning = replace(BASE, gain=(5,) * 6, on_now=False, min_down=8)
    assert committed(replace(earning, hours=5))[0] == [0, 0, 0, 1, 1, 1]


def test_a_unit_that_falls_stands_at_once_and_for_its_least_stand() -> None:
    unit = replace(
        BASE, gain=(5,) * 6, min_run=50, hours=1, min_down=3, available=(1, 0, 1, 1, 1, 1)
    )
    assert committed(unit)[0] == [1, 0, 0, 0, 1, 1]


def test_no_run_is_begun_that_is_known_to_be_cut_short() -> None:
    unit = replace(BASE, gain=(5,) * 6, on_now=False, min_run=4, available=(1, 1, 1, 0, 1, 1))
    # From hour 4 on the window's end cuts it short, which is not known to happen.
    assert committed(unit)[0] == [0, 0, 0, 0, 1, 1]
