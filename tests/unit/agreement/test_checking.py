"""What is refused of an accord before anything is simulated."""

from __future__ import annotations

import pytest

import baseload
from baseload.agreement.checking import checked
from baseload.errors import InputError


def test_a_setting_that_the_scenario_cannot_have_is_told_where_it_stands() -> None:
    scenario = baseload.load("zaporizhzhia", ['accord.configurations.0.set={"plant.crew"=2}'])
    assert scenario.model.accord is not None
    with pytest.raises(InputError) as told:
        checked(scenario, scenario.model.accord)
    (fault,) = told.value.faults
    assert fault.field == "accord.configurations[six units, three parties].set  plant.crew"
    assert fault.nearest == "crews" and fault.file == scenario.file
