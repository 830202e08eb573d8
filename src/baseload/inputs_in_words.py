"""Addresses of inputs as people say them: what it belongs to, then what it is."""

from __future__ import annotations

import re
from typing import Final

from baseload.units import SUFFIXES

_PIECE: Final = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?")
# Which process a price follows is said elsewhere; what follows it is the figure's own name.
_KINDS: Final = frozenset(
    {"fixed", "curve", "geometric-brownian", "jump-diffusion", "mean-reverting", "bootstrap"}
)
_SECTIONS: Final = {
    "network.price_usd": "price of the coin",
    "network.frontier": "new machines",
    "network.supply_curve": "rest of the network",
    "grid.price": "power price",
}


_ABBREVIATIONS: Final = {"om": "O&M", "pue": "PUE"}
# Without these at its end a name would not say what it counts.
_KEPT: Final = frozenset({"months", "years", "days", "hours", "share", "date"})


def input_words(address: str) -> str:
    """An input's address in words.

    A name in brackets stands for all before it, a unit at the end goes: the value beside it has one.

    Examples
    --------
    >>> input_words("plant.units[ZNPP-6].restart.cost_usd_million")
    'ZNPP-6: restart cost'
    >>> input_words("network.price_usd.geometric-brownian.median_growth_per_year")
    'price of the coin: median growth'
    >>> input_words("grid.price.level_usd_per_mwh"), input_words("finance.tax_rate")
    ('power price: level', 'finance: tax rate')
    """
    subject = ""
    words: list[str] = []
    pieces = [match.groups() for match in _PIECE.finditer(address)]
    path = ""
    for place, (key, name) in enumerate(pieces):
        path = f"{path}.{key}" if path else key
        if name:
            subject, words = name, []
        elif path in _SECTIONS and place + 1 < len(pieces):
            subject, words = _SECTIONS[path], []
        elif key not in _KINDS:
            words.append(key)
    if not words:
        return subject or address
    # Of rates by phase, the last word is the phase and the unit stands before it.
    bare = [_without_unit(word) for word in words]
    if not subject and len(bare) > 1:
        subject, bare = ", ".join(bare[:-1]).replace("_", " "), bare[-1:]
    text = " ".join(_said(word) for part in bare for word in part.split("_"))
    return f"{subject}: {text}" if subject and text else text or subject


def _said(word: str) -> str:
    return _ABBREVIATIONS.get(word, word)


def _without_unit(word: str) -> str:
    """A field's name without the unit at its end; a name that is nothing but a unit stays."""
    parts = word.split("_")
    for first in range(1, len(parts)):
        unit = SUFFIXES.get("_".join(parts[first:]))
        if unit is not None and unit.symbol not in _KEPT:
            return "_".join(parts[:first])
    return word
