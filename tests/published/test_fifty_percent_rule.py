"""Office of Foreign Assets Control, frequently asked question 401, examples 1 to 3; read 2026-11-26.

The last test is of the rule's wording: an owner that is not itself blocked passes nothing on.
"""

from __future__ import annotations

from baseload.screening import Link, links_by_asset, owned_by_listed


def owned(*links: tuple[str, str, float], entity: str) -> str:
    stakes = [Link(owner, asset, share, "", share_at_most=share) for owner, asset, share in links]
    return owned_by_listed(entity, links_by_asset(stakes), {"X"}).owned


def test_half_of_a_half_owner_is_blocked() -> None:
    assert owned(("X", "A", 0.5), ("A", "B", 0.5), entity="B") == "yes"


def test_two_quarters_held_through_halves_are_a_half() -> None:
    chain = (("X", "A", 0.5), ("X", "B", 0.5), ("A", "C", 0.25), ("B", "C", 0.25))
    assert owned(*chain, entity="C") == "yes"


def test_ten_per_cent_and_forty_through_a_half_are_a_half() -> None:
    assert owned(("X", "A", 0.5), ("X", "B", 0.1), ("A", "B", 0.4), entity="B") == "yes"


def test_an_owner_below_the_half_passes_nothing_on() -> None:
    chain = (("X", "A", 0.25), ("X", "B", 0.25), ("A", "C", 0.5), ("B", "C", 0.5))
    assert owned(*chain, entity="C") == "no"
