"""What parties get from arrangements, and what bargaining makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.unit.agreement.conftest import MONTHS, PATHS, accord_with, run_of

from baseload.agreement.bargains import bargains, gain_of, gain_together, standings
from baseload.agreement.payoffs import (
    Payoff,
    all_flows,
    cash_of,
    disagreement_of,
    payoff_of,
    payoffs_of,
)
from baseload.agreement.simulated import Simulated
from baseload.parties.schema import Accord

EVERYBODY = {"holder": ["owner"], "owner": ["holder"]}


def payoffs(accord: Accord, runs: dict[str, Simulated]) -> Any:
    return payoffs_of(accord, all_flows(accord, runs, runs["both"]))


def test_the_months_that_are_divided_add_up_to_the_net_cash(runs: dict[str, Simulated]) -> None:
    run = run_of(4e6, spread=1e6, tax=1e6, works=2e6, mine=3e6)
    cents = np.rint(run.cash.T.astype(float) * 100)
    assert np.array_equal(cash_of(run, tax_is_paid=True).net_cents, cents)
    assert np.array_equal(cash_of(run, tax_is_paid=False).net_cents, cents + 100_000_000)


def test_members_share_the_cash_and_the_state_that_taxes_gets_the_tax(
    accord: Accord, runs: dict[str, Simulated]
) -> None:
    found = payoffs(accord, runs)
    assert found["together"]["holder"].mean_usd == pytest.approx(2e6 * MONTHS)
    assert found["together"]["owner"].mean_usd == pytest.approx((2e6 + 1e6) * MONTHS)
    assert found["nothing"]["holder"].mean_usd == pytest.approx(-2e6 * MONTHS)
    assert found["nothing"]["owner"].mean_usd == 0.0
    assert found["together"]["holder"].yearly_usd == pytest.approx([24e6, 24e6])


def test_terms_that_tax_take_the_place_of_the_scenarios_tax(runs: dict[str, Simulated]) -> None:
    arrangements = [
        {"name": "nothing"},
        {
            "name": "together",
            "members": ["holder", "owner"],
            "configuration": "both",
            "terms": {
                "capital": {"holder": 1},
                "shares": {"holder": 1},
                "taxes": [{"jurisdiction": "here", "to": "owner", "rate_on_profit": 0.2}],
            },
        },
    ]
    found = payoffs(accord_with(arrangements=arrangements), runs)
    before_tax = 5e6 * MONTHS
    assert found["together"]["owner"].mean_usd == pytest.approx(0.2 * before_tax)
    assert found["together"]["holder"].mean_usd == pytest.approx(0.8 * before_tax)


def test_without_an_agreement_the_plant_stays_idle_unless_one_does_better_alone(
    runs: dict[str, Simulated],
) -> None:
    arrangements = [
        {"name": "nothing"},
        {
            "name": "holder alone",
            "members": ["holder"],
            "configuration": "alone",
            "terms": {"capital": {"holder": 1}, "shares": {"holder": 1}},
        },
    ]
    accord = accord_with(arrangements=arrangements)
    assert disagreement_of(accord, payoffs(accord, runs)) == "nothing"
    better = {**runs, "alone": run_of(-1e6)}
    assert disagreement_of(accord, payoffs(accord, better)) == "holder alone"
    fixed = accord_with(arrangements=arrangements, disagreement="nothing")
    assert disagreement_of(fixed, payoffs(fixed, better)) == "nothing"


def test_a_gain_counts_only_where_mean_median_and_certainty_equivalent_agree() -> None:
    def said(values: list[float], tolerance: float = 1e6) -> str:
        flow = np.zeros((12, len(values)))
        flow[0] = values
        one = payoff_of(flow, 0.0, tolerance)
        none = payoff_of(np.zeros_like(flow), 0.0, tolerance)
        found: str = gain_of(one, none, tolerance)["says"]
        return found

    assert said([1e6] * 50) == "gains"
    assert said([-1e6] * 50) == "loses"
    assert said([0.0] * 50) == "nothing changes"
    assert said([-1e6, 1e6] * 25) == "cannot tell"  # within the noise
    assert said([-1.0] * 70 + [1e3] * 30) == "cannot tell"  # the median loses what the mean gains
    assert said([1e6, 9e6] * 50, tolerance=1e-6) == "gains"
    assert said([-9e5, 2e6] * 50, tolerance=1e-3) == "cannot tell"  # who minds risk refuses


def test_what_all_gain_is_taken_path_by_path_and_may_be_lost_in_noise() -> None:
    def of(values: list[float]) -> Payoff:
        flow = np.zeros((12, len(values)))
        flow[0] = values
        return payoff_of(flow, 0.0, 1e6)

    nothing = {"a": of([0.0] * 100), "b": of([0.0] * 100)}
    lucky, unlucky = [5e6, -4e6] * 50, [-4e6, 6e6] * 50
    # What one loses the other gains: each alone is lost in noise, both together are not.
    found = gain_together({"a": of(lucky), "b": of(unlucky)}, nothing)
    assert found["says"] == "gains" and found["mean_usd"] == pytest.approx(1.5e6, rel=0.01)
    assert found["probability_of_gain"] == 1.0
    # Both have luck at once: nothing can be told.
    found = gain_together({"a": of(lucky), "b": of(lucky)}, nothing)
    assert found["says"] == "cannot tell" and found["probability_of_gain"] == 0.5
    # The mean gains by few paths, the median loses.
    found = gain_together({"a": of([-1.0] * 70 + [1e3] * 30), "b": of([0.0] * 100)}, nothing)
    assert found["mean_usd"] > 0.0 > found["median_usd"] and found["says"] == "cannot tell"


def test_the_least_payment_and_what_the_law_makes_of_it(runs: dict[str, Simulated]) -> None:
    arrangements = [
        {"name": "nothing"},
        {
            "name": "together",
            "members": ["holder", "owner"],
            "configuration": "both",
            "terms": {"capital": {"owner": 1}, "shares": {"owner": 1}},
        },
    ]
    accord = accord_with(arrangements=arrangements, idle_cost={})
    runs = {**runs, "both": run_of(1e6, works=3e6)}
    found = payoffs(accord, runs)
    # The holder gets nothing and loses nothing; make it lose by standing idle being worth a rent.
    assert found["together"]["holder"].mean_usd == 0.0
    standing = standings(accord, found, "nothing", EVERYBODY)
    assert standing["together"]["free"]["acceptable"]
    assert standing["together"]["together"]["says"] == "gains"
    reverse = standings(accord, found, "together", {"holder": [], "owner": []})
    assert reverse["nothing"]["free"]["side_payment_usd"] is None
    assert reverse["nothing"]["free"]["needed_values_usd"]["owner"] == pytest.approx(1e6 * MONTHS)


def test_bargains_leave_out_what_is_barred(accord: Accord, runs: dict[str, Simulated]) -> None:
    found = payoffs(accord, runs)
    result = bargains(accord, found, "nothing", {"together": "prohibited by law"})
    assert result["all"]["nash"]["lottery"] == {"together": 1.0}
    assert result["all"]["pareto"] == ["together"]
    assert result["not_barred"]["nash"] == {"none": "no arrangement is left"}


def test_paths_are_as_many_as_were_run(accord: Accord, runs: dict[str, Simulated]) -> None:
    assert payoffs(accord, runs)["together"]["holder"].paths.shape == (PATHS,)
