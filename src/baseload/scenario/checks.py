"""Checks that need more than one section: names that must exist, files, dates, what can run at all."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from baseload.clock import Horizon, hour_of, nearest_month_start
from baseload.demand.profiles import load_shapes
from baseload.distributions import Distribution, DistributionError
from baseload.errors import Fault, nearest, raise_all
from baseload.fields import Bounds
from baseload.fleet.catalogue import machines
from baseload.grid.price_profiles import price_shapes
from baseload.profile_file import read_profile
from baseload.scenario.locate import KeyPath, Places
from baseload.scenario.processes import PROCESSES
from baseload.scenario.read import fault_at
from baseload.scenario.schema import ScenarioDocument

HOURS_PER_MONTH = 730.5
MOST_PROJECTS = 60
HIGHEST_POWER_PRICE = 1_000_000.0

Finding = tuple[KeyPath, str, str, str]  # path, found, allowed, nearest


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
        *_names(model),
        *_sizes(model),
        *_files(model, folder),
        *_correlations(model),
    ]
    if not findings:
        findings = list(_can_run(model))
    faults: list[Fault] = []
    for path, found, allowed, near in findings:
        faults.append(
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
        )
    raise_all(faults)


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
    if model.start.day != 1:
        yield (
            ("start",),
            f"{model.start}",
            "the first day of a month",
            f"{nearest_month_start(model.start)}",
        )
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
        yield (
            ("start",),
            f"{model.start}",
            f"a day from {first}, where the shipped past begins, or a file in network.history",
            "",
        )
    if (model.start - model.network.snapshot).days > 20 * 366:
        yield (
            ("start",),
            f"{model.start}",
            f"at most 20 years after the snapshot ({model.network.snapshot})",
            "",
        )


def _one_of(path: KeyPath, name: str, names: Collection[str], what: str) -> Iterator[Finding]:
    if name not in names:
        listed = ", ".join(sorted(names)[:8]) + (", ..." if len(names) > 8 else "")
        yield (
            path,
            f"'{name}'",
            f"{what}: {listed}" if names else f"{what}, of which there is none",
            nearest(name, names),
        )


def _names(model: ScenarioDocument) -> Iterator[Finding]:
    plant = model.plant
    projects = [project.name for project in plant.projects]
    for index, unit in enumerate(plant.units):
        if unit.restart is not None:
            for key in ("needs", "work_needs"):
                for place, name in enumerate(getattr(unit.restart, key)):
                    yield from _one_of(
                        ("plant", "units", index, "restart", key, place),
                        name,
                        projects,
                        "a project of the plant",
                    )
    for index, line in enumerate(model.grid.lines):
        for place, name in enumerate(line.needs):
            yield from _one_of(
                ("grid", "lines", index, "needs", place), name, projects, "a project of the plant"
            )
    for index, batch in enumerate(model.fleet):
        yield from _one_of(
            ("fleet", index, "model"), batch.model, machines(), "a machine of the catalogue"
        )
        for place, name in enumerate(batch.needs):
            yield from _one_of(
                ("fleet", index, "needs", place), name, projects, "a project of the plant"
            )
    yield from _one_of(
        ("grid", "price", "profile"), model.grid.price.profile, price_shapes(), "a built-in profile"
    )
    regulators = {licence.regulator for unit in plant.units for licence in unit.licences}
    if plant.governing_licence is not None:
        yield from _one_of(
            ("plant", "governing_licence"),
            plant.governing_licence,
            regulators,
            "a regulator that gave a licence",
        )
    for what, names in (
        ("demand", [demand.name for demand in model.demand]),
        ("fleet", [batch.name for batch in model.fleet if batch.name]),
    ):
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (what, index, "name"), f"'{name}' a second time", "a name of its own", ""
    lines = [line.name for line in model.grid.lines]
    for index, name in enumerate(lines):
        if name in lines[:index]:
            yield (
                ("grid", "lines", index, "name"),
                f"'{name}' a second time",
                "a name of its own",
                "",
            )


def _sizes(model: ScenarioDocument) -> Iterator[Finding]:
    gross = sum(unit.gross_mw.support()[1] for unit in model.plant.units)
    for index, unit in enumerate(model.plant.units):
        if unit.gross_mw.support()[1] > 1e6 or not math.isfinite(unit.gross_mw.support()[1]):
            yield (
                ("plant", "units", index, "gross_mw"),
                unit.gross_mw.describe(),
                "at most 1,000,000 [MW] on every draw",
                "",
            )
    mine = sum(batch.mine_mw.support()[1] for batch in model.fleet if batch.enabled)
    if mine > gross:
        largest = max(range(len(model.fleet)), key=lambda i: model.fleet[i].mine_mw.support()[1])
        yield (
            ("fleet", largest, "mine_mw"),
            f"{mine:g} MW of mine together",
            f"at most the gross ratings of the units, {gross:g} [MW]",
            "",
        )
    if len(model.plant.projects) > MOST_PROJECTS:
        yield (
            ("plant", "projects"),
            f"{len(model.plant.projects)} projects",
            f"at most {MOST_PROJECTS}",
            "",
        )
    for index, batch in enumerate(model.fleet):
        shape = batch.lifetime_years.support()[0]
        if batch.replace != "never" and shape < batch.lead_months.support()[0] / 12.0:
            yield (
                ("fleet", index, "lifetime_years"),
                batch.lifetime_years.describe(),
                "longer than lead_months, if machines are replaced [years]",
                "",
            )


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
            if "." not in demand.profile and "/" not in demand.profile:
                yield from _one_of(
                    ("demand", index, "profile"),
                    demand.profile,
                    load_shapes(),
                    "a built-in shape, or the path of a CSV file",
                )
            else:
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
    from baseload.draws import correlation_from

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
        ready = max(ready, earliest_limit)
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
    if unit.state == "running":
        return 0.0, ""
    if unit.restart is None:
        return 0.0, "shut, without a restart"
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
    drift = getattr(process, "drift_per_year", None)
    median = getattr(process, "median_growth_per_year", None)
    volatility = getattr(process, "volatility_per_year", None)
    if drift is not None:
        return math.exp(drift.quantile(0.5)) - 1.0
    if median is None or volatility is None or hasattr(process, "half_life_years"):
        return None
    sigma = volatility.quantile(0.5)
    return (1.0 + float(median.quantile(0.5))) * math.exp(0.5 * sigma * sigma) - 1.0
