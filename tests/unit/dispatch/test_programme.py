"""The linear programme against sums done by hand, and against the merit order on random weeks."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from baseload.dispatch import dispatch_hours
from baseload.dispatch.programme import NoOptimum, best_use


def test_the_programme_finds_what_a_hand_finds() -> None:
    # Hour 0: 100 MW; 30 at 80, tranches of 25 at 60 and 45 up to a limit of 40, else 40 at 50:
    # 30 x 80 + 25 x 60 + 40 x 50 + 5 x 45 = 6,125. Hour 1: 50 MW and nothing worth it: export costs
    # 5 a MWh, the first slot 10, the second stands.
    best = best_use(
        np.array([100.0, 50.0]),
        np.array([[40.0, 30.0], [40.0, 0.0]]),
        np.array([[50.0, 80.0], [-10.0, 80.0]]),
        np.array([40.0, 40.0]),
        np.array([[60.0, 45.0], [-5.0, -20.0]]),
        25.0,
    )
    assert best.mined_mw.tolist() == [[40.0, 30.0], [0.0, 0.0]]
    assert best.exported_mw.tolist() == [[25.0, 5.0], [0.0, 0.0]]
    assert best.curtailed_mw.tolist() == [0.0, 50.0]
    assert best.value_usd == 6125.0


def test_the_limit_of_export_binds_all_tranches_together() -> None:
    best = best_use(
        np.array([100.0]),
        np.zeros((1, 0)),
        np.zeros((1, 0)),
        np.array([30.0]),
        np.array([[9.0, 8.0]]),
        25.0,
    )
    assert best.exported_mw.tolist() == [[25.0, 5.0]]
    assert best.curtailed_mw.tolist() == [70.0]


@pytest.mark.parametrize("seed", range(5))
def test_the_programme_is_worth_what_the_merit_order_is(seed: int) -> None:
    draws = np.random.default_rng(seed)
    hours, slots = 168, 4
    available = draws.integers(0, 2000, hours).astype(float)
    firm = draws.integers(0, 1500, hours).astype(float)
    price = draws.integers(-20, 90, hours).astype(float)
    limit = draws.integers(0, 500, hours).astype(float)
    power = draws.integers(0, 400, slots).astype(float)
    value = draws.integers(-10, 90, slots).astype(float)
    ordered = dispatch_hours(available, firm, price, limit, power, value)
    best = best_use(
        available - ordered.served_mw,
        np.tile(power, (hours, 1)),
        np.tile(value, (hours, 1)),
        limit,
        price[:, None],
        1e6,
    )
    # Whole numbers below 2^53 throughout; only the solver's own sums may round.
    assert best.value_usd == pytest.approx(ordered.value_usd, rel=1e-12)


def test_a_programme_without_a_solution_says_so() -> None:
    with pytest.raises(NoOptimum, match="HiGHS"):
        best_use(
            np.array([-1.0]),
            np.zeros((1, 0)),
            np.zeros((1, 0)),
            np.array([0.0]),
            np.array([[1.0]]),
            1.0,
        )


def test_solving_says_nothing_on_the_terminal() -> None:
    # In a fresh process: the solver says its name only once in each.
    snippet = (
        "import numpy as np\n"
        "from baseload.dispatch.programme import best_use\n"
        "one, none = np.array([1.0]), np.zeros((1, 0))\n"
        "best_use(one, none, none, one, np.array([[1.0]]), 1.0)\n"
    )
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
