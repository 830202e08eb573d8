"""A small safe language for questions about results: it compares and computes, and runs no code.

>>> from baseload.expression import evaluate, parse
>>> evaluate(parse('operator is not "Russia" and share >= 5 %'), {"operator": "none", "share": 0.2})
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baseload.expression.checking import Function, Kind, check
    from baseload.expression.evaluation import evaluate, kind_of
    from baseload.expression.functions import STANDARD
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
_HOMES = {
    "Function": "checking",
    "Kind": "checking",
    "check": "checking",
    "evaluate": "evaluation",
    "kind_of": "evaluation",
    "STANDARD": "functions",
    "parse": "parser",
    "Expression": "tree",
    "written": "tree",
    "Numbers": "values",
    "Truths": "values",
    "Value": "values",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"baseload.expression.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'baseload.expression' has no attribute {name!r}")
