"""Which part of an expression decides it, its figure, and by how much that would have to change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from baseload.claims.quantities import amount, difference, range_words, unit_of_piece
from baseload.expression import tree
from baseload.expression.evaluation import Evaluator
from baseload.expression.functions import STANDARD
from baseload.expression.tree import Node, written
from baseload.expression.values import Numbers, calculate, numbers

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_LOW, _MEDIAN, _HIGH = 0.05, 0.5, 0.95


@dataclass(frozen=True)
class Setting:
    """An expression among its values.

    Attributes
    ----------
    evaluator : Evaluator
        Without noise.
    units : dict of str to str
    fixed : frozenset of str
        Names that stand for words, so that a comparison with one is one with a bound.
    needed : float
        Share of the paths on which it must be true.
    """

    evaluator: Evaluator
    units: dict[str, str]
    fixed: frozenset[str]
    needed: float

    def unit(self, *nodes: Node) -> str:
        """Of the first piece that has one."""
        for node in nodes:
            if found := unit_of_piece(node, self.units, self.evaluator.functions):
                return found
        return ""


@dataclass(frozen=True)
class Figure:
    """The figure that a condition is about.

    Attributes
    ----------
    value : float or None
        Over paths their median.
    unit, words : str
    spread : tuple of float or None
        5 and 95 % quantiles over the paths.
    """

    value: float | None = None
    unit: str = ""
    words: str = ""
    spread: tuple[float, float] | None = None


def share_met(setting: Setting, node: Node, wanted: bool = True) -> float:
    """Share of the paths on which a question is answered as wanted; undefined counts against it."""
    found = setting.evaluator.truth(node)
    return float(np.mean(found.true if wanted else found.false))


def deciding(setting: Setting, node: Node, wanted: bool = True) -> tuple[Node, bool]:
    """The comparison on which a question turns, and whether it is to be true or false.

    Of several that must all be met it is the one met least often, of several of which one suffices
    the one met most often; the first of equals.
    """
    if isinstance(node, tree.Not):
        return deciding(setting, node.operand, not wanted)
    if not isinstance(node, tree.Logic):
        return node, wanted
    shares = [share_met(setting, part, wanted) for part in node.parts]
    pick = min(shares) if _all_needed(node, wanted) else max(shares)
    return deciding(setting, node.parts[shares.index(pick)], wanted)


def _all_needed(node: tree.Logic, wanted: bool) -> bool:
    return (node.operator == "and") == wanted


def figure_of(setting: Setting, node: Node) -> Figure:
    """The figure of a condition from `deciding`."""
    if isinstance(node, tree.Comparison):
        side, bound, _ = _sides(setting, node)
    elif isinstance(node, tree.Between):
        side, bound = node.value, node.low
    else:
        return Figure()
    value = setting.evaluator.value(side)
    if isinstance(value, date):
        return Figure(words=value.isoformat())
    if isinstance(value, str):
        return Figure(words=value)
    if not isinstance(value, Numbers):
        return Figure()
    unit = setting.unit(side, bound)
    low, high = _ends(value, _MEDIAN)
    words = _known_within(low, high, unit)
    exact = math.isfinite(low) and math.isfinite(high) and amount(low, unit) == amount(high, unit)
    spread = _spread(value) if value.low.ndim else _behind(setting, side)
    return Figure((low + high) / 2.0 if exact else None, unit, words, spread)


def _known_within(low: float, high: float, unit: str) -> str:
    """A figure in words, or the ends that paths without a value leave open."""
    if math.isfinite(low) and math.isfinite(high):
        return range_words(low, high, unit)
    if math.isfinite(low):
        return f"at least {amount(low, unit)}"
    return f"at most {amount(high, unit)}" if math.isfinite(high) else "no value"


def _spread(value: Numbers) -> tuple[float, float]:
    return _ends(value, _LOW)[0], _ends(value, _HIGH)[1]


def _behind(setting: Setting, side: Node) -> tuple[float, float] | None:
    """The spread of the paths behind a median or mean."""
    if not isinstance(side, tree.Call) or setting.evaluator.functions[side.function].unit != "same":
        return None
    value = setting.evaluator.value(side.arguments[0])
    if not isinstance(value, Numbers) or not value.low.ndim:
        return None
    return _spread(value)


def change_needed(setting: Setting, node: Node, wanted: bool = True) -> str:
    """By how much which figures would have to change for a question to be met, in words.

    Empty where it is met on as many paths as needed.
    """
    if isinstance(node, tree.Not):
        return change_needed(setting, node.operand, not wanted)
    if isinstance(node, tree.Logic):
        parts = [change_needed(setting, part, wanted) for part in node.parts]
        if _all_needed(node, wanted):
            return "; and ".join(dict.fromkeys(part for part in parts if part))
        leaf, leaf_wanted = deciding(setting, node, wanted)
        return "" if "" in parts else change_needed(setting, leaf, leaf_wanted)
    if share_met(setting, node, wanted) >= setting.needed:
        return ""
    return of_condition(setting, node, wanted)


def of_condition(setting: Setting, node: Node, wanted: bool = True) -> str:
    """By how much the figure of a condition is on the wrong side of its bound, or the right one."""
    if isinstance(node, tree.Between):
        return _of_band(setting, node, wanted)
    met = share_met(setting, node, wanted) >= setting.needed
    verb = "is" if met else "must be"
    if not isinstance(node, tree.Comparison):
        return f"{written(node)} {verb} {'true' if wanted else 'false'}"
    side, bound, operator = _sides(setting, node)
    if not wanted:
        operator = _OPPOSITE.get(operator, {"in": "not in", "not in": "in"}.get(operator, operator))
    figure, limit = setting.evaluator.value(side), setting.evaluator.value(bound)
    name = written(side)
    if isinstance(figure, date) and isinstance(limit, date) and operator not in ("=", "!="):
        days = abs((limit - figure).days) + (operator in ("<", ">"))
        way = "earlier" if operator.startswith("<") else "later"
        if met:
            return f"{name} is {days:,} days {'before' if way == 'earlier' else 'after'} the limit"
        return f"{name} must be {days:,} days {way}"
    if not isinstance(figure, Numbers) or not isinstance(limit, Numbers):
        found = (
            "" if isinstance(figure, Numbers) or not isinstance(figure, str) else f', is "{figure}"'
        )
        return f"{name} {verb} {operator} {written(bound)}{'' if met else found}"
    unit = setting.unit(side, bound)
    limit_words = _limit_words(limit, bound, unit)
    if operator == "=":
        return f"{name} {verb} {limit_words}"
    if operator == "!=":
        return f"{name} {'is not' if met else 'must not be'} {limit_words}"
    rising = operator.startswith(">")
    gap = calculate("-", limit, figure) if rising else calculate("-", figure, limit)
    if not met and _largest_gap(setting, gap) == 0.0:
        # Strictly beyond is asked for, and equal is what it is.
        share = amount(share_met(setting, node, wanted), "share")
        on = f" on more than {share} of the paths" if gap.low.ndim else ""
        return f"{name} must be {'above' if rising else 'below'} {limit_words}{on}"
    return f"{name} {_shift(setting, gap, rising, unit, limit_words)}"


def _largest_gap(setting: Setting, gap: Numbers) -> float:
    return _most(gap, setting.needed) if gap.low.ndim else float(gap.high)


def _sides(setting: Setting, node: tree.Comparison) -> tuple[Node, Node, str]:
    """The figure, its bound, and the comparison read from the figure's side."""
    turned = node.operator in _MIRRORED
    if turned and _is_bound(setting, node.left) and not _is_bound(setting, node.right):
        return node.right, node.left, _MIRRORED[node.operator]
    return node.left, node.right, node.operator


def _is_bound(setting: Setting, node: Node) -> bool:
    return not any(
        isinstance(piece, tree.Call)
        or (isinstance(piece, tree.Name) and piece.name not in setting.fixed)
        for piece, _ in tree.pieces(node)
    )


def _limit_words(limit: Numbers, bound: Node, unit: str) -> str:
    if limit.low.ndim or not limit.is_exact or not np.isfinite(limit.low):
        return written(bound)
    value = amount(float(limit.low), unit)
    named = any(isinstance(piece, tree.Name | tree.Call) for piece, _ in tree.pieces(bound))
    return f"{value} ({written(bound)})" if named else value


def _shift(setting: Setting, gap: Numbers, rising: bool, unit: str, limit: str) -> str:
    """How far the figure must move, of which the gap says how far it is short of the bound."""
    verb = "rise" if rising else "fall"
    if not gap.low.ndim:
        short = float(gap.high)
        if not math.isfinite(short):
            return "has no value"
        if short < 0.0 or (short == 0.0 and gap.is_exact):
            return f"has {difference(short, unit)} to spare to {limit}"
        return f"must {verb} by {difference(short, unit)}, to {limit}"
    middle, short = _most(gap, _MEDIAN), _most(gap, setting.needed)
    sure = _paths(setting.needed)
    if not math.isfinite(middle):
        return "has no value on half of the paths or more"
    if middle > 0.0:
        text = f"must {verb} by {difference(middle, unit)} at the median, to {limit}"
        tail = f"by {difference(short, unit)} for {sure}" if math.isfinite(short) else ""
    elif math.isfinite(short) and short <= 0.0:
        return f"has {difference(short, unit)} to spare to {limit} on {sure}"
    else:
        text = f"has {difference(middle, unit)} to spare to {limit} at the median"
        tail = (
            f"must {verb} by {difference(short, unit)} for {sure}" if math.isfinite(short) else ""
        )
    return f"{text}, and {tail}" if tail else f"{text}, and lacks a value on too many paths"


def _paths(share: float) -> str:
    return f"{100 * share:.4g} % of the paths"


def _of_band(setting: Setting, node: tree.Between, wanted: bool) -> str:
    figure = setting.evaluator.value(node.value)
    low, high = setting.evaluator.value(node.low), setting.evaluator.value(node.high)
    name, unit = written(node.value), setting.unit(node.value, node.low, node.high)
    if not (isinstance(figure, Numbers) and isinstance(low, Numbers) and isinstance(high, Numbers)):
        inside = "between" if wanted else "not between"
        return f"{name} must be {inside} {written(node.low)} and {written(node.high)}"
    ends = _limit_words(low, node.low, unit), _limit_words(high, node.high, unit)
    if not wanted:
        met = share_met(setting, node, wanted) >= setting.needed
        return f"{name} {'lies' if met else 'must lie'} below {ends[0]} or above {ends[1]}"
    below = _most(calculate("-", low, figure), _MEDIAN)
    above = _most(calculate("-", figure, high), _MEDIAN)
    at = " at the median" if figure.low.ndim else ""
    if not (math.isfinite(below) and math.isfinite(above)):
        return f"{name} has no value{at}"
    if below > 0.0:
        text = f"{name} must rise by {difference(below, unit)}{at}, to {ends[0]}"
    elif above > 0.0:
        text = f"{name} must fall by {difference(above, unit)}{at}, to {ends[1]}"
    else:
        text = f"{name} lies in the band{at}"
    tail = (1.0 - setting.needed) / 2.0
    span = _ends(figure, 1.0 - tail)[1] - _ends(figure, tail)[0]
    width = _most(calculate("-", high, low), _MEDIAN)
    if figure.low.ndim and not span <= width:
        spans = f"span {difference(span, unit)}" if math.isfinite(span) else "lack a value in part"
        text += (
            f", and vary less: {_paths(setting.needed)} {spans}, the band {difference(width, unit)}"
        )
    return text


def _ends(of: Numbers, share: float) -> tuple[float, float]:
    """A quantile over the paths: with those that have no value at the low end, and at the high one."""
    if of.low.ndim:
        call = STANDARD["quantile"].call
        if call is None:
            raise RuntimeError("quantiles are there")
        of = call(of, numbers(share))
    low, high = float(of.low), float(of.high)
    return (-math.inf, math.inf) if math.isnan(low) or math.isnan(high) else (low, high)


def _most(of: Numbers, share: float) -> float:
    """The quantile if whatever has no value is as large as can be: of a gap, the safe end."""
    return _ends(of, share)[1]
