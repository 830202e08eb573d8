"""Plants whose hours can be worked out on paper: every duration is fixed, every event is dated.

An event is dated by a phase of one day in which 10^6 of them are expected a year, 114 an hour: the
first falls into the first hour of that day but for a chance of e^-114.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.naive import Case, case, document
from tests.unit.plant.compared import KernelPath, assert_same, kernel_path
from tests.unit.plant.test_plant_kernels import shut, unit

from baseload.plant.work import (
    BLACKOUTS,
    HEAT_IDLE_MW,
    HEAT_PEAK_MW,
    IDLE_BLACKOUTS,
    LOSSES_AT_POWER,
    LOSSES_SHUT,
    REACTOR_HOURS,
)

CERTAIN = 1.0e6
MARCH = (31 + 28) * 24  # 1 March 2027
JULY = 181 * 24  # 1 July 2027


def small(plant: dict[str, Any], **sections: Any) -> Case:
    return case(document(plant, **sections))


def run(plant: dict[str, Any], **sections: Any) -> KernelPath:
    """The kernels' path, held to the twin on the way."""
    return assert_same(small(plant, **sections))[1]


def on_first_of_march(plant: dict[str, Any], **sections: Any) -> KernelPath:
    """A plant whose war lasts one day, the first of March."""
    return run(
        plant,
        transitions=[
            {"from": "peace", "to": "war", "on": "2027-03-01"},
            {"from": "war", "to": "peace", "on": "2027-03-02"},
        ],
        **sections,
    )


def loss(hours: float, restart: float = 72.0, **more: Any) -> dict[str, Any]:
    return {
        "losses_per_year": {"war": CERTAIN},
        "outage_hours": hours,
        "restart_hours": restart,
        **more,
    }


def on_diesels(path: KernelPath) -> int:
    """Hours on which nothing but diesels feeds the house load."""
    rows = path.rows
    return int(np.sum((rows["lost_power"] != 0) & (rows["at_power"] == 0) & (rows["dark"] == 0)))


def hours_where(row: Any) -> list[tuple[int, int]]:
    """Runs of hours on which a row is not 0: from, until."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(row) != 0, [0]]))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


# --- works ---------------------------------------------------------------------------------------


def three_units(crews: int) -> dict[str, Any]:
    # 4, 6 and 3 months of 730.5 hours: 2,922, 4,383 and 2,192 hours.
    return {
        "crews": crews,
        "units": [shut("A", 1, 4.0), shut("B", 2, 6.0), shut("C", 3, 3.0)],
    }


@pytest.mark.parametrize(
    ("crews", "hours"),
    [
        (1, [2922, 2922 + 4383, 2922 + 4383 + 2192]),
        (2, [2922, 4383, 2922 + 2192]),
        (3, [2922, 4383, 2192]),
    ],
)
def test_crews_take_units_in_order_as_they_become_free(crews: int, hours: list[int]) -> None:
    path = run(three_units(crews), years=2)
    assert path.work.synchronised.tolist() == hours
    for place, hour in enumerate(hours):
        runs = (path.by_hour("running") >> place) & 1
        assert hours_where(runs) == [(hour, 17544)]


def test_costs_are_paid_evenly_by_the_hour() -> None:
    # 2 months are 1,461 hours: 744 in January, 672 in February, 45 in March, at USD 10,000 each.
    project = {"name": "p", "starts": "2027-01-01", "months": 2.0, "cost_usd_million": 14.61}
    path = run({"projects": [project], "units": [unit("A")]})
    assert path.work.capex_micro_usd[:4].tolist() == [7.44e12, 6.72e12, 0.45e12, 0]


def test_costs_beyond_the_horizon_are_not_paid() -> None:
    # 24 months are 17,532 hours at USD 1,000 each, of which December has 744.
    project = {"name": "p", "starts": "2027-12-01", "months": 24.0, "cost_usd_million": 17.532}
    path = run({"projects": [project], "units": [unit("A")]})
    assert path.work.capex_micro_usd.tolist() == [0] * 11 + [0.744e12]


def test_what_was_done_before_the_start_is_done_and_paid() -> None:
    # 744 of 1,461 hours lie in December before the start.
    projects = [
        {"name": "half", "starts": "2026-12-01", "months": 2.0, "cost_usd_million": 14.61},
        {"name": "all", "starts": "2026-01-01", "months": 2.0, "cost_usd_million": 14.61},
    ]
    path = run({"projects": projects, "units": [unit("A")]})
    assert path.work.project_done[:2].tolist() == [717, 0]
    assert path.work.capex_micro_usd[:2].tolist() == [7.17e12, 0]


def test_works_stand_still_in_a_phase_that_stops_them() -> None:
    # A month of work, 731 hours, from 15 February (hour 1,080) on; the day of war comes on top.
    path = on_first_of_march(
        {"units": [shut("A", 1, 1.0, earliest="2027-02-15")]},
        phases={"war": {"stops_works": True}},
    )
    assert path.work.synchronised.tolist() == [45 * 24 + 731 + 24]


def test_a_unit_that_never_returns_is_given_up_and_frees_its_crew() -> None:
    path = run({"units": [shut("A", 1, 4.0, returns=0.0), shut("B", 2, 2.0)]})
    assert hours_where((path.by_hour("running") & 1) == 1) == []
    assert hours_where(path.by_hour("restarting")) == [(0, 2922 + 1461)]
    assert hours_where(path.rows["at_power"]) == [(2922 + 1461, 8760)]
    # Both cost 40 million: money for the first is sunk.
    assert path.work.capex_micro_usd.sum() == 80e12


# --- running -------------------------------------------------------------------------------------


def test_nothing_happens_in_one_segment() -> None:
    path = run({"units": [unit("A"), unit("B")]})
    assert path.segments == 1
    assert path.work.exposure[REACTOR_HOURS] == 2 * 8760


def test_a_quiet_plant_fits_into_memory_for_sixty_years() -> None:
    path = kernel_path(small({"units": [unit("A")]}, years=60))
    assert path.segments == 1


def test_refuelling_comes_with_the_months_after_synchronisation_and_after_the_last() -> None:
    # Work of 731 hours; 6 months are 4,383 hours; 30 days are 720.
    path = run(
        {"units": [shut("A", 1, 1.0) | {"refuelling": {"every_months": 6.0, "days": 30.0}}]},
        years=2,
    )
    assert hours_where(path.rows["at_power"]) == [
        (731, 5114),
        (5834, 10217),
        (10937, 15320),
        (16040, 17520 + 24),
    ]


@pytest.mark.parametrize(("put_off_days", "begins"), [(0.0, 0), (10.0, 240), (40.0, 720)])
def test_refuelling_waits_for_the_other_unit_as_long_as_it_may(
    put_off_days: float, begins: int
) -> None:
    refuelling = {"every_months": 6.0, "days": 30.0, "put_off_days": put_off_days}
    units = [
        shut(name, order, 1.0) | {"refuelling": refuelling} for name, order in (("A", 1), ("B", 2))
    ]
    path = run({"crews": 2, "units": units})
    due = 731 + 4383
    assert hours_where((path.by_hour("running") & 1) == 0)[1] == (due, due + 720)
    second = hours_where((path.by_hour("running") & 2) == 0)[1]
    assert second == (due + begins, due + begins + 720)


def test_a_licence_holds_through_its_last_day() -> None:
    licence = {"regulator": "R", "allows": "operation", "from": "2020-01-01", "until": "2027-06-30"}
    path = run({"governing_licence": "R", "units": [unit("A", licences=[licence])]})
    assert hours_where(path.rows["at_power"]) == [(0, JULY)]


def test_a_unit_licensed_after_its_restart_is_fuelled_for_a_whole_cycle() -> None:
    licence = {"regulator": "R", "allows": "operation", "from": "2027-07-01"}
    ready = shut("A", 1, 1.0) | {
        "licences": [licence],
        "refuelling": {"every_months": 4.0, "days": 30.0},
    }
    path = run({"governing_licence": "R", "units": [ready]})
    # 4 months are 2,922 hours from the first hour at power, not from the end of the work.
    assert hours_where(path.rows["at_power"])[0] == (JULY, JULY + 2922)


def test_units_stop_where_their_life_ends() -> None:
    path = run({"units": [unit("A", end_of_life_on="2027-03-01"), unit("B")]})
    assert hours_where(path.by_hour("running") & 1) == [(0, MARCH)]
    assert path.by_hour("operating")[[MARCH - 1, MARCH]].tolist() == [2, 1]


def test_a_limit_keeps_the_units_that_come_first_in_the_file() -> None:
    limits = [{"from": "2027-03-01", "units": 1, "mw": 60.0}, {"from": "2027-07-01", "units": 9}]
    path = run({"limits": limits, "units": [unit("A"), unit("B")]})
    assert hours_where(path.by_hour("running") & 2) == [(0, MARCH), (JULY, 8760)]
    available = path.rows["available_kw"]
    # The second line lifts the limit on units, and says nothing of megawatts.
    assert available[[0, MARCH, JULY]].tolist() == [200000, 60000, 60000]


def test_only_units_that_do_not_run_draw_house_load() -> None:
    path = run(
        {
            "common_house_load_mw": 7.0,
            "units": [unit("A"), unit("B", state="cold shutdown"), unit("C", enabled=False)],
        }
    )
    assert set(path.rows["house_kw"].tolist()) == {7000 + 2 * 5500}


# --- losses of off-site power --------------------------------------------------------------------


def test_a_tripped_unit_is_back_after_the_outage_and_the_restart() -> None:
    path = on_first_of_march({"off_site_power": loss(48.0), "units": [unit("A"), unit("B")]})
    assert hours_where(path.rows["lost_power"]) == [(MARCH, MARCH + 48)]
    assert hours_where(path.rows["at_power"] == 0) == [(MARCH, MARCH + 48 + 72)]
    exposure = path.work.exposure
    assert (exposure[LOSSES_AT_POWER], exposure[LOSSES_SHUT]) == (1, 0)
    assert exposure[REACTOR_HOURS] == 2 * (8760 - 120)
    assert on_diesels(path) == 48
    # Two cores of 320 MW at 3.753 per cent (ten seconds after), to the digits of that figure.
    assert abs(exposure[HEAT_PEAK_MW] - 640.0 * 0.03753) < 640.0 * 1e-5


def test_a_loss_that_outlasts_the_fuel_goes_dark_when_it_is_gone() -> None:
    plant = {"off_site_power": loss(300.0), "units": [unit("A")]}
    path = on_first_of_march({**plant, "diesels": {"fuel_hours": 240.0}})
    assert hours_where(path.rows["dark"]) == [(MARCH + 240, MARCH + 300)]
    exposure = path.work.exposure
    assert on_diesels(path) == 240
    assert (exposure[BLACKOUTS], exposure[IDLE_BLACKOUTS]) == (1, 1)


@pytest.mark.parametrize(
    ("hours", "diesels", "dark", "diesel_hours"),
    [
        (300.0, {"fuel_hours": 240.0, "resupplied": 1.0}, [], 300),
        (240.0, {"fuel_hours": 240.0}, [], 240),
        (241.0, {"fuel_hours": 240.9}, [(MARCH + 240, MARCH + 241)], 240),
        (30.0, {"fuel_hours": 240.0, "fails_to_start": 1.0}, [(MARCH, MARCH + 30)], 0),
    ],
)
def test_diesels_last_as_long_as_stated(
    hours: float, diesels: dict[str, float], dark: list[tuple[int, int]], diesel_hours: int
) -> None:
    path = on_first_of_march(
        {"off_site_power": loss(hours), "diesels": diesels, "units": [unit("A")]}
    )
    assert hours_where(path.rows["dark"]) == dark
    assert on_diesels(path) == diesel_hours


@pytest.mark.parametrize("thermal_mw", [320.0, 0.0])
def test_units_in_island_operation_feed_the_house_load(thermal_mw: float) -> None:
    path = on_first_of_march(
        {
            "off_site_power": loss(300.0, trips_units=False),
            "diesels": {"fails_to_start": 1.0},
            "units": [unit("A", thermal_mw=thermal_mw)],
        }
    )
    assert hours_where(path.rows["lost_power"]) == [(MARCH, MARCH + 300)]
    assert hours_where(path.rows["at_power"]) == [(0, 8760)]
    assert hours_where(path.rows["dark"]) == []
    exposure = path.work.exposure
    assert on_diesels(path) == 0
    assert (exposure[LOSSES_AT_POWER], exposure[LOSSES_SHUT]) == (1, 0)
    # Left idle, the same loss finds nothing running.
    assert (exposure[BLACKOUTS], exposure[IDLE_BLACKOUTS]) == (0, 1)


def test_nothing_starts_without_power_from_outside() -> None:
    # The work of 1,461 hours ends within the loss from 1 March (hour 1,416) on.
    path = on_first_of_march(
        {"off_site_power": loss(300.0, trips_units=False), "units": [shut("A", 1, 2.0)]}
    )
    assert hours_where(path.rows["at_power"]) == [(MARCH + 300, 8760)]


@pytest.mark.parametrize("trips", [True, False])
def test_a_loss_in_the_first_hour_meets_the_units_that_run_then(trips: bool) -> None:
    path = run(
        {"off_site_power": loss(48.0, trips_units=trips), "units": [unit("A")]},
        phase="war",
        transitions=[{"from": "war", "to": "peace", "on": "2027-01-02"}],
    )
    assert path.work.exposure[LOSSES_AT_POWER] == 1
    assert hours_where(path.rows["at_power"]) == [(48 + 72, 8760) if trips else (0, 8760)]


def test_a_unit_that_runs_is_idle_from_the_start_for_the_heat_of_the_idle_plant() -> None:
    # That it also says when it last ran changes nothing.
    path = on_first_of_march(
        {"off_site_power": loss(10.0), "units": [unit("A", shut_down_on="2022-09-11")]}
    )
    # 1,416 hours after the start: 0.0622 (5.0976e6^-0.2 - 6.8213e7^-0.2) = 0.0622 (0.045554 -
    # 0.027116), half a digit of the last of each power.
    assert abs(path.work.exposure[HEAT_IDLE_MW] - 320.0 * 0.0622 * 0.018438) < 3e-5


# --- other events --------------------------------------------------------------------------------


def test_an_event_stops_units_without_a_restart_and_the_mine_if_it_says_so() -> None:
    event = {"name": "flood", "per_year": {"war": CERTAIN}, "hours": 99.5, "stops_mine": True}
    path = on_first_of_march({"events": [event], "units": [unit("A")]})
    assert hours_where(path.rows["at_power"] == 0) == [(MARCH, MARCH + 100)]
    assert hours_where(path.rows["stops_mine"]) == [(MARCH, MARCH + 100)]
    assert hours_where(path.rows["lost_power"]) == []


def test_a_phase_stops_units_and_mine_while_it_lasts() -> None:
    path = on_first_of_march(
        {"units": [unit("A")]}, phases={"war": {"stops_units": True, "stops_mine": True}}
    )
    assert hours_where(path.rows["at_power"] == 0) == [(MARCH, MARCH + 24)]
    assert hours_where(path.rows["stops_mine"]) == [(MARCH, MARCH + 24)]


# --- stops that nobody foresaw -------------------------------------------------------------------


def trips_of(path: KernelPath) -> dict[int, int]:
    """Hours in which units tripped, and the mask of them."""
    masks = path.trips()
    return {int(hour): int(masks[hour]) for hour in np.flatnonzero(masks)}


def test_all_units_that_run_trip_with_a_loss_and_none_that_is_shut() -> None:
    units = [unit("A"), unit("B", state="cold shutdown"), unit("C")]
    assert trips_of(on_first_of_march({"off_site_power": loss(48.0), "units": units})) == {
        MARCH: 0b101
    }


def test_no_unit_trips_in_island_operation() -> None:
    path = on_first_of_march({"off_site_power": loss(9.0, trips_units=False), "units": [unit("A")]})
    assert trips_of(path) == {}


def test_a_loss_in_the_first_hour_trips_units_that_ran_before_it() -> None:
    path = run(
        {"off_site_power": loss(48.0), "units": [unit("A")]},
        phase="war",
        transitions=[{"from": "war", "to": "peace", "on": "2027-01-02"}],
    )
    assert trips_of(path) == {0: 1}


def test_an_event_and_a_phase_that_stop_units_are_not_foreseen() -> None:
    event = {"name": "flood", "per_year": {"war": CERTAIN}, "hours": 100.0}
    assert trips_of(on_first_of_march({"events": [event], "units": [unit("A")]})) == {MARCH: 1}
    stops = {"war": {"stops_units": True}}
    assert trips_of(on_first_of_march({"units": [unit("A")]}, phases=stops)) == {MARCH: 1}


def test_each_failure_is_a_trip_of_its_unit_alone() -> None:
    forced = {"mean_hours_between": 500.0, "repair_hours": 10.0}
    path = run({"units": [unit("A"), unit("B", forced=forced)]})
    begun = [begin for begin, _ in hours_where((path.by_hour("running") & 2) == 0)]
    assert len(begun) > 5
    assert trips_of(path) == dict.fromkeys(begun, 2)


def test_planned_stops_are_no_trips() -> None:
    licence = {"regulator": "R", "allows": "operation", "from": "2020-01-01"}
    path = run(
        {
            "governing_licence": "R",
            "limits": [{"from": "2027-07-01", "units": 1, "mw": 20.0}],
            "units": [
                unit("A", end_of_life_on="2027-10-01", licences=[licence]),
                unit("B", licences=[licence | {"until": "2027-02-28"}]),
                unit("C", licences=[licence], refuelling={"every_months": 1.0, "days": 9.0}),
                unit("D", licences=[licence]),
            ],
        }
    )
    stops = np.flatnonzero(np.diff(path.rows["at_power"]) < 0)
    assert stops.size > 3
    assert trips_of(path) == {}


# --- limits between hours ------------------------------------------------------------------------


def test_limits_between_hours_are_whole_kilowatts_and_micro_dollars() -> None:
    work = run(
        {
            "units": [
                unit("A", min_stable_mw=40.5, ramp_mw_per_hour=12.3456, start_cost_usd=1.5),
                unit("B", derate=0.3, min_stable_mw=90.0, ramp_mw_per_hour=1e-9),
                unit("C"),
            ]
        }
    ).work
    assert work.min_kw.tolist() == [40_500, 70_000, 0]
    assert work.ramp_kw.tolist() == [12_346, 1, -1]
    assert work.start_cost_micro_usd.tolist() == [1_500_000, 0, 0]


@pytest.mark.parametrize(
    ("changes", "linked"),
    [
        ({}, False),
        ({"ramp_mw_per_hour": 100.0}, True),
        ({"min_stable_mw": {"uniform": [0.0, 30.0]}}, True),
        ({"min_run_hours": 8}, True),
        ({"min_down_hours": 8}, True),
        ({"start_cost_usd": 1000.0}, True),
        ({"start_cost_usd": 1000.0, "enabled": False}, False),
    ],
)
def test_a_plant_is_linked_if_any_unit_in_use_is(changes: dict[str, Any], linked: bool) -> None:
    setup = small({"units": [unit("A"), unit("B", **changes)]}).planned.setups.plant
    assert setup.linked is linked
    assert setup.min_run_hours.tolist() == [0, changes.get("min_run_hours", 0)]
    assert setup.min_down_hours.tolist() == [0, changes.get("min_down_hours", 0)]
