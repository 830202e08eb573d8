"""A rule of law: what whom it binds may do with whom, where and when, and what would lift it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple, NoReturn

from baseload.errors import Fault, InputError, nearest

Status = Literal["allowed", "licence", "prohibited", "unknown"]

ANY: Final = "any"
"""A scope that leaves nothing out."""

STATUSES: Final[tuple[Status, ...]] = ("allowed", "licence", "prohibited", "unknown")
"""`licence`: lawful under a licence that is in force. Where one is needed and none is known, the rule
is `prohibited` and its relief says which licence. `unknown`: the text does not settle it."""

WORST_FIRST: Final[tuple[Status, ...]] = ("prohibited", "unknown", "licence", "allowed")
BLOCKING: Final[tuple[Status, ...]] = ("prohibited", "unknown")

ACTIVITIES: Final = (
    "invest",
    "operate",
    "finance",
    "pay",
    "be paid by",
    "supply machines",
    "supply fuel",
    "supply technical data",
    "use technical data",
    "supply services",
    "buy power",
    "sell power",
    "mine",
    "joint venture",
    "hold coins for",
    "accumulate coins",
    "take possession",
    "take title",
    "recognise",
    "attack",
)
"""What a party can do, with its counterparty as the object."""

LIFTS: Final = (
    "delisting",
    "general licence",
    "specific licence",
    "suspension of the regulation",
    "repeal",
    "treaty",
    "authorisation of the regulator",
    "guidance of the authority",
    "waiver of the programme",
    "nothing",
)
"""Kinds of relief; `nothing` where no act of anybody can lift the rule."""

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TEXTS: Final = (
    "jurisdiction",
    "party",
    "counterparty",
    "territory",
    "instrument",
    "source",
)
_OPTIONAL_TEXTS: Final = ("note", "relief", "regime", "relieved_by")
_HIGHEST_RANK: Final = 1000


class Wrong(NamedTuple):
    """What is wrong with one field."""

    field: str
    found: str
    allowed: str
    nearest: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule.

    Which rule governs is settled within a *regime*, the body of law that a rule belongs to: the
    highest rank first, then whichever rule is narrower. Regimes of one jurisdiction stand beside one
    another, and the worst of their answers counts: that one order does not forbid a thing does not
    lift another's ban.

    Attributes
    ----------
    name : str
        Unique: small letters, digits and hyphens.
    jurisdiction : str
        Whose law: "US", "EU", "UK", "UA", "RU", "international", "IMF-SV".
    activity : str
        One of `ACTIVITIES`, or "any".
    party : str
        Whom it binds: a name, a class of persons such as "US persons", or "any".
    counterparty : str
        With whom: a name, a class, or "any".
    territory : str
        Where: a name, or "any".
    status : str
        One of `STATUSES`.
    instrument : str
        The text that says so.
    from_on : date
        First day in force.
    until_on : date or None
        Last day in force; None: no end is known.
    source : str
        Where it was read; or `assumed: why`.
    read_on : date
        The day it was read or assumed.
    note : str
        What a reader must know.
    relief : str
        What would lift it, in words.
    lifted_by : str
        The same as one of `LIFTS`; empty where nothing has to be lifted.
    rank : int
        Precedence within the regime, 0 to 1,000: a licence or exemption stands above the ban that it
        exempts from.
    regime : str
        Body of law within the jurisdiction; empty is one regime too.
    reaches_owned : bool
        Whether it also reaches whatever its counterparties own, by the jurisdiction's 50 % rule.
    relieved_by : str
        Where the relief that is in force was read; empty in tables, set by `rules_that_hold`.

    Raises
    ------
    InputError
        For a field that is none of these, all of them at once.

    Examples
    --------
    >>> ban = Rule(name="ban", jurisdiction="US", activity="invest", party="US persons",
    ...            status="prohibited", instrument="Order 1", from_on=date(2025, 1, 1),
    ...            source="assumed: an example", read_on=date(2026, 11, 24))
    >>> ban.in_force(date(2025, 1, 1)), ban.in_force(date(2024, 12, 31))
    (True, False)
    """

    name: str
    jurisdiction: str
    activity: str
    party: str
    counterparty: str = ANY
    territory: str = ANY
    status: Status
    instrument: str
    from_on: date
    until_on: date | None = None
    source: str
    read_on: date
    note: str = ""
    relief: str = ""
    lifted_by: str = ""
    rank: int = 0
    regime: str = ""
    reaches_owned: bool = False
    relieved_by: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no rule."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        found = rule_faults(values)
        if found:
            name = self.name if isinstance(self.name, str) and self.name else "rule"
            raise InputError(
                *(
                    Fault(None, None, None, f"{name}.{one.field}", *one[1:])
                    for one in dict.fromkeys(found)
                )
            )

    def in_force(self, on: date) -> bool:
        """Whether the day lies between the first and the last."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)

    @property
    def scope(self) -> tuple[str, str, str, str]:
        """Activity, party, counterparty, territory."""
        return self.activity, self.party, self.counterparty, self.territory

    @property
    def is_assumed(self) -> bool:
        """Whether its source is an assumption of ours."""
        return self.source.startswith("assumed:")

    @property
    def cited(self) -> str:
        """Instrument, source and the day it was read, for a line of text."""
        relieved = f"; relieved: {self.relieved_by}" if self.relieved_by else ""
        return f"{self.instrument} ({self.source}, read {self.read_on.isoformat()}){relieved}"


def rule_faults(values: Mapping[str, Any]) -> list[Wrong]:
    """What is wrong with the fields of a rule; only fields that are given are looked at.

    Examples
    --------
    >>> rule_faults({"name": "ban", "status": "prohibit"})[0].nearest
    'prohibited'
    """
    faults: list[Wrong] = []
    for field in (*_TEXTS, *_OPTIONAL_TEXTS, "name"):
        value = values.get(field, "-")
        if not isinstance(value, str):
            faults.append(Wrong(field, repr(value), "a text"))
        elif field == "name":
            if "name" in values and not _SLUG.fullmatch(value):
                allowed = "a name of small letters, digits and hyphens"
                faults.append(Wrong(field, repr(value), allowed))
        elif field in _TEXTS and not value.strip():
            allowed = "a text" + (
                f", or {ANY}" if field in ("party", "counterparty", "territory") else ""
            )
            faults.append(Wrong(field, "an empty text", allowed))
        elif value != value.strip():
            faults.append(Wrong(field, repr(value), "a text without blanks around it"))
    for field, options in (
        ("activity", (*ACTIVITIES, ANY)),
        ("status", STATUSES),
        ("lifted_by", (*LIFTS, "")),
    ):
        if field in values and values[field] not in options:
            faults.append(one_of(field, values[field], options))
    faults += _number_faults(values)
    return faults + _date_faults(values)


def one_of(field: str, value: object, options: Iterable[str]) -> Wrong:
    """The finding for a value that is none of the options."""
    listed = [option for option in options if option]
    near = nearest(value, listed) if isinstance(value, str) else ""
    return Wrong(field, repr(value), f"one of {', '.join(listed)}", near)


def _number_faults(values: Mapping[str, Any]) -> list[Wrong]:
    faults = []
    rank = values.get("rank", 0)
    if isinstance(rank, bool) or not isinstance(rank, int) or not 0 <= rank <= _HIGHEST_RANK:
        faults.append(Wrong("rank", repr(rank), f"a whole number from 0 to {_HIGHEST_RANK:,}"))
    reaches = values.get("reaches_owned", False)
    if not isinstance(reaches, bool):
        faults.append(Wrong("reaches_owned", repr(reaches), "true or false"))
    elif reaches and values.get("status") == "unknown":
        allowed = (
            "false where the status is unknown: what is not settled reaches nobody's companies"
        )
        faults.append(Wrong("reaches_owned", "true", allowed))
    elif reaches and values.get("counterparty") == ANY:
        faults.append(Wrong("reaches_owned", "true", "false where the counterparty is any"))
    return faults


def _date_faults(values: Mapping[str, Any]) -> list[Wrong]:
    faults = []
    for field in ("from_on", "until_on", "read_on"):
        value = values.get(field)
        if field not in values or (field == "until_on" and value is None):
            continue
        if not is_day(value):
            faults.append(Wrong(field, repr(value), "a day, as 2026-01-31"))
    first, last = values.get("from_on"), values.get("until_on")
    if is_day(first) and is_day(last) and last < first:  # type: ignore[operator]
        faults.append(
            Wrong("until_on", f"{last}", f"{first} or later, the first day in force, or nothing")
        )
    return faults


def is_day(value: object) -> bool:
    """Whether it is a date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of some statuses, one at least: prohibited, unknown, licence, allowed.

    Examples
    --------
    >>> worst(["allowed", "unknown", "licence"])
    'unknown'
    """
    return min(statuses, key=WORST_FIRST.index)


def refuse(field: str, found: str, allowed: str = "", near: str = "", note: str = "") -> NoReturn:
    """Raise an `InputError` with one fault."""
    raise InputError(Fault(None, None, None, field, found, allowed, near, note))


def a_day(value: object, field: str) -> date:
    """The value, which must be a day without a time.

    Raises
    ------
    InputError
        For anything else.
    """
    if not isinstance(value, date) or isinstance(value, datetime):
        refuse(field, repr(value), "a day, as date(2026, 1, 31)")
    return value


def demand_rules(rules: object) -> tuple[Rule, ...]:
    """The rules as a tuple.

    Raises
    ------
    InputError
        For anything that is no rule, and for a name that stands twice.
    """
    if isinstance(rules, str | Mapping) or not isinstance(rules, Iterable):
        refuse("rules", repr(rules)[:80], "a list of Rule")
    found = tuple(rules)
    seen: set[str] = set()
    for place, rule in enumerate(found):
        if not isinstance(rule, Rule):
            refuse(f"rules[{place}]", repr(rule)[:80], "a Rule")
        if rule.name in seen:
            refuse(f"rules[{place}].name", f"'{rule.name}' a second time", "a name of its own")
        seen.add(rule.name)
    return found
