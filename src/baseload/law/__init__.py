"""What the law says of an arrangement: rules with their sources, persons, owners, relief, dates.

>>> from datetime import date
>>> from baseload.law import Activity, findings, shipped_rules
>>> deal = Activity("joint venture", "European Union", "Rosatom",
...                 "Zaporizhzhia region, not controlled by the government")
>>> (found,) = findings([deal], shipped_rules(), date(2026, 11, 24))
>>> found.status, found.relief[0]
('prohibited', 'eu-2022-263-joint-venture: the Council suspends or repeals the regulation, or ends it for this region')

Possession is a fact, not recognition. None of this is legal advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.law.check import (
        NOTHING_FOUND,
        Activity,
        Finding,
        LegalStanding,
        findings,
    )
    from baseload.law.ownership import (
        Blocked,
        OwnershipRule,
        blocked_by_ownership,
        ownership_rule,
    )
    from baseload.law.payments import allowed_payments, may_pay
    from baseload.law.persons import OCCUPIED, PLANT, shipped_persons
    from baseload.law.precedence import Ground
    from baseload.law.relief import Relief, rules_that_hold
    from baseload.law.rule import ACTIVITIES, LIFTS, STATUSES, Rule
    from baseload.law.smallest import Act, SmallestRelief, smallest_relief
    from baseload.law.stakes import Stake
    from baseload.law.table import AS_OF, read_rules, shipped_rules
    from baseload.law.timeline import Change, Timeline, over_time

__all__ = [
    "ACTIVITIES",
    "AS_OF",
    "LIFTS",
    "NOTHING_FOUND",
    "OCCUPIED",
    "PLANT",
    "STATUSES",
    "Act",
    "Activity",
    "Blocked",
    "Change",
    "Finding",
    "Ground",
    "LegalStanding",
    "OwnershipRule",
    "Relief",
    "Rule",
    "SmallestRelief",
    "Stake",
    "Timeline",
    "allowed_payments",
    "blocked_by_ownership",
    "findings",
    "may_pay",
    "over_time",
    "ownership_rule",
    "read_rules",
    "rules_that_hold",
    "shipped_persons",
    "shipped_rules",
    "smallest_relief",
]

# Imported on first use: a name here is a name of the module beside it.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "check": ("NOTHING_FOUND", "Activity", "Finding", "LegalStanding", "findings"),
        "ownership": ("Blocked", "OwnershipRule", "blocked_by_ownership", "ownership_rule"),
        "payments": ("allowed_payments", "may_pay"),
        "persons": ("OCCUPIED", "PLANT", "shipped_persons"),
        "precedence": ("Ground",),
        "relief": ("Relief", "rules_that_hold"),
        "rule": ("ACTIVITIES", "LIFTS", "STATUSES", "Rule"),
        "smallest": ("Act", "SmallestRelief", "smallest_relief"),
        "stakes": ("Stake",),
        "table": ("AS_OF", "read_rules", "shipped_rules"),
        "timeline": ("Change", "Timeline", "over_time"),
    },
)
