"""Text for a terminal: tables, wrapped paragraphs, and the one way to print.

Lines have at most 80 columns, and fewer where the terminal has fewer; into a file or a pipe always
80, so that what is kept is the same everywhere.
"""

from __future__ import annotations

import json
import math
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, Final

from baseload.cli.terminal import WIDTH, columns_of, printable

__all__ = ["WIDTH", "digits", "finite", "hanging", "paragraph", "say", "say_json", "table", "width"]

_GAP = "  "
_DEEPEST_SHARE: Final = 2
"""A label takes at most one part in so many of a line; the text behind a longer one goes below."""
_BELOW: Final = "  "
_SMALLEST, _LARGEST = 9.995e-4, 999_999.5
"""What three digits and all whole ones make of the numbers between has at most eight characters."""


def width() -> int:
    """Columns that a line of standard output may take. [columns]"""
    return columns_of(sys.stdout)


def say(text: str) -> None:
    """Print to standard output at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """Print one JSON value, whole, in UTF-8, numbers as they are."""
    say(json.dumps(finite(value), ensure_ascii=False, allow_nan=False, indent=2, default=_written))


def finite(value: Any) -> Any:
    """The value with null for every number that is none, since JSON has neither NaN nor infinity.

    Examples
    --------
    >>> finite({"irr": float("nan"), "years": [1, 2.5]})
    {'irr': None, 'years': [1, 2.5]}
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def _written(value: Any) -> Any:
    """Dates as ISO 8601, fractions and numbers of numpy as numbers."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "as_integer_ratio"):
        return float(value)
    raise TypeError(f"no JSON for {value!r}")


def paragraph(text: str, indent: str = "") -> str:
    """The text wrapped to the width of the screen; long words stay whole."""
    return _filled(text, indent, indent)


def hanging(label: str, text: str, width_of_label: int) -> str:
    """A label of a fixed width, and the text behind it, wrapped beneath itself.

    On a narrow terminal the text stands below the label.
    """
    if width_of_label * _DEEPEST_SHARE > width():
        return "\n".join(filter(None, (paragraph(label), _filled(text, _BELOW, _BELOW))))
    return _filled(text, label.ljust(width_of_label), " " * width_of_label)


def _filled(text: str, first: str, others: str) -> str:
    return textwrap.fill(
        printable(" ".join(text.split())),
        width(),
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Columns parted by two blanks; on a narrower terminal row after row, one cell to a line.

    Parameters
    ----------
    head : sequence of str
        Over the columns; all empty: no such line.
    rows : sequence of sequences of str
    left : int
        So many columns are flush left, the others flush right, as numbers are.

    Examples
    --------
    >>> print(table(("unit", "MW"), [("one", "950"), ("two", "1,000")]))
    unit     MW
    one     950
    two   1,000
    """
    shown = [head, *rows] if any(head) else list(rows)
    lines = [[printable(cell) for cell in line] for line in shown]
    widths = [max((len(line[column]) for line in lines), default=0) for column in range(len(head))]
    room = width()
    if room < WIDTH and sum(widths) + len(_GAP) * (len(widths) - 1) > room:
        return "\n".join(_stacked(head, row) for row in rows)
    return "\n".join(
        _GAP.join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _stacked(head: Sequence[str], row: Sequence[str]) -> str:
    """A row for a narrow terminal: its first cell, and below it each other with its heading."""
    lines = [paragraph(row[0])]
    for name, cell in zip(head[1:], row[1:], strict=True):
        if cell:
            lines.append(_filled(f"{name} {cell}", _BELOW, _BELOW * 2))
    return "\n".join(filter(None, lines))


def digits(value: float) -> str:
    """About three digits that matter, in at most eight characters.

    Examples
    --------
    >>> [digits(value) for value in (0.0, -0.71234, 12.345, 469_181.0, 0.00012)]
    ['0', '-0.712', '12.3', '469,181', '1e-04']
    """
    size = abs(value)
    if value == 0.0:
        return "0"
    if size < _SMALLEST:
        return f"{value:.0e}"
    if size >= _LARGEST:
        return f"{value:.1e}"
    decimals = max(0, 2 - math.floor(math.log10(size)))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
