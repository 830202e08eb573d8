"""What the processes of a scenario mean at its start, after 1 and 5 years and at its end."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from baseload.cli.middle import mean, median
from baseload.clock import DAYS_PER_YEAR
from baseload.grid import outlook as grid_outlook
from baseload.network import outlook as network_outlook
from baseload.network.history import replay_days
from baseload.network.history_file import read_history_file
from baseload.network.snapshot import snapshot_on
from baseload.scenario.checks import mean_growth_per_year

if TYPE_CHECKING:
    from baseload.scenario.schema import ScenarioDocument

Value = TypeVar("Value")


class Loaded(Protocol):
    """A scenario, as far as its outlook reads it."""

    @property
    def model(self) -> ScenarioDocument: ...
    @property
    def file(self) -> str | Path | None: ...


@dataclass(frozen=True)
class Row:
    """One quantity over the times of an outlook; None where it is replayed or comes from a file."""

    name: str
    what: str
    unit: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Outlook:
    """What the processes mean.

    Attributes
    ----------
    money : str
        Whether prices are real or nominal, and of when.
    years : tuple of float
        Times from the start of the study. [years]
    rows : tuple of Row
    notes, warnings : tuple of str
    """

    money: str
    years: tuple[float, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


def outlook_of(scenario: Loaded) -> Outlook:
    """The outlook of a scenario, each uncertain parameter at its median.

    Parameters
    ----------
    scenario : Loaded
        A valid scenario.
    """
    model = scenario.model
    years = tuple(sorted({0.0, 1.0, 5.0, float(model.years)} - _beyond(model.years)))
    kind = "nominal" if "nominal" in model.money.lower() else "real"
    money = f"{model.money} ({kind})" if kind not in model.money.lower() else model.money
    coin = _coin(scenario, years)
    rows = (
        *_pair("bitcoin", "USD", coin),
        *_network_rows(model, years),
        *_power_rows(model, years),
    )
    notes = [
        f"Prices are in {money}. Uncertain parameters stand at their median, so the mean over "
        f"all of them differs.",
    ]
    if any(level is None for level in coin):
        notes.append(f"A dash: before {model.network.snapshot} the network's past is replayed.")
    if model.grid.price.file is not None:
        notes.append(f"The price of power comes from {model.grid.price.file}.")
    elif model.grid.price.caps or model.grid.price.floors:
        notes.append("The price of power is meant before its caps and floors.")
    return Outlook(money, years, rows, tuple(notes), _growth_warning(model, years, coin))


def _beyond(last: int) -> set[float]:
    return {time for time in (1.0, 5.0) if time > last}


def _pair(name: str, unit: str, levels: list[network_outlook.Level | None]) -> tuple[Row, Row]:
    means = tuple(None if level is None else level.mean for level in levels)
    medians = tuple(None if level is None else level.median for level in levels)
    return Row(name, "mean", unit, means), Row(name, "median", unit, medians)


def _since_snapshot(model: ScenarioDocument, years: float) -> float:
    """Years from the snapshot to a time of the study; below 0 where the past is replayed."""
    ahead = (model.start - model.network.snapshot).days / DAYS_PER_YEAR
    return ahead + years


def _by_time(
    model: ScenarioDocument, years: tuple[float, ...], value: Callable[[float], Value]
) -> list[Value | None]:
    since = [_since_snapshot(model, time) for time in years]
    return [value(time) if time >= 0.0 else None for time in since]


def _coin(scenario: Loaded, years: tuple[float, ...]) -> list[network_outlook.Level | None]:
    network = scenario.model.network
    price = _price_at_snapshot(scenario)
    returns = _returns(scenario)

    def level(since: float) -> network_outlook.Level:
        on = network.snapshot + timedelta(days=round(since * DAYS_PER_YEAR))
        return network_outlook.coin_price(network.price_usd, price, since, on, returns, median)

    return _by_time(scenario.model, years, level)


def _folder(scenario: Loaded) -> Path:
    return Path(scenario.file).parent if scenario.file is not None else Path()


def _price_at_snapshot(scenario: Loaded) -> float:
    """The shipped price, or the last one of the user's own history where that is replayed."""
    model = scenario.model
    network = model.network
    if network.history is None or model.start > network.snapshot:
        return snapshot_on(network.snapshot).price_usd
    days = replay_days(model.start, network.snapshot, _folder(scenario) / network.history)
    return float(days.price_usd[-1])


def _returns(scenario: Loaded) -> tuple[float, ...]:
    """Daily log returns of the history that a bootstrap draws from; else none."""
    bootstrap = scenario.model.network.price_usd.bootstrap
    if bootstrap is None:
        return ()
    days = read_history_file(_folder(scenario) / bootstrap.file)
    logs = [math.log(days[day].price_usd) for day in sorted(days)]
    return tuple(later - earlier for earlier, later in pairwise(logs))


def _network_rows(model: ScenarioDocument, years: tuple[float, ...]) -> list[Row]:
    network = model.network
    rows = [
        *_pair(
            "fees",
            "BTC/block",
            _by_time(model, years, lambda t: network_outlook.fees_of(network, t, median)),
        ),
        Row(
            "frontier machine",
            "",
            "J/TH",
            tuple(
                _by_time(
                    model, years, lambda t: network_outlook.frontier_of(network.frontier, t, median)
                )
            ),
        ),
    ]
    if network.rest_of_network == "exogenous":
        now = snapshot_on(network.snapshot).network_hash_rate_eh_per_s
        rest = _by_time(
            model,
            years,
            lambda t: network_outlook.exogenous_rest(network.exogenous, now, t, median),
        )
        rows += _pair("rest of network", "EH/s", rest)
    return rows


def _power_rows(model: ScenarioDocument, years: tuple[float, ...]) -> list[Row]:
    levels = [grid_outlook.price_of(model.grid.price, time, median, mean) for time in years]
    if any(level is None for level in levels):
        return []
    found = [level for level in levels if level is not None]
    return [
        Row("power", "mean", "USD/MWh", tuple(level.mean for level in found)),
        Row("power", "median", "USD/MWh", tuple(level.median for level in found)),
    ]


def _growth_warning(
    model: ScenarioDocument,
    years: tuple[float, ...],
    coin: list[network_outlook.Level | None],
) -> tuple[str, ...]:
    """A mean that grows faster than it is discounted makes holding coins worth more than money.

    A process with a growth of its own is warned of when the scenario is loaded.
    """
    process = model.network.price_usd
    if mean_growth_per_year(getattr(process, process.kind)) is not None:
        return ()
    known = [
        (time, level.mean) for time, level in zip(years, coin, strict=True) if level is not None
    ]
    if len(known) < 2:
        return ()
    (first, now), (last, then) = known[0], known[-1]
    growth = network_outlook.mean_growth(now, then, last - first)
    rate = median(model.finance.discount_rate)
    if growth <= rate:
        return ()
    return (
        f"the mean price of a bitcoin grows by {100 * growth:.3g} % a year, faster than the "
        f"discount rate of {100 * rate:.3g} %: on average a coin kept is worth more than one sold, "
        f"and few very good paths carry the mean of every value; read medians",
    )
