"""The assessment of a share puts the closed forms together and leaves none out."""

from __future__ import annotations

import json
import math
from datetime import date

import numpy as np
import pytest

from baseload import security
from baseload.errors import InputError
from baseload.security.assessment import assess
from baseload.security.in_study import LEVEL, security_of_study
from baseload.security.over_time import NEVER

MONTHS = [date(2030, m, 1) for m in range(1, 13)]


def test_an_assessment_is_made_of_the_public_functions() -> None:
    found = assess(0.27)
    assert found.members == ("mine",)
    assert found.double_spend == security.double_spend_probability(0.27, 6)
    assert found.confirmations_for_risk == ((0.01, 15), (0.001, 24))
    for one in found.selfish_mining:
        assert one.revenue == security.selfish_mining_revenue(0.27, one.gamma)
        best = security.optimal_selfish_mining(0.27, one.gamma)
        assert (one.optimal_lower, one.optimal_upper) == (best.lower, best.upper)
        assert one.revenue <= best.upper
    assert [one.gamma for one in found.selfish_mining] == [0.0, 0.5, 1.0]
    assert dict(found.feather_forking)[1] == pytest.approx(0.27**2)
    assert found.streak_days == pytest.approx(3534.0 / 144.0, rel=2e-4)
    assert (found.majority, found.majority_cushion) == (False, 0.0)
    assert found.majority_missing == pytest.approx(1.0 - 2 * 0.27)
    assert found.loss_block_minutes == pytest.approx(10.0 / 0.73)


def test_partners_are_diluted_by_the_mine_and_called_by_their_names() -> None:
    found = assess(0.25, partners=["foundry usa", "f2pool"], optimal=False)
    shares = security.hash_rate_shares("pool")
    assert found.members == ("mine", "Foundry USA", "F2Pool")
    assert found.share == pytest.approx(0.25 + 0.75 * (shares["Foundry USA"] + shares["F2Pool"]))
    assert found.majority
    assert found.confirmations_for_risk == ((0.01, None), (0.001, None))
    assert all(one.optimal_revenue is None for one in found.selfish_mining)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_ends_and_the_half_have_an_assessment_that_is_json(share: float) -> None:
    found = assess(share).as_dict()
    text = json.dumps(found, default=str)
    assert "NaN" not in text
    assert found["double_spend"] == (0.0 if share == 0.0 else 1.0)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"share": 1.2}, "share"),
        ({"share": math.nan}, "share"),
        ({"share": 0.2, "gammas": [1.5]}, "gamma"),
        ({"share": 0.2, "gammas": []}, "gamma"),
        ({"share": 0.2, "partners": ["Foundy USA"]}, "partners"),
        ({"share": 0.2, "partners": ["F2Pool", "f2 pool"]}, "partners"),
        ({"share": 0.2, "confirmations": -1}, "confirmations"),
        ({"share": 0.2, "level": "miner"}, "level"),
    ],
)
def test_an_assessment_refuses_what_cannot_be(arguments: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        assess(**arguments, optimal=False)  # type: ignore[arg-type]
    assert field in str(caught.value)


def test_a_study_tells_the_shares_that_it_met() -> None:
    peaks = np.linspace(0.0, 0.4, 101)
    months = np.full((3, 101), NEVER, np.int32)
    months[0, 26:] = 5
    displacement = np.full(101, 0.5)
    displacement[0] = math.nan
    found = security_of_study(peaks, displacement, months, MONTHS, "auto")
    assert found is not None
    shares = [case["share"] for case in found["cases"]]
    assert shares[0] == pytest.approx(0.2)
    # Half a hash of the rest has stopped for each of the mine: it may come back.
    assert shares[1] == pytest.approx(0.2 / 1.1)
    assert shares[2] == pytest.approx(0.38)
    largest, part = next(iter(security.hash_rate_shares(LEVEL).items()))
    assert shares[3] == pytest.approx(0.2 + 0.8 * part)
    assert shares[4] == pytest.approx(part)
    assert found["cases"][4]["name"] == f"{largest} today"
    assert found["thresholds"][0]["probability"] == pytest.approx(75 / 101)
    assert found["thresholds"][0]["median"] == "2030-06-01"
    assert found["thresholds"][2]["median"] is None
    json.dumps(found, allow_nan=False)


def test_a_study_without_a_mine_has_no_security_to_tell() -> None:
    nothing = np.zeros(3)
    months = np.full((3, 3), NEVER, np.int32)
    assert security_of_study(nothing, np.full(3, math.nan), months, MONTHS, "fpps") is None
