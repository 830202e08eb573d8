"""One pass over an export: what must be kept of it, while the rest is forgotten."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from baseload.screening.entities import (
    DOCUMENT_SCHEMAS,
    IDENTIFIER_PROPERTIES,
    KIND_OF_SCHEMA,
    LINK_ENDS,
    NAME_PROPERTIES,
    Entity,
    Identifier,
    Link,
    clean_identifier,
    entity_of,
    links_of,
)
from baseload.screening.export_file import Record
from baseload.screening.index import IdentifierIndex, NameIndex
from baseload.screening.match import VERDICTS, Match, Prepared, Thresholds
from baseload.screening.names import SAME_SOUND

SANCTION_TOPIC = "sanction"

Comparison = Callable[[Prepared, Entity, Thresholds], Match]

_IDENTIFYING = frozenset((*IDENTIFIER_PROPERTIES, ""))


@dataclass
class OnePass:
    """What one pass over an export gathers.

    Parameters
    ----------
    questions : list of Prepared
    compare : callable
        As `match.match_entity`.
    thresholds : Thresholds
    worst : int
        Place in `VERDICTS` of the weakest verdict that is kept.
    limit : int
        Matches kept for each question, the strongest.

    Attributes
    ----------
    entities : int
        With names to compare, so far.
    data_date, datasets
        Latest day on which an entity was seen, of all and by dataset.
    listed : set of str
        Ids of entities under sanctions.
    links : list of Link
    holders : dict
        By id: which questions ask for a document of theirs, and its number.
    matches : list of lists
        By question: how each sorts, and the match.
    counts, namesakes : list of int
        By question: matches that are strong enough, and entities of its very name.
    """

    questions: list[Prepared]
    compare: Comparison
    thresholds: Thresholds
    worst: int
    limit: int
    entities: int = 0
    data_date: str = ""
    datasets: dict[str, str] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    holders: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    matches: list[list[tuple[tuple[int, float, str], Match]]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    namesakes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = NameIndex(self.questions)
        self.identifiers = IdentifierIndex(self.questions)
        self.matches = [[] for _ in self.questions]
        self.counts = [0] * len(self.questions)
        self.namesakes = [0] * len(self.questions)

    def take(self, record: Record) -> None:
        """Look at one record, and keep of it what is needed."""
        schema = record["schema"]
        if schema in KIND_OF_SCHEMA:
            self._take_entity(record)
        elif schema in LINK_ENDS:
            self.links += links_of(record)
        elif self.identifiers and schema in DOCUMENT_SCHEMAS:
            properties = record["properties"]
            for number in properties.get("number", ()):
                asked = Identifier("", clean_identifier(number))
                for question in self.identifiers.questions_for([asked]):
                    for holder in properties.get("holder", ()):
                        self.holders.setdefault(holder, []).append((question, asked.value))

    def _take_entity(self, record: Record) -> None:
        self.entities += 1
        properties = record["properties"]
        seen = record.get("last_seen") or record.get("last_change") or ""
        for dataset in record.get("datasets") or ():
            if seen >= self.datasets.get(dataset, ""):
                self.datasets[dataset] = seen
        self.data_date = max(self.data_date, seen)
        if SANCTION_TOPIC in properties.get("topics", ()):
            self.listed.add(record["id"])
        names = [name for key in NAME_PROPERTIES for name in properties.get(key, ())]
        if not names and record.get("caption"):
            names.append(record["caption"])
        asked = self.names.questions_for(names)
        if self.identifiers:
            asked |= self.identifiers.questions_for(
                [
                    Identifier(kind, clean_identifier(value))
                    for kind in properties.keys() & _IDENTIFYING
                    for value in properties[kind]
                ]
            )
        if asked:
            entity = entity_of(record)
            for question in sorted(asked):
                self.compare_with(question, entity)

    def compare_with(self, question: int, entity: Entity) -> None:
        """Compare an entity with a question, and keep the match if it is strong enough."""
        match = self.compare(self.questions[question], entity, self.thresholds)
        if match.reasons and match.reasons[0].kind == "name":
            self.namesakes[question] += match.reasons[0].effect >= SAME_SOUND
        rank = VERDICTS.index(match.verdict)
        if rank > self.worst:
            return
        self.counts[question] += 1
        kept = self.matches[question]
        kept.append(((rank, -match.score, entity.id), match))
        if len(kept) > 4 * self.limit + 16:
            kept[:] = heapq.nsmallest(self.limit, kept, key=lambda one: one[0])
