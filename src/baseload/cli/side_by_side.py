"""Cases side by side as text of 80 columns: figures in a table, who leads in sentences below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from baseload.cli.text import digits, hanging, paragraph, table

if TYPE_CHECKING:
    from baseload.comparison.side_by_side import Case

_COLUMNS: Final = 4
"""As many cases as a table of 80 columns holds."""
_NONE: Final = "none"
_UNKNOWN: Final = "not told"
_MILLION: Final = 1e6


def side_by_side_lines(cases: Sequence[Case]) -> list[str]:
    """The block as lines of at most 80 columns.

    Parameters
    ----------
    cases : sequence of Case
        In the order of the comparison, which numbers them from 1.
    """
    lines = ["side by side; medians over the paths"]
    for first in range(0, len(cases), _COLUMNS):
        group = cases[first : first + _COLUMNS]
        head = ("", *(str(place) for place in range(first + 1, first + len(group) + 1)))
        lines.append(table(head, [(label, *map(said, group)) for label, said in _ROWS]))
    for label, words in _SENTENCES:
        lines += _sentences(label, [words(case) for case in cases])
    if any(case.emissions is not None for case in cases):
        lines.append(
            paragraph(
                "t CO2e: of the plant's own energy over the plant's life, median and range of the"
                " studies that the IPCC reviewed in 2014; machines and halls are not counted."
            )
        )
    for place, case in enumerate(cases, start=1):
        lines += [hanging(str(place), note, 3) for note in case.notes]
    return lines


def _sentences(label: str, words: Sequence[str | None]) -> list[str]:
    """Each sentence once, with the cases that say it; nothing where none has one."""
    places: dict[str, list[str]] = {}
    for place, text in enumerate(words, start=1):
        places.setdefault(text or "not stated", []).append(str(place))
    if not any(words):
        return []
    heads = {text: f"  {', '.join(at)}  " for text, at in places.items()}
    return [f"{label}:", *(hanging(head, text, len(head)) for text, head in heads.items())]


def _number(value: float | None, factor: float = 1.0) -> str:
    return _NONE if value is None else digits(value / factor)


def _known(value: object) -> str:
    return _UNKNOWN if value is None else str(value)


def _mw(value: float | None) -> str:
    return _UNKNOWN if value is None else _number(value)


def _tonnes(case: Case) -> str:
    return _number(None if case.emissions is None else case.emissions.p50)


def _tonnes_range(case: Case) -> str:
    found = case.emissions
    if found is None or found.p50 is None:
        return ""
    return f"{_number(found.low)}-{_number(found.high)}"


def _probability(case: Case) -> str:
    from baseload.figures.numbers import percent

    found = case.probability_of_gain_by_mining
    return _NONE if found is None else percent(found)


_ROWS: Final[tuple[tuple[str, Callable[[Case], str]], ...]] = (
    ("technology", lambda case: _known(case.technology)),
    ("first day", lambda case: case.start),
    ("years", lambda case: str(case.years)),
    ("plant, MW net", lambda case: _mw(case.plant_mw)),
    ("mine, MW", lambda case: _mw(case.mine_mw)),
    ("highest share, %", lambda case: _number(case.network_share_peak, 0.01)),
    ("bitcoin", lambda case: _number(case.bitcoin_mined)),
    ("costs, USD/BTC", lambda case: _number(case.cost_per_bitcoin_usd)),
    ("earns, USD/BTC", lambda case: _number(case.revenue_per_bitcoin_usd)),
    ("t CO2e/BTC", _tonnes),
    ("  range of studies", _tonnes_range),
    ("mining, million USD", lambda case: _number(case.value_of_mining_usd, _MILLION)),
    ("  gains on", _probability),
)
_SENTENCES: Final[tuple[tuple[str, Callable[[Case], str | None]], ...]] = (
    ("who decides", lambda case: case.decides),
    ("who pays", lambda case: case.pays),
    ("limits", lambda case: case.limits),
)
