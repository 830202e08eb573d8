"""Limits between hours, the rule for them and the site of the mine: what a scenario may say of them."""

from __future__ import annotations

from typing import Any

import pytest

import baseload
from baseload.distributions import Distribution
from baseload.engine.plan import plan
from baseload.errors import Fault, InputError
from baseload.scenario.checks import uncertain_addresses
from baseload.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def susquehanna() -> Scenario:
    return baseload.load("susquehanna")


@pytest.fixture(scope="module")
def unit(susquehanna: Scenario) -> str:
    """Address of the first unit."""
    return f"plant.units[{susquehanna.model.plant.units[0].name}]"


def only_fault(scenario: Scenario, changes: dict[str, Any]) -> Fault:
    with pytest.raises(InputError) as error:
        scenario.with_(changes)
    (fault,) = error.value.faults
    return fault


def test_a_scenario_that_says_nothing_of_links_has_none(susquehanna: Scenario) -> None:
    model = susquehanna.model
    assert not model.plant.links_hours
    assert (model.dispatch.foresight_hours, model.dispatch.dump) == (48, True)
    (first, *_) = model.plant.units
    assert first.ramp_mw_per_hour is None
    assert (first.min_run_hours, first.min_down_hours) == (0, 0)
    for number in (first.min_stable_mw, first.start_cost_usd, model.mine.trips_per_year):
        assert isinstance(number, Distribution)
        assert number.support() == (0.0, 0.0)


@pytest.mark.parametrize(
    ("key", "value", "found", "allowed"),
    [
        ("ramp_mw_per_hour", 0.0, "0", "a number above 0 [MW/hour], or a distribution"),
        ("ramp_mw_per_hour", {"uniform": [-1.0, 5.0]}, "-1", "a number above 0 [MW/hour]"),
        ("ramp_mw_per_hour", 2e5, "200000", "at most 100,000 [MW/hour]"),
        ("min_stable_mw", -1.0, "-1", "a number of at least 0 [MW]"),
        ("start_cost_usd", -1.0, "-1", "a number of at least 0 [USD]"),
        ("start_cost_usd", 1e10, "1e+10", "at most 1,000,000,000 [USD]"),
        ("min_run_hours", 169, "169", "a whole number from 0 to 168 [hours]"),
        ("min_down_hours", -1, "-1", "a whole number from 0 to 168 [hours]"),
        ("min_down_hours", 2.5, "2.5", "a whole number from 0 to 168 [hours]"),
    ],
)
def test_a_limit_that_no_unit_can_have_is_told(
    susquehanna: Scenario, unit: str, key: str, value: Any, found: str, allowed: str
) -> None:
    fault = only_fault(susquehanna, {f"{unit}.{key}": value})
    assert fault.field == f"{unit}.{key}"
    assert found in fault.found
    assert allowed in fault.allowed


@pytest.mark.parametrize(
    ("changes", "least", "allowed"),
    [
        ({"net_mw": 900.0}, 900.1, "at most the least net_mw (900) [MW]"),
        ({"net_mw": {"uniform": [700.0, 900.0]}}, 800.0, "at most the least net_mw (700) [MW]"),
        ({"net_mw": 900.0}, {"uniform": [0.0, 901.0]}, "at most the least net_mw (900) [MW]"),
        (
            {"net_mw": 900.0, "derate": {"uniform": [0.0, 0.1]}},
            811.0,
            "at most the least net_mw after the derate (810) [MW]",
        ),
        ({"net_mw": 900.0}, {"normal": {"mean": 300.0, "sd": 1.0, "low": 0.0}}, "(900) [MW]"),
    ],
)
def test_a_minimum_above_what_the_unit_gives_is_told(
    susquehanna: Scenario, unit: str, changes: dict[str, Any], least: Any, allowed: str
) -> None:
    both = {f"{unit}.{key}": value for key, value in changes.items()}
    fault = only_fault(susquehanna, {**both, f"{unit}.min_stable_mw": least})
    assert fault.field == f"{unit}.min_stable_mw"
    assert allowed in fault.allowed


@pytest.mark.parametrize("derate", [0.0, 0.1, 0.9])
def test_a_unit_may_run_at_full_power_or_not_at_all(
    susquehanna: Scenario, unit: str, derate: float
) -> None:
    least = round(900.0 * (1.0 - derate), 6)
    assert susquehanna.with_(
        {f"{unit}.net_mw": 900.0, f"{unit}.derate": derate, f"{unit}.min_stable_mw": least}
    ).model.plant.links_hours


def test_a_minimum_beside_a_power_that_the_schema_refuses_is_not_told_twice(
    susquehanna: Scenario, unit: str
) -> None:
    fault = only_fault(susquehanna, {f"{unit}.net_mw": 0.0, f"{unit}.min_stable_mw": 5.0})
    assert fault.field == f"{unit}.net_mw"


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("foresight_hours", 0, "a whole number from 24 to 168 [hours], a multiple of 24"),
        ("foresight_hours", 192, "a whole number from 24 to 168 [hours], a multiple of 24"),
        ("foresight_hours", 36, "a whole number from 24 to 168 [hours], a multiple of 24"),
        ("foresight_hours", {"uniform": [24, 48]}, "a whole number from 24 to 168 [hours]"),
        ("dump", "maybe", "true or false"),
    ],
)
def test_a_rule_that_cannot_be_is_told(
    susquehanna: Scenario, key: str, value: Any, allowed: str
) -> None:
    fault = only_fault(susquehanna, {f"dispatch.{key}": value})
    assert fault.field == f"dispatch.{key}"
    assert allowed in fault.allowed


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("trips_per_year", -1.0, "a number of at least 0 [1/year]"),
        ("trips_per_year", {"war": -1.0}, "a number of at least 0"),
        ("trip_hours", -1.0, "a number of at least 0 [hours]"),
        ("takes_unit_probability", 1.5, "a number from 0 to 1 [share]"),
        ("takes_unit_above_mw", -1.0, "a number of at least 0 [MW]"),
        ("takes_unit_above_mw", 2e5, "at most 100,000 [MW]"),
        ("unit_restart_hours", -1.0, "a number of at least 0 [hours]"),
        ("shed_seconds", 3601.0, "a number from 0 to 3600 [seconds]"),
    ],
)
def test_a_mine_that_cannot_be_is_told(
    susquehanna: Scenario, key: str, value: Any, allowed: str
) -> None:
    fault = only_fault(susquehanna, {f"mine.{key}": value})
    assert fault.field.startswith(f"mine.{key}")
    assert allowed in fault.allowed


def test_a_section_that_has_no_effect_is_warned_of(susquehanna: Scenario, unit: str) -> None:
    def warned(changes: dict[str, Any]) -> bool:
        return any(
            "[dispatch] has no effect" in warning for warning in susquehanna.with_(changes).warnings
        )

    rule = {"dispatch.foresight_hours": 72}
    assert not warned({f"{unit}.ramp_mw_per_hour": 100.0})
    assert warned(rule)
    assert not warned({**rule, f"{unit}.ramp_mw_per_hour": 100.0})
    assert not warned({**rule, f"{unit}.min_down_hours": 12})


def test_limits_of_a_unit_out_of_use_link_nothing(susquehanna: Scenario, unit: str) -> None:
    changed = susquehanna.with_(
        {"dispatch.dump": False, f"{unit}.start_cost_usd": 5e5, f"{unit}.enabled": False}
    )
    assert any("[dispatch] has no effect" in warning for warning in changed.warnings)


def test_the_numbers_of_limits_are_drawn_once_per_path(susquehanna: Scenario, unit: str) -> None:
    spread = {"uniform": [1.0, 2.0]}
    once = [
        f"{unit}.min_stable_mw",
        f"{unit}.ramp_mw_per_hour",
        f"{unit}.start_cost_usd",
        "grid.demand_charge_usd_per_kw_month",
        "mine.shed_seconds",
        "mine.takes_unit_above_mw",
    ]
    model = susquehanna.with_(
        {
            **dict.fromkeys(once, spread),
            "mine.trips_per_year": {"war": spread},
            "mine.trip_hours": spread,
            "mine.unit_restart_hours": spread,
        }
    ).model
    uncertain = set(uncertain_addresses(model))
    assert {*once, "mine.trips_per_year.war"} <= uncertain
    assert not {"mine.trip_hours", "mine.unit_restart_hours"} & uncertain


def test_the_demand_charge_is_a_number_of_the_path(susquehanna: Scenario) -> None:
    changed = susquehanna.with_({"grid.demand_charge_usd_per_kw_month": 7.5})
    made = plan(changed.model, changed.folder, seed=1)
    column = made.setups.grid.demand_charge
    assert made.addresses[column] == "grid.demand_charge_usd_per_kw_month"
    assert made.draw(0, 1)[0, column] == 7.5
    fault = only_fault(susquehanna, {"grid.demand_charge_usd_per_kw_month": -1.0})
    assert "a number of at least 0 [USD/kW/month]" in fault.allowed
