"""What the law says of an arrangement's activities on a day, and from when on it lets them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from baseload.law.ownership import OWNERSHIP_RULES, Blocked, blocked_by_ownership
from baseload.law.persons import Memberships, Persons, check_known, is_name, names_in
from baseload.law.precedence import (
    Ground,
    check_contradictions,
    governing,
    met,
)
from baseload.law.relief import Relief, check_relief, relieved
from baseload.law.rule import (
    ACTIVITIES,
    ANY,
    BLOCKING,
    WORST_FIRST,
    Rule,
    Status,
    a_day,
    demand_rules,
    one_of,
    refuse,
    worst,
)
from baseload.law.stakes import Owners, Stake, read_stakes

NOTHING_FOUND: Final = "nothing found"
"""The status where no rule of the table speaks of an activity: silence, which is no permission."""

FoundStatus = Status | Literal["nothing found"]


@dataclass(frozen=True)
class Activity:
    """Something that a party to an arrangement does.

    Attributes
    ----------
    does : str
        One of `ACTIVITIES`.
    party : str
        Who does it.
    counterparty : str
        With whom, or for whom; empty for nobody in particular, whom only rules for any
        counterparty meet.
    territory : str
        Where; empty for nowhere in particular.

    Raises
    ------
    InputError
        For an activity that there is none of, and for names that are none.
    """

    does: str
    party: str
    counterparty: str = ""
    territory: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no activity."""
        if self.does not in ACTIVITIES:
            wrong = one_of("does", self.does, ACTIVITIES)
            refuse("activity.does", *wrong[1:])
        for name in ("party", "counterparty", "territory"):
            value = getattr(self, name)
            if not (is_name(value) or (value == "" and name != "party")):
                refuse(f"activity.{name}", repr(value), f"a name, not {ANY}")

    def __str__(self) -> str:
        whom = f", with {self.counterparty}" if self.counterparty else ""
        where = f", at {self.territory}" if self.territory else ""
        return f"{self.party}: {self.does}{whom}{where}"


@dataclass(frozen=True)
class LegalStanding:
    """What one jurisdiction says of an activity.

    Attributes
    ----------
    jurisdiction : str
        Whose law.
    status : str
        The worst of its regimes, or "nothing found".
    governing : tuple of Ground
        The rules with that status that govern in their regimes.
    blocking : tuple of Ground
        All governing rules that prohibit it, then those that leave it unknown.
    """

    jurisdiction: str
    status: FoundStatus
    governing: tuple[Ground, ...] = ()
    blocking: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What all jurisdictions say of an activity on a day.

    Attributes
    ----------
    activity : Activity
        What is done.
    status : str
        The worst of those that say something: prohibited, unknown, licence, allowed; or "nothing
        found" where none does.
    standings : tuple of LegalStanding
        One for each jurisdiction of the table, in its order.
    on : date
        The day; two findings that differ in nothing else are equal.
    """

    activity: Activity
    status: FoundStatus
    standings: tuple[LegalStanding, ...]
    on: date = field(compare=False)

    @property
    def blocking(self) -> tuple[Ground, ...]:
        """The rules that prohibit it or leave it unknown, of all jurisdictions."""
        return tuple(ground for one in self.standings for ground in one.blocking)

    @property
    def cited(self) -> tuple[str, ...]:
        """The blocking rules with jurisdiction, status, instrument, source and day read."""
        return tuple(
            f"{ground.rule.jurisdiction}, {ground.rule.status}: {ground.cited}"
            for ground in self.blocking
        )

    @property
    def relief(self) -> tuple[str, ...]:
        """What would lift each blocking rule, in words."""
        return tuple(
            f"{ground.rule.name}: {ground.rule.relief or ground.rule.lifted_by or 'not stated'}"
            for ground in self.blocking
        )

    @property
    def silent(self) -> tuple[str, ...]:
        """The jurisdictions of whose law nothing was found."""
        return tuple(one.jurisdiction for one in self.standings if one.status == NOTHING_FOUND)

    @property
    def is_lawful(self) -> bool:
        """Whether some rule allows it, if only under a licence, and none stands against it."""
        return self.status in ("allowed", "licence")

    def of(self, jurisdiction: str) -> LegalStanding:
        """The standing in one jurisdiction; "nothing found" for one that the table lacks."""
        for one in self.standings:
            if one.jurisdiction == jurisdiction:
                return one
        return LegalStanding(jurisdiction, NOTHING_FOUND)


@dataclass(frozen=True)
class Case:
    """Activities beside a rule table, all checked once.

    Attributes
    ----------
    activities : tuple of Activity
        What is asked about.
    rules : tuple of Rule
        The table.
    memberships : Memberships
        Whose person each party is.
    stakes : tuple of Stake
        Who owns whom.
    relief : tuple of Relief
        What is lifted and when.
    """

    activities: tuple[Activity, ...]
    rules: tuple[Rule, ...]
    memberships: Memberships
    stakes: tuple[Stake, ...]
    relief: tuple[Relief, ...]

    def holding(self, on: date) -> tuple[Rule, ...]:
        """The rules that hold on a day."""
        return relieved(self.rules, on, self.relief)


def build_case(
    activities: Iterable[Activity],
    rules: Iterable[Rule],
    persons: Persons | None = None,
    owners: Owners = (),
    relief: Iterable[Relief] = (),
) -> Case:
    """The case, with everything in it checked.

    Raises
    ------
    InputError
        As `findings`.
    """
    table = demand_rules(rules)
    check_contradictions(table)
    memberships = Memberships(persons)
    memberships.check_classes(table)
    stakes = read_stakes(owners)
    if isinstance(activities, str) or not isinstance(activities, Iterable):
        refuse("activities", repr(activities)[:80], "a list of Activity")
    asked = tuple(activities)
    known = memberships.known | names_in(table)
    known |= {name for one in stakes for name in (one.entity, one.owner)}
    for place, one in enumerate(asked):
        if not isinstance(one, Activity):
            refuse(f"activities[{place}]", repr(one)[:80], "an Activity")
        for name in ("party", "counterparty", "territory"):
            if value := getattr(one, name):
                check_known(value, known, f"activities[{place}].{name}")
    return Case(asked, table, memberships, stakes, check_relief(table, relief))


def findings(
    activities: Iterable[Activity],
    rules: Iterable[Rule],
    on: date,
    *,
    persons: Persons | None = None,
    owners: Owners = (),
    relief: Iterable[Relief] = (),
) -> tuple[Finding, ...]:
    """What the law says of each activity on a day.

    Rules meet an activity where they speak of it, of its party, counterparty and territory, or of
    classes that these belong to. In each regime of each jurisdiction the rule of the highest rank
    governs, then the narrowest; of the regimes and jurisdictions the worst answer counts.

    Parameters
    ----------
    activities : iterable of Activity
        What an arrangement needs done.
    rules : iterable of Rule
        The rule table, as `shipped_rules()` or `read_rules(file)`.
    on : date
        The day.
    persons : mapping of str to iterable of str, optional
        Classes of parties and places beside the shipped ones, or in their place.
    owners : iterable of Stake, or mapping, optional
        Who owns whom, for the 50 % rules.
    relief : iterable of Relief, optional
        Relief that the scenario assumes.

    Returns
    -------
    tuple of Finding
        In the order of the activities.

    Raises
    ------
    InputError
        For a party or place of which nothing is known, a class that no rule names, rules that
        contradict one another, owners and relief that cannot be.

    Examples
    --------
    >>> from baseload.law import shipped_rules
    >>> deal = Activity("pay", "United States", "FSUE Zaporizhzhia NPP")
    >>> (found,) = findings([deal], shipped_rules(), date(2026, 11, 24))
    >>> found.status, [ground.rule.name for ground in found.of("US").blocking]
    ('prohibited', ['us-sdn-fsue-znpp', 'us-energy-sector-determination'])
    """
    day = a_day(on, "on")
    case = build_case(activities, rules, persons, owners, relief)
    return found_on(case, day)


def found_on(case: Case, on: date) -> tuple[Finding, ...]:
    """As `findings`, of a case that has been checked."""
    holding = case.holding(on)
    jurisdictions = list(dict.fromkeys(rule.jurisdiction for rule in case.rules))
    found = []
    for activity in case.activities:
        standings = tuple(
            standing_in(one, activity, holding, case.memberships, case.stakes, on)
            for one in jurisdictions
        )
        said = [one.status for one in standings if one.status != NOTHING_FOUND]
        status: FoundStatus = worst(said) if said else NOTHING_FOUND
        found.append(Finding(activity, status, standings, on))
    return tuple(found)


def standing_in(
    jurisdiction: str,
    activity: Activity,
    holding: Sequence[Rule],
    memberships: Memberships,
    stakes: Sequence[Stake],
    on: date,
) -> LegalStanding:
    """What one jurisdiction says of an activity, by the rules that hold on the day."""
    rules = [rule for rule in holding if rule.jurisdiction == jurisdiction]
    names = [
        memberships.names(name) if name else {}
        for name in (activity.party, activity.counterparty, activity.territory)
    ]
    own = [match for rule in rules if (match := met(rule, activity.does, names))]
    said: list[tuple[Status, tuple[Ground, ...]]] = []
    none: list[tuple[str, Blocked | None]] = [("", None)]
    owners = reached_owners(activity, rules, memberships, stakes, on)
    # As itself, and once for each blocked owner that makes it blocked: a licence for one owner
    # does not lift the block that another brings.
    for owner, chain in owners or none:
        matches = list(own)
        if chain is not None:
            shoes = [names[0], memberships.names(owner), names[2]]
            plain = {match.rule.name for match in own}
            matches += [
                match
                for rule in rules
                if rule.reaches_owned and rule.name not in plain
                if (match := met(rule, activity.does, shoes, chain))
            ]
        for regime in dict.fromkeys(match.rule.regime for match in matches):
            said.append(governing([one for one in matches if one.rule.regime == regime], on))
    return _standing(jurisdiction, said)


def _standing(
    jurisdiction: str, said: Sequence[tuple[Status, tuple[Ground, ...]]]
) -> LegalStanding:
    if not said:
        return LegalStanding(jurisdiction, NOTHING_FOUND)
    status = worst(one for one, _ in said)
    by_status: dict[Status, tuple[Ground, ...]] = {
        kind: tuple(
            dict.fromkeys(ground for one, grounds in said if one == kind for ground in grounds)
        )
        for kind in WORST_FIRST
    }
    blocking = tuple(ground for kind in BLOCKING for ground in by_status[kind])
    return LegalStanding(jurisdiction, status, by_status[status], blocking)


def reached_owners(
    activity: Activity,
    rules: Sequence[Rule],
    memberships: Memberships,
    stakes: Sequence[Stake],
    on: date,
) -> list[tuple[str, Blocked]]:
    """The blocked persons by whom the counterparty is blocked, each with the chain of owners.

    Blocked are those of whom a rule that reaches what they own prohibits the activity; a licence
    for dealing with one leaves it blocked, so that its shares still count.
    """
    if not stakes or not activity.counterparty or not rules:
        return []
    jurisdiction = rules[0].jurisdiction
    if jurisdiction not in {one.jurisdiction for one in OWNERSHIP_RULES}:
        return []
    place = memberships.names(activity.territory) if activity.territory else {}
    everyone = dict.fromkeys(name for one in stakes for name in (one.owner, one.entity))
    blocked = [
        name
        for name in everyone
        if name != activity.counterparty
        and any(bars(rule, name, activity, memberships, place) for rule in rules)
    ]
    chain = blocked_by_ownership(stakes, blocked, jurisdiction, on).get(activity.counterparty)
    return [] if chain is None else [(owner, chain) for owner in chain.by]


def bars(
    rule: Rule,
    name: str,
    activity: Activity,
    memberships: Memberships,
    place: dict[str, int],
) -> bool:
    """Whether a rule prohibits the activity with a person and reaches what that person owns."""
    if not rule.reaches_owned or rule.status != "prohibited":
        return False
    names = [memberships.names(activity.party), memberships.names(name), place]
    return met(rule, activity.does, names) is not None
