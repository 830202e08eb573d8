"""Counterparties against sanctions lists: who may be listed, and why.

The lists come from a file that the user supplies, an export of OpenSanctions or any other of
FollowTheMoney entities; none is shipped. A match is a reason to look, not a finding.

>>> from baseload import screening
>>> found = screening.match_entity(
...     screening.Counterparty("Romashka LLC", country="ru"),
...     screening.Entity("q1", "Company", "ООО Ромашка", ("ООО Ромашка",), countries=("ru",)),
... )
>>> found.verdict, [reason.text for reason in found.reasons][-1]
('very likely', 'the country agrees: ru')

`docs/model/screening.md` has the conventions, and how many matches are missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.screening.chains import OwnershipFinding, links_by_asset, owned_by_listed
    from baseload.screening.counterparty import Counterparty, read_counterparties
    from baseload.screening.entities import Entity, Identifier, Link
    from baseload.screening.export_file import read_export
    from baseload.screening.match import VERDICTS, Match, Thresholds, match_entity
    from baseload.screening.names import Likeness, Reason, likeness
    from baseload.screening.normal import Reading, readings
    from baseload.screening.search import Screened, Screening, screen
    from baseload.screening.transliterate import Spelling, Standard, spellings, standards

__all__ = [
    "VERDICTS",
    "Counterparty",
    "Entity",
    "Identifier",
    "Likeness",
    "Link",
    "Match",
    "OwnershipFinding",
    "Reading",
    "Reason",
    "Screened",
    "Screening",
    "Spelling",
    "Standard",
    "Thresholds",
    "likeness",
    "links_by_asset",
    "match_entity",
    "owned_by_listed",
    "read_counterparties",
    "read_export",
    "readings",
    "screen",
    "spellings",
    "standards",
]

# Imported on first use: a name here is a name of the module beside it.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "chains": ("OwnershipFinding", "links_by_asset", "owned_by_listed"),
        "counterparty": ("Counterparty", "read_counterparties"),
        "entities": ("Entity", "Identifier", "Link"),
        "export_file": ("read_export",),
        "match": ("VERDICTS", "Match", "Thresholds", "match_entity"),
        "names": ("Likeness", "Reason", "likeness"),
        "normal": ("Reading", "readings"),
        "search": ("Screened", "Screening", "screen"),
        "transliterate": ("Spelling", "Standard", "spellings", "standards"),
    },
)
