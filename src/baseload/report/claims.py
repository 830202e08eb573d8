"""The section on claims: what was said, whether it holds, and what would make it hold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, cast

from baseload.claims.quantities import range_words
from baseload.report.blocks import Section, Table
from baseload.report.reported import ReportedStudy
from baseload.units import human, unit_of
from baseload.verdict.claims_of_study import counts, judge_study
from baseload.verdict.words import joined

if TYPE_CHECKING:
    from baseload.claims.judged import Judged
    from baseload.study import Study

_NONE: Final = "–"


def claims_section(study: ReportedStudy) -> Section | None:
    """Each claim of the scenario held against the study; None where it carries none."""
    if "[[claims]]" not in study.scenario_text:
        return None
    judged = judge_study(cast("Study", study))
    if not judged:
        return None
    found = counts(judged)
    told = joined(
        [
            f"{found['holds']} hold",
            f"{found['fails']} fail",
            f"{found['cannot tell']} cannot be told",
        ]
    )
    (usual, count), *_ = Counter(one.source for one in judged).most_common(1)
    who = "They" if count == len(judged) else "Where nothing else is said, they"
    said_in = f"{who} were read in: {usual}. "
    lead = (
        f"Statements that were made about this plan: {told}. {said_in}A claim over results "
        "holds where it is true on nine paths in ten, unless it says otherwise, and fails where it is on "
        "one in ten or fewer. Vague words stand for thresholds of the scenario that anyone can move."
    )
    words = {word: value for one in judged for word, value in one.words.items()}
    tables = [_table(judged, usual)]
    if words:
        rows = tuple(_word_and_threshold(word, value) for word, value in words.items())
        tables.append(Table("What vague words stand for", ("word", "threshold"), rows))
    return Section("claims", "What was claimed", lead, tables=tuple(tables))


def _table(judged: tuple[Judged, ...], usual: str) -> Table:
    rows = []
    for one in judged:
        spread = range_words(*one.spread, one.unit) if one.spread is not None else ""
        figure = one.figure_words + (
            f" ({spread})" if spread and spread != one.figure_words else ""
        )
        rows.append(
            (
                one.quote,
                one.outcome,
                figure or _NONE,
                one.why or _NONE,
                _needed(one),
                _rests_on(one, usual),
            )
        )
    return Table(
        "Claims; a range holds nine paths in ten, or what sources give",
        ("what was said", "outcome", "figure", "why", "what would make it hold", "rests on"),
        tuple(rows),
        "words",
    )


def _word_and_threshold(word: str, value: object) -> tuple[str, str]:
    """A vague word without the unit at its end, and what it stands for, with it."""
    unit = unit_of(word)
    bare = word.removesuffix("_" + unit.lower())
    if not isinstance(value, float | int) or bare == word or bare.endswith("_per"):
        shown = str(value) if not isinstance(value, float) else human(value)
        return word.replace("_", " "), shown
    return bare.replace("_", " "), human(value, unit)


def _needed(one: Judged) -> str:
    """What would make a claim hold that does not."""
    if one.outcome == "holds":
        return _NONE
    change = one.what_would_make_it_hold
    if one.needs in change:
        return change or _NONE
    return "; ".join((change, one.needs)).strip("; ")


def _rests_on(one: Judged, usual: str) -> str:
    """The evidence of a claim, and where it was read if not where most were."""
    evidence = one.fact_source or "results of this study"
    return evidence if one.source == usual else f"{evidence}; said in {one.source}"
