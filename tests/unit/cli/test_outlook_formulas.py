"""Means and medians of the processes: against the kernels that draw them, and against draws."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from baseload.cli.middle import mean
from baseload.distributions import Distribution, parse_distribution
from baseload.grid import kernels as grid_kernels
from baseload.grid import outlook as grid_outlook
from baseload.grid.schema import Price
from baseload.network import kernels, outlook, process_kernels
from baseload.network.schema import CoinPrice
from baseload.network.setup import AS_GIVEN, BOOTSTRAP, BROWNIAN, JUMPS, REVERTING
from baseload.network.work import LOG_PRICE, LOG_TREND

DRAWS = 400_000
DAYS = 5 * 365
YEARS = DAYS / 365.25


def plain(kernel: Any) -> Any:
    """A kernel as the Python function that it was written as."""
    return kernel.py_func


def middle(value: Distribution) -> float:
    return value.quantile(0.5)


NAMES = (
    "drift", "median_growth", "volatility", "jumps", "jump_mean", "jump_volatility",
    "half_life_years",
)  # fmt: skip


def steps_of(kind: int, row: dict[str, float], **more: Any) -> tuple[Any, Any]:
    """The kernels' setup and daily steps of a price; numbers that are not named do not exist."""
    columns = {name: list(row).index(name) if name in row else -1 for name in NAMES}
    setup = SimpleNamespace(kind=kind, growth_mode=AS_GIVEN, **columns, **more)
    setup.keys = np.arange(8, dtype=np.uint64)
    values = list(row.values())
    sigma_step, keep = plain(kernels.price_noise)(setup, values)
    draw = SimpleNamespace(
        kind=kind,
        growth_step=plain(kernels.log_growth_per_year)(setup, values) / 365.25,
        sigma_step=sigma_step,
        keep=keep,
        jump_offset=plain(kernels.jump_offset)(setup, values),
        jump_rate_step=row.get("jumps", 0.0) / 365.25,
        jump_mean=row.get("jump_mean", 0.0),
        jump_volatility=row.get("jump_volatility", 0.0),
        block_days=float(more.get("block_days", 1)),
        bootstrap_shift=plain(kernels.bootstrap_shift)(setup, values),
    )
    return setup, draw


def stepped(setup: Any, draw: Any, path: int, day: int, process: Any) -> None:
    """One day of the kernel's price without noise."""
    plain(process_kernels.step_price)(
        draw,
        np.zeros(0),
        getattr(setup, "returns", np.zeros(0)),
        setup.keys,
        day,
        path,
        day,
        0.0,
        process,
    )


def walked(kind: int, row: dict[str, float], start: float, trend: float, days: int) -> float:
    """The kernel's price after so many days without noise."""
    setup, draw = steps_of(kind, row)
    process = np.zeros(7)
    process[LOG_PRICE], process[LOG_TREND] = math.log(start), math.log(trend)
    for day in range(days):
        stepped(setup, draw, 0, day, process)
    return math.exp(process[LOG_PRICE])


def test_the_median_of_a_brownian_motion_is_the_kernels_path_without_noise() -> None:
    row = {"drift": 0.12, "volatility": 0.6}
    level = outlook.jumping(6e4, 0.12, None, 0.6, 0.0, 0.0, 0.0, YEARS)
    # 1,825 additions of steps of the kernel's own logarithm.
    assert level.median == pytest.approx(walked(BROWNIAN, row, 6e4, 6e4, DAYS), rel=1e-10)
    assert level.mean == pytest.approx(6e4 * math.exp(0.12 * YEARS), rel=1e-12)


def test_the_median_of_a_reverting_price_is_the_kernels_path_without_noise() -> None:
    row = {"median_growth": 0.05, "volatility": 0.5, "half_life_years": 2.0}
    level = outlook.reverting(3e4, 8e4, 0.05, 0.5, 2.0, YEARS)
    assert level.median == pytest.approx(walked(REVERTING, row, 3e4, 8e4, DAYS), rel=1e-10)


def test_the_variance_of_a_reverting_price_is_what_the_kernels_steps_add_up_to() -> None:
    keep = 0.5 ** (1 / 365.25 / 2.0)
    step = 0.5**2 * (1 - keep**2) / (2 * math.log(2) / 2.0)
    variance = 0.0
    for _ in range(DAYS):
        variance = keep**2 * variance + step
    level = outlook.reverting(6e4, 6e4, 0.0, 0.5, 2.0, YEARS)
    assert math.log(level.mean / level.median) == pytest.approx(variance / 2, rel=1e-10)


@pytest.mark.parametrize(("drift", "growth"), [(0.08, None), (None, 0.05)])
def test_mean_and_median_of_a_jump_diffusion_are_those_of_draws(
    drift: float | None, growth: float | None
) -> None:
    rate, mean, spread, volatility, years = 1.5, -0.3, 0.25, 0.4, 3.0
    rng = np.random.default_rng(11)
    jumps = rng.poisson(rate * years, DRAWS)
    expected_factor = rate * (math.exp(mean + spread**2 / 2) - 1)
    pull = -expected_factor - volatility**2 / 2 if drift is not None else -rate * mean
    own = drift if drift is not None else math.log1p(growth or 0.0)
    logs = (own + pull) * years + volatility * math.sqrt(years) * rng.normal(size=DRAWS)
    logs += jumps * mean + np.sqrt(jumps) * spread * rng.normal(size=DRAWS)
    level = outlook.jumping(1.0, drift, growth, volatility, rate, mean, spread, years)
    factors = np.exp(logs)
    error = float(factors.std()) / math.sqrt(DRAWS)
    assert level.mean == pytest.approx(float(factors.mean()), abs=5 * error)
    # Five standard errors of a sample's median, sqrt(pi / 2) sd / sqrt(n), in the log.
    allowed = 5 * 1.2533 * float(logs.std()) / math.sqrt(DRAWS)
    assert math.log(level.median) == pytest.approx(float(np.median(logs)), abs=allowed)


def test_jumps_of_a_stated_drift_leave_the_mean_where_it_was() -> None:
    with_jumps = outlook.jumping(5e4, 0.07, None, 0.5, 2.0, -0.2, 0.3, 10.0)
    assert with_jumps.mean == pytest.approx(5e4 * math.exp(0.7), rel=1e-12)
    assert with_jumps.median < outlook.jumping(5e4, 0.07, None, 0.5, 0.0, 0.0, 0.0, 10.0).median


def test_the_kernels_drift_of_a_jump_diffusion_is_the_outlooks() -> None:
    row = {
        "drift": 0.07,
        "volatility": 0.5,
        "jumps": 2.0,
        "jump_mean": -0.2,
        "jump_volatility": 0.3,
    }
    setup, draw = steps_of(JUMPS, row)
    process = np.zeros(7)
    quiet = 0
    for day in range(40):
        before = process[LOG_PRICE]
        stepped(setup, draw, 0, day, process)
        step = (process[LOG_PRICE] - before) * 365.25
        quiet += step == pytest.approx(0.07 - 0.125 - 2.0 * (math.exp(-0.2 + 0.045) - 1), rel=1e-9)
    # Two jumps a year: nearly every day passes without one.
    assert quiet >= 35


def test_a_bootstrap_repeats_the_kernels_blocks_around_the_circle() -> None:
    returns = [0.02, -0.01, 0.03, -0.02, 0.01]
    setup, draw = steps_of(BOOTSTRAP, {}, returns=np.array(returns), block_days=3)
    logs = []
    for path in range(4000):
        process = np.zeros(7)
        for day in range(4):
            stepped(setup, draw, path, day, process)
        logs.append(process[LOG_PRICE])
    level = outlook.bootstrapped(1.0, returns, 3, None, 4 / 365.25)
    factors = np.exp(logs)
    error = float(factors.std()) / math.sqrt(len(logs))
    assert level.mean == pytest.approx(float(factors.mean()), abs=5 * error)
    assert level.median == pytest.approx(math.exp(4 * 0.006), rel=1e-12)


def test_a_bootstrap_with_a_growth_of_its_own_forgets_that_of_the_history() -> None:
    level = outlook.bootstrapped(100.0, [0.02, 0.04], 5, 0.10, 2.0)
    assert level.median == pytest.approx(100 * 1.1 ** (round(730.5) / 365.25), rel=1e-12)


def test_a_bootstrap_longer_than_its_history_goes_around_more_than_once() -> None:
    level = outlook.bootstrapped(1.0, [0.01, 0.02, 0.03], 365, None, 1.0)
    # 121 whole circles of 0.06, two days more, and no spread but that of those two.
    assert level.mean == pytest.approx(
        math.exp(121 * 0.06) * np.mean([math.exp(0.03), math.exp(0.05), math.exp(0.04)]), rel=1e-12
    )


def test_a_curve_is_straight_in_the_logarithm_and_level_outside() -> None:
    points = [(date(2028, 1, 1), 90_000.0), (date(2027, 1, 1), 40_000.0)]
    assert outlook.curve(points, date(2026, 1, 1)) == 40_000.0
    assert outlook.curve(points, date(2030, 1, 1)) == 90_000.0
    half = outlook.curve(points, date(2027, 7, 2))
    assert half == pytest.approx(60_000, rel=2e-3)  # the middle of an odd number of days


def test_fees_keep_their_median_and_their_mean_settles() -> None:
    assert outlook.fees(0.02, 0.6, 20.0, 0.0) == (0.02, 0.02)
    level = outlook.fees(0.02, 0.6, 20.0, 5.0)
    assert level.median == 0.02
    assert level.mean == pytest.approx(0.02 * math.exp(0.18), rel=1e-9)
    after_one_half_life = outlook.fees(0.02, 0.6, 20.0, 20.0 / 365.25)
    assert after_one_half_life.mean == pytest.approx(0.02 * math.exp(0.18 * 0.75), rel=1e-12)


@pytest.mark.parametrize("slowing", [0.0, 0.1])
def test_the_frontier_is_the_kernels(slowing: float) -> None:
    draw = SimpleNamespace(
        efficiency=10.0, improvement=0.12, slowing=slowing, payback_days=400.0, floor=8.0,
        frontier_power=45.0, world_eh_per_day=1.0, free_share=0.1, rise=1.0, largest=0.5,
    )  # fmt: skip
    drawn = plain(kernels.day_frontier)(draw, 7.5)
    assert outlook.frontier_j_per_th(10.0, 0.12, slowing, 7.5) == pytest.approx(
        drawn.efficiency_j_per_th, rel=1e-12
    )


def test_mean_growth_is_compounded() -> None:
    assert outlook.mean_growth(100.0, 161.051, 5.0) == pytest.approx(0.1, rel=1e-9)


@pytest.mark.parametrize(
    ("process", "median"),
    [
        ({"fixed": 50_000}, 50_000.0),
        ({"curve": [{"on": "2027-01-01", "usd": 70_000}]}, 70_000.0),
        ({"geometric-brownian": {"median_growth_per_year": 0.1}}, 65_000 * 1.21),
        ({"geometric-brownian": {"start": 1e5, "median_growth_per_year": 0}}, 1e5),
        ({"mean-reverting": {"median_growth_per_year": 0.1}}, 65_000 * 1.21),
        (
            {
                "jump-diffusion": {
                    "drift_per_year": 0,
                    "volatility_per_year": 0,
                    "jumps_per_year": 0,
                }
            },
            65_000.0,
        ),
        (
            {"bootstrap": {"file": "h.csv", "median_growth_per_year": 0.1}},
            65_000 * 1.1 ** (730 / 365.25),
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_every_kind_of_price_has_a_median(process: dict[str, Any], median: float) -> None:
    price = CoinPrice.model_validate(process)
    level = outlook.coin_price(price, 65_000.0, 2.0, date(2028, 6, 15), [0.01, -0.01], middle)
    # The median of jumps is found by halving an interval 200 times.
    assert level.median == pytest.approx(median, rel=1e-9)
    assert level.mean >= level.median * (1 - 1e-12)


def test_the_level_of_power_is_the_kernels_without_noise() -> None:
    setup = SimpleNamespace(level=0, growth=1, level_volatility=2)
    row = [80.0, 0.02, 0.0]
    work = SimpleNamespace(price=[0.0] * 4)
    after = plain(grid_kernels.month_level)(setup, row, 0, 60, work)
    level = grid_outlook.price_level(80.0, 0.02, 0.0, 12.0, 1.0, 5.0)
    assert level.mean == level.median == pytest.approx(after, rel=1e-12)


def test_the_mean_level_of_power_stays_on_its_trend_and_the_median_below() -> None:
    level = grid_outlook.price_level(80.0, 0.02, 0.3, 12.0, 1.0, 1.0)
    assert level.mean == pytest.approx(81.6, rel=1e-12)
    # After one half-life three quarters of the variance have come back.
    assert level.median == pytest.approx(81.6 * math.exp(-0.5 * 0.09 * 0.75), rel=1e-12)


def test_spikes_raise_the_mean_price_of_power() -> None:
    price = Price.model_validate(
        {"level_usd_per_mwh": 50, "spikes": {"per_year": 36.525, "factor": {"uniform": [2, 4]}}}
    )
    level = grid_outlook.price_of(price, 3.0, middle, mean)
    assert level is not None
    assert level.mean == pytest.approx(50 * (0.9 + 0.1 * 3), rel=1e-12)


def test_prices_of_power_from_a_file_have_no_outlook() -> None:
    price = Price.model_validate({"file": "prices.csv"})
    assert grid_outlook.price_of(price, 1.0, middle, mean) is None


def test_an_exogenous_rest_grows_with_its_rate() -> None:
    process = SimpleNamespace(
        growth_per_year=parse_distribution(0.1), volatility_per_year=parse_distribution(0.0)
    )
    level = outlook.exogenous_rest(process, 900.0, 2.0, middle)  # type: ignore[arg-type]
    assert level == pytest.approx((1089.0, 1089.0), rel=1e-12)
