"""`baseload compare`: scenarios and studies side by side, on the same draws."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from baseload.cli.complete import designs as designs_of
from baseload.cli.options import (
    DEFAULT_PATHS,
    DEFAULT_SEED,
    chunk_option,
    json_option,
    paths_option,
    seed_option,
    threads_option,
)
from baseload.cli.report import place_of_comparison, write_comparison_page
from baseload.cli.text import digits, hanging, paragraph, say, say_json, table
from baseload.errors import Fault, InputError

if TYPE_CHECKING:
    from baseload.comparison import Comparison

SHOWN: Final = {
    "reactor_years_at_power": "reactor-years at power",
    "offsite_power_losses_at_power": "off-site power lost",
    "station_blackout_probability": "outlasts diesels",
    "diesel_hours": "on diesels",
    "unserved_firm_mwh": "unserved firm",
    "firm_served_by_plant_mwh": "firm served by plant",
    "mine_mwh": "mine",
    "export_mwh": "export",
    "curtailed_mwh": "curtailed",
    "machines_peak": "most machines",
    "hash_rate_peak_eh_per_s": "hash rate, highest",
    "network_share_peak": "network share, highest",
    "displacement": "left per hash joined",
    "bitcoin_mined": "bitcoin mined",
    "cost_per_bitcoin_usd": "a bitcoin costs",
    "revenue_per_bitcoin_usd": "a bitcoin earns",
    "years_of_safety_funded": "safety funded",
    "value_of_restarting_usd": "value of restarting",
    "npv_gain_over_grid_only_usd": "value of mining",
    "npv_usd": "net present value",
}
"""Metrics of the short table, exposure first and money last, and what they are called there."""

_SAME: Final = "same"
_NONE: Final = "none"


@click.command(
    epilog="Example: baseload compare susquehanna susquehanna --set 2:fleet.0.mine_mw=100"
)
@click.argument("designs", metavar="A B [C...]", nargs=-1, required=True, shell_complete=designs_of)
@paths_option(f"Lifetimes of each; without it: those of the studies, or {DEFAULT_PATHS}.")
@seed_option(f"Seed of all; without it: that of the studies, or {DEFAULT_SEED}.")
@threads_option
@chunk_option
@click.option(
    "--set",
    "overrides",
    metavar="[N:]KEY=VALUE",
    multiple=True,
    help="Another value for a key: of the Nth scenario named, or of all without N.",
)
@click.option("--all", "everything", is_flag=True, help="Every metric, with its medians.")
@click.option("--report", metavar="FILE", help="Write a page that compares them, with figures.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@json_option
def command(
    designs: tuple[str, ...],
    paths: int | None,
    seed: int | None,
    threads: int | None,
    chunk_paths: int | None,
    overrides: tuple[str, ...],
    everything: bool,
    report: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Set scenarios and studies side by side, on the same draws.

    Each of A, B, C is a scenario, by name or file, or the folder of a study. Scenarios are run.
    Differences are to the first, path by path.
    """
    if len(designs) < 2:
        found = f"{designs[0]} alone"
        allowed = "at least two; one may be named twice, with --set 2:KEY=VALUE"
        raise InputError(Fault(None, None, None, "baseload compare", found, allowed))
    if report is not None:
        page = place_of_comparison(report, "--report")
    import baseload
    from baseload.cli.interrupt import enough_memory, simulating
    from baseload.cli.progress import Progress

    progress = Progress(only_on_terminal=as_json, quiet=quiet)

    with enough_memory(", ".join(designs), "the studies"), simulating(progress):
        comparison: Comparison = baseload.compare(
            *designs,
            paths=paths,
            seed=seed,
            threads=threads,
            chunk_paths=chunk_paths,
            overrides=overrides,
            progress=progress,
        )
    if report is not None:
        pairs = zip(designs, comparison.names, strict=True)
        write_comparison_page(comparison, [a if os.path.isdir(a) else b for a, b in pairs], page)
    if as_json:
        say_json(comparison.to_json())
    else:
        say(comparison_text(comparison, everything))


def comparison_text(comparison: Comparison, everything: bool = False) -> str:
    """The comparison as text of 80 columns: all side by side, then a table for each after the first.

    Parameters
    ----------
    comparison : Comparison
    everything : bool
        Every metric under its own name, with means and medians; else means of those that matter.
    """
    from baseload.cli.side_by_side import side_by_side_lines

    lines = _conditions(comparison)
    for place, name in enumerate(comparison.names, start=1):
        lines.append(hanging(str(place), name, 3))
    lines += ["", *side_by_side_lines(comparison.side_by_side), ""]
    lines.append(f"{comparison.paths:,} paths, seed {comparison.seed}; means over the paths")
    for place in range(2, len(comparison.names) + 1):
        if len(comparison.names) > 2:
            lines.append("")
        rows = _rows(comparison, place)
        head = ("", "1", str(place), f"{place} - 1", "± 95 %", "factor")
        cells = [line for name, row in rows.items() for line in _cells(name, row, everything)]
        if not everything:
            cells = [cells[list(rows).index(name)] for name in SHOWN if name in rows]
        lines.append(table(head, cells))
        lines += _partial(rows, everything)
    lines.append(
        paragraph(
            f"{_SAME}: on every path. factor: how many times larger the variance of the difference"
            " would be, had each its own draws."
        )
    )
    lines += [paragraph(f"warning: {text}") for text in comparison.warnings]
    return "\n".join(lines)


def _conditions(comparison: Comparison) -> list[str]:
    """What each takes for granted, said once where it is the same."""
    places: dict[str, list[str]] = {}
    for place, study in enumerate(comparison.studies, start=1):
        places.setdefault(study.conditional_on, []).append(str(place))
    if len(places) == 1:
        return [paragraph(f"Conditional on: {text}") for text in places]
    return [paragraph(f"{', '.join(at)} conditional on: {text}") for text, at in places.items()]


def _rows(comparison: Comparison, place: int) -> dict[str, Mapping[str, Any]]:
    """Rows of one study against the first, each with the first's own median."""
    first = {
        row["metric"]: row["p50"]
        for row in comparison.table.iter_rows(named=True)
        if row["place"] == 1
    }
    return {
        row["metric"]: {**row, "p50_of_first": first[row["metric"]]}
        for row in comparison.table.iter_rows(named=True)
        if row["place"] == place
    }


def _cells(name: str, row: Mapping[str, Any], everything: bool) -> Iterator[tuple[str, ...]]:
    from baseload.figures.numbers import scaled_unit

    before, after = row["paired_mean_of_first"], row["paired_mean"]
    medians = (row["p50_of_first"], row["p50"])
    known = [abs(value) for value in (before, after, *medians) if value is not None]
    scale = scaled_unit(float(f"{max(known, default=0.0):.2e}"), row["unit"])

    def said(value: float | None) -> str:
        return _NONE if value is None else digits(value / scale.factor)

    width = None
    if row["difference_low"] is not None:
        width = (row["difference_high"] - row["difference_low"]) / 2
    always_same = width == 0.0 and row["difference_mean"] == 0.0
    means = (
        said(before),
        said(after),
        _SAME if always_same else said(row["difference_mean"]),
        "" if always_same else said(width),
        _factor(row["variance_factor"]),
    )
    if not everything:
        yield ", ".join(filter(None, (SHOWN.get(name, name), scale.label))), *means
        return
    of_medians = None if None in medians else medians[1] - medians[0]
    yield (name, *("" for _ in means))
    yield ", ".join(filter(None, ("  mean", scale.label))), *means
    yield "  median", *map(said, medians), said(of_medians), "", ""


def _factor(value: float | None) -> str:
    if value is None:
        return ""
    from baseload.comparison.paired import LARGEST_FACTOR

    return f">{LARGEST_FACTOR:,}" if value > LARGEST_FACTOR else digits(value)


def _partial(rows: Mapping[str, Mapping[str, Any]], everything: bool) -> list[str]:
    """Which metrics are compared on a part of the paths, and on which."""
    from baseload.figures.numbers import percent

    parts = [
        f"{name if everything else SHOWN[name]} {percent(row['share_paired'])}"
        for name, row in rows.items()
        if row["share_paired"] < 1.0 and (everything or name in SHOWN)
    ]
    if not parts:
        return []
    return [paragraph(f"Means where both are defined, share of the paths: {', '.join(parts)}")]
