"""From an expression's text to its tree, by the binding power of each sign.

Operator precedence after V. R. Pratt, Top down operator precedence, Proceedings of the 1st ACM
Symposium on Principles of Programming Languages, 1973, doi.org/10.1145/512927.512931.
"""

from __future__ import annotations

from typing import Final, NoReturn

from baseload.expression.faults import refuse, shown
from baseload.expression.tokens import Token, tokens
from baseload.expression.tree import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Expression,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Texts,
    pieces,
)

DEEPEST: Final = 50
MOST_PIECES: Final = 500

# Binding powers, from loose to firm.
_OR, _AND, _NOT, _COMPARED, _SUM, _PRODUCT, _SIGN = 1, 2, 3, 4, 5, 6, 7
_POWERS: Final = {
    "or": _OR, "and": _AND, "=": _COMPARED, "==": _COMPARED, "!=": _COMPARED, "<": _COMPARED,
    "<=": _COMPARED, ">": _COMPARED, ">=": _COMPARED, "is": _COMPARED, "in": _COMPARED,
    "not": _COMPARED, "between": _COMPARED, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT,
}  # fmt: skip
_VALUE: Final = "a name, a number, a day, a text in quotes, a function or a bracket"


def parse(text: str) -> Expression:
    """What a text says, as an expression.

    Nothing is run or looked up; time and memory go with the length of the text.

    Parameters
    ----------
    text : str
        At most 2,000 characters, 500 pieces, and 50 levels of pieces in each other.

    Returns
    -------
    Expression
        The tree, and the names and functions that it uses.

    Raises
    ------
    InputError
        For whatever is no expression, with one sentence and a caret below the place.

    Examples
    --------
    >>> found = parse("network_share_peak >= 5 % and plant.units = 6")
    >>> sorted(found.names)
    ['network_share_peak', 'plant.units']
    """
    parser = _Parser(text)
    tree = parser.whole()
    names, functions = set(), set()
    for node, depth in pieces(tree):
        if depth > DEEPEST:
            refuse(text, node.at, "a piece too deep in others", f"at most {DEEPEST} levels")
        if isinstance(node, Name):
            names.add(node.name)
        elif isinstance(node, Call):
            functions.add(node.function)
    return Expression(text, tree, frozenset(names), frozenset(functions))


class _Parser:
    """The tokens, and how far they are read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.place = 0
        self.depth = 0
        self.count = 0

    def whole(self) -> Node:
        tree = self.expression(0)
        if self.next.sort != "end":
            self.refuse_next("the end, or a sign between two values")
        return tree

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.next
        self.place += 1
        return token

    def takes(self, text: str) -> bool:
        """Read on if this sign or word stands next."""
        if self.next.sort in ("sign", "word") and self.next.text == text:
            self.place += 1
            return True
        return False

    def refuse_next(self, allowed: str) -> NoReturn:
        found = "the end" if self.next.sort == "end" else shown(self.next.text)
        refuse(self.text, self.next.at, found, allowed)

    def made(self, node: Node) -> Node:
        self.count += 1
        if self.count > MOST_PIECES:
            refuse(self.text, node.at, "one piece too many", f"at most {MOST_PIECES} pieces")
        return node

    def expression(self, least: int) -> Node:
        """Everything from here that binds more firmly than `least`."""
        self.depth += 1
        if self.depth > DEEPEST:
            refuse(self.text, self.next.at, "one level too many", f"at most {DEEPEST} levels")
        left = self.first(least)
        while self.next.sort in ("sign", "word"):
            power = _POWERS.get(self.next.text, 0)
            if power <= least:
                break
            left = self.joined(left, self.take(), power)
        self.depth -= 1
        return left

    def first(self, least: int) -> Node:
        """A value, or a sign before one."""
        token = self.take()
        if token.sort in ("number", "date", "text") and token.value is not None:
            return self.made(Literal(token.value, token.at))
        if token.sort == "name":
            if self.takes("("):
                return self.call(token)
            return self.made(Name(token.text, token.at))
        if token.sort == "word" and token.text in ("true", "false"):
            return self.made(Literal(token.text == "true", token.at))
        if token.text == "not":
            if least > _NOT:
                refuse(self.text, token.at, "not", "brackets around it: (not ...)")
            return self.made(Not(self.expression(_NOT - 1), token.at))
        if token.text == "-":
            return self.made(Negative(self.expression(_SIGN - 1), token.at))
        if token.text == "+":
            return self.expression(_SIGN - 1)
        if token.text == "(":
            return self.bracket(token)
        self.place -= 1
        self.refuse_next(_VALUE)

    def bracket(self, opened: Token) -> Node:
        inside = self.expression(0)
        if not self.takes(","):
            self.close(opened)
            return inside
        items = [inside]
        while not (self.next.sort == "sign" and self.next.text == ")"):
            items.append(self.expression(0))
            if not self.takes(","):
                break
        self.close(opened)
        texts = []
        for item in items:
            if not isinstance(item, Literal) or not isinstance(item.value, str):
                refuse(
                    self.text, item.at, "what is no text", "texts in quotes, in a list in brackets"
                )
            texts.append(item.value)
        return self.made(Texts(frozenset(texts), opened.at))

    def call(self, name: Token) -> Node:
        if "." in name.text:
            allowed = "a function by its plain name: values have no functions of their own"
            refuse(self.text, name.at, f"{shown(name.text)}(", allowed)
        opened = self.tokens[self.place - 1]
        arguments: list[Node] = []
        while not (self.next.sort == "sign" and self.next.text == ")"):
            arguments.append(self.expression(0))
            if not self.takes(","):
                break
        self.close(opened)
        return self.made(Call(name.text, tuple(arguments), name.at))

    def close(self, opened: Token) -> None:
        if self.next.sort == "end":
            refuse(self.text, opened.at, "a bracket that is not closed", "a ) for each (")
        if not self.takes(")"):
            self.refuse_next(", or )")
        if self.next.sort == "sign" and self.next.text == "(":
            refuse(
                self.text, self.next.at, "a call of what is no function", "a name before ( ... )"
            )

    def joined(self, left: Node, sign: Token, power: int) -> Node:
        """What stands on both sides of a sign."""
        operator = sign.text
        if power == _COMPARED:
            return self.compared(left, sign)
        if power in (_OR, _AND):
            parts = [left, self.expression(power)]
            while self.takes(operator):
                parts.append(self.expression(power))
            return self.made(Logic(operator, tuple(parts), sign.at))
        return self.made(Arithmetic(operator, left, self.expression(power), sign.at))

    def compared(self, left: Node, sign: Token) -> Node:
        operator = {"==": "=", "is": "="}.get(sign.text, sign.text)
        negated = False
        if sign.text == "is" and self.takes("not"):
            operator = "!="
        elif sign.text == "not":
            if self.takes("between"):
                operator, negated = "between", True
            elif self.takes("in"):
                operator = "not in"
            else:
                self.refuse_next("in or between after not")
        right = self.expression(_COMPARED)
        node: Node
        if operator == "between":
            if not self.takes("and"):
                self.refuse_next("and: between a low and a high value")
            node = self.made(Between(left, right, self.expression(_COMPARED), sign.at))
            if negated:
                node = self.made(Not(node, sign.at))
        else:
            node = self.made(Comparison(operator, left, right, sign.at))
        if self.next.sort in ("sign", "word") and _POWERS.get(self.next.text) == _COMPARED:
            self.refuse_next("one comparison after the other joined by and; or between ... and ...")
        return node
