"""The figures of a report by name, for those who want one of them as a file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from baseload.report.blocks import Picture, Section

# Short names of titles; a figure that is not listed is called by its title, without its numbers.
_NAMES: Final = {
    "Where the plant's power goes": "dispatch",
    "Firm demand left unserved": "unserved",
    "Units at power": "units",
    "A week, hour by hour": "week",
    "What power is worth in that week": "week-prices",
    "Power of the mine in": "year",
    "Hash rate of the mine": "hash-rate",
    "The mine's share of the network, mean": "network-share",
    "Hash rate of the whole network": "network-hash-rate",
    "Difficulty": "difficulty",
    "Hashprice: revenue per hash rate and day": "hashprice",
    "Price of a bitcoin": "bitcoin-price",
    "Net cash by month": "cash-by-month",
    "Cash since the start": "cash",
    "Net present value": "npv",
    "Gain over doing without": "gain",
    "From idle to the run": "waterfall",
    "What drives the value of mining": "drivers-mining",
    "What drives the value of restarting": "drivers-restarting",
    "One path, line by line": "ledger",
    "The mine's share of the network, largest hour of the month": "network-share-peak",
    "A payment undone, by its confirmations": "double-spend",
}
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
    found: dict[str, Named] = {}
    for section in sections:
        for picture in section.pictures:
            match = _TITLE.search(picture.svg)
            title = html.unescape(match[1]) if match else section.title
            name = base = name_of(title)
            number = 2
            while name in found:
                name, number = f"{base}-{number}", number + 1
            found[name] = Named(name, title, section.title, picture)
    return found


def name_of(title: str) -> str:
    """The name by which a figure is asked for.

    Examples
    --------
    >>> name_of("Net present value"), name_of("Timeline of restarts, 2027")
    ('npv', 'timeline-of-restarts')
    """
    plain = re.sub(r"\s*\b\d+\b", "", title).strip()
    return _NAMES.get(plain) or re.sub(r"[^a-z]+", "-", plain.lower()).strip("-") or "figure"
