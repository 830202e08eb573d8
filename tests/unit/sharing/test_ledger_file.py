"""What holds for all terms: nothing is lost, and the ledger file is enough to check every line."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sharing.strategies import PARTIES, all_terms, months

from baseload.errors import InputError
from baseload.sharing import (
    LINES,
    MonthlyCash,
    Row,
    Terms,
    differences,
    ledger_rows,
    pay_out,
    recompute,
)


@settings(max_examples=60, deadline=None)
@given(all_terms(), months())
def test_every_line_follows_from_the_file_alone(terms: Terms, cash: MonthlyCash) -> None:
    rows = ledger_rows(cash, pay_out(cash, terms, PARTIES))
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    read = [
        Row(int(month), party, line, int(cents), int(satoshis))
        for month, party, line, cents, satoshis in csv.reader(io.StringIO(text.getvalue()))
    ]
    assert recompute(read, terms) == rows
    assert differences(read, terms) == []


@settings(max_examples=60, deadline=None)
@given(all_terms(), months())
def test_no_cent_and_no_satoshi_is_lost(terms: Terms, cash: MonthlyCash) -> None:
    paid = pay_out(cash, terms, PARTIES)
    assert (paid.cents.sum(axis=(0, 1)) == cash.net_cents).all()
    assert (paid.satoshis.sum(axis=0) + paid.satoshis_sold == cash.coins_sat).all()
    assert (paid.satoshis >= 0).all() and (paid.satoshis_sold >= 0).all()
    signs = {"cash_call": -1, "royalty": 1, "cost_recovery": 1, "profit_share": 1, "coins": 1}
    for line, sign in signs.items():
        assert (sign * paid.cents[:, LINES.index(line)] >= 0).all()


@settings(max_examples=60, deadline=None)
@given(all_terms(), months(), st.permutations(PARTIES))
def test_the_order_in_which_parties_are_named_changes_nothing(
    terms: Terms, cash: MonthlyCash, order: list[str]
) -> None:
    one, other = pay_out(cash, terms, PARTIES), pay_out(cash, terms, order)
    for name in (*PARTIES, "outside"):
        assert (one.of(name) == other.of(name)).all()


@settings(max_examples=60, deadline=None)
@given(all_terms(), months())
def test_later_months_change_nothing_before_them(terms: Terms, cash: MonthlyCash) -> None:
    cut = cash.months // 2
    start = MonthlyCash(
        *(
            array[:cut]
            for array in (
                cash.revenue_cents,
                cash.operating_cost_cents,
                cash.capital_cents,
                cash.safety_cents,
                cash.coins_sat,
                cash.coins_cents,
            )
        )
    )
    whole = pay_out(cash, terms, PARTIES)
    assert (pay_out(start, terms, PARTIES).cents == whole.cents[:, :, :cut]).all()


@settings(max_examples=60, deadline=None)
@given(all_terms(in_kind=False), months(), st.integers(1, 5000))
def test_more_revenue_in_the_last_month_leaves_nobody_worse_off(
    terms: Terms, cash: MonthlyCash, more: int
) -> None:
    # One payer after the other may lose: the first recovers, and all are called for the tax on it.
    if terms.cost_recovery is not None and terms.cost_recovery.order == "as listed":
        terms = terms.model_copy(update={"cost_recovery": None})
    revenue = cash.revenue_cents.copy()
    revenue[-1] += more
    richer = MonthlyCash(revenue, cash.operating_cost_cents, cash.capital_cents, cash.safety_cents)
    poorer = MonthlyCash(
        cash.revenue_cents, cash.operating_cost_cents, cash.capital_cents, cash.safety_cents
    )
    change = pay_out(richer, terms, PARTIES).cents - pay_out(poorer, terms, PARTIES).cents
    # Each of two levies, three taxes, recovery, call and four tiers may round against it once.
    assert (change.sum(axis=1)[:, -1] >= -11).all()
    assert change.sum() == more


def test_a_changed_row_is_found_and_named() -> None:
    terms = Terms(capital={"A": 1}, shares={"A": "2/3", "B": "1/3"}, cost_recovery=True)
    cash = MonthlyCash([[0, 900], [0, 100]], [[0, 0], [0, 0]], [[300, 0], [0, 0]])
    rows = ledger_rows(cash, pay_out(cash, terms, ["A", "B"]))
    wrong = [
        row._replace(cents=199) if row[:3] == (1, "B", "profit_share") else row for row in rows
    ]
    ((stated, right),) = differences(wrong, terms)
    assert (stated.cents, right.cents) == (199, 200)
    second = ledger_rows(cash, pay_out(cash, terms, ["A", "B"]), path=1)
    assert {row.cents for row in second if row.line == "profit_share"} == {0, 67, 33}


@pytest.mark.parametrize("path", [2, -1, True, 0.5])
def test_a_path_that_is_not_there_is_refused(path: Any) -> None:
    cash = MonthlyCash(np.ones((2, 3), int), np.zeros((2, 3), int), np.zeros((2, 3), int))
    paid = pay_out(cash, Terms(capital={"A": 1}, shares={"A": 1}), ["A"])
    with pytest.raises(InputError, match="path"):
        ledger_rows(cash, paid, path)
    with pytest.raises(InputError, match="a payout of that cash"):
        ledger_rows(cash.path(0), paid)


def test_a_file_that_lacks_rows_is_refused() -> None:
    terms = Terms(capital={"A": 1}, shares={"A": 1})
    cash = MonthlyCash([1], [0], [0])
    rows = ledger_rows(cash, pay_out(cash, terms, ["A"]))
    with pytest.raises(InputError, match="no safety"):
        recompute([row for row in rows if row.line != "safety"], terms)
    with pytest.raises(InputError, match="no row for A"):
        recompute([row for row in rows if row.party != "A"], terms)
