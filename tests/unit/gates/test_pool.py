"""Pools of probabilities and of months."""

from __future__ import annotations

import math

import pytest
from tests.unit.gates.made import gate, opinion, pooled

from baseload.errors import InputError
from baseload.gates.opinion import curve_of
from baseload.gates.pool import linear_pool, log_odds_pool


def test_the_linear_pool_is_the_weighted_mean() -> None:
    assert linear_pool([0.1, 0.4]) == pytest.approx(0.25)
    assert linear_pool([0.1, 0.4], [3, 1]) == pytest.approx(0.175)


def test_the_log_odds_pool_is_the_geometric_mean_of_the_odds() -> None:
    chances = [0.2, 0.5, 0.9]
    odds = math.prod(p / (1 - p) for p in chances) ** (1 / 3)
    assert log_odds_pool(chances) == pytest.approx(odds / (1 + odds))
    assert log_odds_pool(chances, exponent=2.5) == pytest.approx(odds**2.5 / (1 + odds**2.5))


def test_extremising_moves_away_from_one_half() -> None:
    for chances in ([0.3, 0.2], [0.7, 0.9]):
        plain, extreme = log_odds_pool(chances), log_odds_pool(chances, exponent=2.5)
        assert abs(extreme - 0.5) > abs(plain - 0.5) and (extreme > 0.5) == (plain > 0.5)
    assert log_odds_pool([0.5, 0.5], exponent=3) == 0.5


def test_those_who_agree_are_taken_at_their_word_by_either_pool() -> None:
    for p in (0.0, 1e-9, 0.37, 1.0):
        assert linear_pool([p, p, p]) == p
        assert log_odds_pool([p, p, p]) == pytest.approx(p, rel=1e-12)


def test_one_who_rules_it_out_rules_it_out_for_the_log_odds_alone() -> None:
    assert log_odds_pool([0.0, 0.9]) == 0.0 and linear_pool([0.0, 0.9]) == 0.45
    assert log_odds_pool([0.0, 0.9], [0, 1]) == pytest.approx(0.9)
    with pytest.raises(InputError, match="opposites"):
        log_odds_pool([0.0, 1.0])


@pytest.mark.parametrize("bad", [[], [1.1], [-0.1], [math.nan], [True]])
def test_what_are_no_probabilities_is_refused(bad: list[float]) -> None:
    for pool in (linear_pool, log_odds_pool):
        with pytest.raises(InputError):
            pool(bad)


@pytest.mark.parametrize("exponent", [0.0, -1.0, math.inf, math.nan])
def test_an_exponent_not_above_zero_is_refused(exponent: float) -> None:
    with pytest.raises(InputError):
        log_odds_pool([0.5], exponent=exponent)


def test_a_source_is_as_sure_as_the_mean_of_what_it_holds_possible() -> None:
    (made,) = pooled(gate("a", (0.0, 0.1, 0.8)))
    assert made.probability == pytest.approx(curve_of((0.0, 0.1, 0.8), 0.0, 1.0).mean)
    assert made.probability > 0.2  # far above the best guess: the high end counts


def test_months_count_by_weight_times_probability() -> None:
    (made,) = pooled(
        {
            "name": "a",
            "opinions": [opinion(0.1, 10.0, weight=3), opinion(0.6, 20.0, "other", weight=1)],
        }
    )
    assert made.months is not None
    assert made.months.below(15.0) == pytest.approx(0.3 / 0.9)
    assert made.probability == pytest.approx((3 * 0.1 + 0.6) / 4)


def test_the_same_months_come_with_each_rule_and_the_probability_of_its_own() -> None:
    case = {"name": "a", "opinions": [opinion(0.1, 10.0), opinion(0.6, 20.0, "other")]}
    made = {rule: pooled(case, method=rule)[0] for rule in ("linear", "log odds", "extremised")}
    assert len({one.probability for one in made.values()}) == 3
    assert len({tuple(one.months.values) for one in made.values() if one.months}) == 1
    assert made["log odds"].pools == made["linear"].pools
    assert made["extremised"].probability == made["linear"].pools.extremised


def test_what_nobody_gives_a_chance_is_a_state_of_its_own() -> None:
    blocked, open_, sure = pooled(
        gate("cover", 0.0, None, blocked_value="unobtainable"), gate("b"), gate("c", 1.0, 0.0)
    )
    states = [one.state(one.probability) for one in (blocked, open_, sure)]
    assert states == ["unobtainable", "open", "granted"]
    assert blocked.months is None and blocked.probability == 0.0


def test_opinions_certain_of_opposites_have_a_linear_pool_only() -> None:
    case = {"name": "a", "opinions": [opinion(0.0, None), opinion(1.0, 3.0, "other")]}
    (made,) = pooled(case)
    assert made.probability == 0.5 and made.pools.log_odds is None
    with pytest.raises(InputError, match="no answer"):
        pooled(case, method="log odds")


def test_weights_by_seed_questions_replace_those_stated() -> None:
    answers = {
        "good": {"low": 10, "best": 20, "high": 40},
        "bad": {"low": 90, "best": 95, "high": 99},
    }
    seeds = [
        {"question": str(i), "realised": r, "answers": answers, "source": "a test, 2026"}
        for i, r in enumerate([15, 25, 18, 22, 30, 12, 19, 28, 21, 17])
    ]
    case = {"name": "a", "opinions": [opinion(0.2, 5.0, "good"), opinion(0.8, 5.0, "bad")]}
    (made,) = pooled(case, weights="cooke", seeds=seeds)
    assert made.probability == pytest.approx(0.2, abs=1e-3)
    assert pooled(case)[0].probability == pytest.approx(0.5)
