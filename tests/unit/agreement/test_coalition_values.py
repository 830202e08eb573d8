"""What coalitions are worth, from made-up runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.agreement.conftest import MONTHS, PATHS, accord_with, run_of

from baseload.accord import core_is_empty
from baseload.agreement.coalition_values import (
    certainty_equivalent,
    mean_values,
    redrawn_values,
    share_of_best,
    worths,
)
from baseload.agreement.configurations import can_run, coalitions_of, to_simulate
from baseload.agreement.simulated import Simulated, present_values
from baseload.parties.schema import Accord

HOLDER, OWNER = frozenset(["holder"]), frozenset(["owner"])
IDLE = np.full(PATHS, -2e6 * MONTHS)


def test_a_coalition_runs_what_its_rights_let_it_and_nobody_else(accord: Accord) -> None:
    assert [one.name for one in can_run(accord, ("holder",))] == ["alone"]
    assert can_run(accord, ("owner",)) == []
    assert [one.name for one in can_run(accord, ("holder", "owner"))] == ["both"]
    assert to_simulate(accord) == ["both", "alone"]


def test_three_parties_make_seven_coalitions() -> None:
    assert len(list(coalitions_of(("a", "b", "c")))) == 7


def test_values_are_cash_tax_and_the_duty_to_pay_for_an_idle_plant(
    accord: Accord, runs: dict[str, Simulated]
) -> None:
    values = mean_values(worths(accord, runs, IDLE, 0.0))
    # Alone it would lose 3 million a month, idle costs 2.
    assert values[HOLDER] == pytest.approx(-2e6 * MONTHS)
    assert values[OWNER] == 0.0
    assert values[HOLDER | OWNER] == pytest.approx((4e6 + 1e6) * MONTHS)


def test_a_tax_levied_by_nobody_in_the_coalition_is_no_gain(runs: dict[str, Simulated]) -> None:
    configurations = [
        {"name": "both", "needs": ["possession", "title"], "source": "assumed: a test's"},
    ]
    values = mean_values(worths(accord_with(configurations=configurations), runs, IDLE, 0.0))
    assert values[HOLDER | OWNER] == pytest.approx(4e6 * MONTHS)


def test_where_an_outsider_runs_the_plant_nobody_pays_for_an_idle_one() -> None:
    accord = accord_with(idle_cost={"owner": 1.0})
    found = worths(accord, {"both": run_of(4e6), "alone": run_of(1e6)}, IDLE, 0.0)
    assert found[HOLDER].runs == "alone"
    assert found[OWNER].mean_usd == 0.0
    losing = worths(accord, {"both": run_of(4e6), "alone": run_of(-1e6)}, IDLE, 0.0)
    assert losing[HOLDER].runs == "idle"
    assert losing[OWNER].mean_usd == pytest.approx(-2e6 * MONTHS)


def test_a_partner_with_whom_nothing_can_be_had_lowers_the_value_unless_members_may_abstain() -> (
    None
):
    runs = {"both": run_of(1e6), "alone": run_of(5e6)}
    together = HOLDER | OWNER
    assert mean_values(worths(accord_with(), runs, IDLE, 0.0))[together] == pytest.approx(
        1e6 * MONTHS
    )
    closed = worths(accord_with(members_may_abstain=True), runs, IDLE, 0.0)
    assert closed[together].mean_usd == pytest.approx(5e6 * MONTHS)
    assert closed[together].runs == "alone"


def test_a_given_value_replaces_the_models_and_says_so(runs: dict[str, Simulated]) -> None:
    values = [{"coalition": ["owner"], "usd_million": 7.0, "source": "assumed: a test's"}]
    found = worths(accord_with(values=values), runs, IDLE, 0.0)
    assert found[OWNER].mean_usd == 7e6 and found[OWNER].given
    assert not found[HOLDER].given


def test_values_drawn_again_spread_as_the_standard_error_says(
    accord: Accord, runs: dict[str, Simulated]
) -> None:
    found = worths(accord, runs, IDLE, 0.0)
    redrawn = redrawn_values(found, seed=3, draws=2000)
    together = redrawn[HOLDER | OWNER]
    one = found[HOLDER | OWNER]
    assert np.std(together) == pytest.approx(
        one.standard_error_usd * math.sqrt((PATHS - 1) / PATHS), rel=0.05
    )
    assert np.mean(together) == pytest.approx(one.mean_usd, rel=0.02)
    assert np.array_equal(together, redrawn_values(found, seed=3, draws=2000)[HOLDER | OWNER])
    assert not np.array_equal(together, redrawn_values(found, seed=4, draws=2000)[HOLDER | OWNER])


def test_the_core_of_a_plant_that_two_must_agree_on_is_not_empty(
    accord: Accord, runs: dict[str, Simulated]
) -> None:
    assert not core_is_empty(mean_values(worths(accord, runs, IDLE, 0.0)))


def test_present_values_discount_to_the_start() -> None:
    flow = np.full((12, 1), 100.0)
    (value,) = present_values(flow, 0.21)
    assert value == pytest.approx(sum(100.0 * 1.21 ** (-(m + 1) / 12) for m in range(12)))


def test_a_certainty_equivalent_is_below_the_mean_by_half_the_variance_over_the_tolerance() -> None:
    values = np.array([90.0, 100.0, 110.0])
    tolerance = 1e4
    assert certainty_equivalent(values, tolerance) == pytest.approx(
        100.0 - np.var(values) / (2 * tolerance), abs=1e-4
    )
    assert certainty_equivalent(np.array([-1e12, 1e12]), 1.0) == pytest.approx(-1e12)


def test_the_share_of_the_best_paths() -> None:
    values = np.concatenate([np.ones(19), [81.0]])
    assert share_of_best(values) == pytest.approx(0.81)
    assert share_of_best(-values) is None
