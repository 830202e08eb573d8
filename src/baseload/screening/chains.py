"""What sanctioned owners hold of an entity, in aggregate and through chains of ownership.

A rule of its own, for the links of an export and for nothing else: an entity of which sanctioned
owners together hold one half or more counts as sanctioned itself, and with all that it owns. Shares
that are not known make the answer a range, and "cannot tell" where the range holds the threshold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from baseload.errors import Fault, InputError
from baseload.screening.entities import Link

HALF: Final = 0.5
YES: Final = "yes"
NO: Final = "no"
CANNOT_TELL: Final = "cannot tell"

_ROUNDING = 1e-9

Links = Mapping[str, tuple[Link, ...]]


@dataclass(frozen=True)
class OwnershipFinding:
    """What sanctioned owners hold of an entity.

    Parameters
    ----------
    entity : str
        Its id.
    owned : str
        Whether they hold the threshold or more: "yes", "no" or "cannot tell".
    share_at_least, share_at_most : float
        0 to 1, with what entities hold that are themselves so owned.
    links : tuple of Link
        The links of ownership that the answer rests on, from the entity upwards.
    other_links : tuple of Link
        Directorships and memberships of sanctioned entities in it: no ownership.
    """

    entity: str
    owned: str
    share_at_least: float
    share_at_most: float
    links: tuple[Link, ...]
    other_links: tuple[Link, ...]


def links_by_asset(links: Iterable[Link], on: str = "") -> dict[str, tuple[Link, ...]]:
    """Links by the id of what is held, without those that ended before a day.

    Parameters
    ----------
    links : iterable of Link
    on : str
        ISO 8601; empty: none has ended.

    Returns
    -------
    dict of str to tuple of Link
    """
    found: dict[str, list[Link]] = {}
    for link in links:
        if not (on and link.ended_on and link.ended_on < on[: len(link.ended_on)]):
            found.setdefault(link.asset, []).append(link)
    return {asset: tuple(ones) for asset, ones in found.items()}


def owned_by_listed(
    entity: str, links: Links, listed: Collection[str], threshold: float = HALF
) -> OwnershipFinding:
    """Whether listed owners hold a share of an entity or more, in aggregate, through chains.

    An owner that is itself held so counts with the whole of its share, not with a product of
    shares. Several links between the same two count once: at least the largest, at most their sum.

    Parameters
    ----------
    entity : str
        Its id.
    links : mapping of str to tuple of Link
        By the id of what is held, as `links_by_asset` gives them.
    listed : collection of str
        Ids of those that are sanctioned by name.
    threshold : float
        Above 0, at most 1: this much or more. United States: one half.

    Returns
    -------
    OwnershipFinding

    Raises
    ------
    InputError
        For a threshold out of range.

    References
    ----------
    .. [1] U.S. Department of the Treasury, OFAC, Revised Guidance on Entities Owned by Persons Whose
       Property and Interests in Property Are Blocked, 13 August 2014; frequently asked question 401.

    Examples
    --------
    Two blocked halves make a blocked whole (example 2 of question 401):

    >>> links = links_by_asset([Link("x", "a", 0.5, "", share_at_most=0.5),
    ...     Link("x", "b", 0.5, "", share_at_most=0.5), Link("a", "c", 0.25, "", share_at_most=0.25),
    ...     Link("b", "c", 0.25, "", share_at_most=0.25)])
    >>> owned_by_listed("c", links, {"x"}).owned
    'yes'
    """
    if isinstance(threshold, bool) or not 0.0 < threshold <= 1.0:
        allowed = "a number above 0, at most 1"
        raise InputError(Fault(None, None, None, "threshold", repr(threshold), allowed))
    above = _ancestors(entity, links)
    surely = _held(above, links, listed, threshold, surely=True)
    perhaps = _held(above, links, listed, threshold, surely=False)
    least = _share(entity, links, surely, surely=True)
    most = max(least, _share(entity, links, perhaps, surely=False))
    owned = YES if _reaches(least, threshold) else CANNOT_TELL
    if not _reaches(most, threshold):
        owned = NO
    counted = surely if owned == YES else perhaps
    steps = _steps(entity, links, counted, set(listed))
    others = tuple(
        link
        for link in links.get(entity, ())
        if link.schema != "Ownership" and link.owner in listed
    )
    return OwnershipFinding(entity, owned, least, most, steps, others)


def _ancestors(entity: str, links: Links) -> list[str]:
    """The entity and all that stand above it, each once, however the chains run in circles."""
    found, waiting = {entity: None}, [entity]
    while waiting:
        for link in _owners(waiting.pop(), links):
            if link.owner not in found:
                found[link.owner] = None
                waiting.append(link.owner)
    return list(found)


def _owners(entity: str, links: Links) -> tuple[Link, ...]:
    return tuple(link for link in links.get(entity, ()) if link.schema == "Ownership")


def _held(
    above: list[str], links: Links, listed: Collection[str], threshold: float, surely: bool
) -> set[str]:
    """The least set that has the listed ones and all of which it holds the threshold."""
    found = {entity for entity in above if entity in listed}
    grew = bool(found)
    while grew:
        more = {
            entity
            for entity in above
            if entity not in found
            and _reaches(_share(entity, links, found, surely=surely), threshold)
        }
        grew = bool(more)
        found |= more
    return found


def _share(entity: str, links: Links, owners: Collection[str], surely: bool) -> float:
    """Least or most that some owners can hold together, of the whole."""
    by_owner: dict[str, list[Link]] = {}
    for link in _owners(entity, links):
        if link.owner != entity:
            by_owner.setdefault(link.owner, []).append(link)
    least = {owner: max(link.share or 0.0 for link in ones) for owner, ones in by_owner.items()}
    mine = sum(share for owner, share in least.items() if owner in owners)
    if surely or not any(owner in owners for owner in by_owner):
        return min(mine, 1.0)
    most = sum(
        link.share_at_most for owner, ones in by_owner.items() if owner in owners for link in ones
    )
    # Others' shares leave less; figures of others that together exceed the whole leave what is sure.
    left = 1.0 - sum(share for owner, share in least.items() if owner not in owners)
    return min(1.0, max(mine, min(most, left)))


def _reaches(share: float, threshold: float) -> bool:
    return share >= threshold - _ROUNDING


def _steps(
    entity: str, links: Links, counted: Collection[str], listed: Collection[str]
) -> tuple[Link, ...]:
    """Links from the entity up to the listed owners, nearest first."""
    found: dict[Link, None] = {}
    seen, waiting = {entity}, [entity]
    while waiting:
        below, waiting = waiting, []
        for asset in below:
            for link in _owners(asset, links):
                if link.owner in counted and link.owner != asset:
                    found[link] = None
                    if link.owner not in seen and link.owner not in listed:
                        seen.add(link.owner)
                        waiting.append(link.owner)
    return tuple(found)
