"""The verdict on a study in sentences made from its results: exposure first, then worth, then consent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Protocol

from baseload.summary import NOISE_ERRORS
from baseload.units import chance_words, human
from baseload.verdict.arrangements import verdicts, within_words
from baseload.verdict.causes import what_drives_it, what_would_have_to_change


class Judgeable(Protocol):
    """A study, as far as its verdict reads it."""

    @property
    def paths(self) -> int: ...
    @property
    def years(self) -> int: ...
    @property
    def summary(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def probability_of_gain(self) -> Mapping[str, float]: ...
    @property
    def flip(self) -> Mapping[str, Any] | None: ...


def verdict_of(study: Judgeable) -> tuple[tuple[str, str], ...]:
    """What a study says, each sentence with what it is about.

    Sentences that the study has no figures for are left out. Exposure of people comes first and no
    money is set against it; restarting and mining are told apart.
    """
    running = running_word(study.summary)
    told = [
        ("exposure", _exposure(study)),
        ("people's power", _served(study)),
        (running, _worth(study, running.capitalize(), "value_of_restarting_usd", "restarting")),
        ("mining", _worth(study, "Mining", "npv_gain_over_grid_only_usd", "mining")),
        ("what drives it", what_drives_it(study, running)),
        ("price of the coin", _flip(study)),
        ("what would have to change", what_would_have_to_change(study)),
        ("share of the network", _share(study)),
        ("consent", _consent(study)),
        ("likelihood", _likelihood(study)),
    ]
    return tuple((about, text) for about, text in told if text)


def running_word(summary: Mapping[str, Mapping[str, Any]]) -> str:
    """What grid only does and idle does not: "running" where a unit is on line from the first hour on."""
    first = summary.get("first_unit_years", {}).get("p95")
    return "running" if first == 0.0 else "restarting"


def _figure(study: Judgeable, name: str, column: str) -> float | None:
    value = study.summary.get(name, {}).get(column)
    return None if value is None else float(value)


def _chance(share: float) -> str:
    return human(share, "share")


def _exposure(study: Judgeable) -> str:
    years = _figure(study, "reactor_years_at_power", "mean")
    if years is None or years == 0.0:
        return ""
    text = (
        f"Against cold shutdown the plan adds {years:,.1f} reactor-years at power in {study.years} years "
        "on average"
    )
    losses = _figure(study, "offsite_power_losses_at_power", "mean")
    if losses is not None:
        text += (
            f", {losses:,.3g} losses of off-site power that meet a unit at power "
            f"({losses / years:,.2g} a reactor-year)"
        )
    blackout = _blackout(study)
    return f"{text}.{' ' if blackout else ''}{blackout} No money is set against it."


def _blackout(study: Judgeable) -> str:
    with_plan = _figure(study, "station_blackout_probability", "mean")
    idle = _figure(study, "station_blackout_probability_idle", "mean")
    if with_plan is None or idle is None:
        return ""
    text = f"A station blackout, a loss that outlasts diesels and fuel, has a probability of {_chance(with_plan)}"
    if with_plan != idle:
        text += f", with the plant left idle {_chance(idle)}"
    else:
        text += " with the plan and with the plant left idle alike, since losses and diesels are the same"
    heat = _figure(study, "decay_heat_peak_mw_at_loss", "p50")
    heat_idle = _figure(study, "decay_heat_peak_mw_at_loss_idle", "p50")
    if heat and heat_idle is not None:
        text += (
            f"; the heat to be removed is not: about {_about(heat)} against {_about(heat_idle)} at the "
            "worst loss of the middle path"
        )
    return text + "."


def _about(mw: float) -> str:
    """Power to the two digits that an order of magnitude has."""
    return human(float(f"{mw:.2g}"), "MW")


def _served(study: Judgeable) -> str:
    with_plan = _figure(study, "unserved_firm_mwh", "mean")
    idle = _figure(study, "unserved_firm_mwh_idle", "mean")
    if with_plan is None or idle is None:
        return ""
    if with_plan == idle:
        return (
            f"Firm demand left unserved is the same as with the plant idle: {human(idle, 'MWh')}."
        )
    verb = "falls" if with_plan < idle else "rises"
    before, after = _energies(idle, with_plan)
    return (
        f"Firm demand left unserved {verb} in the mean from {before} with the plant idle to "
        f"{after} in {study.years} years{_of_demand(study, idle, with_plan)}; the mine sheds first."
    )


def _worth(study: Judgeable, what: str, metric: str, chance: str) -> str:
    median = _figure(study, metric, "p50")
    share = study.probability_of_gain.get(chance)
    if median is None or share is None:
        return ""
    low, high = _figure(study, metric, "p05"), _figure(study, metric, "p95")
    mean = _figure(study, metric, "mean")
    if share >= 0.9:
        says = "is worth it"
    elif share <= 0.1:
        says = "is not worth it"
    elif abs(share - 0.5) <= NOISE_ERRORS * math.sqrt(0.25 / study.paths):
        says = "gains about as often as it loses"
    elif share > 0.5:
        says = "gains on most paths, not on all"
    else:
        says = "loses on most paths, not on all"
    return (
        f"{what} {says}: {human(median, 'USD')} in the median of {study.paths:,} paths, "
        f"{human(mean, 'USD')} in the mean, a gain on {_chance(share)} of them; nine paths in ten lie "
        f"between {human(low, 'USD')} and {human(high, 'USD')}."
    )


def _energies(*mwh: float) -> list[str]:
    """Figures of a sentence in one unit, so that they can be set beside each other."""
    if max(mwh) < 10_000.0:
        return [f"{one:,.0f} MWh" for one in mwh]
    return [f"{one / 1000.0:,.0f} GWh" for one in mwh]


def _of_demand(study: Judgeable, idle: float, with_plan: float) -> str:
    demand = _figure(study, "firm_demand_mwh", "mean")
    if not demand:
        return ""
    return f", {_chance(idle / demand)} and {_chance(with_plan / demand)} of what is asked for"


def _flip(study: Judgeable) -> str:
    if study.flip is None:
        return ""
    flip = study.flip
    value = human(flip["value_of_mining_p50_usd_without_price_growth"], "USD")
    share = _chance(flip["probability_of_gain_without_price_growth"])
    begin = "That turns" if flip["flips"] else "That does not turn"
    given = human(flip["value_of_mining_p50_usd"], "USD")
    chance = flip.get("probability_of_gain")
    against = "" if chance is None else f" against {_chance(chance)}"
    return (
        f"{begin} if the median of the coin's price is held flat, while its mean still rises with its "
        f"swings: {value} in the median then against {given} on the same {flip['paths']:,} paths, a gain "
        f"on {share} of them{against}."
    )


def _share(study: Judgeable) -> str:
    found: Mapping[str, Any] | None = getattr(study, "security", None)
    if not found:
        return ""
    told = [
        f"{one['threshold']} on {_chance(one['probability'])}"
        for one in found["thresholds"]
        if one["probability"] > 0.0
    ]
    if not told:
        return "In no hour does the mine pass a tenth of Bitcoin's hash rate."
    return f"For an hour at least the mine's share of Bitcoin's hash rate passes {', '.join(told)} of the paths."


def _consent(study: Judgeable) -> str:
    accord: Mapping[str, Any] | None = getattr(study, "accord", None)
    if not accord:
        return ""
    found = verdicts(accord)
    barred = accord["barred"]
    open_ones = [one for one in found if one.name not in barred]
    worth, open_yet = (
        [
            one["name"]
            for one in accord["arrangements"]
            if one["name"] != accord["disagreement"] and one["standing"]["together"]["says"] == says
        ]
        for says in ("gains", "cannot tell")
    )
    text = (
        f"Each party at its own discount rate and in the mean of {accord['paths']:,} paths, of {len(found)} "
        f"arrangements beside {accord['disagreement']} "
    )
    if not worth:
        text += "none leaves the parties together better off"
    else:
        text += f"{len(worth)} would leave the parties together better off ({', '.join(worth)})"
    if open_yet:
        text += f", and of {len(open_yet)} it cannot be told ({', '.join(open_yet)})"
    if not open_ones:
        return f"{text}, and every one is barred by a red line or by law as it stands."
    names = ", ".join(f"{one.name}: {one.headline}" for one in open_ones)
    return f"{text}; not barred: {names}."


def _likelihood(study: Judgeable) -> str:
    accord: Mapping[str, Any] | None = getattr(study, "accord", None)
    likely = [one for one in accord["arrangements"] if one["chances"]] if accord else []
    mining = [one for one in likely if one["chances"]["mines"]]
    if not mining:
        return ""
    best = max(mining, key=lambda one: one["chances"]["probability"]["value"])
    found = best["chances"]
    return (
        f"The likeliest arrangement with a mine, {best['name']}, mines by {found['by']} with a "
        f"probability of {chance_words(found['probability']['value'])}; that its gates all open "
        f"{within_words(found)} has at most one of {chance_words(found['at_most'])}, if they all hung "
        f"together; what binds most is {found['gates'][0]['gate']}."
    )
