"""What the law says of the flagship's arrangements; rules as shipped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import baseload
from baseload.agreement.lawfulness import judgement, lawyer_of, payments_allowed
from baseload.agreement.starts import DELAYS_YEARS

DATES = [date(2027 + years, 1, 1) for years in DELAYS_YEARS]


@pytest.fixture(scope="module")
def judged() -> dict[str, Any]:
    scenario = baseload.load("zaporizhzhia")
    assert scenario.model.accord is not None
    lawyer = lawyer_of(scenario.model.law, scenario.folder, DATES, scenario.model.accord)
    return {one.name: judgement(lawyer, one) for one in scenario.model.accord.arrangements}


def test_nothing_is_said_of_an_arrangement_that_does_nothing(judged: dict[str, Any]) -> None:
    assert judged["status quo"]["lawful"] is None and not judged["status quo"]["blocked"]


def test_the_designated_operator_may_not_be_dealt_with(judged: dict[str, Any]) -> None:
    rules = {
        rule["rule"]
        for activity in judged["trilateral"]["activities"]
        for rule in activity["blocked_by"]
    }
    assert "us-sdn-fsue-znpp" in rules
    # The order that is often named for it does not name this region.
    assert "us-eo-14065" not in rules


def test_every_block_is_cited_with_what_would_lift_it(judged: dict[str, Any]) -> None:
    for one in judged.values():
        for activity in one["activities"]:
            for rule in activity["blocked_by"]:
                assert rule["cited"] and rule["relief"]
        if one["blocked"]:
            assert one["unblocked_by"]


def test_relief_on_a_date_is_seen_on_the_timeline() -> None:
    scenario = baseload.load("zaporizhzhia")
    relief = [
        {"rule": "ua-cold-shutdown", "from": date(2030, 1, 1), "source": "assumed: a test's own"}
    ]
    changed = scenario.with_({"law.relief": relief})
    assert changed.model.accord is not None
    lawyer = lawyer_of(changed.model.law, changed.folder, DATES, changed.model.accord)
    (alone,) = (one for one in changed.model.accord.arrangements if one.name == "Russia alone")
    days = [change["on"] for change in judgement(lawyer, alone)["changes"]]
    assert "2030-01-01" in days


def test_money_may_not_go_to_the_designated_operator() -> None:
    scenario = baseload.load("zaporizhzhia")
    assert scenario.model.accord is not None
    lawyer = lawyer_of(scenario.model.law, scenario.folder, DATES, scenario.model.accord)
    allowed = payments_allowed(lawyer, scenario.model.accord)
    assert "Russia" not in allowed["United States"]
    assert "United States" in allowed["Ukraine"]
