"""`baseload show`: what a scenario says, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from baseload.cli.options import json_option, overrides_option, scenario_argument
from baseload.cli.programme import drawing
from baseload.cli.text import hanging, paragraph, say, say_json, table

if TYPE_CHECKING:
    from baseload.distributions import Distribution
    from baseload.fleet.schema import Batch
    from baseload.scenario.schema import ScenarioDocument

_LABEL = 12


@click.command(epilog="Example: baseload show zaporizhzhia")
@scenario_argument
@overrides_option
@json_option
def command(scenario: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Show what a scenario says, on one screen.

    SCENARIO is the name of one that comes with the program or a file that ends in .toml.
    """
    import baseload

    loaded = baseload.load(scenario, overrides)
    if as_json:
        say_json(
            {
                "name": loaded.name,
                "title": loaded.title,
                "summary": loaded.summary,
                "sha256": loaded.sha256,
                "scenario": loaded.document,
                "warnings": list(loaded.warnings),
            }
        )
        return
    say(paragraph(loaded.title))
    if loaded.summary:
        say(paragraph(loaded.summary, "  "))
    say("")
    say(screen(loaded.model))


def screen(model: ScenarioDocument) -> str:
    """The scenario's figures as text of 80 columns.

    Parameters
    ----------
    model : ScenarioDocument
        A valid scenario.
    """
    parts = [
        _line("horizon", f"{model.years} years from {model.start}, {model.phase}; {model.money}"),
        _units(model),
        *_restarts(model),
        *_demand(model),
        _grid(model),
        *_fleet(model),
        *_programme(model),
        _network(model),
        _finance(model),
        _sources(model),
    ]
    return "\n".join(parts)


def _line(label: str, text: str) -> str:
    return hanging(label, text, _LABEL)


def _said(value: Distribution | None, unit: str = "") -> str:
    return "none" if value is None else f"{value.describe()} {unit}".rstrip()


def _share(value: Distribution) -> str:
    """A share in percent where it is one number; a distribution says itself that it is one of 1."""
    if not value.is_fixed:
        return f"{value.describe()} (of 1)"
    return f"{100.0 * value.support()[0]:g}\u00a0%"


def _units(model: ScenarioDocument) -> str:
    head = ("unit", "state", "gross MW", "net MW", "P(return)", "works months")
    rows = []
    for unit in model.plant.units:
        restart = unit.restart
        rows.append(
            (
                unit.name,
                unit.state if unit.enabled else "out of use",
                unit.gross_mw.describe(),
                unit.net_mw.describe(),
                restart.returns.describe() if restart else "–",
                restart.months.describe() if restart else "–",
            )
        )
    title = f"{model.plant.name} ({model.plant.technology})".strip()
    return f"\n{title}\n" + table(head, rows, left=2) + "\n"


def _restarts(model: ScenarioDocument) -> list[str]:
    plant = model.plant
    lines = []
    queue = sorted((u for u in plant.units if u.restart), key=lambda u: u.restart.order)  # type: ignore[union-attr]
    if queue:
        names = ", ".join(unit.name for unit in queue)
        lines.append(_line("restarts", f"{names}; {plant.crews} at once"))
    for project in plant.projects:
        lines.append(
            _line(
                "project",
                f"{project.name}: from {project.starts}, {_said(project.months, 'months')}, "
                f"{_said(project.cost_usd_million, 'million USD')}",
            )
        )
    return lines


def _programme(model: ScenarioDocument) -> list[str]:
    lines = drawing(model)
    return ["", *lines, ""] if lines else []


def _demand(model: ScenarioDocument) -> list[str]:
    lines = []
    for demand in model.demand:
        if demand.share_of_output is not None:
            size = f"{_said(demand.share_of_output)} of the output"
        elif demand.constant_mw is not None:
            size = f"{_said(demand.constant_mw, 'MW')}, constant"
        else:
            size = f"{_said(demand.peak_mw, 'MW')} at the peak of {demand.profile}"
        tariff = _said(demand.tariff_usd_per_mwh, "USD/MWh")
        lines.append(_line("demand", f"{demand.name}: {size}; tariff {tariff}"))
    return lines


def _grid(model: ScenarioDocument) -> str:
    grid, price = model.grid, model.grid.price
    limits = f"export limit {_said(grid.export_limit_mw, 'MW')}"
    if grid.lines:
        limits += f"; lines {', '.join(line.name for line in grid.lines)}"
    power = price.file or f"{_said(price.level_usd_per_mwh)} USD/MWh, shape {price.profile}"
    imports = "the mine may import" if grid.mine_may_import else "the mine may not import"
    return _line("grid", f"{limits}; power {power}; {imports}")


def _fleet(model: ScenarioDocument) -> list[str]:
    from baseload.cli.middle import median
    from baseload.fleet.catalogue import machines
    from baseload.units import TH_PER_EH, W_PER_MW, human

    lines = []
    for batch in model.fleet:
        machine = machines().get(batch.model)
        if machine is None or not batch.enabled:
            lines.append(_line("fleet", f"{batch.name or batch.model}: out of use"))
            continue
        count = int(median(batch.mine_mw) * W_PER_MW / (machine.power_w * median(batch.pue)))
        hash_rate = human(count * machine.hash_rate_th_per_s / TH_PER_EH, "EH/s")
        lines.append(
            _line(
                "fleet",
                f"{_said(batch.mine_mw, 'MW')} of {batch.model}, ordered {_when(batch)}: "
                f"{count:,} machines, {hash_rate} when all work (medians)",
            )
        )
    return lines or [_line("fleet", "none")]


def _network(model: ScenarioDocument) -> str:
    network = model.network
    kind = network.price_usd.kind.replace("_", "-")
    return _line(
        "network",
        f"projected from {network.snapshot}; price of the coin {kind}; fees "
        f"{_said(network.fees_btc_per_block, 'BTC/block')}; rest of the network "
        f"{network.rest_of_network}",
    )


def _finance(model: ScenarioDocument) -> str:
    finance = model.finance
    return _line(
        "finance",
        f"discount rate {_share(finance.discount_rate)} a year, tax {_share(finance.tax_rate)} of "
        f"profit, {_share(finance.treasury.sell)} of the coins sold at once",
    )


def _sources(model: ScenarioDocument) -> str:
    texts = list(model.sources.values())
    assumed = sum(text.strip().lower().startswith("assumed") for text in texts)
    return _line("sources", f"{len(texts)} figures, of which {assumed} are assumptions")


def _when(batch: Batch) -> str:
    """When a batch is ordered, and what it waits for."""
    waits = [*batch.needs]
    if batch.after_units:
        plural = "s have" if batch.after_units > 1 else " has"
        waits.append(f"{batch.after_units} unit{plural} run together")
    return f"{batch.order} or after {' and '.join(waits)}" if waits else f"{batch.order}"
