"""Source: TU Delft, Decision Making Under Uncertainty, course readings 3.7.3 and 3.8.2; more at each test.

The course prints scores, weights and decision makers for three made-up sources and five questions.
"""

from __future__ import annotations

import pytest

from baseload.gates.cooke import Answer, cooke_weights, decision_maker, intrinsic_range
from baseload.gates.pool import linear_pool, log_odds_pool

REALISED = [24.0, 11.0, 68.0, 47.0, 31.0]
ANSWERS: dict[str, list[Answer]] = {
    "A": [(2, 5, 7), (12, 13, 15), (87, 89, 92), (2, 5, 8), (48, 50, 52)],
    "B": [(20, 23, 34), (8, 10, 11), (60, 70, 90), (20, 35, 45), (30, 35, 40)],
    "C": [(20, 25, 28), (10, 13, 15), (65, 67, 70), (42, 44, 46), (32, 33, 35)],
}
# 5, 50 and 95 % points of both decision makers, as printed for questions 1 to 3, and two of question 4.
BY_PERFORMANCE = [
    (19.97, 24.48, 33.11),
    (8.19, 10.91, 14.86),
    (60.75, 67.56, 87.94),
    (21.02, 42.8, 45.97),
]
EQUAL = [(2.55, 21.77, 32.39), (8.31, 12.23, 14.91), (61.43, 71.08, 91.61), (2.55, 34.28)]
# After source A has been left out, for all five.
BC_BY_PERFORMANCE = [
    (20, 24.68, 32.31),
    (8.33, 11.71, 14.92),
    (61.24, 67.34, 86.28),
    (23.03, 43.3, 45.98),
    (30.61, 33.29, 39.1),
]
BC_EQUAL = [
    (20, 24.38, 33.15),
    (8.15, 10.75, 14.82),
    (60.61, 67.69, 88.24),
    (21.39, 42.5, 45.96),
    (30.31, 33.57, 39.58),
]


def points(names: str, weights: list[float], question: int) -> list[float]:
    answers = [ANSWERS[name][question] for name in names]
    ends = intrinsic_range(answers, REALISED[question])
    curve = decision_maker(answers, weights, *ends)
    return [float(value) for value in curve.at([0.05, 0.5, 0.95])]


def test_calibration_information_and_weights_are_those_of_the_course() -> None:
    scores = cooke_weights(ANSWERS, REALISED)
    assert scores["A"].calibration == pytest.approx(3.621e-5, rel=1e-4)
    assert [round(scores[name].calibration, 3) for name in "BC"] == [0.608, 0.327]
    assert [round(scores[name].information, 3) for name in "ABC"] == [1.418, 0.558, 1.354]
    # The course multiplies scores that it has rounded to three digits.
    assert [scores[name].weight for name in "ABC"] == pytest.approx(
        [0.00006565341, 0.4338007, 0.5661336], abs=1e-4
    )


def test_without_the_worst_source_the_others_scores_change_as_in_the_course() -> None:
    scores = cooke_weights({name: ANSWERS[name] for name in "BC"}, REALISED)
    # 0.9717 is printed as 0.971: cut off, not rounded.
    assert scores["B"].information == pytest.approx(0.220, abs=0.001)
    assert scores["C"].information == pytest.approx(0.971, abs=0.001)
    assert [scores[name].weight for name in "BC"] == pytest.approx([0.3, 0.7], abs=0.005)


@pytest.mark.parametrize("question", range(4))
def test_decision_makers_of_three_are_those_of_the_course(question: int) -> None:
    weights = [one.weight for one in cooke_weights(ANSWERS, REALISED).values()]
    assert points("ABC", weights, question) == pytest.approx(BY_PERFORMANCE[question], abs=0.011)
    equal = points("ABC", [1, 1, 1], question)[: len(EQUAL[question])]
    assert equal == pytest.approx(EQUAL[question], abs=0.011)


@pytest.mark.parametrize("question", range(5))
def test_decision_makers_of_two_are_those_of_the_course(question: int) -> None:
    scores = cooke_weights({name: ANSWERS[name] for name in "BC"}, REALISED)
    weights = [one.weight for one in scores.values()]
    assert points("BC", weights, question) == pytest.approx(BC_BY_PERFORMANCE[question], abs=0.011)
    assert points("BC", [1, 1], question) == pytest.approx(BC_EQUAL[question], abs=0.011)


def test_four_forecasts_of_nuclear_war_pool_as_published() -> None:
    # J. Sevilla, When pooling forecasts, use the geometric mean of odds, 2021, after L. Rodriguez.
    forecasts = [0.0140, 0.0221, 0.0039, 0.0040]
    assert round(linear_pool(forecasts), 3) == 0.011
    assert round(100 * log_odds_pool(forecasts), 2) == 0.84
