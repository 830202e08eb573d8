"""`baseload doctor`: what is installed, where the caches are, how fast this machine is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from baseload.cli.options import json_option
from baseload.cli.text import hanging, paragraph, say, say_json

if TYPE_CHECKING:
    from baseload.cli.findings import Finding
    from baseload.cli.pace import Pace

_LABEL: Final = 22
_MARKS: Final = {"ok": "  ", "note": "! ", "fails": "x "}
_BAD: Final = 1


@click.command(epilog="Example: baseload doctor --speed")
@click.option("--speed", is_flag=True, help="Measure it too, which compiles where that is due.")
@click.option("--clear-cache", is_flag=True, help="Delete compiled code of other versions.")
@json_option
@click.pass_context
def command(context: click.Context, speed: bool, clear_cache: bool, as_json: bool) -> None:
    """Say what is installed here, where the caches are, and how fast it is.

    A line with ! works with a caveat, one with x will not work; then the exit code is 1.
    --clear-cache leaves what was used within the last hour.
    """
    found, pace, cleared = _examined(speed, clear_cache, as_json)
    fails = [one for one in found if one.state == "fails"]
    if as_json:
        answer: dict[str, Any] = {
            "ok": not fails,
            "findings": [dataclasses.asdict(one) for one in found],
        }
        if pace is not None:
            answer["speed"] = {**dataclasses.asdict(pace), "ratio_to_documented": pace.ratio}
        if cleared is not None:
            answer["cleared"] = cleared
        say_json(answer)
    else:
        say(text_of(found, pace, cleared))
    if fails:
        context.exit(_BAD)


def _examined(
    speed: bool, clear_cache: bool, as_json: bool
) -> tuple[list[Finding], Pace | None, list[str] | None]:
    """Everything in its order; where a program is broken, what needs it is left out."""
    from baseload.cli import findings

    found = [*findings.programs(), *findings.extras()]
    broken = any(one.state == "fails" for one in found)
    pace, cleared = None, None
    if not broken:
        from baseload.cli import kernel_cache

        cache = kernel_cache.kernel_cache()
        if clear_cache:
            cleared = [str(folder) for folder in cache.clear()]
        if speed:
            pace = _measured(as_json)
        found += [*kernel_cache.findings(cache), *findings.machine()]
    else:
        found.append(findings.temporary_folder())
    found += findings.terminal()
    return found, pace, cleared


def _measured(as_json: bool) -> Pace:
    from baseload.cli.interrupt import simulating
    from baseload.cli.pace import measure
    from baseload.cli.progress import Progress

    progress = Progress(only_on_terminal=as_json)

    with simulating(progress):
        return measure(progress)


def text_of(found: list[Finding], pace: Pace | None, cleared: list[str] | None) -> str:
    """What was found, for a terminal.

    Parameters
    ----------
    found : list of Finding
    pace : Pace or None
        None where nothing was measured.
    cleared : list of str or None
        Folders that were deleted; None where nobody asked for it.
    """
    return "\n".join(_lines(found, pace, cleared))


def _lines(found: list[Finding], pace: Pace | None, cleared: list[str] | None) -> Iterator[str]:
    group = ""
    for one in found:
        if one.group != group:
            yield from ([""] if group else [])
            yield one.group
            group = one.group
        yield hanging(f"{_MARKS[one.state]}{one.name}", one.says, _LABEL)
        if one.do:
            yield hanging("", f"-> {one.do}", _LABEL)
    if cleared is not None:
        yield ""
        yield from (paragraph(f"deleted {folder}") for folder in cleared)
        if not cleared:
            yield paragraph("nothing to delete: no compiled code of other versions is an hour old")
    if pace is not None:
        yield ""
        yield from _speed(pace)
    fails = sum(one.state == "fails" for one in found)
    yield ""
    verdict = "Everything works." if not fails else f"{fails} of these will not work."
    yield paragraph(verdict)


def _speed(pace: Pace) -> Iterator[str]:
    from baseload.cli.pace import DOCUMENTED_ON, DOCUMENTED_SECONDS, PATHS, SCENARIO

    threads = f"{pace.threads} thread" + ("" if pace.threads == 1 else "s")
    yield "speed"
    yield hanging(
        "  engine",
        f"{pace.path_hours_per_second / 1e6:,.1f} million path-hours a second: {PATHS} paths of"
        f" {SCENARIO} in {pace.engine_seconds:.2f} s on {threads}",
        _LABEL,
    )
    yield hanging(
        "  beside the docs",
        f"{pace.ratio:.2g} times the speed of {DOCUMENTED_ON} ({DOCUMENTED_SECONDS} s)",
        _LABEL,
    )
    yield hanging("  compiled code", f"ready after {pace.compile_seconds:.1f} s", _LABEL)
    if pace.load is not None and pace.load > pace.threads + 0.5:
        yield hanging(
            "! load", f"{pace.load:.1f}: other programs ran too, and the figures suffer", _LABEL
        )
