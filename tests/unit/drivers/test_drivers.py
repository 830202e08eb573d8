"""What drives a result: known indices come back, idle inputs show nothing, odd inputs are held out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from baseload.drivers import Driver, Drivers, what_drives
from baseload.drivers.first_order import bins_for, noise_correlation, noise_share
from baseload.errors import InputError

Floats = np.ndarray


def by_name(found: Drivers) -> dict[str, Driver]:
    return {driver.name: driver for driver in found.drivers}


def uniform(paths: int, inputs: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).random((paths, inputs))


def named(inputs: Floats, outcome: Floats) -> Drivers:
    return what_drives([f"x{i}" for i in range(inputs.shape[1])], inputs, outcome)


def test_a_linear_model_has_the_shares_of_its_squared_weights() -> None:
    inputs = np.random.default_rng(2).normal(size=(10_000, 4))
    found = by_name(named(inputs, inputs @ np.array([4.0, 2.0, -1.0, 0.0])))
    for name, weight in zip(("x0", "x1", "x2", "x3"), (4.0, 2.0, 1.0, 0.0), strict=True):
        # Four standard errors of a share from 10,000 paths, and what 50 bins lose in the tails.
        assert found[name].share_of_variance == pytest.approx(weight**2 / 21.0, abs=0.025)
    assert found["x2"].rank_correlation < 0.0 < found["x1"].rank_correlation
    assert not found["x3"].stands_out


def test_ishigami_s_function_has_its_analytic_indices() -> None:
    # Ishigami and Homma 1990, doi:10.1109/ISUMA.1990.151285, with a = 7 and b = 0.1.
    a, b = 7.0, 0.1
    x = np.pi * (2.0 * uniform(20_000, 3) - 1.0)
    outcome = np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = 0.5 * (1.0 + b * np.pi**4 / 5) ** 2 / variance
    found = by_name(named(x, outcome))
    assert first == pytest.approx(0.3139, abs=1e-4)
    assert found["x0"].share_of_variance == pytest.approx(first, abs=0.015)
    assert found["x1"].share_of_variance == pytest.approx(a**2 / 8 / variance, abs=0.015)
    # The third acts only together with the first.
    assert abs(found["x2"].share_of_variance) < found["x2"].noise_share
    # No rank correlation sees the second: it rises and falls.
    assert abs(found["x1"].rank_correlation) < found["x1"].noise_correlation
    assert found["x1"].stands_out


def test_the_share_agrees_with_scipy_s_analysis_of_variance_and_the_ranks_with_spearman() -> None:
    inputs = uniform(500, 1, seed=4)
    outcome = np.exp(inputs[:, 0]) + np.random.default_rng(5).normal(size=500)
    (driver,) = named(inputs, outcome).drivers
    order = np.argsort(inputs[:, 0])
    groups = np.array_split(outcome[order], bins_for(500))
    f = stats.f_oneway(*groups).statistic
    bins = len(groups)
    # Groups differ by a path at their ends, which moves a share by some thousandths.
    assert driver.share_of_variance == pytest.approx(
        (f - 1) / (f + (500 - bins) / (bins - 1)), abs=0.01
    )
    expected = stats.spearmanr(inputs[:, 0], outcome).statistic
    assert driver.rank_correlation == pytest.approx(expected, abs=1e-12)


def test_rank_correlation_shares_ties_as_scipy_does() -> None:
    rng = np.random.default_rng(6)
    inputs = rng.integers(0, 4, (300, 1)).astype(float)
    outcome = np.round(inputs[:, 0] + rng.normal(size=300))
    (driver,) = named(inputs, outcome).drivers
    assert driver.rank_correlation == pytest.approx(
        stats.spearmanr(inputs[:, 0], outcome).statistic, abs=1e-12
    )


def test_the_share_of_a_discrete_input_is_that_between_its_values_exactly() -> None:
    rng = np.random.default_rng(7)
    inputs = rng.choice([1.0, 2.0, 5.0], size=(1000, 1), p=[0.1, 0.3, 0.6])
    outcome = inputs[:, 0] ** 2 + rng.normal(size=1000)
    (driver,) = named(inputs, outcome).drivers
    f = stats.f_oneway(*(outcome[inputs[:, 0] == value] for value in (1, 2, 5))).statistic
    assert driver.share_of_variance == pytest.approx((f - 1) / (f + 997 / 2), rel=1e-9)


@pytest.mark.parametrize("tail", [0.1, 2.5])
@pytest.mark.parametrize("paths", [60, 200, 1000])
def test_idle_inputs_have_no_share_on_average_whatever_the_tail(paths: int, tail: float) -> None:
    rng = np.random.default_rng(8)
    shares, alarms, studies = [], 0, 60
    for _ in range(studies):
        outcome = np.exp(tail * rng.normal(size=paths))
        discrete = (rng.random((paths, 10)) < 0.05).astype(float)
        found = named(np.hstack([rng.random((paths, 20)), discrete]), outcome)
        shares += [driver.share_of_variance for driver in found.drivers]
        alarms += bool(found.standing_out)
    error = np.std(shares) / math.sqrt(len(shares))
    assert abs(np.mean(shares)) < 4 * error
    # One study in twenty may raise a false alarm: 3 of 60; 9 or more would come once in 300 times.
    assert alarms < 9


def test_without_the_correction_an_idle_input_would_show_the_bins_over_the_paths() -> None:
    found = named(uniform(200, 30, seed=9), np.random.default_rng(9).random(200))
    plain = [1 - (1 - d.share_of_variance) * (200 - 7) / 199 for d in found.drivers]
    assert np.mean(plain) == pytest.approx(6 / 199, abs=0.01)


@pytest.mark.parametrize(("paths", "bins"), [(40, 5), (200, 7), (1000, 15), (10_000, 50)])
@pytest.mark.parametrize("chance", [0.05, 0.001, 2e-4])
def test_the_noise_level_of_a_share_is_fisher_s_quantile(
    paths: int, bins: int, chance: float
) -> None:
    f = stats.f.isf(chance, bins - 1, paths - bins)
    exact = (f - 1) / (f + (paths - bins) / (bins - 1))
    assert noise_share(paths, bins, chance) == pytest.approx(exact, rel=0.02)


def test_the_noise_level_of_a_correlation_is_that_of_its_exact_variance() -> None:
    exact = stats.norm.isf(0.001) / math.sqrt(99)
    assert noise_correlation(100, 0.002) == pytest.approx(exact, rel=1e-9)


def test_ends_are_fifths_with_their_means_and_errors() -> None:
    values = np.arange(100.0)
    outcome = np.where(values < 20, 1.0, np.where(values >= 80, 5.0, 3.0)) + (values % 2)
    (driver,) = named(values[::-1, None], outcome[::-1]).drivers
    assert (driver.low.paths, driver.high.paths) == (20, 20)
    assert (driver.low.value, driver.high.value) == (9.5, 89.5)
    assert (driver.low.mean, driver.high.mean) == (1.5, 5.5)
    expected = np.std([1.0, 2.0] * 10, ddof=1) / math.sqrt(20)
    assert driver.low.standard_error == pytest.approx(expected)
    assert driver.swing == 4.0
    assert driver.swing_standard_error == pytest.approx(expected * math.sqrt(2))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((70, 30), 70, 30),
        ((10, 90), 10, 90),
        ((1, 99), 1, 99),
        ((99, 1), 99, 1),
        ((10, 80, 10), 10, 10),
        ((0, 50, 50), 50, 50),
        ((30, 40, 30), 30, 30),
        ((15, 15, 70), 30, 70),
    ],
)
def test_ends_of_a_discrete_input_never_share_a_path(
    counts: tuple[int, ...], low: int, high: int
) -> None:
    values = np.repeat(np.arange(float(len(counts))), counts)
    outcome = np.random.default_rng(3).random(values.size)
    (driver,) = named(values[:, None], outcome).drivers
    assert (driver.low.paths, driver.high.paths) == (low, high)
    assert driver.low.value < driver.high.value
    assert (driver.low.standard_error is None) == (low == 1)


def test_correlated_inputs_are_named_and_their_shares_not_added() -> None:
    rng = np.random.default_rng(10)
    first = rng.normal(size=1000)
    second = 0.8 * first + 0.6 * rng.normal(size=1000)
    third = rng.normal(size=1000)
    inputs = np.stack([first, second, third], axis=1)
    found = named(inputs, 2 * first + third)
    drivers = by_name(found)
    assert [name for name, _ in drivers["x1"].partners] == ["x0"]
    assert drivers["x1"].partners[0][1] == pytest.approx(0.79, abs=0.05)
    # It does nothing of its own, and says so only by its partner.
    assert drivers["x1"].share_of_variance > 0.4
    assert drivers["x2"].partners == ()
    assert found.share_explained is None
    alone = named(inputs[:, [0, 2]], 2 * first + third)
    # What 15 bins miss of a normal input lies in its two outer ones.
    assert alone.share_explained == pytest.approx(1.0, abs=0.1)


def test_undefined_outcomes_and_values_are_left_out_and_counted() -> None:
    inputs = uniform(400, 2, seed=11)
    outcome = 3 * inputs[:, 0] + inputs[:, 1]
    outcome[::4] = np.nan
    outcome[1] = np.inf
    inputs[2::4, 1] = np.nan
    found = named(inputs, outcome)
    assert (found.paths, found.undefined) == (299, 101)
    drivers = by_name(found)
    assert (drivers["x0"].paths, drivers["x1"].paths) == (299, 199)
    kept = np.isfinite(outcome)
    again = named(inputs[kept][:, :1], outcome[kept])
    assert again.drivers[0].share_of_variance == drivers["x0"].share_of_variance
    assert found.mean == pytest.approx(float(np.mean(outcome[kept])))


def test_inputs_that_do_not_move_are_listed_apart() -> None:
    inputs = uniform(100, 4, seed=12)
    inputs[:, 1] = 7.0
    inputs[:, 2] = np.nan
    inputs[: 100 - 10, 3] = np.nan
    found = named(inputs, inputs[:, 0])
    assert found.unmoved == ("x1", "x2", "x3")
    assert [driver.name for driver in found.drivers] == ["x0"]


def test_an_input_known_only_where_the_outcome_is_flat_is_listed_apart() -> None:
    outcome = np.concatenate((np.ones(30), np.arange(30.0)))
    inputs = np.stack([np.arange(60.0), np.where(np.arange(60) < 30, np.arange(60.0), np.nan)], 1)
    assert named(inputs, outcome).unmoved == ("x1",)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (np.ones(100), "the same on all paths"),
        (np.full(100, np.nan), "0 paths have the result"),
        (np.where(np.arange(100) < 19, np.arange(100.0), np.nan), "19 paths"),
        (np.empty(0), "0 paths have the result"),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(outcome: Floats, words: str) -> None:
    found = named(uniform(outcome.size, 2), outcome)
    assert found.drivers == () and words in found.why_none
    assert found.share_explained == 0.0


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1.0, 1e15, 1e300])
def test_any_size_of_numbers_gives_the_same_shares(scale: float) -> None:
    inputs = uniform(300, 3, seed=13)
    outcome = inputs @ np.array([3.0, 1.0, 0.0]) - 1.0
    plain, scaled = named(inputs, outcome), named(inputs * scale, outcome * scale)
    for one, other in zip(plain.drivers, scaled.drivers, strict=True):
        assert one.name == other.name
        assert other.share_of_variance == pytest.approx(one.share_of_variance, abs=1e-9)
        assert other.rank_correlation == one.rank_correlation
        assert other.low.mean == pytest.approx(one.low.mean * scale, rel=1e-9)
        assert other.low.standard_error == pytest.approx(
            (one.low.standard_error or 0.0) * scale, rel=1e-9
        )


def test_the_order_of_the_paths_changes_nothing_that_is_shown() -> None:
    inputs = uniform(500, 3, seed=14)
    outcome = inputs[:, 0] + 0.3 * inputs[:, 1]
    mixed = np.random.default_rng(15).permutation(500)
    for one, other in zip(
        named(inputs, outcome).drivers, named(inputs[mixed], outcome[mixed]).drivers, strict=True
    ):
        assert one.name == other.name
        assert other.share_of_variance == pytest.approx(one.share_of_variance, abs=1e-12)
        assert other.swing == pytest.approx(one.swing, rel=1e-12)
    assert named(inputs, outcome) == named(inputs.copy(), outcome.copy())


def test_those_that_stand_out_come_first_and_the_widest_first_among_them() -> None:
    rng = np.random.default_rng(16)
    inputs = rng.normal(size=(300, 40))
    found = named(inputs, inputs[:, 30] + 2 * inputs[:, 20] + rng.normal(size=300))
    assert [driver.name for driver in found.drivers[:2]] == ["x20", "x30"]
    rest = [abs(driver.swing) for driver in found.drivers[len(found.standing_out) :]]
    assert rest == sorted(rest, reverse=True)


@pytest.mark.parametrize(
    ("names", "inputs", "outcome", "words"),
    [
        (["a"], np.ones((3, 1)), np.ones((3, 1)), "one value a path"),
        (["a"], np.ones(3), np.ones(3), "a row for each of the 3 paths"),
        (["a"], np.ones((4, 1)), np.ones(3), "shape \\(4, 1\\)"),
        (["a", "b"], np.ones((3, 1)), np.ones(3), "2 names for 1 inputs"),
        (["a", "a"], np.ones((3, 2)), np.ones(3), "'a' twice"),
        (["a"], [["x"]], [1.0], "numbers"),
    ],
)
def test_what_does_not_fit_is_refused(names: list[str], inputs, outcome, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=words):
        what_drives(names, inputs, outcome)


def test_no_input_at_all_is_no_fault() -> None:
    found = what_drives([], np.empty((50, 0)), np.arange(50.0))
    assert found.drivers == () and found.why_none == ""
