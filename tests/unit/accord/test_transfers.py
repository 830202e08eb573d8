from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, nnls
from tests.unit.accord.twins import game, names, nucleolus_by_programmes

from baseload.accord import (
    Settlement,
    prenucleolus,
    reachable_nucleolus,
    who_pays_whom,
    zone_of_agreement,
)
from baseload.errors import InputError


def after(settlement: Settlement[str], receipts: dict[str, Any]) -> dict[str, float]:
    held = {name: float(amount) for name, amount in receipts.items()}
    for payer, payee, amount in settlement.payments:
        assert amount > 0
        held[payer] -= amount
        held[payee] += amount
    return held


def drawn(seed: int, parties: int) -> tuple[dict[str, int], dict[str, int], dict[str, list[str]]]:
    """Receipts, a payoff with the same sum, and whom each may pay."""
    draw = random.Random(seed)
    players = names(parties)
    receipts = {name: draw.randint(0, 9) for name in players}
    payoff = {name: draw.randint(0, 9) for name in players}
    payoff[players[0]] += sum(receipts.values()) - sum(payoff.values())
    allowed = {
        name: [other for other in players if other != name and draw.random() < 0.3]
        for name in players
    }
    return receipts, payoff, allowed


def most_settling_groups(due: list[int]) -> int:
    """By trying every way to split off a group."""
    open_ = [one for one in due if one]
    if not open_:
        return 0
    best = 1
    for size in range(1, len(open_) // 2 + 1):
        for chosen in itertools.combinations(range(len(open_)), size):
            part = [open_[i] for i in chosen]
            rest = [one for i, one in enumerate(open_) if i not in chosen]
            if sum(part) == 0 and rest:
                best = max(best, most_settling_groups(part) + most_settling_groups(rest))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_free_payments_reach_the_payoff_and_are_as_few_as_can_be(seed: int) -> None:
    receipts, payoff, _ = drawn(seed, 1 + seed % 7)
    settlement = who_pays_whom(payoff, receipts)
    assert settlement.reached
    assert settlement.blocked == frozenset()
    assert after(settlement, receipts) == pytest.approx(payoff)
    due = [payoff[name] - receipts[name] for name in receipts]
    open_ = sum(1 for one in due if one)
    assert len(settlement.payments) == open_ - most_settling_groups(due)


@pytest.mark.parametrize("seed", range(60))
def test_allowed_payments_come_as_near_as_least_squares_do(seed: int) -> None:
    receipts, payoff, allowed = drawn(seed, 2 + seed % 5)
    settlement = who_pays_whom(payoff, receipts, allowed)
    pairs = [(payer, payee) for payer, payees in allowed.items() for payee in payees]
    assert {(one.payer, one.payee) for one in settlement.payments} <= set(pairs)
    assert after(settlement, receipts) == pytest.approx(settlement.payoff, abs=1e-12)
    assert len(settlement.payments) < len(receipts)
    due = np.array([payoff[name] - receipts[name] for name in receipts], float)
    moves = np.array(
        [
            [float(name == payee) - float(name == payer) for payer, payee in pairs]
            for name in receipts
        ]
    ).reshape(len(receipts), len(pairs))
    distance = nnls(moves, due)[1] if pairs else float(np.linalg.norm(due))
    assert np.linalg.norm(list(settlement.short.values())) == pytest.approx(distance, abs=1e-9)
    assert settlement.reached == (distance < 1e-9)
    for name in receipts:
        assert settlement.payoff[name] + settlement.short[name] == pytest.approx(payoff[name])
    if not settlement.reached:
        # Nobody outside may pay those who lack most.
        assert settlement.blocked
        for payer, payee in pairs:
            assert payee not in settlement.blocked or payer in settlement.blocked
    least = (
        linprog(
            np.ones(len(pairs)),
            A_eq=moves,
            b_eq=[settlement.payoff[name] - receipts[name] for name in receipts],
        )
        if pairs
        else None
    )
    if least is not None:
        assert least.status == 0
        assert sum(one.amount for one in settlement.payments) == pytest.approx(least.fun, abs=1e-8)


def test_money_goes_by_way_of_a_third_party_where_it_may_not_go_straight() -> None:
    settlement = who_pays_whom(
        {"A": 0, "B": 0, "C": 9}, {"A": 9, "B": 0, "C": 0}, {"A": ["B"], "B": {"C"}}
    )
    assert settlement.reached
    assert settlement.payments == (("A", "B", 9.0), ("B", "C", 9.0))


def test_floats_that_add_up_but_for_rounding_settle_to_the_last_payment() -> None:
    receipts = {"A": 0.1 + 0.2, "B": 0.0, "C": 0.0}
    settlement = who_pays_whom({"A": 0.0, "B": 0.1, "C": 0.2}, receipts)
    assert after(settlement, receipts) == pytest.approx({"A": 0, "B": 0.1, "C": 0.2}, abs=1e-15)
    assert len(settlement.payments) == 2
    tight = who_pays_whom({"A": 0.0, "B": 0.1, "C": 0.2}, receipts, {"A": ["B", "C"]})
    assert tight.reached


def test_twenty_six_parties_settle_freely() -> None:
    receipts, payoff, _ = drawn(3, 26)
    settlement = who_pays_whom(payoff, receipts)
    assert after(settlement, receipts) == pytest.approx(payoff)
    assert len(settlement.payments) < 26


def test_nothing_to_settle_takes_no_payment() -> None:
    forbidden: dict[str, list[str]] = {}
    for allowed in (None, forbidden):
        settlement = who_pays_whom({"A": 1.5, "B": 2}, {"A": 1.5, "B": 2}, allowed)
        assert (settlement.payments, settlement.reached) == ((), True)


REFUSED: list[tuple[Any, Any, Any, str]] = [
    ({"A": 1}, {"A": 2}, None, "1 in sum"),
    ({"A": 1, "B": 1}, {"A": 2}, None, "a number for B"),
    ({"A": 1}, {"A": 1, "B": 0}, None, "no number for B"),
    ({"A": float("nan")}, {"A": 1}, None, "payoff"),
    ({"A": 1}, {"A": True}, None, "receipts"),
    ({}, {}, None, "receipts"),
    ([1], [1], None, "receipts"),
    ({"A": 1}, {"A": 1}, ["A"], "allowed"),
    ({"A": 1}, {"A": 1}, {"A": ["Z"]}, "'Z'"),
    ({"A": 1}, {"A": 1}, {"Z": []}, "'Z'"),
    ({"A": 1}, {"A": 1}, {"A": "A"}, "a list of parties"),
    ({"A": 1}, {"A": 1}, {"A": None}, "a list of parties"),
    (dict.fromkeys(range(13), 1), dict.fromkeys(range(13), 1), {}, "13 parties"),
]


@pytest.mark.parametrize(("payoff", "receipts", "allowed", "told"), REFUSED)
def test_what_cannot_be_settled_is_refused(
    payoff: Any, receipts: Any, allowed: Any, told: str
) -> None:
    with pytest.raises(InputError, match=told) as caught:
        who_pays_whom(payoff, receipts, allowed)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("seed", range(20))
def test_with_all_pairs_allowed_the_reachable_nucleolus_is_the_prenucleolus(seed: int) -> None:
    draw = random.Random(seed)
    players = names(draw.randint(1, 5))
    values = game(players, lambda one: draw.randint(-3, 9))
    receipts = dict.fromkeys(players, 0)
    receipts[players[-1]] = values[frozenset(players)]
    everyone = dict.fromkeys(players, players)
    assert reachable_nucleolus(values, receipts, everyone) == prenucleolus(values)
    # Round in a ring money gets everywhere too.
    ring = {name: [players[i - 1]] for i, name in enumerate(players)}
    assert reachable_nucleolus(values, receipts, ring) == prenucleolus(values)
    assert reachable_nucleolus(values, receipts, {}) == pytest.approx(receipts)


@pytest.mark.parametrize("seed", range(12))
def test_a_reachable_nucleolus_is_reached_and_no_first_excess_is_less(seed: int) -> None:
    receipts, _, allowed = drawn(seed, 4)
    draw = random.Random(seed)
    players = names(4)
    values = game(players, lambda one: draw.randint(0, 4 * len(one)))
    values[frozenset(players)] = sum(receipts.values())
    payoff = reachable_nucleolus(values, receipts, allowed)
    settlement = who_pays_whom(payoff, receipts, allowed)
    assert settlement.reached
    proper = [one for one in values if len(one) < 4]
    worst = max(values[one] - sum(payoff[name] for name in one) for one in proper)
    pairs = [(payer, payee) for payer, payees in allowed.items() for payee in payees]
    # Payments and the largest excess as unknowns.
    rows = []
    for one in proper:
        rows.append([float(payer in one) - float(payee in one) for payer, payee in pairs] + [-1.0])
    found = linprog(
        [0.0] * len(pairs) + [1.0],
        A_ub=rows,
        b_ub=[float(sum(receipts[name] for name in one) - values[one]) for one in proper],
        bounds=[(0, None)] * len(pairs) + [(None, None)],
    )
    assert found.status == 0
    assert worst == pytest.approx(found.fun, abs=1e-8)


def test_receipts_that_are_not_what_all_are_worth_are_refused() -> None:
    values = game(["A", "B"], lambda one: len(one))
    with pytest.raises(InputError, match="3 in sum"):
        reachable_nucleolus(values, {"A": 1, "B": 2}, {})
    with pytest.raises(InputError, match="no number for B"):
        reachable_nucleolus(values, {"A": 2}, {})


def test_the_twin_of_the_nucleolus_agrees_where_nothing_is_forbidden() -> None:
    values = game(names(3), lambda one: [0, 1, 5, 9][len(one)])
    twin = nucleolus_by_programmes(values, imputations=False)
    receipts = {"A": 9, "B": 0, "C": 0}
    assert reachable_nucleolus(values, receipts, {"A": ["B", "C"]}) == pytest.approx(twin)


def test_an_arrangement_is_in_the_zone_if_nobody_loses() -> None:
    zone = zone_of_agreement(
        {"good": {"A": 3, "B": 1}, "bad": {"A": 5, "B": 0}}, outside={"A": 1, "B": 1}
    )
    good, bad = zone["good"], zone["bad"]
    assert (good.acceptable, good.side_payment, good.payments) == (True, 0.0, ())
    assert (good.gains, good.surplus, good.needed_values) == ({"A": 2.0, "B": 0.0}, 2.0, {})
    assert (bad.acceptable, bad.side_payment, bad.surplus) == (False, 1.0, 3.0)
    assert bad.payments == (("A", "B", 1.0),)
    assert bad.needed_values == {"B": 1.0}


@pytest.mark.parametrize("seed", range(40))
def test_side_payments_are_least_by_a_programme_in_floats(seed: int) -> None:
    draw = random.Random(seed)
    parties = names(draw.randint(1, 5))
    payoff = {name: draw.randint(-5, 9) for name in parties}
    outside = {name: draw.randint(-2, 3) for name in parties}
    factors = {name: Fraction(draw.randint(5, 10), 10) for name in parties}
    allowed = None
    pairs = [(a, b) for a in parties for b in parties if a != b]
    if seed % 2:
        pairs = [pair for pair in pairs if draw.random() < 0.5]
        allowed = {a: [b for c, b in pairs if c == a] for a in parties}
    standing = zone_of_agreement({"it": payoff}, outside, factors, allowed)["it"]
    gain = {name: payoff[name] - outside[name] for name in parties}
    rows = [
        [float(name == payer) - float(name == payee) for payer, payee in pairs] for name in parties
    ]
    rows = [
        [*row, *(-float(name == other) for other in parties)]
        for name, row in zip(parties, rows, strict=True)
    ]
    bound = [gain[name] / float(factors[name]) for name in parties]
    first = linprog([0.0] * len(pairs) + [1.0] * len(parties), A_ub=rows, b_ub=bound)
    assert standing.outside_money == pytest.approx(first.fun, abs=1e-9)
    assert standing.acceptable == (min(gain.values()) >= 0)
    if first.fun < 1e-9:
        least = linprog([1.0] * len(pairs) + [1e4] * len(parties), A_ub=rows, b_ub=bound)
        assert standing.side_payment == pytest.approx(least.fun, abs=1e-8)
        assert sum(one.amount for one in standing.payments) == pytest.approx(least.fun, abs=1e-8)
    else:
        assert standing.side_payment is None
    left = {name: gain[name] / float(factors[name]) for name in parties}
    for payer, payee, amount in standing.payments:
        left[payer] -= amount
        left[payee] += amount
    assert sum(max(0.0, -one) for one in left.values()) == pytest.approx(first.fun, abs=1e-9)
    assert standing.needed_values == {n: float(-one) for n, one in gain.items() if one < 0}


ZONE_REFUSED: list[tuple[Any, Any, Any, str]] = [
    ([], {"A": 1}, None, "payoffs"),
    ({"x": {"A": 1}}, {}, None, "outside"),
    ({"x": {"A": 1}}, {"A": 1, "B": 1}, None, r"payoffs\['x'\]"),
    ({"x": {"A": 1, "B": 1}}, {"A": 1}, None, r"payoffs\['x'\]"),
    ({"x": {"A": 1}}, {"A": 1}, {"A": 0}, "a number above 0"),
    ({"x": {"A": 1}}, {"A": 1}, {"A": float("nan")}, "present_value_factor"),
    ({"x": {"A": 1}}, {"A": 1}, {}, "present_value_factor"),
    ({"x": {"A": "1"}}, {"A": 1}, None, r"payoffs\['x'\]\['A'\]"),
]


@pytest.mark.parametrize(("payoffs", "outside", "factors", "told"), ZONE_REFUSED)
def test_a_zone_of_what_is_no_numbers_is_refused(
    payoffs: Any, outside: Any, factors: Any, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        zone_of_agreement(payoffs, outside, factors)
