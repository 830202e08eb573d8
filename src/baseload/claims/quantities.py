"""Units of the pieces of an expression, and numbers in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from baseload.expression import tree
from baseload.expression.kinds import Function
from baseload.expression.tree import Node
from baseload.units import SHARE, human

_SAME: Final = "same"


def unit_of_piece(node: Node, units: Mapping[str, str], functions: Mapping[str, Function]) -> str:
    """Symbol of the unit of a piece that is a number; empty where it has none that can be told.

    A plain number takes the unit of what it is added to, and leaves that of what it multiplies.

    Parameters
    ----------
    node : Node
        Of a checked expression.
    units : mapping of str to str
        Symbol for each name, and for each text that names a series.
    functions : mapping of str to Function

    Examples
    --------
    >>> from baseload.expression import STANDARD, parse
    >>> unit_of_piece(parse("2 * median(mine_mw) - 5").tree, {"mine_mw": "MW"}, STANDARD)
    'MW'
    """
    return _unit(node, units, functions) or ""


def _unit(node: Node, units: Mapping[str, str], functions: Mapping[str, Function]) -> str | None:
    """Empty for a plain number, None for a unit that has no symbol here."""
    match node:
        case tree.Name():
            return units.get(node.name, "")
        case tree.Negative():
            return _unit(node.operand, units, functions)
        case tree.Call():
            function = functions[node.function]
            if function.unit != _SAME:
                return function.unit
            first = node.arguments[0]
            if isinstance(first, tree.Literal) and isinstance(first.value, str):
                return units.get(first.value, "")
            return _unit(first, units, functions)
        case tree.Arithmetic():
            left, right = (_unit(side, units, functions) for side in (node.left, node.right))
            if left is None or right is None:
                return None
            if node.operator in "+-":
                return left or right if left == right or not (left and right) else None
            if node.operator == "*":
                return left or right if not (left and right) else None
            return left if not right else "" if left == right else None
        case _:
            return ""


def amount(value: float, unit: str) -> str:
    """A quantity in words.

    Examples
    --------
    >>> amount(0.123, "share"), amount(-math.inf, "USD")
    ('12.3 %', 'no value')
    """
    if value == 0.0 and unit != SHARE.symbol:
        return f"0 {unit}".rstrip()
    return human(value, unit) if math.isfinite(value) else "no value"


def difference(value: float, unit: str) -> str:
    """How far two quantities are apart, in words; shares in percentage points.

    Examples
    --------
    >>> difference(0.05, "share"), difference(-3e6, "USD")
    ('5 percentage points', '3 million USD')
    """
    size = abs(value)
    if unit != SHARE.symbol:
        return amount(size, unit)
    points = amount(100.0 * size, "")
    return f"{points} percentage point{'s' * (points != '1')}"


def range_words(low: float, high: float, unit: str) -> str:
    """Two ends in words, the unit once where both have it.

    Examples
    --------
    >>> range_words(0.1, 0.25, "share"), range_words(2e6, 3e9, "USD")
    ('10 to 25 %', '2 million USD to 3 billion USD')
    """
    first, last = amount(low, unit), amount(high, unit)
    if first == last:
        return first
    number, _, symbol = first.partition(" ")
    if symbol and last.endswith(f" {symbol}") and last.count(" ") == 1 and " " not in symbol:
        return f"{number} to {last}"
    return f"{first} to {last}"
