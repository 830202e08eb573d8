"""What kinds of values an expression handles, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from baseload.errors import Fault, nearest, raise_all
from baseload.expression import tree
from baseload.expression.faults import fault, shown
from baseload.expression.kinds import Function, Kind
from baseload.expression.tree import Expression, Node

_WORDS: Final[Mapping[Kind, str]] = {
    "number": "a number",
    "truth": "a truth (true or false)",
    "date": "a day",
    "text": "a text",
    "texts": "a set of texts",
}
_ORDERED: Final = ("number", "date")
_FEW = 8


def check(
    expression: Expression,
    known_names: Mapping[str, Kind],
    known_functions: Mapping[str, Function] | None = None,
) -> Kind:
    """Hold an expression to the names and functions that exist, and to their kinds.

    Parameters
    ----------
    expression : Expression
        From `parse`.
    known_names : mapping of str to Kind
        Each name and the kind of its value.
    known_functions : mapping of str to Function, optional
        By default the standard ones.

    Returns
    -------
    Kind
        What the expression comes to.

    Raises
    ------
    InputError
        With every unknown name and function, each with its nearest spelling, and every comparison,
        sum or call of the wrong kinds.

    Examples
    --------
    >>> from baseload.expression import parse
    >>> check(parse("share > 5 %"), {"share": "number"})
    'truth'
    """
    if known_functions is None:
        from baseload.expression.functions import STANDARD

        known_functions = STANDARD
    checker = _Checker(expression.text, known_names, known_functions)
    kind = checker.kind(expression.tree)
    raise_all(checker.faults)
    if kind is None:
        raise RuntimeError("an expression without faults has a kind")
    return kind


class _Checker:
    """The faults found so far; a piece with a fault has no kind, so that it is told once."""

    def __init__(
        self, text: str, names: Mapping[str, Kind], functions: Mapping[str, Function]
    ) -> None:
        self.text, self.names, self.functions = text, names, functions
        self.faults: list[Fault] = []

    def tell(self, at: int, found: str, allowed: str, near: str = "") -> None:
        self.faults.append(fault(self.text, at, found, allowed, near))

    def want(self, node: Node, kind: Kind, where: str) -> None:
        found = self.kind(node)
        if found is not None and found != kind:
            self.tell(node.at, _WORDS[found], f"{_WORDS[kind]} {where}")

    def kind(self, node: Node) -> Kind | None:
        match node:
            case tree.Literal():
                return _of_literal(node)
            case tree.Texts():
                return "texts"
            case tree.Name():
                return self._name(node)
            case tree.Call():
                return self._call(node)
            case tree.Negative():
                self.want(node.operand, "number", "behind -")
                return "number"
            case tree.Not():
                self.want(node.operand, "truth", "behind not")
                return "truth"
            case tree.Logic():
                for part in node.parts:
                    self.want(part, "truth", f"beside {node.operator}")
                return "truth"
            case tree.Arithmetic():
                for part in (node.left, node.right):
                    self.want(part, "number", f"beside {node.operator}")
                return "number"
            case tree.Comparison():
                self._comparison(node)
                return "truth"
            case tree.Between():
                kinds = [self.kind(part) for part in tree.children(node)]
                self._ordered(node.at, "between", *kinds)
                return "truth"

    def _name(self, node: tree.Name) -> Kind | None:
        if node.name in self.names:
            return self.names[node.name]
        if node.name in self.functions:
            self.tell(node.at, f"the function {node.name} without ( )", f"{node.name}( ... )")
            return None
        close = nearest(node.name, self.names)
        few = ", ".join(self.names) if len(self.names) <= _FEW else f"{len(self.names)} names"
        allowed = f"a name that is known: {few}" if self.names else "no name at all"
        self.tell(node.at, f"the unknown name {shown(node.name)}", allowed, close)
        return None

    def _call(self, node: tree.Call) -> Kind | None:
        function = self.functions.get(node.function)
        if function is None:
            what = (
                "a value, not a function" if node.function in self.names else "an unknown function"
            )
            found = f"{shown(node.function)}( ), {what},"
            close = nearest(node.function, self.functions)
            self.tell(node.at, found, "one of " + ", ".join(sorted(self.functions)), close)
            return None
        takes, given = function.takes, len(node.arguments)
        if given < len(takes) or (given > len(takes) and not function.more):
            count = f"{'at least ' if function.more else ''}{len(takes)}"
            self.tell(node.at, f"{node.function} of {given} values", f"{count} values")
            return function.gives
        for i, argument in enumerate(node.arguments):
            self.want(
                argument, takes[min(i, len(takes) - 1)], f"as value {i + 1} of {node.function}"
            )
            words = (function.one_of or {}).get(i)
            if words is not None and isinstance(argument, tree.Literal):
                word = argument.value
                if isinstance(word, str) and word not in words:
                    few = ", ".join(sorted(words))
                    self.tell(
                        argument.at, f'"{shown(word)}"', f"one of {few}", nearest(word, words)
                    )
        return function.gives

    def _comparison(self, node: tree.Comparison) -> None:
        left, right = self.kind(node.left), self.kind(node.right)
        if left is None or right is None:
            return
        if node.operator in ("in", "not in"):
            if right != "texts" or left != "text":
                found = f"{_WORDS[left]} {node.operator} {_WORDS[right]}"
                self.tell(node.at, found, f"a text {node.operator} a set of texts")
        elif node.operator in ("=", "!="):
            if left != right:
                self.tell(
                    node.at, f"{_WORDS[left]} beside {_WORDS[right]}", "two values of one kind"
                )
        else:
            self._ordered(node.at, node.operator, left, right)

    def _ordered(self, at: int, word: str, *kinds: Kind | None) -> None:
        known = [kind for kind in kinds if kind is not None]
        if len(known) < len(kinds):
            return
        if len(set(known)) > 1 or known[0] not in _ORDERED:
            found = f"{' and '.join(_WORDS[kind] for kind in dict.fromkeys(known))} at {word}"
            self.tell(at, found, "numbers, or days, on both sides")


def _of_literal(node: tree.Literal) -> Kind:
    if isinstance(node.value, bool):
        return "truth"
    if isinstance(node.value, float):
        return "number"
    return "text" if isinstance(node.value, str) else "date"
