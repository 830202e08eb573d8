"""Comparing by nomenklatura's own logic, where it is installed (`pip install "baseload[screening]"`)."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import metadata
from typing import Any, Final

from baseload.errors import Fault, InputError
from baseload.screening.counterparty import Counterparty
from baseload.screening.entities import ORGANISATION, PERSON, Entity, Identifier
from baseload.screening.match import SAME_IDENTIFIER, Match, Prepared, Thresholds, match_entity
from baseload.screening.names import Reason

EXTRA: Final = "screening"
ALGORITHM: Final = "logic-v2"

_SCHEMA_OF_KIND = {PERSON: "Person", ORGANISATION: "Organization", None: "LegalEntity"}


def nomenklatura_compare(
    algorithm: str = ALGORITHM,
) -> Callable[[Prepared, Entity, Thresholds], Match]:
    """A function as `match_entity`, whose score and features are nomenklatura's.

    The verdict and what speaks against stay this package's: nomenklatura's score takes the place of
    the score, its features are added to the reasons.

    Parameters
    ----------
    algorithm : str
        Name of one of nomenklatura's algorithms.

    Returns
    -------
    callable

    Raises
    ------
    InputError
        Where nomenklatura is not installed, naming the extra; for an algorithm that it lacks.
    """
    try:
        matching: Any = importlib.import_module("nomenklatura.matching")
        model: Any = importlib.import_module("followthemoney").model
    except ImportError as error:
        found = f"nomenklatura, which cannot be imported ({error})"
        note = f'pip install "baseload[{EXTRA}]" brings it'
        raise InputError(
            Fault(
                None,
                None,
                None,
                "engine",
                found,
                "baseload, or an installed nomenklatura",
                note=note,
            )
        ) from None
    chosen = matching.get_algorithm(algorithm)
    if chosen is None:
        known = ", ".join(one.NAME for one in matching.ALGORITHMS)
        raise InputError(Fault(None, None, None, "algorithm", repr(algorithm), known))
    config = chosen.default_config()

    def compared(prepared: Prepared, entity: Entity, thresholds: Thresholds) -> Match:
        own = match_entity(prepared, entity, thresholds)
        asked = model.get_proxy(_asked(prepared.counterparty))
        result = chosen.compare(asked, model.get_proxy(_listed(entity)), config)
        score = round(min(max(float(result.score), 0.0), 1.0), 9)
        features = tuple(
            Reason("nomenklatura", f"{name} {one.score:.2f}{_detail(one)}")
            for name, one in result.explanations.items()
        )
        head = Reason("nomenklatura", f"nomenklatura's {algorithm} gives {score:.2f}", score)
        reasons = (head, *features, *(Reason(one.kind, one.text) for one in own.reasons))
        against = tuple(Reason(one.kind, one.text) for one in own.against)
        same = own.verdict == SAME_IDENTIFIER
        verdict = own.verdict if same else thresholds.verdict(score)
        return Match(own.query, entity, score, verdict, own.name, reasons, against)

    return compared


def version() -> str:
    """Version of the installed nomenklatura."""
    try:
        return metadata.version("nomenklatura")
    except metadata.PackageNotFoundError:
        return "of an unknown version"


def _detail(feature: Any) -> str:
    return f": {feature.detail}" if getattr(feature, "detail", None) else ""


def _asked(counterparty: Counterparty) -> dict[str, Any]:
    properties: dict[str, list[str]] = {"name": [counterparty.name]}
    if counterparty.country:
        properties["country"] = [counterparty.country]
    if counterparty.birth_date and counterparty.kind == PERSON:
        properties["birthDate"] = [counterparty.birth_date]
    _add_identifiers(properties, counterparty.known_identifiers)
    schema = _SCHEMA_OF_KIND[counterparty.kind]
    return {"id": "asked", "schema": schema, "properties": properties}


def _listed(entity: Entity) -> dict[str, Any]:
    properties = {
        "name": list(entity.names),
        "alias": list(entity.aliases),
        "weakAlias": list(entity.weak_names),
        "country": list(entity.countries),
        "topics": list(entity.topics),
    }
    if entity.kind == PERSON:
        properties["birthDate"] = list(entity.birth_dates)
    _add_identifiers(properties, entity.identifiers)
    return {"id": entity.id, "schema": entity.schema, "properties": properties}


def _add_identifiers(properties: dict[str, list[str]], identifiers: tuple[Identifier, ...]) -> None:
    for identifier in identifiers:
        kind = identifier.kind or "registrationNumber"
        properties.setdefault(kind, []).append(identifier.value)
