"""Plans under ramps against HiGHS, against a search over every whole kW, and by hand."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
import scipy.optimize
import scipy.sparse

from baseload.compiled import kernel
from baseload.dispatch.link_work import STACK_ROWS, link_work
from baseload.dispatch.plan_kernels import (
    FIRM,
    LAST_RESORT,
    UNLIMITED,
    hour_pieces,
    plan_production,
)

Ints = npt.NDArray[np.int64]


@kernel
def pieces_of(firm, values, caps, count, price, falls, tranche, limit, cost, dump, slopes, widths):
    """`hour_pieces`, which is written out where it is called."""
    return hour_pieces(
        firm, values, caps, count, price, falls, tranche, limit, cost, dump, slopes, widths
    )


def found_pieces(
    firm: int,
    slots: list[tuple[int, int]],
    price: int,
    falls: list[int],
    tranche: int,
    limit: int,
    cost: int,
    dump: bool = True,
) -> list[tuple[int, int]]:
    """Slope and width of each piece, as the kernel writes them."""
    table = np.array(slots, np.int64).reshape(-1, 2)
    room = len(slots) + len(falls) + 2
    slopes, widths = np.zeros(room, np.int64), np.zeros(room, np.int64)
    n = pieces_of(
        firm,
        np.ascontiguousarray(table[:, 0]),
        np.ascontiguousarray(table[:, 1]),
        len(slots),
        price,
        np.array(falls, np.int64),
        tranche,
        limit,
        cost,
        dump,
        slopes,
        widths,
    )
    return list(zip(slopes[:n].tolist(), widths[:n].tolist(), strict=True))


def test_uses_come_by_falling_value_and_slots_before_export_of_the_same_value() -> None:
    # Export earns 50, 40, 30 in tranches of 100 kW up to 250; the mine 60, 40 and 5; fuel costs 35.
    found = found_pieces(
        700, [(60, 10), (40, 20), (5, 30)], 52, [2, 12, 22], 100, 250, 35, dump=True
    )
    assert found == [
        (FIRM, 700),
        (25, 10),
        (15, 100),
        (5, 20),
        (5, 100),
        (-5, 50),
        (-30, 30),
        (-35, UNLIMITED),
    ]


def test_what_earns_nothing_is_no_use() -> None:
    assert found_pieces(0, [(-1, 10)], -1, [0], 100, 250, 35) == [(-35, UNLIMITED)]
    assert found_pieces(0, [(0, 10)], 0, [0], 100, 250, 35)[:2] == [(-35, 10), (-35, 100)]
    # A tranche that earns less than nothing ends export, whatever the mine still does.
    assert found_pieces(0, [(3, 10)], 5, [4, 6], 100, 250, 1) == [
        (2, 10),
        (0, 100),
        (-1, UNLIMITED),
    ]


def test_dumping_is_the_last_resort_where_it_is_not_allowed() -> None:
    assert found_pieces(5, [], 20, [0], 100, 0, 35, dump=False) == [
        (FIRM, 5),
        (-LAST_RESORT, UNLIMITED),
    ]


def test_a_mine_that_always_runs_comes_after_what_is_owed() -> None:
    found = found_pieces(5, [(1 << 60, 10), (90, 10), (80, 0)], 99, [0], 100, 100, 35)
    assert found == [(FIRM, 5), (FIRM // 2, 10), (64, 100), (55, 10), (-35, UNLIMITED)]


@pytest.mark.parametrize("seed", range(40))
def test_pieces_are_a_sort_of_the_uses(seed: int) -> None:
    draws = np.random.default_rng(seed)
    slots = sorted(((int(v), int(c)) for v, c in draws.integers(-5, 30, (4, 2))), reverse=True)
    slots = [(value, max(cap, 0)) for value, cap in slots]
    falls = np.cumsum(draws.integers(0, 4, 5)).tolist()
    price, cost = (int(x) for x in draws.integers(0, 30, 2))
    tranche, limit = (int(x) for x in draws.integers(1, 40, 2))
    uses = [(value, 0, cap) for value, cap in slots]
    for j, fall in enumerate(falls):
        uses.append((price - fall, 1, max(0, min(tranche, limit - j * tranche))))
    kept = [use for use in uses if use[0] >= 0 and use[2] > 0]
    kept.sort(key=lambda use: (-use[0], use[1]))
    assert found_pieces(0, slots, price, falls, tranche, limit, cost) == [
        *((value - cost, width) for value, _, width in kept),
        (-cost, UNLIMITED),
    ]


@dataclass(frozen=True)
class Case:
    """A window: pieces, bounds and the hour before."""

    slopes: Ints
    widths: Ints
    counts: Ints
    least: Ints
    most: Ints
    up: Ints
    down: Ints
    start: int
    free: bool = False


def planned(case: Case) -> tuple[Ints, bool]:
    """The kernel's plan, with a scratch that holds rubbish and is exactly as long as it must be."""
    hours, pieces = case.slopes.shape
    plan = np.full(hours, -7, np.int64)
    stacks = np.full((STACK_ROWS, hours * (pieces + 2) + 2), -(1 << 50), np.int64)
    bound = plan_production(
        case.slopes,
        case.widths,
        case.counts,
        case.least,
        case.most,
        case.up,
        case.down,
        case.start,
        case.free,
        plan,
        stacks,
    )
    return plan, bool(bound)


def value_of(case: Case, production: Ints) -> int:
    """Value of production by the pieces, in whole numbers of any size."""
    total = 0
    for t, kw in enumerate(production.tolist()):
        left = kw
        for i in range(case.counts[t]):
            part = min(left, int(case.widths[t, i]))
            total += part * int(case.slopes[t, i])
            left -= part
    return total


def merit_order(case: Case) -> Ints:
    """Each hour's uses of net value zero or more, within the hour's bounds."""
    best = []
    for t in range(case.counts.size):
        uses = int(case.counts[t]) - 1
        worth = case.slopes[t, :uses] >= 0
        best.append(int(case.widths[t, :uses][worth].sum()))
    within: Ints = np.clip(np.array(best), case.least, case.most)
    return within


def optimum(case: Case) -> int:
    """The same programme by HiGHS: pieces as columns, ramps as rows."""
    hours = case.counts.size
    columns = [(t, i) for t in range(hours) for i in range(int(case.counts[t]))]
    sums = scipy.sparse.lil_matrix((hours, len(columns)))
    for c, (t, _) in enumerate(columns):
        sums[t, c] = 1.0
    steps = scipy.sparse.eye(hours) - scipy.sparse.eye(hours, k=-1)
    before = np.zeros(hours)
    before[0] = case.start
    up, down = case.up.astype(float), case.down.astype(float)
    if case.free:
        up[0] = down[0] = np.inf
    sums = sums.tocsr()
    found = scipy.optimize.milp(
        -np.array([float(case.slopes[t, i]) for t, i in columns]),
        bounds=scipy.optimize.Bounds(
            0.0, np.array([min(float(case.widths[t, i]), 1e6) for t, i in columns])
        ),
        constraints=[
            scipy.optimize.LinearConstraint(sums, case.least, case.most),
            scipy.optimize.LinearConstraint(steps @ sums, before - down, before + up),
        ],
    )
    assert found.status == 0, found.message
    return -round(float(found.fun))


def drawn(draws: np.random.Generator, ties: bool) -> Case:
    """A small window whose bounds can be kept from its start."""
    hours, pieces = int(draws.integers(1, 13)), int(draws.integers(1, 7))
    spread = 3 if ties else 50
    counts = draws.integers(1, pieces + 1, hours)
    slopes = -np.sort(-draws.integers(-spread, spread + 1, (hours, pieces)), axis=1)
    widths = draws.integers(0, 12, (hours, pieces))
    for t in range(hours):
        widths[t, counts[t] - 1] = UNLIMITED
        slopes[t, counts[t] - 1] = -spread - int(draws.integers(0, 2))
    # A path within the ramps shows that the bounds around it can be kept.
    up = draws.integers(0, 8, hours) * draws.integers(0, 2, hours)
    down = draws.integers(0, 8, hours) * draws.integers(0, 2, hours)
    up[draws.random(hours) < 0.1] = UNLIMITED
    down[draws.random(hours) < 0.1] = UNLIMITED
    start = int(draws.integers(0, 40))
    path, kw = [], start
    for t in range(hours):
        kw += int(draws.integers(-min(down[t], kw), min(up[t], 20) + 1))
        path.append(kw)
    most = np.array(path) + draws.integers(0, 25, hours) * draws.integers(0, 2, hours)
    least = np.maximum(np.array(path) - draws.integers(0, 30, hours), 0)
    return Case(slopes, widths, counts, least, most, up, down, start, bool(draws.random() < 0.2))


def is_kept(case: Case, plan: Ints) -> bool:
    """Whether a plan keeps all bounds."""
    steps = np.diff(plan, prepend=case.start)
    first = 1 if case.free else 0
    return bool(
        (plan >= case.least).all()
        and (plan <= case.most).all()
        and (steps[first:] <= case.up[first:]).all()
        and (-steps[first:] <= case.down[first:]).all()
    )


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("block", range(6))
def test_plans_are_worth_what_highs_finds(block: int, ties: bool) -> None:
    draws = np.random.default_rng([block, ties])
    bound = 0
    for _ in range(50):
        case = drawn(draws, ties)
        plan, binds = planned(case)
        assert is_kept(case, plan), case
        assert value_of(case, plan) == optimum(case), case
        bound += binds
    assert bound > 15


def searched(case: Case) -> int:
    """Best value by trying every whole production after every other that the ramps allow."""
    best = {case.start: 0}
    for t in range(case.counts.size):
        value_at = [
            value_of(one_hour(case, t), np.array([kw])) for kw in range(int(case.most[t]) + 1)
        ]
        after: dict[int, int] = {}
        for kw, value in best.items():
            least, most = int(case.least[t]), int(case.most[t])
            low, high = least, most
            if t > 0 or not case.free:
                low, high = max(kw - int(case.down[t]), least), min(kw + int(case.up[t]), most)
            for to in range(low, high + 1):
                after[to] = max(after.get(to, -(1 << 62)), value + value_at[to])
        best = after
    return max(best.values())


def one_hour(case: Case, t: int) -> Case:
    return replace(
        case,
        slopes=case.slopes[t : t + 1],
        widths=case.widths[t : t + 1],
        counts=case.counts[t : t + 1],
    )


@pytest.mark.parametrize("seed", range(60))
def test_plans_are_worth_what_a_search_over_every_kilowatt_finds(seed: int) -> None:
    draws = np.random.default_rng([9, seed])
    case = drawn(draws, seed % 2 == 0)
    assert value_of(case, planned(case)[0]) == searched(case)


@pytest.mark.parametrize("seed", range(30))
def test_wide_ramps_give_the_merit_order_though_another_hour_binds(seed: int) -> None:
    draws = np.random.default_rng([4, seed])
    case = drawn(draws, True)
    hours = case.counts.size
    wide = np.full(hours, UNLIMITED)
    loose = replace(case, up=wide, down=wide)
    plan, binds = planned(loose)
    assert not binds
    assert plan.tolist() == merit_order(loose).tolist()
    # An hour before them that holds production up sends the window through the backward pass.
    extra = {
        name: np.concatenate([getattr(loose, name)[:1], getattr(loose, name)])
        for name in ("slopes", "widths", "counts", "least", "most", "up", "down")
    }
    extra["up"][0] = extra["down"][0] = extra["least"][0] = 0
    extra["most"][0], extra["counts"][0] = 50, 1
    extra["slopes"][0, 0], extra["widths"][0, 0] = -9, UNLIMITED
    plan, binds = planned(replace(loose, start=50, free=False, **extra))
    assert binds
    assert plan.tolist() == [50, *merit_order(loose).tolist()]


def window(
    pieces: list[list[tuple[int, int]]],
    least: list[int],
    most: list[int],
    up: list[int],
    down: list[int],
    start: int,
    free: bool = False,
) -> Case:
    """A case by hand; every hour ends with dumping at -10."""
    counts = np.array([len(hour) + 1 for hour in pieces])
    slopes = np.zeros((len(pieces), int(counts.max())), np.int64)
    widths = np.zeros_like(slopes)
    for t, hour in enumerate(pieces):
        for i, (slope, width) in enumerate([*hour, (-10, UNLIMITED)]):
            slopes[t, i], widths[t, i] = slope, width
    bounds = np.array([least, most, up, down])
    return Case(slopes, widths, counts, bounds[0], bounds[1], bounds[2], bounds[3], start, free)


def test_a_plan_rises_early_for_a_dear_hour_as_far_as_it_pays() -> None:
    # 100 kW are worth 30 in the last hour; each hour before costs 10 to dump. From 0 at 25 an hour.
    cheap, dear = [(0, 0)], [(30, 100)]
    case = window([cheap, cheap, cheap, dear], [0] * 4, [100] * 4, [25] * 4, [100] * 4, 0)
    # A kW that rises two hours early pays 20 for 30; three hours early, 30 for 30, it stays away.
    assert planned(case)[0].tolist() == [0, 25, 50, 75]


def test_a_kilowatt_that_is_worth_nothing_in_the_end_is_not_produced() -> None:
    cheap, dear = [(0, 0)], [(20, 100)]
    case = window([cheap, cheap, dear], [0] * 3, [100] * 3, [25] * 3, [100] * 3, 0)
    assert planned(case)[0].tolist() == [0, 25, 50]


def test_a_fall_that_is_foreseen_is_met_by_the_ramp() -> None:
    full = [(30, 100)]
    case = window([full] * 5, [0] * 5, [100, 100, 100, 100, 20], [30] * 5, [30] * 5, 100)
    assert planned(case)[0].tolist() == [100, 100, 80, 50, 20]


def test_a_fall_that_no_ramp_can_meet_takes_production_along() -> None:
    full = [(30, 100)]
    case = window([full] * 3, [0] * 3, [100, 20, 20], [30] * 3, [30] * 3, 100)
    assert planned(case)[0].tolist() == [70, 20, 20]


def test_a_minimum_that_no_ramp_can_reach_is_reached_at_once() -> None:
    full = [(30, 100)]
    case = window([full] * 3, [0, 60, 60], [0, 100, 100], [10] * 3, [10] * 3, 0)
    assert planned(case)[0].tolist() == [0, 60, 70]


def test_no_ramp_at_all_holds_production_where_it_is() -> None:
    hours = [[(5, 50)], [(-2, 80)], [(9, 10)]]
    case = window(hours, [0] * 3, [100] * 3, [0] * 3, [0] * 3, 37)
    assert planned(case)[0].tolist() == [37, 37, 37]
    # Free to begin anywhere: 5 + 9 - 2 up to 10 kW, 5 - 10 - 2 above.
    assert planned(replace(case, free=True))[0].tolist() == [10, 10, 10]


def test_slopes_of_a_whole_window_do_not_overflow() -> None:
    hours = 168
    pieces = [[(FIRM, 6_000_000), (FIRM // 2, 3_000_000)]] * hours
    case = window(pieces, [0] * hours, [20_000_000] * hours, [7] * hours, [7] * hours, 0)
    case.slopes[:, 2] = -LAST_RESORT
    plan, binds = planned(case)
    assert binds
    assert plan.tolist() == [7 * (t + 1) for t in range(hours)]
    down = replace(case, start=19_000_000)
    assert planned(down)[0].tolist() == [19_000_000 - 7 * (t + 1) for t in range(hours)]


def test_memory_for_a_window_is_enough() -> None:
    work = link_work(48, 3, 4)
    assert work.slopes.shape == (48, 9)
    assert work.stacks.shape[1] == 48 * 11 + 2
