"""Random expressions come to what plain Python makes of them; random texts give nothing else.

`BASELOAD_FUZZ_CASES=20000` makes a night of it.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baseload.errors import InputError
from baseload.expression import Expression, Truths, evaluate, parse, written

CASES = int(os.environ.get("BASELOAD_FUZZ_CASES", "300"))
fuzz = settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PATHS = 5
Tree = tuple[Any, ...]
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "is": operator.eq,
    "!=": operator.ne,
    "is not": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

numbers = st.recursive(
    st.tuples(st.just("number"), st.sampled_from([0.0, 1.0, 2.0, 0.5, 3.25, 1e3]))
    | st.tuples(st.just("name"), st.sampled_from(["x", "y", "a.b"])),
    lambda inner: (
        st.tuples(st.sampled_from(sorted(ARITHMETIC)), inner, inner)
        | st.tuples(st.sampled_from(["minus", "abs"]), inner)
        | st.tuples(st.sampled_from(["min", "max"]), inner, inner)
    ),
    max_leaves=6,
)
questions = st.recursive(
    st.tuples(st.sampled_from(sorted(COMPARISONS)), numbers, numbers)
    | st.tuples(st.just("between"), numbers, numbers, numbers)
    | st.tuples(st.just("defined"), numbers)
    | st.tuples(st.just("name"), st.just("flag")),
    lambda inner: (
        st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner)
    ),
    max_leaves=6,
)
values = st.lists(
    st.sampled_from([0.0, 1.0, -2.0, 0.5, 7.0, math.nan, math.inf]),
    min_size=PATHS,
    max_size=PATHS,
)


def text_of(tree: Tree) -> str:
    """The tree with brackets around everything."""
    kind, *parts = tree
    if kind == "number":
        return repr(parts[0])
    if kind == "name":
        return str(parts[0])
    inside = [text_of(part) for part in parts]
    if kind in ("abs", "min", "max", "defined"):
        return f"{kind}({', '.join(inside)})"
    if kind == "minus":
        return f"(-{inside[0]})"
    if kind == "not":
        return f"(not {inside[0]})"
    if kind == "between":
        return f"({inside[0]} between {inside[1]} and {inside[2]})"
    return f"({inside[0]} {kind} {inside[1]})"


def finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def twin(tree: Tree, names: dict[str, Any]) -> Any:
    """One path, None for undefined."""
    kind, *parts = tree
    if kind == "number":
        return parts[0]
    if kind == "name":
        found = names[parts[0]]
        return found if isinstance(found, bool) else finite(found)
    inside = [twin(part, names) for part in parts]
    if kind == "defined":
        return inside[0] is not None
    if kind == "and":
        return False if False in inside else None if None in inside else True
    if kind == "or":
        return True if True in inside else None if None in inside else False
    if kind == "between":
        low, high = twin(("<=", parts[1], parts[0]), names), twin(("<=", parts[0], parts[2]), names)
        return False if False in (low, high) else None if None in (low, high) else True
    if None in inside:
        return None
    if kind == "not":
        return not inside[0]
    if kind == "minus":
        return -inside[0]
    if kind == "abs":
        return abs(inside[0])
    if kind in ("min", "max"):
        return min(inside) if kind == "min" else max(inside)
    if kind == "/" and inside[1] == 0:
        return None
    if kind in ARITHMETIC:
        return finite(ARITHMETIC[kind](*inside))
    return COMPARISONS[kind](*inside)


@fuzz
@given(
    tree=questions | numbers,
    x=values,
    y=values,
    z=values,
    flags=st.lists(st.booleans(), min_size=PATHS, max_size=PATHS),
)
def test_an_expression_is_worth_what_plain_python_makes_of_each_path(
    tree: Tree, x: list[float], y: list[float], z: list[float], flags: list[bool]
) -> None:
    expression = parse(text_of(tree))
    assert parse(written(expression.tree)).tree == expression.tree
    names = {"x": np.array(x), "y": np.array(y), "a.b": np.array(z), "flag": np.array(flags)}
    found = evaluate(expression, names)
    for path in range(PATHS):
        here = {"x": x[path], "y": y[path], "a.b": z[path], "flag": flags[path]}
        expected = twin(tree, here)
        got: Any = found
        if isinstance(found, Truths):
            got = True if found.true[path] else False if found.false[path] else None
        elif isinstance(found, np.ndarray):
            got = finite(float(found[path]))
        assert got == expected, (expression.text, path)


PIECES = st.sampled_from((
    "a", "plant.gross_mw", "x.__class__", "f(", "(", ")", ",", "and", "or", "not", "is", "in",
    "between", "true", "=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "5", "5%", "1e3",
    "1_000", "2027-12-31", "2027-99-99", '"x"', "'", "[", "]", "lambda", ";", ".", "..", "__", "\\",
    "é", "、", "\x00", "\n", "&&", "**", "1.",
))  # fmt: skip


@fuzz
@given(
    text=st.text(max_size=60)
    | st.lists(PIECES, max_size=40).map(" ".join)
    | st.lists(PIECES, max_size=40).map("".join)
)
def test_a_text_gives_an_expression_or_an_input_error(text: str) -> None:
    try:
        found = parse(text)
    except InputError as error:
        assert all(fault.found and fault.allowed for fault in error.faults)
        return
    assert isinstance(found, Expression)
    assert parse(written(found.tree)).tree == found.tree
    try:
        evaluate(found, {"a": np.array([1.0, 2.0]), "plant.gross_mw": 6000.0})
    except InputError:
        return
