"""Bad gates: one clear fault each, at its place."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tests.unit.gates.made import AS_OF, gate, opinion, points

from baseload.errors import FieldFaults
from baseload.gates.check import check_gates
from baseload.gates.schema import Gate, GatesPool


def checked(gates: list[dict[str, Any]], **pool: Any) -> None:
    read = [Gate.model_validate(one) for one in gates]
    check_gates(read, GatesPool.model_validate({"as_of": AS_OF, **pool}), ["joint", "alone"])


def fault_of(gates: list[dict[str, Any]], **pool: Any) -> Any:
    with pytest.raises(FieldFaults) as caught:
        checked(gates, **pool)
    (fault,) = caught.value.faults
    return fault


def test_sound_gates_pass() -> None:
    checked(
        [gate("a"), gate("b", needs=["a"]), gate("c", only_for=["joint"])],
        correlations={"b ~ c": 0.3},
    )


@pytest.mark.parametrize(
    "given",
    [
        {"low": 0.1, "best": 0.2, "high": 1.2},
        {"low": -0.1, "best": 0.2, "high": 0.3},
        {"low": 0.4, "best": 0.2, "high": 0.6},
        {"low": 0.1, "best": float("nan"), "high": 0.6},
        {"low": 0.1, "best": True, "high": 1},
        {"low": 0.1, "best": "0.2", "high": 0.5},
        {"low": 0.1, "best": 0.2},
        {"low": 0.1, "best": 0.2, "high": 0.3, "mean": 0.2},
    ],
)
def test_points_that_are_no_probabilities_in_order_are_one_fault(given: dict[str, Any]) -> None:
    case = gate("a")
    case["opinions"][0]["probability"] = given
    with pytest.raises(ValidationError) as caught:
        Gate.model_validate(case)
    assert caught.value.error_count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"needs": ["b", "b"]},
        {"only_for": []},
        {"opinions": []},
        {"lasts_years": points((0.0, 0.0, 1.0)), "lasts_source": "assumed: made for a test"},
        {"lasts_years": points(3.0)},
    ],
)
def test_a_gate_that_contradicts_itself_is_one_fault(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Gate.model_validate({**gate("a"), **change})
    assert caught.value.error_count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"source": "somebody said"},
        {"source": "assumed: so"},
        {"weight": -1},
        {"weight": True},
        {"months": points((1.0, 2.0, 1e6))},
        {"probability": points(0.0)},
        {"probability_given": {"b": points(0.1), "c": points(0.2)}},
    ],
)
def test_an_opinion_that_is_none_is_one_fault(change: dict[str, Any]) -> None:
    case = {**gate("a"), "opinions": [{**opinion(0.5), **change}]}
    with pytest.raises(ValidationError) as caught:
        Gate.model_validate(case)
    assert caught.value.error_count() == 1


def test_an_unknown_parent_is_told_with_the_nearest_name() -> None:
    fault = fault_of([gate("ceasefire"), gate("b", needs=["ceasefires"])])
    assert fault.at == ("gates", 1, "needs", 0) and fault.nearest == "ceasefire"


def test_an_unknown_arrangement_is_told_with_the_nearest_name() -> None:
    fault = fault_of([gate("a", only_for=["jiont"])])
    assert fault.at == ("gates", 0, "only_for", 0) and fault.nearest == "joint"


def test_a_circle_is_told_once_and_in_full() -> None:
    fault = fault_of([gate("a", needs=["c"]), gate("b", needs=["a"]), gate("c", needs=["b"])])
    assert fault.found.count("waits for") == 3
    given = {"a": points(0.9)}
    own = {**gate("a"), "opinions": [opinion(0.5, 3.0, probability_given=given)]}
    assert "circle" in fault_of([own]).found
    assert "circle" in fault_of([gate("a", needs=["a"])]).found


def test_a_circle_through_a_conditional_probability_is_one_too() -> None:
    given = {"b": points(0.9)}
    first = {**gate("a"), "opinions": [opinion(0.5, 3.0, probability_given=given)]}
    assert "circle" in fault_of([first, gate("b", needs=["a"])]).found


def test_long_chains_are_followed_without_recursion() -> None:
    checked([gate("0"), *(gate(str(i), needs=[str(i - 1)]) for i in range(1, 3000))])


@pytest.mark.parametrize(
    ("correlations", "words"),
    [
        ({"a ~ b": 1.2}, "1.2"),
        ({"a ~ b": float("nan")}, "nan"),
        ({"a ~ a": 0.5}, "itself"),
        ({"a b": 0.5}, "a b"),
        ({"a ~ b ~ c": 0.5}, "a ~ b ~ c"),
        ({"a ~ b": 0.5, "b~a": 0.5}, "twice"),
        ({"a ~ bb": 0.1}, "bb"),
        ({"a ~ b": 0.9, "b ~ c": 0.9, "a ~ c": -0.9}, "cannot hold together"),
        ({"c ~ d": 0.3}, "hangs on"),
    ],
)
def test_correlations_that_cannot_be_are_one_fault(
    correlations: dict[str, float], words: str
) -> None:
    gates = [gate("a"), gate("b"), gate("c"), gate("d", needs=["c"])]
    fault = fault_of(gates, correlations=correlations)
    assert words in fault.found and fault.at[:2] == ("gates_pool", "correlations")


def test_opinions_given_different_gates_are_a_fault() -> None:
    case = {
        "name": "c",
        "opinions": [
            opinion(0.5, 3.0, "one", probability_given={"a": points(0.9)}),
            opinion(0.5, 3.0, "two", probability_given={"b": points(0.9)}),
        ],
    }
    assert "beside" in fault_of([gate("a"), gate("b"), case]).found


def test_a_probability_given_what_the_gate_needs_is_a_fault() -> None:
    case = {
        "name": "b",
        "needs": ["a"],
        "opinions": [opinion(0.5, 3.0, probability_given={"a": points(0.9)})],
    }
    assert "needs" in fault_of([gate("a"), case]).found


def test_gates_need_a_pool_and_months_and_one_opinion_a_source() -> None:
    with pytest.raises(FieldFaults):
        check_gates([Gate.model_validate(gate("a"))], None)
    check_gates([], None)
    assert "months" in fault_of([gate("a", 0.5, None)]).found
    twice = {"name": "a", "opinions": [opinion(0.5), opinion(0.4)]}
    assert "twice" in fault_of([twice]).found
    assert "twice" in fault_of([gate("a"), gate("a")]).found
    assert "weight" in fault_of([{"name": "a", "opinions": [opinion(0.5, weight=0)]}]).found


def test_opposite_certainties_are_a_fault_of_the_log_odds_alone() -> None:
    case = {"name": "a", "opinions": [opinion(0.0, None), opinion(1.0, 3.0, "other")]}
    checked([case])
    assert "1 from another" in fault_of([case], method="log odds").found


def test_seed_questions_must_be_answered_by_every_source() -> None:
    seed = {
        "question": "q",
        "realised": 3,
        "answers": {"one": {"low": 1, "best": 2, "high": 3}},
        "source": "a test, 2026",
    }
    checked([gate("a")], weights="cooke", seeds=[seed])
    case = {"name": "a", "opinions": [opinion(0.5, 3.0, "ones")]}
    assert fault_of([case], weights="cooke", seeds=[seed]).nearest == "one"


@pytest.mark.parametrize(
    "change",
    [
        {"method": "median"},
        {"exponent": 0},
        {"cut_off": 1.0},
        {"weights": "cooke"},
        {"horizon_years": 0},
        {"draws": 0},
        {"seeds": [{"question": "q", "realised": float("inf"), "answers": {}, "source": "x 2026"}]},
    ],
)
def test_a_pool_out_of_range_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GatesPool.model_validate({"as_of": AS_OF, **change})


def test_reading_gates_needs_no_compiler() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import baseload.gates, baseload.gates.schema, baseload.gates.check;"
        "print([one for one in ('numba', 'scipy', 'polars') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
