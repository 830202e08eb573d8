"""The page of a comparison: studies on the same draws, complete in itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from baseload.comparison import Comparison
from baseload.report.comparison_pictures import picture_sections
from baseload.report.comparison_tables import (
    Compared,
    difference_verdicts,
    made_rows,
    metrics_tables,
    settings_tables,
    side_by_side_notes,
    side_by_side_tables,
    study_cards,
    warnings_of,
)
from baseload.report.document import environment, look, own_file
from baseload.verdict.words import joined
from baseload.whole_file import write_whole


def render_comparison(comparison: Comparison, labels: Sequence[str] | None = None) -> str:
    """The page of a comparison.

    Parameters
    ----------
    comparison : Comparison
        Of at least two studies.
    labels : sequence of str, optional
        What the page calls each study, no two alike; by default the comparison's own names.

    Returns
    -------
    str
        HTML with its style sheet and its figures inside; the same for the same studies.
    """
    compared = Compared(comparison, tuple(labels or comparison.names))
    conditions = {study.conditional_on for study in comparison.studies}
    return (
        environment()
        .from_string(own_file("comparison.html.j2"))
        .render(
            title=_title(compared.labels),
            **look(),
            condition=conditions.pop() if len(conditions) == 1 else "",
            warnings=warnings_of(compared),
            cards=study_cards(compared),
            settings=settings_tables(compared),
            verdicts=difference_verdicts(compared),
            side=side_by_side_tables(compared),
            notes=side_by_side_notes(compared),
            metrics=metrics_tables(compared),
            sections=picture_sections(compared),
            made=made_rows(compared),
        )
    )


def _title(labels: Sequence[str]) -> str:
    """Who is compared, as a heading.

    Examples
    --------
    >>> _title(("base", "tax", "idle"))
    'base, beside tax and idle'
    """
    first, *others = labels
    return f"{first}, beside {joined(others)}"


def write_comparison(
    comparison: Comparison, path: Path, labels: Sequence[str] | None = None
) -> Path:
    """Write the page of a comparison, whole or not at all.

    Parameters
    ----------
    comparison, labels
        As in `render_comparison`.
    path : Path
        The file to write or to replace.

    Returns
    -------
    Path
        The file written.
    """
    write_whole(Path(path), render_comparison(comparison, labels).encode("utf-8"))
    return Path(path)
