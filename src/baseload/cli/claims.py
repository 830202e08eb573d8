"""`baseload claims`: quoted statements held against a study."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from baseload.cli.options import (
    DEFAULT_PATHS,
    DEFAULT_SEED,
    design_argument,
    json_option,
    require_none_beside_study,
    scenario_run_options,
)
from baseload.cli.text import hanging, paragraph, say, say_json
from baseload.errors import Fault, InputError
from baseload.scenario.write import shown

if TYPE_CHECKING:
    from baseload.claims.judged import Judged
    from baseload.study import Study
    from baseload.verdict.claims_of_study import Claims

_LABEL: Final = 13


class Word(click.ParamType[tuple[str, float | date]]):
    """`NAME=VALUE`, the value a number or a day; a fault is told like any other."""

    name = "word"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float | date]:
        if isinstance(value, tuple):
            return value
        word, equals, text = str(value).partition("=")
        found = _number_or_day(text.strip()) if equals else None
        if found is None or not word.strip():
            allowed = "NAME=VALUE, the value a number or a day, as significant=0.1"
            raise InputError(Fault(None, None, None, "--word", shown(value).strip('"'), allowed))
        return word.strip(), found


def _number_or_day(text: str) -> float | date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


@click.command(epilog="Example: baseload claims study --word significant=0.1")
@design_argument
@click.option(
    "--claims",
    "file",
    metavar="FILE",
    help="Claims of a file of their own in place of the scenario's.",
)
@click.option(
    "--word",
    "words",
    type=Word(),
    metavar="NAME=VALUE",
    multiple=True,
    help="Another threshold for a vague word; may be given many times.",
)
@scenario_run_options("a scenario")
@json_option
def command(
    design: str,
    file: str | None,
    words: tuple[tuple[str, float | date], ...],
    paths: int | None,
    seed: int | None,
    threads: int | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Hold quoted claims against results and facts: each holds, fails, or cannot be told.

    STUDY_OR_SCENARIO is the folder of a study, or a scenario by name or file, which is then run.
    """
    from baseload.study.folder import is_study
    from baseload.verdict.claims_of_study import claims_of_text, counts, judge_study, read_claims

    given = read_claims(file) if file is not None else None
    moved = dict(words)
    if given is not None:
        given = given.with_words(moved)
    if Path(design).is_dir() and is_study(Path(design)):
        require_none_beside_study(paths=paths, seed=seed, threads=threads, set=overrides or None)
        import baseload

        study = baseload.open_study(design)
        if given is None:
            text_file = str(Path(design) / "scenario.toml")
            given = claims_of_text(study.scenario_text, text_file).with_words(moved)
    else:
        study, given = _run(design, given, moved, paths, seed, threads, overrides, as_json)
    judged = judge_study(study, given)
    if as_json:
        say_json(
            {
                "title": study.title,
                "conditional_on": study.conditional_on,
                "paths": study.paths,
                "seed": study.seed,
                "counts": counts(judged),
                "words": given.document.words,
                "claims": [one.as_dict() for one in judged],
            }
        )
    else:
        say(claims_text(study, judged))


def _run(
    design: str,
    given: Claims | None,
    words: dict[str, float | date],
    paths: int | None,
    seed: int | None,
    threads: int | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> tuple[Study, Claims]:
    import baseload
    from baseload.cli.interrupt import enough_memory, simulating
    from baseload.cli.progress import Progress
    from baseload.verdict.claims_of_study import claims_of_text

    scenario = baseload.load(design, overrides)
    # Read before minutes are spent on the run.
    claims = given or claims_of_text(scenario.text, scenario.file).with_words(words)
    count = DEFAULT_PATHS if paths is None else paths
    progress = Progress(only_on_terminal=as_json)

    with enough_memory(f"{count:,} paths of {scenario.model.years} years"), simulating(progress):
        study = baseload.run(
            scenario,
            paths=count,
            seed=DEFAULT_SEED if seed is None else seed,
            threads=threads,
            progress=progress,
        )
    return study, claims


def claims_text(study: Study, judged: tuple[Judged, ...]) -> str:
    """The claims for a terminal of 80 columns: a line each, and below it what would make it hold."""
    from baseload.verdict.claims_of_study import counts

    lines = [
        paragraph(f"{study.title}: claims"),
        paragraph(f"{study.paths:,} paths of {study.years} years, {study.conditional_on}"),
        "",
    ]
    if not judged:
        return "\n".join([*lines, "no claims: the scenario has none, and --claims names no file"])
    found = counts(judged)
    lines.append(
        f"{found['holds']} hold, {found['fails']} fail, {found['cannot tell']} cannot be told"
    )
    for one in judged:
        lines += ["", *_claim(one)]
    return "\n".join(lines)


def _claim(one: Judged) -> list[str]:
    from baseload.claims.quantities import range_words

    spread = range_words(*one.spread, one.unit) if one.spread is not None else ""
    if spread == one.figure_words:
        spread = ""
    of = "sources" if one.basis == "fact" else "5 to 95 %"
    figure = one.figure_words + (f" ({of}: {spread})" if spread else "")
    rows = [hanging(one.outcome, one.name, _LABEL)]
    if one.outcome == "holds" and one.basis == "results":
        label = "margin"
    else:
        label = "would hold" if one.outcome != "holds" else ""
    for name, text in (
        ("  figure", figure),
        ("  why", one.why),
        (f"  {label}", one.what_would_make_it_hold if label else ""),
        ("  needs", one.needs if one.needs not in one.what_would_make_it_hold else ""),
    ):
        if text:
            rows.append(hanging(name, text, _LABEL))
    return rows
