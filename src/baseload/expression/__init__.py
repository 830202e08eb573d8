"""A small safe language for questions about results: it compares and computes, and runs no code.

>>> from baseload.expression import evaluate, parse
>>> evaluate(parse('operator is not "Russia" and share >= 5 %'), {"operator": "none", "share": 0.2})
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.expression.checking import check
    from baseload.expression.evaluation import evaluate, kind_of
    from baseload.expression.functions import STANDARD
    from baseload.expression.kinds import Function, Kind
    from baseload.expression.parser import parse
    from baseload.expression.tree import Expression, written
    from baseload.expression.values import Numbers, Truths, Value

__all__ = [
    "STANDARD",
    "Expression",
    "Function",
    "Kind",
    "Numbers",
    "Truths",
    "Value",
    "check",
    "evaluate",
    "kind_of",
    "parse",
    "written",
]

# Imported on first use: a text is read without numpy.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "checking": ("check",),
        "evaluation": ("evaluate", "kind_of"),
        "functions": ("STANDARD",),
        "kinds": ("Function", "Kind"),
        "parser": ("parse",),
        "tree": ("Expression", "written"),
        "values": ("Numbers", "Truths", "Value"),
    },
)
