"""`baseload check`: all faults of a scenario, or what its processes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from baseload.cli.options import json_option, overrides_option, quiet_option, scenario_argument
from baseload.cli.text import paragraph, say, say_json, table
from baseload.errors import InputError

if TYPE_CHECKING:
    from baseload.cli.outlook import Outlook

_BAD = 2


@click.command(epilog="Example: baseload check mine.toml --set finance.discount_rate=0.08")
@scenario_argument
@overrides_option
@quiet_option
@json_option
@click.pass_context
def command(
    context: click.Context, scenario: str, overrides: tuple[str, ...], quiet: bool, as_json: bool
) -> None:
    """Find all faults of a scenario, and say what its processes mean.

    Prices, fees and machines are given at the start, after 1 and 5 years and at the end, so that
    a growth with two digits too many is seen before it is believed.
    """
    import baseload

    try:
        loaded = baseload.load(scenario, overrides)
        if loaded.model.accord is not None:
            from baseload.agreement.checking import checked

            checked(loaded, loaded.model.accord)
        if loaded.model.claims:
            from baseload.verdict.claims_of_study import claims_of_text

            claims_of_text(loaded.text, loaded.file)
    except InputError as error:
        if not as_json:
            raise
        say_json({"ok": False, "faults": [vars(fault) for fault in error.faults]})
        context.exit(_BAD)
    if quiet and not as_json:
        return
    from baseload.cli.outlook import outlook_of

    outlook = outlook_of(loaded)
    warnings = (*loaded.warnings, *outlook.warnings)
    if as_json:
        say_json(_as_json(loaded.name, outlook, warnings))
        return
    say(paragraph(f"ok: {loaded.title}"))
    say("")
    say(_as_table(outlook))
    for note in outlook.notes:
        say(paragraph(note))
    for warning in warnings:
        say("")
        say(paragraph(f"warning: {warning}"))


def _as_json(name: str, outlook: Outlook, warnings: tuple[str, ...]) -> dict[str, Any]:
    return {
        "ok": True,
        "name": name,
        "money": outlook.money,
        "years": list(outlook.years),
        "outlook": [
            {"quantity": row.name, "what": row.what, "unit": row.unit, "values": list(row.values)}
            for row in outlook.rows
        ],
        "notes": list(outlook.notes),
        "warnings": list(warnings),
    }


def _as_table(outlook: Outlook) -> str:
    head = ("", "", "start", *(_after(years) for years in outlook.years[1:]))
    rows = [
        (f"{row.name} [{row.unit}]", row.what, *(_number(value) for value in row.values))
        for row in outlook.rows
    ]
    return table(head, rows, left=2)


def _after(years: float) -> str:
    return f"{years:g} year" if years == 1 else f"{years:g} years"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
