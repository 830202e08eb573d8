"""`baseload machines`: the catalogue of mining machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from baseload.cli.options import json_option
from baseload.cli.text import paragraph, say, say_json, table

if TYPE_CHECKING:
    from baseload.fleet.catalogue import Machine


@click.command(epilog="Example: baseload machines --json")
@json_option
def command(as_json: bool) -> None:
    """List the catalogue of mining machines.

    The price is the band of what lists asked per TH/s, with the most likely one in the middle.
    """
    import dataclasses

    from baseload.fleet.catalogue import machines

    found = machines().values()
    if as_json:
        say_json([dataclasses.asdict(machine) for machine in found])
        return
    head = ("model", "TH/s", "W", "J/TH", "cooling", "from", "USD/TH")
    rows = [
        (
            machine.id,
            f"{machine.hash_rate_th_per_s:,.10g}",
            f"{machine.power_w:.0f}",
            f"{machine.efficiency_j_per_th:.1f}",
            machine.cooling,
            f"{machine.released_on:%Y-%m}",
            _band(machine),
        )
        for machine in found
    ]
    say(table(head, rows))
    say("")
    say(paragraph("Prices are low, likely and high; a dash where no list had one. Sources: --json"))


def _band(machine: Machine) -> str:
    if machine.price_usd_per_th_low is None:
        return "–"
    band = (
        machine.price_usd_per_th_low,
        machine.price_usd_per_th_mode,
        machine.price_usd_per_th_high,
    )
    return " ".join("–" if price is None else f"{price:.3g}" for price in band)
