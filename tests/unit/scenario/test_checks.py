"""A horizon in which nothing can run, and growth that nothing can count, are refused."""

from __future__ import annotations

from typing import Any

import pytest

import baseload
from baseload.errors import InputError


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"plant.site_limit_mw": 0}, "site_limit_mw is 0"),
        ({"plant.governing_licence": "SNRIU"}, "no licence to operate from SNRIU"),
        ({"plant.common_time_factor": 1, "years": 1}, "not before the end of the horizon"),
    ],
)
def test_a_horizon_in_which_no_unit_can_run_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        baseload.load("zaporizhzhia").with_(changes)
    assert told in str(error.value)


def test_a_dated_limit_of_no_units_stops_all_of_them_until_the_next() -> None:
    susquehanna = baseload.load("susquehanna")
    shut = {"from": susquehanna.model.start, "units": 0}
    with pytest.raises(InputError, match="no unit that can run"):
        susquehanna.with_({"plant.limits": [shut]})
    later = {"from": susquehanna.model.start.replace(year=2026), "units": 1}
    assert susquehanna.with_({"plant.limits": [shut, later]}).model.plant.limits[1].units == 1


def test_growth_for_decades_that_no_money_can_count_is_refused() -> None:
    flagship = baseload.load("zaporizhzhia")
    address = "network.price_usd.geometric-brownian.median_growth_per_year"
    with pytest.raises(InputError, match=r"at most 0\.5 a year over this horizon"):
        flagship.with_({address: 2.0})
    assert flagship.with_({address: 0.4})
