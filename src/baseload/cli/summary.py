"""The summary of a study on a terminal of 80 columns and 24 lines.

What it is conditional on comes first, exposure of people before money, cost beside revenue, and
restarting apart from mining.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final, Protocol

from baseload.cli.text import WIDTH, hanging, paragraph, width
from baseload.units import human
from baseload.verdict.sentences import Judgeable, running_word

LINES: Final = 24
_LABEL: Final = 26
_TOP_LINES: Final = 2
_CELL: Final = 18
_COLUMNS: Final = (("5 % of paths", "p05"), ("median", "p50"), ("95 % of paths", "p95"))
_STAGES: Final = (
    ("import", "import_seconds"),
    ("compile", "compile_seconds"),
    ("engine", "engine_seconds"),
    ("certificate", "certificate_seconds"),
    ("write", "write_seconds"),
)
_NONE: Final = "none"


class SummedUp(Judgeable, Protocol):
    """A study that ran, as far as its summary reads it."""

    @property
    def title(self) -> str: ...
    @property
    def conditional_on(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def timings(self) -> Mapping[str, Any]: ...


def summary_text(study: SummedUp, lines: int = LINES - 1) -> str:
    """The study in few words.

    Parameters
    ----------
    study : SummedUp
        A study that ran.
    lines : int
        At most so many; one of a screen's is the prompt's.

    Returns
    -------
    str
        Lines of at most 80 characters.
    """
    top = paragraph(f"Conditional on: {study.conditional_on}").splitlines()
    if len(top) > _TOP_LINES:
        # The rest stands in the report: the figures below must stay on the screen.
        top[_TOP_LINES - 1] = textwrap.shorten(
            f"{top[_TOP_LINES - 1]} {'x' * WIDTH}", WIDTH, placeholder=" …"
        )
    head = f"{study.title}: {study.paths:,} paths of {study.years} years, seed {study.seed}"
    body = [
        *top[:_TOP_LINES],
        _one_line(head),
        *_head(),
        _row(study, "reactor-years at power", "reactor_years_at_power", ""),
        _pair(
            "off-site power lost, mean",
            (study, "offsite_power_losses_at_power", "times at power"),
            (study, "offsite_power_losses_in_shutdown", "in shutdown"),
            "",
        ),
        _pair(
            "outlasts diesels, mean",
            (study, "station_blackout_probability", ""),
            (study, "station_blackout_probability_idle", "with the plant idle"),
        ),
        _pair(
            "unserved firm, mean",
            (study, "unserved_firm_mwh", ""),
            (study, "unserved_firm_mwh_idle", "with the plant idle"),
        ),
        _line(
            "mine, export, curtailed",
            ", ".join(
                _said(study, name, "p50") for name in ("mine_mwh", "export_mwh", "curtailed_mwh")
            )
            + f"; at most {_said(study, 'hash_rate_peak_eh_per_s', 'p50')}",
        ),
        _row(study, "share of network, highest", "network_share_peak", "share"),
        *_thresholds(study),
        _row(study, "displaced per hash joined", "displacement", "share"),
        _row(study, "bitcoin per year", "bitcoin_mined", "BTC", 1.0 / study.years),
        _row(study, "cost per bitcoin", "cost_per_bitcoin_usd", "USD"),
        _row(study, "revenue per bitcoin", "revenue_per_bitcoin_usd", "USD"),
        _row(study, "years of safety funded", "years_of_safety_funded", "years"),
        _row(study, "  by the grid alone", "years_of_safety_funded_grid_only", "years"),
        _row(study, f"value of {running_word(study.summary)}", "value_of_restarting_usd", "USD"),
        _row(study, "value of mining", "npv_gain_over_grid_only_usd", "USD"),
        _line("  gain in", _gains(study)),
        *_flip(study),
        *_seconds(study),
    ]
    return "\n".join([*body, *_warnings(study.warnings, lines - len(body))])


def _figure(study: SummedUp, name: str, column: str) -> float | None:
    value = study.summary.get(name, {}).get(column)
    return None if value is None else float(value)


def _unit(study: SummedUp, name: str) -> str:
    return str(study.summary.get(name, {}).get("unit") or "")


def _said(
    study: SummedUp, name: str, column: str, unit: str | None = None, factor: float = 1.0
) -> str:
    value = _figure(study, name, column)
    if value is None:
        return _NONE
    return human(value * factor, _unit(study, name) if unit is None else unit)


def _is_wide() -> bool:
    return width() >= WIDTH


def _head() -> list[str]:
    """Titles of the columns; a narrow terminal has none."""
    return (
        [" " * _LABEL + "".join(title.rjust(_CELL) for title, _ in _COLUMNS)] if _is_wide() else []
    )


def _line(label: str, text: str) -> str:
    return label.ljust(_LABEL) + text if _is_wide() else hanging(label, text, _LABEL)


def _row(
    study: SummedUp, label: str, name: str, unit: str | None = None, factor: float = 1.0
) -> str:
    cells = [_said(study, name, column, unit, factor) for _, column in _COLUMNS]
    if not _is_wide():
        titles = (title for title, _ in _COLUMNS)
        said = ", ".join(f"{title} {cell}" for title, cell in zip(titles, cells, strict=True))
        return _line(label, said)
    return label.ljust(_LABEL) + "".join(cell.rjust(_CELL) for cell in cells)


def _pair(
    label: str,
    one: tuple[SummedUp, str, str],
    other: tuple[SummedUp, str, str],
    unit: str | None = None,
) -> str:
    texts = [
        f"{_said(study, name, 'mean', unit)} {words}".rstrip()
        for study, name, words in (one, other)
    ]
    return _line(label, ", ".join(texts))


def _gains(study: SummedUp) -> str:
    restarting, mining = (
        human(study.probability_of_gain.get(chance), "share") for chance in ("restarting", "mining")
    )
    return f"{restarting} of paths by {running_word(study.summary)}, {mining} by mining"


def _thresholds(study: SummedUp) -> list[str]:
    """On how many paths an hour's share crosses what matters, and when on half of those."""
    security = getattr(study, "security", None)
    if not security:
        return []
    crossed = [
        human(one["probability"], "share") + (f" ({one['median'][:4]})" if one["median"] else "")
        for one in security["thresholds"]
    ]
    return [_line("  above 10 %, 1/3, 1/2", f"on {', '.join(crossed)} of paths")]


def _flip(study: SummedUp) -> list[str]:
    if study.flip is None:
        return []
    value = human(study.flip.get("value_of_mining_p50_usd_without_price_growth"), "USD")
    chance = human(study.flip.get("probability_of_gain_without_price_growth"), "share")
    turns = "the sign flips" if study.flip.get("flips") else "same sign"
    return [_line("  coin's median held flat", f"{value}, gain in {chance}: {turns}")]


def _seconds(study: SummedUp) -> list[str]:
    """What took how long; what was not done is left out."""
    parts = [
        f"{name} {study.timings[key]:,.1f}"
        for name, key in _STAGES
        if study.timings.get(key) is not None
    ]
    return [_one_line("seconds: " + ", ".join(parts))] if parts else []


def _one_line(text: str) -> str:
    """The text cut to a line of 80 columns; on a narrow terminal, which scrolls anyway, wrapped."""
    return textwrap.shorten(text, WIDTH, placeholder=" …") if _is_wide() else paragraph(text)


def _warnings(warnings: tuple[str, ...], room: int) -> list[str]:
    """As many warnings as fit, the last line saying how many more there are."""
    if not warnings:
        return []
    room = max(room, 1)
    shown = [_one_line(f"warning: {text}") for text in warnings]
    if len(shown) <= room:
        return shown
    left = len(shown) - (room - 1)
    more = f"{left} warnings{' more' if room > 1 else ''}: in the report, and with --json"
    return [*shown[: room - 1], more]
