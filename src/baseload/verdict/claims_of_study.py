"""The claims of a scenario or of a file of their own, held against a study."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baseload.claims.judge import check_claims, clashes, judge
from baseload.claims.judged import Judged
from baseload.claims.schema import ClaimsDocument
from baseload.errors import Fault, nearest, raise_all
from baseload.expression.kinds import Function, Kind
from baseload.expression.values import Value
from baseload.scenario.locate import Places, locate
from baseload.scenario.read import fault_at, parse_toml, read_text, validate
from baseload.verdict.likelihood import likelihood_functions
from baseload.verdict.named_results import (
    LATER,
    MOVABLE,
    known_functions,
    known_kinds,
    named_results,
)

if TYPE_CHECKING:
    from baseload.study import Study

_KEYS = ("claims", "words")


@dataclass(frozen=True)
class Claims:
    """Claims that were read and whose expressions can be judged.

    Attributes
    ----------
    document : ClaimsDocument
        Claims and words.
    """

    document: ClaimsDocument

    def with_words(self, words: Mapping[str, float | date]) -> Claims:
        """The same claims with other thresholds for some words.

        Raises
        ------
        InputError
            For a word that the claims do not have, and for one of another kind.
        """
        known = self.document.words
        faults = []
        for word, value in words.items():
            if word not in known and word not in MOVABLE:
                allowed = "one of " + ", ".join((*known, *MOVABLE))
                faults.append(
                    Fault(
                        None, None, None, "words", word, allowed, nearest(word, (*known, *MOVABLE))
                    )
                )
            elif isinstance(known.get(word, 0.0), date) != isinstance(value, date):
                kind = "a day" if isinstance(known.get(word), date) else "a number"
                faults.append(Fault(None, None, None, f"words.{word}", str(value), kind))
            elif isinstance(value, float) and not math.isfinite(value):
                allowed = "a finite number, or a day"
                faults.append(Fault(None, None, None, f"words.{word}", str(value), allowed))
        raise_all(faults)
        return Claims(self.document.model_copy(update={"words": {**known, **words}}))


def read_claims(path: str | Path) -> Claims:
    """The claims of a TOML file with `[[claims]]` and `[words]`.

    Raises
    ------
    InputError
        With every fault, each with its place.
    """
    return claims_of_text(read_text(path), str(path), alone=True)


def claims_of_text(
    text: str,
    file: str | None = None,
    *,
    alone: bool = False,
    more: Mapping[str, Kind] | None = None,
    more_functions: Mapping[str, Function] | None = None,
) -> Claims:
    """The claims in a scenario's text, their expressions checked without anything having run.

    Parameters
    ----------
    text : str
        TOML.
    file : str, optional
        Its name for messages.
    alone : bool
        Whether nothing but claims and words may stand in it.
    more, more_functions : mapping, optional
        Kinds of names, and functions, that parts above add.

    Returns
    -------
    Claims
        Possibly none.

    Raises
    ------
    InputError
        With every fault, each with its place.

    Examples
    --------
    >>> found = claims_of_text('''
    ... [[claims]]
    ... quote  = "a significant part of the network"
    ... source = "a newspaper, 2025-12-25"
    ... holds  = "network_share_peak >= significant"
    ... [words]
    ... significant = 0.05
    ... ''')
    >>> found.document.claims[0].holds
    'network_share_peak >= significant'
    """
    whole = parse_toml(text, file)
    document = whole if alone else {key: whole[key] for key in _KEYS if key in whole}
    places = locate(text)
    read = validate(ClaimsDocument, document, places, file)
    raise_all(
        [
            *_doubles(read, document, places, file),
            *_unknown(read, document, places, file, more or {}, more_functions or {}),
        ]
    )
    return Claims(read)


def judge_study(
    study: Study,
    claims: Claims | None = None,
    more: Mapping[str, Value] | None = None,
    more_functions: Mapping[str, Function] | None = None,
) -> tuple[Judged, ...]:
    """Every claim held against a study.

    Parameters
    ----------
    study : Study
        As run, or from `baseload.open_study`.
    claims : Claims, optional
        By default those of the study's scenario.
    more : mapping of str to Value, optional
        Further names, which parts above add: facts of arrangements, rules, gates.
    more_functions : mapping of str to Function, optional
        Further functions, as `probability_of_mining_by`.

    Returns
    -------
    tuple of Judged
        In the order of the claims.

    Raises
    ------
    InputError
        For claims that cannot be read or ask for what there is not.
    """
    given = claims if claims is not None else claims_of_text(study.scenario_text, "scenario.toml")
    words = given.document.words
    likely = {**likelihood_functions(study.accord), **(more_functions or {})}
    known = named_results(study, more, likely, words)
    own = {word: value for word, value in words.items() if word not in MOVABLE}
    return judge(given.document.claims, known, own)


def counts(judged: tuple[Judged, ...]) -> dict[str, int]:
    """How many claims hold, fail, and cannot be told."""
    found = Counter(one.outcome for one in judged)
    return {outcome: found[outcome] for outcome in ("holds", "fails", "cannot tell")}


def _doubles(
    read: ClaimsDocument, document: dict[str, Any], places: Places, file: str | None
) -> list[Fault]:
    titles = Counter(claim.title for claim in read.claims)
    return [
        fault_at(
            ("claims", index),
            document=document,
            places=places,
            file=file,
            found=f"a second claim named {claim.title}",
            allowed="claims whose names differ",
        )
        for index, claim in enumerate(read.claims)
        if titles[claim.title] > 1 and claim.title in [one.title for one in read.claims[:index]]
    ]


def _unknown(
    read: ClaimsDocument,
    document: dict[str, Any],
    places: Places,
    file: str | None,
    more: Mapping[str, Kind],
    more_functions: Mapping[str, Function],
) -> list[Fault]:
    kinds = {**known_kinds(), **more}
    functions = {**known_functions(), **more_functions}
    words = {word: value for word, value in read.words.items() if word not in MOVABLE}
    faults = [
        fault_at(
            ("words", fault.field.removeprefix("words.")),
            document=document,
            places=places,
            file=file,
            found=fault.found,
            allowed=fault.allowed,
        )
        for fault in clashes(words, [*kinds, *functions, *LATER])
    ]
    later = {name: what for name, what in LATER.items() if name not in functions}
    for index, fault in check_claims(read.claims, kinds, functions, words, later):
        faults.append(
            fault_at(
                ("claims", index, "holds"),
                document=document,
                places=places,
                file=file,
                found=fault.found,
                allowed=fault.allowed,
                nearest=fault.nearest,
                note=fault.note,
            )
        )
    return faults
