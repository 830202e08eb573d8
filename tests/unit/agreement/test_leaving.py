"""Whether an arrangement holds after signing, from made-up runs."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.agreement.conftest import accord_with

from baseload.agreement.leaving import leaving, verification
from baseload.agreement.payoffs import all_flows, payoffs_of
from baseload.agreement.simulated import Simulated


def found(runs: dict[str, Simulated], **out: Any) -> Any:
    accord = accord_with()
    document = accord.model_dump(by_alias=True, exclude_unset=True)
    if out:
        document["arrangements"][1]["walk_outs"] = [
            {"party": "holder", "source": "assumed: a test's", **out}
        ]
    accord = type(accord).model_validate(document)
    payoffs = payoffs_of(accord, all_flows(accord, runs, runs["both"]))
    return leaving(accord, accord.arrangements[1], runs, payoffs["together"], payoffs["nothing"])


def test_who_can_take_nothing_along_stays(runs: dict[str, Simulated]) -> None:
    assert found(runs)["verdict"] == "self-enforcing"


def test_who_can_go_on_alone_with_the_plant_leaves_at_once(runs: dict[str, Simulated]) -> None:
    # Half of the cash inside, nine tenths of all of it outside.
    result = found(runs, keeps_plant=0.9)
    assert result["first_to_leave"] == ["holder"] and result["year"] == 0
    party = result["parties"]["holder"]
    assert party["staying_usd"][1] == pytest.approx(24e6)
    assert party["leaving_usd"][1] == pytest.approx(0.9 * 48e6)
    assert party["bond_usd"] == pytest.approx(0.4 * 96e6)


def test_sanctions_that_snap_back_keep_it_in(runs: dict[str, Simulated]) -> None:
    result = found(runs, keeps_plant=0.9, loses_usd_million_per_year=30.0)
    assert result["verdict"] == "self-enforcing"


def test_an_idle_plant_needs_nobody_to_stay(runs: dict[str, Simulated]) -> None:
    accord = accord_with()
    payoffs = payoffs_of(accord, all_flows(accord, runs, runs["both"]))["nothing"]
    assert leaving(accord, accord.arrangements[0], runs, payoffs, payoffs) is None


def test_what_cannot_be_verified_is_listed_with_the_reason() -> None:
    rows = verification()
    assert any(not row["can_be_verified"] and row["why_not"] for row in rows)
    assert all(row["by_whom"] for row in rows if row["can_be_verified"])
