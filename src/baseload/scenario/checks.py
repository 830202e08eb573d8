"""Checks that need more than one section: names that must exist, files, dates, what can run at all."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from baseload.clock import HOURS_PER_MONTH, Horizon, hour_of
from baseload.demand.profiles import load_shapes
from baseload.distributions import Distribution, DistributionError
from baseload.errors import Fault, nearest, raise_all
from baseload.fields import Bounds
from baseload.fleet.schema import Batch
from baseload.plant.schema import Limit
from baseload.profile_file import read_profile
from baseload.scenario.locate import KeyPath, Places
from baseload.scenario.magnitudes import magnitude_findings
from baseload.scenario.processes import PROCESSES
from baseload.scenario.read import fault_at
from baseload.scenario.references import Finding
from baseload.scenario.schema import ScenarioDocument

HIGHEST_POWER_PRICE = 1_000_000.0
FARTHEST_START_DAYS = 20 * 366


def check(
    model: ScenarioDocument,
    document: dict[str, Any],
    places: Places | None,
    file: str | None,
    changed: Collection[KeyPath],
    folder: Path,
) -> None:
    """Raise InputError with every fault between sections."""
    findings = [
        *_dates(model),
        *magnitude_findings(model),
        *_files(model, folder),
        *_correlations(model),
    ]
    if not findings:
        findings = list(_can_run(model))
    raise_all(faults_of(findings, document, places, file, changed))


def faults_of(
    findings: Iterable[Finding],
    document: dict[str, Any],
    places: Places | None,
    file: str | None,
    changed: Collection[KeyPath],
) -> list[Fault]:
    """Findings with the places they have in the file."""
    return [
        fault_at(
            _existing(document, path),
            document=document,
            places=places,
            file=file,
            overridden=changed,
            found=found,
            allowed=allowed,
            nearest=near,
        )
        for path, found, allowed, near in findings
    ]


def _existing(document: Any, path: KeyPath) -> KeyPath:
    """The part of a path that the document has: a default has no place of its own."""
    here = document
    kept: list[str | int] = []
    for part in path:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        kept.append(part)
    return tuple(kept)


def _dates(model: ScenarioDocument) -> Iterator[Finding]:
    from baseload.network.history import first_day_of_history, last_day_of_history

    first, last = first_day_of_history(), last_day_of_history()
    if not first <= model.network.snapshot <= last:
        yield (
            ("network", "snapshot"),
            f"{model.network.snapshot}",
            f"a day from {first} to {last}",
            "",
        )
    if model.start < first and model.network.history is None:
        allowed = f"a day from {first}, where the shipped past begins, or a file in network.history"
        yield ("start",), f"{model.start}", allowed, ""
    if (model.start - model.network.snapshot).days > FARTHEST_START_DAYS:
        allowed = f"at most 20 years after the snapshot ({model.network.snapshot})"
        yield ("start",), f"{model.start}", allowed, ""


def _files(model: ScenarioDocument, folder: Path) -> Iterator[Finding]:
    try:
        horizon = Horizon(model.start, model.years)
    except ValueError:
        return
    profiles: list[tuple[KeyPath, str, float, float | None]] = []
    for index, unit in enumerate(model.plant.units):
        if isinstance(unit.availability, str):
            profiles.append(
                (("plant", "units", index, "availability"), unit.availability, 0.0, 1.0)
            )
    for index, demand in enumerate(model.demand):
        if demand.profile is not None and demand.profile not in load_shapes():
            profiles.append((("demand", index, "profile"), demand.profile, 0.0, None))
    if model.grid.price.file is not None:
        profiles.append(
            (
                ("grid", "price", "file"),
                model.grid.price.file,
                -HIGHEST_POWER_PRICE,
                HIGHEST_POWER_PRICE,
            )
        )
    for path, name, low, high in profiles:
        try:
            read_profile(folder / name, horizon, low, high)
        except (OSError, ValueError) as error:
            yield path, f"'{name}': {_said(error)}", "a CSV file of hourly values without gaps", ""
    histories: list[tuple[KeyPath, str | None]] = [(("network", "history"), model.network.history)]
    bootstrap = model.network.price_usd.bootstrap
    if bootstrap is not None:
        histories.append((("network", "price_usd", "bootstrap", "file"), bootstrap.file))
    from baseload.network.history import replay_days
    from baseload.network.history_file import read_history_file

    for path, given in histories:
        if given is None:
            continue
        last = min(model.network.snapshot, horizon.end - timedelta(days=1))
        try:
            if path[-1] == "file":
                if len(read_history_file(folder / given)) < 3:
                    yield (
                        path,
                        f"'{given}' with fewer than three days",
                        "at least three days of prices",
                        "",
                    )
            elif model.start <= last:
                replay_days(model.start, last, folder / given)
        except (OSError, ValueError) as error:
            yield (
                path,
                f"'{given}': {_said(error)}",
                "a CSV file with the columns date, price_usd, fees_btc_per_block",
                "",
            )


def _said(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def uncertain_addresses(model: ScenarioDocument) -> list[str]:
    """Addresses of the numbers that are drawn once per path and do not stand fixed."""
    return sorted(_uncertain(model, "", False))


def _uncertain(value: Any, address: str, per_event: bool) -> Iterator[str]:
    if isinstance(value, Distribution):
        if not (per_event or value.is_fixed):
            yield address
    elif isinstance(value, BaseModel):
        for key, field in type(value).model_fields.items():
            name = field.alias or key
            each = any(isinstance(mark, Bounds) and mark.per_event for mark in field.metadata)
            yield from _uncertain(
                getattr(value, key), f"{address}.{name}" if address else name, each
            )
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, Batch) and not item.enabled:
                continue  # nothing is drawn for a hall that is switched off
            name = getattr(item, "name", "")
            yield from _uncertain(
                item, f"{address}[{name}]" if name else f"{address}.{index}", per_event
            )


def _correlations(model: ScenarioDocument) -> Iterator[Finding]:
    """Pairs that exist, numbers from -1 to 1, and correlations that can hold together."""
    if not model.correlations:
        return
    numbers = uncertain_addresses(model)
    groups: dict[bool, dict[tuple[str, str], float]] = {False: {}, True: {}}
    sound = True
    for pair, rho in model.correlations.items():
        path = ("correlations", pair)
        parts = [part.strip() for part in pair.split("~")]
        if len(parts) != 2 or not all(parts):
            yield path, f"'{pair}'", "two addresses with ~ between them", ""
            sound = False
            continue
        kinds = [part in PROCESSES for part in parts]
        unknown = [part for part in parts if part not in PROCESSES and part not in numbers]
        for part in unknown:
            allowed = f"an uncertain number drawn once per path, or a daily process ({', '.join(PROCESSES)})"
            yield path, f"'{part}'", allowed, nearest(part, [*numbers, *PROCESSES])
        if any(kinds) and not all(kinds) and not unknown:
            yield (
                path,
                f"a process with '{parts[kinds.index(False)]}'",
                "two daily processes, or two numbers",
                "",
            )
        if unknown or (any(kinds) and not all(kinds)):
            sound = False
            continue
        groups[kinds[0]][parts[0], parts[1]] = rho
    if not sound:
        return
    from baseload.copula import correlation_from

    for is_process, pairs in groups.items():
        try:
            correlation_from(pairs, list(PROCESSES) if is_process else numbers)
        except DistributionError as error:
            yield ("correlations",), error.found, error.allowed, error.nearest or ""


def _can_run(model: ScenarioDocument) -> Iterator[Finding]:
    """A horizon in which no unit can ever run is a mistake, whatever is drawn."""
    plant = model.plant
    horizon = Horizon(model.start, model.years)
    earliest_limit = _earliest_allowed(model, horizon)
    reasons: list[str] = []
    for unit in plant.units:
        ready, reason = _earliest_ready(model, unit.name, horizon)
        if reason:
            reasons.append(f"{unit.name}: {reason}")
            continue
        ready = _allowed_from(plant.limits, horizon, max(ready, earliest_limit))
        end = min(
            horizon.hours,
            hour_of(horizon, unit.end_of_life_on) if unit.end_of_life_on else horizon.hours,
        )
        if ready >= end:
            reasons.append(f"{unit.name}: not before the end of the horizon or of its life")
            continue
        if plant.governing_licence is not None and not any(
            licence.regulator == plant.governing_licence
            and licence.allows == "operation"
            and hour_of(horizon, licence.from_on) < end
            and (licence.until_on is None or hour_of(horizon, licence.until_on) > ready)
            for licence in unit.licences
        ):
            reasons.append(
                f"{unit.name}: no licence to operate from {plant.governing_licence} then"
            )
            continue
        return
    yield (
        ("plant", "units"),
        "no unit that can run within the horizon (" + "; ".join(reasons[:6]) + ")",
        "at least one",
        "",
    )


def _low(distribution: Distribution) -> float:
    return distribution.support()[0]


def _earliest_ready(model: ScenarioDocument, name: str, horizon: Horizon) -> tuple[float, str]:
    """First hour on which a unit could be synchronised if every draw were the shortest, or why never."""
    plant = model.plant
    unit = next(unit for unit in plant.units if unit.name == name)
    if not unit.enabled:
        return 0.0, "not enabled"
    if plant.site_limit_mw is not None and plant.site_limit_mw.support()[1] <= 0.0:
        return 0.0, "site_limit_mw is 0"
    if isinstance(unit.availability, list) and not any(unit.availability):
        return 0.0, "availability is 0 in every month"
    if unit.state == "running":
        return 0.0, ""
    if unit.restart is None:
        return 0.0, "shut, without a restart"
    if unit.restart.returns.support()[1] <= 0.0:
        return 0.0, "never returns"
    factor = _low(plant.common_time_factor)
    done = {
        project.name: hour_of(horizon, project.starts)
        + _low(project.months) * factor * HOURS_PER_MONTH
        for project in plant.projects
    }
    start = max(0, hour_of(horizon, unit.restart.earliest)) if unit.restart.earliest else 0
    begin = max([float(start), *(done[need] for need in unit.restart.work_needs)])
    end = begin + _low(unit.restart.months) * factor * HOURS_PER_MONTH
    return max([end, *(done[need] for need in unit.restart.needs)]), ""


def _earliest_allowed(model: ScenarioDocument, horizon: Horizon) -> float:
    """First hour on which any unit is allowed to run at all."""
    plant = model.plant
    allowing = [project for project in plant.projects if (project.allows.units or 0) > 0]
    limited = any(project.allows.units is not None for project in plant.projects)
    if limited and not allowing:
        return math.inf
    if not limited:
        return 0.0
    factor = _low(plant.common_time_factor)
    return min(
        max(0.0, hour_of(horizon, project.starts) + _low(project.months) * factor * HOURS_PER_MONTH)
        for project in allowing
    )


def _allowed_from(limits: Sequence[Limit], horizon: Horizon, ready: float) -> float:
    """First hour from `ready` on in which the dated limits let anything run; infinite if never."""
    units: int | None = None
    most_mw = math.inf
    allowed_since = -math.inf  # infinite while nothing may run
    for limit in sorted(limits, key=lambda limit: limit.from_on):
        begins = hour_of(horizon, limit.from_on)
        if begins > ready and allowed_since < math.inf:
            return max(ready, allowed_since)
        units = units if limit.units is None else limit.units
        most_mw = most_mw if limit.mw is None else limit.mw.support()[1]
        if units == 0 or most_mw <= 0.0:
            allowed_since = math.inf
        elif allowed_since == math.inf:
            allowed_since = begins
    return max(ready, allowed_since)


def warnings_of(model: ScenarioDocument) -> tuple[str, ...]:
    """What holds with a caveat."""
    found: list[str] = []
    net = sum(unit.net_mw.quantile(0.5) for unit in model.plant.units)
    mine = sum(batch.mine_mw.quantile(0.5) for batch in model.fleet if batch.enabled)
    if mine > net:
        found.append(
            f"the mine ({mine:,.0f} MW) is larger than the units' net power ({net:,.0f} MW): it never runs in full"
        )
    if not model.transitions:
        found.append(
            f"assumes {model.years} years of {model.phase} without relapse: no transitions between phases are stated"
        )
    if "dispatch" in model.model_fields_set and not model.plant.links_hours:
        found.append(
            "[dispatch] has no effect: no unit has a ramp, a minimum stable power, minimum times or a"
            " cost of starting"
        )
    process = getattr(model.network.price_usd, model.network.price_usd.kind)
    rate = model.finance.discount_rate.quantile(0.5)
    growth = mean_growth_per_year(process)
    if growth is not None and growth > rate:
        found.append(
            f"the coin's price grows by {growth:.1%} a year in the mean, above the discount rate of {rate:.1%}:"
            " a coin held is worth more than any other use of the money"
        )
    return tuple(found)


def mean_growth_per_year(process: Any) -> float | None:
    """Growth of the mean of a geometric process at the median of its parameters; None for others."""

    def middle(key: str) -> float:
        return float(getattr(process, key).quantile(0.5))

    if getattr(process, "drift_per_year", None) is not None:
        return math.exp(middle("drift_per_year")) - 1.0
    if not hasattr(process, "drift_per_year"):
        return None
    log_growth = (
        math.log1p(middle("median_growth_per_year")) + 0.5 * middle("volatility_per_year") ** 2
    )
    if hasattr(process, "jumps_per_year"):
        # Jumps of log-mean m and spread s leave the median alone: the mean gains their convexity.
        mean, spread = middle("jump_mean"), middle("jump_volatility")
        log_growth += middle("jumps_per_year") * (math.exp(mean + 0.5 * spread**2) - 1.0 - mean)
    return math.exp(log_growth) - 1.0
