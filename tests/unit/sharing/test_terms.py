"""Terms of an arrangement: what may be written, and what is refused in one clear place."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from baseload.errors import FieldFault, FieldFaults
from baseload.sharing import Terms, party_faults

GOOD: dict[str, Any] = {"capital": {"A": 0.5, "B": 0.5}, "shares": {"A": "1/3", "B": "2/3"}}


def faults_of(**changes: Any) -> list[FieldFault]:
    given = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(ValidationError) as caught:
        Terms(**given)
    found: list[FieldFault] = []
    for one in caught.value.errors():
        raised = one.get("ctx", {}).get("error")
        if isinstance(raised, FieldFaults):
            found += raised.faults
        elif isinstance(raised, FieldFault):
            found.append(raised)
        else:
            found.append(FieldFault(found=str(one["input"]), allowed=one["msg"], at=one["loc"]))
    return found


def test_numbers_are_taken_as_they_are_written() -> None:
    terms = Terms(capital={"A": 0.1, "B": 0.2, "C": 0.7}, shares={"A": "1/3", "B": "2/3"})
    assert terms.capital["A"] == Fraction(1, 10)
    assert terms.profit_tiers[0].shares == {"A": Fraction(1, 3), "B": Fraction(2, 3)}


def test_terms_that_are_written_out_read_the_same_again() -> None:
    terms = Terms(
        capital={"A": 0.25, "B": 0.75},
        tiers=[{"until_r_factor": 1.5, "shares": {"A": "1/3", "B": "2/3"}}, {"shares": {"A": 1}}],
        cost_recovery=0.4,
        taxes=[{"jurisdiction": "X", "rate_on_profit": 0.18}],
    )
    written = json.loads(terms.model_dump_json(exclude_none=True))
    assert written["tiers"][0]["shares"] == {"A": "1/3", "B": "2/3"}
    assert Terms(**written) == terms
    assert "capital" in Terms.model_json_schema()["properties"]


def test_cost_recovery_is_a_truth_a_limit_or_a_table() -> None:
    assert Terms(**GOOD, cost_recovery=False).cost_recovery is None
    full = Terms(**GOOD, cost_recovery=True).cost_recovery
    assert full is not None and full.limit_share_of_gross == 1
    half = Terms(**GOOD, cost_recovery=0.5).cost_recovery
    assert half is not None and half.limit_share_of_gross == Fraction(1, 2)
    table = Terms(**GOOD, cost_recovery={"uplift_share": 0.2}).cost_recovery
    assert table is not None and table.uplift_share == Fraction(1, 5)


@pytest.mark.parametrize(
    ("changes", "at", "allowed"),
    [
        ({"capital": {"A": 0.5, "B": 0.4}}, ("capital",), "add up to 1"),
        ({"capital": {}}, ("capital",), "add up to 1"),
        ({"shares": {"A": 0.33, "B": 0.33}}, ("shares",), "add up to 1"),
        ({"shares": None}, ("shares",), "one of shares and tiers"),
        ({"tiers": [{"shares": {"A": 1}}]}, ("tiers",), "one of shares and tiers"),
        (
            {"shares": None, "tiers": [{"shares": {"A": 0.9}}]},
            ("tiers", 0, "shares"),
            "add up to 1",
        ),
        (
            {"shares": None, "tiers": [{"shares": {"A": 1}}, {"shares": {"A": 1}}]},
            ("tiers", 0),
            "in each tier but the last",
        ),
        (
            {"shares": None, "tiers": [{"until_usd_million": 5, "shares": {"A": 1}}]},
            ("tiers", 0, "until_usd_million"),
            "the last tier has no end",
        ),
        (
            {
                "shares": None,
                "tiers": [
                    {"until_usd_million": 5, "shares": {"A": 1}},
                    {"until_usd_million": 5, "shares": {"A": 1}},
                    {"shares": {"A": 1}},
                ],
            },
            ("tiers", 1, "until_usd_million"),
            "rise from tier to tier",
        ),
        (
            {
                "shares": None,
                "tiers": [
                    {"until_usd_million": 5, "shares": {"A": 1}},
                    {"until_r_factor": 6, "shares": {"A": 1}},
                    {"shares": {"A": 1}},
                ],
            },
            ("tiers", 1, "until_r_factor"),
            "as in the tier before",
        ),
        (
            {
                "shares": None,
                "tiers": [
                    {"until_usd_million": 5, "until_r_factor": 1, "shares": {"A": 1}},
                    {"shares": {"A": 1}},
                ],
            },
            ("tiers", 0),
            "until_usd_million or until_r_factor",
        ),
        (
            {"royalty": [{"to": "A", "share_of_gross": 0.7}, {"to": "B", "share_of_gross": 0.4}]},
            ("royalty",),
            "at most 1 together",
        ),
        (
            {
                "taxes": [
                    {"jurisdiction": "X", "rate_on_profit": 0.6},
                    {"jurisdiction": "Y", "rate_on_profit": 0.6},
                ]
            },
            ("taxes",),
            "at most 1 together",
        ),
    ],
)
def test_terms_that_contradict_themselves_are_refused(
    changes: dict[str, Any], at: tuple[str | int, ...], allowed: str
) -> None:
    faults = faults_of(**changes)
    assert [fault.at for fault in faults] == [at]
    assert allowed in faults[0].allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"capital": {"A": -0.5, "B": 1.5}},
        {"capital": {"A": True}},
        {"capital": {"A": "all"}},
        {"capital": {"A": float("nan")}},
        {"capital": {"A": 0.123456789, "B": 0.876543211}},
        {"royalty": [{"to": "A", "share_of_gross": 0}]},
        {"royalty": [{"to": "A", "share_of_gross": 1.2}]},
        {"cost_recovery": 0},
        {"cost_recovery": 1.5},
        {"cost_recovery": {"limit": 0.5}},
        {"cost_recovery": {"interest_per_year": -0.1}},
        {"taxes": [{"jurisdiction": "X", "rate_on_profit": 1.01}]},
        {"taxes": [{"jurisdiction": "X", "depreciation_years": 0}]},
        {"taxes": [{"jurisdiction": "X", "of": "A", "rate_on_gross": 0.1}]},
        {"taxes": [{"jurisdiction": "X", "of": "A", "depreciation_years": 5}]},
        {"taxes": [{"jurisdiction": ""}]},
        {
            "shares": None,
            "tiers": [{"until_usd_million": -1, "shares": {"A": 1}}, {"shares": {"A": 1}}],
        },
        {
            "shares": None,
            "tiers": [{"until_usd_million": 1e-9, "shares": {"A": 1}}, {"shares": {"A": 1}}],
        },
        {
            "shares": None,
            "tiers": [{"until_usd_million": True, "shares": {"A": 1}}, {"shares": {"A": 1}}],
        },
        {"taxes": [{"jurisdiction": "X", "depreciation_years": True}]},
        {"safety": True},
    ],
)
def test_values_out_of_range_are_refused(changes: dict[str, Any]) -> None:
    assert faults_of(**changes)


def test_two_faults_are_told_at_once() -> None:
    faults = faults_of(capital={"A": 0.5}, shares={"A": 0.5})
    assert [fault.at for fault in faults] == [("capital",), ("shares",)]


def test_names_that_nobody_has_are_told_with_the_nearest_one() -> None:
    terms = Terms(
        capital={"minr": 1},
        tiers=[{"until_usd_million": 1, "shares": {"owner": 1}}, {"shares": {"owne": 1}}],
        royalty=[{"to": "outside", "share_of_gross": 0.1}, {"to": "ownr", "share_of_gross": 0.1}],
        taxes=[{"jurisdiction": "X", "of": "outside"}],
    )
    found = party_faults(terms, ["miner", "owner"])
    assert [(fault.at, fault.nearest) for fault in found] == [
        (("capital", "minr"), "miner"),
        (("tiers", 1, "shares", "owne"), "owner"),
        (("royalty", 1, "to"), "owner"),
        (("taxes", 0, "of"), ""),
    ]
    assert "outside" in found[2].allowed and "outside" not in found[0].allowed
    assert party_faults(Terms(**GOOD), ["A", "B", "C"]) == ()


@pytest.mark.parametrize("name", ["outside", "project"])
def test_a_party_cannot_have_a_name_that_means_none(name: str) -> None:
    assert party_faults(Terms(**GOOD), ["A", "B", name])[0].found == f"a party named '{name}'"
