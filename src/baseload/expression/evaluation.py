"""What an expression comes to, from the values of its names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any, TypeAlias

import numpy as np

from baseload.errors import Fault, InputError
from baseload.expression import tree, values
from baseload.expression.checking import check
from baseload.expression.faults import ArgumentFault, refuse
from baseload.expression.functions import STANDARD
from baseload.expression.kinds import Function, Kind
from baseload.expression.tree import Expression, Node
from baseload.expression.values import Numbers, Truths, Value, numbers, truths

Inner: TypeAlias = Numbers | Truths | date | str | frozenset[str]
"""A value inside the evaluator."""


def kind_of(value: Value) -> Kind:
    """The kind of a value; undefined counts as a number.

    Parameters
    ----------
    value : Value
        One for all paths, or an array of one a path, shape (P,).

    Returns
    -------
    str
        "number", "truth", "text", "texts" or "date".

    Raises
    ------
    TypeError
        For what is no value of the language.

    Examples
    --------
    >>> kind_of(np.array([True, False])), kind_of(frozenset({"a"}))
    ('truth', 'texts')
    """
    if (
        isinstance(value, np.ndarray)
        and value.ndim == 1
        and value.size
        and value.dtype == np.float64
    ):
        return "number"  # without a look at each path
    inner = _inner(value)
    if isinstance(inner, Numbers):
        return "number"
    if isinstance(inner, Truths):
        return "truth"
    if isinstance(inner, str):
        return "text"
    return "date" if isinstance(inner, date) else "texts"


def evaluate(
    expression: Expression,
    names: Mapping[str, Value],
    functions: Mapping[str, Function] = STANDARD,
) -> Value:
    """What an expression comes to.

    Parameters
    ----------
    expression : Expression
        From `parse`.
    names : mapping of str to Value
        Numbers, truths, dates, texts and sets of texts; of numbers and truths also arrays (P,).
    functions : mapping of str to Function
        All that may be called.

    Returns
    -------
    Value
        A float, bool, date, text or set; None where it is undefined. Over paths: an array of floats
        (P,), NaN where undefined, or `Truths`.

    Raises
    ------
    InputError
        As `check`; for arrays of different lengths, and for arguments that a function cannot take.

    Examples
    --------
    >>> from baseload.expression import parse
    >>> evaluate(parse("probability(share > 10 %) + 1"), {"share": np.array([0.05, 0.2])})
    1.5
    >>> evaluate(parse("years <= 20"), {"years": float("nan")}) is None
    True
    """
    used = {name: names[name] for name in expression.names if name in names}
    kinds: dict[str, Kind] = {name: kind_of(value) for name, value in names.items()}
    check(expression, kinds, functions)
    return outer(Evaluator(expression.text, used, functions).value(expression.tree))


@dataclass(frozen=True)
class Evaluator:
    """The values that pieces of one checked expression come to.

    Parameters
    ----------
    text : str
        The expression's, for messages.
    names : mapping of str to Value
        All that it uses.
    functions : mapping of str to Function
        All that it calls.
    with_noise : bool
        Whether figures over paths carry the 95 % interval that so many paths leave.

    Raises
    ------
    InputError
        For arrays of different lengths.
    """

    text: str
    names: Mapping[str, Value]
    functions: Mapping[str, Function]
    with_noise: bool = False

    def __post_init__(self) -> None:
        sizes: dict[int, str] = {}
        for name, value in self.names.items():
            size = _paths(_inner(value))
            if size is not None:
                sizes.setdefault(size, name)
        if len(sizes) > 1:
            (one, first), (other, second) = list(sizes.items())[:2]
            found = f"{one} paths, and {other} in {second}"
            raise InputError(Fault(None, None, None, first, found, "the same paths for all names"))

    def value(self, node: Node) -> Inner:
        """What a piece comes to."""
        match node:
            case tree.Literal():
                return _inner(node.value)
            case tree.Texts():
                return node.items
            case tree.Name():
                return _inner(self.names[node.name])
            case tree.Call():
                return self._call(node)
            case tree.Negative():
                return values.negative(self.number(node.operand))
            case tree.Not():
                return values.opposite(self.truth(node.operand))
            case tree.Logic():
                join = values.both if node.operator == "and" else values.either
                return reduce(join, (self.truth(part) for part in node.parts))
            case tree.Arithmetic():
                return values.calculate(
                    node.operator, self.number(node.left), self.number(node.right)
                )
            case tree.Comparison():
                return _compare(node.operator, self.value(node.left), self.value(node.right))
            case tree.Between():
                value = self.value(node.value)
                return values.both(
                    _compare("<=", self.value(node.low), value),
                    _compare("<=", value, self.value(node.high)),
                )

    def truth(self, node: Node) -> Truths:
        """What a piece that is a question comes to."""
        found = self.value(node)
        if not isinstance(found, Truths):
            raise RuntimeError("a checked question has a truth")
        return found

    def number(self, node: Node) -> Numbers:
        """What a piece that is a number comes to."""
        found = self.value(node)
        if not isinstance(found, Numbers):
            raise RuntimeError("a checked number is one")
        return found

    def _call(self, node: tree.Call) -> Inner:
        function = self.functions[node.function]
        call = function.with_noise if self.with_noise and function.with_noise else function.call
        if call is None:
            refuse(
                self.text, node.at, f"{node.function}( ), which is not there yet,", "what is there"
            )
        try:
            with np.errstate(all="ignore"):
                found: Inner = call(*(self.value(argument) for argument in node.arguments))
        except ArgumentFault as error:
            refuse(self.text, node.at, error.found, error.allowed, error.nearest)
        return found


def _compare(operator: str, left: Inner, right: Inner) -> Truths:
    if isinstance(left, Numbers) and isinstance(right, Numbers):
        return values.compare(operator, left, right)
    if isinstance(left, Truths) and isinstance(right, Truths):
        same = values.either(
            values.both(left, right), values.both(values.opposite(left), values.opposite(right))
        )
        return same if operator == "=" else values.opposite(same)
    return truths(_plain(operator, left, right))


def _plain(operator: str, left: Any, right: Any) -> bool:
    """Of two days, texts or sets."""
    found: bool
    match operator:
        case "=":
            found = left == right
        case "!=":
            found = left != right
        case "in":
            found = left in right
        case "not in":
            found = left not in right
        case "<":
            found = left < right
        case "<=":
            found = left <= right
        case ">":
            found = left > right
        case _:
            found = left >= right
    return found


def _inner(value: Value) -> Inner:
    """A value from outside as the evaluator holds it."""
    if isinstance(value, Numbers | Truths | str | frozenset):
        return value
    if isinstance(value, datetime):
        raise TypeError("a day has no time of day")
    if isinstance(value, date):
        return value
    if value is None:
        return numbers(np.nan)
    if isinstance(value, bool | np.bool_):
        return truths(value)
    found = np.asarray(value)
    if found.ndim > 1 or (found.ndim == 1 and found.size == 0):
        raise TypeError("a value has one entry for each path, and at least one path")
    if found.dtype == np.bool_:
        return truths(found)
    if found.dtype.kind not in "iuf":
        raise TypeError(f"no value of an expression: {type(value).__name__}")
    return numbers(found)


def _paths(value: Inner) -> int | None:
    """Count of paths of a value over paths; None of one value."""
    if isinstance(value, Numbers):
        return value.low.size if value.low.ndim else None
    if isinstance(value, Truths):
        return value.true.size if value.true.ndim else None
    return None


def outer(value: Inner) -> Value:
    """A value of the evaluator as it is given back."""
    if isinstance(value, Truths) and value.true.ndim == 0:
        return bool(value.true) if value.true | value.false else None
    if not isinstance(value, Numbers):
        return value
    exact = np.where(value.low == value.high, value.low, np.nan)
    if exact.ndim:
        return exact
    return float(exact) if np.isfinite(exact) else None
