"""Whether a counterparty is an entity of an export, with all that speaks for and against.

The score starts from the names, or from an identifier that both have, and each reason says what it
adds. The verdict is a word for where the score lies; that an identifier is the same is a verdict of
its own. All of it orders what a person must look at; none of it is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from baseload.errors import Fault, InputError
from baseload.screening.chains import OwnershipFinding
from baseload.screening.counterparty import Counterparty
from baseload.screening.entities import (
    ORGANISATION,
    PERSON,
    UNIQUE_IDENTIFIERS,
    Entity,
    Identifier,
)
from baseload.screening.names import Likeness, Reason, likeness
from baseload.screening.normal import Reading, readings

SAME_IDENTIFIER: Final = "same identifier"
VERY_LIKELY: Final = "very likely"
POSSIBLE: Final = "possible"
UNLIKELY: Final = "unlikely"
VERDICTS: Final = (SAME_IDENTIFIER, VERY_LIKELY, POSSIBLE, UNLIKELY)
"""From the strongest to the weakest."""

COUNTRY_AGREES: Final = 0.03
COUNTRY_DIFFERS: Final = -0.1
BIRTH_DATE_AGREES: Final = 0.07
BIRTH_YEAR_AGREES: Final = 0.04
BIRTH_DATE_SWAPPED: Final = -0.05
BIRTH_DATE_DIFFERS: Final = -0.3
IDENTIFIER_DIFFERS: Final = -0.25
LEGAL_FORM_DIFFERS: Final = -0.05
KIND_DIFFERS: Final = -0.25
NAMES_DIFFER: Final = -0.2
WEAK_NAME_AT_MOST: Final = 0.69
UNLIKE_NAMES: Final = 0.5
FEWEST_CHARACTERS: Final = 6
"""A number of fewer, of a kind that many registers give out, identifies nobody."""

_PAST_STATES = frozenset(("suhh", "su", "csxx", "cshh", "yucs", "ddde", "dd"))


@dataclass(frozen=True)
class Thresholds:
    """From which score on a verdict holds.

    Parameters
    ----------
    very_likely, possible : float
        0 to 1. assumed: set on the synthetic names of the tests, for few misses first.

    Raises
    ------
    InputError
        For numbers out of range or order.
    """

    very_likely: float = 0.9
    possible: float = 0.7

    def __post_init__(self) -> None:
        for name in ("very_likely", "possible"):
            value = getattr(self, name)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not (is_number and 0.0 < value <= 1.0):
                raise InputError(
                    Fault(None, None, None, name, repr(value), "a number above 0, at most 1")
                )
        if self.possible > self.very_likely:
            found = f"{self.possible:g}, above very_likely = {self.very_likely:g}"
            allowed = "at most very_likely"
            raise InputError(Fault(None, None, None, "possible", found, allowed))

    def verdict(self, score: float) -> str:
        """The word for a score without a common identifier."""
        if score >= self.very_likely:
            return VERY_LIKELY
        return POSSIBLE if score >= self.possible else UNLIKELY


@dataclass(frozen=True)
class Match:
    """A counterparty laid beside an entity.

    Parameters
    ----------
    query : Counterparty
    entity : Entity
    score : float
        0 to 1: the effects of all reasons added up, kept within these bounds.
    verdict : str
        One of `VERDICTS`.
    name : str
        The entity's name that came closest.
    reasons, against : tuple of Reason
    ownership : OwnershipFinding or None
        What sanctioned entities own of it; None where the export has no links of it.
    """

    query: Counterparty
    entity: Entity
    score: float
    verdict: str
    name: str
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    ownership: OwnershipFinding | None = None


class Prepared:
    """A counterparty with the readings of its name, made once."""

    def __init__(self, counterparty: Counterparty) -> None:
        self.counterparty = counterparty

    @cached_property
    def as_person(self) -> tuple[Reading, ...]:
        return readings(self.counterparty.name, is_person=True)

    @cached_property
    def as_organisation(self) -> tuple[Reading, ...]:
        return readings(self.counterparty.name)

    def readings_for(self, entity_kind: str) -> tuple[Reading, ...]:
        kind = self.counterparty.kind or entity_kind
        return self.as_person if kind == PERSON else self.as_organisation


def match_entity(
    counterparty: Counterparty | Prepared, entity: Entity, thresholds: Thresholds | None = None
) -> Match:
    """How likely a counterparty is an entity, and why.

    Parameters
    ----------
    counterparty : Counterparty
    entity : Entity
    thresholds : Thresholds, optional

    Returns
    -------
    Match

    Examples
    --------
    >>> entity = Entity("q", "Person", "Иван Петров", ("Иван Петров",), birth_dates=("1962-05-12",))
    >>> found = match_entity(Counterparty("Petrov Ivan", birth_date="1971", kind="person"), entity)
    >>> found.verdict, round(found.score, 2), found.against[0].text
    ('possible', 0.7, 'born 1971, listed as born 1962-05-12')
    """
    prepared = counterparty if isinstance(counterparty, Prepared) else Prepared(counterparty)
    thresholds = thresholds or Thresholds()
    query = prepared.counterparty
    name, found, extra = _closest_name(prepared, entity)
    reasons, against = [*found.reasons, *extra], list(found.against)
    score = found.score
    same, others = _identifiers(query, entity)
    if same is not None:
        reasons.insert(0, Reason("identifier", f"the same identifier: {same}", 1.0))
        reasons[1:] = [Reason(one.kind, one.text) for one in reasons[1:]]
        against = [Reason(one.kind, one.text) for one in against]
        score = 1.0
        if found.value < UNLIKE_NAMES:
            against.append(Reason("name", "the names are not alike", NAMES_DIFFER))
    facts = (*others, *_country(query, entity), *_birth_date(query, entity))
    for fact in (*facts, *_kind_and_form(prepared, entity, name)):
        is_for = fact.effect > 0.0
        (reasons if is_for else against).append(fact)
    total = score + sum(one.effect for one in against)
    total += sum(one.effect for one in reasons if one.kind in _FACTS)
    # Rounded far below what a threshold can tell, so that 0.97 - 0.27 is 0.7.
    total = round(min(max(total, 0.0), 1.0), 9)
    verdict = SAME_IDENTIFIER if same is not None else thresholds.verdict(total)
    ordered = sorted(against, key=lambda one: one.effect)
    return Match(query, entity, total, verdict, name, tuple(reasons), tuple(ordered))


_FACTS = frozenset(("country", "birth date"))


def _closest_name(prepared: Prepared, entity: Entity) -> tuple[str, Likeness, tuple[Reason, ...]]:
    """The entity's name that is most like the counterparty's, and what kind of name it is."""
    best: tuple[str, Likeness, tuple[Reason, ...]] = ("", Likeness(0.0, (), ()), ())
    best_value = -1.0
    is_person = {PERSON: True, ORGANISATION: False}.get(entity.kind)
    asked = prepared.readings_for(entity.kind)
    for name, kind in _names(entity):
        found = likeness(asked, readings(name, entity.kind == PERSON), is_person)
        extra: tuple[Reason, ...] = ()
        if kind and found.reasons:
            extra = (Reason("alias", f"{kind} of {entity.caption}"),)
        if kind == _WEAK and found.value > WEAK_NAME_AT_MOST:
            effect = WEAK_NAME_AT_MOST - found.value
            text = "a weak alias, which by itself is no ground to match"
            weak = Reason("weak alias", text, effect)
            found = Likeness(found.score, found.reasons, (*found.against, weak))
        if found.value > best_value:
            best, best_value = (name, found, extra), found.value
    return best


_WEAK = "a weak alias"


def _names(entity: Entity) -> Iterator[tuple[str, str]]:
    for name in entity.names:
        yield name, ""
    for name in entity.aliases:
        yield name, "an alias"
    for name in entity.weak_names:
        yield name, _WEAK


def _identifiers(
    query: Counterparty, entity: Entity
) -> tuple[Identifier | None, tuple[Reason, ...]]:
    """An identifier that both have, and where two of one kind contradict each other."""
    same: Identifier | None = None
    against = []
    apart = bool(query.country and entity.countries and query.country not in entity.countries)
    by_value: dict[str, list[Identifier]] = {}
    for listed in entity.identifiers:
        by_value.setdefault(listed.value, []).append(listed)
    for asked in query.known_identifiers:
        for listed in by_value.get(asked.value, ()):
            unique = {asked.kind, listed.kind} & UNIQUE_IDENTIFIERS
            if unique or (len(asked.value) >= FEWEST_CHARACTERS and not apart):
                same = same or Identifier(listed.kind or asked.kind, asked.value)
            else:
                why = "of another country" if apart else "too short to identify"
                text = f"the same number {listed}, but {why}"
                against.append(Reason("identifier", text))
    for kind in dict.fromkeys(one.kind for one in query.known_identifiers):
        asked_values = {one.value for one in query.known_identifiers if one.kind == kind}
        listed_values = {one.value for one in entity.identifiers if one.kind == kind}
        if kind in UNIQUE_IDENTIFIERS and listed_values and not asked_values & listed_values:
            values = f"{', '.join(sorted(asked_values))}; listed {', '.join(sorted(listed_values))}"
            text = f"another {kind}: {values}"
            against.append(Reason("identifier", text, IDENTIFIER_DIFFERS))
    return same, tuple(against)


def _country(query: Counterparty, entity: Entity) -> tuple[Reason, ...]:
    if not query.country or not entity.countries:
        return ()
    if query.country in entity.countries:
        return (Reason("country", f"the country agrees: {query.country}", COUNTRY_AGREES),)
    listed = ", ".join(entity.countries)
    if _PAST_STATES & set(entity.countries):
        return (Reason("country", f"country {query.country}, listed: {listed}, a past state"),)
    return (Reason("country", f"country {query.country}, listed: {listed}", COUNTRY_DIFFERS),)


def _birth_date(query: Counterparty, entity: Entity) -> tuple[Reason, ...]:
    asked = query.birth_date
    if not asked or not entity.birth_dates:
        return ()
    kind = "birth date"
    listed = ", ".join(entity.birth_dates)
    best: Reason | None = None
    for date in entity.birth_dates:
        shorter = min(len(asked), len(date))
        if asked[:shorter] == date[:shorter]:
            exact = shorter >= len("1962-05-12")
            words = "birth date" if exact else "birth year, as far as known,"
            effect = BIRTH_DATE_AGREES if exact else BIRTH_YEAR_AGREES
            found = Reason(kind, f"the {words} agrees: {date}", effect)
        elif (asked[:4], asked[5:7], asked[8:10]) == (date[:4], date[8:10], date[5:7]):
            text = f"born {asked}, listed as {date}: day and month exchanged"
            found = Reason(kind, text, BIRTH_DATE_SWAPPED)
        else:
            text = f"born {asked}, listed as born {listed}"
            found = Reason(kind, text, BIRTH_DATE_DIFFERS)
        if best is None or found.effect > best.effect:
            best = found
    return () if best is None else (best,)


def _kind_and_form(prepared: Prepared, entity: Entity, name: str) -> Iterator[Reason]:
    query = prepared.counterparty
    if query.kind and entity.kind and query.kind != entity.kind:
        text = f"asked for: {query.kind}, listed as: {entity.schema}"
        yield Reason("kind", text, KIND_DIFFERS)
    if PERSON in (query.kind, entity.kind) or not name:
        return
    asked, listed = prepared.as_organisation, readings(name)
    ours = asked[0].legal_forms if asked else frozenset()
    theirs = listed[0].legal_forms if listed else frozenset()
    if ours and theirs and not ours & theirs:
        ours_said, theirs_said = (", ".join(sorted(forms)) for forms in (ours, theirs))
        text = f"the legal form differs: {ours_said}, listed as {theirs_said}"
        yield Reason("legal form", text, LEGAL_FORM_DIFFERS)
