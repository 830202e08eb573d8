"""From when on the law lets an arrangement happen, and what changes until then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from baseload.law.check import (
    NOTHING_FOUND,
    Activity,
    Case,
    Finding,
    build_case,
    found_on,
)
from baseload.law.ownership import OWNERSHIP_RULES
from baseload.law.persons import Persons
from baseload.law.relief import Relief, change_days
from baseload.law.rule import Rule, a_day, refuse
from baseload.law.stakes import Owners


@dataclass(frozen=True)
class Change:
    """What holds from a day on, until the next change.

    Attributes
    ----------
    on : date
        The day.
    findings : tuple of Finding
        One for each activity.
    lawful : bool
        Whether all of them are allowed or licensed.
    """

    on: date
    findings: tuple[Finding, ...]
    lawful: bool


@dataclass(frozen=True)
class Timeline:
    """When the law lets an arrangement happen.

    Attributes
    ----------
    first_on : date or None
        First day on which all activities are allowed or licensed; None: not in these years.
    changes : tuple of Change
        The first day, and each on which a finding changes.
    """

    first_on: date | None
    changes: tuple[Change, ...]

    def at(self, on: date) -> tuple[Finding, ...]:
        """What holds on a day.

        Raises
        ------
        InputError
            For a day before the first.
        """
        day = a_day(on, "on")
        past = [one for one in self.changes if one.on <= day]
        if not past:
            refuse("on", f"{day}", f"{self.changes[0].on} or later")
        return past[-1].findings


def over_time(
    activities: Iterable[Activity],
    rules: Iterable[Rule],
    dates: Iterable[date],
    *,
    persons: Persons | None = None,
    owners: Owners = (),
    relief: Iterable[Relief] = (),
    silence_allows: bool = False,
) -> Timeline:
    """What the law says from the first of some dates to the last, and since when it allows all.

    Only days on which a rule or a relief begins or has ended are looked at; in between nothing can
    change.

    Parameters
    ----------
    activities, rules, persons, owners, relief
        As in `findings`.
    dates : iterable of date
        The dates of the timeline, one at least; the days between the first and the last count too.
    silence_allows : bool
        Whether an activity of which nothing was found counts as lawful. By default it does not:
        silence is no permission.

    Returns
    -------
    Timeline

    Raises
    ------
    InputError
        As `findings`, and for no date.

    Examples
    --------
    >>> from baseload.law import shipped_rules
    >>> deal = [Activity("mine", "El Salvador")]
    >>> over_time(deal, shipped_rules(), [date(2025, 1, 1), date(2030, 1, 1)],
    ...           silence_allows=True).changes[1].on
    datetime.date(2025, 2, 26)
    """
    if isinstance(dates, str | date) or not isinstance(dates, Iterable):
        refuse("dates", repr(dates), "a list of days")
    days = [a_day(one, f"dates[{place}]") for place, one in enumerate(dates)]
    if not days:
        refuse("dates", "none", "one day at least")
    if not isinstance(silence_allows, bool):
        refuse("silence_allows", repr(silence_allows), "true or false")
    case = build_case(activities, rules, persons, owners, relief)
    changes: list[Change] = []
    for day in _days(case, min(days), max(days)):
        found = found_on(case, day)
        if not changes or found != changes[-1].findings:
            lawful = all(
                one.is_lawful or (silence_allows and one.status == NOTHING_FOUND) for one in found
            )
            changes.append(Change(day, found, lawful))
    first = next((one.on for one in changes if one.lawful), None)
    return Timeline(first, tuple(changes))


def _days(case: Case, first: date, last: date) -> list[date]:
    days = set(change_days(case.rules, case.relief, first, last))
    if case.stakes:
        days |= {one.from_on for one in OWNERSHIP_RULES if first <= one.from_on <= last}
    return sorted(days)
