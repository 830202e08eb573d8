"""Words that the sentences, the tables of the page and the terminal share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

SOLUTIONS: Final = {
    "shapley": "Shapley value",
    "nucleolus": "nucleolus",
    "reachable": "nucleolus within reach of lawful payments",
}
"""Solutions of a game of coalitions, as a study keeps them, and what they are called."""


def joined(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def party_names(accord: Mapping[str, Any]) -> list[str]:
    """Names of the parties to an accord, in the order of the scenario."""
    return [party["name"] for party in accord["parties"]]


def proposed(accord: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The arrangements but for the one that holds without an agreement."""
    return [one for one in accord["arrangements"] if one["name"] != accord["disagreement"]]


def with_doubt(text: str, gain: Mapping[str, Any]) -> str:
    """A mean gain as written, with a question mark where its sign cannot be told.

    Examples
    --------
    >>> with_doubt("12", {"says": "cannot tell"}), with_doubt("12", {"says": "gains"})
    ('12 ?', '12')
    """
    return f"{text} ?" if gain["says"] == "cannot tell" else text


def payments_told(
    payments: Iterable[Mapping[str, Any]], money: Callable[[float], str], verb: str = "pays"
) -> list[str]:
    """Who pays whom how much, in words.

    Parameters
    ----------
    payments : iterable of mapping
        With `payer`, `payee` and `usd`.
    money : callable
        Writes an amount. [USD]
    verb : str
        Between who pays and who is paid.

    Examples
    --------
    >>> payments_told([{"payer": "one", "payee": "other", "usd": 5.0}], "{:.0f} USD".format)
    ['one pays other 5 USD']
    """
    return [f"{one['payer']} {verb} {one['payee']} {money(one['usd'])}" for one in payments]
