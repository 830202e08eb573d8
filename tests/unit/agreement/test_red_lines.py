"""Red lines held to arrangements."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.agreement.conftest import accord_with

from baseload.agreement.payoffs import all_flows, payoffs_of
from baseload.agreement.red_lines import check_red_lines, judged
from baseload.agreement.simulated import Simulated
from baseload.errors import InputError
from baseload.parties.schema import Accord


def with_line(needs: str) -> Accord:
    lines = [{"line": "a line", "needs": needs, "source": "assumed: a test's"}]
    return accord_with(
        parties=[
            {
                "name": "holder",
                "rights": ["possession"],
                "discount_rate": 0.0,
                "red_lines": lines,
            },
            {"name": "owner", "rights": ["title"], "discount_rate": 0.0},
        ]
    )


def holds(needs: str, runs: dict[str, Simulated], arrangement: int) -> Any:
    accord = with_line(needs)
    one = accord.arrangements[arrangement]
    payoffs = payoffs_of(accord, all_flows(accord, runs, runs["both"]))[one.name]
    (found,) = judged(accord, one, runs.get(one.configuration), payoffs)
    return found["holds"]


@pytest.mark.parametrize(
    ("needs", "idle", "together"),
    [
        ('"owner" not in members', True, False),
        ('operator = "holder"', False, True),
        ("state.armed", True, False),
        ("not state.armed or operator is not 'holder'", True, True),
        ('payoff_of("owner") > 0', False, True),
        ('share_of("holder") >= 0.5', None, True),
        ("median(npv_usd) >= 1", None, True),
        ("npv_usd >= 1", None, False),  # it must hold on all paths
        ("npv_usd >= 0", None, True),
    ],
)
def test_a_line_is_kept_crossed_or_cannot_be_told(
    needs: str, idle: bool | None, together: bool | None, runs: dict[str, Simulated]
) -> None:
    assert (holds(needs, runs, 0), holds(needs, runs, 1)) == (idle, together)


@pytest.mark.parametrize(
    ("needs", "near"),
    [("operatr = 'holder'", "operator"), ("state.armd", "state.armed"), ("npv_us > 0", "npv_usd")],
)
def test_a_name_that_no_arrangement_or_result_has_is_refused_with_the_nearest(
    needs: str, near: str
) -> None:
    with pytest.raises(InputError) as caught:
        check_red_lines(with_line(needs))
    (fault,) = caught.value.faults
    assert fault.field == "accord.parties[holder].red_lines.0.needs"
    assert fault.nearest == near


def test_a_line_that_is_no_condition_is_refused() -> None:
    with pytest.raises(InputError, match="no condition"):
        check_red_lines(with_line("1 + 1"))
