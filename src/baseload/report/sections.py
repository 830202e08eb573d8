"""What the page says in words and tables: headline, exposure, metrics, sources, how it was made."""

from __future__ import annotations

from typing import Final

from baseload.figures.numbers import SPACE, decimal, percent, quantity
from baseload.report.blocks import Card, Table
from baseload.report.reported import (
    ReportedStudy,
    figure_of,
    mean_without_best,
    metric,
)
from baseload.verdict.sentences import running_word

WORDS: Final = {
    "generation_mwh": "energy that the plant could give",
    "produced_mwh": "energy that the plant produced",
    "import_mwh": "energy imported",
    "firm_demand_mwh": "firm demand",
    "firm_served_mwh": "firm demand served",
    "firm_served_by_plant_mwh": "firm demand served by the plant",
    "unserved_firm_mwh": "firm demand left unserved",
    "unserved_firm_mwh_grid_only": "firm demand left unserved, grid only",
    "unserved_firm_mwh_idle": "firm demand left unserved, plant idle",
    "loss_of_load_hours": "hours on which firm demand is shed",
    "loss_of_load_hours_grid_only": "hours on which firm demand is shed, grid only",
    "loss_of_load_hours_idle": "hours on which firm demand is shed, plant idle",
    "mine_mwh": "energy that the mine took",
    "export_mwh": "energy exported",
    "curtailed_mwh": "energy not produced, for want of a use or to keep the price up",
    "machines_peak": "most machines installed",
    "hash_rate_peak_eh_per_s": "highest hash rate of the mine",
    "network_share_peak": "highest hourly share of the network",
    "network_share_mean": "mean share of the network",
    "displacement": "hashes that the rest then lacks, per hash of the mine",
    "bitcoin_mined": "bitcoin mined",
    "cost_per_bitcoin_usd": "cost of a bitcoin",
    "cash_cost_per_bitcoin_usd": "cost of a bitcoin, energy at the plant's full running cost",
    "revenue_per_bitcoin_usd": "revenue of a bitcoin, weighted alike",
    "npv_usd": "net present value",
    "npv_idle_usd": "net present value, plant idle",
    "npv_grid_only_usd": "net present value, grid only",
    "npv_gain_over_idle_usd": "gain over leaving the plant idle",
    "npv_gain_over_grid_only_usd": "value of mining: gain over grid only",
    "value_of_restarting_usd": "value of restarting: grid only over idle",
    "treasury_gain_usd": "holding coins instead of selling, not in net present value",
    "irr": "internal rate of return",
    "mine_irr": "internal rate of return of the mine alone",
    "mine_payback_years": "payback of the mine alone, undiscounted",
    "payback_years": "payback of the whole project, undiscounted",
    "safety_fund_usd": "paid into the safety fund from mining",
    "years_of_safety_funded": "years of the safety programme that this funds",
    "reactor_years_at_power": "reactor-years at power",
    "offsite_power_losses_at_power": "losses of off-site power (LOOP) that meet units at power",
    "offsite_power_losses_in_shutdown": "losses of off-site power that meet the plant in shutdown",
    "decay_heat_peak_mw_at_loss": "highest decay heat at such a loss",
    "station_blackout_probability": "station blackout: a loss outlasts diesels and fuel",
    "diesel_hours": "hours on diesels",
    "diesel_hours_idle": "hours on diesels, plant idle",
    "decay_heat_peak_mw_at_loss_idle": "highest decay heat at a loss, plant idle",
    "station_blackout_probability_idle": "station blackout, plant idle",
    "plant_shortfall_mwh": "firm demand that the plant did not serve itself",
    "export_mwh_grid_only": "energy exported, grid only",
    "years_of_safety_funded_grid_only": "years of the safety programme, paid by grid only",
    "first_unit_years": "years until the first unit is on line",
}
_EXPOSURE: Final = (
    "reactor_years_at_power",
    "offsite_power_losses_at_power",
    "offsite_power_losses_in_shutdown",
    "decay_heat_peak_mw_at_loss",
    "station_blackout_probability",
    "diesel_hours",
)
# Idle means that no unit is at power, so these are nothing by definition.
_NOTHING_WHEN_IDLE: Final = frozenset({"reactor_years_at_power", "offsite_power_losses_at_power"})
# Only told where hours are linked; a zero would read as if it had been looked at.
_ONLY_LINKED: Final = frozenset({"unit_starts", "dumped_mwh"})
_UNITS: Final = {"irr": "share", "mine_irr": "share", "per_year": "share"}
_SAID_AGAIN: Final = frozenset({"kWh", "MWh", "MW", "kW", "TH/s", "EH/s", "share", "probability"})
_COLUMNS: Final = ("mean", "p05", "p50", "p95")


def words(name: str) -> str:
    """A metric's name as people say it."""
    return WORDS.get(name, name.replace("_", " "))


def unit_of(study: ReportedStudy, name: str) -> str:
    """Unit of a metric; a rate of return is shown in percent."""
    return _UNITS.get(name, str(study.summary.get(name, {}).get("unit") or ""))


def _said(study: ReportedStudy, name: str, column: str = "p50") -> str:
    return quantity(figure_of(study, name, column), unit_of(study, name))


def _between(study: ReportedStudy, name: str) -> str:
    return f"nine paths in ten: {_said(study, name, 'p05')} to {_said(study, name, 'p95')}"


def _money_card(study: ReportedStudy, title: str, name: str, chance: str, more: str) -> Card:
    sentences = [
        f"Median of {decimal(study.paths, 0)} paths; {_between(study, name)}.",
        f"A gain in {percent(study.probability_of_gain.get(chance))} of the paths.",
    ]
    mean, rest = figure_of(study, name, "mean"), mean_without_best(metric(study, name))
    if mean is not None and rest is not None:
        sentences.append(
            f"The mean is {quantity(mean, 'USD')}; without the best 5{SPACE}% of paths it would "
            f"be {quantity(rest, 'USD')}."
        )
    return Card(title, _said(study, name), (*sentences, more))


def headline_cards(study: ReportedStudy) -> tuple[Card, ...]:
    """Key figures: exposure first, then restarting and mining, and only then their sum."""
    cards = []
    if figure_of(study, "reactor_years_at_power", "mean") is not None:
        sentences = ["Mean of the paths. In cold shutdown there would be none."]
        if figure_of(study, "offsite_power_losses_at_power", "mean") is not None:
            losses = _said(study, "offsite_power_losses_at_power", "mean")
            sentences.append(
                f"Losses of off-site power that meet a unit at power: {losses} on average; "
                f"{_between(study, 'offsite_power_losses_at_power')}."
            )
        if figure_of(study, "station_blackout_probability", "mean") is not None:
            blackout = _said(study, "station_blackout_probability", "mean")
            sentences.append(
                f"Station blackout, a loss that outlasts diesels and fuel: {blackout}."
            )
        years = quantity(figure_of(study, "reactor_years_at_power", "mean"), "")
        cards.append(Card("Exposure added", f"{years}{SPACE}reactor-years", tuple(sentences)))
    elif figure_of(study, "unserved_firm_mwh", "mean") is not None:
        sentence = f"Mean of the paths; {_between(study, 'unserved_firm_mwh')}."
        cards.append(
            Card("Firm demand unserved", _said(study, "unserved_firm_mwh", "mean"), (sentence,))
        )
    cards.append(
        _money_card(
            study,
            f"Value of {running_word(study.summary)}",
            "value_of_restarting_usd",
            "restarting",
            "Selling to the grid only, against leaving the plant idle.",
        )
    )
    cards.append(
        _money_card(
            study,
            "Value of mining",
            "npv_gain_over_grid_only_usd",
            "mining",
            _mine_alone(study) + flip_sentence(study),
        )
    )
    cards.append(
        _money_card(
            study,
            "Both together",
            "npv_gain_over_idle_usd",
            "over_idle",
            "Path by path the sum of the two before it; medians need not add up."
            + _npv_sentence(study),
        )
    )
    return tuple(cards)


def _mine_alone(study: ReportedStudy) -> str:
    """Whether the mine by itself pays back: what the run has above the same plant selling to the grid."""
    known = study.summary.get("mine_payback_years", {})
    if not known:
        return ""
    share = float(known.get("share_defined") or 0.0)
    text = f"What the mine costs comes back, undiscounted, on {percent(share)} of the paths"
    mean = figure_of(study, "mine_payback_years", "mean")
    if mean is not None:
        text += f", on these after {quantity(mean, 'years')} in the mean"
    return f"{text}. "


def flip_sentence(study: ReportedStudy) -> str:
    """Whether the answer depends on the coin's price rising."""
    if study.flip is None:
        return "Against the same restarts selling to the grid only."
    flip = study.flip
    value = quantity(flip.get("value_of_mining_p50_usd_without_price_growth"), "USD")
    given = quantity(flip.get("value_of_mining_p50_usd"), "USD")
    chance = percent(flip.get("probability_of_gain_without_price_growth"))
    turns = "turns" if flip.get("flips") else "holds"
    before = flip.get("probability_of_gain")
    against = f", not {percent(before)}" if before is not None else ""
    return (
        f"The answer {turns} with the median of the coin's price held flat (its mean still rises): median "
        f"{value} against {given} on the same {decimal(float(flip['paths']), 0)} paths, a gain in "
        f"{chance}{against}."
    )


def _npv_sentence(study: ReportedStudy) -> str:
    """How often all that is spent comes back with interest."""
    told = []
    for name, words_ in (("npv_usd", "with the mine"), ("npv_grid_only_usd", "with grid only")):
        values = metric(study, name)
        if values.size:
            told.append(f"{percent(float((values > 0.0).mean()))} of the paths {words_}")
    return f" Net present value is above zero on {' and '.join(told)}." if told else ""


def money_sentence(study: ReportedStudy) -> str:
    """In which money a study counts, and when and at which rate it is discounted."""
    money = getattr(study, "facts", {}).get("money") or "real money"
    return (
        f"{money}, after tax and before financing; present values at the scenario's discount rate on "
        f"{study.start.isoformat()}."
    )


def exposure_table(study: ReportedStudy) -> Table:
    """What the plant adds to people's exposure, beside grid only and leaving it idle."""
    rows = []
    for name in _EXPOSURE:
        if name not in study.summary:
            continue
        # Of what happens or does not, only the share of the paths says anything.
        columns = _COLUMNS[:1] if name.endswith("probability") else _COLUMNS
        cells = [_said(study, name, column) for column in columns]
        cells += ["–"] * (len(_COLUMNS) - len(cells))
        # Grid only has the same restarts and meets the same events.
        rows.append((words(name), *cells, _said(study, name, "mean"), _exposure_idle(study, name)))
    name = "unserved_firm_mwh"
    if name in study.summary:
        cells = [_said(study, name, column) for column in _COLUMNS]
        others = (_said(study, f"{name}_{case}", "mean") for case in ("grid_only", "idle"))
        rows.append((words(name), *cells, *others))
    return Table(
        f"Over {study.years} years, {decimal(study.paths, 0)} paths; a dash where there is no "
        f"figure",
        ("", "mean", "p05", "median", "p95", "grid only, mean", "left idle, mean"),
        tuple(rows),
    )


def _exposure_idle(study: ReportedStudy, name: str) -> str:
    """Mean of an exposure with the plant left idle; a dash where the study does not say."""
    if name in _NOTHING_WHEN_IDLE:
        return quantity(0.0, unit_of(study, name))
    if name == "offsite_power_losses_in_shutdown":
        # Idle, every loss meets the plant in shutdown.
        parts = [figure_of(study, n, "mean") for n in (name, "offsite_power_losses_at_power")]
        known = [part for part in parts if part is not None]
        return quantity(sum(known), unit_of(study, name)) if len(known) == len(parts) else "–"
    return _said(study, f"{name}_idle", "mean")


def metrics_table(study: ReportedStudy) -> Table:
    """Every metric of the study."""
    rows = []
    for name, figures in study.summary.items():
        if name in _ONLY_LINKED and not figures.get("mean"):
            continue
        unit = str(figures.get("unit") or "")
        # The unit has its own column; only multiples of watts and hashes, and percent, say it.
        shown = unit_of(study, name)
        shown = shown if shown in _SAID_AGAIN else ""
        columns = (quantity(figure_of(study, name, c), shown) for c in ("p05", "p50", "p95"))
        rows.append(
            (
                words(name),
                name,
                unit or "–",
                quantity(figure_of(study, name, "mean"), shown),
                quantity(figure_of(study, name, "mean_se"), shown, digits=2),
                *columns,
                percent(figure_of(study, name, "share_defined")),
            )
        )
    return Table(
        "Quantiles count a path without a value as the worst; mean over the others",
        ("metric", "name", "unit", "mean", "error of mean", "p05", "median", "p95", "defined"),
        tuple(rows),
    )


def is_assumed(source: str) -> bool:
    """Whether a source line says that its figure is an assumption."""
    return source.strip().lower().startswith("assumed")


def made_rows(study: ReportedStudy) -> tuple[tuple[str, str], ...]:
    """How the study was made: what someone needs to get the same bytes again."""
    return (
        ("program", f"baseload {study.version}"),
        ("scenario, SHA-256", study.scenario_sha256),
        ("seed", str(study.seed)),
        ("paths", decimal(study.paths, 0)),
        ("start", study.start.isoformat()),
        ("years", str(study.years)),
        ("representative path", str(study.representative_path)),
        ("certificate", _certificate(study)),
        ("books", _books(study)),
    )


def _certificate(study: ReportedStudy) -> str:
    """What came of holding weeks against linear programmes; older studies have nothing of it."""
    found = getattr(study, "certificate", None)
    if not found:
        return "none asked for"
    if found["reason"] is not None:
        return f"none: {found['reason']}"
    if found.get("hours_are_linked"):
        return (
            f"{found['weeks']} weeks of paths beside programmes that know all hours ahead: "
            f"at most {found['mean_relative_gap']:.2%} more on average, "
            f"{found['largest_relative_gap']:.2%} in the worst week; "
            f"{found['mean_gap_of_foreseen_trips']:.2%} of it for trips that nobody foresees"
        )
    return (
        f"{found['weeks']} weeks of paths solved as linear programmes, "
        f"largest relative gap {found['largest_relative_gap']:.1g}"
    )


def _books(study: ReportedStudy) -> str:
    """What came of making the books of the path shown again from its hours."""
    found = getattr(study, "accounts", None)
    if not found:
        return "not made again"
    if found["reason"] is not None:
        return f"not made again: {found['reason']}"
    return (
        f"{decimal(float(found['entries']), 0)} entries of path {found['path']} made again from its hours, "
        "every one the same to the cent; on every path, sums of energy and cash are checked"
    )
