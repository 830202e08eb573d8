"""Names of figures, by which they are asked for; light, since a shell asks while somebody types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

NAMES: Final = {
    "Where the plant's power goes": "dispatch",
    "Works, restarts and deliveries": "timeline",
    "Firm demand left unserved": "unserved",
    "Units at power": "units",
    "Losses of off-site power outlasted": "outlasted",
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
    "Paid into the safety fund": "safety-fund",
    "Net present value": "npv",
    "Gain over the alternatives": "gain",
    "From idle to the run": "waterfall",
    "What drives the value of mining": "drivers-mining",
    "What drives the value of restarting": "drivers-restarting",
    "One path, line by line": "ledger",
    "The mine's share of the network, largest hour of the month": "network-share-peak",
    "A payment undone, by its confirmations": "double-spend",
}
"""Short names of titles; a figure that is not listed is called by its title, without numbers."""


def name_of(title: str) -> str:
    """The name by which a figure is asked for.

    Examples
    --------
    >>> name_of("Net present value"), name_of("Timeline of restarts, 2027")
    ('npv', 'timeline-of-restarts')
    """
    plain = re.sub(r"\s*\b\d+\b", "", title).strip()
    return NAMES.get(plain) or re.sub(r"[^a-z]+", "-", plain.lower()).strip("-") or "figure"


def told_apart(titles: Iterable[str]) -> list[str]:
    """The names of figures in their order on the page; of two alike the second gets a number.

    Examples
    --------
    >>> told_apart(["Difficulty", "A week", "Difficulty"])
    ['difficulty', 'a-week', 'difficulty-2']
    """
    found: dict[str, None] = {}
    for title in titles:
        name = base = name_of(title)
        number = 2
        while name in found:
            name, number = f"{base}-{number}", number + 1
        found[name] = None
    return list(found)
