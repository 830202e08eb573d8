"""The report: one page that holds everything and needs no network; a script of its own reads values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from baseload.report.accord import accord_section
from baseload.report.blocks import Section
from baseload.report.claims import claims_section
from baseload.report.document import environment, look, own_file
from baseload.report.drivers import drivers_section
from baseload.report.hours import hours_section
from baseload.report.pictures import picture_sections
from baseload.report.reported import ReportedStudy
from baseload.report.sections import (
    exposure_table,
    headline_cards,
    is_assumed,
    made_rows,
    metrics_table,
    money_sentence,
)
from baseload.report.security import security_section
from baseload.report.survival import offsite_section
from baseload.verdict.sentences import verdict_of
from baseload.whole_file import write_whole

_HYPHEN_BEFORE_NUMBER: Final = re.compile(r"(?<![\w.,])-(?=\d)")
_SHOWN_ELSEWHERE: Final = ("sources", "claims")


def _scenario_lines(text: str) -> list[tuple[str, bool]]:
    """Lines of a scenario, and whether each holds an assumption.

    Sources and claims are left out, since each has a table of its own on the page; the study's
    `scenario.toml` holds them all.
    """
    lines = []
    left_out = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]").split("]")[0]
            if section in _SHOWN_ELSEWHERE and section != left_out:
                lines.append((f"# {section}: see the table on this page", False))
            left_out = section if section in _SHOWN_ELSEWHERE else ""
        if left_out:
            continue
        _, sign, value = line.partition("=")
        assumed = bool(sign) and is_assumed(value.strip().lstrip("\"'"))
        lines.append((line, assumed))
    return lines


def report_sections(study: ReportedStudy) -> tuple[Section, ...]:
    """All sections with figures, in their order on the page."""
    power, fleet, money = picture_sections(study)
    told = (offsite_section(study), accord_section(study), claims_section(study))
    return (
        *(one for one in told if one is not None),
        power,
        hours_section(study),
        fleet,
        money,
        drivers_section(study),
        security_section(study),
    )


def render_report(study: ReportedStudy) -> str:
    """The page of a study, complete in itself.

    Parameters
    ----------
    study : ReportedStudy
        A study that ran.

    Returns
    -------
    str
        HTML with its style sheet, its figures and the scenario inside; the same for the same study.
        It allows its own style sheet, script and pictures and nothing else, whatever it is fed.
    """
    sources = [(name, line, is_assumed(line)) for name, line in study.sources.items()]
    template = environment().from_string(own_file("page.html.j2"))
    page = template.render(
        study=study,
        **look(),
        verdict=[(about, with_minus_signs(text)) for about, text in verdict_of(study)],
        money=money_sentence(study),
        cards=headline_cards(study),
        exposure=exposure_table(study),
        sections=report_sections(study),
        metrics=metrics_table(study),
        sources=sources,
        assumed=sum(assumed for _, _, assumed in sources),
        scenario_lines=_scenario_lines(study.scenario_text),
        made=made_rows(study),
    )
    return str(page)


def with_minus_signs(text: str) -> str:
    """A sentence with a minus sign before a number below zero, where the terminal has a hyphen.

    Examples
    --------
    >>> with_minus_signs("-1.3 billion by 2036-11-24")
    '\u22121.3 billion by 2036-11-24'
    """
    return _HYPHEN_BEFORE_NUMBER.sub("\u2212", text)


def write_report(study: ReportedStudy, path: Path) -> Path:
    """Write a study's page, whole or not at all.

    Parameters
    ----------
    study : ReportedStudy
        A study that ran.
    path : Path
        The file to write or to replace.

    Returns
    -------
    Path
        The file written.
    """
    write_whole(Path(path), render_report(study).encode("utf-8"))
    return Path(path)
