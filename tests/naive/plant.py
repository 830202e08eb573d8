"""The plant, hour by hour: works first, then outages, then one small state a unit."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from tests.naive import Case
from tests.naive.phases import event_hour, hour_after_work, phase_by_hour, rates_by_hour

from baseload.clock import hour_of
from baseload.plant.schema import Licence, Unit

HOURS_PER_MONTH = 730.5
NEVER = 1 << 40

# Way, K., Wigner, E. P. (1948), https://doi.org/10.1103/PhysRev.73.1318, after two years at power.
YEARS_AT_POWER = 2.0


def decay_heat_share(seconds: float) -> float:
    """Decay heat over thermal power; the first ten seconds count as ten."""
    after = max(seconds, 10.0)
    operation = YEARS_AT_POWER * 365.25 * 86400.0
    return float(0.0622 * (after**-0.2 - (after + operation) ** -0.2))


def nearest_kw(mw: float) -> int:
    """Megawatts in whole kilowatts."""
    return math.floor(mw * 1000.0 + 0.5)


# --- works ---------------------------------------------------------------------------------------


@dataclass
class Works:
    """When projects are done, when a unit's work begins and ends, and what works cost by month."""

    done: dict[str, int] = field(default_factory=dict)
    begins: dict[str, int] = field(default_factory=dict)
    ready: dict[str, int] = field(default_factory=dict)  # may be synchronised from then on
    given_up: dict[str, int] = field(default_factory=dict)
    capex_micro_usd: list[int] = field(default_factory=list)


def spread(case: Case, works: Works, usd_million: float, start: int, end: int) -> None:
    """Pay a cost evenly from start to end; what is due at each month's end is rounded."""
    total = math.floor(usd_million * 1e12 + 0.5)
    length = max(1, end - start)
    hours_of_month = Counter(case.month(h) for h in range(start, min(start + length, case.hours)))
    hours_paid = paid = 0
    for month in sorted(hours_of_month):
        hours_paid += hours_of_month[month]
        due = math.floor(Fraction(total * hours_paid, length) + Fraction(1, 2))
        works.capex_micro_usd[month] += due - paid
        paid = due


def schedule(case: Case, phases: list[str]) -> Works:
    """Projects, then the units in their order, each with the crew that is free first."""
    plant, values = case.scenario.plant, case.values
    works = Works(capex_micro_usd=[0] * case.horizon.months)
    time_factor = values["plant.common_time_factor"]
    cost_factor = values["plant.common_cost_factor"]
    for project in plant.projects:
        address = f"plant.projects[{project.name}]"
        length = math.ceil(values[f"{address}.months"] * time_factor * HOURS_PER_MONTH)
        cost = values[f"{address}.cost_usd_million"] * cost_factor
        start = hour_of(case.horizon, project.starts)
        left = length
        if start < 0:
            # What was done before the study is done, and paid.
            left = max(0, length + start)
            cost = cost * left / length if length > 0 else 0.0
            start = 0
        end = hour_after_work(case, phases, start, left)
        works.done[project.name] = end
        spread(case, works, cost, start, end)
    waiting = [
        (unit.restart.order, place, unit)
        for place, unit in enumerate(plant.units)
        if unit.restart is not None and unit.enabled and unit.state != "running"
    ]
    crews = [0] * plant.crews
    for _, _, unit in sorted(waiting, key=lambda entry: entry[:2]):
        restart = unit.restart
        assert restart is not None
        crew = crews.index(min(crews))
        start = max(
            crews[crew],
            hour_of(case.horizon, restart.earliest) if restart.earliest else 0,
            *[works.done[name] for name in restart.work_needs],
            0,
        )
        if start >= case.hours:
            crews[crew] = NEVER
            continue
        address = f"plant.units[{unit.name}].restart"
        length = math.ceil(values[f"{address}.months"] * time_factor * HOURS_PER_MONTH)
        end = hour_after_work(case, phases, start, length)
        crews[crew] = end
        works.begins[unit.name] = start
        spread(case, works, values[f"{address}.cost_usd_million"] * cost_factor, start, end)
        if case.uniform(f"plant.units[{unit.name}] return", 0) < values[f"{address}.returns"]:
            works.ready[unit.name] = max([end, *(works.done[name] for name in restart.needs)])
        else:
            works.given_up[unit.name] = end
    return works


# --- outages of the whole plant ------------------------------------------------------------------


@dataclass(frozen=True)
class Outage:
    """A time in which the plant stands still, or has no power from outside."""

    kind: str  # loss, event or phase
    begins: int
    ends: int
    trips: bool
    restart_hours: int = 0
    stops_mine: bool = False
    dark_from: int = NEVER


def whole_hours(hours: float) -> int:
    """Hours begun, at least one."""
    return max(1, math.ceil(hours))


def losses(case: Case, phases: list[str]) -> list[Outage]:
    """Losses of off-site power.

    Of all losses a share is a repeat of the one before, so first losses come at what is left of the
    stated rate; whichever comes first, first loss or repeat, is the next.
    """
    off_site, values = case.scenario.plant.off_site_power, case.values
    base = "plant.off_site_power"
    rates = rates_by_hour(case, phases, f"{base}.losses_per_year", off_site.losses_per_year)
    repeats = values[f"{base}.repeat_probability"]
    stock = math.floor(values["plant.diesels.fuel_hours"])
    found: list[Outage] = []
    after, repeat_at = 0, math.inf
    while True:
        number = len(found)
        threshold = case.exponential(f"{base} time", number) / max(1e-12, 1.0 - repeats)
        first = event_hour(rates, after, threshold)
        begins = min(NEVER if first is None else first, math.floor(min(repeat_at, NEVER)))
        if begins >= case.hours:
            return found
        length = whole_hours(case.drawn(off_site.outage_hours, f"{base} length", number))
        restart = whole_hours(case.drawn(off_site.restart_hours, f"{base} restart", number))
        dark_from = NEVER
        if case.uniform(f"{base} diesels", 2 * number) < values["plant.diesels.fails_to_start"]:
            dark_from = begins
        elif length > stock:
            brought = values["plant.diesels.resupplied"]
            if case.uniform(f"{base} diesels", 2 * number + 1) >= brought:
                dark_from = begins + stock
        after = begins + length
        found.append(
            Outage("loss", begins, after, off_site.trips_units, restart, dark_from=dark_from)
        )
        repeat_at = math.inf
        if case.uniform(f"{base} repeat", number) < repeats:
            days = values[f"{base}.repeat_within_days"]
            repeat_at = after + case.uniform(f"{base} repeat time", number) * days * 24.0


def events(case: Case, phases: list[str]) -> list[Outage]:
    """Other events of the whole plant, each kind one after the other."""
    found: list[Outage] = []
    for event in case.scenario.plant.events:
        base = f"plant.events[{event.name}]"
        rates = rates_by_hour(case, phases, f"{base}.per_year", event.per_year)
        after = number = 0
        while True:
            begins = event_hour(rates, after, case.exponential(f"{base} time", number))
            if begins is None:
                break
            after = begins + whole_hours(case.drawn(event.hours, f"{base} length", number))
            found.append(
                Outage("event", begins, after, event.trips_units, stops_mine=event.stops_mine)
            )
            number += 1
    return found


def stops_of_phases(case: Case, phases: list[str]) -> list[Outage]:
    """Times in which a phase stops units or mine."""
    found: list[Outage] = []
    begins = 0
    for hour in range(1, case.hours + 1):
        if hour < case.hours and phases[hour] == phases[begins]:
            continue
        effect = getattr(case.scenario.phases, phases[begins])
        if effect.stops_units or effect.stops_mine:
            found.append(
                Outage("phase", begins, hour, effect.stops_units, stops_mine=effect.stops_mine)
            )
        begins = hour
    return found


# --- units ---------------------------------------------------------------------------------------


@dataclass
class State:
    """One unit as it goes through the hours."""

    unit: Unit
    net_kw: int
    house_kw: int  # while it does not run
    has_core: bool
    state: str  # shut, work, ready, running, refuelling, repair, tripped, ended
    stopped: int
    out_until: int = 0
    ran_hours: int = 0  # since the last failure
    fails_after: float = math.inf
    failures: int = 0
    refuellings: int = 0
    due: int | None = None  # for refuelling


@dataclass(frozen=True)
class Hour:
    """What an hour of the plant was like."""

    running: frozenset[str]
    tripped: frozenset[str]  # ran until then, and stopped as the hour began without a plan
    available_kw: int
    house_kw: int
    lost_power: bool
    dark_when_idle: bool  # diesels or fuel have failed, and units that run now would not
    dark: bool
    stops_mine: bool
    at_power: int
    operating: int
    operating_kw: int
    restarting: int


@dataclass
class Exposure:
    """Counts of the path."""

    reactor_hours: int = 0
    losses_at_power: int = 0
    losses_shut: int = 0
    heat_peak_mw: float = 0.0
    heat_idle_mw: float = 0.0
    blackouts: int = 0
    idle_blackouts: int = 0


@dataclass(frozen=True)
class Lifetime:
    """One path of the plant."""

    phases: list[str]
    works: Works
    outages: list[Outage]
    hours: list[Hour]
    exposure: Exposure


def licence_covers(case: Case, licence: Licence, hour: int) -> bool:
    """Whether an hour lies within the days of a licence, the last one included."""
    if licence.regulator != case.scenario.plant.governing_licence or licence.allows != "operation":
        return False
    day = case.instant(hour).date()
    return licence.from_on <= day and (licence.until_on is None or day <= licence.until_on)


def licensed(case: Case, unit: Unit, hour: int) -> bool:
    """Whether the governing licence lets the unit run."""
    if case.scenario.plant.governing_licence is None:
        return True
    return any(licence_covers(case, licence, hour) for licence in unit.licences)


def units_allowed(case: Case, works: Works, hour: int) -> int:
    """How many units may run together: what done projects allow, under the dated limit."""
    plant = case.scenario.plant
    allowed = len(plant.units)
    conditions = [project for project in plant.projects if project.allows.units is not None]
    if conditions:
        allowed = max(
            [0]
            + [
                project.allows.units or 0
                for project in conditions
                if works.done[project.name] <= hour
            ]
        )
    day = case.instant(hour).date()
    dated = [limit for limit in plant.limits if limit.units is not None and limit.from_on <= day]
    if dated:
        latest = sorted(dated, key=lambda limit: limit.from_on)[-1]
        assert latest.units is not None
        allowed = min(allowed, latest.units)
    return allowed


def most_kw(case: Case, hour: int) -> int:
    """What may be generated together: the site's limit and the dated one."""
    plant, day = case.scenario.plant, case.instant(hour).date()
    bounds = [NEVER]
    if plant.site_limit_mw is not None:
        bounds.append(nearest_kw(case.values["plant.site_limit_mw"]))
    dated = [
        (limit.from_on, index)
        for index, limit in enumerate(plant.limits)
        if limit.mw is not None and limit.from_on <= day
    ]
    if dated:
        bounds.append(nearest_kw(case.values[f"plant.limits.{max(dated)[1]}.mw"]))
    return min(bounds)


def net_kw(case: Case, unit: Unit) -> int:
    """Net power after the derate."""
    base = f"plant.units[{unit.name}]"
    return nearest_kw(case.values[f"{base}.net_mw"] * (1.0 - case.values[f"{base}.derate"]))


def least_kw(case: Case, unit: Unit) -> int:
    """Minimum stable power: never more than the unit gives."""
    stated = nearest_kw(case.values[f"plant.units[{unit.name}].min_stable_mw"])
    return min(stated, net_kw(case, unit))


def ramp_kw(case: Case, unit: Unit) -> int | None:
    """Most change of power from hour to hour, a kilowatt at least; None without a limit."""
    if unit.ramp_mw_per_hour is None:
        return None
    return max(1, nearest_kw(case.values[f"plant.units[{unit.name}].ramp_mw_per_hour"]))


def start_cost_micro_usd(case: Case, unit: Unit) -> int:
    """Cost of a start in whole micro-dollars."""
    return math.floor(case.values[f"plant.units[{unit.name}].start_cost_usd"] * 1e6 + 0.5)


def available_kw(case: Case, state: State, hour: int) -> int:
    """What the unit gives in an hour in which it runs."""
    if isinstance(state.unit.availability, list):
        share = state.unit.availability[case.instant(hour).month - 1]
        return math.floor(state.net_kw * share + 0.5)
    return state.net_kw


def first_states(case: Case) -> list[State]:
    """Units before the first hour: those that run do, part of the way to their next refuelling."""
    states = []
    for unit in case.scenario.plant.units:
        base = f"plant.units[{unit.name}]"
        shut = hour_of(case.horizon, unit.shut_down_on) if unit.shut_down_on else 0
        house_kw = nearest_kw(case.values[f"{base}.house_load_shut_down_mw"])
        has_core = case.values[f"{base}.thermal_mw"] > 0.0
        state = State(unit, net_kw(case, unit), house_kw, has_core, "shut", shut)
        if unit.enabled and unit.state == "running":
            state.state = "running"
            draw_failure(case, state)
            if unit.refuelling is not None:
                months = case.values[f"{base}.refuelling.every_months"]
                passed = case.uniform(f"{base} first refuelling", 0)
                state.due = max(1, math.floor(passed * months * HOURS_PER_MONTH))
        states.append(state)
    return states


def draw_failure(case: Case, state: State) -> None:
    """Running hours until the next failure."""
    if state.unit.forced is None:
        return
    base = f"plant.units[{state.unit.name}]"
    mean = case.values[f"{base}.forced.mean_hours_between"]
    state.fails_after = case.exponential(f"{base} failure", state.failures) * mean
    state.ran_hours = 0


def next_refuelling(case: Case, state: State, hour: int) -> None:
    """The full interval from now."""
    if state.unit.refuelling is not None:
        months = case.values[f"plant.units[{state.unit.name}].refuelling.every_months"]
        state.due = hour + max(1, math.floor(months * HOURS_PER_MONTH))


def lifetime(case: Case) -> Lifetime:
    """Walk through the hours of a path."""
    phases = phase_by_hour(case)
    works = schedule(case, phases)
    outages = losses(case, phases) + events(case, phases) + stops_of_phases(case, phases)
    exposure = Exposure()
    on: list[list[Outage]] = [[] for _ in range(case.hours)]
    for outage in outages:
        for hour in range(outage.begins, min(outage.ends, case.hours)):
            on[hour].append(outage)
    # The first hour is midnight, and dated limits change with the day.
    most_kw_by_day = [most_kw(case, hour) for hour in range(0, case.hours, 24)]
    common_house_kw = nearest_kw(case.values["plant.common_house_load_mw"])
    states = first_states(case)
    hours: list[Hour] = []
    for hour, now_on in enumerate(on):
        tripped: set[str] = set()
        begun = [outage for outage in now_on if outage.begins == hour]
        for outage in begun:
            if outage.kind == "loss":
                count_loss(case, exposure, states, outage)
        for state in states:
            own_changes(case, works, state, hour)
            ran = state.state == "running"
            if any(outage.trips for outage in begun):
                trip(state, hour, begun)
            fail(case, state, hour)
            if ran and state.state != "running":
                tripped.add(state.unit.name)
        refuel(case, states, hour)
        choose(case, works, states, hour, now_on)
        most = most_kw_by_day[hour // 24]
        hours.append(record(case, exposure, states, hour, now_on, tripped, most, common_house_kw))
    return Lifetime(phases, works, outages, hours, exposure)


def own_changes(case: Case, works: Works, state: State, hour: int) -> None:
    """Works and outages that begin or end, and the end of life."""
    name = state.unit.name
    if state.state == "shut" and works.begins.get(name) is not None:
        given_up = works.given_up.get(name, NEVER)
        if works.begins[name] <= hour < given_up:
            state.state = "work"
    if state.state == "work":
        if hour >= works.given_up.get(name, NEVER):
            state.state = "shut"
        elif hour >= works.ready.get(name, NEVER):
            state.state = "ready"
            draw_failure(case, state)
    if state.state in ("refuelling", "repair", "tripped") and hour >= state.out_until:
        if state.state == "refuelling":
            next_refuelling(case, state, hour)
        state.state = "ready"
    end = state.unit.end_of_life_on
    if end is not None and case.instant(hour).date() >= end and state.state != "ended":
        if state.state == "running":
            state.stopped = hour
        state.state = "ended"


def trip(state: State, hour: int, begun: list[Outage]) -> None:
    """Stop a running unit until all that trips it now is over; one still tripped waits as long."""
    if state.state not in ("running", "tripped"):
        return
    back = max(outage.ends + outage.restart_hours for outage in begun if outage.trips)
    if state.state == "running":
        state.stopped, state.out_until = hour, back
    state.state = "tripped"
    state.out_until = max(state.out_until, back)


def fail(case: Case, state: State, hour: int) -> None:
    """A forced outage when the running hours to the next failure are behind."""
    if state.state != "running" or state.ran_hours < state.fails_after:
        return
    assert state.unit.forced is not None
    base = f"plant.units[{state.unit.name}]"
    repair = case.drawn(state.unit.forced.repair_hours, f"{base} repair", state.failures)
    state.state, state.stopped = "repair", hour
    state.out_until = hour + whole_hours(repair)
    state.failures += 1
    draw_failure(case, state)


def refuel(case: Case, states: list[State], hour: int) -> None:
    """Begin what is due, unit by unit; while another refuels it may be put off for a while."""
    for state in states:
        if state.state != "running" or state.due is None or hour < state.due:
            continue
        assert state.unit.refuelling is not None
        base = f"plant.units[{state.unit.name}]"
        put_off = math.floor(case.values[f"{base}.refuelling.put_off_days"] * 24.0)
        other = any(s.state == "refuelling" for s in states)
        if other and hour < state.due + put_off:
            continue
        days = case.drawn(state.unit.refuelling.days, f"{base} refuelling", state.refuellings)
        state.state, state.stopped = "refuelling", hour
        state.out_until = hour + whole_hours(days * 24.0)
        state.refuellings += 1


def choose(case: Case, works: Works, states: list[State], hour: int, now_on: list[Outage]) -> None:
    """Who runs: first those that do, then those that are ready, each in the order of the file."""
    allowed = units_allowed(case, works, hour)
    running = 0
    for state in [s for s in states if s.state == "running"]:
        if running < allowed and licensed(case, state.unit, hour):
            running += 1
        else:
            state.state, state.stopped = "ready but stopped", hour
    # Nothing starts while something that trips is on, nor without power from outside.
    if not any(outage.trips or outage.kind == "loss" for outage in now_on):
        for state in [s for s in states if s.state == "ready"]:
            if running < allowed and licensed(case, state.unit, hour):
                state.state = "running"
                running += 1
                if state.due is None:
                    next_refuelling(case, state, hour)
    for state in states:
        if state.state == "ready but stopped":
            state.state = "ready"


def record(
    case: Case,
    exposure: Exposure,
    states: list[State],
    hour: int,
    now_on: list[Outage],
    tripped: set[str],
    most: int,
    common_house_kw: int,
) -> Hour:
    """Write the hour down, and let it pass."""
    running = [state for state in states if state.state == "running"]
    operating = [
        s
        for s in states
        if s.state in ("running", "refuelling", "repair", "tripped")
        or (s.state == "ready" and licensed(case, s.unit, hour))
    ]
    house = common_house_kw
    for state in states:
        if state.state != "running":
            house += state.house_kw
    lost = [outage for outage in now_on if outage.kind == "loss"]
    outlasted = any(hour >= outage.dark_from for outage in lost)
    for state in running:
        state.ran_hours += 1
        if state.has_core:
            exposure.reactor_hours += 1
    power = sum(available_kw(case, state, hour) for state in running)
    return Hour(
        running=frozenset(state.unit.name for state in running),
        tripped=frozenset(tripped),
        available_kw=min(power, most),
        house_kw=house,
        lost_power=bool(lost),
        dark_when_idle=outlasted,
        dark=outlasted and not running,
        stops_mine=any(outage.stops_mine for outage in now_on),
        at_power=len(running),
        operating=len(operating),
        operating_kw=sum(state.net_kw for state in operating),
        restarting=sum(state.state == "work" for state in states),
    )


def count_loss(case: Case, exposure: Exposure, states: list[State], outage: Outage) -> None:
    """Count a loss by what it meets: the units as they were in the hour before."""
    hour = outage.begins
    running = [state for state in states if state.state == "running"]
    heat = idle = 0.0
    for state in states:
        thermal = case.values[f"plant.units[{state.unit.name}].thermal_mw"]
        since = 0 if state.state == "running" else hour - state.stopped
        heat += thermal * decay_heat_share(since * 3600.0)
        # Left idle, a unit that ran would have been stopped at the start.
        shut = state.unit.shut_down_on if state.unit.state != "running" else None
        shut_hour = hour_of(case.horizon, shut) if shut else 0
        idle += thermal * decay_heat_share((hour - shut_hour) * 3600.0)
    if running:
        exposure.losses_at_power += 1
    else:
        exposure.losses_shut += 1
    exposure.heat_peak_mw = max(exposure.heat_peak_mw, heat)
    exposure.heat_idle_mw = max(exposure.heat_idle_mw, idle)
    if outage.dark_from < outage.ends:
        exposure.idle_blackouts += 1
        # Units that go on through the loss feed the house load.
        if outage.trips or not running:
            exposure.blackouts += 1


def first_unit_hour(path: Lifetime) -> int | None:
    """First hour on which a unit runs."""
    return next((hour for hour, at in enumerate(path.hours) if at.running), None)
