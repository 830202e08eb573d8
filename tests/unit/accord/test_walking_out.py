"""Who gains by leaving, and what keeps everyone in: closed forms, and the same flows laid out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baseload.accord import (
    DEFAULT_VERIFICATION,
    Prospects,
    Verified,
    continuation,
    self_enforcing,
    smallest_bonds,
    smallest_escrow,
    smallest_shift,
    unverifiable,
    walk_out,
)
from baseload.errors import InputError

NAMES = ("host", "miner")


def perpetuity(amount: float, rate: float, first_at_once: bool) -> float:
    return amount * (1 + rate) / rate if first_at_once else amount / rate


@st.composite
def prospects(draw: st.DrawFn, mild: bool = False) -> Prospects:
    """Mild ones tempt nobody at once, and later mostly one of the two."""
    years = draw(st.integers(1, 7))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    kept = random.integers(0, 40, (2, years))
    if mild:
        kept[1] //= 20
        kept[:, 0] = 0
    return Prospects(
        NAMES,
        random.integers(0, 5, 2) / 10,
        random.integers(8 if mild else -3, 20, (2, years)),
        kept,
        random.integers(0, 3, (2, years)),
        random.integers(0, 6, (2, years)),
        paid_at=draw(st.sampled_from(["end", "start"])),
    )


def with_flows(old: Prospects, extra: Any, after: Any = (0.0, 0.0)) -> Prospects:
    """The same prospects with other cash inside."""
    return Prospects(
        old.parties,
        old.rates_per_year,
        old.cash + np.asarray(extra),
        old.kept,
        old.stream,
        old.losses,
        old.after_inside + np.asarray(after),
        old.after_outside,
        old.outside,
        paid_at=old.paid_at,
    )


def test_values_are_geometric_sums() -> None:
    rate, years = 0.08, 12
    factor = 1 / (1 + rate)
    at_end = continuation(np.ones((1, years)), [rate])
    at_start = continuation(np.ones((1, years)), [rate], paid_at="start")
    for year in range(years):
        left = years - year
        assert at_end[0, year] == pytest.approx((1 - factor**left) / rate, rel=1e-12)
        assert at_start[0, year] == pytest.approx((1 - factor**left) / (1 - factor), rel=1e-12)


@pytest.mark.parametrize("paid_at", ["end", "start"])
def test_with_the_value_of_what_comes_after_every_year_is_alike(paid_at: Any) -> None:
    worth = perpetuity(7.0, 0.1, paid_at == "start")
    found = continuation(np.full((1, 5), 7.0), [0.1], [worth], paid_at=paid_at)
    assert found == pytest.approx(np.full((1, 5), worth), rel=1e-12)


def test_leaving_is_worth_what_is_kept_and_earned_less_what_sanctions_cost() -> None:
    found = walk_out([[5, 6]], [0], stream=[[1, 2]], losses=[[3, 4]], after=[10])
    assert found.tolist() == [[5 + (1 - 3) + (2 - 4) + 10, 6 + (2 - 4) + 10]]


@pytest.mark.parametrize(("discount", "holds"), [(0.49, False), (0.5, True), (0.51, True)])
def test_a_repeated_prisoners_dilemma_holds_from_the_known_discount_factor(
    discount: float, holds: bool
) -> None:
    # Together 3, alone against a partner 5, punished for ever with 1: (5 - 3) / (5 - 1).
    rate = 1 / discount - 1
    together, punished = (perpetuity(one, rate, True) for one in (3, 1))
    found = self_enforcing(
        Prospects(
            NAMES,
            [rate, rate],
            np.full((2, 4), 3),
            np.full((2, 4), 5 - 1),
            np.full((2, 4), 1),
            after_inside=[together] * 2,
            after_outside=[punished] * 2,
            paid_at="start",
        )
    )
    assert found.self_enforcing is holds
    assert found.year == (None if holds else 0)
    assert found.first_to_leave == (() if holds else NAMES)


@pytest.mark.parametrize(("transfer", "holds"), [(9.9, False), (10.0, True), (10.1, True)])
def test_a_host_does_not_seize_output_if_its_transfer_is_worth_as_much(
    transfer: float, holds: bool
) -> None:
    # Transfer for ever against output once: transfer / (1 - discount) >= output of 110.
    rate = 0.1
    found = self_enforcing(
        Prospects(
            ["host", "investor"],
            [rate, rate],
            np.array([[transfer], [5.0]]).repeat(3, axis=1),
            np.array([[110.0], [0.0]]).repeat(3, axis=1),
            after_inside=[perpetuity(transfer, rate, True), perpetuity(5.0, rate, True)],
            paid_at="start",
        )
    )
    assert found.self_enforcing is holds


def test_an_arrangement_with_an_end_does_not_outlive_the_last_temptation() -> None:
    found = self_enforcing(Prospects(NAMES, [0, 0], [[10] * 5, [10] * 5], [[11] * 5, [21] * 5]))
    assert found.first_years == {"host": 4, "miner": 3}
    assert (found.first_to_leave, found.year) == (("miner",), 3)


def test_an_equal_value_is_no_gain() -> None:
    found = self_enforcing(Prospects(["A"], [0.1], [[0.1 * 3]], [[0.3 / 1.1]]))
    assert found.self_enforcing and found.gains.tolist() == [[0.0]]


@settings(max_examples=60, deadline=None)
@given(prospects(), st.sampled_from([0.0, 0.03, 0.3]))
def test_the_smallest_bond_is_just_enough(some: Prospects, interest: float) -> None:
    found = smallest_bonds(some, interest)
    bonds = np.array(list(found.bonds.values()))
    returned = bonds * (1 + interest) ** some.years
    assert self_enforcing(with_flows(some, 0, returned)).self_enforcing
    for i, name in enumerate(NAMES):
        if bonds[i] > 0:
            fewer = returned - np.where(np.arange(2) == i, 0.001 * returned, 0)
            assert name in self_enforcing(with_flows(some, 0, fewer)).first_years
    assert (found.verdict == "self-enforcing") == self_enforcing(some).self_enforcing
    assert len(found.reasons) == (bonds > 0).sum()


def test_a_bond_at_the_partys_own_rate_costs_nothing_and_else_the_wait() -> None:
    some = Prospects(["A"], [0.1], [[50, 50]], [[0, 60]])
    gain = 60 - 50 / 1.1
    free = smallest_bonds(some, 0.1)
    assert free.costs["A"] == pytest.approx(0, abs=1e-12)
    assert free.bonds["A"] == pytest.approx(gain / 1.1)
    idle = smallest_bonds(some)
    assert idle.bonds["A"] == pytest.approx(gain * 1.1)
    assert idle.costs["A"] == pytest.approx(gain * 1.1 * (1 - 1.1**-2))
    assert idle.years == {"A": 1} and idle.bondable == {"A": True}


def test_a_party_cannot_be_bonded_beyond_what_the_whole_is_worth_to_it() -> None:
    found = smallest_bonds(Prospects(NAMES, [0, 0], [[10, 10], [9, 9]], [[0, 40], [0, 0]]))
    assert found.bonds == {"host": 30.0, "miner": 0.0}
    assert found.bondable == {"host": False, "miner": True}
    assert found.verdict == "not self-enforcing"
    assert "more than the 20" in found.reasons[0]


def test_a_bond_whose_cost_makes_signing_a_loss_is_none() -> None:
    some = Prospects(["A"], [0.5], [[0, 50]], [[0, 40]], outside=[17])
    found = smallest_bonds(some)
    assert found.bonds["A"] == pytest.approx((40 - 50 / 1.5) * 1.5)
    assert found.bondable == {"A": False}
    assert "makes signing a loss" in found.reasons[0]
    assert found.verdict == "not self-enforcing"


@settings(max_examples=60, deadline=None)
@given(prospects(), st.sampled_from([None, 1, 2, 9]), st.sampled_from([0.0, 0.05]))
def test_the_smallest_escrow_is_the_first_on_a_grid_that_holds(
    some: Prospects, hold_years: int | None, interest: float
) -> None:
    found = smallest_escrow(some, hold_years, interest)

    def holds(party: int, share: float) -> bool:
        """Flows laid out: held back on the day of payment, given back with interest."""
        extra, after = np.zeros((2, some.years + 1)), np.zeros(2)
        for year in range(some.years):
            held = share * max(some.cash[party, year], 0.0)
            back = min(year + (hold_years or some.years), some.years - some.lag)
            extra[party, year] -= held
            extra[party, back] += held * (1 + interest) ** (back - year)
        after[party] = extra[party, some.years]
        changed = with_flows(some, extra[:, : some.years], after)
        return NAMES[party] not in self_enforcing(changed).first_years

    for party, name in enumerate(NAMES):
        grid = [step / 50 for step in range(51)]
        first = next((share for share in grid if holds(party, share)), None)
        share = found.shares[name]
        if share is None:
            assert first is None
        elif first is None:
            # Only shares between two points of the grid hold.
            assert holds(party, share + 1e-12)
        else:
            assert first - 0.02 - 1e-9 <= share <= first + 1e-9
            assert holds(party, share * (1 + 1e-9))


def test_escrow_cannot_keep_whoever_leaves_before_anything_is_held() -> None:
    found = smallest_escrow(Prospects(["A"], [0], [[10, 10]], [[25, 0]]))
    assert found.shares == {"A": None} and found.largest == {"A": None}
    assert found.verdict == "not self-enforcing"
    assert "No share of what A is paid" in found.reasons[0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_the_smallest_shift_is_twice_the_largest_gain_where_the_other_can_wait(
    kept: list[int],
) -> None:
    # At no discount, what is still to come to the host must rise to its largest gain and go back.
    years = len(kept)
    some = Prospects(NAMES, [0, 0], np.full((2, years), 10), [[0, *kept[1:]], [0] * years])
    gains = self_enforcing(some).gains
    worst = max(0.0, float(gains[0].max()))
    together = gains.sum(axis=0).max()
    found = smallest_shift(some)
    if together > 0:
        assert found.shift is None and found.verdict == "not self-enforcing"
        assert "more to all together" in found.reasons[0]
    else:
        assert found.shift is not None and found.moved == pytest.approx(2 * worst, abs=1e-6)
        # Back-loaded: never ahead of what it would have had by then.
        assert (np.cumsum(found.shift[0]) <= 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(prospects(mild=True), st.booleans())
def test_a_shift_moves_money_only_between_parties_and_keeps_present_values(
    some: Prospects, own_money: bool
) -> None:
    found = smallest_shift(some, own_money=own_money)
    assume(found.shift is not None)
    assert found.shift is not None and found.enforcement is not None
    assert found.enforcement.self_enforcing
    scale = 1e-6 * max(1.0, float(np.abs(some.leaving()).max()))
    assert found.shift.sum(axis=0) == pytest.approx(0, abs=scale)
    before, after = some.staying(), with_flows(some, found.shift).staying()
    assert after[:, 0] == pytest.approx(before[:, 0], abs=20 * scale)
    assert (some.leaving() <= after + 20 * scale).all()
    if not own_money and found.moved:
        assert (some.cash + found.shift >= np.minimum(some.cash, 0) - scale).all()


def test_whoever_would_leave_at_signing_is_not_kept_by_an_order_of_payments() -> None:
    found = smallest_shift(Prospects(NAMES, [0, 0.1], [[10, 10], [90, 90]], [[25, 0], [0, 0]]))
    assert found.shift is None and found.moved is None and found.enforcement is None
    assert found.reasons[0].startswith("host would leave at signing")


def test_without_own_money_a_shift_may_be_out_of_reach() -> None:
    # The miner could pay 3 in the last year from what it expects beyond, not from what it gets then.
    some = Prospects(
        NAMES, [0, 0], [[9, 10, 10], [20, 20, 1]], [[0, 0, 13], [0] * 3], after_inside=[0, 10]
    )
    assert smallest_shift(some).moved == pytest.approx(6)
    assert smallest_shift(some, own_money=False).shift is None


def test_what_holds_already_is_left_as_it_is() -> None:
    some = Prospects(["A"], [0.1], [[1]], [[0]])
    assert smallest_shift(some).moved == 0.0
    assert smallest_escrow(some).verdict == smallest_bonds(some).verdict == "self-enforcing"
    assert smallest_escrow(some).shares == {"A": 0.0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parties": ("A", "A")}, "parties"),
        ({"parties": ()}, "parties"),
        ({"parties": "AB"}, "parties"),
        ({"parties": ("A", "B", "C")}, "cash"),
        ({"rates_per_year": [0.1]}, "rates_per_year"),
        ({"rates_per_year": [0.1, -0.1]}, "rates_per_year"),
        ({"rates_per_year": [0.1, float("nan")]}, "rates_per_year"),
        ({"rates_per_year": [True, False]}, "rates_per_year"),
        ({"cash": [[1, 2], [3]]}, "cash"),
        ({"cash": [[], []]}, "cash"),
        ({"cash": [[1, float("inf")], [1, 1]]}, "cash"),
        ({"kept": [[1], [1]]}, "kept"),
        ({"kept": [["1", "2"], ["3", "4"]]}, "kept"),
        ({"losses": [1, 2]}, "losses"),
        ({"after_inside": [1]}, "after_inside"),
        ({"paid_at": "middle"}, "paid_at"),
    ],
)
def test_prospects_that_cannot_be_are_refused(change: dict[str, Any], words: str) -> None:
    good: dict[str, Any] = {
        "parties": ("A", "B"),
        "rates_per_year": [0.1, 0.1],
        "cash": [[1, 1], [1, 1]],
        "kept": [[0, 0], [0, 0]],
    }
    with pytest.raises(InputError, match=words):
        Prospects(**{**good, **change})


def test_interests_and_years_that_cannot_be_are_refused() -> None:
    some = Prospects(["A"], [0.1], [[1]], [[0]])
    for interest in (-0.1, 11, float("nan"), True, "0.1", None):
        with pytest.raises(InputError, match="interest_per_year"):
            smallest_bonds(some, interest)  # type: ignore[arg-type]
    for years in (0, -1, True, 1.5):
        with pytest.raises(InputError, match="hold_years"):
            smallest_escrow(some, years)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="own_money"):
        smallest_shift(some, own_money="no")  # type: ignore[arg-type]


def test_the_default_list_says_what_cannot_be_verified_and_why() -> None:
    assert len({one.what for one in DEFAULT_VERIFICATION}) == len(DEFAULT_VERIFICATION)
    hidden = unverifiable()
    assert hidden and all(one.why_not for one in hidden)
    assert any("elsewhere" in one.what for one in hidden)
    assert any(one.can_be_verified and not one.why_not for one in DEFAULT_VERIFICATION)


@pytest.mark.parametrize(
    "texts",
    [
        ("", "how", "who", True, "", "source"),
        ("what", "how", "who", False, "", "source"),
        ("what", "how", "who", True, "", "assumed: "),
        ("what", "how", "who", True, "", " "),
        ("what", "how", "who", 1, "", "source"),
        ("what", "how", None, True, "", "source"),
    ],
)
def test_an_item_without_its_words_is_refused(texts: tuple[Any, ...]) -> None:
    with pytest.raises(InputError):
        Verified(*texts)
