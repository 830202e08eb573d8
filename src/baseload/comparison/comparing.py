"""Scenarios and studies side by side on the same draws: what differs, and how sure that is."""

from __future__ import annotations

import dataclasses
import math
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from baseload.comparison.paired import CONFIDENCE, Difference, difference_of
from baseload.comparison.side_by_side import Case, case_of
from baseload.engine.outputs import METRICS
from baseload.errors import COMMAND_LINE, Fault, InputError, raise_all
from baseload.gallery import scenario_names
from baseload.scenario.address import parse_override, render_address
from baseload.scenario.scenario import Scenario, load
from baseload.study import Study
from baseload.study.folder import open_study
from baseload.summary import summarise

if TYPE_CHECKING:
    import polars

    from baseload.engine.pool import Progress

Design: TypeAlias = Scenario | Study | str | Path

PATHS: Final = 1000
SEED: Final = 1

_TO_ONE: Final = re.compile(r"\s*([0-9]+)\s*:(.*)", re.DOTALL)
_OWN: Final = ("mean", "p50", "share_defined")
_OF_DIFFERENCE: Final = tuple(field.name for field in dataclasses.fields(Difference))


@dataclass(frozen=True)
class Comparison:
    """Studies on the same draws, side by side.

    Attributes
    ----------
    names : tuple of str
        One for each study, no two alike, with what was set.
    studies : tuple of Study
        In the order in which they were named; differences are to the first.
    table : polars.DataFrame
        A row for each metric and study: `metric`, `unit`, `place` from 1, `name`, then `mean`, `p50`
        and `share_defined` of the study by itself, then the fields of `baseload.comparison.Difference`,
        null for the first study.
    warnings : tuple of str
        What holds with a caveat, beyond the studies' own warnings.
    """

    names: tuple[str, ...]
    studies: tuple[Study, ...]
    table: polars.DataFrame
    warnings: tuple[str, ...]

    @property
    def paths(self) -> int:
        """Count of paths of each study."""
        return self.studies[0].paths

    @property
    def seed(self) -> int:
        """Seed of the draws of each study."""
        return self.studies[0].seed

    @cached_property
    def side_by_side(self) -> tuple[Case, ...]:
        """What each is by itself, in the order of the studies."""
        return tuple(map(case_of, self.names, self.studies))

    def to_json(self) -> dict[str, Any]:
        """The object that `compare --json` prints: plain values, unrounded, None for undefined."""
        words = {metric.name: metric.words for metric in METRICS}
        metrics: dict[str, dict[str, Any]] = {}
        for row in self.table.iter_rows(named=True):
            name = row["metric"]
            found = metrics.setdefault(
                name, {"unit": row["unit"], "words": words[name], "studies": []}
            )
            own: dict[str, Any] = {key: row[key] for key in _OWN}
            own["difference"] = (
                None if row["place"] == 1 else {key: row[key] for key in _OF_DIFFERENCE}
            )
            found["studies"].append(own)
        return {
            "paths": self.paths,
            "seed": self.seed,
            "confidence": CONFIDENCE,
            "warnings": list(self.warnings),
            "studies": [
                {
                    "name": name,
                    "scenario": study.facts["scenario"],
                    "title": study.title,
                    "conditional_on": study.conditional_on,
                    "scenario_sha256": study.scenario_sha256,
                    "start": study.facts["start"],
                    "years": study.years,
                    "version": study.version,
                    "warnings": list(study.warnings),
                }
                for name, study in zip(self.names, self.studies, strict=True)
            ],
            "side_by_side": [case.to_json() for case in self.side_by_side],
            "metrics": metrics,
        }


def compare(
    a: Design,
    b: Design,
    *more: Design,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    overrides: Iterable[str] = (),
    progress: Progress | None = None,
    chunk_paths: int | None = None,
) -> Comparison:
    """Run or open what is to be compared, on the same draws, and take the differences to the first.

    Parameters
    ----------
    a, b, *more : Scenario, Study, str or Path
        Scenarios, which are run, and studies, which are not; a text is a name of the gallery, the
        file of a scenario, or the folder of a study.
    paths, seed : int, optional
        By default those of the studies, or 1,000 and 1 where all are run.
    threads : int, optional
        At least 1; by default one per processor.
    overrides : iterable of str
        ``KEY=VALUE`` for every scenario, ``2:KEY=VALUE`` for the second of what is compared.
    progress, chunk_paths : optional
        As in `run`.

    Raises
    ------
    InputError
        For scenarios or folders that are none, settings that cannot be, and studies whose seed or
        count of paths is another.
    """
    given = (a, b, *more)
    names, designs = _all_read(given, tuple(overrides))
    studies = [
        (name, design)
        for name, design in zip(names, designs, strict=True)
        if isinstance(design, Study)
    ]
    wanted_seed, wanted_paths = _agreed(studies, seed, paths)
    from baseload.study import (
        run,  # brings the compiler: after all that could be refused without it
    )

    done: list[Study] = []
    for place, design in enumerate(designs, start=1):
        if isinstance(design, Study):
            done.append(design)
            continue
        told = None if progress is None else _telling(progress, f"{place} of {len(given)}")
        done.append(
            run(
                design,
                paths=wanted_paths,
                seed=wanted_seed,
                threads=threads,
                progress=told,
                # What is compared is the difference of designs.
                certificate_weeks=0,
                accord_paths=0,
                chunk_paths=chunk_paths,
            )
        )
    return _compared(names, tuple(done))


def _telling(progress: Progress, which: str) -> Progress:
    return lambda done, paths, words: progress(done, paths, f"{which}: {words}")


def _all_read(
    given: Sequence[Design], overrides: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Scenario | Study, ...]]:
    """Names and what they name, with all the faults of all of them at once."""
    faults: list[Fault] = []
    opened: list[Design | Study | None] = []
    for design in given:
        try:
            opened.append(_study_of(design) or design)
        except InputError as error:
            faults += error.faults
            opened.append(None)
    settings, unsettable = _settings(overrides, [isinstance(one, Study) for one in opened])
    faults += unsettable
    names: list[str] = []
    designs: list[Scenario | Study] = []
    for design, found, own in zip(given, opened, settings, strict=True):
        name = str(design) if isinstance(design, str | Path) else _name_of(design)
        names.append(f"{name} with {', '.join(own)}" if own else name)
        if isinstance(found, Study):
            designs.append(found)
        elif found is not None:
            try:
                designs.append(_scenario_of(found, own))
            except InputError as error:
                faults += [_placed(fault, name) for fault in error.faults]
    raise_all(faults)
    return _told_apart(names), tuple(designs)


def _study_of(design: Design) -> Study | None:
    """The study that is meant; None where a scenario is."""
    if isinstance(design, Study):
        return design
    if isinstance(design, str | Path) and str(design) not in scenario_names():
        try:
            return open_study(design) if os.path.isdir(design) else None
        except ValueError:  # a name that holds a zero byte: for the reader of scenarios to tell
            return None
    return None


def _scenario_of(design: Design, overrides: Sequence[str]) -> Scenario:
    if isinstance(design, str | Path):
        return load(design, overrides)
    if isinstance(design, Scenario):
        changes = (parse_override(override) for override in overrides)
        return design.with_({render_address(address): value for address, value in changes})
    raise InputError(
        Fault(None, None, None, "compare", repr(design), "a scenario, a study, a name or a path")
    )


def _name_of(design: Any) -> str:
    facts = getattr(design, "facts", None)
    return str(facts["scenario"] if facts is not None else getattr(design, "name", design))


def _placed(fault: Fault, name: str) -> Fault:
    """A fault of a setting says in which scenario, since it may be one of several."""
    if fault.file != COMMAND_LINE:
        return fault
    return dataclasses.replace(fault, note="; ".join(filter(None, (fault.note, f"in {name}"))))


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """No two names alike.

    Examples
    --------
    >>> _told_apart(["small", "small", "large"])
    ('small', 'small (2)', 'large')
    """
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        found.append(f"{name} ({place})" if name in found else name)
    return tuple(found)


def _settings(
    overrides: tuple[str, ...], saved: Sequence[bool]
) -> tuple[list[list[str]], list[Fault]]:
    """The settings of each, in their order, and faults; `saved` says which ones can have none."""
    found: list[list[str]] = [[] for _ in saved]
    faults = []
    scenarios = [at for at, is_saved in enumerate(saved) if not is_saved]
    for override in overrides:
        match = _TO_ONE.fullmatch(override)
        if match is None:
            if not scenarios:
                faults.append(_unchangeable(override))
            for at in scenarios:
                found[at].append(override)
            continue
        place = int(match[1])
        if not 1 <= place <= len(saved):
            allowed = f"a number from 1 to {len(saved)}, in the order of what is compared"
            faults.append(Fault(COMMAND_LINE, None, None, override, f"number {place}", allowed))
        elif saved[place - 1]:
            faults.append(_unchangeable(override))
        else:
            found[place - 1].append(match[2].strip())
    return found, faults


def _unchangeable(override: str) -> Fault:
    found = "a study, which has been run already"
    return Fault(COMMAND_LINE, None, None, override, found, "a setting of a scenario")


def _agreed(
    studies: Sequence[tuple[str, Study]], seed: int | None, paths: int | None
) -> tuple[int, int]:
    """Seed and count of paths that all have."""
    faults = []
    wanted = []
    for word, asked, usual in (("seed", seed, SEED), ("paths", paths, PATHS)):
        whose = "as asked for"
        for name, study in studies:
            value = study.seed if word == "seed" else study.paths
            if asked is None:
                asked, whose = value, f"as {name} has"
            elif value != asked:
                faults.append(_other_draws(name, word, value, f"{asked}, {whose}"))
        wanted.append(usual if asked is None else asked)
    for name, study in studies:
        if study.metrics.height != study.paths:
            found = f"metrics of {study.metrics.height} paths"
            faults.append(
                Fault(name, None, None, "metrics", found, f"of {study.paths}, as it says")
            )
    raise_all(faults)
    return wanted[0], wanted[1]


def _other_draws(name: str, word: str, value: int, allowed: str) -> Fault:
    note = "only the same paths can be set side by side; run one of them again"
    return Fault(name, None, None, word, str(value), allowed, note=note)


def _compared(names: tuple[str, ...], studies: tuple[Study, ...]) -> Comparison:
    import polars

    rows: list[dict[str, Any]] = []
    warnings = _caveats(studies)
    for metric in METRICS:
        lacking = [
            name
            for name, study in zip(names, studies, strict=True)
            if metric.name not in study.metrics.columns
        ]
        if lacking:
            warnings.append(f"{metric.name} is left out: not in {', '.join(lacking)}")
            continue
        columns = [
            study.metrics[metric.name].cast(polars.Float64).fill_null(math.nan).to_numpy()
            for study in studies
        ]
        for place, (name, values) in enumerate(zip(names, columns, strict=True), start=1):
            own = summarise(values, metric)
            row = {"metric": metric.name, "unit": metric.unit, "place": place, "name": name}
            row.update({key: own[key] for key in _OWN})
            if place > 1:
                row.update(dataclasses.asdict(difference_of(columns[0], values)))
            rows.append(row)
    schema: dict[str, Any] = {
        "metric": polars.String,
        "unit": polars.String,
        "place": polars.Int64,
        "name": polars.String,
        **dict.fromkeys((*_OWN, *_OF_DIFFERENCE), polars.Float64),
    }
    return Comparison(names, studies, polars.DataFrame(rows, schema=schema), tuple(warnings))


def _caveats(studies: tuple[Study, ...]) -> list[str]:
    """Where studies differ in what makes their figures comparable."""
    found = []
    for fact, what, why in (
        ("years", "years", "totals are over horizons of unequal length"),
        ("start", "first days", "the same hour of a path is another one of the calendar"),
        ("money", "kinds of money", "amounts cannot be set side by side"),
        ("version", "versions of the program", "the same seed may not give the same draws"),
    ):
        places: dict[str, list[str]] = {}
        for place, study in enumerate(studies, start=1):
            places.setdefault(str(study.facts[fact]), []).append(str(place))
        if len(places) > 1:
            listed = "; ".join(f"{value} in {' and '.join(at)}" for value, at in places.items())
            found.append(f"different {what} ({listed}): {why}")
    return found
