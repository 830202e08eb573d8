"""What gates come to for arrangements, from made-up opinions and runs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.unit.agreement.conftest import run_of

from baseload.agreement.chances import chances
from baseload.gates.schema import Gate, GatesPool

POOL = GatesPool.model_validate({"as_of": date(2026, 1, 1), "draws": 4000, "horizon_years": 20})


def gate(name: str, probability: float, months: float, **more: Any) -> Gate:
    points = {"low": probability, "best": probability, "high": probability}
    wait = {"low": months, "best": months, "high": months}
    opinion = {
        "by": "a test",
        "probability": points,
        "months": wait,
        "source": "assumed: a test's own",
    }
    return Gate.model_validate({"name": name, "opinions": [opinion], **more})


def found(gates: list[Gate], mined_from: int | None = 12) -> Any:
    return chances(
        gates,
        POOL,
        {"deal": run_of(1e6, mined_from=mined_from)},
        {"deal": {0.0: 1e9, 2.0: 5e8, 5.0: 0.0, 10.0: -1e9}},
        date(2036, 1, 1),
        date(2027, 1, 1),
        0.0,
        seed=1,
    )["deal"]


def test_mining_needs_all_gates_and_the_works_after_them() -> None:
    result = found([gate("consent", 0.5, 24), gate("water", 0.4, 36, needs=["consent"])])
    assert result["probability"]["value"] == pytest.approx(0.2)
    assert result["ever"]["value"] == pytest.approx(0.2)
    by = {each["on"][:4]: each["mining"]["value"] for each in result["first_mining_by"]}
    # 24 + 36 months of gates and 12 of works end with the year 2031.
    assert by["2031"] == 0.0 and by["2032"] == pytest.approx(0.2)
    started = {each["on"][:4]: each["start"]["value"] for each in result["first_mining_by"]}
    assert started["2030"] == 0.0 and started["2031"] == pytest.approx(0.2)


def test_the_smallest_changes_reach_one_half() -> None:
    result = found([gate("consent", 0.5, 24), gate("water", 0.4, 36)])["changes"]
    assert result["needed"] and result["single"] is None
    assert result["best_single"] == {"gates": ["water"], "probability": pytest.approx(0.5)} or (
        result["best_single"]["probability"] == pytest.approx(0.5)
    )
    assert result["pair"]["reaches"] == pytest.approx(0.5, abs=0.01)


def test_a_start_is_worth_what_it_is_worth_then_and_may_be_declined() -> None:
    # Seven years after the scenario's start the value lies between 0 and -1 billion.
    late = found([gate("consent", 1.0, 96)])["start_value"]
    assert late["taken"]["value"] == pytest.approx(-4e8, rel=0.01)
    assert late["may_decline"]["value"] == 0.0
    assert late["declined"] == pytest.approx(1.0)


def test_a_configuration_that_never_mines_says_so() -> None:
    result = found([gate("consent", 0.5, 24)], mined_from=None)
    assert not result["mines"] and result["probability"]["value"] == 0.0
    assert result["ever"]["value"] == pytest.approx(0.5)
