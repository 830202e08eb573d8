"""The same plan, begun later."""

from __future__ import annotations

from datetime import date

import baseload
from baseload.agreement.starts import begun_later, plan_dates


def test_what_is_decided_moves_and_what_the_calendar_decides_stays() -> None:
    now = baseload.load("zaporizhzhia")
    later = begun_later(now, 5)
    assert later.model.start == date(2032, 1, 1)
    assert later.model.plant.projects[0].starts == date(2032, 1, 1)
    assert later.model.fleet[0].order == date(2034, 4, 1)
    before, after = now.model.plant.units[0], later.model.plant.units[0]
    assert after.end_of_life_on == before.end_of_life_on
    licences = {one.regulator: one for one in after.licences}
    assert licences["joint"].from_on == date(2032, 1, 1)
    assert licences["Rostekhnadzor"] == before.licences[1]
    assert later.model.network.snapshot == now.model.network.snapshot
    assert later.model.grid.price.caps == now.model.grid.price.caps


def test_no_delay_changes_nothing() -> None:
    now = baseload.load("zaporizhzhia")
    assert begun_later(now, 0) is now


def test_every_date_that_moves_is_one_of_the_scenario() -> None:
    now = baseload.load("zaporizhzhia")
    addresses = [address for address, _ in plan_dates(now)]
    assert len(set(addresses)) == len(addresses) > 15
