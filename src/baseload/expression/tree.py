"""What an expression says, as a tree of small frozen pieces, and the tree written out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

_HIGHEST: Final = 9
_COMPARED: Final = 4
_LEVELS: Final = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6}


@dataclass(frozen=True)
class Literal:
    """A number, a truth, a day or a text that is written down."""

    value: float | bool | date | str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Texts:
    """A set of texts that is written down."""

    items: frozenset[str]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Name:
    """A value by its name."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Call:
    """A function of arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Negative:
    """A number with its sign changed."""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Not:
    """The opposite of a truth."""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Logic:
    """Two or more truths joined by one word, `and` or `or`."""

    operator: str
    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers and one of + - * /."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Comparison:
    """Two values and one of = != < <= > >= in, not in."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Between:
    """A value from a low to a high one, both allowed."""

    value: Node
    low: Node
    high: Node
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    Literal | Texts | Name | Call | Negative | Not | Logic | Arithmetic | Comparison | Between
)


@dataclass(frozen=True)
class Expression:
    """A text that was read, and what it uses.

    Attributes
    ----------
    text : str
        As it was written.
    tree : Node
        What it says.
    names : frozenset of str
        Values that it asks for.
    functions : frozenset of str
        Functions that it calls.
    """

    text: str
    tree: Node
    names: frozenset[str]
    functions: frozenset[str]

    def __str__(self) -> str:
        return self.text


def children(node: Node) -> tuple[Node, ...]:
    """The pieces that a piece is made of, from left to right."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Logic):
        return node.parts
    if isinstance(node, Negative | Not):
        return (node.operand,)
    if isinstance(node, Arithmetic | Comparison):
        return (node.left, node.right)
    if isinstance(node, Between):
        return (node.value, node.low, node.high)
    return ()


def pieces(tree: Node) -> Iterator[tuple[Node, int]]:
    """Every piece of a tree with its depth, from 1; without recursion."""
    pending = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        pending.extend((child, depth + 1) for child in reversed(children(node)))


def written(node: Node) -> str:
    """The tree as text again, with the brackets that it needs.

    Parameters
    ----------
    node : Node
        Such as the `tree` of what `parse` gives.

    Returns
    -------
    str
        Text that `parse` reads as the same tree; shares are plain numbers.

    Examples
    --------
    >>> from baseload.expression import parse
    >>> written(parse("not(a=1)or(b)between 5% and 1e6").tree)
    'not a = 1 or b between 0.05 and 1000000'
    """
    return _written(node)[0]


def _written(node: Node) -> tuple[str, int]:
    """The text of a piece, and how firmly it holds together."""
    match node:
        case Literal():
            return _literal(node.value), _HIGHEST
        case Texts():
            items = sorted(node.items)
            return f"({', '.join(map(_literal, items))}{',' * (len(items) == 1)})", _HIGHEST
        case Name():
            return node.name, _HIGHEST
        case Call():
            return f"{node.function}({', '.join(map(written, node.arguments))})", _HIGHEST
        case Negative():
            return f"-{_inside(node.operand, 7)}", 7
        case Not():
            return f"not {_inside(node.operand, 3)}", 3
        case Logic():
            level = _LEVELS[node.operator]
            parts = [_inside(part, level + 1) for part in node.parts]
            return f" {node.operator} ".join(parts), level
        case Arithmetic():
            level = _LEVELS[node.operator]
            left, right = _inside(node.left, level), _inside(node.right, level + 1)
            return f"{left} {node.operator} {right}", level
        case Comparison():
            left, right = _inside(node.left, 5), _inside(node.right, 5)
            return f"{left} {node.operator} {right}", _COMPARED
        case Between():
            value, low, high = (_inside(one, 5) for one in children(node))
            return f"{value} between {low} and {high}", _COMPARED


def _inside(node: Node, least: int) -> str:
    text, level = _written(node)
    return text if level >= least else f"({text})"


def _literal(value: float | bool | date | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if '"' not in value else f"'{value}'"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)
