"""Months divided by hand: levies, costs, recovery, tiers, taxes, coins, safety."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.sharing import MonthlyCash, Payout, Terms, cash_from_ledger, pay_out
from baseload.sharing.taxes import tax_by_month

MILLION = 100_000_000  # cents


def paid(terms: dict[str, Any], *cash: Any, parties: tuple[str, ...] = ("A", "B")) -> Payout:
    defaults: dict[str, Any] = {"capital": {"A": 1}}
    if "tiers" not in terms:
        defaults["shares"] = {"A": 0.5, "B": 0.5}
    return pay_out(MonthlyCash(*cash), Terms(**{**defaults, **terms}), parties)


def test_without_recovery_a_loss_is_called_and_gone() -> None:
    found = paid({"capital": {"A": 0.75, "B": 0.25}}, [0, 300], [0, 100], [1000, 0])
    assert found.of("A").tolist() == [-750, 100]
    assert found.of("B").tolist() == [-250, 100]
    assert found.of("A", "cash_call").tolist() == [-750, 0]
    assert found.of("A", "cost_recovery").tolist() == [0, 0]


def test_costs_come_back_first_within_the_limit_and_are_carried_forward() -> None:
    # Month 0: 1,000 called. Months 1 to 3: half of 800 for costs, of which 100 are the month's own.
    found = paid(
        {"cost_recovery": 0.5}, [0, 800, 800, 2000, 800], [0, 100, 100, 100, 100], [1000] + [0] * 4
    )
    assert found.of("A", "cost_recovery").tolist() == [0, 300, 300, 400, 0]
    assert found.of("B", "profit_share").tolist() == [0, 200, 200, 750, 350]
    assert found.of("A").tolist() == [-1000, 500, 500, 1150, 350]


def test_costs_above_the_limit_are_called_while_profit_is_shared() -> None:
    found = paid({"cost_recovery": 0.5}, [100, 100], [60, 0], [0, 0])
    assert found.of("A", "cash_call").tolist() == [-10, 0]
    assert found.of("B", "profit_share").tolist() == [25, 45]
    assert found.of("A", "cost_recovery").tolist() == [0, 10]


def test_uplift_is_added_once_and_interest_by_the_month() -> None:
    uplifted = paid({"cost_recovery": {"uplift_share": 0.2}}, [0, 5000], [0, 0], [1000, 0])
    assert uplifted.of("A", "cost_recovery").tolist() == [0, 1200]
    # A twelfth of 12 % on 1,000, then on 1,010, then on 1,020 (1,020.1 rounded).
    grown = paid(
        {"cost_recovery": {"interest_per_year": 0.12}}, [0, 0, 0, 5000], [0] * 4, [1000, 0, 0, 0]
    )
    assert grown.of("A", "cost_recovery").tolist() == [0, 0, 0, 1030]


def test_payers_get_back_by_what_they_put_in_or_one_after_the_other() -> None:
    cash = ([0, 90, 200], [0, 0, 0], [200, 0, 0])
    capital = {"A": 0.75, "B": 0.25}
    even = paid({"capital": capital, "cost_recovery": True}, *cash)
    assert even.of("A", "cost_recovery").tolist() == [0, 68, 82]
    assert even.of("B", "cost_recovery").tolist() == [0, 22, 28]
    listed = paid({"capital": capital, "cost_recovery": {"order": "as listed"}}, *cash)
    assert listed.of("A", "cost_recovery").tolist() == [0, 90, 60]
    assert listed.of("B", "cost_recovery").tolist() == [0, 0, 50]


def test_nobody_gets_back_more_than_it_put_in_by_a_run_of_odd_cents() -> None:
    found = paid(
        {"capital": {"A": 0.5, "B": 0.5}, "cost_recovery": True},
        [0] + [1] * 40,
        [0] * 41,
        [20] + [0] * 40,
    )
    for name in ("A", "B"):
        assert found.of(name, "cost_recovery").sum() == 10
        assert found.of(name, "cash_call").sum() == -10


def test_profit_passes_from_tier_to_tier_within_a_month() -> None:
    tiers = [
        {"until_usd_million": 1, "shares": {"A": 0.8, "B": 0.2}},
        {"until_usd_million": 3, "shares": {"A": 0.5, "B": 0.5}},
        {"shares": {"B": 1}},
    ]
    months = [MILLION // 2, 4 * MILLION, MILLION]
    found = paid({"tiers": tiers}, months, [0, 0, 0], [0, 0, 0])
    assert found.of("A").tolist() == [4 * MILLION // 10, (4 + 10) * MILLION // 10, 0]
    assert found.of("B").tolist() == [MILLION // 10, (1 + 10 + 15) * MILLION // 10, MILLION]


def test_the_r_factor_of_the_month_before_chooses_the_tier() -> None:
    tiers = [
        {"until_r_factor": 1, "shares": {"A": 1}},
        {"until_r_factor": 2, "shares": {"A": 0.5, "B": 0.5}},
        {"shares": {"B": 1}},
    ]
    # Revenue over costs, before each month: none, 0/100, 100/100, 199/100, 200/100, 210/100, 210/200.
    found = paid({"tiers": tiers}, [0, 100, 99, 1, 10, 0, 50], [0] * 7, [100, 0, 0, 0, 0, 100, 0])
    assert found.of("B", "profit_share").tolist() == [0, 0, 49, 0, 10, 0, 25]
    no_costs = paid({"tiers": tiers}, [10, 10], [0, 0], [0, 0])
    assert no_costs.of("B").tolist() == [0, 10]


def test_levies_on_gross_are_paid_in_a_month_that_loses() -> None:
    terms = {
        "royalty": [{"to": "B", "share_of_gross": 0.1}],
        "taxes": [{"jurisdiction": "X", "rate_on_gross": 0.05}],
    }
    found = paid(terms, [1000], [2000], [0])
    assert found.of("B", "royalty").tolist() == [100]
    assert found.of("outside", "tax").tolist() == [50]
    assert found.of("A", "cash_call").tolist() == [-1150]


def test_safety_is_paid_before_levies_and_outside_the_limit() -> None:
    terms = {"royalty": [{"to": "B", "share_of_gross": 0.4}], "cost_recovery": 0.25}
    cash = ([1000, 1000], [0, 0], [0, 0], [800, 100])
    first = paid(terms, *cash)
    # 200 are left for a royalty of 400; then 100 of safety are no part of the 250 for costs.
    assert first.of("B", "royalty").tolist() == [200, 400]
    assert first.of("A", "cash_call").tolist() == [0, 0]
    assert first.of("B", "profit_share").tolist() == [0, 250]
    after = paid({**terms, "safety_first": False}, *cash)
    assert after.of("B", "royalty").tolist() == [400, 400]
    # 250 of 800 are paid within the limit, 550 called; the next month has 150 left for them.
    assert after.of("A", "cash_call").tolist() == [-550, 0]
    assert after.of("A", "cost_recovery").tolist() == [0, 150]


def test_what_safety_leaves_is_divided_among_levies_by_their_rates() -> None:
    terms = {
        "royalty": [{"to": "B", "share_of_gross": 0.2}],
        "taxes": [{"jurisdiction": "X", "rate_on_gross": 0.1}],
    }
    found = paid(terms, [100, 100], [0, 0], [0, 0], [91, 120])
    assert found.of("B", "royalty").tolist() == [6, 0]
    assert found.of("outside", "tax").tolist() == [3, 0]
    assert found.of("A", "cash_call").tolist() == [0, -20]


def test_a_tax_on_the_project_is_called_where_recovery_left_nothing() -> None:
    terms = {
        "cost_recovery": True,
        "taxes": [
            {"jurisdiction": "X", "to": "B", "rate_on_profit": 0.2, "depreciation_years": 10}
        ],
    }
    found = paid(terms, [0, 500, 1500], [0, 0, 0], [1000, 0, 0])
    # Taxable so far 400, then 1,900: a slice of 100 is set off. All of 500 goes to recovery first.
    assert found.of("B", "tax").tolist() == [0, 80, 300]
    assert found.of("A", "cash_call").tolist() == [-1000, -80, 0]
    assert found.of("A", "cost_recovery").tolist() == [0, 500, 580]
    assert found.of("B", "profit_share").tolist() == [0, 0, 310]


def test_losses_are_carried_forward_or_lost_and_a_year_never_pays_less_than_nothing() -> None:
    profit = np.array([-100] + [0] * 11 + [60] + [0] * 11 + [90, -50] + [0] * 10)
    capital = np.zeros_like(profit)
    kept = tax_by_month(profit, capital, Fraction(1, 2))
    assert kept[[0, 12, 24, 25]].tolist() == [0, 0, 25, -25]
    lost = tax_by_month(profit, capital, Fraction(1, 2), loss_carry_forward=False)
    assert lost[[0, 12, 24, 25]].tolist() == [0, 30, 45, -25]
    for tax in (kept, lost):
        assert (tax.reshape(3, 12).sum(axis=1) >= 0).all()


def test_all_capital_is_depreciated_to_the_last_cent() -> None:
    profit = np.array([1000] * 12 * 4)
    capital = np.array([0] * 6 + [1000] + [0] * 41)
    tax = tax_by_month(profit, capital, Fraction(1), 3).reshape(4, 12).sum(axis=1)
    assert tax.tolist() == [12_000 - 334, 12_000 - 333, 12_000 - 333, 12_000]


def test_a_party_is_taxed_on_what_it_received_and_a_treasury_may_be_a_party() -> None:
    terms = {
        "capital": {"A": 0.5, "B": 0.5},
        "taxes": [
            {"jurisdiction": "home of A", "of": "A", "rate_on_profit": 0.25},
            {"jurisdiction": "B", "of": "A", "to": "B", "rate_on_profit": 0.1},
        ],
    }
    found = paid(terms, [0, 1000], [0, 0], [200, 0])
    # A has 500 - 100 = 400 in the year: 100 go outside, 40 to B, which is not taxed on them.
    assert found.of("A", "tax_paid").tolist() == [0, -140]
    assert found.of("outside").tolist() == [0, 100]
    assert found.of("B", "tax").tolist() == [0, 40]
    assert found.of("A").tolist() == [-100, 360]


def test_coins_are_handed_over_as_far_as_there_is_profit_and_the_rest_is_sold() -> None:
    cash = ([1000, 1000, 1000], [0, 700, 1000], [0, 0, 0], [0, 0, 0], [5, 10, 10], [400, 600, 600])
    found = paid({"in_kind": True}, *cash)
    # Month 0: all coins and 600 in cash. Month 1: profit 300 is half of the coins. Month 2: none.
    assert found.satoshis[0].tolist() == [3, 3, 0]
    assert found.satoshis[1].tolist() == [2, 2, 0]
    assert found.satoshis_sold.tolist() == [0, 5, 10]
    assert found.of("A", "coins").tolist() == [200, 150, 0]
    assert found.of("A", "profit_share").tolist() == [300, 0, 0]
    in_cash = paid({}, *cash)
    assert in_cash.of("A").tolist() == found.of("A").tolist()
    assert in_cash.satoshis_sold.tolist() == [5, 10, 10]


def test_coins_that_are_worth_nothing_are_sold() -> None:
    found = paid({"in_kind": True}, [10], [0], [0], [0], [7], [0])
    assert found.satoshis.sum() == 0 and found.satoshis_sold.tolist() == [7]


def test_paths_are_divided_as_each_would_be_alone() -> None:
    draws = np.random.default_rng(3).integers(0, 10**6, (6, 4, 30))
    draws[5] = draws[0] // 2
    terms = Terms(
        capital={"A": "1/3", "B": "2/3"},
        shares={"B": "1/7", "A": "6/7"},
        cost_recovery={"limit_share_of_gross": 0.7, "interest_per_year": 0.05},
        taxes=[{"jurisdiction": "X", "rate_on_profit": 0.2, "rate_on_gross": 0.01}],
        in_kind=True,
    )
    together = pay_out(MonthlyCash(*draws), terms, ["A", "B"])
    assert together.cents.shape == (3, 7, 4, 30)
    for path in range(4):
        alone = pay_out(MonthlyCash(*draws[:, path]), terms, ["A", "B"])
        assert (alone.cents == together.cents[:, :, path]).all()
        assert (alone.satoshis == together.satoshis[:, path]).all()
        assert (alone.satoshis_sold == together.satoshis_sold[path]).all()


def test_no_month_at_all_pays_nobody() -> None:
    assert paid({"cost_recovery": True}, [], [], []).of("A").tolist() == []


def test_names_and_amounts_that_cannot_be_are_refused() -> None:
    cash = MonthlyCash([1], [0], [0])
    with pytest.raises(InputError, match=r"terms.capital.A"):
        pay_out(cash, Terms(capital={"A": 1}, shares={"B": 1}), ["B"])
    with pytest.raises(InputError, match="a name twice"):
        pay_out(cash, Terms(capital={"A": 1}, shares={"A": 1}), ["A", "A"])
    with pytest.raises(InputError, match="720 trillion"):
        paid({}, [1 << 56] * 2, [0, 0], [0, 0])
    with pytest.raises(InputError, match=r"terms.cost_recovery"):
        growth = {"cost_recovery": {"interest_per_year": 1, "uplift_share": 10}}
        paid(growth, [0] * 600, [0] * 600, [10**9] * 600)
    with pytest.raises(InputError, match=r"terms.cost_recovery"):
        # One call, and interest alone for the rest of the time.
        paid({"cost_recovery": {"interest_per_year": 1}}, [0] * 600, [10**9] + [0] * 599, [0] * 600)
    with pytest.raises(InputError, match="parties"):
        pay_out(cash, Terms(capital={"A": 1}, shares={"A": 1}), "A")
    found = paid({}, [1], [0], [0])
    with pytest.raises(InputError, match="nearest  royalty"):
        found.of("A", "royalties")
    with pytest.raises(InputError, match="recipient"):
        found.of("C")


@pytest.mark.parametrize(
    ("cash", "words"),
    [
        (([1], [1, 2], [0]), "operating_cost_cents"),
        (([-1], [0], [0]), "revenue_cents"),
        (([1.5], [0], [0]), "revenue_cents"),
        ((1, 0, 0), "revenue_cents"),
        (([1], [0], [float("nan")]), "capital_cents"),
        (([1], [0], [0], None, [2.2e15], [0]), "coins_sat"),
        (([1], [0], [0], None, [1], [2]), "coins_cents"),
        (([True], [0], [0]), "revenue_cents"),
    ],
)
def test_months_that_cannot_be_are_refused(cash: tuple[Any, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        MonthlyCash(*cash)


def test_the_ledgers_lines_keep_their_sum_and_change_sides_where_they_turn() -> None:
    lines = {
        "mining_revenue": [100, 0],
        "export_revenue": [0, -30],
        "fuel": [-20, 5],
        "works": [-50, 0],
        "safety_programme": [-10, -10],
        "tax": [-7, -7],
    }
    cash = cash_from_ledger(lines, coins_sat=[4, 0])
    assert cash.revenue_cents.tolist() == [100, 5]
    assert cash.operating_cost_cents.tolist() == [20, 30]
    assert cash.capital_cents.tolist() == [50, 0]
    assert cash.safety_cents.tolist() == [10, 10]
    assert cash.net_cents.tolist() == [20, -35]
    assert cash.coins_cents.tolist() == [100, 0]
    with pytest.raises(InputError, match="nearest  fuel"):
        cash_from_ledger({"fule": [1]})
    with pytest.raises(InputError, match="lines"):
        cash_from_ledger({})
    with pytest.raises(InputError, match="works"):
        cash_from_ledger({"fuel": [1], "works": [1, 2]})
