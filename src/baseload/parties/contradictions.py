"""Red lines of one party that no arrangement could ever meet together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from baseload.expression.tree import Between, Comparison, Literal, Logic, Name, Negative, Node, Not

Constant = float | bool | date | str


@dataclass
class _Demands:
    """What several conditions ask of one value."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    equal: set[Constant] = field(default_factory=set)
    unequal: set[Constant] = field(default_factory=set)
    inside: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)

    def impossible(self) -> bool:
        """Whether no value meets them all."""
        if len(self.equal) > 1 or self.equal & self.unequal or self.inside & self.outside:
            return True
        if self.low > self.high or (self.low == self.high and (self.open_low or self.open_high)):
            return True
        return any(
            isinstance(one, int | float) and not isinstance(one, bool) and not self._has(one)
            for one in self.equal
        )

    def _has(self, value: float) -> bool:
        above = value > self.low or (value == self.low and not self.open_low)
        below = value < self.high or (value == self.high and not self.open_high)
        return above and below


def contradictory(trees: Sequence[Node]) -> tuple[int, int] | None:
    """The first two conditions that cannot both hold; None where none are found.

    Looked at are comparisons of a name with a constant that are joined by `and`; what stands under
    an `or` may hold some other way and is passed over, so that nothing is refused that could be.

    Parameters
    ----------
    trees : sequence of Node
        Conditions, each of which must hold.

    Examples
    --------
    >>> from baseload.expression import parse
    >>> lines = ['operator = "A"', 'state.troops <= 0 and operator = "B"', "state.troops > 3"]
    >>> contradictory([parse(line).tree for line in lines])
    (0, 1)
    >>> contradictory([parse(line).tree for line in lines[1:]])
    (0, 1)
    >>> contradictory([parse(line).tree for line in lines[:1]])
    """
    atoms = [list(_atoms(tree)) for tree in trees]
    for second in range(len(trees)):
        for first in range(second + 1):
            together = [*atoms[first], *(atoms[second] if first != second else ())]
            if _impossible(together):
                return first, second
    return None


def _impossible(atoms: Sequence[Node]) -> bool:
    demands: dict[str, _Demands] = {}
    for atom in atoms:
        _note(atom, demands)
    return any(one.impossible() for one in demands.values())


def _atoms(tree: Node) -> Iterator[Node]:
    if isinstance(tree, Logic) and tree.operator == "and":
        for part in tree.parts:
            yield from _atoms(part)
    else:
        yield tree


def _note(atom: Node, demands: dict[str, _Demands]) -> None:
    match atom:
        case Name(name):
            demands.setdefault(name, _Demands()).equal.add(True)
        case Not(Name(name)):
            demands.setdefault(name, _Demands()).equal.add(False)
        case Between(Name(name), low, high):
            _note(Comparison(">=", Name(name), low), demands)
            _note(Comparison("<=", Name(name), high), demands)
        case Comparison("in" | "not in" as operator, Literal(value), Name(name)):
            found = demands.setdefault(name, _Demands())
            (found.inside if operator == "in" else found.outside).add(str(value))
        case Comparison(operator, Name(name), right):
            constant = _constant(right)
            if constant is not None:
                _compare(demands.setdefault(name, _Demands()), operator, constant)
        case Comparison(operator, left, Name(name)):
            constant = _constant(left)
            if constant is not None:
                turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
                _compare(demands.setdefault(name, _Demands()), turned, constant)
        case _:
            pass


def _constant(node: Node) -> Constant | None:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negative) and isinstance(node.operand, Literal):
        value = node.operand.value
        return -value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return None


def _compare(found: _Demands, operator: str, constant: Constant) -> None:
    if operator == "=":
        found.equal.add(constant)
    elif operator == "!=":
        found.unequal.add(constant)
    elif isinstance(constant, int | float) and not isinstance(constant, bool):
        value = float(constant)
        if operator in (">", ">="):
            if value > found.low or (value == found.low and operator == ">"):
                found.low, found.open_low = value, operator == ">"
        elif operator in ("<", "<=") and (
            value < found.high or (value == found.high and operator == "<")
        ):
            found.high, found.open_high = value, operator == "<"
