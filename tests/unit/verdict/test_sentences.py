"""The verdict in sentences: exposure first, restarting and mining apart, sure only where it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from baseload.verdict.sentences import verdict_of


def study(**changes: Any) -> Any:
    def spread(p05: float, p50: float, p95: float) -> dict[str, float]:
        return {"mean": p50, "p05": p05, "p50": p50, "p95": p95}

    given: dict[str, Any] = {
        "paths": 1000,
        "years": 20,
        "summary": {
            "reactor_years_at_power": spread(10.0, 42.0, 80.0),
            "offsite_power_losses_at_power": spread(0.0, 3.0, 9.0),
            "station_blackout_probability": spread(0.0, 0.06, 0.0),
            "station_blackout_probability_idle": spread(0.0, 0.05, 0.0),
            "unserved_firm_mwh": spread(0.0, 10.0, 0.0),
            "unserved_firm_mwh_idle": spread(0.0, 20.0, 0.0),
            "value_of_restarting_usd": spread(-2e9, 1e8, 3e9),
            "npv_gain_over_grid_only_usd": spread(-2e9, -1e9, -1e8),
        },
        "probability_of_gain": {"restarting": 0.52, "mining": 0.04},
        "flip": {
            "paths": 250,
            "value_of_mining_p50_usd": -1.1e9,
            "probability_of_gain": 0.12,
            "value_of_mining_p50_usd_without_price_growth": -2e9,
            "probability_of_gain_without_price_growth": 0.01,
            "flips": False,
        },
        "security": None,
        "accord": None,
    }
    given.update(changes)
    return SimpleNamespace(**given)


def told(**changes: Any) -> dict[str, str]:
    return dict(verdict_of(study(**changes)))


def test_exposure_comes_first_and_no_money_is_set_against_it() -> None:
    first, text = verdict_of(study())[0]
    assert first == "exposure"
    assert "42.0 reactor-years" in text and "6 %" in text and "5 %" in text
    assert "No money is set against it" in text


def test_restarting_and_mining_are_told_apart_and_only_as_surely_as_the_paths_say() -> None:
    found = told()
    assert found["restarting"].startswith("Restarting gains about as often as it loses")
    assert found["mining"].startswith("Mining is not worth it: -1 billion USD")
    sure = told(probability_of_gain={"restarting": 0.95, "mining": 0.3})
    assert sure["restarting"].startswith("Restarting is worth it:")
    most = told(probability_of_gain={"restarting": 0.6, "mining": 0.04})
    assert most["restarting"].startswith("Restarting gains on most paths, not on all")
    assert sure["mining"].startswith("Mining loses on most paths, not on all")


def test_whether_it_turns_without_growth_of_the_coins_price() -> None:
    assert told()["price of the coin"].startswith("That does not turn")
    flip = {**study().flip, "flips": True}
    assert told(flip=flip)["price of the coin"].startswith("That turns")
    assert "price of the coin" not in told(flip=None)


def test_unserved_demand_is_compared_with_the_idle_plant() -> None:
    assert (
        "falls in the mean from 20 MWh with the plant idle to 10 MWh in 20 years"
        in told()["people's power"]
    )


def test_what_a_study_does_not_hold_is_not_told() -> None:
    found = told(summary={}, flip=None, probability_of_gain={})
    assert found == {}
