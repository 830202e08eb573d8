"""The value of an arrangement that may begin, against closed forms."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from tests.unit.gates.made import AS_OF, gate, pooled

from baseload.errors import InputError
from baseload.gates.passage import Passage, draw_passage
from baseload.gates.start_worth import StartValue, start_value, value_at
from baseload.gates.timing import months_until

VALUES = {0.0: 100.0, 2.0: 80.0, 5.0: -40.0, 10.0: -90.0}


def fixed(months: float, probability: float = 1.0, **rest: object) -> Passage:
    gates = pooled(gate("a", probability, months, **rest))
    return draw_passage(gates, "joint", as_of=AS_OF, draws=50, horizon_years=50.0)


def worth(passage: Passage, values: dict[float, float] = VALUES, **rest: object) -> StartValue:
    terms = {"scenario_start": AS_OF, "rate_per_year": 0.1, **rest}
    return start_value(passage, values, **terms)  # type: ignore[arg-type]


def test_values_lie_on_straight_lines_and_are_flat_beyond() -> None:
    years = np.array([-3.0, 0.0, 1.0, 2.0, 3.5, 5.0, 10.0, 40.0])
    assert value_at(VALUES, years).tolist() == [100, 100, 90, 80, 20, -40, -90, -90]
    assert value_at({4.0: 7.0}, years).tolist() == [7.0] * 8
    assert value_at(dict(reversed(VALUES.items())), years).tolist()[4] == 20


def test_a_known_start_is_discounted_from_its_day() -> None:
    found = worth(fixed(12.0))
    assert found.taken.value == pytest.approx(90.0 / 1.1)
    assert found.taken.standard_error < 1e-9
    assert found.if_at_once == 100.0
    assert worth(fixed(12.0), rate_per_year=0.0).taken.value == pytest.approx(90.0)


def test_never_beginning_gains_nothing() -> None:
    assert worth(fixed(12.0, 0.3)).taken.value == pytest.approx(0.3 * 90.0 / 1.1)
    blocked = draw_passage(pooled(gate("a", 0.0, None)), "joint", as_of=AS_OF, draws=5)
    assert worth(blocked).may_wait.value == 0.0


def test_offsets_count_from_the_start_of_the_scenario() -> None:
    start = date(2027, 11, 24)
    months = months_until(AS_OF, start)
    found = worth(fixed(months + 12.0), scenario_start=start)
    assert found.taken.value == pytest.approx(90.0 * 1.1 ** (-(months + 12.0) / 12.0))
    assert worth(fixed(1.0), scenario_start=start).taken.value > 0.99 * 100.0 * 1.1 ** (-1 / 12)


def test_a_loss_is_declined_at_start() -> None:
    found = worth(fixed(60.0))
    assert found.taken.value == pytest.approx(-40.0 / 1.1**5)
    assert found.may_decline.value == 0.0 and found.declined == 1.0
    assert worth(fixed(12.0)).declined == 0.0


def test_the_outside_option_is_what_one_gives_up() -> None:
    found = worth(fixed(12.0), outside_value=95.0)
    assert found.taken.value == pytest.approx(-5.0 / 1.1)
    assert found.may_decline.value == 0.0
    assert worth(fixed(60.0), outside_value=-60.0).may_decline.value == pytest.approx(20.0 / 1.1**5)


def test_waiting_pays_where_values_rise_faster_than_the_rate() -> None:
    rising = {0.0: -10.0, 2.0: 50.0, 5.0: 60.0, 10.0: 61.0}
    found = worth(fixed(0.0), rising)
    assert found.wait_years == 2.0
    assert found.may_wait.value == pytest.approx(50.0 / 1.1**2)
    assert worth(fixed(0.0)).wait_years == 0.0


def test_who_waits_may_see_a_gate_lapse() -> None:
    rising = {0.0: -10.0, 2.0: 50.0, 5.0: 60.0, 10.0: 61.0}
    gates = pooled(gate("a", 1.0, 0.0, lasts_years=(1.0, 2.0, 4.0)))
    passage = draw_passage(gates, "joint", as_of=AS_OF, draws=20_000)
    assert worth(passage, rising).may_wait.value == pytest.approx(0.5 * 50.0 / 1.1**2, rel=0.05)


def test_options_never_cost() -> None:
    rng = np.random.default_rng(4)
    gates = pooled(gate("a", 0.6, (3, 20, 90)), gate("b", 0.8, (3, 20, 90)))
    passage = draw_passage(gates, "joint", as_of=AS_OF, draws=2000)
    for _ in range(20):
        values = dict(zip(VALUES, rng.normal(0.0, 100.0, 4).tolist(), strict=True))
        found = worth(passage, values)
        assert found.taken.value <= found.may_decline.value <= found.may_wait.value
        assert found.may_decline.value >= 0.0


@pytest.mark.parametrize(
    "change",
    [
        {"values": {}},
        {"values": {0.0: math.nan}},
        {"values": {math.inf: 1.0}},
        {"rate_per_year": -1.0},
        {"rate_per_year": math.nan},
        {"outside_value": math.inf},
        {"waits_years": (-1.0,)},
    ],
)
def test_terms_out_of_range_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        worth(fixed(1.0), **change)  # type: ignore[arg-type]
