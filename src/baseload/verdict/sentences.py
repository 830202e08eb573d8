"""The verdict on a study in sentences made from its results: exposure first, then worth, then consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from baseload.units import human
from baseload.verdict.arrangements import chance_words, verdicts


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
    told = [
        ("exposure", _exposure(study)),
        ("people's power", _served(study)),
        ("restarting", _worth(study, "Restarting", "value_of_restarting_usd", "restarting")),
        ("mining", _worth(study, "Mining", "npv_gain_over_grid_only_usd", "mining")),
        ("price of the coin", _flip(study)),
        ("share of the network", _share(study)),
        ("consent", _consent(study)),
        ("likelihood", _likelihood(study)),
    ]
    return tuple((about, text) for about, text in told if text)


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
        text += f", {losses:,.2g} losses of off-site power that meet a unit at power"
    with_plan = _figure(study, "station_blackout_probability", "mean")
    idle = _figure(study, "station_blackout_probability_idle", "mean")
    if with_plan is not None and idle is not None:
        text += (
            f", and a loss outlasts diesels and fuel with probability {_chance(with_plan)}, where it "
            f"would be {_chance(idle)} with the plant left idle"
        )
    return text + ". No money is set against it."


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
    return (
        f"Firm demand left unserved {verb} from {human(idle, 'MWh')} with the plant idle to "
        f"{human(with_plan, 'MWh')} in the mean; the mine sheds first."
    )


def _worth(study: Judgeable, what: str, metric: str, chance: str) -> str:
    median = _figure(study, metric, "p50")
    share = study.probability_of_gain.get(chance)
    if median is None or share is None:
        return ""
    low, high = _figure(study, metric, "p05"), _figure(study, metric, "p95")
    if share >= 0.9:
        says = "is worth it"
    elif share <= 0.1:
        says = "is not worth it"
    elif median > 0.0:
        says = "is worth it more often than not, and not surely"
    else:
        says = "is more often than not a loss, and not surely"
    return (
        f"{what} {says}: {human(median, 'USD')} in the median of {study.paths:,} paths, a gain on "
        f"{_chance(share)} of them, nine in ten between {human(low, 'USD')} and {human(high, 'USD')}."
    )


def _flip(study: Judgeable) -> str:
    if study.flip is None:
        return ""
    value = human(study.flip["value_of_mining_p50_usd_without_price_growth"], "USD")
    share = _chance(study.flip["probability_of_gain_without_price_growth"])
    begin = "That turns" if study.flip["flips"] else "That does not turn"
    return (
        f"{begin} if the median of the coin's price does not grow: {value} in the median then, a gain "
        f"on {share} of the paths."
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
    worth = [
        one["name"]
        for one in accord["arrangements"]
        if one["name"] != accord["disagreement"] and one["standing"]["free"]["surplus_usd"] > 0.0
    ]
    text = f"Of {len(found)} arrangements beside {accord['disagreement']}, "
    if not worth:
        text += "none leaves the parties together better off"
    else:
        text += f"{len(worth)} would leave the parties together better off ({', '.join(worth)})"
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
        f"probability of {chance_words(found['probability']['value'])}, with "
        f"{chance_words(found['at_most'])} at the most if all its gates hung together; what binds most "
        f"is {found['gates'][0]['gate']}."
    )
