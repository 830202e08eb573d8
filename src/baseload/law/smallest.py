"""The fewest acts of relief by which an arrangement becomes lawful."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from baseload.errors import InputError
from baseload.law.check import (
    NOTHING_FOUND,
    Activity,
    Case,
    LegalStanding,
    bars,
    build_case,
    standing_in,
)
from baseload.law.persons import Persons
from baseload.law.precedence import Ground, blocks, met
from baseload.law.relief import Relief
from baseload.law.rule import Rule, a_day, refuse
from baseload.law.stakes import Owners

How = Literal["renew", "bring forward", "lift"]


@dataclass(frozen=True)
class Act:
    """One act of relief.

    Attributes
    ----------
    rule : Rule
        The rule that is lifted, or the licence that is renewed or brought forward.
    how : str
        "lift", "renew" or "bring forward".
    """

    rule: Rule
    how: How

    @property
    def words(self) -> str:
        """What is to be done, and by which kind of act."""
        if self.how != "lift":
            return f"{self.how} {self.rule.name}: {self.rule.instrument}"
        kind = f" ({self.rule.lifted_by})" if self.rule.lifted_by else ""
        return f"lift {self.rule.name}{kind}: {self.rule.relief or self.rule.instrument}"

    @property
    def is_possible(self) -> bool:
        """Whether anybody can do it."""
        return self.rule.lifted_by != "nothing"


@dataclass(frozen=True)
class SmallestRelief:
    """What would make an arrangement lawful.

    Attributes
    ----------
    by_jurisdiction : dict of str to tuple of Act
        The fewest acts in each jurisdiction that stands against it.
    acts : tuple of Act
        All of them together.
    silent : tuple of Activity
        Activities of which nothing was found, before or after: no relief says that they are allowed.
    """

    by_jurisdiction: dict[str, tuple[Act, ...]]
    acts: tuple[Act, ...]
    silent: tuple[Activity, ...]

    @property
    def count(self) -> int:
        """How many acts it takes."""
        return len(self.acts)

    @property
    def is_possible(self) -> bool:
        """Whether somebody can do each of them."""
        return all(act.is_possible for act in self.acts)


def smallest_relief(
    activities: Iterable[Activity],
    rules: Iterable[Rule],
    on: date,
    *,
    persons: Persons | None = None,
    owners: Owners = (),
    relief: Iterable[Relief] = (),
    strict: bool = True,
) -> SmallestRelief:
    """The fewest rules that must be lifted on a day for all activities to be lawful.

    Exact. A rule that blocks must be lifted, and then whichever blocks behind it; a licence of a
    higher rank that is in the table but not in force may be renewed instead, and of equals is taken;
    where several blocked owners block an entity together, the fewest of them are delisted.
    Jurisdictions do not touch one another, so that each is solved alone.

    Parameters
    ----------
    activities, rules, on, persons, owners, relief
        As in `findings`.
    strict : bool
        Whether what is unknown must be settled too. By default it must.

    Returns
    -------
    SmallestRelief

    Raises
    ------
    InputError
        As `findings`.

    Examples
    --------
    >>> from baseload.law import shipped_rules
    >>> deal = [Activity("pay", "Ukraine", "Rosatom"), Activity("invest", "Ukraine", "Rosatom")]
    >>> [act.words for act in smallest_relief(deal, shipped_rules(), date(2026, 11, 24)).acts]
    ['lift ua-nsdc-57-2023-rosatom (repeal): a decree of the President that enacts its repeal']
    """
    day = a_day(on, "on")
    if not isinstance(strict, bool):
        refuse("strict", repr(strict), "true or false")
    case = build_case(activities, rules, persons, owners, relief)
    by_jurisdiction: dict[str, tuple[Act, ...]] = {}
    for jurisdiction in dict.fromkeys(rule.jurisdiction for rule in case.rules):
        acts = _Search(case, jurisdiction, day, strict).fewest()
        if acts:
            by_jurisdiction[jurisdiction] = acts
    said = {rule.jurisdiction for rule in case.rules}
    silent = tuple(
        activity
        for activity in case.activities
        if all(
            standing_in(one, activity, case.holding(day), case.memberships, case.stakes, day).status
            == NOTHING_FOUND
            for one in said
        )
    )
    everything = tuple(act for acts in by_jurisdiction.values() for act in acts)
    return SmallestRelief(by_jurisdiction, everything, silent)


class _Search:
    """Acts of one jurisdiction, tried from none upwards, only where something blocks."""

    def __init__(self, case: Case, jurisdiction: str, on: date, strict: bool) -> None:
        self.case, self.jurisdiction, self.on, self.strict = case, jurisdiction, on, strict
        self.holding = [one for one in case.holding(on) if one.jurisdiction == jurisdiction]
        self.dormant = [
            one
            for one in case.rules
            if one.jurisdiction == jurisdiction
            and not one.in_force(on)
            and not blocks(one.status, strict=True)
        ]
        self.place = {rule.name: number for number, rule in enumerate(case.rules)}
        self.failed: set[frozenset[Act]] = set()

    def fewest(self) -> tuple[Act, ...]:
        """The acts, in the order of the table."""
        most = len(self.holding) + len(self.dormant)
        for count in range(most + 1):
            self.failed = set()
            found = self._within(frozenset(), count)
            if found is not None:
                return tuple(sorted(found, key=lambda act: self.place[act.rule.name]))
        raise RuntimeError("lifting every rule leaves something blocked")

    def _within(self, done: frozenset[Act], left: int) -> frozenset[Act] | None:
        """The acts that suffice with so many more, or None."""
        if done in self.failed:
            return None
        try:
            blocked = self._first_block(done)
        except InputError:
            if not done:
                raise
            # A licence renewed out of its time can contradict another rule: no way forward.
            self.failed.add(done)
            return None
        if blocked is None:
            return done
        if left:
            for act in self._options(done, *blocked):
                found = self._within(done | {act}, left - 1)
                if found is not None:
                    return found
        self.failed.add(done)
        return None

    def _rules(self, done: frozenset[Act]) -> list[Rule]:
        lifted = {act.rule.name for act in done if act.how == "lift"}
        renewed = [
            replace(act.rule, from_on=self.on, until_on=None) for act in done if act.how != "lift"
        ]
        return [
            replace(rule, status="allowed", relieved_by="assumed: lifted")
            if rule.name in lifted
            else rule
            for rule in self.holding
        ] + renewed

    def _first_block(self, done: frozenset[Act]) -> tuple[Activity, Ground, Sequence[Rule]] | None:
        rules = self._rules(done)
        for activity in self.case.activities:
            standing: LegalStanding = standing_in(
                self.jurisdiction,
                activity,
                rules,
                self.case.memberships,
                self.case.stakes,
                self.on,
            )
            blocking = [one for one in standing.blocking if blocks(one.rule.status, self.strict)]
            if blocking:
                return activity, blocking[0], rules
        return None

    def _options(
        self, done: frozenset[Act], activity: Activity, ground: Ground, rules: Sequence[Rule]
    ) -> Iterator[Act]:
        """Every act that can help against the ground: some of them is in any solution."""
        renewed = {act.rule.name for act in done}
        for licence in self.dormant:
            if licence.name not in renewed and self._covers(licence, activity, ground):
                past = licence.until_on is not None and licence.until_on < self.on
                yield Act(licence, "renew" if past else "bring forward")
        yield Act(self._as_in_table(ground.rule), "lift")
        if ground.owned is None:
            return
        # Fewer blocked owners may leave less than half in blocked hands.
        names = self.case.memberships.names
        place = names(activity.territory) if activity.territory else {}
        for owner in ground.owned.by:
            for rule in rules:
                if rule.name != ground.rule.name and bars(
                    rule, owner, activity, self.case.memberships, place
                ):
                    yield Act(self._as_in_table(rule), "lift")

    def _covers(self, licence: Rule, activity: Activity, ground: Ground) -> bool:
        if licence.regime != ground.rule.regime or licence.rank < ground.rule.rank:
            return False
        party, whom, place = (
            self.case.memberships.names(one) if one else {}
            for one in (activity.party, activity.counterparty, activity.territory)
        )
        shoes = [whom]
        if ground.owned is not None and licence.reaches_owned:
            shoes += [self.case.memberships.names(owner) for owner in ground.owned.by]
        return any(met(licence, activity.does, [party, one, place]) for one in shoes)

    def _as_in_table(self, rule: Rule) -> Rule:
        return self.case.rules[self.place[rule.name]]
