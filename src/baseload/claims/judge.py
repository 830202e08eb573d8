"""Each claim held against results and facts: holds, fails, or cannot tell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from baseload.claims.conditions import (
    Figure,
    Setting,
    change_needed,
    deciding,
    figure_of,
    of_condition,
)
from baseload.claims.judged import Judged
from baseload.claims.quantities import amount, difference, range_words
from baseload.claims.schema import PROBABILITY_NEEDED, Claim, Outcome
from baseload.errors import Fault, InputError
from baseload.expression.checking import check
from baseload.expression.evaluation import Evaluator, kind_of
from baseload.expression.faults import FIELD
from baseload.expression.functions import STANDARD, wilson
from baseload.expression.kinds import Function, Kind
from baseload.expression.tree import Expression
from baseload.expression.values import Truths, Value

MORE_PATHS = "more paths would help"


@dataclass(frozen=True)
class Known:
    """What claims may ask for.

    Attributes
    ----------
    values : mapping of str to Value
        Each name and its value.
    functions : mapping of str to Function
    units : mapping of str to str
        Symbol of the unit of each name that has one, and of each series.
    later : mapping of str to str
        Names and functions of parts that are not there, and what those parts are called.
    later_functions : mapping of str to Function
        The signatures of those that are functions.
    moved : mapping of str to float or date
        Values that a word of the same name has replaced.
    """

    values: Mapping[str, Value]
    functions: Mapping[str, Function] = field(default_factory=lambda: STANDARD)
    units: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    later_functions: Mapping[str, Function] = field(default_factory=dict)
    moved: Mapping[str, float | date] = field(default_factory=dict)


def judge(
    claims: Iterable[Claim], known: Known, words: Mapping[str, float | date] | None = None
) -> tuple[Judged, ...]:
    """The outcome of each claim.

    A claim over results that differ from path to path holds where the low end of the 95 % interval
    of its probability is at least the probability needed, p, fails where the high end is at most
    1 - p, and else cannot be told. One about figures over paths holds or fails where the 95 %
    intervals of those figures leave no doubt. A claim over a fact holds where the figure, or all of
    its range, lies in the band, fails where all of it lies outside.

    Parameters
    ----------
    claims : iterable of Claim
    known : Known
        Names and functions for the expressions.
    words : mapping of str to float or date, optional
        Vague words; each is a name too.

    Returns
    -------
    tuple of Judged
        In the order of the claims.

    Raises
    ------
    InputError
        For words that are names already, and with all faults of all expressions.

    Examples
    --------
    >>> claim = Claim(quote="a large part", source="a paper, 2025", holds="share >= large")
    >>> found = judge([claim], Known({"share": np.full(100, 0.2)}, units={"share": "share"}), {"large": 0.1})
    >>> found[0].outcome, found[0].figure_words, found[0].what_would_make_it_hold
    ('holds', '20 %', 'share has 10 percentage points to spare to 10 % (large) on 90 % of the paths')
    """
    wanted = tuple(claims)
    given = dict(words or {})
    values = {**known.values, **given}
    kinds: dict[str, Kind] = {name: kind_of(value) for name, value in values.items()}
    _check_all(wanted, known, kinds, given)
    return tuple(
        _over_results(claim, known, values, given) if claim.holds is not None else _of_fact(claim)
        for claim in wanted
    )


def check_claims(
    claims: Iterable[Claim],
    kinds: Mapping[str, Kind],
    functions: Mapping[str, Function],
    words: Mapping[str, float | date],
    names_later: Mapping[str, str],
) -> list[tuple[int, Fault]]:
    """Faults of the expressions of claims, each with the index of its claim.

    Parameters
    ----------
    claims : iterable of Claim
    kinds : mapping of str to Kind
        The names that exist, without the words.
    functions : mapping of str to Function
        All that may be called, those that are not there yet included.
    words : mapping of str to float or date
    names_later : mapping of str to str
        Names that are not there yet.
    """
    all_kinds: dict[str, Kind] = dict.fromkeys(names_later, "number")
    all_kinds |= dict(kinds)
    all_kinds |= {word: kind_of(value) for word, value in words.items()}
    faults: list[tuple[int, Fault]] = []
    for index, claim in enumerate(claims):
        if claim.holds is None:
            continue
        try:
            kind = check(claim.expression, all_kinds, functions)
        except InputError as error:
            faults += [(index, fault) for fault in error.faults]
            continue
        if kind != "truth":
            found = f"an expression that gives a {kind}"
            faults.append(
                (index, Fault(None, None, None, FIELD, found, "a question: true or false"))
            )
    return faults


def clashes(words: Iterable[str], names: Iterable[str]) -> list[Fault]:
    """A fault for each word that is the name of something else."""
    taken = set(names)
    return [
        Fault(None, None, None, f"words.{word}", "a name that results have", "a word of one's own")
        for word in words
        if word in taken
    ]


def _check_all(
    claims: tuple[Claim, ...],
    known: Known,
    kinds: Mapping[str, Kind],
    words: Mapping[str, float | date],
) -> None:
    faults = clashes(words, [*known.values, *known.functions, *known.later])
    functions = {**known.later_functions, **known.functions}
    plain = {name: kind for name, kind in kinds.items() if name not in words}
    names_later = {name: what for name, what in known.later.items() if name not in functions}
    for index, fault in check_claims(claims, plain, functions, words, names_later):
        at = f"claims[{claims[index].name or index}].holds"
        faults.append(
            Fault(None, None, None, at, fault.found, fault.allowed, fault.nearest, fault.note)
        )
    if faults:
        raise InputError(*faults)


def _quoted(claim: Claim) -> dict[str, Any]:
    return {
        "name": claim.title,
        "quote": claim.quote,
        "source": claim.source,
        "translated_from": claim.translated_from,
        "needs": claim.needs,
        "fact_source": claim.fact_source,
        "fact_date": claim.fact_date,
    }


def _over_results(
    claim: Claim, known: Known, values: Mapping[str, Value], words: Mapping[str, float | date]
) -> Judged:
    expression = claim.expression
    used = _quoted(claim) | {
        "basis": "results",
        "expression": claim.holds,
        "words": {
            word: value
            for word, value in {**known.moved, **words}.items()
            if word in expression.names
        },
    }
    missing = _missing(expression, known, values)
    if missing:
        needs = ", ".join(dict.fromkeys(known.later[name] for name in missing))
        return Judged(
            **used | {"needs": claim.needs or needs},
            outcome="cannot tell",
            what_would_make_it_hold=f"cannot be said: needs {needs}",
            why=f"needs {needs}",
        )
    taken = {name: values[name] for name in expression.names}
    plain = Evaluator(expression.text, taken, known.functions)
    noisy = Evaluator(expression.text, taken, known.functions, with_noise=True)
    needed = PROBABILITY_NEEDED if claim.probability is None else claim.probability
    setting = Setting(plain, dict(known.units), frozenset(words), needed)
    truth, unsure = plain.truth(expression.tree), noisy.truth(expression.tree)
    verdict = _over_paths(truth, unsure, needed) if truth.true.ndim else _at_once(truth, unsure)
    leaf, wanted = deciding(setting, expression.tree)
    figure = figure_of(setting, leaf)
    change = change_needed(setting, expression.tree)
    if not change:
        change = of_condition(setting, leaf, wanted)
    if verdict.more_paths:
        change = f"{MORE_PATHS}; {change}" if change else MORE_PATHS
    why = "; ".join(part for part in (claim.why, verdict.why) if part)
    return Judged(
        **used | _figures(figure) | verdict.facts,
        outcome=verdict.outcome,
        what_would_make_it_hold=change,
        why=why,
    )


def _missing(expression: Expression, known: Known, values: Mapping[str, Value]) -> list[str]:
    """What the expression asks for of parts that are not there."""
    there = {*values, *known.functions}
    asked = sorted(expression.names | expression.functions)
    return [name for name in asked if name in known.later and name not in there]


def _figures(figure: Figure) -> dict[str, Any]:
    return {
        "figure": figure.value,
        "unit": figure.unit,
        "figure_words": figure.words,
        "spread": figure.spread,
    }


@dataclass(frozen=True)
class _Verdict:
    outcome: Outcome
    why: str
    more_paths: bool
    facts: dict[str, Any] = field(default_factory=dict)


def _over_paths(truth: Truths, unsure: Truths, needed: float) -> _Verdict:
    paths = truth.true.size
    true, false = int(np.count_nonzero(truth.true)), int(np.count_nonzero(truth.false))
    low, _ = wilson(int(np.count_nonzero(unsure.true)), paths)
    _, high = wilson(paths - int(np.count_nonzero(unsure.false)), paths)
    least, most = true / paths, (paths - false) / paths
    outcome: Outcome = "cannot tell"
    if low >= needed:
        outcome = "holds"
    elif high <= 1.0 - needed:
        outcome = "fails"
    # The count decides it or comes near, and only the noise of so few paths leaves it open.
    near = low < needed <= high or low <= 1.0 - needed < high
    undecided = least < needed <= most or least <= 1.0 - needed < most
    undefined = most - least
    why = f"true on {amount(least, 'share')} of {paths:,} paths ({range_words(low, high, 'share')})"
    if undefined > 0.0:
        why += f", undefined on {amount(undefined, 'share')}"
    if outcome == "cannot tell" and near and not undecided:
        why += ", too few paths to tell"
    return _Verdict(
        outcome,
        why + f"; needed {amount(needed, 'share')}",
        outcome == "cannot tell" and near and not undecided,
        {
            "probability": least,
            "probability_low": low,
            "probability_high": high,
            "probability_needed": needed,
            "share_undefined": undefined,
            "paths": paths,
        },
    )


def _at_once(truth: Truths, unsure: Truths) -> _Verdict:
    if unsure.true:
        return _Verdict("holds", "true of the study as a whole", False)
    if unsure.false:
        return _Verdict("fails", "false of the study as a whole", False)
    if truth.true | truth.false:
        said = "true" if truth.true else "false"
        return _Verdict("cannot tell", f"{said}, within the noise of so few paths", True)
    return _Verdict("cannot tell", "undefined: a figure that it asks for has no value", False)


def _of_fact(claim: Claim) -> Judged:
    quoted = _quoted(claim)
    if claim.finding is not None:
        return Judged(
            **quoted,
            basis="finding",
            outcome=claim.finding,
            why=claim.why or "",
            what_would_make_it_hold="" if claim.finding == "holds" else claim.needs,
        )
    if claim.value is None or claim.band is None:
        raise RuntimeError("a claim over a fact has a value and a band")
    low, high = claim.value if isinstance(claim.value, tuple) else (claim.value, claim.value)
    first, last = claim.band
    words = range_words(low, high, claim.unit)
    band = _band_words(first, last, claim.unit)
    outcome: Outcome = "cannot tell"
    change = f"sources that agree: some of {words} lies in the band {band}, some does not"
    if first <= low and high <= last:
        outcome, change = "holds", f"nothing: {words} lies in the band {band}"
    elif high < first:
        outcome = "fails"
        change = (
            f"the figure must rise by {difference(first - high, claim.unit)}, into the band {band}"
        )
    elif low > last:
        outcome = "fails"
        change = (
            f"the figure must fall by {difference(low - last, claim.unit)}, into the band {band}"
        )
    return Judged(
        **quoted,
        basis="fact",
        outcome=outcome,
        figure=low if low == high else None,
        unit=claim.unit,
        figure_words=words,
        spread=None if low == high else (low, high),
        what_would_make_it_hold=change,
        why="; ".join(part for part in (claim.why, f"band {band}") if part),
    )


def _band_words(low: float, high: float, unit: str) -> str:
    if math.isinf(high):
        return f"from {amount(low, unit)}"
    return f"up to {amount(high, unit)}" if math.isinf(low) else range_words(low, high, unit)
