"""Counterparties against an export: who may be listed, why, and in what the search was made."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from os import PathLike, fspath
from typing import Any, Final

import rapidfuzz

from baseload.errors import Fault, InputError, nearest
from baseload.screening.chains import HALF, links_by_asset, owned_by_listed
from baseload.screening.counterparty import Counterparty
from baseload.screening.entities import (
    KIND_OF_SCHEMA,
    Identifier,
    entity_of,
)
from baseload.screening.export_file import ExportFile
from baseload.screening.match import (
    POSSIBLE,
    VERDICTS,
    Match,
    Prepared,
    Thresholds,
    match_entity,
)
from baseload.screening.names import Reason
from baseload.screening.one_pass import Comparison, OnePass

ENGINES: Final = ("baseload", "nomenklatura")
MOST_MATCHES: Final = 1000


@dataclass(frozen=True)
class Screened:
    """What was found of one counterparty.

    Parameters
    ----------
    counterparty : Counterparty
    matches : tuple of Match
        Strongest first.
    left_out : int
        Matches beyond the limit.
    """

    counterparty: Counterparty
    matches: tuple[Match, ...]
    left_out: int


@dataclass(frozen=True)
class Screening:
    """Matches, and all that it takes to repeat the search.

    Parameters
    ----------
    results : tuple of Screened
        In the order of the counterparties.
    export_path, sha256 : str
        The file, and the checksum of its bytes.
    records, entities, links : int
        Lines or rows read; those among them that have names to compare; links between them.
    sanctioned : int
        Entities that the export says are under sanctions.
    data_date : str
        Latest day on which an entity was seen, ISO 8601; empty where the export has none.
    datasets : mapping of str to str
        Latest such day by dataset.
    screened_on : str
        Day of the search, ISO 8601.
    engine : str
        With its version.
    at_least : str
    thresholds : Thresholds
    captions : mapping of str to str
        What the ids of links stand for.
    notes : tuple of str
        What the search could not look at.
    """

    results: tuple[Screened, ...]
    export_path: str
    sha256: str
    records: int
    entities: int
    links: int
    sanctioned: int
    data_date: str
    datasets: Mapping[str, str]
    screened_on: str
    engine: str
    at_least: str
    thresholds: Thresholds
    captions: Mapping[str, str]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The screening as plain values, for JSON."""
        found = asdict(self)
        found["found"] = sum(len(one.matches) for one in self.results)
        return found


def screen(
    counterparties: str | Counterparty | Iterable[str | Counterparty],
    export_path: str | PathLike[str],
    *,
    at_least: str = POSSIBLE,
    limit: int = 20,
    thresholds: Thresholds | None = None,
    engine: str = "baseload",
    owned_share: float = HALF,
    on: date | None = None,
) -> Screening:
    """Look for counterparties in an export that the user supplies.

    The export is read once, from beginning to end; a second time only for the names of owners and the
    holders of documents. Memory grows with the number of links and of sanctioned entities, not with
    that of entities.

    Parameters
    ----------
    counterparties : str, Counterparty or iterable of either
    export_path : str or path
        `entities.ftm.json` or `targets.simple.csv`, as it is or packed by gzip.
    at_least : str
        Weakest verdict that is told, one of `match.VERDICTS`.
    limit : int
        Most matches told for one counterparty, from 1 to 1,000.
    thresholds : Thresholds, optional
    engine : str
        "baseload", or "nomenklatura" where that is installed.
    owned_share : float
        What sanctioned owners must hold together, 0 to 1.
    on : date, optional
        Day of the search; today. Links that ended before it do not count.

    Returns
    -------
    Screening

    Raises
    ------
    InputError
        For arguments out of range and an export that is damaged, or holds no entity.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> line = '{"id": "a", "schema": "Company", "properties": {"name": ["ООО Ромашка"]}}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "entities.ftm.json")
    ...     _ = path.write_text(line, encoding="utf-8")
    ...     found = screen("Romashka Ltd", path)
    >>> [(match.verdict, match.reasons[0].text) for match in found.results[0].matches]
    [('very likely', 'the same name, after transliteration by ICAO 9303, Russian')]
    """
    questions = [Prepared(one) for one in _counterparties(counterparties)]
    thresholds = thresholds or Thresholds()
    compared, engine_name = _engine(engine)
    worst = VERDICTS.index(_one_of("at_least", at_least, VERDICTS))
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_MATCHES:
        allowed = f"a whole number from 1 to {MOST_MATCHES:,}"
        raise InputError(Fault(None, None, None, "limit", repr(limit), allowed))
    owned_by_listed("", {}, (), owned_share)  # refuses a share out of range before all the reading
    today = (on or date.today()).isoformat()

    export = ExportFile(export_path)
    reading = OnePass(questions, compared, thresholds, worst, limit)
    for record in export:
        reading.take(record)
    if not reading.entities:
        found = f"{export.records} records, no person or organisation among them"
        raise InputError(Fault(fspath(export_path), None, None, "", found, "an export of entities"))
    sha256 = export.sha256
    if reading.holders:
        _compare_holders(export, reading)
    results = [_screened(number, reading) for number in range(len(questions))]
    results = _with_ownership(results, reading, today, owned_share)
    return Screening(
        results=tuple(results),
        export_path=fspath(export_path),
        sha256=sha256,
        records=export.records,
        entities=reading.entities,
        links=len(reading.links),
        sanctioned=len(reading.listed),
        data_date=reading.data_date[:10],
        datasets={name: seen[:10] for name, seen in sorted(reading.datasets.items())},
        screened_on=today,
        engine=engine_name,
        at_least=at_least,
        thresholds=thresholds,
        captions=_captions(export, results),
        notes=_notes(reading),
    )


def _counterparties(
    given: str | Counterparty | Iterable[str | Counterparty],
) -> list[Counterparty]:
    if isinstance(given, str | Counterparty):
        given = [given]
    if not isinstance(given, Iterable):
        allowed = "names or counterparties"
        raise InputError(Fault(None, None, None, "counterparties", repr(given), allowed))
    found = [one if isinstance(one, Counterparty) else Counterparty(one) for one in given]
    if not found:
        raise InputError(Fault(None, None, None, "counterparties", "none", "at least one"))
    return list(dict.fromkeys(found))


def _engine(engine: str) -> tuple[Comparison, str]:
    if _one_of("engine", engine, ENGINES) == "nomenklatura":
        from baseload.screening.nomenklatura_engine import nomenklatura_compare, version

        return nomenklatura_compare(), f"nomenklatura {version()}"
    return match_entity, f"rapidfuzz {rapidfuzz.__version__}"


def _one_of(field_name: str, found: object, allowed: tuple[str, ...]) -> str:
    if isinstance(found, str) and found in allowed:
        return found
    close = nearest(found, allowed) if isinstance(found, str) else ""
    fault = Fault(None, None, None, field_name, repr(found), ", ".join(allowed), close)
    raise InputError(fault)


def _compare_holders(export: ExportFile, reading: OnePass) -> None:
    """Compare again with the holders of documents whose numbers were asked for."""
    for record in export:
        asked = reading.holders.get(record["id"])
        if asked and record["schema"] in KIND_OF_SCHEMA:
            entity = entity_of(record)
            for question in sorted({number for number, _ in asked}):
                values = dict.fromkeys(value for number, value in asked if number == question)
                numbers = tuple(Identifier("", value) for value in values)
                kept = reading.matches[question]
                before = len(kept)
                kept[:] = [one for one in kept if one[1].entity.id != entity.id]
                reading.counts[question] -= before - len(kept)
                with_numbers = replace(entity, identifiers=(*entity.identifiers, *numbers))
                reading.compare_with(question, with_numbers)


def _screened(number: int, reading: OnePass) -> Screened:
    kept = heapq.nsmallest(reading.limit, reading.matches[number], key=lambda one: one[0])
    matches = tuple(match for _, match in kept)
    if reading.namesakes[number] > 1:
        text = f"{reading.namesakes[number]:,} entities of the export have this name"
        matches = tuple(
            replace(match, against=(*match.against, Reason("namesakes", text))) for match in matches
        )
    left_out = reading.counts[number] - len(matches)
    return Screened(reading.questions[number].counterparty, matches, left_out)


def _with_ownership(
    results: list[Screened], reading: OnePass, today: str, owned_share: float
) -> list[Screened]:
    by_asset = links_by_asset(reading.links, today)
    if not by_asset:
        return results
    return [
        replace(
            one,
            matches=tuple(
                replace(
                    match,
                    ownership=owned_by_listed(
                        match.entity.id, by_asset, reading.listed, owned_share
                    ),
                )
                if match.entity.id in by_asset
                else match
                for match in one.matches
            ),
        )
        for one in results
    ]


def _captions(export: ExportFile, results: list[Screened]) -> dict[str, str]:
    """What the ids in the links of the matches stand for, read from the export once more."""
    wanted = {
        end
        for one in results
        for match in one.matches
        if match.ownership is not None
        for link in (*match.ownership.links, *match.ownership.other_links)
        for end in (link.owner, link.asset)
    }
    if not wanted:
        return {}
    return {
        record["id"]: entity_of(record).caption
        for record in export
        if record["id"] in wanted and record["schema"] in KIND_OF_SCHEMA
    }


def _notes(reading: OnePass) -> tuple[str, ...]:
    notes = []
    if not reading.links:
        notes.append("The export has no links: what sanctioned owners hold was not looked at.")
    if not reading.listed:
        notes.append("No entity of the export is marked as under sanctions.")
    if not reading.data_date:
        notes.append("The export does not say of what date it is.")
    unread = sum(link.schema == "Ownership" and link.share is None for link in reading.links)
    if unread:
        notes.append(f"{unread:,} links of ownership do not say what share: taken as 0 to 100 %.")
    return tuple(notes)
