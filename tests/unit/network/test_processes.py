"""Price of the coin and fees over 20,000 paths against what their definitions come to."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from tests.unit.network.network_case import CHAIN, made

from baseload.compiled import kernel
from baseload.network.kernels import begin_path
from baseload.network.process_kernels import month_processes
from baseload.network.setup import FLAT_MEDIAN

Floats = npt.NDArray[np.float64]

PATHS = 20_000
# The first projected day has the starting price, so that a year of steps is 366 days.
DAYS = 366
YEARS = (DAYS - 1) / 365.25
SIGMA = 0.5
START = 60_000.0
# All draws are the same in every run: five standard errors only say how far off is suspicious.
ERRORS = 5.0


class Drawn(NamedTuple):
    """Price and fees of the last day, and of the day before it, on each path."""

    price: Floats
    price_before: Floats
    fees: Floats
    fees_before: Floats
    power_normal: Floats

    @property
    def log_price(self) -> Floats:
        return np.log(self.price)


@kernel
def _walk(setup, row, work, days, out):
    for path in range(out.shape[0]):
        draw = begin_path(setup, row, work)
        day = 0
        while day < days:
            count = min(31, days - day)
            month_processes(setup, draw, path, day, count, work)
            day += count
        # 366 and 731 days end some days into a chunk, so that the day before is in it.
        out[path, 0] = work.price[count - 1]
        out[path, 1] = work.price[count - 2]
        out[path, 2] = work.fees[count - 1]
        out[path, 3] = work.fees[count - 2]
        out[path, 4] = work.power_normal[count - 1]


def drawn(process: dict[str, Any], days: int = DAYS, paths: int = PATHS, **more: Any) -> Drawn:
    setup, row, work = made(process, **more)
    out = np.zeros((paths, 5))
    _walk(setup, row, work, days, out)
    return Drawn(*out.T)


def assert_mean(values: Floats, expected: float) -> None:
    error = float(np.std(values)) / math.sqrt(PATHS)
    assert float(np.mean(values)) == pytest.approx(expected, abs=ERRORS * error)


def assert_median(values: Floats, expected: float, slope: float) -> None:
    """`slope`: standard deviation of the log; the median of a normal has 1.2533 errors of the mean."""
    error = 1.2533 * slope / math.sqrt(PATHS)
    assert float(np.median(np.log(values))) == pytest.approx(math.log(expected), abs=ERRORS * error)


def brownian(**more: Any) -> dict[str, Any]:
    return {"geometric-brownian": {"start": START, "volatility_per_year": SIGMA, **more}}


def jumps(**more: Any) -> dict[str, Any]:
    return {
        "jump-diffusion": {
            "start": START,
            "volatility_per_year": 0.3,
            "jumps_per_year": 4.0,
            "jump_mean": -0.1,
            "jump_volatility": 0.15,
            **more,
        }
    }


def test_mean_of_brownian_motion_grows_by_its_drift() -> None:
    found = drawn(brownian(drift_per_year=0.25))
    assert_mean(found.price, START * math.exp(0.25 * YEARS))
    slope = SIGMA * math.sqrt(YEARS)
    assert_median(found.price, START * math.exp((0.25 - SIGMA**2 / 2) * YEARS), slope)
    # The spread of a standard deviation: 1 / sqrt(2 n).
    assert float(np.std(found.log_price)) == pytest.approx(slope, rel=ERRORS / math.sqrt(2 * PATHS))


def test_median_of_brownian_motion_grows_as_stated() -> None:
    found = drawn(brownian(median_growth_per_year=0.08))
    assert_median(found.price, START * 1.08**YEARS, SIGMA)
    assert_mean(found.price, START * 1.08**YEARS * math.exp(SIGMA**2 / 2 * YEARS))


def test_flat_median_takes_the_growth_away_and_leaves_the_spread() -> None:
    found = drawn(brownian(drift_per_year=0.25), growth_mode=FLAT_MEDIAN)
    assert_median(found.price, START, SIGMA)
    assert float(np.std(found.log_price)) == pytest.approx(
        SIGMA * math.sqrt(YEARS), rel=ERRORS / math.sqrt(2 * PATHS)
    )


def test_jumps_leave_the_mean_of_a_drift_alone() -> None:
    found = drawn(jumps(drift_per_year=0.1))
    assert_mean(found.price, START * math.exp(0.1 * YEARS))


def test_jumps_leave_the_mean_of_the_log_of_a_stated_median_alone() -> None:
    found = drawn(jumps(median_growth_per_year=0.1))
    assert_mean(found.log_price, math.log(START) + YEARS * math.log(1.1))
    # Jumps that fall more than they rise lift the median above the mean of the log, by about a sixth
    # of the third cumulant over the variance: 4 (m^3 + 3 m s^2) / 6 (0.09 + 4 (m^2 + s^2)).
    m, s = -0.1, 0.15
    above = -4.0 * (m**3 + 3 * m * s * s) / (6.0 * (0.09 + 4.0 * (m * m + s * s)))
    slope = math.sqrt(0.09 + 4.0 * (m * m + s * s))
    assert_median(found.price, START * 1.1**YEARS * math.exp(above), slope)


def test_variance_of_jumps_is_that_of_a_compound_poisson_process() -> None:
    found = drawn(jumps(drift_per_year=0.1))
    variance = (0.09 + 4.0 * (0.1**2 + 0.15**2)) * YEARS
    # Tails are a little fatter than a normal's: twice its error.
    assert float(np.var(found.log_price)) == pytest.approx(
        variance, rel=2 * ERRORS * math.sqrt(2.0 / PATHS)
    )


def test_mean_reversion_reaches_its_stationary_spread() -> None:
    half_life = 0.25
    process = {
        "mean-reverting": {
            "start": START,
            "trend": 40_000.0,
            "median_growth_per_year": 0.05,
            "volatility_per_year": SIGMA,
            "half_life_years": half_life,
        }
    }
    found = drawn(process, days=2 * 365 + 1)
    rate = math.log(2.0) / half_life
    years = 2 * 365 / 365.25
    left = math.exp(-rate * years)
    spread = SIGMA * math.sqrt((1.0 - left**2) / (2.0 * rate))
    assert float(np.std(found.log_price)) == pytest.approx(
        spread, rel=ERRORS / math.sqrt(2 * PATHS)
    )
    # The gap to the trend at the start has shrunk eight half-lives long.
    trend = math.log(40_000.0) + years * math.log(1.05)
    assert_mean(found.log_price, trend + left * math.log(START / 40_000.0))


def test_bootstrap_keeps_the_mean_of_its_history() -> None:
    returns = np.array([0.01, -0.02, 0.03, 0.0, 0.004, -0.011, 0.002])
    found = drawn(
        {"bootstrap": {"start": START, "file": "h.csv", "block_days": 5}}, returns=returns
    )
    assert_mean(found.log_price, math.log(START) + (DAYS - 1) * float(np.mean(returns)))


def test_bootstrap_with_a_stated_growth_moves_every_return_alike() -> None:
    returns = np.array([0.01, -0.02, 0.03, 0.0, 0.004, -0.011, 0.002])
    process = {
        "bootstrap": {
            "start": START,
            "file": "h.csv",
            "block_days": 5,
            "median_growth_per_year": 0.2,
        }
    }
    found = drawn(process, returns=returns)
    assert_mean(found.log_price, math.log(START) + YEARS * math.log(1.2))
    # A day's return is one of the history's, moved by one and the same number.
    steps = np.unique(np.round(np.log(found.price / found.price_before), 9))
    shift = math.log(1.2) / 365.25 - float(np.mean(returns))
    assert steps == pytest.approx(np.sort(returns) + shift, abs=1e-9)


def test_a_fixed_price_stays() -> None:
    found = drawn({"fixed": START}, paths=2)
    # The price is kept as its logarithm: one rounding there and one back.
    assert found.price == pytest.approx(np.full(2, START), rel=1e-14)


def test_a_curve_is_followed_day_by_day_and_stays_at_its_end() -> None:
    prices = 50_000.0 * 1.001 ** np.arange(400)
    points = [{"on": "2026-06-15", "usd": 50_000.0}]
    found = drawn({"curve": points}, paths=2, curve=prices)
    assert found.price[0] == pytest.approx(prices[DAYS - 1], rel=1e-13)
    assert found.price_before[0] == pytest.approx(prices[DAYS - 2], rel=1e-13)
    beyond = drawn({"curve": points}, paths=2, curve=prices[:100])
    assert beyond.price[0] == pytest.approx(prices[99], rel=1e-13)
    flat = drawn({"curve": points}, paths=2, curve=prices, growth_mode=FLAT_MEDIAN)
    assert flat.price[0] == pytest.approx(prices[0], rel=1e-13)


def test_fees_have_their_median_spread_and_memory() -> None:
    found = drawn({"fixed": START}, fees_btc_per_block=0.03, fees_volatility=0.6)
    logs, before = np.log(found.fees / 0.03), np.log(found.fees_before / 0.03)
    assert_median(found.fees, 0.03, 0.6)
    assert float(np.std(logs)) == pytest.approx(0.6, rel=ERRORS / math.sqrt(2 * PATHS))
    # Half is forgotten in 20 days; a regression's slope has an error of about sqrt(1 - r^2) / sqrt(n).
    kept = 0.5 ** (1 / 20)
    slope = float(np.sum(logs * before) / np.sum(before * before))
    assert slope == pytest.approx(kept, abs=ERRORS * math.sqrt((1 - kept**2) / PATHS))


def test_innovations_are_correlated_as_stated() -> None:
    matrix = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 1.0]])
    found = drawn(
        brownian(drift_per_year=0.0),
        correlation=np.linalg.cholesky(matrix),
        fees_half_life_days=20.0,
        fees_volatility=0.6,
    )
    kept = 0.5 ** (1 / 20)
    price = np.log(found.price / found.price_before)
    fees = np.log(found.fees / 0.022) - kept * np.log(found.fees_before / 0.022)
    seen = np.corrcoef(np.array([price, fees, found.power_normal]))
    # A correlation of r has an error of (1 - r^2) / sqrt(n), at most 1 / sqrt(n).
    assert seen == pytest.approx(matrix, abs=ERRORS / math.sqrt(PATHS))


def test_replayed_days_take_the_past_and_the_process_goes_on_after_it() -> None:
    setup, row, work = made(brownian(drift_per_year=0.0), start_day=CHAIN.absolute_day - 3)
    past = setup.replay._replace(
        price_usd=np.array([1.0, 2.0, 3.0]), fees_btc=np.array([0.1, 0.2, 0.3])
    )
    setup = setup._replace(replay=past)
    draw = begin_path(setup, row, work)
    month_processes(setup, draw, 0, 0, 6, work)
    assert work.price[:3].tolist() == [1.0, 2.0, 3.0]
    assert work.fees[:3].tolist() == [0.1, 0.2, 0.3]
    assert work.price[3] == pytest.approx(START, rel=1e-14)
    assert work.price[4] != work.price[3]
