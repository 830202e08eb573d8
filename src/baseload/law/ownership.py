"""Who is blocked because of who owns it: the 50 % rules of the United States, the EU and the UK."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from baseload.errors import nearest
from baseload.law.persons import is_name
from baseload.law.rule import a_day, refuse
from baseload.law.stakes import SAME, Owners, Stake, read_stakes

_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True)
class OwnershipRule:
    """How much of an entity blocked persons must own for it to be blocked too.

    Attributes
    ----------
    jurisdiction : str
        Whose rule.
    half_is_enough : bool
        Whether exactly 50 % blocks; otherwise it takes more.
    adds_up : bool
        Whether the shares of several blocked persons are added.
    counts_control : bool
        Whether control blocks without a share.
    from_on : date
        First day on which it is read so.
    source : str
        Where it was read.
    """

    jurisdiction: str
    half_is_enough: bool
    adds_up: bool
    counts_control: bool
    from_on: date
    source: str


OWNERSHIP_RULES: Final = (
    OwnershipRule(
        "US",
        half_is_enough=True,
        adds_up=True,
        counts_control=False,
        from_on=date(2014, 8, 13),
        source="31 CFR 587.406; OFAC, FAQ 398 to 401 (2014-08-13), read 2026-11-26",
    ),
    OwnershipRule(
        "EU",
        half_is_enough=False,
        adds_up=True,
        counts_control=True,
        from_on=date(2014, 1, 1),
        source="Sorainen, Key changes in EU Best Practices, 2024 (what held before 2024-07-03),"
        " read 2026-11-26; its first day is assumed",
    ),
    OwnershipRule(
        "EU",
        half_is_enough=True,
        adds_up=True,
        counts_control=True,
        from_on=date(2024, 7, 3),
        source="Council of the EU, Best Practices for the effective implementation of restrictive"
        " measures, 2024-07-03, as told by Skadden and Akin Gump, 2024-07, read 2026-11-26",
    ),
    OwnershipRule(
        "UK",
        half_is_enough=False,
        adds_up=False,
        counts_control=True,
        from_on=date(2019, 4, 10),
        source="Russia (Sanctions) (EU Exit) Regulations 2019, regulation 7; OFSI, general guidance,"
        " 4.14 (March 2022), as quoted by MrWatchlist 2022-03-22, read 2026-11-26",
    ),
)
"""By jurisdiction, the older reading first. The EU changed from more than half to half and more."""


@dataclass(frozen=True)
class Blocked:
    """An entity that is blocked because of its owners.

    Attributes
    ----------
    entity : str
        Its name.
    share : float
        What blocked persons own of it, 0 to 1, as the rule counts.
    held : tuple of (str, float)
        The direct owners that count, and what each holds.
    by : tuple of str
        The blocked persons at the end of the chains, in the order of the owners.
    why : str
        The same in words.
    """

    entity: str
    share: float
    held: tuple[tuple[str, float], ...]
    by: tuple[str, ...]
    why: str


def ownership_rule(rule: str, on: date | None = None) -> OwnershipRule:
    """The 50 % rule of a jurisdiction on a day.

    Parameters
    ----------
    rule : str
        "US", "EU" or "UK".
    on : date, optional
        By default the newest reading. Before the first, the first is taken.

    Raises
    ------
    InputError
        For a jurisdiction of which none is known.

    Examples
    --------
    >>> ownership_rule("EU").half_is_enough, ownership_rule("EU", date(2023, 1, 1)).half_is_enough
    (True, False)
    """
    names = list(dict.fromkeys(one.jurisdiction for one in OWNERSHIP_RULES))
    readings = [one for one in OWNERSHIP_RULES if one.jurisdiction == rule]
    if not readings:
        near = nearest(rule, names) if isinstance(rule, str) else ""
        refuse("rule", repr(rule), f"one of {', '.join(names)}", near)
    if on is None:
        return readings[-1]
    day = a_day(on, "on")
    return [readings[0], *(one for one in readings[1:] if one.from_on <= day)][-1]


def blocked_by_ownership(
    owners: Owners,
    blocked: Iterable[str],
    rule: str = "US",
    on: date | None = None,
) -> dict[str, Blocked]:
    """The entities that are blocked because blocked persons own or control them, through chains.

    An entity that is blocked so counts as a blocked owner in its turn [1]_: whoever is blocked owns
    half of A, and A half of B, and B is blocked with all of its shares in C. A stake in an entity
    that is not blocked counts for nothing further down. By the UK's rule each blocked person is
    looked at alone [2]_.

    Parameters
    ----------
    owners : iterable of Stake, or mapping of entity to mapping of owner to share
        Who owns what.
    blocked : iterable of str
        The persons who are blocked by name.
    rule : str
        "US", "EU" or "UK".
    on : date, optional
        The day, where a rule has changed. By default today's reading.

    Returns
    -------
    dict of str to Blocked
        In the order of `owners`; those blocked by name are left out.

    Raises
    ------
    InputError
        For shares of an entity above one together by more than 1e-9, owners in a circle, a stake that
        stands twice, an unknown rule.

    References
    ----------
    .. [1] Office of Foreign Assets Control, FAQ 401, 2014-08-13.
    .. [2] Office of Financial Sanctions Implementation, general guidance, 4.14, March 2022.

    Examples
    --------
    >>> chain = {"A": {"X": 0.5, "fund": 0.5}, "B": {"A": 0.4, "X": 0.1, "fund": 0.5}}
    >>> found = blocked_by_ownership(chain, ["X"])
    >>> list(found), found["B"].share, found["B"].by
    (['A', 'B'], 0.5, ('X',))
    >>> list(blocked_by_ownership(chain, ["X"], "UK"))
    []
    """
    stakes = read_stakes(owners)
    if isinstance(blocked, str) or not isinstance(blocked, Iterable):
        refuse("blocked", repr(blocked), "a list of names")
    names = list(dict.fromkeys(blocked))
    for name in names:
        if not is_name(name):
            refuse("blocked", repr(name), "the name of a person or entity")
    reading = ownership_rule(rule, on)
    groups = [names] if reading.adds_up else [[name] for name in names]
    found: dict[str, Blocked] = {}
    for group in groups:
        for entity, one in _reached(stakes, group, reading).items():
            if entity not in names:
                found.setdefault(entity, one)
    order = dict.fromkeys(stake.entity for stake in stakes)
    return {entity: found[entity] for entity in order if entity in found}


def _reached(
    stakes: Sequence[Stake], roots: Sequence[str], rule: OwnershipRule
) -> dict[str, Blocked]:
    """Entities that the roots block together; owners are judged before what they own."""
    found: dict[str, Blocked] = {}
    roots_of: dict[str, tuple[str, ...]] = {root: (root,) for root in roots}
    for entity in _owners_first(stakes):
        if entity not in roots_of:
            one = _judged(entity, stakes, roots_of, rule)
            if one is not None:
                found[entity] = one
                roots_of[entity] = one.by
    return found


def _owners_first(stakes: Sequence[Stake]) -> list[str]:
    """Entities in an order in which whoever owns comes before what is owned; there is no circle."""
    owners: dict[str, list[str]] = {}
    for one in stakes:
        owners.setdefault(one.entity, []).append(one.owner)
    order: list[str] = []
    left = dict.fromkeys(owners)
    while left:
        free = [name for name in left if not any(owner in left for owner in owners[name])]
        order += free
        for name in free:
            del left[name]
    return order


def _judged(
    entity: str,
    stakes: Sequence[Stake],
    roots_of: Mapping[str, tuple[str, ...]],
    rule: OwnershipRule,
) -> Blocked | None:
    own = [one for one in stakes if one.entity == entity and one.owner in roots_of]
    share = sum((one.exact for one in own), Fraction(0))
    enough = share >= _HALF - SAME if rule.half_is_enough else share > _HALF + SAME
    controlling = [one for one in own if one.control] if rule.counts_control else []
    if not enough and not controlling:
        return None
    counted = own if enough else controlling
    by = tuple(dict.fromkeys(root for one in counted for root in roots_of[one.owner]))
    held = tuple((one.owner, float(one.exact)) for one in counted)
    return Blocked(entity, float(share), held, by, _why(entity, counted, share, roots_of, enough))


def _why(
    entity: str,
    counted: Sequence[Stake],
    share: Fraction,
    roots_of: Mapping[str, tuple[str, ...]],
    enough: bool,
) -> str:
    parts = []
    for one in counted:
        roots = roots_of[one.owner]
        behind = "" if roots == (one.owner,) else f" (blocked through {' and '.join(roots)})"
        parts.append(f"{one.owner} {_percent(one.exact)} %{behind}")
    if enough:
        return f"blocked persons own {_percent(share)} % of {entity}: {'; '.join(parts)}"
    return f"blocked persons control {entity}: {'; '.join(one.owner for one in counted)}"


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.6g}"
