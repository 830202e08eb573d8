"""Dated relief in a scenario: which rules hold on a day, and when that changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from baseload.errors import Fault, nearest, raise_all
from baseload.law.rule import (
    WORST_FIRST,
    Rule,
    a_day,
    demand_rules,
    one_of,
    refuse,
)

ReliefStatus = Literal["licence", "allowed"]
RELIEF_STATUSES: Final[tuple[ReliefStatus, ...]] = ("licence", "allowed")


@dataclass(frozen=True)
class Relief:
    """That one rule is lifted for a time; afterwards it is what it was before.

    Relief lifts the rule that it names and no other: a rule of the same regime that forbids the same
    thing then shows.

    Attributes
    ----------
    rule : str
        Name of the rule.
    from_on : date
        First day of the relief.
    until_on : date or None
        Last day; None: no end.
    status : str
        "licence" while a licence runs, "allowed" where the rule is gone, as after a delisting.
    source : str
        Where it was read, or `assumed: why`.

    Raises
    ------
    InputError
        For a field that is none of these.
    """

    rule: str
    from_on: date
    until_on: date | None = None
    status: ReliefStatus = "licence"
    source: str = "assumed: by the scenario"

    def __post_init__(self) -> None:
        """Refuse what is no relief."""
        for field in ("rule", "source"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value.strip():
                refuse(f"relief.{field}", repr(value), "a text")
        field = f"relief[{self.rule!r}]"
        if self.status not in RELIEF_STATUSES:
            wrong = one_of("status", self.status, RELIEF_STATUSES)
            refuse(f"{field}.status", *wrong[1:])
        a_day(self.from_on, f"{field}.from")
        if self.until_on is not None and a_day(self.until_on, f"{field}.until") < self.from_on:
            refuse(f"{field}.until", f"{self.until_on}", f"{self.from_on} or later, or nothing")

    def in_force(self, on: date) -> bool:
        """Whether the day lies between the first and the last."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


def rules_that_hold(
    rules: Iterable[Rule], on: date, relief: Iterable[Relief] = ()
) -> tuple[Rule, ...]:
    """The rules in force on a day, each as relief has made it.

    Parameters
    ----------
    rules : iterable of Rule
        A rule table.
    on : date
        The day.
    relief : iterable of Relief
        What lifts which of them, and when.

    Returns
    -------
    tuple of Rule
        In the order of the table; relieved ones with their new status and `relieved_by`.

    Raises
    ------
    InputError
        For relief of a rule that there is none of, that is not in force during any of the relief or
        is no stricter than it, and for two reliefs of one rule that differ on a day.

    Examples
    --------
    >>> from baseload.law import shipped_rules
    >>> lifted = Relief("us-sdn-fsue-znpp", date(2027, 1, 1), date(2027, 12, 31), "licence")
    >>> {rule.name: rule.status for rule in rules_that_hold(
    ...     shipped_rules(), date(2027, 6, 1), [lifted])}["us-sdn-fsue-znpp"]
    'licence'
    """
    table = demand_rules(rules)
    return relieved(table, a_day(on, "on"), check_relief(table, relief))


def relieved(rules: Sequence[Rule], on: date, relief: Sequence[Relief]) -> tuple[Rule, ...]:
    """As `rules_that_hold`, of rules and relief that have been checked."""
    in_force = {one.rule: one for one in relief if one.in_force(on)}
    return tuple(
        replace(
            rule, status=in_force[rule.name].status, relieved_by=in_force[rule.name].source.strip()
        )
        if rule.name in in_force
        else rule
        for rule in rules
        if rule.in_force(on)
    )


class ReliefFault(NamedTuple):
    """What is wrong with one relief of a list."""

    place: int
    key: str
    found: str
    allowed: str
    nearest: str = ""
    note: str = ""


def relief_faults(rules: Sequence[Rule], relief: Sequence[Relief]) -> list[ReliefFault]:
    """What is wrong with each relief, held to the rule that it names and to those before it."""
    by_name = {rule.name: rule for rule in rules}
    faults = []
    for place, one in enumerate(relief):
        rule = by_name.get(one.rule)
        if rule is None:
            allowed = f"the name of one of {len(by_name)} rules"
            near = nearest(one.rule, by_name)
            faults.append(ReliefFault(place, "rule", repr(one.rule), allowed, near))
            continue
        if WORST_FIRST.index(rule.status) >= WORST_FIRST.index(one.status):
            found = f"{one.status}, of {rule.name}, which is {rule.status}"
            faults.append(ReliefFault(place, "status", found, "relief of a rule that is stricter"))
        if not overlap(one, rule):
            faults.append(
                ReliefFault(
                    place,
                    "from",
                    f"{one.from_on}, when {rule.name} is not in force",
                    f"a relief within {rule.from_on} to {rule.until_on or 'an open end'}",
                    note="to bring back a licence that has ended, relieve the ban that it exempted"
                    " from",
                )
            )
        for other in relief[:place]:
            if other.rule == one.rule and overlap(one, other) and other.status != one.status:
                found = (
                    f"{one.status} from {one.from_on}, where another line has {one.rule}"
                    f" {other.status} on the same days"
                )
                faults.append(ReliefFault(place, "status", found, "one status a day"))
    return faults


def check_relief(rules: Sequence[Rule], relief: Iterable[Relief]) -> tuple[Relief, ...]:
    """The reliefs as a tuple, each held to the rule that it names.

    Raises
    ------
    InputError
        As `rules_that_hold`.
    """
    if isinstance(relief, str) or not isinstance(relief, Iterable):
        refuse("relief", repr(relief)[:80], "a list of Relief")
    listed = tuple(relief)
    for place, item in enumerate(listed):
        if not isinstance(item, Relief):
            refuse(f"relief[{place}]", repr(item)[:80], "a Relief")
    raise_all(
        Fault(None, None, None, f"relief[{one.place}].{one.key}", *one[2:])
        for one in relief_faults(rules, listed)
    )
    return listed


def change_days(
    rules: Iterable[Rule], relief: Iterable[Relief], first: date, last: date
) -> list[date]:
    """The first day, and every later one up to the last on which a rule or relief begins or has ended.

    Examples
    --------
    >>> change_days([], [Relief("a", date(2027, 3, 1), date(2027, 3, 31))],
    ...             date(2027, 1, 1), date(2027, 12, 31))
    [datetime.date(2027, 1, 1), datetime.date(2027, 3, 1), datetime.date(2027, 4, 1)]
    """
    days = {first}
    spans: list[Rule | Relief] = [*rules, *relief]
    for one in spans:
        days.add(one.from_on)
        if one.until_on is not None and one.until_on < date.max:
            days.add(one.until_on + timedelta(days=1))
    return sorted(day for day in days if first <= day <= last)


def overlap(one: Rule | Relief, other: Rule | Relief) -> bool:
    """Whether two rules or reliefs are in force on a common day."""
    ends = [until for until in (one.until_on, other.until_on) if until is not None]
    return not ends or max(one.from_on, other.from_on) <= min(ends)
