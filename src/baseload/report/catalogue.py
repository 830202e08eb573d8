"""The figures of a report by name, for those who want one of them as a file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from baseload.report.blocks import Picture, Section
from baseload.report.names import told_apart

_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Named:
    """A figure of the report: its short name, title, section and picture."""

    name: str
    title: str
    section: str
    picture: Picture


def named_figures(sections: Iterable[Section]) -> dict[str, Named]:
    """All figures of some sections by name, in their order on the page.

    Two figures of one name get a number each, from the second on.
    """
    drawn = [(picture, section) for section in sections for picture in section.pictures]
    titles = []
    for picture, section in drawn:
        match = _TITLE.search(picture.svg)
        titles.append(html.unescape(match[1]) if match else section.title)
    found: dict[str, Named] = {}
    for name, title, (picture, section) in zip(told_apart(titles), titles, drawn, strict=True):
        found[name] = Named(name, title, section.title, picture)
    return found
