"""`baseload accord`: who has to agree to a scenario, who gains, what binds, and how likely it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from baseload.cli.options import (
    DEFAULT_SEED,
    design_argument,
    json_option,
    require_none_beside_study,
    scenario_run_options,
)
from baseload.cli.text import hanging, paragraph, say, say_json, table
from baseload.errors import Fault, InputError
from baseload.study.limits import MOST_ACCORD_PATHS
from baseload.units import human
from baseload.verdict.words import (
    SOLUTIONS,
    party_names,
    payments_told,
    proposed,
    with_doubt,
)

PATHS_OF_EACH: Final = 200
_LABEL: Final = 21


@click.command(epilog="Example: baseload accord zaporizhzhia --paths 500")
@design_argument
@scenario_run_options("each configuration", paths=PATHS_OF_EACH, most=MOST_ACCORD_PATHS)
@json_option
def command(
    design: str,
    paths: int | None,
    seed: int | None,
    threads: int | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say who has to agree, who gains, what no payment moves, and how likely it is.

    STUDY_OR_SCENARIO is the folder of a study, or a scenario by name or file. Of a scenario what its
    parties could run is simulated, and nothing else.
    """
    from baseload.study.folder import is_study

    if Path(design).is_dir() and is_study(Path(design)):
        require_none_beside_study(paths=paths, seed=seed, threads=threads, set=overrides or None)
        import baseload

        study = baseload.open_study(design)
        title, accord = study.title, study.accord
        if accord is None:
            raise InputError(
                Fault(
                    design,
                    None,
                    None,
                    "accord",
                    "a study without one",
                    "a study whose scenario has parties",
                )
            )
    else:
        title, accord = _simulated(design, paths, seed, threads, overrides, as_json)
    if as_json:
        say_json({"title": title, **accord})
    else:
        say(accord_text(title, accord))


def _simulated(
    design: str,
    paths: int | None,
    seed: int | None,
    threads: int | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> tuple[str, dict[str, Any]]:
    import baseload
    from baseload.agreement.accord import accord_of
    from baseload.cli.interrupt import simulating
    from baseload.cli.progress import Progress
    from baseload.engine.pool import default_threads

    scenario = baseload.load(design, overrides)
    accord = scenario.model.accord
    if accord is None:
        raise InputError(
            Fault(scenario.file, None, None, "accord", "no parties", "a scenario with [accord]")
        )
    progress = Progress(only_on_terminal=as_json)

    with simulating(progress):
        facts, _ = accord_of(
            scenario,
            accord,
            paths or PATHS_OF_EACH,
            DEFAULT_SEED if seed is None else seed,
            threads or default_threads(),
            progress,
        )
    return scenario.title, facts


def accord_text(title: str, accord: Mapping[str, Any]) -> str:
    """The accord for a terminal of 80 columns."""
    from baseload.verdict.arrangements import (
        RECOGNITION,
        as_of_sentence,
        simulated_sentence,
        verdicts,
    )

    lines = [
        title,
        paragraph(as_of_sentence(accord)),
        paragraph(RECOGNITION),
        "",
        paragraph(simulated_sentence(accord)),
        paragraph(f"If nothing is agreed: {accord['disagreement']}."),
        "",
        _gains(accord),
    ]
    for verdict in verdicts(accord):
        lines += ["", hanging(verdict.name, verdict.headline, max(_LABEL, len(verdict.name) + 2))]
        lines += [hanging(f"  {about}", text, _LABEL + 2) for about, text in verdict.sentences]
    lines += ["", *_solutions(accord)]
    return "\n".join(lines)


def _gains(accord: Mapping[str, Any]) -> str:
    """Mean gains of every party over disagreement, with the parties as columns."""
    names = party_names(accord)
    rows = [
        (one["name"], *(_cell(one["gains"][name]) for name in names)) for one in proposed(accord)
    ]
    head = ("gain, mean, million USD", *names)
    return table(head, rows)


def _cell(gain: Mapping[str, Any]) -> str:
    return with_doubt(f"{gain['mean_usd'] / 1e6:,.0f}", gain)


def _solutions(accord: Mapping[str, Any]) -> list[str]:
    found = accord["solutions"]
    core = found["core"]
    empty = core["probability_empty"]
    if core["settled"]:
        says = "empty: some coalition would do better alone" if core["is_empty"] else "not empty"
    else:
        says = f"not settled by {accord['paths']:,} paths: empty with probability {empty:.0%}"
    together = found["coalitions"][-1]
    lines = [
        hanging(
            "all together",
            f"are worth {human(together['mean_usd'], 'USD')}, best run: {together['runs'] or 'as given'}",
            _LABEL,
        ),
        hanging("core", says, _LABEL),
        _shares(SOLUTIONS["shapley"], found["shapley"]),
    ]
    nucleolus, label = found["nucleolus"], SOLUTIONS["nucleolus"]
    if "none" in nucleolus:
        lines.append(hanging(label, f"none: {nucleolus['none']}", _LABEL))
    else:
        lines.append(_shares(label, nucleolus))
    if found["power"] is not None:
        power = ", ".join(f"{name} {share:.3g}" for name, share in found["power"].items())
        lines.append(hanging("power of consent", power, _LABEL))
    lines.append(_bargain("Nash, all", accord["bargaining"]["all"]["nash"]))
    lines.append(_bargain("Nash, not barred", accord["bargaining"]["not_barred"]["nash"]))
    unverifiable = [one["what"] for one in accord["verification"] if not one["can_be_verified"]]
    lines.append(hanging("cannot be verified", "; ".join(unverifiable), _LABEL))
    return lines


def _shares(label: str, solution: Mapping[str, Any]) -> str:
    shares = ", ".join(
        f"{name} {human(value, 'USD')}" for name, value in solution["payoff_usd"].items()
    )
    paid = payments_told(solution["free"]["payments"], lambda usd: human(usd, "USD"))
    lawful = "" if solution["allowed"]["reached"] else "; out of reach of lawful payments"
    return hanging(label, f"{shares}{': ' if paid else ''}{', '.join(paid)}{lawful}", _LABEL)


def _bargain(label: str, bargain: Mapping[str, Any]) -> str:
    if "none" in bargain:
        return hanging(label, f"none: {bargain['none']}", _LABEL)
    lottery = ", ".join(
        name if share > 0.9999 else f"{name} with probability {share:.3g}"
        for name, share in bargain["lottery"].items()
    )
    return hanging(label, lottery, _LABEL)
