"""Text for a terminal of 80 columns: tables, wrapped paragraphs, and the one way to print."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, Final

WIDTH: Final = 80
_GAP = "  "


def say(text: str) -> None:
    """Print to standard output at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """Print one JSON value, whole, in UTF-8, numbers as they are."""
    from baseload.cli.options import finite

    say(json.dumps(finite(value), ensure_ascii=False, allow_nan=False, indent=2, default=_written))


def _written(value: Any) -> Any:
    """Dates as ISO 8601, numbers of numpy as numbers."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"no JSON for {value!r}")


def paragraph(text: str, indent: str = "") -> str:
    """The text wrapped to 80 columns; long words stay whole."""
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def hanging(label: str, text: str, width: int) -> str:
    """A label of a fixed width, and the text behind it, wrapped beneath itself."""
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=label.ljust(width),
        subsequent_indent=" " * width,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Columns parted by two blanks.

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
    lines = [head, *rows] if any(head) else list(rows)
    widths = [max((len(line[column]) for line in lines), default=0) for column in range(len(head))]
    return "\n".join(
        _GAP.join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
