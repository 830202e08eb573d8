"""Draws of gates against closed forms and enumeration."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from tests.unit.gates.made import AS_OF, gate, opinion, points, pooled

from baseload.errors import InputError
from baseload.gates.opinion import curve_of
from baseload.gates.outcomes import (
    Estimate,
    gate_probabilities,
    probability_by,
    probability_of_ever,
    probability_of_lasting,
)
from baseload.gates.passage import Passage, draw_passage, draw_passages

LONG = 100.0


def within(found: Estimate, expected: float, errors: float = 4.0) -> bool:
    return abs(found.value - expected) <= errors * found.standard_error + 1e-12


def drawn(*gates: dict, **rest: object) -> Passage:  # type: ignore[type-arg]
    rest = {"as_of": AS_OF, "horizon_years": LONG, **rest}
    return draw_passage(pooled(*gates), "joint", **rest)  # type: ignore[arg-type]


def test_without_correlations_ever_is_the_product_to_the_last_digit() -> None:
    passage = drawn(gate("a", 0.3), gate("b", 0.2, needs=["a"]), gate("c", 0.7))
    found = probability_of_ever(passage)
    assert found.value == pytest.approx(0.3 * 0.2 * 0.7, rel=1e-12)
    assert found.standard_error < 1e-12


def test_rare_success_is_as_well_known_as_common() -> None:
    rare = drawn(*(gate(str(i), 0.1, (3.0, 12.0, 48.0)) for i in range(12)))
    assert probability_of_ever(rare).value == pytest.approx(1e-12, rel=1e-9)
    half = probability_by(rare, 40.0)
    assert 0.0 < half.value < 1e-12 and half.standard_error < 0.02 * half.value


def test_one_gate_comes_by_a_day_as_its_months_say() -> None:
    months = (3.0, 12.0, 48.0)
    passage = drawn(gate("a", 0.4, months))
    for month in (2.0, 6.0, 12.0, 30.0, 60.0):
        expected = 0.4 * curve_of(months, 0.0).below(month)
        assert within(probability_by(passage, month), expected)


def test_a_chain_takes_the_sum_and_a_fork_the_latest() -> None:
    first, second = curve_of((2.0, 6.0, 20.0), 0.0), curve_of((1.0, 9.0, 12.0), 0.0)
    shares = (np.arange(1500) + 0.5) / 1500
    one, other = np.meshgrid(first.at(shares), second.at(shares))
    chain = drawn(gate("a", 1.0, (2.0, 6.0, 20.0)), gate("b", 1.0, (1.0, 9.0, 12.0), needs=["a"]))
    fork = drawn(gate("a", 1.0, (2.0, 6.0, 20.0)), gate("b", 1.0, (1.0, 9.0, 12.0)))
    for month in (5.0, 12.0, 20.0, 28.0):
        assert within(probability_by(chain, month), float((one + other <= month).mean()))
        assert within(probability_by(fork, month), float((np.maximum(one, other) <= month).mean()))


@pytest.mark.parametrize("rho", [-0.8, -0.3, 0.2, 0.6, 0.95])
def test_correlated_halves_pass_together_as_the_arcsine_says(rho: float) -> None:
    # Sheppard 1899: 1/4 + arcsin(rho) / (2 pi) for two halves.
    passage = drawn(gate("a"), gate("b"), correlations={("a", "b"): rho})
    assert within(probability_of_ever(passage), 0.25 + math.asin(rho) / (2 * math.pi))


@pytest.mark.parametrize(("rho", "expected"), [(1.0, 0.3), (-1.0, 0.0)])
def test_gates_of_one_score_pass_with_the_harder_or_never(rho: float, expected: float) -> None:
    passage = drawn(gate("a", 0.3), gate("b", 0.6), correlations={("a", "b"): rho})
    assert within(probability_of_ever(passage), expected)


def test_weighted_and_plain_draws_agree_on_correlated_gates() -> None:
    gates = [gate("a", 0.5, (2, 8, 30)), gate("b", 0.4, (1, 9, 50)), gate("c", 0.7, (3, 5, 20))]
    rho = {("a", "b"): 0.5, ("b", "c"): -0.3, ("a", "c"): 0.2}
    passage = drawn(*gates, gate("d", 0.8, (1, 2, 3), needs=["a"]), correlations=rho)
    for month in (6.0, 12.0, 30.0, 600.0):
        plain = np.all([opened <= month for opened in passage.plain], axis=0)
        rate = float(plain.mean())
        error = math.sqrt(rate * (1 - rate) / passage.draws)
        found = probability_by(passage, month)
        assert abs(found.value - rate) < 4.0 * math.hypot(error, found.standard_error)
        assert found.standard_error < error


def test_certain_and_blocked_gates_may_be_correlated() -> None:
    rho = {("a", "b"): 0.5}
    sure = drawn(gate("a", 1.0), gate("b", 0.3), correlations=rho)
    assert within(probability_of_ever(sure), 0.3)
    blocked = drawn(gate("a", 0.0, None), gate("b", 0.3), correlations=rho)
    assert probability_of_ever(blocked) == Estimate(0.0, 0.0)
    assert np.isfinite(blocked.start).all()


def test_each_gate_is_granted_as_often_as_its_parents_allow() -> None:
    given = {"b": points(0.9)}
    passage = drawn(
        gate("a", 0.6),
        gate("b", 0.5, needs=["a"]),
        {"name": "c", "opinions": [opinion(0.2, 6.0, probability_given=given)]},
    )
    found = gate_probabilities(passage)
    assert within(found["a"], 0.6) and within(found["b"], 0.3)
    assert within(found["c"], 0.3 * 0.9 + 0.7 * 0.2)
    assert probability_of_ever(passage).value == pytest.approx(0.3 * 0.9)


def test_a_parent_that_an_arrangement_does_not_need_holds_nothing_up() -> None:
    given = {"b": points(0.9)}
    gates = pooled(
        gate("a", 1.0, 10.0),
        gate("b", 0.5, 20.0, needs=["a"], only_for=["joint"]),
        gate("c", 1.0, 5.0, needs=["b"]),
        {"name": "d", "opinions": [opinion(0.2, 1.0, probability_given=given)]},
    )
    made = draw_passages(gates, ["joint", "alone"], as_of=AS_OF)
    assert made["joint"].start[0] == 35.0 and made["alone"].start[0] == 15.0
    assert probability_of_ever(made["joint"]).value == pytest.approx(0.5 * 0.9)
    assert probability_of_ever(made["alone"]).value == pytest.approx(0.2)


def test_arrangements_and_other_gates_change_no_draw_of_a_gate() -> None:
    months = (3.0, 12.0, 48.0)
    alone = drawn(gate("a", 0.5, months), seed=7)
    beside = drawn(gate("z", 0.5, months), gate("a", 0.5, months), seed=7)
    place = beside.tree.position("a")
    assert np.array_equal(alone.waits[0], beside.waits[place])
    assert not np.array_equal(alone.waits[0], drawn(gate("a", 0.5, months), seed=8).waits[0])
    fewer = drawn(gate("a", 0.5, months), seed=7, draws=100)
    assert np.array_equal(alone.waits[0][:100], fewer.waits[0])


def test_no_gate_means_a_start_at_once() -> None:
    passage = drawn(gate("a", 0.2, only_for=["alone"]))
    assert probability_by(passage, AS_OF).value == 1.0


def test_what_comes_after_the_horizon_never_comes() -> None:
    passage = drawn(gate("a", 1.0, (6.0, 12.0, 60.0)), horizon_years=1.0)
    assert within(probability_of_ever(passage), 0.5)
    assert probability_by(passage, 500.0) == probability_of_ever(passage)


def test_a_gate_that_lapses_before_the_last_is_granted_ends_the_attempt() -> None:
    passage = drawn(gate("a", 1.0, 0.0, lasts_years=(1.0, 5.0, 10.0)), gate("b", 1.0, 60.0))
    assert within(probability_of_ever(passage), 0.5)
    lasting = curve_of((12.0, 60.0, 120.0), 0.0)
    for years in (1.0, 3.0, 5.0):
        expected = 1.0 - lasting.below(60.0 + 12.0 * years)
        assert within(probability_of_lasting(passage, years), expected)
    assert probability_of_lasting(passage, 0.0) == probability_of_ever(passage)


def test_correlated_gates_lean_in_time_too() -> None:
    months = (3.0, 12.0, 48.0)
    made = [
        drawn(gate("a", 0.9, months), gate("b", 0.9, months), correlations={("a", "b"): rho})
        for rho in (-0.7, 0.7)
    ]
    apart, together = (np.corrcoef(one.passed[0], one.passed[1])[0, 1] for one in made)
    assert apart < -0.2 and together > 0.4


@pytest.mark.parametrize(
    "change",
    [
        {"draws": 0},
        {"draws": True},
        {"draws": 10.0},
        {"seed": 1.5},
        {"horizon_years": 0.0},
        {"horizon_years": math.nan},
        {"correlations": {("a", "b"): 2.0}},
        {"correlations": {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}},
    ],
)
def test_arguments_out_of_range_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        drawn(gate("a"), gate("b"), gate("c"), **change)


def test_a_day_before_the_opinions_is_refused() -> None:
    with pytest.raises(InputError, match="2026-11-24"):
        probability_by(drawn(gate("a")), date(2026, 11, 23))
