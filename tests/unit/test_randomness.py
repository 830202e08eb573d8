"""Counter-based draws: distributions, independence and frozen vectors."""

# Kernels have no types of their own: the compiler infers them.
# mypy: allow-untyped-calls, allow-untyped-defs

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from baseload import randomness
from baseload.compiled import allocating_kernel

DRAWS = 1_000_000
KEY = randomness.stream_key(7, "coin.price")


@allocating_kernel
def over_paths(function, key, index, count):
    drawn = np.empty(count)
    for path in range(count):
        drawn[path] = function(key, path, index)
    return drawn


@allocating_kernel
def over_indices(function, key, path, count):
    drawn = np.empty(count)
    for index in range(count):
        drawn[index] = function(key, path, index)
    return drawn


@allocating_kernel
def counts_over_paths(key, mean, count):
    drawn = np.empty(count, dtype=np.int64)
    for path in range(count):
        drawn[path] = randomness.poisson(key, path, 0, mean)
    return drawn


@allocating_kernel
def daily_over_paths(key, index, count):
    drawn = np.empty(count)
    for path in range(count):
        randomness.normals_from_table(key, path, index, drawn[path : path + 1])
    return drawn


def paths_and_indices(function: object) -> list[npt.NDArray[np.float64]]:
    return [over_paths(function, KEY, 3, DRAWS), over_indices(function, KEY, 3, DRAWS)]


def test_uniform_draws_are_uniform() -> None:
    for drawn in paths_and_indices(randomness.uniform):
        assert drawn.min() > 0.0 and drawn.max() < 1.0
        # Five standard errors: 1/sqrt(12 n) of the mean, 1/sqrt(180 n) of the variance.
        assert abs(drawn.mean() - 0.5) < 5.0 / math.sqrt(12.0 * DRAWS)
        assert abs(drawn.var() - 1.0 / 12.0) < 5.0 / math.sqrt(180.0 * DRAWS)
        # The seeds are fixed, so that this p-value never changes; 1e-3 is far from both ends.
        assert stats.kstest(drawn, "uniform").pvalue > 1e-3


def test_normal_draws_are_normal() -> None:
    for drawn in paths_and_indices(randomness.normal):
        assert abs(drawn.mean()) < 5.0 / math.sqrt(DRAWS)
        assert abs(drawn.var() - 1.0) < 5.0 * math.sqrt(2.0 / DRAWS)
        assert stats.kstest(drawn, "norm").pvalue > 1e-3


def test_daily_normal_draws_are_normal_and_near_the_others() -> None:
    in_a_row = np.empty(DRAWS)
    randomness.normals_from_table(KEY, 3, 0, in_a_row)
    daily = [daily_over_paths(KEY, 3, DRAWS), in_a_row]
    for drawn, other in zip(daily, paths_and_indices(randomness.normal), strict=True):
        assert abs(drawn.mean()) < 5.0 / math.sqrt(DRAWS)
        assert abs(drawn.var() - 1.0) < 5.0 * math.sqrt(2.0 / DRAWS)
        assert stats.kstest(drawn, "norm").pvalue > 1e-3
        # The same uniforms through a table that is good to 2e-6.
        assert np.abs(drawn - other).max() < 2e-6


def test_exponential_draws_are_exponential_with_mean_one() -> None:
    for drawn in paths_and_indices(randomness.exponential):
        assert drawn.min() > 0.0
        assert abs(drawn.mean() - 1.0) < 5.0 / math.sqrt(DRAWS)
        assert abs(drawn.var() - 1.0) < 5.0 * math.sqrt(8.0 / DRAWS)
        assert stats.kstest(drawn, "expon").pvalue > 1e-3


@pytest.mark.parametrize("mean", [0.02, 1.3, 40.0, 600.0])
def test_poisson_draws_have_the_poisson_distribution(mean: float) -> None:
    count = 200_000
    drawn = counts_over_paths(KEY, mean, count)
    assert abs(drawn.mean() - mean) < 5.0 * math.sqrt(mean / count)
    spread = math.sqrt((mean + 2.0 * mean * mean) / count)  # standard error of a variance
    assert abs(drawn.var() - mean) < 5.0 * spread
    low, high = (int(x) for x in stats.poisson.ppf([1e-4, 1 - 1e-4], mean))
    seen = np.bincount(np.clip(drawn, low, high) - low, minlength=high - low + 1)
    shares = stats.poisson.pmf(np.arange(low, high + 1), mean)
    shares[0] += stats.poisson.cdf(low - 1, mean)
    shares[-1] += stats.poisson.sf(high, mean)
    keep = shares * count >= 10
    chi_square = ((seen - shares * count) ** 2 / (shares * count))[keep].sum()
    assert stats.chi2.sf(chi_square, keep.sum() - 1) > 1e-3


def test_poisson_quantile_is_scipys_up_to_a_mean_of_16() -> None:
    us = np.random.default_rng(5).uniform(size=2000)
    for mean in (0.01, 3.0, 9.4, 16.0):
        own = [randomness.poisson_quantile(u, mean) for u in us]
        assert own == stats.poisson.ppf(us, mean).astype(int).tolist()


@pytest.mark.parametrize(("mean", "most"), [(16.001, 3e-4), (40.0, 1.2e-4), (3000.0, 2e-5)])
def test_poisson_quantile_above_a_mean_of_16_is_seldom_one_count_off(
    mean: float, most: float
) -> None:
    us = (np.arange(200_000) + 0.5) / 200_000
    off = np.array([randomness.poisson_quantile(u, mean) for u in us]) - stats.poisson.ppf(us, mean)
    assert np.abs(off).max() <= 1
    assert np.abs(off).mean() < most
    # As often up as down: no mean is moved.
    assert abs(off.mean()) < 2e-5


def test_poisson_sums_end_at_the_ends_of_the_table_of_reciprocals() -> None:
    # Beyond 128 counts lies less than 1e-60 of a mean of 16.
    assert stats.poisson.sf(127, randomness.POISSON_EXACT_UP_TO) < 1e-60
    most = randomness.poisson_quantile(1.0 - 2.0**-53, randomness.POISSON_EXACT_UP_TO)
    assert 45 < most < 75


@pytest.mark.parametrize("mean", [0.3, 4.0, 9.7, 15.9])
def test_poisson_steps_where_its_distribution_function_does(mean: float) -> None:
    for count in range(
        max(0, int(mean - 4 * math.sqrt(mean))), int(mean + 4 * math.sqrt(mean)) + 1
    ):
        edge = float(stats.poisson.cdf(count, mean))
        if not 1e-9 < edge < 1.0 - 1e-9:
            continue
        # Reciprocals round once more than a division: a few units in the last place of the sum.
        assert randomness.poisson_quantile(edge * (1.0 - 1e-12), mean) == count
        assert randomness.poisson_quantile(edge * (1.0 + 1e-12), mean) == count + 1


def test_poisson_of_nothing_is_nothing() -> None:
    assert randomness.poisson_quantile(0.999, 0.0) == 0
    assert randomness.poisson_quantile(0.999, -2.0) == 0
    assert randomness.poisson_quantile(0.5, math.nan) == -1
    assert 5 <= randomness.poisson_quantile(1.0 - 2.0**-53, 0.1) < 20


NEIGHBOURS = {
    "streams": lambda: (
        over_paths(randomness.uniform, randomness.stream_key(7, "unit.1"), 0, DRAWS),
        over_paths(randomness.uniform, randomness.stream_key(7, "unit.2"), 0, DRAWS),
    ),
    "seeds": lambda: (
        over_paths(randomness.uniform, randomness.stream_key(7, "unit.1"), 0, DRAWS),
        over_paths(randomness.uniform, randomness.stream_key(8, "unit.1"), 0, DRAWS),
    ),
    "keys one apart": lambda: (
        over_paths(randomness.uniform, np.uint64(1 << 63), 0, DRAWS),
        over_paths(randomness.uniform, np.uint64((1 << 63) + 1), 0, DRAWS),
    ),
    "paths": lambda: (
        over_indices(randomness.uniform, KEY, 0, DRAWS),
        over_indices(randomness.uniform, KEY, 1, DRAWS),
    ),
    "indices": lambda: (
        over_paths(randomness.uniform, KEY, 0, DRAWS),
        over_paths(randomness.uniform, KEY, 1, DRAWS),
    ),
    "path and index swapped": lambda: (
        over_indices(randomness.uniform, KEY, 5, DRAWS),
        over_paths(randomness.uniform, KEY, 5, DRAWS),
    ),
    "draws one after another": lambda: (
        over_indices(randomness.uniform, KEY, 2, DRAWS + 1)[1:],
        over_indices(randomness.uniform, KEY, 2, DRAWS),
    ),
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_neighbouring_sequences_are_independent(name: str) -> None:
    one, other = NEIGHBOURS[name]()
    if name == "path and index swapped":
        one, other = np.delete(one, 5), np.delete(other, 5)  # (5, 5) is the same draw
    # Correlation of independent draws: standard error 1 / sqrt(n), five of them.
    assert abs(np.corrcoef(one, other)[0, 1]) < 5.0 / math.sqrt(DRAWS)
    cells = (one * 32).astype(int) * 32 + (other * 32).astype(int)
    seen = np.bincount(cells, minlength=1024)
    p_value = stats.chisquare(seen).pvalue
    # Both ends: cells too even would be as wrong as cells too uneven.
    assert 1e-4 < p_value < 1 - 1e-4


@allocating_kernel
def flipped_shares(key, which, count):
    """Share of draws in which each output bit changes with each of the 20 lowest input bits."""
    flips = np.zeros((20, 64))
    one = np.uint64(1)
    for number in range(count):
        before = randomness.bits(key, number, number)
        for bit in range(20):
            changed = number ^ (1 << bit)
            if which == 0:
                after = randomness.bits(key, changed, number)
            elif which == 1:
                after = randomness.bits(key, number, changed)
            else:
                after = randomness.bits(key ^ (one << np.uint64(bit)), number, number)
            difference = before ^ after
            for out in range(64):
                flips[bit, out] += np.float64((difference >> np.uint64(out)) & one)
    return flips / count


@pytest.mark.parametrize("which", [0, 1, 2], ids=["path", "index", "key"])
def test_each_input_bit_moves_half_of_the_output_bits(which: int) -> None:
    count = 20_000
    shares = flipped_shares(KEY, which, count)
    # 1,280 shares with a standard error of 0.5 / sqrt(n): six of them all hold at once.
    assert np.abs(shares - 0.5).max() < 6.0 * 0.5 / math.sqrt(count)


def test_no_two_draws_of_a_stream_are_the_same() -> None:
    drawn = over_paths(randomness.uniform, KEY, 0, DRAWS)
    # 2 ** 52 cells: about 1e-4 coincidences are expected among a million draws.
    assert len(np.unique(drawn)) == DRAWS


def test_keys_depend_on_seed_and_name() -> None:
    keys = {int(randomness.stream_key(s, n)) for s in (-1, 0, 1, 11) for n in ("", "1", "price")}
    assert len(keys) == 12
    assert randomness.stream_key(1, "1 price") != randomness.stream_key(11, " price")


def test_vectors_are_those_of_the_first_release() -> None:
    # A change here changes every published result: it needs a new major version.
    key = randomness.stream_key(1, "price")
    places = ((0, 0), (0, 1), (1, 0), (9999, 8760))
    found = [hex(key), *(hex(randomness.bits(key, path, index)) for path, index in places)]
    assert found == [
        "0xd6697df0a08695bc",
        "0x751124a3d9c27b60",
        "0x9a0c8d1cbc7c070e",
        "0xed79c50eeb84dbed",
        "0x6c81e1d9dfa62acd",
    ]
    numbers = [randomness.uniform(key, 0, 0), randomness.normal(key, 0, 0)]
    numbers += [randomness.exponential(key, 0, 0), float(randomness.poisson(key, 0, 0, 12.5))]
    assert [number.hex() for number in numbers] == [
        "0x1.d444928f6709ep-2",
        "-0x1.b7525cd9c5243p-4",
        "0x1.909ad686c2567p-1",
        "0x1.8000000000000p+3",
    ]


def test_draws_match_a_plain_python_splitmix() -> None:
    def mixed(word: int) -> int:
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB % 2**64
        return word ^ (word >> 31)

    for key, path, index in ((int(KEY), 0, 0), (2**64 - 1, 10**6, 3), (5, 17, 2**40)):
        row = mixed((key + (path + 1) * 0x9E3779B97F4A7C15) % 2**64)
        expected = mixed(((row + (index + 1) * 0x6A09E667F3BCC909) % 2**64) ^ key)
        assert randomness.bits(np.uint64(key), path, index) == expected


def test_mixer_gives_the_published_splitmix_sequence() -> None:
    # First outputs of SplitMix64 for seed 1234567, as in the reference implementation's tests.
    state, found = 1234567, []
    for _ in range(3):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        found.append(int(randomness.mixed(np.uint64(state))))
    assert found == [6457827717110365317, 3203168211198807973, 9817491932198370423]
