"""Who owns whom: stakes, held against one another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from baseload.law.persons import is_name
from baseload.law.rule import refuse

SAME: Final = Fraction(1, 10**9)
"""Shares that differ by no more count as the same."""

Owners = Iterable["Stake"] | Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Stake:
    """What one owner holds of an entity.

    Attributes
    ----------
    entity : str
        What is owned.
    owner : str
        A party or another entity.
    share : float
        Of the proprietary rights, 0 to 1; 0 only beside control.
    control : bool
        Whether the owner controls it by other means than its share, such as naming the board.

    Raises
    ------
    InputError
        For a share outside [0, 1] and names that are none.
    """

    entity: str
    owner: str
    share: float
    control: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no stake."""
        for field in ("entity", "owner"):
            if not is_name(getattr(self, field)):
                refuse(f"owners.{field}", repr(getattr(self, field)), "a name")
        if not isinstance(self.control, bool):
            refuse("owners.control", repr(self.control), "true or false")
        share = self.share
        real = isinstance(share, int | float | Fraction) and not isinstance(share, bool)
        if not real or not math.isfinite(share) or not 0 <= share <= 1:
            refuse(f"owners[{self.entity!r}].share", repr(share), "a number from 0 to 1")
        if share == 0 and not self.control:
            refuse(f"owners[{self.entity!r}].share", "0", "a number above 0, unless it has control")
        if self.entity == self.owner:
            refuse(f"owners[{self.entity!r}].owner", repr(self.owner), "another than the entity")

    @property
    def exact(self) -> Fraction:
        """The share as it was written: 0.1 is a tenth."""
        return Fraction(str(self.share))


def read_stakes(owners: object) -> tuple[Stake, ...]:
    """The stakes, checked against one another.

    Raises
    ------
    InputError
        As `blocked_by_ownership`.
    """
    if isinstance(owners, Mapping):
        listed: list[Stake] = []
        for entity, shares in owners.items():
            if not isinstance(shares, Mapping):
                refuse(f"owners[{entity!r}]", repr(shares)[:80], "a mapping from owners to shares")
            listed += [Stake(entity, owner, share) for owner, share in shares.items()]
        stakes = tuple(listed)
    elif isinstance(owners, Iterable) and not isinstance(owners, str):
        stakes = tuple(owners)
        for place, one in enumerate(stakes):
            if not isinstance(one, Stake):
                refuse(f"owners[{place}]", repr(one)[:80], "a Stake")
    else:
        refuse("owners", repr(owners)[:80], "a list of Stake, or a mapping from entities to owners")
    fault = stake_fault(stakes)
    if fault is not None:
        place, found, allowed = fault
        refuse(f"owners[{stakes[place].entity!r}]", found, allowed)
    return stakes


def stake_fault(stakes: Sequence[Stake]) -> tuple[int, str, str] | None:
    """The first thing wrong among stakes: its place, what was found, what is allowed."""
    totals: dict[str, Fraction] = {}
    pairs: set[tuple[str, str]] = set()
    for place, one in enumerate(stakes):
        if (one.entity, one.owner) in pairs:
            return place, f"{one.owner} as owner of {one.entity} twice", "each owner once"
        pairs.add((one.entity, one.owner))
        totals[one.entity] = totals.get(one.entity, Fraction(0)) + one.exact
        if totals[one.entity] > 1 + SAME:
            found = f"shares of {one.entity} that add up to {float(totals[one.entity]):.12g}"
            return place, found, "at most 1 together"
    circle = _circle(stakes)
    if circle:
        place = next(
            place for place, one in enumerate(stakes) if (one.entity, one.owner) == circle[:2]
        )
        return place, f"owners in a circle: {' < '.join(circle)}", "chains that end"
    return None


def _circle(stakes: Sequence[Stake]) -> tuple[str, ...]:
    """Entities that own one another in a circle, the first again at the end; empty if there is none."""
    owners: dict[str, list[str]] = {}
    for one in stakes:
        owners.setdefault(one.entity, []).append(one.owner)
    # Whatever has no owner that is owned in its turn drops out, until only circles and what hangs on
    # them are left.
    left = set(owners)
    while True:
        free = {name for name in left if not any(owner in left for owner in owners[name])}
        if not free:
            break
        left -= free
    if not left:
        return ()
    walk = [next(name for name in owners if name in left)]
    while True:
        following = next(owner for owner in owners[walk[-1]] if owner in left)
        if following in walk:
            return (*walk[walk.index(following) :], following)
        walk.append(following)
