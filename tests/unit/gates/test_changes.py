"""Levers, the smallest changes and what binds, against brute force on the same draws."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from tests.unit.gates.made import AS_OF, gate, opinion, points, pooled

from baseload.errors import InputError
from baseload.gates.binding import binding_gates, on_path
from baseload.gates.changes import smallest_changes
from baseload.gates.levers import BLOCKED_COUNTS_AS, LEVERS, Lever, Levers, setting
from baseload.gates.outcomes import first_mining_by
from baseload.gates.passage import Passage, draw_passage
from baseload.gates.pool import log_odds
from baseload.gates.search import moved

BY = 60.0
WORKS = np.linspace(6.0, 30.0, 50)


def case(correlations: dict[tuple[str, str], float] | None = None, draws: int = 4000) -> Passage:
    gates = pooled(
        gate("war", 0.8, (3, 12, 48), lasts_years=(1.0, 8.0, 30.0)),
        gate("one", 0.6, (2, 8, 30), needs=["war"]),
        gate("other", 0.5, (2, 8, 30), needs=["war"]),
        gate("water", 0.9, (1, 10, 40), needs=["one"]),
        gate("money", 0.7, (3, 6, 24)),
        gate("cover", 0.95, (1, 2, 9), needs=["money", "other"]),
    )
    return draw_passage(gates, "joint", as_of=AS_OF, correlations=correlations, draws=draws)


CASES = [None, {("one", "other"): 0.4}, {("one", "other"): -0.3, ("money", "one"): 0.5}]


@pytest.mark.parametrize("correlations", CASES)
def test_no_change_is_the_probability_of_first_mining(
    correlations: dict[tuple[str, str], float] | None,
) -> None:
    passage = case(correlations)
    levers = Levers(passage, BY, WORKS)
    expected = first_mining_by(passage, BY, WORKS).value
    for lever in LEVERS:
        assert moved(levers, lever, {}) == pytest.approx(expected, rel=1e-12)
        assert moved(levers, lever, {1: 0.0, 4: 0.0}) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("correlations", CASES)
def test_two_gates_at_once_are_what_the_whole_tree_gives(
    correlations: dict[tuple[str, str], float] | None,
) -> None:
    passage = case(correlations, draws=500)
    rng = np.random.default_rng(2)
    kept = Levers(passage, BY, WORKS)
    for i, j in combinations(range(6), 2):
        for lever in LEVERS:
            for _ in range(3):
                sizes = {i: float(rng.exponential()), j: float(rng.exponential())}
                # A fresh one works the tree through; the kept one has its paths by now.
                fresh = moved(Levers(passage, BY, WORKS), lever, sizes)
                assert moved(kept, lever, sizes) == pytest.approx(fresh, rel=1e-12)


@pytest.mark.parametrize("correlations", CASES)
def test_a_change_for_the_better_never_does_harm(
    correlations: dict[tuple[str, str], float] | None,
) -> None:
    levers = Levers(case(correlations), BY, WORKS)
    for i in range(6):
        for lever in LEVERS:
            sizes = [0.0, 0.1, 0.5, 1.0, 3.0, 8.0, math.inf]
            values = [moved(levers, lever, {i: size}) for size in sizes]
            assert all(b >= a * (1 - 2e-3) for a, b in pairwise(values))


def test_a_lever_multiplies_odds_and_divides_months() -> None:
    changed = setting(0.2, "both", math.log(4))
    assert log_odds(changed.probability) == pytest.approx(log_odds(0.2) + math.log(4))
    assert changed.months_factor == pytest.approx(0.25)
    assert setting(0.2, "months", 3.0).probability == 0.2
    assert setting(1.0, "probability", 3.0).probability == 1.0
    blocked = setting(0.0, "probability", 1.0).probability
    assert log_odds(blocked) == pytest.approx(log_odds(BLOCKED_COUNTS_AS) + 1.0)
    assert setting(0.0, "probability", 0.0).probability == 0.0
    assert setting(0.0, "both", math.inf) == setting(0.7, "both", math.inf)


@pytest.mark.parametrize("correlations", CASES[:2])
@pytest.mark.parametrize("lever", LEVERS)
def test_the_smallest_single_change_reaches_and_less_does_not(
    correlations: dict[tuple[str, str], float] | None, lever: Lever
) -> None:
    passage = case(correlations)
    levers = Levers(passage, BY, WORKS)
    now = moved(levers, lever, {})
    target = now * 1.15
    found = smallest_changes(passage, BY, WORKS, target=target).singles[lever]
    sizes = np.linspace(0.0, 20.0, 400)
    scale = 2.0 if lever == "both" else 1.0
    able = [s for s in sizes if any(moved(levers, lever, {i: s}) >= target for i in range(6))]
    if found is None:
        assert not able
    else:
        assert found.reaches >= target
        assert found.size / scale == pytest.approx(min(able), abs=sizes[1] + 0.002)


@pytest.mark.parametrize("correlations", CASES[:2])
@pytest.mark.parametrize("lever", LEVERS)
def test_no_pair_on_a_grid_is_smaller_than_the_one_named(
    correlations: dict[tuple[str, str], float] | None, lever: Lever
) -> None:
    passage = case(correlations, draws=1000)
    levers = Levers(passage, BY, WORKS)
    target = moved(levers, lever, {}) * 1.5
    found = smallest_changes(passage, BY, WORKS, target=target)
    grid = np.arange(0.25, 5.0, 0.25)
    sums = [
        a + b
        for i, j in combinations(range(6), 2)
        for a in grid
        for b in grid
        if moved(levers, lever, {i: a, j: b}) >= target
    ]
    scale = 2.0 if lever == "both" else 1.0
    change, single = found.pairs[lever], found.singles[lever]
    if change is None:
        limit = math.inf if single is None else single.size / scale
        assert not sums or min(sums) >= limit * 0.94
    else:
        assert change.reaches >= target and len(change.lifts) == 2
        assert change.size / scale <= min(sums, default=math.inf) * 1.06


def test_a_pair_of_odds_is_as_small_as_calculus_says() -> None:
    # p (odds x) for two equal gates: by symmetry both get the root of the target.
    passage = draw_passage(pooled(gate("a", 0.3), gate("b", 0.3)), "joint", as_of=AS_OF, draws=10)
    found = smallest_changes(passage, 120.0, target=0.5)
    each = log_odds(math.sqrt(0.5)) - log_odds(0.3)
    assert found.single is None and found.pair is not None
    assert found.pair.size == pytest.approx(2 * each, abs=0.02)
    assert found.best_single is not None and found.best_single.probability == pytest.approx(0.3)


def test_a_single_change_of_odds_is_in_closed_form() -> None:
    passage = draw_passage(pooled(gate("a", 0.3), gate("b", 0.8)), "joint", as_of=AS_OF, draws=10)
    found = smallest_changes(passage, 120.0, target=0.5)
    assert found.single is not None and found.single.lifts[0].gate == "a"
    assert found.single.size == pytest.approx(log_odds(0.5 / 0.8) - log_odds(0.3), abs=0.002)


def test_what_no_gate_and_no_pair_can_do_is_none() -> None:
    gates = pooled(*(gate(str(i), 0.2) for i in range(4)))
    passage = draw_passage(gates, "joint", as_of=AS_OF, draws=100)
    found = smallest_changes(passage, 120.0, target=0.5)
    assert found.single is found.pair is None and found.needed
    assert found.best_pair is not None and found.best_pair.probability == pytest.approx(0.04)


def test_what_is_reached_already_needs_nothing() -> None:
    passage = draw_passage(pooled(gate("a", 0.9), gate("b", 0.9)), "joint", as_of=AS_OF, draws=10)
    found = smallest_changes(passage, 120.0, target=0.5)
    assert not found.needed and found.single is found.pair is None


def test_a_blocked_gate_is_opened_from_one_in_a_thousand() -> None:
    passage = draw_passage(
        pooled(gate("a", 0.0, None), gate("b", 0.9)), "joint", as_of=AS_OF, draws=10
    )
    found = smallest_changes(passage, 120.0, target=0.5)
    assert found.now.value == 0.0 and found.single is not None
    expected = log_odds(0.5 / 0.9) - log_odds(BLOCKED_COUNTS_AS)
    assert found.single.size == pytest.approx(expected, abs=0.002)


def test_one_gate_has_no_pair_and_none_has_neither() -> None:
    lone = draw_passage(pooled(gate("a", 0.3)), "joint", as_of=AS_OF, draws=10)
    found = smallest_changes(lone, 120.0, target=0.5)
    assert found.pair is None and found.best_pair is None and found.single is not None
    bare = draw_passage((), "joint", as_of=AS_OF, draws=10)
    nothing = smallest_changes(bare, 120.0, [math.inf], target=0.5)
    assert nothing.single is None and nothing.best_single is None and nothing.needed


@pytest.mark.parametrize("target", [0.0, 1.0, math.nan, True])
def test_a_target_out_of_range_is_refused(target: float) -> None:
    with pytest.raises(InputError):
        smallest_changes(case(draws=10), BY, target=target)


def test_the_last_gates_and_the_path_add_up() -> None:
    passage = case({("one", "other"): 0.4})
    found = binding_gates(passage, BY, WORKS)
    weights = passage.weights * passage.starts
    mean = float((weights * passage.start).sum() / weights.sum())
    assert math.fsum(one.last or 0.0 for one in found) == pytest.approx(1.0)
    assert math.fsum(one.months_on_path or 0.0 for one in found) == pytest.approx(mean)
    path = on_path(passage)
    total = sum(p * w for p, w in zip(path, passage.waits, strict=True))
    assert np.allclose(total, passage.start)


def test_certainty_is_the_limit_of_a_change() -> None:
    passage = case()
    levers = Levers(passage, BY, WORKS)
    for one in binding_gates(passage, BY, WORKS):
        i = passage.tree.position(one.gate)
        assert one.if_certain == pytest.approx(moved(levers, "both", {i: 200.0}), rel=1e-6)
        assert one.if_certain >= max(one.if_odds_doubled, one.if_months_halved) * (1 - 1e-12)


def test_what_learning_moves_is_what_enumeration_gives() -> None:
    # a: 0.5; b: 0.4, needs a. P = 0.2; b granted with 0.2, a with 0.5.
    passage = draw_passage(
        pooled(gate("a", 0.5, (2, 9, 30)), gate("b", 0.4, (2, 9, 30), needs=["a"])),
        "joint",
        as_of=AS_OF,
        draws=40_000,
    )
    found = {one.gate: one for one in binding_gates(passage, 240.0)}
    assert found["a"].shift_if_known == pytest.approx(0.5 * (0.4 - 0.2) + 0.5 * 0.2, abs=0.01)
    assert found["b"].shift_if_known == pytest.approx(0.2 * 0.8 + 0.8 * 0.2, abs=0.01)
    for one in found.values():
        assert one.shift_if_date_known >= one.shift_if_known - 0.01
    hurried = {one.gate: one for one in binding_gates(passage, 12.0)}
    assert hurried["a"].shift_if_date_known > hurried["a"].shift_if_known * 1.05


def test_a_conditional_gate_counts_in_learning() -> None:
    given = {"a": points(0.9)}
    passage = draw_passage(
        pooled(
            gate("a", 0.5), {"name": "b", "opinions": [opinion(0.1, 6.0, probability_given=given)]}
        ),
        "joint",
        as_of=AS_OF,
    )
    found = {one.gate: one for one in binding_gates(passage, 240.0)}
    assert found["b"].probability == pytest.approx(0.9)
    assert found["b"].granted.value == pytest.approx(0.5, abs=0.02)


def test_an_arrangement_that_cannot_start_has_no_last_gate() -> None:
    passage = draw_passage(pooled(gate("a", 0.0, None, blocked_value="refused")), "j", as_of=AS_OF)
    (one,) = binding_gates(passage, 60.0)
    assert one.last is None and one.months_on_path is None and one.state == "refused"
    assert one.if_certain == 1.0 and one.shift_if_known == 0.0
