"""What the rules of law say of each arrangement, at each date, and what would unblock it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from baseload.agreement import plain
from baseload.law.check import Activity, Finding
from baseload.law.payments import allowed_payments
from baseload.law.persons import shipped_persons
from baseload.law.rule import Rule
from baseload.law.schema import Law
from baseload.law.smallest import smallest_relief
from baseload.law.table import read_rules, shipped_rules
from baseload.law.timeline import over_time
from baseload.parties.schema import Accord, Arrangement


@dataclass(frozen=True)
class Lawyer:
    """The rules by which a study's arrangements are judged.

    Attributes
    ----------
    law : Law
    rules : tuple of Rule
        The shipped ones, or a user's own.
    dates : tuple of date
        Start of the study and of the later starts at which arrangements are valued.
    persons : mapping of str to sequence of str
        The scenario's, and its parties that no rule knows, each of no class.
    """

    law: Law
    rules: tuple[Rule, ...]
    dates: tuple[date, ...]
    persons: Mapping[str, Sequence[str]]

    @property
    def start(self) -> date:
        """First of the dates."""
        return self.dates[0]


def lawyer_of(law: Law, folder: Path, dates: Iterable[date], accord: Accord) -> Lawyer:
    """Read the rules by which an accord is judged.

    Raises
    ------
    InputError
        For a file of rules that cannot be read, or rules that contradict each other.
    """
    rules = shipped_rules() if law.rules is None else read_rules(folder / law.rules)
    known = shipped_persons()
    names = [party.name for party in accord.parties]
    persons: dict[str, list[str]] = {name: [] for name in names if name not in known}
    persons |= law.persons
    return Lawyer(law, tuple(rules), tuple(dates), persons)


def payments_allowed(lawyer: Lawyer, accord: Accord) -> dict[str, list[str]]:
    """Whom each party may pay on the day of the start, as the rules say."""
    accounts = {party.paid_through or party.name: party.name for party in accord.parties}
    allowed = allowed_payments(
        accounts,
        lawyer.rules,
        lawyer.start,
        territory=lawyer.law.territory,
        persons=lawyer.persons,
        owners=lawyer.law.stakes,
        relief=lawyer.law.reliefs,
    )
    return {
        accounts[payer]: [accounts[payee] for payee in payees] for payer, payees in allowed.items()
    }


def judgement(lawyer: Lawyer, arrangement: Arrangement) -> dict[str, Any]:
    """What the law says of an arrangement's activities.

    Returns
    -------
    dict
        `on`, `lawful` (None where nothing is done), `blocked` (whether a rule prohibits something at
        the start), `activities` (each with status and the rules that block it, cited, with their
        relief), `first_lawful_on`, `changes` (days on which something changes) and `unblocked_by`,
        the fewest acts of relief, by jurisdiction.
    """
    activities = [
        Activity(
            one.does, one.through or one.party, one.counterparty, one.place or lawyer.law.territory
        )
        for one in arrangement.activities
    ]
    if not activities:
        return {
            "on": lawyer.start.isoformat(),
            "lawful": None,
            "blocked": False,
            "activities": [],
            "first_lawful_on": None,
            "changes": [],
            "unblocked_by": {},
        }
    known: dict[str, Any] = {
        "persons": lawyer.persons,
        "owners": lawyer.law.stakes,
        "relief": lawyer.law.reliefs,
    }
    timeline = over_time(activities, lawyer.rules, lawyer.dates, **known)
    found = timeline.at(lawyer.start)
    relief = smallest_relief(activities, lawyer.rules, lawyer.start, **known)
    return {
        "on": lawyer.start.isoformat(),
        "lawful": all(one.is_lawful for one in found),
        "blocked": any(one.status == "prohibited" for one in found),
        "activities": [plain.of_finding(one) for one in found],
        "first_lawful_on": None if timeline.first_on is None else timeline.first_on.isoformat(),
        "changes": [
            {
                "on": change.on.isoformat(),
                "lawful": change.lawful,
                "statuses": _statuses(change.findings),
            }
            for change in timeline.changes
        ],
        "unblocked_by": {
            jurisdiction: [{"act": act.words, "possible": act.is_possible} for act in acts]
            for jurisdiction, acts in relief.by_jurisdiction.items()
        },
    }


def _statuses(findings: Sequence[Finding]) -> dict[str, str]:
    return {str(one.activity): one.status for one in findings}
