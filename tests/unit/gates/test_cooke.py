"""Cooke's classical model against closed forms and plain twins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2

from baseload.errors import InputError
from baseload.gates.cooke import (
    Answer,
    calibration_score,
    cooke_weights,
    decision_maker,
    information_score,
    intrinsic_range,
    own_weight,
)

TEN = [(0.0, 10.0, 20.0)] * 10


def test_a_source_that_is_right_as_often_as_it_says_scores_one() -> None:
    twenty = [(0.0, 10.0, 20.0)] * 20
    truths = [-1.0] + [5.0] * 9 + [15.0] * 9 + [25.0]
    assert calibration_score(twenty, truths) == pytest.approx(1.0)


def test_the_score_is_the_tail_of_a_chi_square_with_three_degrees_of_freedom() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        truths = rng.choice([-1.0, 5.0, 15.0, 25.0], 10).tolist()
        counts = [sum(t == one for t in truths) for one in (-1.0, 5.0, 15.0, 25.0)]
        relative = sum(
            c / 10 * math.log(c / 10 / p)
            for c, p in zip(counts, (0.05, 0.45, 0.45, 0.05), strict=True)
            if c
        )
        expected = chi2.sf(20 * relative, 3)
        assert calibration_score(TEN, truths) == pytest.approx(expected, rel=1e-6, abs=1e-15)


def test_a_truth_on_a_point_lies_below_it() -> None:
    assert calibration_score(TEN, [10.0] * 10) == calibration_score(TEN, [5.0] * 10)


def test_information_is_nothing_for_a_flat_answer_and_grows_as_it_narrows() -> None:
    assert information_score((5.0, 50.0, 95.0), 0.0, 100.0) == pytest.approx(0.0, abs=1e-12)
    scores = [information_score((50 - w, 50.0, 50 + w), 0.0, 100.0) for w in (40, 20, 5, 1)]
    assert scores == sorted(scores) and scores[0] > 0.0


def test_information_does_not_hang_on_units_or_origin() -> None:
    here = information_score((3.0, 4.0, 9.0), 0.0, 10.0)
    assert information_score((1300.0, 1400.0, 1900.0), 1000.0, 2000.0) == pytest.approx(here)


def test_the_intrinsic_range_goes_a_tenth_beyond_points_and_truth() -> None:
    assert intrinsic_range([(0, 5, 10), (2, 3, 4)], 20.0) == (-2.0, 22.0)


def test_the_decision_maker_with_one_source_is_that_source() -> None:
    curve = decision_maker([(1.0, 2.0, 9.0), (3.0, 4.0, 5.0)], [1.0, 0.0], 0.0, 10.0)
    assert curve.at([0.05, 0.5, 0.95]).tolist() == [1.0, 2.0, 9.0]


def made(seed: int) -> tuple[dict[str, list[Answer]], list[float]]:
    rng = np.random.default_rng(seed)
    truths = rng.normal(50.0, 10.0, 10).tolist()
    answers: dict[str, list[Answer]] = {}
    for name, width, off in (("wide", 25.0, 0.0), ("fair", 12.0, 3.0), ("narrow", 3.0, 6.0)):
        answers[name] = [
            (50 + off - width + e, 50 + off + e, 50 + off + width + e)
            for e in rng.normal(0.0, 2.0, 10).tolist()
        ]
    return answers, truths


def test_weights_are_calibration_times_information_above_the_cut_off() -> None:
    answers, truths = made(1)
    scores = cooke_weights(answers, truths)
    raw = {name: one.calibration * one.information for name, one in scores.items()}
    for name, one in scores.items():
        assert one.weight == pytest.approx(raw[name] / sum(raw.values()))
    best = max(scores, key=lambda name: scores[name].calibration)
    only = cooke_weights(answers, truths, scores[best].calibration)
    assert only[best].weight == 1.0


@pytest.mark.parametrize("seed", range(6))
def test_the_optimised_cut_off_gives_the_decision_maker_its_largest_weight(seed: int) -> None:
    answers, truths = made(seed)
    found = cooke_weights(answers, truths, "optimised")
    best = own_weight(answers, [one.weight for one in found.values()], truths)
    for one in found.values():
        other = cooke_weights(answers, truths, one.calibration)
        weights = [each.weight for each in other.values()]
        assert own_weight(answers, weights, truths) <= best + 1e-12


@pytest.mark.parametrize(
    ("answers", "truths", "cut_off"),
    [
        ({}, [1.0], 0.0),
        ({"a": [(1, 2, 3)]}, [], 0.0),
        ({"a": [(1, 2, 3)]}, [1.0, 2.0], 0.0),
        ({"a": [(1, 1, 3)]}, [1.0], 0.0),
        ({"a": [(3, 2, 1)]}, [1.0], 0.0),
        ({"a": [(1, 2, 3)]}, [math.nan], 0.0),
        ({"a": [(1, 2, 3)]}, [2.5], 1.0),
        ({"a": [(1, 2, 3)]}, [2.5], "best"),
        ({"a": [(1, 2, 3)]}, [9.0], 0.9),
    ],
)
def test_bad_seeds_are_refused(answers: object, truths: list[float], cut_off: object) -> None:
    with pytest.raises(InputError):
        cooke_weights(answers, truths, cut_off)  # type: ignore[arg-type]
